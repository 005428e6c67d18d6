"""corrections: a person's list of values that extraction read wrongly, checked line by line, and rows with the right ones.

A line says what is expected to stand there. While it does, the new value takes its place, in every run; as soon as it does not,
the line has served its time or never was about this row, and the run asks for its removal: a list that nobody clears up
would one day put an old value over a right one.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from flows.errors import CorrectionsStale, ReferenceDamaged, UsageError
from flows.store.ledger import Entry, digest_of
from flows.store.parquet import Row, to_arrow
from flows.store.withhold import TAKEN_DOWN
from flows.text.ids import content_id
from schemas.columns import ID_PATTERN
from schemas.corrections import CORRECTABLE
from schemas.registry import ALL_TABLES, table_named
from schemas.table import Column

COLUMNS: Final = ("row_id", "column", "expected", "new", "reason", "who", "when")
DOCUMENT_ID: Final = "document_id"  # may be left out: a line with it is passed over by a run without this document
SHIPPED: Final = "seeds/corrections.csv"
SHOWN_LINES = 10  # of a list with many faults: enough to see what kind they are
OPENED = {True: "true", False: "false"}

Value = str | int | bool | date | None


@dataclass(frozen=True)
class Correction:
    """One line of the list. Values are text in one spelling (12, 2021-03-04, true), None for no value.

    Attributes:
        row_id: own id of the row.
        column: whose value is wrong.
        expected: what extraction reads there.
        new: what should stand there.
        reason: why.
        who: the corrector.
        when: the day of the correction.
        document_id: the row's document, if the line names it.
        where: file and line, for messages.
    """

    row_id: str
    column: str
    expected: str | None
    new: str | None
    reason: str
    who: str
    when: date
    document_id: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Placed:
    """A correction whose row was found: in which shard, table and document, and what stands there, as text."""

    correction: Correction
    shard: str
    table: str
    document_id: str
    found: str | None

    @property
    def stands(self) -> bool:
        """Whether what is found is what the correction expects."""
        return self.found == self.correction.expected


def all_corrections(own: Path | None) -> tuple[Correction, ...]:
    """The corrections that come with dateline, and the user's; where both speak of one value, the user's counts.

    Raises:
        UsageError: the user's file cannot be read, or a line of it is wrong.
    """
    try:
        shipped = (files("seeds") / "corrections.csv").read_text(encoding="utf-8")
    except OSError as error:
        raise ReferenceDamaged(f"{SHIPPED} cannot be read ({error}). Reinstall dateline.") from error
    found = {(one.row_id, one.column): one for one in parse_corrections(shipped, SHIPPED)}
    if own is not None:
        try:
            written = own.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise UsageError(f"the corrections {own} cannot be read: {error}") from error
        found |= {(one.row_id, one.column): one for one in parse_corrections(written, str(own))}
    return tuple(found[key] for key in sorted(found))


def parse_corrections(written: str, name: str) -> tuple[Correction, ...]:
    r"""The lines of a list, in any order.

    Args:
        written: CSV with a header of COLUMNS, and `document_id` if wanted; an empty cell is no value.
        name: of the file, for messages.

    Raises:
        UsageError: lines are wrong; the message names each.

    >>> line = "0123456789abcdef,low,12,15,The text says 15,A. Reader,2024-05-01"
    >>> (one,) = parse_corrections(f"{','.join(COLUMNS)}\n{line}\n", "mine.csv")
    >>> one.column, one.expected, one.new, one.where
    ('low', '12', '15', 'mine.csv, line 2')
    """
    faults: list[str] = []
    found: dict[tuple[str, str], Correction] = {}
    for where, cells in _lines(written, name):
        try:
            one = _correction(cells, where)
        except ValueError as error:
            faults.append(f"{where}: {error}")
            continue
        if earlier := found.get((one.row_id, one.column)):
            faults.append(f"{where}: {one.column} of row {one.row_id} is corrected already, in {earlier.where}")
        found[one.row_id, one.column] = one
    if faults:
        more = f"\nand {len(faults) - SHOWN_LINES:,} more lines" if len(faults) > SHOWN_LINES else ""
        raise UsageError("\n".join(faults[:SHOWN_LINES]) + more)
    return tuple(found[key] for key in sorted(found))


def _lines(written: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each line is, and its cells by the header's names."""
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in COLUMNS if column not in header]
        strange = [cell for cell in header if cell not in {*COLUMNS, DOCUMENT_ID}]
        if missing or strange or len(set(header)) < len(header):
            raise UsageError(
                f"{name}, line 1: the header is {','.join(header) or 'missing'}; "
                f"it must name {', '.join(COLUMNS)}, and may name {DOCUMENT_ID}, each once"
            )
        for cells in reader:
            where = f"{name}, line {reader.line_num}"
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise UsageError(
                    f"{where}: {len(cells):,} of {len(header)} cells. Put quotes around a cell with commas."
                )
            yield where, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise UsageError(f"{name}, line {reader.line_num}: no CSV that can be read: {error}") from error


