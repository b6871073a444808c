"""The main job on Telegram, Slack and by mail: words and pictures both ways, once, and what customers change after."""

import email
import email.policy
import re
from typing import Any, Protocol

import msgspec
import pytest
from playwright.async_api import Page, expect

from channels.fakes.imap import FakeImap
from channels.fakes.slack import FakeSlack
from channels.fakes.smtp import FakeSmtp
from channels.fakes.telegram import Bot, person
from hub.clock import utc_now
from hub.commands.demo_shop.posts import answer_of
from tests.web.browsing import Browsing
from tests.web.channel_scenes import (
    SHARED,
    a_mail,
    connected_bot,
    mail_servers,
    workspace,
)
from tests.web.people import SLOW_MS, Agent, agent, png

DENTED, NEW = png(160, 120), png(32, 32, (31, 122, 90))
HUYEN = person(5120034871, "Khánh Huyền")
SHOP = "walk@mocan.example"
USER = "U0HUYEN001"
pytestmark = pytest.mark.timeout(120)


class Got(msgspec.Struct, frozen=True, kw_only=True):
    """All that the shop's answers were on the customer's side so far."""

    words: list[str]
    files: list[bytes]


class Side(Protocol):
    """A customer's end of a platform; `picture` is what the agent sees their picture named."""

    picture: str

    def says(self, words: str) -> None:
        """With a picture of a dented box."""
        ...

    def got(self) -> Got: ...


class OnTelegram:
    """In the chat with a bot, where photos have no names."""

    picture = "photo.jpg"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._said: dict[str, Any] = {}

    def says(self, words: str) -> None:
        size = {"width": 160, "height": 120}
        self._said = self._bot.hears_file(HUYEN, "photo", DENTED, "hop-mop.jpg", of=size, caption=words)

    def changes(self, words: str) -> None:
        """Below a photo it is the caption that changes."""
        edited = {**self._said, "caption": words, "edit_date": int(self._bot.clock.now())}
        self._bot.updates.add("edited_message", edited, str(HUYEN["id"]))

    def got(self) -> Got:
        told = [one.get("text") or one.get("caption") for one in self._bot.sent]
        photos = [one["photo"][-1]["file_id"] for one in self._bot.sent if "photo" in one]
        return Got(words=[one for one in told if one], files=[self._bot.files[id_].data for id_ in photos])


class OnSlack:
    """In a thread of the channel that the shop shares with its customers."""

    picture = "hop-mop.png"

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self._ts = ""
        slack.home.add_user(USER, "Khánh Huyền")

    def says(self, words: str) -> None:
        file = self._slack.put_file(self.picture, "image/png", DENTED)
        self._ts = str(self._slack.say(SHARED, USER, words, subtype="file_share", files=[file])["ts"])

    def changes(self, words: str) -> None:
        self._slack.edit(SHARED, self._ts, words)

    def got(self) -> Got:
        answers = [one for one in self._slack.home.channels[SHARED].messages if one.get("bot_id")]
        assert {one.get("thread_ts") for one in answers} <= {self._ts}
        files = [self._slack.home.files[file["id"]].data for one in answers for file in one.get("files", [])]
        return Got(words=[one["text"] for one in answers if one["text"]], files=files)


class ByMail:
    """From a mailbox of their own."""

    picture = "hop-mop.png"
    address = "huyen.walk@khach.example"

    def __init__(self, imap: FakeImap, smtp: FakeSmtp) -> None:
        self._imap, self._smtp = imap, smtp

    def says(self, words: str) -> None:
        self._posts(words, "Hộp trà bị móp", DENTED, To=SHOP)

    def answers(self, words: str) -> None:
        """To the newest mail of the shop's, as mail programs do."""
        newest = answer_of(self._smtp.taken[-1].mail)
        self._posts(words, "Re: Hộp trà bị móp", To=newest.back, In_Reply_To=newest.id, References=newest.id)

    def got(self) -> Got:
        assert {one.to for one in self._smtp.taken} <= {(self.address,)}
        raw = [one.mail for one in self._smtp.taken]
        mails = [email.message_from_bytes(one, policy=email.policy.default) for one in raw]
        files = [part.get_content() for one in mails for part in one.iter_attachments()]
        return Got(words=[answer_of(one).text for one in raw], files=files)

    def _posts(self, words: str, subject: str, picture: bytes | None = None, **headers: str) -> None:
        mail = a_mail(subject, words, From=f"Khánh Huyền <{self.address}>", **headers)
        if picture is not None:
            mail.add_attachment(picture, maintype="image", subtype="png", filename=self.picture)
        self._imap.put(mail.as_bytes(), at=utc_now())


