"""The day a page was published: stated on it, given with it, or following from its text. Null rather than a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.clean.lines import Line
from flows.clean.place import Place
from flows.clean.records import Metadata
from flows.clean.segments import Labelled
from flows.clean.web_address import host_of
from flows.clean.written_dates import (
    YEARLESS,
    WrittenDate,
    dates_in,
    day_in_url,
    numeric_dates,
    parse_day,
    settle,
)
from flows.text.dates import MONTHS, exists

__all__ = ["Published", "parse_day", "published_on"]

MONTHS_A_YEAR = 12
LINE_CHARS = 400  # of a line outside the body; a date stands at its head or end
LEAD_CHARS = 300  # of the first paragraphs, for datelines and inferred days
LEAD_LINES = 2
DATELINE_CHARS = 120
HEAD_REACH = 14  # lines between a date and the body of a text without a headline
LABEL_CHARS = 40  # before a date, in which "Published" or "Updated" is its label; a label may have a line to itself
LINE_START = 3
FOOT_REACH = 6  # lines below the story
REACH_ABOVE = 400  # lines above the story; menus of the 145 pages take up to 220
MAX_LINES = 1_000  # looked at for dates: a page of 100,000 lines that are nearly dates must stay cheap
HEAD_SLIP = 3  # lines into the body: a first line that was no body
PLACE_CHARS = 60  # before a date in a dateline
PIECE_CHARS = 12  # of a date's day, month or year on a line of its own
CLOCK_REACH = 6  # a bare date further above the headline than this is the day of the crawl, not of the story
BANNER_LINES = 3  # and more between a banner's date and the headline
ONE_DAY = 1  # by which a page's local day and the day in UTC may differ

# Ranks of a date by where it stands. The order matters, the numbers do not; they were set on the development pages.
BELOW_HEADLINE, NO_HEADLINE, ABOVE_HEADLINE = 3.5, 3.0, 2.5
CONFIRMED = 2.6  # above the headline, and metadata or the address name the same day
LABEL_ALONE = 2.0  # "Published" far from the story
CALLED_PUBLISHED, CALLED_UPDATED, ON_BYLINE, NOT_A_DATE_LINE = 2.0, -1.0, 0.5, -0.5
IN_CAPTION = -1.0  # of a line that is taken for a deck or a caption, where it names itself or a clock's time
FOOT_PUBLISHED, FOOT_UPDATED = 3.0, 1.6
BODY_PUBLISHED, BODY_DATE = 1.5, 1.0
DATELINE, GLUED_LABEL, BROKEN_DATE = 2.2, 2.4, 2.8
WITH_CLOCK, A_LINE_AWAY = 0.2, 0.01  # of two dates of one rank the one with a time of day, then the nearer one
SURE_RANK = 2.0  # a date ranked lower gives way to metadata that disagree with it

NEAR_DAYS = 7  # a whole date in words this close to one reading of a numeric date, and
FAR_DAYS = 20  # this far from the other, decides between them
MAX_OPEN_DATES = 20  # compared with every date in words: a page of nothing but dates must stay cheap

_PUBLISHED = re.compile(
    r"\b(?:(?:first |originally )?(?:published|posted|publication|released?|issued|created|uploaded|added|dated|filed|submitted|issue time)"
    r"|(?:publish(?:ed|ing)?|publication|posting|post|release|issue|article|story|news) (?:date|time))\b(?: (?:on|at|date|time))?"
    r"|(?:^|[|•·,(>:]\s?)date\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:(?:last )?(?:updated?|modified|edited|changed|revised)|upd|accessed|retrieved|archived|printed|last reviewed)\b",
    re.IGNORECASE,
)
# "est." is short for established only before a year: in "8:00 PM EST, Tue" it is a time zone.
_COPYRIGHT = re.compile(
    r"©|\bcopyright\b|\(c\)|\ball rights reserved\b|\bsince\b|\bfounded\b|\best(?:ablished|\.)? (?:in )?(?=(?:19|20)\d\d)",
    re.IGNORECASE,
)
# What stands before a day that is another's: of a payment, a deadline, a birth
_OTHER_DAY = re.compile(
    r"\b(?:due|payable|matur\w+|end(?:ed|ing|s)?|until|till|through|expir\w+|effective|as of|born|died|valid|deadline|starts?|starting|"
    r"begins?|beginning|dob|(?:payment|record|maturity|settlement|closing|birth|court|hearing|trial|launch) date)\b[\s:,]{0,3}(?:on|in|at)?[\s:,]{0,3}$",
    re.IGNORECASE,
)
_PROSE_WORD = re.compile(r"(?<![\w'’])[a-z]{2,}")
_SMALL_WORDS = frozenset(("on", "at", "of", "the", "is", "from", "story", "this", "by", "for", "last", "and", "in"))
# With a capital: "a report published on May 3, 2019" is not the page's. Nor is what ends a video's caption in brackets.
_LABEL_AT_ONCE = re.compile(
    r"(?<![(\w])(?:Posted|Published|Created|POSTED|PUBLISHED|CREATED)(?: [Oo][Nn]| [Aa][Tt])?\s?:?\s{0,2}$"
)
_CLOCK = re.compile(r"[\s,|•·@(–—-]{0,4}(?:at )?\d{1,2}(?:[:.h]\d\d|\s?[ap]\.?m\b)", re.IGNORECASE)
# What follows the day in a line of the page's header that runs day, day of change, writer and more together
_HEADER_GOES_ON = re.compile(
    r"\s?(?:[|•·]|by\s+[A-Z]|(?:[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? (?:19|20)\d\d)"
)
_TIME = re.compile(r"\d[:.]\d\d")
# Place, bracket: the dateline of a release whose header ran into its first line
_PLACE_BEFORE_DAY = re.compile(r"(?:^|\s)[A-Z]{3,}(?:,? [A-Z][a-z]{2,20}){0,2} \($")
_RELEASE_NUMBER = re.compile(r"(?<![\w-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-[A-Z]{1,4}[-–]\d{1,4}(?!\d)")
_AFTER_DATELINE = re.compile(r"\s*[)\].,]?\s*(?:[(/\[][^()]{1,25}[)/\]])?\s*(?:[–—:]|-{1,2})")
_CAPITAL_PLACE = re.compile(r"[A-Z]{3,}[^.!?]{0,40}")
_SPOKEN = re.compile(
    r"\b(?:said|says|told|announced|reported|met|held|signed|agreed|arrived|declared|issued|stated|spoke)\b",
    re.IGNORECASE,
)
# Another story's or reader's, or not the page's own: dates there say nothing of the page
_NOT_ITS_OWN = frozenset(("related", "comment"))
_SKIPPED = _NOT_ITS_OWN | {"other"}
_TEXT = frozenset(("caption", "subhead"))


@dataclass(frozen=True)
class Published:
    """A publication day with its basis, and where the words stand that give it (None for metadata)."""

    day: date
    basis: str
    start_char: int | None
    end_char: int | None


@dataclass(frozen=True)
class _Stated:
    """A date on the page: how likely it is the page's own, and whether the page says so."""

    written: WrittenDate
    rank: float
    named: bool = False
    changed: bool = False  # called the day of an update


