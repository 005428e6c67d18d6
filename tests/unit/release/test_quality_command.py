"""`dateline quality` tells of a release what its quality/ holds, of older ones what they have."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.store.warehouse import Warehouse
from tests.unit.release.made import CHECK_ROW, make_release, make_warehouse
from tests.unit.release.test_quality import WARNED


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    made = make_warehouse(tmp_path / "warehouse")
    make_release(made)
    make_release(made, inputs="others", check_rows=[CHECK_ROW, WARNED])
    return made


def asked(store: Warehouse, *arguments: str) -> SimpleNamespace:
    done = CliRunner().invoke(app, ["quality", *arguments, "-w", str(store.root)])
    return SimpleNamespace(code=done.exit_code, said=done.output)


def test_it_tells_the_verdict_what_is_nearest_to_failing_and_where_the_page_is(store: Warehouse) -> None:
    told = asked(store)
    assert told.code == 0
    words = " ".join(told.said.split())
    assert "compared with 1.0.0: 2 checks: 1 held, 1 warning" in words
    assert "quotes.mostly_with_speaker" in words
    assert "-50%" in words
    assert "casualty figures" in words
    assert "quality/index.html" in words


def test_as_json_it_is_what_the_files_hold_and_one_check_can_be_asked_for(store: Warehouse) -> None:
    told = json.loads(asked(store, "1.0.0", "--json").said)
    assert (told["version"], told["parent"], told["outcomes"]) == ("1.0.0", None, {"held": 1})
    assert Path(told["page"]).is_file()
    one = json.loads(asked(store, "--check", WARNED["check_id"], "--json").said)
    assert one["headroom"] == WARNED["headroom"]
    assert "observed_value: 0.75" in asked(store, "--check", WARNED["check_id"]).said


@pytest.mark.parametrize(
    "arguments", [pytest.param(("9.9.9",), id="version"), pytest.param(("--check", "no.such"), id="check")]
)
def test_what_is_not_there_is_a_usage_error(store: Warehouse, arguments: tuple[str, ...]) -> None:
    told = asked(store, *arguments)
    assert told.code == 2
    assert arguments[-1] in told.said


def test_an_older_release_without_these_files_is_told_as_far_as_it_goes(store: Warehouse) -> None:
    quality = store.release() / "quality"
    for name in ("index.html", "trend.parquet", "scorecard.json"):
        (quality / name).unlink()
    told = asked(store)
    assert told.code == 0
    assert "index.html" not in told.said
