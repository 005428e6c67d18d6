"""Corrections: a list that is wrong names its lines; what stands is put in and told; what no longer stands fails."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.errors import CorrectionsStale, UsageError
from flows.extract import corrected
from flows.extract.corrections import (
    COLUMNS,
    SHOWN_LINES,
    all_corrections,
    check_all_stand,
    correction_of,
    digest,
    parse_corrections,
    place,
    text_of,
    value_of,
)
from flows.store import ledger
from flows.store.ledger import Entry
from flows.store.parquet import Row, to_arrow
from flows.store.units import Unit, shard_of
from flows.store.withhold import withheld_document
from schemas.corrections import CORRECTABLE
from schemas.registry import table_named
from tests.contracts.sound import MARCH_ID, TALKS_ID, sound_rows

HEADER = ",".join(COLUMNS)
ROWS = sound_rows()
KILLED, COUNTED, _ = ROWS["casualties"]
SHELLING = ROWS["events"][0]
KILLED_ID, COUNTED_ID = KILLED["casualty_id"], COUNTED["casualty_id"]
WHY = "the text says so,A. Reader,2024-05-01"


def line(row_id: str = COUNTED_ID, column: str = "low", expected: str = "15", new: str = "16", why: str = WHY) -> str:
    return f"{row_id},{column},{expected},{new},{why}"


def parsed(*lines: str, header: str = HEADER, name: str = "mine.csv"):
    return parse_corrections("\n".join([header, *lines, ""]), name)


BOTH = (line(), line(column="high"))


def shard(folder: Path, rows: dict[str, list[Row]], *, stage: str = "extract", document_id: str = TALKS_ID) -> Entry:
    """An entry of the rows that are of one document."""
    tables = {
        name: to_arrow(table_named(name), [row for row in found if row["document_id"] == document_id])
        for name, found in rows.items()
    }
    name = shard_of(document_id)
    return ledger.commit(folder / stage, name, "0" * 24, "f" * 64, tables, {document_id: "digest"})


@pytest.fixture
def extracted(tmp_path: Path) -> list[Entry]:
    rows = {name: ROWS[name] for name in CORRECTABLE} | {"sentences": ROWS["sentences"]}
    # the event's parties have their document, as extract leaves them
    return [shard(tmp_path, rows), shard(tmp_path, rows, document_id=MARCH_ID)]


@pytest.fixture
def gathered(tmp_path: Path) -> list[Entry]:
    return [
        shard(tmp_path, {"documents": ROWS["documents"]}, stage="gathered", document_id=key)
        for key in (TALKS_ID, MARCH_ID)
    ]


def put_right(folder: Path, extracted: list[Entry], *lines: str) -> Entry:
    placed = corrected.by_shard(place(parsed(*lines), extracted))
    ((name, standing),) = placed.items()
    (entry,) = (one for one in extracted if one.unit == name)
    return corrected.correct_unit(
        Unit(folder / "corrected", name, "c" * 64, (entry,), corrected.options_of(standing))
    ).entry


def test_a_list_is_read_with_its_document_ids_in_any_order_and_with_blank_lines() -> None:
    first, second = parsed(*BOTH)
    assert (second.row_id, second.column, second.expected, second.new) == (COUNTED_ID, "low", "15", "16")
    assert (second.reason, second.who, second.when) == ("the text says so", "A. Reader", date(2024, 5, 1))
    assert parsed(*reversed(BOTH), "", ",,,,,,") == (first, second)
    (named,) = parsed(f"{TALKS_ID},{line()}", header=f"document_id,{HEADER}")
    assert named == replace(second, document_id=TALKS_ID)
    assert named.where == "mine.csv, line 2"


def test_the_shipped_list_is_sound_and_each_line_names_its_document() -> None:
    assert [one.where for one in all_corrections(None) if one.document_id is None] == []


def test_a_users_line_counts_beside_shipped_ones_and_before_one_of_the_same_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corrections.csv").write_text("\n".join([HEADER, *BOTH]), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(f"\ufeff{HEADER}\r\n{line(new='17')}\r\n", encoding="utf-8")
    monkeypatch.setattr("flows.extract.corrections.files", lambda _package: tmp_path)
    found = {one.column: (one.new, one.where.rpartition("/")[2]) for one in all_corrections(tmp_path / "mine.csv")}
    assert found == {"low": ("17", "mine.csv, line 2"), "high": ("16", "corrections.csv, line 3")}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(line(column="colour"), "no table has a column 'colour'", id="unknown-column"),
        pytest.param(line(column="casualty_id"), "ids and evidence make the row what it is", id="an-id"),
        pytest.param(line(column="document_id"), "ids and evidence make the row what it is", id="the-document"),
        pytest.param(line(column="start_char"), "ids and evidence make the row what it is", id="evidence"),
        pytest.param(line(column="place_entity_id"), "follows from the facts", id="what-link-fills"),
        pytest.param(line(column="killed_best"), "follows from the facts", id="what-link-makes"),
        pytest.param(line(new="many"), "low is a whole number, not 'many'", id="no-number"),
        pytest.param(line(new="-1"), "low is at least 0, not -1", id="below-bounds"),
        pytest.param(line(expected="fifteen"), "low is a whole number, not 'fifteen'", id="expected-no-number"),
        pytest.param(line(column="kind", expected="killed", new="slain"), "kind is one of killed", id="code"),
        pytest.param(line(column="kind", expected="killed", new=""), "kind must have a value", id="null"),
        pytest.param(
            line(column="date_start", expected="", new="3 May"), "a day is written 2024-05-31, not '3 May'", id="no-day"
        ),
        pytest.param(line(column="date_start", expected="", new="2024-02-31"), "day is out of range", id="no-such-day"),
        pytest.param(line(column="timex_id", expected="", new="soon"), "has the shape [0-9a-f]{16}", id="shape"),
        pytest.param(line(column="is_background", expected="no", new="true"), "is true or false, not 'no'", id="bool"),
        pytest.param(line(new="15"), "expected and new are the same, '15'", id="changes-nothing"),
        pytest.param(line(new="015"), "expected and new are the same, '15'", id="changes-the-spelling-only"),
        pytest.param(line(row_id="12"), "row_id '12' is no id", id="no-id"),
        pytest.param(line(why=",A. Reader,2024-05-01"), "reason is empty", id="no-reason"),
        pytest.param(line(why="so, ,2024-05-01"), "who is empty", id="nobody"),
        pytest.param(line(why="so,A. Reader,"), "when is empty", id="no-day-of-correction"),
        pytest.param(line(why="so,A. Reader,yesterday"), "a day is written 2024-05-31", id="when-is-no-day"),
        pytest.param(line(why="so, as I said,A. Reader,2024-05-01"), "8 of 7 cells", id="comma"),
        pytest.param(line(why='"so,A. Reader,2024-05-01'), "no CSV that can be read", id="open-quote"),
        pytest.param(line(column="high", new="99"), "high of row", id="twice"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_and_number(wrong: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parsed(line(column="high"), wrong)
    assert str(raised.value).startswith("mine.csv, line 3: ")
    assert said in str(raised.value)


def test_every_wrong_line_is_named_up_to_a_number() -> None:
    with pytest.raises(UsageError) as raised:
        parsed(*[line(new="many")] * (SHOWN_LINES + 3))
    told = str(raised.value).splitlines()
    assert [one.partition(":")[0] for one in told[:-1]] == [f"mine.csv, line {n}" for n in range(2, SHOWN_LINES + 2)]
    assert told[-1] == "and 3 more lines"


@pytest.mark.parametrize(
    "header", ["", HEADER.removesuffix(",when"), f"{HEADER},when", f"{HEADER},remark", HEADER.upper()]
)
def test_a_header_that_is_not_the_lists_is_refused(header: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.csv, line 1: the header is"):
        parsed(line(), header=header)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"row_id\x00"])
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(UsageError, match=r"mine\.csv"):
        all_corrections(tmp_path / "mine.csv")


def test_every_value_that_may_be_corrected_has_one_spelling_that_reads_back() -> None:
    for name, columns in CORRECTABLE.items():
        table = table_named(name)
        assert table.column_names[-1] == "corrected"
        assert (
            set(columns) & {*table.link_owned, "document_id", "sentence_id", "start_char", "end_char", "text"} == set()
        )
        for row in ROWS[name]:
            for column in columns:
                described, value = table.column(column), row.get(column)
                assert value_of(described, text_of(value)) == value


def test_columns_of_one_name_take_the_same_values() -> None:
    kinds = {
        (found.name, found.type, found.codes, found.low, found.pattern, found.nullable)
        for name, columns in CORRECTABLE.items()
        for found in map(table_named(name).column, columns)
    }
    assert len({name for name, *_ in kinds}) == len(kinds)


def test_a_corrected_row_has_the_new_values_and_says_so_and_no_other_row_differs(
    tmp_path: Path, extracted: list[Entry]
) -> None:
    entry = put_right(tmp_path, extracted, *BOTH, line(SHELLING["event_id"], "is_background", "false", "true"))
    before, after = (
        {row["casualty_id"]: row for row in one.table("casualties").to_pylist()} for one in (extracted[0], entry)
    )
    assert after == before | {COUNTED_ID: before[COUNTED_ID] | {"low": 16, "high": 16, "corrected": ["high", "low"]}}
    (event,) = entry.table("events").to_pylist()
    assert (event["is_background"], event["corrected"]) == (True, ["is_background"])
    for name in extracted[0].files.keys() - {"casualties", "events"}:
        assert entry.files[name] == extracted[0].files[name]
    assert entry.documents == extracted[0].documents


def test_each_correction_is_a_row_of_its_own_from_which_it_can_be_told_again(
    tmp_path: Path, extracted: list[Entry]
) -> None:
    rows = put_right(tmp_path, extracted, *BOTH).table("corrections").to_pylist()
    assert {(row["document_id"], row["table_name"], row["row_id"]) for row in rows} == {
        (TALKS_ID, "casualties", COUNTED_ID)
    }
    assert {correction_of(row) for row in rows} == {replace(one, document_id=TALKS_ID) for one in parsed(*BOTH)}


def test_a_value_can_be_taken_away_and_given(tmp_path: Path, extracted: list[Entry]) -> None:
    entry = put_right(tmp_path, extracted, line(KILLED_ID, "victims", "people", ""), line(KILLED_ID, "high", "", "20"))
    (row,) = (row for row in entry.table("casualties").to_pylist() if row["casualty_id"] == KILLED_ID)
    assert (row["victims"], row["high"], row["corrected"]) == (None, 20, ["high", "victims"])


def test_the_order_of_lines_and_the_file_they_stand_in_change_nothing(tmp_path: Path, extracted: list[Entry]) -> None:
    orders = [parsed(*BOTH), parsed(*reversed(BOTH), name="elsewhere/other.csv")]
    assert len({digest(one) for one in orders}) == 1
    assert digest(parsed(*BOTH)) != digest(parsed(line(), line(column="high", new="17")))
    made = [corrected.options_of(place(one, extracted)) for one in orders]
    assert made[0] == made[1]
    assert "csv" not in made[0]


def test_a_correction_that_stands_passes(extracted: list[Entry], gathered: list[Entry]) -> None:
    corrections = parsed(*BOTH)
    check_all_stand(corrections, place(corrections, extracted), gathered)


@pytest.mark.parametrize(
    ("stale", "said"),
    [
        pytest.param(
            line(expected="14"), f"casualties {COUNTED_ID}, low: expected '14', found '15'", id="another-value"
        ),
        pytest.param(
            line(expected="14", new="15"),
            f"casualties {COUNTED_ID}, low: expected '14', found '15': it is read as it should be now",
            id="extraction-has-caught-up",
        ),
        pytest.param(line(expected=""), "low: expected no value, found '15'", id="a-value-where-none-was"),
        pytest.param(line(row_id="0" * 16), f"{'0' * 16}, low: no row that can be corrected has this id", id="no-row"),
    ],
)
def test_a_correction_that_no_longer_stands_asks_to_be_removed(
    stale: str, said: str, extracted: list[Entry], gathered: list[Entry]
) -> None:
    corrections = parsed(line(column="high"), stale)
    with pytest.raises(CorrectionsStale) as raised:
        check_all_stand(corrections, place(corrections, extracted), gathered)
    told = str(raised.value)
    assert told.startswith("1 of 2 corrections no longer stand:\nmine.csv, line 3: ")
    assert said in told
    assert "Remove these lines" in told


@pytest.mark.parametrize(("document_id", "fails"), [(TALKS_ID, True), ("0" * 16, False)])
def test_a_row_that_is_gone_is_stale_only_if_its_document_is_there(
    document_id: str, fails: bool, extracted: list[Entry], gathered: list[Entry]
) -> None:
    corrections = parsed(f"{line(row_id='0' * 16)},{document_id}", header=f"{HEADER},document_id")
    placed = place(corrections, extracted)
    if not fails:
        check_all_stand(corrections, placed, gathered)
        return
    with pytest.raises(CorrectionsStale, match=f"document {TALKS_ID} no longer gives this row"):
        check_all_stand(corrections, placed, gathered)


def test_a_line_of_a_document_that_was_taken_down_does_not_keep_it_from_going(
    tmp_path: Path, extracted: list[Entry]
) -> None:
    rows = [withheld_document(row) if row["document_id"] == TALKS_ID else row for row in ROWS["documents"]]
    withheld = [shard(tmp_path, {"documents": rows}, stage="gathered", document_id=TALKS_ID)]
    corrections = parsed(f"{line(row_id='0' * 16)},{TALKS_ID}", header=f"{HEADER},document_id")
    check_all_stand(corrections, place(corrections, extracted), withheld)


def test_a_row_of_another_document_or_table_than_the_line_means_is_named(extracted: list[Entry]) -> None:
    elsewhere = parsed(f"{line()},{MARCH_ID}", header=f"{HEADER},document_id")
    with pytest.raises(UsageError, match=f"line 2: row {COUNTED_ID} is of document {TALKS_ID}, not {MARCH_ID}"):
        place(elsewhere, extracted)
    with pytest.raises(
        UsageError, match=f"line 2: row {COUNTED_ID} is one of casualties, of which can be corrected: kind"
    ):
        place(parsed(line(column="speaker", expected="", new="Ada Brandt")), extracted)
