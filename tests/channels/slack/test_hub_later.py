"""What becomes of a message after it was written, and files both ways, through the whole hub."""

import msgspec

from channels.fakes.slack import FakeSlack, Workspace
from hub.arrivals.hearing import Pace
from hub.model import Account, AccountId, Attachment
from tests.channels.slack import room
from tests.channels.whole_hub import Hub, beside, listening

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 400_000
THREAD = f"T0SHOP0001/{room.DIRECT}"


async def test_an_edit_is_shown_with_the_words_as_they_were(hub: Hub, slack: FakeSlack) -> None:
    said = slack.say(room.DIRECT, room.LAN, "Bàn nâu")
    slack.edit(room.DIRECT, said["ts"], "Bàn trắng")
    slack.unfurl(room.DIRECT, said["ts"])
    await slack.pusher.push_due()

    (entry,) = await hub.until(THREAD, lambda found: bool(found) and found[0].amended is not None)
    assert entry.amended is not None
    assert (entry.text, entry.amended.text, entry.amended.gone) == ("Bàn nâu", "Bàn trắng", False)


async def test_trap_29_a_deletion_before_its_message_is_folded_on_when_that_comes(hub: Hub, slack: FakeSlack) -> None:
    said = slack.say(room.DIRECT, room.LAN, "nhầm")
    slack.delete(room.DIRECT, said["ts"])
    message, gone = slack.pusher.waiting
    slack.pusher.waiting = [gone]
    await slack.pusher.push_due()
    await hub.done(1)
    slack.pusher.waiting = [message]
    await slack.pusher.push_due()

    (entry,) = await hub.until(THREAD, lambda found: bool(found) and found[0].amended is not None)
    assert entry.amended is not None and entry.amended.gone


async def test_reactions_stand_on_their_words_and_on_ours(hub: Hub, slack: FakeSlack) -> None:
    said = slack.say(room.DIRECT, room.LAN, "Cảm ơn")
    await slack.pusher.push_due()
    await hub.done(1)
    await hub.delivered(await hub.replies(THREAD, "Dạ"))
    ours = slack.home.channels[room.DIRECT].messages[-1]
    slack.react(slack.home, room.DIRECT, said["ts"], room.MINH, "heart")
    slack.react(slack.home, room.DIRECT, ours["ts"], room.LAN, "+1")
    await slack.pusher.push_due()

    entries = await hub.until(THREAD, lambda found: all(one.reactions for one in found))
    assert [[(one.emoji, one.by.removeprefix("slack:")) for one in entry.reactions] for entry in entries] == [
        [("❤️", room.MINH)],
        [("👍", room.LAN)],
    ]


async def test_a_file_is_fetched_after_its_message_is_logged(hub: Hub, slack: FakeSlack) -> None:
    shown = slack.put_file("bàn gỗ.png", "image/png", PNG)
    slack.say(room.DIRECT, room.LAN, "Ảnh đây ạ", subtype="file_share", files=[shown])
    await slack.pusher.push_due()

    (entry,) = await hub.until(THREAD, lambda found: bool(found) and found[0].attachments[0].state == "here")
    assert (entry.attachments[0].name, entry.attachments[0].bytes) == ("bàn gỗ.png", len(PNG))


async def test_trap_29_a_login_page_fails_as_a_file_with_what_to_do(hub: Hub, slack: FakeSlack) -> None:
    slack.home.scopes = "chat:write"
    shown = slack.put_file("hoá đơn.pdf", "application/pdf", b"%PDF-1.7")
    slack.say(room.DIRECT, room.LAN, "Hoá đơn", subtype="file_share", files=[shown])
    await slack.pusher.push_due()

    (entry,) = await hub.until(THREAD, lambda found: bool(found) and found[0].attachments[0].state == "failed")
    assert "files:read" in str(entry.attachments[0].why) and entry.attachments[0].file == ""


async def test_an_answer_with_a_file_arrives_whole(hub: Hub, slack: FakeSlack) -> None:
    slack.say(room.DIRECT, room.LAN, "Cho xem ảnh ạ")
    await slack.pusher.push_due()
    await hub.done(1)
    file = await hub.rooms.store.files.put_bytes(PNG)
    photo = Attachment(file=file, name="bàn.png", mime="image/png", bytes=len(PNG))
    answer = await hub.delivered(await hub.replies(THREAD, "Đây ạ", attachments=(photo,)))

    assert answer.delivery == "sent"
    message = slack.home.channels[room.DIRECT].messages[-1]
    assert (message["text"], [one["size"] for one in message["files"]]) == ("Đây ạ", [len(PNG)])


async def add_north(hub: Hub, slack: FakeSlack, account: Account) -> Workspace:
    """A second workspace at the same address, as another process adds it."""
    north = Workspace(id="T0NORTH001", name="North", bot_token="xoxb-north", channels=slack.home.channels)
    slack.workspaces.append(north)
    settings = room.settings(slack, team_id=north.id)
    secrets = msgspec.json.encode({"bot_token": "xoxb-north", "signing_secret": slack.signing_secret})
    sealed = hub.rooms.ring.seal("account:north", secrets)
    second = msgspec.structs.replace(account, id=AccountId("north"), settings=settings, secrets=sealed)
    await hub.rooms.store.accounts.add(second)
    return north


async def test_two_workspaces_share_an_address_and_nothing_else(hub: Hub, slack: FakeSlack, account: Account) -> None:
    north = await add_north(hub, slack, account)
    hub.rooms.accounts.forget()
    slack.say(room.DIRECT, room.LAN, "cho Mộc An")
    slack.say(room.DIRECT, room.LAN, "cho North", home=north)
    await slack.pusher.push_due()

    kept = await hub.done(2)
    assert {one.account for one in kept} == {"acc", "north"}
    assert [one.text for one in await hub.log(THREAD)] == ["cho Mộc An"]


async def test_the_first_event_of_a_workspace_that_another_process_just_added_is_kept(
    hub: Hub, slack: FakeSlack, account: Account
) -> None:
    await hub.rooms.accounts.all()  # known as they were before
    slack.say(room.DIRECT, room.LAN, "cho North", home=await add_north(hub, slack, account))
    await slack.pusher.push_due()
    assert [one.account for one in await hub.done(1)] == ["north"]


async def test_what_slack_gave_up_on_is_found_when_the_hub_is_back(hub: Hub, slack: FakeSlack) -> None:
    slack.say(room.DIRECT, room.LAN, "đến nơi")
    await slack.pusher.push_due()
    await hub.done(1)
    slack.say(room.DIRECT, room.LAN, "lỡ mất")
    slack.pusher.waiting.clear()  # Slack gave up

    pace = Pace(look_s=0.05, first_s=0.05, for_good_s=0.2, fill_s=0.1)
    async with beside(listening(hub.rooms, pace).run()):
        entries = await hub.until(THREAD, lambda found: len(found) == 2)
    assert [one.text for one in entries] == ["đến nơi", "lỡ mất"]
