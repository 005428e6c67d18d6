"""articles: what a page says of itself, from its labelled lines and its metadata."""

import re
from collections.abc import Sequence

from flows.clean.bylines import credits_of
from flows.clean.lines import Line
from flows.clean.place import Place, place_of
from flows.clean.published import Published, published_on
from flows.clean.records import Article, Metadata
from flows.clean.segments import Labelled
from flows.clean.written_dates import dates_in

_WORDS = re.compile(r"\w[\w'’-]*")
# What stands between words, and within them, in English text beside ASCII
_MARKS = (
    ("’", ""),
    ("‘", " "),
    ("“", " "),
    ("”", " "),
    ("–", " "),
    ("—", " "),
    ("…", " "),
    ("\u00a0", " "),
    ("•", " "),
)
# To a letter for what may stand in a word, else to a blank
_LETTER_OR_BLANK = bytes(ord("x" if chr(code).isalnum() or chr(code) == "_" else " ") for code in range(256))
# Said on a line of its own, as error pages do: a story may speak of denied access, of 404 people, of content that was removed.
_ERROR_LINE = re.compile(
    r"\W{0,3}(?:"
    r"(?:error|http|status)(?: code)? ?:? ?[45]\d\d\b.{0,60}"
    r"|(?:40[0-9]|410|429|50[0-4])(?:\W{1,4}(?:error|(?:page )?not found|forbidden|unauthori[sz]ed|gone|internal server error|bad gateway|"
    r"service .{0,12}unavailable|gateway time-?out|too many requests|bad request)\b.{0,60})?"
    r"|.{0,30}\bpage (?:you .{0,40} )?(?:was |is |could |can ?)?(?:not (?:be )?(?:found|available)|can['’]?t be found|does ?n[o']t exist|no longer exists)\b.{0,40}"
    r"|.{0,20}\bcan(?:['’]?t|not) find the page\b.{0,40}"
    r"|.{0,20}\b(?:article|story|content) you (?:requested|are looking for)\b.{0,20}\b(?:not|no longer|cannot|can['’]?t|removed|moved|expired)\b.{0,30}"
    r"|this (?:page|content|article|story|site) (?:is|has been|can['’]?t be) (?:no longer available|not available|unavailable|removed|deleted|reached|blocked)"
    r"|access (?:to this (?:page|site) )?(?:has been |is )?denied"
    r"|.{0,20}\b(?:checking|check) your browser\b.{0,40}|.{0,20}\bverify(?:ing)? (?:that )?you are (?:a )?human\b.{0,40}|are you a robot"
    r"|attention required\b.{0,20}|(?:sorry, )?you have been blocked|(?:please )?enable javascript\b.{0,60}"
    r"|(?:internal server error|bad gateway|(?:the )?service (?:is )?(?:temporarily )?unavailable)"
    r")\W{0,3}",
    re.IGNORECASE,
)
# Said to the reader: at the head of a sentence, or of "you"
_PAYWALL_LINE = re.compile(
    r"(?:^|[.!?:|]\s{1,3}|,\s|please )(?:subscribe|log ?in|sign ?in|sign ?up|register|create an account|become a (?:member|subscriber))\b.{0,60}"
    r"\b(?:to (?:continue|keep|read|view|access|unlock)|for (?:full|unlimited))\b"
    r"|\bto (?:continue|keep) reading\b.{0,60}\b(?:subscribe|sign|log|register|create|become)\b"
    r"|\bthis (?:content|article|story|page) is (?:only |exclusively )?(?:available )?(?:for|to) (?:\w+ ){0,2}(?:subscribers|members)\b"
    r"|\balready (?:a|have an?) (?:subscriber|subscription|member|account)\b|^(?:premium|subscriber.only) (?:content|article)\b"
    r"|\byou(?:['’]ve| have) (?:reached|read|hit|used)\b.{0,40}\b(?:free|limit|monthly)\b|\bfree (?:articles|stories) (?:left|remaining)\b",
    re.IGNORECASE,
)
_COOKIE_LINE = re.compile(
    r"\b(?:we|our partners|this (?:web)?site|you|your)\b.{0,80}\bcookies?\b|\bcookies?\b.{0,60}\b(?:you|your|accept|settings|policy|preferences|browser)\b|"
    r"^(?:we (?:value|respect|care about) your privacy|cookie (?:settings|notice|policy|preferences|consent))\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\b(?:said|says|told|announced|reported|according to)\b", re.IGNORECASE)
