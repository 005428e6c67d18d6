"""Whether nobody did it: floods kill, and so do fevers, crashes and fires, and none of them is an event of force."""

from functools import cache

from spacy.tokens import Token

from flows.extract.event_codebook import word_classes
from flows.extract.event_grammar import agent_of, objects_of, subject_of

HARM = frozenset({"kill", "wound", "injure", "hurt", "maim", "die"})
CAUSES = frozenset({"in", "by", "from", "following"})
WHEN = frozenset({"when", "after", "as", "because"})
# "an outbreak of violence", "a storm of bullets" are no misfortunes
DONE = ("attack", "fighting", "arms")


@cache
def _class(name: str) -> frozenset[str]:
    return word_classes().get(name, frozenset())


def is_misfortune(verb: Token) -> bool:
    """Whether a misfortune stands where the attacker would: as subject or agent, or as what people were harmed in.

    The words are the classes `misfortune` (flood, virus, crash) and `mishap` (the bus overturned) of event_word_classes.csv.
    """
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    subject, passive = subject_of(verb)
    agent = agent_of(verb)
    if _is_one(agent if passive else subject) or (subject is not None and not passive and _is_named(subject)):
        return True
    if verb.lemma_ not in HARM:
        return False
    if verb.dep_ == "advcl" and verb.tag_ == "VBG" and _is_mishap(verb.head):
        return True  # "the boat capsized, killing 30"
    if agent is not None or not (passive or verb.lemma_ == "die"):
        return False
    return any(_is_one(cause) for _, cause in objects_of(verb, CAUSES)) or any(
        child.dep_ == "advcl" and _is_mishap(child) and any(mark.lower_ in WHEN for mark in child.children)
        for child in verb.children
    )


def _is_mishap(verb: Token) -> bool:
    """So "the bus overturned", but not "the bomb collapsed the house"."""
    return verb.lemma_.lower() in _class("mishap") and not any(child.dep_ == "dobj" for child in verb.children)


def _is_named(subject: Token) -> bool:
    """As in "Typhoon Lando killed": the model takes the two words apart."""
    return subject.pos_ == "PROPN" and subject.i > 0 and _is_one(subject.nbor(-1)) and subject.nbor(-1).pos_ == "PROPN"


def _is_one(cause: Token | None) -> bool:
    """Whether the word, or what a name says it is ("Typhoon Lando"), is a misfortune."""
    if cause is None:
        return False
    if cause.lemma_.lower() == "fire":
        # "a fire", "the fire"; "artillery fire" and "friendly fire" are not
        kinds = {child.dep_ for child in cause.children}
        return "det" in kinds and kinds.isdisjoint({"compound", "amod", "poss"})
    words = [cause]
    if cause.pos_ == "PROPN":
        words += [child for child in cause.children if child.dep_ == "compound"]
    if not any(word.lemma_.lower() in _class("misfortune") for word in words):
        return False
    return not any(
        content.lemma_.lower() in _class(name) or content.lemma_ == "violence"
        for _, content in objects_of(cause, frozenset({"of"}))
        for name in DONE
    )
