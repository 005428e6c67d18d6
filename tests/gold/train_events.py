"""Teach the scorer of events: python -m tests.gold.train_events [--write]

Reads, beside the checkout, the sentences of the events benchmark, the labelled development pages, the gold records of PLOVER
and reports of sport and business of the corpus (their text stays there), and from this folder event_sentences.csv: sentences
composed for this, each with the word that tells of the event between asterisks; write more of them to teach it more.

Prints how roots are read end to end in sentences left out of the fit, with all of the labelled sentences and pages and with parts of
them, and how well the confidence of these rows keeps its word; with --write fits to all and writes seeds/reference/event_weights.npz.

A multinomial logit with a ridge penalty. Where a label leaves more than one class open (the benchmark has one root for CONCEDE
and RETREAT, and says of a sentence's other verbs nothing), any of them is right. The same machine and libraries give the same weights.
"""

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from flows.extract.document import read_page
from flows.extract.event_parties import document_pair
from flows.extract.event_scorer import (
    BUCKETS,
    CLASSES,
    LEXICAL,
    NONE,
    VECTOR_WIDTH,
    VECTORS,
    Predicate,
    clues,
    hashed,
    unpacked,
    vectors,
)
from flows.extract.event_status import PLANNED
from flows.extract.events import Event, find_events, paragraphs_of, predicates
from flows.extract.reading import Page, Reading
from tests.gold.labels import calibration_table
from tests.gold.scorer import same_name
from tests.gold.stages import clean_files, input_files, pages_of

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SENTENCES = Path(__file__).with_name("event_sentences.csv")
WEIGHTS = ROOT / "seeds" / "reference" / "event_weights.npz"

