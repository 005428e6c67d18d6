"""corrections: what a person put right, where that is allowed, and why."""

from expectations.check import Check, hashed, never
from expectations.structure import structural
from schemas.corrections import CORRECTABLE, CORRECTIONS

ALLOWED = ", ".join(f"('{table}', '{column}')" for table, columns in CORRECTABLE.items() for column in columns)

CHECKS: tuple[Check, ...] = (
    *structural(CORRECTIONS),
    hashed(CORRECTIONS, "row_id", "column_name"),
    never(
        CORRECTIONS,
        "column_may_be_corrected",
        f"(table_name, column_name) not in ({ALLOWED})",
        "Only values are corrected: ids and evidence make a row what it is.",
        column="column_name",
    ),
    never(
        CORRECTIONS,
        "changes_something",
        "expected is not distinct from new",
        "A correction puts another value in the place of what was read.",
        column="new",
    ),
    never(
        CORRECTIONS,
        "says_why_and_who",
        "trim(reason) = '' or trim(who) = ''",
        "A correction says why, and who made it.",
        column="reason",
    ),
)
