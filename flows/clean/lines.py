"""The units that clean labels: a line of plain text, or a block of an HTML page, with what can be counted about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flows.clean.records import Block

_LINE = re.compile(r"[^\r\n]+")
_NO_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w[\w'’.,-]*")
# what may stand after the full stop of a sentence
_CLOSERS = "\"'”’»)]* \u00a0"
_TERMINALS = ".!?…。؟"
# words that a title writes small
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "but",
        "with",
        "by",
        "from",
        "as",
        "is",
        "are",
        "be",
        "vs",
        "via",
        "over",
        "after",
        "amid",
        "it",
        "its",
        "not",
    ]
)
_FUNCTION = _SMALL | frozenset(
    [
        "was",
        "were",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "should",
        "this",
        "that",
        "these",
        "those",
        "there",
        "their",
        "they",
        "them",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "we",
        "us",
        "our",
        "you",
        "your",
        "i",
        "my",
        "me",
        "who",
        "whom",
        "which",
        "what",
        "when",
        "where",
        "how",
        "than",
        "then",
        "so",
        "if",
        "not",
        "no",
        "more",
        "most",
        "also",
        "into",
        "about",
        "between",
        "before",
        "during",
        "under",
        "against",
        "said",
    ]
)
FEATURE_CHARS = (
    4_000  # a line's features are counted in its first characters: a 50 MB line costs what a paragraph costs
)


@dataclass(frozen=True)
class Line:
    """One unit, trimmed of blanks at both ends.

    Attributes:
        start_char, end_char: offsets into the document's text.
        text: the words between them.
        gap: whether a blank line (or a block's edge) stands before it.
        indented: whether blanks stood before it on its line.
        block: the HTML block it is, if any.
    """

    start_char: int
    end_char: int
    text: str
    gap: bool
    indented: bool = False
    block: Block | None = None

    @cached_property
    def head(self) -> str:
        """The part that features are counted in."""
        return self.text[:FEATURE_CHARS]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words (of the head)."""
        return tuple(_WORD.findall(self.head))

    @cached_property
    def folded(self) -> str:
        """Lower case, straight quotes, single blanks, no bullets around it: what wording is looked up by."""
        straight = self.head.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
        return " ".join(straight.casefold().split()).strip(" •·|*>»«-–—_:.…\"'")

    @cached_property
    def key(self) -> str:
        """Letters and digits alone: equal for two copies of a headline that differ in dress."""
        return _NO_WORD.sub("", self.head.casefold())

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        bare = self.text[-8:].rstrip(_CLOSERS)
        return bool(bare) and bare[-1] in _TERMINALS

    @cached_property
    def sentences(self) -> int:
        """How many sentence ends are followed by a capital inside it; a rough count."""
        return len(re.findall(r"[.!?][\"'”’)]* +[\"'“‘(]?[A-Z0-9]", self.head))

    @cached_property
    def title_share(self) -> float:
        """Share of its long words that begin with a capital: near 1 in menus and headlines in title case."""
        long = [w for w in self.words if w.casefold() not in _SMALL and w[0].isalpha()]
        return sum(w[0].isupper() for w in long) / len(long) if long else 0.0

    @cached_property
    def function_share(self) -> float:
        """Share of its words that are articles, prepositions, auxiliaries, pronouns."""
        return sum(w.casefold() in _FUNCTION for w in self.words) / len(self.words) if self.words else 0.0

    @cached_property
    def has_letters(self) -> bool:
        """Whether any letter stands in it."""
        return any(c.isalpha() for c in self.head)


def lines_of(text: str, blocks: Sequence[Block] = ()) -> tuple[Line, ...]:
    r"""The units of a document, in order: together they hold every non-blank character, and none overlaps another.

    Blocks are taken as they come, trimmed; what they leave uncovered (nothing, when ingest made them) is split in lines.
    `\n`, `\r\n` and `\r` part lines; other separators (form feed, U+2028) do not.

    >>> [(line.start_char, line.end_char, line.gap) for line in lines_of("One\r\n\r\n  two ")]
    [(0, 3, True), (9, 12, True)]
    """
    lines: list[Line] = []
    position = 0
    for block in sorted(blocks, key=lambda b: (b.start_char, b.end_char)):
        start, end = max(block.start_char, position), min(block.end_char, len(text))
        if start >= end:
            continue
        lines += _plain_lines(text, position, start)
        lines += _trimmed(text, start, end, gap=True, block=block)
        position = end
    return (*lines, *_plain_lines(text, position, len(text)))


def _plain_lines(text: str, start: int, end: int) -> list[Line]:
    lines: list[Line] = []
    previous = -1  # where the last non-blank line ended; -1 before the first
    for match in _LINE.finditer(text, start, end):
        breaks = text.count("\n", max(previous, 0), match.start()) or text.count("\r", max(previous, 0), match.start())
        found = _trimmed(text, match.start(), match.end(), gap=previous < 0 or breaks > 1)
        if found:
            lines += found
            previous = match.end()
    return lines


def _trimmed(text: str, start: int, end: int, *, gap: bool, block: Block | None = None) -> list[Line]:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return []
    lead = len(piece) - len(piece.lstrip())
    return [Line(start + lead, start + lead + len(bare), bare, gap, lead > 0, block)]
