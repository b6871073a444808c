"""Each way in which a team gives out, over the real ledger: channels, turns, skills, hours, and who leaves it."""

import datetime as dt

from hub.departures.change import Wish
from hub.roster import Hours, Span
from tests.hub.core import CARE, LAN, talk
from tests.hub.routing.conftest import Routing

KIND = "scripted"  # the channel of these tests
BY_NIGHT = ((Span(opens="20:00", closes="02:00"),),) * 7  # it is four in the afternoon there


async def arrive(routing: Routing, *people: str) -> None:
    """Each writes for the first time, and is given out before the next."""
    for who in people:
        await routing.core.hears("chào", f"m{who}", who)
        await routing.turn()


async def given(routing: Routing, *people: str) -> list[str | None]:
    return [await routing.agent_of(who) for who in people]


async def test_nobody_gets_more_of_a_channel_than_they_take_of_it(routing: Routing) -> None:
    await routing.agent("hoa", capacity=5, channels={KIND: 1})
    await routing.agent("minh", capacity=5, channels={KIND: 0})
    await routing.gives_out()
    await routing.begin()
    await arrive(routing, "u1", "u2")
    before = await given(routing, "u1", "u2")
    await routing.core.changer.apply(LAN, talk("u1"), Wish(state="resolved"))
    await routing.turn()
    assert (before, await routing.agent_of("u2")) == (["hoa", None], "hoa")


async def test_each_has_their_turn_whatever_they_have_done_meanwhile(routing: Routing) -> None:
    for name in ("hoa", "minh", "nam"):
        await routing.agent(name)
    await routing.gives_out("round_robin")
    await routing.begin()
    await arrive(routing, "u1", "u2")
    for who in ("u1", "u2"):
        await routing.core.changer.apply(LAN, talk(who), Wish(state="resolved"))
    await arrive(routing, "u3", "u4")
    assert await given(routing, "u1", "u2", "u3", "u4") == ["hoa", "minh", "nam", "hoa"]


async def test_what_was_tagged_goes_to_whoever_knows_it_and_speaks_its_language(routing: Routing) -> None:
    await routing.agent("hoa", away=True, intents=("refund",), languages=("vi",))
    await routing.agent("minh", away=True, intents=("complaint",), languages=("vi",))
    await routing.agent("nam", away=True, intents=("complaint",), languages=("en",))
    await routing.gives_out()
    await routing.begin()
    for who, intent, language in (
        ("u1", "refund", "vi"),
        ("u2", "complaint", "vi"),
        ("u3", "complaint", "en"),
        ("u4", "praise", "en"),
    ):
        await routing.tagged(await routing.core.hears("…", f"m{who}", who), intent, language=language)
    await routing.turn()
    waiting = await given(routing, "u1", "u2", "u3", "u4")
    for name in ("hoa", "minh", "nam"):
        await routing.core.store.agent_desks.change(name, {"away": False})
    await routing.known()
    await routing.turn()
    assert waiting == [None] * 4
    assert await given(routing, "u1", "u2", "u3", "u4") == ["hoa", "minh", "nam", "nam"]


async def test_a_mere_suggestion_asks_for_nobody_who_knows_it(routing: Routing) -> None:
    await routing.agent("hoa", away=True)
    await routing.agent("minh", away=True, intents=("complaint",))
    await routing.gives_out("round_robin")
    await routing.begin()
    for who in ("u1", "u2"):
        await routing.tagged(await routing.core.hears("…", f"m{who}", who), "refund", band="suggest", confidence=0.6)
    for name in ("hoa", "minh"):
        await routing.core.store.agent_desks.change(name, {"away": False})
    await routing.known()
    await routing.turn()
    assert set(await given(routing, "u1", "u2")) == {"hoa", "minh"}


async def test_a_team_that_waits_for_its_hours_gives_out_when_it_opens(routing: Routing) -> None:
    await routing.core.store.hours.put(Hours(id=CARE, week=BY_NIGHT))
    await routing.agent("hoa")
    await routing.gives_out(only_open=True)
    await routing.begin()
    await arrive(routing, "u1")
    closed = await routing.agent_of("u1")
    routing.core.clock.now += dt.timedelta(hours=4)  # type: ignore[attr-defined]  # a test's Clock can be set
    await routing.turn()
    assert (closed, await routing.agent_of("u1")) == (None, "hoa")


async def test_what_somebody_has_who_leaves_the_team_goes_to_another(routing: Routing) -> None:
    await routing.agent("hoa")
    await routing.gives_out()
    await routing.begin()
    await arrive(routing, "u1")
    before = await routing.agent_of("u1")
    await routing.agent("minh")
    await routing.core.store.agents.change("hoa", {"teams": []})
    await routing.known()
    await routing.turn()
    assert (before, await routing.agent_of("u1")) == ("hoa", "minh")
