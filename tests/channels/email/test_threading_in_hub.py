"""Mails through the real intake: whose conversation they join, what opens none, what is logged once."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from channels.base import RawArrival
from channels.email import Email, tokens, wire
from channels.email.listening.lane import lane
from channels.email.sending.compose import compose
from hub.arrivals.entries import Fresh
from hub.departures.compose import Draft
from hub.embedded import StoreUrls
from hub.ids import outgoing_id
from hub.model import Account, AccountId, Arrival, Conversation, CopyOf, Message, Part, TeamId
from hub.store.documents import record
from hub.views import message_view
from tests.channels.email.mails import FROM_INBOX, FROM_SENT, SECRET, SHOP, account, mail
from tests.hub.core import CARE, MINH, START, Clock, Core, furnish, open_core
from tests.hub.scripted import Scripted
from tests.query_shapes import FROM_A_TEST

pytestmark = pytest.mark.timeout(180)  # walks: real stores, real processes

BOX = AccountId("box")
SECOND = AccountId("second")
EVIL = {"from": "Evil <evil@bad.example>"}


class Mailboxes:
    """A hub with two mailboxes, and the words that these tests say with it."""

    def __init__(self, core: Core, email: Email) -> None:
        self.core, self.email = core, email
        self._uid = 0

    async def gets(self, raw: bytes, headers: dict[str, str] = FROM_INBOX, box: AccountId = BOX) -> None:
        """A mail arrives, is kept and logged."""
        self._uid += 1
        whose = await self.core.accounts.get(box)
        assert whose is not None
        one = RawArrival(external=f"{headers['folder']}:1:{self._uid}", lane=lane(raw), body=raw, headers=headers)
        await self.core.door.keep(whose, [one])
        await self.core.triage.process(await self._taken(f"{box}:{lane(raw)}"))

    async def both_get(self, raw: bytes) -> None:
        """It arrives in both mailboxes, and both are logged in one chunk."""
        for box in (BOX, SECOND):
            whose = await self.core.accounts.get(box)
            assert whose is not None
            one = RawArrival(external="INBOX:1:1", lane=lane(raw), body=raw, headers=FROM_INBOX)
            await self.core.door.keep(whose, [one])
        await self.core.triage.process(await self._taken(f"{BOX}:{lane(raw)}", f"{SECOND}:{lane(raw)}"))

    async def are_taken_again(self) -> None:
        """What a crash before the mark leaves behind is logged once more."""
        kept = await self.kept()
        await self.core.store.arrivals.release(kept, self.core.clock())
        await self._taken(*sorted({one.lane for one in kept}))

    async def _taken(self, *where: str) -> list[Fresh]:
        fresh: list[Fresh] = []
        await self.core.intake.process(list(where), fresh.extend)
        return fresh

    async def conversations(self) -> list[Conversation]:
        rows = self.core.store.ledger.light("conversations").find({}, comment=FROM_A_TEST)
        return sorted([record(row, Conversation) async for row in rows], key=lambda one: (one.opened, one.id))

    async def words(self) -> list[list[str]]:
        """What people said, conversation by conversation."""
        return sorted([[one.text for one in await self.said(talk)] for talk in await self.conversations()])

    async def said(self, talk: Conversation) -> list[Message]:
        log = await self.core.store.messages.window(talk.id, 0, 1000)
        return sorted((one for one in log if one.kind in ("in", "out")), key=lambda one: one.seq)

    async def of(self, box: AccountId) -> Message:
        """The one entry of this mailbox."""
        (entry,) = [one for talk in await self.conversations() if talk.account == box for one in await self.said(talk)]
        return entry

    async def kept(self) -> list[Arrival]:
        return await self.core.kept()


def mailbox(id_: AccountId, address: str) -> Account:
    return msgspec.structs.replace(account({"address": address}, id_=id_), team=TeamId(CARE), at=START)


@pytest.fixture
async def boxes(fresh: StoreUrls, tmp_path: Path) -> AsyncIterator[Mailboxes]:
    email = Email()
    async with open_core(fresh, Clock(), tmp_path, Scripted()) as core:
        await furnish(core)
        core.channels["email"] = email  # type: ignore[assignment]  # Core knows scripted channels alone
        await core.store.accounts.add(mailbox(BOX, SHOP))
        await core.store.accounts.add(mailbox(SECOND, "banhang@mocan.example"))
        yield Mailboxes(core, email)
        await email.close()


def answer(body: str, parent: str, id_: str, **more: str | None) -> bytes:
    return mail(body, in_reply_to=f"<{parent}>", message_id=f"<{id_}>", **more)


async def test_a_customers_next_mail_joins_their_conversation(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>"))
    await boxes.gets(answer("hai", "1@x", "2@x"))
    assert await boxes.words() == [["một", "hai"]]


async def test_trap_1_a_broken_mail_stops_no_other(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>"))
    await boxes.gets(b"\x00\xff From garbage\r\n\r\n\x00")
    await boxes.gets(answer("hai", "1@x", "2@x"))
    assert ["một", "hai"] in await boxes.words()
    assert {one.state for one in await boxes.kept()} == {"done"}


async def test_trap_3_a_mail_without_a_message_id_is_logged(boxes: Mailboxes) -> None:
    await boxes.gets(mail("không có mã", message_id=None))
    assert await boxes.words() == [["không có mã"]]


async def test_trap_4_the_same_message_id_with_other_words_is_another_mail(boxes: Mailboxes) -> None:
    await boxes.gets(mail("bưu kiện 1", message_id="<same@x>"))
    await boxes.gets(mail("bưu kiện 2", message_id="<same@x>"))
    assert await boxes.words() == [["bưu kiện 1"], ["bưu kiện 2"]]


async def test_trap_5_the_same_mail_found_again_in_another_folder_is_logged_once(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một"))
    await boxes.gets(mail("một"), {"folder": "All Mail", "folder-kind": "inbox"})
    assert await boxes.words() == [["một"]]


async def test_trap_5_a_copy_to_two_of_our_mailboxes_is_one_entry_in_each(boxes: Mailboxes) -> None:
    raw = mail("một", to=f"{SHOP}, banhang@mocan.example")
    await boxes.gets(raw)
    await boxes.gets(raw, box=SECOND)
    assert await boxes.words() == [["một"], ["một"]]
    assert {one.account for one in await boxes.conversations()} == {BOX, SECOND}
    assert len({one.contact for one in await boxes.conversations()}) == 1


async def test_an_answer_to_all_goes_to_no_other_mailbox_of_ours(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", to=f"{SHOP}, BanHang@mocan.example, ban@x.example"))
    assert [(one.to, one.everyone) for one in await boxes.conversations()] == [
        ("lan@khach.example", ("ban@x.example",))
    ]


async def test_trap_5_the_later_of_two_copies_names_the_earlier(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một"), box=SECOND)
    await boxes.gets(mail("một"))
    earlier, later = await boxes.of(SECOND), await boxes.of(BOX)
    named = CopyOf(message=earlier.id, conversation=earlier.conversation, account=SECOND)
    assert (earlier.copy_of, later.copy_of, message_view(later).copy_of) == (None, named, named)


async def test_trap_5_two_copies_that_are_logged_together_are_linked_once(boxes: Mailboxes) -> None:
    await boxes.both_get(mail("một"))
    earlier, later = await boxes.of(BOX), await boxes.of(SECOND)
    named = CopyOf(message=earlier.id, conversation=earlier.conversation, account=BOX)
    assert (earlier.copy_of, later.copy_of) == (None, named)


async def test_trap_5_copies_that_are_logged_again_stay_as_they_are(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một"), box=SECOND)
    await boxes.gets(mail("một"))
    before = await boxes.of(SECOND), await boxes.of(BOX), await boxes.core.count("links")
    await boxes.are_taken_again()
    assert (await boxes.of(SECOND), await boxes.of(BOX), await boxes.core.count("links")) == before


async def test_trap_4_other_words_under_one_message_id_are_no_copy(boxes: Mailboxes) -> None:
    await boxes.gets(mail("bưu kiện 1", message_id="<same@x>"))
    await boxes.gets(mail("bưu kiện 2", message_id="<same@x>"), box=SECOND)
    assert [(await boxes.of(box)).copy_of for box in (BOX, SECOND)] == [None, None]


async def test_trap_10_an_answer_to_a_mail_that_we_began_with_joins_it(boxes: Mailboxes) -> None:
    ours = mail("Chào chị", **{"from": SHOP, "to": "lan@khach.example", "message-id": "<ours@mocan.example>"})
    await boxes.gets(ours, FROM_SENT)
    await boxes.gets(answer("Chào shop", "ours@mocan.example", "1@x"))
    assert await boxes.words() == [["Chào chị", "Chào shop"]]


async def test_trap_11_a_token_in_cc_alone_leads_home(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một"))
    (talk,) = await boxes.conversations()
    token = tokens.reply_address(SHOP, SECRET, talk.id)
    await boxes.gets(
        mail("hai", to="nhom@khach.example", cc=token, message_id="<9@x>", **{"from": "hoa@khach.example"})
    )
    assert await boxes.words() == [["một", "hai"]]


async def test_trap_12_the_same_subject_joins_nothing(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>"))
    await boxes.gets(mail("hai", message_id="<2@x>", subject="Re: Đơn hàng"))
    assert await boxes.words() == [["hai"], ["một"]]


async def test_trap_13_a_forged_in_reply_to_does_not_reach_somebody_elses_conversation(boxes: Mailboxes) -> None:
    await boxes.gets(mail("bí mật", message_id="<secret@x>"))
    await boxes.gets(answer("chen vào", "secret@x", "evil@bad", **EVIL))
    await boxes.gets(mail("chen nữa", message_id="<evil2@bad>", references="<secret@x>", **EVIL))
    assert ["bí mật"] in await boxes.words()


async def test_trap_13_a_forged_token_does_not_either(boxes: Mailboxes) -> None:
    await boxes.gets(mail("bí mật"))
    (talk,) = await boxes.conversations()
    token = tokens.reply_address(SHOP, "a guess", talk.id)
    await boxes.gets(mail("chen vào", to=token, message_id="<evil@bad>", **EVIL))
    assert await boxes.words() == [["bí mật"], ["chen vào"]]


async def test_trap_13_an_entry_s_own_id_without_a_signature_leads_its_people_home_and_nobody_else(
    boxes: Mailboxes,
) -> None:
    await boxes.gets(mail("bí mật", message_id="<1@x>"))
    (talk,) = await boxes.conversations()
    draft = Draft(author=MINH, conversation=talk.id, key="a1", text="dạ", seen=talk.head)
    ours = (await boxes.core.composer.reply(draft)).id
    await boxes.gets(answer("chen vào", f"{ours}@mocan.example", "evil@bad", **EVIL))
    await boxes.gets(answer("cảm ơn", f"{ours}@mocan.example", "2@x"))
    assert await boxes.words() == [["bí mật", "dạ", "cảm ơn"], ["chen vào"]]


async def test_the_copy_of_a_question_that_the_hub_asked_by_itself_is_no_answer_written_elsewhere(
    boxes: Mailboxes,
) -> None:
    settings, secrets = wire.settings_of(account()), wire.secrets_of(account())
    part = Part(message=outgoing_id("by-mail", "confirm-1"), index=0, auto=True, subject="Xác nhận", text="Mở liên kết")
    sent = compose(part, "lan@khach.example", (), settings, secrets, START)
    await boxes.gets(sent, FROM_SENT)
    assert await boxes.conversations() == []
    assert {one.state for one in await boxes.kept()} == {"done"}


async def test_trap_13_who_takes_part_may_answer_a_customers_mail(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>", cc="hoa@khach.example"))
    await boxes.gets(answer("hai", "1@x", "2@x", **{"from": "Hoa <Hoa@khach.example>"}))
    assert await boxes.words() == [["một", "hai"]]


async def test_trap_14_an_absence_note_is_logged_and_reopens_nothing(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>"))
    (talk,) = await boxes.conversations()
    rows = boxes.core.store.ledger.light("conversations")
    await rows.update_one({"_id": talk.id}, {"$set": {"state": "resolved"}})
    await boxes.gets(answer("Tôi đi vắng", "1@x", "2@x", auto_submitted="auto-replied"))
    (after,) = await boxes.conversations()
    assert await boxes.words() == [["một", "Tôi đi vắng"]]
    assert after.state == "resolved"


async def test_trap_15_a_bounce_opens_no_conversation(boxes: Mailboxes) -> None:
    told = "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus: 5.1.1"
    body = f"--b\nContent-Type: message/delivery-status\n\nX: y\n\n{told}\n\n--b--\n"
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    await boxes.gets(mail(body, content_type=kind, **{"from": "MAILER-DAEMON@x.example", "return-path": "<>"}))
    assert await boxes.conversations() == []
    assert {one.state for one in await boxes.kept()} == {"done"}


async def test_trap_21_a_date_in_2050_does_not_reorder_the_thread(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>", date="Wed, 12 Jan 2050 10:00:00 +0700"))
    await boxes.gets(answer("hai", "1@x", "2@x"))
    (talk,) = await boxes.conversations()
    assert [one.text for one in sorted(await boxes.said(talk), key=lambda one: (one.order, one.seq))] == ["một", "hai"]


async def test_trap_23_an_answer_written_in_another_program_is_an_answer(boxes: Mailboxes) -> None:
    await boxes.gets(mail("một", message_id="<1@x>"))
    await boxes.gets(answer("Dạ", "1@x", "ours@mocan.example", **{"from": SHOP, "to": "lan@khach.example"}), FROM_SENT)
    (talk,) = await boxes.conversations()
    assert [(one.kind, one.text, one.elsewhere) for one in await boxes.said(talk)] == [
        ("in", "một", False),
        ("out", "Dạ", True),
    ]


async def test_the_new_words_the_safe_html_and_the_files_are_kept(boxes: Mailboxes) -> None:
    page = '<p onclick=x>Ảnh đây</p><div class="gmail_quote">cũ</div>'
    body = (
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{page}\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n"
    )
    await boxes.gets(mail(body, content_type="multipart/mixed; boundary=b"))
    (talk,) = await boxes.conversations()
    (one,) = await boxes.said(talk)
    assert [one.text[start:end] for start, end in one.visible] == ["Ảnh đây"]
    assert [(file.name, file.bytes, file.state) for file in one.attachments] == [("a.png", 1, "here")]
    assert one.html is not None
    assert (
        await boxes.core.store.files.read_all(one.html)
        == b"<p>\xe1\xba\xa2nh \xc4\x91\xc3\xa2y</p><div>c\xc5\xa9</div>"
    )
