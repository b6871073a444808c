"""Vietnam's public holidays, as article 112 of the Labour Code of 2019 (and since 2026 the Culture Day) gives them.

The law leaves two things to a yearly decision: which days beside the first of the lunar year make up the five of Tết,
and whether the second day of the National Day lies before or after it. Here Tết is the last day of the old year and the
first four of the new one, and the National Day the 1st and 2nd of September; an owner writes another year's decision
into the hours as special days. Days off in lieu are not among them: a shop that is open on Sundays has none.
"""

import datetime as dt
from functools import lru_cache

import msgspec

from hub.lunar import Lunar, tet, to_day

CULTURE_DAY_SINCE = 2026
KINGS = Lunar(0, 3, 10)


class Holiday(msgspec.Struct, frozen=True):
    """Its names."""

    vi: str
    en: str


NEW_YEAR = Holiday("Tết Dương lịch", "New Year's Day")
TET = Holiday("Tết Nguyên đán", "Lunar New Year")
HUNG_KINGS = Holiday("Giỗ Tổ Hùng Vương", "Hùng Kings' Day")
REUNIFICATION = Holiday("Ngày Thống nhất", "Reunification Day")
LABOUR = Holiday("Quốc tế Lao động", "Labour Day")
NATIONAL = Holiday("Quốc khánh", "National Day")
CULTURE = Holiday("Ngày Văn hoá Việt Nam", "Culture Day")


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[dt.date, Holiday]:
    """Every public holiday of a year, in order; read it, do not change it."""
    first = tet(year)
    found = {first + dt.timedelta(days=days): TET for days in range(-1, 4)}
    found |= {dt.date(year, 1, 1): NEW_YEAR, dt.date(year, 4, 30): REUNIFICATION, dt.date(year, 5, 1): LABOUR}
    found |= {dt.date(year, 9, 1): NATIONAL, dt.date(year, 9, 2): NATIONAL}
    if year >= CULTURE_DAY_SINCE:
        found[dt.date(year, 11, 24)] = CULTURE
    kings = to_day(KINGS._replace(year=year))
    if kings is not None:
        found.setdefault(kings, HUNG_KINGS)
    return dict(sorted(found.items()))
