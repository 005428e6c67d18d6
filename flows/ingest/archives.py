"""Web archives (WARC) to raw records, one at a time. Constant memory."""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from flows.ingest.inputs import InputFile
from flows.ingest.packed import CHUNK_BYTES, Piecewise, open_bytes
from flows.ingest.raw import MAX_DOCUMENT_BYTES, RawRecord, Unreadable, metadata_value, refused_file

HTTP_REDIRECT = 300  # the page of a status code from here on says that the page is elsewhere
HTTP_ERROR = 400  # from here on, that there is none
MAX_HTTP_HEAD_BYTES = 1 << 16  # of the head of a response, which servers bound at 8 to 64 kB

MEDIA_TYPES: Final = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}

_CHARSET = re.compile(r"""charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_STATUS = re.compile(r"HTTP/[0-9.]{1,9} {1,9}([0-9]{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile("[0-9]{1,18}")
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]{0,9}(?:;[^\r\n]{0,999})?\r\n")
# A page that came without a type, by its first words.
_PAGE_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Many archives keep a page unpacked under the headers of the packed one. So many bytes without one beyond ASCII are text.
PLAIN_HEAD_BYTES = 64


def read_archive(file: InputFile) -> Iterator[RawRecord]:
    """The pages and texts of a web archive: a record for each response, resource and conversion.

    What these hold beside pages (pictures, style sheets, errors, redirects) becomes a refused record each, and so do
    revisits, whose page is in another record, and pages in several records. Requests, metadata and descriptions of the
    archive itself tell of records and are none. WARC-Date is when a page was fetched, which is no publication date.

    Raises:
        OSError: the disk fails.
        Unreadable: the file cannot be unpacked further.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    pages = (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion)
    with open_bytes(file) as stream:
        # FastWARC would also unpack: archives that are packed under a name that does not say so, to no limit; and
        # responses, where one that is damaged ends the archive.
        archive = iter(ArchiveIterator(Piecewise(stream), parse_http=False, auto_decode="none", stream_detect=False))
        while True:
            try:
                record = next(archive, None)
                if record is None:
                    return
                block = record.reader.read(MAX_DOCUMENT_BYTES + MAX_HTTP_HEAD_BYTES)
                whole = _block_is_whole(record, len(block))
            except OSError as error:
                # One class for a header that cannot be parsed and for a failing disk, told apart by the error number.
                if error.errno is not None:
                    raise
                yield refused_file(file, "damaged_warc")
                return
            if record.record_type in pages or record.record_type in (
                WarcRecordType.revisit,
                WarcRecordType.continuation,
            ):
                yield _raw_record(file, record, block, whole=whole)
            elif not whole:
                yield refused_file(file, "damaged_warc")  # cut in a record that is no page: more may have followed
                return


def _block_is_whole(record: Any, read_bytes: int) -> bool:
    """Whether the archive holds as much of the record as its head says; the rest of it is passed over."""
    declared = record.headers.get("Content-Length") or ""
    if not _LENGTH.fullmatch(declared):
        return False  # the standard demands it: the archive ends within the head
    while read_bytes < int(declared) and (passed := len(record.reader.read(CHUNK_BYTES))):
        read_bytes += passed
    return read_bytes >= int(declared)


def _raw_record(file: InputFile, record: Any, block: bytes, *, whole: bool) -> RawRecord:
    """A record of the archive as one of ours.

    Args:
        file: the archive.
        record: FastWARC's, its HTTP head not parsed.
        block: its content, the head of the response included, to somewhat more than what a document may have.
        whole: whether the archive holds all of it.
    """
    from fastwarc.warc import WarcRecordType

    headers = record.headers
    content_type = headers.get("Content-Type") or ""
    status, http, body = 0, None, block
    if content_type.lower().startswith("application/http"):
        status, http, body = _response(block)
        content_type = http.get("content-type", "")
    media_type = _media_type(content_type or headers.get("WARC-Identified-Payload-Type") or "", body)
    charset = _CHARSET.search(content_type)
    long = len(body) > MAX_DOCUMENT_BYTES  # and may be longer: the beginning alone was read
    found = RawRecord(
        uri=f"{file.uri}#{metadata_value(record.record_id or '') or hashlib.sha256(body).hexdigest()[:16]}",
        media_type=media_type or "application/octet-stream",
        raw=None,
        url=metadata_value((headers.get("WARC-Target-URI") or "").strip("<>")),
        sha256=None if long else hashlib.sha256(body).hexdigest(),
        byte_length=0 if long else len(body),
        charset=charset[1] if charset else None,
    )
    if not whole:
        return replace(found, refused="truncated_record")
    if record.record_type == WarcRecordType.revisit:
        # Without a digest: its payload is nothing, and so is an empty page's.
        return replace(found, refused="revisit", sha256=None, byte_length=0)
    if record.record_type == WarcRecordType.continuation or headers.get("WARC-Segment-Number"):
        return replace(found, refused="segmented_record")
    if status >= HTTP_REDIRECT:
        return replace(found, refused="http_error" if status >= HTTP_ERROR else "http_redirect")
    if media_type is None:
        return replace(found, refused="media_type_not_read")
    if long:
        return replace(found, refused="too_long")
    if headers.get("WARC-Truncated"):
        return replace(found, refused="truncated_record")
    try:
        raw = body if http is None else _unpacked(body, http)
    except Unreadable as error:
        return replace(found, refused=error.reason)
    return replace(found, raw=raw, sha256=None, byte_length=0)


def _response(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """A response's status code (0 if it has none), its headers (names in lower case, the first of each), its body."""
    end = _HEAD_END.search(block, 0, MAX_HTTP_HEAD_BYTES)
    if end is None:
        return 0, {}, b""
    first, *lines = block[: end.start()].decode("latin-1").split("\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    status = _STATUS.match(first)
    return int(status[1]) if status else 0, headers, block[end.end() :]


def _media_type(content_type: str, body: bytes) -> str | None:
    """Ours for the one that the archive gives; None if we do not read it."""
    essence = content_type.partition(";")[0].strip().lower()
    if not essence:
        return "text/html" if _PAGE_HEAD.match(body) else None
    return MEDIA_TYPES.get(essence)


def _unpacked(stored: bytes, http: Mapping[str, str]) -> bytes:
    """A response's body without its transfer and content codings.

    A body that bears none of its coding's marks was stored without it and is taken as it is.

    Raises:
        Unreadable: `truncated_record`, `corrupt_payload`, or `too_long` beyond what a document may have.
    """
    body = stored
    if "chunked" in http.get("transfer-encoding", "").lower():
        if _CHUNK_HEAD.match(body):
            body = _without_chunks(body)
    elif _LENGTH.fullmatch(length := http.get("content-length", "")) and len(body) < int(length):
        raise Unreadable("truncated_record")
    codings = [coding.strip().lower() for coding in http.get("content-encoding", "").split(",")]
    for coding in reversed(codings[:4]):
        plain = len(body) >= PLAIN_HEAD_BYTES and body[:PLAIN_HEAD_BYTES].isascii()
        if coding in {"gzip", "x-gzip"} and body.startswith(_GZIP_MAGIC):
            body = _inflated(body, zlib.MAX_WBITS | 16)
        elif coding == "deflate" and not plain:
            # The standard means zlib's format (RFC 1950), some servers bare deflate.
            zlib_format = len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
            body = _inflated(body, zlib.MAX_WBITS if zlib_format else -zlib.MAX_WBITS)
        elif coding == "br" and not plain:
            body = _read_through("BrotliReader", body)
        elif coding == "zstd" and body.startswith(_ZSTD_MAGIC):
            body = _read_through("ZstdReader", body)
    if len(body) > MAX_DOCUMENT_BYTES:
        raise Unreadable("too_long")
    return body


def _without_chunks(body: bytes) -> bytes:
    """The body that came in chunks (RFC 9112, 7.1), also with extensions, which FastWARC's reader refuses."""
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK_HEAD.match(body, at):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        at = head.end() + size
        if len(body) < at:
            raise Unreadable("truncated_record")
        parts.append(body[head.end() : at])
        at += len(b"\r\n")
    raise Unreadable("truncated_record" if at >= len(body) else "corrupt_payload")


def _inflated(body: bytes, window_bits: int) -> bytes:
    """What a body of one or more members unpacks to, to one byte beyond what a document may have."""
    parts: list[bytes] = []
    left = MAX_DOCUMENT_BYTES + 1
    while left > 0:
        unpacking = zlib.decompressobj(window_bits)
        try:
            parts.append(unpacking.decompress(body, left))
        except zlib.error:
            raise Unreadable("corrupt_payload") from None
        left -= len(parts[-1])
        if not unpacking.eof and left > 0:
            raise Unreadable("truncated_record")
        body = unpacking.unused_data
        if not body.startswith(_GZIP_MAGIC):
            break
    return b"".join(parts)


def _read_through(reader: str, body: bytes) -> bytes:
    """What FastWARC's reader of that name makes of a body, to one byte beyond what a document may have."""
    from fastwarc import stream_io

    try:
        unpacked: bytes = getattr(stream_io, reader)(io.BytesIO(body)).read(MAX_DOCUMENT_BYTES + 1)
    except OSError:
        raise Unreadable("corrupt_payload") from None
    return unpacked
