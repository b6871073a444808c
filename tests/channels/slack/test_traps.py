"""The ways in which Slack integrations fail in the field, one test each; what needs a whole hub is in test_hub."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from channels.fakes.slack import LOGIN_PAGE, FakeSlack
from channels.slack import Slack
from hub.errors import Forged, Refused
from hub.inbound import InboundEdit, InboundMessage
from hub.model import Account
from tests.channels.slack import room


async def test_trap_29_a_socket_acknowledges_nothing_before_it_is_stored(slack: FakeSlack, channel: Slack) -> None:
    slack.socket_mode = True
    account = room.account_of(slack, socket=True)
    async with aclosing(cast(Any, channel.listen(account, None))) as batches:
        await anext(batches)
        slack.say(room.HELP, room.LAN, "Chào")
        batch = await anext(batches)
        await slack.sockets.redeliver()  # Slack loses patience while the hub is storing

        assert len(batch.arrivals) == 1
        assert slack.sockets.acknowledged == []


@pytest.mark.parametrize("kind", ["star_added", "function_executed", "a_kind_of_the_future"])
def test_trap_29_unknown_events_are_answered_well_so_that_the_app_stays_on(
    slack: FakeSlack, account: Account, kind: str
) -> None:
    slack.tell(slack.home, {"type": kind})

    assert room.verify(slack, account, slack.pusher.waiting[0].body).status == 200


def test_trap_29_a_mention_and_its_message_are_one(slack: FakeSlack, account: Account) -> None:
    slack.say(room.HELP, room.LAN, f"<@{slack.home.bot_user}> ơi")

    message, mention = room.arrivals_of(slack, account)
    assert (message.external, message.same) == (mention.external, mention.same)
    assert room.meanings(slack, account)[0] == room.meanings(slack, account)[1]


def test_trap_29_a_preview_of_a_link_is_no_edit(slack: FakeSlack, account: Account) -> None:
    said = slack.say(room.HELP, room.LAN, "https://moc-an.example")
    slack.edit(room.HELP, said["ts"], "https://moc-an.example nhé")
    slack.pusher.waiting.clear()
    slack.unfurl(room.HELP, said["ts"])  # it repeats the mark of the edit before

    assert room.arrivals_of(slack, account) == []


def test_trap_29_a_deletion_that_comes_first_names_what_it_deletes(slack: FakeSlack, account: Account) -> None:
    said = slack.say(room.HELP, room.LAN, "nhầm")
    slack.delete(room.HELP, said["ts"])
    slack.pusher.waiting.reverse()

    gone, message = room.meanings(slack, account)
    assert isinstance(gone, InboundEdit) and isinstance(message, InboundMessage)
    assert gone.gone and gone.target == message.external and gone.order > message.order


def test_trap_29_a_retry_after_a_slow_answer_is_the_same_arrival(slack: FakeSlack, account: Account) -> None:
    slack.say(room.HELP, room.LAN, "Chào")
    body = slack.pusher.waiting[0].body
    again = room.signed(slack, body) | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    first = room.verify(slack, account, body)
    assert Slack().verify(again, body, [account], room.now(slack)).arrivals == first.arrivals


async def test_trap_29_a_login_page_is_never_stored_as_a_file(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.home.scopes = "chat:write"  # without files:read Slack answers 200 with a page
    shown = slack.put_file("hoá đơn.pdf", "application/pdf", b"%PDF-1.7")
    with pytest.raises(Refused, match="files:read"):
        assert [chunk async for chunk in channel.fetch(account, shown["id"])] == []


async def test_trap_29_a_login_page_that_calls_itself_a_picture_is_no_picture(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    shown = slack.put_file("ảnh.png", "image/png", LOGIN_PAGE)
    with pytest.raises(Refused, match="sign in"):
        assert [chunk async for chunk in channel.fetch(account, shown["id"])] == []


@pytest.mark.parametrize("text", ["<!channel>", "<!here|x>", "<!everyone> & <@U0LAN00001>", "**<!subteam^S1>**"])
async def test_trap_29_an_agents_words_call_nobody(
    slack: FakeSlack, channel: Slack, account: Account, text: str
) -> None:
    await channel.send(account, f"{slack.home.id}/{room.DIRECT}", room.part(text, options=(text,)))

    (message,) = slack.home.channels[room.DIRECT].messages
    assert "<" not in message["text"] + message["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("body", [b"\xff\xfe{", b'{"a":"\xc3\x28"}', "{ Tiếng Việt".encode("utf-16"), b"\x00" * 9])
def test_trap_29_garbage_is_refused_unsigned_and_survived_signed(
    slack: FakeSlack, account: Account, body: bytes
) -> None:
    headers = {"Content-Type": "application/json; charset=latin-1"}
    with pytest.raises(Forged):
        Slack().verify(headers, body, [account], room.now(slack))
    assert Slack().verify(headers | room.signed(slack, body), body, [account], room.now(slack)).status == 200


async def test_trap_29_with_two_sockets_every_event_comes_on_either_and_none_is_lost(slack: FakeSlack) -> None:
    slack.socket_mode = True
    account, names = room.account_of(slack, socket=True), list[str]()

    async def hear(channel: Slack) -> None:
        async for batch in channel.listen(account, None):
            names.extend(one.external for one in batch.arrivals)

    both = Slack(), Slack()
    hearing = [asyncio.ensure_future(hear(one)) for one in both]
    await slack.sockets.until(lambda: len(slack.sockets.open) == 2)
    said = [slack.say(room.HELP, room.LAN, str(index)) for index in range(30)]
    await slack.sockets.until(lambda: len(slack.sockets.acknowledged) == 30)
    for task in hearing:
        task.cancel()
    await asyncio.gather(*hearing, return_exceptions=True)
    for one in both:
        await one.close()
    assert sorted(names) == sorted(f"{room.HELP}:{one['ts']}" for one in said)
