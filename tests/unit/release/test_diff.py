"""What differs between two releases, and the cause of each change."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.errors import WarehouseDamaged
from flows.plan import STAGE_ROOTS
from flows.release.diff import (
    COMPARED,
    FOLDER,
    STAGES,
    Circumstances,
    blamed_stages,
    read_diff,
    row_id_columns,
    write_diff,
)
from flows.text.ids import content_id
from schemas.registry import RELEASED
from tests.contracts.sound import COPY_ID, MARCH_ID, TALKS_ID, Rows, sound_rows, write_staged
from tests.unit.release.made import CODE, make_release, make_warehouse

Diff = dict[str, list[dict[str, Any]]]


def difference(tmp_path: Path, old: Rows, new: Rows, known: Circumstances | None = None, **options: Any) -> Diff:
    """Every table's diff as rows, old and new as values."""
    number = len(list(tmp_path.iterdir()))
    write_staged(old, tmp_path / f"{number}-old")
    write_staged(new, tmp_path / f"{number}-new")
    target = tmp_path / f"{number}-diff"
    write_diff(tmp_path / f"{number}-old", tmp_path / f"{number}-new", target, known, **options)
    found = {path.stem: pq.read_table(path).to_pylist() for path in target.glob("*.parquet")}
    for row in (row for rows in found.values() for row in rows):
        row |= {side: row[side] and json.loads(row[side]) for side in ("old", "new")}
    return found


def causes(found: Diff, table: str) -> dict[str, str]:
    return {row["row_id"]: row["cause"] for row in found[table]}


def without(rows: Rows, document: str) -> Rows:
    """The rows of the other documents; those of groups stay as they are."""
    return {
        name: [row for row in table if document not in (row.get("document_id"), row.get("article_id"))]
        for name, table in rows.items()
    }


def with_uri(rows: Rows, document: str, uri: str) -> Rows:
    for row in rows["documents"]:
        if row["document_id"] == document:
            row["uris"] = [uri]
    return rows


def test_every_released_table_but_checks_has_a_file_also_where_nothing_differs(tmp_path):
    found = difference(tmp_path, sound_rows(), sound_rows())
    assert found == {table.name: [] for table in RELEASED if table.name != "checks"}


def test_a_revised_row_tells_its_columns_and_both_values(tmp_path):
    rows = sound_rows()
    claim = rows["casualties"][0]
    claim |= {"high": 20, "attributed_to": "a “clerk”\n"}
    (row,) = difference(tmp_path, sound_rows(), rows)["casualties"]
    assert row == {
        "row_id": claim["casualty_id"],
        "change": "revised",
        "changed_columns": ["high", "attributed_to"],
        "old": {"high": None, "attributed_to": None},
        "new": {"high": 20, "attributed_to": "a “clerk”\n"},
        "cause": "linking",
    }


def test_added_and_retracted_rows_tell_what_is_not_null_and_article_text_as_a_digest(tmp_path):
    rows = sound_rows()
    gone = rows["quotes"].pop(0)
    (row,) = difference(tmp_path, sound_rows(), rows)["quotes"]
    (mirrored,) = difference(tmp_path, rows, sound_rows())["quotes"]
    assert (row["change"], row["row_id"], row["changed_columns"], row["new"]) == (
        "retracted",
        gone["quote_id"],
        [],
        None,
    )
    assert row["old"]["text"].startswith("sha256:")
    assert {name: value for name, value in row["old"].items() if name != "text"} == {
        name: value for name, value in gone.items() if value is not None and name != "text"
    }
    assert (mirrored["change"], mirrored["old"], mirrored["new"]) == ("added", None, row["old"])


def test_words_are_shown_on_demand_only(tmp_path):
    rows = sound_rows()
    rows["stories"][0]["headline"] = "Another"
    old, new = sound_rows(), rows
    assert difference(tmp_path, old, new)["stories"][0]["new"]["headline"].startswith("sha256:")
    assert difference(tmp_path, old, new, words=True)["stories"][0]["new"] == {"headline": "Another"}


