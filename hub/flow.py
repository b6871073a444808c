"""What an owner says of a bot's flow: a short conversation, step by step, in both languages; and how far one has come.

Records only, as they are stored. In JSON a step reads {"do": "ask", "id": "s2", "text": {"vi": "…"}, "choices": […]}.
`hub/bots/` checks, walks and speaks them.
"""

import datetime as dt
from typing import Literal, NewType

import msgspec

from hub.model import ConversationId, MessageId, Record, Tag

FlowId = NewType("FlowId", str)
Language = Literal["vi", "en"]
Words = dict[Language, str]
Keep = Literal["name", "email", "phone", "address", "birthday", "company", "note"]
Ended = Literal["done", "handed_over", "person", "answered", "taken", "silence", "lost", "off"]

FLOW = "flow:"  # who a flow is, as an author
STARTED, ENDED = "flow_started", "flow_ended"  # the verbs of its entries in the log
_PERSONS = frozenset({"talk_to_human", "stop_messages"})


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"):
    """One thing to say or to do; `id` stays when steps change places, `go` names a later step (None: the next one)."""

    id: str


class Say(Step, frozen=True, kw_only=True, tag="say"):
    text: Words
    go: str | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A quick reply; where it leads, and the label that the conversation gets with it."""

    text: Words
    go: str | None = None
    label: str | None = None


class Ask(Step, frozen=True, kw_only=True, tag="ask"):
    """Wait for the customer's next message. It is one of `choices`, or (`keep`) a fact that they tell of themself."""

    text: Words
    choices: tuple[Choice, ...] = ()
    keep: Keep | None = None
    go: str | None = None


class HandOver(Step, frozen=True, kw_only=True, tag="hand_over"):
    """Give the conversation to a team, with or without a word to the customer; the flow ends."""

    to: str
    text: Words = {}


class End(Step, frozen=True, kw_only=True, tag="end"):
    """The flow ends: behind a branch, what follows is another one's."""


AnyStep = Say | Ask | HandOver | End


class Flow(Record, frozen=True, kw_only=True):
    """A rule starts it; one that is switched off says nothing more, also where it had begun."""

    id: FlowId
    name: str
    steps: tuple[AnyStep, ...] = ()
    on: bool = True
    version: int = 1
    at: dt.datetime | None = None  # of the last change
    by: str | None = None  # who made it


class Dialogue(Record, frozen=True, kw_only=True):
    """The last flow of a conversation, with its steps as they were when it began. `due` is there while it goes on."""

    id: ConversationId
    flow: FlowId
    name: str
    steps: tuple[AnyStep, ...]
    key: str  # of what started it: the same never starts it twice
    language: Language
    at: dt.datetime
    since: int  # the conversation's number when it began
    seen: int  # what has a lower or this number is no answer any more
    waits: str | None = None  # the step whose answer it waits for; None before its first words
    again: bool = False  # it asked this step a second time
    chose: MessageId | None = None  # the last message that was one of the choices
    begun: tuple[dt.datetime, ...] = ()  # of this conversation's flows, the last few
    ended: Ended | None = None
    due: dt.datetime | None = None  # when silence ends it


def wants_person(tag: Tag | None) -> bool:
    """Whether somebody asks for a person, or wants to be left alone: then no bot speaks."""
    if tag is None:
        return False
    certain = tag.intent in _PERSONS and tag.band != "default"
    return certain or any(one.intent in _PERSONS for one in tag.others)
