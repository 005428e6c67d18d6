"""The units that clean labels: a line of plain text, or a block of an HTML page, with what can be counted about it.

What is needed of every line is made for the whole text at once (Sheet); what only some lines need is made when asked for.
A line of 110 characters costs 8 microseconds so, a third of them to part its words; a regular expression over it costs as
much by itself.
"""

import re
from collections.abc import Sequence

from flows.clean.records import Block

_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"\w[\w'’.,-]*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]* +[\"'“‘(]?[A-Z0-9]")
# what may stand after the full stop of a sentence
_CLOSERS = "\"'”’»)]* \u00a0"
_TERMINALS = frozenset(".!?…。؟")
_BULLETS = " •·|*>»«-–—_:.…\"'"
# words that a title writes small
_SMALL = frozenset(
    "a an the of in on at to for and or but with by from as is are be vs via over after amid it its not".split()
)
FUNCTION_WORDS = _SMALL | frozenset(
    "was were been being has have had do does did will would can could may might must should this that these those there their they them "
    "he him his she her hers we us our you your i my me who whom which what when where how than then so if no more most also into about "
    "between before during under against said".split()
)
# A line's features are counted in its first characters: a 50 MB line costs what a paragraph costs.
FEATURE_CHARS = 4_000

# Characters that show nothing: soft hyphens, zero-width blanks and joiners, marks of writing direction, variation selectors.
_UNSEEN = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFE0E,
        0xFE0F,
        0xFEFF,
    ]
)
_UNSEEN_CHARS = re.compile("[" + "".join(map(chr, _UNSEEN)) + "]")
# One replacement after the other: on text that is not ASCII str.translate costs thirty times as much as on text that is.
_STRAIGHT = tuple((char, straight) for chars, straight in (("’‘‛ʼ", "'"), ("“”„‟", '"')) for char in chars)
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# What parts words; an apostrophe, hyphen, full stop or comma inside one does not.
_PARTING = '!"#$%&()*+/:;<=>?@[\\]^_`{|}~«»‹›–—‒―…•·●▪►▶→©®™§¶×'
_PARTING_ASCII = str.maketrans(
    dict.fromkeys([*filter(str.isascii, _PARTING), *map(chr, range(9)), *map(chr, range(14, 32))], " ")
)


class Line:
    """One unit, trimmed of blanks at both ends.

    Attributes:
        start_char, end_char: offsets into the document's text.
        text: the words between them as they are seen: every blank a plain one, and without characters that show nothing.
        raw: the same as the document has them; what is quoted from the page is taken from here.
        gap: whether a blank line (or a block's edge) stands before it.
        indented: whether blanks stood before it on its line.
        block: the HTML block it is, if any.
        plain: its head in lower case with straight quotes and without characters that show nothing.
        tokens: the words of `plain`, freed of the signs around them.
        ends_sentence: whether it ends as a sentence does.
        has_letters: whether any letter stands in it.
    """

    __slots__ = (
        "_folded",
        "_key",
        "_title_share",
        "_words",
        "block",
        "end_char",
        "ends_sentence",
        "gap",
        "has_letters",
        "indented",
        "plain",
        "raw",
        "start_char",
        "text",
        "tokens",
    )

    def __init__(
        self,
        start_char: int,
        text: str,
        plain: str,
        tokens: list[str],
        gap: bool,
        indented: bool = False,
        block: Block | None = None,
        raw: str | None = None,
    ) -> None:
        """Take what is known of every line; see the class."""
        self.start_char = start_char
        self.raw = text if raw is None else raw
        self.end_char = start_char + len(self.raw)
        self.text = text
        self.gap = gap
        self.indented = indented
        self.block = block
        self.plain = plain
        self.tokens = tokens
        last = text[-1]
        if last not in _TERMINALS and last in _CLOSERS:
            last = text[-8:].rstrip(_CLOSERS)[-1:]
        self.ends_sentence = last in _TERMINALS
        self.has_letters = text[0].isalpha() or any(map(str.isalpha, plain))
        self._folded: str | None = None
        self._key: str | None = None
        self._words: tuple[str, ...] | None = None
        self._title_share = -1.0

    def in_document(self, offset: int) -> int:
        """Where in the document a character of `text` stands that `offset` (the line's start and its index) points at.

        >>> line = whole_line("\u200b5 Mar\u00adch")
        >>> line.text, [line.in_document(at) for at in (0, 5, 7)]
        ('5 March', [1, 7, 9])
        """
        index = offset - self.start_char
        if len(self.raw) == len(self.text):
            return offset
        seen = [at for at, char in enumerate(self.raw) if ord(char) not in _UNSEEN]
        first = "".join(self.raw[at] for at in seen)
        lead = len(first) - len(first.lstrip())
        at = index + lead
        return self.start_char + (seen[at] if at < len(seen) else seen[-1] + 1)

    @property
    def head(self) -> str:
        """The part that features are counted in."""
        return self.text if len(self.text) <= FEATURE_CHARS else self.text[:FEATURE_CHARS]

    @property
    def words(self) -> tuple[str, ...]:
        """Its words (of the head) as written; `tokens` is cheaper where capitals do not matter."""
        if self._words is None:
            self._words = tuple(_WORD.findall(self.head))
        return self._words

    @property
    def folded(self) -> str:
        """Lower case, straight quotes, single blanks, no bullets around it: what wording is looked up by."""
        if self._folded is None:
            self._folded = " ".join(self.plain.split()).strip(_BULLETS)
        return self._folded

    @property
    def key(self) -> str:
        """Letters and digits alone: equal for two copies of a headline that differ in dress."""
        if self._key is None:
            self._key = "".join(self.tokens).replace("'", "").replace(".", "").replace("-", "")
        return self._key

    @property
    def sentences(self) -> int:
        """How many sentence ends are followed by a capital inside it; a rough count."""
        return len(_SENTENCE_END.findall(self.head))

    @property
    def title_share(self) -> float:
        """Share of its long words that begin with a capital: near 1 in menus and headlines in title case."""
        if self._title_share < 0:
            long = [w for w in self.words if w[0].isalpha() and w.lower() not in _SMALL]
            self._title_share = sum(w[0].isupper() for w in long) / len(long) if long else 0.0
        return self._title_share

    @property
    def function_share(self) -> float:
        """Share of its words that are articles, prepositions, auxiliaries, pronouns."""
        return sum(map(FUNCTION_WORDS.__contains__, self.tokens)) / len(self.tokens) if self.tokens else 0.0