class _Evidence:
    """What is known besides the words: the day in the metadata, the day in the address, and which number is the day.

    The order of day and month is worked out when the first date asks for it; most pages write the month in words.
    """

    def __init__(self, place: Place, metadata: Metadata) -> None:
        self.place = place
        self.metadata = metadata
        self.linked = day_in_url(metadata.url) if metadata.url else None
        self.given = _given_day(metadata, self.linked)
        self.known = [day for day in (self.given, self.linked) if day]
        self._order: bool | None = None
        self._order_known = False

    def day(self, written: WrittenDate) -> date | None:
        """The day meant; None where nothing tells, or its weekday contradicts it."""
        if len(written.readings) > 1 and not self._order_known:
            self._order, self._order_known = self._day_first(), True
        day = settle(written, self._order)
        return None if day and written.weekday is not None and day.weekday() != written.weekday else day

    def confirms(self, day: date | None) -> bool:
        """Whether metadata or address name that day, or one beside it."""
        return day is not None and any(abs((day - known).days) <= ONE_DAY for known in self.known)

    def _day_first(self) -> bool | None:
        order = _order_by_numbers(self.place, self.metadata)
        return _order_by_company(self.place.labelled, self.known) if order is None else order


def _given_day(metadata: Metadata, linked: date | None) -> date | None:
    """The day that metadata give; where day and month may change places, as the address or the domain's country has it."""
    if not metadata.published:
        return None
    if day := parse_day(metadata.published):
        return day
    for written in dates_in(metadata.published[:LINE_CHARS]):
        return linked if linked in written.readings else settle(written, _order_by_domain(metadata))
    return None


