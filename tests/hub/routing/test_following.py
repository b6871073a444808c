"""Rules act on what happens: each once, also when it is read again, and never against who was faster."""

import datetime as dt

import msgspec

from hub.departures.change import Wish
from hub.errors import Refused
from hub.events import contact_changed, form_sent, message_added
from hub.inbound import From, InboundProfile
from hub.model import ArrivalId, Change, MessageId
from hub.routing.happenings import Happened
from hub.rule import (
    AtStage,
    HasIntent,
    HasLabel,
    Label,
    Note,
    OnChannel,
    Rating,
    Reply,
    SetPriority,
    Snooze,
    Stop,
    ToAgent,
    ToTeam,
    Words,
)
from tests.hub.core import CARE, LAN, SALES, talk
from tests.hub.routing.conftest import Routing

COMPLAINT = HasIntent(any_of=("complaint",))


async def test_a_message_that_arrives_is_labelled_and_says_by_which_rule(routing: Routing) -> None:
    await routing.rule("arrived", Words(any=("hoá đơn",)), Label(add=("hoá đơn",)), SetPriority(to="high"))
    await routing.begin()
    await routing.core.hears("Cho em xin hoa don", "m1")
    await routing.turn()
    row = await routing.core.talk()
    assert (row.labels, row.priority) == (("hoá đơn",), "high")
    assert await routing.changes() == [("labelled", "hoá đơn", "r1"), ("priority", "high", "r1")]
    assert await routing.outcomes() == [("done", "done")]


async def test_what_does_not_match_leaves_no_trace(routing: Routing) -> None:
    await routing.rule("arrived", OnChannel(any_of=("email",)), Label(add=("a",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    assert (await routing.acts(), await routing.changes()) == ([], [])


async def test_what_happened_before_the_first_rule_is_no_news(routing: Routing) -> None:
    await routing.core.hears("chào", "m1")
    await routing.rule("arrived", Label(add=("a",)))
    await routing.turn()
    assert await routing.acts() == []


async def test_opened_arrived_and_tagged_are_one_moment_and_stop_ends_it(routing: Routing) -> None:
    await routing.rule("opened", Label(add=("mới",)), id="a", order=1)
    await routing.rule("arrived", SetPriority(to="low"), Stop(), id="b", order=2)
    await routing.rule("arrived", Label(add=("nie",)), id="c", order=3)
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.core.hears("có ai không", "m2")
    await routing.turn()
    assert [one.rule for one in await routing.acts()] == ["a", "b", "b"]


async def test_the_first_rule_decides_the_team_and_labels_add_up(routing: Routing) -> None:
    await routing.rule("arrived", ToTeam(to=SALES), Label(add=("a",)), id="a", order=1)
    await routing.rule("arrived", ToTeam(to=CARE), Label(add=("b",)), id="b", order=2)
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    row = await routing.core.talk()
    assert (row.team, sorted(row.labels)) == (SALES, ["a", "b"])
    assert row.routed is not None
    assert (row.routed.rule, row.routed.name) == ("a", "Luật a")


async def test_a_late_tag_runs_its_rules_once_and_moves_what_nobody_took(routing: Routing) -> None:
    await routing.rule("tagged", COMPLAINT, ToTeam(to=SALES), Label(add=("khiếu nại",)))
    await routing.begin()
    message = await routing.core.hears("hàng hỏng rồi", "m1")
    await routing.turn()
    await routing.tagged(message)
    await routing.turn()
    await routing.tagged(message)
    await routing.turn()
    assert (await routing.team_of(), len(await routing.acts())) == (SALES, 1)
    assert [one for one in await routing.changes() if one[0] == "labelled"] == [("labelled", "khiếu nại", "r1")]


async def test_a_late_tag_does_not_move_what_somebody_took(routing: Routing) -> None:
    await routing.rule("tagged", COMPLAINT, ToTeam(to=SALES), Label(add=("khiếu nại",)))
    await routing.begin()
    message = await routing.core.hears("hàng hỏng rồi", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))
    await routing.tagged(message)
    await routing.turn()
    assert (await routing.team_of(), await routing.agent_of()) == (CARE, LAN.id)
    assert await routing.outcomes() == [("Somebody took it already.", "done")]


async def test_a_late_tag_does_not_move_what_somebody_answered(routing: Routing) -> None:
    await routing.rule("tagged", COMPLAINT, ToTeam(to=SALES))
    await routing.begin()
    message = await routing.core.hears("hàng hỏng rồi", "m1")
    await routing.core.replies("Dạ em xem ngay", seen=message.seq)
    await routing.tagged(message)
    await routing.turn()
    assert (await routing.team_of(), await routing.outcomes()) == (CARE, [("It is answered already.",)])


async def test_what_somebody_placed_by_hand_stays_there(routing: Routing) -> None:
    await routing.rule("arrived", Words(any=("giá",)), ToTeam(to=SALES))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(team=None))
    await routing.core.changer.apply(LAN, talk(), Wish(team=CARE))
    await routing.core.hears("giá bao nhiêu", "m2")
    await routing.turn()
    assert (await routing.team_of(), await routing.outcomes()) == (CARE, [("Somebody gave it to its team by hand.",)])


async def test_whoever_wants_no_more_messages_is_heard_whatever_anybody_did(routing: Routing) -> None:
    await routing.rule("tagged", HasIntent(any_of=("stop_messages",)), ToTeam(to=SALES), Label(add=("dừng",)))
    await routing.begin()
    message = await routing.core.hears("đừng nhắn nữa", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))
    await routing.core.replies("Dạ", seen=message.seq)
    await routing.tagged(message, "stop_messages")
    await routing.turn()
    assert (await routing.team_of(), (await routing.core.talk()).labels) == (SALES, ("dừng",))


