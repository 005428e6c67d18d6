"""Accuracy does not fall below tests/gold/floors.json, and what is published about it is what was measured."""

import json
from pathlib import Path

import pytest

from flows.release.scorecard import MEASURES
from tests.gold.measure import (
    DEVELOPMENT,
    FLOORS,
    README,
    SCORECARD,
    measure_development,
    measure_seeds,
    readme_table,
    table_in,
)
from tests.gold.scorer import Row, match, same_name

FLOORS_OF: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def seeds_scorecard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    return measure_seeds(tmp_path_factory.mktemp("seeds"))


def test_every_published_measure_has_a_floor() -> None:
    assert set(FLOORS_OF["seeds"]) == set(MEASURES)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_sample_documents_are_read_no_worse_than_the_floor(seeds_scorecard: dict[str, Row], measure: str) -> None:
    figure, of = seeds_scorecard[measure]["figure"], seeds_scorecard[measure]["of"]
    assert of > 0
    assert figure is not None
    assert figure >= FLOORS_OF["seeds"][measure], "floors may only rise"


def test_each_figure_follows_from_its_counts_and_f1_from_precision_and_recall(seeds_scorecard: dict[str, Row]) -> None:
    for row in seeds_scorecard.values():
        if row["found"] is not None:
            assert row["right"] <= min(row["found"], row["of"])
            assert row["precision"] == round(100 * row["right"] / row["found"], 1)
            assert row["recall"] == round(100 * row["right"] / row["of"], 1)
            assert row["figure"] == round(200 * row["right"] / (row["found"] + row["of"]), 1)
        elif row["right"] is not None:
            assert row["figure"] == round(100 * row["right"] / row["of"], 1)


@pytest.mark.shared
@pytest.mark.skipif(not DEVELOPMENT.is_dir(), reason="the development pages do not lie beside this checkout")
def test_the_development_pages_are_read_no_worse_than_the_floors(tmp_path: Path) -> None:
    figures = measure_development(tmp_path)
    fallen = {
        name: (figures[name][0], floor)
        for name, floor in FLOORS_OF["development"].items()
        if (figures[name][0] or 0.0) < floor
    }
    assert not fallen, "measure: (figure, floor); floors may only rise"


def test_the_readme_shows_the_published_scorecard() -> None:
    table = table_in(README.read_text(encoding="utf-8"))
    if table is None:
        pytest.skip("README.md has no table of accuracy")
    assert table == readme_table(SCORECARD.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ilir Dushku", "Dushku", True),
        ("the Port Authority of Vorë", "Port Authority of Vore", True),
        ("South Marland", "Marland", False),
        ("Marland government", "Norland government", False),
        (None, "Marland", False),
    ],
)
def test_names_are_the_same_by_their_words(one: str | None, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_no_fact_is_matched_twice() -> None:
    assert match(["a"], ["a", "a"], str.__eq__) == [(0, 0)]
