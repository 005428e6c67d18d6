"""stories: articles about one happening."""

from expectations.check import Check
from expectations.structure import structural
from schemas.stories import STORIES

CHECKS: tuple[Check, ...] = (*structural(STORIES),)
