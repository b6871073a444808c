"""The whole way through real servers: Postfix takes a mail, Dovecot has it, the listener finds it, and what bounces."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing

import msgspec
import pytest

from channels.base import RawArrival
from channels.email import Email, tokens, wire
from channels.email.listening.listen import Pace, listen
from channels.email.oauth import Tokens
from channels.fakes.smtp import FakeSmtp
from hub.errors import Refused
from hub.ids import arrival_id
from hub.inbound import Inbound, InboundMessage, InboundReach, InboundReceipt
from hub.model import Account, Arrival, Attachment
from tests.channels.email.accounts import CONVERSATION, MESSAGE, at_fake_smtp, at_mail_house, house, part
from tests.channels.email.mail_house import MailHouse


@pytest.fixture
async def email() -> AsyncIterator[Email]:
    email = Email()
    email.borrow(house({"hash": b"%PDF"}, lambda: dt.datetime.now(dt.UTC))[0])
    yield email
    await email.close()


async def next_mail(account: Account) -> RawArrival:
    """The first one that is in the mailbox, or that comes."""
    async with aclosing(listen(account, None, Tokens(), None, Pace(idle_s=5.0))) as batches:
        async for batch in batches:
            if batch.arrivals:
                return batch.arrivals[0]
    raise AssertionError("it ended")


def meant(email: Email, account: Account, raw: RawArrival) -> list[Inbound]:
    arrival = Arrival(
        id=arrival_id(account.id, raw.external),
        account=account.id,
        channel="email",
        external=raw.external,
        lane=raw.lane,
        order=raw.order or 0,
        at=dt.datetime.now(dt.UTC),
        body=raw.body,
        digest=hashlib.sha256(raw.body).hexdigest(),
        headers=raw.headers,
    )
    return email.normalise(account, arrival)


async def test_an_answer_gets_there_and_its_answer_comes_back_to_the_conversation(
    email: Email, post_house: MailHouse
) -> None:
    shop, customer = at_mail_house(post_house, "shop", name="Mộc An"), at_mail_house(post_house, "khach")
    file = Attachment(file="hash", name="hoá đơn.pdf", mime="application/pdf", bytes=4)
    await email.send(shop, "khach@example.test", part(subject="Hỏi giá", attachments=(file,)))

    (got,) = meant(email, customer, await next_mail(customer))
    assert isinstance(got, InboundMessage)
    assert (got.text.strip(), got.subject, got.sender.name) == ("Dạ shop còn size M ạ", "Hỏi giá", "Mộc An")
    assert [(one.name, one.data) for one in got.files] == [("hoá đơn.pdf", b"%PDF")]
    assert tokens.conversation_of(got.to, "t0ken") == CONVERSATION

    await email.send(customer, got.to, part("Em lấy một cái nhé", answers=(got.external,), subject=got.subject))
    (back,) = meant(email, shop, await next_mail(shop))
    assert isinstance(back, InboundMessage)
    assert (back.text.strip(), back.conversation, back.subject) == ("Em lấy một cái nhé", CONVERSATION, "Re: Hỏi giá")


async def test_postfixs_bounce_names_the_message_and_the_recipient(email: Email, post_house: MailHouse) -> None:
    shop = at_mail_house(post_house, "tra")
    async with FakeSmtp(port=post_house.ports["far"]) as far:
        far.refused["gone@bounce.test"] = "550 5.1.1 no such user"
        await email.send(shop, "gone@bounce.test", part())
        inbounds = meant(email, shop, await next_mail(shop))

    receipts = [one for one in inbounds if isinstance(one, InboundReceipt)]
    assert [(one.state, one.message, one.to) for one in receipts] == [("refused", MESSAGE, "gone@bounce.test")]
    assert [one.sender.value for one in inbounds if isinstance(one, InboundReach)] == ["gone@bounce.test"]
    assert not any(isinstance(one, InboundMessage) for one in inbounds)


async def test_what_postfix_refuses_at_once_is_told_in_its_words(email: Email, post_house: MailHouse) -> None:
    with pytest.raises(Refused, match="nothing leaves this machine"):
        await email.send(at_mail_house(post_house, "shop"), "ai@elsewhere.test", part())


async def test_long_ids_pass_postfix_as_they_are(email: Email, post_house: MailHouse) -> None:
    long = "z" * 150 + "@mail.prod.outlook.example.test"
    await email.send(at_mail_house(post_house, "shop"), "dai@example.test", part(answers=(long, "first@x.test")))
    raw = await next_mail(at_mail_house(post_house, "dai"))

    assert f"In-Reply-To: <{long}>\r\n".encode() in raw.body
    assert f"References: <first@x.test>\r\n <{long}>\r\n".encode() in raw.body


async def test_a_mailbox_that_works_has_nothing_to_say(email: Email, post_house: MailHouse) -> None:
    assert await email.check(at_mail_house(post_house, "shop")) is None


async def test_a_mailbox_that_receives_and_cannot_send_says_so(email: Email, post_house: MailHouse) -> None:
    account = at_mail_house(post_house, "shop")
    secrets = msgspec.structs.replace(wire.secrets_of(account), smtp_password="wrong")
    account = msgspec.structs.replace(account, secrets=msgspec.json.encode(secrets))

    assert "localhost does not accept the user name shop" in str(await email.check(account))


async def test_a_copy_of_what_was_sent_lies_in_the_sent_folder_when_the_owner_wants_it(
    email: Email, post_house: MailHouse
) -> None:
    account = at_mail_house(post_house, "luu", save_sent=True)
    everyone = ("a@example.test", "b@example.test")
    for to in everyone:
        await email.send(account, to, part(everyone=everyone))
    raw = await next_mail(account)

    assert raw.headers[wire.FOLDER_KIND] == "sent" and raw.external.endswith(":1")
    (copy,) = meant(email, account, raw)
    assert isinstance(copy, InboundMessage)
    assert copy.elsewhere
    assert MESSAGE in {tokens.message_of(one, "t0ken") for one in copy.known_as}


async def test_a_copy_that_cannot_be_kept_changes_nothing_about_the_mail(email: Email) -> None:
    async with FakeSmtp() as server:
        account = at_fake_smtp(server, save_sent=True)  # it has no IMAP server at all
        assert (await email.send(account, "khach@elsewhere.test", part())).state == "sent"
        assert len(server.taken) == 1


async def test_a_mailbox_that_takes_no_copy_holds_up_no_mail(email: Email) -> None:
    """It answers nothing at all: the copy waits for its own limit, the send does not."""
    held: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    async with FakeSmtp() as server, silent:
        account = at_fake_smtp(server, save_sent=True)
        imap = {"host": "127.0.0.1", "port": silent.sockets[0].getsockname()[1], "security": "none", "user": "an"}
        account = msgspec.structs.replace(account, settings={**account.settings, "imap": imap})
        async with asyncio.timeout(4):
            assert (await email.send(account, "khach@elsewhere.test", part())).state == "sent"
        for one in held:
            one.close()
