"""What an extractor is given: the page, its paragraphs parsed once, and what earlier extractors found."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from flows.extract.model import language_model

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


def parse_paragraphs(page: Page) -> tuple[Paragraph, ...]:
    """Parse each segment that extractors read, one at a time: the model reads names best so, and batches of one page
    alone make the result a function of the page.
    """
    spans = [(start, end, label) for start, end, label in page.segments if label in READ_LABELS]
    docs = language_model().pipe((page.text[start:end] for start, end, _ in spans), batch_size=64)
    return tuple(Paragraph(start, end, label, doc) for (start, end, label), doc in zip(spans, docs, strict=True))
