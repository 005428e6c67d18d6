"""articles: what a page says of itself, from its labelled lines and its metadata."""

import re

from flows.clean.bylines import credits_of
from flows.clean.place import place_of
from flows.clean.published import published_on
from flows.clean.records import Article, Metadata
from flows.clean.segments import Labelled

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
_LETTERS_ONLY = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(256))
# said on a line of its own, as error pages do: a story may speak of denied access
_ERROR_LINE = re.compile(
    r"\W{0,3}(?:(?:error|http|status)? ?(?:404|403|500|502|503)\b.{0,60}|.{0,20}\bpage (?:you .{0,40} )?(?:was |is |could |can ?)?(?:not (?:be )?found|does ?n[o']t exist|no longer exists)\b.{0,40}|"
    r"access (?:to this page has been )?denied\W{0,3}|.{0,20}\b(?:checking|check) your browser\b.{0,40}|.{0,20}\bverify(?:ing)? (?:that )?you are (?:a )?human\b.{0,40}|are you a robot\W{0,3})",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"\b(?:subscribe|log in|sign in|register)\b.{0,60}\b(?:to (?:continue|read|view|access)|for full access)|\bthis (?:content|article) is (?:only )?(?:available )?(?:for|to) subscribers\b|\balready a subscriber\b",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\bcookies?\b|\bconsent\b", re.IGNORECASE)
ERROR_PAGE_WORDS = 60  # of body
SHORT_PAGE_WORDS = 120  # an error page, a paywall or a cookie notice says little else
SHORT_PAGE_LINES = 40
NOTICE_WORDS = 30  # of body
_LIVE = re.compile(
    r"\blive(?: updates?| blog| coverage|blog| news)?\s*[:|–—-]|[:|–—-]\s*live\b|\blive (?:updates|blog)|as it happened\b|\bliveblog\b",
    re.IGNORECASE,
)
_TRACKER = re.compile(
    r"\btracker\b|\bin maps and charts\b|\bmap(?:s|ping)\b.{0,20}\bcharts?\b|\btimeline of\b", re.IGNORECASE
)
_AGENDA = re.compile(
    r"\b(?:agenda|diary|day ahead|week ahead|schedule of|what to watch|factors to watch|events calendar)\b",
    re.IGNORECASE,
)
# The word without which a pattern cannot match, the pattern, and the kind of page that it tells
_KINDS = (
    *((word, _TRACKER, "tracker") for word in ("track", "chart", "timeline")),
    *((word, _LIVE, "live_blog") for word in ("live", "happened")),
    *((word, _AGENDA, "agenda") for word in ("agenda", "diary", "ahead", "schedule", "watch", "calendar")),
)


def describe_article(labelled: Labelled, metadata: Metadata) -> Article | str:
    """The article, or why there is none: error_page, paywall, cookie_notice or no_body."""
    lines, labels = labelled.lines, labelled.labels
    body = "\n\n".join([line.text for line, label in zip(lines, labels, strict=True) if label in {"body", "subhead"}])
    words = count_words(body)
    if refused := _refused(labelled, body, words):
        return refused
    head = lines[labelled.headline] if labelled.headline is not None else None
    place = place_of(labelled)
    credits_ = credits_of(place, metadata)
    published = published_on(place, metadata)
    return Article(
        headline=head.text if head else None,
        headline_start_char=head.start_char if head else None,
        headline_end_char=head.end_char if head else None,
        published_on=published.day if published else None,
        published_basis=published.basis if published else None,
        published_start_char=published.start_char if published else None,
        published_end_char=published.end_char if published else None,
        publisher=credits_.publisher,
        agency=credits_.agency,
        byline=credits_.byline,
        dateline_place=credits_.dateline_place,
        language=metadata.language,
        page_type=_page_type(labelled, head.text if head else metadata.title or ""),
        body=body,
        word_count=words,
    )


def count_words(text: str) -> int:
    """How many words a text has: runs of letters, digits, apostrophes and hyphens that are not marks alone.

    Plain letters are counted by splitting bytes, a third of the time of the pattern, which says the same.

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
    return len(plain.encode("ascii").translate(_LETTERS_ONLY, b"'-").split())


def _refused(labelled: Labelled, body: str, words: int) -> str | None:
    if words < SHORT_PAGE_WORDS:
        whole = " ".join([line.head for line in labelled.lines[:SHORT_PAGE_LINES]])
        if count_words(whole) < 2 * SHORT_PAGE_WORDS:
            if words < ERROR_PAGE_WORDS and any(_ERROR_LINE.fullmatch(line.text[:200]) for line in labelled.lines[:10]):
                return "error_page"
            if words < NOTICE_WORDS and _PAYWALL.search(whole):
                return "paywall"
            if words < NOTICE_WORDS and not body and _COOKIES.search(whole):
                return "cookie_notice"
    return None if "body" in labelled.labels else "no_body"


def _page_type(labelled: Labelled, title: str) -> str:
    folded = title.casefold()
    for word, pattern, kind in _KINDS:
        if word in folded and pattern.search(title):
            return kind
    if labelled.labels.count("related") <= LISTING_LINES:
        return "article"
    pairs = list(zip(labelled.lines, labelled.labels, strict=True))
    related = sum(len(line.words) for line, label in pairs if label == "related")
    body = sum(len(line.words) for line, label in pairs if label == "body")
    return "listing" if related > LISTING_RATIO * body else "article"


LISTING_RATIO = 3  # words of headlines to words of prose
LISTING_LINES = 15
