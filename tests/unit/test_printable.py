"""What may be printed: text from anywhere, harmless on a terminal; and the same data for machines."""

import csv
import io
import json
import logging
import os
import pty
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import cli
from flows.commands import common, read
from flows.printable import guard_logs, plain, plain_json

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m\x90\x9c\x7f", r"\x9b31m\x90\x9c\x7f"),
        ("one\rtwo\x08", r"one\x0dtwo\x08"),
        ("a\u202eb\u2066c\u200f", r"a\u202eb\u2066c\u200f"),
        ("line\u2028end", r"line\u2028end"),
        ("caf\udce9", r"caf\udce9"),
        ("\U000e0041", r"\U000e0041"),
        ("é ж 中\u00a0\u3000€ \U0001f642\n\t", "é ж 中\u00a0\u3000€ \U0001f642\n\t"),
    ],
)
def test_what_a_terminal_would_obey_becomes_an_escape_and_letters_stay(text, shown):
    assert plain(text) == shown


@given(st.text(st.characters()))
def test_plain_text_is_harmless_and_says_the_same_where_it_was(text):
    shown = plain(text)
    assert not OBEYED.search(shown)
    assert not [
        letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} and letter not in "\n\t"
    ]
    assert plain(shown) == shown


@given(st.recursive(st.text(st.characters(codec="utf-8")) | st.integers() | st.none(), st.lists))
def test_json_is_harmless_and_reads_back_to_the_same_value(value):
    written = plain_json(value)
    assert json.loads(written) == value
    assert not OBEYED.search(written)


def test_no_markup_of_the_input_is_carried_out():
    buffer = io.StringIO()
    from rich.console import Console

    Console(file=buffer, emoji=False).print(f"[bold]x[/] {common.shown('[red]a[/] [/nope] :bomb: [link=file:///]b')}")
    assert buffer.getvalue() == "x [red]a[/] [/nope] :bomb: [link=file:///]b\n"


def test_a_cell_is_one_line():
    assert read._cell("one\ntwo\tthree\x1b") == r"one two three\x1b"


def test_a_log_record_holds_nothing_that_a_terminal_would_obey(monkeypatch):
    before = logging.getLogRecordFactory()
    try:
        guard_logs()
        guard_logs()  # once more changes nothing
        stream = io.StringIO()
        logger, handler = logging.Logger("hostile"), logging.StreamHandler(stream)  # noqa: LOG001  # no logger of the process is touched
        logger.addHandler(handler)
        logger.warning("file %s", "a\x1b[31m.txt")
        logger.warning("%s", "harmless")
        try:
            b"\x00".decode("an encoding \x1b]0;owned\x07")
        except LookupError:
            logger.exception("%d documents \u202e", 3)
    finally:
        logging.setLogRecordFactory(before)
    said = stream.getvalue()
    assert not OBEYED.search(said)
    assert r"file a\x1b[31m.txt" in said
    assert r"LookupError: unknown encoding: an encoding \x1b]0;owned\x07" in said


def test_an_error_that_nobody_expected_is_printed_harmless(capsys):
    error = RuntimeError("quoting the input \x1b[2J")
    cli._print_exception(type(error), error, None)
    assert capsys.readouterr().err == "RuntimeError: quoting the input \\x1b[2J\n"


def test_csv_is_the_data_for_a_program_and_harmless_on_a_terminal(tmp_path):
    row = ("a\x1b[31m", "b\u202e", None, "c")
    code = (
        "import flows.cli as cli, flows.store.query as query\n"
        f"query.run_query = lambda *_: (['one', 'two', 'three', 'four'], [{row!r}])\n"
        "cli.app(['query', 'select 1', '--format', 'csv'])"
    )
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path, timeout=60)
    assert list(csv.reader(piped.stdout.decode().splitlines()))[1] == ["a\x1b[31m", "b\u202e", "", "c"]
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", code], stdout=theirs, check=True, cwd=tmp_path, timeout=60)
    os.close(theirs)
    printed = os.read(ours, 10_000).decode()
    os.close(ours)
    assert r"a\x1b[31m,b\u202e,,c" in printed