def test_a_table_without_ids_of_its_own_is_told_by_its_key(tmp_path):
    rows = sound_rows()
    mention = rows["event_mentions"].pop()
    (row,) = difference(tmp_path, sound_rows(), rows)["event_mentions"]
    assert row["row_id"] == ":".join(
        str(mention[name]) for name in ("document_id", "start_char", "end_char", "event_id")
    )


def test_rows_are_sorted_by_id_and_the_same_bytes_each_time(tmp_path):
    rows = {name: [] for name in sound_rows()}
    found = difference(tmp_path, rows, sound_rows())
    again = difference(tmp_path, rows, sound_rows())
    assert found == again
    for table in COMPARED:
        ids = [row["row_id"] for row in found[table.name]]
        assert ids == sorted(set(ids))
        assert len(ids) == len(sound_rows()[table.name])
    files = [path for path in tmp_path.glob("*-diff") if path.is_dir()]
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in files)
    assert first == second


def test_facts_of_a_new_document_are_new_input_and_those_of_a_removed_one_removed_input(tmp_path):
    fewer = without(sound_rows(), TALKS_ID)
    for old, new, cause in ((fewer, sound_rows(), "new_input"), (sound_rows(), fewer, "removed_input")):
        found = difference(tmp_path, old, new)
        for table in ("documents", "articles", "segments", "quotes", "casualties", "events", "event_actors"):
            assert found[table], table
            assert set(causes(found, table).values()) == {cause}, table


def test_another_document_at_the_same_uri_is_changed_input_on_both_sides(tmp_path):
    old = without(sound_rows(), TALKS_ID)
    new = without(with_uri(sound_rows(), TALKS_ID, "march.jsonl#7"), MARCH_ID)
    found = difference(tmp_path, old, new)
    assert causes(found, "documents") == {TALKS_ID: "changed_input", MARCH_ID: "changed_input"}
    assert {row["change"] for row in found["documents"]} == {"added", "retracted"}
    assert {row["change"]: row["cause"] for row in found["events"]} == {
        "added": "changed_input",
        "retracted": "changed_input",
    }


def test_rows_of_groups_are_of_the_input_if_one_of_their_documents_is(tmp_path):
    old = without(sound_rows(), COPY_ID)
    old["stories"][1] |= {"article_count": 1}
    old["entities"][0] |= {"article_count": 7}
    new = sound_rows()
    march_story = new["stories"][1]["story_id"]
    found = difference(tmp_path, old, new)
    assert causes(found, "stories") == {march_story: "new_input"}
    assert set(causes(found, "entities").values()) == {"linking"}  # of a document that was there
    assert set(causes(difference(tmp_path, new, old), "stories").values()) == {"removed_input"}


def rows_with_all_groups_revised() -> Rows:
    rows = sound_rows()
    for table, column, value in (
        ("entities", "article_count", 9),
        ("stories", "source_count", 9),
        ("incidents", "source_count", 9),
        ("claim_conflicts", "kind", "wounded"),
        ("duplicates", "similarity", 0.5),
        ("event_actors", "country_code", "XOS"),
    ):
        for row in rows[table]:
            row[column] = value
    for row in rows["incident_events"]:
        row["incident_id"] = content_id("incidents", "another")
    return rows


@pytest.mark.parametrize(
    ("document", "table", "rows"),
    [
        pytest.param(TALKS_ID, "entities", 2, id="entities-through-mentions"),
        pytest.param(TALKS_ID, "stories", 1, id="stories-through-articles"),
        pytest.param(TALKS_ID, "incidents", 1, id="incidents-through-events"),
        pytest.param(TALKS_ID, "incident_events", 1, id="incident_events-through-events"),
        pytest.param(TALKS_ID, "claim_conflicts", 1, id="claim_conflicts-through-casualties"),
        pytest.param(TALKS_ID, "event_actors", 1, id="event_actors-through-events"),
        pytest.param(TALKS_ID, "id_map", 1, id="id_map-through-articles-of-its-successor"),
        pytest.param(MARCH_ID, "duplicates", 1, id="duplicates-of-either-document"),
        pytest.param(COPY_ID, "duplicates", 1, id="duplicates-of-the-other-document"),
        pytest.param(MARCH_ID, "incidents", 1, id="the-other-incident"),
    ],
)
def test_each_group_finds_its_documents(tmp_path, document, table, rows):
    old = without(rows_with_all_groups_revised(), document)
    old["id_map"] = []
    new = sound_rows()
    found = difference(tmp_path, old, new)
    assert sum(cause == "new_input" for cause in causes(found, table).values()) == rows
    others = [cause for cause in causes(found, table).values() if cause != "new_input"]
    assert set(others) <= {"linking"}


