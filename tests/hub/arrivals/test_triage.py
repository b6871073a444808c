"""Triage: a tag routes what nobody took; without a tagger nothing waits; a late tag is written all the same."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

import msgspec
import pytest

from hub.arrivals.tagging import Tagger
from hub.arrivals.triage import HOURS_BACK
from hub.departures.change import Wish
from hub.model import Message, MessageId, Tag
from tests.hub.conftest import CoreMaker
from tests.hub.core import CARE, LAN, SALES, Clock, Core, running, talk, until
from tests.hub.scripted import said
from tests.query_shapes import FROM_A_TEST

pytestmark = pytest.mark.timeout(180)


def tag(intent: str = "price") -> Tag:
    return Tag(intent=intent, confidence=0.97, band="route", language="vi", model="m")


async def is_up(tagger: Tagger) -> bool:
    return tagger.state == "up"


# --- without a tagger ---------------------------------------------------------------------------------------------


async def test_without_a_tagger_nothing_waits_and_the_accounts_team_gets_it(core: Core) -> None:
    message = await core.hears("giá bao nhiêu shop", "m1")

    assert (message.tag, (await core.talk()).team) == (None, CARE)
    assert await core.is_done()


async def test_a_conversation_that_somebody_took_meanwhile_stays_theirs(core: Core, clock: Clock) -> None:
    await core.keep(said("giá bao nhiêu shop", "m1", at=clock()))
    fresh = await core.take_in()
    await core.store.conversations.change(talk(), {"team": SALES})
    await core.triage.process(fresh)

    assert (await core.talk()).team == SALES


async def test_an_agents_conversation_gets_no_team(core: Core, clock: Clock) -> None:
    await core.keep(said("giá bao nhiêu shop", "m1", at=clock()))
    fresh = await core.take_in()
    await core.store.conversations.change(talk(), {"agent": "a_lan"})
    await core.triage.process(fresh)

    assert (await core.talk()).team is None


# --- late tags ----------------------------------------------------------------------------------------------------


async def test_a_late_tag_is_written_and_told_and_moves_what_only_the_default_placed(core: Core) -> None:
    message = await core.hears("giá bao nhiêu shop", "m1")
    before = await core.talk()
    await core.triage.tagged_late({message.id: tag()})
    conversation = await core.talk()

    assert (await core.message(message)).tag == tag()
    assert (conversation.tag, before.team, conversation.team) == (tag(), CARE, SALES)
    assert conversation.routed is not None
    assert (conversation.routed.rule, conversation.routed.name, conversation.routed.cause) == (
        "table:intents",
        "Bán hàng",
        message.id,
    )
    assert [one.type for one in await core.told()][-2:] == ["message.changed", "conversation.changed"]


async def test_a_late_tag_moves_nothing_that_somebody_placed(core: Core) -> None:
    message = await core.hears("giá bao nhiêu shop", "m1")
    await core.changer.apply(LAN, talk(), Wish(team=None))
    await core.changer.apply(LAN, talk(), Wish(team=CARE))
    await core.triage.tagged_late({message.id: tag()})

    assert (await core.talk()).team == CARE


async def test_a_late_tag_moves_nothing_that_somebody_answered(core: Core) -> None:
    message = await core.hears("giá bao nhiêu shop", "m1")
    await core.replies("Dạ 300k ạ", seen=message.seq)
    await core.triage.tagged_late({message.id: tag()})

    assert (await core.talk()).team == CARE


async def test_a_late_tag_routes_what_nobody_took(core: Core) -> None:
    message = await core.hears("giá bao nhiêu shop", "m1")
    await core.store.conversations.change(talk(), {"team": None})
    await core.triage.tagged_late({message.id: tag()})

    assert (await core.talk()).team == SALES


async def test_a_late_tag_of_an_earlier_message_leaves_the_rows_newer_one(core: Core) -> None:
    first = await core.hears("giá bao nhiêu shop", "m1")
    second = await core.hears("chào shop", "m2")
    await core.triage.tagged_late({second.id: tag("greeting")})
    await core.triage.tagged_late({first.id: tag("price")})
    shown = (await core.talk()).tag

    assert shown is not None and shown.intent == "greeting"
    assert (await core.message(first)).tag == tag("price")


async def test_a_late_tag_for_what_is_not_in_the_log_is_dropped(core: Core, clock: Clock) -> None:
    message = await core.hears("chào shop", "m1")
    await core.triage.tagged_late({message.id: tag(), MessageId("nowhere"): tag()})

    assert (await core.message(message)).tag == tag()


# --- with the real process ----------------------------------------------------------------------------------------


@pytest.fixture
async def tagged(core: Core, models: Path) -> Core:
    """A core whose models folder has a model; the process is the test's to run."""
    shutil.copytree(models, core.data / "models")
    return core


async def test_words_are_tagged_on_the_spot_and_routed_by_it(tagged: Core) -> None:
    async with running(tagged.tagger.run()):
        await until(lambda: is_up(tagged.tagger), within_s=20)
        message = await tagged.hears("cho hỏi giá bao nhiêu tiền", "m1")
        await until(lambda: has_tag(tagged, message))
        found = (await tagged.message(message)).tag

    assert found is not None and (found.intent, found.language) == ("price", "vi")
    shown = (await tagged.talk()).tag
    assert shown is not None and shown.intent == "price"


