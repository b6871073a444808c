"""What the handlers need, opened by the command and handed over once; and the keys under which the app holds things."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from aiohttp import web

from channels.base import Channel
from hub.arrivals.door import Door
from hub.bus import Bus
from hub.departures.change import Changer
from hub.departures.compose import Composer
from hub.events import Announcer
from hub.learning.correcting import Corrector
from hub.learning.owning import Owner
from hub.learning.school import School
from hub.people.accounts import AccountBook
from hub.safety.keys import KeyRing
from hub.safety.throttle import Throttle
from hub.settings import Settings
from hub.store import Store

HERE = Path(__file__).resolve().parent


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The rooms below this floor, as the web uses them. `tagger` answers whether a model is loaded, for /readyz."""

    settings: Settings
    store: Store
    bus: Bus
    announcer: Announcer
    accounts: AccountBook
    door: Door
    composer: Composer
    changer: Changer
    corrector: Corrector
    school: School
    owner: Owner
    channels: Mapping[str, Channel]
    ring: KeyRing
    now: Callable[[], dt.datetime]
    new_id: Callable[[], str]
    tagger: Callable[[], bool | None] = lambda: None
    tagger_why: Callable[[], str | None] = lambda: None  # what is wrong with its models though one serves
    dist: Path = HERE / "dist"
    demo: Path = HERE / "demo"


PARTS = web.AppKey("parts", Parts)
THROTTLE = web.AppKey("throttle", Throttle)
