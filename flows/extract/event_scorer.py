"""What a trained scorer makes of a predicate: the chance of each PLOVER root, and of its being no event.

A multinomial logit over what stands around the predicate: what the lexicon reads in it, its words and their dependents, its
parties, its sentence, and the vectors that en_core_web_md has for them. Learnt by tests/gold/train_events.py.
"""

import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from spacy.tokens import Token

from flows.extract.event_parties import Named
from flows.extract.event_triggers import Match
from flows.text.reference import reference_bytes

ROOTS = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
NONE = "NONE"
CLASSES = (NONE, *ROOTS)
NO_STATUS = "none"  # of words that make no event: negated, supposed, wished for

BUCKETS = 1 << 13  # of clues, by their hash; twice as many were no better
VECTOR_WIDTH = 300  # of en_core_web_md
VECTORS = 4  # the predicate, what hangs on it, its clause, its sentence
MAX_SENTENCE = 60  # words read of a sentence, from its start; with it the next two keep text without stops linear
MAX_CHILDREN = 12
MAX_CLAUSE = 40
MAX_STEPS_UP = 6
WORDS_A_PLACE = 4  # of the sentence before the predicate; counted so coarsely

# How much a clue of each kind weighs beside the others: with a penalty on the weights, a kind of many clues would else
# outvote the few that tell most. Set by hand, once; leaving any one out costs up to 1 point of macro-F1, the lexicon 5.
WEIGHTS: Mapping[str, float] = {
    "lexicon": 1.0,
    "beside": 0.5,
    "status": 0.5,
    "predicate": 0.7,
    "governor": 0.4,
    "dependent": 0.5,
    "further": 0.4,
    "party": 0.4,
    "sentence": 0.5,
    "side": 0.4,
    "pair": 0.3,
    "place": 0.2,
    "alone": 1.0,
}
VECTOR_SCALE = 1.5  # of vectors of length 1; half and twice as much were no better

VALUES = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "ORDINAL", "QUANTITY"})
CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "ADV", "ADP"})
TELLING = frozenset({"NOUN", "VERB", "ADJ"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "oprd", "acomp", "xcomp", "ccomp", "pobj"})
AUXILIARIES = frozenset({"aux", "auxpass", "neg", "mark"})

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predicate:
    """Words that may tell of an event, as the lexicon and the parse read them.

    Attributes:
        match: the words.
        reading: the root that the lexicon gives them; "~" before it if their parties do not suffice; empty if it knows them not.
        status: as event_status gives it, else NO_STATUS.
        actors: who does it.
        recipients: whom it befalls.
        beside: the lexicon's readings of the sentence's other words.
        is_alone: whether its sentence is all that the page says: it was not written for nothing.
    """

    match: Match
    reading: str
    status: str
    actors: tuple[Named, ...]
    recipients: tuple[Named, ...]
    beside: tuple[str, ...] = ()
    is_alone: bool = False


class Scorer:
    """Weights that were learnt, and the chances that they give."""

    def __init__(self, clue_weights: Vector, vector_weights: Vector, offsets: Vector) -> None:
        """Weights by bucket and class, by place in the vectors and class, and what each class has from the start."""
        self._clue_weights = clue_weights
        self._vector_weights = vector_weights
        self._offsets = offsets

    def chances(self, predicate: Predicate) -> dict[str, float]:
        """Chance of each of CLASSES, in thousandths, so that machines which sum in another order still agree."""
        buckets, values = hashed(clues(predicate))
        scores = self._offsets + values @ self._clue_weights[buckets] + vectors(predicate) @ self._vector_weights
        shares = np.exp(scores - scores.max())
        return dict(zip(CLASSES, (round(float(share), 3) for share in shares / shares.sum()), strict=True))


@cache
def event_scorer() -> Scorer | None:
    """The scorer of seeds/reference/event_weights.npz; None if that is empty."""
    learnt = reference_bytes("event_weights.npz")
    return unpacked(learnt) if learnt else None


def unpacked(archive: bytes) -> Scorer:
    """A scorer from numpy's archive of whole numbers of one byte, with the step that 1 stands for in each class."""
    arrays = np.load(io.BytesIO(archive), allow_pickle=False)
    clue_weights, vector_weights, offsets = (
        arrays[name].astype(np.float64) * arrays[f"{name}.step"].astype(np.float64)
        for name in ("clues", "vectors", "offsets")
    )
    return Scorer(clue_weights, vector_weights, offsets[0])


def hashed(told: Iterable[tuple[str, str]]) -> tuple[npt.NDArray[np.int64], Vector]:
    """(buckets, values) of clues: each bucket once, with the greatest weight of what falls into it."""
    values: dict[int, float] = {}
    for kind, clue in told:
        bucket = zlib.crc32(clue.encode()) % BUCKETS
        values[bucket] = max(values.get(bucket, 0.0), WEIGHTS[kind])
    return np.fromiter(values, np.int64, len(values)), np.fromiter(values.values(), np.float64, len(values))


LEXICAL = frozenset({"lexicon", "beside"})  # kinds of clues that the lexicon gives


