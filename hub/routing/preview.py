"""What a rule would have matched among the newest messages of customers: read in windows, judged as they stand now.

A conversation's labels, team and priority are those of today; a past message has no others.
"""

import datetime as dt

from hub.model import Contact, ContactId, Conversation, ConversationId, Message, Record
from hub.routing.book import Known
from hub.routing.compiled import OF_THE_CONTACT, Compiled
from hub.routing.deciding import BEGINNING
from hub.routing.facts import gather
from hub.rule import Rule
from hub.store import Store

FIRST, GROWTH = dt.timedelta(hours=2), 3
BACK = dt.timedelta(days=400)  # no further
MOST_ROWS, AT_ONCE = 5_000, 200
SHOWN = 50


class Match(Record, frozen=True, kw_only=True):
    """A message that the rule would have matched."""

    message: Message
    conversation: Conversation


class Preview(Record, frozen=True, kw_only=True):
    """Of `looked` messages, the oldest of `since`, the rule matches `matched`; the newest of them."""

    looked: int
    matched: int
    since: dt.datetime | None
    newest: tuple[Match, ...]


async def preview(store: Store, known: Known, rule: Rule, most: int, now: dt.datetime) -> Preview | None:
    """Try a rule on the newest `most` messages; None for one that waits for something else than a message."""
    if rule.when not in BEGINNING:
        return None
    messages, rows = await _newest(store, most, now)
    contacts: dict[ContactId, Contact] = {}
    compiled = Compiled([known.intents.widened(rule)])
    if compiled.asks(rule.when) & OF_THE_CONTACT:
        ids = sorted({one.contact for one in rows.values()})
        for start in range(0, len(ids), AT_ONCE):
            contacts |= await store.contacts.by_ids(ids[start : start + AT_ONCE])
    found = []
    for message in messages:
        row = rows[message.conversation]
        if rule.when == "opened" and message.seq not in (1, row.reopened):
            continue
        if rule.when == "tagged" and message.tag is None:
            continue
        open_ = known.open_at(message.at)
        facts = gather(rule.when, row, message=message, contact=contacts.get(row.contact), open=open_)
        if compiled.matches(facts):
            found.append(Match(message=message, conversation=row))
    since = messages[-1].at if messages else None
    return Preview(looked=len(messages), matched=len(found), since=since, newest=tuple(found[:SHOWN]))


async def _newest(
    store: Store, most: int, now: dt.datetime
) -> tuple[list[Message], dict[ConversationId, Conversation]]:
    """The newest messages of customers, newest first, and their conversations."""
    rows: dict[ConversationId, Conversation] = {}
    messages: list[Message] = []
    high, width, end = now + dt.timedelta(minutes=1), FIRST, now - BACK
    while len(messages) < most and high > end and len(rows) < MOST_ROWS:
        low = max(high - width, end)
        rows |= {one.id: one for one in await store.conversations.listed({}, low, high)}
        people = sorted({one.contact for one in rows.values() if one.opened < high})
        said: list[Message] = []
        for start in range(0, len(people), AT_ONCE):
            said += await store.messages.timeline(people[start : start + AT_ONCE], low, high)
        said = [one for one in said if one.kind == "in" and not one.history and one.conversation in rows]
        messages += sorted(said, key=lambda one: (one.at, one.order), reverse=True)
        high, width = low, width * GROWTH
    return messages[:most], rows
