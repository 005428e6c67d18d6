"""Files of every format to raw records, one at a time: what they hold, or why it cannot be had. Constant memory."""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO, Any, Final, cast

from flows.errors import UsageError
from flows.ingest.inputs import InputFile

# A text or page beyond this is a dump, not a document (the longest of 39,605 articles has 55 kB, of 145 pages 2.9 MB).
# It bounds what a file that unpacks to far more than it holds can cost.
MAX_DOCUMENT_BYTES = 10_000_000
# A line of JSON Lines: escapes make a text up to six times as long, most of them no more than twice.
MAX_LINE_BYTES = 3 * MAX_DOCUMENT_BYTES
# What a compressed file may unpack to: a hundred times itself, or this if that is more. Text shrinks to a third or a
# quarter, the same line again and again to a fiftieth; a bomb to a thousandth, and Parquet's dictionaries far beyond.
MAX_UNPACKED_RATIO = 100
MIN_UNPACKED_BYTES = 100_000_000
# Rows of a file are held until it is read to its end, about 3 kB each beside their texts.
MAX_FILE_RECORDS = 1_000_000
# Commas and opening brackets in a line of JSON: each may be a value, which costs Python some 70 bytes however short it is
# (30 MB of `{},`: 700 MB). The most in the lines of 145 pages with all their scripts: 0.1 million.
MAX_JSON_VALUES = 2_000_000
# A longer title, publisher, date or address is a mistake of the scraper's; a longer id is none to cite. The longest title of
# 39,605 articles has 318 characters, the longest id 74; addresses beyond 2,000 are not opened by every browser.
MAX_METADATA_CHARS = 4_000
CHUNK_BYTES = 1 << 16
PARQUET_BATCH_ROWS = (
    16  # rows of MAX_DOCUMENT_BYTES each would be 160 MB; reading is no slower (20,000 rows: 1.4 to 2.0 s either way)
)
HTTP_ERROR = 400  # the page of a status code from here on says that there is no page

MEDIA_TYPES: Final = {"text": "text/plain", "html": "text/html"}

