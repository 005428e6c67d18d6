"""articles: what a page says of itself, from its labelled lines and its metadata."""

import re

from flows.clean.bylines import agency_of, byline_of, dateline_of, publisher_of
from flows.clean.published import published_on
from flows.clean.records import Article, Metadata
from flows.clean.segments import Labelled

_WORDS = re.compile(r"\w[\w'’-]*")
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


def describe_article(labelled: Labelled, metadata: Metadata) -> Article | str:
    """The article, or why there is none: error_page, paywall, cookie_notice or no_body."""
    pairs = list(zip(labelled.lines, labelled.labels, strict=True))
    body = "\n\n".join(line.text for line, label in pairs if label in {"body", "subhead"})
    words = sum(1 for _ in _WORDS.finditer(body))
    refused = _refused(labelled, body, words)
    if refused:
        return refused
    head = labelled.lines[labelled.headline] if labelled.headline is not None else None
    byline = byline_of(labelled)
    dateline = dateline_of(labelled)
    published = published_on(labelled, metadata)
    return Article(
        headline=head.text if head else None,
        headline_start_char=head.start_char if head else None,
        headline_end_char=head.end_char if head else None,
        published_on=published.day if published else None,
        published_basis=published.basis if published else None,
        published_start_char=published.start_char if published else None,
        published_end_char=published.end_char if published else None,
        publisher=publisher_of(labelled, metadata),
        agency=agency_of(labelled),
        byline=byline,
        dateline_place=dateline,
        language=metadata.language,
        page_type=_page_type(labelled, head.text if head else metadata.title or ""),
        body=body,
        word_count=words,
    )


def _refused(labelled: Labelled, body: str, words: int) -> str | None:
    whole = " ".join(line.head for line in labelled.lines[:40])
    if words < SHORT_PAGE_WORDS and len(_WORDS.findall(whole)) < 2 * SHORT_PAGE_WORDS:
        if words < ERROR_PAGE_WORDS and any(_ERROR_LINE.fullmatch(line.text[:200]) for line in labelled.lines[:10]):
            return "error_page"
        if words < SHORT_PAGE_WORDS // 4 and _PAYWALL.search(whole):
            return "paywall"
        if words < SHORT_PAGE_WORDS // 4 and not body and _COOKIES.search(whole):
            return "cookie_notice"
    return None if "body" in labelled.labels else "no_body"


def _page_type(labelled: Labelled, title: str) -> str:
    if _TRACKER.search(title):
        return "tracker"
    if _LIVE.search(title):
        return "live_blog"
    if _AGENDA.search(title):
        return "agenda"
    related = sum(
        len(line.words) for line, label in zip(labelled.lines, labelled.labels, strict=True) if label == "related"
    )
    body = sum(len(line.words) for line, label in zip(labelled.lines, labelled.labels, strict=True) if label == "body")
    return (
        "listing" if related > LISTING_RATIO * body and labelled.labels.count("related") > LISTING_LINES else "article"
    )


LISTING_RATIO = 3  # words of headlines to words of prose
LISTING_LINES = 15
