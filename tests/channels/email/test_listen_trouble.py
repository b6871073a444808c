"""Listening to a mailbox where a mail is odd or its server ill: nothing else is held back, and a sentence says why."""

import socket
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from channels.email import wire
from channels.email.listening import collect
from channels.email.listening.lane import lane
from channels.email.listening.listen import Pace, Wounds, listen
from channels.email.oauth import Tokens
from channels.email.reach import unreachable
from channels.fakes.imap import FakeImap
from channels.fakes.imap_mailbox import Fault
from hub.errors import Unreachable
from hub.model import Account
from tests.channels.email.accounts import at_fake_imap, house
from tests.channels.email.certificates import Authority
from tests.channels.email.hearings import PACE, first, mail

# -- mails that are odd ------------------------------------------------------------------------------------------------


async def test_a_mail_that_the_server_does_not_give_holds_no_other_back(server: FakeImap) -> None:
    for number in range(1, 4):
        server.put(mail(number))
    server.faults += [
        Fault(at="BODY", harm="no", says="[SERVERBUG] broken"),
        Fault(at="BODY", harm="no", says="broken"),
    ]
    found, well = await first(at_fake_imap(server, sent_folder=""))
    missing, _ = await first(at_fake_imap(server, sent_folder=""), well.cursor)

    assert [one.external for one in found] == ["INBOX:1:2", "INBOX:1:3"]
    assert [one.external for one in missing] == ["INBOX:1:1"]


async def test_a_mail_at_which_the_server_dies_is_passed_by_after_the_third_time(server: FakeImap) -> None:
    """The others are not held back by it for ever; a comparison after the next start asks for it again."""
    for number in range(1, 4):
        server.put(mail(number))
    server.dies_at = 2
    wounds: Wounds = {}
    found: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        with pytest.raises(Unreachable):
            async with aclosing(listen(at_fake_imap(server), cursor, Tokens(), house()[0], PACE, wounds)) as batches:
                async for batch in batches:
                    found += [one.external for one in batch.arrivals]
                    cursor = batch.cursor
    async with aclosing(listen(at_fake_imap(server), cursor, Tokens(), house()[0], PACE, wounds)) as batches:
        found += [one.external for one in (await anext(batches)).arrivals]
    server.dies_at = 0
    later, _ = await first(at_fake_imap(server), cursor)

    assert found == ["INBOX:1:1", "INBOX:1:3"]
    assert "INBOX:1:2" in [one.external for one in later]


async def test_a_mail_that_was_passed_by_is_missed_and_asked_for_with_the_next_comparison(server: FakeImap) -> None:
    for number in range(1, 4):
        server.put(mail(number))
    account = at_fake_imap(server, sent_folder="")
    wounds: Wounds = {(account.id, "INBOX", 1): {2: collect.MOST_SCARS}}
    pace = Pace(idle_s=0.05, poll_s=0.05, compare_s=0.05)
    async with aclosing(listen(account, None, Tokens(), house()[0], pace, wounds)) as batches:
        found = await anext(batches)
        well = await anext(batches)
        later = await anext(batches)

    assert [one.external for one in found.arrivals] == ["INBOX:1:1", "INBOX:1:3"]
    assert (well.arrivals, well.found) == ((), 3)
    assert [one.external for one in later.arrivals] == ["INBOX:1:2"]


async def test_a_mail_that_is_too_large_is_kept_as_its_headers_and_a_note(server: FakeImap) -> None:
    server.put(mail(1), size=40_000_000)
    server.put(mail(2))
    (large, small), _ = await first(at_fake_imap(server))

    assert b"Subject: 1\r\n" in large.body and "nặng 40 MB" in large.body.decode()
    assert "Xin chào" not in large.body.decode() and small.body == mail(2)
    assert [one for one in server.commands if "BODY.PEEK[]" in one] == ["UID FETCH 2 (UID BODY.PEEK[])"]


async def test_batches_are_bounded_by_bytes_and_by_number(server: FakeImap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "BATCH_BYTES", 3000)
    for number in range(10):
        server.put(mail(number, "x" * 1000))
    for number in range(450):
        server.put(mail(number, ""))
    monkeypatch.setattr(collect, "BATCH_MAILS", 20)
    sizes: list[int] = []
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
        async for batch in batches:
            if not batch.arrivals:
                break
            sizes.append(sum(len(one.body) for one in batch.arrivals))

    assert max(sizes) <= 3000 and len(sizes) > 10


