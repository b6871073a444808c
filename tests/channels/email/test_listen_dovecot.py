"""Listening to Dovecot, a real server, and to a mailbox that has none."""

import asyncio
from contextlib import aclosing

import msgspec
import pytest

from channels.base import Batch
from channels.email import wire
from channels.email.listening.listen import listen
from channels.email.oauth import Tokens
from channels.fakes.imap import FakeImap
from hub.errors import Unreachable
from tests.channels.email.accounts import at_fake_imap, at_mail_house
from tests.channels.email.hearings import PACE, first, mail
from tests.channels.email.mail_house import MailHouse


async def test_dovecots_mail_is_on_its_way_as_soon_as_it_is_delivered(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "hanh")
    async with aclosing(listen(account, None, Tokens(), None, PACE)) as batches:
        await anext(batches)
        coming = asyncio.ensure_future(anext(batches))
        await asyncio.to_thread(mail_house.deliver, "hanh", mail(1))
        (one,) = (await coming).arrivals

        assert one.body.endswith(mail(1)) and not one.history
        assert one.headers[wire.FOLDER] == "INBOX"


async def test_dovecots_new_uidvalidity_is_noticed(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "khoa")
    await asyncio.to_thread(mail_house.deliver, "khoa", mail(1), mail(2))
    found, well = await first(account)
    await asyncio.to_thread(mail_house.begin_anew, "khoa")
    again, _ = await first(account, well.cursor)

    assert sorted(one.body for one in again) == sorted(one.body for one in found)
    assert {one.external for one in again} & {one.external for one in found} == set()


async def test_a_session_that_dovecot_drops_is_taken_up_again_where_it_was(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "linh")
    await asyncio.to_thread(mail_house.deliver, "linh", mail(1))
    cursors: list[str] = []

    async def hear() -> None:
        async with aclosing(listen(account, None, Tokens(), None, PACE)) as batches:
            async for batch in batches:
                cursors.append(batch.cursor)
                if not batch.arrivals:
                    kicked.set()

    kicked = asyncio.Event()
    hearing = asyncio.create_task(hear())
    await kicked.wait()
    await asyncio.to_thread(mail_house.kick, "linh")
    with pytest.raises(Unreachable):
        await hearing
    await asyncio.to_thread(mail_house.deliver, "linh", mail(2))
    found, _ = await first(account, cursors[-1])

    assert [one.body.endswith(mail(2)) for one in found] == [True]


async def test_dovecots_vietnamese_sent_folder_is_watched(mail_house: MailHouse) -> None:
    account = at_mail_house(mail_house, "my")
    await first(account)
    await asyncio.to_thread(save_sent, mail_house, "my", mail(7))
    found, _ = await first(account)

    assert [(one.headers[wire.FOLDER], one.headers[wire.FOLDER_KIND]) for one in found] == [("Thư đã gửi", "sent")]


def save_sent(house_: MailHouse, user: str, raw: bytes) -> None:
    path = house_.folder / "sent.eml"
    path.write_bytes(raw)
    house_.doveadm("save", "-u", user, "-m", "Thư đã gửi", str(path))


async def test_a_mailbox_whose_mails_are_posted_to_us_is_well_without_a_server(server: FakeImap) -> None:
    secrets = wire.Secrets(token_secret="t", hook_secret="h")
    account = at_fake_imap(server)
    posted = msgspec.structs.replace(
        account, settings={"address": "cskh@mocan.example"}, secrets=msgspec.json.encode(secrets)
    )
    found, well = await first(posted, "{}")

    assert (found, well) == ([], Batch(arrivals=(), cursor="{}"))
