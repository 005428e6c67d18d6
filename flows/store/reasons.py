"""Why a unit of work was computed, told by comparing its entry with what the ledger held before. Decides nothing."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from flows.store.durable import dump_json, write_whole
from flows.store.ledger import Entry, read_entry

CODE = "code"  # folder of work/: what each fingerprint was made of
KEPT_CODES = 100  # a few KB each; one a stage at most, and only when code changes


class Reason(StrEnum):
    """Why a unit is as it is."""

    UNCHANGED = "unchanged"  # taken from the ledger
    NEW_INPUT = "new input"  # the ledger had nothing of this unit
    INPUT_CHANGED = "input changed"
    CODE_CHANGED = "code changed"  # or a reference file, or a library
    OPTIONS_CHANGED = "options changed"  # such as --map
    ENTRY_DAMAGED = "entry damaged"  # it was there, but not whole


def entries_before(stage_folder: Path) -> dict[str, list[Path]]:
    """Unit to the folders of its entries, newest first, as they are now."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    if stage_folder.is_dir():
        for folder in sorted(stage_folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            unit, _, key = folder.name.rpartition("-")
            if key and not unit.startswith("."):
                found[unit].append(folder)
    return dict(found)


def reason_for(entry: Entry, *, computed: bool, before: Sequence[Path], has_options: bool) -> tuple[Reason, list[str]]:
    """Why an entry was computed, and for changed code what changed.

    Args:
        entry: the finished unit.
        computed: whether anything was computed for it.
        before: folders of the unit's entries before, newest first.
        has_options: whether the stage's result depends on more than code and input; then the same documents with another
            key mean other options.
    """
    if any(folder.name == entry.folder.name for folder in before):
        return (Reason.ENTRY_DAMAGED if computed else Reason.UNCHANGED), []
    if not before:
        return Reason.NEW_INPUT, []
    earlier = [read_entry(folder) for folder in before]
    newest = earlier[0]
    if newest is None:
        return Reason.ENTRY_DAMAGED, []
    same_code = [one for one in earlier if one is not None and one.fingerprint == entry.fingerprint]
    if not same_code:
        return Reason.CODE_CHANGED, list(
            _changed(str(entry.folder.parent.parent), newest.fingerprint, entry.fingerprint)
        )
    if has_options and same_code[0].documents == entry.documents:
        return Reason.OPTIONS_CHANGED, []
    return Reason.INPUT_CHANGED, []


def keep_code(work: Path, parts: Mapping[str, Sequence[str]]) -> None:
    """Write down what fingerprints are made of, so that a later run can say what changed. Only under the warehouse's lock.

    Args:
        work: the ledger's folder.
        parts: fingerprint to its parts, as `fingerprint_parts` gives them.
    """
    folder = work / CODE
    folder.mkdir(parents=True, exist_ok=True)
    for fingerprint, members in parts.items():
        path = folder / f"{fingerprint}.json"
        if not path.exists():
            write_whole(path, dump_json(dict(member.rsplit(" ", 1) for member in members)))
    kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in kept[:-KEPT_CODES]:
        if path.stem not in parts:
            path.unlink(missing_ok=True)


def changed_parts(work: Path, before: str, now: str) -> list[str]:
    """Names of what differs between two fingerprints, with the versions of libraries; empty if one is not known any more."""
    return list(_changed(str(work), before, now))


@cache
def _changed(work: str, before: str, now: str) -> tuple[str, ...]:
    try:
        old, new = (
            json.loads((Path(work) / CODE / f"{fingerprint}.json").read_text(encoding="utf-8"))
            for fingerprint in (before, now)
        )
    except (OSError, ValueError):
        return ()
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return tuple(_told(name, old.get(name), new.get(name)) for name in names)


def _told(name: str, old: str | None, new: str | None) -> str:
    """A part that differs: versions are told, digests are not.

    >>> _told("spacy", "3.8.1", "3.8.2"), _told("flows.text.dates", "0" * 64, "1" * 64), _told("a.csv", None, "0" * 64)
    ('spacy 3.8.1 → 3.8.2', 'flows.text.dates', 'a.csv (new)')
    """
    if old is None or new is None:
        return f"{name} ({'gone' if new is None else 'new'})"
    digests = len(old) == len(new) == 64  # noqa: PLR2004  # hex digits of a SHA-256
    return name if digests else f"{name} {old} → {new}"
