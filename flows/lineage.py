"""A run in OpenLineage's terms: what went in, what came out, how it was judged. Pure; only ever written to a file.

The events follow spec 2-0-2. They are built here, not with the project's own client: that is a sender, whose import
brings three HTTP libraries (485 modules, 0.6 s) into a program that promises to talk to nobody. The tests read the events
back with the client's classes.

Two jobs, because the spec hangs quality assertions on what a job reads: `dateline` writes the tables, and
`dateline.validate`, its child, reads and judges them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from flows import __version__
from flows.plan import Plan
from schemas.export import told_of, type_name
from schemas.registry import RELEASED

SPEC: Final = "https://openlineage.io/spec"
PRODUCER: Final = f"urn:dateline:{__version__}"
NAMESPACE: Final = "dateline"  # of the jobs
FILE: Final = "file"  # of the data sets: OpenLineage's name for local files

LISTED_INPUTS = 10_000  # files named, 0.7 KB each (7 MB, where a release is hundreds); further ones are only counted

Event = dict[str, Any]
Facet = dict[str, Any]


def lineage(
    warehouse: Path,
    plan: Plan,
    report: Mapping[str, Any],
    check_rows: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any] | None,
) -> list[Event]:
    """START and COMPLETE or FAIL of the run, and between them of the gate, if it judged.

    Args:
        warehouse: its absolute path, in which the data sets are named.
        plan: what went in.
        report: of the run that has ended.
        check_rows: rows of `checks`, none if the gate did not judge.
        manifest: of the release, None if there is none.
    """
    job: Event = {
        "namespace": NAMESPACE,
        "name": "dateline",
        "facets": {"jobType": _facet("JobTypeJobFacet", **_JOB_TYPE)},
    }
    facets = _run_facets(plan, report)
    run: Event = {"runId": _run_uuid(warehouse, report["run"], "dateline"), "facets": facets}
    inputs = _inputs(warehouse, plan)
    outputs = [_output(warehouse, table, manifest) for table in RELEASED] if manifest else []
    done = report["result"] == "released"
    if not done:
        why = _facet("ErrorMessageRunFacet", message=report["message"] or "", programmingLanguage="python")
        facets = facets | {"errorMessage": why}
    ended = run | {"facets": facets}
    return [
        _event("START", report["started"], run, job, [], []),  # what is listed once need not be listed twice
        *(_gate_events(warehouse, report, check_rows, manifest) if check_rows else []),
        _event("COMPLETE" if done else "FAIL", report["ended"], ended, job, inputs, outputs),
    ]


def _gate_events(
    warehouse: Path,
    report: Mapping[str, Any],
    check_rows: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any] | None,
) -> list[Event]:
    parent = {
        "run": {"runId": _run_uuid(warehouse, report["run"], "dateline")},
        "job": {"namespace": NAMESPACE, "name": "dateline"},
    }
    run = {
        "runId": _run_uuid(warehouse, report["run"], "dateline.validate"),
        "facets": {"parent": _facet("ParentRunFacet", **parent)},
    }
    job = {"namespace": NAMESPACE, "name": "dateline.validate"}
    judged = []
    for table in RELEASED:
        rows = [row for row in check_rows if row["suite"] == table.name]
        if rows:
            judged.append(_judged(warehouse, table.name, rows, manifest))
    if across := [row for row in check_rows if row["suite"] not in {table.name for table in RELEASED}]:
        # checks that span tables belong to the release as a whole
        judged.append(_judged(warehouse, "", across, manifest))
    failed = bool(report["gate"] and report["gate"]["refusing"])
    return [
        _event("START", report["started"], run, job, [], []),
        _event("FAIL" if failed else "COMPLETE", report["ended"], run, job, judged, []),
    ]


def _event(kind: str, at: str, run: Event, job: Event, inputs: list[Event], outputs: list[Event]) -> Event:
    return {
        "eventType": kind,
        "eventTime": at,
        "producer": PRODUCER,
        "schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": run,
        "job": job,
        "inputs": inputs,
        "outputs": outputs,
    }


def _run_facets(plan: Plan, report: Mapping[str, Any]) -> dict[str, Facet]:
    left_out = max(0, len(plan.files) - LISTED_INPUTS)
    return {
        "processing_engine": _facet("ProcessingEngineRunFacet", version=__version__, name="dateline"),
        "dateline_inputs": _own(
            "RunFacet",
            files=len(plan.files),
            filesNotListed=left_out,
            inputFingerprint=plan.input_fingerprint,
            code=dict(plan.code),
            why=list(report["why"]),
        ),
    }


def _inputs(warehouse: Path, plan: Plan) -> list[Event]:
    found: list[Event] = []
    for file in plan.files[:LISTED_INPUTS]:
        facets = {"dateline_uri": _own("DatasetFacet", uri=file.uri)}  # as `documents.uris` names it
        if file.sha256 is not None:
            facets["version"] = _facet("DatasetVersionDatasetFacet", datasetVersion=f"sha256:{file.sha256}")
        found.append(
            {
                "namespace": FILE,
                "name": str(file.path.absolute()),
                "facets": facets,
                "inputFacets": {
                    "inputStatistics": _facet("InputStatisticsInputDatasetFacet", size=file.byte_length, fileCount=1)
                },
            }
        )
    if plan.kept and plan.parent:
        found.append(_dataset(warehouse, "documents", plan.parent["version"]))  # carried over from the parent
    return found


def _dataset(warehouse: Path, table: str, version: str | None) -> Event:
    """A table under the name that always leads to its newest version; the version is a facet. "" is the whole release."""
    name = warehouse / "current" / f"{table}.parquet" if table else warehouse / "current"
    facets = {"version": _facet("DatasetVersionDatasetFacet", datasetVersion=version)} if version else {}
    return {"namespace": FILE, "name": str(name), "facets": facets}


def _output(warehouse: Path, table: Any, manifest: Mapping[str, Any]) -> Event:
    described = manifest["tables"][table.name]
    dataset = _dataset(warehouse, table.name, manifest["version"])
    columns = [
        {
            "name": column.name,
            "type": type_name(column),
            "description": told_of(table, column),
            "ordinal_position": place,
        }
        for place, column in enumerate(table.columns, start=1)
    ]
    dataset["facets"] |= {
        "schema": _facet("SchemaDatasetFacet", fields=columns),
        "documentation": _facet("DocumentationDatasetFacet", description=told_of(table)),
    }
    dataset["outputFacets"] = {
        "outputStatistics": _facet(
            "OutputStatisticsOutputDatasetFacet", rowCount=described["rows"], size=described["bytes"], fileCount=1
        )
    }
    return dataset


def _judged(
    warehouse: Path, table: str, rows: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any] | None
) -> Event:
    dataset = _dataset(warehouse, table, manifest["version"] if manifest else None)
    assertions = []
    for row in rows:
        assertion = {
            "assertion": row["expectation"],
            "success": row["success"],
            "column": row["column_name"],
            "severity": "error" if row["severity"] == "critical" else "warn",
            "name": row["check_id"],
            "description": row["description"],
            "actual": row["observed"],
        }
        assertions.append({name: value for name, value in assertion.items() if value is not None})
    dataset["inputFacets"] = {
        "dataQualityAssertions": _facet("DataQualityAssertionsDatasetFacet", assertions=assertions)
    }
    return dataset


_JOB_TYPE: Final = {"processingType": "BATCH", "integration": "DATELINE", "jobType": "PIPELINE"}

# Version of the schema that each facet follows, as openlineage-python 1.54 has them.
_FACETS: Final[Mapping[str, str]] = {
    "DataQualityAssertionsDatasetFacet": "1-1-0",
    "DatasetVersionDatasetFacet": "1-0-1",
    "DocumentationDatasetFacet": "1-1-0",
    "ErrorMessageRunFacet": "1-0-1",
    "InputStatisticsInputDatasetFacet": "1-0-0",
    "JobTypeJobFacet": "2-0-4",
    "OutputStatisticsOutputDatasetFacet": "1-0-2",
    "ParentRunFacet": "1-2-0",
    "ProcessingEngineRunFacet": "1-1-1",
    "SchemaDatasetFacet": "1-2-0",
}


def _facet(kind: str, **fields: Any) -> Facet:
    url = f"{SPEC}/facets/{_FACETS[kind]}/{kind}.json#/$defs/{kind}"
    return {"_producer": PRODUCER, "_schemaURL": url, **fields}


def _own(kind: str, **fields: Any) -> Facet:
    """A facet of ours: the spec says only what every facet of that kind has."""
    return {"_producer": PRODUCER, "_schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/{kind}", **fields}


def _run_uuid(warehouse: Path, run_id: str, job: str) -> str:
    """The same run, the same UUID: derived from its id and its warehouse."""
    return str(uuid5(NAMESPACE_URL, f"{warehouse.as_uri()}/runs/{run_id}#{job}"))
