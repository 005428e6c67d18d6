"""What a time expression means: from its words, and from where the text stands, to a TIMEX3 type and value.

Nothing is looked for here: timex_grammar.py says which words are an expression, timex_context.py what stands around them,
timexes.py where the text stands.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from flows.extract.timex_context import ENDED, Direction, ParagraphWords
from flows.extract.timex_grammar import (
    COUNTS,
    DAYS,
    DECADE_WORDS,
    EASTER_FEASTS,
    FEASTS,
    FREQUENCIES,
    ORDINALS,
    PARTS,
    REFERENCES,
    SEASONS,
    SHIFTS,
    SHORT_WEEKDAYS,
    UNITS,
    WEEKDAY_FEASTS,
    WEEKDAYS,
    Expression,
    word_list,
)
from flows.text.dates import (
    DAYS_PER_WEEK,
    MONTHS,
    MONTHS_PER_YEAR,
    SATURDAY,
    easter,
    exists,
    shift_month,
    week_value,
    weekday_after,
    weekday_before,
    weekday_of_month,
)


class Told(NamedTuple):
    """A date that the text told, as fine as it told it. Years before Christ are negative."""

    year: int
    month: int | None = None
    day: int | None = None

    def as_date(self) -> date | None:
        """The day, if it told one."""
        if self.month and self.day and self.year > 0 and exists(self.year, self.month, self.day):
            return date(self.year, self.month, self.day)
        return None


@dataclass(frozen=True)
class Now:
    """Where the text stands when it says "the next day".

    Attributes:
        published: the page's day of publication.
        narrative: the text counts from what it told last, not from its publication.
        told: the date it told last.
        quarter: the first quarter of a year that it told, as (year, 1 to 4): what "the year-ago period" counts from.
    """

    published: date | None
    narrative: bool
    told: Told | None
    quarter: tuple[int, int] | None = None

    def writing(self) -> Told | None:
        """What "this year" and "last month" count from."""
        if self.narrative or not self.published:
            return self.told if self.narrative else None
        return Told(self.published.year, self.published.month, self.published.day)

    def story(self) -> Told | None:
        """What "that year" and "the next day" count from."""
        return self.told or self.writing()


class Answer(NamedTuple):
    """What an expression means: TIMEX3 type and value, and the date it tells, if it moves the story there."""

    timex_type: str
    value: str | None
    told: Told | None = None
    days: tuple[date, date] | None = None  # where no TIMEX3 value says so


def number_in(word: str) -> int:
    """Digits of a year or a day, without ordinal ending."""
    return int(re.sub(r"\D", "", word))


def _day_told(parts: dict[str, str]) -> int | None:
    """The day that digits or a word tell: "4", "4th", "fourth"; None without."""
    if "ordday" in parts:
        return ORDINALS[parts["ordday"]]
    return number_in(parts["day"]) if "day" in parts else None


def _value(year: int | None, month: int | None = None, day: int | None = None) -> str:
    text = "XXXX" if year is None else f"{year:04d}" if year > 0 else f"BC{-year:04d}"
    return text + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")


def _told(day: date) -> Told:
    return Told(day.year, day.month, day.day)


def _on_day(day: date, part: str | None = None) -> Answer:
    if part:
        return Answer("TIME", f"{day.isoformat()}T{PARTS[part]}", _told(day))
    return Answer("DATE", day.isoformat(), _told(day))


def answer_of(expression: Expression, now: Now, context: ParagraphWords) -> Answer | None:
    """The expression's meaning; None if its words tell no time here."""
    parts, kind = expression.parts, expression.kind
    if kind in _CONSTANT:
        return _CONSTANT[kind]
    if kind in {"calendar", "month"}:
        named = context.word(expression.stop) in _ATTACKS
        return _calendar(parts, now, context.direction(expression), named=named)
    if kind == "iso":
        text = parts["iso"].upper()
        day = _parse_iso(text)
        if day is None or day.year not in COUNTABLE:
            return None
        return Answer("TIME" if "T" in text else "DATE", text, _told(day))
    if kind == "numeric":
        return _numeric(parts["numeric"], now)
    if kind == "year":
        return _year(parts)
    if kind == "shortyear":
        year = _year_of_two_digits(int(parts["short"]), now)
        return Answer("DATE", _value(year), Told(year)) if year else Answer("DATE", None)
    if kind == "decade":
        return _decade(parts)
    if kind == "century":
        return _century(parts)
    if kind in {"season", "quarter", "half"}:
        return _part_of_year(kind, parts, now, context.direction(expression))
    if kind == "weekday":
        direction = context.direction(expression)
        nearest, any_one = context.is_nearest(expression, direction), context.is_any(expression)
        return _weekday(parts, now, direction, nearest=nearest, any_one=any_one)
    if kind in {"today", "tonight", "overnight"}:
        return _today(kind, parts, now)
    if kind == "relative":
        return _relative(parts, now, context.word(expression.start - 1) == "the")
    if kind == "dayonly":
        return _day_of_month(parts, now, context.direction(expression))
    if kind == "weekend":
        return _weekend(now, context.direction(expression))
    if kind == "feast":
        return _feast(expression, now, context)
    if kind == "unitof":
        return _shifted(UNITS[parts["unit"]], 0, _base_of_unit(UNITS[parts["unit"]], now))
    if kind == "whole":
        if context.word(expression.stop) in ENDED:
            return Answer("DURATION", _period(parts))
        return _shifted(UNITS[parts["unit"]], 0, now.writing())
    if kind == "soon":  # in a report of what is to come; "he soon left" is no time to come
        ahead = not now.narrative and context.direction(expression) == "future"
        return _CONSTANT["future"] if ahead else None
    if kind == "yearago":
        return Answer("DATE", _year_before(now.quarter) if now.quarter else None)
    if kind == "adjacent":
        if not context.ends_clause(expression.stop) and not context.tag(expression.stop).startswith(("V", "MD")):
            return Answer("DATE", None)
        backwards = SHIFTS.get(parts.get("adjacent", "after"), "later") == "earlier"
        return _shifted(UNITS[parts["unit"]], -1 if backwards else 1, now.story())
    if kind == "shift":
        return _shift(expression, now, context)
    if kind in {"duration", "span"}:
        return _duration(expression, context)
    if kind == "vague":
        return _vague(expression, context)
    if kind == "set":
        return _set(parts)
    return None


