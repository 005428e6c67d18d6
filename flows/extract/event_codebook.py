"""The codebook: which words state which PLOVER event, as a user may extend it (seeds/reference/event_triggers.csv).

How to write a row: README.md beside this module, "The codebook".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from flows.errors import ReferenceDamaged
from flows.text.reference import reference_rows
from schemas.codes import PLOVER_MODES, PLOVER_ROOTS

TRIGGERS_FILE = "event_triggers.csv"
CLASSES_FILE = "event_word_classes.csv"
PARTS_OF_SPEECH = ("VERB", "NOUN", "ADJ")
# what makes the rest of a noun's trigger its complement: "suspension of aid"
PREPOSITIONS = frozenset({"of", "on", "against", "for", "with", "from", "to", "by", "in"})
FRAMES = {
    "act": "the subject acts, upon the object",
    "meet": "all who are named are actors",
    "visit": "the subject goes to the object, its host",
    "suffer": "the subject is the recipient: came under fire",
    "receive": "the subject gets it, whoever stands behind `from` is the actor",
}
NEEDS = {
    "": "at least one party, actor or recipient",
    "actor": "an actor",
    "recipient": "a recipient",
    "both": "an actor and a recipient",
    "two": "two parties",
    "three": "three parties: a mediator and both sides",
    "states": "an actor, and two parties with names",
    "armed": "an armed actor (soldiers, rebels), or one with a name that does it to a recipient",
    "soldiers": "an armed actor",
    "harm": "an armed actor, or a recipient",
    "weapon": "a weapon as subject, and a recipient",
    "land": "a party, and a town, base, road or the like as object",
    "people": "people as recipient: protesters, prisoners",
    "captive": "a recipient that is no mere thing",
    "person": "a person or group as recipient",
    "persons": "an actor, and a person or group as recipient",
    "statesman": "a person or one who speaks for a state as actor, and a recipient with a name",
    "crowd": "people as actor: protesters, workers",
    "workers": "people as actor, and no recipient",
    "infinitive": "an actor, and a clause with `to`: asked them to leave",
    "cause": "an actor, and a recipient or a plan, deal or the like as object",
    "claim": "an actor, and an object that is no person or body",
    "gift": "an actor, an object, and a recipient",
    "handed": "an actor, an object, and `to` behind the verb",
    "poss": "an actor, and words behind the noun that say what it is about",
    "called": "a person or state as actor, a person as object, and nothing that he is called",
}


@dataclass(frozen=True)
class Trigger:
    """One row of the codebook.

    Attributes:
        words: for each place the lemmas that fit it.
        pos: VERB, NOUN or ADJ.
        plover: PLOVER root; empty if these words are no event.
        mode: PLOVER mode; empty if the words do not tell.
        frame: one of FRAMES; empty if they are no event.
        needs: one of NEEDS: which parties there must be for these words to be an event.
    """

    words: tuple[frozenset[str], ...]
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
        return next((i - 1 for i, lemmas in enumerate(self.words) if i and lemmas & PREPOSITIONS), len(self.words) - 1)


@cache
def triggers() -> tuple[Trigger, ...]:
    """The codebook, as read.

    Raises:
        ReferenceDamaged: a row is not one; it says which, and what to write.
    """
    return read_triggers(reference_rows("event_triggers.csv"), word_classes())


@cache
def word_classes() -> dict[str, frozenset[str]]:
    """Name of a class of words to its lemmas."""
    found: dict[str, set[str]] = {}
    for row in reference_rows("event_word_classes.csv"):
        found.setdefault(row["class"], set()).add(row["lemma"])
    return {name: frozenset(lemmas) for name, lemmas in found.items()}


def read_triggers(rows: Iterable[Mapping[str, str]], classes: Mapping[str, frozenset[str]]) -> tuple[Trigger, ...]:
    """Triggers of rows with the columns words, pos, plover, mode, frame and needs.

    >>> row = {"words": "impose @curb", "pos": "VERB", "plover": "COERCE", "mode": "curfew", "frame": "act", "needs": "actor"}
    >>> [sorted(lemmas) for lemmas in read_triggers([row], {"curb": frozenset({"ban", "curfew"})})[0].words]
    [['impose'], ['ban', 'curfew']]

    Raises:
        ReferenceDamaged: a value that the row's column does not allow; names the line of the file, the column and what may stand there.
    """
    # the header is line 1
    return tuple(_read(row, line, classes) for line, row in enumerate(rows, start=2))


def _read(row: Mapping[str, str], line: int, classes: Mapping[str, frozenset[str]]) -> Trigger:
    def check(column: str, allowed: Iterable[str]) -> str:
        value = row.get(column) or ""
        if value not in allowed:
            choices = ", ".join(name or "nothing" for name in allowed)
            raise _bad(row, line, column, f"{value!r} is not one of: {choices}.")
        return value

    pos = check("pos", PARTS_OF_SPEECH)
    plover = check("plover", (*PLOVER_ROOTS, ""))
    mode = check("mode", (*PLOVER_MODES.get(plover, ()), ""))
    frame = check("frame", FRAMES if plover else ("",))
    needs = check("needs", NEEDS if plover else ("",))
    words = (row.get("words") or "").split()
    if not words:
        raise _bad(row, line, "words", "there is none. Write at least one lemma.")
    return Trigger(tuple(_lemmas(word, row, line, classes) for word in words), pos, plover, mode, frame, needs)


def _lemmas(word: str, row: Mapping[str, str], line: int, classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The lemmas that one word of a row allows."""
    found: set[str] = set()
    for part in word.split("/"):
        if not part:
            raise _bad(row, line, "words", f"{word!r} has an empty alternative. Write a/b.")
        if part != part.lower():
            raise _bad(row, line, "words", f"{part!r} has capitals, so that no lemma fits it. Write {part.lower()!r}.")
        if not part.startswith("@"):
            found.add(part)
        elif part[1:] in classes:
            found |= classes[part[1:]]
        else:
            known = ", ".join(f"@{name}" for name in sorted(classes))
            raise _bad(
                row, line, "words", f"{CLASSES_FILE} has no class {part!r}. Add it there, or use one of: {known}."
            )
    return frozenset(found)


def _bad(row: Mapping[str, str], line: int, column: str, what: str) -> ReferenceDamaged:
    return ReferenceDamaged(
        f"seeds/reference/{TRIGGERS_FILE}, line {line} ({row.get('words') or ''!r}), column {column}: {what}"
    )
