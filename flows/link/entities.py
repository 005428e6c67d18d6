"""entities: the persons, organisations and places that mentions resolve to, over all documents.

Extract has already given each mention the fullest name of its document; here names of different documents meet: through
the reference tables' aliases, else by the same spelling, persons also by the same transliteration. What the tables do
not know has an id that only its own name decides, so that further documents never change it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.text.gazetteer import Entry, folded_key, lookup, skeleton, type_group
from flows.text.ids import content_id

Row = Mapping[str, Any]
NameKey = tuple[str, str]

# A town that no country of the document holds is taken for the known one of that name only from so many inhabitants:
# a village of the news has the name of some larger town elsewhere more often than the news leaves out the country.
FAMOUS_POPULATION = 500_000

# A namesake in a country that the document names stands for itself only with this share of the usual one's inhabitants:
# Tripoli in Lebanon has a fifth of Libya's, London in Ontario a twenty-fifth of England's.
RIVAL_SHARE = 0.1


def fold_name(name: str) -> str:
    """A name as the key under which `link_entities` files it.

    >>> fold_name("the U.N. Security Council") == fold_name("UN Security Council")
    True
    """
    return folded_key(name)


@dataclass
class _Thing:
    """What gathers under one key while rows are read."""

    entry: Entry | None
    names: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    wordings: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


class Entities:
    """What the mentions read so far resolve to. Documents may come in any order and in any batches, each whole."""

    def __init__(self) -> None:
        """No mention has been read."""
        self._things: dict[tuple[str, str], _Thing] = {}

    def add(self, mentions: Sequence[Row]) -> tuple[dict[str, str], dict[NameKey, str]]:
        """Give the mentions of some documents their entities.

        Args:
            mentions: rows with mention_id, document_id, entity_type, name (the fullest of the document) and text.

        Returns:
            mention_id → entity_id; and (document_id, fold_name of a name or wording) → entity_id, through which other
            facts' names resolve. The order of the mentions changes nothing.
        """
        return _file(mentions, self._things)

    def rows(self) -> list[dict[str, Any]]:
        """Rows of `entities`, by id."""
        rows = [_row(content_id("entities", *key), thing) for key, thing in self._things.items()]
        return sorted(rows, key=lambda row: str(row["entity_id"]))

    def countries(self) -> dict[str, str | None]:
        """Entity id to its country's code, None where the reference tables name none."""
        return {
            content_id("entities", *key): thing.entry.country_code if thing.entry else None
            for key, thing in self._things.items()
        }


def link_entities(mentions: Sequence[Row]) -> tuple[list[dict[str, Any]], dict[str, str], dict[NameKey, str]]:
    """Rows of `entities`, and what `Entities.add` gives, for mentions that fit into memory."""
    entities = Entities()
    of_mention, of_name = entities.add(mentions)
    return entities.rows(), of_mention, of_name


def _file(mentions: Sequence[Row], things: dict[tuple[str, str], _Thing]) -> tuple[dict[str, str], dict[NameKey, str]]:
    """As Entities.add; fills `things`."""
    countries = _countries_of(mentions)
    keys: dict[tuple[str, str, str], tuple[str, str, Entry | None]] = {}
    of_mention: dict[str, str] = {}
    filed: dict[NameKey, Counter[tuple[int, str]]] = {}
    for row in mentions:
        document, group, name = row["document_id"], type_group(row["entity_type"]), " ".join(row["name"].split())
        asked = (document, group, name)
        if asked not in keys:
            keys[asked] = _key(group, name, countries.get(document, frozenset()))
        kind, canonical, entry = keys[asked]
        thing = things.setdefault((kind, canonical), _Thing(entry))
        thing.names[name] += 1
        thing.types[row["entity_type"]] += 1
        thing.wordings.add(" ".join(row["text"].split()))
        thing.documents.add(document)
        entity_id = content_id("entities", kind, canonical)
        of_mention[row["mention_id"]] = entity_id
        for rank, wording in ((0, row["name"]), (1, row["text"])):
            filed.setdefault((document, fold_name(wording)), Counter())[rank, entity_id] += 1
    of_name = {key: _commonest_of_best_rank(found) for key, found in filed.items() if key[1]}
    return of_mention, of_name


def _commonest_of_best_rank(found: Counter[tuple[int, str]]) -> str:
    """A name before a wording, then the most frequent, then the smaller id."""
    return min(found, key=lambda ranked: (ranked[0], -found[ranked], ranked[1]))[1]


def _row(entity_id: str, thing: _Thing) -> dict[str, Any]:
    entry = thing.entry
    is_place = entry is not None and type_group(entry.entity_type) == "PLACE"
    return {
        "entity_id": entity_id,
        "name": entry.name if entry else _commonest(thing.names),
        "entity_type": _commonest(thing.types),
        "country_code": entry.country_code if entry else None,
        "aliases": sorted(thing.wordings),
        "latitude": entry.latitude if entry and is_place else None,
        "longitude": entry.longitude if entry and is_place else None,
        "geonames_id": entry.geonames_id if entry and is_place else None,
        "article_count": len(thing.documents),
    }


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda value: (-counts[value], value))


def _countries_of(mentions: Iterable[Row]) -> dict[str, frozenset[str]]:
    """Document to the countries that it names or whose people it names: they tell which Tripoli is meant."""
    found: dict[str, set[str]] = {}
    for row in mentions:
        if type_group(row["entity_type"]) in ("PLACE", "NORP"):
            for entry in lookup(row["name"])[:1]:
                if entry.kind in ("country", "demonym", "contested region") and entry.country_code:
                    found.setdefault(row["document_id"], set()).add(entry.country_code)
    return {document: frozenset(codes) for document, codes in found.items()}


def _key(group: str, name: str, countries: frozenset[str]) -> tuple[str, str, Entry | None]:
    """(group, canonical name folded, reference entry or None) of a name in a document that names these countries."""
    entries = [entry for entry in lookup(name) if type_group(entry.entity_type) == group]
    if group == "PERSON":
        known = entries if len({entry.name for entry in entries}) == 1 else []
        if known:
            return group, folded_key(known[0].name), known[0]
        return group, " ".join(skeleton(word) for word in folded_key(name).split()) or name, None
    if group == "PLACE":
        place, others = _place(entries, countries)
        if place:
            # the namesake elsewhere is another entity: "tripoli" and "tripoli lbn"
            return (
                group,
                " ".join([folded_key(place.name), *([place.country_code or ""] if others else [])]).strip(),
                place,
            )
        return group, folded_key(name) or name, None
    if entries:
        return group, folded_key(entries[0].name), entries[0]
    return group, folded_key(name) or name, None


def _place(entries: Sequence[Entry], countries: frozenset[str]) -> tuple[Entry | None, bool]:
    """The place meant, and whether it is a lesser namesake of the usual one."""
    if not entries:
        return None, False
    usual = min(entries, key=lambda entry: (not entry.is_sure, -entry.population))
    if usual.kind == "country" or usual.country_code in countries:
        return usual, False
    rivals = [
        entry
        for entry in entries
        if entry.country_code in countries and entry.population >= RIVAL_SHARE * usual.population
    ]
    if rivals and not (usual.is_sure and usual.kind != "capital"):
        chosen = max(rivals, key=lambda entry: entry.population)
        return chosen, folded_key(chosen.name) == folded_key(usual.name)
    return (usual, False) if usual.is_sure or usual.population >= FAMOUS_POPULATION else (None, False)
