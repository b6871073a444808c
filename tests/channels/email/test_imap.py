"""The IMAP client: what it asks, and that every way in which a server can fail ends it at once, with a reason."""

import asyncio
import datetime as dt
import imaplib
import ssl
import time
from pathlib import Path

import pytest

from channels.email.listening.grammar import to_utf7
from channels.email.listening.imap import Imap, No
from channels.email.listening.stream import Gone
from channels.fakes.imap import FakeImap
from channels.fakes.imap_mailbox import Box, Fault, Harm
from tests.channels.email.certificates import Authority
from tests.channels.email.mail_house import PASSWORD, MailHouse, client_tls

MAIL = b"Subject: hello\r\nMessage-ID: <1@x.test>\r\n\r\nwords\r\n"
AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


async def opened(server: FakeImap, patience_s: float = 5.0) -> Imap:
    imap = await Imap.open("127.0.0.1", server.port, "none", None, patience_s)
    await imap.login("an", "secret")
    return imap


# -- what it asks ------------------------------------------------------------------------------------------------------


async def test_mails_come_with_their_uid_their_size_and_the_time_they_got_there(server: FakeImap) -> None:
    server.put(MAIL)
    imap = await opened(server)
    box = await imap.examine(b"INBOX")

    listed = await imap.listed("1:*")

    assert (box.uidvalidity, box.uidnext, box.exists) == (1, 2, 1)
    assert [(one.uid, one.size, one.at) for one in listed] == [(1, len(MAIL), AT)]
    assert await imap.bodies([1]) == {1: MAIL}
    assert await imap.bodies([1], "HEADER") == {1: MAIL[: MAIL.index(b"words")]}
    await imap.close()


async def test_it_opens_folders_for_reading_only_and_never_marks_a_mail_as_seen(server: FakeImap) -> None:
    server.put(MAIL)
    imap = await opened(server)
    await imap.examine(b"INBOX")
    await imap.bodies([1])
    await imap.close()

    assert [one for one in server.commands if "SELECT" in one or "STORE" in one or "BODY[" in one] == []


async def test_a_search_behind_the_last_uid_finds_nothing(server: FakeImap) -> None:
    """`9:*` names the last mail, whatever its UID."""
    server.put(MAIL)
    imap = await opened(server)
    await imap.examine(b"INBOX")

    assert (await imap.uids(), await imap.uids(9)) == ([1], [])
    await imap.close()


async def test_a_password_of_any_letters_signs_in(server: FakeImap) -> None:
    server.users["lan"] = 'mật "khẩu"\\'
    imap = await Imap.open("127.0.0.1", server.port, "none", None)
    await imap.login("lan", 'mật "khẩu"\\')
    await imap.close()


async def test_a_wrong_password_is_told_in_the_servers_words(server: FakeImap) -> None:
    imap = await Imap.open("127.0.0.1", server.port, "none", None)
    with pytest.raises(No) as refused:
        await imap.login("an", "wrong")
    await imap.close()

    assert refused.value.code == "AUTHENTICATIONFAILED"


async def test_trap_24_a_refused_token_ends_instead_of_waiting_for_an_empty_line(server: FakeImap) -> None:
    imap = await Imap.open("127.0.0.1", server.port, "none", None, 2.0)
    with pytest.raises(No, match="schemes") as refused:
        await imap.xoauth2("an", "expired")
    await imap.close()

    assert refused.value.command == "AUTHENTICATE XOAUTH2"


async def test_a_good_token_signs_in(server: FakeImap) -> None:
    server.tokens.add("t0ken")
    imap = await Imap.open("127.0.0.1", server.port, "none", None)
    await imap.xoauth2("an", "t0ken")
    await imap.examine(b"INBOX")
    await imap.close()


async def test_trap_24_folders_with_spaces_and_vietnamese_names_are_opened(server: FakeImap) -> None:
    for name in ("Sent Items", "Thư đã gửi & lưu", 'a "b" c'):
        raw = to_utf7(name).decode()
        server.boxes[raw] = Box(name=raw.replace('"', '\\"'))
    imap = await opened(server)

    names = {one.name: one.raw for one in await imap.folders()}
    assert {"Sent Items", "Thư đã gửi & lưu", 'a "b" c'} < set(names)
    for name in ("Sent Items", "Thư đã gửi & lưu"):
        assert (await imap.examine(names[name])).uidvalidity == 1
    await imap.close()


async def test_trap_24_it_never_asks_for_extended_searches(server: FakeImap) -> None:
    """Some servers announce ESEARCH and reject RETURN."""
    server.put(MAIL)
    imap = await opened(server)
    await imap.examine(b"INBOX")
    assert await imap.uids(since=AT.date()) == [1]
    await imap.close()

    assert [one for one in server.commands if "RETURN" in one] == []


