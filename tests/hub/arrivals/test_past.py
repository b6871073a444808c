"""The past: a listener's history is logged and kept in one go, and done again where that was cut off."""

from collections.abc import Sequence

import msgspec
import pytest

from channels.base import RawArrival
from hub.arrivals.entries import Fresh
from hub.errors import StoreDown
from hub.inbound import InboundMessage
from tests.hub.conftest import CoreMaker
from tests.hub.core import SHOP, Clock, Core, running, until
from tests.hub.cutting import Cut, Wire
from tests.hub.scripted import Speaking, batch, said

pytestmark = pytest.mark.timeout(180)
WRITES = 8  # that there are to stop at


@pytest.fixture
def channel() -> Speaking:
    return Speaking()


def raws(*inbounds: InboundMessage) -> Sequence[RawArrival]:
    return batch("", *inbounds, history=True).arrivals


def old(clock: Clock) -> Sequence[RawArrival]:
    """Two conversations, one of them twice."""
    return raws(said("một", "m1", at=clock()), said("hai", "m2", at=clock()), said("ba", "m3", "u2", at=clock()))


def poison(id_: str) -> RawArrival:
    return RawArrival(external=id_, lane="u9", body=b"poison", history=True)


async def at_cursor(core: Core, cursor: str) -> bool:
    return await core.store.cursors.get(SHOP) == cursor


async def test_history_that_a_listener_finds_is_in_the_log_before_the_cursor_moves(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.finds(batch("7", said("một", "m1", at=clock()), said("hai", "m2", at=clock()), history=True))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))

    assert await core.words() == ["một", "hai"]
    assert [(one.state, one.history, one.body[:2]) for one in await core.kept()] == [("done", True, b"[{")] * 2
    assert ((await core.talk()).state, (await core.talk()).waiting) == ("resolved", None)
    assert await core.take_in() == []


async def test_news_beside_history_wait_for_intake_and_are_tagged(core: Core, channel: Speaking, clock: Clock) -> None:
    news = batch("", said("Còn hàng không", "m1", at=clock()))
    past = batch("7", said("cũ", "m2", "u2", at=clock()), history=True)
    channel.finds(msgspec.structs.replace(past, arrivals=past.arrivals + news.arrivals))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))

    assert sorted((one.external, one.state) for one in await core.kept()) == [("m1", "new"), ("m2", "done")]
    assert [one.message.text for one in await core.take_in()] == ["Còn hàng không"]


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, WRITES + 1))
async def test_a_crash_at_any_write_of_it_loses_and_doubles_nothing(
    core: Core, make_core: CoreMaker, wire: Wire, clock: Clock, side: str, nth: int
) -> None:
    dying = await make_core(mongo=wire.url)
    account = await dying.account()
    wire.plan(msgspec.convert({side: "write", "nth": nth}, Cut))
    with pytest.raises(StoreDown):
        await dying.past.keep(account, old(clock))
    wire.mend()

    await core.past.keep(account, old(clock))
    await core.take_in("u1", "u2")

    assert (await core.words("u1"), await core.words("u2")) == (["một", "hai"], ["ba"])
    assert (await core.numbers("u1"), await core.numbers("u2")) == ([1, 2], [1])
    assert [one.state for one in await core.kept()] == ["done"] * 3
    assert ((await core.talk("u1")).head, (await core.talk("u1")).state) == (2, "resolved")
    assert [await core.count(one) for one in ("contacts", "addresses", "conversations")] == [2, 2, 2]


async def test_those_are_all_the_writes_of_it(core: Core, make_core: CoreMaker, wire: Wire, clock: Clock) -> None:
    walker = await make_core(mongo=wire.url)
    account = await walker.account()
    wire.plan(None)
    await walker.past.keep(account, old(clock))

    assert wire.seen["write"] == WRITES  # else there are writes that no test stops at


async def test_what_nobody_understands_is_kept_for_intake_which_sets_it_aside(core: Core, clock: Clock) -> None:
    waiting = await core.past.keep(await core.account(), [*old(clock), poison("p1")])
    await core.take_in("u9")

    assert waiting == [f"{SHOP}:p1"]
    assert sorted((one.external, one.state) for one in await core.kept()) == [
        ("m1", "done"),
        ("m2", "done"),
        ("m3", "done"),
        ("p1", "quarantined"),
    ]


async def test_what_our_own_code_fails_at_disturbs_none_of_the_others(core: Core, clock: Clock) -> None:
    too_large = msgspec.structs.replace(said("bốn", "m4", "u4", at=clock()), order=2**70)  # no database takes it

    await core.past.keep(await core.account(), [*old(clock), *raws(too_large)])
    await core.take_in("u1", "u2", "u4")

    assert await core.words("u1") == ["một", "hai"]
    assert {one.external for one in await core.kept() if one.state == "quarantined"} == {"m4"}


async def test_what_is_kept_already_is_neither_kept_nor_logged_again(core: Core, clock: Clock) -> None:
    account = await core.account()
    await core.past.keep(account, old(clock))
    told = len(await core.told())

    waiting = await core.past.keep(account, old(clock))

    assert len(waiting) == 3
    assert (len(await core.kept()), len(await core.told())) == (3, told)
    assert await core.take_in("u1", "u2") == []


async def test_another_body_under_a_known_id_is_another_message(core: Core, clock: Clock) -> None:
    account = await core.account()
    await core.past.keep(account, raws(said("một", "m1", at=clock())))

    await core.past.keep(account, raws(said("khác", "m1", at=clock())))
    fresh: list[Fresh] = await core.take_in()

    assert (await core.words(), fresh) == (["một", "khác"], [])


async def test_a_thread_that_is_longer_than_a_chunk_keeps_its_order(
    core: Core, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.arrivals.past.CHUNK", 2)
    words = [f"thư {n}" for n in range(7)]

    await core.past.keep(await core.account(), raws(*(said(one, one, at=clock()) for one in words)))

    assert await core.words() == words
    assert await core.numbers() == [1, 2, 3, 4, 5, 6, 7]
