"""What an owner says about routing: rules with triggers, conditions and actions. Records only, as they are stored.

In JSON a rule reads {"when": "tagged", "if": [{"what": "intent", "is": ["complaint"]}], "then": [{"do": "team", …}]}.
`hub/routing/` reads, checks and judges them.
"""

import datetime as dt
from typing import Literal, NewType

import msgspec

from hub.model import Priority, Record

RuleId = NewType("RuleId", str)

Trigger = Literal[
    "arrived",  # a customer's message is in the log
    "opened",  # with it a conversation began, or came back after it was resolved
    "tagged",  # a message has its intent; once for each message, late tags included
    "assigned",  # somebody got the conversation
    "resolved",
    "idle",  # nothing was said for `after_minutes`
    "contact_changed",  # the stage or a field of the person
    "form_sent",
    "rated",
    "refused",  # a platform took an answer of ours for good not
]
Sure = Literal["certain", "suggested", "any"]
_LISTS = {"any_of": "is", "none_of": "is_not"}


class Condition(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="what"
):
    """One thing that must be true of what happened."""


class OneOf(Condition, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename=_LISTS):
    """The value, or one of the values, is among `is` (if any are named) and none is among `is_not`."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class OnChannel(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="channel", rename=_LISTS):
    """Kinds of channel: webchat, email, telegram …"""


class OnAccount(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="account", rename=_LISTS):
    """Ids of accounts."""


class HasIntent(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="intent", rename=_LISTS):
    """What the customer wants. `sure` and `at_least` (0 to 1) bind `is` alone: an intent is never certainly absent."""

    sure: Sure = "certain"
    at_least: float | None = None


class HasWish(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="wish", rename=_LISTS):
    """Anything that the customer certainly wants, what a message says beside its intent included."""


class InLanguage(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="language", rename=_LISTS):
    """The message's language: vi, en …"""


class HasEntity(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="entity", rename=_LISTS):
    """Kinds of what was found in the words: phone, order, date, amount, email, link."""


class HasSign(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="sign", rename=_LISTS):
    """Signs of urgency and feeling: urgent, good, bad."""


class AtStage(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="stage", rename=_LISTS):
    """The person's stage: lead, customer …"""


class InRegion(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="region", rename=_LISTS):
    """Where the person lives."""


class FromSource(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="source", rename=_LISTS):
    """Where the person came from."""


class HasLabel(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="label", rename=_LISTS):
    """The conversation's labels."""


class HasPriority(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="priority", rename=_LISTS):
    """The conversation's priority."""


class InTeam(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="team", rename=_LISTS):
    """Who has it now; "" is nobody."""


class Waiting(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="waiting", rename=_LISTS):
    """Who waits for whom: "customer" waits for us, or "us" for the customer."""


class Changed(OneOf, frozen=True, kw_only=True, omit_defaults=True, tag="changed", rename=_LISTS):
    """Which of the person's fields changed."""


class Words(Condition, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag="words"):
    """Words or phrases, whole and without regard to accents and case: one of `any`, each of `all`, none of `none`."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Score(Condition, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag="score"):
    """The person's score, both ends included; one without a score has none and fits nothing."""

    at_least: float | None = None
    at_most: float | None = None


class Rating(Condition, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag="rating"):
    """How many stars the customer gave, both ends included; without a rating there are none, and nothing fits."""

    at_least: float | None = None
    at_most: float | None = None


class InHours(Condition, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag="hours"):
    """Whether a team (without one: the shop) is open at that moment."""

    open: bool
    team: str | None = None


AnyCondition = (
    OnChannel
    | OnAccount
    | HasIntent
    | HasWish
    | InLanguage
    | HasEntity
    | HasSign
    | AtStage
    | InRegion
    | FromSource
    | HasLabel
    | HasPriority
    | InTeam
    | Waiting
    | Changed
    | Words
    | Score
    | Rating
    | InHours
)


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"):
    """One thing to do when everything was true."""


class ToTeam(Action, frozen=True, kw_only=True, tag="team"):
    """Give it to a team, if nobody took or answered it."""

    to: str


class ToAgent(Action, frozen=True, kw_only=True, tag="agent"):
    """Give it to somebody, if nobody took or answered it."""

    to: str


class Label(Action, frozen=True, kw_only=True, omit_defaults=True, tag="label"):
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class SetPriority(Action, frozen=True, kw_only=True, tag="priority"):
    to: Priority


class Reply(Action, frozen=True, kw_only=True, tag="reply"):
    """Answer the customer in their language; the first of these where theirs is not given. Never a machine's mail."""

    text: dict[Literal["vi", "en"], str]


class Note(Action, frozen=True, kw_only=True, tag="note"):
    """A note that only the teams see."""

    text: str


class Snooze(Action, frozen=True, kw_only=True, omit_defaults=True, tag="snooze"):
    """Away for so many minutes, or (without) until the team opens again."""

    minutes: int | None = None


class StartFlow(Action, frozen=True, kw_only=True, tag="flow"):
    """Let a bot begin its flow of this id (or name): it asks, and waits for the customer's answers."""

    name: str


class CallWebhook(Action, frozen=True, kw_only=True, tag="webhook"):
    """Tell another program of the owner's; at least once, under one id."""

    url: str


class Stop(Action, frozen=True, kw_only=True, tag="stop"):
    """No later rule is looked at."""


AnyAction = ToTeam | ToAgent | Label | SetPriority | Reply | Note | Snooze | StartFlow | CallWebhook | Stop


class Rule(Record, frozen=True, kw_only=True, rename={"conditions": "if", "actions": "then"}):
    """When this happens, if all of it is true, then do that. Rules are looked at by `order`, the lowest first."""

    id: RuleId
    name: str
    when: Trigger
    conditions: tuple[AnyCondition, ...] = ()
    actions: tuple[AnyAction, ...] = ()
    after_minutes: int | None = None  # of "idle"
    on: bool = True
    order: int = 0
    version: int = 1
    at: dt.datetime | None = None  # of the last change
    by: str | None = None  # who made it
