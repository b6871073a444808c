"""Listening to a mailbox: everything once, whatever happened meanwhile, and a sentence when it cannot be."""

import asyncio
import datetime as dt
from contextlib import aclosing

import pytest

from channels.email import wire
from channels.email.listening import collect
from channels.email.listening.listen import Pace, listen
from channels.email.oauth import Tokens
from channels.fakes.imap import FakeImap
from channels.fakes.imap_mailbox import EPOCH, Fault, Harm
from tests.channels.email.accounts import at_fake_imap, house
from tests.channels.email.hearings import BEFORE, PACE, first, mail, subjects

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
