"""Records of the house as the API shows them; messages and rows are shaped in hub/views.py."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from hub.model import Account, Address, Agent, Arrival, Consent, Contact, Conversation, RoleName, Team
from hub.people.merge import members
from hub.store.house import Progress
from hub.views import ConsentView, Row, View, consent_views, row, shown
from inbox_web.website import website

WEBCHAT = "webchat"


class AgentView(View, frozen=True, kw_only=True):
    id: str
    name: str
    email: str
    role: RoleName
    teams: tuple[str, ...]
    on: bool
    language: str


class TeamView(View, frozen=True, kw_only=True):
    id: str
    name: str
    intents: tuple[str, ...]


class AccountView(View, frozen=True, kw_only=True):
    """`settings` of a web chat are complete, defaults included; `health` is a sentence when something is wrong.

    Of an account that the hub listens to: `found` is what its platform has, `stored` what of it is kept, `heard` when
    it last said anything.
    """

    id: str
    kind: str
    name: str
    on: bool
    team: str | None
    health: str | None
    settings: dict[str, Any]
    found: int | None = None
    stored: int | None = None
    heard: dt.datetime | None = None


class AddressView(View, frozen=True, kw_only=True):
    channel: str
    value: str
    verified: str | None
    name: str
    unreachable: str | None = None


class ContactView(View, frozen=True, kw_only=True):
    """A person with everything that belongs to them; `members` are the contact ids that were merged into one."""

    id: str
    name: str
    language: str | None
    facts: dict[str, str]
    at: dt.datetime
    addresses: list[AddressView]
    members: tuple[str, ...]
    conversations: list[Row]
    consents: tuple[ConsentView, ...] = ()  # of one person alone; lists leave them out
    mail: str | None = None  # the address that they proved; unread answers of chats follow there


class QuarantinedView(View, frozen=True, kw_only=True):
    """An arrival that could not be understood; its words stay inside."""

    id: str
    account: str
    channel: str
    at: dt.datetime
    why: str
    preview_bytes: int


def agent_view(agent: Agent) -> AgentView:
    """An agent without the password's hash."""
    return shown(agent, AgentView)


def team_view(team: Team) -> TeamView:
    return shown(team, TeamView)


def account_view(account: Account, whole: bool = True, progress: Progress | None = None) -> AccountView:
    """An account without its secrets; whole: with its settings, which say where programs listen."""
    came = progress or Progress()
    settings = msgspec.to_builtins(website(account)) if account.kind == WEBCHAT else account.settings
    return AccountView(
        id=account.id,
        kind=account.kind,
        name=account.name,
        on=account.on,
        team=account.team,
        health=account.health,
        settings=settings if whole else {},
        found=came.found,
        stored=came.stored if progress else None,
        heard=came.at,
    )


def contact_view(
    contact: Contact,
    addresses: Sequence[Address],
    conversations: Sequence[Conversation],
    consents: Sequence[Consent] = (),
) -> ContactView:
    """A root contact with what its members have."""
    return ContactView(
        id=contact.id,
        name=contact.name,
        language=contact.language,
        facts=contact.facts,
        at=contact.at,
        addresses=[shown(one, AddressView) for one in addresses],
        members=tuple(members(contact)),
        conversations=[row(one) for one in conversations],
        consents=consent_views(consents),
        mail=contact.mail,
    )


def quarantined_view(arrival: Arrival) -> QuarantinedView:
    return QuarantinedView(
        id=arrival.id,
        account=arrival.account,
        channel=arrival.channel,
        at=arrival.at,
        why=arrival.why or "",
        preview_bytes=len(arrival.body),
    )
