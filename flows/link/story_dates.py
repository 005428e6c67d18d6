"""The day of an article that has none, where its own words and another article of its story leave one.

A page says "on Friday" and "July 12" and leaves the year to its reader. An article of the same story that has a date
gives it; the page's own words must then name the day. README.md, "Dates from neighbours", has what was measured.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from flows.link.articles import Article
from flows.text.dates import DAYS_PER_WEEK, MONTHS, exists

Row = Mapping[str, Any]

# How far a dateline's day may lie from a dated article's: a story is told for days, and the next year's day is 350 away.
NEAR_DAYS: Final = 15

# The day of a page without a dateline must be its news's. Of 3,650 dated articles, local crime for the most part, that tell
# a weekday, the first one told is the day of publication in 44 %, and in 88 % that or one of the two days before. With
# the limits below it was the day of publication in 4 of 4, without the statement in 15 of 25, without the two earlier days
# in 25 of 42 (counted by patterns over the words; what passes the rule itself: README.md).
LEAST_TOLD: Final = 2  # times that the day of the news is told
LEAST_EARLIER: Final = 2  # other weekdays told: a page that recounts the week day by day, and ends with its own
MAY_BE_LATER_DAYS: Final = 2  # by which such a page may have appeared after its news: nothing on it may depend on that

LEAD_CHARS: Final = 400  # of a first paragraph; a page without paragraphs is one
DATELINE_CHARS: Final = 160

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY: Final = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
# Names, day and month at the head, then what ends a dateline: "KHARTOUM, Dec. 5 (Meridian) -", "Novaya Press, 25 March -".
# The day of an update or a correction is not that of the text.
_DATELINE: Final = re.compile(
    r"(?!(?i:updat|correct))(?P<names>(?:(?:[^\W\d_a-z][\w.'’/-]*|and|of|de|el|al|la),? ){0,12})"
    rf"\(?(?i:(?P<month>{_MONTH})\b\.? (?P<day>\d{{1,2}})|(?P<day_first>\d{{1,2}}) (?P<month_last>{_MONTH})\b\.?)"
    r"(?:\)|,)? ?(?:[(/\[][^()]{1,30}[)/\]])? ?(?:[–—:]|-{1,2})(?!\d)"
)
# What is said, or agreed at a meeting, is news of that day; what is done or found out may be told the day after.
_STATED: Final = re.compile(
    r"\b(?:said|told|announced|declared|stated|voiced|expressed|stressed|warned|urged|called|condemned|accused|denied|"
    r"rejected|offered|pledged|promised|vowed|agreed|met|discussed|held|signed)\b"
)
_OPEN_DAY: Final = re.compile(r"XXXX-(\d\d)-(\d\d)(?:T.*)?")
_OPEN_WEEKDAY: Final = re.compile(r"XXXX-WXX-([1-7])(?:T.*)?")
_OPEN_MONTH: Final = re.compile(r"XXXX-\d\d")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SETTLED: Final = re.compile(r"(?:BC)?\d.*|(?:PAST|PRESENT|FUTURE)_REF")
_COUNTED_TYPES: Final = frozenset({"DATE", "TIME"})


@dataclass(frozen=True, slots=True)
class InferredDate:
    """A day that follows from a neighbour.

    Attributes:
        published_on: the day of a dateline, or the last day that the page tells.
        from_document_id: the article of its story that gives the year.
    """

    published_on: date
    from_document_id: str


def articles_concerned(articles: Sequence[Article], stories: Mapping[str, str]) -> frozenset[str]:
    """Documents of the stories that have articles with a date and without: whose time expressions are asked for."""
    members: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        members[stories[article.document_id]].append(article)
    mixed = (told for told in members.values() if len({article.published_on is None for article in told}) > 1)
    return frozenset(article.document_id for told in mixed for article in told)


def dates_from_neighbours(
    articles: Sequence[Article], stories: Mapping[str, str], timexes: Mapping[str, Sequence[Row]]
) -> dict[str, InferredDate]:
    """Days of articles without one that follow from an article of the same story.

    Two kinds of page have such a day. One names day and month in its dateline ("KHARTOUM, Dec. 5 (Meridian) -"): a
    neighbour of about that day gives the year. The other tells weekdays and a day without its year: it is of the last
    day that it tells where a neighbour appeared on that day, tells of that day and of the other one too, and where the
    page's words would mean the same days had it appeared a little later.

    Args:
        articles: all of them, in any order; those with a day of their own only give.
        stories: document to story.
        timexes: rows with timex_type, value and text, in any order, of `articles_concerned`.

    Returns:
        Document to day, only where the two kinds or two neighbours do not contradict each other. A day inferred here
        gives none to others, and the order of the articles changes nothing.
    """
    concerned = articles_concerned(articles, stories)
    dated: dict[str, dict[date, list[_Neighbour]]] = defaultdict(lambda: defaultdict(list))
    for article in sorted(articles, key=lambda one: one.document_id):
        day = article.published_on
        if day and article.document_id in concerned:
            neighbour = _neighbour(article.document_id, day, timexes.get(article.document_id, ()))
            dated[stories[article.document_id]][day].append(neighbour)
    found: dict[str, InferredDate] = {}
    for article in articles:
        if article.published_on is None and article.document_id in concerned:
            neighbours = dated[stories[article.document_id]]
            told = _told_by(article, timexes.get(article.document_id, ()))
            days = _from_dateline(article, neighbours) or (_from_news(told, neighbours) if told else [])
            if len({day.published_on for day in days}) == 1:
                found[article.document_id] = days[0]
    return found


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """An article with a day of its own.

    Attributes:
        document_id: its document.
        days: that it tells, as YYYY-MM-DD.
        tells_its_day: whether it tells its own day of publication by the weekday.
    """

    document_id: str
    days: frozenset[str]
    tells_its_day: bool


def _neighbour(document_id: str, day: date, timexes: Sequence[Row]) -> _Neighbour:
    told = [(match[0], row["text"]) for row in timexes if (match := _DAY.match(row["value"] or ""))]
    by_weekday = any(value == day.isoformat() and _WEEKDAY.search(text) for value, text in told)
    return _Neighbour(document_id, frozenset(value for value, _ in told), by_weekday)


def _from_dateline(article: Article, neighbours: Mapping[date, Sequence[_Neighbour]]) -> list[InferredDate]:
    """The dateline's day in the year that brings it near a neighbour; the nearest neighbour first, then by id."""
    match = _DATELINE.match(article.body, 0, DATELINE_CHARS)
    if match is None:
        return []
    month = MONTHS[(match["month"] or match["month_last"]).casefold()]
    day = int(match["day"] or match["day_first"])
    found = []
    for told, those in neighbours.items():
        near = _nearest(month, day, told)
        if near and abs((near - told).days) <= NEAR_DAYS:
            found.append((abs((near - told).days), those[0].document_id, near))
    return [InferredDate(near, document_id) for _, document_id, near in sorted(found)]