def published_on(place: Place, metadata: Metadata) -> Published | None:
    """The publication day.

    The page's own words come first (basis explicit), then metadata and, for a web page, the day in its address (basis
    metadata), then what the text makes certain (inferred): a lead that names weekday, day, month and year, or a
    byline's day and month whose year a caption gives. The address of a plain text only helps to read its dates.
    """
    evidence = _Evidence(place, metadata)
    lead = _lead_dates(place)
    stated = _best(place, evidence, lead)
    lines = place.labelled.lines
    web_page = bool(lines) and lines[0].block is not None
    outside = _outside(evidence, web_page=web_page)
    if stated:
        found, day = stated
        written = found.written
        if not (
            outside and abs((outside - day).days) > ONE_DAY and _gives_way(found, day, evidence, web_page=web_page)
        ):
            return Published(day, "explicit", written.start_char, written.end_char)
    if outside:
        return Published(outside, "metadata", None, None)
    return _inferred(place, evidence, lead)


def _outside(evidence: _Evidence, *, web_page: bool) -> date | None:
    """The day that metadata give, or the address of a web page.

    Metadata are often in UTC. Where the address has the day before or after, it is the day at the outlet's place.
    """
    given, linked = evidence.given, evidence.linked if web_page else None
    if given and linked and abs((given - linked).days) <= ONE_DAY:
        return linked
    return given or linked


def _gives_way(found: _Stated, day: date, evidence: _Evidence, *, web_page: bool) -> bool:
    """Whether a stated date yields to another day outside the page's words.

    A bare date that stands far off does; the day of an update to an earlier day in a web page's address; and a day that
    nothing names the page's own, where metadata and address agree on another.
    """
    if found.rank < SURE_RANK:
        return True
    given, linked = evidence.given, evidence.linked
    if found.changed and web_page and linked and linked < day:
        return True
    return not found.named and bool(given and linked and abs((given - linked).days) <= ONE_DAY)


# ------------------------------------------------------------------ day before month?

# Only these write the month first by habit (CLDR short date formats: en-US, en-PH, and US territories)
_MONTH_FIRST_DOMAINS = frozenset(("us", "gov", "mil", "edu", "ph", "pr", "gu"))
_OPEN_DOMAINS = frozenset(
    (
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
        "online",
        "site",
        "biz",
        "fm",
        "ai",
    )
)


def _order_by_numbers(place: Place, metadata: Metadata) -> bool | None:
    """True when this page writes the day before the month, False for the month first, None when nothing tells.

    Another numeric date on the page decides first (one of its numbers is over 12), then the country of its domain, then
    a dotted date (nobody writes the month first with dots).
    """
    votes = [0, 0]
    dotted = False
    for i in place.outside[:MAX_LINES]:
        for a, b, separator in numeric_dates(place.labelled.lines[i].text[:LINE_CHARS]):
            votes[0] += a > MONTHS_A_YEAR >= b
            votes[1] += b > MONTHS_A_YEAR >= a
            dotted = dotted or separator == "."
    if votes[0] != votes[1]:
        return votes[0] > votes[1]
    by_domain = _order_by_domain(metadata)
    return True if by_domain is None and dotted else by_domain


def _order_by_domain(metadata: Metadata) -> bool | None:
    """As `_order_by_numbers`, by the country of the domain."""
    suffix = host_of(metadata.url).rsplit(".", 1)[-1]
    if suffix in _MONTH_FIRST_DOMAINS:
        return False
    return None if not suffix or suffix in _OPEN_DOMAINS else True


