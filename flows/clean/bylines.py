"""Who wrote, sent and published a page, and from where: byline, agency, dateline, publisher, in the page's own words."""

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from flows.clean.lines import Line
from flows.clean.records import Metadata
from flows.clean.segments import Labelled
from flows.clean.wording import MONTHS, WEEKDAYS
from flows.text.reference import reference_rows

_BY = re.compile(
    r"(?:(?:written|reported|reporting|story|text|report|article|posted|published|compiled|words|analysis|author)(?: and \w+)? )?by:?\s+|by:?(?=[A-Z])",
    re.IGNORECASE,
)
# What follows the names on a byline's line. Bounded repetitions: each is tried at every position.
_BYLINE_END = re.compile(
    rf"\s{{0,3}}(?:[|•·@(]|\s[–—-]\s|\b(?:published|posted|updated|last updated|follow|on)\b|\b(?:{MONTHS})\.? \d|"
    rf"\b\d{{1,2}} (?:{MONTHS})\b|\b(?:{WEEKDAYS}),|\b\d{{4}}\b|\d+ (?:min|hour|day))",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r",?\s{1,3}(?:(?:International|Foreign|Diplomatic|Political|Senior|Chief|Staff|Defen[cs]e|Security|General|Assignment|World|News|National|Europe|"
    r"Africa|Asia|Middle|East|Business|Deputy|Managing|Executive|Washington|Special|Contributing|Freelance|Our|Moscow) ){1,4}"
    r"(?:Editor|Correspondent|Reporter|Writer|Producer|Analyst|Columnist)\b.{0,60}$"
)
_SOURCE = re.compile(r"\W{0,3}sources?\s?[:\-–]\s?(.{2,60})$", re.IGNORECASE)
_NEWS_ID = re.compile(r"([A-Z]{3}_[A-Z]{3}|XIE)_?\d{8}\.\d+")
_PLACE = r"[A-Z][\w.'’-]{1,25}(?:[ /-][A-Z][\w.'’-]{1,25}){0,3}(?:, [A-Z][\w.'’ ]{1,25}){0,2}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)"
    r"(?:,? ?\(?(?:[A-Z][A-Za-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][A-Za-z]{2,8})(?: ?, ?\d{4}| \d{2,4})?\)?\.?,?)?"
    r"(?:\s{0,3}[(/\[](?P<agency>[A-Z][\w .&-]{1,40})[)/\]])?\s{0,3}(?P<dash>[–—:.]|--?|$)"
)
DATELINE_CHARS = 160
SHORTEST_NAME_WORDS = 2
AFTER_BODY = 8  # lines below the story in which a byline may still be this story's
COPYRIGHT_CHARS = 200
_OWNER = re.compile(
    r"(?i:(?:©|\(c\)|\bcopyright\b)[\s,]{0,3}(?:©|\(c\))?\s{0,3}(?:by )?(?:19|20)\d\d(?:\s?[-–]\s?(?:\d{4}|\d\d))?[\s,.]{0,3}(?:by )?)"
    r"(?P<name>[A-Z][\w&'’-]*(?: (?:[A-Z][\w&'’-]*|of|and|the|for|&)){0,5})",
)
_NO_OWNER = re.compile(r"^(?:all|rights|the author|by|our|privacy|terms|reserved|powered)\b", re.IGNORECASE)


@cache
def _agency_names() -> Mapping[str, str]:
    return {row["name"].casefold(): row["agency"] for row in reference_rows("agencies.csv")}


@cache
def _publisher_domains() -> Mapping[str, str]:
    """Domain, or the source code that begins a news archive's ids, → outlet."""
    return {row["domain"]: row["name"] for row in reference_rows("publishers.csv")}


@cache
def _publisher_names() -> re.Pattern[str] | None:
    names = sorted(
        {row["name"] for row in reference_rows("publishers.csv") if row["telling"]}, key=lambda n: (-len(n), n)
    )
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)") if names else None


def _labelled(labelled: Labelled, *labels: str) -> list[Line]:
    return [line for line, label in zip(labelled.lines, labelled.labels, strict=True) if label in labels]


def _byline_lines(labelled: Labelled) -> list[Line]:
    """Byline lines that are this story's: above its end, or below it with no other story's headline between."""
    body = [i for i, label in enumerate(labelled.labels) if label == "body"]
    last = body[-1] if body else len(labelled.labels) - 1
    lines: list[Line] = []
    for i, (line, label) in enumerate(zip(labelled.lines, labelled.labels, strict=True)):
        if i > last and (label in {"related", "comment"} or i - last > AFTER_BODY):
            break
        if label == "byline":
            lines.append(line)
    return lines


