"""The contract of a release: the tables, columns, types, vocabularies, keys and ids that its users build on; and what breaks it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from schemas.deprecated import Breakage, address
from schemas.export import type_name
from schemas.registry import RELEASED
from schemas.table import Table

TableContract = Mapping[str, Any]  # of one table, as its manifest has it: `schema`, `codes`, `key`, `id_recipe`


@dataclass(frozen=True)
class ContractChange:
    """One difference of a contract to the one before.

    Attributes:
        table: its table.
        column: its column; None for a whole table.
        code: the value of a closed vocabulary; None for a whole column.
        what: added; or what breaks: gone, retyped, or meaning (how ids are made, what tells rows apart, a vocabulary that
            is closed no longer). A renamed table or column is one that is gone and one that is added.
        detail: from what to what.
    """

    table: str
    column: str | None
    code: str | None
    what: Breakage | Literal["added"]
    detail: str = ""

    @property
    def breaks(self) -> bool:
        """Whether what was built on the contract before may fail, or answer wrongly."""
        return self.what != "added"

    @property
    def address(self) -> str:
        """`table`, `table.column` or `table.column = code`."""
        return address(self.table, self.column, self.code)

    @property
    def sentence(self) -> str:
        """What happened, for people.

        >>> ContractChange("quotes", "cue", None, "retyped", "VARCHAR to INTEGER").sentence
        'quotes.cue is of another type (VARCHAR to INTEGER)'
        """
        said = {
            "gone": "is gone",
            "added": "is new",
            "retyped": "is of another type",
            "meaning": "means something else",
        }
        return f"{self.address} {said[self.what]}" + (f" ({self.detail})" if self.detail else "")

    def as_json(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {**asdict(self), "breaks": self.breaks}


def table_contract(table: Table) -> dict[str, Any]:
    """What a release promises of a table.

    >>> from schemas.event_actors import EVENT_ACTORS
    >>> promised = table_contract(EVENT_ACTORS)
    >>> promised["schema"]["role"], promised["codes"]["role"], promised["key"], promised["id_recipe"]
    ('VARCHAR', ['actor', 'recipient'], ['event_id', 'role', 'name'], ['event_id', 'role', 'name'])
    """
    return {
        "schema": {column.name: type_name(column) for column in table.columns},
        "codes": {column.name: list(column.codes) for column in table.columns if column.codes is not None},
        "key": list(table.key),
        "id_recipe": list(table.id_recipe),
    }


def contract_today() -> dict[str, dict[str, Any]]:
    """The contract that this code releases: table to what `table_contract` says of it."""
    return {table.name: table_contract(table) for table in RELEASED}


def contract_changes(
    before: Mapping[str, TableContract], after: Mapping[str, TableContract]
) -> tuple[ContractChange, ...]:
    """What differs between two contracts, by table, in the order of the later one; what is gone first.

    A release made before vocabularies, keys and ids were recorded promised its tables, columns and types alone: of the rest
    nothing is concluded.

    >>> old = {"quotes": {"schema": {"form": "VARCHAR", "cue": "VARCHAR"}, "codes": {"form": ["speech", "fragment"]}}}
    >>> new = {"quotes": {"schema": {"form": "VARCHAR", "verb": "VARCHAR"}, "codes": {"form": ["speech"]}}}
    >>> [change.sentence for change in contract_changes(old, new)]
    ['quotes.cue is gone', 'quotes.form = fragment is gone', 'quotes.verb is new']
    """
    changes = [
        change
        for name in dict.fromkeys((*after, *before))
        for change in _table_changes(name, before.get(name), after.get(name))
    ]
    return tuple(sorted(changes, key=lambda change: not change.breaks))  # stable: else as found


def _table_changes(name: str, before: TableContract | None, after: TableContract | None) -> Iterator[ContractChange]:
    if before is None or after is None:
        yield ContractChange(name, None, None, "added" if before is None else "gone")
        return
    was, now = before["schema"], after["schema"]
    for column in dict.fromkeys((*was, *now)):
        if column not in now:
            yield ContractChange(name, column, None, "gone")
        elif column not in was:
            yield ContractChange(name, column, None, "added")
        elif was[column] != now[column]:
            yield ContractChange(name, column, None, "retyped", f"{was[column]} to {now[column]}")
    kept = was.keys() & now.keys()
    if "codes" in before and "codes" in after:
        yield from _code_changes(name, before["codes"], after["codes"], kept)
    for part, of in (("key", None), ("id_recipe", next(iter(now), None))):
        if part in before and part in after and before[part] != after[part]:
            words = "rows were told apart by" if part == "key" else "it was made of"
            yield ContractChange(
                name, of, None, "meaning", f"{words} {_listed(before[part])}, now {_listed(after[part])}"
            )


def _code_changes(
    name: str, before: Mapping[str, list[str]], after: Mapping[str, list[str]], kept: Iterable[str]
) -> Iterator[ContractChange]:
    for column in sorted({*before} & {*kept}):
        if column not in after:
            yield ContractChange(name, column, None, "meaning", "it had a closed vocabulary")
            continue
        yield from (ContractChange(name, column, code, "gone") for code in before[column] if code not in after[column])
        yield from (ContractChange(name, column, code, "added") for code in after[column] if code not in before[column])


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "nothing"
