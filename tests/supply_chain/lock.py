"""The lock files, read: which package, which version, where, and the hashes that its files may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-model.lock")

HASH = re.compile(r"\s--hash=(\S+)")


@dataclass(frozen=True)
class Pin:
    """One package at one version.

    Attributes:
        name: canonical, such as great-expectations.
        version: exact; empty if the line does not say ==.
        marker: where it is wanted, None for everywhere.
        hashes: algorithm:digest of each file that may be installed.
    """

    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    @property
    def wanted_here(self) -> bool:
        """Whether this Python on this system installs it."""
        return self.marker is None or self.marker.evaluate()


def pins(text: str) -> Iterator[Pin]:
    r"""The pins of a lock file.

    Raises:
        ValueError: a line is neither a comment nor a requirement (an option, an address).

    >>> [(p.name, p.version, p.hashes) for p in pins("# why\nZope_x==1.0 ; python_version > '3' \\\n    --hash=sha256:ab\n")]
    [('zope-x', '1.0', ('sha256:ab',))]
    """
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if "--index-url" in line or "--find-links" in line or "://" in line or line.startswith("-"):
            raise ValueError(f"not a pin: {line}")
        required = Requirement(HASH.sub("", line).strip())
        exact = re.fullmatch(r"==([^*,]+)", str(required.specifier))
        yield Pin(
            canonicalize_name(required.name), exact[1] if exact else "", required.marker, tuple(HASH.findall(line))
        )


def locked() -> list[Pin]:
    """Every pin of both lock files."""
    return [pin for path in LOCKS for pin in pins(path.read_text(encoding="utf-8"))]
