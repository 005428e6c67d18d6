"""A document taken down from a warehouse that real runs made: its words are nowhere, and no later run takes it in again."""

from hashlib import sha256
from pathlib import Path

from flows.release.takedown import begin_takedown, finish_takedown
from flows.store.warehouse import Warehouse
from tests.integration.hunt import files_with
from tests.integration.many_runs import ManyRuns
from tests.integration.whole import assert_current_is_whole, write_story

MARKER = "The harbour master of Ostermoor keeps no diary of the tides."
TODAY, REASON = "2026-03-05", "a court's order"


def documents(store: Warehouse) -> dict[str, dict]:
    import pyarrow.parquet as pq

    return {row["document_id"]: row for row in pq.read_table(store.release() / "documents.parquet").to_pylist()}


def test_a_document_that_was_taken_down_is_nowhere_and_no_later_run_takes_it_in_again(
    many_runs: ManyRuns, tmp_path: Path
) -> None:
    inputs, nothing, store = tmp_path / "in", tmp_path / "nothing", Warehouse(tmp_path / "warehouse")
    nothing.mkdir()
    for number in range(3):
        write_story(inputs, number)
    file = inputs / "story-001.txt"
    file.write_text(file.read_text(encoding="utf-8") + f"\n{MARKER}\n", encoding="utf-8")
    target = sha256(file.read_bytes()).hexdigest()[:16]
    assert many_runs.outcome(inputs, store.root)["version"] == "1.0.0"
    assert MARKER in documents(store)[target]["text"]

    with store.writing():
        begin_takedown(store, target, REASON, TODAY)
    assert {path.split("/")[0] for path in files_with(store.root, MARKER)} == {"releases"}
    assert many_runs.outcome(nothing, store.root, keep=True)["version"] == "1.1.0"
    assert files_with(store.release("1.1.0"), MARKER) == [], "nor in its diff"
    with store.writing():
        finish_takedown(store, target)
    assert files_with(store.root, MARKER) == []
    assert assert_current_is_whole(store.root) == "1.1.0"

    assert many_runs.outcome(inputs, store.root)["result"] == "nothing_new"
    (inputs / "elsewhere.txt").write_bytes(file.read_bytes())
    assert many_runs.outcome(inputs, store.root)["version"] == "1.2.0"
    found = documents(store)
    assert len(found) == 3
    row = found.pop(target)
    assert (row["status"], row["status_reason"], row["text"]) == ("quarantined", "taken_down", None)
    assert row["uris"] == ["elsewhere.txt", "story-001.txt"]
    assert {row["status"] for row in found.values()} <= {"accepted", "duplicate"}
    assert files_with(store.root, MARKER) == []
