"""Listening: what a platform is asked for is kept before the next is asked for; one account's failure is its own."""

import asyncio
import datetime as dt
from itertools import pairwise

import msgspec
import pytest

from channels.base import Batch
from hub.errors import Unreachable
from hub.model import Account, AccountId
from hub.store.house import Progress
from tests.hub.conftest import CoreMaker
from tests.hub.core import SHOP, START, Clock, Core, furnish, running, until
from tests.hub.scripted import Speaking, batch, said

pytestmark = pytest.mark.timeout(120)
OTHER = AccountId("other")
REVOKED = "The token was revoked. Make a new one and connect again."


@pytest.fixture
def channel() -> Speaking:
    return Speaking()


async def at_cursor(core: Core, cursor: str) -> bool:
    return await core.store.cursors.get(SHOP) == cursor


async def health(core: Core, id_: AccountId = SHOP) -> str | None:
    account = await core.store.accounts.get(id_)
    assert account is not None
    return account.health


async def is_ill(core: Core) -> bool:
    return await health(core) is not None


async def is_well(core: Core) -> bool:
    return await health(core) is None


async def progress(core: Core) -> Progress:
    return (await core.store.cursors.progress([SHOP]))[SHOP]


async def test_what_a_listener_finds_is_kept_before_the_cursor_moves(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.finds(batch("7", said("Chào shop", "m1", at=clock()), found=12))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))

    assert [one.external for one in await core.kept()] == ["m1"]
    assert await progress(core) == Progress(cursor="7", at=START, found=12, stored=1, filled=START)


async def test_a_listener_goes_on_from_where_the_last_one_stood(core: Core, channel: Speaking, clock: Clock) -> None:
    channel.finds(batch("7", said("Chào shop", "m1", at=clock())))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))
    channel.finds(batch("8", said("Còn hàng không", "m2", at=clock())))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "8"))

    assert channel.asked == [(SHOP, None), (SHOP, "7")]
    assert (await progress(core)).stored == 2
    assert channel.listening == 0


async def test_the_platform_is_thanked_for_what_is_kept(core: Core, channel: Speaking, clock: Clock) -> None:
    channel.finds(batch("7", said("Chào shop", "m1", at=clock())))
    async with running(core.listening().run()):
        await until(lambda: has(channel.thanked))

    assert channel.thanked == ["m1"]


async def has(things: list[str]) -> bool:
    return bool(things)


async def test_history_is_kept_as_history(core: Core, channel: Speaking, clock: Clock) -> None:
    channel.finds(batch("7", said("Thư cũ", "m1", at=clock()), history=True))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))

    assert [one.history for one in await core.kept()] == [True]


async def test_a_failure_is_the_accounts_health_until_it_works_again(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.finds(Unreachable("The server mail.shop.example does not answer."))
    async with running(core.listening().run()):
        await until(lambda: is_ill(core))
        assert await health(core) == "The server mail.shop.example does not answer."
        channel.finds(Batch(arrivals=(), cursor="0"))
        await until(lambda: is_well(core))
        await until(lambda: was_told(core, 2))

    assert [one.type for one in await core.told()] == ["settings.changed", "settings.changed"]


async def was_told(core: Core, times: int) -> bool:
    return len(await core.told()) >= times


async def test_an_account_that_fails_disturbs_no_other(core: Core, channel: Speaking, clock: Clock) -> None:
    await core.store.accounts.add(Account(id=OTHER, kind="scripted", name="Khác", at=START))
    channel.finds(ValueError("a bug in the channel"), account=OTHER)
    channel.finds(batch("7", said("Chào shop", "m1", at=clock())))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "7"))
        await until(lambda: is_broken(core, OTHER))

    assert await health(core) is None


async def is_broken(core: Core, id_: AccountId) -> bool:
    return "ValueError" in (await health(core, id_) or "")


async def test_an_account_that_stays_ill_is_asked_at_growing_distances(core: Core, channel: Speaking) -> None:
    """Of its pace: 0.01 s at first, twice as long each time, never over 0.05 s, and chance leaves half of it."""
    channel.finds(*[Unreachable("The server mail.shop.example does not answer.")] * 5)
    async with running(core.listening().run()):
        await until(lambda: has_begun(channel, 6))

    pauses = [later - earlier for earlier, later in pairwise(channel.began)]
    least = (0.005, 0.01, 0.02, 0.025, 0.025)
    assert [pause for pause, enough in zip(pauses, least, strict=True) if pause < enough] == []