_CONSTANT: Final = {
    "present": Answer("DATE", "PRESENT_REF"),
    "past": Answer("DATE", "PAST_REF"),
    "recent": Answer("DATE", "PAST_REF"),
    "future": Answer("DATE", "FUTURE_REF"),
}


def _calendar(
    parts: dict[str, str],
    now: Now,
    direction: Direction,
    feast: tuple[int, int | None] | None = None,
    named: bool = False,
) -> Answer | None:
    month, day = feast or (MONTHS[parts["month"]], _day_told(parts))
    weekday = WEEKDAYS.get(parts.get("weekday", "")) or SHORT_WEEKDAYS.get(parts.get("weekday", ""))
    year = _stated_year(parts, now)
    attack = NAMED_ATTACKS.get((month, day or 0))
    if year is None and named and attack and (now.published is None or date(attack, month, day or 1) <= now.published):
        year = attack
    if year is None and "yref" not in parts:
        year = _nearest_year(month, day, weekday, REFERENCES.get(parts.get("ref", "")), now, direction)
    if day and not exists(year if year and year > 0 else LEAP_YEAR, month, day):
        return None
    told = Told(year, month, day) if year else None
    if day and "part" in parts:
        return Answer("TIME", f"{_value(year, month, day)}T{PARTS[parts['part']]}", told)
    return Answer("DATE", _value(year, month, day), told)


LEAP_YEAR: Final = 2000  # has every day that a year left open may have


def _stated_year(parts: dict[str, str], now: Now) -> int | None:
    if "year" in parts:
        year = number_in(parts["year"])
        return -year if "era" in parts else year
    if "short" in parts:
        return _year_of_two_digits(int(parts["short"]), now)
    if "yref" in parts:
        ref = REFERENCES[parts["yref"]]
        base = now.writing() if ref in {"last", "this", "next"} else now.story()
        return base.year + _STEP[ref] if base else None
    return None


YEARS_AHEAD: Final = 10  # how far ahead of its publication a report may mean by '23


def _year_of_two_digits(digits: int, now: Now) -> int | None:
    """For '89 the year nearest to the one told last in a narrative; in a report the last one not long after its publication."""
    base = now.told if now.narrative else now.writing()
    if base is None or base.year < CENTURY:
        return None
    same = base.year // CENTURY * CENTURY + digits
    years = (same - CENTURY, same, same + CENTURY)
    if now.narrative:
        return min(years, key=lambda year: abs(year - base.year))
    return max(year for year in years if year <= base.year + YEARS_AHEAD)


