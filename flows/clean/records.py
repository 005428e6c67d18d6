"""What clean is given and what it gives: plain values, no behaviour."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class Block:
    """A block element of an HTML page, as ingest recorded it (schemas/blocks.py)."""

    start_char: int
    end_char: int
    tag: str
    path: str
    link_share: float
    main_content: bool
    datetime: str | None = None


@dataclass(frozen=True)
class Metadata:
    """What came with the document; None where nothing came or its records disagree."""

    url: str | None = None
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    language: str | None = None


class Segment(NamedTuple):
    """A labelled block: offsets into the text, one of schemas.codes.SEGMENT_LABELS, 0 to 1."""

    start_char: int
    end_char: int
    label: str
    confidence: float


@dataclass(frozen=True)
class Article:
    """The columns of `articles` that clean fills, by the same names."""

    headline: str | None
    headline_start_char: int | None
    headline_end_char: int | None
    published_on: date | None
    published_basis: str | None
    published_start_char: int | None
    published_end_char: int | None
    publisher: str | None
    agency: str | None
    byline: str | None
    dateline_place: str | None
    language: str | None
    page_type: str
    body: str
    word_count: int


@dataclass(frozen=True)
class Cleaned:
    """Segments always; an article, or the reason why there is none."""

    segments: tuple[Segment, ...]
    article: Article | None
    refused: str | None = None
