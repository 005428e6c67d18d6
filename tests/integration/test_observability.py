"""A run tells what it did and why: after a change of input, a change of code, a refusal, a kill."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from flows.errors import GateRefused
from flows.store import fingerprint as fingerprints
from flows.store.runs import read_events, run_ids, told_of
from flows.store.warehouse import Warehouse

STORY = """Harbour Gazette

Envoys meet in {place} over the strait

5 March 2019

{place} – Envoys of Norway and Iceland met in {place} on Tuesday to talk about the fishing grounds between them.

"We have agreed on a map and not yet on a price," said Sigrun Aldan, a spokeswoman for the talks.
"""
CHANGED_MODULE = "flows.extract.quotes"


def dateline(*arguments, **environment):
    command = [sys.executable, "-c", "from flows.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "COLUMNS": "80"} | environment,
    )


def last(warehouse):
    return told_of(Warehouse(warehouse), run_ids(warehouse / "runs")[-1])


def reasons(report):
    return {
        stage["stage"]: {why: count["units"] for why, count in stage["reasons"].items()} for stage in report["stages"]
    }


def stage(report, name):
    return next(one for one in report["stages"] if one["stage"] == name)


def write(inputs, **pages):
    inputs.mkdir(exist_ok=True)
    for name, place in pages.items():
        (inputs / f"{name}.txt").write_text(STORY.format(place=place))


@pytest.fixture
def changed_code(monkeypatch):
    """One module of extract reads as if its source were another."""
    found = fingerprints.used_modules

    def used_modules(*roots):
        modules = found(*roots)
        if CHANGED_MODULE in modules:
            modules[CHANGED_MODULE] = replace(modules[CHANGED_MODULE], digest="2" * 64)
        return modules

    def clear():
        parts = fingerprints.fingerprint_parts, fingerprints.program_parts, fingerprints.reference_parts
        for cached in (fingerprints.fingerprint, *parts):
            cached.cache_clear()

    monkeypatch.setattr(fingerprints, "used_modules", used_modules)
    clear()
    yield
    clear()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    return tmp_path_factory.mktemp("observed") / "in"


@pytest.fixture(scope="module")
def warehouse(run_pipeline, inputs):
    """Two runs: of two pages; then of those, one changed, and a third."""
    folder = inputs.parent / "warehouse"
    write(inputs, a="Lisbon", b="Porto")
    assert run_pipeline(inputs, folder)["version"] == "1.0.0"
    write(inputs, a="Faro", c="Vigo")
    assert run_pipeline(inputs, folder)["version"] == "1.1.0"
    return folder


def test_the_first_run_is_all_new_input(warehouse):
    first = told_of(Warehouse(warehouse), run_ids(warehouse / "runs")[0])
    assert first["why"] == ["There is no release yet."]
    assert {name: why for name, why in reasons(first).items() if why} == {
        "ingest": {"new input": 2},
        "gather": {"new input": 2},
        "clean": {"new input": 2},
        "extract": {"new input": 2},
        "group": {"new input": 1},
        "link": {"new input": 1},
    }
    assert [one["stage"] for one in first["stages"]] == [
        "ingest", "gather", "clean", "extract", "group", "link", "stage", "validate", "publish",
    ]  # fmt: skip
    assert first["inputs"]["files"] == first["inputs"]["documents"] == 2
    assert first["inputs"]["bytes"] == 2 * len(STORY.format(place="Porto").encode()) + 3 * len("Lisbon") - 3 * len(
        "Porto"
    )


def test_changed_and_new_input_are_told_apart_and_the_rest_is_reused(warehouse):
    second = told_of(Warehouse(warehouse), run_ids(warehouse / "runs")[1])
    assert reasons(second)["ingest"] == {"input changed": 1, "new input": 1, "unchanged": 1}
    assert (stage(second, "extract")["documents_computed"], stage(second, "extract")["documents_reused"]) == (2, 1)
    assert second["why"] == ["The input or the options are not those that the current release was made with."]
    assert second["parent"] == "1.0.0"


def test_the_report_agrees_with_the_release(warehouse):
    report, manifest = last(warehouse), Warehouse(warehouse).manifest()
    assert (report["result"], report["version"]) == ("released", manifest["version"])
    assert stage(report, "publish")["rows"] == {name: table["rows"] for name, table in manifest["tables"].items()}
    assert report["gate"]["checks"] == manifest["tables"]["checks"]["rows"]
    assert report["memory"]["main_peak_bytes"] > 50_000_000
    assert all(one["seconds"] >= 0 for one in report["stages"])
    assert sum(one["seconds"] for one in report["stages"]) <= report["seconds"]


def test_the_lineage_file_names_the_release_and_its_inputs(warehouse, inputs):
    folder = warehouse / "runs" / run_ids(warehouse / "runs")[1]
    events = [json.loads(line) for line in (folder / "openlineage.jsonl").read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "START", "COMPLETE", "COMPLETE"]
    assert [one["name"] for one in events[-1]["inputs"]] == [str(inputs / f"{name}.txt") for name in "abc"]
    manifest = Warehouse(warehouse).manifest()
    rows = {one["name"]: one["outputFacets"]["outputStatistics"]["rowCount"] for one in events[-1]["outputs"]}
    assert rows == {f"{warehouse}/current/{name}.parquet": table["rows"] for name, table in manifest["tables"].items()}
    checks = sum(len(one["inputFacets"]["dataQualityAssertions"]["assertions"]) for one in events[2]["inputs"])
    assert checks == manifest["tables"]["checks"]["rows"]


def test_no_release_file_knows_of_a_run(warehouse):
    runs = run_ids(warehouse / "runs")
    for path in Warehouse(warehouse).release().rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(run.encode() in content for run in runs), path


def test_status_fits_eighty_columns_and_names_the_reasons(warehouse):
    found = dateline("status", "-w", warehouse)
    assert found.returncode == 0, found.stderr
    table = found.stdout[found.stdout.index("run 2") :].splitlines()
    assert max(map(len, table)) <= 80
    assert "input changed (1)" in found.stdout
    assert "Last run: released 1.1.0" in found.stdout
    as_json = json.loads(dateline("status", "-w", warehouse, "--json").stdout)
    assert as_json == {"current": "1.1.0", "last_run": last(warehouse), "last_refusal": None}
    listed = dateline("status", "-w", warehouse, "--runs").stdout
    assert listed.index(run_ids(warehouse / "runs")[1]) < listed.index(run_ids(warehouse / "runs")[0])
    assert dateline("status", "-w", warehouse, "--run", "nonsense").returncode == 2


def test_nothing_new_is_on_record_and_keeps_the_json_answer(warehouse, inputs):
    found = dateline("run", inputs, "-w", warehouse, "--json")
    assert json.loads(found.stdout) == {"result": "nothing_new", "version": "1.1.0"}
    assert (last(warehouse)["result"], last(warehouse)["stages"]) == ("nothing_new", [])


def test_changed_code_is_named_down_to_the_module_and_changed_options_are_told_apart(
    run_pipeline, inputs, warehouse, changed_code
):
    assert run_pipeline(inputs, warehouse, field_map={"published": "when"})["version"] == "1.1.1"
    report = last(warehouse)
    assert report["why"] == [
        "The input or the options are not those that the current release was made with.",
        *(f"The code of {stage} has changed: {CHANGED_MODULE}." for stage in ("extract", "dated", "corrected")),
    ]
    found = reasons(report)
    assert found["ingest"] == {"options changed": 3}
    assert set(found["clean"]) == {"unchanged"}
    assert set(found["extract"]) == {"code changed"}
    assert stage(report, "extract")["changed"] == [CHANGED_MODULE]
    assert found["group"] == found["link"] == {"unchanged": 1}, "extract's rows came out the same"


def test_a_refused_run_says_which_checks_and_where_the_candidate_lies(run_pipeline, tmp_path):
    write(tmp_path / "in")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    with pytest.raises(GateRefused):
        run_pipeline(tmp_path / "in", tmp_path / "w")
    report = last(tmp_path / "w")
    assert report["result"] == "refused"
    assert any("accepted" in check for check in report["gate"]["refusing"])
    events = {event["event"]: event for event in read_events(tmp_path / "w" / "runs" / report["run"])}
    assert events["candidate_kept"]["kept"].startswith(str(tmp_path / "w" / "rejected"))
    lineage = (tmp_path / "w" / "runs" / report["run"] / "openlineage.jsonl").read_text().splitlines()
    assert [json.loads(line)["eventType"] for line in lineage] == ["START", "START", "FAIL", "FAIL"]


def test_a_killed_run_is_told_from_its_events_and_the_next_one_reuses_its_work(run_pipeline, tmp_path):
    from prefect.settings import PREFECT_API_URL

    warehouse = tmp_path / "w"
    write(tmp_path / "in", a="Lisbon", b="Porto")
    killed = dateline(
        *("run", tmp_path / "in", "-w", warehouse, "--workers", "1", "--log-format", "json"),
        DATELINE_FAULT="link.begun=kill",
        PREFECT_API_URL=PREFECT_API_URL.value(),
    )
    assert killed.returncode == -9
    said = [json.loads(line) for line in killed.stderr.splitlines()]
    folder = warehouse / "runs" / run_ids(warehouse / "runs")[0]
    assert said == read_events(folder), "the terminal and the file tell the same"
    assert said[-1]["event"] == "stage_started"
    shown = dateline("status", "-w", warehouse)
    assert shown.returncode == 0, shown.stderr
    assert "Last run: killed before it ended" in shown.stdout
    assert "extract" in shown.stdout
    assert run_pipeline(tmp_path / "in", warehouse)["result"] == "released"
    assert reasons(last(warehouse))["extract"] == {"unchanged": 2}
    assert last(warehouse)["result"] == "released"


def test_an_error_before_the_run_is_a_json_line_too(tmp_path):
    found = dateline("run", tmp_path / "nowhere\x1b[31m", "-w", tmp_path / "w", "--log-format", "json")
    assert found.returncode == 2
    assert "\x1b" not in found.stderr
    (line,) = map(json.loads, found.stderr.splitlines())
    assert (line["event"], line["error"], line["exit_code"]) == ("error", "UsageError", 2)
