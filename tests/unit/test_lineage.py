"""The lineage file reads back with OpenLineage's own classes, and says what went in, what came out and how it was judged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from openlineage.client import event_v2, facet_v2
from openlineage.client.serde import Serde

from flows import lineage as module
from flows.ingest.inputs import InputFile
from flows.journal import json_line
from flows.lineage import lineage
from flows.plan import Plan
from schemas.registry import RELEASED

WAREHOUSE = Path("/data/ware house")
FILES = tuple(InputFile(f"in/{name}.txt", f"/in/{name}.txt", "text", None, "0" * 64, 10) for name in "abc")
PLAN = Plan(FILES, (), {file.uri: file.sha256 for file in FILES}, {"extract": "1" * 64}, "", None)
REPORT = {
    "run": "20260301T060000Z-00",
    "started": "2026-03-01T06:00:00.000Z",
    "ended": "2026-03-01T06:01:00.000Z",
    "result": "released",
    "message": None,
    "why": ["There is no release yet."],
    "gate": {"checks": 2, "warning": [], "refusing": []},
}
CHECKS = [
    {
        "check_id": "quotes.unique.quote_id",
        "suite": "quotes",
        "expectation": "ExpectColumnValuesToBeUnique",
        "column_name": "quote_id",
        "severity": "critical",
        "success": True,
        "observed": None,
        "description": "Ids are unique.",
    },
    {
        "check_id": "relations.dates",
        "suite": "relations",
        "expectation": "UnexpectedRowsExpectation",
        "column_name": None,
        "severity": "warning",
        "success": False,
        "observed": "3",
        "description": "Dates agree.",
    },
]
MANIFEST = {"version": "1.0.0", "tables": {table.name: {"rows": 5, "bytes": 70} for table in RELEASED}}

NESTED = {
    "SchemaDatasetFacet": {"fields": facet_v2.schema_dataset.SchemaDatasetFacetFields},
    "DataQualityAssertionsDatasetFacet": {"assertions": facet_v2.data_quality_assertions_dataset.Assertion},
    "ParentRunFacet": {"run": facet_v2.parent_run.Run, "job": facet_v2.parent_run.Job},
}
FACETS = {
    name: getattr(one, name)
    for one in vars(facet_v2).values()
    for name in dir(one)
    if name.endswith("Facet") and getattr(one, "__name__", "").startswith("openlineage.client.generated")
}


def read_facet(name, facet):
    """A facet of the spec by its class; one of ours stays as it is."""
    if name.startswith("dateline_"):
        assert facet["_producer"]
        assert facet["_schemaURL"]
        return facet
    kind = facet["_schemaURL"].rpartition("/")[2]
    fields = {key: value for key, value in facet.items() if not key.startswith("_")}
    for field, cls in NESTED.get(kind, {}).items():
        value = fields[field]
        fields[field] = [cls(**one) for one in value] if isinstance(value, list) else cls(**value)
    return FACETS[kind](producer=facet["_producer"], **fields)


def read_facets(thing, *fields):
    return thing | {
        field: {name: read_facet(name, facet) for name, facet in thing[field].items()}
        for field in fields
        if field in thing
    }


def read_event(event):
    """Raises TypeError for a field that the spec does not have or that is missing."""
    fields = {key: value for key, value in event.items() if key != "schemaURL"}
    fields["eventType"] = event_v2.RunState(event["eventType"])
    fields["run"] = event_v2.Run(**read_facets(event["run"], "facets"))
    fields["job"] = event_v2.Job(**read_facets(event["job"], "facets"))
    fields["inputs"] = [event_v2.InputDataset(**read_facets(one, "facets", "inputFacets")) for one in event["inputs"]]
    fields["outputs"] = [
        event_v2.OutputDataset(**read_facets(one, "facets", "outputFacets")) for one in event["outputs"]
    ]
    return event_v2.RunEvent(**fields)


def without_empty(value):
    if isinstance(value, dict):
        return {key: kept for key, one in value.items() if (kept := without_empty(one)) not in ({}, [], None)}
    return [without_empty(one) for one in value] if isinstance(value, list) else value


REFUSED = REPORT | {
    "result": "refused",
    "message": "the gate refused",
    "gate": {"checks": 2, "warning": [], "refusing": ["relations.dates"]},
}
RUNS = [
    pytest.param(PLAN, REPORT, CHECKS, MANIFEST, id="released"),
    pytest.param(PLAN, REFUSED, CHECKS, None, id="refused"),
    pytest.param(PLAN, REFUSED | {"result": "failed", "gate": None}, [], None, id="failed before the gate"),
    pytest.param(replace(PLAN, kept=("x",), parent=MANIFEST), REPORT, CHECKS, MANIFEST, id="kept from the parent"),
]


@pytest.mark.parametrize(("plan", "report", "checks", "manifest"), RUNS)
def test_openlineages_own_classes_read_every_event_and_write_the_same(plan, report, checks, manifest):
    for event in lineage(WAREHOUSE, plan, report, checks, manifest):
        event = json.loads(json_line(event))  # noqa: PLW2901  # as it lies in the file
        assert without_empty(Serde.to_dict(read_event(event))) == without_empty(event)


def kinds(events):
    return [(event["job"]["name"], event["eventType"]) for event in events]


def test_a_run_starts_is_judged_and_completes():
    events = lineage(WAREHOUSE, PLAN, REPORT, CHECKS, MANIFEST)
    assert kinds(events) == [
        ("dateline", "START"),
        ("dateline.validate", "START"),
        ("dateline.validate", "COMPLETE"),
        ("dateline", "COMPLETE"),
    ]
    assert events[0]["run"]["runId"] == events[3]["run"]["runId"] != events[1]["run"]["runId"]
    assert events[1]["run"]["facets"]["parent"]["run"]["runId"] == events[0]["run"]["runId"]


def test_a_refused_run_fails_and_has_no_output():
    events = lineage(WAREHOUSE, PLAN, REFUSED, CHECKS, None)
    assert kinds(events)[2:] == [("dateline.validate", "FAIL"), ("dateline", "FAIL")]
    assert events[-1]["outputs"] == []
    assert events[-1]["run"]["facets"]["errorMessage"]["message"] == "the gate refused"
    assert "errorMessage" not in events[0]["run"]["facets"]


def test_every_table_is_an_output_with_its_columns_and_counts():
    outputs = {Path(one["name"]).stem: one for one in lineage(WAREHOUSE, PLAN, REPORT, CHECKS, MANIFEST)[-1]["outputs"]}
    assert set(outputs) == {table.name for table in RELEASED}
    for table in RELEASED:
        facets = outputs[table.name]["facets"]
        columns = facets["schema"]["fields"]
        assert [column["name"] for column in columns] == list(table.column_names)
        assert all(column["description"] for column in columns)
        assert facets["version"]["datasetVersion"] == "1.0.0"
    statistics = outputs["quotes"]["outputFacets"]["outputStatistics"]
    assert (statistics["rowCount"], statistics["size"]) == (5, 70)


def test_every_check_is_an_assertion_on_the_table_that_it_judged():
    judged = lineage(WAREHOUSE, PLAN, REPORT, CHECKS, MANIFEST)[2]["inputs"]
    found = {
        Path(one["name"]).name: [
            (assertion["name"], assertion["success"], assertion["severity"], assertion.get("column"))
            for assertion in one["inputFacets"]["dataQualityAssertions"]["assertions"]
        ]
        for one in judged
    }
    assert found == {
        "quotes.parquet": [("quotes.unique.quote_id", True, "error", "quote_id")],
        "current": [("relations.dates", False, "warn", None)],
    }


def test_inputs_are_files_with_their_digests_and_a_long_list_is_cut_and_counted(monkeypatch):
    monkeypatch.setattr(module, "LISTED_INPUTS", 2)
    event = lineage(WAREHOUSE, PLAN, REPORT, CHECKS, MANIFEST)[-1]
    assert [one["name"] for one in event["inputs"]] == ["/in/a.txt", "/in/b.txt"]
    assert event["inputs"][0]["facets"]["version"]["datasetVersion"] == "sha256:" + "0" * 64
    assert event["run"]["facets"]["dateline_inputs"]["filesNotListed"] == 1


def test_the_same_run_has_the_same_id_and_another_warehouse_another():
    def run_id(warehouse):
        return lineage(warehouse, PLAN, REPORT, CHECKS, MANIFEST)[0]["run"]["runId"]

    assert run_id(WAREHOUSE) == run_id(WAREHOUSE) != run_id(Path("/elsewhere"))
