"""A digest of what a stage's result depends on besides its input: code, reference files, library versions.

Read from the source, not from memory: the module named, all of ours that it imports, transitively. Comments, docstrings
and layout do not count; a changed constant does.
"""

import ast
import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions, version
from importlib.resources import files
from pathlib import Path

from flows.errors import ReferenceDamaged
from flows.store.ledger import digest_of

OURS = ("flows", "schemas", "expectations")
REFERENCE_READERS = ("reference_rows", "reference_bytes")


@cache
def fingerprint(*roots: str) -> str:
    """64 hex digits for what the modules `roots` use.

    Raises:
        ReferenceDamaged: a reference file that the code names is not there.
    """
    return digest_of(*fingerprint_parts(*roots))


@cache
def fingerprint_parts(*roots: str) -> tuple[str, ...]:
    """What the fingerprint is made of: "<module or reference file> <SHA-256>" and "<library> <version>", in a fixed order.

    Raises:
        ReferenceDamaged: as above.
    """
    return program_parts(*roots) + reference_parts(*roots)


@cache
def program_parts(*roots: str) -> tuple[str, ...]:
    """What the fingerprint is made of but for the reference files: Python, our modules, libraries."""
    used = used_modules(*roots)
    libraries = {name.partition(".")[0] for source in used.values() for name in source.imports} - set(OURS)
    return (
        f"python {sys.version_info.major}.{sys.version_info.minor}",
        *(f"{name} {used[name].digest}" for name in sorted(used)),
        *(f"{name} {library_version(name)}" for name in sorted(libraries)),
    )


@cache
def reference_parts(*roots: str) -> tuple[str, ...]:
    """The reference files that the fingerprint counts.

    Raises:
        ReferenceDamaged: as above.
    """
    references = {name for source in used_modules(*roots).values() for name in source.references}
    return tuple(f"{name} {_reference_digest(name)}" for name in sorted(references))


@dataclass(frozen=True)
class Source:
    """What a module of ours is, read from its file.

    Attributes:
        digest: SHA-256 of its syntax tree without docstrings.
        imports: dotted names that it imports, wherever in it: `from a import b` gives a and, if a is ours, a.b.
        references: files named in calls of reference_rows("…") and reference_bytes("…").
    """

    digest: str
    imports: frozenset[str]
    references: frozenset[str]


def used_modules(*roots: str) -> dict[str, Source]:
    """Our modules that the roots import, transitively."""
    found: dict[str, Source] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        source = source_of(name)
        if source is None:
            continue
        found[name] = source
        waiting += [other for other in source.imports if other.partition(".")[0] in OURS]
    return found


@cache
def source_of(name: str) -> Source | None:
    """A module of ours, None if `name` is an attribute of a module rather than one. Read once: stages share most of them."""
    path = _file_of(name)
    return None if path is None else read_source(path.read_bytes(), name)


def read_source(code: bytes | str, module: str) -> Source:
    r"""The source of a module.

    >>> found = read_source('from flows.text import ids\nrows = reference_rows("countries.csv")', "flows.example")
    >>> sorted(found.imports), sorted(found.references)
    (['flows.text', 'flows.text.ids'], ['countries.csv'])
    >>> sorted(read_source('weights = reference_bytes("weights.npz")', "flows.example").references)
    ['weights.npz']
    """
    tree = without_docstrings(ast.parse(code))
    imports: set[str] = set()
    references: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.rsplit(".", node.level)[0]
                base = f"{package}.{base}" if base else package
            imports.add(base)
            imports |= {f"{base}.{alias.name}" for alias in node.names if base.partition(".")[0] in OURS}
        elif (
            isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in REFERENCE_READERS
        ):
            references |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    return Source(digest, frozenset(imports - {"__future__"}), frozenset(references))


def _file_of(name: str) -> Path | None:
    """The file of a module, found by its name: importlib would import its parents, and with them spaCy, only to look."""
    top, *below = name.split(".")
    package = importlib.util.find_spec(top)
    if package is None or not package.submodule_search_locations:
        return None
    for folder in package.submodule_search_locations:
        path = Path(folder, *below)
        for file in (path.with_suffix(".py") if below else path / "__init__.py", path / "__init__.py"):
            if file.is_file():
                return file
    return None


@cache
def _reference_digest(name: str) -> str:
    try:
        data = (files("seeds") / "reference" / name).read_bytes()
    except OSError as error:
        raise ReferenceDamaged(f"seeds/reference/{name} cannot be read ({error}). Reinstall dateline.") from error
    return hashlib.sha256(data).hexdigest()


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The tree with every docstring taken out, so that rewording one changes no digest."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]
    return tree


@cache
def library_version(module: str) -> str:
    """The version of the distribution that a top-level module comes from; 'stdlib' for Python's own."""
    distributions = _distributions().get(module)
    return version(distributions[0]) if distributions else "stdlib"


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: sorted(set(found)) for name, found in packages_distributions().items()}
