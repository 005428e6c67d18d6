"""documents: raw bytes to decoded text, hashed, or quarantined with a reason. Pure."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from flows.ingest.encoding import decode, repair
from flows.ingest.html import Block, UnreadableHtml, read_html
from flows.ingest.language import main_language
from flows.ingest.page_metadata import PageMetadata
from flows.ingest.raw import RawRecord
from flows.text.ids import content_id

__all__ = ["Block", "Document", "document_id_of", "read_document"]

UNREADABLE_TYPE: Final = "application/octet-stream"

# The language is told from a page's main content if there is this much of it: menus may be in another language.
MIN_MAIN_CHARS = 200


@dataclass(frozen=True)
class Document:
    """The columns of `documents` that ingest fills, the page's blocks if it is HTML, and what the page says of itself."""

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
    metadata: PageMetadata = field(default_factory=PageMetadata)


def document_id_of(sha256: str | None, uri: str) -> str:
    """The first 16 hex digits of the content's hash; of the address where the content could not be read, to have a row.

    >>> document_id_of("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "a.txt")
    '9f86d081884c7d65'
    """
    return sha256[:16] if sha256 else content_id("unreadable", uri)


def read_document(record: RawRecord) -> Document:
    """Decode a record, find its language, split a page into blocks; a function of its bytes, media type and charset alone.

    A quarantined document keeps whatever is known: hash and length always, encoding, language and text if it came so far.
    """
    sha256, byte_length = record.sha256, record.byte_length
    if record.raw is not None:
        sha256, byte_length = sha256 or hashlib.sha256(record.raw).hexdigest(), len(record.raw)

    def document(
        *,
        refused: str | None = None,
        media_type: str = record.media_type,
        encoding: str | None = None,
        language: str | None = None,
        text: str | None = None,
        text_repaired: bool = False,
        blocks: tuple[Block, ...] = (),
        metadata: PageMetadata | None = None,
    ) -> Document:
        return Document(
            document_id=document_id_of(sha256, record.uri),
            media_type=media_type,
            byte_length=byte_length,
            sha256=sha256,
            encoding=encoding,
            language=language,
            status="quarantined" if refused else "accepted",
            status_reason=refused,
            text=text,
            text_repaired=text_repaired,
            blocks=blocks,
            metadata=metadata or PageMetadata(),
        )

    if record.refused is not None or record.raw is None:
        return document(refused=record.refused or "unreadable_file", media_type=UNREADABLE_TYPE)
    is_html = record.media_type == "text/html"
    decoded = decode(record.raw, html=is_html, charset=record.charset)
    if decoded.text is None:
        return document(refused=decoded.refused, media_type=UNREADABLE_TYPE)
    if decoded.refused is not None:
        return document(refused=decoded.refused, encoding=decoded.encoding, text=decoded.text)
    if not is_html:
        text, repaired = repair(decoded.text)
        language, refused = main_language(text)
        return document(
            refused=refused,
            encoding=decoded.encoding,
            language=language,
            text=text,
            text_repaired=repaired or decoded.damaged,
        )
    try:
        page = read_html(decoded.text)
    except UnreadableHtml:
        return document(refused="html_unreadable", encoding=decoded.encoding)
    language, refused = main_language(_main_text(page.text, page.blocks))
    return document(
        refused=refused if page.text else "empty",
        encoding=decoded.encoding,
        language=language,
        text=page.text,
        text_repaired=page.repaired or decoded.damaged,
        blocks=page.blocks,
        metadata=page.metadata,
    )


def _main_text(text: str, blocks: tuple[Block, ...]) -> str:
    main = "\n".join(text[block.start_char : block.end_char] for block in blocks if block.main_content)
    return main if len(main) >= MIN_MAIN_CHARS else text
