"""By mail: an answer that stays unread follows to a proved address, once; an answer to it returns to the chat."""

import datetime as dt

import msgspec
import pytest

from channels.base import RawArrival
from hub.departures.by_mail import ByMail
from hub.errors import Refused, Retry, Unknown
from hub.inbound import From, InboundIdentity, InboundMessage, InboundProfile, InboundReceipt
from hub.model import Account, AccountId, Message, Sent
from hub.people.mailable import address_of, confirm
from tests.hub.core import START, Clock, Core, talk
from tests.hub.scripted import Scripted

BOX = AccountId("box")
HOA = From(value="u1")


class Posting(Scripted):
    kind = "email"


@pytest.fixture
def post(core: Core) -> Posting:
    """The shop's mailbox."""
    made = Posting()
    core.channels["email"] = made
    return made


@pytest.fixture
async def mails(core: Core, channel: Scripted, post: Posting) -> ByMail:
    """A chat whose unread answers follow by mail, and a customer who has written there."""
    channel.limits = msgspec.structs.replace(channel.limits, mailed=True)
    await core.store.accounts.add(Account(id=BOX, kind="email", name="Hộp thư", at=START))
    await core.hears("Còn hàng không?", "m1", name="Hoa")
    return ByMail(
        core.store, core.bus, core.announcer, core.accounts, core.channels, core.clock, lambda one: f"link:{one.to}"
    )


async def proved(core: Core) -> None:
    contact = (await core.talk()).contact
    await core.announcer.announce(
        await confirm(core.store, contact, "Hoa@Example.com", "confirmation link", core.clock()), core.clock()
    )


async def answered(core: Core, *texts: str) -> list[Message]:
    made = [await core.replies(text, seen=(await core.talk()).head) for text in texts]
    await core.deliver()
    return made


async def verbs(core: Core) -> list[str]:
    return [one.change.verb for one in await core.log() if one.change is not None]


