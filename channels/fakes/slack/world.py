"""What the false Slack holds: workspaces with people, channels, messages and files, all as Slack's own JSON."""

import itertools
from collections.abc import Callable
from typing import Any

import msgspec

Json = dict[str, Any]
EPOCH_S = 1_795_000_000
BOT_SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,files:read,files:write,groups:history,groups:read,"
    "im:history,im:read,metadata.message:read,mpim:history,mpim:read,reactions:read,users:read"
)


class Clock:
    """The time that a test says it is, in seconds since the epoch."""

    def __init__(self, now: float = EPOCH_S) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Channel(msgspec.Struct, kw_only=True):
    id: str
    name: str = ""
    kind: str = "channel"  # channel, group, im or mpim
    shared: bool = False
    archived: bool = False
    bot_in: bool = True
    messages: list[Json] = []

    def shown(self) -> Json:
        """As conversations.list shows it."""
        flags = {f"is_{kind}": self.kind == kind for kind in ("channel", "group", "im", "mpim")}
        shown = {"id": self.id, "created": EPOCH_S, "is_org_shared": False, "is_archived": self.archived, **flags}
        if self.kind == "im":
            return {**shown, "user": self.name, "priority": 0}
        about = {"value": "", "creator": "", "last_set": 0}
        shared = {"is_shared": self.shared, "is_ext_shared": self.shared, "is_member": self.bot_in}
        shown |= {"name": self.name, "name_normalized": self.name, "creator": "U0FOUNDER1", **shared}
        return {**shown, "is_general": False, "is_private": self.kind != "channel", "topic": about, "purpose": about}


class File(msgspec.Struct, kw_only=True):
    id: str
    name: str
    mimetype: str = "application/octet-stream"
    data: bytes = b""
    foreign: bool = False  # of another company: an event says little more than its id
    shown: Json = {}  # fields that replace what would be said


class Workspace(msgspec.Struct, kw_only=True):
    """A workspace with the app installed; its bot token, its people, its channels."""

    id: str = "T0SHOP0001"
    name: str = "Mộc An"
    bot_token: str = "xoxb-fake-token"
    bot_user: str = "U0BOT00001"
    bot_id: str = "B0BOT00001"
    scopes: str = BOT_SCOPES
    revoked: str | None = None  # the error that every call gets
    users: dict[str, Json] = {}
    channels: dict[str, Channel] = {}
    files: dict[str, File] = {}

    def add_user(self, id_: str, name: str, **more: Any) -> Json:
        profile = {"real_name": name, "display_name": name, "avatar_hash": "", "status_text": ""}
        self.users[id_] = {
            "id": id_,
            "team_id": self.id,
            "name": id_.lower(),
            "real_name": name,
            "profile": profile,
            "is_bot": False,
            "is_app_user": False,
            "updated": EPOCH_S,
            **more,
        }
        return self.users[id_]

    def add_channel(self, id_: str, name: str = "", kind: str = "channel", **more: Any) -> Channel:
        self.channels[id_] = Channel(id=id_, name=name, kind=kind, **more)
        return self.channels[id_]

    def message(self, channel: str, ts: str) -> Json | None:
        return next((one for one in self.channels[channel].messages if one["ts"] == ts), None)


class Numbers:
    """Ids, and times that never come twice."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0
        self._count = itertools.count(1)

    def ts(self) -> str:
        self._last = max(self._last + 1, int(self._clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def id(self, kind: str) -> str:
        return f"{kind}0{next(self._count):09}"
