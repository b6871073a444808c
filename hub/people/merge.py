"""Merging two contacts, and undoing it. A merge rewrites no message: a person is a set of contact ids.

The roots are taken by guarded version in the order of their ids, so that A→B and B→A cannot both win; the root's
member list is what everyone reads, and the child's pointer only finds it.
"""

import datetime as dt
from typing import Any

import msgspec

from hub.errors import Conflict, NotFound
from hub.model import Contact, ContactId, Merge
from hub.store import Store

MOST_STEPS = 8


async def root_of(store: Store, id_: ContactId) -> Contact:
    """The contact that stands for this person now. Raises NotFound."""
    contact = await store.contacts.get(id_)
    for _ in range(MOST_STEPS):
        if contact is None:
            raise NotFound("There is no such contact.")
        if contact.root is None:
            return contact
        contact = await store.contacts.get(contact.root)
    raise RuntimeError("merged contacts point in a circle")


def members(contact: Contact) -> list[ContactId]:
    """Every contact id of this person, the root first."""
    return [contact.id, *(one for one in contact.members if one != contact.id)]


async def merge(store: Store, into: ContactId, child: ContactId, why: str, by: str, now: dt.datetime) -> Merge | None:
    """Make `child` part of the person `into`; None when they are one already. Raises Conflict when either changed."""
    root, gone = await root_of(store, into), await root_of(store, child)
    if root.id == gone.id:
        await _complete(store, root, child)
        return None
    made = Merge(
        id=f"{root.id}:{gone.id}:{gone.version}",
        root=root.id,
        child=gone.id,
        child_members=tuple(members(gone)),
        why=why,
        by=by,
        at=now,
    )
    await store.merges.add(made)
    joined = dict.fromkeys(members(root) + members(gone))
    steps: dict[ContactId, dict[str, Any]] = {
        root.id: {"members": list(joined)},
        gone.id: {"root": root.id},
    }
    versions = {root.id: root.version, gone.id: gone.version}
    for id_ in sorted(steps):
        if not await store.contacts.change(id_, steps[id_], versions[id_]):
            await _heal(store, root.id, gone)
            raise Conflict("One of the two contacts was changed just now; try again.")
    return made


async def _complete(store: Store, root: Contact, child: ContactId) -> None:
    """Add what a merge left out of the root's list when it was stopped between its two writes."""
    contact = await store.contacts.get(child)
    missing = [one for one in members(contact) if one not in root.members] if contact else []
    if missing and child != root.id:
        await store.contacts.change(root.id, {"members": members(root) + missing}, root.version)


async def _heal(store: Store, root: ContactId, gone: Contact) -> None:
    """Take back the half of a merge that went in before the other half lost its race."""
    now_root, now_gone = await store.contacts.get(root), await store.contacts.get(gone.id)
    if now_root is not None and gone.id in now_root.members:
        kept = [one for one in now_root.members if one not in members(gone)]
        await store.contacts.change(root, {"members": kept}, now_root.version)
    if now_gone is not None and now_gone.root == root:
        await store.contacts.change(gone.id, {"root": None}, now_gone.version)


async def _let_go(store: Store, holder: Contact, gone: tuple[ContactId, ...]) -> None:
    """Take these out of the root's list, and out of every list that the root itself was merged into since."""
    for _ in range(MOST_STEPS):
        kept = [one for one in holder.members if one not in gone]
        if not await store.contacts.change(holder.id, {"members": kept}, holder.version):
            raise Conflict("The contact was changed just now; try again.")
        above = await store.contacts.get(holder.root) if holder.root else None
        if above is None:
            return
        holder = above


async def unmerge(store: Store, id_: str, now: dt.datetime) -> Merge:
    """Undo one merge: its members are a person of their own again. Raises NotFound or Conflict."""
    made = await store.merges.get(id_)
    if made is None or made.undone is not None:
        raise NotFound("There is no such merge, or it was undone already.")
    root, child = await store.contacts.get(made.root), await store.contacts.get(made.child)
    if root is None or child is None:
        raise NotFound("One of the two contacts is gone.")
    await _let_go(store, root, made.child_members)
    await store.contacts.change(child.id, {"root": None})
    undone = msgspec.structs.replace(made, undone=now)
    await store.merges.undo(undone)
    return undone
