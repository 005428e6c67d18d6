"""incidents: events of all documents that are one real happening, with what all claims together say it cost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from flows.link.claim_conflicts import conflicting
from flows.link.happenings import (
    MOST_TIMES_LONGER,
    Happening,
    happening,
    may_be_one,
    place_of,
    points,
)
from flows.link.incident_figures import Claim, claim_of, figure_of
from flows.text.ids import content_id
from schemas.codes import INCIDENT_STATUS

Row = Mapping[str, Any]
Pair = tuple[str, str]

# Events that come next in a block, by day, which an event is compared with. Only blocks of hundreds of events on the same
# days are cut by it (all of a long war at the word for its country); it keeps the whole linear in the events.
WINDOW = 48
MOST_COUNTRIES = 5  # of an event's parties, that it is looked up by in pairs
MOST_ENTITIES = 6
MOST_COMPARED = 12  # members of each of two groups that must all go together
UNDATED = date.max

# Which basis of a date outranks which, when an incident's events differ.
BASIS_RANK = {"clause": 0, "mention": 0, "sentence": 1, "story": 2, "report": 3}
FIGURE_KINDS = ("killed", "wounded")


@dataclass(frozen=True, slots=True)
class Context:
    """What incidents must know of a document: its story, the original it copies (or itself), its day."""

    story_id: str
    source_id: str
    published_on: date | None


def find_incidents(
    events: Sequence[Row],
    parties: Sequence[Row],
    claims: Sequence[Row],
    articles: Mapping[str, Context],
    entities: Mapping[str, Row],
) -> dict[str, list[dict[str, Any]]]:
    """Rows of `incidents`, `incident_events` and `claim_conflicts`, each sorted by its key.

    Args:
        events: rows of `events`, with the entities of their places.
        parties: rows of `event_actors`, with their entities and countries.
        claims: rows of `casualties`, with the entities of their places; those of no event are left out.
        articles: document_id → its context; every event's document is there.
        entities: entity_id → row of `entities`; every id in the rows is there.

    The order of the rows changes nothing.
    """
    facts = _Facts(events, parties, claims, articles, entities)
    tables: dict[str, list[dict[str, Any]]] = {"incidents": [], "incident_events": [], "claim_conflicts": []}
    for members in _groups(facts):
        incident_id = content_id("incidents", min(members, key=facts.order))
        conflicts = facts.conflicts(members)
        tables["incidents"].append(
            {"incident_id": incident_id, **_incident(facts, members), "sources_disagree": bool(conflicts)}
        )
        tables["incident_events"] += [{"incident_id": incident_id, "event_id": event_id} for event_id in members]
        tables["claim_conflicts"] += [
            {"incident_id": incident_id, "casualty_id": one, "other_id": other, "kind": kind}
            for kind, one, other in conflicts
        ]
    tables["incidents"].sort(key=lambda row: row["incident_id"])
    tables["incident_events"].sort(key=lambda row: row["event_id"])
    tables["claim_conflicts"].sort(key=lambda row: (row["incident_id"], row["casualty_id"], row["other_id"]))
    return tables


class _Facts:
    """The rows by event, and what is read off them."""

    def __init__(
        self,
        events: Sequence[Row],
        parties: Sequence[Row],
        claims: Sequence[Row],
        articles: Mapping[str, Context],
        entities: Mapping[str, Row],
    ) -> None:
        self.articles, self.entities = articles, entities
        self.events = {
            e["event_id"]: e for e in sorted(events, key=lambda e: str(e["event_id"])) if e["status"] in INCIDENT_STATUS
        }
        self.parties: dict[str, list[Row]] = defaultdict(list)
        for party in sorted(parties, key=lambda p: (p["event_id"], p["role"], p["name"])):
            self.parties[party["event_id"]].append(party)
        self.claims: dict[str, list[Row]] = defaultdict(list)
        for claim in sorted(claims, key=lambda c: str(c["casualty_id"])):
            if claim["event_id"] is not None:
                self.claims[claim["event_id"]].append(claim)
        self.happenings = {
            event_id: happening(
                event,
                self.parties.get(event_id, []),
                self.claims.get(event_id, []),
                articles[event["document_id"]].story_id,
                entities,
            )
            for event_id, event in self.events.items()
        }

    def order(self, event_id: str) -> tuple[date, str, int, str]:
        """Which event of an incident is its first: by publication, then document, then place in its text."""
        event = self.events[event_id]
        document_id: str = event["document_id"]
        return self.articles[document_id].published_on or UNDATED, document_id, event["start_char"], event_id

    def weighed(self, members: Sequence[str], kind: str) -> list[Claim]:
        """The claims of one kind linked to some events."""
        found = []
        for row in (claim for event_id in members for claim in self.claims.get(event_id, ()) if claim["kind"] == kind):
            context = self.articles[row["document_id"]]
            place = place_of(row["place_entity_id"], self.entities)
            claim = claim_of(row, context.source_id, context.published_on, place)
            if claim is not None:
                found.append(claim)
        return found

    def conflicts(self, members: Sequence[str]) -> list[tuple[str, str, str]]:
        """Kind, and two claims of it on some events that cannot both hold."""
        kinds = sorted({claim["kind"] for event_id in members for claim in self.claims.get(event_id, ())})
        last_day = max((e["date_end"] for e in map(self.events.__getitem__, members) if e["date_end"]), default=None)
        return [(kind, *pair) for kind in kinds for pair in conflicting(self.weighed(members, kind), last_day)]


def _blocks(facts: _Facts) -> Iterator[list[str]]:
    """Lists of events in the order of their days, among which pairs are looked for.

    Each is of one root, and of one story, place, two countries, two parties, one speaker, or one toll.
    """
    blocks: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for event_id, told in facts.happenings.items():
        for key in _keys(told):
            blocks[told.root, *key].append(event_id)
    for members in blocks.values():
        if len(members) > 1:
            yield sorted(members, key=lambda event_id: (_day(facts, event_id), event_id))


def _day(facts: _Facts, event_id: str) -> int:
    told = facts.happenings[event_id]
    if told.first is not None:
        return told.earliest
    published = facts.articles[told.document_id].published_on
    return published.toordinal() if published else 0


def _keys(told: Happening) -> Iterator[tuple[Any, ...]]:
    yield "story", told.story_id
    for toll in sorted(told.tolls):
        yield "toll", *toll
    if told.first is None:
        return
    for length in _lengths(told.days):
        if told.place:
            yield "place", told.place.entity_id, length
        for pair in combinations(sorted(told.countries)[:MOST_COUNTRIES], 2):
            yield "countries", *pair, length
        for pair in combinations(sorted(told.parties)[:MOST_ENTITIES], 2):
            yield "parties", *pair, length
        for actor in sorted(told.actors)[:MOST_ENTITIES]:
            yield "actor", actor, length


def _lengths(days: int) -> tuple[int, int]:
    """Classes of length: two intervals of which neither is MOST_TIMES_LONGER share one.

    >>> _lengths(1), _lengths(30), _lengths(3652)
    ((0, 1), (1, 2), (3, 4))
    """
    length = 0
    while days >= MOST_TIMES_LONGER:
        days, length = days // MOST_TIMES_LONGER, length + 1
    return length, length + 1


def _pairs(facts: _Facts) -> list[tuple[int, str, str]]:
    """Points (negative, so that the most come first) and two events that have enough of them, the smaller id first."""
    seen: set[Pair] = set()
    found: list[tuple[int, str, str]] = []
    for members in _blocks(facts):
        for at, one_id in enumerate(members):
            one = facts.happenings[one_id]
            for other_id in members[at + 1 : at + 1 + WINDOW]:
                pair = (one_id, other_id) if one_id < other_id else (other_id, one_id)
                if pair in seen:
                    continue
                seen.add(pair)
                if total := points(one, facts.happenings[other_id]):
                    found.append((-total, *pair))
    return sorted(found)


@dataclass(slots=True)
class _Group:
    """Events taken for one happening so far, with the days and lengths that all of them leave possible."""

    members: list[str]
    sample: list[Happening]
    earliest: int = -(10**9)
    latest: int = 10**9
    shortest: int = 10**9
    longest: int = 0

    @classmethod
    def of(cls, told: Happening) -> "_Group":
        if told.first is None or told.is_dated_by_report:
            return cls([told.event_id], [told])
        return cls([told.event_id], [told], told.earliest, told.latest, told.days, told.days)

    def joined(self, other: "_Group") -> "_Group | None":
        """Both together; None if some of the one and some of the other cannot be one happening."""
        both = _Group(
            [*self.members, *other.members],
            sorted([*self.sample, *other.sample], key=lambda told: told.event_id)[:MOST_COMPARED],
            max(self.earliest, other.earliest),
            min(self.latest, other.latest),
            min(self.shortest, other.shortest),
            max(self.longest, other.longest),
        )
        if both.earliest > both.latest or both.longest > MOST_TIMES_LONGER * both.shortest:
            return None
        return both if all(may_be_one(one, told) for one in self.sample for told in other.sample) else None


def _groups(facts: _Facts) -> list[list[str]]:
    """The events of each incident, sorted: the best pairs are joined first, as long as all members may go together."""
    group_of = {event_id: _Group.of(told) for event_id, told in facts.happenings.items()}
    for _, one, other in _pairs(facts):
        first, second = group_of[one], group_of[other]
        if first is second or (both := first.joined(second)) is None:
            continue
        for event_id in both.members:
            group_of[event_id] = both
    return [sorted(group.members) for event_id, group in group_of.items() if event_id == min(group.members)]


def _incident(facts: _Facts, members: Sequence[str]) -> dict[str, Any]:
    events = [facts.events[event_id] for event_id in members]
    documents = {event["document_id"] for event in events}
    news = {event["document_id"] for event in events if not event["is_background"]}
    figures = {kind: figure_of(facts.weighed(members, kind)) for kind in FIGURE_KINDS}
    return {
        "plover": events[0]["plover"],
        "mode": _commonest(facts, ((event["mode"], event) for event in events)),
        "status": min((event["status"] for event in events), key=INCIDENT_STATUS.index),
        "is_background": 2 * len(news) < len(documents),
        **_date(facts, events),
        **_place(facts, events),
        "actors": _actors(facts, members),
        "event_count": len(events),
        "article_count": len(documents),
        "source_count": len({facts.articles[document_id].source_id for document_id in documents}),
        **{
            f"{kind}_{bound}": getattr(figures[kind], bound)
            for kind in FIGURE_KINDS
            for bound in ("low", "best", "high")
        },
    }


def _commonest(facts: _Facts, told: Iterable[tuple[Any, Row]]) -> Any:
    """What most independent sources tell; ties to the smaller. None is not told."""
    sources: dict[Any, set[str]] = defaultdict(set)
    for value, event in told:
        if value is not None:
            sources[value].add(facts.articles[event["document_id"]].source_id)
    return min(sources, key=lambda value: (-len(sources[value]), value)) if sources else None


def _date(facts: _Facts, events: Sequence[Row]) -> dict[str, Any]:
    """The interval that most sources give; of those with the best basis alone, and the finest of equals."""
    dated = [
        e for e in events if e["date_start"] and e["date_end"] and facts.happenings[e["event_id"]].first is not None
    ]
    best = min((BASIS_RANK.get(event["date_basis"], 3) for event in dated), default=0)
    chosen = _commonest(
        facts,
        (
            ((e["date_end"] - e["date_start"], e["date_start"], e["date_end"], e["date_precision"] or "unknown"), e)
            for e in dated
            if BASIS_RANK.get(e["date_basis"], 3) == best
        ),
    )
    _, start, end, precision = chosen or (None, None, None, None)
    return {"date_start": start, "date_end": end, "date_precision": precision}


def _place(facts: _Facts, events: Sequence[Row]) -> dict[str, Any]:
    """The place that most sources give, a country only where none gives a finer one; else the words of most."""
    places = [(event, facts.happenings[event["event_id"]].place) for event in events]
    finer = [(place.entity_id, event) for event, place in places if place and place.reach != "country"]
    entity_id = _commonest(facts, finer or [(place.entity_id, event) for event, place in places if place])
    if entity_id is not None:
        return {"place": facts.entities[entity_id]["name"], "place_entity_id": entity_id}
    words = ((event["place"], event) for event in events if event["place_entity_id"] is None)
    return {"place": _commonest(facts, words), "place_entity_id": None}


def _actors(facts: _Facts, members: Sequence[str]) -> list[str]:
    """Names of those who act, told by most documents first; wordings without an entity only where no party has one."""
    documents: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for event_id in members:
        for party in facts.parties.get(event_id, ()):
            if party["role"] == "actor":
                entity_id = party["entity_id"]
                name = facts.entities[entity_id]["name"] if entity_id else party["name"]
                documents[entity_id is not None, name].add(facts.events[event_id]["document_id"])
    known = any(is_known for is_known, _ in documents)
    counted = {name: len(told) for (is_known, name), told in documents.items() if is_known == known}
    return sorted(counted, key=lambda name: (-counted[name], name))
