"""What a release holds about one story or incident: its articles, its events and each claimed figure, with their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from flows.errors import UsageError
from flows.explain.ids import as_typed, only_row
from flows.store.query import Row, columns_of, find_fact, rows_of

STORY: Final = "story"
INCIDENT: Final = "incident"

TABLES: Final = {STORY: "stories", INCIDENT: "incidents"}
NEEDED: Final = ("stories", "incidents", "incident_events", "claim_conflicts", "duplicates", "id_map")

# Which of the release's rows belong to it; `?` is its id.
EVENTS: Final = {
    STORY: "select event_id from events join articles on article_id = document_id where story_id = ?",
    INCIDENT: "select event_id from incident_events where incident_id = ?",
}
CLAIMS: Final = {
    STORY: "select casualty_id from casualties join articles on article_id = document_id where story_id = ?",
    INCIDENT: "select casualty_id from casualties join incident_events using (event_id) where incident_id = ? "
    "union select casualty_id from claim_conflicts where incident_id = ? "
    "union select other_id from claim_conflicts where incident_id = ?",
}
DOCUMENTS: Final = {
    STORY: "select article_id from articles where story_id = ?",
    INCIDENT: f"select document_id from events where event_id in ({EVENTS[INCIDENT]}) "
    f"union select document_id from casualties where casualty_id in ({CLAIMS[INCIDENT]})",
}

# What a list begins with: what most sources tell, and most disputed figures.
FIRST: Final = {
    STORY: "select * from stories order by source_count desc, article_count desc, last_published_on desc nulls last, story_id",
    INCIDENT: "select incidents.*, coalesce(conflicts, 0) as conflict_count from incidents left join "
    "(select incident_id, count(*) as conflicts from claim_conflicts group by incident_id) using (incident_id) "
    "order by conflict_count desc, source_count desc, article_count desc, incident_id",
}


@dataclass(frozen=True)
class Happening:
    """A story or an incident with everything that its release says of it.

    Attributes:
        kind: story or incident.
        row: its own row of stories or incidents.
        replaced: the row of id_map that leads here, if it was asked for by an id that it no longer has.
        articles: the articles that tell of it, earliest first, undated last: document_id, uris, headline, published_on,
            published_basis, published_from_document_id, publisher, agency, story_id, duplicate_of (the text that it copies), later_take_of (an earlier
            article here of which it is another take).
        incidents: rows of incidents: of an incident itself alone; of a story those that its articles tell of, by their days.
        events: rows of events, each with its incident_id, its parties and its whole `sentence`; in the order of the articles.
        claims: rows of casualties, each with its incident_id, its whole `sentence` and the `conflicts` with others (other_id,
            kind); in the order of the articles.
    """

    kind: str
    row: Row
    replaced: Row | None
    articles: tuple[Row, ...]
    incidents: tuple[Row, ...]
    events: tuple[Row, ...]
    claims: tuple[Row, ...]

    @property
    def row_id(self) -> str:
        """The id of its row."""
        return str(self.row[f"{self.kind}_id"])

    def original_of(self, document_id: str) -> str:
        """The document whose text it is: itself, or the one that it copies."""
        copied = next(one["duplicate_of"] for one in self.articles if one["document_id"] == document_id)
        return str(copied or document_id)


def first_rows(connection: duckdb.DuckDBPyConnection, kind: str, version: str, top: int) -> list[Row]:
    """The stories or incidents to look at first, at most so many: by conflicting figures and independent sources.

    Raises:
        UsageError: the release is from before there were such tables.
    """
    _need_tables(connection, kind, version)
    return rows_of(connection, f"{FIRST[kind]} limit {top:d}")


def find_happening(
    connection: duckdb.DuckDBPyConnection, kind: str, given: str, version: str
) -> tuple[Row, Row | None]:
    """The row that an id, or the beginning of one, names; and the row of id_map, if the id is one that it no longer has.

    Raises:
        UsageError: none has it, several do, it is gone, or the release is from before there were such tables.
    """
    _need_tables(connection, kind, version)
    how = f"List some: dateline {kind}"
    given = as_typed(given, how)
    own = (TABLES[kind], f"{kind}_id")
    if (found := only_row(connection, [own], given)) is not None:
        return found[1], None
    replaced = only_row(connection, [(f"(select * from id_map where kind = '{kind}')", "old_id")], given)
    if replaced is not None:
        old_id, new_id = replaced[1]["old_id"], replaced[1]["new_id"]
        if new_id is None:
            raise UsageError(
                f"{kind} {old_id} is gone: release {replaced[1]['since_version']} and later ones have nothing in its place. "
                f"Releases before it: dateline releases, then dateline {kind} {old_id} --version VERSION"
            )
        return rows_of(connection, f"select * from {own[0]} where {own[1]} = ?", new_id)[0], replaced[1]
    if (other := find_fact(connection, given)) is not None:
        table = other[0].name
        see = next((f"{one} {given}" for one, name in TABLES.items() if name == table), f"show {given}")
        raise UsageError(f"{given} is a row of {table}, no {kind}. See it: dateline {see}")
    raise UsageError(f"no {kind} of release {version} has the id {given}. {how}")


def _need_tables(connection: duckdb.DuckDBPyConnection, kind: str, version: str) -> None:
    if missing := [name for name in NEEDED if name not in columns_of(connection)]:
        raise UsageError(
            f"release {version} has no table {missing[0]}: it was made before there were {TABLES[kind]}. "
            "Make a new one: dateline run INPUT"
        )


def read_happening(
    connection: duckdb.DuckDBPyConnection, kind: str, row: Row, replaced: Row | None = None
) -> Happening:
    """Everything that is said of a row of stories or incidents in other tables."""
    own = str(row[f"{kind}_id"])
    articles = _articles(connection, kind, own)
    place = {one["document_id"]: at for at, one in enumerate(articles)}

    def told(one: Row) -> tuple[int, int, int]:
        return place[one["document_id"]], one["start_char"], one["end_char"]

    events = rows_of(
        connection,
        "select event_id, incident_id, document_id, start_char, end_char, text, plover, mode, trigger, status, is_background, "
        "date_start, date_end, date_precision, place, confidence, parties, sentence, sentence_start_char "
        f"from (select * from events where event_id in ({EVENTS[kind]})) "
        "left join (select sentence_id, text as sentence, start_char as sentence_start_char from sentences) using (sentence_id) "
        "left join incident_events using (event_id) "
        "left join (select event_id, list({'role': role, 'name': name, 'country_code': country_code} "
        "order by role, start_char nulls last, name) as parties from event_actors group by event_id) using (event_id) "
        "order by event_id",
        own,
    )
    return Happening(
        kind,
        row,
        replaced,
        tuple(articles),
        tuple(_incidents(connection, kind, row)),
        tuple(sorted(events, key=told)),
        tuple(sorted(_claims(connection, kind, own), key=told)),
    )


def _articles(connection: duckdb.DuckDBPyConnection, kind: str, own: str) -> list[Row]:
    articles = rows_of(
        connection,
        "select article_id as document_id, uris, headline, published_on, published_basis, "
        "published_from_document_id, publisher, agency, story_id, duplicate_of from articles join documents on document_id = article_id "
        f"where article_id in ({DOCUMENTS[kind]}) order by published_on nulls last, article_id",
        own,
    )
    takes = rows_of(
        connection,
        f"select document_id, other_id from duplicates where kind = 'later_take' and document_id in ({DOCUMENTS[kind]})",
        own,
    )
    return list(_with_earlier_takes(articles, takes))


def _with_earlier_takes(articles: Sequence[Row], takes: Sequence[Row]) -> Sequence[Row]:
    """The articles, each with the earliest one here of which it is a later take."""
    place = {one["document_id"]: at for at, one in enumerate(articles)}
    earliest: dict[str, int] = {}
    for take in takes:
        pair = sorted(place[one] for one in (take["document_id"], take["other_id"]) if one in place)
        if len(pair) > 1:
            later = articles[pair[1]]["document_id"]
            earliest[later] = min(pair[0], earliest.get(later, pair[0]))
    return [
        {
            **one,
            "later_take_of": articles[earliest[one["document_id"]]]["document_id"]
            if one["document_id"] in earliest
            else None,
        }
        for one in articles
    ]


def _incidents(connection: duckdb.DuckDBPyConnection, kind: str, row: Row) -> list[Row]:
    if kind == INCIDENT:
        return [row]
    return rows_of(
        connection,
        "select * from incidents where incident_id in "
        f"(select incident_id from incident_events where event_id in ({EVENTS[kind]})) "
        "order by date_start nulls last, date_end, incident_id",
        str(row["story_id"]),
    )


def _claims(connection: duckdb.DuckDBPyConnection, kind: str, own: str) -> list[Row]:
    claims = rows_of(
        connection,
        "select casualty_id, coalesce(tied.incident_id, disputed.incident_id) as incident_id, event_id, document_id, "
        "start_char, end_char, text, kind, low, high, qualifier, victims, side, date_start, date_end, date_precision, place, "
        "attributed_to, sentence, sentence_start_char "
        f"from (select * from casualties where casualty_id in ({CLAIMS[kind]})) "
        "left join (select sentence_id, text as sentence, start_char as sentence_start_char from sentences) using (sentence_id) "
        "left join incident_events tied using (event_id) "
        "left join (select casualty_id, min(incident_id) as incident_id from "
        "(select casualty_id, incident_id from claim_conflicts union select other_id, incident_id from claim_conflicts) "
        "group by casualty_id) disputed using (casualty_id) order by casualty_id",
        own,
    )
    ids = {claim["casualty_id"] for claim in claims}
    against: dict[str, list[Mapping[str, str]]] = {one: [] for one in ids}
    for pair in rows_of(
        connection,
        f"select distinct casualty_id, other_id, kind from claim_conflicts where casualty_id in ({CLAIMS[kind]}) "
        "order by all",
        own,
    ):
        one, other = pair["casualty_id"], pair["other_id"]
        if other in ids:
            against[one].append({"other_id": other, "kind": pair["kind"]})
            against[other].append({"other_id": one, "kind": pair["kind"]})
    return [{**claim, "conflicts": against[claim["casualty_id"]]} for claim in claims]


def as_json(happening: Happening, version: str) -> Row:
    """Everything for machines; flows/explain/README.md describes it."""
    return {
        "release": version,
        "kind": happening.kind,
        "id": happening.row_id,
        "replaced": happening.replaced,
        "row": happening.row,
        "articles": happening.articles,
        "incidents": happening.incidents,
        "events": happening.events,
        "claims": happening.claims,
    }
