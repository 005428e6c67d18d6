"""Why a unit was computed, told from what the ledger held before."""

import json
import os

import pytest

from flows.store import ledger
from flows.store.reasons import Reason, changed_parts, entries_before, keep_code, reason_for

OLD, NEW = "0" * 64, "1" * 64


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "work" / "clean"


def commit(folder, key, *, code=OLD, documents=None, unit="2a"):
    return ledger.commit(folder, unit, key, code, {}, documents or {"ab": "digest"})


def why(folder, before, entry, *, computed=True, has_options=False):
    return reason_for(entry, computed=computed, before=before.get(entry.unit, []), has_options=has_options)


def test_a_unit_that_the_ledger_never_had_is_new_input(folder):
    before = entries_before(folder)
    assert why(folder, before, commit(folder, "k1")) == (Reason.NEW_INPUT, [])


def test_another_unit_is_no_earlier_one(folder):
    commit(folder, "k1", unit="2b")
    before = entries_before(folder)
    assert why(folder, before, commit(folder, "k1")) == (Reason.NEW_INPUT, [])


def test_an_entry_that_was_there_is_unchanged_and_one_that_was_computed_anew_was_damaged(folder):
    entry = commit(folder, "k1")
    before = entries_before(folder)
    assert why(folder, before, entry, computed=False) == (Reason.UNCHANGED, [])
    assert why(folder, before, entry) == (Reason.ENTRY_DAMAGED, [])


def test_an_earlier_entry_that_cannot_be_read_was_damaged(folder):
    (commit(folder, "k1").folder / "entry.json").write_text("{")
    before = entries_before(folder)
    assert why(folder, before, commit(folder, "k2")) == (Reason.ENTRY_DAMAGED, [])


def test_the_same_code_with_another_key_is_changed_input_or_options(folder):
    commit(folder, "k1")
    before = entries_before(folder)
    same = commit(folder, "k2")
    assert why(folder, before, same, has_options=True) == (Reason.OPTIONS_CHANGED, [])
    assert why(folder, before, same) == (Reason.INPUT_CHANGED, [])
    other = commit(folder, "k3", documents={"ab": "another digest"})
    assert why(folder, before, other, has_options=True) == (Reason.INPUT_CHANGED, [])


def test_an_older_entry_of_the_same_code_counts_before_a_newer_one_of_other_code(folder):
    older = commit(folder, "k1", code=NEW)
    os.utime(older.folder, (1, 1))
    commit(folder, "k2", code=OLD)
    before = entries_before(folder)
    assert why(folder, before, commit(folder, "k3", code=NEW, documents={})) == (Reason.INPUT_CHANGED, [])


def test_changed_code_is_told_by_module_reference_file_and_library(folder):
    work = folder.parent
    folder.mkdir(parents=True)
    keep_code(
        work,
        {
            OLD: [f"flows.a {OLD}", f"flows.same {OLD}", "spacy 3.8.1", f"cities.csv {OLD}"],
            NEW: [f"flows.a {NEW}", f"flows.same {OLD}", "spacy 3.8.2", f"flows.b {OLD}"],
        },
    )
    commit(folder, "k1", code=OLD)
    before = entries_before(folder)
    reason, changed = why(folder, before, commit(folder, "k2", code=NEW))
    assert reason == Reason.CODE_CHANGED
    assert changed == ["cities.csv (gone)", "flows.a", "flows.b (new)", "spacy 3.8.1 → 3.8.2"]


def test_code_that_nobody_remembers_is_changed_and_no_more_is_said(tmp_path):
    assert changed_parts(tmp_path, OLD, NEW) == []


def test_what_fingerprints_were_made_of_is_kept_and_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.store.reasons.KEPT_CODES", 2)
    for number in range(4):
        keep_code(tmp_path, {str(number): [f"flows.a {number}"]})
        os.utime(tmp_path / "code" / f"{number}.json", (number, number))
    keep_code(tmp_path, {"0": ["flows.a 0"], "9": ["flows.a 9"]})
    left = {path.stem for path in (tmp_path / "code").iterdir()}
    assert {"0", "9"} <= left
    assert len(left) <= 3
    assert json.loads((tmp_path / "code" / "9.json").read_text()) == {"flows.a": "9"}


def test_the_ledgers_sweep_leaves_what_fingerprints_were_made_of(tmp_path):
    keep_code(tmp_path, {OLD: [f"flows.a {OLD}"]})
    ledger.sweep(tmp_path, [])
    assert (tmp_path / "code" / f"{OLD}.json").is_file()


def test_half_written_entries_are_no_entries(folder):
    (folder / ".2a-k1.77").mkdir(parents=True)
    assert entries_before(folder) == {}
