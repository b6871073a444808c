"""A flow that a rule starts: one step for each message, kept answers, and whoever ends it."""

import datetime as dt

import msgspec

from hub.departures.change import MOST_LABELS, Wish
from hub.flow import Ask, Choice, Flow, Say
from hub.rule import Label, Reply, StartFlow, ToTeam
from tests.hub.bots.conftest import BRANCHING, Bots
from tests.hub.core import CARE, LAN, SALES, talk

HELLO = "Dạ em chào anh/chị.\n\nAnh/chị cần gì ạ?"
PHONE = "Cho em xin số điện thoại ạ."


async def test_a_rule_starts_a_flow_whose_first_words_are_one_message_with_its_choices(bots: Bots) -> None:
    await bots.begun()
    said = (await bots.core.log())[-1]
    assert (said.text, said.options, said.kind, said.auto) == (HELLO, ("Mua hàng", "Bảo hành"), "out", True)
    assert (said.author.kind, said.author.name) == ("bot", (await bots.core.account()).name)
    assert await bots.entries() == [("flow_started", "f1")]
    assert await bots.outcomes() == [("done",)]


async def test_each_answer_goes_one_step_on_until_a_team_has_it(bots: Bots) -> None:
    await bots.begun()
    await bots.says("mua hang", "m2")
    await bots.says("số em là 0912 345 678 nhé", "m3")
    row = await bots.core.talk()
    person = await bots.core.store.contacts.get(row.contact)
    assert await bots.spoken() == [HELLO, PHONE, "Dạ em chuyển nhân viên bán hàng."]
    assert (row.labels, row.team, row.waiting is not None) == (("mua",), SALES, True)
    assert person is not None
    assert person.facts["phone"] == "+84912345678"
    assert await bots.ended() == "handed_over"


async def test_a_choice_whose_label_finds_no_room_goes_on_all_the_same(bots: Bots) -> None:
    await bots.begun()
    await bots.core.changer.apply(LAN, talk(), Wish(add_labels=tuple(f"n{number}" for number in range(MOST_LABELS))))
    await bots.says("Mua hàng", "m2")
    assert (await bots.spoken())[-1] == PHONE


async def test_a_choice_leads_past_the_others_steps(bots: Bots) -> None:
    await bots.begun()
    await bots.says("Bảo hành!", "m2")
    row = await bots.core.talk()
    assert (row.team, row.labels) == (CARE, ())
    assert (await bots.spoken(), await bots.ended()) == ([HELLO], "handed_over")


async def test_it_speaks_the_language_of_the_message_that_began_it(bots: Bots) -> None:
    await bots.flow()
    await bots.opens(when="tagged")
    await bots.begin()
    message = await bots.core.hears("hello there", "m1")
    await bots.tagged(message, "greeting", language="en")
    await bots.turn()
    assert await bots.spoken() == ["Hello!\n\nHow can we help?"]


async def test_what_does_not_fit_is_asked_once_more_and_then_left_to_people(bots: Bots) -> None:
    await bots.begun()
    await bots.says("trời hôm nay đẹp", "m2")
    again = (await bots.spoken())[-1]
    await bots.says("ừ", "m3")
    assert again.endswith("Anh/chị cần gì ạ?")
    assert (len(await bots.spoken()), await bots.ended()) == (2, "lost")


async def test_what_the_customer_writes_beside_an_answer_is_no_answer_to_the_next_question(bots: Bots) -> None:
    await bots.begun()
    await bots.core.hears("Mua hàng", "m2")
    await bots.says("à mà shop ở đâu", "m3")
    assert await bots.spoken() == [HELLO, PHONE]


async def test_an_agents_answer_ends_it(bots: Bots) -> None:
    await bots.begun()
    await bots.core.replies("Dạ em Lan đây", seen=(await bots.core.talk()).head)
    await bots.turn()
    await bots.says("Mua hàng", "m2")
    assert (await bots.spoken(), await bots.ended()) == ([HELLO], "answered")


async def test_an_answer_at_the_same_moment_is_the_only_one(bots: Bots) -> None:
    await bots.begun()
    said = await bots.core.hears("Mua hàng", "m2")
    await bots.core.replies("Dạ em Lan đây", seen=said.seq)
    await bots.turn()
    assert (await bots.spoken(), await bots.ended()) == ([HELLO], "answered")


async def test_whoever_takes_the_conversation_ends_it_and_a_machine_that_gives_it_out_does_not(bots: Bots) -> None:
    await bots.begun()
    await bots.rule("arrived", ToTeam(to=SALES), id="r2")
    await bots.says("Mua hàng", "m2")
    assert await bots.spoken() == [HELLO, PHONE]
    await bots.core.changer.apply(LAN, talk(), Wish(agent=LAN.id))
    await bots.turn()
    await bots.says("0912345678", "m3")
    assert (await bots.spoken(), await bots.ended()) == ([HELLO, PHONE], "taken")


async def test_whoever_asks_for_a_person_gets_no_further_question_also_when_the_tag_comes_late(bots: Bots) -> None:
    await bots.begun()
    message = await bots.says("Mua hàng", "m2")
    await bots.tagged(message, "talk_to_human")
    await bots.turn()
    assert await bots.ended() is None  # it was one of the flow's own choices
    message = await bots.says("cho gặp người thật đi 0912345678", "m3x")
    assert await bots.ended() == "handed_over"
    await bots.tagged(message, "talk_to_human")
    await bots.turn()
    assert [verb for verb, _ in await bots.entries()] == ["flow_started", "flow_ended"]


