"""Names within one document: what belongs to a name, which wordings mean the same thing, and the fullest of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from flows.text.gazetteer import Entry, Word, folded_key, lookup, skeleton, type_group, words_of
from flows.text.reference import reference_rows


@cache
def title_words() -> frozenset[str]:
    """The folded words of every title: "prime", "minister", "gen"."""
    return frozenset(
        word.folded for row in reference_rows("titles.csv") for word in words_of(row["title"]) if word.text[0].isalpha()
    )


@dataclass(frozen=True)
class Wording:
    """A mention before it has its name: offsets into the document's text, its words, its type, and the entry it matches."""

    start: int
    end: int
    text: str
    entity_type: str
    entry: Entry | None = None


def known_entry(text: str, entity_type: str) -> Entry | None:
    """The reference entry that a wording of this type stands for; None if none, or if it may be several persons."""
    group = type_group(entity_type)
    fitting = [entry for entry in lookup(text) if type_group(entry.entity_type) == group]
    if not fitting or (group == "PERSON" and len({entry.name for entry in fitting}) > 1):
        return None
    return fitting[0]


def is_acronym(text: str) -> bool:
    """Capitals only, with or without points.

    >>> [is_acronym(text) for text in ("OSCE", "U.S.", "Putin", "M23")]
    [True, True, False, True]
    """
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(c.isupper() for c in letters) and " " not in text.strip()


def initials(text: str) -> str:
    """The capitals that begin its words.

    >>> initials("Organization for Security and Co-operation in Europe")
    'OSCE'
    """
    return "".join(word[0] for word in text.split() if word[0].isupper())


def name_words(text: str) -> tuple[str, ...]:
    """Folded words of a person's name without initials' points and without "al-" and its like."""
    return tuple(word.folded for word in words_of(text) if word.text[0].isalnum() and word.folded not in ARTICLES)


ARTICLES = ("al", "el", "the")


def full_names(wordings: Sequence[Wording]) -> list[str]:
    """For each wording the fullest name that the document gives to the same thing."""
    keys = _things(wordings)
    wordings_of: dict[tuple[str, str], Counter[str]] = {}
    for key, wording in zip(keys, wordings, strict=True):
        wordings_of.setdefault(key, Counter())[" ".join(wording.text.split())] += 1
    entries = {key: wording.entry for key, wording in zip(keys, wordings, strict=True) if wording.entry}
    best = {key: _fullest(counts, entries.get(key)) for key, counts in wordings_of.items()}
    return [best[key] for key in keys]


def _fullest(counts: Counter[str], entry: Entry | None) -> str:
    """The wording with most words, then the most frequent, then the first by name; a bare acronym gives way to the usual name."""
    best = min(counts, key=lambda text: (is_acronym(text), -len(text.split()), -counts[text], text))
    if entry and is_acronym(best):
        return entry.name
    if best.isupper() and len(best.split()) > 1:
        return entry.name if entry else best.title()
    return best


def _things(wordings: Sequence[Wording]) -> list[tuple[str, str]]:
    """A key for each wording: wordings of the same thing share it."""
    persons = _person_keys(wordings)
    bodies = _acronym_keys(wordings)
    keys: list[tuple[str, str]] = []
    for wording in wordings:
        group = type_group(wording.entity_type)
        folded = folded_key(wording.text)
        if group == "PERSON":
            keys.append((group, persons.get(folded, folded)))
        elif wording.entry:
            keys.append((group, folded_key(wording.entry.name)))
        else:
            keys.append((group, bodies.get((group, folded), folded)))
    return keys


def _person_keys(wordings: Iterable[Wording]) -> dict[str, str]:
    """Folded wording to the folded fullest name: "putin" to "vladimir putin", where just one person of the document fits."""
    firsts: dict[str, tuple[str, ...]] = {}
    entries: dict[str, Entry] = {}
    for wording in wordings:
        if wording.entity_type == "PERSON":
            key = folded_key(wording.text)
            firsts.setdefault(key, name_words(wording.text))
            if wording.entry:
                entries.setdefault(key, wording.entry)
    longest_first = sorted(firsts, key=lambda key: -len(firsts[key]))
    keys: dict[str, str] = {}
    for key in longest_first:
        fuller = [
            other
            for other in longest_first
            if other in keys
            and keys[other] == other
            and _is_same_person(firsts[key], firsts[other], entries.get(key), entries.get(other))
        ]
        keys[key] = fuller[0] if len(fuller) == 1 or (fuller and len(firsts[key]) > 1) else key
    return keys


def _is_same_person(shorter: tuple[str, ...], longer: tuple[str, ...], one: Entry | None, other: Entry | None) -> bool:
    if one and other and one.name == other.name:
        return True
    if not shorter or not longer:
        return False
    spelled = [skeleton(word) for word in longer]
    if len(shorter) == 1:
        return skeleton(shorter[0]) in spelled
    # "Bashar Assad" and "Bashar Hafez Assad": first and last agree; "V. Putin": the initial does
    return skeleton(shorter[-1]) == spelled[-1] and (
        skeleton(shorter[0]) == spelled[0] or (len(shorter[0]) == 1 and longer[0].startswith(shorter[0]))
    )


def _acronym_keys(wordings: Iterable[Wording]) -> dict[tuple[str, str], str]:
    """(group, folded acronym) to the folded spelled-out name with those initials."""
    spelled: dict[tuple[str, str], str] = {}
    acronyms: dict[tuple[str, str], str] = {}
    for wording in wordings:
        group = type_group(wording.entity_type)
        if group in ("ORG", "PLACE"):
            if is_acronym(wording.text):
                acronyms.setdefault((group, folded_key(wording.text)), "".join(c for c in wording.text if c.isalpha()))
            elif len(wording.text.split()) > 1:
                spelled.setdefault((group, initials(wording.text)), folded_key(wording.text))
    return {key: spelled[key[0], letters] for key, letters in acronyms.items() if (key[0], letters) in spelled}


def without_titles(words: Sequence[Word]) -> Sequence[Word]:
    """The words of a person's name without the titles before it: "Gen. Mark Milley" to "Mark Milley"."""
    last = 0
    for at, word in enumerate(words):
        if word.folded in title_words() or (word.text == "." and last == at):
            last = at + 1
    return words[last:] if last < len(words) else ()
