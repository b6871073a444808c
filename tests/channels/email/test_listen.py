"""Listening to a mailbox: everything once, whatever happened meanwhile, and a sentence when it cannot be."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from channels.base import Batch, RawArrival
from channels.email import wire
from channels.email.listening import collect
from channels.email.listening.lane import lane
from channels.email.listening.listen import Pace, Wounds, listen
from channels.email.oauth import Tokens
from channels.email.reach import unreachable
from channels.fakes.imap import FakeImap
from channels.fakes.imap_mailbox import EPOCH, Fault, Harm
from hub.errors import Unreachable
from hub.model import Account
from tests.channels.email.accounts import at_fake_imap, at_mail_house, house
from tests.channels.email.certificates import Authority
from tests.channels.email.mail_house import MailHouse

PACE = Pace(idle_s=30.0, poll_s=0.02)
BEFORE = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
async def server() -> AsyncIterator[FakeImap]:
    async with FakeImap() as server:
        yield server


def mail(number: int, words: str = "Xin chào") -> bytes:
    head = f"From: khach@elsewhere.test\r\nMessage-ID: <{number}@elsewhere.test>\r\nSubject: {number}\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()


async def first(account: Account, cursor: str | None = None, pace: Pace = PACE) -> tuple[list[RawArrival], Batch]:
    """What comes up to the word that all is well."""
    found: list[RawArrival] = []
    async with aclosing(listen(account, cursor, Tokens(), house()[0], pace)) as batches:
        async for batch in batches:
            if not batch.arrivals:
                return found, batch
            found += batch.arrivals
    raise AssertionError("it ended")


def subjects(found: list[RawArrival]) -> list[str]:
    return [one.body.decode().partition("Subject: ")[2].partition("\r\n")[0] for one in found]


# -- the first time ----------------------------------------------------------------------------------------------------


async def test_what_came_before_the_account_is_left_where_it_is(server: FakeImap) -> None:
    server.put(mail(1), at=BEFORE)
    server.put(mail(2))
    found, well = await first(at_fake_imap(server))

    assert [(one.external, one.history) for one in found] == [("INBOX:1:2", False)]
    assert well.found == 1


async def test_it_is_fetched_as_history_when_the_owner_wants_it(server: FakeImap) -> None:
    server.put(mail(1), at=BEFORE)
    server.put(mail(2))
    found, well = await first(at_fake_imap(server, history=True))

    assert [(one.external, one.history) for one in found] == [("INBOX:1:1", True), ("INBOX:1:2", False)]
    assert well.found == 2


async def test_a_mail_of_the_second_in_which_the_account_was_made_is_news(server: FakeImap) -> None:
    made = at_fake_imap(server, since=(EPOCH + dt.timedelta(milliseconds=600)).isoformat())
    server.put(mail(1), at=EPOCH)  # a server counts whole seconds
    found, _ = await first(made)

    assert [(one.external, one.history) for one in found] == [("INBOX:1:1", False)]


async def test_what_comes_after_the_first_look_is_news_also_when_the_servers_clock_is_behind(server: FakeImap) -> None:
    made = at_fake_imap(server, since=EPOCH.isoformat())
    _, well = await first(made)
    server.put(mail(1), at=EPOCH - dt.timedelta(minutes=9))
    server.put(mail(2), at=EPOCH - dt.timedelta(days=9))  # somebody moved it here
    found, _ = await first(made, well.cursor)

    assert [(one.external, one.history) for one in found] == [("INBOX:1:1", False), ("INBOX:1:2", True)]


async def test_it_may_be_wanted_later(server: FakeImap) -> None:
    server.put(mail(1), at=BEFORE)
    _, well = await first(at_fake_imap(server))
    found, _ = await first(at_fake_imap(server, history=True), well.cursor)

    assert [one.external for one in found] == ["INBOX:1:1"]


async def test_an_arrival_says_where_it_lay_and_stands_by_the_servers_clock(server: FakeImap) -> None:
    at = dt.datetime(2026, 11, 21, 9, 30, 5, tzinfo=dt.UTC)
    server.put(mail(1), at=at)
    server.put(mail(2), at=dt.datetime(2050, 1, 1, tzinfo=dt.UTC))
    (found, strange), _ = await first(at_fake_imap(server))

    assert found.headers == {wire.FOLDER: "INBOX", wire.FOLDER_KIND: "inbox", "uid": "1"}
    assert found.order == int(at.timestamp()) * 1_000_000 + 1
    assert strange.order is None  # nobody believes the year 2050
    assert found.body == mail(1)


async def test_trap_23_answers_written_elsewhere_are_found_in_the_sent_folder(server: FakeImap) -> None:
    server.put(mail(1))
    server.put(mail(2), "Sent")
    found, well = await first(at_fake_imap(server))
    server.put(mail(3), "Sent")
    later, _ = await first(at_fake_imap(server), well.cursor)

    assert [(one.external, one.headers[wire.FOLDER_KIND]) for one in found + later] == [
        ("INBOX:1:1", "inbox"),
        ("Sent:1:1", "sent"),
        ("Sent:1:2", "sent"),
    ]


async def test_no_sent_folder_is_watched_when_the_owner_wants_none(server: FakeImap) -> None:
    server.put(mail(2), "Sent")

    assert (await first(at_fake_imap(server, sent_folder="")))[0] == []


# -- what comes --------------------------------------------------------------------------------------------------------


async def test_mail_that_comes_while_it_idles_is_there_at_once(server: FakeImap) -> None:
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
        await anext(batches)
        coming = asyncio.ensure_future(anext(batches))
        await server.idling()
        server.put(mail(1))
        batch = await coming

        assert [one.external for one in batch.arrivals] == ["INBOX:1:1"]


async def test_trap_24_a_server_without_idle_is_asked(server: FakeImap) -> None:
    server.capabilities.remove("IDLE")
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
        await anext(batches)
        server.put(mail(1))
        batch = await anext(batches)

        assert [one.external for one in batch.arrivals] == ["INBOX:1:1"]


async def test_trap_24_a_server_that_announces_idle_and_refuses_it_is_asked(server: FakeImap) -> None:
    server.faults.append(Fault(at="IDLE", harm="bad", says="not today"))
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
        await anext(batches)
        server.put(mail(1))
        batch = await anext(batches)

        assert [one.external for one in batch.arrivals] == ["INBOX:1:1"]


async def test_a_server_that_says_nothing_of_new_mail_is_asked_all_the_same(server: FakeImap) -> None:
    pace = Pace(idle_s=0.05)
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], pace)) as batches:
        await anext(batches)
        server.boxes["INBOX"].put(mail(1), dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC))  # nobody is told
        found = [one async for batch in batches for one in batch.arrivals if await stop(batches)]

        assert [one.external for one in found] == ["INBOX:1:1"]


async def stop(batches: object) -> bool:
    await batches.aclose()  # type: ignore[attr-defined]  # a generator, declared as an iterator
    return True


async def test_news_do_not_wait_behind_history(server: FakeImap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "WINDOW", 10)
    for number in range(100):
        server.put(mail(number), at=BEFORE)
    account = at_fake_imap(server, history=True)
    order: list[str] = []
    async with aclosing(listen(account, None, Tokens(), house()[0], PACE)) as batches:
        async for batch in batches:
            order += [one.external for one in batch.arrivals]
            if len(order) == 10:
                server.put(mail(1000))
                server.noise.append(b"* 101 EXISTS")
            if not batch.arrivals:
                break

    assert order.index("INBOX:1:101") < 50
    assert len(order) == 101


# -- what was missed ---------------------------------------------------------------------------------------------------


async def test_trap_7_an_outage_of_any_length_loses_nothing(server: FakeImap) -> None:
    """Not by date, and not the last N of them."""
    server.put(mail(0))
    _, well = await first(at_fake_imap(server))
    for number in range(1, 1500):
        server.put(mail(number), at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC) + dt.timedelta(minutes=10 * number))
    found, after = await first(at_fake_imap(server), well.cursor)

    assert subjects(found) == [str(number) for number in range(1, 1500)]
    assert not any(one.history for one in found)
    assert after.found == 1500


async def test_what_is_missing_in_between_is_found_by_comparing(server: FakeImap) -> None:
    for number in range(1, 6):
        server.put(mail(number))
    cursor = '{"folders":{"INBOX":{"uidvalidity":1,"uids":"1:2,4:5","compared":true,"kept":4}}}'
    found, well = await first(at_fake_imap(server, sent_folder=""), cursor)

    assert [one.external for one in found] == ["INBOX:1:3"]
    assert well.cursor == '{"folders":{"INBOX":{"uidvalidity":1,"uids":"1:5","compared":true,"kept":5}}}'


async def test_the_cursor_stays_small_whatever_is_deleted(server: FakeImap) -> None:
    for number in range(400):
        server.put(mail(number))
    for uid in range(2, 400, 2):
        server.expunge(uid)
    found, well = await first(at_fake_imap(server, sent_folder=""))

    assert len(found) == 201
    assert '"uids":"1:400"' in well.cursor


async def test_trap_26_a_batch_that_was_kept_and_not_marked_comes_again_under_the_same_ids(server: FakeImap) -> None:
    server.put(mail(1))
    async with aclosing(listen(at_fake_imap(server), None, Tokens(), house()[0], PACE)) as batches:
        batch = await anext(batches)
    again, _ = await first(at_fake_imap(server))

    assert list(batch.arrivals) == again


async def test_trap_6_two_listeners_at_a_time_find_the_same_under_the_same_ids(server: FakeImap) -> None:
    for number in range(50):
        server.put(mail(number))
    one, other = await asyncio.gather(first(at_fake_imap(server)), first(at_fake_imap(server)))

    assert one == other


async def test_a_new_uidvalidity_lets_everything_be_found_again(server: FakeImap) -> None:
    for number in range(3):
        server.put(mail(number))
    server.expunge(1)
    _, well = await first(at_fake_imap(server))
    server.boxes["INBOX"].begin_anew()
    found, _ = await first(at_fake_imap(server), well.cursor)

    assert [(one.external, one.body) for one in found] == [("INBOX:2:1", mail(1)), ("INBOX:2:2", mail(2))]


async def test_trap_8_a_deletion_elsewhere_never_gives_a_mail_anothers_words(server: FakeImap) -> None:
    for number in range(1, 4):
        server.put(mail(number))
    server.noise.append(b"* 1 EXPUNGE")
    found, _ = await first(at_fake_imap(server))

    assert [(one.external, one.body) for one in found] == [(f"INBOX:1:{uid}", mail(uid)) for uid in range(1, 4)]


@pytest.mark.parametrize("harm", ["double", "reorder"])
@pytest.mark.parametrize("at", ["UID SEARCH", "UID FETCH", "BODY"])
async def test_what_a_server_says_twice_or_backwards_is_found_once_and_in_order(
    server: FakeImap, at: str, harm: Harm
) -> None:
    for number in range(1, 6):
        server.put(mail(number))
    server.faults.append(Fault(at=at, harm=harm))
    found, well = await first(at_fake_imap(server, sent_folder=""))
    again, _ = await first(at_fake_imap(server, sent_folder=""), well.cursor)

    assert [(one.external, one.body) for one in found] == [(f"INBOX:1:{uid}", mail(uid)) for uid in range(1, 6)]
    assert (well.found, again, len(server.faults)) == (5, [], 0)


async def test_a_server_that_tells_of_a_mail_again_brings_it_once_and_the_next_one_too(server: FakeImap) -> None:
    server.put(mail(1))
    server.faults += [Fault(at="IDLING", harm="double"), Fault(at="UID FETCH", harm="double")]
    found: list[str] = []
    async with aclosing(listen(at_fake_imap(server, sent_folder=""), None, Tokens(), house()[0], PACE)) as batches:
        found += [one.external for one in (await anext(batches)).arrivals]
        await anext(batches)  # all is well; then it idles, and is told of the same mail
        found += [one.external for one in (await anext(batches)).arrivals]
        told_again = len(server.faults)
        coming = asyncio.ensure_future(anext(batches))
        await server.idling()
        server.put(mail(2))
        found += [one.external for one in (await coming).arrivals]

    assert told_again == 0
    assert found == ["INBOX:1:1", "INBOX:1:2"]


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


# -- Dovecot -----------------------------------------------------------------------------------------------------------


async def test_dovecots_mail_is_on_its_way_as_soon_as_it_is_delivered(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "hanh")
    async with aclosing(listen(account, None, Tokens(), None, PACE)) as batches:
        await anext(batches)
        coming = asyncio.ensure_future(anext(batches))
        await asyncio.to_thread(mail_house.deliver, "hanh", mail(1))
        (one,) = (await coming).arrivals

        assert one.body.endswith(mail(1)) and not one.history
        assert one.headers[wire.FOLDER] == "INBOX"


async def test_dovecots_new_uidvalidity_is_noticed(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "khoa")
    await asyncio.to_thread(mail_house.deliver, "khoa", mail(1), mail(2))
    found, well = await first(account)
    await asyncio.to_thread(mail_house.begin_anew, "khoa")
    again, _ = await first(account, well.cursor)

    assert sorted(one.body for one in again) == sorted(one.body for one in found)
    assert {one.external for one in again} & {one.external for one in found} == set()


async def test_a_session_that_dovecot_drops_is_taken_up_again_where_it_was(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "linh")
    await asyncio.to_thread(mail_house.deliver, "linh", mail(1))
    cursors: list[str] = []

    async def hear() -> None:
        async with aclosing(listen(account, None, Tokens(), None, PACE)) as batches:
            async for batch in batches:
                cursors.append(batch.cursor)
                if not batch.arrivals:
                    kicked.set()

    kicked = asyncio.Event()
    hearing = asyncio.create_task(hear())
    await kicked.wait()
    await asyncio.to_thread(mail_house.kick, "linh")
    with pytest.raises(Unreachable):
        await hearing
    await asyncio.to_thread(mail_house.deliver, "linh", mail(2))
    found, _ = await first(account, cursors[-1])

    assert [one.body.endswith(mail(2)) for one in found] == [True]


async def test_dovecots_vietnamese_sent_folder_is_watched(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "my")
    await first(account)
    await asyncio.to_thread(save_sent, mail_house, "my", mail(7))
    found, _ = await first(account)

    assert [(one.headers[wire.FOLDER], one.headers[wire.FOLDER_KIND]) for one in found] == [("Thư đã gửi", "sent")]


def save_sent(house_: MailHouse, user: str, raw: bytes) -> None:
    path = house_.folder / "sent.eml"
    path.write_bytes(raw)
    house_.doveadm("save", "-u", user, "-m", "Thư đã gửi", str(path))


async def test_a_mailbox_whose_mails_are_posted_to_us_is_well_without_a_server(server: FakeImap) -> None:
    secrets = wire.Secrets(token_secret="t", hook_secret="h")
    account = at_fake_imap(server)
    posted = msgspec.structs.replace(
        account, settings={"address": "cskh@mocan.example"}, secrets=msgspec.json.encode(secrets)
    )
    found, well = await first(posted, "{}")

    assert (found, well) == ([], Batch(arrivals=(), cursor="{}"))
