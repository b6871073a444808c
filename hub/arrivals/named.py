"""Which entries the platform's ids mean: worked out where that is possible, else looked up among the links."""

import re
from collections.abc import Iterable, Mapping

from hub.ids import inbound_id
from hub.model import AccountId, Message, MessageId
from hub.store import Store
from hub.store.links import link_id

Name = tuple[AccountId, str]  # an account, and an id that its platform uses
OURS = re.compile(r"m_[0-9a-f]{24}")  # an entry's own id


async def by_names(store: Store, names: Iterable[Name], *, came: bool = True, own: bool = False) -> dict[Name, Message]:
    """The entries that these ids mean, where they are here; `came`: also those that came in under just that id.

    `own`: an entry's own id inside a name stands for an outgoing one. Anybody may write such a name: it is for what the
    channel has proved, or for what counts only if its sender takes part.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    links = await store.links.by_ids(link_id(*one) for one in wanted)
    meant: dict[Name, list[MessageId]] = {}
    for one in wanted:
        link = links.get(link_id(*one))
        meant[one] = [link.message] if link else []
        meant[one] += [inbound_id(*one)] if came else []
        meant[one] += [MessageId(id_) for id_ in OURS.findall(one[1])] if own else []
    found = {one.id: one for one in await store.messages.by_ids({id_ for ids in meant.values() for id_ in ids})}
    chosen = {one: _first(one, ids, found) for one, ids in meant.items()}
    return {one: message for one, message in chosen.items() if message is not None}


def _first(name: Name, ids: list[MessageId], found: Mapping[MessageId, Message]) -> Message | None:
    there = [found[id_] for id_ in ids if id_ in found]
    return next((one for one in there if one.account == name[0] or one.kind == "out"), None)
