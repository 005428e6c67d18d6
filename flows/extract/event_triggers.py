"""Which words state an event: matching the lexicon of seeds/reference/event_triggers.csv against a parse."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from flows.text.reference import reference_rows

# a second word of a verb's trigger stands in one of these relations to the word before it, or to the verb
LINKS = frozenset(
    {"dobj", "prep", "prt", "advmod", "attr", "acomp", "xcomp", "ccomp", "oprd", "pobj", "dative", "nsubjpass", "npadvmod",
     "amod", "compound", "acl", "agent"}
)  # fmt: skip
# what makes the rest of a noun's trigger its complement: "suspension of aid"
PREPOSITIONS = frozenset({"of", "on", "against", "for", "with", "from", "to", "by", "in"})
MAX_COORDINATED = 12  # longer coordinations are lists, and reading them whole would cost quadratic time


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

    @property
    def head(self) -> int:
        """Which of the words rules the others: a verb's first; a noun's last, or the one before its preposition."""
        if self.pos != "NOUN":
            return 0
        return next(
            (i - 1 for i, lemmas in enumerate(self.words) if i and lemmas[0] in PREPOSITIONS), len(self.words) - 1
        )


# "said that all sides must withdraw" is a demand, though no one word of it is
DEMAND = Trigger((("say",), ("must",)), "VERB", "REQUEST", "", "act", "both")
SAYING = frozenset(
    {"say", "tell", "state", "declare", "add", "insist", "stress", "note", "argue", "tweet", "write", "reiterate"}
)
OUGHT = frozenset({"must", "should"})


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
            tuple(_lemmas(word) for word in row["words"].split()),
            row["pos"],
            row["plover"],
            row["mode"],
            row["frame"],
            row["needs"],
        )
        for row in reference_rows("event_triggers.csv")
    )


@cache
def word_classes() -> dict[str, tuple[str, ...]]:
    """Class of words to its lemmas."""
    found: dict[str, list[str]] = {}
    for row in reference_rows("event_word_classes.csv"):
        found.setdefault(row["class"], []).append(row["lemma"])
    return {name: tuple(lemmas) for name, lemmas in found.items()}


def _lemmas(word: str) -> tuple[str, ...]:
    """The lemmas that one word of a row allows."""
    found: list[str] = []
    for part in word.split("/"):
        found += word_classes()[part[1:]] if part.startswith("@") else [part]
    return tuple(found)


@cache
def _by_head() -> dict[tuple[str, str], tuple[Trigger, ...]]:
    """(head lemma, part of speech) to the triggers it may begin, those of more words first."""
    table: dict[tuple[str, str], list[Trigger]] = {}
    for trigger in triggers():
        for lemma in trigger.words[trigger.head]:
            table.setdefault((lemma, trigger.pos), []).append(trigger)
    return {key: tuple(sorted(found, key=lambda t: -len(t.words))) for key, found in table.items()}


def find_triggers(doc: Doc) -> list[tuple[Match, ...]]:
    """Every stretch of words that states an event, in order, with its readings in the lexicon's order.

    A word belongs to one stretch, the longest that it can: "reached an agreement" is one, not also an agreement.
    """
    readings: dict[tuple[int, ...], list[Match]] = {}
    for token in doc:
        for match in _matches_at(token):
            readings.setdefault(tuple(sorted(word.i for word in match.words)), []).append(match)
        if token.lower_ in OUGHT and token.dep_ == "aux" and token.head.dep_ == "ccomp":
            saying = token.head.head
            if saying.lemma_ in SAYING and saying.pos_ == "VERB":
                readings.setdefault((min(saying.i, token.i), max(saying.i, token.i)), []).append(
                    Match(DEMAND, saying, (saying, token))
                )
    taken: set[int] = set()
    kept: list[tuple[Match, ...]] = []
    for places in sorted(readings, key=lambda p: (-len(p), p)):
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(_until_refused([*readings[places], *_within(places, readings)]))
    agreed = {m[0].head.i for m in kept if m and m[0].trigger.plover == "AGREE"}
    kept = [m for m in kept if m and not (m[0].head.dep_ == "xcomp" and m[0].head.head.i in agreed)]
    # "talks mediated by", "an attack carried out by": the participle says who took part, not that more happened
    nouns = {word.i for matches in kept for word in matches[0].words if word.pos_ == "NOUN"}
    kept = [matches for matches in kept if not _tells_of(matches[0].head, nouns)]
    return sorted(kept, key=lambda matches: matches[0].head.i)


def _within(places: tuple[int, ...], readings: dict[tuple[int, ...], list[Match]]) -> Iterator[Match]:
    """What the single words of a longer stretch say by themselves, for where the whole of it is no event after all."""
    if len(places) > 1:
        for place in places:
            yield from readings.get((place,), ())


def _until_refused(matches: list[Match]) -> tuple[Match, ...]:
    """The readings up to the first that says: these words are no event."""
    end = next((i for i, match in enumerate(matches) if not match.trigger.plover), len(matches))
    return tuple(matches[:end])


def _matches_at(token: Token) -> Iterator[Match]:
    """All triggers whose head this token is."""
    if token.pos_ in ("VERB", "AUX"):
        # "occupied land", "disputed region": a participle before a noun describes it, and tells of no event
        if token.dep_ == "amod":
            return
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
    """The words right before the head and those that its preposition brings, if they fit."""
    first = head.i - trigger.head
    if first < 0:
        return None
    words = tuple(head.doc[first : head.i + 1])
    if any(word.is_sent_start for word in words[1:]):
        return None
    if not all(word.lemma_.lower() in lemmas for word, lemmas in zip(words, trigger.words, strict=False)):
        return None
    complement = _complement(head, trigger, trigger.words[trigger.head + 1 :])
    return None if complement is None else words + complement


def _verb_words(head: Token, trigger: Trigger) -> tuple[Token, ...] | None:
    """The verb's dependents that fit the further words, each hanging on the one before it or on the verb."""
    complement = _complement(head, trigger, trigger.words[1:])
    return None if complement is None else (head, *complement)


