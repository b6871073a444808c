"""Connecting: answers are checked before anything is stored, and its secrets never stand in the ledger open."""

from collections.abc import Mapping

import msgspec
import pytest

from channels.base import Connected, Field
from channels.webchat import WebChat
from hub.errors import BadInput
from hub.model import Account, AccountId
from hub.people.connecting import Connector, Wanted, check, complete
from tests.hub.core import CARE, Core
from tests.hub.scripted import Scripted, Speaking

TOKEN = Field(name="token", label={"vi": "Mã", "en": "Token"}, secret=True)
MODE = Field(name="mode", label={"en": "Mode"}, options=("polling", "webhook"), default="polling")
NOTE = Field(name="note", label={"en": "Note"}, required=False)


class Asking(Scripted):
    """A platform that takes one token."""

    fields = (TOKEN, MODE, NOTE)

    async def connect(self, account: Account, answers: Mapping[str, str]) -> Connected:
        if answers["token"] != "good":
            raise BadInput("The platform does not know this token. Copy it once more.", "token")
        return Connected(
            name="Bot", settings={"mode": answers["mode"]}, secrets=b"plain", steps={"en": ("Press Start.",)}
        )

    async def check(self, account: Account) -> str | None:
        return None if account.secrets == b"plain" else "The token was revoked."


@pytest.fixture
def channel() -> Asking:
    return Asking()


@pytest.fixture
def connector(core: Core) -> Connector:
    return Connector(core.store, core.announcer, lambda purpose, plain: purpose.encode() + b"|" + plain, core.clock)


def wanted(**answers: str) -> Wanted:
    return Wanted(id=AccountId("acc_1"), kind="scripted", answers=answers, team=CARE)


async def test_what_the_platform_takes_is_stored_with_its_secrets_sealed(
    core: Core, connector: Connector, channel: Asking
) -> None:
    account, connected = await connector.connect(channel, wanted(token="good"))

    assert await core.store.accounts.get("acc_1") == account
    assert (account.name, account.settings, account.team) == ("Bot", {"mode": "polling"}, CARE)
    assert account.secrets == b"account:acc_1|plain"
    assert connected.steps == {"en": ("Press Start.",)}
    assert [one.type for one in await core.told()] == ["settings.changed"]


async def test_what_the_platform_does_not_take_is_not_stored(core: Core, connector: Connector, channel: Asking) -> None:
    with pytest.raises(BadInput, match="Copy it once more"):
        await connector.connect(channel, wanted(token="bad"))

    assert await core.store.accounts.get("acc_1") is None


async def test_the_same_request_again_leaves_one_account(core: Core, connector: Connector, channel: Asking) -> None:
    await connector.connect(channel, wanted(token="good"))
    await connector.connect(channel, wanted(token="good", mode="webhook"))
    account = await core.store.accounts.get("acc_1")

    assert account is not None and account.settings == {"mode": "webhook"}
    assert await core.count("accounts") == 2


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "token"),
        ({"token": "good", "mode": "pigeon"}, "mode"),
        ({"token": "good", "colour": "red"}, "colour"),
        ({"token": "x" * 5000}, "token"),
    ],
)
def test_answers_that_cannot_be_used_name_their_field(answers: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        complete(Asking.fields, answers)

    assert caught.value.field == field


async def test_a_channel_without_questions_says_so(connector: Connector) -> None:
    with pytest.raises(BadInput, match="not connected by questions"):
        await connector.connect(Scripted(), wanted())


async def test_an_account_is_tried_for_real(core: Core, channel: Asking) -> None:
    account = await core.account()

    assert await check(channel, account) == "The token was revoked."
    assert await check(Scripted(), account) is None


async def test_a_website_gets_its_line_and_keeps_its_secret_when_it_is_connected_again(
    core: Core, connector: Connector
) -> None:
    site = Wanted(id=AccountId("acc_w"), kind="webchat", answers={"site": "Shop.example/contact"})
    account, connected = await connector.connect(WebChat(), site)

    assert (account.name, account.settings) == ("shop.example", {"origins": ["https://shop.example"]})
    assert 'data-account="acc_w"' in connected.steps["vi"][0]
    assert b"identity_secret" in (account.secrets or b"")


@pytest.mark.parametrize("site", ["ftp://shop.example", "https://", "https://shop.example:port"])
async def test_what_is_no_website_is_refused(core: Core, connector: Connector, site: str) -> None:
    with pytest.raises(BadInput):
        await connector.connect(WebChat(), Wanted(id=AccountId("acc_w"), kind="webchat", answers={"site": site}))


class Listening(Asking, Speaking):
    """The same, and what was there before can be read."""


async def test_what_was_there_before_an_account_is_no_news(core: Core, connector: Connector) -> None:
    account, _ = await connector.connect(Listening(), wanted(token="good"))

    assert account.settings["since"] == account.at.isoformat()


async def test_a_channel_may_say_itself_from_when_on_there_is_news(core: Core, connector: Connector) -> None:
    known = Account(
        id=AccountId("acc_1"), kind="scripted", name="Bot", at=core.clock(), settings={"since": "2026-01-01"}
    )
    again = msgspec.structs.replace(wanted(token="good"), known=known)
    account, _ = await connector.connect(Listening(), again)

    assert account.settings["since"] == "2026-01-01"