async def test_on_telegram_words_and_pictures_go_both_ways_and_an_edit_is_seen(browsing: Browsing) -> None:
    async with connected_bot(browsing.hub, "mocan_walk_bot") as bot:
        huyen = OnTelegram(bot)
        trang = await _walk(
            browsing, huyen, "Hộp trà sen giao tới bị móp, đơn MA-4001 ạ", "Dạ em gửi hộp mới MA-4001 ạ"
        )

        huyen.changes("Hộp trà lài giao tới bị móp, đơn MA-4001 ạ")
        await _changed(
            trang, "Hộp trà sen giao tới bị móp, đơn MA-4001 ạ", "Hộp trà lài giao tới bị móp, đơn MA-4001 ạ"
        )
        await _once(trang, huyen, "Dạ em gửi hộp mới MA-4001 ạ")


async def test_on_slack_words_and_pictures_go_both_ways_and_an_edit_is_seen(browsing: Browsing) -> None:
    async with workspace(browsing.hub, "Mộc An – khách sỉ") as slack:
        huyen = OnSlack(slack)
        trang = await _walk(browsing, huyen, "Thùng trà sen bị ướt, đơn MA-4002 ạ", "Dạ em đổi thùng mới MA-4002 ạ")

        huyen.changes("Hai thùng trà sen bị ướt, đơn MA-4002 ạ")
        await _changed(trang, "Thùng trà sen bị ướt, đơn MA-4002 ạ", "Hai thùng trà sen bị ướt, đơn MA-4002 ạ")
        await _once(trang, huyen, "Dạ em đổi thùng mới MA-4002 ạ")


async def test_by_mail_words_and_pictures_go_both_ways_and_an_answer_comes_back(browsing: Browsing) -> None:
    async with mail_servers(browsing.hub, SHOP) as servers:
        huyen = ByMail(*servers)
        trang = await _walk(browsing, huyen, "Em gửi ảnh hộp trà bị móp, đơn MA-4003 ạ", "Dạ em gửi bù MA-4003 ạ")

        huyen.answers("Cảm ơn shop đã gửi bù nhé, đẹp lắm ạ")
        await trang.sees("Cảm ơn shop đã gửi bù nhé, đẹp lắm ạ")
        await _once(trang, huyen, "Dạ em gửi bù MA-4003 ạ")


async def _walk(browsing: Browsing, huyen: Side, asked: str, answer: str) -> Agent:
    """A question with a picture, and an answer with a picture; the agent, before the conversation."""
    trang = await agent(browsing)
    huyen.says(asked)
    await trang.open(asked)
    await trang.sees(asked)
    await _opens(trang, huyen.picture, (160, 120))

    await trang.page.locator(".comp input[type=file]").set_input_files(
        {"name": "hop-moi.png", "mimeType": "image/png", "buffer": NEW}
    )
    await expect(trang.button("Bỏ hop-moi.png")).to_be_visible()
    await trang.reply(answer)
    await _once(trang, huyen, answer)
    return trang


async def _opens(trang: Agent, name: str, size: tuple[int, int]) -> None:
    """The picture stands in the log, and by itself once it is chosen."""
    picture = trang.log.get_by_role("link", name=f"Mở ảnh {name}")
    await expect(picture.get_by_role("img", name=name)).to_be_visible(timeout=SLOW_MS)
    async with trang.page.expect_popup() as opened:
        await picture.click()
    page: Page = await opened.value
    await page.wait_for_load_state()
    assert await page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [*size]
    await page.close()


async def _once(trang: Agent, huyen: Side, answer: str) -> None:
    """The answer and its picture stand in the log as sent, and are on the customer's side: each once."""
    entry = trang.log.get_by_role("article").filter(has_text=answer)
    await expect(entry.get_by_text(re.compile("^Đã gửi"))).to_be_visible(timeout=SLOW_MS)
    await expect(trang.log.get_by_role("img", name="hop-moi.png")).to_have_count(1)
    await trang.sees(answer)
    assert huyen.got() == Got(words=[answer], files=[NEW])


async def _changed(trang: Agent, before: str, after: str) -> None:
    await trang.sees(after)
    await expect(trang.log.get_by_text(before, exact=True)).to_have_count(0)
