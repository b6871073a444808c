"""What Slack gave up on, found in the channels' histories."""

import datetime as dt

import pytest

from channels.base import RawArrival
from channels.fakes.slack import FakeSlack, Fault
from channels.slack import Slack
from channels.slack.backfill import MOST_WAITS
from hub.errors import Unreachable
from hub.inbound import InboundEdit, InboundMessage, InboundReceipt
from hub.model import Account
from tests.channels.slack import room

HOUR = 3600.0


def at(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


async def found(channel: Slack, account: Account, since: float) -> list[RawArrival]:
    return [one async for batch in channel.backfill(account, at(since)) for one in batch.arrivals]


async def test_messages_written_since_then_are_found_under_their_events_names(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.say(room.HELP, room.LAN, "trước đó")
    slack.clock.now += HOUR
    since = slack.clock.now
    slack.pusher.waiting.clear()
    slack.say(room.HELP, room.LAN, "trong kênh")
    slack.say(room.DIRECT, room.LAN, "nhắn riêng")

    missed = await found(channel, account, since)
    assert {one.external for one in missed} == {one.external for one in room.arrivals_of(slack, account)}
    assert {one.same for one in missed} == {one.same for one in room.arrivals_of(slack, account)}


async def test_a_message_found_means_what_its_event_would_have_meant(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    for place in (room.HELP, room.DIRECT):
        slack.say(place, room.LAN, "Chào <@U0MINH0001>", files=[slack.put_file("a.png", "image/png", b"x")])

    (help_, direct) = sorted(await found(channel, account, slack.clock.now - 1), key=lambda one: one.lane)
    meant = [Slack().normalise(account, room.kept(account, one))[0] for one in (help_, direct)]
    assert meant == sorted(room.meanings(slack, account), key=lambda one: getattr(one, "thread", ""))


async def test_answers_in_older_threads_are_found(slack: FakeSlack, channel: Slack, account: Account) -> None:
    parent = slack.say(room.HELP, room.LAN, "hôm qua")
    slack.clock.now += 24 * HOUR
    slack.say(room.HELP, room.LAN, "hôm nay", thread_ts=parent["ts"])

    (answer,) = await found(channel, account, slack.clock.now - 1)
    (said,) = Slack().normalise(account, room.kept(account, answer))
    assert isinstance(said, InboundMessage)
    assert (said.text, said.thread) == ("hôm nay", f"{slack.home.id}/{room.HELP}/{parent['ts']}")


async def test_an_edit_of_an_older_message_is_found_under_its_events_name(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    message = slack.say(room.HELP, room.LAN, "Bàn nâu")
    slack.clock.now += HOUR
    slack.pusher.waiting.clear()
    slack.edit(room.HELP, message["ts"], "Bàn trắng")

    (edit,) = await found(channel, account, slack.clock.now - 1)
    assert [edit.external] == [one.external for one in room.arrivals_of(slack, account)]
    (meant,) = Slack().normalise(account, room.kept(account, edit))
    assert isinstance(meant, InboundEdit) and meant.text == "Bàn trắng"


async def test_what_we_sent_and_never_heard_of_is_found(slack: FakeSlack, channel: Slack, account: Account) -> None:
    await channel.send(account, f"{slack.home.id}/{room.HELP}/1795000000.000001", room.part())
    slack.home.channels[room.HELP].messages[0]["thread_ts"] = slack.home.channels[room.HELP].messages[0]["ts"]

    (echo,) = await found(channel, account, slack.clock.now - 1)
    (meant,) = Slack().normalise(account, room.kept(account, echo))
    assert isinstance(meant, InboundReceipt) and meant.message == "m_1"


async def test_many_pages_are_read_oldest_first_within_each(slack: FakeSlack, channel: Slack, account: Account) -> None:
    for index in range(450):
        slack.say(room.HELP, room.LAN, str(index))

    batches = [batch async for batch in channel.backfill(account, at(slack.clock.now - 1))]
    assert [len(one.arrivals) for one in batches] == [200, 200, 50]
    assert all(sorted(b.arrivals, key=lambda one: one.order or 0) == list(b.arrivals) for b in batches)


async def test_what_is_older_than_the_account_is_history(slack: FakeSlack, channel: Slack) -> None:
    slack.say(room.HELP, room.LAN, "cũ")
    since = at(slack.clock.now + 1).isoformat()
    slack.clock.now += HOUR
    slack.say(room.HELP, room.LAN, "mới")

    account = room.account_of(slack, since=since)
    assert [one.history for one in await found(channel, account, slack.clock.now - 2 * HOUR)] == [True, False]


async def test_what_slack_tells_of_by_itself_is_news_also_when_our_clock_was_ahead_of_its(slack: FakeSlack) -> None:
    slack.say(room.HELP, room.LAN, "từ lâu")
    slack.clock.now += HOUR
    account = room.account_of(slack, since=at(slack.clock.now + 300).isoformat())
    slack.say(room.HELP, room.LAN, "vừa kết nối xong")

    assert [one.history for one in room.arrivals_of(slack, account)] == [True, False]


async def test_channels_that_are_not_listened_to_are_not_read(slack: FakeSlack, channel: Slack) -> None:
    slack.home.add_channel("C0OTHER001", "other", bot_in=False)
    account = room.account_of(slack, channels=[room.DIRECT])

    assert await found(channel, account, slack.clock.now) == []
    read = [one.args["channel"] for one in slack.calls if one.method == "conversations.history"]
    assert read == [room.DIRECT]


async def test_where_slack_asks_to_wait_it_waits(slack: FakeSlack, account: Account) -> None:
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    slack.say(room.HELP, room.LAN, "Chào")
    limited = Fault(method="conversations.history", harm="refuse", status=429, headers={"Retry-After": "7"})
    slack.faults += [limited, limited]
    patient = Slack(pause=pause)

    assert len(await found(patient, account, slack.clock.now - 1)) == 1
    assert paused == [7.0, 7.0]
    await patient.close()


async def test_slack_may_ask_to_wait_before_every_channel(slack: FakeSlack, account: Account) -> None:
    channels = [f"C0MANY{number:04}" for number in range(2 * MOST_WAITS)]
    limited = Fault(method="conversations.history", harm="refuse", status=429, headers={"Retry-After": "60"})
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    for name in channels:
        slack.home.add_channel(name, name.lower())
        slack.say(name, room.LAN, "Chào")
    patient = Slack(pause=pause)
    missed: list[RawArrival] = []
    async for batch in patient.backfill(account, at(slack.clock.now - 1)):
        missed += batch.arrivals
        slack.faults.append(limited)

    assert {one.lane for one in missed} == set(channels)
    assert len(paused) > MOST_WAITS
    await patient.close()


async def test_a_channel_that_slack_does_not_show_any_more_hides_no_other(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    slack.say(room.HELP, room.LAN, "trong kênh")
    slack.say(room.DIRECT, room.LAN, "nhắn riêng")
    slack.faults.append(Fault(method="conversations.history", harm="error", error="not_in_channel"))

    assert len(await found(channel, account, slack.clock.now - 1)) == 1


async def test_a_revoked_token_ends_it_with_a_sentence(slack: FakeSlack, channel: Slack, account: Account) -> None:
    slack.home.revoked = "token_revoked"
    with pytest.raises(Unreachable, match="revoked"):
        await found(channel, account, slack.clock.now)
