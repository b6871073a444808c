"""The false Slack is like the real one: judged by Slack's own description, and driven by Slack's own client."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.fakes.slack import FakeSlack
from channels.slack import Slack
from hub.model import Account
from tests.channels.slack import room

SHARED = Path(__file__).parents[4] / "shared" / "fixtures" / "slack"
NEWER = {  # parameters that Slack took up after it described its API
    "chat.postMessage": {"metadata"},
    "conversations.history": {"include_all_metadata"},
    "conversations.replies": {"include_all_metadata"},
}


# -- how events are pushed --------------------------------------------------------------------------------------------


class Door:
    """An app's address that answers as a test says; `seen` holds the headers of every request."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.Response] = web.Response
        self.seen: list[dict[str, str]] = []
        self.hold: asyncio.Event | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.seen.append(dict(request.headers))
        if self.hold is not None:
            await self.hold.wait()
        return self.answer()

    def retries(self) -> list[tuple[str | None, str | None]]:
        return [(one.get("X-Slack-Retry-Num"), one.get("X-Slack-Retry-Reason")) for one in self.seen]


@pytest.fixture
async def door(slack: FakeSlack) -> AsyncIterator[Door]:
    made, app = Door(), web.Application()
    app.router.add_post("/in", made.take)
    async with TestServer(app) as server:
        slack.pusher.url = str(server.make_url("/in"))
        yield made


async def test_a_failed_event_is_sent_again_three_times_and_given_up(slack: FakeSlack, door: Door) -> None:
    door.answer = lambda: web.Response(status=500)
    slack.say(room.HELP, room.LAN, "Chào")
    began = slack.clock.now
    await slack.pusher.push_all(slack.clock)

    assert door.retries() == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert slack.clock.now - began == 361.0
    assert len(slack.pusher.given_up) == 1


async def test_an_answer_after_three_seconds_is_too_late(slack: FakeSlack, door: Door) -> None:
    door.hold, slack.pusher.answer_s = asyncio.Event(), 0.05
    slack.say(room.HELP, room.LAN, "Chào")
    await slack.pusher.push_due()
    door.hold.set()
    await slack.pusher.push_all(slack.clock)

    assert door.retries() == [(None, None), ("1", "http_timeout")]
    assert slack.pusher.given_up == []


async def test_an_app_may_ask_for_no_retry(slack: FakeSlack, door: Door) -> None:
    door.answer = lambda: web.Response(status=500, headers={"x-slack-no-retry": "1"})
    slack.say(room.HELP, room.LAN, "Chào")
    await slack.pusher.push_all(slack.clock)

    assert len(door.seen) == 1 and len(slack.pusher.given_up) == 1


async def test_an_app_that_fails_nearly_always_is_switched_off(slack: FakeSlack, door: Door) -> None:
    door.answer = lambda: web.Response(status=404)
    slack.pusher.watch_from = 20
    for index in range(30):
        slack.say(room.HELP, room.LAN, str(index))
    await slack.pusher.push_all(slack.clock)

    assert slack.pusher.disabled
    slack.say(room.HELP, room.LAN, "nobody is told")
    assert slack.pusher.waiting == []


# -- Slack's own description ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    path = SHARED / "slack_web_openapi_v2_without_examples.json"
    if not path.is_file():
        pytest.skip("Slack's OpenAPI description is not on this machine")
    whole: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loosened(whole)


