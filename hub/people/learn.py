"""What becomes known of a person: claimed profiles, and identities that the site's backend vouches for."""

import datetime as dt
from typing import Any

import phonenumbers

from hub.errors import Conflict
from hub.events import contact_changed, conversation_changed, form_sent
from hub.ids import address_id, contact_id
from hub.inbound import InboundIdentity, InboundProfile
from hub.model import Account, Address, AddressId, ArrivalId, Contact, ContactId, EventItem
from hub.people import details, mailable, resolve
from hub.people.merge import members, merge, root_of
from hub.people.resolve import Sighting
from hub.store import Store

MOST_RACES = 10
REGION = "VN"  # for phone numbers without a country


def phone_e164(text: str) -> str | None:
    """A phone number as +84…, or None when it is none."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


async def profile(
    store: Store, account: Account, said: InboundProfile, at: dt.datetime, arrival: ArrivalId
) -> list[EventItem]:
    """Write down what somebody says of themself: facts, never proof."""
    sighting = Sighting(account=account, sender=said.sender, at=at, language=said.language)
    address = (await resolve.addresses(store, [sighting]))[sighting.address]
    facts = {"email": said.email, "phone": (phone_e164(said.phone) or said.phone) if said.phone else None}
    root = await root_of(store, address.contact)
    await mailable.ask(store, account, root, said.email, at)
    return [form_sent(root.id, arrival), *await _write(store, root, said.name, facts)]


async def identity(store: Store, account: Account, vouched: InboundIdentity, at: dt.datetime) -> list[EventItem]:
    """The sender is the site's user: link them to that user's contact, with everything that they have said so far.

    What the site says again is no news: what an agent made of it meanwhile stays until the site says something else.
    """
    sighting = Sighting(account=account, sender=vouched.sender, at=at)
    address = (await resolve.addresses(store, [sighting]))[sighting.address]
    user = await _user(store, account, vouched, at)
    guest: dict[str, str] = {}
    if not await _is_another_user(store, account, address, user.id):
        guest = (await root_of(store, address.contact)).facts
        await _join(store, user, address, by=account.id, at=at)
        await store.addresses.verify(address.id, "signed identity")
    root, said = await root_of(store, user.contact), _said(vouched)
    news = {key: value for key, value in said.items() if user.said.get(key) != value}
    kept = {key: value for key, value in guest.items() if key not in root.facts}
    told: dict[str, str | None] = {**kept, **news}
    items = await _write(store, root, told.pop("name", None) or root.name, told)
    if news:
        await store.addresses.say(user.id, news)
    if not vouched.email:
        return items
    return items + await mailable.confirm(store, root.id, vouched.email, "signed identity", at)


def _said(vouched: InboundIdentity) -> dict[str, str]:
    """Everything that the site says of its user, as it would be kept."""
    phone = phone_e164(vouched.phone) if vouched.phone else None
    told = {**details.fitting(vouched.facts), "name": vouched.name, "email": vouched.email, "phone": phone}
    return {key: value for key, value in told.items() if value}


async def answered(store: Store, contact: ContactId, facts: dict[str, str]) -> list[EventItem]:
    """Write down what somebody told a bot of themself: facts, never proof. What is known so already is no news."""
    phone = {"phone": phone_e164(facts["phone"]) or facts["phone"]} if "phone" in facts else {}
    rest = {key: value for key, value in facts.items() if key != "name"}
    return await _write(store, await root_of(store, contact), facts.get("name"), {**rest, **phone})


async def named(store: Store, id_: AddressId, name: str) -> list[EventItem]:
    """The platform says what a stranger is called; a name that somebody gave them stays."""
    known = (await store.addresses.by_ids([id_])).get(id_)
    if known is None:
        return []
    await store.addresses.name(id_, name)
    root = await root_of(store, known.contact)
    return await _write(store, root, name, {}) if resolve.is_stranger_name(root.name) else []


def user_address(account: Account, user: str) -> AddressId:
    """What stands for the site's user."""
    return address_id("site", f"{account.id}:{user}")


async def belongs_to_another(store: Store, account: Account, sender: str, user: str) -> bool:
    """Whether the site vouched for this sender as another user before: what they wrote is not this user's to read."""
    id_ = address_id(account.kind, sender)
    address = (await store.addresses.by_ids([id_])).get(id_)
    return address is not None and await _is_another_user(store, account, address, user_address(account, user))


async def _is_another_user(store: Store, account: Account, address: Address, user: AddressId) -> bool:
    """Whether the site vouched for this sender as somebody else before: two people at one browser stay two."""
    person = await root_of(store, address.contact)
    known = await store.addresses.of_contacts(members(person))
    users = {one.id for one in known if one.channel == "site" and one.value.startswith(f"{account.id}:")}
    return bool(users) and user not in users


async def _join(store: Store, user: Address, address: Address, by: str, at: dt.datetime) -> None:
    """Merge the sender into the user. Raises Conflict when others change the two again and again meanwhile."""
    for _ in range(MOST_RACES):
        try:
            await merge(store, user.contact, address.contact, why="signed identity", by=by, now=at)
            return
        except Conflict as error:  # somebody changed one of them at this moment: their version is newer
            lost = error
    raise lost


async def _user(store: Store, account: Account, vouched: InboundIdentity, at: dt.datetime) -> Address:
    """The address that stands for the site's user, made when it is first seen."""
    id_ = user_address(account, vouched.user)
    known = (await store.addresses.by_ids([id_])).get(id_)
    if known is not None:
        return known
    contact, name = contact_id(id_), vouched.name or vouched.email or vouched.user
    await store.contacts.add(
        [Contact(id=contact, name=name, name_key=resolve.name_key(name), at=at, members=(contact,))]
    )
    made = Address(
        id=id_,
        channel="site",
        value=f"{account.id}:{vouched.user}",
        contact=contact,
        at=at,
        name=name,
        verified="signed identity",
    )
    await store.addresses.add([made])
    return made


async def _write(store: Store, root: Contact, name: str | None, facts: dict[str, str | None]) -> list[EventItem]:
    """Set name and facts where they are news, and tell it, the rows of the person's conversations included."""
    news = {key: value for key, value in facts.items() if value and root.facts.get(key) != value}
    changes: dict[str, Any] = {f"facts.{key}": value for key, value in news.items()}
    if name and name != root.name:
        changes |= {"name": name, "name_key": resolve.name_key(name)}
    items = []
    if changes:
        await store.contacts.change(root.id, changes)
        told: dict[str, Any] = {"facts": {**root.facts, **news}} | ({"name": name} if "name" in changes else {})
        items.append(contact_changed(root.id, told, [*news, *(["name"] if "name" in changes else [])]))
    return items + (await _rename(store, root, name) if name else [])


async def _rename(store: Store, root: Contact, name: str) -> list[EventItem]:
    """Let every row of this person show their name."""
    items = []
    for one in await store.conversations.of_contacts([str(id_) for id_ in members(root)]):
        if one.name != name:
            await store.conversations.change(one.id, {"name": name})
            items.append(conversation_changed(one.id, one.head, {"name": name}))
    return items
