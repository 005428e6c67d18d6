"""The gate: every suite over the very Parquet files that would be released, and what follows from what the suites found."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.store.durable import dump_json
from flows.store.parquet import useful_threads
from flows.store.steps import reached
from flows.validate.suites import load_great_expectations, run_checks, write_suites
from schemas.registry import RELEASED

HEADROOM_DIGITS = 6  # beyond, it would tell of floating point
DID_NOT_RUN: Mapping[str, Any] = {
    "success": False,
    "observed": "did not run",
    "unexpected_count": 0,
    "observed_value": None,
    "threshold": None,
}


@dataclass(frozen=True)
class Verdict:
    """What the gate found.

    Attributes:
        rows: rows of the `checks` table.
        refusing: ids of failed critical checks that nobody accepted.
        warning: ids of failed checks that are published with the release.
    """

    rows: tuple[dict[str, Any], ...]
    refusing: tuple[str, ...]
    warning: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the release may go out."""
        return not self.refusing


def judge(
    staged: Path, parent: Path | None, inputs: Sequence[str], accepted: Mapping[str, str], quality: Path
) -> Verdict:
    """Run every check over staged Parquet files.

    Args:
        staged: folder of <table>.parquet.
        parent: folder of the parent release, None for a first one.
        inputs: uri of every file that went in.
        accepted: check id to the reason why its failure is accepted.
        quality: folder for results.json, suites/<suite>.json, failing/<check>.parquet and data_docs/.

    Returns:
        The verdict, its rows sorted by check id.
    """
    load_great_expectations()
    from expectations.registry import all_checks

    checks = all_checks(with_parent=parent is not None)
    quality.mkdir(parents=True, exist_ok=True)
    # a path of its own each time: a process that judged before may still hold the earlier file
    with tempfile.TemporaryDirectory(prefix=".gate-", dir=quality) as scratch, duckdb.connect() as connection:
        database = Path(scratch).resolve() / "gate.duckdb"
        with duckdb.connect(str(database)) as written:
            threads = useful_threads(staged.glob("*.parquet"))
            written.execute(f"set threads = {threads}")
            show_tables(written, staged, parent, inputs, copied=True)
        reached("validate.loaded")
        found = run_checks(checks, database, quality / "data_docs", threads=threads)
        verdict = to_verdict(checks, found, accepted)
        write_suites(checks, quality / "suites")
        (quality / "results.json").write_text(dump_json(list(verdict.rows)), encoding="utf-8")
        show_tables(connection, staged, parent, inputs)
        write_failing_rows(checks, verdict, connection, quality / "failing")
    reached("validate.judged")
    return verdict


def show_tables(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    parent: Path | None,
    inputs: Sequence[str],
    *,
    copied: bool = False,
) -> None:
    """Views of the staged files and the parent's (parent_<table>), and a table `inputs` of what went in.

    `copied` makes tables of the staged files, for hundreds of queries to read; the parent is asked a handful.
    """
    connection.execute("set force_compression = 'uncompressed'")  # a scratch file is read once: a third of the time
    for table in RELEASED:
        for prefix, folder in (("", staged), ("parent_", parent)):
            file = folder / f"{table.name}.parquet" if folder else None
            if file is not None and file.is_file():
                quoted = str(file.resolve()).replace("'", "''")
                kind = "table" if copied and not prefix else "view"
                connection.execute(f"create {kind} {prefix}{table.name} as select * from read_parquet('{quoted}')")
    connection.execute("create table inputs (uri varchar)")
    if inputs:
        connection.execute("insert into inputs select unnest(?)", [list(inputs)])


def to_verdict(
    checks: Sequence[Any], outcomes: Mapping[str, Mapping[str, Any]], accepted: Mapping[str, str]
) -> Verdict:
    """Rows of `checks`, and which of them refuse or warn. A check without an outcome has failed: silence is no consent."""
    rows: list[dict[str, Any]] = []
    for check in sorted(checks, key=lambda check: check.check_id):
        outcome = outcomes.get(check.check_id, DID_NOT_RUN)
        threshold, observed_value = outcome["threshold"], outcome["observed_value"]
        threshold = check.threshold.value if threshold is None else threshold
        rows.append(
            {
                "check_id": check.check_id,
                "suite": check.suite,
                "expectation": type(check.expectation).__name__,
                "column_name": check.column,
                "severity": check.severity,
                "success": outcome["success"],
                "accepted_reason": None if outcome["success"] else accepted.get(check.check_id),
                "observed": outcome["observed"],
                "unexpected_count": outcome["unexpected_count"],
                "description": check.description,
                "unit": check.threshold.unit,
                "bound": check.threshold.bound,
                "threshold": threshold,
                "observed_value": observed_value,
                "headroom": headroom(threshold, observed_value, check.threshold.bound),
            }
        )
    failed = [row for row in rows if not row["success"]]
    refusing = tuple(
        row["check_id"] for row in failed if row["severity"] == "critical" and row["accepted_reason"] is None
    )
    return Verdict(tuple(rows), refusing, tuple(row["check_id"] for row in failed if row["check_id"] not in refusing))


def headroom(threshold: float, observed: float | None, bound: str) -> float | None:
    """Share of the threshold that is left; None where nothing was measured, or where not one row is allowed.

    >>> headroom(0.2, 0.05, "at_most"), headroom(0.2, 0.3, "at_most"), headroom(1, 4, "at_least")
    (0.75, -0.5, 0.75)
    >>> headroom(0, 0, "at_most"), headroom(0.2, None, "at_most"), headroom(1, 0, "at_least")
    (None, None, None)
    """
    used, of = (observed, threshold) if bound == "at_most" else (threshold, observed)
    return round(1 - used / of, HEADROOM_DIGITS) if used is not None and of else None


def write_failing_rows(
    checks: Iterable[Any], verdict: Verdict, connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    """Every failing row of every failed check, as failing/<check id>.parquet (Great Expectations lists only twenty)."""
    failed = {row["check_id"] for row in verdict.rows if not row["success"]}
    for check in checks:
        if check.check_id not in failed:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        target = str(folder / f"{check.check_id}.parquet").replace("'", "''")
        try:
            connection.execute(f"copy ({check.failing_sql}) to '{target}' (format parquet)")
        except duckdb.Error as error:  # a column that the check needs is missing: say so in place of the rows
            (folder / f"{check.check_id}.txt").write_text(
                f"the failing rows could not be listed: {error}\n", encoding="utf-8"
            )
