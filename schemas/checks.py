"""checks: every data-quality check that was run on this release."""

import pyarrow as pa

from schemas.codes import CHECK_BOUND, CHECK_SEVERITY, CHECK_UNIT
from schemas.table import Column, Table

CHECKS = Table(
    name="checks",
    stage="validate",
    row_is="one data-quality check run on this release",
    columns=(
        Column(
            "check_id",
            pa.string(),
            "Name of the check, as `--accept` takes it: suite.expectation[.column].",
            nullable=False,
        ),
        Column("suite", pa.string(), "The table, or `relations`.", nullable=False),
        Column("expectation", pa.string(), "What was expected, as Great Expectations names it.", nullable=False),
        Column("column_name", pa.string(), "The column, if it is about one."),
        Column(
            "severity",
            pa.string(),
            "critical refuses a release; warning is published with it.",
            nullable=False,
            codes=CHECK_SEVERITY,
        ),
        Column("success", pa.bool_(), "Whether it held.", nullable=False),
        Column("accepted_reason", pa.string(), "Why a failed critical check was accepted by hand, if it was."),
        Column("observed", pa.string(), "What was seen, in short."),
        Column(
            "unexpected_count",
            pa.int64(),
            "Rows that failed it; of a check that allows a share, the rows that use it up.",
            nullable=False,
            low=0,
        ),
        Column("description", pa.string(), "The check as a sentence, with its reason.", nullable=False),
        Column(
            "unit",
            pa.string(),
            "What threshold and observed_value count: rows or columns that fail, a share of the rows judged (0.1 is 10 %), or a "
            "difference from the parent (a share of rows, years, days or a ratio, as the description says).",
            nullable=False,
            codes=CHECK_UNIT,
        ),
        Column(
            "bound",
            pa.string(),
            "at_most: it holds while observed_value is not above the threshold; at_least: while it is not below.",
            nullable=False,
            codes=CHECK_BOUND,
        ),
        Column(
            "threshold",
            pa.float64(),
            "Where it begins to fail. Of a check of several comparisons, that of the one nearest to failing.",
            nullable=False,
        ),
        Column(
            "observed_value",
            pa.float64(),
            "What was measured, also where it held; null where too few rows were there to judge, or the check did not run.",
        ),
        Column(
            "headroom",
            pa.float64(),
            "Share of the threshold that is left: 1 - observed_value / threshold (at_least: 1 - threshold / observed_value). 1 is "
            "far from failing, 0 at the threshold, below 0 beyond it. Null where nothing was measured, or nothing is allowed.",
            high=1,
        ),
    ),
    key=("check_id",),
    may_be_empty=False,
)
