"""Who may write, and what a state file holds when something goes wrong."""

import errno
import os

import pytest

from flows.errors import StorageFailed, WarehouseBusy, WarehouseOvertaken
from flows.store.durable import write_whole
from flows.store.warehouse import Warehouse


@pytest.fixture
def store(tmp_path):
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.prepare()
    return warehouse


def test_whoever_holds_the_lock_writes_and_is_named_to_others(store):
    with store.writing():
        store.check_writing()
        with pytest.raises(WarehouseBusy, match=f"process {os.getpid()} on "), store.writing():
            pass
    with pytest.raises(WarehouseOvertaken):
        store.check_writing()


def test_a_lock_that_was_taken_away_is_noticed(store):
    with store.writing():
        store.write_state("writer", {"token": "another's", "pid": 1, "host": "elsewhere", "since": "today"})
        with pytest.raises(WarehouseOvertaken, match="process 1 on elsewhere"):
            store.check_writing()
        store.forget_state("writer")
        with pytest.raises(WarehouseOvertaken):
            store.check_writing()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EDQUOT, "Free some space"),
        (errno.EACCES, "the right to write"),
        (errno.EROFS, "the right to write"),
        (errno.EIO, "Look at the disk"),
    ],
)
def test_what_the_operating_system_refuses_is_said_with_where_and_what_next(store, number, advice):
    with pytest.raises(StorageFailed, match=advice) as raised, store.storage_failures_named():
        raise OSError(number, os.strerror(number), "work/clean/00")
    assert str(raised.value).startswith(f"work/clean/00: {os.strerror(number)}.")


def test_what_is_no_fault_of_the_disk_stays_what_it_is(store):
    with pytest.raises(ConnectionRefusedError), store.storage_failures_named():
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    with pytest.raises(ZeroDivisionError), store.storage_failures_named():
        1 / 0  # noqa: B018


def test_a_file_that_cannot_be_written_whole_stays_what_it_was(tmp_path, monkeypatch):
    file = tmp_path / "state.json"
    write_whole(file, "old")

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
