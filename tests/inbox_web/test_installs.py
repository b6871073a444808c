"""Adding an account's app to a further workspace, through the browser and back."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from channels.fakes.slack import FakeSlack, Fault
from channels.fakes.slack.world import Workspace
from hub.clock import utc_now
from hub.embedded import StoreUrls
from hub.model import Account
from hub.safety.tokens import install_token
from tests.channels.slack import room
from tests.hub.cutting import Cut, cutting

SECOND = Workspace(id="T0ACME0001", name="Acme", bot_token="xoxb-second", bot_user="U0BOT00002", bot_id="B0BOT00002")


@pytest.fixture
async def slack(hub: Any) -> AsyncIterator[FakeSlack]:
    """A workspace that is connected, and a further one where somebody clicks."""
    async with FakeSlack() as made:
        await connected(hub, made)
        yield made


async def connected(hub: Any, slack: FakeSlack, **wrong: str) -> None:
    slack.workspaces.append(SECOND)
    slack.codes["a-code"] = SECOND
    app = {"client_id": slack.client[0], "client_secret": slack.client[1], "signing_secret": slack.signing_secret}
    secrets = hub.parts.ring.seal("account:acc", msgspec.json.encode({**app, **wrong}))
    account = msgspec.structs.replace(room.account_of(slack), secrets=secrets, at=utc_now())
    await hub.parts.store.accounts.add(account)


async def begun(hub: Any) -> dict[str, str]:
    """What Slack is asked, and would lead back with."""
    answer = await hub.client.get("/oauth/acc", allow_redirects=False)
    assert answer.status == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def ended(hub: Any, code: str, state: str, app: str = "acc") -> Any:
    return await hub.client.get(f"/oauth/{app}/back", params={"code": code, "state": state}, allow_redirects=False)


async def workspaces(hub: Any) -> list[Account]:
    return [one for one in await hub.parts.store.accounts.all() if one.kind == "slack"]


async def test_a_further_workspace_becomes_an_account(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    asked = await begun(hub)
    answer = await ended(hub, "a-code", asked["state"])
    made = next(one for one in await workspaces(hub) if one.id != "acc")

    assert asked["redirect_uri"] == f"{hub.origin}/oauth/acc/back"
    assert (answer.status, answer.headers["Location"]) == (302, f"/settings/accounts:{made.id}")
    assert (made.name, made.settings["team_id"], made.settings["since"]) == ("Acme", SECOND.id, made.at.isoformat())
    assert made.secrets is not None and b"xoxb" not in made.secrets


async def test_a_workspace_that_is_there_gets_its_new_token(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    slack.codes["again"] = SECOND
    await ended(hub, "a-code", (await begun(hub))["state"])
    await ended(hub, "again", (await begun(hub))["state"])

    assert len(await workspaces(hub)) == 2


async def test_only_who_began_it_may_end_it(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    state = (await begun(hub))["state"]
    forged = await ended(hub, "a-code", state[:-2])
    await hub.sign_in(email="minh@shop.example")
    other = await ended(hub, "a-code", state)
    await hub.sign_in(role="agent", email="hoa@shop.example")
    denied = await ended(hub, "a-code", state)

    assert [one.status for one in (forged, other, denied)] == [401, 401, 403]
    assert len(await workspaces(hub)) == 1


async def test_what_was_cancelled_or_is_no_app_changes_nothing(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    state = (await begun(hub))["state"]
    cancelled = await hub.client.get("/oauth/acc/back", params={"error": "access_denied", "state": state})
    no_app = await hub.client.get("/oauth/site", allow_redirects=False)

    assert [one.status for one in (cancelled, no_app)] == [400, 404]
    assert len(await workspaces(hub)) == 1


# -- what a person reads ----------------------------------------------------------------------------------------------


async def read(hub: Any, language: str, **query: str) -> tuple[int, str]:
    """The page that Slack leads back to: its status, and the sentence on it."""
    address, asked = "/oauth/acc/back", {"Accept-Language": language}
    answer = await hub.client.get(address, params=query, headers=asked, allow_redirects=False)
    assert answer.content_type == "text/html"
    page = await answer.text()
    assert 'href="/settings/accounts"' in page
    said = re.search("<p>(.*?)</p>", page)
    assert said is not None
    return answer.status, said[1]


async def test_what_was_cancelled_is_a_page_in_the_browsers_language(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    state = (await begun(hub))["state"]

    assert [await read(hub, one, error="access_denied", state=state) for one in ("vi", "en")] == [
        (400, "Workspace không cho phép. Ở đây chưa đổi gì."),
        (400, "The workspace did not allow it. Nothing was changed here."),
    ]


async def test_a_state_of_nobodys_or_of_yesterday_is_a_page(hub: Any, slack: FakeSlack) -> None:
    agent = await hub.sign_in()
    old = install_token(hub.parts.ring, "acc", "acc_new", agent.id, utc_now() - dt.timedelta(days=1))

    assert [await read(hub, "vi", code="a-code", state=one) for one in ("x", old)] == [
        (401, "Việc này không bắt đầu ở đây; bắt đầu lại từ đầu."),
        (401, "Việc này kéo dài quá; bắt đầu lại từ đầu."),
    ]
    assert await read(hub, "en", code="a-code") == (401, "Slack did not say who began this; begin once more.")
    assert len(await workspaces(hub)) == 1


async def test_a_code_that_was_used_is_a_page(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    state = (await begun(hub))["state"]
    await ended(hub, "a-code", state)

    status, said = await read(hub, "vi", code="a-code", state=state)
    assert (status, "đã dùng rồi" in said, "Bấm “Thêm vào Slack”" in said) == (400, True, True)


async def test_a_wrong_client_secret_is_a_page(hub: Any) -> None:
    async with FakeSlack() as slack:
        await connected(hub, slack, client_secret="of another app")
        await hub.sign_in()
        state = (await begun(hub))["state"]

        vi, en = [await read(hub, one, code="a-code", state=state) for one in ("vi", "en")]
    assert (vi[0], "Client secret chưa đúng" in vi[1]) == (400, True)
    assert (en[0], "The client secret is wrong" in en[1]) == (400, True)


async def test_a_slack_that_does_not_answer_is_a_page(hub: Any, slack: FakeSlack) -> None:
    await hub.sign_in()
    slack.faults.append(Fault(method="oauth.v2.access", harm="drop"))

    status, said = await read(hub, "vi", code="a-code", state=(await begun(hub))["state"])
    assert (status, "Slack không trả lời" in said) == (400, True)


async def test_who_is_not_signed_in_reads_so(hub: Any, slack: FakeSlack) -> None:
    assert await read(hub, "vi", code="a-code", state="x") == (401, "Bạn cần đăng nhập.")


async def test_an_installation_that_the_ledger_did_not_take_is_none(make_hub: Any, fresh: StoreUrls) -> None:
    with cutting(fresh.mongo) as wire:
        hub = await make_hub(mongo=wire.url)
        async with FakeSlack() as slack:
            await connected(hub, slack)
            await hub.sign_in()
            state = (await begun(hub))["state"]
            wire.plan(Cut(before="insert"))
            status, _ = await read(hub, "vi", code="a-code", state=state)
            wire.mend()
            slack.codes["again"] = SECOND

            assert (status, len(await workspaces(hub))) == (503, 1)
            assert (await ended(hub, "again", state)).status == 302
            assert len(await workspaces(hub)) == 2
