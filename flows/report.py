"""The report of a run: the sum of its events. Pure. README.md of flows/store says what each field is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = 1


def report_of(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The report of a run from its events, in order; of one that has not ended, as far as it got (`result` is None).

    A unit that is told twice (its task was tried again) counts as it was told first.
    """
    report: dict[str, Any] = {
        "format": FORMAT,
        "run": None,
        "result": None,
        "version": None,
        "parent": None,
        "error": None,
        "message": None,
        "started": None,
        "ended": None,
        "seconds": None,
        "why": [],
        "inputs": None,
        "stages": [],
        "gate": None,
        "memory": {"main_peak_bytes": None, "largest_worker_peak_bytes": None},
        "environment": None,
    }
    stages: dict[str, _Stage] = {}
    peaks: list[int] = []
    for event in events:
        name, kind = event.get("stage", ""), event["event"]
        if kind == "run_started":
            report |= {"run": event.get("run"), "started": event["at"], "environment": event.get("environment")}
        elif kind == "run_planned":
            report |= {"parent": event.get("parent"), "why": event["why"]}
            report["inputs"] = {key: event[key] for key in ("files", "bytes", "kept_groups")} | {"documents": None}
        elif kind == "gate_verdict":
            report["gate"] = {key: event[key] for key in ("checks", "warning", "refusing")}
        elif kind == "run_ended":
            report |= {key: event.get(key) for key in ("result", "version", "error", "message")} | {
                "ended": event["at"]
            }
            report["memory"]["main_peak_bytes"] = event["main_peak_bytes"]
        elif kind == "stage_started":
            stages.setdefault(name, _Stage()).start(event)
        elif name in stages:
            stages[name].add(event)
        if "worker_peak_bytes" in event:
            peaks.append(event["worker_peak_bytes"])
        report["seconds"] = event["elapsed_seconds"]
    report["stages"] = [{"stage": name, **stage.sums(report["seconds"])} for name, stage in stages.items()]
    report["memory"]["largest_worker_peak_bytes"] = max(peaks, default=None)
    gathered = next((stage for stage in report["stages"] if stage["stage"] == "gather"), None)
    if report["inputs"] and gathered:
        report["inputs"]["documents"] = gathered["documents_computed"] + gathered["documents_reused"]
    return report


class _Stage:
    """What was told of one stage."""

    def __init__(self) -> None:
        self.units: dict[str, Mapping[str, Any]] = {}
        self.failed: set[str] = set()
        self.expected: int | None = None
        self.began = 0.0
        self.ended: Mapping[str, Any] | None = None

    def start(self, event: Mapping[str, Any]) -> None:
        self.expected, self.began = event.get("units"), event["elapsed_seconds"]

    def add(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "unit_done":
            self.units.setdefault(event["unit"], event)
        elif event["event"] == "document_failed":
            self.failed.add(event["document_id"])
        elif event["event"] == "stage_ended":
            self.ended = event

    def sums(self, now: float) -> dict[str, Any]:
        ended = self.ended or {}
        seconds = round(ended.get("elapsed_seconds", now) - self.began, 3)
        rows: defaultdict[str, int] = defaultdict(int, ended.get("rows", {}))
        reasons: dict[str, dict[str, int]] = {}
        for unit in self.units.values():
            for table, count in unit["rows"].items():
                rows[table] += count
            counts = reasons.setdefault(unit["reason"], {"units": 0, "documents": 0})
            counts["units"] += 1
            counts["documents"] += unit["computed"]
        computed = sum(unit["computed"] for unit in self.units.values())
        return {
            "seconds": seconds,
            "units": len(self.units) if self.ended or self.expected is None else self.expected,
            "units_reused": reasons.get("unchanged", {}).get("units", 0),
            "documents_computed": computed,
            "documents_reused": sum(unit["reused"] for unit in self.units.values()),
            "documents_per_second": round(computed / seconds, 1) if computed and seconds else None,
            "documents_failed": len(self.failed),
            "rows": dict(sorted(rows.items())),
            "reasons": dict(sorted(reasons.items())),
            "changed": sorted({name for unit in self.units.values() for name in unit.get("changed", ())}),
            "error": ended.get("error"),
        }
