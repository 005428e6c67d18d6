"""One planted fault for every check of the gate: derived from the schema where the check is, by hand where it is not.

Faults of one run can stand in one set of tables together, so that Great Expectations need not run once for each.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from expectations.check import Check, exceeds
from expectations.relations import compared_columns
from schemas.columns import CORRECTED
from schemas.registry import table_named
from schemas.table import Column, Table
from tests.contracts.sound import COPY_ID, INPUTS, MARCH_ID, STAGED, TALKS_STORY, Rows, loose_arrow, sound_rows

FLOOD_ROWS = 300  # more than any check's least_rows
PARENT_ROWS, PRESENT_ROWS = 200, 60  # both above LEAST_PARENT_ROWS, and far apart
DANGLING, STRAY = "f" * 16, "e" * 16  # an id that no row has, and the id of a row that no other knows

Tables = dict[str, pa.Table]


def _nothing(_thing: object) -> None:
    """No change."""


@dataclass(frozen=True)
class Fault:
    """A change to sound rows, or to the tables made of them; faults of one `run` can be planted together."""

    run: str
    rows: Callable[[Rows], None] = _nothing
    tables: Callable[[Tables], None] = _nothing


def _append(rows: Rows, name: str, changes: Mapping[str, Any]) -> None:
    rows[name].append({**sound_rows()[name][0], **changes})


def another_row(table: str, **changes: Any) -> Fault:
    """A copy of the table's first row with something changed."""
    return Fault("rows", partial(_append, name=table, changes=changes))


def _flood(rows: Rows, name: str, changes: Mapping[str, Any]) -> None:
    rows[name] = [{**row, **changes} for row in (*rows[name], *[rows[name][0]] * FLOOD_ROWS)]


def many_rows(table: str, run: str = "shares", **changes: Any) -> Fault:
    """Hundreds of rows, all of them with something changed."""
    return Fault(run, partial(_flood, name=table, changes=changes))


def _reorder(tables: Tables, name: str) -> None:
    tables[name] = tables[name].select(tables[name].column_names[::-1])


def _retype(tables: Tables, name: str) -> None:
    first = tables[name].column_names[0]
    tables[name] = tables[name].set_column(0, first, pa.array([1.5] * tables[name].num_rows))


def _clear(rows: Rows, name: str) -> None:
    rows[name].clear()


def _outgrow(rows: Rows, name: str, columns: Sequence[str]) -> None:
    """A parent of many rows where columns are null, or have another value, where they now have one, and the reverse."""
    rows[name] = [rows[name][0]] * PRESENT_ROWS
    parent = rows.setdefault(f"parent_{name}", [])
    if not parent:
        parent += [deepcopy(rows[name][0]) for _ in range(PARENT_ROWS)]
    for column in map(table_named(name).column, columns):
        value = rows[name][0].get(column.name)
        for number, row in enumerate(parent):
            row[column.name] = None if value is not None and column.nullable and number % 2 else _other(column, value)


def outgrown(table: str, *columns: str) -> Fault:
    """A parent that has other values in these columns, and more rows."""
    return Fault("parent", partial(_outgrow, name=table, columns=columns))


def _other(column: Column, value: Any) -> Any:
    """Another value of the column's type."""
    if column.codes is not None:
        return next(code for code in column.codes if code != value)
    samples = {
        pa.string(): "other",
        pa.list_(pa.string()): ["other"],
        pa.date32(): date(1999, 9, 9),
        pa.bool_(): not value,
    }
    return samples.get(column.type, 7)


def _without_segments(rows: Rows) -> None:
    rows["segments"] = [row for row in rows["segments"] if row["document_id"] != MARCH_ID]


def _forgotten_input(rows: Rows) -> None:
    rows["inputs"].append({"uri": "forgotten.txt"})


def _unread(rows: Rows) -> None:
    _flood(rows, "articles", {})
    rows["sentences"].clear()


def _turned_back(rows: Rows) -> None:
    """A quote that goes on with itself."""
    first = rows["quotes"][0]
    rows["quotes"].append({**first, "continues_quote_id": first["quote_id"]})


def _no_quotes(rows: Rows) -> None:
    _flood(rows, "articles", {})
    rows["quotes"].clear()


def _turned(rows: Rows) -> None:
    first = rows["event_actors"][0]
    behind = {"role": "actor", "start_char": 400, "end_char": 401}
    rows["event_actors"] += [{**first, **behind}, {**first, "start_char": 0, "end_char": 1}] * FLOOD_ROWS


