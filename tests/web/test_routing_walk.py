"""On each channel: a customer's words are tagged, a rule of the owner's takes them to a team, and the hub says why."""

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, ClientTimeout
from playwright.async_api import expect

from channels.api.wire import SIGNATURE, sign
from channels.fakes.telegram import person
from hub.clock import utc_now
from hub.ids import random_id
from nlp.intents import BY_NAME
from tests.hub.core import until
from tests.web.browsing import Browsing
from tests.web.channel_scenes import (
    POST_S,
    SHARED,
    a_mail,
    connected_bot,
    mail_servers,
    switch_off,
    workspace,
)
from tests.web.people import agent
from tests.web.running import SHOP, RunningHub

Says = Callable[[str], Awaitable[object]]
Side = Callable[[RunningHub], contextlib.AbstractAsyncContextManager[Says]]
INTENT = BY_NAME["order_status"].vi
CHANNELS = {"webchat": "Chat trên web", "telegram": "Telegram", "slack": "Slack", "email": "Email", "api": "API"}
MAILBOX = "rules@mocan.example"
USER = "U0HUYEN777"
pytestmark = pytest.mark.timeout(180)


@contextlib.asynccontextmanager
async def on_webchat(hub: RunningHub) -> AsyncIterator[Says]:
    """A visitor's socket, past its welcome."""
    async with ClientSession() as session, session.ws_connect(f"{hub.url}/chat/{SHOP}", origin=hub.url) as socket:
        await socket.send_json({"t": "hello", "token": None, "since": 0, "language": "vi", "page": hub.url})
        yield lambda words: socket.send_json({"t": "send", "id": random_id("w"), "text": words, "files": []})


@contextlib.asynccontextmanager
async def on_telegram(hub: RunningHub) -> AsyncIterator[Says]:
    """The chat with a bot."""
    async with connected_bot(hub, "mocan_rules_bot") as bot:

        async def says(words: str) -> None:
            bot.hears(person(5120034777, "Khánh Huyền"), words)

        yield says


@contextlib.asynccontextmanager
async def on_slack(hub: RunningHub) -> AsyncIterator[Says]:
    """The channel that the shop shares with its customers."""
    async with workspace(hub, "Mộc An – quy tắc") as slack:
        slack.home.add_user(USER, "Khánh Huyền")

        async def says(words: str) -> None:
            slack.say(SHARED, USER, words)

        yield says


@contextlib.asynccontextmanager
async def by_mail(hub: RunningHub) -> AsyncIterator[Says]:
    """From a mailbox of their own."""
    async with mail_servers(hub, MAILBOX) as (imap, _):

        async def says(words: str) -> None:
            imap.put(a_mail("Hỏi shop", words, To=MAILBOX).as_bytes(), at=utc_now())

        yield says


@contextlib.asynccontextmanager
async def by_program(hub: RunningHub) -> AsyncIterator[Says]:
    """From a program that hands over what its own users write, signed."""
    body = {"kind": "api", "name": "Đặt hàng – quy tắc", "settings": {"url": "http://127.0.0.1:9/take"}}
    account = (await hub.call("POST", "/accounts", body))["id"]
    secret = (await hub.call("GET", f"/accounts/{account}/secret"))["secret"]

    async def says(words: str) -> None:
        said = {"id": random_id("m"), "thread": "chat-77", "from": {"id": "u77", "name": "Khánh Huyền"}, "text": words}
        raw = msgspec.json.encode(said)
        headers = {SIGNATURE: sign(secret, raw, int(time.time()))}
        async with (
            ClientSession(timeout=ClientTimeout(total=POST_S)) as session,
            session.post(f"{hub.url}/in/{account}", data=raw, headers=headers) as answer,
        ):
            assert answer.status == 200, await answer.text()

    yield says
    await switch_off(hub, account)


@contextlib.asynccontextmanager
async def rule_to_a_team(hub: RunningHub, channel: str) -> AsyncIterator[tuple[str, str]]:
    """What the owner wants of customers on this channel who ask where their order is; the ids of rule and team."""
    team = (await hub.call("POST", "/teams", {"name": f"Giao nhận {channel}", "intents": []}))["id"]
    asks = [{"what": "channel", "is": [channel]}, {"what": "intent", "is": ["order_status"]}]
    wish = {"name": f"Đơn ở đâu, {channel}", "when": "tagged", "if": asks, "then": [{"do": "team", "to": team}]}
    rule = (await hub.call("POST", "/rules", wish))["id"]
    yield rule, team
    await hub.call("DELETE", f"/rules/{rule}")


async def rows_with(hub: RunningHub, words: str) -> list[dict[str, Any]]:
    return list((await hub.call("GET", f"/conversations?q={words}"))["items"])


@pytest.mark.parametrize(
    ("channel", "side", "code"),
    [
        ("webchat", on_webchat, "MA-7701"),
        ("telegram", on_telegram, "MA-7702"),
        ("slack", on_slack, "MA-7703"),
        ("email", by_mail, "MA-7704"),
        ("api", by_program, "MA-7705"),
    ],
    ids=["webchat", "telegram", "slack", "email", "api"],
)
async def test_a_rule_takes_what_was_tagged_to_its_team_and_says_so(
    browsing: Browsing, channel: str, side: Side, code: str
) -> None:
    hub = browsing.hub
    async with rule_to_a_team(hub, channel) as (rule, team), side(hub) as says:
        await says(f"Shop ơi đơn hàng {code} của em đang ở đâu rồi ạ, sao chưa thấy giao?")

        async def is_routed() -> bool:
            return [one["team"] for one in await rows_with(hub, code)] == [team]

        await until(is_routed, within_s=90)
        [row] = await rows_with(hub, code)
        entries = (await hub.call("GET", f"/conversations/{row['id']}/messages"))["items"]
        asked = next(one for one in entries if one["kind"] == "in")

    assert row["channel"] == channel
    assert (asked["tag"]["intent"], asked["tag"]["band"]) == ("order_status", "route")
    assert asked["tag"]["words"]
    assert (row["routed"]["rule"], row["routed"]["name"]) == (rule, f"Đơn ở đâu, {channel}")
    assert row["routed"]["cause"] == asked["id"]
    await _the_panel_says_why(browsing, row["id"], channel, asked)


async def _the_panel_says_why(browsing: Browsing, id_: str, channel: str, asked: dict[str, Any]) -> None:
    """By which rule, what of it was found, and the message that made it look, at one press."""
    page = (await agent(browsing, "Thu Trang", f"/inbox/open/{id_}")).page
    panel = page.get_by_role("complementary", name="Khách")
    await expect(panel.get_by_text(f"Quy tắc “Đơn ở đâu, {channel}”")).to_be_visible()
    found, sure = panel.locator(".why dl"), f"{asked['tag']['confidence']:.2f}".replace(".", ",")
    await expect(found).to_contain_text(f"Ý định{INTENT} · {sure}")
    await expect(found).to_contain_text(f"Kênh{CHANNELS[channel]}")
    await panel.get_by_role("button", name="Xem tin nhắn").click()
    await expect(page.locator(f'[data-entry="{asked["id"]}"]')).to_be_focused()