async def test_what_stays_unread_for_ten_minutes_follows_once(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await proved(core)
    [reply] = await answered(core, "Dạ còn ạ")
    for pause_s in (9 * 60, 2 * 60, 60 * 60):
        clock.pass_s(pause_s)
        await mails.step()

    assert [to for to, _ in post.calls] == ["hoa@example.com"]
    part = post.parts[0]
    assert (part.message, part.conversation, part.subject) == (reply.id, talk(), "Mộc An đã trả lời anh/chị")
    assert part.text.startswith("Dạ còn ạ\n\n—\n")
    assert await verbs(core) == ["mailed"]
    assert (await core.talk()).head == 3


async def test_what_was_read_meanwhile_does_not_follow(core: Core, mails: ByMail, post: Posting, clock: Clock) -> None:
    await proved(core)
    await answered(core, "Dạ còn ạ")
    await core.keep(InboundReceipt(thread="u1", state="read", seq=2), external="r1")
    await core.take_in()
    clock.pass_s(11 * 60)
    await mails.step()

    assert post.calls == []
    assert await core.count("mailings") == 0


async def test_nothing_follows_to_an_address_that_nobody_proved(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    await mails.step()

    assert post.calls == []


async def test_several_answers_share_a_mail(core: Core, mails: ByMail, post: Posting, clock: Clock) -> None:
    await proved(core)
    await answered(core, "Dạ còn ạ", "Giá 120k ạ")
    clock.pass_s(11 * 60)
    await mails.step()

    assert [text.split("\n\n—")[0] for text in post.texts] == ["Dạ còn ạ\n\nGiá 120k ạ"]


async def test_what_was_written_before_the_address_was_proved_follows_too(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await answered(core, "Dạ còn ạ")
    clock.pass_s(30 * 60)
    await proved(core)
    await mails.step()

    assert [to for to, _ in post.calls] == ["hoa@example.com"]


async def test_an_identity_that_the_site_signed_proves_its_address(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await core.keep(InboundIdentity(sender=HOA, user="hoa", email="hoa@example.com"), external="i1")
    await core.take_in()
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    await mails.step()

    assert [to for to, _ in post.calls] == ["hoa@example.com"]


async def test_an_answer_to_the_mail_returns_to_the_chat(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await proved(core)
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    post.script.append(Sent(external="<ours@shop>"))
    await mails.step()
    back = InboundMessage(
        external="<2@a>",
        thread="<2@a>",
        sender=From(value="hoa@example.com", name="Hoa"),
        to="hoa@example.com",
        at=clock(),
        order=1,
        text="Lấy một cái",
        known_as=("<2@a>",),
        answers=("<ours@shop>",),
    )
    box = await core.accounts.get(BOX)
    assert box is not None
    raw = RawArrival(external="<2@a>", lane="x", body=msgspec.json.encode([back]))
    await core.door.keep(box, [raw])
    await core.intake.process([f"{BOX}:x"], lambda _: None)
    entry = (await core.log())[-1]

    assert (entry.text, entry.channel, entry.author.name) == ("Lấy một cái", "email", "Hoa")
    assert entry.author.id == (await core.talk()).contact
    assert (await core.talk()).to == "u1"


@pytest.mark.parametrize(
    ("answer", "verb", "calls"),
    [
        (Refused("There is no such mailbox."), "mail_refused", 1),
        (Unknown("The connection broke."), "mail_unknown", 1),
        (Retry("Greylisted.", after_s=60), "mailed", 2),
    ],
    ids=["refused", "unknown", "retry"],
)
async def test_an_ending_is_said_in_the_log(
    core: Core, mails: ByMail, post: Posting, clock: Clock, answer: Exception, verb: str, calls: int
) -> None:
    await proved(core)
    await answered(core, "Dạ còn ạ")
    post.script.append(answer)
    for _ in range(3):
        clock.pass_s(11 * 60)
        await mails.step()

    assert (await verbs(core), len(post.calls)) == ([verb], calls)


async def test_what_was_lost_with_its_process_never_leaves_again(
    core: Core, mails: ByMail, post: Posting, clock: Clock
) -> None:
    await proved(core)
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    [row] = await core.store.mailings.due(clock(), 10)
    await core.store.mailings.leaving(row, clock() + dt.timedelta(minutes=5))
    clock.pass_s(11 * 60)
    await mails.step()

    assert post.calls == []
    assert await verbs(core) == ["mail_unknown"]


async def test_a_claimed_address_is_asked_once_a_day(core: Core, mails: ByMail, post: Posting, clock: Clock) -> None:
    for number in range(3):
        await core.keep(InboundProfile(sender=HOA, email="hoa@example.com"), external=f"p{number}")
        await core.take_in()
        await mails.step()
    asked = list(post.calls)
    clock.pass_s(25 * 3600)
    await mails.step()
    await core.keep(InboundProfile(sender=HOA, email="hoa@example.com"), external="p9")
    await core.take_in()
    await mails.step()

    assert ([to for to, _ in asked], len(post.calls)) == (["hoa@example.com"], 2)
    assert "link:hoa@example.com" in post.texts[0] and post.parts[0].auto


async def test_what_is_no_address_is_not_asked(core: Core, mails: ByMail, post: Posting) -> None:
    await core.keep(InboundProfile(sender=HOA, email="hoa at example"), external="p1")
    await core.take_in()
    await mails.step()

    assert post.calls == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Hoa@Example.com ", "hoa@example.com"),
        ("a@b", None),
        ("a@b.c\nBcc: x@y.z", None),
        ("<a@b.c>", None),
        ("a@b.c, d@e.f", None),
        (None, None),
    ],
)
def test_an_address_is_one_plain_address(typed: str | None, address: str | None) -> None:
    assert address_of(typed) == address


async def test_without_a_mailbox_it_waits(core: Core, mails: ByMail, post: Posting, clock: Clock) -> None:
    await core.store.accounts.change(BOX, {"on": False})
    core.accounts.forget()
    await proved(core)
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    await mails.step()
    await core.store.accounts.change(BOX, {"on": True})
    core.accounts.forget()
    clock.pass_s(2 * 3600)
    await mails.step()

    assert len(post.calls) == 1


async def test_the_demos_mailbox_carries_nobodys_words(core: Core, mails: ByMail, post: Posting, clock: Clock) -> None:
    await core.store.accounts.change(BOX, {"settings": {"demo": True}})
    core.accounts.forget()
    await proved(core)
    await answered(core, "Dạ còn ạ")
    clock.pass_s(11 * 60)
    await mails.step()

    assert post.calls == []
    assert await core.count("mailings") == 1


async def test_a_proved_address_is_the_persons_in_the_ledger(core: Core, mails: ByMail) -> None:
    await proved(core)
    contact = (await core.talk()).contact
    known = {one.channel: one for one in await core.store.addresses.of_contacts([contact])}

    assert (known["email"].value, known["email"].verified) == ("hoa@example.com", "confirmation link")
