"""The false Slack's server: the Web API, private files, uploads and sockets, and what happens in its workspaces.

async with FakeSlack() as slack:
    slack.home.add_channel("C0HELP0001", "help")
    slack.say("C0HELP0001", "U0LAN00001", "Xin chào")
    await slack.pusher.push_due()
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from typing import Any, Self

import msgspec
from aiohttp import web

from channels.fakes.slack import faults, reading
from channels.fakes.slack.events import Pusher, event
from channels.fakes.slack.faults import Fault
from channels.fakes.slack.methods import METHODS, Fails
from channels.fakes.slack.sockets import Sockets
from channels.fakes.slack.world import Clock, File, Json, Numbers, Workspace

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked, and what they were answered."""

    method: str
    args: Json
    answer: Json


class Limited(Exception):
    """429."""


class FakeSlack:
    """One app, installed in `home` and in whatever workspaces are added."""

    def __init__(self, clock: Callable[[], float] | None = None, chance: random.Random | None = None) -> None:
        self.clock = clock or Clock()  # time.time where it shall live in the real one
        self.chance = chance or random.Random(7)
        self.numbers = Numbers(self.clock)
        self.app_id = "A0HUB00001"
        self.app_token = "xapp-fake"
        self.signing_secret = "fake signing secret"
        self.client = ("111.222", "fake client secret")
        self.codes: dict[str, Workspace] = {}  # what "Add to Slack" would lead back with
        self.home = Workspace()
        self.workspaces = [self.home]
        self.pusher = Pusher(self.clock, self.signing_secret, self.chance)
        self.sockets = Sockets(self.chance)
        self.socket_mode = False
        self.limits_posts = False  # one chat.postMessage a second and channel
        self.faults: deque[Fault] = deque()
        self.calls: list[Call] = []
        self.url = ""
        self._posted: dict[str, float] = {}
        self._telling: set[asyncio.Task[None]] = set()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/api/apps.connections.open", self._connect)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/upload/v1/{team}/{file}", self._upload)
        app.router.add_get("/files-pri/{team}-{file}/{name}", self._download)
        app.router.add_get("/link", self.sockets.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._telling:
            task.cancel()
        await self.sockets.cut()
        await self._runner.cleanup()

    # -- what happens in the workspaces -------------------------------------------------------------------------------

    def say(self, channel: str, user: str, text: str, *, home: Workspace | None = None, **more: Any) -> Json:
        """Somebody writes; the app is told. Returns the message."""
        home = home or self.home
        place = home.channels[channel]
        message = {"type": "message", "user": user, "text": text, "ts": self.numbers.ts(), "team": home.id, **more}
        place.messages.append(message)
        told = {**message, "channel": channel, "channel_type": place.kind, "event_ts": message["ts"]}
        self.tell(home, told, shared=place.shared)
        if f"<@{home.bot_user}>" in text:
            mention = {name: value for name, value in told.items() if name != "channel_type"}
            self.tell(home, {**mention, "type": "app_mention"}, shared=place.shared)
        return message

    def edit(self, channel: str, ts: str, text: str) -> None:
        message = self._message(channel, ts)
        before = dict(message)
        message |= {"text": text, "edited": {"user": message["user"], "ts": self.numbers.ts()}}
        self._tell_changed(channel, message, before)

    def unfurl(self, channel: str, ts: str) -> None:
        """Slack shows a preview of a link."""
        message = self._message(channel, ts)
        before = dict(message)
        message["attachments"] = [{"id": 1, "fallback": "preview", "title": "A page", "from_url": "https://x.example"}]
        self._tell_changed(channel, message, before)

    def delete(self, channel: str, ts: str) -> None:
        message = self._message(channel, ts)
        self.home.channels[channel].messages.remove(message)
        gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": ts, "previous_message": message}
        self._tell_about(channel, gone)

    def react(self, home: Workspace, channel: str, ts: str, user: str, name: str, kind: str = "reaction_added") -> None:
        item = {"type": "message", "channel": channel, "ts": ts}
        told = {"type": kind, "user": user, "item": item, "reaction": name, "event_ts": self.numbers.ts()}
        self.tell(home, told)

    def press(self, channel: str, ts: str, user: str, index: int = 0) -> None:
        """Somebody presses a button of a message."""
        message = self._message(channel, ts)
        actions = next(one for one in message["blocks"] if one["type"] == "actions")
        pressed = {**actions["elements"][index], "block_id": "b", "action_ts": self.numbers.ts()}
        payload = {
            "type": "block_actions",
            "team": {"id": self.home.id, "domain": "shop"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": self.home.id},
            "api_app_id": self.app_id,
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
            "channel": {"id": channel, "name": self.home.channels[channel].name},
            "message": message,
            "actions": [pressed],
        }
        self._hand_over("interactive", payload)

    def tell(self, home: Workspace, inner: Json, *, shared: bool = False) -> None:
        """An event for the app."""
        name = self.numbers.id("Ev")
        whole = event(self.app_id, home.id, home.bot_user, name, self.clock(), inner, shared=shared)
        self._hand_over("events_api", whole)

    def _hand_over(self, kind: str, payload: Json) -> None:
        if self.socket_mode:
            task = asyncio.ensure_future(self.sockets.add(kind, payload))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        elif kind == "interactive":
            self.pusher.add(reading.form(payload), "application/x-www-form-urlencoded")
        else:
            self.pusher.add(json.dumps(payload).encode())

    def _message(self, channel: str, ts: str) -> Json:
        found = self.home.message(channel, ts)
        if found is None:
            raise KeyError(ts)
        return found

    def _tell_changed(self, channel: str, message: Json, before: Json) -> None:
        changed = {"subtype": "message_changed", "hidden": True, "message": dict(message), "previous_message": before}
        self._tell_about(channel, changed)

    def _tell_about(self, channel: str, what: Json) -> None:
        ts, kind = self.numbers.ts(), self.home.channels[channel].kind
        place = {"type": "message", "channel": channel, "channel_type": kind, "ts": ts, "event_ts": ts}
        self.tell(self.home, {**place, **what})

    # -- limits and files ---------------------------------------------------------------------------------------------

    def spend_post(self, channel: str) -> None:
        if self.limits_posts and self.clock() - self._posted.get(channel, -10.0) < 1.0:
            raise Limited
        self._posted[channel] = self.clock()

    def file_shown(self, home: Workspace, file: File) -> Json:
        """A file object, as events and files.info have it."""
        place = f"{self.url}/files-pri/{home.id}-{file.id}/{file.name}"
        shown: Json = {
            "id": file.id,
            "name": file.name,
            "title": file.name,
            "mimetype": file.mimetype,
            "mode": "hosted",
        }
        shown |= {
            "mode": "hosted",
            "size": len(file.data),
            "is_external": False,
            "url_private": place,
            "url_private_download": place,
        }
        return shown | file.shown

    def put_file(self, name: str, mimetype: str, data: bytes, **more: Any) -> Json:
        """Somebody's file; as an event shows it."""
        file = File(id=self.numbers.id("F"), name=name, mimetype=mimetype, data=data, **more)
        self.home.files[file.id] = file
        return {"id": file.id, "file_access": "check_file_info"} if file.foreign else self.file_shown(self.home, file)

    # -- the server ---------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await reading.arguments(request)
        fault = self._fault(method)
        if fault is not None and fault.harm == "refuse":
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=fault.headers)
        try:
            answer, status = {"ok": True, **self._answer(request, method, args)}, 200
        except Fails as error:
            answer, status = {"ok": False, "error": str(error)}, 200
        except Limited:
            answer, status = {"ok": False, "error": "ratelimited"}, 429
        if fault is not None and fault.harm == "error":
            answer = {"ok": False, "error": fault.error}
        self.calls.append(Call(method=method, args=args, answer=answer))
        home = self._home(reading.token(request, args))
        headers = {"x-oauth-scopes": home.scopes} if home else {}
        if status == 429:
            headers["Retry-After"] = "1"
        return await faults.harmed(request, web.json_response(answer, status=status, headers=headers), fault)

    def _fault(self, method: str) -> Fault | None:
        found = next((one for one in self.faults if one.method == method), None)
        if found is not None:
            self.faults.remove(found)
        return found

    def _installed(self, request: web.Request, args: Json) -> Json:
        """A code is good once, and for this app alone."""
        given = reading.basic(request) or (args.get("client_id"), args.get("client_secret"))
        if given[0] != self.client[0]:
            raise Fails("invalid_client_id")
        if given != self.client:
            raise Fails("bad_client_secret")
        if args.get("code") not in self.codes:
            raise Fails("invalid_code")
        home = self.codes.pop(args["code"])
        bot = {"access_token": home.bot_token, "token_type": "bot", "scope": home.scopes, "bot_user_id": home.bot_user}
        return {**bot, "app_id": self.app_id, "team": {"id": home.id, "name": home.name}, "enterprise": None}

    def _answer(self, request: web.Request, method: str, args: Json) -> Json:
        if method == "oauth.v2.access":
            return self._installed(request, args)
        token = reading.token(request, args)
        if not token:
            raise Fails("not_authed")
        if token == self.app_token:
            raise Fails("not_allowed_token_type")
        home = self._home(token)
        if home is None:
            raise Fails("invalid_auth")
        if home.revoked is not None:
            raise Fails(home.revoked)
        if method not in METHODS:
            raise Fails("unknown_method")
        return METHODS[method](self, home, args)

    def _home(self, token: str) -> Workspace | None:
        return next((one for one in self.workspaces if one.bot_token == token), None)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        fault, args = self._fault("apps.connections.open"), await reading.arguments(request)
        if fault is not None:
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=fault.headers)
        answer = self._socket_url(reading.token(request, args))
        self.calls.append(Call(method="apps.connections.open", args=args, answer=answer))
        return web.json_response(answer)

    def _socket_url(self, token: str) -> Json:
        if token != self.app_token:
            return {"ok": False, "error": "not_allowed_token_type" if self._home(token) else "invalid_auth"}
        place = self.url.replace("http", "ws", 1)
        return {"ok": True, "url": f"{place}/link?ticket={self.sockets.ticket()}&app_id={self.app_id}"}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        home = next(one for one in self.workspaces if one.id == request.match_info["team"])
        home.files[request.match_info["file"]].data = await reading.uploaded(request)
        return web.Response(text="OK - uploaded")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A private file; whoever may not have it gets 200 and a page to sign in at, as at Slack."""
        home = next(one for one in self.workspaces if one.id == request.match_info["team"])
        file = home.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {home.bot_token}" or "files:read" not in home.scopes:
            return web.Response(body=LOGIN_PAGE, content_type="text/html")
        if file is None:
            return web.Response(status=404)
        if "redirect" in file.shown:
            return web.Response(status=302, headers={"Location": file.shown["redirect"]})
        return web.Response(body=file.data, content_type=file.mimetype)
