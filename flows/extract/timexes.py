"""timexes: expressions of time, TimeML TIMEX3.

The grammar (timex_grammar.py) says which words tell a time; here they are dated. A news report counts from the day it
was published: "Monday" is the nearest past one, unless the verb says otherwise. A narrative ("In June 1940 ... the next
day ... In September") counts from the date it told last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from flows.extract.reading import Reading
from flows.extract.timex_context import ParagraphWords
from flows.extract.timex_grammar import Expression, Tokens, expressions_in
from flows.extract.timex_values import COUNTABLE, Answer, Now, Told, answer_of, clock_time, number_in
from flows.text.dates import interval_of


@dataclass(frozen=True)
class Timex:
    """One TIMEX3.

    Attributes:
        start_char: offset into the document's text.
        end_char: offset, exclusive.
        timex_type: DATE, TIME, DURATION or SET.
        value: TIMEX3 value, None if it cannot be told.
        date_start: first day; None for durations, sets and open years.
        date_end: last day, inclusive.
        date_precision: day, week, month, season, quarter, year or decade; None without a date.
    """

    start_char: int
    end_char: int
    timex_type: str
    value: str | None
    date_start: date | None = None
    date_end: date | None = None
    date_precision: str | None = None


def find_timexes(reading: Reading) -> list[Timex]:
    """Every time expression of the page, in order, none overlapping another: TIMEX3 of TimeML 1.2.1.

    One row for each end of a range; none for what the text does not date at all ("soon", "at that time"). A value that
    cannot be told is None, a year left open XXXX. Raises nothing: a date that no calendar has gives no row.

    >>> from flows.extract.document import read_page
    >>> from flows.extract.reading import Page
    >>> text = "They met on Monday and talked for two days."
    >>> reading, _ = read_page(Page("d", text, date(2021, 6, 9), ((0, len(text), "body"),)))
    >>> [(text[found.start_char : found.end_char], found.timex_type, found.value) for found in find_timexes(reading)]
    [('Monday', 'DATE', '2021-06-07'), ('two days', 'DURATION', 'P2D')]
    """
    read = []
    for paragraph in reading.paragraphs:
        context = ParagraphWords(paragraph.doc, in_caption=paragraph.label == "caption")
        read.append((paragraph.start_char, context, _completed(expressions_in(context.tokens), context.tokens)))
    every = [expression for _, _, expressions in read for expression in expressions]
    published = reading.page.published_on
    if published and published.year not in COUNTABLE:  # a date that stands for none: 0001-01-01, 9999-12-31
        published = None
    now = Now(published, _is_narrative(every, published), None)
    years_ahead = iter(_years_ahead(every))
    timexes: list[Timex] = []
    for offset, context, expressions in read:
        before: Expression | None = None  # the one before it in its paragraph
        for i, expression in enumerate(expressions):
            year_ahead = next(years_ahead)
            if not context.tells_time(expression, now.told.year if now.told else None):
                continue
            if expression.kind in {"clock", "part"}:
                answer = clock_time(expression, now, _day_beside(expressions, i, now, context))
            else:
                answer = answer_of(expression, now, context)
            if answer is None:
                continue
            now = _now_after(expression, answer, now, year_ahead)
            found = _timex(expression, answer, context, offset)
            if before and _side_by_side(before, expression, context) and (one := _joined(timexes[-1], found)):
                timexes[-1] = one
            else:
                while timexes and timexes[-1].end_char > found.start_char:
                    timexes.pop()  # it belongs to this one: "the final days" of "the final days of May"
                timexes.append(found)
            before = expression
    return timexes


def _now_after(expression: Expression, answer: Answer, now: Now, year_ahead: int | None) -> Now:
    """Where the text stands after the expression."""
    told = answer.told
    if told is None:
        return now
    if expression.kind == "quarter" and now.quarter is None and _is_near(told, now.published):
        now = replace(now, quarter=(told.year, int((answer.value or "")[-1])))
    return replace(now, told=told) if _moves_story(expression, told, now, year_ahead) else now


def _is_near(told: Told, published: date | None) -> bool:
    """Whether the report may be on that quarter: "it paid none since the third quarter of 1984" is history."""
    return published is None or abs(told.year - published.year) <= 1


def _side_by_side(this: Expression, after: Expression, context: ParagraphWords) -> bool:
    """Whether a clock time and a day stand together: "10 a.m. Saturday", "May 8 1:00 a.m."; not "10 a.m. on Saturday"."""
    between = context.tokens.words[this.stop : after.start]
    if this.kind == "clock" and after.kind in _DAY_KINDS:
        return between in ((), (",",))
    return after.kind == "clock" and this.kind in _DAY_KINDS and between == ()


def _joined(this: Timex, after: Timex) -> Timex | None:
    """One row for a clock time and its day, as TimeML has them where no word parts them; None if it is another day's."""
    clock, day = (this, after) if this.timex_type == "TIME" else (after, this)
    if day.timex_type != "DATE" or not (day.value and clock.value and clock.value.startswith(f"{day.value}T")):
        return None
    return replace(clock, start_char=this.start_char, end_char=after.end_char)


