"""`dateline diff`: any two releases, in any order, with their rows on demand; and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.release.diff import COMPARED, FOLDER, Circumstances, blamed_stages, write_diff
from flows.store.durable import dump_json
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, Takedown, write_takedown
from tests.contracts.sound import COPY_ID, TALKS_ID, sound_rows
from tests.unit.release.made import CODE, make_release, make_warehouse
from tests.unit.release.test_diff import without

CLAIM = sound_rows()["casualties"][0]["casualty_id"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """1.0.0 without a document; 1.1.0 with it; 1.2.0, where other code reads a figure and a headline otherwise."""
    made = make_warehouse(tmp_path_factory.mktemp("diff") / "warehouse")
    make_release(made, without(sound_rows(), COPY_ID))
    make_release(made)
    rows = sound_rows()
    rows["casualties"][0] |= {"high": 20, "attributed_to": "an officer"}
    rows["stories"][0]["headline"] = "Envoys meet"
    make_release(made, rows, code=CODE | {"extract": "other"})
    return made


def asked(store: Warehouse, *arguments: str, fails: int = 0) -> str:
    found = CliRunner().invoke(app, ["diff", *arguments, "--warehouse", str(store.root)])
    assert found.exit_code == fails, found.output
    return found.output


def answer(store: Warehouse, *arguments: str) -> dict[str, Any]:
    return json.loads(asked(store, *arguments, "--json"))


def test_the_summary_tells_news_from_the_same_text_read_anew(store):
    assert "1 new document; the rest is as it was." in asked(store, "1.0.0", "1.1.0")
    shown = asked(store, "1.1.0", "1.2.0")
    assert "No new text: the same documents were read by other code, and 2 rows of theirs differ." in shown
    assert "casualties" in shown
    assert "sentences" not in shown


def test_backwards_what_was_added_is_retracted(store):
    there, back = answer(store, "1.0.0", "1.2.0")["tables"], answer(store, "1.2.0", "1.0.0")["tables"]
    assert {name: (told["added"], told["revised"], told["retracted"]) for name, told in there.items()} == {
        name: (told["retracted"], told["revised"], told["added"]) for name, told in back.items()
    }
    assert there["documents"]["causes"]["added"] == {"new_input": 1}
    assert back["documents"]["causes"]["retracted"] == {"removed_input": 1}


def test_a_table_shows_its_rows_from_what_to_what(store):
    shown = asked(store, "1.1.0", "1.2.0", "--table", "casualties")
    assert f"casualties {CLAIM} revised (code)" in shown
    assert "high null → 20" in shown
    assert "attributed_to null → an officer" in shown
    assert "1 of 1 rows." in shown


def test_the_words_themselves_are_shown_though_the_diff_that_is_kept_has_digests(store):
    (row,) = answer(store, "1.1.0", "1.2.0", "--table", "stories")["rows"]
    assert row["old"]["headline"] == "Envoys meet in Velmora as shelling goes on"
    kept = pq.read_table(store.release("1.2.0") / FOLDER / "stories.parquet").to_pylist()
    assert "Envoys" not in kept[0]["old"]


def test_a_condition_picks_rows_of_all_tables(store):
    found = answer(store, "1.0.0", "1.2.0", "--where", "change = 'revised' and (new->>'high') = '20' -- a figure")
    assert [row["row_id"] for row in found["rows"]] == [CLAIM]
    found = answer(store, "1.0.0", "1.2.0", "--where", "cause = 'new_input'", "--limit", "2")
    assert len(found["rows"]) == 2
    assert found["matching"] > 2
    assert [row["table_name"] for row in found["rows"]] == sorted(row["table_name"] for row in found["rows"])


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("nonsense", id="no-such-column"),
        pytest.param("cause =", id="half-a-condition"),
        pytest.param("true); drop table diff; select (true", id="more-statements"),
        pytest.param("(select count(*) from read_text('/etc/hostname')) > 0", id="the-readers-files"),
        pytest.param("(select count(*) from 'diff.parquet') > 0", id="a-file-by-its-name"),
        pytest.param("true) union all (select 1", id="another-query"),
        pytest.param("", id="empty"),
    ],
)
def test_a_condition_that_is_wrong_or_does_more_is_refused(store, where):
    said = asked(store, "1.0.0", "1.1.0", "--where", where, fails=2)
    assert "--where" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("versions", [("9.9.9", "1.0.0"), ("1.0.0", "9.9.9"), ("1.0.0", "../1.0.0")])
def test_an_unknown_version_is_said_with_those_that_are_there(store, versions):
    assert "has no release" in asked(store, *versions, fails=2)
    assert "1.0.0, 1.1.0, 1.2.0" in asked(store, *versions, fails=2)


def test_a_table_that_is_not_compared_is_said_with_those_that_are(store):
    assert "documents, segments" in asked(store, "1.0.0", "1.1.0", "--table", "checks", fails=2)


def test_a_release_and_itself_do_not_differ(store):
    assert "No row differs" in asked(store, "1.1.0", "1.1.0")
    assert answer(store, "1.1.0", "1.1.0")["tables"] == {}


def test_what_is_stored_in_a_release_is_what_a_comparison_with_its_parent_finds(store, tmp_path):
    for version in ("1.1.0", "1.2.0"):
        manifest = store.manifest(version)
        parent = store.manifest(manifest["parent"])
        known = Circumstances(blamed_stages(parent, manifest))
        write_diff(store.release(manifest["parent"]), store.release(version), tmp_path / version, known)
        for table in COMPARED:
            name = f"{table.name}.parquet"
            assert (store.release(version) / FOLDER / name).read_bytes() == (tmp_path / version / name).read_bytes()
        told = answer(store, manifest["parent"], version)["tables"]
        rows = {
            table.name: pq.read_table(store.release(version) / FOLDER / f"{table.name}.parquet") for table in COMPARED
        }
        assert {
            name: sum(one[change] for change in ("added", "revised", "retracted")) for name, one in told.items()
        } == {name: found.num_rows for name, found in rows.items() if found.num_rows}


def other_contract(store: Warehouse, folder: Path) -> Warehouse:
    """The warehouse as if 1.0.0 were of a contract that lacks a table and a column, and has a table that is no more."""
    import shutil

    shutil.copytree(store.root, folder, symlinks=True)
    copy = Warehouse(folder)
    release = copy.release("1.0.0")
    for path in (release, *release.iterdir()):
        path.chmod(0o755)
    manifest = copy.manifest("1.0.0")
    (release / "incidents.parquet").rename(release / "happenings.parquet")
    manifest["tables"]["happenings"] = manifest["tables"].pop("incidents")
    file = release / "quotes.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["cue"]), file)
    del manifest["tables"]["quotes"]["schema"]["cue"]
    for key in ("program", "reference"):
        del manifest[key]
    (release / "manifest.json").write_text(dump_json(manifest))
    return copy


def test_releases_of_different_contracts_are_compared_and_the_contract_told(store, tmp_path):
    copy = other_contract(store, tmp_path / "copy")
    found = answer(copy, "1.0.0", "1.2.0")
    assert {"happenings is gone", "incidents is new", "quotes.cue is new"} <= set(found["contract"])
    assert found["tables"]["incidents"]["added"] == 2
    assert found["tables"]["quotes"]["columns"] == {"cue": 2}
    assert "incidents is gone" in answer(copy, "1.2.0", "1.0.0")["contract"]
    assert answer(copy, "1.0.0", "1.2.0", "--table", "quotes")["contract"] == ["quotes.cue is new"]


def test_a_release_whose_files_a_takedown_deleted_is_said(store, tmp_path):
    copy = other_contract(store, tmp_path / "copy")
    (copy.release("1.0.0") / TOMBSTONE).write_text("{}")
    assert "its files were deleted when a document was taken down" in asked(copy, "1.0.0", "1.1.0", fails=2)


def test_of_a_document_that_was_taken_down_nothing_is_shown(store, tmp_path):
    copy = other_contract(store, tmp_path / "copy")
    write_takedown(copy, Takedown(TALKS_ID, "0" * 64, "asked for", "2026-01-01", ("1.1.0",)))
    (row,) = answer(copy, "1.1.0", "1.2.0", "--table", "casualties")["rows"]
    assert (row["old"], row["new"]) == (None, None)
    assert row["changed_columns"] == ["high", "attributed_to"]
    assert "an officer" not in asked(copy, "1.1.0", "1.2.0", "--table", "casualties")
