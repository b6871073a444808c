"""What the Bot API answers when it does not do what it was asked."""


class ApiError(Exception):
    """An answer with `ok` false; `parameters` as in ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, object]:
        said: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return {**said, "parameters": self.parameters} if self.parameters else said


def bad(why: str, **parameters: int) -> ApiError:
    return ApiError(400, f"Bad Request: {why}", **parameters)


def forbidden(why: str) -> ApiError:
    return ApiError(403, f"Forbidden: {why}")


def too_many(after_s: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {after_s}", retry_after=after_s)
