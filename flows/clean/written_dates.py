"""Dates as people and programs write them: in a stretch of text, in metadata, in a web address. Pure; no clock is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.text.dates import MONTHS

FIRST_YEAR, LAST_YEAR = 1900, 2100  # outside these a number is no year of publication
FULL_YEAR_DIGITS = 4
CENTURY_PIVOT = (
    70  # two digits below it are 20xx, as POSIX strptime reads them (68 there); archives of news begin later
)
METADATA_CHARS = 80  # a longer value is no date
WINDOW_BEFORE, WINDOW_AFTER = 48, 24  # around a year: the longest date is "Wednesday, the 30th of September, 2020"

_WEEKDAY_NUMBER = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
_MONTH_NAMES = "|".join(sorted(MONTHS, key=lambda n: (-len(n), n)))
_M = rf"(?P<m>{_MONTH_NAMES})\b\.?"
# A month may be glued to what stands before it where the page lost the element between: "Ann WriterDec 22, 2023"
_M_FIRST = rf"(?-i:(?<![A-Za-z])|(?=[A-Z][a-z])){_M}"
_W = "|".join(sorted(_WEEKDAY_NUMBER, key=lambda n: (-len(n), n)))
_WD = rf"(?:\b(?P<w>{_W})\b\.?,?\s{{1,3}})?"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
# A digit may follow the year only where a second copy of the date or a time is glued to it, as in "9 Oct 20239 Oct 2023"
# and "Fri, Dec 22 20234:46 AM"
_Y = r"(?P<y>(?:19|20)\d\d)(?!\d(?!\d?\s[A-Z][a-z]{2}|\d?:\d\d))"
_Y2 = r"(?P<y>(?:19|20)\d\d|\d\d)(?![\d:])"
_ISO = re.compile(
    r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?=T\d|\D|$)(?![/-])"
)
# One pattern a form. Every repetition is bounded: they run in time linear in the text.
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WD}(?<![\d.,:]){_D}(?:\s+of)?[\s\-./|,]{{1,5}}{_M}[\s,\-./|']{{0,5}}{_Y}",
        rf"{_WD}{_M_FIRST}[\s\-./|]{{0,3}}{_D}\s{{0,2}}(?:[,./|-]|\bat\b)?\s{{0,3}}{_Y}",
        rf"{_WD}\b(?P<y>(?:19|20)\d\d)[\s,\-./]{{1,3}}{_M}[\s\-./]{{1,3}}{_D}(?!\d)",
        rf"{_WD}(?<![\d.,:/]){_D}[-\s]{_M}[-\s'’]{{1,2}}(?P<y>\d\d)(?![\d:])",
        rf"{_WD}\b{_M}\s{{1,2}}{_D}\s\d\d:\d\d(?::\d\d)?\s(?:[A-Z]{{2,5}}\s)?{_Y}",  # of Unix's date
    )
)
_NUMERIC = re.compile(
    rf"{_WD}(?<![\d/.:-])(?P<a>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?{_Y2}(?![/.-]\d)",
    re.IGNORECASE,
)
# Every form ends or begins with one of these; most lines hold none. It begins with a digit, so that the search runs from
# digit to digit.
_YEAR_LIKE = re.compile(
    r"\d(?:(?<=1)9\d\d|(?<=2)0\d\d|\s?[-/.]\s?\d\d(?!\d)|[-\s][A-Za-z]{3,9}\.?[-\s'’]{1,2}\d\d(?!\d))"
)
_NUMBERS_JOINED = re.compile(r"\d\s?[-/.]\s?\d")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_CLOCK = re.compile(r"[\s,|–-]{1,3}\d{1,2}[:.]\d\d(?!\d)")
_COMPACT = re.compile(r"\s*((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T|$|\D|\d{6})")
YEARLESS = re.compile(
    rf"{_WD}(?:\b{_M}\s{{1,2}}(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?|"
    rf"(?<![\d.,:]){_D}\s{{1,2}}(?P<m2>{_MONTH_NAMES})\b\.?)(?!\d|[,\s]{{1,3}}(?:19|20)\d\d)",
    re.IGNORECASE,
)

# A day in the path of an address, by the forms that outlets use: /2020/07/17/, /2020/jul/17/, /2020-07-17/, -20200717,
# /2020/0717/ (People's Daily), /2020-07/17/ (Xinhua), /202007/17/ (China Daily), -2020Jul17 (Washington Post).
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:"
    r"(?P<sep>[-/._])(?P<m>\d{1,2}|[a-z]{3,9})(?P=sep)(?P<d>\d{1,2})"
    r"|/?(?P<m2>[01]\d)/?(?P<d2>[0-3]\d)"
    r"|[-_](?P<m3>[01]\d)/(?P<d3>[0-3]\d)"
    r"|(?P<m4>[a-z]{3})(?P<d4>[0-3]\d)"
    r")(?!\d)",
    re.IGNORECASE,
)
_QUERY = re.compile("[?#]")
URL_CHARS = 500


@dataclass(frozen=True)
class WrittenDate:
    """A whole date as written. `readings`: one day, or two (day first, month first) where the numbers may change places."""

    readings: tuple[date, ...]
    weekday: int | None
    start_char: int
    end_char: int


def dates_in(text: str, offset: int = 0) -> list[WrittenDate]:
    """Every whole date in a stretch of text, in order, its place counted from `offset`; overlapping forms are read once.

    >>> [found.readings for found in dates_in("Published Friday, 17 July 2020 | Updated 05/08/2020")]
    [(datetime.date(2020, 7, 17),), (datetime.date(2020, 8, 5), datetime.date(2020, 5, 8))]
    """
    found: list[WrittenDate] = []
    for start, end in _windows(text):
        window = text[start:end]
        if _MONTH.search(window.casefold()):
            for pattern in _NAMED:
                for match in pattern.finditer(text, start, end):
                    found += _named(match, offset)
        if _NUMBERS_JOINED.search(window):
            for match in _ISO.finditer(text, start, end):
                found += _made(match, (_day(int(match["y"]), int(match["m"]), int(match["d"])),), offset)
            for match in _NUMERIC.finditer(text, start, end):
                found += _numeric(match, offset)
    if len(found) > 1:
        found.sort(key=lambda one: (one.start_char, -one.end_char))
        found = list(_apart(found))
    return found


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Where years stand, with the room that a date takes around them; windows that touch are one."""
    start = end = -1
    for match in _YEAR_LIKE.finditer(text):
        if end >= 0 and match.start() - WINDOW_BEFORE > end:
            yield start, end
            end = -1
        if end < 0:
            start = max(0, match.start() - WINDOW_BEFORE)
        end = min(len(text), match.end() + WINDOW_AFTER)
    if end >= 0:
        yield start, end


