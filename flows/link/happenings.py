"""What two events must share to be told of one real happening. Decided by the two of them alone, whatever else is in the data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from flows.text.gazetteer import lookup

Row = Mapping[str, Any]

# What people say or call for is the same only from the same mouth.
SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "SUPPORT", "THREATEN", "CONCEDE"})
# What two or more sides do together is the same only among the same sides.
SHARED = frozenset({"CONSULT", "AGREE", "COOPERATE"})

# Modes that one happening can be told in; a mode that no line names is compatible with itself alone, and none with all.
MODES_OF_ONE: tuple[frozenset[str], ...] = (
    frozenset({"aerial", "drone", "heavy-weapons", "explosives", "destroy"}),
    frozenset({"explosives", "suicide-attack"}),
    frozenset({"firearms", "targeted", "explosives", "heavy-weapons"}),
    frozenset({"beat", "primitive", "targeted"}),
    frozenset({"visit", "third-party", "multilateral"}),
    frozenset({"demo", "riot", "obstruct", "vandalize"}),
    frozenset({"withdraw", "ceasefire"}),
)

# Words for fighting that goes on: reports of different days date it differently.
LASTING = frozenset(
    {"fight", "fighting", "clash", "clashes", "war", "conflict", "hostilities", "violence", "campaign", "offensive"}
    | {"battle", "battles", "skirmish", "skirmishes", "siege", "fought", "clashed", "unrest", "escalation"}
)

# Days by which a date may be off. A report's own day stands in for the day before it as often as not (of 2,604 articles
# on shootings 35 in a hundred happened on the day of publication and 30 on the day before); fighting that lasts is dated
# by when it began, by the day told of, or by the week.
SLACK_DAYS = {"report": 2, "story": 1}
LASTING_DAYS = 3
# Intervals of so different length are not two datings of one thing: a battle of one day is not the war of ten years.
MOST_TIMES_LONGER = 12
NARROW_DAYS = 7
MONTH_DAYS = 31  # the same two do not meet twice in what both reports call one day, or one month

NEAR_KM = 30.0  # towns of one conurbation
NEAR_REGION_KM = 150.0  # a place and the middle of the region that it may lie in
EARTH_RADIUS_KM = 6371.0

TELLING_COUNT = 3  # one or two victims are had by most attacks
FINGERPRINT_COUNT = 1_000  # no two happenings among the same parties cost the same so many

SAME_STORY, SAME_PLACE, NEAR_PLACE, SAME_DAYS, SAME_FIGURE, SAME_TOLL, SAME_WAR = 2, 2, 1, 1, 1, 2, 1
ENOUGH = 3
ENOUGH_ACROSS_STORIES = 4  # where both events are the news of their documents, and the stories are others


@dataclass(frozen=True, slots=True)
class Place:
    """Where: an entity, with what is known of it. `reach` is country, region or spot; `claimed_by` the states that dispute it."""

    entity_id: str
    country_code: str | None
    reach: str
    latitude: float | None
    longitude: float | None
    claimed_by: frozenset[str] = frozenset()

    @property
    def countries(self) -> frozenset[str]:
        """The countries that it may be told to be in; empty if not known."""
        return self.claimed_by | ({self.country_code} if self.country_code else frozenset())


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it is compared with others.

    `first` and `last` are the days (proleptic ordinals) that it may have been on as told, None without a date;
    `earliest` and `latest` the same with the slack of what gives the date. `actors` and `parties` hold entity ids,
    `actor_countries` and `countries` codes, `states` the codes of countries that are a party themselves.
    `counts` are (kind, figure) of the claims linked to it; `tolls` those of them that tell it from any other.
    """

    event_id: str
    document_id: str
    story_id: str
    root: str
    mode: str | None
    is_background: bool
    is_lasting: bool
    is_dated_by_report: bool
    apart: str | None
    first: int | None
    last: int | None
    earliest: int
    latest: int
    place: Place | None
    actors: frozenset[str]
    parties: frozenset[str]
    actor_countries: frozenset[str]
    countries: frozenset[str]
    states: frozenset[str]
    counts: frozenset[tuple[str, int]]
    tolls: frozenset[tuple[str, int]]

    @property
    def days(self) -> int:
        """Length of its interval in days; 0 without a date."""
        return self.last - self.first + 1 if self.first is not None and self.last is not None else 0


@lru_cache(maxsize=20_000)
def _kinds(name: str) -> frozenset[tuple[str, str | None]]:
    return frozenset((entry.kind, entry.country_code) for entry in lookup(name))


def is_country(entity: Row | None) -> bool:
    """Whether an entity is a country itself.

    >>> is_country({"name": "Armenia", "country_code": "ARM"}), is_country({"name": "Yerevan", "country_code": "ARM"})
    (True, False)
    """
    return entity is not None and ("country", entity["country_code"]) in _kinds(entity["name"])


