"""The suites, run by Great Expectations over a DuckDB file of the staged tables: check id to what was found.

Measured on 369 checks over 84,000 rows, in seconds of CPU: one checkpoint, its stores and GX's own site builder took
23.6; the same suites given to one batch a table, and its pages rendered here, take under 4. What cost the
difference: a store that serialises the whole suite for each expectation added (5), a check that every suite is as stored
(1.5), a template engine built anew for each page (8), and the pages of all suites listed anew after each (2).
"""

import json
import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.store.durable import dump_json

OBSERVED_CHARS = 200
COUNTED: Mapping[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}
# Whether, not which: what fails is asked again for its count. BASIC would fetch twenty failing values of every column.
WHETHER: Mapping[str, Any] = {"result_format": "BOOLEAN_ONLY"}


class _Dialect(StrEnum):
    """Great Expectations looks for members by value and by equality: a plain string is not enough."""

    DUCKDB = "duckdb"


def load_great_expectations() -> None:
    """Import it: 4 to 15 s, which need not be spent while others wait. No telemetry, no word on stderr."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # before the import, which logs a line a method
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside Great Expectations' own dependencies
        import great_expectations as gx  # noqa: F401  # for its import only


def run_checks(
    checks: Iterable[Any], database: Path, data_docs: Path | None, *, threads: int = 1
) -> dict[str, dict[str, Any]]:
    """Check id to {success, observed, unexpected_count, observed_value, threshold}.

    A check that raised inside Great Expectations counts as failed, with the error as what was observed.

    Args:
        checks: what to run.
        database: DuckDB file that holds the tables under their names.
        data_docs: folder for pages, None for none.
        threads: DuckDB's. It splits a table by row groups: more threads than those only cost.
    """
    load_great_expectations()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in load_great_expectations
        source = _source(database, threads)
        try:
            with _configurations_kept():
                pages = [page for table, members in _by(checks, "table") for page in _run_table(source, table, members)]
        finally:
            source.get_execution_engine().close()
        if data_docs is not None:
            from flows.validate.data_docs import write_data_docs

            write_data_docs(pages, data_docs)
    results = [one for page in pages for one in page.results]
    return {one.expectation_config.meta["check_id"]: _outcome(one) for one in results}


@contextmanager
def _configurations_kept() -> Iterator[None]:
    """While suites run, an expectation's configuration is built once.

    Great Expectations builds it anew each of the eight times that it looks at it, which was a fifth of the gate's
    time. It is a function of the expectation's fields, and they do not change while it is judged.
    """
    from great_expectations.expectations.expectation import Expectation

    build: Any = Expectation.configuration
    kept: dict[int, tuple[Any, Any]] = {}  # the expectation is kept too, or its id would be given away

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in kept:
            kept[id(expectation)] = (expectation, build.fget(expectation))
        return kept[id(expectation)][1]

    Expectation.configuration = property(configuration)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Expectation.configuration = build  # type: ignore[method-assign]


def _source(database: Path, threads: int) -> Any:
    """The database as Great Expectations' data source, in a context that writes nothing anywhere."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    known: tuple[Any, ...] = tuple(engine._PERSISTED_CONNECTION_DIALECTS)  # noqa: SLF001  # no public way; without it every count fails
    if not any(dialect.value == "duckdb" for dialect in known):
        engine._PERSISTED_CONNECTION_DIALECTS = (*known, _Dialect.DUCKDB)  # noqa: SLF001

    # its default makes a temporary folder, and says so on stderr
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=stores))
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # a plain dict is what it reads
    sources: Any = context.data_sources  # its types leave out `kwargs`, which reach SQLAlchemy
    return sources.add_sql(
        "gate",
        # the path goes past the address, in which %20 and the like would be read as signs
        connection_string="duckdb:///gate",
        create_temp_table=False,
        kwargs={"connect_args": {"database": str(database), "read_only": True, "config": {"threads": threads}}},
    )


