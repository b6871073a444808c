"""Copies: one mail to two of our addresses is one entry per account, and the later one names the earlier.

Both lanes may be logged at the same moment, so the first is whose link was there first, not whose entry was found.
"""

from collections.abc import Mapping, Sequence

import msgspec

from hub.arrivals.threading import Said
from hub.model import CopyOf, Message, MessageId
from hub.store import Store
from hub.store.links import Link, copies_id


async def with_copies(store: Store, said: Sequence[Said], untold: list[Message]) -> list[Message]:
    """The entries, those that came to another account first with `copy_of`; nothing is asked where none has names."""
    ids = {
        entry.id: copies_id(one.account.kind, each.external)
        for (one, each), entry in zip(said, untold, strict=True)
        if each.known_as and entry.kind == "in"
    }
    if not ids:
        return untold
    claims = _claims(ids, untold)
    taken = await store.links.add(claims)
    first = {one.id: one for one in claims} | (await store.links.by_ids(taken) if taken else {})
    return [_told(entry, first.get(ids.get(entry.id, ""))) for entry in untold]


def _claims(ids: Mapping[MessageId, str], untold: Sequence[Message]) -> list[Link]:
    """What makes each the first of its copies, unless another is; of several in this chunk the first asks."""
    claims: dict[str, Link] = {}
    for one in untold:
        if (id_ := ids.get(one.id)) is not None:
            claim = Link(id=id_, message=one.id, conversation=one.conversation, ours=False, account=one.account)
            claims.setdefault(id_, claim)
    return list(claims.values())


def _told(entry: Message, first: Link | None) -> Message:
    if first is None or first.account is None or first.account == entry.account:
        return entry
    of = CopyOf(message=first.message, conversation=first.conversation, account=first.account)
    return msgspec.structs.replace(entry, copy_of=of)
