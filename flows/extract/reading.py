"""What an extractor is given: the page, its paragraphs parsed once, and what earlier extractors found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from flows.extract.parsing import parse

if TYPE_CHECKING:
    from flows.extract.casualties import Casualty
    from flows.extract.mentions import Mention
    from flows.extract.quotes import Quote
    from flows.extract.references import Reference
    from flows.extract.sentences import Sentence
    from flows.extract.timexes import Timex


@dataclass(frozen=True)
class Page:
    """A document as clean left it.

    Attributes:
        document_id: 16 hex digits.
        text: documents.text, which all offsets count in.
        published_on: articles.published_on.
        segments: (start_char, end_char, label) of every segment, in order.
        dateline_place: articles.dateline_place.
        publisher: articles.publisher.
        agency: articles.agency.
    """

    document_id: str
    text: str
    published_on: date | None
    segments: tuple[tuple[int, int, str], ...]
    dateline_place: str | None = None
    publisher: str | None = None
    agency: str | None = None


@dataclass(frozen=True)
class Paragraph:
    """A segment that extractors read (headline, subhead, caption or body), parsed by spaCy on its own.

    A token's offset in the document is `start_char + token.idx`.
    """

    start_char: int
    end_char: int
    label: str
    doc: Doc


@dataclass(frozen=True)
class Reading:
    """Everything known of one page so far. Each extractor takes it and returns the rows of its own table."""

    page: Page
    paragraphs: tuple[Paragraph, ...] = ()
    sentences: "tuple[Sentence, ...]" = ()
    mentions: "tuple[Mention, ...]" = ()
    references: "tuple[Reference, ...]" = ()
    timexes: "tuple[Timex, ...]" = ()
    quotes: "tuple[Quote, ...]" = ()
    casualties: "tuple[Casualty, ...]" = ()


READ_LABELS = ("headline", "subhead", "caption", "body")

# Longest text parsed at once. The model refuses 1,000,000 characters and its memory grows with the text; of 766,268
# paragraphs of real articles, 9 are longer: pages that lost their line breaks.
PARSED_CHARS = 20_000
# How far before that limit a sentence's end is looked for; without one a blank does.
CUT_WINDOW = 2_000


def parse_paragraphs(page: Page) -> tuple[Paragraph, ...]:
    """Parse each segment that extractors read, one at a time: the model reads names best so.

    Batches of one page alone make the result a function of the page. A segment longer than PARSED_CHARS becomes several
    paragraphs.
    """
    spans = [
        (first, last, label)
        for start, end, label in page.segments
        for first, last in (
            _pieces(page.text, start, end)
            if label in READ_LABELS
            else _dateline(page, start, end)
            if label == "date"
            else ()
        )
    ]
    docs = parse([page.text[start:end] for start, end, _ in spans])
    return tuple(Paragraph(start, end, label, doc) for (start, end, label), doc in zip(spans, docs, strict=True))


def _dateline(page: Page, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The place's words of a dateline that is a line of its own: the one name in it that is part of the story."""
    place = page.dateline_place
    if place and page.text[start:end].casefold().startswith(place.casefold()):
        yield start, start + len(place)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The segment, cut into pieces that can be parsed: after a full stop, else at a blank, else anywhere."""
    while end - start > PARSED_CHARS:
        limit = start + PARSED_CHARS
        cut = text.rfind(". ", limit - CUT_WINDOW, limit) + 1
        if cut == 0:
            cut = text.rfind(" ", limit - CUT_WINDOW, limit)
        if cut <= 0:
            cut = limit
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
