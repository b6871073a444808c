"""What goes wrong with one call of the Web API, as a test says."""

import asyncio

import msgspec
from aiohttp import web

from channels.fakes.slack import reading


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes wrong, once, at the next call of `method`.

    "refuse" answers `status` and does nothing; "drop" does it and closes without an answer; "half-close" does it and
    breaks off within the answer; "delay" does it and answers when `until` is set; "error" says `error`.
    """

    method: str
    harm: str
    status: int = 500
    error: str = ""
    headers: dict[str, str] = {}
    until: asyncio.Event | None = None


async def harmed(request: web.Request, answer: web.Response, fault: Fault | None) -> web.StreamResponse:
    """The answer, as far as a fault lets it through."""
    if fault is not None and fault.harm == "drop":
        return await reading.broken_off(request)
    if fault is not None and fault.harm == "half-close":
        return await reading.half_closed(request, answer)
    if fault is not None and fault.harm == "delay" and fault.until is not None:
        await fault.until.wait()
    return answer
