"""entities: the persons, organisations and places that mentions resolve to, over all documents.

Extract has already given each mention the fullest name of its document; here names of different documents meet: through
the reference tables' aliases, else by the same spelling, persons also by the same transliteration. What a name stands for
is decided by its own document (`setting.py`) and frozen tables alone, so that further documents never change it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.link import bodies, offices, persons, places
from flows.link.setting import Setting, names_taken, settings_of
from flows.text.gazetteer import Entry, folded_key, lookup, type_group
from flows.text.ids import content_id

Row = Mapping[str, Any]
NameKey = tuple[str, str]
Days = tuple[date, date]


def fold_name(name: str) -> str:
    """A name as the key under which `Entities.add` files it.

    >>> fold_name("the U.N. Security Council") == fold_name("UN Security Council")
    True
    """
    return folded_key(name)


@dataclass
class _Thing:
    """What gathers under one key while rows are read."""

    entry: Entry | None
    country_code: str | None
    names: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    wordings: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


class Entities:
    """What the mentions read so far resolve to. Documents may come in any order and in any batches, each whole."""

    def __init__(self) -> None:
        """No mention has been read."""
        self._things: dict[tuple[str, str], _Thing] = {}

    def add(
        self, mentions: Sequence[Row], published: Mapping[str, date | None]
    ) -> tuple[dict[str, str], dict[NameKey, str]]:
        """Give the mentions of some documents their entities.

        Args:
            mentions: rows with mention_id, document_id, entity_type, name (the fullest of the document) and text.
            published: document to its day; a document that is left out has none.

        Returns:
            mention_id → entity_id; and (document_id, fold_name of a name or wording) → entity_id, through which other
            facts' names resolve. The order of the mentions changes nothing.
        """
        settings = settings_of(mentions, published)
        keys: dict[tuple[str, str, str], tuple[str, Entry | None]] = {}
        of_mention: dict[str, str] = {}
        filed: dict[NameKey, Counter[tuple[int, str]]] = {}
        for row in mentions:
            document, group, name = row["document_id"], type_group(row["entity_type"]), " ".join(row["name"].split())
            asked = (document, group, name)
            if asked not in keys:
                keys[asked] = _key(group, name, settings[document])
            canonical, entry = keys[asked]
            thing = self._thing(group, canonical, entry)
            thing.names[name] += 1
            thing.types[row["entity_type"]] += 1
            thing.wordings.add(" ".join(row["text"].split()))
            thing.documents.add(document)
            entity_id = content_id("entities", group, canonical)
            of_mention[row["mention_id"]] = entity_id
            for rank, wording in ((0, row["name"]), (1, row["text"])):
                filed.setdefault((document, fold_name(wording)), Counter())[rank, entity_id] += 1
        of_name = {key: _commonest_of_best_rank(found) for key, found in filed.items() if key[1]}
        return of_mention, of_name

    def add_described(self, document_id: str, words: str, days: Days | None) -> str | None:
        """The entity of the office-holder whom words without a name describe, as "the Armenian president".

        Args:
            document_id: the document that has the words.
            words: a party's or speaker's words.
            days: first and last day on which it was so; None if not known.

        Returns:
            The entity's id, None unless exactly one person is known to have held the office all these days.
        """
        office = offices.described_office(words) if days else None
        who = offices.holder(*office, *days) if office and days else None
        entry = next((entry for entry in lookup(who) if entry.name == who), None) if who else None
        if entry is None:
            return None
        canonical = folded_key(entry.name)
        thing = self._thing(persons.GROUP, canonical, entry)
        thing.types[persons.GROUP] += 1
        thing.wordings.add(" ".join(words.split()))
        thing.documents.add(document_id)
        return content_id("entities", persons.GROUP, canonical)

    def _thing(self, group: str, canonical: str, entry: Entry | None) -> _Thing:
        return self._things.setdefault((group, canonical), _Thing(entry, _country_code(entry)))

    def rows(self) -> list[dict[str, Any]]:
        """Rows of `entities`, by id."""
        rows = [_row(content_id("entities", *key), thing) for key, thing in self._things.items()]
        return sorted(rows, key=lambda row: str(row["entity_id"]))

    def countries(self) -> dict[str, str | None]:
        """Entity id to its country's code, None where the reference tables name none."""
        return {content_id("entities", *key): thing.country_code for key, thing in self._things.items()}


def link_entities(
    mentions: Sequence[Row], published: Mapping[str, date | None] | None = None
) -> tuple[list[dict[str, Any]], dict[str, str], dict[NameKey, str]]:
    """Rows of `entities`, and what `Entities.add` gives, for mentions that fit into memory."""
    entities = Entities()
    of_mention, of_name = entities.add(mentions, published or {})
    return entities.rows(), of_mention, of_name


def _key(group: str, name: str, setting: Setting) -> tuple[str, Entry | None]:
    """The words that tell a thing from all others of its group, and the reference entry if it has one."""
    if group == persons.GROUP:
        key, entry = persons.person_key(name, setting)
    elif group == places.GROUP:
        key, entry = places.place_key(name, setting)
    else:
        key, entry = bodies.body_key(group, name, setting)
    # the village Bath that no country speaks for is not the town that the table knows
    return (key, entry) if entry or key not in names_taken(group) else (f"{key} ?", None)


def _commonest_of_best_rank(found: Counter[tuple[int, str]]) -> str:
    """A name before a wording, then the most frequent, then the smaller id."""
    return min(found, key=lambda ranked: (ranked[0], -found[ranked], ranked[1]))[1]


def _country_code(entry: Entry | None) -> str | None:
    """A place in dispute has the neutral code, not a claimant's."""
    return (entry.neutral_code or entry.country_code) if entry else None


def _row(entity_id: str, thing: _Thing) -> dict[str, Any]:
    entry = thing.entry
    place = entry if entry and type_group(entry.entity_type) == places.GROUP else None
    person = entry if entry and entry.entity_type == persons.GROUP else None
    return {
        "entity_id": entity_id,
        "name": entry.name if entry else _commonest(thing.names),
        "entity_type": _commonest(thing.types),
        "country_code": thing.country_code,
        "claimed_by": sorted(place.claimed_by) if place else [],
        "aliases": sorted(thing.wordings),
        "roles": [str(term) for term in offices.terms_of(person.name)] if person else [],
        "wikidata_id": person.wikidata_id if person else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "place_precision": places.precision(place) if place else None,
        "geonames_id": place.geonames_id if place else None,
        "article_count": len(thing.documents),
    }


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda value: (-counts[value], value))
