"""`dateline explain` on the sample documents' release: every value of every row, and what README.md shows of it.

`python -m tests.integration.test_explain WAREHOUSE` writes README's examples anew from a release of seeds/documents.
"""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from flows.explain.fact import EXPLAINED, read_fact
from flows.explain.happening import read_happening
from flows.explain.marking import marked
from flows.explain.timeline import happening_shown
from flows.explain.values import NONE, NOT_ON_RECORD, values_of
from flows.store.query import open_release, rows_of
from flows.store.warehouse import Warehouse

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MARKS = "<!-- {0}:begin -->", "<!-- {0}:end -->"

# The rows that README shows, by the command that prints them.
SHOWN = {
    "explain": """
select casualty_id from casualties join documents using (document_id)
where list_contains(uris, '005-mariupol-rockets.txt') and kind = 'killed' order by start_char limit 1
""",
    "incident": "select incident_id from incidents order by article_count desc, incident_id limit 1",
}


def example(warehouse, name):
    """The lines between README's marks: the command and what it prints."""
    with open_release(Warehouse(warehouse)) as connection:
        (row_id,) = connection.execute(SHOWN[name]).fetchone()
    command = ["-c", "from flows.cli import main; main()", name, row_id, "--warehouse", str(warehouse)]
    ran = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    lines = [f"$ dateline {name} {row_id}", *(line.rstrip() for line in ran.stdout.rstrip().splitlines())]
    return "\n".join(("", "```text", *lines, "```", ""))


def facts(warehouse):
    with open_release(Warehouse(warehouse)) as connection:
        for table, _ in EXPLAINED:
            cursor = connection.execute(f"select * from {table} order by all")
            names = [column[0] for column in cursor.description]
            for found in cursor.fetchall():
                yield read_fact(connection, table, dict(zip(names, found, strict=True)))


@pytest.fixture(scope="module")
def explained(released):
    found = list(facts(released))
    assert {fact.table for fact in found} == {table for table, _ in EXPLAINED}
    return found


def test_every_value_rests_on_words_of_the_document_or_on_a_named_rule(explained):
    for fact in explained:
        labels = {part.label for part in fact.parts}
        values = {one.name: one for one in values_of(fact)}
        assert all(one.because and NOT_ON_RECORD not in one.because for one in values.values()), fact.row_id
        assert "trigger" in labels
        assert fact.row["rule"].strip()
        assert (fact.row["place"] is not None) == ("place" in labels)
        if values["date"].value != NONE:
            assert "date" in labels or "the day of the report" in values["date"].because
        if fact.table == "casualties":
            assert "count" in labels or fact.row["low"] == fact.row["high"] == 1
            assert ("hedge" in labels) == (
                fact.row["qualifier"] in {"at_least", "more_than", "up_to", "about", "feared"}
            )
        for party in fact.parties:
            assert party["role"] in labels or party["start_char"] is None


def test_every_part_is_words_that_are_printed(explained):
    for fact in explained:
        text = fact.document["text"]
        for part in fact.parts:
            assert text[part.start_char : part.end_char].strip()
            assert any(start <= part.start_char < end for start, end in fact.sentences), (fact.row_id, part)
        for start, end in fact.sentences:
            assert marked(text, start, end, fact.parts)


def test_the_words_of_a_trigger_are_the_triggers_own(explained):
    for fact in explained:
        if fact.table == "events":
            words = [fact.words(part.start_char, part.end_char) for part in fact.parts if part.label == "trigger"]
            assert " ".join(words) == fact.row["trigger"]


@pytest.mark.parametrize("name", SHOWN)
def test_the_readme_shows_what_the_command_prints(name, released):
    begin, end = (mark.format(name) for mark in MARKS)
    _, _, after = README.read_text(encoding="utf-8").partition(begin)
    shown, closed, _ = after.partition(end)
    assert closed
    assert shown == example(released, name), "run `python -m tests.integration.test_explain WAREHOUSE`"


@pytest.mark.parametrize(("kind", "table"), [("story", "stories"), ("incident", "incidents")])
def test_every_story_and_incident_is_told_with_its_articles_and_figures(kind, table, released):
    with open_release(Warehouse(released)) as connection:
        rows = rows_of(connection, f"select * from {table} order by all")
        assert rows
        for row in rows:
            told = read_happening(connection, kind, row)
            assert len(told.articles) >= row["article_count"]
            assert {one["document_id"] for one in (*told.events, *told.claims)} <= {
                one["document_id"] for one in told.articles
            }
            console = Console(width=80, record=True, file=StringIO())
            console.print(happening_shown(told, "1.0.0", console))
            assert all(cell_len(line) <= 80 for line in console.export_text().splitlines())


if __name__ == "__main__":
    written = README.read_text(encoding="utf-8")
    for name in SHOWN:
        begin, end = (mark.format(name) for mark in MARKS)
        before, after = re.split(f"{begin}.*{end}", written, flags=re.DOTALL)
        written = f"{before}{begin}{example(Path(sys.argv[1]), name)}{end}{after}"
    README.write_text(written, encoding="utf-8")