CENTURY: Final = 100
_STEP: Final = {"last": -1, "previous": -1, "this": 0, "that": 0, "next": 1, "following": 1}

# Costs, in months, of a year that the grammar speaks against: a date ahead in a clause about the past, or behind in one
# about the future. Dates with a day may lie a little on the other side ("a summit scheduled for 15 November was ...").
AGAINST_TENSE: Final = 4.0
AHEAD_WITHOUT_TENSE: Final = 1.5


def _nearest_year(
    month: int, day: int | None, weekday: int | None, ref: str | None, now: Now, direction: Direction
) -> int | None:
    if now.narrative:
        return _narrative_year(month, day, now.told, ref)
    if now.published is None:
        return now.told.year if ref == "that" and now.told else None
    if ref == "that" and now.told:
        return now.told.year
    published = now.published
    if ref in {"last", "next"}:
        past = month < published.month
        return (
            published.year - (0 if past else 1)
            if ref == "last"
            else published.year + (1 if month <= published.month else 0)
        )
    if day is None:
        if ref == "this":
            return published.year
        return _year_of_month(month, published, direction)
    best: tuple[float, int] | None = None
    for year in (published.year, published.year - 1, published.year + 1):
        if not exists(year, month, day):
            continue
        candidate = date(year, month, day)
        if weekday and candidate.isoweekday() != weekday:
            continue
        ahead = (candidate - published).days
        if ahead > 0:
            cost = ahead * {"past": AGAINST_TENSE, "future": 1.0, None: AHEAD_WITHOUT_TENSE}[direction]
        else:
            cost = -ahead * (AGAINST_TENSE if direction == "future" else 1.0)
        if best is None or cost < best[0]:
            best = cost, year
    return best[1] if best else None


def _year_of_month(month: int, published: date, direction: Direction) -> int:
    ahead = (month - published.month) % MONTHS_PER_YEAR
    behind = (published.month - month) % MONTHS_PER_YEAR
    if direction == "future":
        return published.year + (published.month + ahead > MONTHS_PER_YEAR)
    if direction == "past" or behind <= ahead * AHEAD_WITHOUT_TENSE:
        return published.year - (month > published.month)
    return published.year + (month < published.month)


# A narrative goes forward: a month up to this many before the last one told is a look back in the same year.
LOOK_BACK: Final = 7


def _narrative_year(month: int, day: int | None, told: Told | None, ref: str | None) -> int | None:
    if told is None:
        return None
    if ref in {"last", "previous"} and told.month:
        return told.year - (month >= told.month)
    if ref in {"next", "following"} and told.month:
        return told.year + (month <= told.month)
    year = told.year + 1 if told.month and told.month - month > LOOK_BACK else told.year
    if day is None or year < 1:
        return year
    return next((near for near in (year, year + 1, year - 1, year + 2) if exists(near, month, day)), year)


def _parse_iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _numeric(text: str, now: Now) -> Answer | None:
    """31/10/2022, day first or month first, whichever is a date.

    Where both are, the nearer one to the day of publication is meant; without that day nothing tells which.
    """
    first, second, year = (int(number) for number in re.split(r"[./-]", text))
    if year < 100:  # noqa: PLR2004 - two digits
        year += 2000 if year < 70 else 1900  # noqa: PLR2004 - POSIX's pivot is 69
    readings = {(second, first), (first, second)}
    days = sorted(date(year, month, day) for month, day in readings if exists(year, month, day))
    if not days:
        return None
    if len(days) == 1:
        return _on_day(days[0])
    published = now.published
    return _on_day(min(days, key=lambda day: abs((day - published).days))) if published else Answer("DATE", None)


def _year(parts: dict[str, str]) -> Answer | None:
    year = number_in(parts["year"]) * (-1 if "era" in parts else 1)
    return Answer("DATE", _value(year), Told(year)) if year else None


LAST_CENTURY_OF_00S: Final = 2000  # "the 1800s" are the century; "the 2000s" are so far the decade


