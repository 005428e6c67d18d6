"""What becomes of units is told to the journal: documents that failed, and what a worker's memory came to."""

import multiprocessing

import pytest

from flows.journal import Journal, current
from flows.store import ledger
from flows.store.jobs import ERROR_CHARS, peak_memory_bytes, run_units
from flows.store.units import Unit, per_document
from flows.store.workers import close_shared_workers

BALLAST_BYTES = 300_000_000


def refuse(text):
    raise ValueError("the page says \x1b[31m" + text)


def stumble(unit):
    return per_document(unit, ["segments"], {"ab" * 8: ("digest", "x" * 5_000)}, refuse)


def units(folder, count=1):
    gathered = ledger.commit(folder / "gathered", "2a", "key", "0" * 64, {}, {})
    return [Unit(folder / "clean", f"{number:02x}", "0" * 64, (gathered,)) for number in range(count)]


@pytest.fixture
def journal():
    with current(Journal("run-1")) as kept:
        yield kept
    close_shared_workers()


def test_a_document_that_fails_is_told_with_a_short_error_and_the_place(journal, tmp_path):
    run_units(stumble, units(tmp_path), workers=1)
    failed, done = journal.records
    assert failed["event"] == "document_failed"
    assert failed["document_id"] == "ab" * 8
    assert failed["error"].startswith("ValueError: the page says")
    assert len(failed["error"]) == ERROR_CHARS
    assert "in refuse" in failed["traceback"] or failed["traceback"].endswith("x\n")
    assert (done["event"], done["computed"], done["rows"]) == ("unit_done", 1, {"refusals": 1})
    assert "worker_peak_bytes" not in done, "it was computed in this process"


def test_a_workers_memory_is_its_own_and_not_what_its_parent_held(journal, tmp_path):
    ballast = bytearray(b"x") * BALLAST_BYTES
    assert peak_memory_bytes() > BALLAST_BYTES
    run_units(stumble, units(tmp_path, count=2), workers=2)
    peaks = [event["worker_peak_bytes"] for event in journal.records if event["event"] == "unit_done"]
    assert len(peaks) == 2
    assert max(peaks) < len(ballast)
    assert multiprocessing.parent_process() is None
