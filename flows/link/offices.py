"""Who held which public office when: seeds/reference/actors.csv, one row for each term, asked by role, country and day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from flows.text.gazetteer import folded_key, lookup
from flows.text.reference import reference_rows

INTERNATIONAL = "international"

# "the president of Armenia"; the other order, "the Armenian president" and "Armenia's president", is tried word by word.


@dataclass(frozen=True)
class Term:
    """A person in an office.

    Attributes:
        person: the person's usual name.
        role: as in actors.csv.
        country_code: ISO 3166-1 alpha-3; None for an office of an international body.
        start: first day; None if open or not known.
        end: last day; None if open or not known.
    """

    person: str
    role: str
    country_code: str | None
    start: date | None
    end: date | None

    def covers(self, first: date, last: date) -> bool:
        """Whether the person is known to have held it on every day from `first` to `last`."""
        return self.start is not None and self.start <= first and (self.end is None or last <= self.end)

    def meets(self, first: date, last: date) -> bool:
        """Whether the person may have held it on some day from `first` to `last`; a term without any day is none."""
        if self.start is None and self.end is None:
            return False
        return (self.start is None or self.start <= last) and (self.end is None or first <= self.end)

    def __str__(self) -> str:
        """Role, country and ISO 8601 interval, ".." where open.

        >>> str(Term("Ada Brandt", "president", "XVE", date(2014, 5, 7), None))
        'president XVE 2014-05-07/..'
        """
        days = f"{self.start or '..'}/{self.end or '..'}"
        return " ".join(part for part in (self.role, self.country_code, days) if part and part != "../..")


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the table's order."""
    return tuple(
        Term(row["name"], row["role"], row["country_code"] or None, _day(row["start"]), _day(row["end"]))
        for row in reference_rows("actors.csv")
        if row["role"]
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def terms_of(person: str) -> tuple[Term, ...]:
    """A person's terms, the earliest first, those without a first day last."""
    own = [term for term in terms() if term.person == person]
    return tuple(sorted(own, key=lambda term: (term.start is None, term.start or date.min, str(term))))


def holder(role: str, country_code: str | None, first: date, last: date) -> str | None:
    """Who held an office from `first` to `last`; None unless exactly one person is known to have, all the time, and no one else any day."""
    met = [term for term in _by_office().get((role, country_code), ()) if term.meets(first, last)]
    persons = {term.person for term in met}
    return persons.pop() if len(persons) == 1 and any(term.covers(first, last) for term in met) else None


@cache
def _by_office() -> dict[tuple[str, str | None], tuple[Term, ...]]:
    found: dict[tuple[str, str | None], list[Term]] = {}
    for term in terms():
        found.setdefault((term.role, term.country_code), []).append(term)
    return {office: tuple(held) for office, held in found.items()}


@cache
def _wordings() -> dict[str, tuple[str, bool]]:
    """Folded wording of an office to its role and whether it is one of an international body."""
    return {
        folded_key(wording): (row["role"], row["scope"] == INTERNATIONAL)
        for row in reference_rows("offices.csv")
        for wording in (row["role"], *row["wordings"].split(";"))
        if wording
    }


OF = re.compile(r"^(?:the )?(?P<office>.+?) of (?:the )?(?P<country>.+)$", re.IGNORECASE)


def described_office(words: str) -> tuple[str, str | None] | None:
    """The office that words without a name describe, as (role, country); None if they describe no office that is known.

    >>> described_office("the Armenian president"), described_office("President of Armenia")
    (('president', 'ARM'), ('president', 'ARM'))
    >>> described_office("the U.N. secretary-general")
    ('UN secretary-general', None)
    >>> described_office("the former Armenian president"), described_office("the president") is None
    (None, True)
    """
    words = " ".join(words.split())
    whole = _wordings().get(folded_key(words))
    if whole and whole[1]:
        return whole[0], None
    for country, office in _readings(words):
        role = _wordings().get(folded_key(office))
        codes = {entry.country_code for entry in lookup(country) if entry.kind in ("country", "demonym")}
        if role and not role[1] and len(codes) == 1 and None not in codes:
            return role[0], codes.pop()
    return None


def _readings(words: str) -> Sequence[tuple[str, str]]:
    """(country, office) as the words may be divided."""
    found = []
    if of := OF.match(words):
        found.append((of["country"], of["office"]))
    parts = words.removeprefix("the ").removeprefix("The ").split(" ")
    if len(parts) > 2:  # noqa: PLR2004  # "the chief Russian diplomat"
        found.append((" ".join(parts[1:-1]), f"{parts[0]} {parts[-1]}"))
    for at in range(1, len(parts)):
        country = re.sub(r"['’]s?$", "", " ".join(parts[:at]))
        found.append((country, " ".join(parts[at:])))
    return found
