"""Which release is wanted: a version, the beginning of one, or a range, as packages are asked for (PEP 440, without its frills).

1.2.0          this very version, even if it was yanked
1, 1.2         the newest that begins so
>=1.2,<2       the newest for which all conditions hold: >= > <= < == !=
~=1.2          >=1.2 and begins with 1;  ~=1.2.3: >=1.2.3 and begins with 1.2
"""

import re
from collections.abc import Callable

from flows.errors import UsageError
from flows.share.index import VERSION, Entry, Index, newest
from flows.store.warehouse import version_key

CONDITION = re.compile(r"(~=|>=|<=|==|!=|>|<|)\s*(\d+(?:\.\d+){0,2})(?:\.\*)?")
HELP = (
    "Write a version (1.2.0), the beginning of one (1 or 1.2), or a range (>=1.2,<2 or ~=1.2), in quotes for the shell."
)


def matcher(wanted: str) -> Callable[[str], bool]:
    """Does a version fit what is wanted?

    >>> fits = matcher(">=1.2,<2")
    >>> [version for version in ("1.1.9", "1.2.0", "1.10.0", "2.0.0") if fits(version)]
    ['1.2.0', '1.10.0']
    >>> [version for version in ("1.2.2", "1.2.9", "1.3.0", "2.0.0") if matcher("~=1.2.3")(version)]
    ['1.2.9']

    Raises:
        UsageError: it is no range.
    """
    conditions = [_condition(part.strip(), wanted) for part in wanted.split(",")]
    return lambda version: all(holds(version_key(version)) for holds in conditions)


def _condition(part: str, wanted: str) -> Callable[[tuple[int, ...]], bool]:
    found = CONDITION.fullmatch(part)
    if found is None or (found[1] == "~=" and "." not in found[2]):
        raise UsageError(f"{wanted!r} is no version or range. {HELP}")
    given = version_key(found[2])
    bound = given + (0,) * (3 - len(given))

    def begins(version: tuple[int, ...], length: int) -> bool:
        return version[:length] == given[:length]

    conditions: dict[str, Callable[[tuple[int, ...]], bool]] = {
        "": lambda version: begins(version, len(given)),
        "==": lambda version: begins(version, len(given)),
        "!=": lambda version: not begins(version, len(given)),
        "~=": lambda version: version >= bound and begins(version, len(given) - 1),
        ">=": lambda version: version >= bound,
        ">": lambda version: version > bound,
        "<=": lambda version: version <= bound,
        "<": lambda version: version < bound,
    }
    return conditions[found[1]]


def choose(index: Index, wanted: str | None, where: str) -> Entry:
    """The release that is wanted: the very version, or the newest that fits and is not withdrawn.

    Raises:
        UsageError: there is none; the message says what there is.
    """
    if wanted is not None and wanted in index:
        return index[wanted]
    fits = matcher(wanted) if wanted is not None else lambda _: True
    fitting = {version: entry for version, entry in index.items() if fits(version)}
    found = newest(fitting)
    if found is not None:
        return found
    if fitting:
        withdrawn = "; ".join(f"{version}: {why_withdrawn(entry)}" for version, entry in fitting.items())
        advice = (
            "" if all(entry.tombstone for entry in fitting.values()) else " To have a yanked one all the same, name it."
        )
        raise UsageError(f"{where} has no release {wanted or ''} that is not withdrawn ({withdrawn}).{advice}")
    what = (
        "release" if wanted is None else ("version" if VERSION.fullmatch(wanted) else "release within") + f" {wanted}"
    )
    raise UsageError(f"{where} has no {what}. It has: {', '.join(index) or 'none'}.")


def why_withdrawn(entry: Entry) -> str:
    """Why a release is not to be used, and what to use in its place.

    >>> from flows.share.index import YankSaid
    >>> why_withdrawn(Entry("1.0.0", "a" * 64, 10, YankSaid("wrong dates", "1.0.1", "2026-01-02")))
    'yanked on 2026-01-02: wrong dates; use 1.0.1'
    """
    deleted = "files of it were deleted, as a document in it was taken down" if entry.tombstone else ""
    if entry.yanked is None:
        return deleted
    yank = entry.yanked
    said = f"yanked on {yank.yanked_on}: {yank.reason}" + (f"; use {yank.successor}" if yank.successor else "")
    return f"{said} ({deleted})" if deleted else said