def _timex(expression: Expression, answer: Answer, context: ParagraphWords, offset: int) -> Timex:
    tokens = context.tokens
    # "36 hours" of "36 hours after the blast"
    without_shift = expression.kind == "shift" and answer.timex_type == "DURATION"
    start = offset + tokens.starts[context.first_token(expression)]
    end = offset + tokens.end(expression.stop - (2 if without_shift else 1))
    found = Timex(start, end, answer.timex_type, answer.value)
    interval = interval_of(answer.value) if answer.timex_type in {"DATE", "TIME"} else None
    if interval:
        return replace(found, date_start=interval[0], date_end=interval[1], date_precision=interval[2])
    if answer.days:
        return replace(found, date_start=answer.days[0], date_end=answer.days[1], date_precision="day")
    return found


LAST_LEAP: Final = 10  # years that the last year stated may lie away from the story and still belong to it


def _moves_story(expression: Expression, told: Told, now: Now, year_ahead: int | None) -> bool:
    """Whether a narrative goes on from this date.

    A look back ("two years earlier") is an aside, and so is a year that the next one stated leaves for the year told
    before: on half of WikiWars that is worth 1.9 points of value F1, and less when only years 1, 2, 3, 5 or 10 away
    may be asides.
    """
    if not now.narrative or now.told is None:
        return True
    if expression.kind in {"shift", "relative", "adjacent"} and told.year < now.told.year:
        return False
    if "year" not in expression.parts or told.year == now.told.year:
        return True
    if year_ahead is None:
        return abs(told.year - now.told.year) <= LAST_LEAP
    return abs(year_ahead - now.told.year) > abs(year_ahead - told.year)


def _years_ahead(expressions: Sequence[Expression]) -> list[int | None]:
    """For each expression the year that the next one with a year names."""
    ahead: list[int | None] = []
    year: int | None = None
    for expression in reversed(expressions):
        ahead.append(year)
        if "year" in expression.parts:
            year = number_in(expression.parts["year"]) * (-1 if "era" in expression.parts else 1)
    return ahead[::-1]


# Tokens between a clock time and the day it belongs to: "10:35 a.m. (0735 GMT) on Friday".
CLOCK_REACH: Final = 8
_DAY_KINDS: Final = frozenset({"calendar", "weekday", "today", "tonight", "iso", "numeric", "relative"})


def _day_beside(expressions: Sequence[Expression], at: int, now: Now, context: ParagraphWords) -> date | None:
    """The day that a clock time or a part of a day belongs to: the nearest in its sentence, the one after it first."""
    this = expressions[at]
    for other in (*expressions[at + 1 : at + 3], *reversed(expressions[max(0, at - 2) : at])):
        gap = other.start - this.stop if other.start > this.start else this.start - other.stop
        first, second = sorted((this, other), key=lambda one: one.start)
        if other.kind in _DAY_KINDS and gap <= CLOCK_REACH and context.same_sentence(first.stop, second.start):
            answer = answer_of(other, now, context)
            if answer and answer.told and answer.told.as_date():
                return answer.told.as_date()
    return None


