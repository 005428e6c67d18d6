"""A contract is broken after it was announced, or with a reason, or not at all."""

import json
from copy import deepcopy

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.errors import ContractBroken
from flows.plan import make_plan
from flows.release.deprecation import check_announced
from flows.settings import Settings
from flows.store.durable import dump_json
from schemas import deprecated
from schemas.deprecated import Deprecation
from schemas.export import dictionary
from schemas.registry import RELEASED
from tests.unit.release.made import make_release, make_warehouse

NOTE = Deprecation("quotes", "0.2.0", "It repeats `cue`.", column="verb", replacement="quotes.cue")


@pytest.fixture
def store(tmp_path):
    return make_warehouse(tmp_path / "warehouse")


def release_with(store, *notes, **more):
    """A release that had `quotes.verb`, which this code no longer makes, and carried these notes."""
    made = make_release(store, **more)
    manifest = deepcopy(made)
    manifest["tables"]["quotes"]["schema"]["verb"] = "VARCHAR"
    manifest["deprecations"] = list(notes)
    file = store.release(made["version"]) / "manifest.json"
    file.chmod(0o644)
    file.write_text(dump_json(manifest))
    return manifest


def as_carried(**fields):
    return {"table": "quotes", "column": "verb", "code": None, "what": "gone"} | fields


def test_a_break_that_no_release_announced_is_refused_with_its_name_and_what_to_do(store):
    manifest = release_with(store)
    with pytest.raises(
        ContractBroken, match=r"quotes\.verb is gone.*stays current.*deprecated\.py.*--force-major REASON"
    ):
        check_announced(store, manifest, None, None)


def test_a_break_that_a_release_announced_passes_however_long_ago(store):
    release_with(store, as_carried())
    manifest = release_with(store, inputs="other", at_least="minor")
    check_announced(store, manifest, None, None)


@pytest.mark.parametrize(
    "near",
    [
        pytest.param({"column": "cue"}, id="another-column"),
        pytest.param({"column": None}, id="its-table"),
        pytest.param({"code": "said"}, id="one-of-its-codes"),
        pytest.param({"what": "retyped"}, id="another-change"),
        pytest.param({"table": "events"}, id="another-table"),
    ],
)
def test_a_note_of_something_near_is_no_note_of_what_goes(store, near):
    manifest = release_with(store, as_carried(**near))
    with pytest.raises(ContractBroken):
        check_announced(store, manifest, None, None)


def test_a_reason_forces_it_and_a_first_release_breaks_nothing(store):
    check_announced(store, None, "major", None)
    check_announced(store, release_with(store), None, "the verbs were wrong")


def test_a_major_version_by_hand_needs_a_note_of_another_meaning_since_the_last_major_or_a_reason(store):
    manifest = make_release(store)
    with pytest.raises(ContractBroken, match=r"no release since 1\.0\.0 said.*--force-major REASON"):
        check_announced(store, manifest, "major", None)
    check_announced(store, manifest, "major", "dates were days late")
    check_announced(store, manifest, "minor", None)


def test_a_note_of_another_meaning_announces_a_major_version_by_hand_once(store, monkeypatch):
    monkeypatch.setattr(
        deprecated, "DEPRECATED", (Deprecation("events", "0.2.0", "Days in UTC.", column="date_start", what="meaning"),)
    )
    announced = make_release(store)
    check_announced(store, announced, "major", None)
    monkeypatch.undo()
    second = make_release(store, at_least="major")
    assert second["version"] == "2.0.0"
    with pytest.raises(ContractBroken, match=r"since 2\.0\.0"):
        check_announced(store, second, "major", None)


def test_a_run_is_refused_before_anything_is_built(store, tmp_path):
    release_with(store)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("One page.")
    settings = Settings(inputs=(str(tmp_path / "in"),), warehouse=store.root)
    with pytest.raises(ContractBroken):
        make_plan(settings, {})
    assert store.current_version() == "1.0.0"
    assert make_plan(settings, {}, None, "the verbs were wrong").at_least is None