def _correction(cells: Mapping[str, str], where: str) -> Correction:
    """A line as a correction; ValueError says what is wrong with it."""
    row_id, column, document_id = cells["row_id"].strip(), cells["column"].strip(), cells.get(DOCUMENT_ID, "").strip()
    for name, value in (("row_id", row_id), (DOCUMENT_ID, document_id)):
        if not re.fullmatch(ID_PATTERN, value) and (value or name == "row_id"):
            raise ValueError(f"{name} {value!r} is no id: 16 hex digits, as `dateline query` prints them")
    tables = [table for table, columns in CORRECTABLE.items() if column in columns]
    if not tables:
        raise ValueError(_why_not(column))
    for name in ("reason", "who", "when"):
        if not cells[name].strip():
            raise ValueError(f"{name} is empty: a correction says why, by whom and when")
    described = table_named(tables[0]).column(
        column
    )  # columns of one name are alike, whichever of these tables the row is of
    expected, new = (text_of(value_of(described, cells[name])) for name in ("expected", "new"))
    if expected == new:
        raise ValueError(f"expected and new are the same, {new!r}")
    _check_fits(described, new)
    return Correction(
        row_id=row_id,
        column=column,
        expected=expected,
        new=new,
        reason=cells["reason"].strip(),
        who=cells["who"].strip(),
        when=_day(cells["when"].strip()),
        document_id=document_id or None,
        where=where,
    )


def value_of(column: Column, text: str | None) -> Value:
    """A value of a column's type from its text, None from none.

    Raises:
        ValueError: it is none of that type.

    >>> from schemas.casualties import CASUALTIES
    >>> value_of(CASUALTIES.column("low"), "12"), value_of(CASUALTIES.column("low"), "")
    (12, None)
    """
    if not text:
        return None
    if column.type == pa.string():
        return text
    text = text.strip()
    if column.type == pa.date32():
        return _day(text)
    if column.type == pa.bool_():
        if text.lower() not in OPENED.values():
            raise ValueError(f"{column.name} is true or false, not {text!r}")
        return text.lower() == OPENED[True]
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise ValueError(f"{column.name} is a whole number, not {text!r}")
    return int(text)


def text_of(value: Value) -> str | None:
    """The one spelling of a value.

    >>> [text_of(value) for value in (12, True, date(2021, 3, 4), "a", None)]
    ['12', 'true', '2021-03-04', 'a', None]
    """
    if value is None or isinstance(value, str):
        return value
    return OPENED[value] if isinstance(value, bool) else str(value)


def _day(text: str) -> date:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"a day is written 2024-05-31, not {text!r}")
    return date.fromisoformat(text)


def _check_fits(column: Column, new: str | None) -> None:
    """Nothing, if a value may stand in a column; else ValueError says why not."""
    value = value_of(column, new)
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} must have a value")
    elif column.codes is not None and value not in column.codes:
        raise ValueError(f"{column.name} is one of {', '.join(column.codes)}, not {new!r}")
    elif isinstance(value, int) and column.low is not None and value < column.low:
        raise ValueError(f"{column.name} is at least {column.low:g}, not {new}")
    elif column.pattern is not None and not re.fullmatch(column.pattern, str(new)):
        raise ValueError(f"{column.name} has the shape {column.pattern}, which {new!r} has not")


def _why_not(column: str) -> str:
    """Why a column may not be corrected."""
    owners = [table for table in ALL_TABLES if table.released and column in table.column_names]
    can = "; ".join(f"{table}: {', '.join(columns)}" for table, columns in CORRECTABLE.items())
    if not owners:
        why = f"no table has a column {column!r}"
    elif any(column in table.link_owned for table in owners) or all(table.stage == "link" for table in owners):
        why = f"{column} follows from the facts, anew in each run: correct those"
    else:
        why = f"{column} cannot be corrected: ids and evidence make the row what it is"
    return f"{why}. What can be: {can}"


def digest(corrections: Sequence[Correction]) -> str:
    """Of what the corrections say, wherever they stand."""
    return digest_of(*sorted(repr(replace(one, where="")) for one in corrections))


def place(corrections: Sequence[Correction], extracted: Iterable[Entry]) -> list[Placed]:
    """The corrections whose rows these shards hold, each with what stands there.

    Raises:
        UsageError: a row is of another document than its line says, or of a table whose column of that name cannot be corrected.
    """
    by_row: dict[str, list[Correction]] = {}
    for one in corrections:
        by_row.setdefault(one.row_id, []).append(one)
    wanted = pa.array(sorted(by_row), pa.string())
    placed: list[Placed] = []
    for entry in extracted if corrections else ():
        for table, correctable in CORRECTABLE.items():
            own_id = table_named(table).columns[0].name
            columns = sorted({one.column for one in corrections} & set(correctable))
            for batch in entry.batches(table, [own_id, "document_id", *columns]):
                for row in batch.filter(pc.is_in(batch[own_id], wanted)).to_pylist():
                    placed += [_placed(one, entry.unit, table, row) for one in by_row[row[own_id]]]
    return placed


