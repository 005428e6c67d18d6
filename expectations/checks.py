"""checks: the gate's own table, looked at after it is written."""

from expectations.check import Check, never
from expectations.structure import structural
from schemas.checks import CHECKS as CHECKS_TABLE

CHECKS: tuple[Check, ...] = (
    *structural(CHECKS_TABLE),
    never(
        CHECKS_TABLE,
        "no_refusal_passes",
        "severity = 'critical' and not success and accepted_reason is null",
        "A released table of checks holds no failed critical check that nobody accepted.",
    ),
)
