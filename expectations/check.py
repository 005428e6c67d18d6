"""What a check is: a Great Expectations expectation, the name it is accepted by, and the query that lists its failing rows."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from schemas.corrections import CORRECTABLE
from schemas.export import type_name
from schemas.table import Table

CRITICAL = "critical"
WARNING = "warning"


AT_MOST = "at_most"
AT_LEAST = "at_least"


@dataclass(frozen=True)
class Threshold:
    """Where a check begins to fail.

    Attributes:
        value: the largest (`at_least`: the smallest) value that holds. A check of several comparisons, each with its own,
            has the one that most of them have; what the gate writes down is that of the comparison nearest to failing.
        unit: of the value (CHECK_UNIT): rows or columns that may fail, a share of rows, or a difference from the parent.
        bound: AT_MOST or AT_LEAST.
    """

    value: float
    unit: str
    bound: str = AT_MOST


NO_ROW = Threshold(0, "rows")


@dataclass(frozen=True)
class Check:
    """One check of one suite.

    Attributes:
        check_id: suite.name[.column]: what `--accept` takes and `checks.check_id` holds.
        suite: the table, or `relations`.
        table: the table that Great Expectations is pointed at.
        expectation: what is expected.
        column: the column it is about, if one.
        severity: critical refuses the release, warning is published with it.
        description: the check as a sentence, with its reason.
        failing_sql: DuckDB query for the rows that fail it; never selects article text.
        threshold: where it begins to fail.
    """

    check_id: str
    suite: str
    table: str
    expectation: Expectation
    column: str | None
    severity: str
    description: str
    failing_sql: str
    threshold: Threshold = NO_ROW


class _RowsAreCounted(gxe.UnexpectedRowsExpectation):
    """A query's rows are counted; the parent class also fetches two hundred of them, at the price of a second query."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


class NoRowMay(_RowsAreCounted):
    """No row may be in the result of a query."""


class _NothingExceeds(gxe.UnexpectedRowsExpectation):
    """A query that measures: one row, the comparison nearest to failing, as `nearest` makes it; or none if nothing can be compared.

    What a held check observed costs nothing more this way: the query that judges is the one that measures.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        measured = metrics["unexpected_rows_query.table"]
        if not measured:
            return {"success": True, "result": {"observed_value": None, "details": None}}
        found = dict(measured[0])
        observed, threshold = found.pop("observed"), found.pop("threshold")
        # nothing named unexpected_count: the pages would then want a percentage, too
        result = {"observed_value": observed, "threshold": threshold, "details": found}
        return {"success": not exceeds(observed, threshold), "result": result}


class AtMostAShareMay(_NothingExceeds):
    """At most a share of the rows may satisfy a condition."""


class DiffersAtMost(_NothingExceeds):
    """No part of a table may differ from the parent's by more than a threshold."""


def exceeds(observed: float | None, threshold: float) -> bool:
    """Whether a measured value fails; one that could not be told (too few rows to judge) does not.

    >>> exceeds(0.21, 0.2), exceeds(0.2, 0.2), exceeds(None, 0.2)
    (True, False, False)
    """
    return observed is not None and observed > threshold


def nearest(compared: str) -> str:
    """Of a query's comparisons (`observed`, `threshold` and columns that say what was compared), the one nearest to failing.

    `failing` says how many fail. Those whose `observed` is null were not judged.
    """
    return (
        f"select *, count(*) filter (where observed > threshold) over () as failing from ({compared}) compared "
        "where observed is not null order by observed > threshold desc, observed / nullif(threshold, 0) desc nulls last, "
        "compared limit 1"  # of equals the first by its words, not the one that a thread found first
    )


def for_great_expectations(query: str) -> str:
    """A query as UnexpectedRowsExpectation wants it: it fills {batch} with an aliased subquery and reads other braces as placeholders.

    >>> for_great_expectations("select 1 from {batch} fact where not regexp_full_match(fact.id, '[0-9]{16}')")
    "select 1 from (select * from {batch}) fact where not regexp_full_match(fact.id, '[0-9]{{16}}')"
    """
    parts = [part.replace("{", "{{").replace("}", "}}") for part in query.split("{batch}")]
    return "(select * from {batch})".join(parts)


def evidence_columns(table: Table) -> str:
    """Columns that a list of failing rows shows: the key and everything short. Never texts, which belong to publishers."""
    long = {"text", "body"}
    return ", ".join(f'"{name}"' for name in table.column_names if name not in long)


def never(
    table: Table, name: str, condition: str, because: str, *, column: str | None = None, severity: str = CRITICAL
) -> Check:
    """No row of `table` may satisfy `condition` (SQL; null counts as not satisfied)."""
    where = f"where coalesce(({condition}), false)"
    chosen = evidence_columns(table)
    return Check(
        check_id=".".join(part for part in (table.name, name, column) if part),
        suite=table.name,
        table=table.name,
        expectation=NoRowMay(
            unexpected_rows_query=for_great_expectations(f"select {chosen} from {{batch}} {where}"),
            description=because,
            severity=FailureSeverity(severity),
        ),
        column=column,
        severity=severity,
        description=because,
        failing_sql=f"select {chosen} from {table.name} {where}",
    )


