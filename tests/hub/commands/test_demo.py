"""`hub demo`: a month in the shop, once; and customers who write to a hub that runs."""

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from hub.__main__ import main
from hub.clock import utc_now
from hub.commands import demo
from hub.commands.demo_shop import fill, live, script
from hub.commands.demo_shop.script import elsewhere, stories
from hub.commands.first_start import DEMO_ACCOUNT
from hub.commands.rooms import Rooms
from hub.commands.serving import parts_of
from hub.commands.verify import verify
from hub.departures.compose import Draft
from hub.errors import BadInput, HubError, NotFound
from hub.model import Author, Conversation
from hub.store.windows import spans
from inbox_web.app import make_app
from tests.hub.commands.conftest import until

LAN = Author(kind="agent", id="a_lan", name="Lan Anh")


async def conversations(rooms: Rooms) -> list[Conversation]:
    found = [one for span in spans("c_", 1) for one in await rooms.store.conversations.of_span(*span)]
    return sorted(found, key=lambda one: one.thread)


# -- the stories ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hour", range(24))
def test_at_every_hour_of_the_day_all_stories_have_happened(hour: int) -> None:
    now = dt.datetime(2026, 5, 4, hour, 30, tzinfo=dt.UTC)
    late = [one.visitor for one in (*stories(), *elsewhere()) if one.begins(now) + one.steps[-1].after >= now]
    assert late == []


def test_there_are_sixty_conversations_of_forty_people_in_two_languages() -> None:
    told = stories()
    assert len(told) >= 60
    assert len({one.person.key for one in told}) == 40
    assert {one.person.language for one in told} == {"vi", "en"}


def test_every_story_begins_with_the_customer() -> None:
    assert {one.steps[0].kind for one in (*stories(), *elsewhere())} == {"say", "picture"}


def test_a_fifth_of_the_shop_comes_by_email_telegram_and_slack() -> None:
    told = elsewhere()
    assert 5 * len(told) >= len(stories()) + len(told)
    assert {one.channel for one in told} == {"email", "telegram", "slack"}
    assert {one.person.language for one in told} == {"vi", "en"}
    assert {one.person.key for one in (*stories(), *told)} == set(script.people())
    assert [one.visitor for one in told if (one.channel == "email") != bool(one.subject)] == []


def test_the_shop_writes_as_its_voice_wants_it() -> None:
    said = [step.text for one in (*stories(), *elsewhere()) for step in one.steps if step.kind == "answer"]
    assert [text for text in said if "vui lòng" in text.lower()] == []


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(BadInput, match="hello"):
        script._parts("hello")