def _run_table(source: Any, table: str, checks: Sequence[Any]) -> list[Any]:
    """The results of every suite that looks at a table, one ExpectationSuiteValidationResult a suite.

    All suites of a table go to one batch in two calls, because each call costs GX a look at the table.
    """
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.expectations.expectation import ColumnMapExpectation, MulticolumnMapExpectation
    from great_expectations.validator.validator import calc_validation_statistics

    asset = source.add_table_asset(table, table_name=table)
    batch = asset.get_batch(asset.build_batch_request())
    by_row = [c for c in checks if isinstance(c.expectation, ColumnMapExpectation | MulticolumnMapExpectation)]
    as_whole = [check for check in checks if check not in by_row]
    whether = _validate(batch, by_row, WHETHER)
    failed = {one.expectation_config.meta["check_id"] for one in whether if not one.success}
    results = [
        *_validate(batch, as_whole, COUNTED),
        *(one for one in whether if one.success),
        *_validate(batch, [check for check in by_row if check.check_id in failed], COUNTED),
    ]
    found: dict[str, list[Any]] = {}
    suite_of = {check.check_id: check.suite for check in checks}
    for one in results:
        found.setdefault(suite_of[one.expectation_config.meta["check_id"]], []).append(one)
    pages = []
    for suite, members in found.items():
        counted = calc_validation_statistics(members)
        pages.append(
            ExpectationSuiteValidationResult(
                success=counted.success,
                results=members,
                suite_name=suite if suite == table else f"{suite}.{table}",
                statistics=counted._asdict(),
                meta={"active_batch_definition": {"data_asset_name": table}},
            )
        )
    return pages


def _validate(batch: Any, checks: Sequence[Any], result_format: Mapping[str, Any]) -> list[Any]:
    """One ExpectationValidationResult a check, in no order."""
    import great_expectations as gx

    if not checks:
        return []
    suite = gx.ExpectationSuite(name="gate", expectations=[_as_run(check) for check in checks])
    results: list[Any] = batch.validate(suite, result_format=dict(result_format)).results
    return results


def _as_run(check: Any) -> Any:
    """A check's expectation with the check's name and threshold as its `meta`."""
    expectation = check.expectation.copy()
    limit = check.threshold
    expectation.meta = {"check_id": check.check_id, "unit": limit.unit, "bound": limit.bound, "threshold": limit.value}
    return expectation


def write_suites(checks: Iterable[Any], folder: Path) -> None:
    """<suite>.json each: the suites as they are run, as Great Expectations writes them."""
    import great_expectations as gx

    folder.mkdir(parents=True, exist_ok=True)
    with _configurations_kept():
        for name, members in _by(checks, "suite"):
            suite = gx.ExpectationSuite(name=name, expectations=[_as_run(check) for check in members])
            (folder / f"{name}.json").write_text(dump_json(suite.to_json_dict()), encoding="utf-8")


def _by(checks: Iterable[Any], attribute: str) -> list[tuple[str, list[Any]]]:
    """Checks in groups of the same attribute, groups in the order of their names."""

    def key(check: Any) -> str:
        return str(getattr(check, attribute))

    return [(name, list(members)) for name, members in groupby(sorted(checks, key=key), key=key)]


def _outcome(one: Any) -> dict[str, Any]:
    """What became of one check.

    `observed_value` is what is compared with the threshold; None where nothing could be measured. `threshold` is None
    where it is the check's own.
    """
    found = one.result or {}
    observed = found.get("observed_value")
    raised = one.exception_info or {}
    messages = [raised] if "raised_exception" in raised else list(raised.values())
    errors = [str(message.get("exception_message")) for message in messages if message.get("raised_exception")]
    count = found.get("unexpected_count", (found.get("details") or {}).get("failing"))
    if count is None:
        count = observed if isinstance(observed, int) and not one.success else int(not one.success)
    seen = found.get("details", observed)  # of a measured check: what was compared, and the counts
    shown = f"error: {errors[0]}" if errors else "" if seen is None else json.dumps(seen, default=str)
    measured = observed if isinstance(observed, int | float) else None if "details" in found else count
    return {
        "success": bool(one.success) and not errors,
        "observed": shown[:OBSERVED_CHARS] or None,
        "unexpected_count": int(count),
        "observed_value": None if errors or measured is None else float(measured),
        "threshold": found.get("threshold"),
    }