def at_most(
    table: Table,
    name: str,
    condition: str,
    share: float,
    because: str,
    *,
    of: str = "true",
    least_rows: int = 20,
    severity: str = WARNING,
) -> Check:
    """At most `share` of the rows that satisfy `of` may satisfy `condition`; not judged below `least_rows` such rows."""
    failing = f"count(*) filter (where coalesce(({condition}), false) and ({of}))"
    judged = f"count(*) filter (where {of})"
    chosen = evidence_columns(table)
    query = f"select {failing} as failing, {judged} as judged from {{batch}}"
    return Check(
        check_id=f"{table.name}.{name}",
        suite=table.name,
        table=table.name,
        expectation=AtMostAShareMay(
            unexpected_rows_query=for_great_expectations(_share_of(query, share, least_rows)),
            description=because,
            severity=FailureSeverity(severity),
        ),
        column=None,
        severity=severity,
        description=f"{because} At most {share:.0%}, judged from {least_rows} rows.",
        failing_sql=f"select {chosen} from {table.name} where coalesce(({condition}), false) and ({of})",
        threshold=Threshold(share, "share"),
    )


def _share_of(counted: str, share: float, least_rows: int) -> str:
    """A query that counts `failing` and `judged` rows, as one that measures their share: null below `least_rows`."""
    return (
        f"select failing, judged, case when judged >= {least_rows} then failing / judged end as observed, "
        f"{share}::double as threshold from ({counted}) counted"
    )


def hashed(table: Table, *parts: str) -> Check:
    """The table's own id is the hash of the table's name and these parts (SQL), as flows/text/ids.py makes it.

    A corrected row keeps the id of what was read: where a part was corrected, what `corrections` says was read there counts.
    Whatever else an id were made of (an order, a time, a batch) would change from run to run. Exact, so doubled rows
    under new ids, cut ids and offsets that moved after the id was given are seen too.
    """
    column = table.columns[0].name
    joined = ", ".join(("chr(31)", f"'{table.name}'", *parts))
    return never(
        table,
        "id_is_hash",
        f'"{column}" <> sha256(concat_ws({_as_read(table, joined)}))[1:16]',
        f"{column} is a function of content: the hash of {', '.join(parts)}.",
        column=column,
    )


def _as_read(table: Table, sql: str) -> str:
    """SQL over columns of `table` that takes what was read in the place of what was corrected.

    >>> from schemas.event_actors import EVENT_ACTORS
    >>> _as_read(EVENT_ACTORS, "event_id, role")
    "event_id, (case when list_contains(corrected, 'role') then (select min(expected) from corrections \
where row_id = event_actor_id and column_name = 'role')::VARCHAR else role end)"
    """
    for name in CORRECTABLE.get(table.name, ()):
        read = (
            f"select min(expected) from corrections where row_id = {table.columns[0].name} and column_name = '{name}'"
        )
        kind = type_name(table.column(name))
        value = f"(case when list_contains(corrected, '{name}') then ({read})::{kind} else {name} end)"
        sql = re.sub(rf"(?<!['\w]){name}(?!['\w])", lambda _: value, sql)  # noqa: B023  # used at once
    return sql


def relation_at_most(
    name: str, table: Table, query: str, of: str, share: float, because: str, *, least_rows: int, severity: str
) -> Check:
    """At most `share` of the rows that `of` lists may be listed by `query`; `{batch}` in both stands for `table`."""
    counted = (
        f"select (select count(*) from ({query}) broken) as failing, (select count(*) from ({of}) judged) as judged"
    )
    return Check(
        check_id=f"relations.{name}",
        suite="relations",
        table=table.name,
        expectation=AtMostAShareMay(
            unexpected_rows_query=for_great_expectations(_share_of(counted, share, least_rows)),
            description=because,
            severity=FailureSeverity(severity),
        ),
        column=None,
        severity=severity,
        description=f"{because} At most {share:.0%} fail, judged from {least_rows} rows.",
        failing_sql=query.replace("{batch}", table.name),
        threshold=Threshold(share, "share"),
    )


def drift_at_most(name: str, table: Table, compared: str, threshold: float, because: str) -> Check:
    """Nothing that `compared` lists may differ by more than its threshold; a warning, as news may.

    Args:
        name: of the check.
        table: for which `{batch}` in the query stands.
        compared: a query whose rows say what was compared, `observed` and its `threshold`. No words of articles.
        threshold: what most of its rows have.
        because: the check as a sentence.
    """
    return Check(
        check_id=f"relations.{name}",
        suite="relations",
        table=table.name,
        expectation=DiffersAtMost(
            unexpected_rows_query=for_great_expectations(nearest(compared)),
            description=because,
            severity=FailureSeverity(WARNING),
        ),
        column=None,
        severity=WARNING,
        description=because,
        failing_sql=f"select * from ({compared.replace('{batch}', table.name)}) compared where observed > threshold",
        threshold=Threshold(threshold, "difference"),
    )


def relation(
    name: str, table: Table, query: str, because: str, *, column: str | None = None, severity: str = CRITICAL
) -> Check:
    """A check that spans tables: `query` lists the rows that break it. `{batch}` in it stands for `table`."""
    if "{batch}" not in query:
        raise ValueError(f"relations.{name}: the query must read its table as {{batch}}")
    return Check(
        check_id=".".join(part for part in ("relations", name, column) if part),
        suite="relations",
        table=table.name,
        expectation=NoRowMay(
            unexpected_rows_query=for_great_expectations(query), description=because, severity=FailureSeverity(severity)
        ),
        column=column,
        severity=severity,
        description=because,
        failing_sql=query.replace("{batch}", table.name),
    )