def _names_on(line: Line) -> str:
    by = _BY.match(line.text)
    rest = line.text[by.end() :] if by else line.text
    end = _BYLINE_END.search(rest)
    if end and end.start():
        rest = rest[: end.start()]
    rest = _ROLE.sub("", rest).strip(" ,;:|-–—")
    words = rest.split()
    # "Ann Writer Reuters": the agency behind the names has a column of its own
    if (
        len(words) > SHORTEST_NAME_WORDS
        and words[-1].casefold() in _agency_names()
        and words[-2].casefold() not in {"and", "with", "for"}
    ):
        rest = " ".join(words[:-1]).rstrip(" ,;|-–—/")
    return rest


def byline_of(labelled: Labelled) -> str | None:
    """The names on the byline, without "By", the writer's post, and the date that follows."""
    for line in _byline_lines(labelled):
        names = _names_on(line)
        if any(c.isalpha() for c in names):
            return names
    return None


def agency_of(labelled: Labelled) -> str | None:
    """The agency credited in a source line, the byline or the dateline."""
    names = _agency_names()
    for line in _labelled(labelled, "meta"):
        source = _SOURCE.match(line.text[:100])
        if source and (agency := names.get(source.group(1).strip(" .").casefold())):
            return agency
    for line in _byline_lines(labelled):
        bare = line.folded.removeprefix("by ")
        if bare in names:
            return names[bare]
        for piece in re.split(r"[,|/()]| and | with |\s", line.text):
            if len(piece) > 1 and piece[0].isupper() and piece.casefold() in names:
                return names[piece.casefold()]
    for match in _datelines(labelled):
        if match.group("agency"):
            return names.get(match.group("agency").strip().casefold())
    return None


def _datelines(labelled: Labelled) -> list[re.Match[str]]:
    """The dateline at the head of the story, or on a line of its own above it."""
    lead = _labelled(labelled, "body")[:1]
    found = [match for line in lead if (match := dateline_match(line.text, own_line=False))]
    return found + [
        match for line in _labelled(labelled, "date") if (match := dateline_match(line.text, own_line=True))
    ]


def dateline_match(text: str, *, own_line: bool) -> re.Match[str] | None:
    """A dateline at the head of a text: "KHARTOUM, May 3 (Agency) -", "Geneva (Agency) -", "CAIRO —"; else None.

    A place in capitals, or an agency in brackets, makes it one. On a line of its own nothing need follow, but a date or
    an agency must.

    >>> dateline_match("KHARTOUM, May 3 (AFP) - Fighting went on.", own_line=False)["place"]
    'KHARTOUM'
    >>> dateline_match("Fighting went on - and on.", own_line=False) is None
    True
    """
    head = text[:DATELINE_CHARS]
    match = _DATELINE.match(head)
    if not match:
        return None
    place, dash = match.group("place"), match.group("dash")
    first = re.split(r"[ ,/-]", place)[0]
    known = (match.group("agency") or "").strip().casefold() in _agency_names()
    capital = first.isupper() and len(first) > 2  # noqa: PLR2004 # U.S., UN and their like begin sentences, too
    if own_line:
        return match if (match.end() == len(head) and capital and match.end("place") < len(head)) else None
    if dash in {"", ".", ":"} and not known:
        return None
    return match if known or capital else None


def dateline_of(labelled: Labelled) -> str | None:
    """The place at the head of the report, as written."""
    for match in _datelines(labelled):
        return match.group("place").strip(" ,")
    return None


def publisher_of(labelled: Labelled, metadata: Metadata) -> str | None:
    """The outlet: from metadata, its own domain, an archive's id, or the page's own words.

    Of the page's words those around the story count (menus, appeals, source lines), not the story's: an outlet quoted
    there is not this one. A known name must stand out from all others; else a copyright line's owner is taken.
    """
    if metadata.publisher:
        return metadata.publisher
    host = (urlsplit(metadata.url).hostname or "") if metadata.url else ""
    domains = _publisher_domains()
    while host:
        if host in domains:
            return domains[host]
        host = host.partition(".")[2]
    pattern = _publisher_names()
    seen: dict[str, int] = {}
    owner: str | None = None
    for line, label in zip(labelled.lines, labelled.labels, strict=True):
        if label in {"body", "subhead", "headline", "caption", "comment", "other"}:
            continue
        code = _NEWS_ID.match(line.text)
        if code and code.group(1).casefold() in domains:
            return domains[code.group(1).casefold()]
        if label == "meta" and owner is None and (match := _OWNER.search(line.text[:COPYRIGHT_CHARS])):
            name = match.group("name").strip(" .")
            owner = None if _NO_OWNER.match(name) else name
        if pattern:
            for name in dict.fromkeys(pattern.findall(line.text[:COPYRIGHT_CHARS])):
                if label != "related" or line.folded.startswith(("more from", "more on", "latest from")):
                    seen[name] = seen.get(name, 0) + 1
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    return owner