def _other_way_round(rows: Rows) -> None:
    """A pair of claims once more, the greater id first."""
    first = rows["claim_conflicts"][0]
    rows["claim_conflicts"].append({**first, "casualty_id": first["other_id"], "other_id": first["casualty_id"]})


def _made_up(rows: Rows) -> None:
    """A figure of an incident that no claim is linked to."""
    rows["incidents"].append({**rows["incidents"][1], "wounded_best": 4})


# A body that is not English, was decoded twice and has kept its tags.
SPOILT = {"body": "<p>Die GesprÃ¤che wurden vertagt</p>", "word_count": 60}

_shells = sound_rows()["events"][0]
_march = next(row for row in sound_rows()["events"] if row["document_id"] == MARCH_ID)
_ansel = next(row["entity_id"] for row in sound_rows()["entities"] if row["name"] == "Port Ansel")

# Checks that are written by hand have their fault written by hand.
BY_HAND: dict[str, Fault] = {
    "articles.not_from_the_future.published_on": another_row(
        "articles",
        published_on=date.today() + timedelta(days=9),  # noqa: DTZ011  # the check asks the gate's own day too
    ),
    "articles.few_from_the_future": many_rows(
        "articles",
        run="bodies",
        published_on=date.today() + timedelta(days=9),  # noqa: DTZ011  # as above
    ),
    "articles.not_before_news.published_on": another_row("articles", published_on=date(1066, 10, 14)),
    "articles.basis_with_date.published_basis": another_row("articles", published_basis=None),
    "articles.explicit_has_evidence.published_basis": another_row(
        "articles", published_start_char=None, published_end_char=None
    ),
    "articles.from_neighbour_is_inferred.published_from_document_id": another_row(
        "articles", published_from_document_id=MARCH_ID
    ),
    "articles.inferred_has_source.published_basis": another_row(
        "articles", published_basis="inferred", published_start_char=None, published_end_char=None
    ),
    "articles.words_are_counted.word_count": another_row("articles", word_count=0),
    "articles.mostly_dated": many_rows("articles", published_on=None),
    "articles.mostly_with_body": many_rows("articles", word_count=0),
    "articles.mostly_english_words": many_rows("articles", run="bodies", **SPOILT),
    "articles.few_mojibake": many_rows("articles", run="bodies", **SPOILT),
    "articles.few_markup": many_rows("articles", run="bodies", **SPOILT),
    "casualties.figure_in_words.low": another_row("casualties", low=12_000),
    "casualties.figures_in_words": many_rows("casualties", low=12_000),
    "casualties.kinds_in_words": many_rows("casualties", kind="wounded"),
    "casualties.possible.low": another_row("casualties", low=1_000_000_000),
    "casualties.usual.low": another_row("casualties", low=3_000_000),
    "casualties.open_above.high": another_row("casualties", high=15),
    "casualties.open_below.low": another_row("casualties", qualifier="up_to", high=15),
    "casualties.closed.low": another_row("casualties", qualifier="exact", high=15),
    "casualties.range_is_closed.low": another_row("casualties", qualifier="range"),
    "casualties.vague_has_no_figure.low": another_row("casualties", qualifier="vague"),
    "casualties.hedge_in_words.hedge_start_char": another_row("casualties", qualifier="range"),
    "casualties.number_or_single.count_start_char": another_row(
        "casualties", count_start_char=None, count_end_char=None
    ),
    "casualties.victims_in_words.victims": another_row("casualties", victims="sailors"),
    "casualties.date_is_whole.date_start": another_row("casualties", date_precision=None),
    "corrections.column_may_be_corrected.column_name": another_row("corrections", column_name="rule"),
    "corrections.changes_something.new": another_row("corrections", new="3"),
    "corrections.says_why_and_who.reason": another_row("corrections", who=" "),
    "documents.id_is_digest": another_row("documents", sha256="0" * 64),
    "documents.reason_with_quarantine": another_row("documents", status="quarantined"),
    "documents.original_with_duplicate": another_row("documents", status="duplicate"),
    "documents.read_has_text": another_row("documents", text=" "),
    "documents.text_is_its_digest.text": another_row("documents", text="Envoys meet"),
    "documents.language_is_read.language": another_row("documents", language="de"),
    "documents.uri_is_relative.uris": another_row("documents", uris=["/home/ada/talks.txt"]),
    "documents.has_uri": another_row("documents", uris=[]),
    "documents.few_quarantined": many_rows("documents", status="quarantined"),
    "documents.not_mostly_quarantined": many_rows("documents", status="quarantined"),
    "documents.code_never_fails": another_row("documents", status_reason="clean_failed"),
    "documents.code_rarely_fails": many_rows("documents", status_reason="clean_failed"),
    "documents.code_rarely_fails_on_few": many_rows("documents", status_reason="clean_failed"),
    "duplicates.smaller_id_first": another_row("duplicates", document_id=STRAY, other_id=STRAY),
    "duplicates.same_words_are_alike.similarity": another_row("duplicates", similarity=0.9),
    "duplicates.alike.similarity": another_row("duplicates", similarity=0.2, method="word_pairs"),
    "duplicates.addition_is_a_take.kind": another_row("duplicates", method="contained"),
    "entities.coordinates_in_pairs.latitude": another_row("entities", longitude=None),
    "entities.not_null_island.latitude": another_row("entities", latitude=0.0, longitude=0.0),
    "entities.only_places_have_coordinates.latitude": another_row("entities", entity_type="PERSON"),
    "entities.coordinates_have_precision.place_precision": another_row("entities", place_precision=None),
    "entities.claimants_are_countries.claimed_by": another_row("entities", claimed_by=["Serbia"]),
    "entities.only_places_are_claimed.claimed_by": another_row("entities", entity_type="PERSON"),
    "entities.only_persons_hold_office.roles": another_row("entities", roles=["president XKX 2016-04-07/.."]),
    "entities.has_alias.aliases": another_row("entities", aliases=[]),
    "entities.few_one_letter": many_rows("entities", name="X"),
    "event_actors.named.name": another_row("event_actors", name=" "),
    "events.date_is_whole.date_start": another_row("events", date_end=None),
    "events.background_is_past.is_background": another_row("events", is_background=True, status="planned"),
    "events.trigger_is_evidence.trigger": another_row("events", trigger="sneezed"),
    "events.trigger_stands_there.trigger_start_char": another_row(
        "events", trigger_start_char=_shells["trigger_start_char"] + 1
    ),
    "events.rule_is_named.rule": another_row("events", rule=" "),
    "events.date_has_basis.date_basis": another_row("events", date_basis=None),
    "events.basis_has_words.timex_id": another_row("events", timex_id=None),
    "events.not_all_assault": many_rows("events", plover="ASSAULT"),
    "events.not_all_consult": many_rows("events", run="consult", plover="CONSULT"),
    "events.not_all_accuse": many_rows("events", run="accuse", plover="ACCUSE"),
    "incidents.date_is_whole.date_start": another_row("incidents", date_precision=None),
    "incidents.bounds_have_a_best.killed_best": another_row("incidents", killed_best=None),
    "incidents.bounds_have_a_best.wounded_best": another_row("incidents", wounded_best=None),
    "claim_conflicts.smaller_id_first.other_id": Fault("rows", _other_way_round),
    "mentions.resolved.entity_id": another_row("mentions", entity_id=None),
    "mentions.has_letters.text": another_row("mentions", text="—"),
    "mentions.few_long": many_rows("mentions", end_char=1_000_000),
    "quotes.three_words.text": another_row("quotes", text="No comment"),
    "quotes.speaker_with_place.speaker": another_row("quotes", speaker=None),
    "quotes.few_long": many_rows("quotes", end_char=1_000_000),
    "quotes.mostly_with_speaker": many_rows("quotes", speaker=None),
    "segments.few_unlabelled": many_rows("segments", label="other"),
    "sentences.trimmed.text": another_row("sentences", text="It rained. "),
    "sentences.few_long": many_rows("sentences", end_char=1_000_000),
    "timexes.no_interval_of_length.date_start": another_row("timexes", timex_type="DURATION"),
    "timexes.no_interval_in_open_year.date_start": another_row("timexes", value="XXXX-03-02"),
    "timexes.interval_has_precision.date_precision": another_row("timexes", date_precision=None),
    "timexes.day_matches_value.date_start": another_row("timexes", value="2021-03-09"),
    "timexes.year_matches_value.date_start": another_row("timexes", value="1999"),
    "timexes.dates_in_words": many_rows("timexes", run="days", text="2 March 2021", value="1921-03-02"),
    "timexes.mostly_valued": many_rows("timexes", value=None),
    "relations.segments_are_numbered": another_row("segments", index=9),
    "relations.sentences_are_numbered": another_row("sentences", index=9),
    "relations.body_joins_segments": another_row("articles", body="Envoys meet"),
    "relations.sentences_cover_what_is_read": Fault("unread", _unread),
    "relations.mentions_wording_is_an_alias": another_row("mentions", text="Elsewhere"),
    "relations.entities_count_their_articles": another_row("entities", article_count=9),
    "relations.articles_have_a_story": another_row("articles", story_id=None),
    "relations.stories_count_their_articles": another_row("stories", article_count=9),
    "relations.replaced_ids_are_gone": another_row("id_map", old_id=TALKS_STORY),
    "relations.successors_exist": another_row("id_map", old_id=DANGLING, new_id=DANGLING),
    "relations.linked_entities_are_mentioned": another_row("quotes", speaker_entity_id=_ansel),
    "relations.day_follows_from_its_story": another_row("articles", published_from_document_id=MARCH_ID),
    "relations.day_follows_from_a_day": another_row("articles", published_from_document_id=COPY_ID),
    "relations.day_is_near_its_neighbour": another_row(
        "articles", published_from_document_id=MARCH_ID, published_on=date(2021, 3, 22)
    ),
    "relations.happenings_have_one_incident": another_row("events", event_id=STRAY),
    "relations.incidents_have_their_events_root": another_row("incidents", plover="PROTEST"),
    "relations.incidents_count_their_events": another_row("incidents", event_count=9),
    "relations.incidents_are_named_by_an_event": another_row("incidents", incident_id=STRAY),
    "relations.figures_have_claims": Fault("rows", _made_up),
    "relations.conflicts_lie_in_their_incident": another_row("claim_conflicts", kind="wounded"),
    "relations.disagreement_has_conflicts": another_row("incidents", sources_disagree=False),
    "relations.published_in_words": many_rows("articles", run="days", published_on=date(2021, 3, 9)),
    "relations.dates_are_of_their_timex": many_rows(
        "events", run="days", date_start=date(1999, 9, 9), date_end=date(1999, 9, 9)
    ),
    "relations.dates_have_words_or_a_report": another_row("events", timex_id=None, document_id=STRAY),
    "relations.quotes_continue_earlier_ones": Fault("rows", _turned_back),
    "relations.speakers_in_words": many_rows("quotes", run="days", speaker="Otto Weiss"),
    "relations.actors_come_first": Fault("days", _turned),
    "relations.corrections_stand": another_row("corrections", new="4"),
    "relations.corrections_are_told": another_row("casualties", corrected=["victims"]),
    "relations.large_release_has_facts": Fault("quotes", _no_quotes),
    "relations.confidence_varies": many_rows("events", confidence=0.5),
    "relations.segments_do_not_overlap": another_row("segments", start_char=1),
    "relations.segments_cover": Fault("rows", _without_segments),
    "relations.every_input_is_a_document": Fault("rows", _forgotten_input),
    "relations.some_document_is_accepted": many_rows("documents", status="quarantined"),
    "relations.article_unless_quarantined": another_row("documents", document_id=STRAY),
    "relations.events_have_actors": another_row("events", event_id=STRAY),
    "relations.happened_is_not_after_publication": another_row("events", date_start=date(2021, 12, 1)),
    "relations.rows_like_parent": outgrown("articles"),
    "relations.no_publisher_vanishes": outgrown("articles", "publisher"),
    "relations.days_like_parent": outgrown("articles", "published_on"),
    "relations.figures_like_parent": outgrown("articles", "word_count"),
}


