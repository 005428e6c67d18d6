"""What a run reads: every file below the inputs that were named, in one order, each with its address and its hash."""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from flows.errors import UsageError

# Extension to kind. A further .gz or .zst is taken off first (COMPRESSED says for which kinds). Markdown and .json are left out
# on purpose: a README or a settings file beside the documents must not become an article.
KINDS: Final = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
}
COMPRESSED: Final = ("text", "html", "jsonl", "warc")
PACKINGS: Final = {".gz": ".gz", ".zst": ".zst", ".zstd": ".zst"}
UNKNOWN: Final = "unknown"

HASH_CHUNK_BYTES = 1 << 20

Pattern = tuple[str, ...]  # the parts of a path, some with wildcards
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class InputFile:
    r"""A file to read, or one that cannot be.

    Attributes:
        uri: path in the input folder, with slashes; the input's base name comes first where several inputs are named.
            Bytes of a name that are no UTF-8 are written `\xNN`, and so is a backslash that stands before an "x".
        location: where it lies, percent-encoded as in a file's URL: bytes that are no UTF-8 can be sent to Prefect's API so.
        kind: a value of KINDS, with ".gz" or ".zst" after it if compressed; "unknown" if the extension says nothing to us.
        refused: why it cannot be read, as a code; None if it can.
        sha256: of the file's bytes as they lie on the disk, in hex; None if they could not be read.
        byte_length: of the file; 0 if it could not be read.
    """

    uri: str
    location: str
    kind: str
    refused: str | None
    sha256: str | None
    byte_length: int

    @property
    def path(self) -> Path:
        """To open it."""
        return Path(os.fsdecode(unquote_to_bytes(self.location)))


def kind_of(name: str) -> str:
    """What a file's name says of its content.

    >>> [kind_of(name) for name in ("a.TXT", "b.jsonl.gz", "c.parquet.gz", "d", "archive.warc.zst", "e.gz")]
    ['text', 'jsonl.gz', 'unknown', 'unknown', 'warc.zst', 'unknown']
    """
    path = PurePath(name.lower())
    packing = PACKINGS.get(path.suffix)
    if packing is None:
        return KINDS.get(path.suffix, UNKNOWN)
    inner = KINDS.get(PurePath(path.stem).suffix, UNKNOWN)
    return inner + packing if inner in COMPRESSED else UNKNOWN


def discover(paths: Sequence[Path], *, warehouse: Path) -> list[InputFile]:
    """Every file of the inputs, hashed, in the order of their uris.

    Hidden files and folders (a name that begins with a dot) are no input, nor is anything in the warehouse. A linked
    folder is not entered: inside the input its files are met under their own names, so loops cannot arise; one
    that leads outside is refused like a linked file. Everything else becomes a row, if only to say why it was refused.

    A name that does not exist and has a `*`, `?` or `[` in it is a pattern that no shell has expanded (`news/**/*.jsonl`). What
    matches it is read under the address that it has in the folder before the first such sign; a folder that matches is read whole.

    Raises:
        UsageError: an input does not exist or lies in the warehouse, nothing matches a pattern, or two inputs have the same base name.
    """
    if not paths:
        raise UsageError("No input was named. Name a folder or a file to read.")
    patterns: dict[Path, list[Pattern]] = {}  # of each input, none for a folder or file that is read whole
    for path in paths:
        root, pattern = (path, ()) if os.path.lexists(path) else _pattern_of(path)
        if not os.path.lexists(root) or (pattern and not root.is_dir()):
            raise UsageError(f"There is no input {_printable(path)}. Name a folder or a file that exists.")
        if _real(root).is_relative_to(_real(warehouse)):
            raise UsageError(f"The input {_printable(path)} lies in the warehouse, which is never read as input.")
        if pattern and patterns.get(root):
            patterns[root].append(pattern)
        elif root in patterns:
            raise _same_base_name(_base_name(root))
        else:
            patterns[root] = [pattern] if pattern else []
    twice = sorted(name for name, count in Counter(map(_base_name, patterns)).items() if count > 1)
    if twice:
        raise _same_base_name(twice[0])
    found: list[InputFile] = []
    for root, wanted in patterns.items():
        prefix = [_base_name(root)] if len(patterns) > 1 else []
        if root.is_dir():
            before = len(found)
            for file in _walk(root, _real(warehouse), wanted):
                found.append(_input_file(file, [*prefix, *file.relative_to(root).parts], root=_real(root)))
            if wanted and len(found) == before:
                raise UsageError(f"Nothing in {_printable(root)} matches {_printable('/'.join(wanted[0]))}.")
        else:
            found.append(_input_file(root, [_base_name(root)], root=None))
    return sorted(found, key=lambda file: file.uri)


def _base_name(path: Path) -> str:
    return _real(path).name if path.is_dir() else path.absolute().name


