"""One page to the rows of every table that extract makes. Pure: the same page gives the same rows."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flows.extract.casualties import Casualty, find_casualties
from flows.extract.casualty_events import event_of_each_casualty
from flows.extract.events import Event, find_events
from flows.extract.mentions import find_mentions
from flows.extract.quotes import find_quotes
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.references import resolve_references
from flows.extract.sentences import find_sentences
from flows.extract.timexes import find_timexes
from flows.text.ids import content_id

Row = dict[str, Any]


def read_page(page: Page) -> tuple[Reading, list[Event]]:
    """Run the extractors in their order: each sees what the ones before it found."""
    reading = Reading(page, paragraphs=parse_paragraphs(page))
    reading = replace(reading, sentences=tuple(find_sentences(reading)))
    reading = replace(reading, mentions=tuple(find_mentions(reading)))
    reading = replace(reading, references=tuple(resolve_references(reading)))
    reading = replace(reading, timexes=tuple(find_timexes(reading)))
    reading = replace(reading, quotes=tuple(find_quotes(reading)))
    reading = replace(reading, casualties=tuple(find_casualties(reading)))
    return reading, find_events(reading)


def extract_page(page: Page) -> dict[str, list[Row]]:
    """Table name to rows, keyed and with their evidence; link's columns are left null."""
    reading, events = read_page(page)
    document_id, text = page.document_id, page.text
    starts = [sentence.start_char for sentence in reading.sentences]
    sentence_ids = [content_id("sentences", document_id, s.start_char, s.end_char) for s in reading.sentences]
    timex_ends = {timex.start_char: timex.end_char for timex in reversed(reading.timexes)}

    def evidence(start: int, end: int) -> Row:
        at = max(bisect_right(starts, start) - 1, 0)
        return {
            "document_id": document_id,
            "sentence_id": sentence_ids[at],
            "start_char": start,
            "end_char": end,
            "text": text[start:end],
        }

    def event_id(event: Event) -> str:
        told_apart = (event.separately_with,) if event.separately_with else ()
        return content_id(
            "events", document_id, event.start_char, event.end_char, event.plover, event.trigger, *told_apart
        )

    def timex_id(fact: Casualty | Event) -> str | None:
        start = fact.timex_start_char
        if start is None or start not in timex_ends:
            return None
        return content_id("timexes", document_id, start, timex_ends[start])

    def columns(fact: Any, *dropped: str) -> Row:
        return {name: value for name, value in vars(fact).items() if name not in dropped}

    rows: dict[str, list[Row]] = {
        "sentences": [
            {
                "sentence_id": sentence_ids[i],
                "document_id": document_id,
                "index": i,
                "start_char": s.start_char,
                "end_char": s.end_char,
                "text": text[s.start_char : s.end_char],
            }
            for i, s in enumerate(reading.sentences)
        ],
        "mentions": [],
        "timexes": [],
        "quotes": [],
        "casualties": [],
        "events": [],
        "event_mentions": [],
        "event_actors": [],
    }
    plain: Sequence[tuple[str, str, Sequence[Any]]] = (
        ("mentions", "mention_id", reading.mentions),
        ("timexes", "timex_id", reading.timexes),
        ("quotes", "quote_id", reading.quotes),
    )
    for table, key, facts in plain:
        for fact in facts:
            own_id = content_id(table, document_id, fact.start_char, fact.end_char)
            rows[table].append(columns(fact) | evidence(fact.start_char, fact.end_char) | {key: own_id})
    for i, row in enumerate(rows["quotes"]):
        row["continues_quote_id"] = rows["quotes"][i - 1]["quote_id"] if row.pop("continues") else None
    for casualty, event in zip(reading.casualties, event_of_each_casualty(reading, events), strict=True):
        own_id = content_id(
            "casualties",
            document_id,
            casualty.start_char,
            casualty.end_char,
            casualty.kind,
            casualty.low or "",
            casualty.high or "",
        )
        rows["casualties"].append(
            columns(casualty, "timex_start_char")
            | evidence(casualty.start_char, casualty.end_char)
            | {"casualty_id": own_id, "timex_id": timex_id(casualty), "event_id": event_id(event) if event else None}
        )
    for event in events:
        owner = {"event_id": event_id(event)}
        rows["events"].append(
            columns(event, "timex_start_char", "parties", "further_mentions")
            | evidence(event.start_char, event.end_char)
            | owner
            | {"timex_id": timex_id(event)}
        )
        for start, end in event.further_mentions:
            rows["event_mentions"].append(evidence(start, end) | owner)
        for party in event.parties:
            own_id = content_id("event_actors", owner["event_id"], party.role, party.name)
            keys = {"event_actor_id": own_id, "document_id": document_id}
            rows["event_actors"].append(columns(party) | keys | owner)
    return rows
