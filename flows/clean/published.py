"""The day a page was published: stated on it, given with it, or following from its text. Null rather than a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from flows.clean.lines import Line
from flows.clean.records import Metadata
from flows.clean.segments import Labelled
from flows.text.dates import MONTHS

FIRST_YEAR, LAST_YEAR = 1900, 2100  # outside these a number is no year of publication
FULL_YEAR_DIGITS = 4
CENTURY_PIVOT = (
    70  # two digits below it are 20xx, as POSIX strptime reads them (68 there); archives of news begin later
)
MONTHS_A_YEAR = 12
SURE_RANK = 2.0  # a date ranked lower gives way to metadata that disagree with it
LINE_CHARS = 400  # of a line outside the body; a date stands at its head or end
LEAD_CHARS = 300  # of the first paragraphs, for datelines and inferred days
LEAD_PARAGRAPHS = 3
HEAD_REACH = 14  # lines between headline and a bare date that may still be its date
LABEL_CHARS = 40  # before a date, in which "Published" or "Updated" is its label; a label may have a line to itself
LINE_START = 3
FOOT_REACH = 6  # lines below the story
HEAD_SLIP = 3  # lines into the body: a first line that was no body
PLACE_CHARS = 60  # before a date in a dateline
PIECE_CHARS = 12  # of a date's day, month or year on a line of its own
CLOCK_REACH = 6  # a bare date further above the headline than this is the day of the crawl, not of the story

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
_M = "(?P<m>" + "|".join(sorted(MONTHS, key=lambda n: (-len(n), n))) + r")\b\.?"
_W = "|".join(sorted(_WEEKDAY_NUMBER, key=lambda n: (-len(n), n)))
_WD = rf"(?:\b(?P<w>{_W})\b\.?,?\s{{1,3}})?"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
# a digit may follow the year only where a second copy of the date is glued to it: "9 Oct 20239 Oct 2023"
_Y = r"(?P<y>(?:19|20)\d\d)(?!\d(?!\d?\s[A-Z][a-z]{2}))"
_Y2 = r"(?P<y>(?:19|20)\d\d|\d\d)(?![\d:])"
# One pattern a form. Every repetition is bounded: they run in time linear in the line.
_FORMS = (
    (
        "iso",
        re.compile(
            r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?=T\d|\D|$)(?![/-])"
        ),
    ),
    (
        "named",
        re.compile(rf"{_WD}(?<![\d.,:]){_D}(?:\s+of)?[\s\-./|,]{{1,5}}{_M}[\s,\-./|']{{0,5}}{_Y}", re.IGNORECASE),
    ),
    ("named", re.compile(rf"{_WD}\b{_M}[\s\-./|]{{0,3}}{_D}\s{{0,2}}(?:[,./|-]|\bat\b)?\s{{0,3}}{_Y}", re.IGNORECASE)),
    ("named", re.compile(rf"{_WD}\b(?P<y>(?:19|20)\d\d)[\s,\-./]{{1,3}}{_M}[\s\-./]{{1,3}}{_D}(?!\d)", re.IGNORECASE)),
    ("named", re.compile(rf"{_WD}(?<![\d.,:/]){_D}[-\s]{_M}[-\s'’]{{1,2}}(?P<y>\d\d)(?![\d:])", re.IGNORECASE)),
    (
        "numeric",
        re.compile(
            rf"{_WD}(?<![\d/.:-])(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep){_Y2}(?![/.-]\d)", re.IGNORECASE
        ),
    ),
)
_YEAR_LIKE = re.compile(
    r"(?<!\d)(?:19|20)\d\d|[-/.'’ ]\d\d(?!\d)"
)  # every form ends or begins so; most lines hold none
_YEARLESS = re.compile(
    rf"{_WD}(?:\b{_M}\s{{1,2}}{_D}|(?<![\d.,:]){_D}\s{{1,2}}(?P<m2>{'|'.join(sorted(MONTHS, key=lambda n: (-len(n), n)))})\b\.?)(?!\d|[,\s]{{1,3}}(?:19|20)\d\d)".replace(
        "(?P<d>", "(?P<d1>", 1
    ),
    re.IGNORECASE,
)

_PUBLISHED = re.compile(
    r"\b(?:first |originally )?(?:published|posted|publication|released?|issued|created|uploaded|added|date|dated|filed|issue time)\b(?: (?:on|at|date|time))?",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:(?:last )?(?:updated?|modified|edited|changed|revised)|upd|accessed|retrieved|archived|printed|last reviewed)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\bcopyright\b|\(c\)|\ball rights reserved\b|\bsince\b|\bfounded\b|\best\b", re.IGNORECASE)
_NEWS_ID = re.compile(r"[A-Z]{2,5}_[A-Z]{2,3}_(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\.\d+")


@dataclass(frozen=True)
class Published:
    """A publication day with its basis, and where the words stand that give it (None for metadata)."""

    day: date
    basis: str
    start_char: int | None
    end_char: int | None


@dataclass(frozen=True)
class _Candidate:
    """A date written on the page. `readings`: one day, or two where day and month may change places."""

    readings: tuple[date, ...]
    weekday: int | None
    start_char: int
    end_char: int
    rank: float = 0.0


def published_on(labelled: Labelled, metadata: Metadata) -> Published | None:
    """The publication day.

    The page's own words come first (basis explicit), then metadata, then what the text makes certain (inferred): a
    dateline or lead that names weekday, day, month and year, or a byline's day and month whose year a caption gives.
    """
    day_first = _day_order(labelled, metadata)
    if day_first is None:
        day_first = _order_by_company(labelled)
    explicit = _explicit(labelled, day_first)
    given = parse_day(metadata.published) if metadata.published else None
    if explicit and not (given and abs((given - explicit.day).days) > 1 and explicit.basis == "weak"):
        return replace(explicit, basis="explicit")
    if given:
        return Published(given, "metadata", None, None)
    return _inferred(labelled, day_first)


def parse_day(value: str) -> date | None:
    """A date as metadata writes it (ISO, RFC 2822, English words), else None; an ambiguous one is None.

    >>> parse_day("2020-07-17T10:20:00Z"), parse_day("Fri, 17 Jul 2020 10:20:00 GMT"), parse_day("05/06/2020")
    (datetime.date(2020, 7, 17), datetime.date(2020, 7, 17), None)
    """
    compact = re.match(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:T|$|\d{6})", value[:40])
    if compact:
        return _day(*map(int, compact.groups()))
    for candidate in _dates_in(value[:80], 0):
        days = _settle(candidate, None)
        if days:
            return days
    return None


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


def _dates_in(text: str, offset: int) -> Iterator[_Candidate]:
    """Every complete date in a stretch of text, in order; overlapping forms are read once."""
    if not _YEAR_LIKE.search(text):
        return
    found: list[_Candidate] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            weekday = _WEEKDAY_NUMBER.get((parts.get("w") or "").casefold())
            if form == "numeric":
                year, a, b = _year(parts["y"]), int(parts["a"]), int(parts["b"])
                if parts["sep"] == "." and len(parts["y"]) < FULL_YEAR_DIGITS:
                    continue  # 3.10.24 is as often a version, a score or a time
                days = [day for day in (_day(year, b, a), _day(year, a, b)) if day]
            else:
                month = MONTHS[parts["m"].casefold()] if form == "named" else int(parts["m"])
                days = [day for day in (_day(_year(parts["y"]), month, int(parts["d"])),) if day]
            unique = tuple(dict.fromkeys(days))
            if unique:
                found.append(_Candidate(unique, weekday, offset + match.start(), offset + match.end()))
    found.sort(key=lambda c: (c.start_char, -c.end_char))
    past = -1
    for candidate in found:
        if candidate.start_char >= past:
            past = candidate.end_char
            yield candidate


def _settle(candidate: _Candidate, day_first: bool | None) -> date | None:
    """The day meant; None where day and month may change places and nothing decides."""
    if len(candidate.readings) == 1:
        return candidate.readings[0]
    if candidate.weekday is not None:
        fitting = [day for day in candidate.readings if day.weekday() == candidate.weekday]
        if len(fitting) == 1:
            return fitting[0]
    if day_first is None:
        return None
    return candidate.readings[0] if day_first else candidate.readings[1]


# ------------------------------------------------------------------ day before month?

# Only these write the month first by habit (CLDR short date formats: en-US, en-PH, and US territories)
_MONTH_FIRST_DOMAINS = frozenset({"us", "gov", "mil", "edu", "ph", "pr", "gu"})
_OPEN_DOMAINS = frozenset(
    {
        "com",
        "org",
        "net",
        "info",
        "news",
        "tv",
        "co",
        "io",
        "int",
        "me",
        "press",
        "media",
        "live",
        "today",
        "world",
        "global",
    }
)


def _day_order(labelled: Labelled, metadata: Metadata) -> bool | None:
    """True when this page writes the day before the month, False for the month first, None when nothing tells.

    Another numeric date on the page decides first (one of its numbers is over 12, or its weekday fits one reading only),
    then the country of its domain, then a dotted date (nobody writes the month first with dots).
    """
    votes = [0, 0]
    dotted = False
    for line, label in zip(labelled.lines, labelled.labels, strict=True):
        if label == "body":
            continue
        for match in _FORMS[-1][1].finditer(line.text[:LINE_CHARS]):
            a, b = int(match["a"]), int(match["b"])
            votes[0] += a > MONTHS_A_YEAR >= b
            votes[1] += b > MONTHS_A_YEAR >= a
            dotted = dotted or match["sep"] == "."
    if votes[0] != votes[1]:
        return votes[0] > votes[1]
    domain = (urlsplit(metadata.url).hostname or "") if metadata.url else ""
    suffix = domain.rsplit(".", 1)[-1]
    if suffix in _MONTH_FIRST_DOMAINS:
        return False
    if suffix and suffix not in _OPEN_DOMAINS:
        return True
    return True if dotted else None


NEAR_DAYS = 7  # a whole date in words this close to one reading of a numeric date, and
FAR_DAYS = 20  # this far from the other, decides between them


def _order_by_company(labelled: Labelled) -> bool | None:
    """The order that brings the page's numeric date near a date that it writes in words; None when nothing decides."""
    named: list[date] = []
    open_dates: list[tuple[date, ...]] = []
    for line in labelled.lines:
        for candidate in _dates_in(line.text[:LINE_CHARS], 0):
            if len(candidate.readings) == 1:
                named.append(candidate.readings[0])
            else:
                open_dates.append(candidate.readings)
    votes = [0, 0]
    for day_first, month_first in open_dates[:MAX_OPEN_DATES]:
        near = [min((abs((day - other).days) for other in named), default=FAR_DAYS) for day in (day_first, month_first)]
        votes[0] += near[0] <= NEAR_DAYS and near[1] >= FAR_DAYS
        votes[1] += near[1] <= NEAR_DAYS and near[0] >= FAR_DAYS
    return None if votes[0] == votes[1] else votes[0] > votes[1]


