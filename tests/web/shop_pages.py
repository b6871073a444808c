"""A shop's own website on another origin, under the strictest policy that the chat promises to work with."""

import contextlib
from collections.abc import AsyncIterator
from html import escape

from aiohttp import web

HOST = "shop.localhost"  # browsers and this machine know that it is loopback


class Shop:
    """Serves /?account=… with the chat of that account; `url` is its origin."""

    def __init__(self, hub: str) -> None:
        self.hub = hub
        self.url = ""

    async def page(self, request: web.Request) -> web.Response:
        """One page; data-user and data-signature as a shop's server writes them."""
        signed = "".join(f' data-{key}="{escape(value)}"' for key, value in request.query.items())
        return web.Response(
            text='<!doctype html><html lang="vi"><title>Một trang của shop</title>'
            f'<link rel="stylesheet" href="/shop.css"><h1>Trà</h1>'
            f'<script src="{self.hub}/widget.js"{signed} async></script></html>',
            content_type="text/html",
            headers={"Content-Security-Policy": self.policy()},
        )

    async def style(self, _: web.Request) -> web.Response:
        return web.Response(text="h1 { color: green }", content_type="text/css")

    async def icon(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    def policy(self) -> str:
        """What the widget's README tells shops to allow, and nothing else."""
        socket = self.hub.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src {self.hub}; connect-src {self.hub} {socket}; img-src {self.hub}; "
            "style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
        )


@contextlib.asynccontextmanager
async def shop_before(hub: str) -> AsyncIterator[Shop]:
    """The shop's website, while the block runs."""
    shop = Shop(hub)
    app = web.Application()
    app.router.add_get("/", shop.page)
    app.router.add_get("/shop.css", shop.style)
    app.router.add_get("/favicon.ico", shop.icon)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    shop.url = f"http://{HOST}:{port}"
    try:
        yield shop
    finally:
        await runner.cleanup()
