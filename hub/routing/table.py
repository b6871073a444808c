"""The simplest rules: each team's intents, then the account's own team. They come after all that an owner wrote."""

from collections.abc import Iterable

import msgspec

from hub.model import Account, Tag, Team, TeamId

INTENTS, ACCOUNT = "table:intents", "table:account"  # the names under which a conversation says that it was these


class ByTable(msgspec.Struct, frozen=True):
    """The team, and which of the two said so."""

    team: TeamId
    rule: str


def by_table(tag: Tag | None, teams: Iterable[Team], account: Account) -> ByTable | None:
    """The team for a conversation: the intent's when the tag is certain, else the account's own, else nobody's."""
    if tag is not None and tag.band == "route":
        for team in teams:
            if tag.intent in team.intents:
                return ByTable(team.id, INTENTS)
    return ByTable(account.team, ACCOUNT) if account.team is not None else None
