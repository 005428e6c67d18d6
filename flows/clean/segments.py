"""segments: every line or block gets a label and a confidence. Nothing is deleted.

The way of it: what each line's words (wording.py) and markup (markup.py) say by themselves, how much each reads like
prose (prose.py), where the story stands (story.py), then what the lines before, inside and after it must be.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.clean.endings import closing_notes, stragglers
from flows.clean.lines import Line
from flows.clean.prose import Reading, is_item, read_lines
from flows.clean.story import body_extent, foreign_islands, headline_and_start, is_commenter, with_housed

SUBHEAD_WORDS = 10
HEADING_WORDS = 5  # of a heading over links, comments or appeals
SHORT_WORDS = 3  # a menu's entry or a tag
DECK_WORDS = 6  # without a full stop, between headline and body
UNENDED_BODY_WORDS = 14  # a line this long between paragraphs is one, though its full stop is lost
MAX_DATED_WORDS = 9  # a line above the body that holds a whole date and little else is there for the date

# Confidence: the share of lines that are right by each way of deciding, on labelled plain pages (full labels) and on the
# blocks of 145 web pages (story or not); tests/gold measures it again (`make scorecard`). A headline's is its share among
# the candidates. The prose score says next to nothing once it is over the threshold; where a line stands says more.
KNOWN_SURE, PLACE_SURE, RELATED_INSIDE_SURE = 0.93, 0.65, 0.7
PROSE_HOUSED_SURE, PROSE_LOOSE_SURE = 0.95, 0.75  # in the elements that hold the story, or elsewhere on a web page
PROSE_TEXT_SURE = ((30, 0.92), (20, 0.85), (0, 0.8))  # by words, in plain text
LAST_PROSE_LESS = 0.15  # the end of the story is where most mistakes are
SHORT_HOUSED_SURE, SHORT_LOOSE_SURE, SHORT_TEXT_SURE = 0.95, 0.6, 0.7  # lines between paragraphs that go with the story


@dataclass(frozen=True)
class Labelled:
    """The lines with their labels; `headline` is the index of the chosen headline line."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    confidences: tuple[float, ...]
    headline: int | None


def label_lines(lines: Sequence[Line], title: str | None = None) -> Labelled:
    """Label every line; `title` is what metadata calls the page."""
    if not lines:
        return Labelled((), (), (), None)
    reading = read_lines(lines)
    first, past = with_housed(reading, *body_extent(reading))
    found, first = headline_and_start(reading, first, past, title)
    headline = found[0] if found else None
    foreign, past = foreign_islands(reading, headline, first, past)
    notes = closing_notes(reading, first, past)
    foreign |= stragglers(reading, first, past, foreign | notes)
    labels: list[str | None] = [None] * len(lines)
    sure = [PLACE_SURE] * len(lines)
    _label_head(reading, labels, sure, first, found)
    _label_middle(reading, labels, sure, (first, past), foreign, headline)
    for i in notes:
        labels[i], sure[i] = "meta", PLACE_SURE
    _label_tail(reading, labels, sure, past)
    return Labelled(reading.lines, tuple(label or "other" for label in labels), tuple(sure), headline)


def _label_head(
    reading: Reading, labels: list[str | None], sure: list[float], first: int, found: tuple[int, float] | None
) -> None:
    """Lines above the body."""
    lines = reading.lines
    headline, headline_sure = found or (None, 0.0)
    for i in range(first):
        line, known = lines[i], reading.known[i]
        if i == headline or (headline is not None and line.key == lines[headline].key):
            labels[i], sure[i] = "headline", headline_sure
        elif known:
            labels[i], sure[i] = known.label, KNOWN_SURE
        elif headline is None or i < headline:
            labels[i] = "date" if _holds_date(line) else "nav"
        elif reading.is_prose[i]:
            # between headline and body: a deck, or a picture's text told twice
            labels[i] = "caption" if reading.copies[line.key] > 1 else "subhead"
        elif _holds_date(line):
            labels[i] = "date"
        elif _names_writers(line):
            labels[i] = "byline"
        elif len(line.tokens) >= DECK_WORDS:
            labels[i] = "subhead" if i == headline + 1 else "caption"
        else:
            labels[i] = "caption" if reading.copies[line.key] > 1 and len(line.tokens) > SHORT_WORDS else "nav"


_FULL_DATE = re.compile(
    r"\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\b\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2} ?, ?(?:19|20)\d\d\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? (?:19|20)\d\d\b",
    re.IGNORECASE,
)


def _holds_date(line: Line) -> bool:
    return len(line.tokens) <= MAX_DATED_WORDS and bool(_FULL_DATE.search(line.text))


_ASIDE = re.compile(r"\([^()]{0,30}\)")
_BETWEEN_NAMES = re.compile(r",| and | & ")
NAME_WORDS = (2, 4)


def _names_writers(line: Line) -> bool:
    """Whether it holds two names or more and nothing else: "Ann Bee (now) and Cem Dee (earlier)"."""
    if len(line.tokens) > MAX_DATED_WORDS:
        return False
    names = [name.split() for name in _BETWEEN_NAMES.split(_ASIDE.sub("", line.text))]
    return len(names) > 1 and all(
        NAME_WORDS[0] <= len(name) <= NAME_WORDS[1] and all(word[0].isupper() for word in name) for name in names
    )


