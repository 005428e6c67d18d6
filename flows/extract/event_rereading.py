"""Lexicon and scorer together: which root a predicate has, and which predicates that the lexicon does not know tell of an event."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spacy.tokens import Doc

from flows.extract.event_codebook import Trigger
from flows.extract.event_merging import Candidate
from flows.extract.event_scorer import ROOTS, Predicate
from flows.extract.event_status import HAPPENED, PLANNED
from flows.extract.event_triggers import Match

OVERRULING = 0.4  # chance of a root from which it replaces the lexicon's
PROPOSING = 0.3  # chance from which a predicate that the lexicon does not know, or without the parties that it asks for, has a root
NAMED = frozenset({"name", "person", "group"})  # kinds of parties that are no mere things
# The manual makes AGREE, which has then happened, of all that is promised; of these the tables keep the root and say `planned`.
PLANNED_AS_THEY_ARE = frozenset({"CONSULT", "AID", "SUPPORT", "MOBILIZE"})


def unread(doc: Doc, taken: set[int]) -> Iterator[Match]:
    """The verbs that belong to no trigger, each as a match without a root."""
    for token in doc:
        if token.pos_ == "VERB" and token.dep_ not in ("amod", "aux", "auxpass") and token.i not in taken:
            yield Match(Trigger((frozenset({token.lemma_.lower()}),), "VERB", "", "", "act", ""), token, (token,))


def reread(candidate: Candidate, chances: Mapping[str, float]) -> Candidate:
    """The lexicon's candidate with the root that both make of it."""
    root = likeliest(chances)
    planned = candidate.status == PLANNED
    kept = root == "AGREE" and planned and candidate.plover in PLANNED_AS_THEY_ARE
    # "not willing to talk": the scorer, which has seen few refusals, would make an agreement of one at .53
    refused = candidate.plover == "REJECT" and root == candidate.match.trigger.plover
    if root == candidate.plover or chances[root] < OVERRULING or kept or refused:
        return replace(candidate, score=chances[candidate.plover])
    return replace(
        candidate,
        plover=root,
        mode=None,
        status=HAPPENED if root == "AGREE" and planned else candidate.status,
        weak=candidate.weak and root == "ASSAULT",
        score=chances[root],
        rule=f"{candidate.rule}; scorer {chances[root]:.2f} -> {root}",
    )


def is_told(predicate: Predicate) -> bool:
    """Whether a predicate has the parties without which none is proposed: on both sides, on a page of one sentence on either.

    Most verbs of a page have not, and to score them all would double the time that events take.
    """
    if predicate.is_alone:
        return bool(predicate.actors or predicate.recipients)
    return all(any(party.kind in NAMED for party in side) for side in (predicate.actors, predicate.recipients))


def proposed(predicate: Predicate, chances: Mapping[str, float]) -> Match | None:
    """The predicate's words with the likeliest root; None if it is not likely enough.

    Nor is one proposed that the lexicon reads in other words of the sentence: "will host talks" is one meeting. Nor an
    agreement where it reads a refusal: "said they were not willing to talk".
    """
    root = likeliest(chances)
    if chances[root] < PROPOSING or root in predicate.beside or (root == "AGREE" and "REJECT" in predicate.beside):
        return None
    return replace(predicate.match, trigger=replace(predicate.match.trigger, plover=root, mode="", needs=""))


def likeliest(chances: Mapping[str, float]) -> str:
    """The root of the greatest chance; of equal ones the first of ROOTS."""
    return max(ROOTS, key=lambda root: (chances[root], -ROOTS.index(root)))


def proposed_rule(candidate: Candidate, chances: Mapping[str, float]) -> str:
    """What made the row: "scorer 0.71: VERB rebuff -> REJECT"."""
    words = " ".join(word.lemma_.lower() for word in candidate.match.words)
    return f"scorer {chances[candidate.plover]:.2f}: {candidate.match.trigger.pos} {words} -> {candidate.plover}"
