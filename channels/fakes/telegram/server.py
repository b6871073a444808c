"""Over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`, answered as Telegram does, or as a fault has it."""

import asyncio
import re
from typing import Any

import msgspec
from aiohttp import web

from channels.fakes.telegram.bot import Bot
from channels.fakes.telegram.errors import ApiError
from channels.fakes.telegram.faults import Fault, Faults
from channels.fakes.telegram.methods import Methods
from channels.fakes.telegram.parameters import given

MOST_BODY = 60_000_000
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call as it was understood, and what it was answered."""

    method: str
    values: dict[str, Any]
    files: tuple[str, ...]
    answer: dict[str, Any]


class Server:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._methods: dict[str, tuple[Bot, Methods]] = {}
        self.calls: list[Call] = []
        self.app = web.Application(client_max_size=MOST_BODY)
        self.app.router.add_route("*", "/bot{token}/{method}", self._method)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)

    def serve(self, bot: Bot, methods: Methods) -> None:
        self._methods[bot.token] = (bot, methods)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self._faults.next(method)
        if fault == "refuse":
            return _cut(request)
        if fault == "bad gateway":
            return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        status, answer = await self._answer(request, method)
        return await self._with(fault, request, status, msgspec.json.encode(answer))

    async def _answer(self, request: web.Request, method: str) -> tuple[int, dict[str, Any]]:
        try:
            bot_methods = self._known(request.match_info["token"])[1]
            call = await given(request)
        except ApiError as error:
            return error.code, error.answer()
        try:
            status, answer = 200, {"ok": True, "result": await bot_methods.call(method, call)}
        except ApiError as error:
            status, answer = error.code, error.answer()
        self.calls.append(Call(method=method, values=call.values, files=tuple(call.files), answer=answer))
        return status, answer

    def _known(self, token: str) -> tuple[Bot, Methods]:
        if not TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token not in self._methods:
            raise ApiError(401, "Unauthorized")
        return self._methods[token]

    async def _with(self, fault: Fault | None, request: web.Request, status: int, body: bytes) -> web.StreamResponse:
        """The answer, or what becomes of it on the way."""
        if fault == "drop":
            return _cut(request)
        if fault == "half":
            return await _half(request, status, body)
        if fault == "hang":
            await asyncio.Event().wait()
        if fault == "late":
            await asyncio.sleep(self._faults.late_s)
        if fault == "server error":
            internal: dict[str, Any] = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
            return web.json_response(internal, status=500)
        if fault == "malformed":
            body = b"<html>"
        return web.Response(status=status, body=body, content_type="application/json")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.next("file")
        try:
            bot, _ = self._known(request.match_info["token"])
        except ApiError as error:
            return web.json_response(error.answer(), status=error.code)
        file = next((one for one in bot.files.values() if one.path == request.match_info["path"]), None)
        if file is None:
            return web.json_response(ApiError(404, "Not Found: file not found").answer(), status=404)
        if fault == "half":
            return await _half(request, 200, file.data)
        return web.Response(body=file.data, content_type="application/octet-stream")


def _cut(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, status: int, body: bytes) -> web.StreamResponse:
    """Half of what was announced."""
    response = web.StreamResponse(status=status, headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