def _order_by_company(labelled: Labelled, known: list[date]) -> bool | None:
    """The order that brings the page's numeric dates near a date in words, in the metadata or in the address."""
    whole = list(known)
    open_dates: list[tuple[date, ...]] = []
    for line in labelled.lines[:MAX_LINES]:
        for written in dates_in(line.text[:LINE_CHARS]):
            if len(written.readings) == 1:
                whole.append(written.readings[0])
            else:
                open_dates.append(written.readings)
    votes = [0, 0]
    for day_first, month_first in open_dates[:MAX_OPEN_DATES]:
        near = [min((abs((day - other).days) for other in whole), default=FAR_DAYS) for day in (day_first, month_first)]
        votes[0] += near[0] <= NEAR_DAYS and near[1] >= FAR_DAYS
        votes[1] += near[1] <= NEAR_DAYS and near[0] >= FAR_DAYS
    return None if votes[0] == votes[1] else votes[0] > votes[1]


# ------------------------------------------------------------------ stated on the page


def _best(place: Place, evidence: _Evidence, lead: "_LeadDates") -> tuple[_Stated, date] | None:
    """The best ranked date outside the story's text, and its day."""
    best: tuple[_Stated, date] | None = None
    for found in (*_beside_the_story(place, evidence), *_broken_over_lines(place), *_in_lead(lead)):
        if found.rank > 0 and (best is None or found.rank > best[0].rank) and (day := evidence.day(found.written)):
            best = found, day
    return best


def _beside_the_story(place: Place, evidence: _Evidence) -> Iterator[_Stated]:
    """Dates in lines that are neither the story's nor another's."""
    near = [i for i in place.outside if place.first - REACH_ABOVE <= i <= place.last + FOOT_REACH]
    for i in near[:MAX_LINES]:
        if place.labelled.labels[i] not in _SKIPPED:
            line = place.labelled.lines[i]
            text = line.text if len(line.text) <= LINE_CHARS else line.text[:LINE_CHARS]
            for written in dates_in(text, line.start_char):
                yield _ranked(place, evidence, i, text, written)


def _ranked(place: Place, evidence: _Evidence, i: int, text: str, written: WrittenDate) -> _Stated:
    """How likely a date of line `i` is the page's own; 0 or less when it is not."""
    lines, labels = place.labelled.lines, place.labelled.labels
    start, label = written.start_char - lines[i].start_char, labels[i]
    before = text[max(0, start - LABEL_CHARS) : start]
    if _COPYRIGHT.search(before) or (label == "meta" and _COPYRIGHT.search(text)) or _OTHER_DAY.search(before):
        return _Stated(written, 0.0)
    if i and start < LINE_START and len(lines[i - 1].text) < LABEL_CHARS:
        before = f"{lines[i - 1].text} {before}"
    updated, published = _last(_UPDATED, before), _last(_PUBLISHED, before)
    called = "published" if published > updated else "updated" if updated >= 0 else ""
    if not called and label == "nav" and not _SMALL_WORDS.issuperset(_PROSE_WORD.findall(text[:start])):
        return _Stated(written, 0.0)  # a piece of a sentence
    clock = _CLOCK.match(text, written.end_char - lines[i].start_char) is not None
    if i > place.last:
        rank = _below(place, i, called)
    elif i >= place.first:
        dated = label in {"date", "byline"} and i - place.first < HEAD_SLIP
        rank = BODY_PUBLISHED if called == "published" else BODY_DATE if dated else 0.0
    else:
        rank = _above(place, evidence, i, called, written, clock=clock)
    if rank > 0:
        rank += WITH_CLOCK * clock - A_LINE_AWAY * min(abs(i - place.first), HEAD_REACH)
    return _Stated(written, rank, bool(called) or label == "byline", called == "updated")


def _below(place: Place, i: int, called: str) -> float:
    """Below the story, only what calls itself the page's date: a bare one there is a correction's or a link's."""
    between = place.labelled.labels[place.last + 1 : i]
    if i - place.last > FOOT_REACH or not _NOT_ITS_OWN.isdisjoint(between):
        return 0.0
    return FOOT_PUBLISHED if called == "published" else FOOT_UPDATED if called else 0.0


