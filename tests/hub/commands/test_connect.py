"""`hub connect`: takes or asks the answers, stores the account, says what is left; `hub doctor` tries each account."""

import argparse
import asyncio
import getpass
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from channels.base import Field
from channels.fakes.imap import FakeImap
from channels.fakes.telegram import FakeTelegram
from hub.__main__ import main
from hub.clock import utc_now
from hub.commands import connect
from hub.commands.rooms import open_rooms
from hub.embedded import StoreUrls
from hub.errors import BadInput, NotFound
from hub.model import Account, AccountId
from hub.settings import Settings
from hub.store import open_store
from tests.channels.email.accounts import at_fake_imap
from tests.channels.telegram import scene

AWAY = {"api_url": "http://127.0.0.1:9/api/"}
BOT_TOKEN = b'{"bot_token": "xoxb-fake-token", "signing_secret": "fake"}'


@pytest.fixture
def settings(fresh: StoreUrls, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, mongo_url=fresh.mongo, redis_url=fresh.redis)


def run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    connect.arguments(parser)
    return connect.run(parser.parse_args(words), settings)


def accounts(settings: Settings) -> list[Account]:
    async def look() -> list[Account]:
        async with open_store(str(settings.mongo_url)) as store:
            return await store.accounts.all()

    return asyncio.run(look())


def test_answers_of_the_command_line_connect_and_the_steps_are_printed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "webchat", "--set", "site=https://shop.example", "--name", "Mộc An", "--language", "vi") == 0
    [account] = accounts(settings)

    assert (account.kind, account.name, account.settings["origins"]) == ("webchat", "Mộc An", ["https://shop.example"])
    assert account.secrets is not None and b"identity_secret" not in account.secrets
    printed = capsys.readouterr().out
    assert "Connected: Mộc An" in printed
    assert f'data-account="{account.id}"' in printed and "1. Dán dòng này" in printed


def test_what_is_missing_is_one_line(settings: Settings) -> None:
    with pytest.raises(BadInput, match=r"missing \(site\)"):
        run(settings, "webchat")

    assert accounts(settings) == []


def test_an_answer_needs_its_name(settings: Settings) -> None:
    with pytest.raises(BadInput, match="NAME=VALUE"):
        run(settings, "webchat", "--set", "https://shop.example")


def test_an_account_that_is_not_there_gets_no_answers(settings: Settings) -> None:
    with pytest.raises(NotFound, match="no webchat account"):
        run(settings, "webchat", "--account", "acc_none")


def test_new_answers_go_to_the_account_that_is_named(settings: Settings) -> None:
    run(settings, "webchat", "--set", "site=https://shop.example")
    [before] = accounts(settings)
    run(settings, "webchat", "--set", "site=https://other.example", "--account", before.id)
    [after] = accounts(settings)

    assert after.settings["origins"] == ["https://shop.example", "https://other.example"]


def test_on_a_terminal_each_question_is_asked_and_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or "shop.example")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: asked.append(f"hidden {prompt}") or "s3cret")
    site = Field(name="site", label={"vi": "Trang web", "en": "Website"}, default="http://localhost")
    token = Field(name="token", label={"vi": "Mã", "en": "Token"}, secret=True)

    assert [connect._ask(one, "vi") for one in (site, token)] == ["shop.example", "s3cret"]
    assert asked == ["Trang web [http://localhost]: ", "hidden Mã: "]


@pytest.fixture
def doctor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """`hub doctor` on these stores."""
    monkeypatch.chdir(settings.data)
    monkeypatch.setenv("HUB_MONGO_URL", str(settings.mongo_url))
    monkeypatch.setenv("HUB_REDIS_URL", str(settings.redis_url))
    return lambda: main(["doctor", "--port", "0", "--data", "."])


def test_the_doctor_tries_each_account(
    settings: Settings, doctor: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "webchat", "--set", "site=https://shop.example")
    doctor()

    assert "✓ shop.example (webchat) works." in capsys.readouterr().out


async def test_the_doctor_says_of_each_account_what_is_wrong_with_it_and_goes_on(
    settings: Settings, doctor: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeTelegram() as telegram, FakeImap() as imap:
        telegram.add_bot(scene.TOKEN, "mocan_bot").revoked = True
        imap.users["an"] = "another password"
        await keep(
            settings,
            scene.an_account(telegram.url),
            at_fake_imap(imap),
            Account(id=AccountId("sl"), kind="slack", name="Sỉ", at=utc_now(), settings=AWAY, secrets=BOT_TOKEN),
            Account(id=AccountId("web"), kind="webchat", name="shop.example", at=utc_now(), secrets=b"{}"),
        )
        ended = await asyncio.to_thread(doctor)

    said = capsys.readouterr().out
    assert "✗ @mocan_bot (telegram): Telegram does not know this bot's token any more." in said
    assert "does not accept the user name an with this password" in said
    assert "✗ Sỉ (slack): Slack cannot be reached." in said
    assert "✓ shop.example (webchat) works." in said
    assert ended == 1


async def keep(settings: Settings, *accounts: Account) -> None:
    """As connecting them would have: their secrets are sealed."""
    async with open_rooms(settings, str(settings.mongo_url), str(settings.redis_url)) as rooms:
        for one in accounts:
            sealed = rooms.ring.seal(f"account:{one.id}", one.secrets)
            await rooms.store.accounts.add(msgspec.structs.replace(one, secrets=sealed))