def test_the_reason_is_in_the_manifest_and_on_the_card(store):
    make_release(store)
    manifest = make_release(store, at_least="major", forced="dates | were *days* late")
    assert manifest["forced_major"] == {"reason": "dates | were *days* late", "breaks": []}
    card = (store.release("2.0.0") / "DATACARD.md").read_text()
    assert "## What changed without notice" in (store.release("2.0.0") / "CHANGELOG.md").read_text()
    assert "## What changed without notice\n\nvalues mean something else. Why: dates \\| were *days* late\n" in card


def test_a_reason_that_no_major_version_needed_is_not_recorded(store):
    assert make_release(store, forced="in case")["forced_major"] is None


def test_a_note_travels_with_the_data(store, monkeypatch):
    note = Deprecation("quotes", "0.2.0", "Nobody's cue.", column="cue", replacement="quotes.speaker")
    table = Deprecation("timexes", "0.2.0", "Dates are in events.")
    monkeypatch.setattr(deprecated, "DEPRECATED", (note, table))
    manifest = make_release(store)
    assert [carried["sentence"] for carried in manifest["deprecations"]] == [note.sentence, table.sentence]
    assert f"## What will change\n\n- {note.sentence}\n" in (store.release() / "DATACARD.md").read_text()
    with duckdb.connect(str(store.release() / "dateline.duckdb"), read_only=True) as connection:
        comments = connection.execute(
            "select comment from duckdb_columns() where table_name = 'quotes' and column_name = 'cue' "
            "union all select comment from duckdb_tables() where table_name = 'timexes'"
        ).fetchall()
    assert [comment.endswith(one.sentence) for (comment,), one in zip(comments, (note, table), strict=True)] == [
        True
    ] * 2
    for file in ("CHANGELOG.md", "datapackage.json", "croissant.json"):
        told = (store.release() / file).read_text()
        assert (file, note.sentence in told, table.sentence in told) == (file, True, True)
    assert note.sentence in dictionary()
    assert table.sentence in dictionary()


def stands(note):
    """Whether what a note says will go is there still, and what it says replaces it."""
    released = {table.name: table for table in RELEASED}

    def there(table, column):
        return table in released and (column is None or column in released[table].column_names)

    if not there(note.table, note.column):
        return False
    if note.code is not None:
        return note.code in (released[note.table].column(note.column).codes or ())
    table, _, column = (note.replacement or note.table).partition(".")
    return there(table, column or None)


def test_what_is_declared_to_go_is_there_and_what_replaces_it_too():
    assert [note.sentence for note in deprecated.DEPRECATED if not stands(note)] == []


@pytest.mark.parametrize(
    ("fields", "true"),
    [
        ({"table": "quotes"}, True),
        ({"table": "letters"}, False),
        ({"table": "quotes", "column": "cue", "replacement": "quotes.speaker"}, True),
        ({"table": "quotes", "column": "verb"}, False),
        ({"table": "quotes", "column": "cue", "replacement": "quotes.verb"}, False),
        ({"table": "quotes", "column": "form", "code": "fragment"}, True),
        ({"table": "quotes", "column": "form", "code": "whisper"}, False),
    ],
)
def test_a_note_of_what_is_not_there_is_found_out(fields, true):
    assert stands(Deprecation(since="0.2.0", note="Why.", **fields)) is true


def test_schema_and_show_tell_of_what_will_go_and_why_a_version_is_what_it_is(store, monkeypatch):
    note = Deprecation("quotes", "0.2.0", "Nobody's cue.", column="cue", replacement="quotes.speaker")
    monkeypatch.setattr(deprecated, "DEPRECATED", (note,))
    make_release(store)
    make_release(store, at_least="minor")

    def said(*command):
        return " ".join(CliRunner().invoke(app, [*command]).output.split())

    assert note.sentence in said("show", "1.1.0", "-w", str(store.root))
    assert "1.1.0 follows 1.0.0, MINOR: every row of 1.0.0 is the same; it was raised" in said(
        "show", "1.1.0", "-w", str(store.root)
    )
    assert "1.0.0 has this version: it is the first release." in said("show", "1.0.0", "-w", str(store.root))
    assert json.loads(said("schema", "--json"))["quotes"]["deprecated"] == [note.sentence]
    assert "Deprecated since 0.2.0" in said("schema", "quotes")