def _from_news(told: "_Told", neighbours: Mapping[date, Sequence[_Neighbour]]) -> list[InferredDate]:
    """The last day that the page tells, for each day on which a neighbour appeared that tells what the page tells."""
    found = []
    for day, those in neighbours.items():
        if day.isoweekday() == told.weekday and told.may_be_of(day):
            shared = {near.isoformat() for near in told.open_days_before(day)}
            alike = (one for one in those if one.tells_its_day and one.days & shared)
            found += [InferredDate(day, neighbour.document_id) for neighbour in islice(alike, 1)]
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What a page without a date tells of days.

    Attributes:
        weekday: of its news, Monday is 1.
        others: the other weekdays that it tells.
        open_days: (month, day) without a year.
        names_months: whether it names a month without year or day.
    """

    weekday: int
    others: frozenset[int]
    open_days: frozenset[tuple[int, int]]
    names_months: bool

    def may_be_of(self, day: date) -> bool:
        """Whether its words mean the same days if it appeared on that day or MAY_BE_LATER_DAYS later, and none is to come."""
        last = day + timedelta(days=MAY_BE_LATER_DAYS)
        if self.names_months and last.month != day.month:
            return False
        after = {(day + timedelta(days=later)).isoweekday() for later in range(1, MAY_BE_LATER_DAYS + 1)}
        nearest = [_nearest(month, number, day) for month, number in self.open_days]
        return not (after & self.others) and all(near is not None and near <= day for near in nearest)

    def open_days_before(self, day: date) -> Iterator[date]:
        """The days of the week that ends with `day` which it names by day and month."""
        for month, number in self.open_days:
            near = _nearest(month, number, day)
            if near is not None and 0 <= (day - near).days < DAYS_PER_WEEK:
                yield near


def _told_by(article: Article, timexes: Sequence[Row]) -> _Told | None:
    """What the page tells; None if its news is of no certain weekday, or it counts from the day of publication elsewhere."""
    lead = article.body.partition("\n\n")[0][:LEAD_CHARS]
    first = _WEEKDAY.search(lead)
    if first is None:
        return None
    sentence = lead[lead.rfind(". ", 0, first.start()) + 1 : first.end() + len(lead[first.end() :].partition(". ")[0])]
    if not _STATED.search(sentence):
        return None
    values = [row["value"] or "" for row in timexes if row["timex_type"] in _COUNTED_TYPES]
    weekdays = [int(match[1]) for value in values if (match := _OPEN_WEEKDAY.fullmatch(value))]
    open_days = frozenset((int(m[1]), int(m[2])) for value in values if (m := _OPEN_DAY.fullmatch(value)))
    months = [value for value in values if _OPEN_MONTH.fullmatch(value)]
    known = (_OPEN_WEEKDAY, _OPEN_DAY, _OPEN_MONTH, _SETTLED)
    if not all(any(form.fullmatch(value) for form in known) for value in values):
        return None
    weekday = _WEEKDAYS.index(first[0]) + 1
    others = frozenset(weekdays) - {weekday}
    if weekdays.count(weekday) < LEAST_TOLD or len(others) < LEAST_EARLIER:
        return None
    return _Told(weekday, others, open_days, bool(months))


def _nearest(month: int, day: int, to: date) -> date | None:
    """The day of that month in the year that brings it nearest; None if those years do not have it.

    >>> _nearest(12, 30, date(2021, 1, 2)), _nearest(2, 29, date(2022, 3, 1))
    (datetime.date(2020, 12, 30), None)
    """
    days = [date(year, month, day) for year in (to.year - 1, to.year, to.year + 1) if exists(year, month, day)]
    return min(days, key=lambda one: abs(one - to), default=None)
