"""What is open, by agent, team and waiting, as the event log tells it: without asking the ledger."""

from typing import Any

import msgspec
import pytest

from hub.events import conversation_changed, conversation_opened
from hub.model import AgentId, ConversationId
from inbox_web.follower import Batch
from inbox_web.tally import TALLY, Tally
from tests.inbox_web.rows import BEGAN, row

LAN, MAI = AgentId("a_lan"), AgentId("a_mai")


def tell(tally: Tally, *items: Any) -> None:
    tally.heard([Batch(1, msgspec.json.encode(list(items)))])


def changed(number: int, head: int, **fields: Any) -> Any:
    return conversation_changed(row(number).id, head, fields)


@pytest.fixture
async def tally(hub: Any) -> Tally:
    await hub.parts.store.conversations.open([row(1, agent=LAN), row(2), row(3, state="snoozed")])
    found: Tally = hub.client.app[TALLY]
    await found.ready.wait()
    await found.read()
    return found


def of(tally: Tally, agent: AgentId | None) -> list[ConversationId]:
    return tally.ids(lambda place: place.state == "open" and place.agent == agent)


async def test_it_begins_with_what_the_ledger_has(tally: Tally) -> None:
    found = tally.summary()

    assert (found.open, found.snoozed, found.agents[LAN], found.agents[None]) == (2, 1, 1, 1)


async def test_an_opened_conversation_is_counted_and_stands_first(tally: Tally) -> None:
    tell(tally, conversation_opened(row(4, waiting=BEGAN)))

    assert of(tally, None) == [row(4).id, row(2).id]
    assert tally.summary().waiting == 1


async def test_a_change_moves_a_conversation_to_another_list(tally: Tally) -> None:
    tell(tally, changed(1, 5, agent=MAI, waiting=BEGAN))

    assert (of(tally, LAN), of(tally, MAI), tally.summary().waiting) == ([], [row(1).id], 1)


async def test_an_older_change_that_comes_later_moves_nothing(tally: Tally) -> None:
    tell(tally, changed(1, 5, agent=MAI), changed(1, 4, agent=None))

    assert of(tally, MAI) == [row(1).id]


async def test_what_is_resolved_is_gone_and_comes_back_when_the_customer_writes(tally: Tally) -> None:
    tell(tally, changed(1, 5, state="resolved"))
    gone = of(tally, LAN)
    tell(tally, changed(1, 6, state="open"))
    await tally.catch_up()

    assert (gone, of(tally, LAN)) == ([], [row(1).id])
