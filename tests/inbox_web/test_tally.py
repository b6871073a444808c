"""What is open, by agent, team and waiting, as the event log tells it: without asking the ledger."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from hub.clock import utc_now
from hub.events import conversation_changed, conversation_opened
from hub.ids import conversation_id
from hub.model import AccountId, AgentId, ContactId, Conversation, ConversationId
from inbox_web.follower import Batch
from inbox_web.tally import TALLY, Tally

BEGAN = utc_now() - dt.timedelta(days=2)
LAN, MAI = AgentId("a_lan"), AgentId("a_mai")


def talk(number: int, **more: Any) -> Conversation:
    thread, at = f"site:v{number}", BEGAN + dt.timedelta(minutes=number)
    return Conversation(
        id=conversation_id(thread, 0),
        account=AccountId("site"),
        channel="webchat",
        thread=thread,
        turn=0,
        contact=ContactId(f"c_{number}"),
        name=f"Khách {number}",
        to=f"v{number}",
        opened=at,
        last=at,
        **more,
    )


def tell(tally: Tally, *items: Any) -> None:
    tally.heard([Batch(1, msgspec.json.encode(list(items)))])


def changed(number: int, head: int, **fields: Any) -> Any:
    return conversation_changed(talk(number).id, head, fields)


@pytest.fixture
async def tally(hub: Any) -> Tally:
    await hub.parts.store.conversations.open([talk(1, agent=LAN), talk(2), talk(3, state="snoozed")])
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
    tell(tally, conversation_opened(talk(4, waiting=BEGAN)))

    assert of(tally, None) == [talk(4).id, talk(2).id]
    assert tally.summary().waiting == 1


async def test_a_change_moves_a_conversation_to_another_list(tally: Tally) -> None:
    tell(tally, changed(1, 5, agent=MAI, waiting=BEGAN))

    assert (of(tally, LAN), of(tally, MAI), tally.summary().waiting) == ([], [talk(1).id], 1)


async def test_an_older_change_that_comes_later_moves_nothing(tally: Tally) -> None:
    tell(tally, changed(1, 5, agent=MAI), changed(1, 4, agent=None))

    assert of(tally, MAI) == [talk(1).id]


async def test_what_is_resolved_is_gone_and_comes_back_when_the_customer_writes(tally: Tally) -> None:
    tell(tally, changed(1, 5, state="resolved"))
    gone = of(tally, LAN)
    tell(tally, changed(1, 6, state="open"))
    await tally.catch_up()

    assert (gone, of(tally, LAN)) == ([], [talk(1).id])