ERROR_PAGE_WORDS = 60  # of body
SHORT_PAGE_WORDS = 120  # an error page, a paywall or a cookie notice says little else
SHORT_PAGE_LINES = 40
ERROR_LINES = 10  # at the head of the page, one of which says the error
NOTICE_WORDS = 60  # of body, for the notice may be taken for it
NOTICE_CHARS = 200
_LIVE = re.compile(
    r"\blive(?: updates?| blog| coverage|blog| news)?\s*[:|–—-]|[:|–—-]\s*live\b|\blive (?:updates|blog)|as it happened\b|\bliveblog\b",
    re.IGNORECASE,
)
_TRACKER = re.compile(
    r"\btracker\b|\bin maps and charts\b|\bmap(?:s|ping)\b.{0,20}\bcharts?\b|\btimeline of\b", re.IGNORECASE
)
# Of "agenda" and its like only where it names the page: politicians have agendas, too
_AGENDA = re.compile(
    r"^\W*(?:[\w&/'’.-]+ ){0,3}(?:diary|agenda|planner|calendar)\s*(?:[:–—|]|-\s)|^\W*(?:diary|calendar of events)\b|\b(?:diary of|events calendar)\b|"
    r"\b(?:day|week) ahead\b|\bschedule of\b|^\W*(?:[\w&/'’.-]+ ){0,3}(?:what|factors|events) to watch\b",
    re.IGNORECASE,
)
_STAMP = re.compile(r"\W{0,2}([01]?\d|2[0-3])[:.h]([0-5]\d)\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4})?\W{0,2}")
# Times alone on lines between the story's paragraphs, each the head of an entry. Videos' running times are in no order.
LIVE_STAMPS = 4
ENTRY_LINES = 2  # the last entry's head may stand below what was taken for the story
LISTING_DATES = 4  # whole days alone on lines between the paragraphs
LISTING_LINES_A_DATE = 3

# The word without which a pattern cannot match, the pattern, and the kind of page that it tells
_KINDS = (
    *((word, _TRACKER, "tracker") for word in ("track", "chart", "timeline")),
    *((word, _LIVE, "live_blog") for word in ("live", "happened")),
    *((word, _AGENDA, "agenda") for word in ("agenda", "diary", "planner", "ahead", "schedule", "watch", "calendar")),
)


def describe_article(labelled: Labelled, metadata: Metadata) -> Article | str:
    """The article, or why there is none: error_page, paywall, cookie_notice or no_body."""
    lines, labels = labelled.lines, labelled.labels
    body = "\n\n".join([line.raw for line, label in zip(lines, labels, strict=True) if label in {"body", "subhead"}])
    words = count_words(body)
    if refused := _refused(labelled, body, words):
        return refused
    head = lines[labelled.headline] if labelled.headline is not None else None
    place = place_of(labelled)
    credits_ = credits_of(place, metadata)
    published = published_on(place, metadata)
    evidence = _in_document(lines, published) if published else (None, None)
    return Article(
        headline=head.raw if head else None,
        headline_start_char=head.start_char if head else None,
        headline_end_char=head.end_char if head else None,
        published_on=published.day if published else None,
        published_basis=published.basis if published else None,
        published_start_char=evidence[0],
        published_end_char=evidence[1],
        publisher=credits_.publisher,
        agency=credits_.agency,
        byline=credits_.byline,
        dateline_place=credits_.dateline_place,
        language=metadata.language,
        page_type=_page_type(place, head.text if head else metadata.title or "", words),
        body=body,
        word_count=words,
    )


def _in_document(lines: Sequence[Line], published: Published) -> tuple[int | None, int | None]:
    """The evidence's offsets in the document: dates are read in lines from which what shows nothing was taken."""
    start, end = published.start_char, published.end_char
    for line in lines:
        if len(line.raw) != len(line.text):
            if start is not None and line.start_char <= start <= line.end_char:
                start = line.in_document(start)
            if end is not None and line.start_char < end <= line.end_char:
                end = line.in_document(end - 1) + 1
    return start, end


