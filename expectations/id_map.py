"""id_map: ids that this release replaced."""

from expectations.check import Check
from expectations.structure import structural
from schemas.id_map import ID_MAP

CHECKS: tuple[Check, ...] = (*structural(ID_MAP),)
