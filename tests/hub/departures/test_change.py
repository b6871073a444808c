"""Assign, label, snooze, resolve, reopen: each is an entry, done once, and never over the customer's head."""

import asyncio
import datetime as dt

import pytest

from hub.departures.change import Wish
from hub.errors import BadInput, Conflict, NotFound
from hub.model import ConversationId
from tests.hub.conftest import CoreMaker
from tests.hub.core import LAN, MINH, SALES, START, Clock, Core, talk

LATER = START + dt.timedelta(hours=1)


async def verbs(core: Core) -> list[str]:
    return [one.change.verb for one in await core.log() if one.change is not None]


async def test_a_change_stands_in_the_log_under_the_next_number(asked: Core) -> None:
    after = await asked.changer.apply(LAN, talk(), Wish(agent=LAN.id, agent_name="Lan", team=SALES, team_name="Bán"))

    assert (after.agent, after.team, after.head) == (LAN.id, SALES, 3)
    assert await verbs(asked) == ["assigned", "team"]
    assert await asked.numbers() == [1, 2, 3]


async def test_a_wish_that_changes_nothing_writes_nothing(asked: Core) -> None:
    await asked.changer.apply(LAN, talk(), Wish(state="open"))

    assert await asked.numbers() == [1]


async def test_labels_are_added_and_removed_one_by_one(asked: Core) -> None:
    await asked.changer.apply(LAN, talk(), Wish(add_labels=("vip", "đổi size")))
    after = await asked.changer.apply(MINH, talk(), Wish(add_labels=("vip",), remove_labels=("đổi size", "không có")))

    assert after.labels == ("vip",)
    assert await verbs(asked) == ["labelled", "labelled", "unlabelled"]


async def test_two_agents_who_resolve_at_once_write_one_entry(asked: Core, make_core: CoreMaker) -> None:
    other, wish = await make_core(), Wish(state="resolved", seen=1)
    done = await asyncio.gather(*(core.changer.apply(who, talk(), wish) for core, who in ((asked, LAN), (other, MINH))))

    assert [one.state for one in done] == ["resolved", "resolved"]
    assert await verbs(asked) == ["resolved"]


async def test_words_are_unread_again_from_the_customers_last_ones_on(asked: Core) -> None:
    await asked.hears("Alo shop ơi", "m2")
    await asked.changer.read(talk(), 2)
    after = [(await asked.changer.unread(talk())).read for _ in range(2)]

    assert after == [1, 1]
    told = [one.data for one in await asked.told() if b'"unread":true' in bytes(one.data)]
    assert len(told) == 1


@pytest.mark.parametrize("label", ["", "   ", "x" * 41])
async def test_a_label_without_a_readable_name_is_refused(asked: Core, label: str) -> None:
    with pytest.raises(BadInput):
        await asked.changer.apply(LAN, talk(), Wish(add_labels=(label,)))


async def test_resolving_over_words_that_were_not_seen_is_refused(asked: Core) -> None:
    await asked.hears("Alo shop ơi", "m2")

    with pytest.raises(Conflict, match="wrote again"):
        await asked.changer.apply(LAN, talk(), Wish(state="resolved", seen=1))
    assert (await asked.talk()).state == "open"
    assert (await asked.changer.apply(LAN, talk(), Wish(state="resolved", seen=2))).state == "resolved"
    assert (await asked.talk()).waiting is None


async def test_snoozing_needs_a_time(asked: Core) -> None:
    with pytest.raises(BadInput):
        await asked.changer.apply(LAN, talk(), Wish(state="snoozed"))


async def test_what_was_snoozed_wakes_when_its_time_has_come_and_once(
    asked: Core, make_core: CoreMaker, clock: Clock
) -> None:
    await asked.changer.apply(LAN, talk(), Wish(state="snoozed", snoozed_until=LATER))
    assert await asked.changer.wake() == 0
    clock.now = LATER
    other = await make_core()
    await asyncio.gather(asked.changer.wake(), other.changer.wake())
    await asked.changer.wake()
    conversation = await asked.talk()

    assert (conversation.state, conversation.snoozed_until) == ("open", None)
    assert await verbs(asked) == ["snoozed", "reopened"]


async def test_reading_never_goes_back_nor_further_than_the_log(asked: Core) -> None:
    await asked.hears("Alo", "m2")
    for seq in (1, 99, 1, -3):
        await asked.changer.read(talk(), seq)

    assert (await asked.talk()).read == 2


async def test_a_conversation_that_is_not_there_is_said(asked: Core) -> None:
    with pytest.raises(NotFound):
        await asked.changer.apply(LAN, ConversationId("nowhere"), Wish(state="resolved"))


async def test_a_change_while_the_customer_writes_keeps_the_log_dense(
    asked: Core, make_core: CoreMaker, clock: Clock
) -> None:
    other = await make_core()
    await asyncio.gather(asked.changer.apply(LAN, talk(), Wish(add_labels=("vip", "vội"))), other.hears("Alo", "m2"))

    assert await asked.numbers() == [1, 2, 3, 4]
    assert (await asked.talk()).in_head in {2, 3, 4}