def _decade(parts: dict[str, str]) -> Answer | None:
    if "decadeword" in parts:
        return Answer("DATE", f"19{DECADE_WORDS[parts['decadeword']]}")
    digits = parts["decade"].rstrip("s")
    if "era" in parts:
        return Answer("DATE", f"BC{int(digits) // 10:03d}", Told(-int(digits)))
    if len(digits) == 2:  # noqa: PLR2004 - the '90s
        return Answer("DATE", f"19{digits[0]}") if int(digits) >= 20 else None  # noqa: PLR2004 - 1920s to 1990s
    if len(digits) != 4:  # noqa: PLR2004 - a year
        return None
    century = digits.endswith("00") and int(digits) < LAST_CENTURY_OF_00S
    return Answer("DATE", digits[:2] if century else digits[:3], Told(int(digits)))


def _century(parts: dict[str, str]) -> Answer | None:
    number = number_in(parts["century"]) if "century" in parts else ORDINALS[parts["centuryword"]]
    return Answer("DATE", f"{'BC' if 'era' in parts else ''}{number - 1:02d}") if number else None


def _part_of_year(kind: str, parts: dict[str, str], now: Now, direction: Direction) -> Answer | None:
    if kind == "season":
        code = SEASONS[parts["season"]]
    elif kind == "half":
        code = "H1" if parts.get("half") == "first" else "H2"
    else:
        number = number_in(parts["quarter"]) if "quarter" in parts else ORDINALS[parts["quarterword"]]
        code = f"Q{number}"
    if code not in _FIRST_MONTH:
        return None
    year = _stated_year(parts, now)
    if year is None and "yref" not in parts:
        ref = REFERENCES.get(parts.get("ref", ""))
        base = now.writing()
        if now.narrative or ref == "that":
            year = now.told.year + (_STEP.get(ref or "", 0) if ref != "last" else 0) if now.told else None
        elif base and now.published:
            month = _FIRST_MONTH[code]
            if ref == "next" or (ref is None and direction == "future"):
                year = base.year + (month <= now.published.month)
            elif ref == "this":
                year = base.year
            else:
                year = base.year - (month + (2 if ref == "last" else 0) > now.published.month)
    return Answer("DATE", f"{_value(year)}-{code}", Told(year) if year else None)


_FIRST_MONTH: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10, "H1": 1, "H2": 7}


def _weekday(parts: dict[str, str], now: Now, direction: Direction, *, nearest: bool, any_one: bool) -> Answer:
    weekday = WEEKDAYS[parts["weekday"]]
    part = parts.get("part")
    ref = REFERENCES.get(parts.get("ref", ""))
    base = now.story() if now.narrative or ref in {"that", "following", "previous"} else now.writing()
    day = base.as_date() if base else None
    if day is None or day.year not in COUNTABLE or any_one:
        return Answer("TIME" if part else "DATE", f"XXXX-WXX-{weekday}" + (f"T{PARTS[part]}" if part else ""))
    if "wref" in parts:
        monday = weekday_before(day, 1) + timedelta(days=DAYS_PER_WEEK * _STEP[REFERENCES[parts["wref"]]])
        return _on_day(weekday_after(monday, weekday), part)
    one = timedelta(days=1)
    if ref in {"last", "previous"}:
        return _on_day(weekday_before(day - one, weekday), part)
    if ref in {"next", "following"}:
        return _on_day(weekday_after(day + one, weekday), part)
    behind, ahead = weekday_before(day, weekday), weekday_after(day, weekday)
    if nearest:
        return _on_day(min(behind, ahead, key=lambda near: abs(near - day)), part)
    if direction == "future" or (ref == "this" and direction is None):
        return _on_day(ahead, part)
    return _on_day(behind, part)


def _day_of_month(parts: dict[str, str], now: Now, direction: Direction) -> Answer | None:
    """For "the 20th", that of the month told last in a narrative; in a report the nearest one before publication, or after."""
    day = number_in(parts["day"])
    base = now.story() if now.narrative or "ref" in parts else now.writing()
    if base is None or base.month is None or base.year < 1:
        return Answer("DATE", None)
    year, month = base.year, base.month
    if "ref" in parts:
        year, month = shift_month(year, month, _STEP[REFERENCES[parts["ref"]]])
    elif not now.narrative and base.day:
        ahead = day > base.day
        year, month = shift_month(year, month, (not ahead) if direction == "future" else -ahead)
    return _on_day(date(year, month, day)) if exists(year, month, day) else Answer("DATE", None)