def _coded(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.codes is not None or column.type == pa.bool_())


def _sometimes_null(table: Table) -> tuple[str, ...]:
    left_out = (*table.link_owned, CORRECTED.name)
    return tuple(column.name for column in table.columns if column.nullable and column.name not in left_out)


# What a check of drift compares, by the end of its name: every one of these columns must be seen by itself.
DRIFT: Mapping[str, Callable[[Table], tuple[str, ...]]] = {
    "codes_like_parent": _coded,
    "nulls_like_parent": _sometimes_null,
    "stand_as_in_parent": compared_columns,
}


def fault_of(check: Check) -> Fault:
    """The fault that a check must refuse.

    Raises:
        LookupError: nobody has planted one: write it into BY_HAND.
    """
    if check.check_id in BY_HAND:
        return BY_HAND[check.check_id]
    table = table_named(check.table)
    column = table.column(check.column) if check.column else None
    name = check.check_id.split(".")[1]
    found = _relation(name, table, column) if check.suite == "relations" else _structural(name, table, column)
    if found is None:
        raise LookupError(f"no fault is planted for {check.check_id}: add one to BY_HAND in tests/contracts/faults.py")
    return found


def _structural(name: str, table: Table, column: Column | None) -> Fault | None:
    if name == "columns_match":
        return Fault("order", tables=partial(_reorder, name=table.name))
    if name == "types_match":
        return Fault("types", tables=partial(_retype, name=table.name))
    if name == "has_rows":
        return Fault("empty", partial(_clear, name=table.name))
    if name in {"key_is_unique", "id_is_unique"}:
        return another_row(table.name)
    if column is None:
        return None
    first = sound_rows()[table.name][0]
    if name == "in_bounds":
        wrong = column.low - 1 if column.low is not None else column.high + 1
        return another_row(table.name, **{column.name: pa.scalar(wrong).cast(column.type).as_py()})
    if name == "span_is_forward":
        span = next(span for span in table.spans if span.start == column.name)
        return another_row(table.name, **{span.start: first[span.end]})
    if name == "span_is_whole":
        span = next(span for span in table.spans if span.start == column.name)
        return another_row(table.name, **{span.end: None})
    if name == "interval_is_forward":
        high = next(high for low, high in table.intervals if low == column.name)
        low_value = first[column.name]
        before = low_value - timedelta(days=1) if isinstance(low_value, date) else low_value - 1
        return another_row(table.name, **{high: before})
    if name == "id_is_hash":
        return another_row(table.name, **{column.name: STRAY})
    wrong_value = {"not_null": None, "in_codes": "bogus", "has_shape": "?"}
    return another_row(table.name, **{column.name: wrong_value[name]}) if name in wrong_value else None


