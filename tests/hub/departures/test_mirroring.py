"""The mirror over real stores and a false Slack: all is shown once, and what the team says there finds its way."""

import random
from collections.abc import AsyncIterator

import msgspec
import pytest

from channels.base import Channel
from channels.fakes.slack import FakeSlack
from channels.fakes.slack.faults import Fault
from channels.fakes.slack.world import Json
from channels.slack import Slack
from hub.arrivals.intake import Intake
from hub.departures.compose import Draft
from hub.departures.mirror.mirroring import HEALTH, Mirroring
from hub.errors import Refused
from hub.inbound import InboundEdit
from hub.model import Account, AccountId, Message
from tests.channels.slack import room
from tests.hub.core import LAN, Clock, Core, talk
from tests.hub.scripted import Scripted

TEAM = "C0TEAM0001"
POST = "chat.postMessage"


class House:
    """A shop whose conversations are mirrored, and the team in front of the mirror."""

    def __init__(self, core: Core, clock: Clock, slack: FakeSlack, channel: Slack, account: Account) -> None:
        self.core, self.clock, self.slack, self.account = core, clock, slack, account
        self.channels: dict[str, Channel] = {"scripted": core.channel, "slack": channel}
        self.intake = Intake(core.store, core.announcer, core.accounts, self.channels, clock, core.tagger)
        self.mirroring = self.another("one")

    def another(self, name: str) -> Mirroring:
        core = self.core
        return Mirroring(
            core.store,
            core.bus,
            core.announcer,
            core.accounts,
            self.channels,
            core.composer,
            self.clock,
            name,
            random.Random(name),
            lambda id_: f"https://hub.example/open/{id_}",
        )

    async def mirrors(self, rounds: int = 1, after_s: float = 2) -> None:
        for _ in range(rounds):
            self.clock.pass_s(after_s)
            await self.mirroring.step()

    @property
    def posts(self) -> list[Json]:
        return self.slack.home.channels[TEAM].messages

    @property
    def texts(self) -> list[str]:
        return [str(one["text"]) for one in self.posts]

    async def colleague(self, text: str, user: str = room.MINH, thread: int = 0) -> None:
        """Somebody of the team writes below a headline, and it is taken in and read."""
        self.slack.say(TEAM, user, text, thread_ts=self.posts[thread]["ts"])
        await self.arrive()

    async def press(self, user: str = room.MINH, nth: int = -1) -> None:
        buttons = [one for one in self.posts if "blocks" in one]
        self.slack.press(TEAM, buttons[nth]["ts"], user)
        await self.arrive()

    async def arrive(self) -> None:
        raws = room.arrivals_of(self.slack, self.account)
        self.slack.pusher.waiting.clear()
        await self.core.door.keep(self.account, raws)
        await self.intake.process([f"{self.account.id}:{TEAM}"], lambda _: None)
        await self.mirrors()

    async def of(self, kind: str) -> list[Message]:
        return [one for one in await self.core.log() if one.kind == kind]

    async def health(self) -> str | None:
        account = await self.core.store.accounts.get(self.account.id)
        assert account is not None
        return account.health


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as made:
        room.furnish(made)
        made.home.add_channel(TEAM, "team")
        yield made


@pytest.fixture
async def house(core: Core, clock: Clock, slack: FakeSlack) -> AsyncIterator[House]:
    channel = Slack()
    channel.limits = msgspec.structs.replace(channel.limits, per_chat_s=0.0)
    account = room.account_of(slack, mirror=TEAM)
    await core.store.accounts.add(account)
    made = House(core, clock, slack, channel, account)
    await made.mirrors()  # it begins here
    yield made
    await channel.close()


# --- out ------------------------------------------------------------------------------------------------------------


