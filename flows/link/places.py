"""Which place a name is, and what its coordinates stand for."""

from collections.abc import Sequence
from dataclasses import replace

from flows.link.setting import Setting, known_as, two_georgias
from flows.text.gazetteer import Entry, folded_key

GROUP = "PLACE"

# A town that no country of the document holds is taken for the known one of that name only from so many inhabitants:
# a village of the news has the name of some larger town elsewhere more often than the news leaves out the country.
FAMOUS_POPULATION = 500_000

# A namesake in a country that the document names stands for itself only with this share of the usual one's inhabitants:
# Tripoli in Lebanon has a fifth of Libya's, London in Ontario a twenty-fifth of England's.
RIVAL_SHARE = 0.1

# What a kind of place's coordinates stand for: a spot, a town, a stretch of land or water, a state's part, a state, more.
PRECISION = {
    "site": "site",
    "crossing": "site",
    "city": "city",
    "capital": "city",
    "area": "area",
    "water": "area",
    "border": "area",
    "region": "region",
    "contested region": "region",
    "country": "country",
    "former country": "country",
    "continent": "continent",
}


def place_key(name: str, setting: Setting) -> tuple[str, Entry | None]:
    """The words that tell a place from all others, and the table's entry if it is one of the table's."""
    place = _place(name, known_as(name, GROUP), setting)
    return (_own_key(place), place) if place else (folded_key(name) or name, None)


def _place(name: str, entries: Sequence[Entry], setting: Setting) -> Entry | None:
    """The place meant."""
    if not entries:
        return None
    both = two_georgias(entries)
    if both and folded_key(name) in setting.states:
        return both[1]
    usual = _usual(entries)
    if usual.kind == "country" or usual.country_code in setting.countries:
        return usual
    rivals = [
        entry
        for entry in entries
        if entry.country_code in setting.countries and entry.population >= RIVAL_SHARE * usual.population
    ]
    if rivals and not (usual.is_sure and usual.kind != "capital"):
        return max(rivals, key=lambda entry: entry.population)
    return usual if usual.is_sure or usual.population >= FAMOUS_POPULATION else None


def _usual(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda entry: (not entry.is_sure, -entry.population))


def _own_key(place: Entry) -> str:
    """The usual bearer of a name has it alone; a namesake elsewhere is another entity: "tripoli" and "tripoli LBN"."""
    namesakes = [entry for entry in known_as(place.name, GROUP) if entry.name == place.name]
    key = folded_key(place.name)
    if _is_same(_usual(namesakes), place):
        return key
    if _is_same(_usual([entry for entry in namesakes if entry.country_code == place.country_code]), place):
        return f"{key} {place.country_code or ''}"
    return f"{key} {place.geonames_id or place.kind}"


def _is_same(first: Entry, second: Entry) -> bool:
    """Whether two entries are of one place; a further spelling of it is less sure."""
    return replace(first, is_sure=True) == replace(second, is_sure=True)


def precision(place: Entry) -> str | None:
    """What a place's coordinates stand for; None if it has none."""
    return PRECISION[place.kind] if place.latitude is not None else None