def test_a_mail_and_its_answers_wait_in_one_lane() -> None:
    original = b"Subject: x\r\nMessage-ID: <1@x>\r\n\r\nReferences: <no@header>"
    answer = b"message-id: <2@x>\r\nReferences: <1@x>\r\n <9@x>\r\n\r\n"
    short = b"In-Reply-To:\r\n <1@x>\r\nMessage-ID: <3@x>\r\n\r\n"

    assert lane(original) == lane(answer) == lane(short)
    assert lane(b"") != lane(b"Message-ID: <4@x>\r\n\r\n") != lane(original)


# -- what goes wrong ---------------------------------------------------------------------------------------------------


async def ill(account: Account, tokens: Tokens | None = None) -> Unreachable:
    with pytest.raises(Unreachable) as why:
        async with aclosing(listen(account, None, tokens or Tokens(), house()[0], PACE)) as batches:
            async for _ in batches:
                pass
    return why.value


async def test_a_connection_that_breaks_while_idling_is_a_sentence_and_the_rest_is_found_later(
    server: FakeImap,
) -> None:
    server.put(mail(1))
    server.faults.append(Fault(at="IDLING", harm="bye", says="Autologout"))
    cursor = ""
    with pytest.raises(Unreachable, match="Autologout"):
        async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
            async for batch in batches:
                cursor = batch.cursor
    server.put(mail(2))

    assert [one.external for one in (await first(at_fake_imap(server), cursor))[0]] == ["INBOX:1:2"]


async def test_a_mail_that_is_cut_off_comes_whole_the_next_time(server: FakeImap) -> None:
    server.put(mail(1))
    server.faults.append(Fault(at="BODY", harm="close in literal"))
    why = await ill(at_fake_imap(server))

    assert "middle of a mail" in str(why) and not why.for_good
    assert [one.body for one in (await first(at_fake_imap(server)))[0]] == [mail(1)]


async def test_a_wrong_password_is_for_a_person_to_mend(server: FakeImap) -> None:
    server.users["an"] = "another"
    why = await ill(at_fake_imap(server))

    assert why.for_good
    assert "does not accept the user name an with this password" in str(why)


async def test_a_server_that_is_busy_is_tried_again(server: FakeImap) -> None:
    server.faults.append(Fault(at="LOGIN", harm="no", says="[UNAVAILABLE] Maintenance until noon."))
    why = await ill(at_fake_imap(server))

    assert not why.for_good
    assert str(why) == "127.0.0.1 is not available for this mailbox now: Maintenance until noon. It is tried again."


async def test_nothing_answers(server: FakeImap) -> None:
    account = at_fake_imap(server)
    await server.__aexit__()

    assert f"Nothing answers at 127.0.0.1:{server.port}" in str(await ill(account))


async def test_an_expired_certificate_is_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with FakeImap(authority.server(tmp_path, days=-1)) as server:
        account = at_fake_imap(server, ca_file=str(authority.file))
        imap = wire.Server(host="localhost", port=server.port, security="tls", user="an")
        account = msgspec.structs.replace(account, settings={**account.settings, "imap": msgspec.to_builtins(imap)})

        assert "has expired" in str(await ill(account))


async def test_tls_where_the_server_speaks_none_says_what_to_choose(server: FakeImap) -> None:
    account = at_fake_imap(server)
    imap = wire.Server(host="localhost", port=server.port, security="tls", user="an")
    account = msgspec.structs.replace(account, settings={**account.settings, "imap": msgspec.to_builtins(imap)})

    assert "Choose STARTTLS" in str(await ill(account))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "No server is called mail.shop.test"),
        (TimeoutError(), "did not answer in time"),
        (OSError(113, "No route to host"), "cannot be reached (No route to host)"),
    ],
)
def test_each_failure_is_a_sentence_that_says_what_to_do(error: OSError, said: str) -> None:
    assert said in str(unreachable(error, wire.Server(host="mail.shop.test", port=993), "IMAP"))


async def test_a_folder_that_is_not_there_is_named(server: FakeImap) -> None:
    why = await ill(at_fake_imap(server, folders=("Khách hàng",)))

    assert why.for_good and "no folder called Khách hàng" in str(why)


async def test_settings_that_cannot_be_used_are_told(server: FakeImap) -> None:
    account = msgspec.structs.replace(at_fake_imap(server), settings={"imap": "x"})

    assert (await ill(account)).for_good
