"""checks: every data-quality check that was run on this release."""

import pyarrow as pa

from schemas.codes import CHECK_SEVERITY
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
        Column("unexpected_count", pa.int64(), "Rows that failed it.", nullable=False, low=0),
        Column("description", pa.string(), "The check as a sentence, with its reason.", nullable=False),
    ),
    key=("check_id",),
    may_be_empty=False,
)