def _complement(head: Token, trigger: Trigger, wanted: tuple[tuple[str, ...], ...]) -> tuple[Token, ...] | None:
    """The words behind the head, each hanging on the one before it or on the head; None if they do not all fit."""
    words = [head]
    for lemmas in wanted:
        linked = [*_dependents(words[-1], trigger)] if words[-1] is not head else []
        linked += [*_dependents(head, trigger)]
        fitting = next(
            (t for t in linked if t.lemma_.lower() in lemmas and t not in words and not _is_apart(head, t)), None
        )
        if fitting is None:
            return None
        words.append(fitting)
    return tuple(words[1:])


def coordinated(token: Token) -> list[Token]:
    """What is coordinated with the token behind it, in order; of a very long run its first members."""
    found: list[Token] = []
    todo = [token]
    while todo and len(found) < MAX_COORDINATED:
        current = todo.pop()
        for child in current.rights:
            if child.dep_ == "conj":
                found.append(child)
                todo.append(child)
    return sorted(found, key=lambda t: t.i)


def _tells_of(verb: Token, nouns: set[int]) -> bool:
    return verb.dep_ == "acl" and verb.tag_ == "VBN" and verb.head.i in nouns


def _is_apart(head: Token, word: Token) -> bool:
    """Whether a preposition does not go with the verb: "on Monday called", "called on Monday for"."""
    if word.dep_ not in ("prep", "prt"):
        return False
    return word.i < head.i or any(child.ent_type_ in ("DATE", "TIME") for child in word.children)


def _dependents(token: Token, trigger: Trigger) -> Iterator[Token]:
    """Those that can be part of the trigger; of coordinated objects all ("declared a truce and an amnesty")."""
    for child in token.children:
        if child.dep_ in LINKS:
            yield child
            yield from coordinated(child)
        if not trigger.plover:
            continue  # "killed at the time" is not "killed time"
        # "five days of exercises", "put under arrest": what a preposition brings belongs to the verb as much
        prepositions = [child] if child.dep_ in ("prep", "agent") else [c for c in child.children if c.lower_ == "of"]
        for preposition in prepositions:
            yield from (grandchild for grandchild in preposition.children if grandchild.dep_ == "pobj")
    # "the talks that they held": the object of a relative clause is the word that it tells of
    if token.dep_ == "relcl":
        yield token.head