def _label_middle(
    reading: Reading,
    labels: list[str | None],
    sure: list[float],
    extent: tuple[int, int],
    foreign: frozenset[int],
    headline: int | None,
) -> None:
    """Lines of the body's extent."""
    lines = reading.lines
    first, past = extent
    head_key = lines[headline].key if headline is not None else None
    seen: set[str] = set()
    in_related = False
    last: int | None = None  # line of prose
    for i in range(first, past):
        line, known = lines[i], reading.known[i]
        if i in foreign:
            labels[i], in_related = "related", True
        elif reading.is_prose[i]:
            twice = line.plain in seen and len(line.tokens) > HEADING_WORDS
            labels[i], sure[i] = ("caption" if twice else "body"), _prose_sure(reading, i)
            last = i
            in_related = False
            seen.add(line.plain)
        elif line.key and line.key == head_key:
            labels[i], sure[i] = "headline", KNOWN_SURE
        elif (
            known
            and known.label == "nav"
            and len(line.tokens) <= SHORT_WORDS
            and labels[i - 1] in {"body", "subhead"}
            and not in_related
            and _prose_follows(reading, i, past)
        ):
            labels[i] = "subhead"  # a country's or a section's name alone, between paragraphs
        elif known:
            labels[i], sure[i] = known.label, KNOWN_SURE
            in_related = in_related or (known.label == "related" and len(line.tokens) <= HEADING_WORDS)
        elif in_related:
            labels[i] = "related"
        else:
            label = labels[i] = _short_inside(reading, labels, i, past)
            sure[i] = _short_sure(reading, i) if label in {"body", "subhead"} else RELATED_INSIDE_SURE
    if last is not None:
        sure[last] -= LAST_PROSE_LESS


def _prose_sure(reading: Reading, i: int) -> float:
    """The confidence in a line of running text inside the story's extent."""
    if reading.lines[i].block is not None:
        return PROSE_HOUSED_SURE if reading.housed[i] else PROSE_LOOSE_SURE
    words = len(reading.lines[i].tokens)
    return next(sure for least, sure in PROSE_TEXT_SURE if words >= least)


def _short_sure(reading: Reading, i: int) -> float:
    """The confidence in a line between paragraphs that was taken for a part of the story."""
    if reading.lines[i].block is None:
        return SHORT_TEXT_SURE
    return SHORT_HOUSED_SURE if reading.housed[i] else SHORT_LOOSE_SURE


def _short_inside(reading: Reading, labels: list[str | None], i: int, past: int) -> str:
    """A line of the body's extent that is neither prose nor known wording."""
    lines = reading.lines
    line, words = lines[i], len(lines[i].tokens)
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    if (before and before.key == line.key) or (after and after.key == line.key):
        return "caption"
    if before and reading.known[i - 1] and labels[i - 1] == "other" and ":" in before.text and words > SHORT_WORDS:
        return "caption"  # a video's title under its running time
    listed = before is not None and labels[i - 1] == "body" and (before.text.endswith((":", ";")) or is_item(before))
    if line.text.endswith(":") and words <= SHORT_WORDS + 1 and not line.text[0].isdigit():
        return "subhead"
    if is_item(line) or line.text.endswith((":", ";", ",")):
        return "body"
    if (
        words <= SUBHEAD_WORDS
        and _prose_follows(reading, i, past)
        and not (listed and before and before.text.endswith(":"))
    ):
        return "subhead"
    if words >= UNENDED_BODY_WORDS or listed:
        return "body"
    return "related"


def _prose_follows(reading: Reading, i: int, past: int) -> bool:
    for j in range(i + 1, min(i + 4, past)):
        if reading.is_prose[j]:
            return True
        if reading.known[j] is None:
            return is_item(reading.lines[j])
    return False


def _label_tail(reading: Reading, labels: list[str | None], sure: list[float], past: int) -> None:
    """Lines below the body."""
    lines = reading.lines
    section: str | None = None
    for i in range(past, len(lines)):
        line, known = lines[i], reading.known[i]
        if known and not (section == "meta" and known.label == "nav" and labels[i - 1] == "meta"):
            labels[i], sure[i] = known.label, KNOWN_SURE
            if known.label in {"related", "comment", "promo"} and len(line.tokens) <= HEADING_WORDS:
                section = known.label
            elif known.label == "meta":
                section = "meta"
            elif known.label in {"date", "byline"}:
                section = "related"  # another story's
        elif section == "comment" or is_commenter(reading, i):
            labels[i] = section = "comment"
        elif section == "meta" and len(line.tokens) <= SHORT_WORDS:
            labels[i] = "meta"
        elif len(line.tokens) <= SHORT_WORDS and section != "related":
            labels[i] = "nav"
        elif section == "promo" and reading.is_prose[i]:
            labels[i] = "promo"
        else:
            labels[i], section = "related", "related"
