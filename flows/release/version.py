"""Versions are derived from the difference to the parent, never typed. A run may ask for more than that, never for less."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flows.release.contract import ContractChange, contract_changes

Level = Literal["patch", "minor", "major"]

FIRST = "1.0.0"
LEVELS: tuple[Level, ...] = ("patch", "minor", "major")  # from least to most
UNCOUNTED = frozenset({"checks"})  # its rows speak of the gate, and drift depends on the parent


@dataclass(frozen=True)
class Decision:
    """A version, and which differences decided it.

    Attributes:
        version: of the new release.
        parent: version that it was compared with, None for a first release.
        level: how the version was raised; None for a first release.
        derived: what the differences alone ask for; less than `level` where a run asked for more.
        changes: differences of the contract, those that break it first.
        other_rows: tables whose rows differ, in the order of the release.
    """

    version: str
    parent: str | None
    level: Level | None
    derived: Level | None
    changes: tuple[ContractChange, ...] = ()
    other_rows: tuple[str, ...] = ()

    @property
    def because(self) -> list[str]:
        """Why it has this version, in sentences without their full stops: of all differences those that decided.

        >>> Decision("1.3.0", "1.2.9", "minor", "minor", (), ("quotes", "events")).because
        ['rows of quotes and events differ from those of 1.2.9']
        >>> Decision("2.0.0", "1.2.9", "major", "patch").because
        ['every row of 1.2.9 is the same', 'it was raised from patch to major by hand']
        """
        if self.level is None:
            return ["it is the first release"]
        breaks = [change.sentence for change in self.changes if change.breaks]
        added = [change.sentence for change in self.changes if not change.breaks]
        rows = [f"rows of {_joined(self.other_rows)} differ from those of {self.parent}"] if self.other_rows else []
        deciding = {"major": breaks, "minor": [*added, *rows], "patch": [f"every row of {self.parent} is the same"]}
        raised = [f"it was raised from {self.derived} to {self.level} by hand"] if self.level != self.derived else []
        return [*deciding[self.derived or "patch"], *raised]

    def as_json(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {
            "level": self.level,
            "derived": self.derived,
            "because": self.because,
            "contract_changes": [change.as_json() for change in self.changes],
            "other_rows": list(self.other_rows),
        }


def decide_version(
    parent: Mapping[str, Any] | None,
    tables: Mapping[str, Mapping[str, Any]],
    taken: Collection[str] = (),
    at_least: Level | None = None,
) -> Decision:
    """The version that follows the parent's, and why.

    MAJOR when the contract is broken (a table, column or code is gone, retyped, or its ids are made otherwise), MINOR when some
    answer can change (other rows, a new table, column or code), PATCH when every row digest is the same.

    Args:
        parent: the parent's manifest, None for a first release.
        tables: of the new release, each with `row_digest` and what `table_contract` gives.
        taken: versions that the warehouse holds already: where `current` was set back by hand, the next number is not free.
        at_least: the level that a run asked for; a lower one changes nothing.

    >>> old = {"version": "1.2.3", "tables": {"quotes": {"row_digest": "a", "schema": {"text": "VARCHAR"}}}}
    >>> same, other = ({"quotes": {"row_digest": digest, "schema": {"text": "VARCHAR"}}} for digest in "ab")
    >>> decide_version(old, other).version, decide_version(old, same).version
    ('1.3.0', '1.2.4')
    >>> decide_version(old, {"quotes": {"row_digest": "b", "schema": {"words": "VARCHAR"}}}).version
    '2.0.0'
    >>> decide_version(old, same, at_least="major").version, decide_version(old, other, at_least="patch").version
    ('2.0.0', '1.3.0')
    >>> decide_version(old, other, taken=["1.2.3", "1.3.0"]).version
    '1.4.0'
    >>> decide_version(None, {}, at_least="major").version
    '1.0.0'
    """
    if parent is None:
        return Decision(_free(FIRST, taken), None, None, None)
    before = parent["tables"]
    changes = contract_changes(before, tables)
    other_rows = tuple(
        name
        for name in tables
        if name not in UNCOUNTED and name in before and tables[name]["row_digest"] != before[name]["row_digest"]
    )
    derived: Level = "patch"
    if any(change.breaks for change in changes):
        derived = "major"
    elif changes or other_rows:
        derived = "minor"
    level = max(derived, at_least or derived, key=LEVELS.index)
    return Decision(
        _free(_raised(parent["version"], level), taken), parent["version"], level, derived, changes, other_rows
    )


def _raised(version: str, level: Level) -> str:
    major, minor, patch = (int(part) for part in version.split("."))
    return {
        "major": f"{major + 1}.0.0",
        "minor": f"{major}.{minor + 1}.0",
        "patch": f"{major}.{minor}.{patch + 1}",
    }[level]


def _free(wanted: str, taken: Collection[str]) -> str:
    """The version, or the next of its level that the warehouse does not hold."""
    while wanted in taken:
        _, minor, patch = (int(part) for part in wanted.split("."))
        wanted = _raised(wanted, "patch" if patch else "minor" if minor else "major")
    return wanted


def _joined(names: Collection[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
