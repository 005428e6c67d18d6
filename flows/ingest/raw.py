"""What readers give: an input as met, with the bounds that hold for every kind of file."""

import re
from dataclasses import dataclass

from flows.ingest.inputs import InputFile

# A text or page beyond this is a dump, not a document (the longest of 39,605 articles has 55 kB, of 145 pages 2.9 MB).
# It bounds what a file that unpacks to far more than it holds can cost.
MAX_DOCUMENT_BYTES = 10_000_000
# A longer title, publisher, date or address is a mistake of the scraper's; a longer id is none to cite. The longest title of
# 39,605 articles has 318 characters, the longest id 74; addresses beyond 2,000 are not opened by every browser.
MAX_METADATA_CHARS = 4_000

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class RawRecord:
    """An input as met: a file, or a record in a file.

    Attributes:
        uri: where; `<file>#<id>` for a record.
        media_type: text/plain or text/html, as the file's name or the record's field says.
        raw: the bytes of the text or HTML; None if `refused`.
        refused: why there are none, as a code.
        sha256: of the bytes, in hex, also of those that were refused if they could be read; None if not known.
        byte_length: of the bytes that were refused; 0 if not known, or where `raw` tells.
        charset: what the server that sent the page said of its encoding, as given.
    """

    uri: str
    media_type: str
    raw: bytes | None
    url: str | None = None
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    language: str | None = None
    refused: str | None = None
    sha256: str | None = None
    byte_length: int = 0
    charset: str | None = None


class Unreadable(Exception):
    """A file, or its rest, cannot be read; `reason` says why, as a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refused_file(file: InputFile, reason: str) -> RawRecord:
    """The record that stands for a file, or for the rest of it."""
    return RawRecord(
        file.uri, "application/octet-stream", None, refused=reason, sha256=file.sha256, byte_length=file.byte_length
    )


def metadata_value(text: str) -> str | None:
    """As given, but for blanks around it; None if there is nothing, or absurdly much."""
    value = well_formed(text[: 2 * MAX_METADATA_CHARS]).strip()
    return value if 0 < len(value) <= MAX_METADATA_CHARS else None


def well_formed(text: str) -> str:
    r"""Half a surrogate pair ("\ud83d" where a scraper cut an emoji in two) is no character: U+FFFD, as in browsers."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
