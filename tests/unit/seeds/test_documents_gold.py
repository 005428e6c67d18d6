"""The sample documents and their gold: complete, verbatim, and in the dataset's own codes."""

import gzip
import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.ingest.html import read_html
from schemas.codes import CASUALTY_KINDS, EVENT_STATUS, PLOVER_ROOTS, PUBLISHED_BASIS, READ_LABELS, SEGMENT_LABELS

SEEDS = Path(__file__).parents[3] / "seeds"
DOCUMENTS = SEEDS / "documents"
GOLD = SEEDS / "gold"

# The gold's word for a plain number is `none`; the table's is `exact`.
QUALIFIERS = ("none", "at_least", "about", "more_than", "up_to", "range")
# A day, month, year or decade; the year may be open. A range joins two by a slash.
WHEN = re.compile(r"(\d{3}X|\d{4}|XXXX)(-\d\d(-\d\d)?)?(/(\d{3}X|\d{4}|XXXX)(-\d\d(-\d\d)?)?)?")
TIMEX_VALUE = re.compile(r"(\d{3}X|\d{4}|XXXX)(-(\d\d(-\d\d(T(MO|AF|EV|NI))?)?|W\d\d(-WE)?|(SP|SU|FA|WI)))?")
PRECISION_OF_LENGTH = {10: "day", 7: "month", 4: "year"}


@dataclass(frozen=True)
class Sample:
    """One document as the pipeline meets it: its uri, its raw bytes, and its lines or blocks (number, text)."""

    uri: str
    raw: bytes
    lines: tuple[tuple[int, str], ...]


def _blocks(html: str) -> tuple[tuple[int, str], ...]:
    page = read_html(html)
    return tuple((number, page.text[b.start_char : b.end_char]) for number, b in enumerate(page.blocks, start=1))


def _lines(text: str) -> tuple[tuple[int, str], ...]:
    return tuple((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _samples() -> dict[str, Sample]:
    samples = []
    for path in sorted(DOCUMENTS.iterdir()):
        raw = path.read_bytes()
        if path.suffix == ".html":
            samples.append(Sample(path.name, raw, _blocks(raw.decode())))
        elif path.suffix == ".txt":
            samples.append(Sample(path.name, raw, _lines(raw.decode())))
        else:
            for record in map(json.loads, gzip.decompress(raw).decode().splitlines()):
                text = record.get("text") or record["html"]
                lines = _blocks(text) if "html" in record else _lines(text)
                samples.append(Sample(f"{path.name}#{record['id']}", text.encode(), lines))
    return {sample.uri: sample for sample in samples}


def _gold_name(uri: str) -> str:
    return uri.replace("#", "-") if "#" in uri else Path(uri).stem


SAMPLES = _samples()
GOLDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLD.glob("*.json"))
}
every_document = pytest.mark.parametrize("uri", sorted(SAMPLES))


def _gold(uri: str) -> dict[str, Any]:
    return GOLDS[_gold_name(uri)]


def _labelled(uri: str) -> list[tuple[int, str, str]]:
    """(number, label, text) of every non-blank line or block."""
    gold = _gold(uri)
    labels = gold["line_labels"] if "line_labels" in gold else [label for label, _ in gold["blocks"]]
    return [(number, label, text) for (number, text), label in zip(SAMPLES[uri].lines, labels, strict=True)]


def _read(uri: str) -> list[str]:
    return [text for _, label, text in _labelled(uri) if label in READ_LABELS]


def test_every_document_has_gold_and_every_gold_its_document() -> None:
    assert {_gold_name(uri) for uri in SAMPLES} == set(GOLDS)


@every_document
def test_the_gold_names_its_document_and_its_exact_bytes(uri: str) -> None:
    assert _gold(uri)["uri"] == uri
    assert _gold(uri)["text_sha256"] == hashlib.sha256(SAMPLES[uri].raw).hexdigest()


def test_the_sample_is_large_and_mixed_enough() -> None:
    suffixes = [uri.split("#")[0].rsplit(".", 1)[-1] for uri in SAMPLES]
    assert len(SAMPLES) >= 24
    assert suffixes.count("txt") >= 18
    assert suffixes.count("html") >= 5
    assert suffixes.count("gz") >= 4
    assert {gold["published_basis"] for gold in GOLDS.values()} == {"explicit", "metadata", "none"}


def test_no_two_documents_have_the_same_bytes() -> None:
    assert len({sample.raw for sample in SAMPLES.values()}) == len(SAMPLES)


def test_the_compressed_records_carry_no_time_of_packing() -> None:
    for path in DOCUMENTS.glob("*.gz"):
        raw = path.read_bytes()
        assert raw[3] == 0, "a name or comment in the header"
        assert raw[4:8] == bytes(4), "a modification time in the header"