def clues(predicate: Predicate) -> Iterator[tuple[str, str]]:
    """(kind, clue) of everything that is seen of a predicate; kinds are those of WEIGHTS."""
    head, reading = predicate.match.head, predicate.reading or "-"
    yield "lexicon", f"root {reading}"
    yield "lexicon", f"root {reading} {predicate.status}"
    yield "lexicon", f"root {reading} {predicate.match.trigger.frame} {head.pos_}"
    yield "lexicon", "words " + " ".join(word.lemma_.lower() for word in predicate.match.words)
    for other in sorted(set(predicate.beside)):
        yield "beside", f"beside {other}"
        yield "beside", f"root {reading} beside {other}"
    yield "alone", f"alone {predicate.is_alone}"
    yield "predicate", f"predicate {head.lemma_.lower()}"
    yield "predicate", f"predicate {head.lemma_.lower()} {head.tag_}"
    yield "status", f"status {predicate.status}"
    yield "status", f"form {head.tag_} {head.dep_}"
    yield from _of_governor(head)
    yield from _of_dependents(head, reading)
    yield from _of_parties(predicate)
    yield from _of_sentence(head)


def _of_governor(head: Token) -> Iterator[tuple[str, str]]:
    governor = head.head
    if governor.i == head.i:
        return
    yield "governor", f"governor {_word(governor)}"
    yield "governor", f"governor {head.dep_} {_word(governor)}"
    for child in _children(governor):
        if child.dep_ in AUXILIARIES:
            yield "governor", f"governor has {child.lower_}"


def _of_dependents(head: Token, reading: str) -> Iterator[tuple[str, str]]:
    lemma = head.lemma_.lower()
    for child in _children(head):
        word = _word(child)
        if child.dep_ in SUBJECTS:
            continue
        if child.dep_ in AUXILIARIES:
            yield "status", f"has {child.lower_}"
            yield "lexicon", f"root {reading} has {child.lower_}"
            continue
        yield "dependent", f"has {child.dep_}"
        yield "dependent", f"has {child.dep_} {word}"
        yield "dependent", f"{lemma} has {word}"
        for grandchild in _children(child):
            further = _word(grandchild)
            yield "further", f"further {further}"
            yield "further", f"{word} further {further}"
            yield "further", f"{lemma} further {further}"
            for last in _children(grandchild):
                yield "further", f"further {_word(last)}"


def _of_parties(predicate: Predicate) -> Iterator[tuple[str, str]]:
    for side, parties in (("actor", predicate.actors), ("recipient", predicate.recipients)):
        yield "party", f"{side} {min(len(parties), 3)}"
        for party in parties:
            yield "party", f"{side} {party.kind}"
            yield "party", f"{side} {party.kind} {party.agent}"
            if party.kind == "group":
                yield "party", f"{side} named {party.name.split()[-1].lower()}"
    for child in _children(predicate.match.head):
        if child.dep_ in ("nsubj", "nsubjpass"):
            yield "party", f"subject {_word(child)}"
            for grandchild in _children(child):
                if grandchild.dep_ in ("compound", "amod"):
                    yield "party", f"subject has {_word(grandchild)}"


def _of_sentence(head: Token) -> Iterator[tuple[str, str]]:
    words = _sentence(head)
    before = ""
    for token in words:
        if token.is_punct or token.is_space:
            before = ""
            continue
        word = _word(token)
        if token.pos_ in CONTENT:
            yield "sentence", f"sentence {word}"
            yield "side", f"{'before' if token.i < head.i else 'behind'} {word}"
        if before:
            yield "pair", f"{before} then {word}"
        before = word
    token, steps = head, 0
    while token.head.i != token.i and steps < MAX_STEPS_UP:
        token, steps = token.head, steps + 1
    yield "place", f"depth {steps}"
    yield "place", f"place {sum(1 for each in words if each.i < head.i) // WORDS_A_PLACE}"


def vectors(predicate: Predicate) -> Vector:
    """The directions of the predicate, of what hangs on it, of its clause without the subject and of its sentence, one by one."""
    head = predicate.match.head
    children = _children(head)
    hanging = [word for word in predicate.match.words if word.i != head.i]
    hanging += [child for child in children if child.dep_ in OBJECTS]
    for child in children:
        if child.dep_ in ("prep", "agent"):
            hanging += [inner for inner in _children(child) if inner.dep_ in ("pobj", "pcomp")]
    behind = head.doc[head.i : min(head.sent.end, head.i + MAX_CLAUSE)]
    return np.concatenate([_direction(words) for words in ([head], hanging, behind, _sentence(head))])


def _direction(words: Iterable[Token]) -> Vector:
    """The mean vector of nouns, verbs and adjectives, of length VECTOR_SCALE; zero without any."""
    told = [word.vector for word in words if word.pos_ in TELLING and not word.is_stop and word.has_vector]
    mean = np.mean(np.asarray(told, np.float64), axis=0) if told else np.zeros(VECTOR_WIDTH)
    length = float(np.linalg.norm(mean))
    return mean * (VECTOR_SCALE / length) if length else mean


def _sentence(head: Token) -> list[Token]:
    start = head.sent.start
    return list(head.doc[start : min(head.sent.end, start + MAX_SENTENCE)])


def _children(token: Token) -> list[Token]:
    """The token's dependents but for marks and articles, of very many the first."""
    found: list[Token] = []
    for child in token.children:
        if not child.is_punct and child.dep_ != "det":
            found.append(child)
        if len(found) == MAX_CHILDREN:
            break
    return found


def _word(token: Token) -> str:
    """The lemma; of names and values what they are, so that nothing is learnt of one country or one sum."""
    if token.ent_type_ in VALUES and not token.lemma_.isalpha():
        return f"<{token.ent_type_}>"
    if token.pos_ == "PROPN" and token.ent_type_:
        return f"<{token.ent_type_}>"
    return token.lemma_.lower()
