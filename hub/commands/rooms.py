"""Opens the rooms of one process in their order, and closes them in reverse: the one place where they are wired."""

import contextlib
import hmac
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import msgspec

import channels
from channels.base import Borrows, Channel, Closing, House
from hub.arrivals.amending import Amender
from hub.arrivals.door import Door
from hub.arrivals.fetching import Fetcher
from hub.arrivals.intake import Intake
from hub.arrivals.listening import Listening
from hub.arrivals.naming import Namer
from hub.arrivals.past import Past
from hub.arrivals.tagging import Tagger
from hub.arrivals.triage import Triage
from hub.bots.talking import Talker
from hub.bus import Bus, open_bus
from hub.clock import utc_now
from hub.departures.by_mail import ByMail
from hub.departures.change import Changer
from hub.departures.compose import Composer
from hub.departures.deliver import Deliverer
from hub.departures.mirror.mirroring import Mirroring
from hub.events import Announcer
from hub.model import AccountId, ConversationId
from hub.people.accounts import AccountBook
from hub.routing.acting import Actor
from hub.routing.assigning import Assigner
from hub.routing.book import WEBHOOKS, RuleBook
from hub.routing.following import Following
from hub.routing.idling import Idling
from hub.routing.planning import Planner
from hub.safety import keys
from hub.safety.keys import KeyRing
from hub.safety.tokens import claim_token
from hub.settings import Settings
from hub.store import Store, open_store
from hub.store.mailings import Mailing
from hub.worker import Worker


class Rooms(msgspec.Struct, frozen=True, kw_only=True):
    """What every process of the hub has."""

    settings: Settings
    store: Store
    bus: Bus
    announcer: Announcer
    accounts: AccountBook
    channels: Mapping[str, Channel]
    ring: KeyRing
    door: Door
    composer: Composer
    changer: Changer
    rules: RuleBook


@contextlib.asynccontextmanager
async def open_rooms(settings: Settings, mongo_url: str, redis_url: str) -> AsyncIterator[Rooms]:
    """Connect and wire. Raises StoreDown when the ledger does not answer, BadSetting on newer data."""
    async with (
        open_store(mongo_url, raw_days=settings.raw_days, event_days=settings.event_days) as store,
        open_bus(redis_url) as bus,
    ):
        announcer = Announcer(store, bus)
        ring = keys.load(settings)
        accounts = AccountBook(store, ring.unseal)
        house = _house(settings, store, ring, accounts)
        kinds = channels.load_all(lambda one: one.borrow(house) if isinstance(one, Borrows) else None)
        try:
            yield Rooms(
                settings=settings,
                store=store,
                bus=bus,
                announcer=announcer,
                accounts=accounts,
                channels=kinds,
                ring=ring,
                door=Door(store, bus, utc_now, settings.data, settings.disk_floor_mb),
                composer=Composer(store, bus, announcer, kinds, utc_now),
                changer=Changer(store, announcer, utc_now),
                rules=RuleBook(store, bus),
            )
        finally:
            for one in kinds.loaded():
                if isinstance(one, Closing):
                    await one.close()


def _house(settings: Settings, store: Store, ring: KeyRing, accounts: AccountBook) -> House:
    """What channels may borrow of this process."""

    async def keep_secrets(id_: AccountId, secrets_: bytes) -> None:
        await store.accounts.change(id_, {"secrets": ring.seal(f"account:{id_}", secrets_)})
        accounts.forget()

    return House(
        read=lambda file: store.files.read(file.file),
        keep_secrets=keep_secrets,
        now=utc_now,
        base_url=settings.base_url or "",
    )


def new_intake(rooms: Rooms, tagger: Tagger) -> Intake:
    """The intake of this process: its worker and its listeners share it, and take turns at writing."""
    most_bytes = rooms.settings.max_file_mb * 1_000_000
    known = rooms.rules.known
    tagger.heard = lambda tag: known().intents.now(tag)
    return Intake(rooms.store, rooms.announcer, rooms.accounts, rooms.channels, utc_now, tagger, most_bytes, known)


def new_worker(rooms: Rooms, tagger: Tagger, intake: Intake | None = None) -> Worker:
    """The worker of this process; its name tells its claims from those of others, a restarted self included."""
    name = _name()
    chance, most_bytes = random.Random(name), rooms.settings.max_file_mb * 1_000_000
    fetcher = Fetcher(rooms.store, rooms.announcer, rooms.accounts, rooms.channels, utc_now, chance, most_bytes)
    namer = Namer(rooms.store, rooms.announcer, rooms.accounts, rooms.channels, utc_now)
    return Worker(
        rooms.store,
        rooms.bus,
        intake or new_intake(rooms, tagger),
        Triage(rooms.store, rooms.announcer, rooms.accounts, tagger, utc_now, rooms.rules.known),
        Deliverer(rooms.store, rooms.bus, rooms.announcer, rooms.accounts, rooms.channels, utc_now, name, chance),
        rooms.changer,
        utc_now,
        (
            fetcher.step,
            Amender(rooms.store, rooms.announcer, utc_now).step,
            _by_mail(rooms).step,
            namer.step,
            _mirroring(rooms, name, chance).step,
            *_rules(rooms, name),
        ),
    )


def _rules(rooms: Rooms, name: str) -> tuple[Callable[[], Awaitable[None]], ...]:
    """What follows the events for the rules, and what does what was left or calls other programs."""
    store, book, secret = rooms.store, rooms.rules, rooms.ring.shared(WEBHOOKS).encode()

    def sign(body: bytes) -> str:
        return hmac.digest(secret, body, "sha256").hex()

    planner = Planner(store, utc_now)
    talker = Talker(store, book, rooms.changer, rooms.composer, rooms.announcer, utc_now)
    actor = Actor(store, book, rooms.changer, rooms.composer, utc_now, sign, rooms.bus, name, talker.start)
    assigner = Assigner(store, book, rooms.changer, utc_now)
    idling = Idling(store, planner, utc_now)
    following = Following(store, rooms.bus, book, planner, actor, assigner, idling, utc_now, name, bots=talker)
    return following.step, actor.step


def _by_mail(rooms: Rooms) -> ByMail:
    base = _base(rooms.settings)

    def link(one: Mailing) -> str:
        return f"{base}/chat/{one.account}/confirm?t={claim_token(rooms.ring, one.contact, one.to, utc_now())}"

    return ByMail(rooms.store, rooms.bus, rooms.announcer, rooms.accounts, rooms.channels, utc_now, link)


def _mirroring(rooms: Rooms, name: str, chance: random.Random) -> Mirroring:
    base = _base(rooms.settings)

    def url(id_: ConversationId) -> str:
        return f"{base}/open/{id_}"

    return Mirroring(
        rooms.store,
        rooms.bus,
        rooms.announcer,
        rooms.accounts,
        rooms.channels,
        rooms.composer,
        utc_now,
        name,
        chance,
        url,
    )


def _base(settings: Settings) -> str:
    """Where the web is, as far as this process knows."""
    return settings.base_url or f"http://{settings.host}:{settings.port}"


def new_listening(rooms: Rooms, intake: Intake) -> Listening:
    """The listeners of this process."""
    name = _name()
    return Listening(
        rooms.store,
        rooms.bus,
        rooms.announcer,
        rooms.accounts,
        rooms.channels,
        rooms.door,
        utc_now,
        name,
        random.Random(name),
        past=Past(rooms.store, rooms.door, intake),
    )


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
