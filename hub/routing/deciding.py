"""What rules say about one thing that happened, and the team of a conversation that begins. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from hub.model import Account, Contact, Conversation, Message, Routed, Tag, Team, TeamId
from hub.routing.because import of_tag, reasons
from hub.routing.book import Known
from hub.routing.compiled import OF_THE_CONTACT, Compiled
from hub.routing.facts import SAID, Facts, gather
from hub.routing.table import ACCOUNT, INTENTS, by_table
from hub.rule import AnyAction, Reply, Rule, RuleId, SetPriority, Snooze, StartFlow, Stop, ToAgent, ToTeam

# Of these the first rule's word counts, in what happens at one moment; the others' labels and notes are all done.
FIRST = (ToTeam, ToAgent, SetPriority, Reply, Snooze, StartFlow)
BEGINNING = SAID


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that matched, and what of it is to be done: without what an earlier rule decided already."""

    rule: Rule
    actions: tuple[AnyAction, ...]


def matched(rules: Compiled, facts: Iterable[Facts]) -> list[Matched]:
    """What rules say about one moment, in their order; it may be several things at once: opened, arrived, tagged."""
    found: dict[RuleId, Rule] = {}
    for one in facts:
        found |= {rule.id: rule for rule in rules.matches(one)}
    decided: set[type] = set()
    answer = []
    for rule in sorted(found.values(), key=lambda one: (one.order, one.id)):
        actions = tuple(one for one in rule.actions if type(one) not in decided and not isinstance(one, Stop))
        answer.append(Matched(rule=rule, actions=actions))
        decided |= {type(one) for one in actions if isinstance(one, FIRST)}
        if Stop() in rule.actions:
            break
    return answer


class Place(msgspec.Struct, frozen=True):
    """Where a conversation goes, and why."""

    team: TeamId
    routed: Routed


def beginning(
    known: Known,
    teams: Sequence[Team],
    account: Account,
    conversation: Conversation,
    message: Message,
    tag: Tag | None,
    now: dt.datetime,
) -> Place | None:
    """The team of a conversation that nobody has yet, by its newest message; None: nobody's, or not to be told here.

    What asks about the person is not known here: then the rules move it when the events are followed, some
    hundredths of a second later, and nobody is left without a team whom none of them wants.
    """
    if known.written and not known.rules.asks(*BEGINNING) & OF_THE_CONTACT:
        opened = message.seq in (1, conversation.reopened)
        facts = facts_of(conversation, message, tag, None, known.open_at(now), opened=opened)
        for one in matched(known.rules, facts):
            for action in one.actions:
                if isinstance(action, ToTeam) and action.to in known.names:
                    why = reasons(one.rule, facts[0])
                    routed = Routed(rule=one.rule.id, name=one.rule.name, cause=message.id, at=now, why=why)
                    return Place(TeamId(action.to), routed)
    return by_the_table(teams, account, message, tag, now)


def by_the_table(
    teams: Sequence[Team], account: Account, message: Message, tag: Tag | None, now: dt.datetime
) -> Place | None:
    """The same by the simplest rules alone."""
    found = by_table(tag, teams, account)
    if found is None:
        return None
    name = next((one.name for one in teams if one.id == found.team), "")
    why = (of_tag(tag),) if tag is not None and found.rule == INTENTS else ()
    return Place(found.team, Routed(rule=found.rule, name=name, cause=message.id, at=now, why=why))


def is_only_default(conversation: Conversation) -> bool:
    """Whether it stands where it stands because nothing better was known."""
    return conversation.routed is not None and conversation.routed.rule == ACCOUNT


def facts_of(
    conversation: Conversation,
    message: Message,
    tag: Tag | None,
    contact: Contact | None,
    open: tuple[str, ...],
    *,
    opened: bool,
) -> list[Facts]:
    """The facts of a customer's message: it arrived; perhaps with it the conversation began; perhaps it is tagged."""
    triggers = [one for one, is_so in zip(BEGINNING, (opened, True, tag is not None), strict=True) if is_so]
    return [gather(one, conversation, message=message, tag=tag, contact=contact, open=open) for one in triggers]
