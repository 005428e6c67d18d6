"""Who wrote, sent and published a page: byline, agency, dateline, publisher, in the page's own words."""

import re
from functools import cache

from flows.clean.lines import Line
from flows.clean.records import Metadata
from flows.clean.segments import Labelled
from flows.clean.wording import MONTHS, WEEKDAYS
from flows.text.reference import reference_rows

_BY = re.compile(
    r"(?:(?:written|reported|reporting|story|text|report|article|posted|published|compiled|words|analysis|author)(?: and \w+)? )?by:?\s+|by:?(?=[A-Z])",
    re.IGNORECASE,
)
# what follows the names on a byline's line
_BYLINE_END = re.compile(
    rf"\s*(?:[|•·]|\s[–—-]\s|\b(?:published|posted|updated|last updated|follow|on)\b|@|\b(?:{MONTHS})\.? \d|\b\d{{1,2}} (?:{MONTHS})\b|\b(?:{WEEKDAYS}),|\(?\d{{4}}\b|\d+ (?:min|hour|day)).*$",
    re.IGNORECASE | re.DOTALL,
)
_SOURCE = re.compile(r"^\W*sources?\s*[:\-–]\s*(.{2,60})$", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w.'’-]*(?:[ /-][A-Z][\w.'’-]*){0,4}(?:, [A-Z][\w.'’ ]{1,25}){0,2})"
    r"(?:,? ?\(?(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][A-Za-z]{2,8})(?: ?, ?\d{4}| \d{2,4})?\)?\.?,?)?"
    r"(?: ?[(/\[](?P<agency>[A-Z][\w .&-]{1,40})[)/\]])?\s*(?P<dash>[–—]|--?|:|\.)\s*(?=\S)"
)
DATELINE_CHARS = 160


@cache
def _agency_names() -> dict[str, str]:
    return {row["name"].casefold(): row["agency"] for row in reference_rows("agencies.csv")}


def _labelled(labelled: Labelled, *labels: str) -> list[Line]:
    return [line for line, label in zip(labelled.lines, labelled.labels, strict=True) if label in labels]


def byline_of(labelled: Labelled) -> str | None:
    """The names on the byline, without "By" and without the date that follows."""
    for line in _labelled(labelled, "byline"):
        by = _BY.match(line.text)
        names = _BYLINE_END.sub("", line.text[by.end() :] if by else line.text).strip(" ,;:|-–—")
        if names and any(c.isalpha() for c in names):
            return names
    return None


def agency_of(labelled: Labelled) -> str | None:
    """The agency credited in a source line, the byline or the dateline."""
    names = _agency_names()
    for line in _labelled(labelled, "meta"):
        source = _SOURCE.match(line.text)
        if source and (agency := names.get(source.group(1).strip(" .").casefold())):
            return agency
    for line in _labelled(labelled, "byline"):
        bare = line.folded.removeprefix("by ")
        if bare in names:
            return names[bare]
        for piece in re.split(r"[,|/]| and | with |\s", line.text):
            if len(piece) > 1 and piece.strip().casefold() in names and piece.strip()[0].isupper():
                return names[piece.strip().casefold()]
    lead = next(iter(_labelled(labelled, "body")), None)
    if lead and (match := _dateline_match(lead)) and match.group("agency"):
        return names.get(match.group("agency").strip().casefold())
    return None


def _dateline_match(line: Line) -> re.Match[str] | None:
    match = _DATELINE.match(line.text[:DATELINE_CHARS])
    if not match:
        return None
    place = match.group("place")
    first = re.split(r"[ ,/-]", place)[0]
    strong = match.group("agency") or (first.isupper() and len(first) > 2)
    if not strong or (match.group("dash") in {".", ":"} and not match.group("agency")):
        return None
    return match


def dateline_of(labelled: Labelled) -> str | None:
    """The place at the head of the report."""
    lead = next(iter(_labelled(labelled, "body")), None)
    match = _dateline_match(lead) if lead else None
    return match.group("place").strip(" ,") if match else None


def publisher_of(labelled: Labelled, metadata: Metadata) -> str | None:
    """The outlet."""
    del labelled
    return metadata.publisher
