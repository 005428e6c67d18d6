"""How much each line reads like the running text of a story: what labelling begins with."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flows.clean.lines import Line
from flows.clean.markup import hints, in_story
from flows.clean.wording import Known, known_wording

PROSE = 0.5  # from here on a line counts as prose
FUNCTION_SHARE = 0.12  # of words that are a, the, of, …; running English has a third, menus next to none
COLON_WORDS = 8  # a line that ends in a colon introduces what follows, if it is long enough
UNENDED_WORDS = 8
ITEM_CHARS = 60  # of a list's item, in which its colon stands
WRAP_CHARS = (40, 100)  # a hard-wrapped line's length
WRAP_SHARE = 0.3  # of lines that run on into the next, before a text counts as hard-wrapped
END_MARK_WORDS = 4  # of the last line of a wrapped text, the agency's name
LONG_LINES_SHARE = 0.2  # of lines half as long again as wrapped ones: with more of them, paragraphs stand on one line
MENU_TITLE_SHARE, MENU_LOOSE_SHARE = 0.85, 0.6  # of words with a capital: a menu; a menu if function words lack, too
LINKED, PARTLY_LINKED = 0.6, 0.3  # share of a block's characters inside links
CONTENT_CHARS = 4
RESCUE_WORDS = 4
RESCUE_LINES = 3  # of a page so short that what reads like a caption, a link or a source line is all there is
RESCUE_SHARE = 0.6  # of a page's words that stand in lines of no known wording, before a page without prose is a text

# Scores by length in words: (at least, ended by a full stop, with sentences inside, neither). Short lines with a full
# stop are as often buttons as sentences; long ones without it are often teasers. The steps are those of boilerpipe's
# densest features (words a block, full stops); the figures were set by hand, not swept.
LENGTH_SCORES = ((25, 0.95, 0.95, 0.6), (12, 0.9, 0.6, 0.4), (8, 0.8, 0.15, 0.15), (2, 0.55, 0.05, 0.05))
_SCORES = tuple(
    next((scores for least, *scores in LENGTH_SCORES if words >= least), [0.0] * 3)
    for words in range(LENGTH_SCORES[0][0] + 1)
)
MENU_WORDS, TITLE_WORDS, VOTED_WORDS = 25, 14, 5
_OPENING, _CLOSING = frozenset('"“‘«„'), frozenset('"”’»“.,?!')
UNPROSE_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "th", "figcaption"))


@dataclass(frozen=True)
class Reading:
    """What is known of the lines when labelling begins.

    Attributes:
        lines: the lines.
        known: what each line's words say, or None.
        prose: how much each reads like a sentence of a story, 0 to 1.
        is_prose: whether each is running text: reads so, and no wording or markup says otherwise.
        housed: whether each stands directly in the HTML elements that hold most of the prose; False in plain text.
    """

    lines: tuple[Line, ...]
    known: tuple[Known | None, ...]
    prose: tuple[float, ...]
    is_prose: tuple[bool, ...]
    housed: tuple[bool, ...]

    @cached_property
    def copies(self) -> Mapping[str, int]:
        """How many lines have a key."""
        return Counter(line.key for line in self.lines)


# "…, he said. – Example News": who signs the report stands behind its last sentence.
_SIGNATURE = re.compile(r"[.!?][\"'”’)]? ?[-–—/(\[|]{1,2} ?[A-Z][\w.&’' -]{1,25}[)\]]?\.?$")
SIGNATURE_CHARS = 40


def prose_score(line: Line) -> float:
    """How much the line by itself reads like running text.

    >>> from flows.clean.lines import lines_of
    >>> prose_score(lines_of("The two sides agreed on Monday to open the road to the north.")[0]) >= PROSE
    True
    >>> prose_score(lines_of("World Business Sport Culture")[0]) >= PROSE
    False
    """
    words, text = len(line.tokens), line.text
    if words < LENGTH_SCORES[-1][0] or not line.has_letters:
        return 0.0
    score, with_sentences, bare = _SCORES[min(words, len(_SCORES) - 1)]
    ended = line.ends_sentence or (
        words >= UNENDED_WORDS and _SIGNATURE.search(text, max(0, len(text) - SIGNATURE_CHARS))
    )
    if not ended:
        score = with_sentences if line.sentences else bare
    if words >= MENU_WORDS:
        few_small_words = line.function_share < FUNCTION_SHARE
        if (few_small_words and line.title_share > MENU_LOOSE_SHARE) or (
            not ended and line.title_share > MENU_TITLE_SHARE
        ):
            score = 0.3  # a menu on one line
    elif ended and words < TITLE_WORDS and line.title_share > MENU_TITLE_SHARE and not line.head.isupper():
        score -= 0.35  # a headline with a full stop
    if text[-1] == ":" and words >= COLON_WORDS:
        score = max(score, 0.6)
    if text[0] in _OPENING and text[-1] in _CLOSING:
        score += 0.2
    if text[0].islower():
        score -= 0.1
    block = line.block
    if block is not None:
        if block.link_share > LINKED:
            score -= 0.6
        elif block.link_share > PARTLY_LINKED:
            score -= 0.2
        if block.main_content:
            score += 0.15 if words >= VOTED_WORDS else 0.0
        else:
            score -= 0.3
        if block.tag in UNPROSE_TAGS:
            score -= 0.6
    return min(1.0, max(0.0, score))


def read_lines(lines: Sequence[Line]) -> Reading:
    """Look at each line on its own, and at hard-wrapped paragraphs as wholes."""
    count = len(lines)
    known: list[Known | None] = [None] * count
    prose = [-1.0] * count
    paragraphs = _wrapped_paragraphs(lines)
    for start, end in paragraphs:
        whole = prose_score(_joined(lines[start:end]))
        if whole < PROSE:
            continue
        for i in range(start, end):
            # a line of a paragraph is that paragraph's, whatever its words say, but for end marks and copyrights
            prose[i] = whole
            if len(lines[i].tokens) <= END_MARK_WORDS or "©" in lines[i].text:
                said = known_wording(lines[i])
                known[i] = said if said and said.label == "meta" else None
    for i, line in enumerate(lines):
        if prose[i] < 0:
            known[i] = known_wording(line)
            prose[i] = prose_score(line)
    marked_up = any(line.block is not None for line in lines)
    for i, hint in enumerate(hints(lines, prose) if marked_up else ()):
        said, block = known[i], lines[i].block
        # a page's main heading stands in elements of many names: "article-meta", "share-bar", "breadcrumb"
        if hint and not (said and said.firm) and block and block.tag != "h1":
            known[i] = hint
    if paragraphs:
        for i, line in enumerate(lines):
            if known[i] is None and len(line.text) >= WRAP_CHARS[0] and i:
                prose[i] = max(prose[i], PROSE)  # the end of a paragraph that a page's edge cut in two
    else:
        for i in _unended_runs(lines):
            prose[i] = min(prose[i], 0.3)
    if not any(score >= PROSE and not (said and said.firm) for score, said in zip(prose, known, strict=True)):
        _rescue(lines, known, prose)
    return Reading(
        tuple(lines),
        tuple(known),
        tuple(prose),
        tuple(map(_is_prose, known, prose)),
        tuple(in_story(lines, prose)) if marked_up else (False,) * len(lines),
    )


def _joined(lines: Sequence[Line]) -> Line:
    """The lines of a paragraph as one."""
    text = " ".join([line.text for line in lines])
    return Line(0, text, text, [word for line in lines for word in line.tokens], True)  # noqa: FBT003 # as for Line


def _unended_runs(lines: Sequence[Line]) -> list[int]:
    """Long lines without a sentence's end that stand together: headlines of other stories."""
    bare = [
        not line.ends_sentence
        and len(line.tokens) >= UNENDED_WORDS
        and line.text[-1] not in ":;,"
        and not line.sentences
        for line in lines
    ]
    return [
        i for i, is_bare in enumerate(bare) if is_bare and ((i and bare[i - 1]) or (i + 1 < len(bare) and bare[i + 1]))
    ]