# --- what kind of text it is -----------------------------------------------------------------------------------------

# A narrative states this many dates of other years, and more than twice as many as words that need a day of writing ("on
# Monday", "yesterday"): the least in half of WikiWars is three times as many. A news report with a paragraph of history has
# fewer of the one and more of the other: of 1,510 local and political reports, 9 pass for narratives. A text
# without any such word, and with no year near that of its publication, is a narrative by its bare years alone.
NARRATIVE_DATES: Final = 4
DATES_PER_DEICTIC: Final = 2
_DEICTIC: Final = frozenset({"weekday", "today", "tonight", "overnight", "weekend"})
_STATES_DATE: Final = frozenset({"calendar", "season"})


def _is_narrative(expressions: Sequence[Expression], published: date | None) -> bool:
    dates = years = near = deictic = 0
    for expression in expressions:
        parts = expression.parts
        if expression.kind in _DEICTIC or (parts.get("ref") in {"last", "this", "next"} and "unit" in parts):
            deictic += 1
        elif "year" in parts:
            other = "era" in parts or published is None or abs(number_in(parts["year"]) - published.year) > 1
            near += not other
            years += other
            dates += other and expression.kind in _STATES_DATE
    if dates >= NARRATIVE_DATES and dates > DATES_PER_DEICTIC * deictic:
        return True
    return published is not None and years >= NARRATIVE_DATES and near == 0 and deictic == 0


# --- dates that complete one another ---------------------------------------------------------------------------------

_JOINING: Final = frozenset({"-", "–", "‐", "‑", "and", "to", "or", "through", "until", "till", "/"})


def _completed(expressions: list[Expression], tokens: Tokens) -> list[Expression]:
    """Give each of "August 8-9, 2014" or "June to August 1990" the month or year that its neighbour names."""
    done = _with_parts_of_day(expressions, tokens)
    for i in reversed(range(len(done) - 1)):
        this, after = done[i], done[i + 1]
        if after.start - this.stop == 1 and tokens.words[this.stop].lower() in _JOINING:
            done[i] = _borrow(this, after)
    for i in range(1, len(done)):
        before, this = done[i - 1], done[i]
        if "pair" in this.parts and "year" in before.parts and len(this.parts["pair"]) == len("96"):
            done[i] = this = replace(this, parts={"year": before.parts["year"][:2] + this.parts["pair"]})
        if this.start - before.stop == 1 and tokens.words[before.stop].lower() in _JOINING:
            done[i] = _borrow(this, before)
    return [this for this in done if "pair" not in this.parts]


def _with_parts_of_day(expressions: Sequence[Expression], tokens: Tokens) -> list[Expression]:
    """Make one expression of a part of a day and its day: "the morning of 31 January"."""
    done: list[Expression] = []
    for this in expressions:
        before = done[-1] if done else None
        if (
            before
            and before.kind == "part"
            and this.kind in {"calendar", "weekday"}
            and not {"day", "ordday"}.isdisjoint({*this.parts, this.kind[4:]})
        ):
            between = [word.lower() for word in tokens.words[before.stop : this.start]]
            if "part" not in this.parts and between in ([], ["of"], ["on"], [","], ["of", "the"], ["hours", "of"]):
                done[-1] = replace(this, start=before.start, parts=this.parts | before.parts)
                continue
        done.append(this)
    return done


def _borrow(this: Expression, other: Expression) -> Expression:
    if this.kind not in {"calendar", "month", "season"} or other.kind not in {"calendar", "month", "season"}:
        return this
    missing = {}
    if "day" in this.parts and "month" not in this.parts and "month" in other.parts:
        missing["month"] = other.parts["month"]
    if not this.parts.keys() & {"year", "yref", "ref"}:
        missing |= {name: other.parts[name] for name in ("year", "yref", "era") if name in other.parts}
    return replace(this, parts=this.parts | missing) if missing else this
