"""Adding an account's app to a further workspace, through the browser and back."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from channels.fakes.slack import FakeSlack
from channels.fakes.slack.world import Workspace
from hub.clock import utc_now
from hub.model import Account
from tests.channels.slack import room

SECOND = Workspace(id="T0ACME0001", name="Acme", bot_token="xoxb-second", bot_user="U0BOT00002", bot_id="B0BOT00002")


@pytest.fixture
async def slack(hub: Any) -> AsyncIterator[FakeSlack]:
    """A workspace that is connected, and a further one where somebody clicks."""
    async with FakeSlack() as made:
        made.workspaces.append(SECOND)
        made.codes["a-code"] = SECOND
        app = {"client_id": made.client[0], "client_secret": made.client[1], "signing_secret": made.signing_secret}
        secrets = hub.parts.ring.seal("account:acc", msgspec.json.encode(app))
        account = msgspec.structs.replace(room.account_of(made), secrets=secrets, at=utc_now())
        await hub.parts.store.accounts.add(account)
        yield made


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
