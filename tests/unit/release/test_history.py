"""The history holds what each release said, once, and says of no release what it did not say."""

import json
import shutil
from collections import Counter

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows.cli import app
from flows.errors import UsageError, WarehouseDamaged
from flows.release.history import TableHistory, build_history
from flows.store.parquet import file_sha256
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import TOMBSTONE, Yank, write_yank
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse


@pytest.fixture
def store(tmp_path):
    """Three releases: as they are; without quotations; with them again and other casualties."""
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    rows = sound_rows()
    rows["quotes"] = []
    make_release(store, rows)
    rows = sound_rows()
    rows["casualties"][0]["victims"] = "somebody else"
    make_release(store, rows)
    return store


def asked(file, sql):
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def bag(rows):
    return Counter(json.dumps(row, default=str, sort_keys=True) for row in rows)


def said_then(file, table, version):
    with duckdb.connect(str(file), read_only=True) as connection:
        return bag(connection.execute(f"from {table}_at('{version}')").to_arrow_table().to_pylist())


def test_each_release_is_told_as_it_is_and_each_row_is_kept_once(store, tmp_path):
    file = tmp_path / "history.duckdb"
    history = build_history(store, file)
    for version in store.versions():
        for table in [one.name for one in history.tables]:
            released = pq.read_table(store.release(version) / f"{table}.parquet").to_pylist()
            assert said_then(file, table, version) == bag(released), (table, version)
    documents = len(sound_rows()["documents"])
    assert TableHistory("documents", 3 * documents, documents) in history.tables
    assert (history.releases, history.last) == (3, "1.2.0")
    assert asked(file, "select distinct valid_from, valid_to from quotes order by all") == [
        ("1.0.0", "1.1.0"),
        ("1.2.0", None),
    ]
    assert asked(file, "select valid_from, valid_to from casualties where victims = 'somebody else'") == [
        ("1.2.0", None)
    ]


def test_releases_are_ordered_by_number_not_by_letter(store, tmp_path):
    for _ in range(9):
        make_release(store, at_least="minor")
    file = tmp_path / "history.duckdb"
    build_history(store, file, only=["casualties"])
    assert asked(file, "select version from releases order by number")[-2:] == [("1.10.0",), ("1.11.0",)]
    for version in store.versions():
        there = said_then(file, "casualties", version)
        assert there == bag(pq.read_table(store.release(version) / "casualties.parquet").to_pylist())


def test_a_version_that_is_not_there_is_an_error_not_an_empty_answer(store, tmp_path):
    build_history(store, tmp_path / "history.duckdb", only=["quotes"])
    with pytest.raises(duckdb.InvalidInputException, match=r"no rows of a release 1\.1\.1"):
        asked(tmp_path / "history.duckdb", "from quotes_at('1.1.1')")


def test_a_yanked_release_is_marked_and_still_says_what_it_said(store, tmp_path):
    write_yank(store, Yank("1.1.0", "quotations were lost", "1.2.0", "2021-03-04"))
    file = tmp_path / "history.duckdb"
    build_history(store, file, only=["quotes"])
    assert asked(file, "select version, yanked, yanked_reason, successor from releases where number = 2") == [
        ("1.1.0", True, "quotations were lost", "1.2.0")
    ]
    assert asked(file, "select count(*) from quotes_at('1.1.0')") == [(0,)]


def test_a_release_of_which_a_document_was_taken_down_has_no_rows_and_interrupts_none(store, tmp_path):
    folder = store.release("1.1.0")
    (folder / TOMBSTONE).write_text("{}")
    (folder / "quotes.parquet").unlink()
    file = tmp_path / "history.duckdb"
    build_history(store, file)
    assert asked(file, "select distinct valid_from, valid_to from quotes") == [("1.0.0", None)]
    assert asked(file, "select version, number, taken_down from releases order by version") == [
        ("1.0.0", 1, False),
        ("1.1.0", None, True),
        ("1.2.0", 2, False),
    ]
    with pytest.raises(duckdb.InvalidInputException, match=r"no rows of a release 1\.1\.0"):
        asked(file, "from documents_at('1.1.0')")


def change_release(store, version, table, change):
    """Another contract: a table of a release rewritten, and the manifest with it."""
    folder = store.release(version)
    file, manifest_file = folder / f"{table}.parquet", folder / "manifest.json"
    rows = change(pq.read_table(file))
    file.chmod(0o644)
    pq.write_table(rows, file)
    manifest = json.loads(manifest_file.read_text())
    manifest["tables"][table] |= {"sha256": file_sha256(file), "schema": dict.fromkeys(rows.column_names, "VARCHAR")}
    manifest_file.chmod(0o644)
    manifest_file.write_text(json.dumps(manifest))


def test_tables_of_other_contracts_are_joined_by_name_with_nulls_and_as_text_where_types_differ(store, tmp_path):
    def older(rows):
        index = rows.column_names.index("byte_length")
        return rows.drop_columns(["language"]).set_column(index, "byte_length", rows["byte_length"].cast(pa.string()))

    change_release(store, "1.0.0", "documents", older)
    file = tmp_path / "history.duckdb"
    build_history(store, file, only=["documents"])
    lengths = {row["byte_length"] for row in sound_rows()["documents"]}
    assert {value for (value,) in asked(file, "select byte_length from documents_at('1.2.0')")} == set(
        map(str, lengths)
    )
    assert {value for (value,) in asked(file, "select language from documents_at('1.0.0')")} == {None}
    assert "en" in {value for (value,) in asked(file, "select language from documents_at('1.2.0')")}


