"""Sending: one transaction for each recipient, and for each failure the right ending: again, refused, or unknown."""

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channels.email import tokens, wire
from channels.email.oauth import Tokens
from channels.email.sending import smtp
from channels.email.sending.compose import message_id
from channels.email.sending.outbound import Outbound, given_id
from channels.fakes.smtp import FakeSmtp, Fault, Moment
from hub.errors import Refused, Retry, Unknown
from hub.model import Account, Attachment, MessageId, Part, Sent
from tests.channels.email.accounts import MESSAGE, NOW, at_fake_smtp, house, part
from tests.channels.email.certificates import Authority

TO = "khach@elsewhere.test"


@pytest.fixture
async def server() -> AsyncIterator[FakeSmtp]:
    async with FakeSmtp() as server:
        yield server


@pytest.fixture
async def out() -> AsyncIterator[Outbound]:
    out = Outbound(Tokens())
    yield out
    await out.close()


async def send(out: Outbound, account: Account, one: Part | None = None, to: str = TO, **lent: Any) -> Sent:
    return await out.send(account, to, one or part(), house(**lent)[0], NOW)


# -- what leaves -------------------------------------------------------------------------------------------------------


async def test_a_mail_leaves_with_a_return_path_that_names_message_and_recipient(
    out: Outbound, server: FakeSmtp
) -> None:
    account = at_fake_smtp(server)
    sent = await send(out, account)

    (taken,) = server.taken
    back = tokens.returned(taken.sender, "t0ken")
    assert (taken.to, back) == (
        (TO,),
        tokens.Return(message=MESSAGE, recipient=tokens.recipient_mark(TO)),
    )
    assert sent == Sent(external=message_id(part(), wire.settings_of(account), wire.secrets_of(account)))
    assert f"Message-ID: <{sent.external}>".encode() in taken.mail


async def test_each_recipient_is_a_transaction_of_its_own_with_the_same_bytes(out: Outbound, server: FakeSmtp) -> None:
    everyone = (TO, "ban@elsewhere.test")
    server.refused["ban@elsewhere.test"] = "550 5.1.1 no such user"
    account = at_fake_smtp(server)
    await send(out, account, part(everyone=everyone))
    with pytest.raises(Refused, match=r"ban@elsewhere\.test was refused: 550 5\.1\.1 no such user"):
        await send(out, account, part(everyone=everyone), "ban@elsewhere.test")
    del server.refused["ban@elsewhere.test"]
    await send(out, account, part(everyone=everyone), "ban@elsewhere.test")

    first, second = server.taken
    assert first.mail == second.mail
    assert (first.to, second.to) == ((TO,), ("ban@elsewhere.test",))
    assert first.sender != second.sender


async def test_trap_26_another_try_has_the_same_message_id_and_the_same_bytes(out: Outbound, server: FakeSmtp) -> None:
    """What a crash between the server's 250 and our note sends twice, every mail program shows once."""
    account = at_fake_smtp(server)
    server.faults.append(Fault(at="AFTER"))
    with pytest.raises(Unknown):
        await send(out, account)
    await send(out, account)

    assert server.taken[0].mail == server.taken[1].mail


async def test_trap_27_long_references_leave_as_they_are(out: Outbound, server: FakeSmtp) -> None:
    long = "y" * 120 + "@mail.prod.outlook.example.test"
    await send(out, at_fake_smtp(server), part(answers=(long,)))

    assert f"\r\nIn-Reply-To: <{long}>\r\nReferences: <{long}>\r\n".encode() in server.taken[0].mail


async def test_a_connection_is_used_again_and_one_that_died_meanwhile_is_replaced(
    out: Outbound, server: FakeSmtp
) -> None:
    account = at_fake_smtp(server)
    await send(out, account)
    await send(out, account)
    assert server.connections == 1
    server.cut()
    await send(out, account)

    assert (server.connections, len(server.taken)) == (2, 3)


