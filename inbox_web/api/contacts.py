"""/contacts: a person with every address and conversation, and the one timeline across channels."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from hub.errors import BadInput
from hub.events import contact_changed, conversation_changed
from hub.model import Author, Contact, ContactId, EventItem, Message
from hub.people import consent
from hub.people.details import checked
from hub.people.merge import members, root_of
from hub.people.resolve import name_key
from hub.views import MessageView, message_view
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.search import plain
from inbox_web.api.views import ContactView, contact_view
from inbox_web.parts import Parts
from inbox_web.windows import MS, cursor_of, newest, read_cursor

PAGE = 50
MOST_SEARCHED = 2000


class ContactsWish(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""
    cursor: str | None = None
    limit: int = PAGE


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ContactView]
    next: str | None


class TimelineWish(msgspec.Struct, frozen=True, kw_only=True):
    before: dt.datetime | None = None
    limit: int = PAGE


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    items: list[MessageView]
    more: bool


class ContactWish(msgspec.Struct, frozen=True, kw_only=True):
    """`facts` that are named are set, an empty one is taken away, the others stay.

    Rules ask for `stage` (such as new, lead, customer, regular, lost), `score` (0 to 100), `region` and `source`.
    """

    name: str | None = None
    facts: dict[str, str] = {}


class RefusalWish(msgspec.Struct, frozen=True, kw_only=True):
    """How they said that they want no advertising: on the phone, at the counter."""

    reason: str


class LiftWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which "stop"s are taken back, and why."""

    ids: tuple[str, ...]
    reason: str


async def whole_contact(parts: Parts, id_: str) -> ContactView:
    """The person whom this contact id belongs to now; raises NotFound."""
    root = await root_of(parts.store, ContactId(id_))
    ids = members(root)
    addresses = await parts.store.addresses.of_contacts(ids)
    conversations = await parts.store.conversations.of_contacts([str(one) for one in ids])
    return contact_view(root, addresses, conversations, await consent.said_by(parts.store, root))


async def _get(ask: Ask, _: None) -> ContactView:
    return await whole_contact(ask.parts, ask.path["id"])


async def _list(ask: Ask, wish: ContactsWish) -> Contacts:
    """The newest first; a search looks through the newest 2,000."""
    most = max(1, min(wish.limit, PAGE))
    at, last_id = read_cursor(wish.cursor) if wish.cursor else (ask.parts.now() + dt.timedelta(days=1), "")
    words, left = plain(wish.q.strip()).split(), MOST_SEARCHED

    async def fetch(since: dt.datetime, before: dt.datetime) -> Sequence[Contact]:
        nonlocal left
        found = await ask.parts.store.contacts.listed(since, before)
        taken, left = found[: left if words else None], left - len(found)
        return taken

    def keep(one: Contact) -> bool:
        behind = not wish.cursor or (one.at, one.id) < (at, last_id)
        return behind and one.root is None and _matches(one, words)

    found = await newest(fetch, at + MS, most + 1, keep)
    page = found[:most]
    views = [contact_view(one, await ask.parts.store.addresses.of_contacts(members(one)), []) for one in page]
    more = len(found) > most
    return Contacts(items=views, next=cursor_of(page[-1].at, page[-1].id) if more else None)


def _matches(contact: Contact, words: list[str]) -> bool:
    text = plain(" ".join([contact.name, *contact.facts.values()]))
    return all(word in text for word in words)


async def _timeline(ask: Ask, wish: TimelineWish) -> Timeline:
    most = max(1, min(wish.limit, 200))
    root = await root_of(ask.parts.store, ContactId(ask.path["id"]))
    ids = members(root)

    async def fetch(since: dt.datetime, before: dt.datetime) -> list[Message]:
        return (await ask.parts.store.messages.timeline(ids, since, before))[::-1]

    before = wish.before or ask.parts.now() + dt.timedelta(days=1)
    async with ask.parts.store.settled():
        found = await newest(fetch, before, most + 1)
    return Timeline(items=[message_view(one) for one in found[:most][::-1]], more=len(found) > most)