def _same_base_name(name: str) -> UsageError:
    return UsageError(
        f"Several inputs have the base name {_printable(name)}, which their addresses begin with. "
        "Rename one, or name a folder that holds both."
    )


def _pattern_of(path: Path) -> tuple[Path, Pattern]:
    """The folder before the first part that has a wildcard, and the parts from there on; no parts if none has.

    >>> _pattern_of(Path("news/2019-*/**/*.txt"))
    (PosixPath('news'), ('2019-*', '**', '*.txt'))
    """
    first = next((number for number, part in enumerate(path.parts) if _WILDCARD.search(part)), len(path.parts))
    return Path(*path.parts[:first]), path.parts[first:]


def _reaches(parts: Sequence[str], pattern: Pattern) -> bool | None:
    """Whether a path below the root matches (it or a folder that it is in); None if what is below it may.

    >>> [_reaches(path.split("/"), ("a*", "**", "*.txt")) for path in ("a1/b/c.txt", "a1/c.txt", "a1/b", "b/c.txt")]
    [True, True, None, False]
    """
    states = _with_nothing_for_stars({0}, pattern)
    for part in parts:
        if len(pattern) in states:
            break
        went_on = {at + 1 for at in states if fnmatchcase(part, pattern[at])}
        states = _with_nothing_for_stars(went_on | {at for at in states if pattern[at] == "**"}, pattern)
    return True if len(pattern) in states else (None if states else False)


def _with_nothing_for_stars(states: set[int], pattern: Pattern) -> set[int]:
    """Places in a pattern, and those that are reached from them if `**` stands for no folder."""
    reached = set(states)
    for at, part in enumerate(pattern):
        if at in reached and part == "**":
            reached.add(at + 1)
    return reached


def file_digest(file: InputFile) -> str:
    """What an input file is, for fingerprints: its bytes, or why they could not be read."""
    return file.sha256 or f"refused {file.refused}"


def _printable(name: Path | str) -> str:
    """A name as valid Unicode on one line, in quotation marks."""
    return repr(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _real(path: Path) -> Path:
    """The path with links followed as far as they lead; Path.resolve raises where they lead in a circle."""
    return Path(os.path.realpath(path))


def _walk(root: Path, warehouse: Path, patterns: Sequence[Pattern] = ()) -> Iterator[Path]:
    """Files below a folder, links not followed; also folders that cannot be listed and links to folders outside.

    If there are patterns, only what matches one, and only the folders in which something may. The stack instead of recursion: folders may be nested deeper than Python's stack.
    """
    real_root = _real(root)
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError:
            yield folder  # becomes a row that says why
            continue
        for entry in entries:
            path = Path(entry.path)
            # A plain file is outside the warehouse because the folder that it is in is.
            if entry.name.startswith(".") or (
                (entry.is_symlink() or entry.is_dir()) and _real(path).is_relative_to(warehouse)
            ):
                continue
            reach = [_reaches(path.relative_to(root).parts, pattern) for pattern in patterns] or [True]
            if entry.is_dir(follow_symlinks=False):
                if any(each is not False for each in reach):
                    folders.append(path)
            elif True not in reach:
                continue
            elif entry.is_symlink() and path.is_dir():
                if not _real(path).is_relative_to(real_root):
                    yield path
            else:
                yield path


def _input_file(path: Path, parts: Sequence[str], root: Path | None) -> InputFile:
    uri = _address(os.fsencode("/".join(parts)))
    refused, sha256, byte_length = None, None, 0
    try:
        mode = path.stat().st_mode
        if root is not None and not _real(path).is_relative_to(root):
            refused = "symlink_outside_input"
        elif stat.S_ISDIR(mode):
            refused = "no_read_permission"  # only folders that could not be listed come here
        elif not stat.S_ISREG(mode):
            refused = "not_a_regular_file"  # opening a pipe would wait for a writer
        else:
            sha256, byte_length = _hash_file(path)
    except PermissionError:
        refused = "no_read_permission"
    except OSError:
        refused = "unreadable_file"  # a broken or circular link, a failing disk
    kind = kind_of(path.name)
    if refused is None and kind == UNKNOWN:
        refused = "unknown_extension"
    return InputFile(uri, quote(os.fsencode(path)), kind, refused, sha256, byte_length)


def _address(name: bytes) -> str:
    r"""A name as valid Unicode, and no two names the same: bytes that are no UTF-8 as `\xNN`, a backslash before "x" likewise.

    >>> print(_address(b"caf\xe9.txt"), _address(rb"caf\xe9.txt"), _address(rb"a\b.txt"))
    caf\xe9.txt caf\x5cxe9.txt a\b.txt
    """
    return name.replace(rb"\x", rb"\x5cx").decode("utf-8", "backslashreplace")


def _hash_file(path: Path) -> tuple[str, int]:
    """SHA-256 and length, in constant memory."""
    digest, byte_length = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
            byte_length += len(chunk)
    return digest.hexdigest(), byte_length