def place_of(entity_id: str | None, entities: Mapping[str, Row]) -> Place | None:
    """The place that an entity is; None without one."""
    if entity_id is None or (entity := entities.get(entity_id)) is None:
        return None
    if is_country(entity):
        reach = "country"
    elif any("region" in kind or kind == "area" for kind, _ in _kinds(entity["name"])):
        reach = "region"
    else:
        reach = "spot"
    claimed_by = frozenset(entity["claimed_by"])
    return Place(entity_id, entity["country_code"], reach, entity["latitude"], entity["longitude"], claimed_by)


def place_points(one: Place | None, other: Place | None) -> int | None:
    """What two places say of one happening: points for the same place or one inside the other, 0 unknown, None apart.

    >>> armenia = Place("a" * 16, "ARM", "country", None, None)
    >>> yerevan = Place("b" * 16, "ARM", "spot", 40.18, 44.51)
    >>> place_points(armenia, yerevan), place_points(yerevan, None)
    (1, 0)
    >>> place_points(yerevan, Place("c" * 16, "ARM", "spot", 40.79, 43.84)) is None
    True
    """
    if one is None or other is None:
        return 0
    if one.entity_id == other.entity_id:
        return NEAR_PLACE if one.reach == "country" else SAME_PLACE
    if one.countries and other.countries:
        if one.countries.isdisjoint(other.countries):
            return None
        if "country" in (one.reach, other.reach):
            return NEAR_PLACE
    if "country" in (one.reach, other.reach):  # the middle of a country is no place to measure from
        return 0
    if one.latitude is None or other.latitude is None:
        return 0
    reached = NEAR_REGION_KM if "region" in (one.reach, other.reach) else NEAR_KM
    return NEAR_PLACE if _km(one, other) <= reached else None


def _km(one: Place, other: Place) -> float:
    """Great-circle distance of two located places."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    latitude, other_latitude = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((other_latitude - latitude) / 2) ** 2 + cos(latitude) * cos(other_latitude) * sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def modes_meet(one: str | None, other: str | None) -> bool:
    """Whether one happening can be told in both modes.

    >>> modes_meet("aerial", "explosives"), modes_meet("firearms", None), modes_meet("phone", "visit")
    (True, True, False)
    """
    return one is None or other is None or one == other or any(one in both and other in both for both in MODES_OF_ONE)


def happening(
    event: Row, parties: Sequence[Row], claims: Sequence[Row], story_id: str, entities: Mapping[str, Row]
) -> Happening:
    """An event, the parties to it and the claims linked to it, as it is compared with others."""
    actors = [party for party in parties if party["role"] == "actor"]
    sides = {code for claim in claims for code in side_codes(claim["side"])}
    countries = frozenset(_codes(parties) | sides)
    states = frozenset(p["country_code"] for p in parties if is_country(entities.get(p["entity_id"]))) | sides
    is_lasting = event["plover"] == "ASSAULT" and (
        event["status"] == "ongoing" or bool(LASTING.intersection(event["trigger"].lower().split()))
    )
    counts = frozenset((c["kind"], n) for c in claims if (n := count_of(c)) is not None and n >= TELLING_COUNT)
    undated = frozenset((c["kind"], n) for c in claims if c["date_start"] is None and (n := count_of(c)) is not None)
    tolls = frozenset((kind, n) for kind, n in counts if n >= FINGERPRINT_COUNT)
    first, last = _ordinal(event["date_start"]), _ordinal(event["date_end"])
    if tolls & undated:
        # thousands do not die on the day that other words beside theirs tell of: the claim, had it a date, would say when
        first = last = None
    slack = LASTING_DAYS if is_lasting else SLACK_DAYS.get(event["date_basis"], 0)
    place = place_of(event["place_entity_id"], entities)
    if is_lasting and place and len(states) > 1 and place.countries and place.countries.isdisjoint(countries):
        place = None  # the town that the report is sent from: two states fight in neither's country only rarely
    return Happening(
        event["event_id"],
        event["document_id"],
        story_id,
        event["plover"],
        event["mode"],
        event["is_background"],
        is_lasting,
        event["date_basis"] == "report",
        event["separately_with"],
        first,
        last,
        (first or 0) - slack,
        (last or 0) + (LASTING_DAYS if is_lasting else 0),
        place,
        frozenset(p["entity_id"] for p in actors if p["entity_id"]),
        frozenset(p["entity_id"] for p in parties if p["entity_id"]),
        frozenset(_codes(actors)),
        countries,
        states - {None},
        counts,
        tolls,
    )


def _codes(parties: Iterable[Row]) -> set[str]:
    return {party["country_code"] for party in parties if party["country_code"]}


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def count_of(claim: Row) -> int | None:
    """The number that a claim's words give: the lower bound, else the upper one; None for dozens and scores."""
    count: int | None = claim["low"] if claim["low"] is not None else claim["high"]
    return count


