"""The API channel, walked: a program's signed words reach the inbox, the answer reaches the program, once."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestServer

from channels.api.wire import SIGNATURE, sign
from tests.inbox_web.conftest import Hub

pytestmark = pytest.mark.usefixtures("worker")
SAID = {
    "id": "order-1",
    "thread": "chat-7",
    "from": {"id": "u7", "name": "Chị Hoa"},
    "text": "Đơn của em tới đâu rồi ạ?",
}


class Program:
    """The other side: it keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.signatures: list[bool] = []
        self.secret = ""
        self.answers = [200]
        self.asked = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        header = request.headers[SIGNATURE]
        at_s = int(header.removeprefix("t=").partition(",")[0])
        self.signatures.append(header == sign(self.secret, body, at_s))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 200:
            self.taken.append(msgspec.json.decode(body))
        self.asked.set()
        return web.json_response({"id": f"theirs-{len(self.taken)}"}, status=status)


@pytest.fixture
async def program() -> AsyncIterator[tuple[Program, str]]:
    other = Program()
    app = web.Application()
    app.router.add_post("/take", other.take)
    async with TestServer(app) as server:
        yield other, str(server.make_url("/take"))


async def connect(hub: Hub, program: Program, url: str) -> str:
    """Make the account as an administrator does; its id."""
    await hub.sign_in()
    made = await hub.post("/api/v1/accounts", {"kind": "api", "name": "Đặt hàng", "settings": {"url": url}})
    id_ = str((await made.json())["id"])
    program.secret = (await (await hub.get(f"/api/v1/accounts/{id_}/secret")).json())["secret"]
    return id_


async def say(
    hub: Hub, program: Program, account: str, said: dict[str, Any], at_s: int | None = None
) -> ClientResponse:
    body = msgspec.json.encode(said)
    header = sign(program.secret, body, int(time.time()) if at_s is None else at_s)
    return await hub.client.post(f"/in/{account}", data=body, headers={SIGNATURE: header})


async def row(hub: Hub) -> dict[str, Any]:
    """The only conversation, once intake has logged it."""
    async with asyncio.timeout(20):
        while not (items := (await (await hub.get("/api/v1/conversations?view=open")).json())["items"]):
            await asyncio.sleep(0.02)
    return dict(items[0])


async def answered(hub: Hub, conversation: str, like: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The reply, once its delivery is as wanted."""
    async with asyncio.timeout(20):
        while True:
            page = await (await hub.get(f"/api/v1/conversations/{conversation}/messages")).json()
            for one in page["items"]:
                if one["kind"] == "out" and like(one):
                    return dict(one)
            await asyncio.sleep(0.02)


async def reply(hub: Hub, conversation: str, seen: int) -> ClientResponse:
    wish = {"kind": "reply", "text": "Dạ chiều nay tới ạ", "seen": seen}
    return await hub.post(f"/api/v1/conversations/{conversation}/messages", wish)


async def test_words_come_in_once_and_the_answer_leaves_signed(hub: Hub, program: tuple[Program, str]) -> None:
    other, url = program
    account = await connect(hub, other, url)
    assert [(await say(hub, other, account, SAID)).status for _ in range(2)] == [200, 200]
    conversation = await row(hub)
    assert (await reply(hub, conversation["id"], conversation["head"])).status == 201
    sent = await answered(hub, conversation["id"], lambda one: one["delivery"] == "sent")
    assert conversation["head"] == 1
    assert conversation["preview"]["text"] == SAID["text"]
    assert [(one["to"], one["text"]) for one in other.taken] == [("chat-7", "Dạ chiều nay tới ạ")]
    assert other.taken[0]["id"] == f"{sent['id']}:0"
    assert other.signatures == [True]


async def test_a_refusal_tells_the_agent_why(hub: Hub, program: tuple[Program, str]) -> None:
    other, url = program
    other.answers = [403]
    account = await connect(hub, other, url)
    await say(hub, other, account, SAID)
    conversation = await row(hub)
    await reply(hub, conversation["id"], conversation["head"])
    refused = await answered(hub, conversation["id"], lambda one: one["delivery"] == "refused")
    assert "403" in refused["deliveries"][0]["why"]


async def test_a_failure_on_the_other_side_is_unknown_and_not_repeated_until_a_person_says_so(
    hub: Hub, program: tuple[Program, str]
) -> None:
    other, url = program
    other.answers = [500, 200]
    account = await connect(hub, other, url)
    await say(hub, other, account, SAID)
    conversation = await row(hub)
    await reply(hub, conversation["id"], conversation["head"])
    unknown = await answered(hub, conversation["id"], lambda one: one["delivery"] == "unknown")
    assert other.taken == []
    assert (await hub.post(f"/api/v1/messages/{unknown['id']}/resend", {})).status == 200
    await answered(hub, conversation["id"], lambda one: one["delivery"] == "sent")
    assert len(other.taken) == 1


@pytest.mark.parametrize(
    ("spoil", "at_s", "status"),
    [
        ({"secret": "not it"}, None, 401),
        ({}, 1_000_000, 401),
    ],
    ids=["forged", "replayed"],
)
async def test_what_does_not_verify_is_refused_and_nothing_is_stored(
    hub: Hub, program: tuple[Program, str], spoil: dict[str, str], at_s: int | None, status: int
) -> None:
    other, url = program
    account = await connect(hub, other, url)
    other.secret = spoil.get("secret", other.secret)
    answer = await say(hub, other, account, SAID, at_s)
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    assert await hub.arrivals() == 0


@pytest.mark.parametrize("header", ["t=1700000000,v1=chữ ký", f"t={'9' * 5000},v1=00", "t=١٧,v1=00", "t=²,v1=00"])
async def test_a_signature_that_no_machine_writes_is_refused_like_any_other(
    hub: Hub, program: tuple[Program, str], header: str
) -> None:
    account = await connect(hub, *program)
    answer = await hub.client.post(f"/in/{account}", data=b"{}", headers={SIGNATURE: header})
    assert answer.status == 401


@pytest.mark.parametrize("long", [{"id": "x" * 201}, {"thread": "x" * 201}, {"from": {"id": "x" * 201}}])
async def test_an_id_without_measure_is_a_bad_request(
    hub: Hub, program: tuple[Program, str], long: dict[str, Any]
) -> None:
    other, url = program
    account = await connect(hub, other, url)
    assert (await say(hub, other, account, SAID | long)).status == 400
    assert await hub.arrivals() == 0


async def test_a_message_that_cannot_be_read_is_a_bad_request(hub: Hub, program: tuple[Program, str]) -> None:
    other, url = program
    account = await connect(hub, other, url)
    answer = await say(hub, other, account, {"id": "x", "text": 5})
    assert answer.status == 400
    assert await hub.arrivals() == 0