def count_words(text: str) -> int:
    """How many words a text has: runs of letters, digits, apostrophes and hyphens that are not marks alone.

    Where all letters are plain, the beginnings of words are counted in bytes: a tenth of the time of the pattern, which says
    the same.

    >>> [count_words(t) for t in ("It's a half-hearted - try", "“Don’t,” he said…", "élan vital")]
    [4, 3, 2]
    """
    plain = text
    if not plain.isascii():
        for mark, instead in _MARKS:
            if mark in plain:
                plain = plain.replace(mark, instead)
        if not plain.isascii():
            return len(_WORDS.findall(text))
    return (b" " + plain.encode("ascii").translate(_LETTER_OR_BLANK, b"'-")).count(b" x")


def _refused(labelled: Labelled, body: str, words: int) -> str | None:
    """Why a page holds no story, else None. Only a short one is looked at: it says nothing but the notice.

    A line that says to its reader to sign in, or what cookies are for, is no story; a page is refused for it if no
    sentence of a story is left beside it.
    """
    if words >= SHORT_PAGE_WORDS:
        return None
    texts = [line.text[:NOTICE_CHARS] for line in labelled.lines[:SHORT_PAGE_LINES]]
    short = count_words(" ".join(texts)) < 2 * SHORT_PAGE_WORDS
    if short and words < ERROR_PAGE_WORDS and any(map(_ERROR_LINE.fullmatch, texts[:ERROR_LINES])):
        return "error_page"
    if short and words < NOTICE_WORDS:
        notices = [_notice(text) for text in texts]
        left = any(label == "body" and not notice for label, notice in zip(labelled.labels, notices, strict=False))
        if not left and (reason := next(filter(None, notices), None)):
            return reason
    return None if body and "body" in labelled.labels else "no_body"


def _notice(text: str) -> str | None:
    """The reason for which a page of nothing but such lines is refused; None of a line that reports what somebody said."""
    if _REPORTED.search(text):
        return None
    return "paywall" if _PAYWALL_LINE.search(text) else "cookie_notice" if _COOKIE_LINE.search(text) else None


def _page_type(place: Place, title: str, body_words: int) -> str:
    labelled = place.labelled
    folded = title.casefold()
    for word, pattern, kind in _KINDS:
        if word in folded and pattern.search(title):
            return kind
    if len(place.outside) >= LIVE_STAMPS and _has_entries(place):
        return "live_blog"
    if labelled.labels.count("date") >= LISTING_DATES and _dates_teasers(place):
        return "listing"
    if labelled.labels.count("related") > LISTING_LINES and body_words < LISTING_BODY_WORDS:
        related = sum(
            len(line.words) for line, label in zip(labelled.lines, labelled.labels, strict=True) if label == "related"
        )
        if related > LISTING_RATIO * body_words:
            return "listing"
    return "article"


def _has_entries(place: Place) -> bool:
    """Whether times of day, each alone on its line and in order, head the parts of the story."""
    lines, labels = place.labelled.lines, place.labelled.labels
    stamps = [
        int(match[1]) * 60 + int(match[2])
        for i in place.outside
        if place.first < i <= place.last + ENTRY_LINES
        and labels[i] in {"date", "other"}
        and (match := _STAMP.fullmatch(lines[i].text))
    ]
    return len(set(stamps)) >= LIVE_STAMPS and stamps in (sorted(stamps), sorted(stamps, reverse=True))


def _dates_teasers(place: Place) -> bool:
    """Whether every second or third line of the prose has a day of its own, as teasers on a section's page have.

    Below the story days are links' and readers', unless there is no headline, and so hardly a story.
    """
    lines, labels = place.labelled.lines, place.labelled.labels
    past = len(lines) if place.labelled.headline is None else place.last + 2
    days = {
        written.readings
        for i in place.outside
        if labels[i] == "date" and place.first < i < past
        for written in dates_in(lines[i].text[:60])
    }
    return len(days) >= LISTING_DATES and len(days) * LISTING_LINES_A_DATE >= labels.count("body")


LISTING_BODY_WORDS = 200  # of teasers; a page with more is a story, however many links stand around it


LISTING_RATIO = 3  # words of headlines to words of prose
LISTING_LINES = 15
