"""The gate: every suite over the very Parquet files that would be released, in one Great Expectations checkpoint."""

import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from schemas.registry import RELEASED

LISTED_ROWS = 20  # failing rows shown in quality/results.json; all of them are in quality/failing/
OBSERVED_CHARS = 200


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


class _Dialect(StrEnum):
    """Great Expectations looks for members by value and by equality: a plain string is not enough."""

    DUCKDB = "duckdb"


def judge(
    staged: Path, parent: Path | None, inputs: Sequence[str], accepted: Mapping[str, str], quality: Path
) -> Verdict:
    """Run every check over staged Parquet files.

    Args:
        staged: folder of <table>.parquet.
        parent: folder of the parent release, None for a first one.
        inputs: uri of every file that went in.
        accepted: check id to the reason why its failure is accepted.
        quality: folder for results.json, failing/<check>.parquet and data_docs/.

    Returns:
        The verdict, its rows sorted by check id.
    """
    from expectations.registry import all_checks

    checks = all_checks(with_parent=parent is not None)
    quality.mkdir(parents=True, exist_ok=True)
    # a path of its own each time: a process that judged before may still hold the earlier file
    with tempfile.TemporaryDirectory(prefix=".gate-", dir=quality) as scratch, duckdb.connect() as connection:
        database = Path(scratch).resolve() / "gate.duckdb"
        with duckdb.connect(str(database)) as written:
            show_tables(written, staged, parent, inputs)
        verdict = to_verdict(checks, run_checks(checks, database, quality / "data_docs"), accepted)
        show_tables(connection, staged, parent, inputs)
        write_failing_rows(checks, verdict, connection, quality / "failing")
    return verdict


def show_tables(
    connection: duckdb.DuckDBPyConnection, staged: Path, parent: Path | None, inputs: Sequence[str]
) -> None:
    """Views of the staged files and the parent's (parent_<table>), and a table `inputs` of what went in."""
    for table in RELEASED:
        for prefix, folder in (("", staged), ("parent_", parent)):
            file = folder / f"{table.name}.parquet" if folder else None
            if file is not None and file.is_file():
                quoted = str(file.resolve()).replace("'", "''")
                connection.execute(f"create view {prefix}{table.name} as select * from read_parquet('{quoted}')")
    connection.execute("create table inputs (uri varchar)")
    if inputs:
        connection.execute("insert into inputs select unnest(?)", [list(inputs)])


def run_checks(checks: Iterable[Any], database: Path, data_docs: Path | None) -> dict[str, dict[str, Any]]:
    """Check id to {success, observed, unexpected_count}, from one checkpoint over all suites.

    A check that raised inside Great Expectations counts as failed, with the error as what was observed.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside Great Expectations' own dependencies
        import great_expectations as gx

        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        from great_expectations.checkpoint import UpdateDataDocsAction
        from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

        known: tuple[Any, ...] = tuple(engine._PERSISTED_CONNECTION_DIALECTS)  # noqa: SLF001  # no public way; without it every count fails
        if not any(dialect.value == "duckdb" for dialect in known):
            engine._PERSISTED_CONNECTION_DIALECTS = (*known, _Dialect.DUCKDB)  # noqa: SLF001

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # a plain dict is what it reads
        sources: Any = context.data_sources  # its types leave out `kwargs`, which reach SQLAlchemy
        source = sources.add_sql(
            "gate",
            connection_string=f"duckdb:///{database}",
            create_temp_table=False,
            kwargs={"connect_args": {"read_only": True}},
        )
        by_suite: dict[tuple[str, str], list[Any]] = {}
        for check in checks:
            by_suite.setdefault((check.suite, check.table), []).append(check)
        definitions = []
        for (suite_name, table), members in by_suite.items():
            name = suite_name if suite_name == table else f"{suite_name}.{table}"
            suite = context.suites.add(gx.ExpectationSuite(name=name))
            for check in members:
                expectation = (
                    check.expectation.model_copy()
                    if hasattr(check.expectation, "model_copy")
                    else check.expectation.copy()
                )
                expectation.meta = {"check_id": check.check_id}
                suite.add_expectation(expectation)
            asset = source.add_table_asset(name, table_name=table)
            batch = asset.add_batch_definition_whole_table("staged")
            definitions.append(
                context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
            )
        actions: list[Any] = []
        if data_docs is not None:
            context.add_data_docs_site(
                site_name="quality",
                site_config={
                    "class_name": "SiteBuilder",
                    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                    "store_backend": {
                        "class_name": "TupleFilesystemStoreBackend",
                        "base_directory": str(data_docs.resolve()),
                    },
                },
            )
            actions.append(UpdateDataDocsAction(name="data docs", site_names=["quality"]))
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name="gate",
                validation_definitions=definitions,
                actions=actions,
                result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
            )
        )
        results = checkpoint.run().run_results.values()
        outcomes: dict[str, dict[str, Any]] = {}
        for result in results:
            for one in result.results:
                config: Any = one.expectation_config
                outcomes[config.meta["check_id"]] = _outcome(one)
        source.get_execution_engine().close()
    return outcomes


def _outcome(one: Any) -> dict[str, Any]:
    found = one.result or {}
    observed = found.get("observed_value")
    raised = one.exception_info or {}
    messages = [raised] if "raised_exception" in raised else list(raised.values())
    errors = [str(message.get("exception_message")) for message in messages if message.get("raised_exception")]
    count = found.get("unexpected_count")
    if count is None:
        count = observed if isinstance(observed, int) and not one.success else int(not one.success)
    shown = f"error: {errors[0]}" if errors else "" if observed is None else json.dumps(observed, default=str)
    return {
        "success": bool(one.success) and not errors,
        "observed": shown[:OBSERVED_CHARS] or None,
        "unexpected_count": int(count),
    }


def to_verdict(
    checks: Sequence[Any], outcomes: Mapping[str, Mapping[str, Any]], accepted: Mapping[str, str]
) -> Verdict:
    """Rows of `checks`, and which of them refuse or warn. A check without an outcome has failed: silence is no consent."""
    rows: list[dict[str, Any]] = []
    for check in sorted(checks, key=lambda check: check.check_id):
        outcome = outcomes.get(check.check_id, {"success": False, "observed": "did not run", "unexpected_count": 0})
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
            }
        )
    failed = [row for row in rows if not row["success"]]
    refusing = tuple(
        row["check_id"] for row in failed if row["severity"] == "critical" and row["accepted_reason"] is None
    )
    return Verdict(tuple(rows), refusing, tuple(row["check_id"] for row in failed if row["check_id"] not in refusing))


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