def _weekend(now: Now, direction: Direction) -> Answer:
    """For "the weekend", the last one that has begun, or the coming one where the clause looks ahead."""
    base = now.writing()
    day = base.as_date() if base else None
    if day is None:
        return Answer("DATE", "XXXX-WXX-WE")
    saturday = weekday_before(day, SATURDAY)
    if direction == "future" and day.isoweekday() < SATURDAY:
        saturday += timedelta(days=DAYS_PER_WEEK)
    return Answer("DATE", f"{week_value(saturday)}-WE", _told(saturday))


def _feast(expression: Expression, now: Now, context: ParagraphWords) -> Answer | None:
    words = [context.word(i) for i in range(expression.start, expression.stop)]
    if words == ["9/11"]:
        return _on_day(NINE_ELEVEN)
    names = [word for word in words if word.isalpha() and word != "s"]
    known = {*FEASTS, *WEEKDAY_FEASTS, *EASTER_FEASTS}
    name = next((" ".join(names[:n]) for n in (3, 2, 1) if " ".join(names[:n]) in known), None)
    if name in FEASTS:
        return _calendar(expression.parts, now, context.direction(expression), feast=FEASTS[name])
    if name in WEEKDAY_FEASTS:
        month, weekday, nth = WEEKDAY_FEASTS[name]
        found = _calendar(expression.parts, now, context.direction(expression), feast=(month, None))
        if found is None or found.told is None:
            return Answer("DATE", None)
        return _on_day(weekday_of_month(found.told.year, month, weekday, nth))
    if name not in EASTER_FEASTS:
        return None
    year = _stated_year(expression.parts, now)
    base = now.writing()
    if year is None and base and "yref" not in expression.parts:
        year = base.year
    if year is None or year not in GREGORIAN:
        return Answer("DATE", None)
    return _on_day(easter(year) + timedelta(days=EASTER_FEASTS[name]))


GREGORIAN: Final = range(1583, date.max.year)
NINE_ELEVEN: Final = date(2001, 9, 11)
# Days that stay in use as names of an attack long after, without their year: (month, day): year.
NAMED_ATTACKS: Final = {(9, 11): 2001, (10, 7): 2023}
_ATTACKS: Final = frozenset(word_list("attack attacks assault terrorist terror massacre hijackings hijackers"))


def _today(kind: str, parts: dict[str, str], now: Now) -> Answer:
    base = None if now.narrative else now.published
    if now.narrative and kind == "today" and parts == {"dayword": "today"}:
        return _CONSTANT["present"]  # the reader's day, not the story's
    if kind == "overnight":
        # the night before publication, of two days: no TIMEX3 value says so
        return Answer("TIME", None, None, (base - timedelta(days=1), base) if base else None)
    part = "night" if kind == "tonight" else parts.get("part")
    if base is None:
        return Answer("TIME" if part else "DATE", f"XXXX-XX-XXT{PARTS[part]}" if part else "XXXX-XX-XX")
    return _on_day(base + timedelta(days=DAYS[parts["dayword"]] if kind == "today" else 0), part)


EVENING: Final = 6  # from this hour on "at night" is before midnight


def clock_time(expression: Expression, now: Now, beside: date | None) -> Answer | None:
    """A time of day, on the day that stands beside it; a clock's time without one is of the day told last."""
    parts = expression.parts
    if expression.kind == "part":
        code = PARTS[parts["part"]]
        return Answer("TIME", f"{beside.isoformat() if beside else 'XXXX-XX-XX'}T{code}")
    text = parts.get("clock") or parts.get("hhmm") or ""
    if text in COUNTS:
        hour, minute = int(COUNTS[text]), 0
    elif "hhmm" in parts:
        hour, minute = int(text[:2]), int(text[2:])
    else:
        hour, minute = int(text.split(":")[0]), int(text.split(":")[1]) if ":" in text else 0
    half = parts.get("ampm") or parts.get("ap") or ""
    if parts.get("daypart") in {"afternoon", "evening", "night"} or ("atnight" in parts and hour >= EVENING):
        half = "p"  # "9 o'clock at night"
    if half and 0 < hour <= 12:  # noqa: PLR2004 - a clock's face
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 24 or minute > 59:  # noqa: PLR2004 - no such time
        return None
    base = now.story()
    day = beside or (base.as_date() if base else None)
    zone = "Z" if parts.get("zone") in {"gmt", "utc"} else ""
    return Answer("TIME", f"{day.isoformat() if day else 'XXXX-XX-XX'}T{hour:02d}:{minute:02d}{zone}")


