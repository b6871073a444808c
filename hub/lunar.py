"""The Vietnamese lunar calendar at UTC+7, by calculation: lunar dates to days and back. Pure arithmetic, no tables.

The rules: a month begins on the day (at UTC+7) of its new moon; the winter solstice lies in the eleventh month; where
thirteen new moons lie between two solstices, the first month without one of the sun's twelve principal terms repeats
the number of the month before it. New moons and the sun's longitude after Jean Meeus, "Astronomical Algorithms"
(2nd edition, 1998), chapters 49 and 25, to about a minute, which is enough for the years 1800 to 2200 unless a new moon
falls within that of midnight.
"""

import datetime as dt
import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

HANOI = dt.timedelta(hours=7)
MONTH_DAYS = 29.530588861  # the mean synodic month
_NOON_1970 = 2440587.5  # the Julian day of 1970-01-01 00:00
_EPOCH = dt.date(1970, 1, 1).toordinal()
_FIRST, _LAST = 1800, 2200


class Lunar(NamedTuple):
    """A lunar date; `leap` is the repeated month of its number."""

    year: int
    month: int
    day: int
    leap: bool = False


def of_day(day: dt.date) -> Lunar:
    """The lunar date of a day. Raises ValueError before 1800 and after 2200."""
    year = day.year
    if day >= _month_starts(year)[-1][0]:
        year += 1
    elif day < _month_starts(year)[0][0]:
        year -= 1
    began, month, leap = max(one for one in _month_starts(year) if one[0] <= day)
    return Lunar(year if month < 11 else year - 1, month, (day - began).days + 1, leap)


def to_day(date: Lunar) -> dt.date | None:
    """The day of a lunar date; None when its month has no such day, or the year no such leap month."""
    year = date.year if date.month < 11 else date.year + 1
    starts = _month_starts(year)
    for (began, month, leap), (following, _, _) in pairwise(starts):
        if (month, leap) == (date.month, date.leap):
            day = began + dt.timedelta(days=date.day - 1)
            return day if date.day >= 1 and day < following else None
    return None


def tet(year: int) -> dt.date:
    """The first day of the lunar year."""
    found = to_day(Lunar(year, 1, 1))
    assert found is not None  # every lunar year has its first day
    return found


@lru_cache(maxsize=64)
def _month_starts(year: int) -> tuple[tuple[dt.date, int, bool], ...]:
    """First day, number and leap of each month from the eleventh of the year before to the eleventh of `year`."""
    if not _FIRST <= year <= _LAST:
        raise ValueError(f"The lunar calendar is calculated for the years {_FIRST} to {_LAST}.")
    first, last = _eleventh(year - 1), _eleventh(year)
    count = round((last - first) / MONTH_DAYS)
    lunation = _lunation(first)
    days = [_new_moon_day(lunation + one) for one in range(count + 1)]
    leap = _leap_month(days) if count == 13 else None
    starts, number = [], 10
    for index, day in enumerate(days):
        number += index != leap
        starts.append((_date(day), (number - 1) % 12 + 1, index == leap))
    return tuple(starts)


def _leap_month(days: list[int]) -> int:
    """The first month in which the sun enters no new twelfth of its path."""
    return next(index for index in range(1, 13) if _sun_twelfth(days[index]) == _sun_twelfth(days[index + 1]))


def _eleventh(year: int) -> int:
    """The day on which the month of this year's winter solstice begins."""
    lunation = _lunation(_number(dt.date(year, 12, 31)))
    for one in (lunation + 1, lunation, lunation - 1, lunation - 2):
        day = _new_moon_day(one)
        if day <= _number(dt.date(year, 12, 31)) and _sun_twelfth(day) < 9:
            return day
    raise AssertionError("a solstice without its month")


def _number(date: dt.date) -> int:
    """A day's number since 1970."""
    return date.toordinal() - _EPOCH


def _date(number: int) -> dt.date:
    return dt.date.fromordinal(number + _EPOCH)


def _lunation(day: int) -> int:
    """About which new moon, counted from the first of 2000, is nearest to this day."""
    return round((day + _NOON_1970 - 2451550.09766) / MONTH_DAYS)


@lru_cache(maxsize=1024)
def _new_moon_day(lunation: int) -> int:
    """The day at UTC+7 on which this new moon falls."""
    return math.floor(_new_moon(lunation) - _NOON_1970 + HANOI / dt.timedelta(days=1))


def _new_moon(k: int) -> float:
    """The Julian day (universal time) of a new moon: Meeus 49.1, with the corrections of its tables."""
    t = k / 1236.85
    mean = 2451550.09766 + MONTH_DAYS * k + t * t * (0.00015437 + t * (-0.00000015 + 0.00000000073 * t))
    e = 1 - t * (0.002516 + 0.0000074 * t)
    sun = math.radians(2.5534 + 29.1053567 * k - t * t * (0.0000014 + 0.00000011 * t))
    moon = math.radians(201.5643 + 385.81693528 * k + t * t * (0.0107582 + t * (0.00001238 - 0.000000058 * t)))
    node = math.radians(160.7108 + 390.67050284 * k - t * t * (0.0016118 + t * (0.00000227 - 0.000000011 * t)))
    omega = math.radians(124.7746 - 1.56375588 * k + t * t * (0.0020672 + 0.00000215 * t))
    periodic = sum(
        size * e**power * math.sin(a * sun + b * moon + c * node) for size, power, a, b, c in _PERIODIC
    ) - 0.00017 * math.sin(omega)
    planets = sum(
        size * math.sin(math.radians(start + rate * k + (-0.009173 * t * t if index == 0 else 0)))
        for index, (size, start, rate) in enumerate(_PLANETS)
    )
    return mean + periodic + planets - _delta_t(t) / 86_400


# Size in days, power of the eccentricity's factor, and the multiples of the sun's and the moon's anomaly and of the
# moon's argument of latitude: Meeus, table 49.A, new moon.
_PERIODIC = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
    (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2),
    (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2),
    (-0.00002, 0, 1, 3, 0),
    (0.00002, 0, 0, 4, 0),
)
# Size in days, angle and its growth with each moon, in degrees: Meeus, table 49.C.
_PLANETS = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
    (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732),
    (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824),
    (0.000040, 291.34, 1.844379),
    (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099),
    (0.000023, 331.55, 3.592518),
)


def _delta_t(t: float) -> float:
    """Seconds between the even time of the formulas and the clock's, near enough for these two centuries."""
    return 62.92 + 32.217 * t + 55.89 * t * t if t > -0.5 else 25.0


def _sun_twelfth(day: int) -> int:
    """In which twelfth of its path (0 from the March equinox on) the sun stands as this day at UTC+7 begins."""
    return int(_sun_longitude(day + _NOON_1970 - HANOI / dt.timedelta(days=1)) // 30)


def _sun_longitude(julian_day: float) -> float:
    """The sun's apparent longitude in degrees, to a hundredth: Meeus, chapter 25."""
    t = (julian_day - 2451545.0) / 36525
    mean = 280.46646 + t * (36000.76983 + 0.0003032 * t)
    anomaly = math.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    centre = (
        (1.914602 - t * (0.004817 + 0.000014 * t)) * math.sin(anomaly)
        + (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    omega = math.radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * math.sin(omega)) % 360
