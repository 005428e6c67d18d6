"""Which person a name is: one of the reference table by name, country and day, else whoever else bears exactly this name.

A key is decided by the document alone, so that no further document moves it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from flows.link.offices import Term, terms_of
from flows.link.setting import Setting, known_as
from flows.text.gazetteer import Entry, folded_key, gazetteer, lookup, skeleton
from flows.text.reference import reference_rows

GROUP = "PERSON"

# From so many expected namesakes on (partners of the first name times partners of the surname, see common_names.csv) two
# documents' persons of one full name are taken for one only in one country and year.
COMMON_NAME = 1_000

# A surname alone is still the office-holder's so long before the first and after the last of the terms that the table
# knows; of a head of state or government always after.
BEFORE_OFFICE, AFTER_OFFICE = timedelta(days=5 * 365), timedelta(days=20 * 365)

# Whose surname alone news uses without any other hint.
HEADS = frozenset({"president", "prime minister", "premier", "chancellor", "leader", "king", "supreme leader"})

PARTICLES = frozenset({"al", "el"})
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def person_key(name: str, setting: Setting) -> tuple[str, Entry | None]:
    """The words that tell a person from all others, and the table's entry if it is one of the table's.

    A name of several words is that of everyone who bears it. A surname alone that the table does not decide is its own
    document's: two local reports of a "Smith" are of two people more often than not. A full name that many bear is one
    person only in one country and year.
    """
    known = _known(name, setting)
    if known:
        return folded_key(known.name), known
    words = _core_words(name)
    if len(words) < 2:  # noqa: PLR2004  # a surname alone
        return f"{' '.join(words) or name} {setting.document_id}", None
    key = _spelling(name)
    if namesakes(name) < COMMON_NAME:
        return " ".join(skeleton(word) for word in _without_initials(words)), None
    if setting.country_code is None and setting.published_on is None:
        return f"{key} {setting.document_id}", None
    year = setting.published_on.year if setting.published_on else ""
    return f"{key} {setting.country_code or ''} {year}", None


def _core_words(name: str) -> list[str]:
    words = folded_key(name).split()
    core = [word for word in words if word not in PARTICLES]
    return core if len(core) > 1 else words


def _without_initials(words: Sequence[str]) -> list[str]:
    """Middle initials out: "Randy C. Martini" is Randy Martini."""
    return [word for at, word in enumerate(words) if len(word) > 1 or at in (0, len(words) - 1)]


def namesakes(name: str) -> int:
    """How common a full name is: with how many surnames news has its first name, times the same for its surname.

    >>> namesakes("John Smith") > COMMON_NAME > namesakes("Ilham Aliyev")
    True
    """
    words = [word for word in _core_words(name) if word not in SUFFIXES]
    if len(words) < 2:  # noqa: PLR2004  # a surname alone
        return 0
    return _partners().get(("given", words[0]), 1) * _partners().get(("surname", words[-1]), 1)


@cache
def _partners() -> dict[tuple[str, str], int]:
    return {(row["part"], row["name"]): int(row["partners"]) for row in reference_rows("common_names.csv")}


def _known(name: str, setting: Setting) -> Entry | None:
    """The one person of the table that a name means in this document."""
    words = folded_key(name).split()
    if not words:
        return None
    spelt = _by_spelling().get(_spelling(name), ()) if len(words) > 1 else ()
    listed = {entry.name: entry for entry in (known_as(name, GROUP) or spelt)}
    alone = len(words) == 1
    ends = ("", words[0]) if alone else (words[0], words[-1])
    bearers = {entry.name: entry for entry in (*_bearers().get(ends, ()), *listed.values())}
    family = {who: entry for who, entry in bearers.items() if _is_of(entry, setting)}
    if not alone:
        told = listed if namesakes(name) < COMMON_NAME else {}
        return _full_name(told | {who: entry for who, entry in listed.items() if who in family}, family, setting)
    if not family and ("surname", words[0]) not in _partners():
        return _head_of_state(listed, setting.published_on)
    return _surname(listed, family, setting.published_on)


def _full_name(listed: dict[str, Entry], family: dict[str, Entry], setting: Setting) -> Entry | None:
    """Of those whose first and last name agree the one in office; else the one that the table lists under this wording."""
    day = setting.published_on
    both = {**family, **listed}
    if len(both) > 1 and day is not None:
        serving = [entry for entry in both.values() if any(term.covers(day, day) for term in terms_of(entry.name))]
        if len(serving) == 1:
            return serving[0]
    likely = listed or family
    return next(iter(likely.values())) if len(likely) == 1 else None


def _head_of_state(listed: dict[str, Entry], day: date | None) -> Entry | None:
    """A rare surname that the news of its day needs no country for: "Obama"."""
    found = [
        entry
        for entry in listed.values()
        if any(term.role in HEADS and (day is None or term.covers(day, day)) for term in terms_of(entry.name))
    ]
    return found[0] if len(found) == 1 else None


def _surname(listed: dict[str, Entry], family: dict[str, Entry], day: date | None) -> Entry | None:
    """Of a country's persons of this surname the one in office; without a day, or a rival, the one known by it alone."""
    if day is not None:
        held = [(entry, term) for entry in family.values() for term in terms_of(entry.name) if term.covers(day, day)]
        serving = {entry.name: entry for entry, term in held if listed or term.role in HEADS}
        if serving:  # on the day that one follows the other it may be either
            return next(iter(serving.values())) if len(serving) == 1 else None
    known = [entry for entry in listed.values() if entry.name in family]
    if len(known) != 1 or (day is None and len(family) > 1):
        return None
    return known[0] if day is None or _is_of_the_time(terms_of(known[0].name), day) else None