async def test_after_any_failure_the_connection_is_a_new_one(out: Outbound, server: FakeSmtp) -> None:
    account = at_fake_smtp(server)
    server.faults.append(Fault(at="RCPT", says="450 4.2.0 greylisted"))
    with pytest.raises(Retry):
        await send(out, account)
    await send(out, account)

    assert server.connections == 2


async def test_sends_at_the_same_time_share_no_connection(out: Outbound, server: FakeSmtp) -> None:
    account = at_fake_smtp(server)
    await asyncio.gather(*(send(out, account, to=f"k{number}@elsewhere.test") for number in range(8)))

    assert sorted(taken.to[0] for taken in server.taken) == [f"k{number}@elsewhere.test" for number in range(8)]


async def test_files_are_read_from_the_ledger(out: Outbound, server: FakeSmtp) -> None:
    files = (Attachment(file="hash", name="hoá đơn.pdf", mime="application/pdf", bytes=3),)
    await send(out, at_fake_smtp(server), part(attachments=files), files={"hash": b"pdf"})

    assert b"filename*=utf-8''ho%C3%A1%20%C4%91%C6%A1n.pdf" in server.taken[0].mail
    assert b"cGRm" in server.taken[0].mail


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (Attachment(file="", name="a.pdf", mime="application/pdf", bytes=3, state="failed"), "a.pdf is not here"),
        (Attachment(file="hash", name="a.pdf", mime="application/pdf", bytes=30_000_000), "25 MB"),
    ],
)
async def test_a_file_that_cannot_go_is_told(out: Outbound, server: FakeSmtp, file: Attachment, why: str) -> None:
    with pytest.raises(Refused, match=why):
        await send(out, at_fake_smtp(server), part(attachments=(file,)))
    assert server.taken == []


async def test_an_address_that_is_none_never_reaches_the_server(out: Outbound, server: FakeSmtp) -> None:
    with pytest.raises(Refused, match="no e-mail address"):
        await send(out, at_fake_smtp(server), to="a@exa\r\nmple.test")
    assert server.connections == 0


async def test_letters_with_marks_in_an_address_need_a_server_that_takes_them(out: Outbound, server: FakeSmtp) -> None:
    with pytest.raises(Refused, match="letters with marks"):
        await send(out, at_fake_smtp(server), to="hồng@elsewhere.test")
    server.smtputf8 = True
    await send(out, at_fake_smtp(server), to="hồng@elsewhere.test")

    assert [taken.to for taken in server.taken] == [("hồng@elsewhere.test",)]


async def test_a_mail_can_be_signed(out: Outbound, server: FakeSmtp) -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    secrets = wire.Secrets(token_secret="t0ken", dkim_key=pem.decode())
    await send(
        out, at_fake_smtp(server, secrets, dkim_domain="example.test", dkim_selector="hub"), part(answers=("a@x",))
    )

    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    assert await asyncio.to_thread(dkim.verify, server.taken[0].mail, dnsfunc=lambda name, timeout=5: record)


async def test_a_key_that_is_none_holds_the_mail_back(out: Outbound, server: FakeSmtp) -> None:
    secrets = wire.Secrets(dkim_key="no key")
    with pytest.raises(Retry, match="DKIM"):
        await send(out, at_fake_smtp(server, secrets, dkim_domain="example.test", dkim_selector="hub"))
    assert server.taken == []


def test_amazons_relay_says_under_which_id_it_sends() -> None:
    took = "Ok 0100018c5f3a2b1c-6c1f2a3b-1111-2222-3333-444455556666-000000"
    host = wire.Settings(smtp=wire.Server(host="email-smtp.ap-southeast-1.amazonaws.com"))
    assert given_id(host, took) == f"{took[3:]}@ap-southeast-1.amazonses.com"
    assert given_id(wire.Settings(smtp=wire.Server(host="mail.example.test")), took) is None