def test_a_record_whose_metadata_differ_is_changed_input_though_its_words_are_the_same(tmp_path):
    new = sound_rows()
    new["articles"][1] |= {"publisher": "Ansel Courier"}
    new["stories"][1] |= {"publisher_count": 1}
    found = difference(tmp_path, sound_rows(), new)
    assert causes(found, "articles") == {MARCH_ID: "changed_input"}
    assert set(causes(found, "stories").values()) == {"changed_input"}
    by_code = difference(tmp_path, sound_rows(), new, Circumstances({"clean": "code"}))
    assert causes(by_code, "articles") == {MARCH_ID: "code"}


def test_a_day_that_follows_from_another_document_is_linking(tmp_path):
    new = sound_rows()
    new["articles"][2] |= {"published_on": new["articles"][0]["published_on"], "published_from_document_id": TALKS_ID}
    assert causes(difference(tmp_path, sound_rows(), new), "articles") == {COPY_ID: "linking"}


def test_a_file_that_has_another_name_is_changed_input(tmp_path):
    new = with_uri(sound_rows(), TALKS_ID, "renamed.txt")
    (row,) = difference(tmp_path, sound_rows(), new)["documents"]
    assert (row["cause"], row["changed_columns"]) == ("changed_input", ["uris"])


@pytest.mark.parametrize(
    ("blamed", "table", "column", "value", "cause"),
    [
        pytest.param({"extract": "code"}, "casualties", "high", 20, "code", id="own-stage"),
        pytest.param({"clean": "code"}, "casualties", "high", 20, "code", id="a-stage-before"),
        pytest.param({"link": "code"}, "casualties", "high", 20, "linking", id="a-stage-after-is-not-it"),
        pytest.param({"link": "code"}, "casualties", "place_entity_id", None, "code", id="but-in-a-column-of-its-own"),
        pytest.param({"link": "code"}, "documents", "duplicate_of", TALKS_ID, "code", id="copies"),
        pytest.param({"extract": "code"}, "documents", "status", "quarantined", "code", id="what-extract-refuses"),
        pytest.param({"extract": "reference_data"}, "casualties", "high", 20, "reference_data", id="reference-data"),
        pytest.param({"clean": "reference_data", "extract": "code"}, "casualties", "high", 20, "code", id="code-first"),
        pytest.param({"clean": "reference_data", "link": "code"}, "segments", "label", "body", "reference_data", id="segments"),
        pytest.param({"group": "code"}, "casualties", "high", 20, "code", id="days-that-group-gives"),
        pytest.param({"release": "code"}, "casualties", "high", 20, "code", id="what-puts-tables-together-if-nothing-else"),
        pytest.param({}, "casualties", "high", 20, "linking", id="nothing-known"),
    ],
)  # fmt: skip
def test_a_stage_that_differs_is_the_cause_where_it_can_be(tmp_path, blamed, table, column, value, cause):
    rows = sound_rows()
    rows[table][0][column] = value
    found = difference(tmp_path, sound_rows(), rows, Circumstances(blamed))
    assert set(causes(found, table).values()) == {cause}


def test_input_goes_before_code(tmp_path):
    fewer = without(sound_rows(), TALKS_ID)
    found = difference(tmp_path, fewer, sound_rows(), Circumstances(dict.fromkeys(STAGES, "code")))
    assert set(causes(found, "casualties").values()) == {"new_input"}


def test_what_release_differs_in_is_no_cause_where_a_document_moved(tmp_path):
    new = without(sound_rows(), COPY_ID)
    new["casualties"][0]["high"] = 20
    found = difference(tmp_path, sound_rows(), new, Circumstances({"release": "code"}))
    assert set(causes(found, "casualties").values()) == {"linking"}


