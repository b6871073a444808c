"""Which conversation each message joins. A reference that somebody forged must not reach somebody else's.

In this order: a token of ours; what it answers, when that is our own message; what it answers, when its sender takes
part there; the platform's thread.
"""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from hub.arrivals.named import OURS, Name, by_names
from hub.arrivals.understanding import Understood
from hub.ids import conversation_id
from hub.inbound import From, InboundMessage
from hub.model import Address, AddressId, ContactId, Conversation, ConversationId, Message
from hub.people import resolve
from hub.people.resolve import Sighting
from hub.store import Store

Said = tuple[Understood, InboundMessage]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The conversation of each message, in their order; those in `opened` open with these words."""

    of: list[ConversationId]
    conversations: dict[ConversationId, Conversation]
    opened: set[ConversationId]
    people: dict[AddressId, Address]


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """A message that others may name: where it stands, and who takes part in it."""

    conversation: ConversationId
    ours: bool
    contacts: frozenset[ContactId]
    values: frozenset[str]


def sighting(one: Understood, said: InboundMessage) -> Sighting:
    """Whom a message is about: its sender, or whom our side wrote to from another program."""
    sender = From(value=said.to) if said.elsewhere else said.sender
    return Sighting(account=one.account, sender=sender, at=said.at, language=said.language, page=said.page)


async def place(store: Store, said: Sequence[Said]) -> Placed:
    """Find or prepare the conversation of each; nothing is looked up for answers where none are named."""
    sightings = [sighting(one, each) for one, each in said]
    threads = [resolve.thread_of(one.account, each.thread) for one, each in said]
    people, found = await asyncio.gather(
        resolve.addresses(store, sightings), store.conversations.of_threads(sorted(set(threads)))
    )
    conversations = {one.id: one for one in found.values()}
    answered, claimed = await _answered(store, said, conversations)
    chooser = _Chooser(answered, claimed, conversations)
    of: list[ConversationId] = []
    first: dict[ConversationId, int] = {}
    for index, ((one, each), thread) in enumerate(zip(said, threads, strict=True)):
        contact = people[sightings[index].address].contact
        chosen = chooser.choose(one, each, contact)
        if chosen is None:
            chosen = found[thread].id if thread in found else conversation_id(thread, 0)
            if chosen not in conversations:  # the first message of a thread opens it
                first.setdefault(chosen, index)
        chooser.remember(one, each, contact, chosen)
        of.append(chosen)
    conversations |= await _openings(store, said, first, sightings, people)
    return Placed(of=of, conversations=conversations, opened=set(first), people=people)


async def _answered(
    store: Store, said: Sequence[Said], conversations: dict[ConversationId, Conversation]
) -> tuple[dict[Name, Message], dict[Name, Message]]:
    """What these say that they answer: known by our platform's ids, and only claimed by an entry's own id.

    Their conversations, and those that tokens name, are read along.
    """
    names = [(one.account.id, name) for one, each in said for name in each.answers]
    found = await by_names(store, names)
    bare = [one for one in names if one not in found and OURS.search(one[1])]
    claimed = await by_names(store, bare, came=False, own=True) if bare else {}
    tokens = {each.conversation for _, each in said if each.conversation is not None}
    missing = ({one.conversation for one in (*found.values(), *claimed.values())} | tokens) - conversations.keys()
    if missing:
        conversations |= {one.id: one for one in await store.conversations.by_ids(sorted(missing))}
    return found, claimed


async def _openings(
    store: Store,
    said: Sequence[Said],
    first: Mapping[ConversationId, int],
    sightings: Sequence[Sighting],
    people: Mapping[AddressId, Address],
) -> dict[ConversationId, Conversation]:
    """The conversations that begin here, each named after the person who stands for its contact now."""
    if not first:
        return {}
    owners = {people[sightings[index].address].contact for index in first.values()}
    contacts = await store.contacts.by_ids(sorted(owners))
    if roots := {one.root for one in contacts.values() if one.root} - set(contacts):
        contacts |= await store.contacts.by_ids(sorted(roots))
    made = {}
    for id_, index in first.items():
        one, each = said[index]
        contact = contacts[people[sightings[index].address].contact]
        root = contacts.get(contact.root or contact.id) or contact
        made[id_] = msgspec.structs.replace(resolve.opening(one.account, each, contact), name=root.name, mail=root.mail)
    return made


class _Chooser:
    """Chooses by what messages name; those of the same batch count as soon as they have a place."""

    def __init__(
        self,
        answered: Mapping[Name, Message],
        claimed: Mapping[Name, Message],
        conversations: Mapping[ConversationId, Conversation],
    ) -> None:
        self._conversations = conversations
        self._known = {name: self._from(message, proven=False) for name, message in claimed.items()}
        self._known |= {name: self._from(message, proven=True) for name, message in answered.items()}

    def _from(self, message: Message, *, proven: bool) -> _Known:
        conversation = self._conversations.get(message.conversation)
        values = {*message.everyone, *((conversation.to, *conversation.everyone) if conversation else ())}
        return _Known(
            conversation=message.conversation,
            ours=proven and message.kind == "out",
            contacts=frozenset({message.contact, ContactId(message.author.id)}),
            values=frozenset(values),
        )

    def choose(self, one: Understood, said: InboundMessage, contact: ContactId) -> ConversationId | None:
        """The conversation that its token or its references lead to; None when they lead nowhere."""
        if said.conversation is not None and said.conversation in self._conversations:
            return said.conversation
        known = [self._known[name] for each in said.answers if (name := (one.account.id, each)) in self._known]
        for each in known:
            if each.ours:
                return each.conversation
        for each in known:
            if said.elsewhere or contact in each.contacts or said.sender.value in each.values:
                return each.conversation
        return None

    def remember(self, one: Understood, said: InboundMessage, contact: ContactId, id_: ConversationId) -> None:
        """What comes behind it may name it."""
        if not said.known_as and not said.answers:
            return
        known = _Known(
            conversation=id_,
            ours=said.elsewhere,
            contacts=frozenset({contact}),
            values=frozenset({said.sender.value, said.to, *said.everyone}),
        )
        for name in (said.external, *said.known_as):
            self._known.setdefault((one.account.id, name), known)
