"""A text with its parts marked: in brackets with labels, so that neither colour nor a fixed width is needed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from flows.printable import plain

Fragment = tuple[str, str]  # printable text, and the label that it stands under ("" for none)
Line = list[Fragment]

GAP_CHARS = 400  # unmarked stretch that is printed whole; of a longer one only the ends are
END_CHARS = 120
CUT = " … "
GLUE = "\xa0"  # between a label and its first word, which no line may part


@dataclass(frozen=True)
class Part:
    """Words of a document that state something: `label` says what."""

    label: str
    start_char: int
    end_char: int


def marked(text: str, start: int, end: int, parts: Sequence[Part], columns: int = 80) -> list[Line]:
    """The text from `start` to `end` in lines of at most so many columns, with the parts that lie in there in brackets.

    Parts may overlap: one in another stands in its brackets, one that begins in another and outlives it is closed with
    it and opened again, its label behind "…". Equal parts share brackets. Whatever a terminal would obey is escaped.

    >>> talks = "Peru met the envoys of Chile in Lima."
    >>> parts = [Part("actor", 0, 4), Part("trigger", 5, 8), Part("actor", 9, 28), Part("country", 23, 28)]
    >>> for line in marked(talks, 0, len(talks), parts, columns=50):
    ...     print("".join(text for text, _ in line))
    [actor: Peru] [trigger: met] [actor: the envoys of
    [country: Chile]] in Lima.
    """
    return list(_wrapped(_fragments(text, start, end, parts), columns))


def _fragments(text: str, start: int, end: int, parts: Sequence[Part]) -> Iterator[Fragment]:
    inside = _joined([Part(p.label, max(p.start_char, start), min(p.end_char, end)) for p in parts])
    cuts = sorted({start, end, *(p.start_char for p in inside), *(p.end_char for p in inside)})
    opened: list[Part] = []
    for low, high in pairwise(cuts):
        covering = [p for p in inside if p.start_char <= low and high <= p.end_char]
        kept = 0
        while kept < min(len(opened), len(covering)) and opened[kept] == covering[kept]:
            kept += 1
        yield from (("]", part.label) for part in reversed(opened[kept:]))
        stretch = text[low:high] if covering else _shortened(text[low:high])
        if covering[kept:] and stretch[0].isspace():
            yield " ", ""  # the blank stands before the bracket
            stretch = stretch.lstrip()
        for part in covering[kept:]:
            again = "…" if part.start_char < low else ""
            yield f"[{again}{part.label}:{GLUE}".replace(" ", GLUE), part.label
        opened = covering
        yield _printable(stretch), opened[-1].label if opened else ""
    yield from (("]", part.label) for part in reversed(opened))


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Equal spans under one label, without those that are empty; the longer before what begins with it."""
    labels: dict[tuple[int, int], dict[str, None]] = {}
    for part in parts:
        if part.start_char < part.end_char:
            labels.setdefault((part.start_char, part.end_char), {})[part.label] = None
    joined = [Part(", ".join(found), *span) for span, found in labels.items()]
    return sorted(joined, key=lambda p: (p.start_char, -p.end_char))


def _shortened(stretch: str) -> str:
    if len(stretch) <= GAP_CHARS:
        return stretch
    return stretch[:END_CHARS] + CUT + stretch[-END_CHARS:]


def _printable(stretch: str) -> str:
    return plain("".join(" " if letter.isspace() else letter for letter in stretch), kept="")


def _wrapped(fragments: Iterator[Fragment], columns: int) -> Iterator[Line]:
    line: Line = []
    width = 0
    for word in _words(fragments):
        wide = sum(cell_len(text) for text, _ in word)
        if line and width + 1 + wide > columns:
            yield line
            line, width = [], 0
        if line:
            # a blank between two words of one part is the part's
            line.append((" ", word[0][1] if word[0][1] == line[-1][1] and not word[0][0].startswith("[") else ""))
            width += 1
        for piece in _cut(word, columns):
            if width and width + sum(cell_len(text) for text, _ in piece) > columns:
                yield line
                line, width = [], 0
            line += piece
            width += sum(cell_len(text) for text, _ in piece)
    if line:
        yield line


def _words(fragments: Iterator[Fragment]) -> Iterator[Line]:
    """The fragments of each word: what stands between two blanks."""
    word: Line = []
    for text, label in fragments:
        for at, piece in enumerate(text.split(" ")):
            if at and word:
                yield word
                word = []
            if piece:
                word.append((piece.replace(GLUE, " "), label))
    if word:
        yield word


def _cut(word: Line, columns: int) -> Iterator[Line]:
    """The word, or its characters one by one if it is longer than a line."""
    if sum(cell_len(text) for text, _ in word) <= columns:
        yield word
    else:
        yield from ([(letter, label)] for text, label in word for letter in text)
