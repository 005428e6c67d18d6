"""Invented events, parties, claims and documents for what incidents are made of."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flows.link.incidents import Context, find_incidents
from flows.text.ids import content_id

Row = dict[str, Any]

# name → type, country, latitude, longitude. Real places and countries, so that the gazetteer knows what they are.
PLACES = {
    "Armenia": ("GPE", "ARM", None, None),
    "Azerbaijan": ("GPE", "AZE", None, None),
    "Russia": ("GPE", "RUS", None, None),
    "Yerevan": ("GPE", "ARM", 40.18, 44.51),
    "Sochi": ("GPE", "RUS", 43.6, 39.73),
    "Saint Petersburg": ("GPE", "RUS", 59.94, 30.31),
    "Nagorno-Karabakh": ("GPE", "AZE", 39.8, 46.75),
    "Oakmoor": ("GPE", None, None, None),
    "Elmstead": ("GPE", None, None, None),
}
PEOPLE = {"Anna Petrosyan": "ARM", "Rauf Guliyev": "AZE", "Ivan Sokolov": "RUS"}


def entity_id(name: str) -> str:
    return content_id("told", name)


ENTITIES: dict[str, Row] = {
    entity_id(name): {
        "entity_id": entity_id(name),
        "name": name,
        "entity_type": kind,
        "country_code": code,
        "claimed_by": [],
        "latitude": latitude,
        "longitude": longitude,
    }
    for name, (kind, code, latitude, longitude) in {
        **PLACES,
        **{person: ("PERSON", code, None, None) for person, code in PEOPLE.items()},
    }.items()
}


def document_id(name: str) -> str:
    return content_id("documents", name)


def event_id(name: str) -> str:
    return content_id("events", name)


def casualty_id(name: str) -> str:
    return content_id("casualties", name)


def event(name: str, document: str, root: str = "ASSAULT", day: date | None = None, **changes: Any) -> Row:
    """An event told of by a document; `end` where it took more than a day, `place` by its name."""
    place = changes.pop("place", None)
    end = changes.pop("end", day)
    return {
        "event_id": event_id(name),
        "document_id": document_id(document),
        "start_char": 0,
        "text": "the attack",
        "plover": root,
        "mode": None,
        "trigger": "attack",
        "separately_with": None,
        "status": "happened",
        "is_background": False,
        "date_start": day,
        "date_end": end,
        "date_precision": "day" if day else None,
        "date_basis": "clause" if day else None,
        "place": place,
        "place_entity_id": entity_id(place) if place else None,
        **changes,
    }


def party(event_name: str, name: str, role: str = "actor") -> Row:
    known = ENTITIES.get(entity_id(name))
    return {
        "event_id": event_id(event_name),
        "role": role,
        "name": name,
        "entity_id": known["entity_id"] if known else None,
        "country_code": known["country_code"] if known else None,
    }


def claim(name: str, event_name: str | None, document: str, figure: int | None = None, **changes: Any) -> Row:
    return {
        "casualty_id": casualty_id(name),
        "document_id": document_id(document),
        "start_char": 0,
        "text": f"{figure} people were killed",
        "kind": "killed",
        "low": figure,
        "high": figure,
        "qualifier": "exact",
        "count_start_char": 0,
        "count_end_char": len(str(figure)),
        "rule": "passive_verb",
        "victims": "people",
        "side": None,
        "date_start": None,
        "date_end": None,
        "place_entity_id": None,
        "attributed_to": None,
        "event_id": event_id(event_name) if event_name else None,
        **changes,
    }


def at_least(figure: int) -> Row:
    return {"low": figure, "high": None, "qualifier": "at_least"}


def contexts(*told: tuple[str, str, date | None] | tuple[str, str, date | None, str]) -> dict[str, Context]:
    """Documents: name, story, day of publication, and the document it copies."""
    return {
        document_id(name): Context(story, document_id(copied[0] if copied else name), published)
        for name, story, published, *copied in told
    }


def tables(
    events: Iterable[Row], articles: dict[str, Context], parties: Iterable[Row] = (), claims: Iterable[Row] = ()
) -> dict[str, list[Row]]:
    return find_incidents(list(events), list(parties), list(claims), articles, ENTITIES)


def together(found: dict[str, list[Row]]) -> set[frozenset[str]]:
    """The events of each incident."""
    groups: dict[str, set[str]] = {}
    for row in found["incident_events"]:
        groups.setdefault(row["incident_id"], set()).add(row["event_id"])
    return {frozenset(group) for group in groups.values()}


def events_named(*names: str) -> frozenset[str]:
    return frozenset(map(event_id, names))
