"""Naming: strangers get the name that their platform knows; what people were called by hand stays."""

import pytest

from hub.arrivals.naming import Namer
from hub.errors import Retry
from hub.model import Account
from hub.people.merge import root_of
from tests.hub.core import Clock, Core
from tests.hub.scripted import Scripted


class Naming(Scripted):
    """A platform that knows people by id."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, str | Exception | None] = {"u1": "Hoa"}
        self.asked: list[str] = []

    async def name(self, account: Account, value: str) -> str | None:
        self.asked.append(value)
        found = self.people.get(value)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def channel() -> Naming:
    return Naming()


@pytest.fixture
def namer(core: Core) -> Namer:
    return Namer(core.store, core.announcer, core.accounts, core.channels, core.clock)


async def test_a_stranger_gets_the_name_that_the_platform_knows(core: Core, namer: Namer) -> None:
    await core.hears("Chào shop", "m1")
    assert (await core.talk()).name.startswith("Khách #")
    await namer.step()

    conversation = await core.talk()
    assert conversation.name == "Hoa"
    assert (await root_of(core.store, conversation.contact)).name == "Hoa"
    assert [one.type for one in await core.told()][-2:] == ["contact.changed", "conversation.changed"]


async def test_who_has_a_name_is_not_asked_for_again(core: Core, namer: Namer, channel: Naming) -> None:
    for id_ in ("m1", "m2"):
        await core.hears("Chào shop", id_)
        await namer.step()

    assert channel.asked == ["u1"]


async def test_who_says_their_name_is_not_asked_for(core: Core, namer: Namer, channel: Naming) -> None:
    await core.hears("Chào shop", "m1", name="Nam")
    await namer.step()

    assert channel.asked == []


async def test_a_name_that_somebody_gave_stays(core: Core, namer: Namer) -> None:
    await core.hears("Chào shop", "m1")
    contact = (await core.talk()).contact
    await core.store.contacts.change(contact, {"name": "Chị Hoa khách quen"})
    await namer.step()

    assert (await root_of(core.store, contact)).name == "Chị Hoa khách quen"


async def test_a_platform_that_is_slow_is_asked_again_later(
    core: Core, namer: Namer, channel: Naming, clock: Clock
) -> None:
    channel.people["u1"] = Retry("Slow down.", after_s=30)
    await core.hears("Chào shop", "m1")
    for pause_s in (0, 29, 2):
        clock.pass_s(pause_s)
        await namer.step()
        channel.people["u1"] = "Hoa"

    assert channel.asked == ["u1", "u1"]
    assert (await core.talk()).name == "Hoa"


async def test_whom_nobody_knows_keeps_their_mark(core: Core, namer: Namer, channel: Naming, clock: Clock) -> None:
    channel.people["u1"] = None
    await core.hears("Chào shop", "m1")
    for _ in range(3):
        await namer.step()
        clock.pass_s(3600)

    assert channel.asked == ["u1"]
    assert (await core.talk()).name.startswith("Khách #")
