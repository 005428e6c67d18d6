"""Events: one line each, harmless on a terminal, told to whoever watches."""

import errno
import io
import json
import logging
import time
from datetime import UTC, datetime

import pytest

from flows import journal
from flows.journal import Event, Journal, JsonLines, current, json_line, note, watched


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_time_run_kind_and_fields():
    stream = io.StringIO()
    with current(Journal("run-1", stream)):
        note(Event.RELEASE_PUBLISHED, "publish", version="1.0.0", parent=None)
    (event,) = lines(stream)
    assert event.pop("at").endswith("Z")
    assert event.pop("elapsed_seconds") >= 0
    assert event == {"run": "run-1", "event": "release_published", "stage": "publish", "version": "1.0.0"}


def test_a_stage_says_when_it_begins_and_ends_and_what_stopped_it():
    stream = io.StringIO()

    def fail():
        with journal.stage("clean", 3):
            raise ZeroDivisionError

    with current(Journal("run-1", stream)):
        with journal.stage("stage") as rows:
            rows["quotes"] = 7
        with pytest.raises(ZeroDivisionError):
            fail()
    assert [(event["event"], event.get("rows"), event.get("units"), event.get("error")) for event in lines(stream)] == [
        ("stage_started", None, None, None),
        ("stage_ended", {"quotes": 7}, None, None),
        ("stage_started", None, 3, None),
        ("stage_ended", None, None, "ZeroDivisionError"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x1b]0;title\x07", id="escape sequence"),
        pytest.param("a\nb\r\u2028c", id="line breaks"),
        pytest.param("\u202eback\x9b\x7f", id="bidi, C1 and delete"),
        pytest.param("\udc80", id="lone surrogate"),
    ],
)
def test_what_a_name_holds_stays_one_line_and_reads_back(text):
    line = json_line({"name": text})
    assert line.count("\n") == 1
    assert line.rstrip("\n").isprintable()
    assert json.loads(line) == {"name": text}


def test_durations_do_not_follow_a_clock_that_is_set_back(monkeypatch):
    class SetBack:
        hours = iter(range(23, 0, -1))

        @classmethod
        def now(cls, zone=None):
            return datetime(2026, 3, 1, next(cls.hours), tzinfo=zone)

    monkeypatch.setattr(journal, "datetime", SetBack)
    monkeypatch.setattr(time, "time", lambda: SetBack.now(UTC).timestamp())
    stream = io.StringIO()
    with current(Journal("run-1", stream)):
        note(Event.RUN_STARTED)
        note(Event.RUN_ENDED)
    first, last = lines(stream)
    assert last["at"] < first["at"]
    assert 1 > last["elapsed_seconds"] >= first["elapsed_seconds"] >= 0


def test_listeners_hear_events_also_without_a_run_and_only_while_they_watch():
    heard = []
    with watched(heard.append):
        note(Event.BUSY, message="wait")
    note(Event.BUSY, message="nobody hears")
    assert [event["message"] for event in heard] == ["wait"]


def test_a_full_disk_silences_the_journal_once_and_the_run_goes_on(caplog):
    class Full(io.StringIO):
        def write(self, _text):
            raise OSError(errno.ENOSPC, "No space left on device")

    with current(Journal("run-1", Full())) as kept, caplog.at_level(logging.WARNING):
        note(Event.RUN_STARTED)
        note(Event.RUN_ENDED)
    assert caplog.text.count("cannot be written") == 1
    assert [event["event"] for event in kept.records] == ["run_started", "run_ended"]


def test_what_a_library_logs_is_an_event_line():
    record = logging.LogRecord("lib", logging.WARNING, __file__, 1, "odd %s", ("\x1b[31m",), None)
    said = json.loads(JsonLines().format(record))
    assert said.pop("at")
    assert said == {"event": "log", "logger": "lib", "level": "WARNING", "message": "odd \x1b[31m"}