# What a record's fields may be called, in the order in which they are looked for; a name given by `--map` replaces them.
FIELD_NAMES: Final = {
    "id": ("id",),
    "text": ("text",),
    "html": ("html",),
    "url": ("url",),
    "title": ("title",),
    "published": ("published", "date"),
    "publisher": ("publisher", "source"),
    "language": ("language",),
}

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class RawRecord:
    """An input as met: a file, or a record in a file.

    Attributes:
        uri: where; `<file>#<id>` for a record.
        media_type: text/plain or text/html, as the file's name or the record's field says.
        raw: the bytes of the text or HTML; None if `refused`.
        refused: why there are none, as a code.
        sha256: of the bytes that were refused, if they could be read; None where `raw` tells.
        byte_length: likewise.
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


def field_map_of(pairs: Sequence[str]) -> dict[str, str]:
    """What `--map published=when` says, as our name to the input's name.

    Raises:
        UsageError: a pair has no "=", or its first half is no field of ours, or the second is empty.

    >>> field_map_of(["published=when", "text=body"])
    {'published': 'when', 'text': 'body'}
    """
    field_map = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not equals or not theirs or ours not in FIELD_NAMES:
            raise UsageError(
                f"{pair!r} is no field map. Write FIELD=NAME with a field out of {', '.join(FIELD_NAMES)}."
            )
        field_map[ours] = theirs
    return field_map


def read_records(file: InputFile, field_map: Mapping[str, str] | None = None) -> Iterator[RawRecord]:
    """Every record of a file, in its order; one refused record if the file as a whole (or its rest) cannot be read.

    Args:
        file: as `flows.ingest.inputs.discover` found it.
        field_map: our field name to the name in this input, such as {"published": "when"}.
    """
    if file.refused is not None:
        yield _refused_file(file, file.refused)
        return
    kind = file.kind.removesuffix(".gz")
    records: Iterator[RawRecord]
    if kind == "jsonl":
        records = _json_lines(file, field_map or {})
    elif kind == "parquet":
        records = _parquet(file, field_map or {})
    elif kind == "warc":
        records = _warc(file)
    else:
        records = _whole_file(file, MEDIA_TYPES[kind])
    met = 0
    try:
        for record in records:
            if met == MAX_FILE_RECORDS:
                yield _refused_file(file, "too_many_records")
                return
            met += 1
            yield record
    except _UnpacksTooFar:
        yield _refused_file(file, "too_long")
    except EOFError:
        yield _refused_file(file, "truncated_gzip")
    except (gzip.BadGzipFile, zlib.error):
        yield _refused_file(file, "corrupt_gzip")
    except PermissionError:
        yield _refused_file(file, "no_read_permission")
    except OSError:
        yield _refused_file(file, "unreadable_file")
    else:
        if not met:
            yield _refused_file(file, "empty")


def _refused_file(file: InputFile, reason: str) -> RawRecord:
    return RawRecord(
        file.uri, "application/octet-stream", None, refused=reason, sha256=file.sha256, byte_length=file.byte_length
    )


class _UnpacksTooFar(Exception):
    """A compressed file holds more than its size lets expect: a bomb, or nothing that we could keep in memory."""


class _Unpacking(gzip.GzipFile):
    """A gzip file that is read to a limit and no further.

    Raises:
        _UnpacksTooFar: on reading beyond the limit.
    """

    def __init__(self, file: InputFile) -> None:
        super().__init__(file.path, "rb")
        self._left = _unpacked_limit(file)

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(size))

    def readline(self, size: int | None = -1) -> bytes:
        return self._counted(super().readline(-1 if size is None else size))

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise _UnpacksTooFar
        return data


def _unpacked_limit(file: InputFile) -> int:
    return max(MIN_UNPACKED_BYTES, MAX_UNPACKED_RATIO * file.byte_length)


def _open(file: InputFile) -> IO[bytes]:
    return cast("IO[bytes]", _Unpacking(file)) if file.kind.endswith(".gz") else file.path.open("rb")


def _whole_file(file: InputFile, media_type: str) -> Iterator[RawRecord]:
    with _open(file) as stream:
        raw = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(raw) > MAX_DOCUMENT_BYTES:
        yield _refused_file(file, "too_long")
    else:
        yield RawRecord(file.uri, media_type, raw)


def _json_lines(file: InputFile, field_map: Mapping[str, str]) -> Iterator[RawRecord]:
    with _open(file) as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            uri = f"{file.uri}#line-{number}"
            if len(line) > MAX_LINE_BYTES:
                digest, length = hashlib.sha256(line), len(line)
                while not line.endswith(b"\n") and (line := stream.readline(CHUNK_BYTES)):
                    digest.update(line)
                    length += len(line)
                yield RawRecord(
                    uri, "text/plain", None, refused="too_long", sha256=digest.hexdigest(), byte_length=length
                )
                continue
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.isspace():
                yield _json_record(file.uri, uri, line, field_map)


def _json_record(file_uri: str, line_uri: str, line: bytes, field_map: Mapping[str, str]) -> RawRecord:
    """A line as a record; refused as `undecodable`, `malformed_json`, `not_an_object`, `too_many_values` or as `_record` finds."""
    line = line.rstrip(b"\r\n")
    refused = RawRecord(line_uri, "text/plain", None, sha256=hashlib.sha256(line).hexdigest(), byte_length=len(line))
    if sum(map(line.count, (b",", b"[", b"{"))) > MAX_JSON_VALUES:
        return replace(refused, refused="too_many_values")
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return replace(refused, refused="undecodable")
    except (ValueError, RecursionError):
        return replace(refused, refused="malformed_json")
    if not isinstance(fields, dict):
        return replace(refused, refused="not_an_object")
    return _record(file_uri, fields, field_map, refused)


def _record(file_uri: str, fields: Mapping[str, Any], field_map: Mapping[str, str], refused: RawRecord) -> RawRecord:
    """The record that named fields make; `refused` completed where they hold no text or too much of it."""

    def field(name: str) -> Any:
        names = (field_map[name],) if name in field_map else FIELD_NAMES[name]
        return next((fields[key] for key in names if fields.get(key) is not None), None)

    def metadata(name: str) -> str | None:
        value = field(name)
        if isinstance(value, date):  # Parquet has dates and bytes; JSON has none
            value = value.isoformat()
        elif isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return _metadata_value(str(value))

    named = replace(
        refused,
        url=metadata("url"),
        title=metadata("title"),
        published=metadata("published"),
        publisher=metadata("publisher"),
        language=metadata("language"),
    )
    own_id = metadata("id")
    if own_id is not None:
        named = replace(named, uri=f"{file_uri}#{own_id}")
    text, html = field("text"), field("html")
    # The text where there are both: its offsets are what the record's maker sees.
    use_text = isinstance(text, str | bytes) and (text.strip() or not html)
    content, media_type = (text, "text/plain") if use_text else (html, "text/html")
    if isinstance(content, str):
        raw = _well_formed(content).encode("utf-8")
    elif isinstance(content, bytes):  # Parquet: a page as it was fetched, a text in whatever encoding
        raw = content
    else:
        return replace(named, refused="no_text_field")
    sha256 = hashlib.sha256(raw).hexdigest()
    uri = named.uri if own_id is not None else f"{file_uri}#{sha256[:16]}"
    if len(raw) > MAX_DOCUMENT_BYTES:
        return replace(named, uri=uri, media_type=media_type, refused="too_long", sha256=sha256, byte_length=len(raw))
    return replace(named, uri=uri, media_type=media_type, raw=raw, sha256=None, byte_length=0)


def _parquet(file: InputFile, field_map: Mapping[str, str]) -> Iterator[RawRecord]:
    """Rows as records, a batch at a time; only the columns that we know are read, and of these no lists and structs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    limit = _unpacked_limit(file)
    try:
        with pq.ParquetFile(file.path) as table:
            known = {*field_map.values(), *(name for names in FIELD_NAMES.values() for name in names)}
            columns = [
                field.name for field in table.schema_arrow if field.name in known and not pa.types.is_nested(field.type)
            ]
            if _declared_bytes(table.metadata, columns) > limit:
                yield _refused_file(file, "too_long")
                return
            number = unpacked = 0
            for batch in table.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=columns):
                for row in range(batch.num_rows):
                    number += 1
                    fields = {name: _parquet_value(batch.column(at)[row]) for at, name in enumerate(batch.schema.names)}
                    # a value that a dictionary holds once may stand in a million rows
                    unpacked += sum(len(value) for value in fields.values() if isinstance(value, str | bytes))
                    if unpacked > limit:
                        yield _refused_file(file, "too_long")
                        return
                    refused = RawRecord(f"{file.uri}#row-{number}", "text/plain", None)
                    yield _record(file.uri, fields, field_map, refused)
    except (pa.ArrowException, UnicodeDecodeError):  # the latter: names of columns
        yield _refused_file(file, "corrupt_parquet")
    except OSError as error:
        if error.errno is not None:
            raise
        yield _refused_file(file, "corrupt_parquet")  # Arrow's word for headers that are absurdly long or nested