def _rescue(lines: Sequence[Line], known: list[Known | None], prose: list[float]) -> None:
    """Nothing reads like prose: a note, a list of results or a caption alone is still a text; a menu is not.

    What stands in no button's or menu's words becomes the text when it is most of the page.
    """
    few = len(lines) <= RESCUE_LINES
    free = [
        i
        for i, said in enumerate(known)
        if len(lines[i].tokens) >= RESCUE_WORDS - few
        and (said is None or (few and said.label in {"caption", "related", "meta"}))
    ]
    words = sum(len(line.tokens) for line in lines)
    if sum(len(lines[i].tokens) for i in free) < RESCUE_SHARE * words:
        return
    if (
        len(free) > 1
        and all(known[i] is None for i in free)
        and len(lines[free[0]].tokens) < len(lines[free[1]].tokens)
    ):
        free = free[1:]  # the first may be the headline
    for i in free:
        known[i], prose[i] = None, PROSE


def _wrapped_paragraphs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of lines that are one paragraph broken at a column: (first, past the last)."""
    low, high = WRAP_CHARS

    def runs_on(i: int) -> bool:
        line, after = lines[i], lines[i + 1]
        goes_on = after.text[0].islower() or (line.head.isupper() and after.head.isupper())
        return (
            goes_on
            and not after.gap
            and low <= len(line.text) <= high
            and not line.ends_sentence
            and line.block is None
        )

    count = len(lines) - 1
    if count <= 1 or sum(runs_on(i) for i in range(count)) < WRAP_SHARE * count:
        return []
    if sum(len(line.text) > high * 1.5 for line in lines) > LONG_LINES_SHARE * len(lines):
        return []  # paragraphs on one line: what runs on there is a list of headlines
    runs: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].gap or (lines[i].indented and not lines[i - 1].indented):
            if i - start > 1:
                runs.append((start, i))
            start = i
    return runs


def _is_prose(known: Known | None, score: float) -> bool:
    return score >= PROSE and (known is None or not (known.firm or known.label in {"byline", "date"}))


def is_item(line: Line) -> bool:
    """A list's item or a table's row, which tells part of a story without a sentence: "35 wounded", "Killed: 12"."""
    return (
        line.text[0] in "•*–—·-" or (line.text[0].isdigit() and len(line.tokens) > 1) or ": " in line.text[:ITEM_CHARS]
    )


_COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "have",
        "been",
        "were",
        "will",
        "would",
        "their",
        "they",
        "there",
        "which",
        "about",
        "after",
        "before",
        "over",
        "into",
        "more",
        "than",
        "when",
        "what",
        "where",
        "while",
        "also",
        "said",
        "says",
    ]
)


def content(*lines: Line) -> frozenset[str]:
    """The words of four letters and more, but for the commonest: what two texts on one matter share.

    >>> from flows.clean.lines import whole_line
    >>> sorted(content(whole_line("The minister's talks with Russian-led forces")))
    ['forces', 'minister', 'russian-led', 'talks']
    """
    words = set[str]().union(*[line.tokens for line in lines])
    return frozenset([word for word in words if len(word) >= CONTENT_CHARS]) - _COMMON


def spoken(lines: Iterable[Line]) -> set[str]:
    """All words of the lines: what the content of another line is held against, so that the greater side need not be sifted."""
    return set[str]().union(*[line.tokens for line in lines])


def prose_ahead(reading: Reading, i: int, past: int) -> bool:
    """Whether the story goes on from here: most words of the next few lines are prose."""
    window = range(i, min(i + 5, past))
    prose = sum(len(reading.lines[j].tokens) for j in window if reading.is_prose[j])
    free = sum(len(reading.lines[j].tokens) for j in window if not reading.is_prose[j] and reading.known[j] is None)
    return prose > 2 * free
