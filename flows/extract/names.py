"""Names within one document: which wordings mean the same thing, and the fullest of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from flows.text.gazetteer import (
    REMEMBERED,
    Entry,
    Word,
    find_wordings,
    fold,
    folded_key,
    lookup,
    skeleton,
    type_group,
    words_of,
)
from flows.text.reference import reference_rows


@cache
def title_words() -> frozenset[str]:
    """The folded words of every title: "prime", "minister", "gen"; not the small ones of "Secretary of State"."""
    return frozenset(
        word.folded for row in reference_rows("titles.csv") for word in words_of(row["title"]) if word.text[0].isupper()
    )


@cache
def head_types() -> dict[str, str]:
    """The folded word that ends names of a type, or begins them before "of": "island" to LOC, "ministry" to ORG."""
    return {fold(row["word"]): row["entity_type"] for row in reference_rows("name_heads.csv") if not row["begins"]}


@cache
def first_types() -> dict[str, str]:
    """The folded word that begins names of a type: "mount" to LOC, "operation" to EVENT."""
    return {fold(row["word"]): row["entity_type"] for row in reference_rows("name_heads.csv") if row["begins"]}


@dataclass(frozen=True)
class Wording:
    """A mention before it has its name.

    Attributes:
        start: offset into the document's text.
        end: offset, exclusive.
        text: the words between.
        entity_type: OntoNotes label.
        entry: what the reference tables know under this wording.
        full: the wording with the country before it ("Armenia's Defense Ministry" for "Defense Ministry"), if it has one.
    """

    start: int
    end: int
    text: str
    entity_type: str
    entry: Entry | None = None
    full: str | None = None


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
    """Folded words of a person's name without marks, without "al-" and its like."""
    return tuple(word.folded for word in words_of(text) if word.text[0].isalnum() and word.folded not in ARTICLES)


ARTICLES = ("al", "el", "the")
# From so many letters capitals alone are a word in capitals (a dateline, a headline), not an acronym.
WORD_IN_CAPITALS = 6


def full_names(wordings: Sequence[Wording]) -> list[str]:
    """For each wording the fullest name that the document gives to the same thing."""
    keys = _things(wordings)
    wordings_of: dict[tuple[str, str], Counter[str]] = {}
    for key, wording in zip(keys, wordings, strict=True):
        wordings_of.setdefault(key, Counter())[" ".join((wording.full or wording.text).split())] += 1
    entries = {key: wording.entry for key, wording in zip(keys, wordings, strict=True) if wording.entry}
    best = {key: _fullest(counts, entries.get(key)) for key, counts in wordings_of.items()}
    return [best[key] for key in keys]


def _fullest(counts: Counter[str], entry: Entry | None) -> str:
    """The wording with most words, then the most frequent, then the first by name; capitals give way to the usual name."""
    best = min(counts, key=lambda text: (is_acronym(text), -len(folded_key(text).split()), -counts[text], text))
    if not best.isupper():
        return best
    if entry:
        return entry.name
    return best.title() if len(best) >= WORD_IN_CAPITALS else best


def _things(wordings: Sequence[Wording]) -> list[tuple[str, str]]:
    """A key for each wording: wordings of the same thing share it."""
    persons = _person_keys(wordings)
    bodies = _body_keys(wordings)
    keys: list[tuple[str, str]] = []
    for wording in wordings:
        group = type_group(wording.entity_type)
        folded = folded_key(wording.full or wording.text)
        if group == "PERSON":
            keys.append((group, persons.get(folded, folded)))
        elif wording.entry:
            keys.append((group, folded_key(wording.entry.name)))
        else:
            keys.append((group, bodies.get((group, folded), folded)))
    return keys


def _person_keys(wordings: Iterable[Wording]) -> dict[str, str]:
    """Folded wording to the folded fullest name: "putin" to "vladimir putin", where one person of the document fits.

    Where several fit a surname (two Kabilas), it stays a name of its own: null beats a guess.
    """
    words_of_name: dict[str, tuple[str, ...]] = {}
    entries: dict[str, Entry] = {}
    for wording in wordings:
        if wording.entity_type == "PERSON":
            key = folded_key(wording.text)
            words_of_name.setdefault(key, name_words(wording.text))
            if wording.entry:
                entries.setdefault(key, wording.entry)
    longest_first = sorted(words_of_name, key=lambda key: -len(words_of_name[key]))
    # a surname or first name alone is sought among all words of fuller names, a name of several words by its first and
    # last: each list is then gone through once, however many persons share a first name
    by_word: dict[str, list[str]] = {}
    by_ends: dict[tuple[str, str], list[str]] = {}
    keys: dict[str, str] = {}
    for key in longest_first:
        words = words_of_name[key]
        first, last = (words[0], skeleton(words[-1])) if words else ("", "")
        ends = first if len(first) == 1 else skeleton(first), last
        fuller = dict.fromkeys(by_ends.get(ends, ()) if len(words) > 1 else by_word.get(last, ()))
        entry = entries.get(key)
        fitting = [other for other in fuller if _is_same_person(words, words_of_name[other], entry, entries.get(other))]
        if entry and not fitting:
            fitting = [
                other for other, known in entries.items() if keys.get(other) == other and known.name == entry.name
            ]
        keys[key] = fitting[0] if len(fitting) == 1 or (fitting and len(words) > 1) else key
        if keys[key] == key:
            for word in words:
                by_word.setdefault(skeleton(word), []).append(key)
            for known_by in dict.fromkeys((ends[0], first[:1])):
                by_ends.setdefault((known_by, last), []).append(key)
    return keys


