"""The whole API as one table, and where it is put into the app."""

import msgspec
from aiohttp import web

from inbox_web.api import (
    accounts,
    agents,
    bootstrap,
    contacts,
    conversations,
    docs,
    files,
    flows,
    html,
    intents,
    learning,
    messages,
    quarantine,
    roster,
    rules,
    session,
    teams,
)
from inbox_web.api.route import Route, handler

# Handlers of their own; in the papers all the same.
STREAMED = [*files.ROUTES, *html.ROUTES, session.ENTER, session.LEAVE]
TABLE: list[Route] = [
    *session.ROUTES,
    *bootstrap.ROUTES,
    *conversations.ROUTES,
    *messages.ROUTES,
    *learning.ROUTES,
    *intents.ROUTES,
    *contacts.ROUTES,
    *agents.ROUTES,
    *teams.ROUTES,
    *accounts.ROUTES,
    *quarantine.ROUTES,
    *rules.ROUTES,
    *flows.ROUTES,
    *roster.ROUTES,
]


def add_to(app: web.Application) -> None:
    """Every route of the table, the streamed ones, and the papers."""
    for route in TABLE:
        app.router.add_route(route.method, docs.PREFIX + route.path, handler(route))
    app.router.add_post(f"{docs.PREFIX}/session", session.enter)
    app.router.add_delete(f"{docs.PREFIX}/session", session.leave)
    app.router.add_post(f"{docs.PREFIX}/files", files.upload)
    app.router.add_get(docs.PREFIX + r"/files/{message}/{index:\d{1,3}}", files.download)
    app.router.add_get(docs.PREFIX + "/messages/{id}/html", html.show)
    app.router.add_get("/api/openapi.json", _openapi)
    app.router.add_get("/api/docs", _page)
    app.router.add_get("/api/docs.css", _style)


async def _openapi(_: web.Request) -> web.Response:
    body = msgspec.json.encode(docs.openapi([*TABLE, *STREAMED]))
    return web.Response(body=body, content_type="application/json")


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=docs.page([*TABLE, *STREAMED]), content_type="text/html")


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=docs.STYLE, content_type="text/css")
