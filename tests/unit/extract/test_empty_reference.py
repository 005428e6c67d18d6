"""Extractors without reference tables: fewer names are known, none of them fails."""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from flows.extract.document import extract_page
from flows.extract.model import language_model
from flows.extract.reading import Page
from flows.text import reference

TEXT = """Velin warns of war
President Oskar Velin met Marta Dunmore in Paris on Monday, the Foreign Ministry said.
"We will not leave the valley to anyone," Velin told the Reuters news agency.
He said three soldiers were killed in the attack on August 8, 2014."""


def forget_tables() -> None:
    """Clear what any module of ours remembers, the model apart: it takes seconds to load, and what its names learnt is no table."""
    for name, module in list(sys.modules.items()):
        if name.startswith("flows."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear") and value is not language_model:
                    value.cache_clear()


@pytest.fixture
def _empty_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every table in seeds/reference with its columns and no row, and no weights."""
    language_model()
    (tmp_path / "reference").mkdir()
    for path in (files("seeds") / "reference").iterdir():
        if path.name.endswith(".csv"):
            columns = path.read_text(encoding="utf-8").splitlines()[0]
            (tmp_path / "reference" / path.name).write_text(columns + "\n", encoding="utf-8")
            assert next(csv.reader([columns]))
    (tmp_path / "reference" / "event_weights.npz").write_bytes(b"")
    monkeypatch.setattr(reference, "files", lambda _package: tmp_path)
    forget_tables()
    yield
    monkeypatch.undo()
    forget_tables()


def page() -> Page:
    segments = []
    at = 0
    for i, line in enumerate(TEXT.split("\n")):
        segments.append((at, at + len(line), "body" if i else "headline"))
        at += len(line) + 1
    return Page("0" * 16, TEXT, date(2014, 8, 12), tuple(segments))


@pytest.mark.usefixtures("_empty_tables")
def test_without_reference_tables_every_extractor_still_works():
    assert reference.reference_rows("countries.csv") == ()
    tables = extract_page(page())
    names = {row["name"] for row in tables["mentions"] if row["entity_type"] == "PERSON"}
    assert {"Oskar Velin", "Marta Dunmore"} <= names
    assert "Paris" in {TEXT[row["start_char"] : row["end_char"]] for row in tables["mentions"]}
    assert {"2014-08-11", "2014-08-08"} <= {row["value"] for row in tables["timexes"]}
    quotes = [TEXT[row["start_char"] : row["end_char"]].strip('"') for row in tables["quotes"]]
    assert quotes == ["We will not leave the valley to anyone,"]


def test_the_tables_are_back_afterwards():
    assert reference.reference_rows("countries.csv")
    assert [row["name"] for row in extract_page(page())["mentions"] if row["name"] == "Oskar Velin"]