def _above(place: Place, evidence: _Evidence, i: int, called: str, written: WrittenDate, *, clock: bool) -> float:
    """Above the body: by the distance from the headline, what the line is, and what stands before the date."""
    top, label, line = place.labelled.headline, place.labelled.labels[i], place.labelled.lines[i]
    bracketed = line.text[written.end_char - line.start_char :][:1] == ")"
    if top is None:
        base = NO_HEADLINE if place.first - i <= HEAD_REACH else 0.0
    elif i >= top:
        base = BELOW_HEADLINE
    else:
        base = ABOVE_HEADLINE if top - i <= CLOCK_REACH else 0.0
    if (
        not called
        and label != "byline"
        and _is_banner(place, i, written)
        and not evidence.confirms(evidence.day(written))
    ):
        return 0.0
    if label in _TEXT:
        heads = not line.start_char - written.start_char and _HEADER_GOES_ON.match(
            line.text, written.end_char - line.start_char
        )
        if not (base and (called or clock or heads)) or bracketed:
            return 0.0  # "(Published Friday, Sept. 2, 2016)" ends the caption of a video, and is the video's day
        base += IN_CAPTION
    if not base and label in {"date", "byline", "meta", "nav"} and evidence.confirms(evidence.day(written)):
        base = CONFIRMED
    if called == "published":
        return base + CALLED_PUBLISHED if base else LABEL_ALONE
    if not base:
        return 0.0
    if called == "updated":
        return base + CALLED_UPDATED
    if label == "byline":
        return base + ON_BYLINE
    return base if label == "date" else base + NOT_A_DATE_LINE


def _is_banner(place: Place, i: int, written: WrittenDate) -> bool:
    """Whether a day above the headline is today's, in the page's banner: with its weekday or behind a time, over a menu."""
    line = place.labelled.lines[i]
    end = place.first if place.labelled.headline is None else place.labelled.headline
    if end - i < BANNER_LINES or (line.block is not None and line.block.main_content):
        return False
    return written.weekday is not None or bool(_TIME.search(line.text, 0, written.start_char - line.start_char))


def _last(pattern: re.Pattern[str], text: str) -> int:
    position = -1
    for match in pattern.finditer(text):
        position = match.start()
    return position


def _broken_over_lines(place: Place) -> Iterator[_Stated]:
    """A date broken over lines above the story: day, month and year each on its own."""
    lines = place.labelled.lines
    for i in range(max(0, place.first - REACH_ABOVE), min(place.first, len(lines)) - 1):
        if len(lines[i].text) > PIECE_CHARS or len(lines[i + 1].text) > PIECE_CHARS:
            continue
        group = lines[i : i + 3]
        if len(group[-1].text) > PIECE_CHARS:
            continue
        for written in dates_in(" ".join(line.text for line in group)):
            if written.start_char == 0:
                whole = WrittenDate(written.readings, written.weekday, group[0].start_char, group[-1].end_char)
                yield _Stated(whole, BROKEN_DATE)


_LeadDates = list[tuple[Line, list[WrittenDate]]]


def _lead_dates(place: Place) -> _LeadDates:
    """The dates in the first lines of the body."""
    lines, labels = place.labelled.lines, place.labelled.labels
    lead: _LeadDates = []
    for i in range(place.first, len(lines)):
        if labels[i] == "body":
            lead.append((lines[i], dates_in(lines[i].text[:LEAD_CHARS], lines[i].start_char)))
            if len(lead) == LEAD_LINES:
                break
    return lead


