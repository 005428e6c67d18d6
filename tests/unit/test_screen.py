"""What a run shows on a terminal or a pipe."""

import io
import json
import logging

import pytest
import typer
from rich.console import Console

from flows import journal
from flows.errors import UsageError, WarehouseBusy
from flows.journal import Event, note
from flows.screen import SHOWN_FAILURES, json_log_shown, progress_shown


def shown(act, *, terminal=False):
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    with progress_shown(console, shown=True):
        act()
    return console.file.getvalue()


def one_unit(computed=3):
    with journal.stage("clean", 1):
        note(Event.UNIT_DONE, "clean", unit="00", reason="new input", computed=computed, reused=0, rows={})


def test_a_pipe_gets_a_line_when_a_stage_ends():
    assert shown(one_unit) == "clean: done\n"


def test_a_terminal_gets_a_bar_that_ends_full_also_where_the_units_were_not_known():
    def act():
        one_unit()
        with journal.stage("validate"):
            pass

    last = shown(act, terminal=True).splitlines()
    assert any("clean" in line and "1/1" in line for line in last)
    assert any("validate" in line and "1/1" in line for line in last)


def test_a_stage_that_failed_is_not_called_done():
    def act():
        with pytest.raises(ZeroDivisionError), journal.stage("clean", 1):
            raise ZeroDivisionError

    assert shown(act) == ""


def test_documents_that_fail_are_named_a_few_and_cannot_steer_the_terminal():
    def act():
        for number in range(SHOWN_FAILURES + 2):
            note(
                Event.DOCUMENT_FAILED, "clean", document_id=f"{number:016x}", error="ValueError: [red]\x1b[31m\nforged"
            )

    said = shown(act)
    assert said.count("is quarantined") == SHOWN_FAILURES
    assert "\x1b" not in said
    assert "[red]" in said
    assert "… and 2 documents more" in said
    assert len(said.splitlines()) == SHOWN_FAILURES + 1


@pytest.mark.parametrize(
    ("error", "event", "code"),
    [
        pytest.param(WarehouseBusy("another run"), "busy", 1, id="another run is on"),
        pytest.param(UsageError("no such input"), "error", 2, id="a wrong request"),
    ],
)
def test_in_json_an_error_is_the_last_line_and_keeps_its_exit_code(capsys, error, event, code):
    def act():
        with json_log_shown(shown=True):
            one_unit()
            logging.getLogger("some.library").warning("odd\x1b[31m")
            raise error

    with pytest.raises(typer.Exit) as left:
        act()
    assert left.value.exit_code == code
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["stage_started", "unit_done", "stage_ended", "log", event]
    assert (lines[-1]["message"], lines[-1]["exit_code"]) == (str(error), code)
