"""Laws that the rows of every page keep: sentences, mentions, timexes and quotes, as extract writes them."""

import json
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.extract.document import extract_page
from flows.extract.reading import READ_LABELS, Page
from flows.text.dates import interval_of

ROOT = Path(__file__).parents[2]
TABLES = {"sentences": "sentence_id", "mentions": "mention_id", "timexes": "timex_id", "quotes": "quote_id"}
MARKS = "\"“”„‟«»‹›「」'‘’‚`"

NAMES = """
Anna Berg|Berg|Mr. Berg|Gen. Tomas Reyes|President Ilir Dushku|Sarkisian|Serzh Sargsyan|Vladimir Putin|Putin’s|
Russian-Armenian|the Aliyev-Sarkisian talks|St. Petersburg|the U.S.|U.N.|Nagorny Karabakh|the OSCE Minsk Group|Artsakh|
the foreign ministry|the Kremlin spokesman|his Azerbaijani counterpart|she|they|AFP|KYIV (Reuters)|J. R. Holt|al-Shabab|
Côte d’Ivoire|O'Brien|the two leaders|Hezbollah|Kosovo
""".replace("\n", "").split("|")
TIMES = """
on Monday|last month|mid-May|early 1990s|the August 8-9 summit|later this week|a month after|July 12|on 12 May 2014|
since 1994|10:35 a.m. (0735 GMT) Friday|between April and June|the six-week war|Sept. 11, 2001|9/11|every day|2020-02-30|
tomorrow|for two days|0000|99/99/9999|May|at the end of the
""".replace("\n", "").split("|")
SAYINGS = """
he said|said Anna Berg|according to the ministry|she added|told reporters|asked: |it said in a statement|, said Berg, |
no comment|"We go home now," he said.|“We have agreed,” said the envoy. “Not yet on a price.”|‘a so-called “truce”’|
«Nous partons»|"Why?"|the so-called "law"|Berg: “We go.|tweeted:
""".replace("\n", "").split("|")
COUNTS = [
    "killed 12 people",
    "at least 3,000 were displaced",
    "two soldiers",
    "attacked the town of Gao",
    "1.5",
    "met in",
]
ODDITIES = [*MARKS, ".", "...", "…", ",", ";", ":", "–", "-", "(", ")", "[", "é", "e\u0301", "\u200b", "\u200f", "\u202b",
            "שלום", "مرحبا", "😀", "👩‍👩‍👧", "İ", "ß", "ﬁ", "\u00ad", "\ufeff", "a", "A", "1", "/", "©", "\t", "Mr.", "'s", "no."]  # fmt: skip
PIECES = st.one_of(*(st.sampled_from(some) for some in (NAMES, TIMES, SAYINGS, COUNTS, ODDITIES)))
JOINTS = st.sampled_from([" ", " ", " ", " ", ", ", ". ", "", "\u00a0", "\u2009", "  "])
LINES = st.lists(st.tuples(PIECES, JOINTS), max_size=9).map(lambda found: "".join(f"{a}{b}" for a, b in found))
ANY_LINE = st.text(max_size=30).filter(lambda text: "\n" not in text)
ENDS = st.sampled_from(["\n", "\n", "\n\n", "\r\n"])
LABELS = st.sampled_from([*READ_LABELS, "body", "body", "date", "nav"])
DAYS = st.none() | st.just(date(2021, 6, 9)) | st.dates(date(1900, 1, 1), date(2100, 1, 1))


@st.composite
def pages(draw):
    """A page of a few lines; each with ink is a segment."""
    text, segments = "", []
    for label, line, end in draw(st.lists(st.tuples(LABELS, LINES | ANY_LINE, ENDS), max_size=5)):
        ink = line.strip()
        if ink:
            start = len(text) + line.index(ink)
            segments.append((start, start + len(ink), label))
        text += line + end
    return Page("0" * 16, text, draw(DAYS), tuple(segments), draw(st.sampled_from([None, "KYIV"])), None, "AFP")


def evidence(tables):
    """Tables whose rows stand for words of the text; parties are tied to theirs by name."""
    return [(table, rows) for table, rows in tables.items() if table != "event_actors"]


LAW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def page_of(*lines, published=date(2021, 6, 9)):
    text, segments = "\n".join(lines), []
    at = 0
    for line in lines:
        segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    return Page("0" * 16, text, published, tuple(segments))


@LAW
@given(pages())
@example(Page("0" * 16, "", None, ()))
def test_every_row_has_the_words_between_its_offsets_and_no_blank_around_them(page):
    read = [(start, end) for start, end, label in page.segments if label in (*READ_LABELS, "date")]
    for table, rows in evidence(extract_page(page)):
        for row in rows:
            start, end = row["start_char"], row["end_char"]
            assert 0 <= start < end <= len(page.text), table
            assert row["text"] == page.text[start:end] == page.text[start:end].strip(), table
            assert row["document_id"] == page.document_id
            assert any(first <= start < last for first, last in read), table


