"""Reads the ledger when everything is quiet, and lists each difference from what the other side wrote down."""

from collections import Counter, defaultdict
from typing import Any

import msgspec

from hub.store import Store
from tests.faults.book import Book, fingerprint
from tests.faults.program import FarSide
from tests.kept import kept
from tests.query_shapes import FROM_A_TEST

LOST_TRACK = "The hub stopped while"


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that counts, read at one quiet moment."""

    arrivals: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    conversations: dict[str, dict[str, Any]]
    events: dict[int, bytes]


async def waiting(store: Store) -> dict[str, int]:
    """How many arrivals are not done with, by state."""
    return dict(Counter(one.state for one in await kept(store) if one.state in ("new", "logged")))


async def leaving(store: Store) -> int:
    """How many messages have not left yet."""
    query = {"leave.lane": {"$gt": ""}}
    return len(await store.ledger.light("messages").find(query, {"leave": 1}, comment=FROM_A_TEST).to_list(None))


async def read(store: Store) -> Ledger:
    async def rows(name: str) -> list[dict[str, Any]]:
        return await store.ledger.light(name).find({}, comment=FROM_A_TEST).to_list(None)

    events = {row["n"]: bytes(row["items"]) for row in await rows("events")}
    return Ledger(
        arrivals=await rows("arrivals"),
        messages=await rows("messages"),
        conversations={row["_id"]: row for row in await rows("conversations")},
        events=events,
    )


def incoming(book: Book, ledger: Ledger) -> list[str]:
    """Every acknowledged message is in the log exactly once and in its sender's order; nothing is in quarantine."""
    logged = Counter(row["text"] for row in ledger.messages if row["kind"] == "in")
    wrong = [f"lost: {text}" for text in book.acknowledged if text not in logged]
    wrong += [f"{count} times: {text}" for text, count in logged.items() if count > 1]
    wrong += [f"in quarantine: {row['why']}" for row in ledger.arrivals if row.get("state") == "quarantined"]
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in ledger.messages:
        if row["kind"] == "in" and (said := book.acknowledged.get(row["text"])):
            places[said.sender].append((row["seq"], said.n))
    for sender, place in places.items():
        numbers = [n for _, n in sorted(place)]
        if numbers != sorted(numbers):
            wrong.append(f"out of order: {sender}")
    return wrong


def shown(ledger: Ledger) -> list[str]:
    """Every conversation has a row, and it knows the customer's last words."""
    last: dict[str, int] = defaultdict(int)
    for row in ledger.messages:
        if row["kind"] == "in":
            last[row["conversation"]] = max(last[row["conversation"]], row["seq"])
    heads = {id_: int(row.get("in_head", 0)) for id_, row in ledger.conversations.items()}
    return [
        f"{id_} came to {seq}, its row to {heads.get(id_)}" for id_, seq in last.items() if heads.get(id_, -1) < seq
    ]


def numbers(book: Book, ledger: Ledger) -> list[str]:
    """(conversation, seq) and event numbers have no gaps, and name what they named when they left the process."""
    by_conversation: dict[str, dict[int, str]] = defaultdict(dict)
    for row in ledger.messages:
        by_conversation[row["conversation"]][row["seq"]] = row["_id"]
    wrong = [
        f"gap in {id_}: {sorted(set(range(1, max(seqs) + 1)) - set(seqs))}"
        for id_, seqs in by_conversation.items()
        if sorted(seqs) != list(range(1, len(seqs) + 1))
    ]
    wrong += [
        f"{conversation} {seq} was {id_}, is {by_conversation[conversation].get(seq)}"
        for (conversation, seq), id_ in book.shown.items()
        if conversation in by_conversation and by_conversation[conversation].get(seq) != id_
    ]
    ids = {row["_id"] for row in ledger.messages}
    wrong += [f"shown and gone: {id_}" for id_ in set(book.shown.values()) - ids]
    wrong += [f"events missing: {sorted(set(range(1, max(ledger.events) + 1)) - set(ledger.events))}"] * (
        sorted(ledger.events) != list(range(1, len(ledger.events) + 1))
    )
    wrong += [
        f"event {n} carried something else when it was heard"
        for n, digest in book.events.items()
        if n not in ledger.events or fingerprint(msgspec.json.decode(ledger.events[n])) != digest
    ]
    return wrong + book.contradictions


def outgoing(book: Book, ledger: Ledger, far: FarSide) -> list[str]:
    """Every reply is in the log once and was taken once, or refused, or is unknown for a reason; never taken twice."""
    wrong = [f"taken {count} times: {id_}" for id_, count in far.took.items() if count > 1]
    replies = {row["_id"]: row for row in ledger.messages if row["kind"] == "out"}
    texts = Counter(row["text"] for row in replies.values())
    wrong += [f"logged {count} times: {text}" for text, count in texts.items() if count > 1]
    wrong += [f"acknowledged and gone: {text}" for id_, text in book.replies.items() if id_ not in replies]
    for id_, row in replies.items():
        if row["channel"] == "api":
            wrong += _outcome(id_, row, far)
        elif row["delivery"] not in ("sent", "delivered", "read"):
            wrong.append(f"{row['delivery']} on a channel that can repeat: {row['text']}")
    for chat, ids in far.order.items():
        sent = [replies[id_.partition(":")[0]]["seq"] for id_ in ids if id_.partition(":")[0] in replies]
        if sent != sorted(sent):
            wrong.append(f"left out of order: {chat}")
    return wrong


def _outcome(id_: str, row: dict[str, Any], far: FarSide) -> list[str]:
    part = f"{id_}:0"
    took = far.took[part]
    why = row["deliveries"][0].get("why") or ""
    match row["delivery"]:
        case "sent":
            return [] if took == 1 and part not in far.doubtful else [f"sent, taken {took} times: {row['text']}"]
        case "refused":
            return [] if took == 0 and part in far.refused else [f"refused ({why}), taken {took} times: {row['text']}"]
        case "unknown":
            known = part in far.doubtful or why.startswith(LOST_TRACK)
            return [] if known else [f"unknown without a reason ({why}), taken {took} times: {row['text']}"]
        case other:
            return [f"still {other}: {row['text']}"]


def lost_track(ledger: Ledger) -> int:
    """How many replies are unknown because a process went while they were being sent."""
    rows = [row for row in ledger.messages if row["kind"] == "out" and row["delivery"] == "unknown"]
    return sum((row["deliveries"][0].get("why") or "").startswith(LOST_TRACK) for row in rows)


def told(book: Book, ledger: Ledger) -> list[str]:
    """The agents' sockets brought every entry."""
    return [f"no socket was told of {row['text']!r}" for row in ledger.messages if row["_id"] not in book.texts]
