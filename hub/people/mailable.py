"""Whom answers may follow by mail: people who gave an address and proved that it is theirs."""

import datetime as dt
import re

from hub.events import contact_changed
from hub.ids import address_id
from hub.model import Account, Address, Contact, ContactId, Conversation, EventItem, MessageId
from hub.people.merge import members, root_of
from hub.store import Store
from hub.store.mailings import Mailing

MAIL = "email"  # the channel of these addresses
UNREAD = dt.timedelta(minutes=10)  # an answer that nobody looked at for so long follows by mail
MOST_ADDRESS = 254
LOOK_BACK = 50
_ADDRESS = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+\.[^@\s<>\"',;:\\.]+")


def address_of(text: str | None) -> str | None:
    """The mail address that somebody typed, in small letters; None when it is none."""
    address = (text or "").strip().lower()
    return address if len(address) <= MOST_ADDRESS and _ADDRESS.fullmatch(address) else None


async def ask(store: Store, account: Account, root: Contact, text: str | None, now: dt.datetime) -> None:
    """Somebody claims an address: a mail asks there whether it is theirs, once a day at most."""
    address = address_of(text)
    if address is not None and root.mail != address:
        asked = Mailing(
            id=f"confirm:{root.id}:{address}", kind="confirm", account=account.id, contact=root.id, to=address, due=now
        )
        await store.mailings.add([asked])


async def confirm(store: Store, contact: ContactId, text: str, how: str, now: dt.datetime) -> list[EventItem]:
    """The address is proved to be theirs: answers that they do not read follow there. Twice changes nothing."""
    address, root = address_of(text), await root_of(store, contact)
    if address is None or root.mail == address:
        return []
    known = (await store.addresses.by_ids([address_id(MAIL, address)])).get(address_id(MAIL, address))
    if known is None:
        made = Address(id=address_id(MAIL, address), channel=MAIL, value=address, contact=root.id, at=now, verified=how)
        await store.addresses.add([made])
    elif known.contact in members(root):
        await store.addresses.verify(known.id, how)
    for one in await store.conversations.of_contacts([str(id_) for id_ in members(root)]):
        await store.conversations.change(one.id, {"mail": address})
        await store.mailings.add(await _unread(store, one, address, now))
    await store.contacts.change(root.id, {"mail": address})
    return [contact_changed(root.id, {"mail": address})]


async def _unread(store: Store, conversation: Conversation, address: str, now: dt.datetime) -> list[Mailing]:
    """What the customer was written before the address was proved, and has not seen."""
    low = max(conversation.seen_by_customer + 1, conversation.head - LOOK_BACK)
    if low > conversation.head:
        return []
    said = await store.messages.window(conversation.id, low, conversation.head + 1)
    return [
        answer(conversation, one.id, one.seq, address, max(one.at + UNREAD, now))
        for one in said
        if one.kind == "out" and not one.elsewhere and not one.history
    ]


def answer(conversation: Conversation, message: MessageId, seq: int, address: str, due: dt.datetime) -> Mailing:
    """An answer that follows by mail if it is still unread then."""
    return Mailing(
        id=f"answer:{message}",
        kind="answer",
        account=conversation.account,
        contact=conversation.contact,
        to=address,
        due=due,
        conversation=conversation.id,
        message=message,
        seq=seq,
    )