async def test_ten_thousand_lines_that_nobody_asked_for_are_read_past(server: FakeImap) -> None:
    server.put(MAIL)
    imap = await opened(server)
    await imap.examine(b"INBOX")
    flags = b" ".join(b"\\Flag%d" % number for number in range(1000))
    server.noise = [
        b"* %d FETCH (FLAGS (%s))" % (one, flags if one % 1000 == 0 else b"\\Seen") for one in range(1, 10_001)
    ]

    assert await imap.bodies([1]) == {1: MAIL}
    await imap.close()


async def test_trap_8_news_about_flags_and_deletions_never_give_a_mail_anothers_body(server: FakeImap) -> None:
    for number in range(3):
        server.put(b"Subject: %d\r\n\r\n" % number)
    imap = await opened(server)
    await imap.examine(b"INBOX")
    server.expunge(1)
    server.noise = [b"* 1 EXPUNGE", b"* 1 FETCH (UID 2 FLAGS (\\Deleted))", b"* 2 FETCH (FLAGS ())"]

    assert await imap.bodies([1, 2, 3]) == {2: b"Subject: 1\r\n\r\n", 3: b"Subject: 2\r\n\r\n"}
    await imap.close()


# -- idling ------------------------------------------------------------------------------------------------------------


async def test_idling_ends_when_mail_comes(server: FakeImap) -> None:
    imap = await opened(server)
    await imap.examine(b"INBOX")
    imap.news = False
    idle = asyncio.create_task(imap.idle(60))
    await server.idling()
    server.put(MAIL)
    await idle

    assert imap.news
    assert [one.uid for one in await imap.listed("1:*")] == [1]
    await imap.close()


async def test_idling_ends_by_itself_and_the_connection_goes_on(server: FakeImap) -> None:
    imap = await opened(server)
    await imap.examine(b"INBOX")
    imap.news = False
    await imap.idle(0.05)
    await imap.idle(0.05)

    assert not imap.news
    assert await imap.uids() == []
    await imap.close()


async def test_news_about_other_things_do_not_end_idling(server: FakeImap) -> None:
    server.put(MAIL)
    imap = await opened(server)
    await imap.examine(b"INBOX")
    imap.news = False
    idle = asyncio.create_task(imap.idle(60))
    await server.idling()
    server.expunge(1)
    server.put(MAIL)
    await idle

    assert imap.news
    await imap.close()


@pytest.mark.parametrize("harm", ["bye", "close", "half-close", "garbage"])
async def test_trap_24_a_connection_that_ends_while_idling_is_known_at_once(server: FakeImap, harm: Harm) -> None:
    """Other clients spin on an empty answer for ever, or wait half an hour."""
    server.faults.append(Fault(at="IDLING", harm=harm))
    imap = await opened(server)
    await imap.examine(b"INBOX")
    imap.news = False
    began = time.monotonic()
    with pytest.raises(Gone):
        await imap.idle(1800)
    await imap.close(politely=False)

    assert time.monotonic() - began < 2


async def test_a_server_that_fell_silent_while_idling_is_found_out_when_it_is_spoken_to(server: FakeImap) -> None:
    server.faults.append(Fault(at="IDLING", harm="silence"))
    imap = await opened(server, patience_s=0.2)
    await imap.examine(b"INBOX")
    imap.news = False
    with pytest.raises(Gone, match="did not answer"):
        await imap.idle(0.05)
    await imap.close(politely=False)


async def test_idling_can_be_cancelled(server: FakeImap) -> None:
    imap = await opened(server)
    await imap.examine(b"INBOX")
    imap.news = False
    idle = asyncio.create_task(imap.idle(1800))
    await server.idling()
    idle.cancel()
    with pytest.raises(asyncio.CancelledError):
        await idle
    await imap.close(politely=False)


# -- connections that fail ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["bye", "close", "half-close", "garbage", "silence"])
@pytest.mark.parametrize("moment", ["GREETING", "LOGIN", "EXAMINE", "UID SEARCH", "BODY"])
async def test_a_connection_that_ends_anywhere_ends_with_a_reason(server: FakeImap, moment: str, harm: Harm) -> None:
    server.put(MAIL)
    server.faults.append(Fault(at=moment, harm=harm))
    with pytest.raises(Gone):
        await everything(server)


async def everything(server: FakeImap) -> None:
    imap = await Imap.open("127.0.0.1", server.port, "none", None, 0.3)
    try:
        await imap.login("an", "secret")
        await imap.examine(b"INBOX")
        await imap.uids()
        await imap.bodies([1])
    finally:
        await imap.close(politely=False)


async def test_a_mail_that_is_cut_in_the_middle_is_no_mail(server: FakeImap) -> None:
    server.put(MAIL)
    server.faults.append(Fault(at="BODY", harm="close in literal"))
    with pytest.raises(Gone, match="middle of a mail"):
        await everything(server)