def _apart(found: list[WrittenDate]) -> Iterator[WrittenDate]:
    past = -1
    for one in found:
        if one.start_char >= past:
            past = one.end_char
            yield one


def _named(match: re.Match[str], offset: int) -> list[WrittenDate]:
    return _made(match, (_day(_year(match["y"]), MONTHS[match["m"].casefold()], int(match["d"])),), offset)


def _numeric(match: re.Match[str], offset: int) -> list[WrittenDate]:
    if match["sep"] == "." and len(match["y"]) < FULL_YEAR_DIGITS and not _CLOCK.match(match.string, match.end()):
        return []  # 3.10.24 is as often a version, a score or a time
    year, a, b = _year(match["y"]), int(match["a"]), int(match["b"])
    return _made(match, (_day(year, b, a), _day(year, a, b)), offset)


def _made(match: re.Match[str], days: tuple[date | None, ...], offset: int) -> list[WrittenDate]:
    readings = tuple(dict.fromkeys(day for day in days if day))
    if not readings:
        return []
    weekday = _WEEKDAY_NUMBER.get((match.groupdict().get("w") or "").casefold())
    return [WrittenDate(readings, weekday, offset + match.start(), offset + match.end())]


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(written: str) -> int:
    if len(written) == FULL_YEAR_DIGITS:
        return int(written)
    return 2000 + int(written) if int(written) < CENTURY_PIVOT else 1900 + int(written)


def numeric_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """The two numbers that may be day and month, and their separator, of every numeric date.

    >>> list(numeric_dates("Updated 20/06/2016"))
    [(20, 6, '/')]
    """
    if _NUMBERS_JOINED.search(text):
        for match in _NUMERIC.finditer(text):
            yield int(match["a"]), int(match["b"]), match["sep"]


def settle(written: WrittenDate, day_first: bool | None) -> date | None:
    """The day meant; None where day and month may change places and nothing decides."""
    if len(written.readings) == 1:
        return written.readings[0]
    if written.weekday is not None:
        fitting = [day for day in written.readings if day.weekday() == written.weekday]
        if len(fitting) == 1:
            return fitting[0]
    if day_first is None:
        return None
    return written.readings[0] if day_first else written.readings[1]


def parse_day(value: str) -> date | None:
    """A date as metadata writes it (ISO, RFC 2822, English words), else None; an ambiguous one is None.

    >>> parse_day("2020-07-17T10:20:00Z"), parse_day("Fri, 17 Jul 2020 10:20:00 GMT"), parse_day("05/06/2020")
    (datetime.date(2020, 7, 17), datetime.date(2020, 7, 17), None)
    """
    compact = _COMPACT.match(value[:METADATA_CHARS])
    if compact:
        return _day(*map(int, compact.groups()))
    for written in dates_in(value[:METADATA_CHARS]):
        if day := settle(written, None):
            return day
    return None


def day_in_url(url: str) -> date | None:
    """The day in an address's path; None where there is none, or two that differ.

    >>> [day_in_url(f"https://news.example/{path}") for path in ("2020/jul/17/talks", "a/20200717/1.html", "2020/07/talks")]
    [datetime.date(2020, 7, 17), datetime.date(2020, 7, 17), None]
    """
    path = url.partition("://")[2].partition("/")[2]
    days = set()
    for match in _URL_DAY.finditer(_QUERY.split(path, maxsplit=1)[0][:URL_CHARS]):
        parts = [part for name, part in sorted(match.groupdict().items()) if part and name[0] in "dm"]
        day_number, month = parts
        number = int(month) if month.isdigit() else MONTHS.get(month.casefold(), 0)
        if day := _day(int(match["y"]), number, int(day_number)):
            days.add(day)
    return days.pop() if len(days) == 1 else None