MAX_OPEN_DATES = 20  # compared with every date in words: a page of nothing but dates must stay cheap


# ------------------------------------------------------------------ stated on the page


def _explicit(labelled: Labelled, day_first: bool | None) -> Published | None:
    """The best ranked date outside the story's text; basis is "weak" for one that stands bare and far off."""
    best: tuple[float, Published] | None = None
    for candidate in (*_header_candidates(labelled), *_split_dates(labelled), *_dateline_candidates(labelled)):
        day = _settle(candidate, day_first)
        if day is None or candidate.rank <= 0:
            continue
        if candidate.weekday is not None and day.weekday() != candidate.weekday:
            continue
        if best is None or candidate.rank > best[0]:
            best = (
                candidate.rank,
                Published(
                    day, "weak" if candidate.rank < SURE_RANK else "sure", candidate.start_char, candidate.end_char
                ),
            )
    return best[1] if best else None


def _body_bounds(labelled: Labelled) -> tuple[int, int]:
    body = [i for i, label in enumerate(labelled.labels) if label == "body"]
    return (body[0], body[-1]) if body else (len(labelled.labels), len(labelled.labels))


def _header_candidates(labelled: Labelled) -> Iterator[_Candidate]:
    first, last = _body_bounds(labelled)
    top = labelled.headline if labelled.headline is not None else None
    for i, (line, label) in enumerate(zip(labelled.lines, labelled.labels, strict=True)):
        if label in {"body", "related", "comment", "caption", "subhead", "other"}:
            continue
        text = line.text[:LINE_CHARS]
        for candidate in _dates_in(text, line.start_char):
            start = candidate.start_char - line.start_char
            rank = _rank(labelled, i, text, start, label, first, last, top)
            yield replace(candidate, rank=rank)


