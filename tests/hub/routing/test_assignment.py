"""Assignment inside a team: who gets what, who waits, and what moves when somebody goes."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import AgentId, ContactId, ConversationId, TeamId
from hub.roster import AgentDesk, How, TeamDesk
from hub.routing.assignment import Floor, Seat, Talk

CARE = TeamId("care")
NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
LAN, MINH, HOA = AgentId("lan"), AgentId("minh"), AgentId("hoa")


def seat(agent: AgentId, **desk: Any) -> Seat:
    return Seat(agent=agent, teams=(CARE,), desk=AgentDesk(id=agent, **desk))


def talk(name: str, minute: int = 0, **more: Any) -> Talk:
    told = {"team": CARE, "channel": "webchat", "contact": ContactId(name)} | more
    return Talk(id=ConversationId(name), since=NOON + dt.timedelta(minutes=minute), **told)


def floor(*seats: Seat, how: How = "load", capacity: int = 2, **more: Any) -> Floor:
    made = Floor()
    made.furnish([TeamDesk(id=CARE, how=how, capacity=capacity, **more)], seats)
    return made


def given_out(made: Floor, *talks: Talk, is_open: bool = True) -> dict[str, str]:
    for one in talks:
        made.put(one)
    return {one.talk.id: one.agent for one in made.drain(lambda team: is_open)}


def test_the_one_with_the_smallest_share_of_their_capacity_is_next() -> None:
    made = floor(seat(LAN, capacity=10), seat(MINH, capacity=2))
    for name in ("a", "b", "c"):
        made.put(talk(name, agent=LAN))
    made.put(talk("d", agent=MINH))
    assert given_out(made, talk("e")) == {"e": LAN}


def test_of_equals_whoever_got_something_longest_ago_is_next() -> None:
    made = floor(seat(LAN), seat(MINH), seat(HOA))
    assert given_out(made, talk("a", 1), talk("b", 2), talk("c", 3)) == {"a": HOA, "b": LAN, "c": MINH}
    made.drop(ConversationId("b"))
    made.drop(ConversationId("c"))
    assert given_out(made, talk("d", 4)) == {"d": LAN}


def test_round_robin_gives_each_their_turn_whatever_they_have() -> None:
    made = floor(seat(LAN), seat(MINH), how="round_robin", capacity=9)
    for name in ("x", "y", "z"):
        made.put(talk(name, agent=LAN))
    talks = [talk(f"t{minute}", minute) for minute in range(4)]
    assert list(given_out(made, *talks).values()) == [LAN, MINH, LAN, MINH]


def test_last_agent_first_and_by_load_when_they_have_no_room() -> None:
    made = floor(seat(LAN), seat(MINH), how="last_agent", capacity=1)
    person = ContactId("huyen")
    made.put(talk("old", agent=MINH, contact=person))
    made.drop(ConversationId("old"))
    assert given_out(made, talk("new", contact=person)) == {"new": MINH}
    assert given_out(made, talk("newer", contact=person)) == {"newer": LAN}


def test_who_served_somebody_before_the_start_is_told_with_the_conversation() -> None:
    made = floor(seat(LAN), seat(MINH), how="last_agent")
    assert given_out(made, talk("a", last_agent=MINH)) == {"a": MINH}


def test_capacity_by_channel_and_in_all() -> None:
    made = floor(seat(LAN, channels={"email": 0, "webchat": 1}, capacity=2))
    assert given_out(made, talk("mail", 0, channel="email"), talk("a", 1), talk("b", 2)) == {"a": LAN}
    assert given_out(made, talk("c", 3, channel="telegram"), talk("d", 4, channel="telegram")) == {"c": LAN}


def test_skills_narrow_who_is_asked() -> None:
    made = floor(seat(LAN, intents=("complaint",), languages=("vi",)), seat(MINH, languages=("vi", "en")))
    asked = [talk("a", 0, intent="refund", language="vi"), talk("b", 1, intent="complaint", language="en")]
    assert given_out(made, *asked) == {"a": MINH, "b": MINH}


def test_a_skill_that_nobody_there_has_is_not_asked_for() -> None:
    made = floor(seat(LAN, languages=("vi",)), seat(MINH, languages=("ko",), away=True))
    assert given_out(made, talk("a", language="ko")) == {"a": LAN}


def test_the_queue_drains_in_its_order_when_somebody_becomes_free() -> None:
    made = floor(seat(LAN), capacity=1)
    waiting = [talk("late", 9), talk("early", 1), talk("urgent", 5, priority="urgent")]
    assert given_out(made, talk("first", agent=LAN), *waiting) == {}
    made.drop(ConversationId("first"))
    assert given_out(made) == {"urgent": LAN}
    made.drop(ConversationId("urgent"))
    assert given_out(made) == {"early": LAN}


def test_one_that_needs_somebody_else_does_not_hold_up_those_behind_it() -> None:
    made = floor(seat(LAN, channels={"email": 0}))
    assert given_out(made, talk("mail", 1, channel="email"), talk("chat", 2)) == {"chat": LAN}


def test_away_gets_nothing_and_back_gets_what_waits() -> None:
    made = floor(seat(LAN, away=True))
    assert given_out(made, talk("a")) == {}
    made.furnish([TeamDesk(id=CARE, how="load")], [seat(LAN)])
    assert given_out(made) == {"a": LAN}


def test_whoever_is_away_keeps_what_they_have() -> None:
    made = floor(seat(LAN, away=True))
    made.put(talk("a", agent=LAN))
    assert made.left() == []


def test_what_somebody_had_who_left_goes_to_the_others() -> None:
    made = floor(seat(LAN), seat(MINH))
    made.put(talk("a", agent=LAN))
    made.furnish([TeamDesk(id=CARE, how="load")], [seat(MINH)])
    (left,) = made.left()
    made.put(talk("a", last_agent=left.agent))
    assert given_out(made) == {"a": MINH}


def test_a_team_that_gives_out_by_hand_gives_nothing_out() -> None:
    assert given_out(floor(seat(LAN), how="by_hand"), talk("a")) == {}


@pytest.mark.parametrize(("is_open", "found"), [(False, {}), (True, {"a": LAN})])
def test_a_closed_team_lets_it_wait_where_that_is_wished(is_open: bool, found: dict[str, str]) -> None:
    assert given_out(floor(seat(LAN), only_open=True), talk("a"), is_open=is_open) == found


STEPS = st.lists(
    st.tuples(st.sampled_from(("put", "drop", "drain")), st.integers(0, 15), st.sampled_from(("webchat", "email"))),
    max_size=60,
)
DESKS = st.lists(
    st.tuples(
        st.integers(0, 3), st.dictionaries(st.sampled_from(("webchat", "email")), st.integers(0, 2)), st.booleans()
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(steps=STEPS, desks=DESKS, how=st.sampled_from(("load", "round_robin", "last_agent")))
def test_nobody_has_more_than_fits_and_nobody_waits_for_no_reason(
    steps: list[tuple[str, int, str]], desks: list[tuple[int, dict[str, int], bool]], how: How
) -> None:
    seats = [seat(AgentId(f"a{n}"), capacity=c, channels=ch, away=away) for n, (c, ch, away) in enumerate(desks)]
    made = floor(*seats, how=how)
    for what, number, channel in steps:
        known = made.get(ConversationId(f"t{number}"))
        if what == "put" and known is None:
            made.put(talk(f"t{number}", number, channel=channel))
        elif what == "drop":
            made.drop(ConversationId(f"t{number}"))
    made.drain()
    has = Counter(one.agent for one in made)
    by_channel = Counter((one.agent, one.channel) for one in made)
    assert all(has[one.agent] <= (one.desk.capacity or 0) for one in seats)
    assert all(by_channel[one.agent, name] <= most for one in seats for name, most in one.desk.channels.items())
    assert all(made.choose(one) is None for one in made.queue())
    assert not any(has[one.agent] for one in seats if one.desk.away)
