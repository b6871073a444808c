"""A conversation says why it is where it is: by which rule, because of which message, and what of it fitted."""

from hub.inbound import From, InboundIdentity
from hub.model import Reason
from hub.rule import AnyCondition, HasIntent, HasLabel, InHours, Label, OnChannel, Score, ToTeam, Words
from tests.hub.core import SALES
from tests.hub.routing.conftest import Routing


async def test_a_conversation_that_a_rule_moved_says_what_fitted(routing: Routing) -> None:
    conditions: list[AnyCondition] = [
        HasIntent(any_of=("complaint", "refund"), sure="any", at_least=0.5),
        Words(any=("hỏng", "vỡ", "bể")),
        OnChannel(none_of=("email",)),
        HasLabel(none_of=("vip",)),
        InHours(open=True),
    ]
    await routing.rule("tagged", *conditions, ToTeam(to=SALES))
    await routing.begin()
    message = await routing.core.hears("Hang vo roi, hong het", "m1")
    await routing.turn()
    await routing.tagged(message, confidence=0.72, band="suggest")
    await routing.turn()
    routed = (await routing.core.talk()).routed
    assert routed is not None
    assert (routed.rule, routed.cause) == ("r1", message.id)
    assert routed.why == (
        Reason(what="intent", value="complaint", sure=0.72),
        Reason(what="words", value="hỏng, vỡ"),
        Reason(what="channel", value="scripted"),
        Reason(what="hours", value="open"),
    )


async def test_a_conversation_that_begins_in_a_rules_team_says_what_fitted(routing: Routing) -> None:
    await routing.rule("opened", Words(all=("sỉ",)), ToTeam(to=SALES))
    message = await routing.core.hears("cho hỏi giá sỉ", "m1")
    routed = (await routing.core.talk()).routed
    assert routed is not None
    assert (routed.rule, routed.cause, routed.why) == ("r1", message.id, (Reason(what="words", value="sỉ"),))


async def test_a_rule_about_the_person_leaves_nobody_without_a_team(routing: Routing) -> None:
    await routing.rule("arrived", Score(at_least=1), Label(add=("a",)))
    await routing.core.hears("chào", "m1")
    routed = (await routing.core.talk()).routed
    assert routed is not None
    assert (routed.rule, routed.why) == ("table:account", ())


async def test_a_rule_about_the_person_moves_a_new_conversation_from_its_default(routing: Routing) -> None:
    await routing.core.keep(
        InboundIdentity(sender=From(value="u1"), user="hoa", name="Hoa", facts={"score": "70"}), external="i1"
    )
    await routing.core.take_in()
    await routing.rule("arrived", Score(at_least=50), ToTeam(to=SALES))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    row = await routing.core.talk()
    assert row.routed is not None
    assert (row.team, row.routed.why) == (SALES, (Reason(what="score", value="70"),))