def _base_of_unit(unit: str, now: Now) -> Told | None:
    """What "the end of the month" counts from: the story's day for a day, else the time of writing."""
    if unit == "D" or now.narrative:
        return now.story()
    return now.writing()


def _relative(parts: dict[str, str], now: Now, definite: bool) -> Answer | None:
    ref = REFERENCES.get(parts.get("ref", ""), "that")
    in_story = ref in {"that", "previous", "following"} or (ref == "next" and definite)
    if "part" in parts:
        base = now.story() if in_story else now.writing()
        day = base.as_date() if base else None
        code = PARTS[parts["part"]]
        if day is None or day.year not in COUNTABLE:
            return Answer("TIME", f"XXXX-XX-XXT{code}")
        return _on_day(day + timedelta(days=_STEP[ref]), parts["part"])
    unit = UNITS[parts["unit"]]
    if unit == "D" and ref == "last":
        return None
    if unit == "D":
        in_story = True
    return _shifted(unit, _STEP[ref], now.story() if in_story else now.writing())


WEEKS_PER_YEAR: Final = 52
COUNTABLE: Final = range(2, date.max.year - 1)  # years whose days can be counted on and back by a few


def _is_held(year: int) -> bool:
    """Whether a TIMEX3 value and a date can hold the year: "9,000 years ago" they can hold, "a million years ago" not."""
    return year != 0 and abs(year) < date.max.year - 1


_FINER: Final = {"CE": "DE", "DE": "Y"}  # what ten of make one


def _shifted(unit: str, by: float, base: Told | None) -> Answer | None:
    """The day, week, month ... that lies `by` units from the base, as fine as the unit."""
    if base is None:
        return Answer("DATE", None)
    step = round(by)
    if unit in _FINER and by != step:  # "half a century ago": a decade
        return _shifted(_FINER[unit], 10 * by, base)
    day = base.as_date()
    if unit in {"D", "N", "W", "WE"}:
        if day is None:
            return Answer("DATE", None)
        if base.year not in COUNTABLE or base.year + step // WEEKS_PER_YEAR not in COUNTABLE:
            return Answer("DATE", None)
        if unit == "D":
            return _on_day(day + timedelta(days=step))
        if unit == "N":
            return _on_day(day + timedelta(days=step), "night")
        week = day + timedelta(days=DAYS_PER_WEEK * step)
        if unit == "WE":
            saturday = weekday_after(week - timedelta(days=week.isoweekday() - 1), 6)
            return Answer("DATE", f"{week_value(saturday)}-WE", _told(saturday))
        return Answer("DATE", week_value(week), _told(week))
    if unit == "M" or (unit == "Y" and by != step):
        months = round(by * (MONTHS_PER_YEAR if unit == "Y" else 1))
        if base.month is None:
            return Answer("DATE", None)
        year, month = shift_month(base.year, base.month, months)
        return Answer("DATE", _value(year, month), Told(year, month)) if _is_held(year) else Answer("DATE", None)
    if unit == "Q":
        if base.month is None:
            return Answer("DATE", None)
        year, month = shift_month(base.year, base.month, 3 * step)
        return Answer("DATE", f"{_value(year)}-Q{(month + 2) // 3}", Told(year, month))
    if not _is_held(base.year + step * {"Y": 1, "DE": 10, "CE": 100}.get(unit, 0)):
        return Answer("DATE", None)
    years = base.year + step * {"Y": 1, "DE": 10, "CE": 100}.get(unit, 0)
    if unit == "Y":
        return Answer("DATE", _value(years), Told(years, base.month, base.day) if step == 0 else Told(years))
    if unit == "DE":
        return Answer("DATE", _value(years)[:-1], Told(years))
    if unit == "CE":
        return Answer("DATE", _value(years)[:-2])
    return Answer("TIME", None)


_AND_A_HALF: Final = re.compile(r"[ -]?(?:1/2|½)$")


def _amount(parts: dict[str, str]) -> str:
    """How many units: digits, or X where the text does not say."""
    if "count" in parts:
        return _AND_A_HALF.sub(".5", parts["count"].replace(",", ""))
    if "count1" in parts:
        first, second = int(COUNTS[parts["count1"]]), int(COUNTS.get(parts.get("count2", ""), "0"))
        return str(first + second)
    return "X" if "few" in parts else "1"


