"""A digest of what a stage's result depends on besides its input: code, reference files, library versions.

Read from the source, not from memory: the module named, all of ours that it imports, transitively. Comments, docstrings
and layout do not count; a changed constant does.
"""

import ast
import hashlib
import importlib.util
import sys
from functools import cache
from importlib.metadata import packages_distributions, version
from importlib.resources import files
from pathlib import Path

from flows.errors import ReferenceDamaged
from flows.store.ledger import digest_of

OURS = ("flows", "schemas", "expectations")
REFERENCE_READER = "reference_rows"


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
    modules = used_modules(*roots)
    parts = [f"python {sys.version_info.major}.{sys.version_info.minor}"]
    libraries: set[str] = set()
    references: set[str] = set()
    for name in sorted(modules):
        tree = modules[name]
        parts.append(f"{name} {hashlib.sha256(ast.dump(tree).encode()).hexdigest()}")
        libraries |= {top for top in imported_names(tree, name) if top.partition(".")[0] not in OURS}
        references |= reference_names(tree)
    parts += [f"{name} {library_version(name)}" for name in sorted({name.partition(".")[0] for name in libraries})]
    for name in sorted(references):
        try:
            data = (files("seeds") / "reference" / name).read_bytes()
        except OSError as error:
            raise ReferenceDamaged(f"seeds/reference/{name} cannot be read ({error}). Reinstall dateline.") from error
        parts.append(f"{name} {hashlib.sha256(data).hexdigest()}")
    return tuple(parts)


def used_modules(*roots: str) -> dict[str, ast.Module]:
    """Our modules that the roots import, transitively, with their syntax trees, docstrings removed."""
    found: dict[str, ast.Module] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = source_of(name)
        if path is None:
            continue
        tree = without_docstrings(ast.parse(path.read_bytes()))
        found[name] = tree
        waiting += [other for other in imported_names(tree, name) if other.partition(".")[0] in OURS]
    return found


def source_of(name: str) -> Path | None:
    """The file of a module of ours, None if `name` is an attribute of a module rather than one."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec is not None and spec.origin and spec.has_location else None


def imported_names(tree: ast.Module, module: str) -> set[str]:
    """Dotted names that a module imports, wherever in it: `from a import b` gives a and a.b."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.rsplit(".", node.level)[0]
                base = f"{package}.{base}" if base else package
            names.add(base)
            names |= {f"{base}.{alias.name}" for alias in node.names if base.partition(".")[0] in OURS}
    return names - {"__future__"}


def reference_names(tree: ast.Module) -> set[str]:
    """Files named in calls of reference_rows("…").

    >>> sorted(reference_names(ast.parse('rows = reference_rows("countries.csv")')))
    ['countries.csv']
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == REFERENCE_READER:
            names |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return names


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
