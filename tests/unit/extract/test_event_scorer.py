"""Lexicon and scorer together: the scorer overrules, proposes and keeps out of what it should not touch."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from flows.extract.document import read_page
from flows.extract.event_parties import document_pair
from flows.extract.event_scorer import (
    BUCKETS,
    CLASSES,
    NONE,
    ROOTS,
    VECTOR_WIDTH,
    VECTORS,
    Predicate,
    Scorer,
    clues,
    event_scorer,
    hashed,
    vectors,
)
from flows.extract.events import find_events, paragraphs_of, predicates
from flows.extract.reading import Page, Reading
from flows.text.reference import reference_bytes
from tests.gold.train_events import SENTENCES, Example, fit

MAX_BYTES = 300_000  # of the weights; the whole of en_core_web_md has 40 MB


def read(*sentences: str) -> Reading:
    text = " ".join(sentences)
    return read_page(Page("0" * 16, text, date(2021, 5, 3), ((0, len(text), "body"),)))[0]


def all_predicates(reading: Reading) -> list[Predicate]:
    return [
        predicate
        for paragraph, finder in paragraphs_of(reading, document_pair(reading))
        for predicate, _ in predicates(reading, paragraph, finder)
    ]


def sure_of(root: str, chance: float) -> Scorer:
    """A scorer that gives every predicate this chance of the root, and the rest to "no event"."""
    offsets = np.full(len(CLASSES), -30.0)
    offsets[CLASSES.index(root)], offsets[CLASSES.index(NONE)] = np.log(chance), np.log(1 - chance)
    return Scorer(np.zeros((BUCKETS, len(CLASSES))), np.zeros((VECTORS * VECTOR_WIDTH, len(CLASSES))), offsets)


def test_the_scorer_overrules_the_lexicon_where_it_is_sure():
    reading = read("Russia condemned Turkey.", "The weather was fine.")
    (event,) = find_events(reading, sure_of("SANCTION", 0.9))
    assert (event.plover, event.mode, event.trigger) == ("SANCTION", None, "condemned")
    assert event.rule == "lexicon: VERB condemn -> ACCUSE disapprove; scorer 0.90 -> SANCTION"


def test_the_scorer_leaves_the_lexicon_its_root_where_it_is_not():
    reading = read("Russia condemned Turkey.", "The weather was fine.")
    (event,) = find_events(reading, sure_of("SANCTION", 0.2))
    assert (event.plover, event.rule) == ("ACCUSE", "lexicon: VERB condemn -> ACCUSE disapprove")


def test_a_planned_meeting_stays_a_meeting_though_the_manual_calls_it_an_agreement():
    reading = read("President Oskar Velin will meet Marta Dunmore in Paris.", "The weather was fine.")
    (event,) = find_events(reading, sure_of("AGREE", 0.9))
    assert (event.plover, event.status) == ("CONSULT", "planned")


def test_what_is_promised_is_an_agreement_that_has_happened():
    reading = read("Turkey said it will release the hostages.", "The weather was fine.")
    assert {(e.plover, e.status) for e in find_events(reading, sure_of("AGREE", 0.9))} == {("AGREE", "happened")}


def test_a_verb_that_the_lexicon_does_not_know_is_an_event_where_the_scorer_is_sure():
    reading = read("Russia flabbergasted Turkey.", "The weather was fine.")
    assert find_events(reading, sure_of("REJECT", 0.2)) == []
    (event,) = find_events(reading, sure_of("REJECT", 0.6))
    assert (event.plover, event.rule) == ("REJECT", "scorer 0.60: VERB flabbergast -> REJECT")
    assert [(party.role, party.name) for party in event.parties] == [("actor", "Russia"), ("recipient", "Turkey")]


def test_what_the_lexicon_reads_in_the_sentence_is_not_proposed_once_more():
    told = read("Russia flabbergasted Turkey and rejected a plan of Turkey.", "The weather was fine.")
    assert [event.trigger for event in find_events(told, sure_of("REJECT", 0.6))] == ["rejected plan"]


def test_an_event_that_nobody_does_is_not_proposed():
    assert find_events(read("It rained.", "The weather changed."), sure_of("ASSAULT", 0.9)) == []


def test_chances_are_of_every_class_and_make_one():
    scorer = event_scorer()
    assert scorer is not None
    for predicate in all_predicates(read("Peru condemned Chile for the raid and closed the border.")):
        chances = scorer.chances(predicate)
        assert tuple(chances) == CLASSES
        assert sum(chances.values()) == pytest.approx(1, abs=0.01)


def test_clues_do_not_tell_which_country_or_sum_it_is():
    def seen(sentence: str) -> set[tuple[str, str]]:
        return {pair for predicate in all_predicates(read(sentence)) for pair in clues(predicate)}

    assert seen("France gave 300 dollars to Kenya.") == seen("Japan gave 700 dollars to Chad.")


def test_a_bucket_counts_once_with_the_greatest_weight():
    buckets, values = hashed([("place", "same"), ("lexicon", "same"), ("place", "same")])
    assert (len(buckets), values.tolist()) == (1, [1.0])


def test_the_weights_hold_no_text_and_are_small():
    assert len(reference_bytes("event_weights.npz")) < MAX_BYTES
    with np.load(Path("seeds/reference/event_weights.npz"), allow_pickle=False) as arrays:
        assert {name: array.dtype.kind for name, array in arrays.items()} == {
            "clues": "i", "clues.step": "f", "vectors": "i", "vectors.step": "f", "offsets": "i", "offsets.step": "f",
        }  # fmt: skip
        assert arrays["clues"].shape == (BUCKETS, len(CLASSES))


def test_the_same_examples_give_the_same_weights():
    told = {"Peru condemned Chile.": "ACCUSE", "Peru thanked Chile.": "SUPPORT"}
    examples = [
        Example(
            sentence, 1.0, frozenset({root}), hashed(clues(predicate)), hashed(clues(predicate)), vectors(predicate)
        )
        for sentence, root in told.items()
        for predicate in all_predicates(read(sentence))
    ]
    assert fit(examples) == fit(examples)


def test_the_weights_are_those_of_the_training_script():
    """Cheaply: they read the sentences that the script teaches; a fit to other classes, clues or hashes would not."""
    scorer = event_scorer()
    assert scorer is not None
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["root"] in ROOTS][::8]
    right = 0
    for row in rows:
        before, word, behind = row["sentence"].split("*")
        found = [p for p in all_predicates(read(before + word + behind)) if p.match.head.idx == len(before)]
        chances = [scorer.chances(predicate) for predicate in found]
        right += any(max(ROOTS, key=lambda root: each[root]) == row["root"] for each in chances)
    assert right / len(rows) > 0.8