@lru_cache(maxsize=20_000)
def side_codes(side: str | None) -> frozenset[str]:
    """Codes of the countries that a claim's `side` names.

    >>> sorted(side_codes("Armenia and Azerbaijan")), sorted(side_codes("Palestinians")), sorted(side_codes(None))
    (['ARM', 'AZE'], ['PSE'], [])
    """
    names = [] if side is None else side.replace(" and ", ", ").split(", ")
    found = (next((entry.country_code for entry in lookup(name) if entry.country_code), None) for name in names)
    return frozenset(code for code in found if code)


def points(one: Happening, other: Happening) -> int:
    """How much speaks for one happening; 0 where something speaks against it, or too little for it."""
    if not may_be_one(one, other):
        return 0
    same_story = one.story_id == other.story_id
    place = place_points(one.place, other.place)
    both_last = one.is_lasting and other.is_lasting
    shared, states = _shared_parties(one, other)
    if place is None:
        place = 0  # may_be_one let it pass: fighting between two states along a border
    if not _parties_suffice(one, other, shared, place):
        return 0
    total = place + min(shared, 2) + (SAME_STORY if same_story else 0) + (SAME_WAR if both_last and states > 1 else 0)
    if one.tolls & other.tolls:
        total += SAME_TOLL
    elif one.counts & other.counts:
        total += SAME_FIGURE
    if one.first is None or other.first is None:
        # without a day only the story says that the news is the same news, history the same history
        told = same_story and one.is_background == other.is_background
        told = told or (bool(one.tolls & other.tolls) and place > 0)
        return total if told and total >= ENOUGH else 0
    is_known_meeting = one.root in SHARED and shared > 1 and (one.first, one.last) == (other.first, other.last)
    if max(one.days, other.days) <= (MONTH_DAYS if is_known_meeting else NARROW_DAYS):
        total += SAME_DAYS
    both_news = not (same_story or one.is_background or other.is_background or is_known_meeting)
    return total if total >= (ENOUGH_ACROSS_STORIES if both_news else ENOUGH) else 0


def may_be_one(one: Happening, other: Happening) -> bool:
    """Whether nothing speaks against one happening: roots, modes, dates, places, who acts."""
    if one.root != other.root or not modes_meet(one.mode, other.mode):
        return False
    if one.document_id == other.document_id and _told_apart(one, other):
        return False
    return dates_meet(one, other) and places_meet(one, other) and not _acts_differ(one, other)


def _told_apart(one: Happening, other: Happening) -> bool:
    """Whether their one document tells them apart: as meetings one after the other, or by what they cost."""
    if one.apart != other.apart:
        return True
    both = {kind for kind, _ in one.counts} & {kind for kind, _ in other.counts}
    return bool(both) and not one.counts & other.counts


def dates_meet(one: Happening, other: Happening) -> bool:
    """Whether both may have been at one time and are dated alike finely; so they may if either has no date."""
    if one.first is None or other.first is None:
        return True
    if _is_late_report(one, other):
        return True
    if max(one.days, other.days) > MOST_TIMES_LONGER * min(one.days, other.days):
        return False
    return max(one.earliest, other.earliest) <= min(one.latest, other.latest)


def _is_late_report(one: Happening, other: Happening) -> bool:
    """Whether one of them is dated by its report alone: weeks later that may still tell of its story's day."""
    same = one.story_id == other.story_id and one.is_background == other.is_background
    return same and (one.is_dated_by_report or other.is_dated_by_report)


def places_meet(one: Happening, other: Happening) -> bool:
    """Whether both may have been in one place."""
    if one.is_lasting and other.is_lasting and _shared_parties(one, other)[1] > 1:
        return True
    return place_points(one.place, other.place) is not None


def _shared_parties(one: Happening, other: Happening) -> tuple[int, int]:
    """How many parties both have, by entity or by country, and how many countries."""
    entities = len(one.parties & other.parties)
    countries = one.countries & other.countries
    if len(countries) > 1:
        return max(entities, len(countries)), len(countries)
    # one country is shared by most of what happens in it, unless it is itself a party
    return max(entities, len(countries & (one.states | other.states))), len(countries)


def _acts_differ(one: Happening, other: Happening) -> bool:
    """Whether others act in the one than in the other."""
    if not (_knows_actors(one) and _knows_actors(other)):
        return False
    if one.root in SHARED or (one.is_lasting and other.is_lasting):
        return not (one.parties & other.parties or one.countries & other.countries)
    return not (one.actors & other.actors or one.actor_countries & other.actor_countries)


def _knows_actors(one: Happening) -> bool:
    return bool(one.actors or one.actor_countries)


def _parties_suffice(one: Happening, other: Happening, shared: int, place: int) -> bool:
    if one.root in SPOKEN:
        return bool(
            one.actors & other.actors or one.actor_countries & other.actor_countries & (one.states | other.states)
        )
    if one.root in SHARED:
        return shared > 1 or (shared == 1 and place == SAME_PLACE)
    return True
