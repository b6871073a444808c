"""Out to Slack: what arrives there, and what an answer that is none means."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from channels.base import House
from channels.fakes.slack import FakeSlack, Fault
from channels.slack import Slack
from channels.split import split
from hub.errors import Refused, Retry, Unknown
from hub.inbound import InboundMessage, InboundReceipt
from hub.model import Account, Attachment, Sent
from tests.channels.slack import room

TO = f"T0SHOP0001/{room.HELP}/1795000000.000001"
PHOTO = Attachment(file="hash", name="bàn gỗ.png", mime="image/png", bytes=300_000)


def lend(channel: Slack) -> None:
    async def read(file: Attachment) -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"p" * 100_000

    async def keep(account: object, secrets: bytes) -> None:
        raise AssertionError

    channel.borrow(House(read=read, keep_secrets=keep, now=lambda: dt.datetime(2026, 11, 21, tzinfo=dt.UTC)))


def there(slack: FakeSlack, channel: str = room.HELP) -> list[dict[str, Any]]:
    return slack.home.channels[channel].messages


async def test_words_arrive_in_the_thread_and_are_named_as_events_name_them(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    sent = await channel.send(account, TO, room.part("Dạ **có** ạ: https://a.vn"))

    (message,) = there(slack)
    assert (message["text"], message["thread_ts"]) == ("Dạ *có* ạ: <https://a.vn>", "1795000000.000001")
    assert sent == Sent(external=f"{room.HELP}:{message['ts']}")
    assert slack.calls[-1].args["unfurl_links"] is False and slack.calls[-1].args["unfurl_media"] is False


async def test_a_direct_message_needs_no_thread(slack: FakeSlack, channel: Slack, account: Account) -> None:
    await channel.send(account, f"T0SHOP0001/{room.DIRECT}", room.part())

    assert "thread_ts" not in there(slack, room.DIRECT)[0]


async def test_each_part_is_short_enough(slack: FakeSlack, channel: Slack, account: Account) -> None:
    for text in split("Dạ. " * 3000, channel.limits):
        await channel.send(account, TO, room.part(text))

    assert len(there(slack)) == 3
    assert max(len(one["text"]) for one in there(slack)) <= 4000


async def test_the_echo_of_what_was_sent_says_which_message_it_is(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    sent = await channel.send(account, TO, room.part())

    (echo,) = room.meanings(slack, account)
    assert isinstance(echo, InboundReceipt)
    assert (echo.state, echo.message, echo.external) == ("sent", "m_1", sent.external)


@pytest.mark.parametrize("text", ["Chọn màu", "", "x" * 3900, "&" * 2000])
async def test_quick_replies_are_buttons_and_a_pressed_one_says_its_label(
    slack: FakeSlack, channel: Slack, account: Account, text: str
) -> None:
    options = ("Gỗ sồi", "Một nhãn rất dài " * 8)
    await channel.send(account, TO, room.part(text, options=options))
    slack.press(room.HELP, there(slack)[0]["ts"], room.LAN, index=1)

    said = [one for one in room.meanings(slack, account) if isinstance(one, InboundMessage)]
    assert [(one.text, one.thread, one.sender.value) for one in said] == [(options[1], TO, room.LAN)]


async def test_an_everybody_in_a_block_calls_nobody(slack: FakeSlack, channel: Slack, account: Account) -> None:
    await channel.send(account, TO, room.part("@here <!channel>", options=("Có",)))

    assert there(slack)[0]["blocks"][0]["text"] == {
        "type": "mrkdwn",
        "text": "@here &lt;!channel&gt;",
        "verbatim": True,
    }


# -- files ------------------------------------------------------------------------------------------------------------


async def test_files_and_words_arrive_as_one_message(slack: FakeSlack, channel: Slack, account: Account) -> None:
    lend(channel)
    await channel.send(account, TO, room.part("Ảnh đây ạ", attachments=(PHOTO, PHOTO)))

    (message,) = there(slack)
    assert (message["text"], message["thread_ts"]) == ("Ảnh đây ạ", "1795000000.000001")
    assert [(one["name"], one["size"]) for one in message["files"]] == [("bàn gỗ.png", 300_000)] * 2


async def test_files_with_quick_replies_have_their_buttons(slack: FakeSlack, channel: Slack, account: Account) -> None:
    lend(channel)
    await channel.send(account, TO, room.part("Chọn", attachments=(PHOTO,), options=("Có",)))

    (message,) = there(slack)
    assert [one["type"] for one in message["blocks"]] == ["section", "actions"]


async def test_a_file_that_was_not_shown_yet_may_be_sent_again(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    lend(channel)
    slack.faults.append(Fault(method="files.getUploadURLExternal", harm="drop"))
    with pytest.raises(Retry):
        await channel.send(account, TO, room.part(attachments=(PHOTO,)))
    assert there(slack) == []


async def test_files_that_may_have_been_shown_are_not_sent_again(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    lend(channel)
    slack.faults.append(Fault(method="files.completeUploadExternal", harm="drop"))
    with pytest.raises(Unknown):
        await channel.send(account, TO, room.part(attachments=(PHOTO,)))
    assert len(there(slack)) == 1


# -- what goes wrong --------------------------------------------------------------------------------------------------


async def test_a_limit_says_how_long_to_wait_for_this_chat(slack: FakeSlack, channel: Slack, account: Account) -> None:
    slack.limits_posts = True
    await channel.send(account, TO, room.part())

    with pytest.raises(Retry) as limited:
        await channel.send(account, TO, room.part())
    assert (limited.value.after_s, limited.value.whole_account) == (1.0, False)
    assert await channel.send(account, f"T0SHOP0001/{room.DIRECT}", room.part()) != Sent()


@pytest.mark.parametrize("harm", ["drop", "half-close"])
async def test_a_connection_that_breaks_after_sending_leaves_it_unknown_and_posts_once(
    slack: FakeSlack, channel: Slack, account: Account, harm: str
) -> None:
    slack.faults.append(Fault(method="chat.postMessage", harm=harm))
    with pytest.raises(Unknown):
        await channel.send(account, TO, room.part())
    assert len(there(slack)) == 1


async def test_an_answer_that_never_comes_ends_with_the_hubs_patience(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    never = asyncio.Event()
    slack.faults.append(Fault(method="chat.postMessage", harm="delay", until=never))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await channel.send(account, TO, room.part())
    never.set()
    assert len(there(slack)) == 1


async def test_a_server_that_is_not_there_took_nothing(slack: FakeSlack, channel: Slack, account: Account) -> None:
    away = msgspec.structs.replace(account, settings={**account.settings, "api_url": "http://127.0.0.1:9/api/"})
    with pytest.raises(Retry):
        await channel.send(away, TO, room.part())


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        ("not_in_channel", Refused),
        ("channel_not_found", Refused),
        ("is_archived", Refused),
        ("invalid_auth", Refused),
        ("token_revoked", Refused),
        ("account_inactive", Refused),
        ("missing_scope", Refused),
        ("something_new", Refused),
        ("ratelimited", Retry),
        ("service_unavailable", Retry),
        ("fatal_error", Unknown),
        ("internal_error", Unknown),
    ],
)
async def test_each_error_ends_as_what_slack_says_of_it(
    slack: FakeSlack, channel: Slack, account: Account, error: str, ends: type[Exception]
) -> None:
    slack.faults.append(Fault(method="chat.postMessage", harm="refuse", status=200, error=error))
    with pytest.raises(ends) as ended:
        await channel.send(account, TO, room.part())
    assert str(ended.value).endswith(".")


@pytest.mark.parametrize(("status", "ends"), [(429, Retry), (503, Retry), (500, Unknown), (502, Unknown)])
async def test_each_status_ends_as_what_it_means(
    slack: FakeSlack, channel: Slack, account: Account, status: int, ends: type[Exception]
) -> None:
    slack.faults.append(Fault(method="chat.postMessage", harm="refuse", status=status))
    with pytest.raises(ends):
        await channel.send(account, TO, room.part())


@pytest.mark.parametrize("to", ["", "T0SHOP0001", "T0SHOP0001/", "a/b/c/d"])
async def test_a_place_that_is_none_is_refused(slack: FakeSlack, channel: Slack, account: Account, to: str) -> None:
    with pytest.raises(Refused, match="where in Slack"):
        await channel.send(account, to, room.part())
    assert slack.calls == []
