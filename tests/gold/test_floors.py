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
from tests.gold.scorer import Figures, match, same_name

FLOORS_OF: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def seeds_figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    return measure_seeds(tmp_path_factory.mktemp("seeds"))


def test_every_published_measure_has_a_floor() -> None:
    assert set(FLOORS_OF["seeds"]) == set(MEASURES)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_sample_documents_are_read_no_worse_than_the_floor(seeds_figures: Figures, measure: str) -> None:
    figure, of = seeds_figures[measure]
    assert of > 0
    assert figure is not None
    assert figure >= FLOORS_OF["seeds"][measure], "floors may only rise"


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