def _declared_bytes(metadata: Any, columns: Sequence[str]) -> int:
    """What a Parquet file says that its largest row group unpacks to, in the columns that are read.

    A page is unpacked whole, and it may hold one cell of two gigabytes.
    """
    largest = 0
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        chunks = map(group.column, range(group.num_columns))
        largest = max(largest, sum(one.total_uncompressed_size for one in chunks if one.path_in_schema in columns))
    return largest


def _parquet_value(scalar: Any) -> Any:
    """A cell as Python has it; the bytes of a text that is no UTF-8; None for what Python cannot hold (the year 300,000)."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()
    except (ValueError, OverflowError, LookupError, ArithmeticError):
        return None


def _warc(file: InputFile) -> Iterator[RawRecord]:
    """The pages and texts of a web archive. What it holds beside them (pictures, style sheets) becomes a refused row each.

    WARC-Date is when the page was fetched, which is no publication date.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    with _open(file) as stream:
        archive = iter(ArchiveIterator(stream, record_types=kinds, auto_decode="all"))
        while True:
            try:
                record = next(archive, None)
                if record is None:
                    return
                raw = record.reader.read(MAX_DOCUMENT_BYTES + 1)
            except PermissionError:
                raise
            except OSError as error:
                # One class for a header that cannot be parsed and for a failing disk, told apart by the error number.
                if error.errno is not None or isinstance(error, gzip.BadGzipFile):
                    raise
                yield _refused_file(file, "damaged_warc")
                return
            headers, http = record.headers, record.http_headers
            media_type = _warc_media_type(record.http_content_type or headers.get("Content-Type") or "")
            found = RawRecord(
                uri=f"{file.uri}#{_metadata_value(record.record_id or '') or hashlib.sha256(raw).hexdigest()[:16]}",
                media_type=media_type or "application/octet-stream",
                raw=None,
                url=_metadata_value(headers.get("WARC-Target-URI") or ""),
                sha256=hashlib.sha256(raw).hexdigest(),
                byte_length=len(raw),
            )
            declared = (http.get("Content-Length") or "") if http else ""
            encoded = http is not None and http.get("Content-Encoding") is not None
            if len(raw) > MAX_DOCUMENT_BYTES:
                # Its end was not read: hash and length would be those of the beginning.
                yield replace(found, refused="too_long", sha256=None, byte_length=0)
            elif http is not None and (http.status_code or 0) >= HTTP_ERROR:
                yield replace(found, refused="http_error")
            elif media_type is None:
                yield replace(found, refused="media_type_not_read")
            elif declared.isdecimal() and not encoded and len(raw) < int(declared):
                yield replace(found, refused="truncated_record")
            else:
                yield replace(found, raw=raw, sha256=None, byte_length=0)


def _warc_media_type(content_type: str) -> str | None:
    """Ours for the one that the archive gives; None if we do not read it."""
    essence = content_type.partition(";")[0].strip().lower()
    return {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}.get(essence)


def _metadata_value(text: str) -> str | None:
    """As given, but for blanks around it; None if there is nothing, or absurdly much."""
    value = _well_formed(text[: 2 * MAX_METADATA_CHARS]).strip()
    return value if 0 < len(value) <= MAX_METADATA_CHARS else None


def _well_formed(text: str) -> str:
    r"""Half a surrogate pair ("\ud83d" where a scraper cut an emoji in two) is no character: U+FFFD, as in browsers."""
    return _SURROGATES.sub("\ufffd", text)