async def test_goodbye_is_short_even_when_the_server_is_silent(server: FakeImap) -> None:
    server.faults.append(Fault(at="LOGOUT", harm="silence"))
    imap = await opened(server, patience_s=0.1)
    await imap.close()


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_tls_is_spoken_from_the_start_or_later(tmp_path: Path, security: str) -> None:
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=str(authority.file))
    server = FakeImap(authority.server(tmp_path))
    server.tls_at_once = security == "tls"
    async with server:
        imap = await Imap.open("localhost", server.port, security, trust)
        await imap.login("an", "secret")
        await imap.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(("name", "days"), [("localhost", -1), ("elsewhere.test", 5)])
async def test_a_certificate_that_does_not_hold_stops_it(tmp_path: Path, security: str, name: str, days: int) -> None:
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=str(authority.file))
    server = FakeImap(authority.server(tmp_path, name=name, days=days))
    server.tls_at_once = security == "tls"
    async with server:
        with pytest.raises(ssl.SSLCertVerificationError):
            await Imap.open("localhost", server.port, security, trust)


async def test_trap_24_tls_at_a_plain_port_and_plain_at_a_tls_port_fail_at_once(tmp_path: Path) -> None:
    async with FakeImap() as server:
        with pytest.raises(ssl.SSLError):
            await Imap.open("localhost", server.port, "tls", ssl.create_default_context(), 2.0)
    async with FakeImap(Authority(tmp_path).server(tmp_path)) as server:
        with pytest.raises(Gone):
            await Imap.open("localhost", server.port, "none", None, 0.3)


async def test_what_was_said_before_tls_began_is_dropped(tmp_path: Path) -> None:
    """Somebody between us could put words in front of the server's own."""
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=str(authority.file))
    server = FakeImap(authority.server(tmp_path))
    server.tls_at_once = False
    server.before_tls = b"* CAPABILITY IMAP4rev1 INJECTED\r\nH2 OK done\r\n"
    async with server:
        imap = await Imap.open("localhost", server.port, "starttls", trust)
        assert "INJECTED" not in imap.capabilities
        await imap.close()


# -- Dovecot -----------------------------------------------------------------------------------------------------------


async def dovecot(house: MailHouse, user: str) -> Imap:
    imap = await Imap.open("localhost", house.ports["imaps"], "tls", client_tls(house))
    await imap.login(user, PASSWORD)
    return imap


async def test_dovecot_is_read_idled_at_and_left(mail_house: MailHouse) -> None:
    imap = await dovecot(mail_house, "binh")
    box = await imap.examine(b"INBOX")
    imap.news = False
    idle = asyncio.create_task(imap.idle(60))
    await asyncio.to_thread(mail_house.deliver, "binh", MAIL)
    await idle

    assert box.exists == 0 and imap.news
    uids = await imap.uids()
    assert MAIL in (await imap.bodies(uids))[uids[0]]
    await imap.close()


async def test_dovecot_names_its_sent_folder_in_vietnamese(mail_house: MailHouse) -> None:
    imap = await dovecot(mail_house, "cuc")
    (sent,) = [one for one in await imap.folders() if "\\sent" in one.flags]

    assert sent.name == "Thư đã gửi"
    assert await imap.uidnext(sent.raw) == ((await imap.examine(sent.raw)).uidvalidity, 1)
    await imap.close()


async def test_dovecot_takes_and_refuses_tokens(mail_house: MailHouse) -> None:
    imap = await Imap.open("localhost", mail_house.ports["imap"], "starttls", client_tls(mail_house))
    with pytest.raises(No):
        await imap.xoauth2("dung", "made-up")
    await imap.close()
    imap = await Imap.open("localhost", mail_house.ports["imaps"], "tls", client_tls(mail_house))
    await imap.xoauth2("dung", "token-for-dung")
    await imap.close()


async def test_trap_24_a_session_that_dovecot_drops_while_idling_ends_at_once(mail_house: MailHouse) -> None:
    imap = await dovecot(mail_house, "em")
    await imap.examine(b"INBOX")
    imap.news = False
    idle = asyncio.create_task(imap.idle(60))
    await imap_says_idle(mail_house, "em")
    await asyncio.to_thread(mail_house.kick, "em")
    with pytest.raises(Gone):
        await idle
    await imap.close(politely=False)


async def imap_says_idle(house: MailHouse, user: str) -> None:
    while user not in await asyncio.to_thread(house.doveadm, "who"):
        await asyncio.sleep(0.05)


# -- the fake, seen by another client ----------------------------------------------------------------------------------


async def test_the_fake_is_an_imap_server_for_the_standard_library_too(server: FakeImap) -> None:
    server.put(MAIL)

    def read() -> tuple[list[bytes], bytes]:
        with imaplib.IMAP4("127.0.0.1", server.port, timeout=5) as other:
            other.login("an", "secret")
            other.append("Sent", None, None, MAIL)
            other.select("INBOX")
            found = other.uid("SEARCH", "ALL")[1]
            return found, other.uid("FETCH", "1", "(RFC822)")[1][0][1]

    assert await asyncio.to_thread(read) == ([b"1"], MAIL)
    assert len(server.boxes["Sent"].mails) == 1
