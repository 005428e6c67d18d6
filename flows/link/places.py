"""Which place a name is, and what its coordinates stand for."""

from collections.abc import Sequence

from flows.link.setting import Setting, two_georgias
from flows.text.gazetteer import Entry, folded_key, lookup, type_group

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
    entries = [entry for entry in lookup(name) if type_group(entry.entity_type) == GROUP]
    place, is_namesake = _place(name, entries, setting)
    if place is None:
        return folded_key(name) or name, None
    # the namesake elsewhere is another entity: "tripoli" and "tripoli lbn"
    code = (place.country_code or "") if is_namesake else ""
    return f"{folded_key(place.name)} {code}".strip(), place


def _place(name: str, entries: Sequence[Entry], setting: Setting) -> tuple[Entry | None, bool]:
    """The place meant, and whether it is a lesser namesake of the usual one."""
    if not entries:
        return None, False
    both = two_georgias(entries)
    if both and folded_key(name) in setting.states:
        return both[1], True
    usual = min(entries, key=lambda entry: (not entry.is_sure, -entry.population))
    if usual.kind == "country" or usual.country_code in setting.countries:
        return usual, False
    rivals = [
        entry
        for entry in entries
        if entry.country_code in setting.countries and entry.population >= RIVAL_SHARE * usual.population
    ]
    if rivals and not (usual.is_sure and usual.kind != "capital"):
        chosen = max(rivals, key=lambda entry: entry.population)
        return chosen, folded_key(chosen.name) == folded_key(usual.name)
    return (usual, False) if usual.is_sure or usual.population >= FAMOUS_POPULATION else (None, False)


def precision(place: Entry) -> str | None:
    """What a place's coordinates stand for; None if it has none."""
    return PRECISION[place.kind] if place.latitude is not None else None