# -- filling ----------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("worker")
async def test_the_shop_is_filled_through_the_real_doors_and_a_second_time_changes_nothing(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fill, "TAGS_S", 0.1)  # there is no tagger here
    await demo.fill(rooms)
    filled = await conversations(rooms)
    await demo.fill(rooms)

    contacts = await rooms.store.contacts.listed(utc_now() - dt.timedelta(days=60), utc_now())
    assert await conversations(rooms) == filled
    assert len(filled) == len(stories()) + len(elsewhere())
    assert len([one for one in contacts if one.root is None]) == len(script.people())
    assert {one.state for one in filled} == {"open", "snoozed", "resolved"}
    assert [one.name for one in filled if one.thread == "demo:demo_001"] == ["Nguyễn Thị Thanh Huyền"]
    assert len([one for one in filled if "#" in one.name]) == 3  # the strangers; everybody else is known by name
    assert min(one.opened for one in filled) < utc_now() - dt.timedelta(days=27)
    assert (await verify(rooms)).wrong == []
    assert "nothing was added" in capsys.readouterr().out


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("worker")
async def test_an_interrupted_demo_goes_on_where_it_was(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "TAGS_S", 0.1)
    few = stories()[:6]
    monkeypatch.setattr(script, "stories", lambda: few)
    monkeypatch.setattr(script, "elsewhere", lambda: elsewhere()[-1:])
    with monkeypatch.context() as interrupted:
        interrupted.setattr(demo, "_tell", _stop_in_the_third_round)
        with pytest.raises(KeyboardInterrupt):
            await demo.fill(rooms)
    await demo.fill(rooms)

    takes = 1  # an agent takes the conversation before the first answer
    lines = {one.visitor: len(one.steps) + takes for one in few}
    assert {one.to: one.head for one in await conversations(rooms) if one.channel == "webchat"} == lines


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("worker")
async def test_an_interrupted_demo_goes_on_at_every_platform(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "TAGS_S", 0.1)
    some = [one for one in elsewhere() if one.visitor in ("away_001", "away_007", "away_013")]  # one of each channel
    shortest = stories()[-1:]  # its rounds are over before the third
    monkeypatch.setattr(script, "stories", lambda: shortest)
    monkeypatch.setattr(script, "elsewhere", lambda: some)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(demo, "_tell", _stop_in_the_third_round)
        with pytest.raises(KeyboardInterrupt):
            await demo.fill(rooms)
    await demo.fill(rooms)

    takes = 1  # an agent takes the conversation before the first answer
    found = {one.channel: one for one in await conversations(rooms) if one.channel != "webchat"}
    assert {kind: one.head for kind, one in found.items()} == {one.channel: len(one.steps) + takes for one in some}
    assert {one.state for one in found.values()} == {"resolved"}
    assert [one.on for one in await rooms.store.accounts.all() if one.settings.get("demo")] == [False] * 3


def _stop_in_the_third_round(number: int, _: int) -> None:
    if number == 3:
        raise KeyboardInterrupt


async def test_a_hub_without_the_demo_shop_says_so(rooms: Rooms) -> None:
    await rooms.store.accounts.remove(DEMO_ACCOUNT)
    rooms.accounts.forget()
    with pytest.raises(NotFound, match="was removed"):
        await demo.fill(rooms)


# -- live -------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def address(rooms: Rooms) -> AsyncIterator[str]:
    async with TestServer(make_app(parts_of(rooms, None))) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("worker")
async def test_a_live_customer_answers_when_they_are_answered(rooms: Rooms, address: str) -> None:
    lines: list[str] = []
    crowd = live.Crowd(address, DEMO_ACCOUNT, random.Random(1), lines.append, haste=1.0)
    crowd.pause = _at_once  # type: ignore[method-assign]  # its one wait on chance
    async with _coming(crowd):
        await until(lambda: _wrote(crowd, 1))
        await until(lambda: _logged(rooms, 1))
        one = (await conversations(rooms))[0]
        await rooms.composer.reply(Draft(author=LAN, conversation=one.id, key="k-1", text="Dạ còn ạ", seen=one.head))
        await until(lambda: _wrote(crowd, 2))

    assert (crowd.came, crowd.heard) == (1, 1)
    assert any("Lan Anh → " in line for line in lines)


async def test_without_a_hub_the_customers_stay_at_home() -> None:
    crowd = live.Crowd("http://127.0.0.1:1", DEMO_ACCOUNT, random.Random(1), print)
    with pytest.raises(HubError, match="start `hub up`"):
        await crowd.check()


async def test_a_hub_without_the_shop_is_told_apart_from_no_hub(rooms: Rooms, address: str) -> None:
    crowd = live.Crowd(address, "elsewhere", random.Random(1), print)
    with pytest.raises(HubError, match="has no demo shop"):
        await crowd.check()


def test_a_rate_must_be_above_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--live", "--rate", "0"])
    assert "above 0" in capsys.readouterr().err


async def _at_once(least_s: float, most_s: float) -> None:
    await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def _coming(crowd: live.Crowd) -> AsyncIterator[None]:
    task = asyncio.create_task(crowd.come(rate=0.001))  # one at once, the next in a day
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _wrote(crowd: live.Crowd, number: int) -> bool:
    return crowd.wrote >= number


async def _logged(rooms: Rooms, number: int) -> bool:
    return sum(one.head for one in await conversations(rooms)) >= number
