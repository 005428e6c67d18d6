"""incidents: what happened, across documents."""

from expectations.check import Check
from expectations.structure import structural
from schemas.incidents import INCIDENTS

CHECKS: tuple[Check, ...] = (*structural(INCIDENTS),)
