"""segments: every line or block gets a label and a confidence. Nothing is deleted.

The way of it: what each line's words say by themselves (wording.py), how much each reads like prose, where the prose
stands densest (the body's extent), then what the lines before, inside and after that extent must be.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.clean.lines import Line
from flows.clean.wording import Known, known_wording

PROSE = 0.5  # from here on a line counts as prose
HEADLINE_WORDS = (3, 30)
SUBHEAD_WORDS = 10
HEADLINE_ZONE = 60  # lines above the body in which a headline is looked for


@dataclass(frozen=True)
class Reading:
    """What is known of the lines when labelling begins.

    Attributes:
        lines: the lines.
        known: what each line's words say, or None.
        prose: how much each reads like a sentence of a story, 0 to 1.
    """

    lines: tuple[Line, ...]
    known: tuple[Known | None, ...]
    prose: tuple[float, ...]


@dataclass(frozen=True)
class Labelled:
    """The lines with their labels; `headline` is the index of the chosen headline line."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    confidences: tuple[float, ...]
    headline: int | None


def prose_score(line: Line) -> float:
    """How much the line by itself reads like running text.

    >>> from flows.clean.lines import lines_of
    >>> prose_score(lines_of("The two sides agreed on Monday to open the road to the north.")[0]) >= PROSE
    True
    >>> prose_score(lines_of("World Business Sport Culture")[0]) >= PROSE
    False
    """
    words = len(line.words)
    if words < 2 or not line.has_letters:
        return 0.0
    ended = line.ends_sentence
    if words >= 25:
        score = 0.95 if ended or line.sentences else 0.75
        if line.title_share > 0.85 and not ended:
            score = 0.3  # a menu on one line
    elif words >= 12:
        score = 0.9 if ended else (0.6 if line.sentences else 0.4)
    elif words >= 8:
        score = 0.8 if ended else 0.15
    else:
        score = 0.55 if ended else 0.05
    if ended and line.title_share > 0.85 and words < 14 and not line.head.isupper():
        score -= 0.35  # a headline with a full stop
    if line.text[0] in '"“‘«„' and line.text.rstrip()[-1:] in '"”’»“.,?!':
        score += 0.2
    if line.text[0].islower():
        score -= 0.1
    block = line.block
    if block is not None:
        if block.link_share > 0.6:
            score -= 0.6
        elif block.link_share > 0.3:
            score -= 0.2
        if block.main_content:
            score += 0.15 if words >= 5 else 0.0
        else:
            score -= 0.3
        if block.tag in {"h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "th", "figcaption"}:
            score -= 0.6
    return min(1.0, max(0.0, score))


def read_lines(lines: Sequence[Line]) -> Reading:
    """Look at each line on its own, and at hard-wrapped paragraphs as wholes."""
    known = [known_wording(line) for line in lines]
    prose = [prose_score(line) for line in lines]
    for start, end in _wrapped_paragraphs(lines):
        joined = " ".join(line.text for line in lines[start:end])
        whole = prose_score(Line(0, len(joined), joined, gap=True))
        for i in range(start, end):
            prose[i] = max(prose[i], whole)
            if whole >= PROSE and known[i] and not _stands_alone(known[i]):
                known[i] = None
    return Reading(tuple(lines), tuple(known), tuple(prose))


def _stands_alone(known: Known | None) -> bool:
    return known is not None and known.label == "meta"


WRAP_CHARS = (40, 100)  # a hard-wrapped line's length
WRAP_SHARE = 0.3  # of lines that run on into the next, before a text counts as hard-wrapped


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
    if count < 2 or sum(runs_on(i) for i in range(count)) < WRAP_SHARE * count:
        return []
    if sum(len(line.text) > high * 1.5 for line in lines) > 0.2 * len(lines):
        return []  # paragraphs on one line: what runs on there is a list of headlines
    runs: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].gap or (lines[i].indented and not lines[i - 1].indented):
            if i - start > 1:
                runs.append((start, i))
            start = i
    return runs


def label_lines(lines: Sequence[Line], title: str | None = None) -> Labelled:
    """Label every line; `title` is what metadata calls the page."""
    if not lines:
        return Labelled((), (), (), None)
    reading = read_lines(lines)
    first, past = _body_extent(reading)
    headline = _find_headline(reading, first, past, title)
    labels: list[str | None] = [None] * len(lines)
    sure = [0.6] * len(lines)
    if headline is not None and headline >= first:
        first = headline + 1
    _label_head(reading, labels, sure, first, headline)
    _label_middle(reading, labels, sure, first, past, headline)
    _label_tail(reading, labels, sure, past)
    return Labelled(reading.lines, tuple(label or "other" for label in labels), tuple(sure), headline)


# ------------------------------------------------------------------ where the body is


