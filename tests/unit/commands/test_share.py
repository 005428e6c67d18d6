"""`dateline publish`, `pull` and `upgrade` as a user types them."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    store = make_warehouse(tmp_path_factory.mktemp("made") / "warehouse")
    make_release(store)
    make_release(store, sound_rows() | {"quotes": []})
    return store


@pytest.fixture
def here(made, tmp_path, monkeypatch):
    """A folder with the warehouse, both of whose releases are published in `published`."""
    shutil.copytree(made.root, tmp_path / "warehouse", symlinks=True)
    monkeypatch.chdir(tmp_path)
    assert dateline("publish", "published", "--all").exit_code == 0
    return tmp_path


def dateline(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def lock_of(folder):
    return json.loads((folder / "dateline.lock").read_text())


def test_publishing_says_what_it_did_and_how_to_use_it(here):
    result = dateline("publish", "other")
    assert "Published 1.1.0 to other" in result.stdout
    assert "latest is 1.1.0. Use it: dateline pull other --to DIR" in result.stdout
    assert "other has 1.1.0 already, whole" in dateline("publish", "other").stdout


def test_pulling_pins_and_pulling_again_fetches_what_is_pinned(here):
    result = dateline("pull", "published", "1.0", "--to", "data")
    assert result.exit_code == 0, result.stderr
    assert "data is 1.0.0, whole" in result.stdout
    assert (lock_of(here)["version"], lock_of(here)["source"]) == ("1.0.0", "published")
    shutil.rmtree("data")
    result = dateline("pull", "--json")
    told = json.loads(result.stdout)
    assert (told["version"], told["to"]) == ("1.0.0", "data")
    assert told["fetched_bytes"] > 0


def test_without_a_folder_the_release_is_pulled_beside_the_lock(here):
    assert dateline("pull", "published").exit_code == 0
    assert (here / "dateline-1.1.0" / "manifest.json").is_file()


def test_naming_another_release_moves_the_lock_and_says_so(here):
    dateline("pull", "published", "1.0.0", "--to", "old")
    result = dateline("pull", "published", "--to", "new")
    assert "dateline.lock: 1.0.0 → 1.1.0" in result.stdout
    assert lock_of(here)["version"] == "1.1.0"


def test_a_yanked_release_is_fetched_by_its_number_with_a_warning_and_skipped_by_ranges(here):
    dateline("yank", "1.1.0", "--reason", "wrong days")
    dateline("publish", "published", "1.1.0")
    assert "data is 1.0.0" in dateline("pull", "published", "~=1.0", "--to", "data").stdout
    result = dateline("pull", "published", "1.1.0", "--to", "yanked")
    assert result.exit_code == 0
    assert "1.1.0 was yanked" in result.stderr
    again = dateline("pull")
    assert again.stderr.count("wrong days") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["pull"], 2, "there is no dateline.lock here"),
        (["pull", "nowhere", "--to", "data"], 2, "has no releases"),
        (["pull", "published", "9.9.9", "--to", "data"], 2, "It has: 1.0.0, 1.1.0"),
        (["pull", "published", ">=5", "--to", "data"], 2, "It has: 1.0.0, 1.1.0"),
        (["pull", "published", "newest", "--to", "data"], 2, "is no version or range"),
        (["pull", "published", "--to", "warehouse"], 2, "is not empty"),
        (["pull", "published", "--to", "warehouse/work/../.lock/data"], 1, "Name another place"),
        (["publish", "other", "9.9.9"], 2, "has no release 9.9.9"),
        (["publish", "other", "1.0.0", "--all"], 2, "not both"),
        (["publish", "warehouse/.lock"], 1, "Name another place"),
        (["publish", "gs://bucket"], 2, "is not known here"),
        (["upgrade"], 2, "there is no dateline.lock here"),
    ],
)
def test_bad_use_is_said_with_what_to_do_and_changes_nothing(arguments, code, says, here):
    (here / "warehouse" / ".lock").write_text("")
    before = set(here.rglob("*"))
    result = dateline(*arguments)
    assert (result.exit_code, says in result.stderr) == (code, True), result.stderr
    assert set(here.rglob("*")) == before


def test_a_lock_that_does_not_match_its_source_fetches_nothing(here):
    dateline("pull", "published", "--to", "data")
    lock = lock_of(here) | {"manifest_sha256": "f" * 64, "folder": "fresh"}
    (here / "dateline.lock").write_text(json.dumps(lock))
    for arguments in (["pull"], ["pull", "published", "1.1.0", "--to", "fresh"], ["upgrade"]):
        result = dateline(*arguments)
        assert result.exit_code == 1
        assert "the lock does not match" in result.stderr
    assert not (here / "fresh").exists()
    assert lock_of(here) == lock


def test_an_upgrade_shows_first_what_a_query_would_answer_then_moves_on(here):
    dateline("pull", "published", "1.0.0", "--to", "data")
    (here / "query.sql").write_text("select 'quotes' as what, count(*) as quotes from quotes;")
    result = dateline("upgrade", "--preview", "query.sql")
    assert result.exit_code == 0, result.stderr
    assert "1.0.0 → 1.1.0" in result.stdout
    assert lock_of(here)["version"] == "1.0.0"
    told = json.loads(dateline("upgrade", "--preview", "query.sql", "--json").stdout)
    assert told["changed"][0]["values"]["quotes"][1] == 0
    result = dateline("upgrade")
    assert "dateline.lock: 1.0.0 → 1.1.0" in result.stdout
    assert (here / "dateline-1.1.0" / "manifest.json").is_file()
    assert "nothing to do" in dateline("upgrade").stdout


def test_another_major_version_is_taken_only_when_it_is_asked_for(here):
    dateline("pull", "published", "1.0.0", "--to", "data")
    index = json.loads((here / "published" / "index.json").read_text())
    index["releases"].append({**index["releases"][1], "version": "2.0.0"})
    (here / "published" / "index.json").write_text(json.dumps(index))
    result = dateline("upgrade")
    assert result.exit_code == 2
    assert "another MAJOR version" in result.stderr
    assert lock_of(here)["version"] == "1.0.0"
    assert dateline("upgrade", "1").exit_code == 0
    assert lock_of(here)["version"] == "1.1.0"
    assert "2.0.0/manifest.json is not there" in dateline("upgrade", "--major").stderr
