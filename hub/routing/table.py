"""The table intent → team. Pure: tag in, team out."""

from collections.abc import Iterable

from hub.model import Account, Tag, Team, TeamId


def route(tag: Tag | None, teams: Iterable[Team], account: Account) -> TeamId | None:
    """The team for a conversation: the intent's when the tag is certain, else the account's own, else nobody's."""
    if tag is not None and tag.band == "route":
        for team in teams:
            if tag.intent in team.intents:
                return team.id
    return account.team
