"""Errors as problem+json (RFC 9457): one table from the error tree to status and slug, sentences in vi and en."""

from collections.abc import Mapping

import msgspec
from aiohttp import web

from hub.errors import (
    Answered,
    BadInput,
    Conflict,
    Denied,
    Forged,
    HubError,
    NotFound,
    NotSignedIn,
    SeenMissing,
    StoreDown,
    TooLarge,
    TooMany,
)
from hub.views import MessageView
from inbox_web.words import say

CONTENT_TYPE = "application/problem+json"


class Kind(msgspec.Struct, frozen=True, array_like=True):
    status: int
    slug: str
    title: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body; `answers` are the messages that came first, when somebody had answered already."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    answers: list[MessageView] | None = None


KINDS: dict[type[HubError], Kind] = {
    BadInput: Kind(400, "bad-input", "Cannot be used"),
    NotSignedIn: Kind(401, "not-signed-in", "Not signed in"),
    Forged: Kind(401, "forged", "Not verified"),
    Denied: Kind(403, "denied", "Not allowed"),
    NotFound: Kind(404, "not-found", "Not found"),
    Answered: Kind(409, "answered", "Somebody has answered"),
    Conflict: Kind(409, "conflict", "Changed meanwhile"),
    TooLarge: Kind(413, "too-large", "Too large"),
    SeenMissing: Kind(428, "seen-missing", "Say what you have seen"),
    TooMany: Kind(429, "too-many", "Too many tries"),
    StoreDown: Kind(503, "unavailable", "Not available right now"),
}
BROKEN = Kind(500, "broken", "The hub made a mistake")

# aiohttp's own answers, by status; the sentence is ours.
PLAIN: dict[int, tuple[Kind, str]] = {
    400: (KINDS[BadInput], "The request cannot be read."),
    401: (KINDS[NotSignedIn], "Sign in first."),
    403: (KINDS[Denied], "This is not allowed."),
    404: (KINDS[NotFound], "There is nothing at this address."),
    405: (Kind(405, "not-allowed", "Not allowed here"), "This address does not take this method."),
    413: (KINDS[TooLarge], "This is larger than the hub takes."),
    415: (Kind(415, "bad-input", "Cannot be used"), "The body has a type that is not taken here."),
    417: (Kind(417, "bad-input", "Cannot be used"), "This expectation cannot be met."),
}


def kind_of(error: HubError) -> Kind:
    """The nearest class of the tree that has an answer; a mistake of ours for the rest."""
    return next((KINDS[base] for base in type(error).__mro__ if base in KINDS), BROKEN)


def problem(
    error: HubError,
    language: str,
    answers: list[MessageView] | None = None,
    further: Mapping[str, str] | None = None,
) -> web.Response:
    """The answer to an error that was raised on purpose; `further` are the words of the channel that was asked."""
    kind = kind_of(error)
    if kind is BROKEN:
        return _response(kind, "The hub made a mistake; nothing of yours was changed by it.", language)
    response = _response(kind, str(error), language, getattr(error, "field", None), answers, further)
    after_s = getattr(error, "after_s", None)
    if after_s is not None:
        response.headers["Retry-After"] = str(int(after_s))
    return response


def plain_problem(error: web.HTTPException, language: str) -> web.Response:
    """aiohttp's own 4xx and 5xx in the same shape, with the headers that it wanted (Allow)."""
    kind, detail = PLAIN.get(error.status, (Kind(error.status, "bad-input", error.reason), error.reason))
    response = _response(kind, detail, language)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def broken(language: str) -> web.Response:
    """The answer to an error that nobody raised on purpose."""
    return _response(BROKEN, "The hub made a mistake; its log says where.", language)


def _response(
    kind: Kind,
    detail: str,
    language: str,
    field: str | None = None,
    answers: list[MessageView] | None = None,
    further: Mapping[str, str] | None = None,
) -> web.Response:
    body = Problem(
        type=f"about:blank#{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=say(detail, language, kind.slug, further),
        field=field,
        answers=answers,
    )
    return web.Response(status=kind.status, body=msgspec.json.encode(body), content_type=CONTENT_TYPE)
