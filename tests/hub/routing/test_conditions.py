"""What a rule may ask about, from the ledger to the act: a condition that fits acts, its opposite does not."""

import datetime as dt

import pytest

from hub.departures.change import Wish
from hub.inbound import From, InboundIdentity
from hub.model import Entity
from hub.roster import Hours, Span
from hub.rule import (
    AnyCondition,
    FromSource,
    HasEntity,
    HasPriority,
    InHours,
    InLanguage,
    InRegion,
    Label,
    OnAccount,
    Reply,
    Score,
    Snooze,
)
from tests.hub.core import CARE, LAN, SHOP, talk
from tests.hub.routing.conftest import Routing

PHONE = Entity(kind="phone", text="0901234567", start=0, end=10)
BY_DAY = ((Span(opens="08:00", closes="18:00"),),) * 7  # it is four in the afternoon there
BY_NIGHT = ((Span(opens="20:00", closes="06:00"),),) * 7
HANOI = dt.timezone(dt.timedelta(hours=7))


async def a_customer_of_whom_much_is_known(routing: Routing) -> None:
    """Their site says where they stand, an agent finds them urgent, the shop is open and the care team is not."""
    core = routing.core
    facts = {"region": "Huế", "source": "Hội chợ", "score": "70"}
    await core.keep(InboundIdentity(sender=From(value="u1"), user="hoa", name="Hoa", facts=facts), external="i1")
    await core.take_in()
    await core.hears("chào", "m1")
    await core.changer.apply(LAN, talk(), Wish(priority="urgent"))
    await core.store.hours.put(Hours(id="shop", week=BY_DAY))
    await core.store.hours.put(Hours(id=CARE, week=BY_NIGHT))
    await routing.known()


@pytest.mark.parametrize(
    ("fits", "opposite"),
    [
        (OnAccount(any_of=(SHOP,)), OnAccount(none_of=(SHOP,))),
        (InLanguage(any_of=("other", "en")), InLanguage(any_of=("vi",))),
        (HasEntity(any_of=("phone",)), HasEntity(any_of=("order",))),
        (HasPriority(any_of=("urgent",)), HasPriority(none_of=("urgent",))),
        (InRegion(any_of=("Huế",)), InRegion(any_of=("Hà Nội",))),
        (FromSource(any_of=("Hội chợ",)), FromSource(none_of=("Hội chợ",))),
        (Score(at_least=70, at_most=80), Score(at_most=69)),
        (InHours(open=True), InHours(open=False)),
        (InHours(open=False, team=CARE), InHours(open=True, team=CARE)),
    ],
    ids=["account", "language", "entity", "priority", "region", "source", "score", "hours", "a team's hours"],
)
async def test_what_a_rule_asks_is_found_in_the_ledger(
    routing: Routing, fits: AnyCondition, opposite: AnyCondition
) -> None:
    await a_customer_of_whom_much_is_known(routing)
    await routing.rule("tagged", fits, Label(add=("có",)), id="a")
    await routing.rule("tagged", opposite, Label(add=("không",)), id="b")
    await routing.begin()
    message = await routing.core.hears("call 0901234567 please", "m2")
    await routing.tagged(message, language="en", entities=(PHONE,))
    await routing.turn()
    assert (await routing.core.talk()).labels == ("có",)


async def test_a_snooze_until_opening_ends_when_the_team_opens(routing: Routing) -> None:
    await a_customer_of_whom_much_is_known(routing)
    await routing.rule("arrived", Snooze())
    await routing.begin()
    await routing.core.hears("còn ai không", "m2")
    await routing.turn()
    row = await routing.core.talk()
    assert (row.state, row.snoozed_until) == ("snoozed", dt.datetime(2026, 11, 21, 20, 0, tzinfo=HANOI))


async def test_a_snooze_until_opening_does_nothing_while_it_is_open(routing: Routing) -> None:
    await a_customer_of_whom_much_is_known(routing)
    await routing.core.store.hours.remove(CARE)
    await routing.rule("arrived", Snooze())
    await routing.begin()
    await routing.core.hears("còn ai không", "m2")
    await routing.turn()
    assert (await routing.core.talk()).state == "open"


@pytest.mark.parametrize(
    ("language", "answer"), [("en", "We got it"), ("vi", "Dạ em nhận được rồi ạ"), ("other", "Dạ em nhận được rồi ạ")]
)
async def test_an_answer_is_in_the_language_of_the_message(routing: Routing, language: str, answer: str) -> None:
    await routing.rule("tagged", Reply(text={"vi": "Dạ em nhận được rồi ạ", "en": "We got it"}))
    await routing.begin()
    message = await routing.core.hears("…", "m1")
    await routing.tagged(message, language=language)
    await routing.turn()
    await routing.core.deliver()
    assert routing.core.channel.texts == [answer]
