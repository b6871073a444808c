"""Threading: a message joins the conversation that it proves to belong to; a forged reference reaches nobody's."""

from typing import Any

from hub.inbound import From, InboundMessage
from hub.model import ConversationId, Sent
from hub.people.resolve import Sighting
from hub.store.links import Link, link_id
from tests.hub.core import SHOP, Clock, Core, talk
from tests.hub.scripted import Scripted, said


def mail(text: str, id_: str, who: str, clock: Clock, **more: Any) -> InboundMessage:
    """A mail is a thread of its own, until it says what it answers."""
    sender = From(value=f"{who}@shop.example", name=who.title(), verified="platform")
    at = clock.pass_s(1)
    return InboundMessage(
        external=f"{id_}#0123",
        known_as=(id_,),
        thread=id_,
        sender=sender,
        to=sender.value,
        at=at,
        order=int(at.timestamp() * 1_000_000),
        text=text,
        subject=more.pop("subject", "Hỏi hàng"),
        **more,
    )


async def arrive(core: Core, *mails: InboundMessage) -> None:
    """They come in one batch."""
    for one in mails:
        await core.keep(one)
    await core.triage.process(await core.take_in())


async def test_an_answer_to_the_senders_own_message_joins_its_conversation(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Còn hàng không", "<1@a>", "hoa", clock))
    await arrive(core, mail("Shop ơi", "<2@a>", "hoa", clock, answers=("<unknown@a>", "<1@a>")))

    assert await core.words("<1@a>") == ["Còn hàng không", "Shop ơi"]
    assert await core.count("conversations") == 1


async def test_of_one_batch_the_answer_joins_what_came_just_before(core: Core, clock: Clock) -> None:
    first = mail("Còn hàng không", "<1@a>", "hoa", clock)
    second = mail("Shop ơi", "<2@a>", "hoa", clock, answers=("<1@a>",))
    await arrive(core, first, second, mail("Alo", "<3@a>", "hoa", clock, answers=("<2@a>",)))

    assert await core.words("<1@a>") == ["Còn hàng không", "Shop ơi", "Alo"]
    assert await core.numbers("<1@a>") == [1, 2, 3]


async def test_an_answer_to_our_message_joins_from_any_address(core: Core, channel: Scripted, clock: Clock) -> None:
    await arrive(core, mail("Còn hàng không", "<1@a>", "hoa", clock))
    channel.script.append(Sent(external="<ours@shop>"))
    await core.replies("Dạ còn ạ", seen=1, who="<1@a>")
    await core.deliver("<1@a>")
    await core.store.links.add([await our_link(core, "<ours@shop>")])
    await arrive(core, mail("Lấy một cái", "<2@b>", "hoa.work", clock, answers=("<ours@shop>",)))

    assert await core.words("<1@a>") == ["Còn hàng không", "Dạ còn ạ", "Lấy một cái"]
    assert (await core.log("<1@a>"))[-1].author.name == "Hoa.Work"


async def our_link(core: Core, external: str) -> Link:
    ours = (await core.log("<1@a>"))[-1]
    return Link(id=link_id(SHOP, external), message=ours.id, conversation=ours.conversation, ours=True)


async def test_a_forged_reference_does_not_reach_somebody_elses_conversation(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Địa chỉ của em là …", "<1@a>", "hoa", clock))
    await arrive(core, mail("Đổi số tài khoản giúp em", "<2@evil>", "mallory", clock, answers=("<1@a>",)))

    assert await core.words("<1@a>") == ["Địa chỉ của em là …"]
    assert await core.words("<2@evil>") == ["Đổi số tài khoản giúp em"]


async def test_whoever_got_the_message_too_may_answer_it(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Còn hàng không", "<1@a>", "hoa", clock, everyone=("nam@shop.example",)))
    await arrive(core, mail("Em cũng hỏi", "<2@b>", "nam", clock, answers=("<1@a>",)))

    assert [(one.author.name, one.text) for one in await core.log("<1@a>")] == [
        ("Hoa", "Còn hàng không"),
        ("Nam", "Em cũng hỏi"),
    ]
    assert (await core.talk("<1@a>")).to == "nam@shop.example"


async def test_a_token_of_ours_leads_back_to_its_conversation(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await arrive(core, mail("Trả lời qua thư", "<9@a>", "hoa", clock, conversation=talk("u1")))

    assert await core.words("u1") == ["Chào shop", "Trả lời qua thư"]
    assert (await core.log("u1"))[-1].author.id == (await core.talk("u1")).contact


async def test_a_token_of_no_conversation_opens_one(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Chào", "<9@a>", "hoa", clock, conversation=ConversationId("v_gone")))

    assert await core.words("<9@a>") == ["Chào"]


async def test_a_conversation_knows_how_it_is_answered(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Còn hàng không", "<1@a>", "hoa", clock, everyone=("nam@shop.example",)))
    await arrive(core, mail("Alo", "<2@a>", "hoa", clock, answers=("<1@a>",), subject="Re: Hỏi hàng"))
    conversation = await core.talk("<1@a>")

    assert (conversation.subject, conversation.everyone, conversation.to) == ("Re: Hỏi hàng", (), "hoa@shop.example")
    assert conversation.answers == ("<2@a>", "<1@a>")


async def test_an_absence_note_takes_nobodys_next_answer(core: Core, clock: Clock) -> None:
    await arrive(core, mail("Còn hàng không", "<1@a>", "hoa", clock, everyone=("nam@shop.example",)))
    await arrive(core, mail("Tôi đang nghỉ phép", "<2@b>", "nam", clock, answers=("<1@a>",), auto=True))
    conversation = await core.talk("<1@a>")

    assert await core.words("<1@a>") == ["Còn hàng không", "Tôi đang nghỉ phép"]
    assert (conversation.to, conversation.everyone) == ("hoa@shop.example", ("nam@shop.example",))
    assert conversation.answers == ("<1@a>",)


async def test_an_absence_note_of_the_same_batch_does_not_either(core: Core, clock: Clock) -> None:
    first = mail("Còn hàng không", "<1@a>", "hoa", clock, everyone=("nam@shop.example",))
    await arrive(core, first, mail("Tôi đang nghỉ phép", "<2@b>", "nam", clock, answers=("<1@a>",), auto=True))

    assert (await core.talk("<1@a>")).to == "hoa@shop.example"


async def test_one_subject_is_no_reason_to_share_a_conversation(core: Core, clock: Clock) -> None:
    await arrive(core, mail("một", "<1@a>", "hoa", clock), mail("hai", "<2@a>", "hoa", clock))

    assert await core.count("conversations") == 2


async def test_mails_of_one_person_stand_under_one_contact(core: Core, clock: Clock) -> None:
    await arrive(core, mail("một", "<1@a>", "hoa", clock), mail("hai", "<2@a>", "hoa", clock))
    account = await core.account()
    address = Sighting(account=account, sender=From(value="hoa@shop.example"), at=clock()).address
    known = (await core.store.addresses.by_ids([address]))[address]

    assert {(await core.talk(thread)).contact for thread in ("<1@a>", "<2@a>")} == {known.contact}


async def test_an_answer_logged_again_stays_where_it_is(core: Core, clock: Clock) -> None:
    await arrive(core, mail("một", "<1@a>", "hoa", clock))
    await arrive(core, mail("hai", "<2@a>", "hoa", clock, answers=("<1@a>",)))
    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()

    assert (await core.words("<1@a>"), await core.numbers("<1@a>")) == (["một", "hai"], [1, 2])
    assert await core.count("messages") == 2


async def test_words_of_a_widget_ask_nothing_of_links(core: Core, clock: Clock) -> None:
    await core.keep(said("Chào shop", "m1", at=clock(), client_id="c1"))
    await core.take_in()

    assert await core.count("links") == 0
    assert (await core.talk()).answers == ()