def _in_lead(lead: _LeadDates) -> Iterator[_Stated]:
    """In the story's first line: a dateline with its year, or a date that is glued to it with its label.

    "KABUL (Feb. 21, 2011) -", "ABUJA, Dec 5, 2005", "(06/20/16) - Police", "Two die in fire Posted: June 20, 2016 8:04 AM".
    """
    for line, dates in lead[:1]:
        for written in dates:
            start, end = written.start_char - line.start_char, written.end_char - line.start_char
            if _LABEL_AT_ONCE.search(line.text, max(0, start - LABEL_CHARS), start):
                yield _Stated(written, GLUED_LABEL, named=True)
                return
            place = line.text[:start].strip(" ,(/-–—")
            capital = place.isupper() or _CAPITAL_PLACE.fullmatch(place) or line.text[:start] == "("
            opens = start < DATELINE_CHARS and len(place) < PLACE_CHARS and capital
            within = _PLACE_BEFORE_DAY.search(line.text, max(0, start - PLACE_CHARS), start)
            if (opens and _AFTER_DATELINE.match(line.text, end)) or (within and line.text[end : end + 1] == ")"):
                yield _Stated(written, DATELINE)


# ------------------------------------------------------------------ following from the text


def _inferred(place: Place, evidence: _Evidence, lead: _LeadDates) -> Published | None:
    """What the text makes certain.

    A weekday with its full date in a sentence of the lead that tells a statement or a meeting, as the day of the news;
    or a day and month beside the byline whose year a caption of the same day gives; or the day and month of a dateline
    or at the very head, whose year the release's number begins with. Refused: a weekday with its date in
    any first paragraph; of the local news swept it was the day before publication in five of six.
    """
    labelled = place.labelled
    if numbered := _numbered_release(place):
        return numbered
    if yearless := _yearless_header(place):
        for line, label in zip(labelled.lines[:MAX_LINES], labelled.labels, strict=False):
            if label in {"caption", "meta", "body"}:
                for written in dates_in(line.text[:LINE_CHARS], line.start_char):
                    day = evidence.day(written)
                    if day and (day.month, day.day) == yearless[:2]:
                        return Published(day, "inferred", yearless[2], yearless[3])
    for line, dates in lead:
        for written in dates:
            if written.weekday is None:
                continue
            text = line.text[:LEAD_CHARS]
            day = evidence.day(written)
            start, end = written.start_char - line.start_char, written.end_char - line.start_char
            sentence = text[text.rfind(". ", 0, start) + 1 : end + len(text[end:].partition(". ")[0])]
            if day and _SPOKEN.search(sentence) and not _PUBLISHED.search(text[max(0, start - LABEL_CHARS) : start]):
                return Published(day, "inferred", written.start_char, written.end_char)
    return None


def _numbered_release(place: Place) -> Published | None:
    """The day and month of a release's dateline or first line, with the year of its number "2010-06-CA-051".

    The number's month must be the day's own, or the one before: a number given on November 30 may go out on December 2.
    """
    lines = place.labelled.lines[: place.first + LEAD_LINES]
    numbers = (_RELEASE_NUMBER.search(line.text, 0, LINE_CHARS) for line in lines)
    number = next((match for match in numbers if match), None)
    if number is None:
        return None
    year, month = int(number["y"]), int(number["m"])
    for line in lines:
        for match in YEARLESS.finditer(line.text, 0, LINE_CHARS):
            start, end = match.span()
            bracketed = _PLACE_BEFORE_DAY.search(line.text, max(0, start - PLACE_CHARS), start) is not None
            if not (bracketed or (line is lines[0] and start == 0)):
                continue
            named = MONTHS[(match["m"] or match["m2"]).casefold()]
            if named in {month, month % MONTHS_A_YEAR + 1}:
                day_of_month = int(match["d1"] or match["d"])
                if exists(year + (named < month), named, day_of_month):
                    day = date(year + (named < month), named, day_of_month)
                    return Published(day, "inferred", line.start_char + start, line.start_char + end)
    return None


def _yearless_header(place: Place) -> tuple[int, int, int, int] | None:
    """(month, day, start, end) of a day without a year on the byline's or date's line."""
    for i in place.outside:
        line = place.labelled.lines[i]
        if place.labelled.labels[i] in {"byline", "date"} and (match := YEARLESS.search(line.text[:LINE_CHARS])):
            month = MONTHS[(match["m"] or match["m2"]).casefold()]
            return month, int(match["d1"] or match["d"]), line.start_char + match.start(), line.start_char + match.end()
    return None
