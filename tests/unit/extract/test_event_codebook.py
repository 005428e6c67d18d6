"""The codebook's rows: what a user may write, what is said of a row that cannot be read, and that a new row is enough for an event."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest

from flows.errors import ReferenceDamaged
from flows.extract import event_codebook, event_triggers
from flows.extract.document import extract_page, read_page
from flows.extract.event_codebook import FRAMES, NEEDS, Trigger, read_triggers, triggers
from flows.extract.event_parties import PartyFinder
from flows.extract.event_roles import is_met
from flows.extract.event_triggers import Match
from flows.extract.reading import Page
from flows.store.units import Unit, per_document
from flows.text.reference import reference_rows
from schemas.codes import PLOVER_MODES, PLOVER_ROOTS

SENTENCE = "Chad defenestrated the Libyan envoy."


def row(words="defenestrate", pos="VERB", plover="ASSAULT", mode="", frame="act", needs=""):
    return {"words": words, "pos": pos, "plover": plover, "mode": mode, "frame": frame, "needs": needs}


def page(text):
    return Page("0" * 16, text, date(2019, 5, 16), ((0, len(text), "body"),))


@pytest.fixture
def _with_a_new_row(monkeypatch) -> Iterator[None]:
    """The shipped codebook and one row more, as if somebody had written it at the end of the file."""
    stream = io.StringIO("words,pos,plover,mode,frame,needs\ndefenestrate,VERB,ASSAULT,beat,act,both\n")
    rows = (*reference_rows(event_codebook.TRIGGERS_FILE), *csv.DictReader(stream))

    def read(name):
        return rows if name == event_codebook.TRIGGERS_FILE else reference_rows(name)

    monkeypatch.setattr(event_codebook, "reference_rows", read)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget():
    event_codebook.triggers.cache_clear()
    event_triggers._by_head.cache_clear()


def test_without_its_row_a_word_states_nothing():
    assert extract_page(page(SENTENCE))["events"] == []


@pytest.mark.usefixtures("_with_a_new_row")
def test_a_new_row_is_all_that_a_new_event_takes():
    tables = extract_page(page(SENTENCE))
    (event,) = tables["events"]
    assert (event["plover"], event["mode"], event["trigger"]) == ("ASSAULT", "beat", "defenestrated")
    assert {party["role"] for party in tables["event_actors"]} == {"actor", "recipient"}


@pytest.mark.usefixtures("_with_a_new_row")
def test_what_a_row_needs_keeps_its_words_from_being_an_event():
    assert extract_page(page("The envoy was defenestrated."))["events"] == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        pytest.param(row(plover="ATTACK"), ("column plover", "'ATTACK'", "ASSAULT"), id="root"),
        pytest.param(row(mode="visit"), ("column mode", "'visit'", "heavy-weapons"), id="mode-of-another-root"),
        pytest.param(row(plover="AGREE", mode="visit"), ("column mode", "nothing"), id="mode-of-a-root-without"),
        pytest.param(row(frame="acts"), ("column frame", "'acts'", "suffer"), id="frame"),
        pytest.param(row(needs="armes"), ("column needs", "'armes'", "soldiers"), id="needs"),
        pytest.param(row(pos="VB"), ("column pos", "'VB'", "NOUN"), id="part-of-speech"),
        pytest.param(row(words=" "), ("column words", "at least one"), id="no-words"),
        pytest.param(row(words="Attack"), ("column words", "'attack'"), id="capitals"),
        pytest.param(row(words="attack//raid"), ("column words", "empty alternative"), id="empty-alternative"),
        pytest.param(row(words="lift @nothing"), ("column words", "@nothing", "@curb"), id="unknown-class"),
        pytest.param(row(plover="", frame="act"), ("column frame", "nothing"), id="frame-of-no-event"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_column_and_what_may_stand_there(bad, said):
    with pytest.raises(ReferenceDamaged, match=r"event_triggers\.csv, line 3") as raised:
        read_triggers([row(), bad], {"curb": frozenset({"ban"})})
    assert all(words in str(raised.value) for words in said), str(raised.value)


def test_every_row_that_ships_can_be_read():
    found = triggers()
    assert len(found) == len(reference_rows(event_codebook.TRIGGERS_FILE))
    assert {trigger.plover for trigger in found} == {*PLOVER_ROOTS, ""}


def test_no_row_ships_twice():
    rows = [tuple(each.values()) for each in reference_rows(event_codebook.TRIGGERS_FILE)]
    assert len(set(rows)) == len(rows)


def test_every_mode_that_can_be_written_is_of_a_plover_root():
    assert set(PLOVER_MODES) <= set(PLOVER_ROOTS)


def test_every_frame_and_need_that_can_be_written_is_understood():
    reading, _ = read_page(page(SENTENCE))
    paragraph = reading.paragraphs[0]
    finder = PartyFinder(reading, paragraph)
    verb = next(token for token in paragraph.doc if token.pos_ == "VERB")
    for frame in FRAMES:
        for needs in NEEDS:
            trigger = Trigger((frozenset({verb.lemma_}),), "VERB", "ASSAULT", "", frame, needs)
            assert is_met(finder, Match(trigger, verb, (verb,)), [], []) in (True, False)


def test_a_bad_row_stops_the_run_instead_of_failing_every_document(tmp_path):
    def process(_page):
        return read_triggers([row(plover="ATTACK")], {})

    unit = Unit(tmp_path / "extract", "shard", "0" * 64, ())
    with pytest.raises(ReferenceDamaged, match="column plover"):
        per_document(unit, ["events"], {"0" * 16: ("0" * 64, None)}, process)
