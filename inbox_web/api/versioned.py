"""What rules and flows have in common: owners write them, switch them, and change the version that they saw."""

from typing import TypeVar

import msgspec

from hub.errors import Conflict
from hub.flow import Flow
from hub.rule import Rule
from hub.store.rules import Versioned
from inbox_web.api.agents import tell
from inbox_web.api.route import Ask

V = TypeVar("V", Rule, Flow)


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    on: bool


async def add(ask: Ask, all_: Versioned[V], one: V) -> V:
    """Keep a new one and tell everyone; the same key again finds the one that it made."""
    try:
        await all_.add(one)
    except Conflict:
        made = await all_.get(one.id)
        if made is None:
            raise
        return made
    await tell(ask)
    return one


async def save(ask: Ask, all_: Versioned[V], one: V) -> V:
    """Put it in the place of the version before and tell everyone; raises Conflict when that is not there any more."""
    await all_.save(one)
    await tell(ask)
    return one


async def switch(ask: Ask, all_: Versioned[V], before: V, wish: Switch) -> V:
    """Switch it on or off and tell everyone; it stays the same version."""
    await all_.change(before.id, {"on": wish.on})
    await tell(ask)
    return msgspec.structs.replace(before, on=wish.on)