def _shift(expression: Expression, now: Now, context: ParagraphWords) -> Answer | None:
    parts = expression.parts
    way = SHIFTS.get(parts["shift"], "from_now")
    if parts["shift"] in {"before", "after", "prior"} and not context.ends_clause(expression.stop):
        return Answer("DURATION", _period(parts))
    vague = "PAST_REF" if way in {"ago", "earlier"} else "FUTURE_REF"
    plural_alone = parts["unit"].endswith("s") and not parts.keys() & {"count", "count1", "few"}
    amount = _amount(parts)
    if amount == "X" or plural_alone:
        return Answer("DATE", vague)
    if now.quarter and way in {"ago", "earlier"} and UNITS[parts["unit"]] == "Y" and amount == "1":
        return Answer("DATE", _year_before(now.quarter))  # "third-quarter profit fell from $2 million a year earlier"
    base = now.writing() if way in {"ago", "from_now"} else now.story()
    half = context.word(expression.start) == "half"
    size = 0.5 if half else float(amount)
    if context.tokens.words[expression.start : expression.stop][-3:-2] == ("half",):
        size += 0.5
    return _shifted(UNITS[parts["unit"]], -size if way in {"ago", "earlier"} else size, base)


def _year_before(quarter: tuple[int, int]) -> str:
    return f"{quarter[0] - 1:04d}-Q{quarter[1]}"


def _period(parts: dict[str, str], extra: str = "") -> str | None:
    unit = UNITS[parts["unit"]]
    amount = extra or _amount(parts)
    if not extra and not parts.keys() & {"count", "count1", "few"} and parts["unit"].endswith("s"):
        amount = "X"
    if unit == "N":
        return None
    return f"PT{amount}{unit[1]}" if unit in {"TS", "TM", "TH"} else f"P{amount}{unit}"


def _duration(expression: Expression, context: ParagraphWords) -> Answer | None:
    parts = expression.parts
    words = [context.word(i) for i in range(expression.start, expression.stop)]
    if "half" in words:
        one = words[0] in {"a", "an"} and words[1] != "half"  # "a year and a half", not "a half year"
        whole = _amount(parts) if one or parts.keys() & {"count", "count1"} else "0"
        if whole == "0" and UNITS[parts["unit"]] == "TH":
            return Answer("DURATION", "PT30M")
        return Answer("DURATION", _period(parts, f"{whole}.5")) if whole.isdigit() else None
    if words[0] in {"a", "an"} and context.is_rate(expression):
        return Answer("SET", _period(parts))
    return Answer("DURATION", _period(parts))


_BEFORE_VAGUE: Final = frozenset(
    word_list("for in within over of after by into and last these those many through take took spend spent")
)
_AFTER_VAGUE: Final = frozenset(word_list("that since following leading ahead"))  # "in the years that followed"


def _vague(expression: Expression, context: ParagraphWords) -> Answer | None:
    start, after = expression.start, context.word(expression.stop)
    led = context.word(start - 1) in _BEFORE_VAGUE
    if not led and not (context.word(start - 1) == "the" and context.word(start - 2) == "in" and after in _AFTER_VAGUE):
        return None
    return Answer("DURATION", _period(expression.parts))


def _set(parts: dict[str, str]) -> Answer | None:
    if "frequency" in parts:
        return Answer("SET", FREQUENCIES[parts["frequency"]])
    if "weekday" in parts:
        name = parts["weekday"]
        number = WEEKDAYS.get(name) or WEEKDAYS[name.rstrip("s")]
        part = parts["parts"].rstrip("s") if "parts" in parts else parts.get("part")
        return Answer("SET", f"XXXX-WXX-{number}" + (f"T{PARTS[part]}" if part else ""))
    if "month" in parts:
        return Answer("SET", f"XXXX-{MONTHS[parts['month']]:02d}")
    if "season" in parts:
        return Answer("SET", f"XXXX-{SEASONS[parts['season']]}")
    if "part" in parts:
        return Answer("SET", f"XXXX-XX-XXT{PARTS[parts['part']]}")
    if "other" in parts:
        return Answer("SET", _period(parts, "2"))
    return Answer("SET", _period(parts))
