"""duplicates: pairs of near-alike documents."""

from expectations.check import Check
from expectations.structure import structural
from schemas.duplicates import DUPLICATES

CHECKS: tuple[Check, ...] = (*structural(DUPLICATES),)