def loosened(node: Any) -> Any:
    """The description as JSON Schema: Slack has added fields since, and writes lists of alternatives as `items`."""
    if isinstance(node, list):
        return [loosened(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: loosened(one) for key, one in node.items() if key not in ("additionalProperties", "minItems", "format")
    }
    if isinstance(kept.get("items"), list):
        kept["anyOf"] = kept.pop("items")
    return kept


async def test_every_answer_is_as_slack_describes_it(
    slack: FakeSlack, channel: Slack, account: Account, openapi: dict[str, Any]
) -> None:
    slack.home.users[room.LAN]["profile"] |= dict.fromkeys(
        ("real_name_normalized", "display_name_normalized", "title", "phone", "skype", "status_emoji"), ""
    ) | {"fields": {}}
    parent = slack.say(room.HELP, room.LAN, "Chào")
    to = f"{slack.home.id}/{room.HELP}/{parent['ts']}"
    await channel.send(account, to, room.part("Dạ", options=("Có",)))
    await channel.check(account)
    await channel.name(account, room.LAN)
    await channel.name(account, slack.home.bot_id)
    shown = slack.put_file("a.png", "image/png", b"x")
    assert [chunk async for chunk in channel.fetch(account, shown["id"])] == [b"x"]
    assert [batch async for batch in channel.backfill(account, room.now(slack))] != []

    for call in slack.calls:
        described = next(iter(openapi["paths"][f"/{call.method}"].values()))
        known = {one["name"] for one in described["parameters"]} | NEWER.get(call.method, set())
        assert set(call.args) <= known, call.method
        schema = described["responses"]["200"]["schema"] | {"definitions": openapi["definitions"]}
        jsonschema.Draft4Validator(schema).validate(call.answer)
    assert {one.method for one in slack.calls} >= {"chat.postMessage", "conversations.replies", "files.info"}


async def test_every_error_is_one_that_slack_names(slack: FakeSlack, openapi: dict[str, Any]) -> None:
    described = openapi["paths"]["/chat.postMessage"]["post"]["responses"]["default"]["schema"]

    assert {"channel_not_found", "not_in_channel", "is_archived", "no_text", "invalid_auth", "not_authed"} <= set(
        described["properties"]["error"]["enum"]
    )


async def test_every_event_is_in_slacks_wrapper(slack: FakeSlack) -> None:
    path = SHARED / "slack_common_event_wrapper_schema.json"
    if not path.is_file():
        pytest.skip("Slack's description of events is not on this machine")
    schema = json.loads(path.read_text("utf-8"))
    schema["required"].remove("authed_users")  # Slack took it out in favour of `authorizations`
    said = slack.say(room.HELP, room.LAN, f"<@{slack.home.bot_user}> ơi")
    slack.edit(room.HELP, said["ts"], "Chào")
    slack.unfurl(room.HELP, said["ts"])
    slack.react(slack.home, room.HELP, said["ts"], room.LAN, "+1")
    slack.delete(room.HELP, said["ts"])

    assert len(slack.pusher.waiting) == 6
    for delivery in slack.pusher.waiting:
        jsonschema.Draft4Validator(schema).validate(json.loads(delivery.body))


def fields_of(node: Any, place: str = "") -> set[str]:
    if not isinstance(node, dict):
        return set()
    own = {f"{place}{key}" for key in node}
    return own.union(
        *(fields_of(node[key], f"{place}{key}.") for key in ("message", "item", "previous_message") if key in node)
    )


@pytest.mark.parametrize(
    ("sample", "happens"),
    [
        ("MessagePayload", "say"),
        ("MessageChangedPayload", "edit"),
        ("MessageDeletedPayload", "delete"),
        ("ReactionAddedPayload", "react"),
    ],
)
async def test_every_event_has_no_field_that_slacks_samples_lack(slack: FakeSlack, sample: str, happens: str) -> None:
    path = SHARED / "events" / f"{sample}.json"
    if not path.is_file():
        pytest.skip("Slack's samples are not on this machine")
    said = slack.say(room.HELP, room.LAN, "Chào")
    acts: dict[str, Callable[[], object]] = {
        "say": lambda: None,
        "edit": lambda: slack.edit(room.HELP, said["ts"], "Chào ạ"),
        "delete": lambda: slack.delete(room.HELP, said["ts"]),
        "react": lambda: slack.react(slack.home, room.HELP, said["ts"], room.LAN, "+1"),
    }
    acts[happens]()

    whole, described = json.loads(slack.pusher.waiting[-1].body), json.loads(path.read_text("utf-8"))
    assert set(whole) - {"context_team_id", "context_enterprise_id"} <= set(described)
    assert fields_of(whole["event"]) <= fields_of(described["event"])


# -- Slack's own client -----------------------------------------------------------------------------------------------

CLIENT = """
const { WebClient } = require("@slack/web-api");
const { SocketModeClient } = require("@slack/socket-mode");
const url = process.argv[2];
const options = { slackApiUrl: url + "/api/", retryConfig: { retries: 0 } };
const web = new WebClient("xoxb-fake-token", options);
(async () => {
  const found = { auth: (await web.auth.test()).team };
  found.posted = (await web.chat.postMessage({ channel: "C0HELP0001", text: "from Node" })).ts;
  found.history = (await web.conversations.history({ channel: "C0HELP0001" })).messages.map((one) => one.text);
  found.file = (await web.filesUploadV2({ channel_id: "C0HELP0001", filename: "a.txt", file: Buffer.from("abc") })).ok;
  found.error = await web.conversations.info({ channel: "C0NONE0001" }).catch((error) => error.data.error);
  const socket = new SocketModeClient({ appToken: "xapp-fake", clientOptions: options });
  socket.on("message", async ({ ack, event }) => {
    if (event.text !== "from the other side") return ack();
    await ack();
    found.heard = event.text;
    await socket.disconnect();
    console.log("FOUND " + JSON.stringify(found));
    process.exit(0);
  });
  await socket.start();
  await web.chat.postMessage({ channel: "C0HELP0001", text: "from the other side" });
})();
"""


@pytest.mark.timeout(120)
async def test_slacks_own_client_finds_what_it_expects(slack: FakeSlack, tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("no npm on this machine")
    fetch = ("install", "--no-audit", "--no-fund", "--silent", "@slack/web-api@7", "@slack/socket-mode@2")
    done = await asyncio.create_subprocess_exec(npm, *fetch, cwd=tmp_path, stderr=asyncio.subprocess.DEVNULL)
    if await done.wait() != 0:
        pytest.skip("npm cannot fetch Slack's client")
    (tmp_path / "client.js").write_text(CLIENT, "utf-8")
    slack.socket_mode = True

    run = await asyncio.create_subprocess_exec(
        node, "client.js", slack.url, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(run.communicate(), 60)
    (line,) = [one for one in said.decode().splitlines() if one.startswith("FOUND ")]
    found = json.loads(line.removeprefix("FOUND "))
    assert found == {
        "auth": "Mộc An",
        "posted": slack.home.channels[room.HELP].messages[0]["ts"],
        "history": ["from Node"],
        "file": True,
        "error": "channel_not_found",
        "heard": "from the other side",
    }
    assert len(slack.sockets.acknowledged) >= 1