async def test_a_conversation_is_a_thread_with_its_messages_answers_and_notes(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1", name="Chị Hoa")
    await house.mirrors()
    await core.replies("Dạ còn ạ", seen=1)
    await core.composer.note(Draft(author=LAN, conversation=talk(), key="n1", text="hỏi kho"))
    await house.mirrors()

    head, *entries = house.posts
    assert head["text"] == f"*Chị Hoa* · scripted · Mộc An\n<https://hub.example/open/{talk()}>"
    assert [one["text"] for one in entries] == [
        "*Chị Hoa*\nBàn này còn không?",
        "↩ *Lan*\nDạ còn ạ",
        "🔒 *Lan*\nhỏi kho",
    ]
    assert {one["thread_ts"] for one in entries} == {head["ts"]}


async def test_edited_words_are_shown_anew_in_their_place_and_deleted_ones_leave_it(core: Core, house: House) -> None:
    await core.hears("Lấy hai cái", "m1", name="Chị Hoa")
    await core.hears("Giao mai nhé", "m2", name="Chị Hoa")
    await house.mirrors()
    for target, text, gone in (("m1", "Lấy ba cái", False), ("m2", "", True)):
        edit = InboundEdit(target=target, at=core.clock(), order=5, text=text, gone=gone)
        await core.keep(edit, external=f"edit-{target}", lane="u1")
    await core.take_in("u1")
    await house.mirrors()

    assert [one["text"] for one in house.posts[1:]] == [
        "*Chị Hoa* _(đã sửa)_\nLấy ba cái",
        "*Chị Hoa* _(tin này đã bị xoá)_\n",
    ]
    await house.arrive()
    assert await house.of("note") == []


async def test_an_edit_of_words_that_were_never_shown_shows_nothing(core: Core, house: House) -> None:
    await core.hears("Thư năm ngoái", "m0", history=True)
    edit = InboundEdit(target="m0", at=core.clock(), order=5, text="Thư năm kia")
    await core.keep(edit, external="edit-m0", lane="u1")
    await core.take_in("u1")
    await house.mirrors()

    assert house.posts == []


async def test_each_entry_is_shown_once_by_whoever_follows(core: Core, house: House) -> None:
    await core.hears("một", "m1")
    await house.mirrors()
    await core.store.cursors.move(f"mirror:{house.account.id}:{TEAM}", "0", core.clock())  # a redo
    await house.mirrors()
    await core.bus.give_up(f"mirror:{house.account.id}", "one")
    await house.another("two").step()

    assert [text.partition("\n")[2] for text in house.texts[1:]] == ["một"]


async def test_only_one_process_works_a_mirror(core: Core, house: House) -> None:
    await core.hears("một", "m1")
    house.clock.pass_s(2)
    await house.another("two").step()

    assert house.posts == []


async def test_history_and_what_was_before_the_mirror_are_not_shown(core: Core, house: House) -> None:
    await core.hears("Chào shop", "m1")
    house.account = msgspec.structs.replace(house.account, settings=house.account.settings | {"mirror": room.HELP})
    await core.store.accounts.change(house.account.id, {"settings": house.account.settings})
    core.accounts.forget()
    await house.mirrors()
    await core.hears("Thư năm ngoái", "m0", history=True)
    await core.hears("Chào em", "m2")
    await house.mirrors()

    shown = [str(one["text"]) for one in house.slack.home.channels[room.HELP].messages]
    assert house.posts == []
    assert [text.partition("\n")[2] for text in shown[1:]] == ["Chào em"]


async def test_accounts_that_are_not_named_are_not_shown(core: Core, house: House) -> None:
    settings = house.account.settings | {"mirror_accounts": ["another"]}
    await core.store.accounts.change(house.account.id, {"settings": settings})
    core.accounts.forget()
    await core.hears("một", "m1")
    await house.mirrors()

    assert house.posts == []


async def test_words_whose_answer_was_lost_are_not_posted_again(core: Core, house: House) -> None:
    await core.hears("một", "m1")
    await house.mirrors()
    house.slack.faults.append(Fault(method=POST, harm="drop"))
    await core.hears("hai", "m2")
    await house.mirrors(2)
    await core.hears("ba", "m3")
    await house.mirrors(2)

    assert [text.partition("\n")[2] for text in house.texts[1:]] == ["một", "hai", "ba"]


async def test_what_slack_did_not_take_is_posted_later_and_in_order(core: Core, house: House) -> None:
    limited = Fault(method=POST, harm="refuse", status=429, error="ratelimited", headers={"Retry-After": "20"})
    house.slack.faults.append(limited)
    await core.hears("một", "m1")
    await core.hears("hai", "m2")
    await house.mirrors()
    early = list(house.posts)
    await house.mirrors(after_s=25)

    assert early == []
    assert [text.partition("\n")[2] for text in house.texts[1:]] == ["một", "hai"]
    assert await house.health() is None


async def test_a_thread_whose_beginning_was_lost_is_begun_anew(core: Core, house: House) -> None:
    house.slack.faults.append(Fault(method=POST, harm="drop"))
    await core.hears("một", "m1")
    await house.mirrors(3, after_s=60)

    lost, head, entry = house.posts
    assert (lost["text"], entry["thread_ts"]) == (head["text"], head["ts"])


async def test_a_mirror_that_cannot_be_written_to_says_so_and_goes_on_when_it_can(core: Core, house: House) -> None:
    house.slack.home.channels[TEAM].bot_in = False
    await core.hears("một", "m1")
    await house.mirrors()
    ill = await house.health()
    house.slack.home.channels[TEAM].bot_in = True
    await house.mirrors(after_s=60)

    assert ill is not None and ill.startswith(f"{HEALTH}The bot is not in this channel")
    assert await house.health() is None
    assert len(house.posts) == 2


async def test_what_is_refused_again_and_again_is_left_out_and_the_rest_goes_on(core: Core, house: House) -> None:
    await core.hears("một", "m1")
    await house.mirrors()
    house.slack.faults.extend(Fault(method=POST, harm="refuse", status=200, error="msg_too_long") for _ in range(6))
    await core.hears("hai", "m2")
    await core.hears("ba", "m3")
    await house.mirrors(7, after_s=3000)

    assert [text.partition("\n")[2] for text in house.texts[1:]] == ["một", "ba"]
    assert await house.health() is None


async def test_another_mirror_goes_on_beside_one_that_fails(core: Core, house: House) -> None:
    settings = house.account.settings | {"mirror": room.HELP}
    second = msgspec.structs.replace(house.account, id=AccountId("second"), settings=settings)
    await core.store.accounts.add(second)
    core.accounts.forget()
    await house.mirrors()
    house.slack.home.channels[TEAM].bot_in = False
    await core.hears("một", "m1")
    await house.mirrors()

    assert house.posts == []
    assert len(house.slack.home.channels[room.HELP].messages) == 2


# --- in -------------------------------------------------------------------------------------------------------------


async def test_words_in_a_thread_become_a_note_with_the_colleagues_name(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("để em hỏi kho")
    await house.mirrors(2)

    (note,) = await house.of("note")
    assert (note.author.name, note.author.kind, note.text) == ("Minh Đỗ", "agent", "để em hỏi kho")
    assert await house.of("out") == []
    assert [one["text"] for one in house.posts[3:]] == ["Gửi cho khách"]
    assert (await core.talk()).waiting is not None


async def test_the_button_sends_the_words_once_however_often_it_is_pressed(
    core: Core, house: House, channel: Scripted
) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("Dạ còn ạ")
    await house.press()
    await house.press(room.LAN)
    await core.deliver()
    await house.mirrors()

    (answer,) = await house.of("out")
    assert (answer.author.name, answer.text, channel.texts) == ("Minh Đỗ", "Dạ còn ạ", ["Dạ còn ạ"])
    assert house.texts[-1] == "↩ *Minh Đỗ*\nDạ còn ạ"


async def test_an_answer_that_did_not_arrive_is_told_in_the_thread_once(
    core: Core, house: House, channel: Scripted
) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("Dạ còn ạ")
    channel.script.append(Refused("The customer has blocked the shop."))
    await house.press()
    await core.deliver()
    await house.mirrors(2)

    assert house.texts[-2:] == [
        "↩ *Minh Đỗ*\nDạ còn ạ",
        "🔒 *Hộp thư*\n⚠ Câu trả lời chưa tới khách. The customer has blocked the shop.",
    ]


async def test_an_answer_that_the_thread_does_not_show_yet_is_not_answered_over(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("Dạ còn ạ")
    await core.replies("Dạ hết rồi ạ", seen=1)
    await house.press()
    first = [one.text for one in await house.of("out")]
    told = [text for text in house.texts if text.startswith("🔒 *Hộp thư*\nChưa gửi: khách vừa được")]
    await house.mirrors()
    await house.press()

    assert (first, len(told)) == (["Dạ hết rồi ạ"], 1)
    assert [one.text for one in await house.of("out")] == ["Dạ hết rồi ạ", "Dạ còn ạ"]


async def test_a_reply_that_is_read_twice_is_one_note_with_one_button(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("để em hỏi kho")
    [said] = [one for one in await core.kept() if one.account == house.account.id]
    await core.store.arrivals.release([said], core.clock())
    await house.intake.process([said.lane], lambda _: None)
    await house.mirrors(2)

    assert len(await house.of("note")) == 1
    assert house.texts.count("Gửi cho khách") == 1


async def test_a_button_that_could_not_be_offered_comes_later(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    house.slack.faults.append(Fault(method=POST, harm="refuse", status=503, headers={"Retry-After": "3"}))
    await house.colleague("để em hỏi kho")
    early = house.texts.count("Gửi cho khách")
    await house.mirrors(2, after_s=20)

    assert (early, house.texts.count("Gửi cho khách")) == (0, 1)
    assert len(await house.of("note")) == 1


async def test_words_in_a_thread_of_nobody_are_nobodys(core: Core, house: House) -> None:
    house.slack.say(TEAM, room.LAN, "họp lúc 9 giờ")
    await house.colleague("ok")

    assert await core.count("mirror_replies") == 0
    assert await core.count("messages") == 0


async def test_words_that_cannot_be_a_note_are_told_so(core: Core, house: House) -> None:
    await core.hears("Bàn này còn không?", "m1")
    await house.mirrors()
    await house.colleague("dài " * 6000)

    assert await house.of("note") == []
    assert house.texts[-1].startswith("🔒 *Hộp thư*\nChưa gửi được: A message may have")
