"""Notes of what will go: who carried them, and whether a break of the contract was announced."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flows.errors import ContractBroken
from flows.release.contract import ContractChange, contract_changes, contract_today
from flows.release.version import Decision, Level
from flows.store.warehouse import Warehouse, version_key
from schemas import deprecated

Manifest = Mapping[str, Any]


def notes_for_manifest() -> list[dict[str, Any]]:
    """The notes that are declared today, as a release carries them."""
    return [{**asdict(note), "sentence": note.sentence} for note in deprecated.DEPRECATED]


def unannounced(changes: Iterable[ContractChange], earlier: Iterable[Manifest]) -> list[ContractChange]:
    """Of some changes of the contract those that break it and of which no earlier release carried the note.

    A note counts for exactly what it names: that of a column neither for one of its codes nor for its table.

    >>> gone = ContractChange("quotes", "cue", None, "gone")
    >>> note = {"table": "quotes", "column": "cue", "code": None, "what": "gone"}
    >>> [change.address for change in unannounced([gone], [{"deprecations": []}, {}])]
    ['quotes.cue']
    >>> unannounced([gone], [{"deprecations": [note]}])
    []
    """
    announced = {
        (note["table"], note["column"], note["code"], note["what"])
        for manifest in earlier
        for note in manifest.get("deprecations", [])
    }
    return [
        change
        for change in changes
        if change.breaks and (change.table, change.column, change.code, change.what) not in announced
    ]


def check_announced(warehouse: Warehouse, parent: Manifest | None, at_least: Level | None, forced: str | None) -> None:
    """Pass if what follows the parent breaks no contract, or was announced, or is forced.

    A run that asks for a MAJOR version although the contract stays says that values mean something else, which no
    comparison shows. So it needs a note of such a change (`meaning`), carried since the parent's own MAJOR version.

    Args:
        warehouse: whose earlier releases may carry notes.
        parent: the current release, None before the first: there is nobody to tell.
        at_least: what the run asked for.
        forced: the reason why this MAJOR version comes without notice, if it does.

    Raises:
        ContractBroken: with what breaks, and what to do.
    """
    if parent is None or forced:
        return
    breaks = [change for change in contract_changes(parent["tables"], contract_today()) if change.breaks]
    if not breaks and at_least != "major":
        return
    earlier = [warehouse.manifest(version) for version in warehouse.versions()]
    if missing := unannounced(breaks, earlier):
        raise ContractBroken(
            f"a release made by this code would break the contract of {parent['version']}, and no earlier release said that it "
            f"would: {'; '.join(change.sentence for change in missing)}. Nothing was built, and {parent['version']} stays current. "
            "Bring back what is gone, declare in schemas/deprecated.py that it will go, and let a release carry that note first; "
            "or, if it cannot wait, tell users why: --force-major REASON."
        )
    if not breaks and not _told_of_meaning(earlier, parent):
        raise ContractBroken(
            f"--at-least major tells users of {parent['version']} that values mean something else than they did, and no release "
            f"since {_line(parent)}.0.0 said that they would. Nothing was built, and {parent['version']} stays current. Declare it "
            'in schemas/deprecated.py (what="meaning") and let a release carry that note first; or, if it cannot wait, tell '
            "users why: --force-major REASON."
        )


def forced_for_manifest(decided: Decision, reason: str | None) -> dict[str, Any] | None:
    """Why a MAJOR version came by force, and what it breaks, as its release says it; None where it is none or needed no force.

    >>> forced_for_manifest(Decision("2.0.0", "1.4.2", "major", "patch"), "dates were days late")
    {'reason': 'dates were days late', 'breaks': []}
    >>> forced_for_manifest(Decision("1.5.0", "1.4.2", "minor", "minor"), "dates were days late") is None
    True
    """
    if decided.level != "major" or reason is None:
        return None
    return {"reason": reason, "breaks": [change.sentence for change in decided.changes if change.breaks]}


def _told_of_meaning(earlier: Iterable[Manifest], parent: Manifest) -> bool:
    return any(
        note["what"] == "meaning"
        for manifest in earlier
        if version_key(manifest["version"])[0] == _line(parent)
        for note in manifest.get("deprecations", [])
    )


def _line(manifest: Manifest) -> int:
    return version_key(manifest["version"])[0]
