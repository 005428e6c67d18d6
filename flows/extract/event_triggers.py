"""Which words state an event: matching the codebook against a parse."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from flows.extract.event_codebook import Trigger, triggers

# a second word of a verb's trigger stands in one of these relations to the word before it, or to the verb
LINKS = frozenset(
    {"dobj", "prep", "prt", "advmod", "attr", "acomp", "xcomp", "ccomp", "oprd", "pobj", "dative", "nsubjpass", "npadvmod",
     "amod", "compound", "acl", "agent"}
)  # fmt: skip
RELATIVE = frozenset({"who", "which", "that"})
MAX_COORDINATED = 12  # longer coordinations are lists, and reading them whole would cost quadratic time


# "said that all sides must withdraw" is a demand, though no one word of it is
DEMAND = Trigger((frozenset({"say"}), frozenset({"must"})), "VERB", "REQUEST", "", "act", "both")
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
        # "occupied land", "over disputed Kufra": a participle before a noun describes it, and tells of no event
        if token.dep_ == "amod" or (token.dep_ == "pcomp" and token.tag_ == "VBN" and not _is_being(token)):
            return
        pos = "VERB"
    elif token.pos_ in ("NOUN", "PROPN"):
        pos = "NOUN"
    elif token.pos_ == "ADJ":
        pos = "ADJ"
    else:
        return
    behind: list[_Linked] | None = None
    for trigger in _by_head().get((token.lemma_.lower(), pos), ()):
        before, head_and_after = trigger.words[: trigger.head], trigger.words[trigger.head :]
        if before and not _stands_before(token, before):
            continue
        if behind is None and len(head_and_after) > 1:
            behind = list(_dependents(token))
        words = _complement(token, head_and_after[1:], behind or [], direct=not trigger.plover)
        if words is not None:
            yield Match(trigger, token, (*token.doc[token.i - len(before) : token.i], token, *words))


def _is_being(verb: Token) -> bool:
    """Whether an auxiliary makes a clause of the participle: "after being shot"."""
    return any(child.dep_ == "auxpass" for child in verb.children)


def _stands_before(head: Token, wanted: tuple[frozenset[str], ...]) -> bool:
    """Whether a noun has the wanted words right before it, in its sentence."""
    first = head.i - len(wanted)
    if first < 0 or any(word.is_sent_start for word in head.doc[first + 1 : head.i + 1]):
        return False
    return all(word.lemma_.lower() in lemmas for word, lemmas in zip(head.doc[first : head.i], wanted, strict=True))


def _complement(
    head: Token, wanted: tuple[frozenset[str], ...], behind: list["_Linked"], *, direct: bool
) -> tuple[Token, ...] | None:
    """The words behind the head, each hanging on the one before it or on the head; None if they do not all fit.

    `behind` is what hangs on the head; `direct` leaves out what a preposition brings: "killed at the time" is not "killed time".
    """
    words: list[Token] = []
    for lemmas in wanted:
        linked = [*_dependents(words[-1]), *behind] if words else behind
        fitting = next(
            (
                one.token
                for one in linked
                if one.lemma in lemmas
                and not (direct and one.brought)
                and one.token not in words
                and not _is_apart(head, one.token)
            ),
            None,
        )
        if fitting is None:
            return None
        words.append(fitting)
    return tuple(words)


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


@dataclass(frozen=True)
class _Linked:
    """A word that can be part of a longer trigger; `brought` if a preposition brings it."""

    token: Token
    lemma: str
    brought: bool = False


def _dependents(token: Token) -> Iterator[_Linked]:
    """The words that hang on the token; of coordinated objects all ("declared a truce and an amnesty")."""
    for child in token.children:
        # "struck, according to police": by its lemma it would be an accord that was struck
        if child.dep_ in LINKS and child.lower_ != "according":
            for each in (child, *coordinated(child)):
                yield _Linked(each, each.lemma_.lower())
        # "five days of exercises", "put under arrest": what a preposition brings belongs to the verb as much
        prepositions = [child] if child.dep_ in ("prep", "agent") else [c for c in child.children if c.lower_ == "of"]
        for preposition in prepositions:
            for grandchild in preposition.children:
                if grandchild.dep_ == "pobj":
                    yield _Linked(grandchild, grandchild.lemma_.lower(), brought=True)
    # "the talks that they held": the object of a relative clause is the word that it tells of
    if token.dep_ == "relcl" and not any(c.dep_ == "nsubj" and c.lower_ in RELATIVE for c in token.children):
        yield _Linked(token.head, token.head.lemma_.lower())
