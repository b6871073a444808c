"""Sign-in by token: one refresh for all who need it, what is new is kept, a withdrawn permission is for a person."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import Listener
from channels.email import wire
from channels.email.listening.listen import Pace, listen
from channels.email.oauth import Tokens
from channels.email.sending.outbound import Outbound
from channels.fakes.imap import FakeImap
from channels.fakes.smtp import FakeSmtp
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import StoreUrls
from hub.errors import Retry, Unreachable
from hub.model import Account
from hub.settings import Settings
from tests.channels.email.accounts import NOW, account, house, part


class SignIn:
    """A provider's token endpoint; every refresh token is good for one use, as Microsoft's and others' are."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.refresh = "refresh-0"
        self.error = ""
        self.life_s = 3600

    async def answer(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        self.asked.append(form)
        if self.error or form["refresh_token"] != self.refresh:
            return web.json_response({"error": self.error or "invalid_grant"}, status=400)
        self.refresh = f"refresh-{len(self.asked)}"
        body = {"access_token": f"access-{len(self.asked)}", "expires_in": self.life_s, "refresh_token": self.refresh}
        return web.json_response(body)


@pytest.fixture
async def provider() -> SignIn:
    return SignIn()


@pytest.fixture
async def url(provider: SignIn) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/token", provider.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/token"))


def mailbox(url: str, imap_port: int = 0, smtp_port: int = 0) -> Account:
    settings = wire.Settings(
        address="an@example.test",
        imap=wire.Server(host="127.0.0.1", port=imap_port, security="none"),
        smtp=wire.Server(host="127.0.0.1", port=smtp_port, security="none"),
        oauth=wire.OAuth(client_id="hub", token_url=url, scope="mail"),
    )
    return account(settings, wire.Secrets(client_secret="c", refresh_token="refresh-0", token_secret="t0ken"))


async def test_trap_25_many_who_need_a_token_cause_one_refresh(provider: SignIn, url: str) -> None:
    tokens = Tokens()
    lent, kept = house()
    given = await asyncio.gather(*(tokens.access(mailbox(url), lent, NOW) for _ in range(20)))

    assert {one.token for one in given} == {"access-1"}
    assert provider.asked == [
        {
            "grant_type": "refresh_token",
            "client_id": "hub",
            "client_secret": "c",
            "refresh_token": "refresh-0",
            "scope": "mail",
        }
    ]
    (secrets,) = (msgspec.json.decode(one, type=wire.Secrets) for one in kept)
    assert (secrets.refresh_token, secrets.access_token, secrets.token_secret) == ("refresh-1", "access-1", "t0ken")


async def test_what_was_kept_is_used_until_shortly_before_its_end(provider: SignIn, url: str) -> None:
    tokens, (lent, kept) = Tokens(), house()
    await tokens.access(mailbox(url), lent, NOW)
    again = msgspec.structs.replace(mailbox(url), secrets=kept[0])
    fresh = Tokens()  # as after a restart

    assert (await fresh.access(again, lent, NOW + dt.timedelta(minutes=50))).token == "access-1"
    assert (await fresh.access(again, lent, NOW + dt.timedelta(minutes=58))).token == "access-2"
    assert len(provider.asked) == 2


async def test_an_account_as_it_was_before_the_refresh_gets_the_new_token_too(provider: SignIn, url: str) -> None:
    """A listener holds the account as it was when it began."""
    tokens, (lent, _) = Tokens(), house()
    await tokens.access(mailbox(url), lent, NOW)
    later = NOW + dt.timedelta(hours=2)
    await tokens.access(mailbox(url), lent, later)
    await tokens.access(mailbox(url), lent, later + dt.timedelta(hours=2))

    assert [one["refresh_token"] for one in provider.asked] == ["refresh-0", "refresh-1", "refresh-2"]


async def test_trap_25_a_withdrawn_permission_is_for_good_once_it_was_refused_twice(provider: SignIn, url: str) -> None:
    """The first time another process may have taken the token's turn; its new one is read then."""
    provider.error = "invalid_grant"
    tokens, (lent, _) = Tokens(), house()
    found: list[Unreachable] = []
    for passed_s in (0, 9, 10):
        with pytest.raises(Unreachable, match="connect the mailbox again") as why:
            await tokens.access(mailbox(url), lent, NOW + dt.timedelta(seconds=passed_s))
        found.append(why.value)

    assert [(one.for_good, one.after_s) for one in found] == [(False, 10.0), (False, 10.0), (True, None)]
    assert len(provider.asked) == 2


