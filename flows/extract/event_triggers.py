"""Which words state an event: matching the lexicon of seeds/reference/event_triggers.csv against a parse."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from flows.text.reference import reference_rows

# a second word of a verb's trigger stands in one of these relations to the word before it, or to the verb
LINKS = frozenset(
    {"dobj", "prep", "prt", "advmod", "attr", "acomp", "xcomp", "oprd", "pobj", "dative", "nsubjpass", "npadvmod"}
)
MAX_WIDTH = 4  # words of the longest trigger


@dataclass(frozen=True)
class Trigger:
    """One row of the lexicon.

    Attributes:
        words: for each place the lemmas that fit it; of a verb's the first is its head, of a noun's the last.
        pos: VERB, NOUN or ADJ.
        plover: PLOVER root; empty if these words are no event.
        mode: PLOVER mode; empty if the words do not tell.
        frame: act, meet, visit or suffer.
        needs: which parties there must be for these words to be an event; empty for at least one.
    """

    words: tuple[tuple[str, ...], ...]
    pos: str
    plover: str
    mode: str
    frame: str
    needs: str


@dataclass(frozen=True)
class Match:
    """Words in a text that fit a trigger. `words` are in the order of the trigger's, `head` is the one that rules them."""

    trigger: Trigger
    head: Token
    words: tuple[Token, ...]


@cache
def triggers() -> tuple[Trigger, ...]:
    """The lexicon, as read."""
    return tuple(
        Trigger(
            tuple(tuple(word.split("/")) for word in row["words"].split()),
            row["pos"],
            row["plover"],
            row["mode"],
            row["frame"],
            row["needs"],
        )
        for row in reference_rows("event_triggers.csv")
    )


@cache
def _by_head() -> dict[tuple[str, str], tuple[Trigger, ...]]:
    """(head lemma, part of speech) to the triggers it may begin, those of more words first."""
    table: dict[tuple[str, str], list[Trigger]] = {}
    for trigger in triggers():
        head = trigger.words[-1] if trigger.pos == "NOUN" else trigger.words[0]
        for lemma in head:
            table.setdefault((lemma, trigger.pos), []).append(trigger)
    return {key: tuple(sorted(found, key=lambda t: -len(t.words))) for key, found in table.items()}


def find_triggers(doc: Doc) -> list[Match]:
    """Every stretch of words that states an event, in order; a word belongs to one match, the longest that it can."""
    found = [match for token in doc for match in _matches_at(token)]
    found.sort(key=lambda m: (-len(m.words), m.head.i))
    taken: set[int] = set()
    kept: list[Match] = []
    for match in found:
        places = {word.i for word in match.words}
        if not places & taken:
            taken |= places
            kept.append(match)
    return sorted((m for m in kept if m.trigger.plover), key=lambda m: m.head.i)


def _matches_at(token: Token) -> Iterator[Match]:
    """All triggers whose head this token is."""
    if token.pos_ in ("VERB", "AUX"):
        pos = "VERB"
    elif token.pos_ in ("NOUN", "PROPN"):
        pos = "NOUN"
    elif token.pos_ == "ADJ":
        pos = "ADJ"
    else:
        return
    for trigger in _by_head().get((token.lemma_.lower(), pos), ()):
        words = _noun_words(token, trigger) if pos == "NOUN" else _verb_words(token, trigger)
        if words is not None:
            yield Match(trigger, token, words)


def _noun_words(head: Token, trigger: Trigger) -> tuple[Token, ...] | None:
    """The words right before the head, if they fit."""
    first = head.i - len(trigger.words) + 1
    if first < head.sent.start:
        return None
    words = tuple(head.doc[first : head.i + 1])
    fit = all(word.lemma_.lower() in lemmas for word, lemmas in zip(words, trigger.words, strict=True))
    return words if fit else None


def _verb_words(head: Token, trigger: Trigger) -> tuple[Token, ...] | None:
    """The verb's dependents that fit the further words, each hanging on the one before it or on the verb."""
    words = [head]
    for lemmas in trigger.words[1:]:
        linked = [*_dependents(words[-1])] if words[-1] is not head else []
        linked += [*_dependents(head)]
        fitting = next((t for t in linked if t.lemma_.lower() in lemmas and t not in words), None)
        if fitting is None:
            return None
        words.append(fitting)
    return tuple(words)


def _dependents(token: Token) -> Iterator[Token]:
    """Those that can be part of a verb's trigger; of coordinated objects all ("declared a truce and an amnesty")."""
    for child in token.children:
        if child.dep_ in LINKS:
            yield child
            yield from child.conjuncts
        # "set up a base in": the object of a preposition belongs to the verb as much as a direct one
        if child.dep_ == "prep":
            yield from (grandchild for grandchild in child.children if grandchild.dep_ == "pobj")
    # "the talks that they held": the object of a relative clause is the word that it tells of
    if token.dep_ == "relcl":
        yield token.head
