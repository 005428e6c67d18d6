"""Corrections, for any order of the lines and any batching of the input: the same tables; and without them all is as it was."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.extract.corrections import Correction, parse_corrections, text_of
from flows.ingest.inputs import InputFile
from flows.stages import released_tables
from flows.store.parquet import row_digest, sorted_by_key
from schemas.corrections import CORRECTABLE
from schemas.registry import table_named
from tests.gold.stages import gathered, input_files
from tests.integration.whole import write_story, write_story_without_year

HEADER = "row_id,column,expected,new,reason,who,when"
NEW = {
    "low": "1",
    "victims": "",
    "date_precision": "year",
    "name": "The Coast Guard",
    "status": "planned",
    "speaker": "Sigrun Aldan of Oslo",
    "value": "",
}
Tables = dict[str, str]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> list[InputFile]:
    """Five documents; one gets its day from another."""
    folder = tmp_path_factory.mktemp("stories") / "in"
    for number in range(4):
        write_story(folder, number)
    write_story_without_year(folder, 0)
    return input_files(folder)


@pytest.fixture(scope="module")
def lines(stories: list[InputFile], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A line for every value of these columns that another can stand in the place of."""
    found: list[str] = []
    work = tmp_path_factory.mktemp("read")
    for table, rows in released_tables(gathered(stories, work / "gathered"), work):
        for column in NEW.keys() & set(CORRECTABLE.get(table.name, ())):
            for row in rows.to_pylist():
                expected = text_of(row[column]) or ""
                if expected != NEW[column]:
                    found.append(
                        f'{row[table.columns[0].name]},{column},"{expected}",{NEW[column]},so,A. Reader,2024-05-01'
                    )
    return sorted(found)


def made(files: Sequence[InputFile], work: Path, corrections: Sequence[Correction]) -> Tables:
    """Table to its row digest; `work` keeps what was computed before."""
    with TemporaryDirectory() as fresh:  # what ingest gathers has no key of its own here
        tables = released_tables(gathered(files, Path(fresh) / "gathered"), work, corrections)
        return {table.name: row_digest(sorted_by_key(table, rows)) for table, rows in tables}


def test_there_are_lines_for_facts_of_every_table(lines: list[str]) -> None:
    assert {line.split(",")[1] for line in lines} == set(NEW)
    assert {table for table, columns in CORRECTABLE.items() if NEW.keys() & set(columns)} == set(CORRECTABLE)
    assert all(table_named(name) for name in CORRECTABLE)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that goes from one example to the next, as that of a schedule goes from run to run."""
    return tmp_path_factory.mktemp("ledger")


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_of_lines_and_any_batching_of_the_input_give_the_same_tables(
    stories: list[InputFile], lines: list[str], work: Path, random: Random, cut: int
) -> None:
    chosen = random.sample(lines, random.randint(1, len(lines)))
    corrections = parse_corrections("\n".join([HEADER, *chosen]), "mine.csv")
    with TemporaryDirectory() as empty:
        at_once = made(stories, Path(empty), corrections)
    made(random.sample(stories, cut), work, corrections)
    again = parse_corrections("\n".join([HEADER, *random.sample(chosen, len(chosen))]), "mine.csv")
    assert made(random.sample(stories, len(stories)), work, again) == at_once


def test_a_run_without_the_corrections_ends_where_the_one_before_them_ended(
    stories: list[InputFile], lines: list[str], work: Path
) -> None:
    before = made(stories, work, ())
    corrected = made(stories, work, parse_corrections("\n".join([HEADER, *lines]), "mine.csv"))
    differing = {name for name in before if before[name] != corrected[name]}
    assert differing >= {*CORRECTABLE, "corrections", "incidents"}
    assert made(stories, work, ()) == before