# -- what does not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(at="GREETING", says="421 4.7.0 too many connections"),
        Fault(at="GREETING"),
        Fault(at="EHLO"),
        Fault(at="MAIL", says="451 4.3.0 try later"),
        Fault(at="MAIL", says="452 4.3.1 disk is full"),
        Fault(at="MAIL"),
        Fault(at="RCPT", says="450 4.2.0 greylisted"),
        Fault(at="RCPT", says="421 4.7.0 slow down"),
        Fault(at="RCPT"),
        Fault(at="DATA", says="451 4.3.0 not now"),
        Fault(at="BODY", says="451 4.3.0 not now"),
    ],
    ids=lambda fault: f"{fault.at} {fault.says[:3] or 'drop'}",
)
async def test_before_the_mail_is_taken_every_failure_may_be_tried_again(
    out: Outbound, server: FakeSmtp, fault: Fault
) -> None:
    server.faults.append(fault)
    with pytest.raises(Retry) as again:
        await send(out, at_fake_smtp(server))
    assert server.taken == []
    assert str(again.value).endswith(".") or fault.says[4:] in str(again.value)

    await send(out, at_fake_smtp(server))
    assert len(server.taken) == 1


@pytest.mark.parametrize(("at", "whole"), [("RCPT", False), ("MAIL", True)])
async def test_a_server_that_closes_the_line_over_one_recipient_lets_the_others_go_on(
    out: Outbound, server: FakeSmtp, at: Moment, whole: bool
) -> None:
    server.faults.append(Fault(at=at, says="421 4.7.0 too much for them"))
    with pytest.raises(Retry) as again:
        await send(out, at_fake_smtp(server))

    assert again.value.whole_account is whole
    assert (await send(out, at_fake_smtp(server), to="ban@elsewhere.test")).state == "sent"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(at="MAIL", says="550 5.7.1 sender is not yours"),
        Fault(at="MAIL", says="552 5.3.4 too large"),
        Fault(at="RCPT", says="550 5.1.1 no such user"),
        Fault(at="DATA", says="554 5.5.1 no"),
        Fault(at="BODY", says="554 5.7.1 looks like spam"),
    ],
    ids=lambda fault: f"{fault.at} {fault.says[:3]}",
)
async def test_a_final_no_is_told_in_the_servers_words(out: Outbound, server: FakeSmtp, fault: Fault) -> None:
    server.faults.append(fault)
    with pytest.raises(Refused) as refused:
        await send(out, at_fake_smtp(server))

    assert fault.says[4:] in str(refused.value)


@pytest.mark.parametrize("fault", [Fault(at="BODY"), Fault(at="AFTER")], ids=lambda fault: fault.at)
async def test_once_the_mail_was_handed_over_silence_means_that_nobody_knows(
    out: Outbound, server: FakeSmtp, fault: Fault
) -> None:
    server.faults.append(fault)
    with pytest.raises(Unknown, match="look before sending it again"):
        await send(out, at_fake_smtp(server))


@pytest.mark.parametrize(("at", "taken"), [("BODY", 0), ("AFTER", 1)])
async def test_a_server_that_closes_its_side_after_the_mail_leaves_it_unknown_at_once(
    out: Outbound, server: FakeSmtp, at: Moment, taken: int
) -> None:
    """Whether it was kept is not to be seen from here, so it is never sent twice by itself; the next one goes."""
    account = at_fake_smtp(server)
    server.faults.append(Fault(at=at, half=True))
    async with asyncio.timeout(5):  # not after the minute that a silent server gets
        with pytest.raises(Unknown, match="look before sending it again"):
            await send(out, account)
        before = len(server.taken)
        await send(out, account)

    assert (before, len(server.taken), server.connections) == (taken, taken + 1, 2)


async def test_a_server_that_closes_its_side_before_the_mail_is_tried_again(out: Outbound, server: FakeSmtp) -> None:
    account = at_fake_smtp(server)
    server.faults.append(Fault(at="RCPT", half=True))
    async with asyncio.timeout(5):
        with pytest.raises(Retry):
            await send(out, account)
        await send(out, account)

    assert len(server.taken) == 1


