"""Real Chromium for people: each in a context of their own; what their browser complains about fails the test."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

from inbox_web import build_web
from tests.web.running import Login, RunningHub

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
DESK, PHONE = (1440, 900), (390, 844)
WAIT_MS = 45_000  # a guard, no measure: where nothing is slow nobody waits for it
Language = Literal["vi", "en"]
Theme = Literal["light", "dark"]
LOCALES: dict[str, str] = {"vi": "vi-VN", "en": "en-GB"}
# Whoever is not signed in yet learns it from a 401; the browser writes that down.
USUAL = ("401 (Unauthorized)",)
# What a browser says when the network or the hub is away; tests that take it away forgive these.
NO_NETWORK = ("net::ERR_", "WebSocket connection to", "503 (")


def why_no_browser() -> str | None:
    """What is missing for a browser, and how to get it; None when nothing is."""
    return None if _browser() else "No Chromium here: run tests/install_browser.sh, or apt-get install chromium."


def _browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextlib.asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """The machine's own browser; nothing is downloaded."""
    found = _browser()
    assert found, why_no_browser()
    if node := build_web.machine_node() or build_web.package_node():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        await browser.close()


class Browsing:
    """Opens pages, and listens to what they complain about and whom they talk to."""

    def __init__(self, browser: Browser, hub: RunningHub) -> None:
        self.hub = hub
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._forgiven: list[str] = list(USUAL)
        self._hosts = {urlsplit(hub.url).netloc}

    def forgive(self, *parts: str) -> None:
        """Complaints with these words are what the test is about."""
        self._forgiven.extend(parts)

    def allow(self, *urls: str) -> None:
        """Pages may talk to these hosts too: a shop's own pages, a wire before the hub."""
        self._hosts |= {urlsplit(url).netloc for url in urls}

    async def context(
        self,
        size: tuple[int, int] = DESK,
        language: Language = "vi",
        theme: Theme = "light",
        base: str | None = None,
        **more: Any,
    ) -> BrowserContext:
        """A browser of somebody new."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            locale=LOCALES[language],
            timezone_id="Asia/Ho_Chi_Minh",
            base_url=base or self.hub.url,
            reduced_motion="reduce",
            has_touch=size[0] < 720,
            **more,
        )
        context.set_default_timeout(WAIT_MS)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)
        self._contexts.append(context)
        return context

    async def page(self, **more: Any) -> Page:
        """A page in a browser of its own."""
        return await (await self.context(**more)).new_page()

    async def signed_in(self, login: Login, language: Language = "vi", **more: Any) -> BrowserContext:
        """A browser with this agent's session, whose pages speak this language."""
        context = await self.context(language=language, **more)
        base = more.get("base") or self.hub.url
        for path, body in (
            ("session", {"email": login.email, "password": login.password}),
            ("session/language", {"language": language}),
        ):
            answer = await context.request.post(
                f"{base}/api/v1/{path}", data=body, headers={"Origin": base, "Idempotency-Key": f"{path}-{login.id}"}
            )
            assert answer.ok, await answer.text()
        return context

    async def close(self) -> None:
        """Close every browser, then fail on what they complained about."""
        for context in self._contexts:
            await context.close()
        assert not self.strangers, f"asked another origin: {self.strangers}"
        assert not (loud := list(self._loud())), loud

    def _loud(self) -> Iterable[str]:
        return (one for one in self.complaints if not any(part in one for part in self._forgiven))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc not in self._hosts:
            self.strangers.append(request.url)
