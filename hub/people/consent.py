"""Whom we may greet: who wants no messages that they did not ask for, and what agents took back of that.

Whatever an owner's rules say, a message that is tagged so is heeded, early or late, certain or only suggested: hearing
one too many costs a greeting and can be taken back, hearing one too few breaks the law and a person's word. It counts
for the whole person at every address, and for the address it came from whoever that belongs to later.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from hub.errors import BadInput, NotFound
from hub.events import contact_changed
from hub.ids import contact_id
from hub.model import Address, AddressId, Author, Consent, Contact, ContactId, EventItem, Message
from hub.people.merge import members, root_of
from hub.store import Store
from hub.views import consent_views

STOP = "stop_messages"
MOST_REASON = 300


async def heed(store: Store, messages: Iterable[Message]) -> list[EventItem]:
    """Keep what these say; the events that tell it. Once for each message, however often it comes. Raises StoreDown."""
    refusing = [one for one in messages if _refuses(one)]
    if not refusing:
        return []
    authors = list(dict.fromkeys(ContactId(one.author.id) for one in refusing))
    addresses = await store.addresses.of_contacts(authors)
    await store.consents.add([_stop(one, addresses) for one in refusing])
    return [await _told(store, await root_of(store, one)) for one in authors]


def _refuses(message: Message) -> bool:
    """Whether its author wants no more messages, as far as its tag says."""
    tag = message.tag
    if tag is None or message.kind != "in":
        return False
    return (tag.intent == STOP and tag.band != "default") or any(one.intent == STOP for one in tag.others)


def _stop(message: Message, addresses: Sequence[Address]) -> Consent:
    own = [one for one in addresses if (one.contact, one.channel) == (message.author.id, message.channel)]
    own.sort(key=lambda one: contact_id(one.id) != one.contact)  # the first that was seen of this contact
    return Consent(
        id=f"stop:{message.id}",
        says="stop",
        contact=ContactId(message.author.id),
        by=message.author,
        at=message.at,
        address=own[0].id if own else None,
        channel=message.channel,
        conversation=message.conversation,
        message=message.id,
        sure=message.tag is not None and (message.tag.intent, message.tag.band) == (STOP, "route"),
    )


async def refuse(store: Store, person: Contact, by: Author, reason: str, now: dt.datetime, id_: str) -> list[EventItem]:
    """Keep that this person (a root) said so where no message shows it: by phone, at the counter. Once for each id.

    Raises BadInput without a word on how it was said.
    """
    stop = Consent(id=f"stop:{id_}", says="stop", contact=person.id, by=by, at=now, reason=_reason(reason))
    await store.consents.add([stop])
    return [await _told(store, person)]


async def lift(
    store: Store, person: Contact, stops: Sequence[str], by: Author, reason: str, now: dt.datetime
) -> list[EventItem]:
    """Take these back for good reason; who was faster stays the one who did. Raises BadInput, NotFound."""
    reason = _reason(reason)
    known = {one.id: one for one in await said_by(store, person) if one.says == "stop"}
    if not stops or not known.keys() >= set(stops):
        raise NotFound("This person said no such thing.")
    await store.consents.add([_lift(known[one], person, by, reason, now) for one in dict.fromkeys(stops)])
    return [await _told(store, person)]


def _reason(words: str) -> str:
    words = words.strip()
    if not 1 <= len(words) <= MOST_REASON:
        raise BadInput(f"A reason has 1 to {MOST_REASON} characters.", "reason")
    return words


def _lift(stop: Consent, person: Contact, by: Author, reason: str, now: dt.datetime) -> Consent:
    return Consent(
        id=_lift_id(stop),
        says="lift",
        contact=person.id,
        by=by,
        at=now,
        address=stop.address,
        lifts=stop.id,
        reason=reason,
    )


def _lift_id(stop: Consent) -> str:
    return f"lift:{stop.id}"


async def _told(store: Store, person: Contact) -> EventItem:
    return contact_changed(person.id, {"consents": consent_views(await said_by(store, person))})


# -- what is asked ----------------------------------------------------------------------------------------------------


async def said_by(store: Store, person: Contact) -> list[Consent]:
    """All that was said under any contact id of this person (a root), the oldest first, each lift behind its stop."""
    said = {one.id: one for one in await store.consents.of_contacts(members(person))}
    return await _with_lifts(store, said)


async def objection(store: Store, contact: ContactId, address: AddressId) -> Consent | None:
    """The newest word that stands against greeting this person at this address; None when nothing does.

    That somebody did not object is no consent yet: what a campaign needs beyond it is the campaign's to ask.
    """
    person = await root_of(store, contact)
    said = [*await store.consents.of_contacts(members(person)), *await store.consents.of_address(address)]
    standing = _standing(await _with_lifts(store, {one.id: one for one in said}))
    return standing[-1] if standing else None


async def may_greet(store: Store, contact: ContactId, address: AddressId) -> bool:
    """Whether nobody objects to a greeting of this person at this address."""
    return await objection(store, contact, address) is None


async def _with_lifts(store: Store, said: dict[str, Consent]) -> list[Consent]:
    """A lift stands with whoever the person was when it was made: after an unmerge that may be another contact."""
    lifts = [_lift_id(one) for one in said.values() if one.says == "stop"]
    if lifts:
        said |= {one.id: one for one in await store.consents.by_ids(lifts)}
    return sorted(said.values(), key=lambda one: (one.at, one.says == "lift", one.id))


def _standing(said: Sequence[Consent]) -> list[Consent]:
    lifted = {one.lifts for one in said}
    return [one for one in said if one.says == "stop" and one.id not in lifted]
