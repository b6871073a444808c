"""Business hours: is a team open, until when, when next, and for how long between two moments. Pure; times are UTC.

A day's spans belong to the day on which they begin: the night shift of the day before a holiday ends on the holiday.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from hub.errors import BadInput
from hub.roster import SHOP, Hours, Span
from hub.routing.holidays import holidays

MOST_DAYS = 370  # that are looked through for the next opening
MOST_SPANS = 12  # in a day
MOST_SPECIAL = 400
DAY = dt.timedelta(days=1)
Interval = tuple[dt.datetime, dt.datetime]


def check(hours: Hours) -> None:
    """Raises BadInput with the field that cannot be used."""
    zone_of(hours.zone)
    if len(hours.week) != 7:
        raise BadInput("A week has seven days, from Monday on.", "week")
    for index, spans in enumerate(hours.week):
        _check_spans(spans, f"week[{index}]")
    if len(hours.special) > MOST_SPECIAL:
        raise BadInput(f"At most {MOST_SPECIAL} special days.", "special")
    for index, one in enumerate(hours.special):
        _check_spans(one.spans, f"special[{index}].spans")


def _check_spans(spans: tuple[Span, ...], field: str) -> None:
    if len(spans) > MOST_SPANS:
        raise BadInput(f"At most {MOST_SPANS} spans a day.", field)
    ends = 0
    for index, one in enumerate(sorted(spans, key=lambda one: one.opens)):
        if one.opens == "24:00":
            raise BadInput("A day opens at 23:59 at the latest.", f"{field}[{index}].opens")
        if _minutes(one.opens) < ends:
            raise BadInput("Two spans of a day overlap.", f"{field}[{index}].opens")
        ends = _closing(one)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; raises BadInput."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput(f"There is no time zone “{name[:60]}”; one is Asia/Ho_Chi_Minh.", "zone") from error


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _closing(span: Span) -> int:
    """Minutes after the beginning of the span's day; past midnight more than 1,440."""
    closes = _minutes(span.closes)
    return closes if closes > _minutes(span.opens) else closes + 24 * 60


class Calendar:
    """One team's hours, ready to be asked; it remembers the days that it was asked about."""

    def __init__(self, hours: Hours) -> None:
        check(hours)
        self._hours = hours
        self._zone = zone_of(hours.zone)
        self._special = {one.day: one.spans for one in hours.special}
        self._days: dict[dt.date, list[Interval]] = {}

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it is open at this moment; the moment of closing is not."""
        return any(opens <= at < closes for opens, closes in self._around(at))

    def until(self, at: dt.datetime) -> dt.datetime | None:
        """When what holds at this moment (open or closed) ends; None: not within a year."""
        for opens, closes in self._from(at):
            if at < opens:
                return opens
            if at < closes:
                return closes
        return None

    def next_opening(self, at: dt.datetime) -> dt.datetime | None:
        """This moment if it is open, else the next opening; None: not within a year."""
        return next((max(opens, at) for opens, closes in self._from(at) if at < closes), None)

    def open_time(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        """How long it was open between two moments, at most a year's worth."""
        total = dt.timedelta()
        for opens, closes in self._from(since):
            if opens >= until:
                break
            total += max(dt.timedelta(), min(closes, until) - max(opens, since))
        return total

    def _around(self, at: dt.datetime) -> list[Interval]:
        day = at.astimezone(self._zone).date()
        return [*self._of(day - DAY), *self._of(day)]

    def _from(self, at: dt.datetime) -> Iterable[Interval]:
        """What is open from the day before on, joined where one span follows another at once."""
        day = at.astimezone(self._zone).date()
        held: Interval | None = None
        for days in range(-1, MOST_DAYS):
            for opens, closes in self._of(day + days * DAY):
                if held is not None and opens <= held[1]:
                    held = (held[0], max(held[1], closes))
                    continue
                if held is not None:
                    yield held
                held = (opens, closes)
        if held is not None:
            yield held

    def _of(self, day: dt.date) -> list[Interval]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) > 4 * MOST_DAYS:
                self._days.clear()
            known = self._days[day] = [
                (self._at(day, _minutes(one.opens)), self._at(day, _closing(one)))
                for one in sorted(self._spans(day), key=lambda one: one.opens)
            ]
        return known

    def _spans(self, day: dt.date) -> tuple[Span, ...]:
        if day in self._special:
            return self._special[day]
        if self._hours.holidays and day in holidays(day.year):
            return ()
        return self._hours.week[day.weekday()]

    def _at(self, day: dt.date, minutes: int) -> dt.datetime:
        """The moment when the clock of the zone shows this; where it is turned over that, the moment of turning."""
        wall = dt.datetime.combine(day + (minutes // 1440) * DAY, dt.time(minutes % 1440 // 60, minutes % 60))
        return wall.replace(tzinfo=self._zone).astimezone(dt.UTC)


ALWAYS = Calendar(
    Hours(id=SHOP, week=((Span(opens="00:00", closes="24:00"),),) * 7, holidays=False)
)  # what holds before anybody has set hours


class OpenBook:
    """Which teams are open now. A state is worked out once and holds until it ends."""

    def __init__(self, hours: Iterable[Hours] = ()) -> None:
        self._calendars = {one.id: Calendar(one) for one in hours}
        self._known: dict[str, tuple[bool, dt.datetime, dt.datetime]] = {}

    def of(self, team: str | None) -> Calendar:
        """The hours of a team: its own, else the shop's, else always."""
        return self._calendars.get(team or SHOP) or self._calendars.get(SHOP) or ALWAYS

    def is_open(self, team: str | None, at: dt.datetime) -> bool:
        """Whether this team (None: the shop) is open."""
        key = team if team in self._calendars else SHOP
        known = self._known.get(key or SHOP)
        if known is None or not known[1] <= at < known[2]:
            calendar = self.of(team)
            end = calendar.until(at) or at + DAY
            known = self._known[key or SHOP] = (calendar.is_open(at), at, end)
        return known[0]

    def open_at(self, at: dt.datetime, teams: Iterable[str]) -> tuple[str, ...]:
        """Those of these teams that are open, and "" when the shop is: what rules call `open`."""
        return ("",) * self.is_open(None, at) + tuple(one for one in teams if self.is_open(one, at))
