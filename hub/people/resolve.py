"""Who wrote, and in which conversation: senders to contacts, threads to conversations, in a handful of batched reads.

Ids are derived (contact from address, conversation from thread and turn), so two workers that meet a stranger at the
same moment make the same person, and the second insert is the first.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from hub.ids import address_id, contact_id, conversation_id
from hub.inbound import From, InboundMessage
from hub.model import Account, Address, AddressId, Contact, Conversation
from hub.store import Store
from nlp.fold import fold as fold  # shown on: lists search as names are keyed


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody seen on an account at a time."""

    account: Account
    sender: From
    at: dt.datetime
    language: str | None = None
    page: str | None = None

    @property
    def address(self) -> AddressId:
        return address_id(self.account.kind, self.sender.value)


def name_key(name: str) -> str:
    """Sorts Vietnamese names as their readers expect: marks ignored, Đ behind every D."""
    return fold(name.lower().replace("đ", "\x00")).replace("\x00", "d~")


def stranger_name(sighting: Sighting) -> str:
    """What a person without a name is called in lists."""
    if sighting.sender.name:
        return sighting.sender.name
    mark = contact_id(sighting.address).removeprefix("c_")[:4].upper()
    return f"Visitor #{mark}" if sighting.language == "en" else f"Khách #{mark}"


def is_stranger_name(name: str) -> bool:
    """Whether nobody has given this person a name yet."""
    return name.startswith(("Khách #", "Visitor #"))


async def addresses(store: Store, sightings: Sequence[Sighting]) -> dict[AddressId, Address]:
    """The address of each sender; strangers get an address and a contact."""
    seen = {one.address: one for one in reversed(sightings)}  # the first sighting names the stranger
    known = await store.addresses.senders(list(seen))
    strangers = [one for id_, one in seen.items() if id_ not in known]
    if strangers:
        await store.contacts.add([_contact(one) for one in strangers])
        made = [_address(one) for one in strangers]
        await store.addresses.add(made)
        known |= {one.id: one for one in made}
    return known


def _contact(sighting: Sighting) -> Contact:
    id_, name = contact_id(sighting.address), stranger_name(sighting)
    return Contact(
        id=id_,
        name=name,
        name_key=name_key(name),
        at=sighting.at,
        members=(id_,),
        language=sighting.language,
        facts={"page": sighting.page} if sighting.page else {},
    )


def _address(sighting: Sighting) -> Address:
    return Address(
        id=sighting.address,
        channel=sighting.account.kind,
        value=sighting.sender.value,
        contact=contact_id(sighting.address),
        at=sighting.at,
        name=sighting.sender.name,
        verified=sighting.sender.verified,
    )


def thread_of(account: Account, thread: str) -> str:
    """The thread key with its account: unique in the whole ledger."""
    return f"{account.id}:{thread}"


def opening(account: Account, message: InboundMessage, contact: Contact) -> Conversation:
    """The first conversation of a thread."""
    thread = thread_of(account, message.thread)
    return Conversation(
        id=conversation_id(thread, 0),
        account=account.id,
        channel=account.kind,
        thread=thread,
        turn=0,
        contact=contact.id,
        name=contact.name,
        to=message.to,
        opened=message.at,
        last=message.at,
    )
