"""Conversations of other accounts, shown to the team in a channel."""

import msgspec
import pytest

from channels.base import Entry, Headline, Reply
from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from hub.model import Account
from tests.channels.slack import room

TEAM = "C0TEAM0001"
HEADLINE = Headline(name="Lan <!channel>", channel="Telegram", url="https://hub.example/c/1", subject="Bàn & ghế")


@pytest.fixture
def account(slack: FakeSlack) -> Account:
    slack.home.add_channel(TEAM, "team")
    return room.account_of(slack, mirror=TEAM)


async def replies(slack: FakeSlack, channel: Slack, account: Account) -> list[Reply]:
    """What everything that the false Slack wants to post says in the mirror."""
    raws = room.arrivals_of(slack, account)
    slack.pusher.waiting.clear()
    found = [await channel.reply(account, room.kept(account, raw)) for raw in raws]
    return [one for one in found if one is not None]


async def test_a_conversation_is_a_thread_and_calls_nobody(slack: FakeSlack, channel: Slack, account: Account) -> None:
    thread = await channel.open_thread(account, HEADLINE)
    await channel.show(account, thread, Entry(kind="in", author="Lan", text="<@U1> **gấp**", files=("a.png",)))
    await channel.show(account, thread, Entry(kind="note", author="Hoa", text="x" * 5000))

    head, first, second = slack.home.channels[TEAM].messages
    assert head["text"] == "*Lan &lt;!channel&gt;* · Telegram · Bàn &amp; ghế\n<https://hub.example/c/1>"
    assert first["text"] == "*Lan*\n&lt;@U1&gt; *gấp*\n📎 a.png"
    assert second["text"].startswith("🔒 *Hoa*\nxxx") and len(second["text"]) < 3100
    assert {first["thread_ts"], second["thread_ts"]} == {head["ts"]} == {thread.partition(":")[2]}


async def test_words_in_its_thread_are_a_note_and_nobodys_message(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    thread = await channel.open_thread(account, HEADLINE)
    said = slack.say(TEAM, room.MINH, f"<@{room.LAN}> hỏi kho nhé", thread_ts=thread.partition(":")[2])

    assert room.meanings(slack, account) == []
    (note,) = await replies(slack, channel, account)
    assert (note.kind, note.thread, note.by, note.text) == ("note", thread, room.MINH, "@Lan hỏi kho nhé")
    assert note.external == f"{TEAM}:{said['ts']}"


async def test_the_button_below_a_note_sends_it_to_the_customer(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    thread = await channel.open_thread(account, HEADLINE)
    slack.say(TEAM, room.MINH, "Dạ còn ạ", thread_ts=thread.partition(":")[2])
    (note,) = await replies(slack, channel, account)
    button = await channel.offer(account, note, "vi")
    slack.press(TEAM, button.partition(":")[2], room.MINH)

    assert room.meanings(slack, account) == []
    (answer,) = await replies(slack, channel, account)
    assert (answer.kind, answer.thread, answer.external) == ("answer", thread, note.external)
    assert slack.home.channels[TEAM].messages[-1]["text"] == "Gửi cho khách"


async def test_words_beside_the_threads_are_not_even_kept(slack: FakeSlack, channel: Slack, account: Account) -> None:
    slack.say(TEAM, room.MINH, "đi ăn trưa không?")

    assert room.arrivals_of(slack, account) == []


async def test_an_account_without_a_mirror_has_no_notes(slack: FakeSlack, channel: Slack, account: Account) -> None:
    bare = msgspec.structs.replace(account, settings=room.settings(slack))
    slack.say(room.HELP, room.MINH, "câu trả lời", thread_ts="1795000000.000001")

    assert await replies(slack, channel, bare) == []
