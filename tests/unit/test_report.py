"""The report is the sum of the events."""

import pytest

from flows.report import report_of
from flows.screen import in_words, stage_table


def event(kind, elapsed, stage=None, **fields):
    known = {"at": f"2026-03-01T06:00:{elapsed:06.3f}Z", "run": "r", "elapsed_seconds": elapsed, "event": kind}
    return known | ({"stage": stage} if stage else {}) | fields


def unit(elapsed, name, *, reason="new input", computed=10, reused=0, stage="clean", **fields):
    return event(
        "unit_done",
        elapsed,
        stage,
        unit=name,
        reason=reason,
        computed=computed,
        reused=reused,
        rows={"segments": computed},
        **fields,
    )


STARTED = event("run_started", 0.0, environment={"python": "3.11"})
PLANNED = event("run_planned", 0.5, files=2, bytes=100, kept_groups=0, why=["There is no release yet."])
ENDED = event("run_ended", 9.0, result="released", version="1.0.0", main_peak_bytes=500)
CLEAN = [
    event("stage_started", 1.0, "clean", units=3),
    unit(2.0, "00", worker_peak_bytes=70),
    unit(2.5, "01", reason="code changed", changed=["flows.clean.lines"], worker_peak_bytes=90),
    unit(2.6, "02", reason="unchanged", computed=0, reused=5),
    event("document_failed", 2.7, "clean", document_id="ab", error="ValueError: x"),
    event("stage_ended", 5.0, "clean"),
]


def test_a_stage_is_summed_up_unit_by_unit():
    (stage,) = report_of([STARTED, PLANNED, *CLEAN, ENDED])["stages"]
    assert stage == {
        "stage": "clean",
        "seconds": 4.0,
        "units": 3,
        "units_reused": 1,
        "documents_computed": 20,
        "documents_reused": 5,
        "documents_per_second": 5.0,
        "documents_failed": 1,
        "rows": {"segments": 20},
        "reasons": {
            "code changed": {"units": 1, "documents": 10},
            "new input": {"units": 1, "documents": 10},
            "unchanged": {"units": 1, "documents": 0},
        },
        "changed": ["flows.clean.lines"],
        "error": None,
    }


def test_the_run_as_a_whole():
    report = report_of([STARTED, PLANNED, *CLEAN, ENDED])
    assert (report["result"], report["version"], report["seconds"]) == ("released", "1.0.0", 9.0)
    assert report["memory"] == {"main_peak_bytes": 500, "largest_worker_peak_bytes": 90}
    assert report["inputs"] == {"files": 2, "bytes": 100, "kept_groups": 0, "documents": None}
    assert report["why"] == ["There is no release yet."]


def test_a_task_that_was_tried_again_counts_as_it_was_told_first():
    again = unit(3.0, "00", reason="unchanged", computed=0, reused=10)
    assert report_of([STARTED, *CLEAN[:-1], again, CLEAN[-1]])["stages"] == report_of([STARTED, *CLEAN])["stages"]


@pytest.mark.parametrize("count", range(len(CLEAN) + 3))
def test_events_that_stop_anywhere_give_a_report_and_a_table(count):
    report = report_of([STARTED, PLANNED, *CLEAN, ENDED][:count])
    assert (report["result"] is None) == (count < len(CLEAN) + 3)
    assert len(report["stages"]) == int(count > 2)
    assert stage_table(report | {"run": "r"}).row_count == len(report["stages"])
    assert all(isinstance(line, str) for line in in_words(report))


def test_documents_are_those_that_were_gathered():
    gathered = [
        event("stage_started", 1.0, "gather"),
        unit(1.5, "00", stage="gather", computed=4),
        unit(1.6, "01", stage="gather", reason="unchanged", computed=0, reused=3),
        event("stage_ended", 2.0, "gather"),
    ]
    assert report_of([STARTED, PLANNED, *gathered])["inputs"]["documents"] == 7