@LAW
@given(pages())
def test_rows_of_a_table_are_in_order_lie_apart_and_have_ids_of_their_own(page):
    tables = extract_page(page)
    for table, key in TABLES.items():
        rows = tables[table]
        assert all(one["end_char"] <= other["start_char"] for one, other in pairwise(rows)), table
        assert len({row[key] for row in rows}) == len(rows)
    assert [row["index"] for row in tables["sentences"]] == list(range(len(tables["sentences"])))


@LAW
@given(pages())
def test_every_row_names_the_sentence_that_it_begins_in(page):
    tables = extract_page(page)
    sentences = {row["sentence_id"]: row for row in tables["sentences"]}
    for table, rows in evidence(tables):
        for row in rows:
            sentence = sentences[row["sentence_id"]]
            assert sentence["start_char"] <= row["start_char"] < sentence["end_char"], table
            if table in ("mentions", "timexes"):
                assert row["end_char"] <= sentence["end_char"], table


@LAW
@given(pages())
def test_days_follow_from_the_value_and_end_no_earlier_than_they_begin(page):
    tables = extract_page(page)
    for row in tables["timexes"]:
        dates = (row["date_start"], row["date_end"], row["date_precision"])
        if row["timex_type"] in ("DURATION", "SET"):
            assert dates == (None, None, None)
        elif row["value"] is not None:
            assert dates == (interval_of(row["value"]) or (None, None, None))
    for row in [*tables["timexes"], *tables["casualties"], *tables["events"]]:
        assert (row["date_start"] is None) == (row["date_end"] is None) == (row["date_precision"] is None)
        assert row["date_start"] is None or row["date_start"] <= row["date_end"]


@LAW
@given(pages())
def test_a_quotation_stands_between_its_marks_and_its_speaker_outside_of_all(page):
    quotes = extract_page(page)["quotes"]
    text = page.text
    for row in quotes:
        before = text[: row["start_char"]].rstrip()[-1:]
        after = text[row["end_char"] :].lstrip()[:1]
        assert (before and before in MARKS) or (after and after in MARKS)
        start, end = row["speaker_start_char"], row["speaker_end_char"]
        assert (row["speaker"] is None) == (start is None) == (end is None)
        if start is not None:
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip() == text[start:end]
            assert not [other for other in quotes if other["start_char"] < end and start < other["end_char"]]


@LAW
@given(st.lists(pages(), min_size=2, max_size=3))
def test_a_page_is_read_alike_whatever_was_read_before_it(found):
    alone = [extract_page(page) for page in found]
    assert [extract_page(page) for page in reversed(found)] == alone[::-1]


@LAW
@given(pages(), st.text(st.sampled_from("ab \n."), max_size=20))
def test_what_is_no_part_of_the_story_moves_its_facts_and_changes_none(page, before):
    shift = len(before)
    moved = Page(
        page.document_id,
        before + page.text + "\nHome",
        page.published_on,
        tuple((start + shift, end + shift, label) for start, end, label in page.segments),
        page.dateline_place,
        page.publisher,
        page.agency,
    )
    assert said(extract_page(moved), 0) == said(extract_page(page), shift)


def said(tables, shift):
    """The rows without ids, which are made of offsets, and with the offsets moved."""
    return {
        table: [
            {
                name: value + shift if name.endswith("_char") and value is not None else value
                for name, value in row.items()
                if not name.endswith("_id")
            }
            for row in rows
        ]
        for table, rows in tables.items()
    }


STORIES = [
    page_of("Talks go on, Russia says", "Vladimir Putin met Anna Berg in Oslo on Monday. “We agreed,” he said."),
    page_of("ANNA BERG TO LEAVE", "Berg, 54, will leave next week. She told AFP that 12 people died in 2019."),
    page_of("The U.S. and Putin County", "Gen. Berg said: “It is over.", "“We go home,” he said late on 12 May 2014."),
]
FRESH_PROCESS = """
import json, sys
from datetime import date
from flows.extract.document import extract_page
from flows.extract.reading import Page
text, segments = json.loads(sys.argv[1])
print(json.dumps(extract_page(Page("0" * 16, text, date(2021, 6, 9), tuple(map(tuple, segments)))), default=str))
"""


def test_a_process_that_has_read_other_pages_gives_what_a_fresh_one_gives():
    for page in STORIES:
        extract_page(page)
    page = STORIES[0]
    command = [sys.executable, "-c", FRESH_PROCESS, json.dumps([page.text, page.segments])]
    fresh = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120).stdout
    assert json.loads(fresh) == json.loads(json.dumps(extract_page(page), default=str))
