"""How well clean labels the lines of a page, label by label, and whether its confidence means what it says.

A line of the gold is held against the segment that covers most of it. Precision and recall are of lines, and, since a
paragraph weighs more than a menu's entry, of characters that are no white space.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.gold.pages import SHINGLE_WORDS, shingles
from tests.gold.scorer import gold_lines

Row = dict[str, Any]

BODY_LABELS = ("body", "subhead")  # what articles.body is made of
BUCKETS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)  # of confidence: from, and up to the next


@dataclass(frozen=True)
class LabelledLine:
    """A line of the gold: its label there, ours with its confidence (None where no segment meets it), its characters."""

    gold: str
    ours: str | None
    confidence: float
    chars: int

    @property
    def right(self) -> bool:
        return self.gold == self.ours


@dataclass(frozen=True)
class LabelFigures:
    """Of one label; lines and characters that the gold has of it, and shares, None of nothing."""

    lines: int
    precision: float | None
    recall: float | None
    chars: int
    chars_precision: float | None
    chars_recall: float | None


@dataclass(frozen=True)
class Bucket:
    """Statements made with about the same confidence: how many, how sure on average, the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def labelled_lines(gold: Row, text: str, segments: Sequence[Row]) -> list[LabelledLine]:
    """Every line of one document's gold with what clean made of it."""
    found = []
    for span, label in gold_lines(gold, text):
        if span is None:
            continue
        inked = {at for at in range(*span) if not text[at].isspace()}
        best: tuple[int, Row] | None = None
        for row in segments:
            common = len(inked & set(range(max(row["start_char"], span[0]), min(row["end_char"], span[1]))))
            if common and (best is None or common > best[0]):
                best = common, row
        found.append(
            LabelledLine(label, best[1]["label"], best[1]["confidence"], len(inked))
            if best
            else LabelledLine(label, None, 0.0, len(inked))
        )
    return found


def body_statements(page_body: str, text: str, segments: Iterable[Row]) -> list[tuple[float, bool]]:
    """What clean says of each segment, that it is of the body or is not: (confidence, whether that is right).

    It is of the body if at least half of its runs of four words are in the body that people took from the page. Segments
    of fewer words are left out: they are in any text by chance.

    >>> segments = [{"start_char": 0, "end_char": 22, "label": "body", "confidence": 0.9}]
    >>> body_statements("They met in Oslo today.", "They met in Oslo today", segments)
    [(0.9, True)]
    """
    wanted = shingles(page_body)
    said = []
    for row in segments:
        runs = shingles(text[row["start_char"] : row["end_char"]])
        if runs and len(next(iter(runs))) == SHINGLE_WORDS:
            inside = 2 * (runs & wanted).total() >= runs.total()
            said.append((row["confidence"], inside == (row["label"] in BODY_LABELS)))
    return said


def label_figures(lines: Sequence[LabelledLine]) -> dict[str, LabelFigures]:
    """Figures for every label that the gold or we have used, the most frequent in the gold first.

    >>> body, nav = LabelledLine("body", "body", 0.9, 80), LabelledLine("nav", "body", 0.6, 20)
    >>> label_figures([body, nav])["body"]
    LabelFigures(lines=1, precision=0.5, recall=1.0, chars=80, chars_precision=0.8, chars_recall=1.0)
    """
    wanted = Counter(line.gold for line in lines)
    names = [name for name, _ in wanted.most_common()]
    names += sorted({line.ours for line in lines if line.ours} - set(names))
    return {name: _figures_of(name, lines) for name in names}


def _figures_of(name: str, lines: Sequence[LabelledLine]) -> LabelFigures:
    gold = [line for line in lines if line.gold == name]
    ours = [line for line in lines if line.ours == name]
    both = [line for line in gold if line.right]
    return LabelFigures(
        len(gold),
        _share(len(both), len(ours)),
        _share(len(both), len(gold)),
        _chars(gold),
        _share(_chars(both), _chars(ours)),
        _share(_chars(both), _chars(gold)),
    )


def confusions(lines: Iterable[LabelledLine]) -> list[tuple[str, str | None, int]]:
    """(gold's label, ours, lines) where the two differ, the most frequent first."""
    pairs = Counter((line.gold, line.ours) for line in lines if not line.right)
    return [(gold, ours, count) for (gold, ours), count in sorted(pairs.items(), key=lambda one: (-one[1], str(one)))]


def labels_table(figures: Mapping[str, LabelFigures]) -> str:
    """Figures as Markdown."""
    lines = [
        "| label | lines | precision | recall | characters | precision | recall |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in figures.items():
        shares = [_shown(one.precision), _shown(one.recall)], [_shown(one.chars_precision), _shown(one.chars_recall)]
        lines.append(f"| {name} | {one.lines:,} | {' | '.join(shares[0])} | {one.chars:,} | {' | '.join(shares[1])} |")
    return "\n".join(lines)


def brier(said: Sequence[tuple[float, bool]]) -> float:
    """Mean square of confidence less outcome: 0 is best; saying 0.5 of everything gives 0.25.

    >>> brier([(1.0, True), (0.5, False)])
    0.125
    """
    return sum((confidence - right) ** 2 for confidence, right in said) / len(said)


def buckets(said: Sequence[tuple[float, bool]]) -> list[Bucket]:
    """What was said, by confidence; empty buckets left out.

    >>> [(one.low, one.count, one.right) for one in buckets([(0.92, True), (0.94, False), (1.0, True)])]
    [(0.9, 2, 0.5), (0.95, 1, 1.0)]
    """
    found = []
    for low, high in pairwise(BUCKETS):
        inside = [one for one in said if low <= one[0] < high or (one[0] == high == BUCKETS[-1])]
        if inside:
            sure = sum(confidence for confidence, _ in inside) / len(inside)
            right = sum(right for _, right in inside) / len(inside)
            found.append(Bucket(low, high, len(inside), sure, right))
    return found


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: by how much confidence and share right differ, over buckets, weighted by their size.

    >>> calibration_error([(0.9, True), (0.9, True), (0.7, False)])
    0.3
    """
    return sum(one.count * abs(one.confidence - one.right) for one in buckets(said)) / len(said)


def calibration_table(said: Sequence[tuple[float, bool]]) -> str:
    """Buckets as Markdown, with the two summaries."""
    lines = ["| confidence | of | mean confidence | right |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {one.low:g}–{one.high:g} | {one.count:,} | {one.confidence:.2f} | {one.right:.2f} |"
        for one in buckets(said)
    ]
    return "\n".join([*lines, "", f"Brier {brier(said):.3f}, calibration error {calibration_error(said):.3f}."])


def _chars(lines: Iterable[LabelledLine]) -> int:
    return sum(line.chars for line in lines)


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"
