"""What a release holds about one event or casualty figure: its row, its document, and the words of each of its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from flows.errors import UsageError
from flows.explain.ids import as_typed, only_row
from flows.explain.marking import Part
from flows.store.query import Row, corrections_of, find_fact, row_of, rows_of

EXPLAINED = (("events", "event_id"), ("casualties", "casualty_id"))
AGAIN = "again"  # label of a further mention
CONTEXT_CHARS = 80  # printed on each side of words that stand in no sentence


@dataclass(frozen=True)
class Fact:
    """One event or casualty figure with everything that its release says of it.

    Attributes:
        table: events or casualties.
        row: its own row.
        document: document_id, text and uris.
        article: the row of its document in `articles`, without the body.
        timex: the time expression that dates it, if one does.
        place: the entity of its place, if link found one.
        parties: rows of event_actors, each with the entity's name as `entity_name`; actors first, in the order of the text.
        mentions: rows of event_mentions, in order.
        casualties: of an event, the figures tied to it; of a figure, none.
        event: of a figure, the event that cost them, if one is known.
        sentences: of its document, those that any of its parts lies in, in order.
        parts: its marked words.
        corrections: what persons corrected in the row or in its parties.
    """

    table: str
    row: Row
    document: Row
    article: Row
    timex: Row | None
    place: Row | None
    parties: tuple[Row, ...]
    mentions: tuple[Row, ...]
    casualties: tuple[Row, ...]
    event: Row | None
    sentences: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]
    corrections: tuple[Row, ...] = ()

    @property
    def row_id(self) -> str:
        """The id of its row."""
        return str(self.row[dict(EXPLAINED)[self.table]])

    def words(self, start: int | None, end: int | None) -> str | None:
        """The text between two offsets, None where there are none."""
        return None if start is None or end is None else str(self.document["text"])[start:end]


def find(connection: duckdb.DuckDBPyConnection, given: str, version: str) -> tuple[str, Row]:
    """The table and row that an id, or the beginning of one, names.

    Raises:
        UsageError: no event and no figure has it, or several do.
    """
    given = as_typed(given, _HOW)
    if (found := only_row(connection, EXPLAINED, given)) is not None:
        return found
    if (other := find_fact(connection, given)) is not None:
        raise UsageError(
            f"{given} is a row of {other[0].name}: events and casualties are explained. See it: dateline show {given}"
        )
    raise UsageError(f"no event and no casualty figure of release {version} has the id {given}. {_HOW}")


_HOW = 'List some: dateline query "select event_id, plover, text from events limit 10"'


def read_fact(connection: duckdb.DuckDBPyConnection, table: str, row: Row) -> Fact:
    """Everything that is said of the row in other tables.

    Raises:
        UsageError: the release has no text of its document.
    """
    document_id = row["document_id"]
    document = row_of(connection, "select document_id, uris, text from documents where document_id = ?", document_id)
    if document is None or document["text"] is None:
        raise UsageError(f"the release has no text of document {document_id}: nothing of it can be shown")
    article = row_of(connection, "select * exclude (body) from articles where article_id = ?", document_id) or {}
    timex = row_of(connection, "select * from timexes where timex_id = ?", row["timex_id"])
    place = row_of(connection, "select * from entities where entity_id = ?", row["place_entity_id"])
    parties: list[Row] = []
    mentions: list[Row] = []
    casualties: list[Row] = []
    event = None
    if table == "events":
        own = row["event_id"]
        parties = rows_of(
            connection,
            "select party.*, entity.name as entity_name from event_actors party left join entities entity using (entity_id) "
            "where event_id = ? order by role, start_char nulls last, party.name",
            own,
        )
        mentions = rows_of(
            connection, "select * from event_mentions where event_id = ? order by start_char, end_char", own
        )
        casualties = rows_of(connection, "select * from casualties where event_id = ? order by start_char, kind", own)
    elif row["event_id"] is not None:
        event = row_of(connection, "select * from events where event_id = ?", row["event_id"])
    text = str(document["text"])
    sentences = [
        (one["start_char"], one["end_char"])
        for one in rows_of(
            connection,
            "select start_char, end_char from sentences where document_id = ? order by start_char, end_char",
            document_id,
        )
    ]
    own_sentence = next(_stretches(text, sentences, [row["start_char"]]))
    parts = (
        (*_event_parts(row, parties, mentions), *_shared_parts(row, timex))
        if table == "events"
        else tuple(_figure_parts(row, timex, text, own_sentence))
    )
    parts = tuple(sorted(parts, key=lambda p: (p.start_char, p.end_char, p.label)))
    shown = tuple(_stretches(text, sentences, [row["start_char"], *(p.start_char for p in parts)]))
    corrected = {str(row[dict(EXPLAINED)[table]]), *(str(party["event_actor_id"]) for party in parties)}
    return Fact(
        table,
        row,
        document,
        article,
        timex,
        place,
        tuple(parties),
        tuple(mentions),
        tuple(casualties),
        event,
        shown,
        parts,
        tuple(corrections_of(connection, corrected)),
    )


def _event_parts(row: Row, parties: Sequence[Row], mentions: Sequence[Row]) -> Iterator[Part]:
    start, end = row.get("trigger_start_char"), row.get("trigger_end_char")
    if start is not None and end is not None:
        yield from (
            Part("trigger", *span) for span in trigger_words(row["trigger"], row["text"], row["start_char"], start, end)
        )
    for party in parties:
        if party["start_char"] is not None:
            yield Part(party["role"], party["start_char"], party["end_char"])
    yield from (Part(AGAIN, mention["start_char"], mention["end_char"]) for mention in mentions)


def trigger_words(trigger: str, evidence: str, base: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each word of a trigger stands, which begins at `start` and ends at `end` in a text that has `evidence` at `base`.

    >>> list(trigger_words("held talks", "Peru held long talks", 100, 105, 120))
    [(105, 109), (115, 120)]
    """
    words = trigger.split(" ")
    at = start
    for number, word in enumerate(words, start=1):
        found = end - len(word) if number == len(words) else base + evidence.find(word, at - base)
        yield found, found + len(word)
        at = found + len(word)