def test_outlets_contradict_each_other_on_at_least_three_happenings() -> None:
    stories = defaultdict(list)
    for gold in GOLDS.values():
        stories[gold["story"]].append(gold)
    disputed = []
    for story, golds in stories.items():
        assert len(golds) <= 4
        outlets = {gold["publisher"] for gold in golds}
        tolls = {
            frozenset((c["low"], c["high"], c["qualifier"]) for c in gold["casualties"] if c["kind"] == "killed")
            for gold in golds
        }
        if len(golds) > 1 and len(outlets) == len(golds) and len(tolls) == len(golds):
            disputed.append(story)
    assert len(disputed) >= 3


@every_document
def test_every_line_has_a_label_of_the_dataset(uri: str) -> None:
    assert {label for _, label, _ in _labelled(uri)} <= set(SEGMENT_LABELS)
    assert any(label == "body" for _, label, _ in _labelled(uri))


@every_document
def test_blocks_are_the_words_of_the_page_in_order(uri: str) -> None:
    gold = _gold(uri)
    assert ("blocks" in gold) != ("line_labels" in gold)
    if "blocks" in gold:
        assert [text for _, text in gold["blocks"]] == [text for _, text in SAMPLES[uri].lines]


@every_document
def test_bodies_are_as_long_as_news(uri: str) -> None:
    words = sum(len(text.split()) for _, label, text in _labelled(uri) if label == "body")
    one_sentence = uri == "010-havana-ceasefire.txt"
    assert words <= 600
    assert words >= 80 or one_sentence


@every_document
def test_headline_and_dateline_are_on_the_page(uri: str) -> None:
    gold = _gold(uri)
    headlines = [text for _, label, text in _labelled(uri) if label == "headline"]
    assert gold["headline"] == (headlines[0] if headlines else None)
    if gold["dateline_place"]:
        assert gold["dateline_place"] in "\n".join(
            text for _, label, text in _labelled(uri) if label in {"date", "body"}
        )


@every_document
def test_publication_dates_are_iso_days_with_a_basis(uri: str) -> None:
    gold = _gold(uri)
    assert gold["published_basis"] in {*PUBLISHED_BASIS, "none"}
    assert (gold["published"] is None) == (gold["published_basis"] == "none")
    for day in [gold["published"], *gold.get("published_ok", [])]:
        assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day)


@every_document
def test_quotes_stand_in_marks_on_the_line_that_is_named(uri: str) -> None:
    text_of = {number: text for number, label, text in _labelled(uri) if label in READ_LABELS}
    for quote in _gold(uri)["quotes"]:
        text = text_of[quote["line"]]
        at = text.find(quote["text"])
        assert at > 0, quote
        assert text[at - 1] in "“\"‘'"
        assert len(quote["text"].split()) >= 3
        assert quote["speaker"]


@every_document
def test_spans_are_verbatim(uri: str) -> None:
    gold, read = _gold(uri), _read(uri)
    spans = [fact["span"] for fact in (*gold["casualties"], *gold["events"])]
    spans += [span for count in gold["casualties"] for span in count.get("also", [])]
    spans += gold["casualties_vague"]
    assert [span for span in spans if not any(span in text for text in read)] == []


@every_document
def test_counts_are_consistent_and_coded(uri: str) -> None:
    for count in _gold(uri)["casualties"]:
        low, high = count["low"], count["high"]
        assert count["kind"] in CASUALTY_KINDS
        assert count["qualifier"] in QUALIFIERS
        assert count["exact"] == (count["qualifier"] == "none")
        assert (low is None) == (count["qualifier"] == "up_to")
        assert (high is None) == (count["qualifier"] in {"at_least", "more_than"})
        if count["qualifier"] in {"none", "about"}:
            assert low == high
        if count["qualifier"] == "range":
            assert low < high
        assert count["when"] is None or WHEN.fullmatch(count["when"])


@every_document
def test_events_are_coded_and_dated(uri: str) -> None:
    for event in _gold(uri)["events"]:
        assert event["plover"] in PLOVER_ROOTS
        assert event["status"] in EVENT_STATUS
        assert isinstance(event["focus"], bool)
        start, end = event["date_start"], event["date_end"]
        assert start is None or WHEN.fullmatch(start)
        assert end is None or (WHEN.fullmatch(end) and start <= end)
        known = start is not None and not start.endswith("X")
        assert event["date_precision"] == (PRECISION_OF_LENGTH[len(start)] if known else "unknown")


@every_document
def test_names_are_spelt_as_in_the_text(uri: str) -> None:
    gold = _gold(uri)
    text = "\n".join([*_read(uri), gold["dateline_place"] or ""]).casefold()
    names = [*gold["persons"], *gold["organisations"], *gold["places"]]
    assert [name for name in names if name.casefold() not in text] == []
    assert len(names) == len(set(names))


@every_document
def test_time_expressions_follow_the_body(uri: str) -> None:
    body = "\n".join(text for _, label, text in _labelled(uri) if label == "body")
    at = 0
    for timex in _gold(uri)["timexes"]:
        at = body.find(timex["text"], at)
        assert at >= 0, timex
        at += len(timex["text"])
        assert TIMEX_VALUE.fullmatch(timex["value"]), timex
