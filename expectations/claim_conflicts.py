"""claim_conflicts: claims that cannot both hold; what the claims say is checked in relations."""

from expectations.check import Check, never
from expectations.structure import structural
from schemas.claim_conflicts import CLAIM_CONFLICTS

CHECKS: tuple[Check, ...] = (
    *structural(CLAIM_CONFLICTS),
    never(
        CLAIM_CONFLICTS,
        "smaller_id_first",
        "casualty_id >= other_id",
        "A pair is there once: the claim with the smaller id first.",
        column="other_id",
    ),
)
