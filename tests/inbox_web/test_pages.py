"""Pages, health and headers."""

import gzip
import ipaddress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp.test_utils import TestClient, TestServer

from hub.arrivals.tagging import Tagger
from hub.commands.serving import parts_of
from inbox_web.app import make_app
from inbox_web.words import language_of


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What a build leaves."""
    made = tmp_path / "dist"
    (made / "assets").mkdir(parents=True)
    (made / "index.html").write_text("<!doctype html><title>inbox</title>")
    (made / "assets" / "main-1a2b.js").write_text("let a")
    (made / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"let b"))
    (made / "widget.js").write_text("let w")
    (made / ".stamp").write_text("secret")
    return made


@pytest.fixture
async def built(hub: Any, dist: Path) -> Any:
    """The same hub with a built front end."""
    parts = msgspec.structs.replace(hub.parts, dist=dist)
    async with TestClient(TestServer(make_app(parts))) as client:
        yield client


async def test_every_address_of_the_inbox_is_the_one_page(built: Any) -> None:
    pages = [await (await built.get(path)).text() for path in ("/", "/inbox/mine/v_1", "/settings/agents", "/signin")]

    assert set(pages) == {"<!doctype html><title>inbox</title>"}


async def test_assets_are_kept_for_good_and_served_compressed(built: Any) -> None:
    squeezed = await built.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})
    plain = await built.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})

    assert (squeezed.headers["Content-Encoding"], await squeezed.text()) == ("gzip", "let b")
    assert "immutable" in plain.headers["Cache-Control"]
    assert (plain.content_type, await plain.text()) == ("text/javascript", "let a")


async def test_what_the_browser_has_already_is_not_sent_again(built: Any) -> None:
    first = await built.get("/widget.js")
    again = await built.get("/widget.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in first.headers["Cache-Control"]
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/..%2f.stamp", "/panel.js"])
async def test_a_file_that_is_not_there_or_outside_is_not_found(built: Any, path: str) -> None:
    assert (await built.get(path)).status == 404


async def test_the_builds_own_marks_are_no_pages(built: Any) -> None:
    assert "secret" not in await (await built.get("/.stamp")).text()


async def test_without_a_build_the_page_says_what_to_do(hub: Any, tmp_path: Path) -> None:
    parts = msgspec.structs.replace(hub.parts, dist=tmp_path / "nothing")
    async with TestClient(TestServer(make_app(parts))) as client:
        answer = await client.get("/")
        text = await answer.text()

    assert answer.status == 503
    assert "make ui" in text


async def test_pages_carry_a_policy_that_allows_nothing_inline(built: Any) -> None:
    headers = (await built.get("/")).headers

    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


async def test_the_demo_shop_is_gone_once_the_hub_is_public(hub: Any, make_hub: Any) -> None:
    public = await make_hub(base_url="https://hub.example.com")

    assert (await hub.get("/demo")).status == 200
    assert (await public.get("/demo")).status == 404


# -- health -----------------------------------------------------------------------------------------------------------


async def test_a_hub_that_can_keep_messages_is_ready(hub: Any) -> None:
    alive, ready = await hub.get("/healthz"), await hub.get("/readyz")
    body = await ready.json()

    assert (alive.status, ready.status) == (200, 200)
    assert {name: body[name]["up"] for name in ("database", "redis", "disk", "follower")} == {
        "database": True,
        "redis": True,
        "disk": True,
        "follower": True,
    }


async def test_a_hub_without_room_on_its_disk_is_not_ready_and_says_why(make_hub: Any) -> None:
    hub = await make_hub(disk_floor_mb=1_000_000)

    answer = await hub.get("/readyz")

    assert answer.status == 503
    assert "disk" in (await answer.json())["disk"]["why"]


async def test_readiness_says_what_is_wrong_with_the_taggers_models_though_one_serves(hub: Any, tmp_path: Path) -> None:
    tagger = Tagger(tmp_path / "models")
    tagger.model, tagger.trouble = "former", "The current model is damaged; former serves instead"
    app = make_app(parts_of(hub.rooms, tagger))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/readyz")
        body = await answer.json()
    assert (answer.status, body["tagger"]) == (200, {"up": True, "why": tagger.trouble})


async def test_metrics_count_what_happened(hub: Any) -> None:
    wire = await hub.chat()
    await wire.send("chào shop", "message-1")

    text = await (await hub.get("/metrics")).text()

    assert 'hub_arrivals_kept_total{channel="webchat"} 1.0' in text
    assert 'hub_sockets{side="customers"} 1.0' in text


async def test_metrics_are_not_for_strangers_behind_a_proxy(make_hub: Any) -> None:
    hub = await make_hub(trusted_proxies=(ipaddress.ip_network("127.0.0.0/8"),))

    stranger = await hub.get("/metrics", **{"X-Forwarded-For": "203.0.113.7"})
    local = await hub.get("/metrics")

    assert (stranger.status, local.status) == (403, 200)


# -- proxies ----------------------------------------------------------------------------------------------------------


async def test_forwarded_headers_of_strangers_are_not_believed(hub: Any) -> None:
    await hub.add_agent()
    wish = {"email": "lan@shop.example", "password": "mot-mat-khau-dai"}
    headers = {"Origin": "https://hub.example.com", "X-Forwarded-Host": "hub.example.com", "X-Forwarded-Proto": "https"}

    answer = await hub.client.post("/api/v1/session", json=wish, headers=headers)

    assert answer.status == 403


async def test_a_trusted_proxy_tells_the_real_address_and_the_cookie_becomes_secure(make_hub: Any) -> None:
    hub = await make_hub(trusted_proxies=(ipaddress.ip_network("127.0.0.0/8"),))
    await hub.add_agent()
    wish = {"email": "lan@shop.example", "password": "mot-mat-khau-dai"}
    headers = {"Origin": "https://hub.example.com", "X-Forwarded-Host": "hub.example.com", "X-Forwarded-Proto": "https"}

    answer = await hub.client.post("/api/v1/session", json=wish, headers=headers)

    assert answer.status == 200
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("vi-VN,vi;q=0.9", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("fr,vi;q=0.2", "vi"),
        ("", "en"),
        ("vi;q=x,en", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_likes_best(accept: str, language: str) -> None:
    assert language_of(accept) == language