def _rank(
    labelled: Labelled, i: int, text: str, start: int, label: str, first: int, last: int, top: int | None
) -> float:
    """How likely a date at `start` of line `i` is the page's own; 0 or less when it is not."""
    before = text[max(0, start - LABEL_CHARS) : start]
    previous = (
        labelled.lines[i - 1].text if i and start < LINE_START and len(labelled.lines[i - 1].text) < LABEL_CHARS else ""
    )
    if _COPYRIGHT.search(before) or (_COPYRIGHT.search(text) and label == "meta"):
        return 0.0
    updated = _last(_UPDATED, previous + " " + before)
    published = _last(_PUBLISHED, previous + " " + before)
    labelled_as = "published" if published > updated else "updated" if updated >= 0 else ""
    if i > last:  # below the story: only what calls itself its date
        between = labelled.labels[last + 1 : i]
        near = i - last <= FOOT_REACH and "related" not in between and "comment" not in between
        return (
            (3.0 if labelled_as == "published" else 1.6 if labelled_as else 1.4 if label == "date" else 0.0)
            if near
            else 0.0
        )
    if i >= first:
        return (
            1.5 if labelled_as == "published" else 1.0 if label in {"date", "byline"} and i - first < HEAD_SLIP else 0.0
        )
    if top is None:
        distance = first - i
        base = 3.0 if distance <= HEAD_REACH else 0.0
    elif i >= top:
        base = 3.5
    else:
        base = 2.5 if top - i <= CLOCK_REACH else 0.0
    if labelled_as == "published":
        return base + 2.0 if base else 2.0
    if labelled_as == "updated":
        return base - 1.0 if base else 0.0
    if label == "byline":
        return base + 0.5
    if label == "date":
        return base
    return base - 0.5 if base else 0.0


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position


