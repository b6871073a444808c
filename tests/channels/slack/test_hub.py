"""Slack through the whole hub: posted by the false Slack, kept, logged, answered."""

import random
from pathlib import Path

import aiohttp
import pytest

from channels.fakes.slack import FakeSlack, Fault, Weather
from hub.embedded import StoreUrls
from tests.channels.slack import room
from tests.channels.slack.hub import a_hub
from tests.channels.whole_hub import Hub, beside, listening
from tests.hub.cutting import Wire


async def test_a_question_in_a_channel_is_answered_in_its_thread(hub: Hub, slack: FakeSlack) -> None:
    asked = slack.say(room.HELP, room.LAN, f"<@{slack.home.bot_user}> bàn gỗ sồi còn không ạ?")
    await slack.pusher.push_due()
    await hub.done(1)
    thread = f"{slack.home.id}/{room.HELP}/{asked['ts']}"

    (entry,) = await hub.log(thread)
    assert (entry.text, entry.author.name) == ("@Mộc An bàn gỗ sồi còn không ạ?", "Lan")
    answer = await hub.delivered(await hub.replies(thread, "Dạ **còn** ạ"))
    assert answer.delivery == "sent"
    (_, message) = slack.home.channels[room.HELP].messages
    assert (message["text"], message["thread_ts"]) == ("Dạ *còn* ạ", asked["ts"])


async def test_an_echo_of_ours_is_no_second_entry(hub: Hub, slack: FakeSlack) -> None:
    slack.say(room.DIRECT, room.LAN, "Chào")
    await slack.pusher.push_due()
    await hub.done(1)
    await hub.delivered(await hub.replies(f"{slack.home.id}/{room.DIRECT}", "Dạ em chào chị"))
    await slack.pusher.push_due()
    await hub.done(2)

    assert [one.text for one in await hub.log(f"{slack.home.id}/{room.DIRECT}")] == ["Chào", "Dạ em chào chị"]


async def test_an_answer_whose_end_nobody_knew_is_settled_by_its_echo(hub: Hub, slack: FakeSlack) -> None:
    slack.say(room.DIRECT, room.LAN, "Chào")
    await slack.pusher.push_due()
    await hub.done(1)
    thread = f"{slack.home.id}/{room.DIRECT}"
    slack.faults.append(Fault(method="chat.postMessage", harm="drop"))
    assert (await hub.delivered(await hub.replies(thread, "Dạ"))).delivery == "unknown"

    await slack.pusher.push_due()
    entries = await hub.until(thread, lambda found: found[-1].delivery == "sent")
    assert [one.text for one in entries] == ["Chào", "Dạ"]
    assert len(slack.home.channels[room.DIRECT].messages) == 2


async def test_trap_29_nothing_is_acknowledged_that_is_not_stored(wired: Hub, slack: FakeSlack, wire: Wire) -> None:
    slack.say(room.DIRECT, room.LAN, "Chào")
    wired.rooms.accounts.forget()  # so that the account is asked for in vain, too, before the three seconds are over
    wire.cut_for_good()
    await slack.pusher.push_due()
    assert slack.pusher.statuses == [503]

    wire.mend()
    await push_everything(slack)
    await wired.done(1)
    assert [one.text for one in await wired.log(f"{slack.home.id}/{room.DIRECT}")] == ["Chào"]


async def test_trap_29_a_garbage_body_is_no_error_of_ours(hub: Hub, slack: FakeSlack) -> None:
    odd = [b"\xff\xfe", b"{", b'{"type":"event_callback","event":5,"team_id":"T0SHOP0001"}', b"payload=%zz", b""]
    answers = []
    async with aiohttp.ClientSession() as http:
        for body in odd:
            for headers in (room.signed(slack, body), {"X-Slack-Signature": "v0=đ"}):
                async with http.post(hub.url, data=body, headers=headers) as response:
                    answers.append(response.status)
    assert answers == [200, 401] * len(odd)


async def test_a_tampered_event_is_refused_and_not_stored(hub: Hub, slack: FakeSlack) -> None:
    headers = room.signed(slack, b"{ }")
    async with aiohttp.ClientSession() as http, http.post(hub.url, data=b"{}", headers=headers) as response:
        assert response.status == 401
    assert await hub.kept() == []


async def test_the_address_proves_itself_to_slack(hub: Hub, slack: FakeSlack) -> None:
    assert await slack.pusher.verify_url()


@pytest.mark.timeout(120)
async def test_a_thousand_events_doubled_reordered_and_a_tenth_of_the_answers_lost(hub: Hub, slack: FakeSlack) -> None:
    """Every message is stored once, and each thread reads in Slack's order."""
    slack.pusher.weather = Weather(double=0.5, reorder=True, lose_answer=0.1)
    chance, wanted, count = random.Random(3), dict[str, list[str]](), 0
    channels = [slack.home.add_channel(f"C0ROOM{index:04}", f"room-{index}").id for index in range(20)]
    parents = [slack.say(channel, room.LAN, f"câu hỏi ở {channel}") for channel in channels]
    for channel, parent in zip(channels, parents, strict=True):
        wanted[f"{slack.home.id}/{channel}/{parent['ts']}"] = [parent["text"]]
    while count < 980:
        place, count = chance.randrange(20), count + 1
        channel, parent = channels[place], parents[place]
        mention = f"<@{slack.home.bot_user}> " if count % 10 == 0 else ""
        slack.say(channel, room.MINH, f"{mention}tin {count}", thread_ts=parent["ts"])
        wanted[f"{slack.home.id}/{channel}/{parent['ts']}"].append(f"{'@Mộc An ' if mention else ''}tin {count}")
    slack.pusher.waiting.sort(key=lambda one: chance.random())

    await push_everything(slack)
    kept = await hub.done(1000, within_s=100)
    assert len(kept) == 1000
    assert {thread: [one.text for one in await hub.log(thread)] for thread in wanted} == wanted
    assert len(slack.pusher.statuses) > 1500


async def push_everything(slack: FakeSlack) -> None:
    """Every retry at once: the signatures stay young."""
    while slack.pusher.waiting:
        for one in slack.pusher.waiting:
            one.due = slack.clock.now
        await slack.pusher.push_due()


# -- what needs listeners ---------------------------------------------------------------------------------------------


async def test_events_come_over_a_socket_and_are_logged_once(
    fresh: StoreUrls, tmp_path: Path, slack: FakeSlack
) -> None:
    slack.socket_mode = True
    account = room.account_of(slack, socket=True)
    async with a_hub(fresh, tmp_path, slack, account) as hub, beside(listening(hub.rooms).run()):
        said = [slack.say(room.DIRECT, room.LAN, f"tin {index}") for index in range(20)]
        await slack.sockets.redeliver()
        await slack.sockets.until(lambda: len(slack.sockets.acknowledged) >= 20)
        await hub.done(20)

        assert [one.text for one in await hub.log(f"{slack.home.id}/{room.DIRECT}")] == [one["text"] for one in said]


async def test_a_revoked_token_is_in_the_accounts_health_until_it_works_again(hub: Hub, slack: FakeSlack) -> None:
    slack.home.revoked = "token_revoked"
    async with beside(listening(hub.rooms).run()):
        await hub.until_health(lambda said: "revoked" in (said or ""))
        slack.home.revoked = None
        await hub.until_health(lambda said: said is None)
