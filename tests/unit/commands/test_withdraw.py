"""`dateline yank` and `takedown` as a user types them, and who is warned of what was withdrawn."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.errors import GateRefused
from flows.release.verify import verify_release
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import takedowns_of
from tests.contracts.sound import TALKS_ID, sound_rows
from tests.integration.hunt import files_with
from tests.unit.release.made import make_release, make_warehouse
from tests.unit.release.test_withdraw import changed

REASON = "dates are [a day] off"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Two releases in the working folder's warehouse."""
    monkeypatch.chdir(tmp_path)
    warehouse = make_warehouse(tmp_path / "warehouse")
    for number in range(2):
        make_release(warehouse, changed(number), inputs=str(number))
    return warehouse


def dateline(*arguments: str) -> Result:
    """The command's result, with stdout and stderr apart."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def test_a_yank_says_what_became_of_current(store):
    result = dateline("yank", "1.1.0", "--reason", REASON, "--successor", "1.0.0")
    assert result.exit_code == 0, result.stderr
    assert f"Release 1.1.0 is yanked: {REASON}. Use 1.0.0 in its place." in result.stdout
    assert "`current` is now 1.0.0" in result.stdout
    assert store.current_version() == "1.0.0"


def test_a_yank_is_told_to_machines(store):
    told = json.loads(dateline("yank", "1.1.0", "--reason", REASON, "--json").stdout)
    today = told.pop("yanked_on")
    assert len(today) == len("2026-03-05")
    assert told == {
        "version": "1.1.0",
        "reason": REASON,
        "successor": None,
        "undone": False,
        "current_before": "1.1.0",
        "current": "1.0.0",
    }
    told = json.loads(dateline("yank", "1.1.0", "--undo", "--json").stdout)
    assert (told["undone"], told["current"]) == (True, "1.1.0")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["1.1.0"], "say why", id="no-reason"),
        pytest.param(["1.1.0", "--reason", "  "], "say why", id="blank-reason"),
        pytest.param(["7.0.0", "--reason", REASON], "has no release 7.0.0. It has: 1.0.0, 1.1.0", id="unknown"),
        pytest.param(["1.1.0", "--undo", "--reason", REASON], "leave out --reason", id="undo-with-reason"),
        pytest.param(["1.1.0", "--undo"], "is not yanked", id="undo-of-nothing"),
        pytest.param(["1.1.0", "--reason", REASON, "-w", "nowhere"], "nowhere has no release", id="no-warehouse"),
    ],
)
def test_bad_use_is_told_and_changes_nothing(store, tmp_path, arguments, told):
    result = dateline("yank", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert store.current_version() == "1.1.0"
    assert not (store.root / "yanked").exists()
    assert not (tmp_path / "nowhere").exists()


def test_a_yank_waits_for_no_run_unless_told_to(store):
    with store.writing():
        result = dateline("yank", "1.1.0", "--reason", REASON)
    assert result.exit_code == 1
    assert "is writing" in result.stderr
    assert store.current_version() == "1.1.0"


@pytest.fixture
def yanked(store: Warehouse) -> Warehouse:
    """1.0.0 is yanked in favour of 1.1.0."""
    assert dateline("yank", "1.0.0", "--reason", REASON, "--successor", "1.1.0").exit_code == 0
    return store


COUNT = "select count(*) as n from quotes"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["query", COUNT, "--version", "1.0.0"], id="query"),
        pytest.param(["show", "1.0.0"], id="show"),
        pytest.param(["verify", "1.0.0"], id="verify"),
        pytest.param(["story", "--version", "1.0.0"], id="story"),
        pytest.param(["incident", "--version", "1.0.0"], id="incident"),
        pytest.param(["export", "1.0.0", "--facts", "--to", "facts"], id="export"),
    ],
)
def test_whoever_reads_a_yanked_release_is_warned_once_with_the_reason_and_what_to_do(yanked, arguments):
    result = dateline(*arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("is yanked since") == 1
    assert f": {REASON}. Use release 1.1.0 in its place." in result.stderr
    assert "yanked since" not in result.stdout


def test_a_warning_is_no_part_of_what_machines_read(yanked):
    result = dateline("query", COUNT, "--version", "1.0.0", "--format", "json")
    assert "is yanked" in result.stderr
    assert list(json.loads(result.stdout)[0]) == ["n"]


@pytest.mark.parametrize("arguments", [["query", COUNT], ["query", COUNT, "--version", "1.1.0"], ["releases"]])
def test_whoever_reads_another_release_is_not_warned(yanked, arguments):
    result = dateline(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_current_that_a_killed_yank_left_is_warned_of(yanked):
    yanked.current.unlink()
    yanked.current.symlink_to("releases/1.0.0")
    assert "release 1.0.0 is yanked" in dateline("query", COUNT).stderr


def test_releases_are_listed_with_what_was_yanked_and_why(yanked):
    text = dateline("releases").stdout
    assert "1.0.0 (yanked)" in text
    assert "1.1.0 (current)" in text
    assert REASON in text
    first, second = json.loads(dateline("releases", "--json").stdout)
    assert (first["yanked"]["reason"], first["yanked"]["successor"]) == (REASON, "1.1.0")
    assert second["yanked"] is None


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A warehouse with one release, which holds TALKS."""
    monkeypatch.chdir(tmp_path)
    warehouse = make_warehouse(tmp_path / "warehouse")
    make_release(warehouse, sound_rows(), inputs="0")
    return warehouse