def _placed(one: Correction, shard: str, table: str, row: Row) -> Placed:
    if one.column not in CORRECTABLE[table]:
        can = ", ".join(CORRECTABLE[table])
        raise UsageError(f"{one.where}: row {one.row_id} is one of {table}, of which can be corrected: {can}")
    if one.document_id not in (None, row["document_id"]):
        raise UsageError(f"{one.where}: row {one.row_id} is of document {row['document_id']}, not {one.document_id}")
    return Placed(one, shard, table, row["document_id"], text_of(row[one.column]))


def check_all_stand(corrections: Sequence[Correction], placed: Sequence[Placed], gathered: Iterable[Entry]) -> None:
    """Nothing, if every correction stands or names a document that is not among the inputs.

    Raises:
        CorrectionsStale: some do not; the message names file, line, row, what was expected and what was found.
    """
    found = {(one.correction.row_id, one.correction.column): one for one in placed}
    missing = [one for one in corrections if (one.row_id, one.column) not in found]
    present = _present({one.document_id for one in missing if one.document_id}, gathered) if missing else set()
    faults = [
        f"{one.correction.where}: {one.table} {one.correction.row_id}, {one.correction.column}: expected "
        f"{_said(one.correction.expected)}, found {_said(one.found)}"
        + (": it is read as it should be now" if one.found == one.correction.new else "")
        for one in placed
        if not one.stands
    ]
    for one in missing:
        if one.document_id is None:
            faults.append(
                f"{one.where}: {one.row_id}, {one.column}: no row that can be corrected has this id. If its document is not always "
                f"among the inputs, name it in a column {DOCUMENT_ID}"
            )
        elif one.document_id in present:
            faults.append(
                f"{one.where}: {one.row_id}, {one.column}: document {one.document_id} no longer gives this row"
            )
    if faults:
        more = [f"and {len(faults) - SHOWN_LINES:,} more"] if len(faults) > SHOWN_LINES else []
        raise CorrectionsStale(
            "\n".join(
                [
                    f"{len(faults):,} of {len(corrections):,} corrections no longer stand:",
                    *sorted(faults)[:SHOWN_LINES],
                    *more,
                    "Remove these lines (or correct what they expect), then run again. The current release is untouched.",
                ]
            )
        )


def _present(documents: set[str], gathered: Iterable[Entry]) -> set[str]:
    """Which of these documents are among the inputs. One that was taken down is not: its lines are passed over, or they would keep it from going."""
    wanted = pa.array(sorted(documents), pa.string())
    present: set[str] = set()
    for entry in gathered if documents else ():
        for batch in entry.batches("documents", ["document_id", "status_reason"]):
            stays = pc.fill_null(pc.not_equal(batch["status_reason"], TAKEN_DOWN), fill_value=True)
            asked = pc.and_(pc.is_in(batch["document_id"], wanted), stays)
            present |= set(batch["document_id"].filter(asked).to_pylist())
    return present


def _said(text: str | None) -> str:
    return "no value" if text is None else repr(text)


def correct_rows(table: str, rows: pa.Table, placed: Sequence[Placed]) -> pa.Table:
    """The rows of one table of facts, those that corrections name with the new values and marked in `corrected`."""
    described = table_named(table)
    own_id = described.columns[0].name
    values: dict[str, dict[str, Value]] = {}
    for one in placed:
        column = one.correction.column
        values.setdefault(one.correction.row_id, {})[column] = value_of(described.column(column), one.correction.new)
    named = pc.is_in(rows[own_id], pa.array(sorted(values), pa.string()))
    corrected = [
        row | values[row[own_id]] | {"corrected": sorted(values[row[own_id]])} for row in rows.filter(named).to_pylist()
    ]
    return pa.concat_tables([rows.filter(pc.invert(named)), to_arrow(described, corrected)])


def correction_rows(placed: Iterable[Placed]) -> list[Row]:
    """Rows of `corrections`."""
    return [
        {
            "correction_id": content_id("corrections", one.correction.row_id, one.correction.column),
            "document_id": one.document_id,
            "table_name": one.table,
            "row_id": one.correction.row_id,
            "column_name": one.correction.column,
            "expected": one.correction.expected,
            "new": one.correction.new,
            "reason": one.correction.reason,
            "who": one.correction.who,
            "corrected_on": one.correction.when,
        }
        for one in placed
    ]


def correction_of(row: Row) -> Correction:
    """The correction that a row of `corrections` tells of."""
    return Correction(
        row_id=row["row_id"],
        column=row["column_name"],
        expected=row["expected"],
        new=row["new"],
        reason=row["reason"],
        who=row["who"],
        when=row["corrected_on"],
        document_id=row["document_id"],
        where=f"correction {row['correction_id']}",
    )
