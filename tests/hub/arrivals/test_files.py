"""Files: stored before their message is logged, or fetched afterwards; shown with their state, never twice."""

import hashlib

import pytest

from hub.arrivals.fetching_again import fetch_again
from hub.errors import Conflict, NotFound, Refused, Retry
from hub.inbound import InboundFile
from tests.hub.conftest import CoreMaker
from tests.hub.core import MOST_BYTES, Clock, Core
from tests.hub.scripted import Speaking, said

PICTURE = b"\xff\xd8" + b"x" * 100_000


@pytest.fixture
def channel() -> Speaking:
    return Speaking()


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def test_files_that_come_along_are_in_the_ledger_under_their_hash(core: Core, clock: Clock) -> None:
    files = (
        InboundFile(name="a.txt", mime="text/plain", data=b"nho"),
        InboundFile(name="b.jpg", mime="image/jpeg", data=PICTURE, inline="cid1"),
    )
    message = await core.hears("Ảnh đây", "m1", files=files, html="<b>Ảnh</b>")

    assert [(one.name, one.state, one.bytes, one.inline) for one in message.attachments] == [
        ("a.txt", "here", 3, None),
        ("b.jpg", "here", len(PICTURE), "cid1"),
    ]
    assert [await core.store.files.read_all(one.file) for one in message.attachments] == [b"nho", PICTURE]
    assert message.html == hashed("<b>Ảnh</b>".encode())
    assert await core.store.files.read_all(message.html) == "<b>Ảnh</b>".encode()


async def test_the_same_file_in_two_messages_is_stored_once(core: Core, clock: Clock) -> None:
    for id_ in ("m1", "m2"):
        await core.hears("", id_, files=(InboundFile(name="a.txt", mime="text/plain", data=b"nho"),))

    assert await core.count("files.files") == 1
    assert await core.count("files.chunks") == 1


async def test_a_file_over_the_limit_is_named_and_not_kept(core: Core, clock: Clock) -> None:
    large = InboundFile(name="v.mp4", mime="video/mp4", data=b"x" * (MOST_BYTES + 1))
    message = await core.hears("", "m1", files=(large, InboundFile(name="w", mime="x/y", size=10**9, ref="w1")))

    assert [one.state for one in message.attachments] == ["failed", "failed"]
    assert "3 MB" in (message.attachments[0].why or "")
    assert [one.file for one in message.attachments] == ["", ""]
    assert await core.count("fetches") == 0


async def test_a_file_that_the_platform_has_is_fetched_after_logging(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.files["ref1"] = PICTURE
    waiting = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", size=9, ref="ref1"),))
    assert [(one.state, one.file) for one in waiting.attachments] == [("waiting", "")]

    await core.fetcher.step()
    await core.fetcher.drain()

    [file] = (await core.message(waiting)).attachments
    assert (file.state, file.file, file.bytes) == ("here", hashed(PICTURE), len(PICTURE))
    assert await core.count("fetches") == 0
    told = [one for one in await core.told() if one.type == "message.changed"]
    assert b'"state":"here"' in bytes(told[-1].data)


async def test_a_message_logged_again_fetches_nothing_again(core: Core, channel: Speaking, clock: Clock) -> None:
    channel.files["ref1"] = PICTURE
    await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    await core.fetcher.step()
    await core.fetcher.drain()
    await core.store.arrivals.release(await core.kept(), clock())
    await core.take_in()
    await core.fetcher.step()
    await core.fetcher.drain()

    assert channel.fetched == ["ref1"]


async def test_two_workers_fetch_a_file_once(core: Core, make_core: CoreMaker, channel: Speaking, clock: Clock) -> None:
    other = await make_core()
    channel.files["ref1"] = PICTURE
    await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    for one in (core, other):
        await one.fetcher.step()
    for one in (core, other):
        await one.fetcher.drain()

    assert channel.fetched == ["ref1"]


async def test_what_cannot_be_fetched_now_is_tried_again_when_it_is_due(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.files["ref1"] = Retry("Slow down.", after_s=30)
    message = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    for pause_s in (0, 29, 2):
        clock.pass_s(pause_s)
        await core.fetcher.step()
        await core.fetcher.drain()
        channel.files["ref1"] = PICTURE

    assert channel.fetched == ["ref1", "ref1"]
    assert [one.state for one in (await core.message(message)).attachments] == ["here"]


async def test_what_the_platform_refuses_says_why(core: Core, channel: Speaking, clock: Clock) -> None:
    channel.files["ref1"] = Refused("Slack says that this file was deleted.")
    message = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    await core.fetcher.step()
    await core.fetcher.drain()

    [file] = (await core.message(message)).attachments
    assert (file.state, file.why) == ("failed", "Slack says that this file was deleted.")
    assert await core.count("fetches") == 0


async def test_a_file_that_turns_out_too_large_fails_with_its_limit(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.files["ref1"] = b"x" * (MOST_BYTES + 1)
    message = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    await core.fetcher.step()
    await core.fetcher.drain()

    [file] = (await core.message(message)).attachments
    assert (file.state, "at most 2 MB" in (file.why or "")) == ("failed", True)


async def test_a_file_that_never_comes_is_given_up_with_the_last_cause(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.files["ref1"] = ValueError("a bug in the channel")
    message = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    for _ in range(12):
        await core.fetcher.step()
        await core.fetcher.drain()
        clock.pass_s(7200)

    [file] = (await core.message(message)).attachments
    assert file.state == "failed"
    assert "ValueError" in (file.why or "") and "12 tries" in (file.why or "")


async def test_a_channel_that_parses_apart_is_asked_off_the_loop_and_order_is_kept(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    for n in range(20):
        await core.keep(said(f"{n}", f"m{n}", at=clock()))
    await core.take_in()

    assert channel.apart == 20
    assert await core.words() == [f"{n}" for n in range(20)]


async def test_a_mail_too_large_for_one_document_is_understood_all_the_same(core: Core, clock: Clock) -> None:
    await core.hears("dài " * 100_000, "m1")

    assert await core.words() == ["dài " * 100_000]


async def test_a_file_that_failed_is_fetched_again_when_an_agent_asks(
    core: Core, channel: Speaking, clock: Clock
) -> None:
    channel.files["ref1"] = Refused("Telegram does not have this file any more.")
    message = await core.hears("", "m1", files=(InboundFile(name="b.jpg", mime="image/jpeg", ref="ref1"),))
    await core.fetcher.step()
    await core.fetcher.drain()
    channel.files["ref1"] = PICTURE

    asked = await fetch_again(core.store, core.announcer, await core.message(message), 0, clock())
    waiting = [(one.state, one.why) for one in asked.attachments]
    await core.fetcher.step()
    await core.fetcher.drain()

    assert waiting == [("waiting", None)]
    assert [(one.state, one.file) for one in (await core.message(message)).attachments] == [("here", hashed(PICTURE))]
    assert await core.count("fetches") == 0


async def test_a_file_that_is_here_or_has_no_place_to_come_from_is_not_fetched_again(core: Core, clock: Clock) -> None:
    files = (
        InboundFile(name="a.txt", mime="text/plain", data=b"nho"),
        InboundFile(name="v.mp4", mime="video/mp4", data=b"x" * (MOST_BYTES + 1)),
    )
    message = await core.hears("", "m1", files=files)

    for index in (0, 1):
        with pytest.raises(Conflict):
            await fetch_again(core.store, core.announcer, message, index, clock())
    with pytest.raises(NotFound):
        await fetch_again(core.store, core.announcer, message, 2, clock())
    assert await core.count("fetches") == 0
