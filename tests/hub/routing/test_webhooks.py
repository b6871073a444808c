"""A rule's webhook: signed, under one key, tried again while the other side is away, given up in the end."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from hub.rule import CallWebhook, Label
from tests.hub.routing.conftest import Routing, signed

PAUSES = (5, 30, 120, 600, 1800, 3600)


class Other:
    """Another program: answers what `statuses` holds, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[tuple[str, str, bytes]] = []
        self.statuses: list[int] = []

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.heard.append((request.headers["Idempotency-Key"], request.headers["X-Hub-Signature-256"], body))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def other() -> AsyncIterator[Other]:
    made = Other()
    app = web.Application()
    app.router.add_post("/hook", made.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_it_is_told_once_and_can_know_who_told_it(routing: Routing, other: Other) -> None:
    await routing.rule("arrived", CallWebhook(url=other.url), Label(add=("đã báo",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    ((key, signature, body),) = other.heard
    (act,) = await routing.acts()
    assert (key, signature, act.outcome) == (f"{act.id}:0", f"sha256={signed(body)}", ("done", "done"))
    assert b'"labels":[]' in body


async def test_while_it_is_away_it_is_called_again_under_the_same_key(routing: Routing, other: Other) -> None:
    other.statuses = [503, 500]
    await routing.rule("arrived", Label(add=("a",)), CallWebhook(url=other.url))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    for pause in (0, *PAUSES[:2]):
        routing.core.clock.now += dt.timedelta(seconds=pause)  # type: ignore[attr-defined]  # a test's Clock can be set
        await routing.turn()
    assert (len({key for key, _, _ in other.heard}), len(other.heard)) == (1, 3)
    assert await routing.outcomes() == [("done", "done")]
    assert len(await routing.changes()) == 1


async def test_it_is_given_up_and_the_rest_is_done(routing: Routing, other: Other) -> None:
    other.statuses = [503] * 9
    await routing.rule("arrived", CallWebhook(url=other.url), Label(add=("a",)))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    for pause in (0, *PAUSES):
        routing.core.clock.now += dt.timedelta(seconds=pause)  # type: ignore[attr-defined]  # a test's Clock can be set
        await routing.turn()
    assert await routing.outcomes() == [("given up: the webhook answered 503", "done")]


async def test_a_refusal_is_not_argued_with(routing: Routing, other: Other) -> None:
    other.statuses = [404]
    await routing.rule("arrived", CallWebhook(url=other.url))
    await routing.begin()
    await routing.core.hears("chào", "m1")
    await routing.turn()
    assert await routing.outcomes() == [("the webhook refused it (404)",)]
