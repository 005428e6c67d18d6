"""Files of every format to raw records, one at a time: what they hold, or why it cannot be had. Constant memory."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flows.ingest.archives import read_archive
from flows.ingest.fields import FIELD_NAMES, Fields, plain_name
from flows.ingest.inputs import InputFile
from flows.ingest.packed import CHUNK_BYTES, open_bytes, unpacked_limit
from flows.ingest.raw import MAX_DOCUMENT_BYTES, RawRecord, Unreadable, refused_file, well_formed

__all__ = ["RawRecord", "read_records"]

# A line of JSON Lines: escapes make a text up to six times as long, most of them no more than twice.
MAX_LINE_BYTES = 3 * MAX_DOCUMENT_BYTES
# Each record costs some 40 µs and a row, however short it is. So many are read in any case; beyond them the texts must have this
# mean length: the headlines of a million-headline corpus have 45 bytes, the lines of a bomb 1 (200 MB of "0": 100 million).
# A record of a web archive has a head of its own, which bounds how many there can be.
FREE_RECORDS = 100_000
MIN_MEAN_RECORD_BYTES = 20
# Commas and opening brackets in a line of JSON: each may be a value, which costs Python some 70 bytes however short it is
# (30 MB of `{},`: 700 MB). The most in the lines of 145 pages with all their scripts: 0.1 million.
MAX_JSON_VALUES = 2_000_000
PARQUET_BATCH_ROWS = (
    16  # rows of MAX_DOCUMENT_BYTES each would be 160 MB; reading is no slower (20,000 rows: 1.4 to 2.0 s either way)
)

MEDIA_TYPES: Final = {"text": "text/plain", "html": "text/html"}


def read_records(file: InputFile, field_map: Mapping[str, str] | None = None) -> Iterator[RawRecord]:
    """Every record of a file, in its order; one refused record if the file as a whole (or its rest) cannot be read.

    Args:
        file: as `flows.ingest.inputs.discover` found it.
        field_map: our field name to the name in this input, such as {"published": "when"}.
    """
    if file.refused is not None:
        yield refused_file(file, file.refused)
        return
    kind = file.kind.partition(".")[0]
    records: Iterator[RawRecord]
    if kind == "jsonl":
        records = _json_lines(file, field_map or {})
    elif kind == "parquet":
        records = _parquet(file, field_map or {})
    elif kind == "warc":
        records = read_archive(file)
    else:
        records = _whole_file(file, MEDIA_TYPES[kind])
    met = met_bytes = 0
    try:
        for record in records:
            if kind != "warc" and met_bytes < (met - FREE_RECORDS) * MIN_MEAN_RECORD_BYTES:
                yield refused_file(file, "too_many_records")
                return
            met += 1
            met_bytes += len(record.raw) if record.raw is not None else record.byte_length
            yield record
    except Unreadable as error:
        yield refused_file(file, error.reason)
    except PermissionError:
        yield refused_file(file, "no_read_permission")
    except OSError:
        yield refused_file(file, "unreadable_file")
    else:
        if not met:
            yield refused_file(file, "empty")


def _whole_file(file: InputFile, media_type: str) -> Iterator[RawRecord]:
    with open_bytes(file) as stream:
        raw = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(raw) > MAX_DOCUMENT_BYTES:
        yield refused_file(file, "too_long")
    else:
        yield RawRecord(file.uri, media_type, raw)


def _json_lines(file: InputFile, field_map: Mapping[str, str]) -> Iterator[RawRecord]:
    with open_bytes(file) as stream:
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
                yield _json_record(file.uri, uri, line.rstrip(b"\r\n"), field_map)


def _json_record(file_uri: str, line_uri: str, line: bytes, field_map: Mapping[str, str]) -> RawRecord:
    """A line as a record; refused as `undecodable`, `malformed_json`, `not_an_object`, `too_many_values` or as `_record` finds."""
    refused = None
    fields: Any = None
    if len(line) > MAX_JSON_VALUES and sum(map(line.count, (b",", b"[", b"{"))) > MAX_JSON_VALUES:
        refused = "too_many_values"
    else:
        try:
            fields = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            refused = "undecodable"
        except (ValueError, RecursionError):
            refused = "malformed_json"
        else:
            if isinstance(fields, dict):
                record = _record(file_uri, line_uri, fields, field_map)
                if record.refused != "no_text_field":
                    return record
                return replace(record, sha256=hashlib.sha256(line).hexdigest(), byte_length=len(line))
            refused = "not_an_object"
    return RawRecord(
        line_uri,
        "text/plain",
        None,
        refused=refused,
        sha256=hashlib.sha256(line).hexdigest(),
        byte_length=len(line),
    )


def _record(file_uri: str, own_uri: str, named: Mapping[str, Any], field_map: Mapping[str, str]) -> RawRecord:
    """The record that named fields make; refused as `no_text_field` or `too_long`.

    Args:
        file_uri: of the file.
        own_uri: of the record, if it has neither an id nor content.
        named: the fields.
        field_map: as `read_records` takes it.
    """
    fields = Fields(named, field_map)
    content, media_type = fields.content()
    own_id = fields.metadata("id")
    raw: bytes | None = None
    sha256: str | None = None
    refused = None
    if isinstance(content, str):
        raw = well_formed(content).encode("utf-8")
    elif isinstance(content, bytes):  # Parquet: a page as it was fetched, a text in whatever encoding
        raw = content
    else:
        refused = "no_text_field"
    if raw is not None:
        sha256 = hashlib.sha256(raw).hexdigest()
        own_uri = f"{file_uri}#{sha256[:16]}"
        refused = "too_long" if len(raw) > MAX_DOCUMENT_BYTES else None
    return RawRecord(
        f"{file_uri}#{own_id}" if own_id is not None else own_uri,
        media_type,
        raw if refused is None else None,
        url=fields.metadata("url"),
        title=fields.metadata("title"),
        published=fields.metadata("published"),
        publisher=fields.metadata("publisher"),
        language=fields.metadata("language"),
        refused=refused,
        sha256=sha256,
        byte_length=len(raw) if raw is not None and refused else 0,
    )


def _parquet(file: InputFile, field_map: Mapping[str, str]) -> Iterator[RawRecord]:
    """Rows as records, a batch at a time; only the columns that we know are read, and of these no lists and structs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    limit = unpacked_limit(file)
    try:
        # Otherwise a row group's columns are read whole before its first row: 160 MB of a file of 300 MB in one.
        with pq.ParquetFile(file.path, buffer_size=CHUNK_BYTES, pre_buffer=False) as table:
            known = {name for names in FIELD_NAMES.values() for name in names}
            mapped = set(field_map.values())
            columns = [
                field.name
                for field in table.schema_arrow
                if (field.name in mapped or plain_name(field.name) in known) and not pa.types.is_nested(field.type)
            ]
            if _declared_bytes(table.metadata, columns) > limit:
                yield refused_file(file, "too_long")
                return
            number = unpacked = 0
            for batch in table.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=columns):
                for row in range(batch.num_rows):
                    number += 1
                    fields = {name: _parquet_value(batch.column(at)[row]) for at, name in enumerate(batch.schema.names)}
                    # a value that a dictionary holds once may stand in a million rows
                    unpacked += sum(len(value) for value in fields.values() if isinstance(value, str | bytes))
                    if unpacked > limit:
                        yield refused_file(file, "too_long")
                        return
                    yield _record(file.uri, f"{file.uri}#row-{number}", fields, field_map)
    except (pa.ArrowException, UnicodeDecodeError):  # the latter: names of columns
        yield refused_file(file, "corrupt_parquet")
    except OSError as error:
        if error.errno is not None:
            raise
        yield refused_file(file, "corrupt_parquet")  # Arrow's word for headers that are absurdly long or nested


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