async def test_trap_25_two_processes_that_race_for_a_token_agree_on_one_and_nobody_has_to_connect_again(
    provider: SignIn, url: str, fresh: StoreUrls, tmp_path: Path
) -> None:
    """Each with listeners and senders of its own: the loser's first refusal, seen by three, is not yet the second."""
    settings = Settings(data=tmp_path, mongo_url=fresh.mongo, redis_url=fresh.redis)
    async with (
        open_rooms(settings, fresh.mongo, fresh.redis) as one,
        open_rooms(settings, fresh.mongo, fresh.redis) as other,
        FakeImap() as server,
    ):
        server.tokens.add("access-1")
        bare = mailbox(url, server.port)
        sealed = one.ring.seal(f"account:{bare.id}", bare.secrets or b"")
        await one.store.accounts.add(msgspec.structs.replace(bare, secrets=sealed))
        both = [(rooms, await kept(rooms)) for rooms in (one, other)]
        raced = await asyncio.gather(*(heard(*each) for each in both * 3))
        asked = len(provider.asked)
        for rooms in (one, other):
            rooms.accounts.forget()  # as happens by itself after three seconds
        after = [await heard(rooms, await kept(rooms)) for rooms in (one, other)]

    lost = [why for why in raced if why is not None]
    assert [(why.for_good, why.after_s) for why in lost] == [(False, 10.0)] * 3
    assert after == [None, None]
    assert (asked, len(provider.asked)) == (2, 2)


async def kept(rooms: Rooms) -> Account:
    """The mailbox as this process knows it."""
    account = await rooms.accounts.get("acc")
    assert account is not None
    return account


async def heard(rooms: Rooms, account: Account) -> Unreachable | None:
    """Listen until all is well, or why that cannot be."""
    channel = rooms.channels["email"]
    assert isinstance(channel, Listener)
    listening = channel.listen(account, None)
    try:
        await anext(listening)
    except Unreachable as error:
        return error
    await listening.aclose()  # type: ignore[attr-defined]  # a generator, declared as an iterator
    return None


async def test_a_provider_that_is_busy_is_asked_again(provider: SignIn, url: str) -> None:
    provider.error = "temporarily_unavailable"
    with pytest.raises(Unreachable, match="temporarily_unavailable") as why:
        await Tokens().access(mailbox(url), house()[0], NOW)
    assert not why.value.for_good


async def test_a_mailbox_without_a_token_is_to_be_connected(url: str) -> None:
    bare = msgspec.structs.replace(mailbox(url), secrets=b"{}")
    with pytest.raises(Unreachable, match="Connect it again") as why:
        await Tokens().access(bare, house()[0], NOW)
    assert why.value.for_good


async def test_a_session_is_left_and_opened_anew_before_its_token_ends(provider: SignIn, url: str) -> None:
    provider.life_s = 1000
    times = [NOW]
    lent, _ = house(now=lambda: times[-1])
    async with FakeImap() as server:
        server.tokens |= {"access-1", "access-2"}
        async with aclosing(listen(mailbox(url, server.port), None, Tokens(), lent, Pace(idle_s=0.01))) as batches:
            await anext(batches)
            times.append(NOW + dt.timedelta(seconds=900))
            await anext(batches)
            await anext(batches)

        assert [one for one in server.commands if one.startswith(("AUTH", "LOGOUT"))] == [
            "AUTHENTICATE XOAUTH2",
            "LOGOUT",
            "AUTHENTICATE XOAUTH2",
        ]


async def test_a_token_that_the_server_refuses_is_asked_for_anew_the_next_time(provider: SignIn, url: str) -> None:
    tokens, (lent, _) = Tokens(), house()
    async with FakeImap() as server:
        server.tokens.add("access-2")
        with pytest.raises(Unreachable, match="another one is asked for") as why:
            await anext(listen(mailbox(url, server.port), None, tokens, lent))
        async with aclosing(listen(mailbox(url, server.port), None, tokens, lent)) as batches:
            assert (await anext(batches)).arrivals == ()
    assert not why.value.for_good


async def test_a_mailbox_whose_new_token_is_refused_too_is_to_be_connected_again(provider: SignIn, url: str) -> None:
    tokens, (lent, _) = Tokens(), house()
    async with FakeImap() as server:
        with pytest.raises(Unreachable):
            await anext(listen(mailbox(url, server.port), None, tokens, lent))
        with pytest.raises(Unreachable, match="Connect it again") as why:
            await anext(listen(mailbox(url, server.port), None, tokens, lent))
    assert why.value.for_good


async def test_mail_is_sent_with_the_token(provider: SignIn, url: str) -> None:
    out, (lent, _) = Outbound(Tokens()), house()
    async with FakeSmtp() as server:
        server.must_sign_in = True
        server.tokens.add("access-1")
        await out.send(mailbox(url, smtp_port=server.port), "khach@elsewhere.test", part(), lent, NOW)
        assert len(server.taken) == 1
        await out.close()


async def test_without_the_permission_mails_wait(provider: SignIn, url: str) -> None:
    provider.error = "invalid_grant"
    with pytest.raises(Retry, match="connect the mailbox again") as again:
        await Outbound(Tokens()).send(mailbox(url, smtp_port=1), "khach@elsewhere.test", part(), house()[0], NOW)
    assert again.value.whole_account
