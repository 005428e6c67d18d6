"""Names, times, speech, casualties and events are found no worse than the floors on the benchmarks beside the checkout; the README says what was measured."""

import json
from pathlib import Path

import pytest

from tests.gold.language import (
    BENCHMARKS,
    EXTRACT_README,
    LANGUAGE_CSV,
    MARK,
    MEASURES,
    load_gold,
    readme_table,
    release_of,
    score,
)
from tests.gold.measure import FLOORS, README, table_in

FLOORS_OF: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.mark.shared
@pytest.mark.skipif(not (BENCHMARKS / "names").is_dir(), reason="the benchmarks do not lie beside this checkout")
@pytest.mark.parametrize("name", MEASURES)
def test_a_benchmark_is_read_no_worse_than_the_floors(name: str, tmp_path: Path) -> None:
    release_of(name, tmp_path)
    figures = score(tmp_path, name, load_gold(name))
    fallen = {of: (figures[of], floor) for of, floor in FLOORS_OF[name].items() if figures[of] < floor}
    assert not fallen, "measure: (figure, floor); floors may only rise"


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_of_a_benchmark_has_a_floor(name: str) -> None:
    assert set(FLOORS_OF[name]) == set(MEASURES[name])


@pytest.mark.parametrize("readme", [README, EXTRACT_README], ids=["root", "extract"])
def test_the_readmes_show_what_was_last_measured(readme: Path) -> None:
    assert table_in(readme.read_text(encoding="utf-8"), MARK) == readme_table(LANGUAGE_CSV.read_text(encoding="utf-8"))