def _figure_parts(row: Row, timex: Row | None, text: str, sentence: tuple[int, int]) -> Iterator[Part]:
    for label in ("trigger", "count", "hedge"):
        if row.get(f"{label}_start_char") is not None:
            yield Part(label, row[f"{label}_start_char"], row[f"{label}_end_char"])
    # these have no offsets of their own: their words are marked where they stand just once
    for label, words, (start, end) in (
        ("victims", row["victims"], (row["start_char"], row["end_char"])),
        ("claimed by", row["attributed_to"], sentence),
    ):
        around = text[start:end]
        if words and around.count(words) == 1:
            at = start + around.index(words)
            yield Part(label, at, at + len(words))
    yield from _shared_parts(row, timex)


def _shared_parts(row: Row, timex: Row | None) -> Iterator[Part]:
    if row["place_start_char"] is not None:
        yield Part("place", row["place_start_char"], row["place_end_char"])
    if timex is not None:
        yield Part("date", timex["start_char"], timex["end_char"])


def _stretches(text: str, sentences: Sequence[tuple[int, int]], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The sentences that begin around the offsets, in order; for an offset in none, the words around it in its line."""
    found = set()
    for start in starts:
        around = next((span for span in sentences if span[0] <= start < span[1]), None)
        if around is None:
            low = max(text.rfind("\n", 0, start) + 1, start - CONTEXT_CHARS)
            line_end = text.find("\n", start)
            around = low, min(len(text) if line_end < 0 else line_end, start + CONTEXT_CHARS)
        found.add(around)
    yield from sorted(found)
