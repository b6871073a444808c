"""Whether an arrival became what it means: its channel understands it again, and the log is asked for the outcome."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from hub.arrivals.understanding import named
from hub.commands.rooms import Rooms
from hub.errors import StoreDown
from hub.ids import inbound_id
from hub.inbound import InboundMessage
from hub.model import Account, Arrival, ConversationId, Message, MessageId

# right: all its messages stand in the log within their conversation's head (or it means none). waiting: intake or
# triage has it still. aside: a person gave it up. unreadable: done, and not understood by the channel of today.
Verdict = Literal["right", "missing", "waiting", "quarantined", "aside", "unreadable"]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """`messages`: the ids that it means; `missing`: those that the log does not show."""

    arrival: Arrival
    verdict: Verdict
    messages: tuple[MessageId, ...] = ()
    missing: tuple[MessageId, ...] = ()


async def judge(rooms: Rooms, arrivals: Sequence[Arrival]) -> list[Proof]:
    """One verdict for each. Raises StoreDown."""
    accounts: dict[str, Account] = {one.id: one for one in await rooms.accounts.all()}
    meant = {one.id: await _meant(rooms, accounts, one) for one in arrivals if one.state in ("done", "logged")}
    wanted = sorted({id_ for ids in meant.values() for id_ in ids or ()})
    messages = {one.id: one for one in await rooms.store.messages.by_ids(wanted)} if wanted else {}
    heads = await _heads(rooms, messages.values())
    return [_proof(one, meant.get(one.id), messages, heads) for one in arrivals]


async def _meant(rooms: Rooms, accounts: Mapping[str, Account], arrival: Arrival) -> tuple[MessageId, ...] | None:
    """The messages that this arrival means today; None when nobody understands it."""
    account = accounts.get(arrival.account)
    if account is None:
        return None
    try:
        if arrival.file is not None:
            arrival = msgspec.structs.replace(arrival, body=await rooms.store.files.read_all(arrival.file))
        inbounds = named(arrival, rooms.channels[account.kind].normalise(account, arrival))
    except StoreDown:
        raise
    except Exception:  # whatever breaks on it: intake would put it into quarantine
        return None
    # A copy of what we sent ourselves may stand in the log under our own id.
    said = [one for one in inbounds if isinstance(one, InboundMessage) and not one.elsewhere]
    return tuple(inbound_id(account.id, one.external) for one in said)


async def _heads(rooms: Rooms, messages: Iterable[Message]) -> dict[ConversationId, int]:
    ids = sorted({one.conversation for one in messages})
    return {one.id: one.head for one in await rooms.store.conversations.by_ids(ids)}


def _proof(
    arrival: Arrival,
    meant: tuple[MessageId, ...] | None,
    messages: Mapping[MessageId, Message],
    heads: Mapping[ConversationId, int],
) -> Proof:
    if arrival.state in ("new", "quarantined"):
        return Proof(arrival=arrival, verdict="waiting" if arrival.state == "new" else "quarantined")
    if arrival.aside:
        return Proof(arrival=arrival, verdict="aside")
    if meant is None:
        return Proof(arrival=arrival, verdict="unreadable")
    missing = tuple(id_ for id_ in meant if not _shown(messages.get(id_), heads))
    if missing:
        return Proof(arrival=arrival, verdict="missing", messages=meant, missing=missing)
    verdict: Verdict = "waiting" if arrival.state == "logged" else "right"
    return Proof(arrival=arrival, verdict=verdict, messages=meant)


def _shown(message: Message | None, heads: Mapping[ConversationId, int]) -> bool:
    return message is not None and message.seq <= heads.get(message.conversation, 0)
