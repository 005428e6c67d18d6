"""Every suite, by the table's name."""

from importlib import import_module

from expectations.check import Check
from expectations.relations import relations
from schemas.registry import RELEASED


def suite(table: str) -> tuple[Check, ...]:
    """The checks of one table's suite."""
    checks: tuple[Check, ...] = import_module(f"expectations.{table}").CHECKS
    return checks


def all_checks(*, with_parent: bool) -> tuple[Check, ...]:
    """Every check that the gate runs over staged tables: all suites but that of `checks`, which is written last."""
    single = tuple(check for table in RELEASED if table.name != "checks" for check in suite(table.name))
    return (*single, *relations(with_parent=with_parent))