async def test_an_answer_goes_out_once_in_the_customers_language_and_they_still_wait(routing: Routing) -> None:
    await routing.rule("arrived", Reply(text={"vi": "Dạ em nhận được rồi ạ", "en": "Got it"}))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    await routing.core.deliver()
    assert await routing.core.words() == ["chào", "Dạ em nhận được rồi ạ"]
    row = await routing.core.talk()
    assert row.waiting is not None
    assert row.read == 0
    assert (await routing.core.log())[-1].author.name == "Mộc An"  # the customer reads it
    assert routing.core.channel.texts == ["Dạ em nhận được rồi ạ"]


async def test_it_does_not_answer_after_somebody_did(routing: Routing) -> None:
    await routing.rule("arrived", Reply(text={"vi": "Dạ"}))
    await routing.begin()
    message = await routing.core.hears("chào", "m1")
    await routing.core.replies("Em chào chị", seen=message.seq)
    await routing.turn()
    assert await routing.core.words() == ["chào", "Em chào chị"]
    assert [one[0].endswith("answered after you began to write.") for one in await routing.outcomes()] == [True]


async def test_two_machines_do_not_talk_for_ever(routing: Routing) -> None:
    await routing.rule("arrived", Reply(text={"vi": "Dạ"}))
    await routing.begin()
    for number in range(6):
        await routing.core.hears("máy đây", f"m{number}")
        await routing.turn()
    assert (await routing.core.words()).count("Dạ") == 3


async def test_a_machines_words_are_not_answered(routing: Routing) -> None:
    await routing.rule("arrived", Reply(text={"vi": "Dạ"}), Note(text="máy"))
    await routing.begin()
    await routing.core.hears("Tôi đang nghỉ phép", "m1", auto=True)
    await routing.turn()
    assert await routing.outcomes() == [("A machine wrote that.", "done")]


async def test_history_triggers_nothing(routing: Routing) -> None:
    await routing.rule("arrived", Label(add=("a",)))
    await routing.begin()
    await routing.core.hears("năm ngoái", "m1", history=True)
    await routing.turn()
    assert await routing.acts() == []


async def test_read_again_after_a_crash_everything_is_done_once(routing: Routing) -> None:
    await routing.rule("arrived", ToTeam(to=SALES), Label(add=("a",)), Note(text="chú ý"), Reply(text={"vi": "Dạ"}))
    await routing.begin()
    cursor = await routing.core.store.cursors.get("routing-events")
    await routing.core.hears("chào", "m1")
    await routing.turn()
    log = await routing.core.log()
    assert cursor is not None
    await routing.core.store.cursors.move("routing-events", cursor, routing.core.clock())  # the cursor was not written
    for act in await routing.acts():  # nor was it written that they are done
        await routing.core.store.acts.later(act.id, routing.core.clock(), 0, ())
    second = routing.another("two")
    await routing.core.bus.give_up("routing", "one")
    await second.book.keep_up()
    await second.turn()
    routing.core.clock.now += dt.timedelta(seconds=60)  # type: ignore[attr-defined]  # a test's Clock can be set
    await routing.core.bus.give_up("routing-acts", "one")
    await second.turn()
    assert [one.id for one in await routing.core.log()] == [one.id for one in log]
    assert [one.due for one in await routing.acts()] == [None]