def _is_prose(reading: Reading, i: int) -> bool:
    known = reading.known[i]
    if known and (known.firm or known.label in {"byline", "date"}):
        return False
    return reading.prose[i] >= PROSE


_END_LABELS = {
    "meta": 2.5,
    "comment": 3.0,
    "related": 0.8,
    "promo": 0.3,
    "nav": 0.5,
    "date": 0.5,
    "byline": 0.8,
    "caption": 0.2,
    "other": 0.2,
}


def _weight(reading: Reading, i: int) -> float:
    """What a line adds to the case that the body spans it."""
    line, known = reading.lines[i], reading.known[i]
    if _is_prose(reading, i):
        return min(len(line.words), 60) / 20 * reading.prose[i]
    if known:
        return -_END_LABELS.get(known.label, 0.4)
    return -0.35 if len(line.words) <= 4 else -0.5


def _body_extent(reading: Reading) -> tuple[int, int]:
    """The run of lines with the greatest total weight: (first, past the last); empty when there is no prose."""
    best, best_span, total, start = 0.0, (0, 0), 0.0, 0
    for i in range(len(reading.lines)):
        if total <= 0:
            total, start = 0.0, i
        total += _weight(reading, i)
        if total > best:
            best, best_span = total, (start, i + 1)
    if best > 0:
        first, past = best_span
        while first < past and not _is_prose(reading, first):
            first += 1
        return first, past
    return _bodiless_extent(reading)


def _bodiless_extent(reading: Reading) -> tuple[int, int]:
    """No line reads like prose: a note of a line or two is still a text, a menu is not."""
    free = [i for i, known in enumerate(reading.known) if known is None and len(reading.lines[i].words) >= 3]
    if not free or len(reading.lines) > 3 * len(free) or len(free) > 6:
        return 0, 0
    return free[-1], free[-1] + 1


# ------------------------------------------------------------------ headline

_COMMON = frozenset(
    "that this with from have been were will would their they there which about after before over into more than when what where while also said says".split()
)


def _content(text: str) -> frozenset[str]:
    words = (w.strip(".,'’\"-–—:;!?()").casefold() for w in text.split())
    return frozenset(w.removesuffix("'s").removesuffix("’s") for w in words if len(w) > 3 and w not in _COMMON)


def _find_headline(reading: Reading, first: int, past: int, title: str | None) -> int | None:
    """The line above the body that names the story: in its words, doubled, near the date, in the title."""
    if first >= past:
        return None
    lines = reading.lines
    body = _content(" ".join(lines[i].head for i in range(first, min(past, first + 12)) if _is_prose(reading, i)))
    copies = Counter(line.key for line in lines)
    wanted = _content(title) if title else frozenset()
    best: tuple[float, int] | None = None
    for i in range(max(0, first - HEADLINE_ZONE), min(first + 1, len(lines))):
        line, known = lines[i], reading.known[i]
        if known or not (HEADLINE_WORDS[0] <= len(line.words) <= HEADLINE_WORDS[1]) or line.sentences > 1:
            continue
        if i == first and not _may_head(reading, i, past):
            continue
        words = _content(line.text)
        if not words:
            continue
        score = 2.0 * len(words & body) / len(words)
        if wanted:
            score += 3.0 * len(words & wanted) / len(words | wanted)
        score += 0.5 * (copies[line.key] > 1)
        if line.ends_sentence and line.text[-1] not in "?!":
            score -= 0.8 if line.title_share < 0.7 else 0.2
        if len(line.words) > 18:
            score -= 0.4
        if len(line.words) < 5:
            score -= 0.3
        after = [reading.known[j] for j in range(i + 1, min(i + 4, first))]
        score += 0.5 * any(k and k.label in {"date", "byline"} for k in after)
        score -= 0.01 * (first - i)
        score += 0.4 * (i == 0)
        if line.block is not None:
            score += 1.2 * (line.block.tag == "h1") + 0.3 * (line.block.tag == "h2")
            score -= 1.0 * (line.block.link_share > 0.6)
        if _is_breadcrumb(line):
            score -= 1.0
        if best is None or score > best[0]:
            best = (score, i)
    if best is None or best[0] < MIN_HEADLINE_SCORE:
        return None
    return best[1]


MIN_HEADLINE_SCORE = 0.5


def _is_breadcrumb(line: Line) -> bool:
    return line.folded.startswith(("home ", "you are here", "news /", "world /"))


def _may_head(reading: Reading, i: int, past: int) -> bool:
    """Whether the body's first line may be a headline that ends in a full stop."""
    line = reading.lines[i]
    if i + 1 >= past or len(line.words) > 14 or i > 2:
        return False
    if line.title_share >= 0.75 and len(line.words) >= 4:
        return True
    shared = _content(line.text) & _content(reading.lines[i + 1].head)
    return (
        i == 0
        and len(shared) >= 0.5 * max(1, len(_content(line.text)))
        and len(reading.lines[i + 1].words) >= 1.5 * len(line.words)
    )


