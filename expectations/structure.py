"""The half of every suite that follows from the table's description: columns, keys, nulls, codes, bounds, shapes, spans."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

from expectations.check import (
    AT_LEAST,
    CRITICAL,
    NO_ROW,
    Check,
    Threshold,
    evidence_columns,
    for_great_expectations,
    never,
)
from schemas.export import type_name
from schemas.table import Column, Table

NO_COLUMN = Threshold(0, "columns")
ONE_ROW = Threshold(1, "rows", AT_LEAST)


def structural(table: Table) -> tuple[Check, ...]:
    """Every check that schemas/<table>.py implies. All are critical: a table that breaks them is not the one described."""
    checks = [_columns_match(table), _types_match(table), _key_unique(table)]
    if not table.may_be_empty:
        checks.append(_has_rows(table))
    for column in table.columns:
        checks += _column_checks(table, column)
    for span in table.spans:
        start, end = span.start, span.end
        whole = [name for name in (start, end, span.text) if name]
        some = " or ".join(f'"{name}" is not null' for name in whole)
        every = " and ".join(f'"{name}" is not null' for name in whole)
        checks += [
            never(
                table,
                "span_is_forward",
                f'"{start}" >= "{end}"',
                f"{start} comes before {end}: evidence is at least one character.",
                column=start,
            ),
            never(
                table,
                "span_is_whole",
                f"({some}) and not ({every})",
                f"{', '.join(whole)} are null together: half an address points nowhere.",
                column=start,
            ),
        ]
    for low, high in table.intervals:
        checks.append(
            never(
                table,
                "interval_is_forward",
                f'"{low}" > "{high}"',
                f"{low} is not above {high}: an interval has its ends in order.",
                column=low,
            )
        )
    return tuple(checks)


def _check(
    table: Table,
    name: str,
    expectation: Expectation,
    column: str | None,
    because: str,
    failing_sql: str,
    threshold: Threshold = NO_ROW,
) -> Check:
    check_id = ".".join(part for part in (table.name, name, column) if part)
    return Check(check_id, table.name, table.name, expectation, column, CRITICAL, because, failing_sql, threshold)


def _columns_match(table: Table) -> Check:
    because = "The columns are those of the contract, in its order."
    return _check(
        table,
        "columns_match",
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(table.column_names), description=because),
        None,
        because,
        f"select column_name, data_type from information_schema.columns where table_name = '{table.name}'",
        NO_COLUMN,
    )


def _types_match(table: Table) -> Check:
    wanted = ", ".join(f"('{column.name}', '{type_name(column)}')" for column in table.columns)
    query = (
        f"select wanted.name, wanted.type, found.data_type from (values {wanted}) wanted(name, type) "
        f"left join information_schema.columns found on found.table_name = '{table.name}' and found.column_name = wanted.name "
        "where found.data_type is distinct from wanted.type"
    )
    because = "Every column has the type of the contract."
    expectation = gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=for_great_expectations(f"{query} or (select count(*) from {{batch}}) < 0"),
        description=because,
    )
    return _check(table, "types_match", expectation, None, because, query, NO_COLUMN)


def _has_rows(table: Table) -> Check:
    because = f"{table.name} has rows: a gate over nothing passes everything."
    return _check(
        table,
        "has_rows",
        gxe.ExpectTableRowCountToBeBetween(min_value=1, description=because),
        None,
        because,
        f"select count(*) as rows from {table.name}",
        ONE_ROW,
    )


def _key_unique(table: Table) -> Check:
    because = f"{', '.join(table.key)} identifies one row."
    keys = ", ".join(f'"{name}"' for name in table.key)
    expectation: Expectation
    if len(table.key) == 1:
        expectation = gxe.ExpectColumnValuesToBeUnique(column=table.key[0], description=because)
    else:
        expectation = gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key), description=because)
    failing = f"select {evidence_columns(table)} from {table.name} qualify count(*) over (partition by {keys}) > 1"
    return _check(table, "key_is_unique", expectation, None, because, failing)


def _column_checks(table: Table, column: Column) -> list[Check]:
    checks: list[Check] = []
    name, shown = column.name, evidence_columns(table)
    if not column.nullable:
        because = f"{name} is never null."
        failing = f'select {shown} from {table.name} where "{name}" is null'
        checks.append(
            _check(
                table,
                "not_null",
                gxe.ExpectColumnValuesToNotBeNull(column=name, description=because),
                name,
                because,
                failing,
            )
        )
    if column.codes is not None:
        because = f"{name} holds only codes of the contract."
        listed = ", ".join(f"'{code}'" for code in column.codes)
        failing = f'select {shown} from {table.name} where "{name}" not in ({listed})'
        expectation = gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(column.codes), description=because)
        checks.append(_check(table, "in_codes", expectation, name, because, failing))
    if column.low is not None or column.high is not None:
        because = f"{name} lies between {column.low} and {column.high}."
        bounds = [f'"{name}" < {column.low}'] if column.low is not None else []
        bounds += [f'"{name}" > {column.high}'] if column.high is not None else []
        failing = f"select {shown} from {table.name} where {' or '.join(bounds)}"
        between = gxe.ExpectColumnValuesToBeBetween(
            column=name, min_value=column.low, max_value=column.high, description=because
        )
        checks.append(_check(table, "in_bounds", between, name, because, failing))
    if column.pattern is not None:
        # Great Expectations has no regular expressions for DuckDB: the query asks DuckDB itself
        condition = f"not regexp_full_match(\"{name}\", '{column.pattern}')"
        checks.append(never(table, "has_shape", condition, f"{name} has the shape {column.pattern}.", column=name))
    own_id = table.columns[0].name
    if column.name == own_id and table.key != (own_id,) and column.name.endswith("_id") and column.references is None:
        because = f"{name} is one row's own."
        failing = f'select {shown} from {table.name} qualify count(*) over (partition by "{name}") > 1'
        checks.append(
            _check(
                table,
                "id_is_unique",
                gxe.ExpectColumnValuesToBeUnique(column=name, description=because),
                name,
                because,
                failing,
            )
        )
    return checks