async def test_what_a_crash_left_between_the_row_and_its_entry_is_logged(routing: Routing) -> None:
    rule = await routing.rule("arrived", ToTeam(to=SALES))
    await routing.begin()
    message = await routing.core.hears("chào", "m1")
    routed = {"rule": rule.id, "name": rule.name, "cause": message.id, "at": routing.core.clock()}
    await routing.core.store.conversations.change(talk(), {"team": SALES, "routed": routed})
    await routing.turn()
    assert await routing.changes() == [("team", SALES, "r1")]


async def test_an_act_of_a_dead_process_is_done_by_the_next(routing: Routing) -> None:
    await routing.rule("arrived", Note(text="chú ý"))
    await routing.begin()
    message = await routing.core.hears("chào", "m1")
    await routing.planner.plan(
        routing.book.current,
        [Happened(trigger="arrived", cause=message.id, conversation=talk(), message=message.id)],
    )
    routing.core.clock.now += dt.timedelta(seconds=10)  # type: ignore[attr-defined]  # a test's Clock can be set
    await routing.turn()
    assert (await routing.core.words(), len(await routing.acts())) == (["chào", "chú ý"], 1)


async def test_rules_do_not_call_each_other_for_ever(routing: Routing) -> None:
    agent = await routing.agent("hoa")
    await routing.rule("arrived", ToAgent(to=agent), id="a")
    await routing.rule("assigned", ToTeam(to=SALES), id="b")
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    await routing.turn()
    assert [one.rule for one in await routing.acts()] == ["a"]


async def test_assigned_and_resolved_by_a_person_have_their_rules(routing: Routing) -> None:
    await routing.rule("assigned", Label(add=("có người",)), id="a")
    await routing.rule("resolved", HasLabel(any_of=("có người",)), ToTeam(to=SALES), id="b")
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))
    await routing.turn()
    await routing.core.changer.apply(LAN, talk(), Wish(state="resolved"))
    await routing.turn()
    assert ([one.rule for one in await routing.acts()], await routing.team_of()) == (["a", "b"], SALES)