def _split_dates(labelled: Labelled) -> Iterator[_Candidate]:
    """A date broken over lines above the story: day, month and year each on its own."""
    first, _ = _body_bounds(labelled)
    for i in range(min(first, len(labelled.lines)) - 1):
        group = labelled.lines[i : i + 3]
        if any(len(line.text) > PIECE_CHARS for line in group):
            continue
        joined = " ".join(line.text for line in group)
        for candidate in _dates_in(joined, 0):
            if candidate.start_char == 0:
                yield replace(candidate, start_char=group[0].start_char, end_char=group[-1].end_char, rank=2.8)


def _lead(labelled: Labelled) -> list[Line]:
    return [line for line, label in zip(labelled.lines, labelled.labels, strict=True) if label == "body"][
        :LEAD_PARAGRAPHS
    ]


def _dateline_candidates(labelled: Labelled) -> Iterator[_Candidate]:
    """A dateline with its year: "KABUL (Feb. 21, 2011) -", "ABUJA, Dec 5, 2005"."""
    for line in _lead(labelled)[:1]:
        for candidate in _dates_in(line.text[:120], line.start_char):
            start = candidate.start_char - line.start_char
            place = line.text[:start].strip(" ,(/-–—")
            after = line.text[candidate.end_char - line.start_char :][:30]
            capital = place.isupper() or re.fullmatch(r"[A-Z]{3,}[^.!?]{0,40}", place)
            if (
                place
                and len(place) < PLACE_CHARS
                and capital
                and re.match(r"\s*[)\].,]?\s*(?:[(/\[][^()]{1,25}[)/\]])?\s*(?:[–—:]|-{1,2})", after)
            ):
                yield replace(candidate, rank=2.2)


# ------------------------------------------------------------------ following from the text

_SPOKEN = re.compile(
    r"\b(?:said|says|told|announced|reported|met|held|signed|agreed|arrived|declared|issued|stated|spoke)\b",
    re.IGNORECASE,
)


def _inferred(labelled: Labelled, day_first: bool | None) -> Published | None:
    """What the text makes certain.

    A weekday with its full date in a sentence of the lead that tells a statement or a meeting, as the day of the news;
    or a day and month beside the byline whose year a caption of the same day gives. Refused: a weekday with its date in
    any first paragraph; of the local news swept it was the day before publication in five of six.
    """
    yearless = _yearless_header(labelled)
    if yearless:
        for line, label in zip(labelled.lines, labelled.labels, strict=True):
            if label in {"caption", "meta", "body"}:
                for candidate in _dates_in(line.text[:LINE_CHARS], line.start_char):
                    day = _settle(candidate, day_first)
                    if day and (day.month, day.day) == yearless[:2]:
                        return Published(day, "inferred", yearless[2], yearless[3])
    for line in _lead(labelled)[:2]:
        text = line.text[:LEAD_CHARS]
        for candidate in _dates_in(text, line.start_char):
            day = _settle(candidate, day_first)
            start, end = candidate.start_char - line.start_char, candidate.end_char - line.start_char
            sentence = text[text.rfind(". ", 0, start) + 1 : end + len(text[end:].partition(". ")[0])]
            fits = day is not None and candidate.weekday is not None and day.weekday() == candidate.weekday
            if (
                day
                and fits
                and _SPOKEN.search(sentence)
                and not _PUBLISHED.search(text[max(0, start - LABEL_CHARS) : start])
            ):
                return Published(day, "inferred", candidate.start_char, candidate.end_char)
    return None


def _yearless_header(labelled: Labelled) -> tuple[int, int, int, int] | None:
    """(month, day, start, end) of a day without a year on the byline's or date's line."""
    for line, label in zip(labelled.lines, labelled.labels, strict=True):
        if label not in {"byline", "date"}:
            continue
        match = _YEARLESS.search(line.text[:LINE_CHARS])
        if match:
            parts = match.groupdict()
            month = MONTHS[(parts.get("m") or parts.get("m2") or "").casefold()]
            day = int(parts.get("d1") or parts.get("d") or 0)
            return month, day, line.start_char + match.start(), line.start_char + match.end()
    return None
