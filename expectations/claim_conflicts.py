"""claim_conflicts: claims that cannot both hold."""

from expectations.check import Check
from expectations.structure import structural
from schemas.claim_conflicts import CLAIM_CONFLICTS

CHECKS: tuple[Check, ...] = (*structural(CLAIM_CONFLICTS),)