def test_a_correction_is_the_cause_of_what_it_revised_and_of_what_follows_from_it(tmp_path):
    old, new = sound_rows(), sound_rows()
    put_right = new["casualties"][0]
    old["corrections"] = []
    new["corrections"] = new["corrections"][:1]
    new["corrections"][0] |= {"row_id": put_right["casualty_id"], "column_name": "high", "expected": None, "new": "20"}
    for claim in new["casualties"][:2]:
        claim["high"] = 20
    new["incidents"][0]["killed_high"] = 20
    new["quotes"][1]["cue"] = "told"
    found = difference(tmp_path, old, new)
    assert set(causes(found, "corrections").values()) == {"correction"}
    assert set(causes(found, "incidents").values()) == {"correction"}
    by_code = difference(tmp_path, old, new, Circumstances({"extract": "code"}))
    assert causes(by_code, "casualties") == {
        put_right["casualty_id"]: "correction",
        new["casualties"][1]["casualty_id"]: "code",
    }
    assert set(causes(by_code, "incidents").values()) == {"code"}
    assert set(causes(by_code, "corrections").values()) == {"correction"}
    undone = difference(tmp_path, new, old)
    assert causes(undone, "casualties")[put_right["casualty_id"]] == "correction"


def test_a_correction_that_stood_before_is_no_cause(tmp_path):
    rows = sound_rows()
    rows["casualties"][2]["attributed_to"] = "a nurse"  # the claim whose figures are corrected, then as now
    assert set(causes(difference(tmp_path, sound_rows(), rows), "casualties").values()) == {"linking"}


def test_no_value_of_a_document_that_was_taken_down_is_repeated(tmp_path):
    new = without(sound_rows(), TALKS_ID)
    new["entities"] = new["entities"][1:2]
    new["stories"][0]["article_count"] = 0
    known = Circumstances(taken_down=frozenset({TALKS_ID}))
    found = difference(tmp_path, sound_rows(), new, known)
    assert all(found[table] for table in ("quotes", "entities", "stories"))
    assert all(row["old"] is None for rows in found.values() for row in rows)
    assert "Brandt" not in json.dumps(found)
    revised = found["stories"][0]
    assert (revised["changed_columns"], revised["new"], revised["cause"]) == (
        ["article_count"],
        {"article_count": 0},
        "removed_input",
    )
    assert "Brandt" in json.dumps(difference(tmp_path, sound_rows(), new)), "else this test sees nothing"


def test_a_document_that_was_taken_down_is_removed_though_a_row_says_that_it_was_met(tmp_path):
    new = without(sound_rows(), TALKS_ID)
    left = sound_rows()["documents"][0] | {"status": "quarantined", "status_reason": "taken_down", "text": None}
    new["documents"].insert(0, left)
    found = difference(tmp_path, sound_rows(), new, Circumstances(taken_down=frozenset({TALKS_ID})))
    (row,) = found["documents"]
    assert (row["change"], row["cause"], row["old"], row["new"]) == ("revised", "removed_input", None, None)
    assert set(causes(found, "quotes").values()) == {"removed_input"}
    back = difference(tmp_path, new, sound_rows(), Circumstances(taken_down=frozenset({TALKS_ID})))
    assert set(causes(back, "quotes").values()) == {"new_input"}


def test_floats_are_equal_if_six_decimals_are(tmp_path):
    rows = sound_rows()
    rows["entities"][0]["latitude"] += 1e-9
    assert difference(tmp_path, sound_rows(), rows)["entities"] == []
    rows["entities"][0]["latitude"] += 1e-5
    assert difference(tmp_path, sound_rows(), rows)["entities"][0]["new"] == {"latitude": 41.50001}