async def test_rules_know_the_person(routing: Routing) -> None:
    await routing.rule("arrived", AtStage(any_of=("lead",)), Label(add=("tiềm năng",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    row = await routing.core.talk()
    await routing.core.store.contacts.change(row.contact, {"facts.stage": "lead"})
    await routing.core.hears("em muốn mua", "m2")
    await routing.turn()
    assert ((await routing.core.talk()).labels, len(await routing.acts())) == (("tiềm năng",), 1)


async def test_a_change_of_the_person_has_its_rules(routing: Routing) -> None:
    await routing.rule("contact_changed", AtStage(any_of=("lead",)), SetPriority(to="high"))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    row = await routing.core.talk()
    await routing.core.store.contacts.change(row.contact, {"facts.stage": "lead"})
    told = contact_changed(row.contact, {"facts": {"stage": "lead"}})
    await routing.core.announcer.announce([told], routing.core.clock())
    await routing.turn()
    assert (await routing.core.talk()).priority == "high"


async def test_a_refused_answer_has_its_rules(routing: Routing) -> None:
    await routing.rule("refused", Label(add=("gửi hỏng",)), Note(text="Gọi điện cho khách."))
    await routing.begin()
    message = await routing.core.hears("chào", "m1")
    routing.core.channel.script.append(Refused("Khách đã chặn bot."))
    await routing.core.replies("Dạ", seen=message.seq)
    await routing.core.deliver()
    await routing.turn()
    assert (await routing.core.talk()).labels == ("gửi hỏng",)


async def test_silence_is_found_once_for_each(routing: Routing) -> None:
    await routing.rule("idle", Label(add=("im lặng",)), Note(text="Nhắc khách."), after_minutes=60)
    await routing.begin()
    message = await routing.core.hears("chào", "m1")
    await routing.core.replies("Dạ", seen=message.seq)
    await routing.turn()
    assert await routing.acts() == []
    for minutes in (61, 1, 30):
        routing.core.clock.now += dt.timedelta(minutes=minutes)
        await routing.turn()
    assert ([one.when for one in await routing.acts()], (await routing.core.talk()).labels) == (["idle"], ("im lặng",))


async def test_a_snooze_until_opening_has_its_end(routing: Routing) -> None:
    await routing.rule("arrived", Snooze(minutes=30))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    row = await routing.core.talk()
    assert (row.state, row.snoozed_until is not None) == ("snoozed", True)


async def test_only_one_process_follows_at_a_time(routing: Routing) -> None:
    await routing.rule("arrived", Label(add=("a",)))
    await routing.begin()
    second = routing.another("two")
    await second.book.keep_up()
    await second.turn()
    assert second.following._head is None


async def test_without_rules_nothing_is_followed(routing: Routing) -> None:
    await routing.core.hears("chào", "m1")
    await routing.turn()
    assert (routing.following._head, await routing.core.store.cursors.get("routing-events")) == (None, None)


async def test_a_form_that_a_redo_tells_again_was_sent_once(routing: Routing) -> None:
    await routing.rule("form_sent", Label(add=("đã cho số",)))
    await routing.begin()
    core = routing.core
    await core.hears("chào", "m1")
    form = await core.keep(InboundProfile(sender=From(value="u1"), phone="0901234567"), external="p")
    await core.take_in()
    await core.store.arrivals.release([(await core.store.arrivals.by_ids([form]))[form]], core.clock())
    await core.take_in()
    await routing.turn()
    assert [one.type for one in await core.told()].count("form.sent") == 2
    assert len(await routing.acts()) == 1


async def test_a_form_that_was_sent_and_a_rating_have_their_rules(routing: Routing) -> None:
    await routing.rule("form_sent", Label(add=("đã cho số",)), id="a")
    await routing.rule("rated", Rating(at_most=2), SetPriority(to="high"), id="b")
    await routing.begin()
    await routing.core.hears("chào", "m1")
    row = await routing.core.talk()
    await routing.core.announcer.announce([form_sent(row.contact, ArrivalId("shop:form"))], routing.core.clock())
    for index, stars in enumerate(("5", "1")):
        rated = msgspec.structs.replace(
            (await routing.core.log())[0],
            id=MessageId(f"rated{index}"),
            kind="event",
            seq=row.head + 1 + index,
            change=Change(verb="rated", to=stars),
        )
        await routing.core.store.messages.append([rated], journaled=True)
        await routing.core.announcer.announce([message_added(rated)], routing.core.clock())
    await routing.turn()
    assert [(one.rule, one.cause) for one in await routing.acts() if one.rule == "b"] == [("b", "rated1")]
    assert ((await routing.core.talk()).labels, (await routing.core.talk()).priority) == (("đã cho số",), "high")


async def test_a_conversation_that_comes_back_after_it_was_resolved_is_opened_once_each_time(routing: Routing) -> None:
    await routing.rule("opened", Label(add=("mới",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    for number in (2, 4):
        await routing.core.changer.apply(LAN, talk(), Wish(state="resolved"))
        await routing.core.hears("em hỏi thêm", f"m{number}")
        await routing.core.hears("alo", f"m{number + 1}")
        await routing.turn()
    row = await routing.core.talk()
    causes = [one.cause for one in await routing.acts()]
    assert [await said(routing, one) for one in causes[1:]] == ["em hỏi thêm", "em hỏi thêm"]
    assert (causes[0], len(set(causes)), row.state) == (talk(), 3, "open")


async def test_one_that_wakes_from_a_snooze_is_not_opened_anew(routing: Routing) -> None:
    await routing.rule("opened", Label(add=("mới",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    later = routing.core.clock() + dt.timedelta(hours=1)
    await routing.core.changer.apply(LAN, talk(), Wish(state="snoozed", snoozed_until=later))
    await routing.core.hears("alo", "m2")
    await routing.turn()
    assert len(await routing.acts()) == 1


async def said(routing: Routing, id_: str) -> str:
    return (await routing.core.store.messages.by_ids([MessageId(id_)]))[0].text