async def has_tag(core: Core, message: Message) -> bool:
    return (await core.message(message)).tag is not None


async def test_what_came_before_the_tagger_was_there_is_tagged_when_it_is(tagged: Core) -> None:
    message = await tagged.hears("cho hỏi giá bao nhiêu tiền", "m1")
    assert (message.tag, (await tagged.talk()).team) == (None, CARE)
    async with running(tagged.tagger.run()):
        await until(lambda: has_tag(tagged, message), within_s=20)

    assert (await tagged.talk()).team == SALES


async def test_a_tagger_that_dies_is_started_again_and_answers_what_was_left(tagged: Core) -> None:
    async with running(tagged.tagger.run()):
        await until(lambda: is_up(tagged.tagger), within_s=20)
        pid = children()
        os.kill(pid[0], signal.SIGKILL)
        await until(lambda: is_down(tagged.tagger))
        message = await tagged.hears("cho hỏi giá bao nhiêu tiền", "m1")
        assert message.tag is None
        await until(lambda: has_tag(tagged, message), within_s=20)

    assert children() == []


async def is_down(tagger: Tagger) -> bool:
    return tagger.state != "up"


def children() -> list[int]:
    """The tagging processes that this test's process has started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread, or a process, that ended meanwhile
            for pid in (task / "children").read_text().split():
                line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                found += [int(pid)] if b"nlp.serve" in line else []
    return found


async def test_without_a_model_the_tagger_waits_for_one(core: Core, models: Path) -> None:
    async with running(core.tagger.run()):
        assert core.tagger.state == "starting"
        shutil.copytree(models, core.data / "models")
        await until(lambda: is_up(core.tagger), within_s=20)

    assert children() == []


# --- lost tags ----------------------------------------------------------------------------------------------------


async def left_behind(core: Core) -> Message:
    """A message that a process logged and triaged, and died before its tag came."""
    message = await core.hears("cho hỏi giá bao nhiêu tiền", "m1")
    assert (message.tag, await core.is_done()) == (None, True)
    return message


async def owing(core: Core) -> int:
    rows = await core.store.ledger.light("arrivals").find({}, comment=FROM_A_TEST).to_list(None)
    return sum("waits" in row for row in rows)


async def owes_nothing(core: Core) -> bool:
    return await owing(core) == 0


async def tag_events(core: Core, message: Message) -> int:
    items = [msgspec.json.decode(one.data) for one in await core.told() if one.type == "message.changed"]
    return sum(one["message"] == message.id and "tag" in one["set"] for one in items)


@pytest.mark.parametrize("minutes", [2, 61, 5 * 60], ids=["at once", "an hour later", "hours later"])
async def test_a_tag_that_was_lost_with_its_process_is_asked_for_again_once(
    tagged: Core, make_core: CoreMaker, clock: Clock, minutes: int
) -> None:
    message = await left_behind(tagged)
    clock.pass_s(minutes * 60)
    other = await make_core()
    async with running(other.tagger.run()):
        await until(lambda: is_up(other.tagger), within_s=20)
        for _ in range(HOURS_BACK):
            await other.triage.tag_again()
        await until(lambda: has_tag(other, message), within_s=20)
        await until(lambda: owes_nothing(other))
        for _ in range(HOURS_BACK):
            await other.triage.tag_again()

    assert ((await other.talk()).team, await tag_events(other, message)) == (SALES, 1)


async def test_a_tag_that_was_written_and_not_told_is_told_once(
    tagged: Core, make_core: CoreMaker, clock: Clock
) -> None:
    message = await left_behind(tagged)
    await tagged.store.messages.set_tags({message.id: tag()})
    clock.pass_s(120)
    other = await make_core()
    async with running(other.tagger.run()):
        await until(lambda: is_up(other.tagger), within_s=20)
        for _ in range(2):
            await other.triage.tag_again()

    assert (await tag_events(other, message), await owing(other)) == (1, 0)
    assert (await other.message(message)).tag == tag()


async def test_what_this_process_still_waits_for_and_what_is_young_is_left_alone(
    tagged: Core, make_core: CoreMaker, clock: Clock
) -> None:
    message = await left_behind(tagged)
    other = await make_core()
    async with running(other.tagger.run()):
        await until(lambda: is_up(other.tagger), within_s=20)
        await other.triage.tag_again()
        clock.pass_s(120)
        await tagged.triage.tag_again()  # without a tagger there is nothing to ask
    assert (await other.message(message)).tag is None
    await tagged.triage.tagged_late({message.id: tag()})
    assert await owing(tagged) == 0


async def test_a_question_that_the_tagger_dropped_is_asked_again_by_the_same_process(
    tagged: Core, clock: Clock
) -> None:
    message = await left_behind(tagged)
    tagged.tagger._asked.clear()  # as it does when each of its processes dies of one of them
    clock.pass_s(120)
    async with running(tagged.tagger.run()):
        await until(lambda: is_up(tagged.tagger), within_s=20)
        await tagged.triage.tag_again()
        await until(lambda: has_tag(tagged, message), within_s=20)
        await until(lambda: owes_nothing(tagged))
