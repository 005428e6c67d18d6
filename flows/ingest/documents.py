"""documents: raw bytes to decoded text, hashed, or quarantined with a reason. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A block element of an HTML page (schemas/blocks.py)."""

    start_char: int
    end_char: int
    tag: str
    path: str
    link_share: float
    main_content: bool
    datetime: str | None = None


@dataclass(frozen=True)
class Document:
    """The columns of `documents` that ingest fills, and the page's blocks if it is HTML."""

    document_id: str
    media_type: str
    byte_length: int
    sha256: str | None
    encoding: str | None
    language: str | None
    status: str
    status_reason: str | None
    text: str | None
    text_repaired: bool
    blocks: tuple[Block, ...] = ()