class _Sheet:
    """A text in two other dresses of the same length: lower case with straight quotes, and with its words parted by blanks."""

    def __init__(self, text: str) -> None:
        lower = text.lower()
        if len(lower) != len(text):  # a capital that has two letters in lower case
            lower = "".join(c if len(low := c.lower()) != 1 else low for c in text)
        self.text = text
        self.seen = text
        self.unseen = False
        if not text.isascii():
            self.unseen = _UNSEEN_CHARS.search(text) is not None
            for curly, straight in _STRAIGHT:
                lower = lower.replace(curly, straight)
            for blank in _BLANKS:
                if blank in lower:
                    lower, self.seen = lower.replace(blank, " "), self.seen.replace(blank, " ")
        self.plain = lower
        self.parted = _parted(self.plain)

    def line(self, start: int, raw: str, gap: bool, indented: bool, block: Block | None = None) -> Line:
        """The line of these words, which begin at `start`."""
        length = len(raw)
        end = start + (min(length, FEATURE_CHARS))
        plain, parted = self.plain[start:end], self.parted[start:end]
        text = raw if self.seen is self.text else self.seen[start : start + length]
        if self.unseen and _UNSEEN_CHARS.search(text):
            text = text.translate(_UNSEEN).strip() or raw
            plain = plain.translate(_UNSEEN).strip()
            parted = _parted(plain)
        return Line(start, text, plain, parted.split(), gap, indented, block, raw)


def _parted(plain: str) -> str:
    r"""The text with blanks for the signs between its words, and as long as before.

    >>> _parted("we won't, ever. - u.s. envoy's per-cent").split()
    ['we', "won't", 'ever', 'u.s', 'envoy', 'per-cent']
    """
    if plain.isascii():
        parted = plain.translate(_PARTING_ASCII)
    else:
        parted = plain
        for sign in _PARTING:
            parted = parted.replace(sign, " ")
    parted = (
        parted.replace(". ", "  ")
        .replace(", ", "  ")
        .replace(" - ", "   ")
        .replace(",\n", " \n")
        .replace("'s ", "   ")
        .replace(".\n", " \n")
        .replace(".\r", " \r")
    )
    return parted[:-1] + " " if parted[-1:] in {".", ","} else parted


def whole_line(text: str) -> Line:
    """A line of its own that holds this text: paragraphs that a page's edge broke, joined again."""
    return _Sheet(text).line(0, text, True, False)  # noqa: FBT003 # as for Line


def lines_of(text: str, blocks: Sequence[Block] = ()) -> tuple[Line, ...]:
    r"""The units of a document, in order: together they hold every non-blank character, and none overlaps another.

    Blocks are taken as they come, trimmed; what they leave uncovered (nothing, when ingest made them) is split in lines.
    `\n`, `\r\n` and `\r` part lines; other separators (form feed, U+2028) do not.

    >>> [(line.start_char, line.end_char, line.gap) for line in lines_of("One\r\n\r\n  two ")]
    [(0, 3, True), (9, 12, True)]
    """
    sheet = _Sheet(text)
    if not blocks:
        return tuple(_plain_lines(sheet, 0, len(text)))
    lines: list[Line] = []
    position = 0
    for block in sorted(blocks, key=lambda b: (b.start_char, b.end_char)):
        start, end = max(block.start_char, position), min(block.end_char, len(text))
        if start >= end:
            continue
        if start > position:
            lines += _plain_lines(sheet, position, start)
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            lead = piece.index(bare[0])
            lines.append(sheet.line(start + lead, bare, True, lead > 0, block))  # noqa: FBT003 # as for Line
        position = end
    if position < len(text):
        lines += _plain_lines(sheet, position, len(text))
    return tuple(lines)


def _plain_lines(sheet: _Sheet, start: int, end: int) -> list[Line]:
    text = sheet.text[start:end]
    if "\r" in text:
        return _lines_of_any_break(sheet, start, end)
    lines: list[Line] = []
    position, gap = start, True
    for piece in text.split("\n"):
        bare = piece.strip()
        if bare:
            lead = 0 if piece[0] == bare[0] else piece.index(bare[0])
            lines.append(sheet.line(position + lead, bare, gap, lead > 0))
            gap = sheet.unseen and not lines[-1].plain  # a line of nothing that shows is a blank one
        else:
            gap = True
        position += len(piece) + 1
    return lines


def _lines_of_any_break(sheet: _Sheet, start: int, end: int) -> list[Line]:
    text = sheet.text
    lines: list[Line] = []
    previous = -1  # where the last non-blank line ended; -1 before the first
    for match in _LINE.finditer(text, start, end):
        bare = match.group().strip()
        if not bare:
            continue
        breaks = text.count("\n", max(previous, 0), match.start()) or text.count("\r", max(previous, 0), match.start())
        lead = match.group().index(bare[0])
        lines.append(sheet.line(match.start() + lead, bare, previous < 0 or breaks > 1, lead > 0))
        previous = match.end()
    return lines
