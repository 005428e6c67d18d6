"""What a document's names tell of one another: its countries, its day, and which of two far places of one name is near the rest."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flows.text.gazetteer import Entry, folded_key, gazetteer, lookup, type_group

Row = Mapping[str, Any]

COUNTRY_KINDS = ("country", "demonym", "contested region")

# A place speaks for a namesake no farther away than this: Atlanta for the state, Baku for the country. From Tbilisi it
# reaches Moscow, Kyiv and Tehran; from the middle of the state New York, Texas and Chicago.
NEAR_KM = 2_000.0
EARTH_KM = 6_371.0


@dataclass(frozen=True)
class Setting:
    """One document as its names see it.

    Attributes:
        document_id: the document.
        published_on: its day; None if it has none.
        countries: ISO 3166-1 alpha-3 of the countries that it names or whose people it names.
        country_code: the one that it names most; None if it names none, or two as often.
        bodies: folded names of the intergovernmental bodies that it names.
        states: folded names that are two far places, a country and a region of another, and here mean the region.
    """

    document_id: str
    published_on: date | None = None
    countries: frozenset[str] = frozenset()
    country_code: str | None = None
    bodies: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


def known_as(name: str, group: str) -> tuple[Entry, ...]:
    """What the tables know of a type group by a name, likeliest first; marks between its words may differ.

    >>> [entry.name for entry in known_as("Al Shabaab", "ORG")] == [entry.name for entry in known_as("al-Shabaab", "ORG")]
    True
    """
    found = lookup(name) or _by_key().get(folded_key(name), ())
    return tuple(entry for entry in found if type_group(entry.entity_type) == group)


@cache
def _by_key() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for words, entries in gazetteer().entries.items():
        found.setdefault(folded_key(" ".join(words)), []).extend(entries)
    return {key: tuple(entries) for key, entries in found.items()}


@cache
def names_taken(group: str) -> frozenset[str]:
    """Folded usual names of what the tables know of a type group."""
    everything = (entry for entries in gazetteer().entries.values() for entry in entries)
    return frozenset(folded_key(entry.name) for entry in everything if type_group(entry.entity_type) == group)


def settings_of(mentions: Iterable[Row], published: Mapping[str, date | None]) -> dict[str, Setting]:
    """Document to its setting; `mentions` hold every mention of each document in it, in any order."""
    names: dict[str, Counter[tuple[str, str]]] = {}
    for row in mentions:
        counted = names.setdefault(row["document_id"], Counter())
        counted[type_group(row["entity_type"]), row["name"]] += 1
    return {document: _setting(document, found, published.get(document)) for document, found in names.items()}


def _setting(document: str, names: Counter[tuple[str, str]], published_on: date | None) -> Setting:
    states = frozenset(
        folded_key(name) for group, name in names if group == "PLACE" and _is_the_region(name, names.keys())
    )
    countries: Counter[str] = Counter()
    bodies = set()
    for (group, name), count in names.items():
        known = lookup(name)
        if group in ("PLACE", "NORP") and known and known[0].kind in COUNTRY_KINDS and folded_key(name) not in states:
            countries.update({known[0].country_code: count} if known[0].country_code else {})
        elif group == "ORG" and known and known[0].entity_type == "ORG":
            bodies.add(folded_key(known[0].name))
    ranked = sorted(countries.items(), key=lambda item: -item[1])
    alone = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
    return Setting(
        document, published_on, frozenset(countries), ranked[0][0] if alone else None, frozenset(bodies), states
    )


def two_georgias(entries: Sequence[Entry]) -> tuple[Entry, Entry] | None:
    """The country and the region elsewhere that share a name; None for nearly every name."""
    country = next((entry for entry in entries if entry.kind == "country"), None)
    region = next((entry for entry in entries if entry.kind == "region" and entry.latitude is not None), None)
    return (country, region) if country and region and country.country_code != region.country_code else None


def _is_the_region(name: str, beside: Iterable[tuple[str, str]]) -> bool:
    """Whether a name that a country and a far region share means the region: more of the document's other names are near it."""
    both = two_georgias(known_as(name, "PLACE"))
    if both is None:
        return False
    country, region = both
    votes = Counter[str]()
    for group, other in beside:
        if folded_key(other) != folded_key(name):
            votes[_nearer(group, other, country, region)] += 1
    return votes["region"] > votes["country"]


def _nearer(group: str, name: str, country: Entry, region: Entry) -> str:
    """Which of the two a name of the document speaks for: "country", "region" or neither, ""."""
    known: Sequence[Entry] = known_as(name, group)
    if not known or two_georgias(known):
        return ""
    if group not in ("PLACE", "NORP"):  # who is known to be of a country speaks for what is in it
        codes = {entry.country_code for entry in known}
        found = [what for what, entry in (("country", country), ("region", region)) if codes == {entry.country_code}]
        return found[0] if found else ""
    if known[0].kind in ("country", "demonym"):
        if known[0].country_code == region.country_code:
            return "region"
        known = [_capitals()[known[0].country_code]] if known[0].country_code in _capitals() else []
    near = {_nearest(entry, country, region) for entry in known}
    return near.pop() if len(near) == 1 else ""


def _nearest(place: Entry, country: Entry, region: Entry) -> str:
    distances = sorted((distance_km(place, there), what) for what, there in (("country", country), ("region", region)))
    return distances[0][1] if distances[0][0] <= NEAR_KM else ""


def distance_km(first: Entry, second: Entry) -> float:
    """Kilometres between two places along the great circle; infinite where one has no coordinates."""
    if first.latitude is None or first.longitude is None or second.latitude is None or second.longitude is None:
        return math.inf
    low, high = math.radians(first.latitude), math.radians(second.latitude)
    across = math.radians(second.longitude - first.longitude)
    half = math.sin((high - low) / 2) ** 2 + math.cos(low) * math.cos(high) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


@cache
def _capitals() -> dict[str | None, Entry]:
    """Country to its capital: a country's middle may be far from where its news is made."""
    found: dict[str | None, Entry] = {}
    for entries in gazetteer().entries.values():
        for entry in entries:
            if entry.kind == "capital":
                found.setdefault(entry.country_code, entry)
    return found
