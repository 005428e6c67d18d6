"""Which release comes next, and what a query would answer on it."""

import pyarrow as pa
import pytest

from flows.errors import UsageError
from flows.share.folder import FolderPlace
from flows.share.index import Entry, YankSaid
from flows.share.lock import Lock
from flows.share.publish import publish
from flows.share.pull import pull, releases_at
from flows.share.upgrade import compare, next_release, preview


@pytest.fixture
def place(store, tmp_path):
    place = FolderPlace(tmp_path / "published")
    publish(store, place, ["1.0.0", "1.1.0"])
    return place


@pytest.fixture
def lock(place):
    return Lock("dateline", "1.0.0", releases_at(place)["1.0.0"].manifest_sha256, place.address, "data")


def seen(place, lock, tmp_path, sql):
    return preview(place, lock, tmp_path / "data", releases_at(place)["1.1.0"], sql)


@pytest.mark.parametrize("pulled", [True, False], ids=["pulled", "not pulled"])
def test_a_preview_shows_the_rows_that_would_be_gone(pulled, place, lock, tmp_path):
    if pulled:
        pull(place, releases_at(place)["1.0.0"], tmp_path / "data")
    found = seen(place, lock, tmp_path, "select quote_id, text from quotes")
    assert found.rows[0] > 0
    assert found.rows[1] == found.same == 0
    assert len(found.gone) == found.rows[0]
    assert found.came == found.changed == ()
    assert (tmp_path / "data").exists() is pulled


def test_a_figure_that_moves_is_shown_side_by_side(place, lock, tmp_path):
    found = seen(place, lock, tmp_path, "select 'quotes' as what, count(*) as rows from quotes")
    (changed,) = found.changed
    assert changed.key == {"what": "quotes"}
    assert changed.values["rows"][1] == 0


def test_a_query_that_answers_the_same_says_so(place, lock, tmp_path):
    found = seen(
        place,
        lock,
        tmp_path,
        "with all_of_them as (from events) select * from all_of_them join documents using (document_id)",
    )
    assert found.same == found.rows[0] == found.rows[1] > 0


def test_a_query_that_would_not_run_any_more_is_the_finding(place, lock, tmp_path, monkeypatch):
    import duckdb

    from flows.share import upgrade

    answer = upgrade._answer

    def without_a_column(tables, sql):
        if "dateline-preview-" in str(tables):
            with duckdb.connect() as connection:
                path = tables["quotes"]
                connection.sql(f"select * exclude (speaker) from '{path}'").write_parquet(str(path) + ".2")
            tables = {"quotes": path.with_name(path.name + ".2")}
        return answer(tables, sql)

    pull(place, releases_at(place)["1.0.0"], tmp_path / "data")
    monkeypatch.setattr(upgrade, "_answer", without_a_column)
    found = seen(place, lock, tmp_path, "select speaker from quotes")
    assert "speaker" in found.error
    assert found.rows[0] > 0


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "selec 1",
        "select 1; select 2",
        "create table x as select 1",
        "copy (select 1) to 'x.csv'",
        "select * from read_csv('/etc/hostname')",
        "select nothing from quotes",
        "select * from no_table",
    ],
)
def test_what_is_no_select_on_the_release_is_refused(sql, place, lock, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        seen(place, lock, tmp_path, sql)
    assert not (tmp_path / "x.csv").exists()


def test_answers_with_other_columns_are_compared_on_those_they_share():
    old = pa.table({"id": ["a", "b"], "low": [1, 2], "old": [0, 0]})
    new = pa.table({"id": ["a", "b"], "low": ["1", "3"], "new": [0, 0]})
    found = compare(old, new)
    assert (found.columns_gone, found.columns_came) == (("old",), ("new",))
    assert found.columns_retyped == {"low": ("int64", "string")}
    assert found.same == 1
    assert [one.values for one in found.changed] == [{"low": ("2", "3")}]


def test_rows_that_nothing_tells_apart_are_counted_as_often_as_they_stand_there():
    found = compare(pa.table({"a": [1, 1, 1], "b": [2, 2, 2]}), pa.table({"a": [1, 1], "b": [2, 2]}))
    assert (found.rows, found.same, len(found.gone)) == ((3, 2), 2, 1)


def test_an_upgrade_goes_to_the_newest_that_is_not_withdrawn_and_not_back_unasked():
    yank = YankSaid("wrong days", None, "2026-01-02")
    index = {version: Entry(version, "a" * 64, 1) for version in ("1.0.0", "1.1.0")} | {
        "1.2.0": Entry("1.2.0", "a" * 64, 1, yank)
    }
    lock = Lock("dateline", "1.0.0", "a" * 64, "s", "f")
    assert next_release(index, lock, None, "there").version == "1.1.0"
    lock = Lock("dateline", "1.2.0", "a" * 64, "s", "f")
    with pytest.raises(UsageError, match=r"dateline upgrade 1\.1\.0"):
        next_release(index, lock, None, "there")
    assert next_release(index, lock, "1.1.0", "there").version == "1.1.0"
