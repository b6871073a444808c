"""The table intent → team: a certain tag decides, then the account, else nobody."""

import pytest

from hub.model import Account, Band, Tag, Team, TeamId
from hub.routing.table import ACCOUNT, INTENTS, ByTable, by_table
from tests.hub.core import CARE, SALES, SHOP, START

TEAMS = [Team(id=SALES, name="Bán hàng", at=START, intents=("price",)), Team(id=CARE, name="Chăm sóc", at=START)]


def account(team: TeamId | None = CARE) -> Account:
    return Account(id=SHOP, kind="webchat", name="Mộc An", at=START, team=team)


def tag(intent: str = "price", band: Band = "route") -> Tag:
    return Tag(intent=intent, confidence=0.9, band=band, language="vi", model="m")


def test_a_certain_tag_goes_to_the_team_of_its_intent() -> None:
    assert by_table(tag(), TEAMS, account()) == ByTable(SALES, INTENTS)


@pytest.mark.parametrize("unsure", [tag(band="suggest"), tag(band="default"), tag("weather"), None])
def test_everything_else_goes_to_the_accounts_team(unsure: Tag | None) -> None:
    assert by_table(unsure, TEAMS, account()) == ByTable(CARE, ACCOUNT)


def test_without_any_of_them_nobody_is_given_it() -> None:
    assert by_table(None, TEAMS, account(None)) is None
