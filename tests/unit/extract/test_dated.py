"""The second pass: only documents that a neighbour dates are extracted again, and the rest of their shard stays as it is."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.extract.dated import date_unit, days_by_shard, options_of
from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.extract.shard import extract_unit
from flows.store import ledger
from flows.store.ledger import Entry
from flows.store.parquet import Row, to_arrow
from flows.store.units import Unit
from schemas.registry import table_named

FIRST, SECOND = "00" * 8, "40" * 8  # of one shard
TEXTS = {
    FIRST: "Envoys met in Oslo on Monday. At least 12 people were killed on Sunday, the coast guard said.",
    SECOND: "Rebels attacked Kufra on Tuesday.",
}
DAY = date(2019, 3, 6)


def committed(folder: Path, stage: str, rows: dict[str, list[Row]]) -> Entry:
    tables = {name: to_arrow(table_named(name), found) for name, found in rows.items()}
    return ledger.commit(folder / stage, "00", "key", "f" * 64, tables, {})


@pytest.fixture
def shard(tmp_path: Path) -> tuple[Entry, Entry, Entry]:
    """Two undated articles, gathered, cleaned and extracted."""
    documents = [
        {"document_id": key, "uris": [f"{key}.txt"], "media_type": "text/plain", "byte_length": len(text)}
        | {"sha256": key * 4, "status": "accepted", "text": text, "text_repaired": False}
        for key, text in TEXTS.items()
    ]
    segments = [
        {
            "segment_id": key,
            "document_id": key,
            "index": 0,
            "start_char": 0,
            "end_char": len(text),
            "label": "body",
            "confidence": 1.0,
        }
        for key, text in TEXTS.items()
    ]
    articles = [
        {"article_id": key, "page_type": "article", "body": text, "word_count": len(text.split())}
        for key, text in TEXTS.items()
    ]
    gathered = committed(tmp_path, "gathered", {"documents": documents})
    cleaned = committed(tmp_path, "clean", {"segments": segments, "articles": articles})
    return gathered, cleaned, extract_unit(Unit(tmp_path / "extract", "00", "e" * 64, (gathered, cleaned))).entry


def dated(folder: Path, shard: tuple[Entry, ...], days: dict[str, date]) -> Unit:
    return Unit(folder / "dated", "00", "d" * 64, shard, options_of(days))


def of_document(entry: Entry, table: str, document_id: str) -> list[Row]:
    return [row for row in entry.table(table).to_pylist() if row["document_id"] == document_id]


def test_the_dated_document_has_its_days_and_the_other_has_the_rows_it_had(
    tmp_path: Path, shard: tuple[Entry, Entry, Entry]
) -> None:
    done = date_unit(dated(tmp_path, shard, {FIRST: DAY}))
    assert done.computed == 1
    before, after = shard[2], done.entry
    assert {row["date_start"] for row in of_document(before, "timexes", FIRST)} == {None}
    assert [row["date_start"] for row in of_document(after, "timexes", FIRST)] == [date(2019, 3, 4), date(2019, 3, 3)]
    assert [row["date_start"] for row in of_document(after, "casualties", FIRST)] == [date(2019, 3, 3)]
    assert {row["date_start"] for row in of_document(before, "events", FIRST)} == {None}
    assert date(2019, 3, 3) in {row["date_start"] for row in of_document(after, "events", FIRST)}
    for table in before.files:
        assert of_document(before, table, SECOND) == of_document(after, table, SECOND)
        own_id = table_named(table).key[0]
        ids = [[row[own_id] for row in of_document(entry, table, FIRST)] for entry in (before, after)]
        assert ids[0] == ids[1], "an id is a function of the words, not of their day"


def test_a_document_with_the_same_day_is_not_extracted_again_and_one_with_another_is(
    tmp_path: Path, shard: tuple[Entry, Entry, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = date_unit(dated(tmp_path, shard, {FIRST: DAY}))
    with monkeypatch.context() as patch:
        patch.setattr("flows.extract.dated.extract_page", lambda _page: 1 / 0)
        again = date_unit(dated(tmp_path, shard, {FIRST: DAY}))
    assert (again.entry, again.computed) == (first.entry, 0)
    both = date_unit(dated(tmp_path, shard, {FIRST: DAY, SECOND: DAY}))
    assert (both.computed, both.reused) == (1, 1)
    assert of_document(both.entry, "timexes", FIRST) == of_document(first.entry, "timexes", FIRST)
    assert [row["date_start"] for row in of_document(both.entry, "timexes", SECOND)] == [date(2019, 3, 5)]


@pytest.mark.parametrize("later", [1, 2])
def test_a_page_that_names_weekdays_and_days_alone_means_the_same_if_it_appeared_a_little_later(later: int) -> None:
    text = (
        "Norway voiced deep concern on Friday over the shelling that broke out in Selvik on June 2. Its minister telephoned "
        "the envoys on Tuesday. Iceland attacked two trawlers on Thursday. At least 16 sailors were killed on June 2."
    )
    day = date(2019, 6, 7)
    page = Page(FIRST, text, day, ((0, len(text), "body"),))
    found = extract_page(page)
    assert {row["date_start"].day for row in found["timexes"]} == {2, 4, 6, 7}
    assert extract_page(replace(page, published_on=day + timedelta(days=later))) == found


def test_days_are_read_by_shard_from_what_grouping_found(tmp_path: Path) -> None:
    links = [
        {"article_id": key, "story_id": "ab" * 8, "published_on": day}
        for key, day in ((FIRST, DAY), (SECOND, None), ("ff" * 8, DAY))
    ]
    grouped = committed(tmp_path, "group", {"article_links": links})
    assert days_by_shard(grouped) == {"00": {FIRST: DAY}, "3f": {"ff" * 8: DAY}}
