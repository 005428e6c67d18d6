"""A run on record: whatever its end, a report says so, and the record never changes the end."""

import errno
import json
from dataclasses import replace

import pytest

from flows.errors import GateRefused
from flows.journal import Event, note
from flows.plan import make_plan
from flows.record import record_nothing_new, recorded
from flows.settings import Settings
from flows.store.runs import run_ids, told_of
from flows.store.warehouse import Warehouse


@pytest.fixture
def store(tmp_path):
    store = Warehouse(tmp_path / "warehouse")
    store.prepare()
    return store


@pytest.fixture
def plan(store, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("One page.")
    return make_plan(Settings(inputs=(str(tmp_path / "in"),), warehouse=store.root), {})


def last(store):
    return told_of(store, run_ids(store.runs)[-1])


def end_with(store, error):
    with recorded(store, workers=2):
        raise error


def test_a_run_that_fails_is_reported_with_the_error_and_without_a_traceback(store):
    with pytest.raises(ZeroDivisionError):
        end_with(store, ZeroDivisionError("by nought"))
    report = last(store)
    assert (report["result"], report["error"], report["message"]) == ("failed", "ZeroDivisionError", "by nought")
    assert "Traceback" not in json.dumps(report)


def test_a_refused_run_is_reported_as_refused(store):
    with pytest.raises(GateRefused):
        end_with(store, GateRefused("some check"))
    assert last(store)["result"] == "refused"


def test_a_full_disk_is_named_as_such(store):
    with pytest.raises(OSError, match="No space"):
        end_with(store, OSError(errno.ENOSPC, "No space left on device", "/some/file"))
    report = last(store)
    assert report["error"] == "StorageFailed"
    assert "Free some space" in report["message"]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), id="full disk"),
        pytest.param(KeyError("quotes"), id="a fault of the report's own"),
    ],
)
def test_a_report_that_cannot_be_written_does_not_change_how_the_run_ends(store, monkeypatch, caplog, trouble):
    def fail(*_arguments):
        raise trouble

    monkeypatch.setattr("flows.record.write_report", fail)
    with recorded(store, workers=2) as run:
        run.outcome |= {"result": "released", "version": "1.0.0"}
    with pytest.raises(GateRefused):
        end_with(store, GateRefused("some check"))
    assert caplog.text.count("could not be written") == 2
    assert last(store)["result"] == "refused", "told from the events"


def test_why_there_is_something_to_do(store, plan):
    with recorded(store, workers=2) as run:
        run.planned(plan)
    assert last(store)["why"] == ["There is no release yet."]
    extract = plan.code["extract"]
    parts = json.loads((store.work / "code" / f"{extract}.json").read_text())
    older = "0" * 64
    parts["flows.extract.quotes"] = "2" * 64
    (store.work / "code" / f"{older}.json").write_text(json.dumps(parts))
    parent = {
        "version": "1.0.0",
        "inputs": {"fingerprint": "another"},
        "code": {**plan.code, "extract": older, "link": "1" * 64},
    }
    with recorded(store, workers=2) as run:
        run.planned(replace(plan, parent=parent))
    assert last(store)["why"] == [
        "The input or the options are not those that the current release was made with.",
        "The code of extract has changed: flows.extract.quotes.",
        "The code of link has changed: not known where.",
    ]


def test_nothing_new_is_on_record_also_where_the_work_files_were_deleted(store, plan):
    store.work.rmdir()
    parent = {"version": "1.0.0", "inputs": {"fingerprint": plan.input_fingerprint}, "code": dict(plan.code)}
    record_nothing_new(store, replace(plan, parent=parent))
    assert (last(store)["result"], last(store)["version"], last(store)["why"]) == ("nothing_new", "1.0.0", [])


def test_what_a_killed_run_left_in_staging_is_noted(store):
    (store.staging / "abc").mkdir()
    with recorded(store, workers=2) as run:
        found = next(event for event in run.journal.records if event["event"] == "leftovers_found")
    assert found["names"] == ["abc"]


def test_a_run_that_goes_on_is_running(store):
    with recorded(store, workers=2):
        note(Event.STAGE_STARTED, "clean", units=3)
        report = last(store)
    assert (report["result"], report["ended"], report["stages"][0]["units"]) == ("running", None, 3)


def test_a_release_that_a_killed_run_had_not_linked_is_noted(store):
    with recorded(store, workers=2) as run:
        run.recovered(None)
        run.recovered("1.0.0")
        found = [event for event in run.journal.records if event["event"] == "release_published"]
    assert [(event["version"], event["recovered"]) for event in found] == [("1.0.0", True)]
