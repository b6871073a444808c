"""The lunar calendar against dates that are known."""

import datetime as dt

import pytest

from hub.lunar import Lunar, of_day, tet, to_day

# 1985, 2007, 2030 and 2053 are years in which Hà Nội and Beijing do not agree.
TETS = """
1975-02-11 1985-01-21 2000-02-05 2007-02-17 2020-01-25 2021-02-12 2022-02-01 2023-01-22
2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23
2032-02-11 2033-01-31 2034-02-19 2035-02-08 2053-02-18
"""


@pytest.mark.parametrize("day", [dt.date.fromisoformat(one) for one in TETS.split()], ids=str)
def test_tet_falls_on_its_day(day: dt.date) -> None:
    assert (tet(day.year), of_day(day)) == (day, Lunar(day.year, 1, 1))


@pytest.mark.parametrize(
    ("date", "day"),
    [
        (Lunar(2027, 3, 10), "2027-04-16"),  # Hùng Vương
        (Lunar(2027, 8, 15), "2027-09-15"),  # Trung thu
        (Lunar(2026, 12, 23), "2027-01-30"),  # ông Táo, of the year that ends then
        (Lunar(2025, 6, 1, leap=True), "2025-07-25"),
        (Lunar(2033, 11, 1, leap=True), "2033-12-22"),  # the year that many calendars had wrong
        (Lunar(2026, 1, 31), None),
        (Lunar(2026, 6, 1, True), None),
    ],
)  # fmt: skip
def test_a_lunar_date_has_its_day(date: Lunar, day: str | None) -> None:
    assert to_day(date) == (dt.date.fromisoformat(day) if day else None)


def test_every_day_of_a_century_has_one_lunar_date_and_comes_back() -> None:
    days = [dt.date(1970, 1, 1) + dt.timedelta(days=days) for days in range(0, 36_525, 3)]
    assert [to_day(of_day(one)) for one in days] == days


def test_the_months_since_1976_that_were_repeated_are_known() -> None:
    days = [dt.date(1976, 2, 1) + dt.timedelta(days=days) for days in range(22_000)]
    leaps = [(one.year, one.month) for one in map(of_day, days) if one.leap and one.day == 1]
    assert leaps[:14] == [
        (1976, 8), (1979, 6), (1982, 4), (1985, 2), (1987, 7), (1990, 5), (1993, 3),
        (1995, 8), (1998, 5), (2001, 4), (2004, 2), (2006, 7), (2009, 5), (2012, 4),
    ]  # fmt: skip


@pytest.mark.parametrize("year", [1600, 2400])
def test_years_too_far_away_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1800 to 2200"):
        of_day(dt.date(year, 6, 1))