async def test_a_late_tag_that_asks_for_a_person_ends_it(bots: Bots) -> None:
    await bots.begun()
    message = await bots.says("cho tôi nói chuyện với nhân viên", "m2")
    await bots.tagged(message, "talk_to_human", band="suggest")
    await bots.turn()
    await bots.says("Mua hàng", "m3")
    assert (len(await bots.spoken()), await bots.ended()) == (2, "person")


async def test_a_message_that_asks_for_a_person_starts_none(bots: Bots) -> None:
    await bots.flow()
    await bots.opens(when="tagged")
    await bots.begin()
    message = await bots.core.hears("gặp nhân viên", "m1")
    await bots.tagged(message, "talk_to_human")
    await bots.turn()
    assert (await bots.entries(), await bots.outcomes()) == ([], [("The customer asks for a person.",)])


async def test_a_day_of_silence_ends_it(bots: Bots) -> None:
    await bots.begun()
    bots.core.clock.now += dt.timedelta(days=1)  # type: ignore[attr-defined]  # a test's Clock can be set
    await bots.turn()
    await bots.says("Mua hàng", "m2")
    assert (await bots.spoken(), await bots.ended()) == ([HELLO], "silence")


async def test_one_that_is_switched_off_says_nothing_more(bots: Bots) -> None:
    await bots.begun()
    await bots.flow(on=False)
    await bots.says("Mua hàng", "m2")
    assert (await bots.spoken(), await bots.ended()) == ([HELLO], "off")


async def test_a_flow_that_is_edited_stays_as_it_was_where_it_has_begun(bots: Bots) -> None:
    await bots.begun()
    await bots.flow(Say(id="x", text={"vi": "khác"}))
    await bots.says("Mua hàng", "m2")
    assert await bots.spoken() == [HELLO, PHONE]


async def test_while_it_talks_no_rule_answers_and_no_other_flow_begins(bots: Bots) -> None:
    await bots.begun()
    await bots.flow(Say(id="x", text={"vi": "khác"}), id="f2")
    await bots.rule("arrived", Reply(text={"vi": "Dạ?"}), StartFlow(name="f2"), id="r2")
    await bots.says("Mua hàng", "m2")
    assert await bots.spoken() == [HELLO, PHONE]
    assert (await bots.outcomes())[-1] == ("A flow talks here.", "A flow talks here already.")


async def test_a_rule_answers_first_and_its_flow_goes_on_from_there(bots: Bots) -> None:
    await bots.flow()
    await bots.rule("opened", Reply(text={"vi": "Xin chào"}), StartFlow(name="Kịch bản f1"), Label(add=("bot",)))
    await bots.begin()
    await bots.says("alo", "m1")
    assert ((await bots.spoken()), await bots.outcomes()) == ([HELLO], [("done", "done", "done")])


async def test_a_machine_starts_no_flow_and_its_words_are_no_answer(bots: Bots) -> None:
    await bots.begun()
    await bots.core.hears("Mua hàng", "m2", auto=True)
    await bots.turn()
    assert await bots.spoken() == [HELLO]


async def test_a_flow_of_which_there_is_none_is_said_to_be_missing(bots: Bots) -> None:
    await bots.opens(flow="gone")
    await bots.begin()
    await bots.says("alo", "m1")
    assert await bots.outcomes() == [("There is no such flow, or it is switched off.",)]


async def test_it_begins_three_times_within_an_hour_at_most(bots: Bots) -> None:
    await bots.flow(Say(id="x", text={"vi": "Dạ"}))
    await bots.opens(when="arrived")
    await bots.begin()
    for number in range(5):
        await bots.says("alo", f"m{number}")
    assert await bots.spoken() == ["Dạ"] * 3


async def test_reading_the_same_events_again_says_and_keeps_nothing_twice(bots: Bots) -> None:
    await bots.begun()
    await bots.says("Mua hàng", "m2")
    before = await bots.core.log()
    told = len(await bots.core.told())
    await bots.core.store.cursors.move("routing-events", "0", bots.core.clock())
    again = Bots(bots.core, "two")
    await bots.core.bus.give_up("routing", "one")
    await again.book.keep_up()
    await again.turn()
    assert (await bots.core.log(), len(await bots.core.told())) == (before, told)


async def test_without_a_flow_under_way_nothing_is_read_for_it(bots: Bots) -> None:
    await bots.flow()
    await bots.begin()
    await bots.core.hears("alo", "m1")
    await bots.turn()
    assert (await bots.core.count("dialogues"), await bots.spoken()) == (0, [])


async def test_a_name_that_is_told_is_the_contacts(bots: Bots) -> None:
    ask = Ask(id="a", text={"vi": "Mình tên gì ạ?"}, keep="name")
    await bots.flow(ask, Ask(id="b", text={"vi": "Màu?"}, choices=(Choice(text={"vi": "Đỏ"}),), keep="note"))
    await bots.opens()
    await bots.begin()
    await bots.says("alo", "m1")
    await bots.says("  Chị  Hạnh ", "m2")
    await bots.says("đỏ", "m3")
    person = await bots.core.store.contacts.get((await bots.core.talk()).contact)
    assert person is not None
    assert (person.name, person.facts.get("note")) == ("Chị Hạnh", "đỏ")
    assert (await bots.core.talk()).name == "Chị Hạnh"


def test_a_flow_reads_as_it_was_written() -> None:
    flow = Flow(id="f", name="n", steps=BRANCHING)  # type: ignore[arg-type]  # any string is one
    assert msgspec.json.decode(msgspec.json.encode(flow), type=Flow) == flow