def test_a_table_that_some_releases_lack_has_no_rows_there(store, tmp_path):
    manifest_file = store.release("1.2.0") / "manifest.json"
    manifest = json.loads(manifest_file.read_text())
    del manifest["tables"]["stories"]
    manifest_file.chmod(0o644)
    manifest_file.write_text(json.dumps(manifest))
    file = tmp_path / "history.duckdb"
    build_history(store, file, only=["stories"])
    assert asked(file, "select distinct valid_from, valid_to from stories") == [("1.0.0", "1.2.0")]


def test_what_is_wrong_is_said_and_nothing_is_left_behind(store, tmp_path):
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "history.duckdb"
    with pytest.raises(UsageError, match="no release has a table letters"):
        build_history(store, file, only=["letters"])
    with pytest.raises(UsageError, match="lies in the warehouse"):
        build_history(store, store.root / "history.duckdb")
    with pytest.raises(UsageError, match="there is no folder"):
        build_history(store, tmp_path / "nowhere" / "history.duckdb")
    with pytest.raises(UsageError, match="is no file"):
        build_history(store, tmp_path / "out", overwrite=True)
    with pytest.raises(UsageError, match="holds no release yet"):
        build_history(make_warehouse(tmp_path / "empty"), file)
    quotes = store.release("1.0.0") / "quotes.parquet"
    quotes.chmod(0o644)
    quotes.write_bytes(quotes.read_bytes()[:-1] + b"x")
    with pytest.raises(WarehouseDamaged, match=r"dateline verify 1\.0\.0"):
        build_history(store, file)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_asked(store, tmp_path):
    file = tmp_path / "history.duckdb"
    file.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        build_history(store, file)
    assert file.read_text() == "mine"
    build_history(store, file, only=["quotes"], overwrite=True)
    assert asked(file, "select count(*) from releases") == [(3,)]


def test_progress_counts_every_table_of_every_release(store, tmp_path):
    told = []
    build_history(
        store, tmp_path / "history.duckdb", only=["quotes", "events"], done=lambda done, of: told.append((done, of))
    )
    assert told == [(number, 6) for number in range(1, 7)]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "word": st.one_of(st.none(), st.sampled_from(["a", "b", "null", '"', ""])),
            "number": st.one_of(st.none(), st.integers(0, 2)),
        }
    ),
    max_size=4,
)
COLUMNS = st.sampled_from([("word", "number"), ("word",), ("number",)])
RELEASES = st.lists(st.one_of(st.none(), st.tuples(COLUMNS, ROWS)), min_size=1, max_size=5)


@settings(deadline=None, max_examples=40)
@given(releases=RELEASES)
def test_for_every_release_history_at_that_release_is_its_rows(tmp_path_factory, releases):
    root = tmp_path_factory.mktemp("past")
    store, kinds = Warehouse(root / "warehouse"), {"word": pa.string(), "number": pa.int64()}
    for number, release in enumerate(releases):
        folder = store.releases / f"1.{number}.0"
        folder.mkdir(parents=True)
        tables = {}
        if release is not None:
            columns, rows = release
            table = pa.table({name: pa.array([row[name] for row in rows], kinds[name]) for name in columns})
            pq.write_table(table, folder / "words.parquet")
            digest = file_sha256(folder / "words.parquet")
            tables["words"] = {"rows": len(rows), "sha256": digest, "schema": dict.fromkeys(columns, "")}
        (folder / "manifest.json").write_text(json.dumps({"parent": None, "tables": tables}))
    store.current.symlink_to("releases/1.0.0")
    history = build_history(store, root / "history.duckdb")
    if any(releases):
        for number, release in enumerate(releases):
            columns, rows = release or ((), [])
            known = {column for one in releases if one for column in one[0]}
            whole = [{name: row[name] if name in columns else None for name in known} for row in rows]
            assert said_then(root / "history.duckdb", "words", f"1.{number}.0") == bag(whole)
        (words,) = history.tables
        assert words.released == sum(len(one[1]) for one in releases if one)
        assert words.kept <= words.released
    shutil.rmtree(root)


def test_the_command_says_what_it_wrote_and_how_to_ask(store, tmp_path):
    file = tmp_path / "history.duckdb"
    command = ["history", "-w", str(store.root), "-o", str(file)]
    said = CliRunner().invoke(app, command)
    assert (said.exit_code, "from articles_at('1.2.0')" in said.output) == (0, True)
    refused = CliRunner().invoke(app, command)
    assert (refused.exit_code, "--force" in refused.output) == (2, True)
    told = CliRunner().invoke(app, [*command, "--force", "--table", "quotes", "--table", "events", "--json"])
    assert [one["name"] for one in json.loads(told.output)["tables"]] == ["events", "quotes"]
    assert json.loads(told.output)["releases"] == 3
