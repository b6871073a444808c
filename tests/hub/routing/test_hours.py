"""Business hours: spans, midnight, zones, holidays, special days."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hub.errors import BadInput
from hub.roster import SHOP, Hours, Span, Special
from hub.routing.holidays import CULTURE, HUNG_KINGS, NATIONAL, TET, holidays
from hub.routing.hours import Calendar, OpenBook, check

HANOI, NEW_YORK = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")
DAY = (Span(opens="08:00", closes="12:00"), Span(opens="13:30", closes="17:30"))
NIGHT = (Span(opens="22:00", closes="06:00"),)


def hours(*week: tuple[Span, ...], **more: object) -> Hours:
    return msgspec.structs.replace(Hours(id=SHOP, week=week or (DAY,) * 7, holidays=False), **more)


def at(text: str, zone: ZoneInfo = HANOI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T07:59:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T17:30", False),
    ],
)
def test_a_day_with_a_lunch_break(moment: str, is_open: bool) -> None:
    assert Calendar(hours()).is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T21:59", False),
        ("2026-11-23T23:00", True),
        ("2026-11-24T05:59", True),  # Monday's night, on Tuesday
        ("2026-11-24T06:00", False),
        ("2026-11-24T23:00", False),  # Tuesday has no night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, is_open: bool) -> None:
    assert Calendar(hours(NIGHT, (), (), (), (), (), ())).is_open(at(moment)) is is_open


def test_all_day_and_every_day_has_no_seam_at_midnight() -> None:
    always = Calendar(hours(*((Span(opens="00:00", closes="24:00"),),) * 7))
    assert always.is_open(at("2026-11-24T00:00"))
    assert always.until(at("2026-11-23T12:00")) is not None
    assert always.until(at("2026-11-23T12:00")) > at("2027-11-01T00:00")  # type: ignore[operator]  # not None: the line above


def test_the_next_opening_is_over_the_weekend() -> None:
    calendar = Calendar(hours(*(DAY,) * 5, (), ()))
    assert calendar.next_opening(at("2026-11-20T17:30")) == at("2026-11-23T08:00")
    assert calendar.next_opening(at("2026-11-23T09:00")) == at("2026-11-23T09:00")
    assert calendar.until(at("2026-11-20T18:00")) == at("2026-11-23T08:00")


def test_what_never_opens_has_no_next_opening() -> None:
    closed = Calendar(hours(*((),) * 7))
    assert (closed.next_opening(at("2026-11-20T17:30")), closed.until(at("2026-11-20T17:30"))) == (None, None)


def test_open_time_counts_only_what_is_open() -> None:
    calendar = Calendar(hours(*(DAY,) * 5, (), ()))
    assert calendar.open_time(at("2026-11-20T16:30"), at("2026-11-23T14:00")) == dt.timedelta(hours=1 + 4 + 0.5)
    assert calendar.open_time(at("2026-11-21T00:00"), at("2026-11-22T00:00")) == dt.timedelta()


def test_by_the_clock_of_its_zone_also_when_that_is_turned() -> None:
    """On 8 March 2026 New York has no 02:30, on 1 November it has 01:30 twice."""
    early = (Span(opens="02:30", closes="09:00"),)
    calendar = Calendar(hours(*(early,) * 7, zone="America/New_York"))
    assert calendar.is_open(at("2026-07-01T03:00", NEW_YORK))
    assert calendar.open_time(at("2026-03-08T00:00", NEW_YORK), at("2026-03-08T23:00", NEW_YORK)) == dt.timedelta(
        hours=5.5
    )
    night = Calendar(hours(*((Span(opens="00:00", closes="06:00"),),) * 7, zone="America/New_York"))
    assert night.open_time(at("2026-11-01T00:00", NEW_YORK), at("2026-11-01T12:00", NEW_YORK)) == dt.timedelta(hours=7)


def test_on_holidays_it_is_closed_and_the_night_before_ends() -> None:
    calendar = Calendar(hours(*(NIGHT,) * 7, holidays=True))
    assert calendar.is_open(at("2026-04-30T05:00"))  # of the 29th
    assert not calendar.is_open(at("2026-04-30T23:00"))
    assert calendar.next_opening(at("2026-04-30T12:00")) == at("2026-05-02T22:00")


def test_a_special_day_wins_over_weekday_and_holiday() -> None:
    tet = dt.date(2026, 2, 17)
    calendar = Calendar(hours(holidays=True, special=(Special(day=tet, spans=DAY), Special(day=dt.date(2026, 11, 23)))))
    assert calendar.is_open(at("2026-02-17T09:00"))
    assert not calendar.is_open(at("2026-11-23T09:00"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (hours(zone="Asia/Saigonn"), "zone"),
        (hours(zone="../../etc/passwd"), "zone"),
        (hours(DAY), "week"),
        (hours(*(DAY,) * 6, (DAY[1], Span(opens="11:00", closes="14:00"))), "week[6][1].opens"),
        (hours(*(DAY,) * 6, (Span(opens="24:00", closes="24:00"),)), "week[6][0].opens"),
        (hours(special=(Special(day=dt.date(2026, 1, 2), spans=DAY * 7),)), "special[0].spans"),
    ],
)
def test_what_is_wrong_with_hours_names_its_place(wrong: Hours, field: str) -> None:
    with pytest.raises(BadInput) as raised:
        check(wrong)
    assert raised.value.field == field


@pytest.mark.parametrize("clock", ["8:00", "24:01", "12:60", "noon"])
def test_a_time_of_day_is_four_digits(clock: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"opens": clock, "closes": "12:00"}, Span)


def test_a_teams_own_hours_win_over_the_shops() -> None:
    book = OpenBook([hours(), hours(*(NIGHT,) * 7, id="care")])
    moments = [at("2026-11-23T09:00"), at("2026-11-23T23:00"), at("2026-11-24T09:00")]
    assert [book.open_at(one, ("sales", "care")) for one in moments] == [("", "sales"), ("care",), ("", "sales")]


def test_before_anybody_set_hours_everybody_is_open() -> None:
    assert OpenBook().open_at(at("2026-02-17T03:00"), ("sales",)) == ("", "sales")


def test_the_holidays_of_a_year() -> None:
    year = holidays(2026)
    assert [day.isoformat()[5:] for day, one in year.items() if one == TET] == [
        "02-16",
        "02-17",
        "02-18",
        "02-19",
        "02-20",
    ]
    assert [day.isoformat()[5:] for day, one in year.items() if one == HUNG_KINGS] == ["04-26"]
    assert [day.isoformat()[5:] for day, one in year.items() if one == NATIONAL] == ["09-01", "09-02"]
    assert (year[dt.date(2026, 11, 24)], dt.date(2025, 11, 24) in holidays(2025)) == (CULTURE, False)
    assert len(year) == 12


@pytest.mark.parametrize("year", range(2020, 2036))
def test_each_year_has_its_five_days_of_tet_and_one_of_the_kings(year: int) -> None:
    named = list(holidays(year).values())
    assert (named.count(TET), named.count(HUNG_KINGS)) == (5, 1)
