"""Copies of our own messages that come back from a platform: they are logged already, and settle what is unknown."""

import datetime as dt
from collections.abc import Sequence

from hub.arrivals.named import OURS, Name, by_names
from hub.arrivals.threading import Said
from hub.departures.receipts import settle_echoed
from hub.ids import inbound_id
from hub.inbound import InboundMessage
from hub.model import EventItem, Message
from hub.store import Store


async def without_echoes(store: Store, said: Sequence[Said], now: dt.datetime) -> tuple[list[Said], list[EventItem]]:
    """What is left without copies of our own messages; the events that say what those settled."""
    names = {
        index: [(one.account.id, name) for name in (each.external, *each.known_as)]
        for index, (one, each) in enumerate(said)
        if each.elsewhere
    }
    found = await by_names(store, [name for some in names.values() for name in some], came=False, own=True)
    echoed = {index: _sent(some, found) for index, some in names.items()}
    left, items = list[Said](), list[EventItem]()
    for index, (one, each) in enumerate(said):
        ours = echoed.get(index)
        if ours is None and _is_unlogged(each):
            continue
        if ours is None or ours.id == inbound_id(one.account.id, each.external):  # logged by an earlier try
            left.append((one, each))
        else:
            items += await settle_echoed(store, ours, each.external, now)
    return left, items


def _is_unlogged(said: InboundMessage) -> bool:
    """Whether it is a mail that the hub sent by itself and that no log holds, such as the question for an address."""
    return said.elsewhere and said.auto and any(OURS.fullmatch(name) for name in said.known_as)


def _sent(names: Sequence[Name], found: dict[Name, Message]) -> Message | None:
    known = [found[name] for name in names if name in found]
    return next((one for one in known if one.kind == "out"), None)