async def has_begun(channel: Speaking, times: int) -> bool:
    return len(channel.began) >= times


async def test_what_a_person_must_mend_is_tried_at_once_when_they_changed_it(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.finds(Unreachable(REVOKED, for_good=True))
    async with running(core.listening().run()):
        await until(lambda: is_ill(core))
        await core.store.accounts.change(SHOP, {"secrets": b'{"token": "new"}'})
        core.accounts.forget()
        channel.finds(Batch(arrivals=(), cursor="0"))
        await until(lambda: is_well(core))

    assert channel.asked == [(SHOP, None), (SHOP, None)]


async def test_an_account_that_is_switched_off_is_not_listened_to(core: Core, channel: Speaking) -> None:
    async with running(core.listening().run()):
        await until(lambda: listens(channel, 1))
        await core.store.accounts.change(SHOP, {"on": False})
        core.accounts.forget()
        await until(lambda: listens(channel, 0))

    assert channel.asked == [(SHOP, None)]


async def listens(channel: Speaking, times: int) -> bool:
    return channel.listening == times


async def test_of_two_processes_one_listens_and_the_other_takes_over(
    core: Core, make_core: CoreMaker, channel: Speaking, clock: Clock
) -> None:
    other = await make_core()
    async with running(other.listening("two").run()):
        async with running(core.listening("one").run()):
            await until(lambda: listens(channel, 1))
            channel.finds(batch("7", said("Chào shop", "m1", at=clock())))
            await until(lambda: at_cursor(core, "7"))
            assert channel.listening == 1
        channel.finds(batch("8", said("Còn hàng không", "m2", at=clock())))
        await until(lambda: at_cursor(core, "8"))

    assert (await progress(core)).stored == 2


async def test_what_the_platform_gave_up_on_is_looked_for_and_counted(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    known = said("Chào shop", "m1", at=clock())
    await core.keep(known)
    channel.given_up = [batch("", known), batch("", said("Còn hàng không", "m2", at=clock()))]
    async with running(core.listening().run()):
        await until(lambda: filled(core))

    assert sorted(one.external for one in await core.kept()) == ["m1", "m2"]
    assert channel.looked == [START - dt.timedelta(hours=1)]
    assert ((await progress(core)).stored, await core.store.cursors.get(SHOP)) == (1, None)


async def filled(core: Core) -> bool:
    return (await core.store.cursors.progress([SHOP])).get(SHOP, Progress()).filled is not None


async def test_a_listener_waits_while_too_much_waits_for_intake(
    make_core: CoreMaker, channel: Speaking, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"MOST_WAITING": 3, "LOOK_EVERY": 3, "EACH": 1}.items():
        monkeypatch.setattr(f"hub.arrivals.room.{name}", value)
    core = await make_core()
    await furnish(core)
    words = [said(f"{n}", f"m{n}", at=clock()) for n in range(6)]
    channel.finds(batch("1", *words[:3]), batch("2", *words[3:]))
    async with running(core.listening().run()):
        await until(lambda: at_cursor(core, "1"))
        await asyncio.wait_for(core.take_in(), 20)
        await until(lambda: at_cursor(core, "2"))

    assert await core.words() == ["0", "1", "2"]


async def test_a_channel_is_told_of_renewed_secrets_by_a_new_beginning_and_of_nothing_else(
    core: Core, channel: Speaking
) -> None:
    async with running(core.listening().run()):
        await until(lambda: listens(channel, 1))
        account = await core.store.accounts.get(SHOP)
        assert account is not None
        await core.store.accounts.change(SHOP, {"name": "Tên mới", "health": None})
        core.accounts.forget()
        await core.accounts.get(SHOP)
        channel.finds(Batch(arrivals=(), cursor="1"))
        await until(lambda: at_cursor(core, "1"))

    assert len(channel.asked) == 1
    assert msgspec.structs.asdict(account)["name"] == "Mộc An"