def _is_of(entry: Entry, setting: Setting) -> bool:
    """Whether the document names the person's country, or the body of an office of no country."""
    countries = _own_countries(entry)
    if countries & setting.countries:
        return True
    bodies = {body for term in terms_of(entry.name) if term.country_code is None for body in _bodies_of(term.role)}
    return bool(bodies & setting.bodies)


def _own_countries(entry: Entry) -> frozenset[str]:
    codes = {entry.country_code, *(term.country_code for term in terms_of(entry.name))}
    return frozenset(code for code in codes if code)


@cache
def _bodies_of(role: str) -> frozenset[str]:
    """Folded names of the bodies that a role names: "UN secretary-general" the United Nations."""
    words = role.split()
    found = {
        folded_key(entry.name)
        for size in range(1, len(words))
        for entry in lookup(" ".join(words[:size]))
        if entry.entity_type == "ORG"
    }
    return frozenset(found)


def _is_of_the_time(terms: Sequence[Term], day: date) -> bool:
    """Whether a surname alone may still be this person's on a day; true where the table knows no day of them."""
    starts = [term.start for term in terms if term.start]
    ends = [term.end for term in terms if term.end]
    is_remembered = any(term.end is None or term.role in HEADS for term in terms)
    after = not starts or min(starts) - BEFORE_OFFICE <= day
    return after and (is_remembered or not ends or day <= max(ends) + AFTER_OFFICE)


def _spelling(name: str) -> str:
    return " ".join(skeleton(word) for word in _core_words(name))


@cache
def _by_spelling() -> dict[str, tuple[Entry, ...]]:
    """The table's persons by how transliterations spell their names of several words."""
    found: dict[str, dict[str, Entry]] = {}
    for key, entries in gazetteer().entries.items():
        for entry in entries:
            if entry.entity_type == GROUP and len(key) > 1:
                found.setdefault(_spelling(" ".join(key)), {}).setdefault(entry.name, entry)
    return {spelling: tuple(named.values()) for spelling, named in found.items()}


@cache
def _bearers() -> dict[tuple[str, str], tuple[Entry, ...]]:
    """The table's persons by (first word, last word) of a name of several words, and by ("", surname)."""
    found: dict[tuple[str, str], dict[str, Entry]] = {}
    for key, entries in gazetteer().entries.items():
        for entry in entries:
            if entry.entity_type == GROUP and len(key) > 1:
                words = [word for word in folded_key(" ".join(key)).split() if word not in SUFFIXES]
                if len(words) > 1:
                    for ends in ((words[0], words[-1]), ("", words[-1])):
                        found.setdefault(ends, {}).setdefault(entry.name, entry)
    return {ends: tuple(named[name] for name in sorted(named)) for ends, named in found.items()}
