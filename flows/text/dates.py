"""Date arithmetic on TIMEX3 values. Pure: a value in, days out; no text is read here and no clock.

Values as in TimeML TIMEX3 (https://timeml.github.io/site/publications/timeMLdocs/timeml_1.2.1.html#timex3) and ISO 8601.
"""

import re
from datetime import date, timedelta
from functools import cache
from typing import Final

# English month names and their usual abbreviations, in lower case, to their numbers.
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

Interval = tuple[date, date, str]

MONTHS_PER_YEAR: Final = 12
DAYS_PER_WEEK: Final = 7
SATURDAY: Final = 6  # ISO: Monday is 1

# Meteorological seasons of the northern hemisphere, (first month, number of months); winter runs into the next year.
# The text rarely says which hemisphere's season it means, and astronomical ones would shift each end by three weeks.
_SEASONS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_SEASON_MONTHS: Final = 3
_QUARTERS: Final = {"Q1": (1, 3), "Q2": (4, 3), "Q3": (7, 3), "Q4": (10, 3), "H1": (1, 6), "H2": (7, 6)}

_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.{0,20})?")
_WEEK: Final = re.compile(r"(\d{4})-W(\d\d)(?:-(WE|\d))?(?:T.{0,20})?")
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)(?:-XX)?(?:T.{0,20})?")
_PART: Final = re.compile(r"(\d{4})-(SP|SU|FA|WI|Q[1-4]|H[12])")
_YEAR: Final = re.compile(r"(\d{4})(?:-XX){0,2}")
_DECADE: Final = re.compile(r"\d{3}")


def interval_of(value: str | None) -> Interval | None:
    """First day, last day (inclusive) and precision of a TIMEX3 calendar value; None where it names no days.

    Precision is that of `date_precision`; a half year has none of its own and counts as season. None for durations,
    sets, references, centuries, open years (XXXX-07-12) and days that do not exist.

    >>> interval_of("2016-04")
    (datetime.date(2016, 4, 1), datetime.date(2016, 4, 30), 'month')
    >>> interval_of("2016-W25")
    (datetime.date(2016, 6, 20), datetime.date(2016, 6, 26), 'week')
    >>> interval_of("2020-WI")
    (datetime.date(2020, 12, 1), datetime.date(2021, 2, 28), 'season')
    >>> interval_of("199")
    (datetime.date(1990, 1, 1), datetime.date(1999, 12, 31), 'decade')
    >>> interval_of("2022-10-31TMO")
    (datetime.date(2022, 10, 31), datetime.date(2022, 10, 31), 'day')
    >>> [interval_of(value) for value in ("XXXX-07-12", "P3D", "PRESENT_REF", "2016-02-30", None)]
    [None, None, None, None, None]
    """
    if not value:
        return None
    try:
        if match := _DAY.fullmatch(value):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day, "day"
        if match := _WEEK.fullmatch(value):
            return _week_interval(int(match[1]), int(match[2]), match[3])
        if match := _MONTH.fullmatch(value):
            return *months_from(int(match[1]), int(match[2]), 1), "month"
        if match := _PART.fullmatch(value):
            year, part = int(match[1]), match[2]
            if part in _SEASONS:
                return *months_from(year, _SEASONS[part], _SEASON_MONTHS), "season"
            return *months_from(year, *_QUARTERS[part]), "quarter" if part.startswith("Q") else "season"
        if match := _YEAR.fullmatch(value):
            return *months_from(int(match[1]), 1, MONTHS_PER_YEAR), "year"
        if _DECADE.fullmatch(value):
            first = int(value) * 10
            return date(first, 1, 1), date(first + 9, 12, 31), "decade"
    except (ValueError, OverflowError):  # no such day in the calendar: the text's date is wrong, so there is none
        return None
    return None


def _week_interval(year: int, week: int, day: str | None) -> Interval:
    if day == "WE":
        saturday = date.fromisocalendar(year, week, SATURDAY)
        return saturday, saturday + timedelta(days=1), "day"
    if day:
        only = date.fromisocalendar(year, week, int(day))
        return only, only, "day"
    monday = date.fromisocalendar(year, week, 1)
    return monday, monday + timedelta(days=DAYS_PER_WEEK - 1), "week"


def months_from(year: int, month: int, count: int) -> tuple[date, date]:
    """First and last day of `count` months beginning with `month` of `year`.

    Raises:
        ValueError: no such month or year.

    >>> months_from(2019, 12, 3)
    (datetime.date(2019, 12, 1), datetime.date(2020, 2, 29))
    """
    last_year, last_month = shift_month(year, month, count - 1)
    after_year, after_month = shift_month(year, month, count)
    first = date(year, month, 1)
    if after_year > date.max.year:
        return first, date(last_year, last_month, 31)
    return first, date(after_year, after_month, 1) - timedelta(days=1)


def shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    """The month `by` months later (earlier if negative), as (year, month).

    >>> shift_month(2016, 1, -1), shift_month(2016, 11, 14)
    ((2015, 12), (2018, 1))
    """
    months = year * MONTHS_PER_YEAR + month - 1 + by
    return months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1


def week_value(day: date) -> str:
    """The ISO week that holds `day`.

    >>> week_value(date(2021, 1, 1))
    '2020-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def weekday_before(day: date, weekday: int) -> date:
    """The last day on or before `day` that is `weekday` (Monday is 1).

    >>> weekday_before(date(2016, 6, 20), 1), weekday_before(date(2016, 6, 20), 7)
    (datetime.date(2016, 6, 20), datetime.date(2016, 6, 19))
    """
    return day - timedelta(days=(day.isoweekday() - weekday) % DAYS_PER_WEEK)


def weekday_after(day: date, weekday: int) -> date:
    """The first day on or after `day` that is `weekday` (Monday is 1).

    >>> weekday_after(date(2016, 6, 20), 1), weekday_after(date(2016, 6, 20), 7)
    (datetime.date(2016, 6, 20), datetime.date(2016, 6, 26))
    """
    return day + timedelta(days=(weekday - day.isoweekday()) % DAYS_PER_WEEK)


def weekday_of_month(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` day of a month that is `weekday` (Monday is 1); -1 is the last.

    >>> weekday_of_month(2013, 11, 4, 4), weekday_of_month(2013, 5, 1, -1)
    (datetime.date(2013, 11, 28), datetime.date(2013, 5, 27))
    """
    first, last = months_from(year, month, 1)
    if nth < 0:
        return weekday_before(last, weekday) + timedelta(days=DAYS_PER_WEEK * (nth + 1))
    return weekday_after(first, weekday) + timedelta(days=DAYS_PER_WEEK * (nth - 1))


def exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day.

    >>> exists(2020, 2, 29), exists(2021, 2, 29)
    (True, False)
    """
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@cache
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).

    >>> easter(2016), easter(2024)
    (datetime.date(2016, 3, 27), datetime.date(2024, 3, 31))
    """
    century, golden = year // 100, year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    leap = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 4) % 7
    shift = moon + leap - 7 * ((golden + 11 * moon + 22 * leap) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)