def test_a_dry_run_of_a_takedown_says_what_would_be_deleted_and_does_nothing(held):
    before = sorted(held.root.rglob("*"))
    told = json.loads(dateline("takedown", TALKS_ID, "--reason", REASON, "--dry-run", "--json").stdout)
    assert "documents.parquet" in told["deleted"]["1.0.0"]
    assert (told["dry_run"], told["versions"], told["current"]) == (True, ["1.0.0"], "1.0.0")
    assert sorted(held.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([TALKS_ID], "say why", id="no-reason"),
        pytest.param(["talks.txt", "--reason", REASON], "is no document's id", id="no-id"),
        pytest.param(["0" * 16, "--reason", REASON], "holds a document 0000000000000000", id="unknown"),
    ],
)
def test_a_takedown_that_cannot_be_is_told_and_changes_nothing(held, arguments, told):
    result = dateline("takedown", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (held.root / "takedowns").exists()


def test_where_the_gate_refuses_the_successor_nothing_is_deleted_until_it_is_asked_for(held, monkeypatch):
    def refused(*_arguments, **_options):
        raise GateRefused("documents.some_rows failed")

    monkeypatch.setattr("flows.commands.run.run_pipeline", refused)
    result = dateline("takedown", TALKS_ID, "--reason", REASON)
    assert result.exit_code == 3
    assert "documents.some_rows failed" in result.stderr
    assert "Not done: releases 1.0.0 still hold it" in result.stderr
    assert "--without-successor" in result.stderr
    assert held.current_version() == "1.0.0"
    assert verify_release(held.release(), held.manifest()).findings == ()
    assert TALKS_ID in takedowns_of(held), "later runs honour it all the same"
    result = dateline("takedown", TALKS_ID, "--reason", REASON, "--without-successor")
    assert result.exit_code == 0, result.stderr
    assert "`current` is gone" in result.stdout
    assert files_with(held.root, "We will keep talking until the guns fall silent") == []


def test_where_the_ledger_is_gone_the_inputs_are_asked_for(held):
    result = dateline("takedown", TALKS_ID, "--reason", REASON)
    assert result.exit_code == 2
    assert "needs its inputs" in result.stderr
    assert f"dateline takedown {TALKS_ID} --reason … INPUT…" in result.stderr
    assert held.current_version() == "1.0.0"


def test_what_a_takedown_deleted_is_told_by_verify_and_by_releases(held):
    assert dateline("takedown", TALKS_ID, "--reason", REASON, "--without-successor").exit_code == 0
    result = dateline("verify", "1.0.0")
    assert result.exit_code == 0
    assert f"it held document {TALKS_ID}, which was taken down: {REASON}" in result.stdout
    assert "1.0.0 (yanked, files deleted)" in dateline("releases").stdout
    for command in (
        ["query", COUNT, "--version", "1.0.0"],
        ["show", "1.0.0"],
        ["export", "1.0.0", "--facts", "--to", "f"],
    ):
        result = dateline(*command)
        assert result.exit_code == 2
        assert f"can no longer be read: it held document {TALKS_ID}" in result.stderr