async def _change(ask: Ask, wish: ContactWish) -> ContactView:
    root = await root_of(ask.parts.store, ContactId(ask.path["id"]))
    changes, told = _changes(root, wish)
    if changes:
        await ask.parts.store.contacts.change(root.id, changes)
        await ask.parts.announcer.announce(await _told(ask.parts, root, told), ask.parts.now())
    return await whole_contact(ask.parts, root.id)


def _changes(root: Contact, wish: ContactWish) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is written, and what is told of it; raises BadInput."""
    changes: dict[str, Any] = {}
    told: dict[str, Any] = {}
    if wish.name is not None:
        name = wish.name.strip()
        if not 1 <= len(name) <= 120:
            raise BadInput("A name has 1 to 120 characters.", "name")
        changes |= {"name": name, "name_key": name_key(name)}
        told["name"] = name
    said = {key: checked(key, value) for key, value in wish.facts.items()}
    changes |= {f"facts.{key}": value or None for key, value in said.items()}
    if said:
        told["facts"] = {key: value for key, value in {**root.facts, **said}.items() if value}
    return changes, told


async def _told(parts: Parts, root: Contact, told: dict[str, Any]) -> list[EventItem]:
    """The contact, and the rows that carry its name."""
    before = {"name": root.name, **root.facts}
    after = {"name": told.get("name", root.name), **told.get("facts", root.facts)}
    changed = [one for one in before | after if before.get(one) != after.get(one)]
    items = [contact_changed(root.id, told, changed)]
    if "name" in told:
        for one in await parts.store.conversations.of_contacts([str(id_) for id_ in members(root)]):
            await parts.store.conversations.change(one.id, {"name": told["name"]})
            items.append(conversation_changed(one.id, one.head, {"name": told["name"]}))
    return items


async def _refuse(ask: Ask, wish: RefusalWish) -> ContactView:
    root = await root_of(ask.parts.store, ContactId(ask.path["id"]))
    by = Author(kind="agent", id=ask.agent.id, name=ask.agent.name)
    told = await consent.refuse(ask.parts.store, root, by, wish.reason, ask.parts.now(), derived_id("by", ask))
    await ask.parts.announcer.announce(told, ask.parts.now())
    return await whole_contact(ask.parts, root.id)


async def _lift(ask: Ask, wish: LiftWish) -> ContactView:
    root = await root_of(ask.parts.store, ContactId(ask.path["id"]))
    by = Author(kind="agent", id=ask.agent.id, name=ask.agent.name)
    told = await consent.lift(ask.parts.store, root, wish.ids, by, wish.reason, ask.parts.now())
    await ask.parts.announcer.announce(told, ask.parts.now())
    return await whole_contact(ask.parts, root.id)


ROUTES = [
    Route(
        method="GET", path="/contacts", run=_list, summary="People, newest first", takes=ContactsWish, gives=Contacts
    ),
    Route(method="GET", path="/contacts/{id}", run=_get, summary="One person", gives=ContactView),
    Route(
        method="GET",
        path="/contacts/{id}/timeline",
        run=_timeline,
        summary="Everything of one person on every channel, newest last",
        takes=TimelineWish,
        gives=Timeline,
    ),
    Route(
        method="PATCH",
        path="/contacts/{id}",
        run=_change,
        summary="Change name and facts",
        takes=ContactWish,
        gives=ContactView,
    ),
    Route(
        method="POST",
        path="/contacts/{id}/consents/stop",
        run=_refuse,
        summary="Write down that somebody wants no advertising, and how they said it",
        takes=RefusalWish,
        gives=ContactView,
    ),
    Route(
        method="POST",
        path="/contacts/{id}/consents/lift",
        run=_lift,
        summary="Take back that somebody wants no advertising, with the reason",
        takes=LiftWish,
        gives=ContactView,
    ),
]
