"""Replies, and what became of them."""

from hub.model import Message
from tests.hub.core import Core
from tests.hub.scripted import Scripted

LONG = "một hai ba bốn năm sáu bảy tám chín mười. mười một mười hai"


async def two_replies(core: Core) -> tuple[Message, Message]:
    return await core.replies("một", seen=1), await core.replies("hai", seen=2)


async def states(core: Core) -> list[str | None]:
    return [one.delivery for one in await core.log() if one.kind == "out"]


async def called(channel: Scripted, times: int) -> bool:
    return len(channel.calls) >= times
