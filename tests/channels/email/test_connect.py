"""Connecting a mailbox: what is asked, what follows from the address, and that nothing is stored that does not work."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from channels.base import Connects
from channels.email import Email, providers, wire
from channels.fakes.imap import FakeImap
from channels.fakes.smtp import FakeSmtp
from hub.errors import BadInput
from hub.model import Account, AccountId
from tests.channels.email.accounts import NOW, SINCE, house
from tests.channels.email.certificates import Authority


class Mail:
    """An IMAP and an SMTP server of one provider."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.imap = FakeImap(self.authority.server(folder))
        self.smtp = FakeSmtp(self.authority.server(folder))
        self.imap.users = {"an@example.test": "secret"}
        self.smtp.must_sign_in = True

    def answers(self, **more: str) -> dict[str, str]:
        return {
            "address": "an@example.test",
            "name": "Mộc An",
            "password": "secret",
            "imap_host": "localhost",
            "imap_port": str(self.imap.port),
            "smtp_host": "localhost",
            "smtp_port": str(self.smtp.port),
            "smtp_security": "tls",
            "ca_file": str(self.authority.file),
            **more,
        }


@pytest.fixture
async def mail(tmp_path: Path) -> AsyncIterator[Mail]:
    mail = Mail(tmp_path)
    async with mail.imap, mail.smtp:
        yield mail


@pytest.fixture
async def email() -> AsyncIterator[Email]:
    email = Email()
    lent = msgspec.structs.replace(house()[0], base_url="https://hub.example.test/")
    email.borrow(lent)
    yield email
    await email.close()


def fresh(secrets: bytes | None = None) -> Account:
    return Account(id=AccountId("acc"), kind="email", name="", at=SINCE, secrets=secrets)


async def test_a_mailbox_that_works_both_ways_is_connected(email: Email, mail: Mail) -> None:
    made = await email.connect(fresh(), mail.answers())

    settings = msgspec.convert(made.settings, wire.Settings)
    secrets = msgspec.json.decode(made.secrets, type=wire.Secrets)
    assert isinstance(email, Connects)
    assert made.name == "Mộc An"
    assert settings.imap == wire.Server(host="localhost", port=mail.imap.port, security="tls", user="an@example.test")
    assert (settings.since, settings.history) == (NOW.isoformat(), False)
    assert (secrets.imap_password, secrets.smtp_password) == ("secret", "secret")
    assert len(secrets.token_secret) >= 32 and len(secrets.hook_secret) >= 32
    assert mail.smtp.taken == []


async def test_the_steps_are_told_in_both_languages(email: Email, mail: Mail) -> None:
    steps = (await email.connect(fresh(), mail.answers())).steps

    assert set(steps) == {"vi", "en"} and len(steps["vi"]) == len(steps["en"])
    assert any("https://hub.example.test/in/acc" in step for step in steps["vi"])


async def test_connected_again_it_keeps_the_keys_of_its_old_mails(email: Email, mail: Mail) -> None:
    before = await email.connect(fresh(), mail.answers())
    after = await email.connect(fresh(before.secrets), mail.answers(history="yes"))

    old, new = (msgspec.json.decode(one.secrets, type=wire.Secrets) for one in (before, after))
    assert (old.token_secret, old.hook_secret) == (new.token_secret, new.hook_secret)
    assert after.settings["history"] is True


async def test_connected_again_what_came_meanwhile_is_news(email: Email, mail: Mail) -> None:
    began = {"address": "an@example.test", "since": SINCE.isoformat()}
    made = await email.connect(msgspec.structs.replace(fresh(), settings=dict(began)), mail.answers())

    assert made.settings["since"] == SINCE.isoformat()


async def test_another_mailbox_begins_when_it_is_connected(email: Email, mail: Mail) -> None:
    began = {"address": "old@example.test", "since": SINCE.isoformat()}
    made = await email.connect(msgspec.structs.replace(fresh(), settings=dict(began)), mail.answers())

    assert made.settings["since"] == NOW.isoformat()


async def test_connected_by_a_password_a_mailbox_signs_in_by_token_no_more(email: Email, mail: Mail) -> None:
    before = {"oauth": {"provider": "google", "client_id": "id"}}
    made = await email.connect(msgspec.structs.replace(fresh(), settings=dict(before)), mail.answers())

    assert msgspec.convert({**before, **made.settings}, wire.Settings).oauth is None


async def test_a_kept_password_is_shown_to_no_other_server(email: Email, mail: Mail) -> None:
    before = msgspec.to_builtins(
        wire.Settings(address=mail.answers()["address"], imap=wire.Server(host="imap.shop.example"))
    )
    answers = {name: value for name, value in mail.answers().items() if name != "password"}
    with pytest.raises(BadInput, match="other ones than before") as found:
        await email.connect(msgspec.structs.replace(fresh(), settings=before), answers)
    assert found.value.field == "password"


async def test_a_wrong_password_connects_nothing(email: Email, mail: Mail) -> None:
    with pytest.raises(BadInput, match="does not accept the user name") as why:
        await email.connect(fresh(), mail.answers(password="wrong"))
    assert why.value.field == "password"


async def test_a_mailbox_that_only_receives_is_not_connected(email: Email, mail: Mail) -> None:
    mail.smtp.users.clear()
    with pytest.raises(BadInput, match="does not accept the user name"):
        await email.connect(fresh(), mail.answers())


@pytest.mark.parametrize(
    ("field", "value"),
    [("address", "shop"), ("imap_port", "99999"), ("smtp_port", "x"), ("imap_security", "ssl3"), ("sign_in", "magic")],
)
async def test_an_answer_that_cannot_be_used_is_named(email: Email, mail: Mail, field: str, value: str) -> None:
    with pytest.raises(BadInput) as why:
        await email.connect(fresh(), mail.answers(**{field: value}))
    assert why.value.field == field


async def test_a_sign_in_by_token_needs_the_token(email: Email, mail: Mail) -> None:
    with pytest.raises(BadInput) as why:
        await email.connect(fresh(), mail.answers(sign_in="google"))
    assert why.value.field == "client_id"


def test_everything_is_asked_in_both_languages_and_what_is_secret_is_hidden(email: Email) -> None:
    assert all(set(field.label) == {"vi", "en"} for field in email.fields)
    assert {field.name for field in email.fields if field.secret} == {"password", "client_secret", "refresh_token"}
    assert [field.name for field in email.fields if field.required] == ["address"]


@pytest.mark.parametrize(
    ("address", "imap", "smtp", "security"),
    [
        ("a@gmail.com", "imap.gmail.com", "smtp.gmail.com", "tls"),
        ("a@Outlook.com", "outlook.office365.com", "smtp.office365.com", "starttls"),
        ("a@yahoo.com.vn", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", "tls"),
        ("a@mocan.vn", "mail.mocan.vn", "mail.mocan.vn", "tls"),
    ],
)
def test_the_servers_follow_from_the_address(address: str, imap: str, smtp: str, security: str) -> None:
    found = providers.servers(address)

    assert (found[0].host, found[1].host, found[1].security) == (imap, smtp, security)


def test_a_domain_of_ones_own_at_google_is_found_by_the_way_of_signing_in() -> None:
    assert providers.servers("a@mocan.vn", "google")[0].host == "imap.gmail.com"


async def test_a_check_takes_no_longer_than_it_must(email: Email, mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    account = fresh()
    made = await email.connect(account, mail.answers())
    account = msgspec.structs.replace(account, settings=made.settings, secrets=made.secrets)

    assert await asyncio.wait_for(email.check(account), 5) is None