FOLDS = 10  # of sentences and of pages, by the hash of their name
RIDGE = 1.0  # swept over 0.3, 1 and 3 on folds left out: flat
ITERATIONS = 60
FORCE = frozenset({"ASSAULT", "COERCE", "MOBILIZE"})
GAMES = 100  # reports of sport and business
# What an example counts for. Sentences of the benchmark and pages are what the scorer will meet; records and composed
# sentences are shorter and plainer.
WEIGHT = {"benchmark": 1.0, "beside": 0.3, "page": 1.0, "record": 0.5, "composed": 0.5, "game": 0.3}
# Share of the weight with which each example is shown again without what the lexicon says of it: the lexicon was written
# with half of these sentences in view, and is less often right elsewhere.
UNAIDED = 0.3
OLDER_ROOTS = {"DEMAND": "REQUEST", "FIGHT": "ASSAULT", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE"}
YIELD = frozenset({"CONCEDE", "RETREAT"})

META = """\
title: Weights of what tells the PLOVER root of a predicate
producers: [dateline]
source: >
  fitted by tests/gold/train_events.py (python -m tests.gold.train_events --write) to sentences of the events benchmark, labelled
  development pages, PLOVER's gold records and reports of sport and business, none of which is part of this project, and to
  tests/gold/event_sentences.csv; holds no text
licence: Apache-2.0
date: {date}
sha256: {sha256}
notes: >
  Numpy archive. Weights by hashed clue and class, by place in the vectors and class, and offsets by class, classes in the
  order of flows/extract/event_scorer.py CLASSES: whole numbers of one byte, and the size of their step in each class.
"""


@dataclass(frozen=True)
class Labelled:
    """A page with what is known of its events.

    Attributes:
        source: benchmark, page, record, composed or game.
        name: of the sentence or page.
        reading: the page, read.
        gold: the benchmark's record, or a development page's labels.
        root: the sentence's root.
        marked: offsets of the words that tell of the event.
    """

    source: str
    name: str
    reading: Reading
    gold: dict[str, Any] = field(default_factory=dict)
    root: str = ""
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Example:
    """What is seen of a predicate, with and without the lexicon, and the classes that it may be of."""

    name: str
    weight: float
    allowed: frozenset[str]
    clues: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    unaided: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    vectors: npt.NDArray[np.float64]


def _as_page(name: str, text: str) -> Page:
    return Page(hashlib.sha256(name.encode()).hexdigest()[:16], text, None, ((0, len(text), "body"),))


def _read(page: Page) -> Reading:
    return read_page(page)[0]


def benchmark() -> Iterator[Labelled]:
    """The sentences of the events benchmark, each a page of its own; of equal sentences one."""
    folder = SHARED / "bench" / "events"
    gold = {row["id"]: row for row in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8"))}
    files = [file for file in input_files(folder) if file.path.name == "input.jsonl"]
    for document, cleaned in clean_files(files):
        record = next(name for uri in document["uris"] if (name := uri.split("#", 1)[-1]) in gold)
        for page in pages_of(document, cleaned):
            yield Labelled("benchmark", record, _read(page), gold[record], gold[record]["root"])


def development_pages() -> Iterator[Labelled]:
    """The labelled news pages."""
    folder = SHARED / "gold" / "dev"
    for document, cleaned in clean_files(input_files(folder, [".txt"])):
        name = Path(document["uris"][0]).stem
        labels = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for page in pages_of(document, cleaned):
            yield Labelled("page", name, _read(page), labels)


def records() -> Iterator[Labelled]:
    """PLOVER's gold records, which are examples of its manual."""
    text = (SHARED / "reference" / "plover" / "PLOVER_GSR_CAMEO.txt").read_text(encoding="utf-8")
    for record in json.loads(text):
        if record["event"] == "DOCUMENT" or not record.get("text"):
            continue
        about = record.get("textInfo")
        markup = about.get("markup", "") if isinstance(about, dict) else ""
        told = [words for words in re.findall(r"\(EVT: ?([^)]*)\)", markup) if words]
        marked = tuple(
            at for words in told for start in _places(record["text"], words) for at in range(start, start + len(words))
        )
        root = OLDER_ROOTS.get(record["event"], record["event"])
        yield Labelled("record", record["id"], _read(_as_page(record["id"], record["text"])), {}, root, marked)


def composed() -> Iterator[Labelled]:
    """The sentences composed for this."""
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            before, word, behind = row["sentence"].split("*")
            text = before + word + behind
            yield Labelled("composed", text, _read(_as_page(text, text)), {}, row["root"], (len(before),))


def games() -> Iterator[Labelled]:
    """Reports of sport and business: what sounds like force there is none."""
    with gzip.open(SHARED / "bench" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["label"] in ("sport", "business")]
    for row in rows[:: len(rows) // GAMES]:
        yield Labelled("game", str(row["id"]), _read(_as_page(str(row["id"]), row["text"])))


def _places(text: str, words: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(words), text)]


Found = tuple[int, Predicate]  # where its head stands; the predicate


def examples(page: Labelled) -> list[Example]:
    """Every predicate of the page of which something is known."""
    reading = page.reading
    found = [
        (paragraph.start_char + predicate.match.head.idx, predicate)
        for paragraph, finder in paragraphs_of(reading, document_pair(reading))
        for predicate, _ in predicates(reading, paragraph, finder)
    ]
    labels = {
        "benchmark": _of_benchmark,
        "page": _of_page,
        "record": _of_marked,
        "composed": _of_marked,
        "game": _of_game,
    }[page.source](page, found)
    return [
        _example(page, predicate, allowed, WEIGHT[kind])
        for (_, predicate), (allowed, kind) in zip(found, labels, strict=True)
        if allowed
    ]


def _example(page: Labelled, predicate: Predicate, allowed: frozenset[str], weight: float) -> Example:
    seen = list(clues(predicate))
    unaided = [(kind, clue) for kind, clue in seen if kind not in LEXICAL]
    return Example(page.name, weight, allowed, hashed(seen), hashed(unaided), vectors(predicate))


Label = tuple[frozenset[str], str]  # classes, none if nothing is known; key of WEIGHT
UNKNOWN: Label = (frozenset(), "beside")


def _of_benchmark(page: Labelled, found: Sequence[Found]) -> list[Label]:
    """The predicate whose parties are the dyad has the root; of the others it is only known that the root is the likeliest."""
    roots = YIELD if page.root == "YIELD" else frozenset({page.root})
    chosen = max(range(len(found)), key=lambda i: _fit(page, roots, found[i][1]), default=-1)
    labels: list[Label] = []
    for i, (_, predicate) in enumerate(found):
        if i == chosen:
            # the manual makes AGREE of what is planned, the tables do not: either is right
            planned = page.root == "AGREE" and predicate.status == PLANNED and not predicate.reading.startswith("~")
            also = {predicate.reading} if planned and predicate.reading else set()
            labels.append((roots | also, "benchmark"))
        else:
            labels.append((roots | {NONE}, "beside"))
    return labels


def _fit(page: Labelled, roots: frozenset[str], predicate: Predicate) -> tuple[int, bool, bool, bool, int]:
    names = [party.name for party in (*predicate.actors, *predicate.recipients)]
    dyad = sum(any(same_name(name, page.gold[side]) for name in names) for side in ("source", "target"))
    acts = any(same_name(party.name, page.gold["source"]) for party in predicate.actors)
    known = bool(predicate.reading) and not predicate.reading.startswith("~")
    return dyad, predicate.reading in roots, acts, known, -_depth(predicate)


def _depth(predicate: Predicate) -> int:
    token, steps = predicate.match.head, 0
    while token.head.i != token.i:
        token, steps = token.head, steps + 1
    return steps


def _of_page(page: Labelled, found: Sequence[Found]) -> list[Label]:
    """Of each event the predicate in its words that fits best; other predicates in these words may be it, too; the rest are none."""
    roots: list[set[str]] = [set() for _ in found]
    inside = [False for _ in found]
    for event in page.gold.get("events", []):
        spans = [(at, at + len(event["span"])) for at in _places(page.reading.page.text, event["span"])]
        fitting = []
        for i, (at, predicate) in enumerate(found):
            if any(start <= at < end for start, end in spans):
                inside[i] = True
                names = [party.name for party in (*predicate.actors, *predicate.recipients)]
                theirs = [*(event.get("actors") or []), *(event.get("recipients") or [])]
                named = sum(any(same_name(name, other) for name in names) for other in theirs)
                fitting.append((predicate.reading.lstrip("~") == event["plover"], named, -_depth(predicate), i))
        if fitting:
            roots[max(fitting)[-1]].add(event["plover"])
    return [
        (frozenset(some), "page") if some else UNKNOWN if within else (frozenset({NONE}), "page")
        for some, within in zip(roots, inside, strict=True)
    ]


def _of_marked(page: Labelled, found: Sequence[Found]) -> list[Label]:
    """The predicate that is marked has the root; of a record without marks the one highest in the sentence."""
    root = frozenset({page.root})
    chosen = max(
        range(len(found)),
        key=lambda i: (
            found[i][0] in page.marked,
            any(word.idx in page.marked for word in found[i][1].match.words),
            found[i][1].reading.lstrip("~") == page.root,
            -_depth(found[i][1]),
        ),
        default=-1,
    )
    if page.source == "composed" and chosen >= 0:
        is_marked = any(word.idx in page.marked for word in found[chosen][1].match.words)
        chosen = chosen if is_marked else -1
    return [(root, page.source) if i == chosen else UNKNOWN for i in range(len(found))]


def _of_game(_page: Labelled, found: Sequence[Found]) -> list[Label]:
    """What the lexicon does not know is no event there, what it knows is none of force."""
    calm = frozenset(CLASSES) - FORCE
    return [
        (calm if predicate.reading and not predicate.reading.startswith("~") else frozenset({NONE}), "game")
        if predicate.actors
        else UNKNOWN
        for _, predicate in found
    ]


def fit(found: Sequence[Example]) -> bytes:
    """The weights under which what is allowed is likeliest, as an archive that flows/extract/event_scorer.py reads."""
    shown = [
        *((example.clues, example, 1 - UNAIDED) for example in found),
        *((example.unaided, example, UNAIDED) for example in found),
    ]
    starts = np.cumsum([0, *(len(buckets) for (buckets, _), _, _ in shown)])
    sparse = csr_matrix(
        (
            np.concatenate([values for (_, values), _, _ in shown]),
            np.concatenate([buckets for (buckets, _), _, _ in shown]),
            starts,
        ),
        shape=(len(shown), BUCKETS),
    )
    dense = np.column_stack([np.stack([example.vectors for _, example, _ in shown]), np.ones(len(shown))])
    allowed = np.array([[name in example.allowed for name in CLASSES] for _, example, _ in shown])
    shares = np.array([example.weight * share for _, example, share in shown])[:, None]
    width = BUCKETS + dense.shape[1]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(width, len(CLASSES))
        scores = sparse @ weights[:BUCKETS] + dense @ weights[BUCKETS:]
        of_all = _log_sum(scores)
        of_allowed = _log_sum(np.where(allowed, scores, -np.inf))
        over = (np.exp(scores - of_all) - np.where(allowed, np.exp(scores - of_allowed), 0.0)) * shares
        slope = np.vstack([sparse.T @ over, dense.T @ over]) + RIDGE * weights
        return float((shares * (of_all - of_allowed)).sum() + RIDGE / 2 * (weights**2).sum()), slope.ravel()

    fitted = minimize(
        loss, np.zeros(width * len(CLASSES)), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}
    )
    return packed(fitted.x.reshape(width, len(CLASSES)))


def _log_sum(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    greatest = scores.max(axis=1, keepdims=True)
    return greatest + np.log(np.exp(scores - greatest).sum(axis=1, keepdims=True))


def packed(weights: npt.NDArray[np.float64]) -> bytes:
    """The archive: whole numbers from -127 to 127, and the size of their step in each class."""
    end = BUCKETS + VECTORS * VECTOR_WIDTH
    arrays: dict[str, Any] = {}
    for name, part in (("clues", weights[:BUCKETS]), ("vectors", weights[BUCKETS:end]), ("offsets", weights[end:])):
        step = np.maximum(np.abs(part).max(axis=0) / 127, 1e-9).astype(np.float32)
        arrays[name] = np.rint(part / step).astype(np.int8)
        arrays[f"{name}.step"] = step
    archive = io.BytesIO()
    np.savez_compressed(archive, **arrays)
    return archive.getvalue()


def fold_of(name: str) -> int:
    """Which fold a sentence or page is in."""
    return hashlib.sha256(name.encode()).digest()[0] % FOLDS


def event_read(events: Sequence[Event], gold: dict[str, Any]) -> Event | None:
    """The event that names most of the dyad, of several the surest."""

    def rank(event: Event) -> tuple[int, float]:
        names = [party.name for party in event.parties]
        return sum(
            any(same_name(name, gold[side]) for name in names) for side in ("source", "target")
        ), event.confidence

    return max(events, key=rank, default=None)


def root_of(event: Event | None) -> str | None:
    """The event's root as the benchmark has it."""
    if event is None:
        return None
    return "YIELD" if event.plover in YIELD else event.plover


def figures(pairs: Sequence[tuple[str | None, str]]) -> str:
    """Macro-F1 and accuracy of (read, right) roots, in per cent, and F1 by root."""
    read, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    both = Counter(one for one, other in pairs if one == other)
    each = {name: 200 * both[name] / (read[name] + right[name]) for name in sorted(right)}
    told = ", ".join(f"{name} {value:.0f}" for name, value in each.items())
    return f"macro-F1 {sum(each.values()) / len(each):.1f}, accuracy {100 * both.total() / len(pairs):.1f} ({told})"


def main() -> int:
    """Read, report or write."""
    threadpool_limits(1)
    pages = [page for read in (benchmark, development_pages, records, composed, games) for page in read()]
    found = [(page, examples(page)) for page in pages]
    if "--write" in sys.argv[1:]:
        learnt = fit([example for _, some in found for example in some])
        WEIGHTS.write_bytes(learnt)
        sha256 = hashlib.sha256(learnt).hexdigest()
        WEIGHTS.with_suffix(".meta.yml").write_text(
            META.format(date=datetime.now(UTC).date(), sha256=sha256), encoding="utf-8"
        )
        return 0
    left_out(found)
    return 0


def left_out(found: Sequence[tuple[Labelled, Sequence[Example]]]) -> None:
    """Print how sentences are read that the fit did not see, by the share of the others that it did."""
    for share in SHARES:
        pairs: list[tuple[str | None, str]] = []
        said: list[tuple[float, bool]] = []
        for fold in range(FOLDS):
            seen = [example for page, some in found for example in some if _is_seen(page, fold, share)]
            scorer = unpacked(fit(seen))
            for page, _ in found:
                if page.source != "benchmark" or fold_of(page.name) != fold:
                    continue
                best = event_read(find_events(page.reading, scorer), page.gold)
                pairs.append((root_of(best), page.root))
                if best is not None:
                    said.append((best.confidence, root_of(best) == page.root))
        sys.stdout.write(f"{share:.0%} of the labelled sentences and pages, others left out: {figures(pairs)}\n")
        sys.stdout.write(f"confidence of these rows:\n{calibration_table(said)}\n")
        sys.stdout.flush()


def _is_seen(page: Labelled, fold: int, share: float) -> bool:
    """Whether the fit for a fold sees the page: what is not held, and of the others those that the share takes."""
    if page.source not in HELD:
        return True
    return fold_of(page.name) != fold and hashlib.sha256(page.name.encode()).digest()[1] < 256 * share


SHARES = (0.25, 0.5, 0.75, 1.0)
HELD = frozenset({"benchmark", "page"})


if __name__ == "__main__":
    sys.exit(main())
