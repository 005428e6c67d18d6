"""Entries are there whole or not at all, whoever else writes, dies or damages."""

import shutil

import pytest

from flows.errors import WarehouseDamaged
from flows.store import ledger
from flows.store.parquet import to_arrow
from schemas.refusals import REFUSALS

ROWS = [{"document_id": f"{number:016x}", "status_reason": "no_body"} for number in range(3)]


def commit(folder, rows=ROWS, key="1" * 24):
    return ledger.commit(folder / "clean", "00", key, "f" * 64, {"refusals": to_arrow(REFUSALS, rows)}, {"d": "x"})


def test_an_entry_is_found_as_it_was_written(tmp_path):
    entry = commit(tmp_path)
    assert ledger.find(tmp_path / "clean", "00", "1" * 24) == entry
    assert entry.table("refusals").to_pylist() == ROWS
    assert [batch.to_pylist() for batch in entry.batches("refusals", ["status_reason"])] == [
        [{"status_reason": "no_body"}] * 3
    ]


@pytest.mark.parametrize("name", ["refusals.parquet", "entry.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_entry_is_not_found_and_can_be_written_again(name, damage, tmp_path):
    entry = commit(tmp_path)
    file = entry.folder / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    if damage == "remove":
        file.unlink()
    else:
        file.write_bytes(bytes(data) if damage == "flip" else bytes(data[: len(data) // 2]))
    found = ledger.find(tmp_path / "clean", "00", "1" * 24)
    if name == "entry.json" and damage == "flip" and found is not None:
        assert found.files == entry.files  # the bit lay in a digest of an input: the rows are what they were
        return
    assert found is None
    assert commit(tmp_path) == entry
    assert ledger.find(tmp_path / "clean", "00", "1" * 24) == entry


def test_reading_a_damaged_table_names_the_file(tmp_path):
    entry = commit(tmp_path)
    (entry.folder / "refusals.parquet").write_bytes(b"nothing")
    with pytest.raises(WarehouseDamaged, match=r"refusals\.parquet is damaged"):
        entry.table("refusals")
    with pytest.raises(WarehouseDamaged, match=r"refusals\.parquet is damaged"):
        next(entry.batches("refusals"))


def test_whoever_is_second_takes_the_entry_of_the_first_and_leaves_it_alone(tmp_path):
    first = commit(tmp_path)
    before = (first.folder / "entry.json").stat()
    assert commit(tmp_path) == first
    after = (first.folder / "entry.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_an_entry_that_is_not_committed_leaves_nothing(tmp_path):
    with ledger.writing(tmp_path / "clean", "00", "f" * 64) as writer:
        writer.append("refusals", to_arrow(REFUSALS, ROWS))
    assert list((tmp_path / "clean").iterdir()) == []


def test_parts_that_are_appended_are_one_table(tmp_path):
    with ledger.writing(tmp_path / "clean", "00", "f" * 64) as writer:
        for row in ROWS:
            writer.append("refusals", to_arrow(REFUSALS, [row]))
        entry = writer.commit("2" * 24, {})
    assert entry.table("refusals").to_pylist() == ROWS
    assert entry.rows == {"refusals": 3}


def test_half_written_folders_of_killed_runs_are_swept_and_entries_are_kept(tmp_path):
    entry = commit(tmp_path)
    half = tmp_path / "clean" / ".01-abc.999"
    shutil.copytree(entry.folder, half)
    assert ledger.sweep_unfinished(tmp_path) == 1
    assert list((tmp_path / "clean").iterdir()) == [entry.folder]
    assert ledger.sweep(tmp_path, []) == 1