def test_a_column_or_table_that_an_older_contract_lacks_is_null_or_empty_there(tmp_path):
    write_staged(sound_rows(), tmp_path / "old")
    write_staged(sound_rows(), tmp_path / "new")
    (tmp_path / "old" / "incidents.parquet").unlink()
    file = tmp_path / "old" / "casualties.parquet"
    rows = pq.read_table(file)
    pq.write_table(rows.drop_columns(["rule"]).append_column("shade", rows["kind"]), file)
    write_diff(tmp_path / "old", tmp_path / "new", tmp_path / "diff")
    assert pq.read_table(tmp_path / "diff" / "incidents.parquet")["change"].to_pylist() == ["added", "added"]
    revised = pq.read_table(tmp_path / "diff" / "casualties.parquet").to_pylist()
    assert {tuple(row["changed_columns"]) for row in revised} == {("rule", "shade")}
    assert json.loads(revised[0]["old"])["rule"] is None
    assert json.loads(revised[0]["new"])["shade"] is None


def test_a_column_of_another_type_is_compared_as_it_is_written(tmp_path):
    write_staged(sound_rows(), tmp_path / "old")
    write_staged(sound_rows(), tmp_path / "new")
    file = tmp_path / "old" / "casualties.parquet"
    rows = pq.read_table(file)
    place = rows.column_names.index("low")
    pq.write_table(rows.set_column(place, "low", rows["low"].cast("string")), file)
    write_diff(tmp_path / "old", tmp_path / "new", tmp_path / "diff")
    revised = pq.read_table(tmp_path / "diff" / "casualties.parquet").to_pylist()
    assert {tuple(row["changed_columns"]) for row in revised} == {("low",)}


def test_rows_that_share_an_id_are_told_by_a_number(tmp_path):
    rows = sound_rows()
    rows["quotes"].append(rows["quotes"][0] | {"cue": "told"})
    found = difference(tmp_path, sound_rows(), rows)["quotes"]
    assert [(row["row_id"], row["change"]) for row in found] == [(f"{rows['quotes'][0]['quote_id']}#2", "added")]


def test_an_id_that_may_not_be_unique_is_not_taken_for_one():
    for table in COMPARED:
        names = row_id_columns(table)
        assert names == table.key or names == (table.columns[0].name,)
        assert all(not table.column(name).nullable for name in names)


def test_the_stages_are_those_of_a_run():
    assert tuple(STAGE_ROOTS) == STAGES


def test_a_parent_that_lacks_a_file_of_its_manifest_is_not_taken_for_empty(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    (store.release("1.0.0") / "quotes.parquet").unlink()
    write_staged(sound_rows(), tmp_path / "new")
    with pytest.raises(WarehouseDamaged, match=r"lacks quotes\.parquet"):
        write_diff(store.release("1.0.0"), tmp_path / "new", tmp_path / "diff")


def test_a_parent_whose_file_is_torn_is_told_by_its_name(tmp_path):
    write_staged(sound_rows(), tmp_path / "old")
    write_staged(sound_rows(), tmp_path / "new")
    (tmp_path / "old" / "quotes.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(WarehouseDamaged, match=r"quotes\.parquet cannot be read"):
        write_diff(tmp_path / "old", tmp_path / "new", tmp_path / "diff")


def test_a_release_holds_its_diff_and_the_first_none(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    first = make_release(store)
    rows = sound_rows()
    rows["casualties"][0]["high"] = 20
    second = make_release(store, rows, code=CODE | {"extract": "newer code of extract"})
    assert not any(name.startswith(FOLDER) for name in first["files"])
    assert {f"{FOLDER}/{table.name}.parquet" for table in COMPARED} <= set(second["files"])
    (row,) = read_diff(store.release(), "casualties").to_pylist()
    assert (row["change"], row["cause"]) == ("revised", "code")


def manifest(**code: str) -> Mapping[str, Any]:
    """Stage to '<program><reference>', one letter each."""
    return {
        "code": code,
        "program": {stage: digest[0] for stage, digest in code.items()},
        "reference": {stage: digest[1] for stage, digest in code.items()},
    }


def test_code_and_reference_data_are_told_apart():
    old, new = manifest(clean="ar", extract="br", link="cr"), manifest(clean="ar", extract="bs", link="ds")
    assert blamed_stages(old, new) == {"extract": "reference_data", "link": "code"}
    assert blamed_stages(old, old) == {}
    assert blamed_stages({"code": old["code"]}, new) == {"extract": "code", "link": "code"}
    assert blamed_stages({"code": {}}, new) == {"clean": "code", "extract": "code", "link": "code"}