# ------------------------------------------------------------------ labels


def _label_head(
    reading: Reading, labels: list[str | None], sure: list[float], first: int, headline: int | None
) -> None:
    """Lines above the body."""
    lines = reading.lines
    copies = Counter(line.key for line in lines[: max(first, 0)])
    for i in range(first):
        line, known = lines[i], reading.known[i]
        if i == headline or (headline is not None and line.key == lines[headline].key):
            labels[i], sure[i] = "headline", 0.9
        elif known:
            labels[i], sure[i] = known.label, 0.85
        elif headline is None or i < headline:
            labels[i] = "nav" if not _is_prose(reading, i) or headline is not None else "body"
        elif _is_prose(reading, i):
            # between headline and body: a deck, or a picture's text told twice
            labels[i] = "caption" if copies[line.key] > 1 else "subhead"
        elif len(line.words) >= 6:
            labels[i] = "subhead" if i == headline + 1 else "caption"
        else:
            labels[i] = "caption" if copies[line.key] > 1 and len(line.words) > 3 else "nav"


def _label_middle(
    reading: Reading, labels: list[str | None], sure: list[float], first: int, past: int, headline: int | None
) -> None:
    """Lines of the body's extent."""
    lines = reading.lines
    head_key = lines[headline].key if headline is not None else None
    seen: set[str] = set()
    i = first
    in_related = False
    while i < past:
        line, known = lines[i], reading.known[i]
        if _is_prose(reading, i):
            twice = line.key in seen and len(line.words) > 5
            labels[i], sure[i] = ("caption" if twice else "body"), 0.6 + 0.38 * reading.prose[i]
            if in_related and i + 1 < past and not _prose_ahead(reading, i, past):
                labels[i], sure[i] = "related", 0.6
            else:
                in_related = False
            seen.add(line.key)
        elif line.key and line.key == head_key:
            labels[i], sure[i] = "headline", 0.8
        elif known:
            labels[i], sure[i] = known.label, 0.85
            in_related = in_related or (known.label == "related" and len(line.words) <= 5)
        elif in_related:
            labels[i] = "related"
        else:
            labels[i] = _short_inside(reading, labels, i, past)
        i += 1


def _prose_ahead(reading: Reading, i: int, past: int) -> bool:
    """Whether the story goes on from here: most words of the next few lines are prose."""
    window = range(i, min(i + 5, past))
    prose = sum(len(reading.lines[j].words) for j in window if _is_prose(reading, j))
    free = sum(len(reading.lines[j].words) for j in window if not _is_prose(reading, j) and reading.known[j] is None)
    return prose > 2 * free


def _short_inside(reading: Reading, labels: list[str | None], i: int, past: int) -> str:
    """A line of the body's extent that is neither prose nor known wording."""
    lines = reading.lines
    line, words = lines[i], len(lines[i].words)
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    if before and before.key == line.key or after and after.key == line.key:
        return "caption"
    if before and reading.known[i - 1] and labels[i - 1] == "other" and ":" in before.text and words > 3:
        return "caption"  # a video's title under its running time
    if line.text[0].isdigit() or line.text[0] in "•*-–—·" or line.text.rstrip().endswith((":", ";", ",")):
        return "body" if words > 4 or not line.text.endswith(":") or line.text[0].isdigit() else "subhead"
    if ": " in line.text and labels[i - 1] in {"body", "subhead"}:
        return "body"
    if words <= SUBHEAD_WORDS and _prose_follows(reading, i, past):
        return "subhead"
    if words >= 14:
        return "body"
    return "related"


def _prose_follows(reading: Reading, i: int, past: int) -> bool:
    for j in range(i + 1, min(i + 4, past)):
        if _is_prose(reading, j):
            return True
        if reading.known[j] is None:
            return reading.lines[j].text[0].isdigit() or ":" in reading.lines[j].text
    return False


def _label_tail(reading: Reading, labels: list[str | None], sure: list[float], past: int) -> None:
    """Lines below the body."""
    lines = reading.lines
    section: str | None = None
    for i in range(past, len(lines)):
        line, known = lines[i], reading.known[i]
        if known:
            labels[i], sure[i] = known.label, 0.85
            if known.label in {"related", "comment", "promo"} and len(line.words) <= 5:
                section = known.label
            elif known.label == "meta":
                section = "meta"
        elif section == "comment":
            labels[i] = "comment"
        elif len(line.words) <= 3:
            labels[i] = "meta" if section == "meta" else "nav"
        elif section == "promo" and _is_prose(reading, i):
            labels[i] = "promo"
        else:
            labels[i], section = "related", "related"
