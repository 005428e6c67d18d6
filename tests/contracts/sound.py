"""A small sound set of staged tables, written by hand: three inputs, two of them readable, every table but `checks` filled.

The first row of each table is the fullest: faults are planted in copies of it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows.store.parquet import to_arrow, write_parquet
from flows.text.ids import content_id
from schemas.registry import RELEASED, table_named

Rows = dict[str, list[dict[str, Any]]]

STAGED = tuple(table for table in RELEASED if table.name != "checks")

TALKS = """Envoys meet in Velmora as shelling goes on

4 March 2021

The envoy Ada Brandt met ministers in Velmora on Thursday. “We will keep talking until the guns fall silent,” Brandt said. “Nobody wins this war.”

At least 12 people were killed when shells hit the market of Velmora on 2 March. The shells fell at noon, Brandt said. A surgeon counted 15 dead and 2 injured."""
MARCH = "Dock workers marched through Port Ansel on Friday."
COPY = MARCH + "\n"
UNREADABLE = b"\x00\x01\x02"


def _id(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


TALKS_ID, MARCH_ID, COPY_ID, UNREADABLE_ID = (
    _id(raw) for raw in (TALKS.encode(), MARCH.encode(), COPY.encode(), UNREADABLE)
)
TEXTS = {TALKS_ID: TALKS, MARCH_ID: MARCH, COPY_ID: COPY}
TALKS_STORY, MARCH_STORY = content_id("stories", TALKS_ID), content_id("stories", MARCH_ID)


def _at(document: str, words: str, after: str = "") -> dict[str, Any]:
    """The document and the offsets of the first such words behind others."""
    text = TEXTS[document]
    start = text.index(words, text.index(after))
    return {"document_id": document, "start_char": start, "end_char": start + len(words)}


def _fact(table: str, document: str, words: str, *more: str | int, after: str = "") -> dict[str, Any]:
    """Id, place, words and sentence of a fact; `more` is what else its id is made of."""
    place = _at(document, words, after)
    sentence = next(
        row["sentence_id"]
        for row in _sentences()
        if row["document_id"] == document and row["start_char"] <= place["start_char"] < row["end_char"]
    )
    own = content_id(table, document, place["start_char"], place["end_char"], *more)
    return {table_named(table).columns[0].name: own, **place, "text": words, "sentence_id": sentence}


def _part(name: str, words: str, document: str = TALKS_ID) -> dict[str, int]:
    """The columns that say where a part of a fact stands."""
    place = _at(document, words)
    return {f"{name}_start_char": place["start_char"], f"{name}_end_char": place["end_char"]}


def _document(raw: bytes, uri: str, **columns: Any) -> dict[str, Any]:
    return {
        "document_id": _id(raw),
        "uris": [uri],
        "byte_length": len(raw),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "text_repaired": False,
        **columns,
    }


def _blocks(document: str) -> list[str]:
    return [line for line in TEXTS[document].split("\n") if line]


def _segments() -> list[dict[str, Any]]:
    labels = {TALKS_ID: ("headline", "date", "body", "body"), MARCH_ID: ("body",), COPY_ID: ("body",)}
    rows = []
    for document, names in labels.items():
        for index, (block, label) in enumerate(zip(_blocks(document), names, strict=True)):
            place = _at(document, block)
            own = content_id("segments", document, place["start_char"], place["end_char"])
            rows.append({"segment_id": own, "index": index, "label": label, "confidence": 0.9, **place})
    return rows


def _sentences() -> list[dict[str, Any]]:
    sentences = {
        TALKS_ID: (
            "Envoys meet in Velmora as shelling goes on",
            "The envoy Ada Brandt met ministers in Velmora on Thursday.",
            "“We will keep talking until the guns fall silent,” Brandt said.",
            "“Nobody wins this war.”",
            "At least 12 people were killed when shells hit the market of Velmora on 2 March.",
            "The shells fell at noon, Brandt said.",
            "A surgeon counted 15 dead and 2 injured.",
        ),
        MARCH_ID: (MARCH,),
        COPY_ID: (MARCH,),
    }
    rows = []
    for document, texts in sentences.items():
        for index, text in enumerate(texts):
            place = _at(document, text)
            own = content_id("sentences", document, place["start_char"], place["end_char"])
            rows.append({"sentence_id": own, "index": index, "text": text, **place})
    return rows


def _articles() -> list[dict[str, Any]]:
    headline, day, *body = _blocks(TALKS_ID)
    headline_at, day_at = _at(TALKS_ID, headline), _at(TALKS_ID, day)
    talks = {
        "article_id": TALKS_ID,
        "headline": headline,
        "headline_start_char": headline_at["start_char"],
        "headline_end_char": headline_at["end_char"],
        "published_on": date(2021, 3, 4),
        "published_basis": "explicit",
        "published_start_char": day_at["start_char"],
        "published_end_char": day_at["end_char"],
        "publisher": "The Velmora Ledger",
        "language": "en",
        "page_type": "article",
        "body": "\n\n".join(body),
        "word_count": sum(len(block.split()) for block in body),
        "story_id": TALKS_STORY,
    }
    march = {
        "article_id": MARCH_ID,
        "published_on": date(2021, 3, 6),
        "published_basis": "metadata",
        "language": "en",
        "page_type": "article",
        "body": MARCH,
        "word_count": len(MARCH.split()),
        "story_id": MARCH_STORY,
    }
    # a copy without a day of its own, which its story gives
    copy = march | {
        "article_id": COPY_ID,
        "published_basis": "inferred",
        "published_from_document_id": MARCH_ID,
    }
    return [talks, march, copy]


def sound_rows() -> Rows:
    """Fresh rows of every staged table; nothing in them breaks a check."""
    velmora, ansel, brandt = (content_id("entities", name) for name in ("Velmora", "Port Ansel", "Ada Brandt"))
    shelled = _at(TALKS_ID, "Velmora", after="market")
    place = {
        "place": "Velmora",
        "place_start_char": shelled["start_char"],
        "place_end_char": shelled["end_char"],
        "place_entity_id": velmora,
    }
    day = {"date_start": date(2021, 3, 2), "date_end": date(2021, 3, 2), "date_precision": "day"}
    friday = {"date_start": date(2021, 3, 5), "date_end": date(2021, 3, 5), "date_precision": "day"}
    second = _fact("timexes", TALKS_ID, "2 March") | {"timex_type": "DATE", "value": "2021-03-02"} | day
    fifth = _fact("timexes", MARCH_ID, "Friday") | {"timex_type": "DATE", "value": "2021-03-05"} | friday
    shelling = _fact("events", TALKS_ID, "shells hit the market", "ASSAULT", "shells") | {
        "plover": "ASSAULT",
        "mode": "heavy-weapons",
        "trigger": "shells",
        "rule": "lexicon: NOUN shell -> ASSAULT heavy-weapons",
        "date_basis": "clause",
        **_part("trigger", "shells"),
        "status": "happened",
        "is_background": False,
        "timex_id": second["timex_id"],
        "confidence": 0.8,
        **day,
        **place,
    }
    marching = _fact("events", MARCH_ID, "marched", "PROTEST", "marched") | {
        "plover": "PROTEST",
        "trigger": "marched",
        "rule": "lexicon: VERB march -> PROTEST demo",
        "date_basis": "clause",
        **_part("trigger", "marched", MARCH_ID),
        "status": "happened",
        "is_background": False,
        "timex_id": fifth["timex_id"],
        "confidence": 0.8,
        **friday,
    }
    again = _fact("event_mentions", TALKS_ID, "shells fell") | {"event_id": shelling["event_id"]}
    speaker = _at(TALKS_ID, "Brandt", after="silent")
    said = {
        "form": "speech",
        "speaker": "Ada Brandt",
        "speaker_start_char": speaker["start_char"],
        "speaker_end_char": speaker["end_char"],
        "speaker_entity_id": brandt,
        "cue": "said",
    }
    begun = _fact("quotes", TALKS_ID, "We will keep talking until the guns fall silent,") | said
    killed = (
        _fact("casualties", TALKS_ID, "At least 12 people were killed", "killed", 12, "")
        | {"kind": "killed", "low": 12, "high": None, "qualifier": "at_least", "victims": "people"}
        | _part("count", "12")
        | _part("hedge", "At least")
        | _part("trigger", "killed")
        | {"rule": "passive_verb"}
        | {"timex_id": second["timex_id"], "event_id": shelling["event_id"]}
        | day
        | place
    )
    counted = (
        _fact("casualties", TALKS_ID, "15 dead", "killed", 15, 15)
        | {"kind": "killed", "low": 15, "high": 15, "qualifier": "exact", "attributed_to": "surgeon"}
        | _part("count", "15")
        | _part("trigger", "dead")
        | {"rule": "fate_behind", "event_id": shelling["event_id"]}
        | day
        | {"timex_id": second["timex_id"]}
    )
    injured = (
        # read as 3, and corrected: the id stays that of what was read
        _fact("casualties", TALKS_ID, "2 injured", "wounded", 3, 3)
        | {"corrected": ["high", "low"]}
        | {"kind": "wounded", "low": 2, "high": 2, "qualifier": "exact", "attributed_to": "surgeon"}
        | {"count_start_char": _at(TALKS_ID, "2 injured")["start_char"]}
        | {"count_end_char": _at(TALKS_ID, " injured")["start_char"]}
        | _part("trigger", "injured")
        | {"rule": "fate_behind", "event_id": shelling["event_id"]}
        | day
        | {"timex_id": second["timex_id"]}
    )
    shells, dockers = (content_id("incidents", event["event_id"]) for event in (shelling, marching))
    alone = {"event_count": 1, "article_count": 1, "source_count": 1, "sources_disagree": False}
    alone |= {"status": "happened", "is_background": False}
    return {
        "documents": [
            _document(TALKS.encode(), "talks.txt", media_type="text/plain", encoding="utf-8", language="en", text=TALKS)
            | {"status": "accepted"},
            _document(
                MARCH.encode(), "march.jsonl#7", media_type="text/plain", encoding="utf-8", language="en", text=MARCH
            )
            | {"status": "accepted"},
            _document(COPY.encode(), "copy.txt", media_type="text/plain", encoding="utf-8", language="en", text=COPY)
            | {"status": "duplicate", "duplicate_of": MARCH_ID},
            _document(UNREADABLE, "noise.bin", media_type="application/octet-stream")
            | {"status": "quarantined", "status_reason": "binary"},
        ],
        "segments": _segments(),
        "articles": _articles(),
        "sentences": _sentences(),
        "mentions": [
            _fact("mentions", TALKS_ID, "Velmora") | {"entity_type": "GPE", "name": "Velmora", "entity_id": velmora},
            _fact("mentions", TALKS_ID, "Ada Brandt")
            | {"entity_type": "PERSON", "name": "Ada Brandt", "entity_id": brandt},
            _fact("mentions", MARCH_ID, "Port Ansel")
            | {"entity_type": "GPE", "name": "Port Ansel", "entity_id": ansel},
        ],
        "entities": [
            {
                "entity_id": velmora,
                "name": "Velmora",
                "entity_type": "GPE",
                "country_code": "XKX",
                "claimed_by": ["SRB", "XKX"],
                "aliases": ["Velmora"],
                "roles": [],
                "latitude": 41.5,
                "longitude": 20.25,
                "place_precision": "city",
                "geonames_id": 1,
                "article_count": 1,
            },
            {
                "entity_id": ansel,
                "name": "Port Ansel",
                "entity_type": "GPE",
                "claimed_by": [],
                "aliases": ["Port Ansel"],
                "roles": [],
                "article_count": 1,
            },
            {
                "entity_id": brandt,
                "name": "Ada Brandt",
                "entity_type": "PERSON",
                "claimed_by": [],
                "aliases": ["Ada Brandt", "Brandt"],
                "roles": [],
                "article_count": 1,
            },
        ],
        "timexes": [second, fifth],
        "quotes": [
            _fact("quotes", TALKS_ID, "Nobody wins this war.") | said | {"continues_quote_id": begun["quote_id"]},
            begun,
        ],
        "duplicates": [
            {"document_id": min(MARCH_ID, COPY_ID), "other_id": max(MARCH_ID, COPY_ID)}
            | {"kind": "near", "similarity": 1.0, "method": "same_words"}
        ],
        "stories": [
            {"story_id": TALKS_STORY, "headline": "Envoys meet in Velmora as shelling goes on"}
            | {"first_published_on": date(2021, 3, 4), "last_published_on": date(2021, 3, 4)}
            | {"article_count": 1, "publisher_count": 1, "source_count": 1},
            {"story_id": MARCH_STORY, "article_count": 2, "publisher_count": 0, "source_count": 1}
            | {"first_published_on": date(2021, 3, 6), "last_published_on": date(2021, 3, 6)},
        ],
        "casualties": [
            killed,
            counted,
            injured,
        ],
        "events": [shelling, marching],
        "event_mentions": [again],
        "event_actors": [
            {
                "event_actor_id": content_id(
                    "event_actors", shelling["event_id"], "recipient", "the market of Velmora"
                ),
                "event_id": shelling["event_id"],
            }
            | {"role": "recipient", "name": "the market of Velmora", "entity_id": velmora, "country_code": "XKX"}
            | _at(TALKS_ID, "the market of Velmora"),
            {
                "event_actor_id": content_id("event_actors", marching["event_id"], "actor", "Dock workers"),
                "event_id": marching["event_id"],
            }
            | {"role": "actor", "name": "Dock workers"}
            | _at(MARCH_ID, "Dock workers"),
        ],
        "corrections": [
            {
                "correction_id": content_id("corrections", injured["casualty_id"], column),
                "document_id": TALKS_ID,
                "table_name": "casualties",
                "row_id": injured["casualty_id"],
                "column_name": column,
                "expected": "3",
                "new": "2",
                "reason": "the surgeon counted 2",
                "who": "A. Reader",
                "corrected_on": date(2021, 5, 1),
            }
            for column in ("low", "high")
        ],
        "incidents": [
            {
                "incident_id": shells,
                "plover": "ASSAULT",
                "mode": "heavy-weapons",
                "place": "Velmora",
                "place_entity_id": velmora,
                **day,
            }
            | {"actors": ["the market of Velmora"], **alone, "sources_disagree": True}
            | {"killed_low": 12, "killed_best": 15, "killed_high": 15}
            | {"wounded_low": 1, "wounded_best": 2, "wounded_high": 3},
            {"incident_id": dockers, "plover": "PROTEST", "actors": ["Dock workers"], **alone, **friday},
        ],
        "incident_events": [
            {"incident_id": shells, "event_id": shelling["event_id"]},
            {"incident_id": dockers, "event_id": marching["event_id"]},
        ],
        "claim_conflicts": [
            {"incident_id": shells, "kind": "killed"}
            | dict(
                zip(("casualty_id", "other_id"), sorted((killed["casualty_id"], counted["casualty_id"])), strict=True)
            )
        ],
        "id_map": [
            {"old_id": content_id("stories", "gone"), "new_id": TALKS_STORY, "kind": "story", "since_version": "1.1.0"}
        ],
    }


INPUTS = ("talks.txt", "march.jsonl", "copy.txt", "noise.bin")


def write_staged(rows: Rows, folder: Path) -> None:
    """The Parquet files that a run would stage, by the pipeline's own writer."""
    folder.mkdir(parents=True)
    for table in STAGED:
        write_parquet(table, to_arrow(table, rows[table.name]), folder / f"{table.name}.parquet")


def loose_arrow(table_name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows in the declared types and order, but with nulls, codes and orders that the pipeline's own writer refuses."""
    table = next(table for table in STAGED if table.name == table_name)
    columns = {column.name: pa.array([row.get(column.name) for row in rows], column.type) for column in table.columns}
    return pa.table(columns)


def fill(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    """Create or replace each table in a database."""
    for name, rows in tables.items():
        connection.register("incoming", rows)
        connection.execute(f'create or replace table "{name}" as select * from incoming')
        connection.unregister("incoming")
