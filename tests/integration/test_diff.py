"""The diff of real runs: a document comes, one changes, one goes; and the changelog tells it from the same text read anew."""

import json

import pyarrow.parquet as pq
import pytest

from flows.release.diff import COMPARED, FOLDER
from flows.store.warehouse import Warehouse
from tests.integration.many_runs import ManyRuns
from tests.integration.whole import write_story

INPUT = {"new_input", "changed_input", "removed_input"}


@pytest.fixture(scope="module")
def store(many_runs: ManyRuns, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """1.0.0 of three documents; 1.1.0 with one more, one changed and one gone."""
    folder = tmp_path_factory.mktemp("diff")
    for number in range(3):
        write_story(folder / "in", number)
    assert many_runs.outcome(folder / "in", folder / "warehouse")["version"] == "1.0.0"
    write_story(folder / "in", 3)
    (folder / "in" / "story-001.txt").open("a").write("\nTwo more died in hospital on Friday.\n")
    (folder / "in" / "story-002.txt").unlink()
    assert many_runs.outcome(folder / "in", folder / "warehouse")["version"] == "1.1.0"
    return Warehouse(folder / "warehouse")


def rows(store: Warehouse, table: str) -> list[dict]:
    return pq.read_table(store.release("1.1.0") / FOLDER / f"{table}.parquet").to_pylist()


def documents_by_uri(store: Warehouse, version: str) -> dict[str, str]:
    held = pq.read_table(store.release(version) / "documents.parquet").to_pylist()
    return {row["uris"][0]: row["document_id"] for row in held}


def test_each_document_has_its_cause(store):
    before, after = (documents_by_uri(store, version) for version in ("1.0.0", "1.1.0"))
    found = {
        (row["row_id"], row["change"]): row["cause"] for row in rows(store, "documents") if row["change"] != "revised"
    }
    assert found == {
        (after["story-003.txt"], "added"): "new_input",
        (before["story-001.txt"], "retracted"): "changed_input",
        (after["story-001.txt"], "added"): "changed_input",
        (before["story-002.txt"], "retracted"): "removed_input",
    }


def test_facts_have_the_cause_of_their_document(store):
    causes = {row["row_id"]: row["cause"] for row in rows(store, "documents")}
    for table in ("segments", "sentences", "mentions", "timexes", "quotes", "casualties", "events"):
        moved = [row for row in rows(store, table) if row["change"] != "revised"]
        assert {row["cause"] for row in moved} == INPUT, table
        for row in moved:
            document = json.loads(row["old"] or row["new"])["document_id"]
            assert row["cause"] == causes[document], (table, row)


def test_what_follows_from_several_documents_names_no_code(store):
    for table in COMPARED:
        assert {row["cause"] for row in rows(store, table.name)} <= {*INPUT, "linking"}, table.name


def test_the_changelog_begins_with_the_news(store):
    lines = (store.release("1.1.0") / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# 1.1.0"
    assert lines[2].startswith("1 new document, 1 changed document, 1 document that is gone; the rest is as it was")
    first = (store.release("1.0.0") / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "The first release of this warehouse, of 3 documents." in first
    assert not (store.release("1.0.0") / FOLDER).exists()


def test_the_manifest_tells_code_from_reference_data_and_lists_the_diff(store):
    manifest = store.manifest("1.1.0")
    assert manifest["program"].keys() == manifest["reference"].keys() == manifest["code"].keys()
    assert {f"{FOLDER}/{table.name}.parquet" for table in COMPARED} <= manifest["files"].keys()