def _is_same_person(shorter: tuple[str, ...], longer: tuple[str, ...], one: Entry | None, other: Entry | None) -> bool:
    if one and other:
        return one.name == other.name
    spelled = [skeleton(word) for word in longer]
    if len(shorter) == 1:
        return skeleton(shorter[0]) in spelled
    # "Bashar Assad" and "Bashar Hafez Assad": first and last agree; "V. Putin": the initial does
    same_first = skeleton(shorter[0]) == spelled[0] or (len(shorter[0]) == 1 and longer[0].startswith(shorter[0]))
    return same_first and skeleton(shorter[-1]) == spelled[-1]


def _body_keys(wordings: Iterable[Wording]) -> dict[tuple[str, str], str]:
    """(group, folded wording) to the folded fuller name.

    An acronym goes to the name with those initials; a name that begins or ends one longer name goes to that
    ("Foreign Ministry" to "Russian Foreign Ministry", "Bardo" to "Bardo National Museum").
    """
    spelled: dict[tuple[str, str], str] = {}
    acronyms: dict[tuple[str, str], str] = {}
    longer: dict[tuple[str, str], set[str]] = {}
    short: set[tuple[str, str]] = set()
    organs: dict[tuple[str, frozenset[str]], str] = {}
    keys: dict[tuple[str, str], str] = {}
    for wording in wordings:
        group = type_group(wording.entity_type)
        text = wording.full or wording.text
        folded = folded_key(text)
        if group not in ("ORG", "PLACE") or wording.entry:
            continue
        if is_acronym(text):
            acronyms.setdefault((group, folded), "".join(c for c in text if c.isalpha()))
            continue
        short.add((group, folded))
        words = folded.split()
        if len(words) > 1:
            spelled.setdefault((group, initials(text)), folded)
            if group == "ORG":
                organ = organ_of_state(text)
                same = organs.setdefault(organ, folded) if organ else folded
                if same != folded:
                    keys[group, folded] = same
                for cut in range(1, len(words)):
                    longer.setdefault((group, " ".join(words[cut:])), set()).add(same)
                    longer.setdefault((group, " ".join(words[:cut])), set()).add(same)
    keys |= {key: spelled[key[0], letters] for key, letters in acronyms.items() if (key[0], letters) in spelled}
    for key in short:
        fuller = longer.get(key, set())
        if len(fuller) == 1 and key[1] not in head_types():
            keys[key] = next(iter(fuller))
    return keys


@lru_cache(maxsize=REMEMBERED)
def organ_of_state(name: str) -> tuple[str, frozenset[str]] | None:
    """(country code, what it is) of a body named with its country first or last; None for other names.

    >>> organ_of_state("Armenia's Ministry of Defence") == organ_of_state("Armenian Defense Ministry")
    True
    """
    words = words_of(name)
    found = [
        m for m in find_wordings(words) if m.entries[0].kind in ("country", "demonym") and m.entries[0].country_code
    ]
    if len(found) != 1 or (found[0].first != 0 and found[0].last != len(words)):
        return None
    country = found[0]
    rest = {word.folded for word in (*words[: country.first], *words[country.last :]) if word.text[0].isalnum()}
    return str(country.entries[0].country_code), frozenset(
        SAME_WORDS.get(word, word) for word in rest - {"of", "the", "for", "s", "affairs", "and"}
    )


# Spellings of one word in the names of ministries.
SAME_WORDS = {"defence": "defense", "labour": "labor", "centre": "center", "organisation": "organization"}


def without_titles(words: Sequence[Word]) -> Sequence[Word]:
    """The words of a person's name without the titles and nationalities before it: "Gen. Mark Milley" to "Mark Milley"."""
    last = 0
    for at, word in enumerate(words):
        is_between = last == at and (word.text in (".", "-", "of", "in") or _is_people(word))
        if word.folded in title_words() or is_between:
            last = at + 1
    return words[last:] if last < len(words) else ()


def _is_people(word: Word) -> bool:
    return any(entry.kind == "demonym" for entry in lookup(word.text)[:1])
