"""What a check is: a Great Expectations expectation, the name it is accepted by, and the query that lists its failing rows."""

from dataclasses import dataclass
from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from schemas.table import Table

CRITICAL = "critical"
WARNING = "warning"


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
    """

    check_id: str
    suite: str
    table: str
    expectation: Expectation
    column: str | None
    severity: str
    description: str
    failing_sql: str


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


class AtMostAShareMay(_RowsAreCounted):
    """At most a share of the rows may satisfy a condition: the query has a row when more do."""


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
    counted = f"count(*) filter (where coalesce(({condition}), false) and ({of}))"
    total = f"count(*) filter (where {of})"
    having = f"having {total} >= {least_rows} and {counted} > {share} * {total}"
    chosen = evidence_columns(table)
    query = f"select {counted} as unexpected, {total} as total from {{batch}} {having}"
    return Check(
        check_id=f"{table.name}.{name}",
        suite=table.name,
        table=table.name,
        expectation=AtMostAShareMay(
            unexpected_rows_query=for_great_expectations(query), description=because, severity=FailureSeverity(severity)
        ),
        column=None,
        severity=severity,
        description=f"{because} At most {share:.0%}, judged from {least_rows} rows.",
        failing_sql=f"select {chosen} from {table.name} where coalesce(({condition}), false) and ({of})",
    )


def hashed(table: Table, *parts: str) -> Check:
    """The table's own id is the hash of the table's name and these parts (SQL), as flows/text/ids.py makes it.

    Whatever else an id were made of (an order, a time, a batch) would change from run to run. Exact, so doubled rows
    under new ids, cut ids and offsets that moved after the id was given are seen too.
    """
    column = table.columns[0].name
    joined = ", ".join(("chr(31)", f"'{table.name}'", *parts))
    return never(
        table,
        "id_is_hash",
        f'"{column}" <> sha256(concat_ws({joined}))[1:16]',
        f"{column} is a function of content: the hash of {', '.join(parts)}.",
        column=column,
    )


def relation_at_most(
    name: str, table: Table, query: str, of: str, share: float, because: str, *, least_rows: int, severity: str
) -> Check:
    """At most `share` of the rows that `of` lists may be listed by `query`; `{batch}` in both stands for `table`."""
    judged = (
        f"select unexpected, total from (select (select count(*) from ({query}) broken) as unexpected, "
        f"(select count(*) from ({of}) judged) as total) counted where total >= {least_rows} and unexpected > {share} * total"
    )
    return Check(
        check_id=f"relations.{name}",
        suite="relations",
        table=table.name,
        expectation=AtMostAShareMay(
            unexpected_rows_query=for_great_expectations(judged),
            description=because,
            severity=FailureSeverity(severity),
        ),
        column=None,
        severity=severity,
        description=f"{because} At most {share:.0%} fail, judged from {least_rows} rows.",
        failing_sql=query.replace("{batch}", table.name),
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