def _relation(name: str, table: Table, column: Column | None) -> Fault | None:
    if name == f"{table.name}_begin_in_their_sentence":
        elsewhere = next(row for row in sound_rows()["sentences"] if row["document_id"] == MARCH_ID)
        return another_row(table.name, sentence_id=elsewhere["sentence_id"])
    if name.endswith(("_in_parent", "_like_parent")):
        return outgrown(table.name, *DRIFT[name.removeprefix(f"{table.name}_")](table))
    if column is None:
        return None
    if name == f"{table.name}_exists":
        return another_row(table.name, **{column.name: DANGLING})
    if name == f"{table.name}_evidence":
        span = next(span for span in table.spans if span.start == column.name)
        start, end = (sound_rows()[table.name][0][side] for side in (span.start, span.end))
        moved = {span.start: start + 1, span.end: end + 1} if span.text else {span.end: 1_000_000}
        return another_row(table.name, **moved)
    return None


def planted(*faults: Fault) -> Tables:
    """Every table, its parent's too, with faults planted in the sound rows."""
    rows = {**sound_rows(), "inputs": [{"uri": uri} for uri in INPUTS]}
    for fault in faults:
        fault.rows(rows)
    tables = {table.name: loose_arrow(table.name, rows[table.name]) for table in STAGED}
    for table in STAGED:
        parent = rows.get(f"parent_{table.name}") or sound_rows()[table.name]
        tables[f"parent_{table.name}"] = loose_arrow(table.name, parent)
    tables["inputs"] = pa.table({"uri": [row["uri"] for row in rows["inputs"]]})
    for fault in faults:
        fault.tables(tables)
    return tables


def refuses(check: Check, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the check fails, by its own query where it has one."""
    expectation = check.expectation
    if hasattr(expectation, "unexpected_rows_query"):
        query = str(expectation.unexpected_rows_query).format(batch=check.table)
        found = connection.execute(query)
        columns = [name for name, *_type in found.description]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        if check.threshold.unit in {"share", "difference"}:
            return any(exceeds(row["observed"], row["threshold"]) for row in rows)
        return bool(rows)
    listed = connection.execute(check.failing_sql).fetchall()
    if hasattr(expectation, "column_list") and check.check_id.endswith(".columns_match"):
        return [name for name, _type in listed] != list(expectation.column_list)
    if check.check_id.endswith(".has_rows"):
        return listed == [(0,)]
    return bool(listed)