async def test_a_server_that_never_answers_the_mail_leaves_it_unknown(
    out: Outbound, server: FakeSmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TAKE_S", 0.1)
    server.faults.append(Fault(at="BODY", for_s=60))
    with pytest.raises(Unknown):
        await send(out, at_fake_smtp(server))


async def test_a_server_that_cannot_be_reached_is_tried_again(out: Outbound) -> None:
    async with FakeSmtp() as gone:
        account = at_fake_smtp(gone)
    with pytest.raises(Retry, match="cannot be reached") as again:
        await send(out, account)
    assert again.value.whole_account


# -- signing in --------------------------------------------------------------------------------------------------------


def signing_in(server: FakeSmtp, **more: Any) -> dict[str, Any]:
    server.must_sign_in = True
    return {"smtp": wire.Server(host="127.0.0.1", port=server.port, security="none", user="an@example.test"), **more}


async def test_it_signs_in_with_the_password(out: Outbound, server: FakeSmtp) -> None:
    await send(out, at_fake_smtp(server, **signing_in(server)))

    assert len(server.taken) == 1


async def test_a_wrong_password_holds_the_mails_of_the_account_back(out: Outbound, server: FakeSmtp) -> None:
    wrong = wire.Secrets(smtp_password="wrong")
    with pytest.raises(Retry, match="does not accept the user name") as again:
        await send(out, at_fake_smtp(server, wrong, **signing_in(server)))

    assert again.value.whole_account and (again.value.after_s or 0) >= 60
    assert server.taken == []


@pytest.mark.parametrize("at_once", [True, False], ids=["tls", "starttls"])
async def test_tls_is_spoken_and_the_certificate_checked(out: Outbound, tmp_path: Path, at_once: bool) -> None:
    authority = Authority(tmp_path)
    server = FakeSmtp(authority.server(tmp_path))
    server.tls_at_once = at_once
    async with server:
        way = wire.Server(host="localhost", port=server.port, security="tls" if at_once else "starttls")
        await send(out, at_fake_smtp(server, smtp=way, ca_file=str(authority.file)))
        assert len(server.taken) == 1


async def test_an_expired_certificate_holds_the_mails_back(out: Outbound, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with FakeSmtp(authority.server(tmp_path, days=-1)) as server:
        way = wire.Server(host="localhost", port=server.port, security="tls")
        with pytest.raises(Retry, match="certificate has expired"):
            await send(out, at_fake_smtp(server, smtp=way, ca_file=str(authority.file)))
        assert server.taken == []


# -- automatic mails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["no-reply@elsewhere.test", "MAILER-DAEMON@elsewhere.test", "an+c.x@example.test"])
async def test_an_automatic_mail_never_goes_to_a_machine_or_to_ourselves(
    out: Outbound, server: FakeSmtp, to: str
) -> None:
    with pytest.raises(Refused, match="No automatic mail"):
        await send(out, at_fake_smtp(server), part(auto=True), to)
    await send(out, at_fake_smtp(server), part(), to)

    assert len(server.taken) == 1


async def test_automatic_mails_to_one_address_have_a_hard_cap(out: Outbound, server: FakeSmtp) -> None:
    account = at_fake_smtp(server)
    notices = [Part(message=MessageId(f"m_{number:024x}"), index=0, text="x", auto=True) for number in range(4)]
    for notice in notices[:3]:
        await send(out, account, notice)
    with pytest.raises(Refused, match="held back"):
        await send(out, account, notices[3])
    await send(out, account, notices[0])  # another try of one that left

    assert len(server.taken) == 4


# -- the fake, seen by another client ----------------------------------------------------------------------------------


async def test_the_fake_is_an_smtp_server_for_the_standard_library_too(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = FakeSmtp(authority.server(tmp_path))
    server.tls_at_once = False
    server.refused["b@x.test"] = "550 no"

    def speak() -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP("localhost", server.port, timeout=5) as other:
            other.starttls(context=ssl.create_default_context(cafile=str(authority.file)))
            other.login("an@example.test", "secret")
            return other.sendmail("an@example.test", ["a@x.test", "b@x.test"], b"Subject: x\r\n\r\n.y\r\n")

    async with server:
        assert await asyncio.to_thread(speak) == {"b@x.test": (550, b"no")}
        assert [(one.to, one.mail) for one in server.taken] == [(("a@x.test",), b"Subject: x\r\n\r\n.y\r\n")]
