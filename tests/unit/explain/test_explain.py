"""`dateline explain` on a small release that is written by hand (tests/contracts/sound.py)."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from flows.cli import app
from flows.explain.values import CASUALTY_RULES, DATE_BASIS, STATUS
from flows.release.database import build_database
from flows.store.parquet import to_arrow, write_parquet
from schemas import codes
from schemas.registry import table_named
from tests.contracts.sound import TALKS, TALKS_ID, sound_rows, write_staged
from tests.contracts.test_contract import NOT_FOR_A_QUERY

ROOT = Path(__file__).parents[3]
SOUND = sound_rows()
SHELLING, MARCHING = (row["event_id"] for row in SOUND["events"])
KILLED = SOUND["casualties"][0]["casualty_id"]

# Runs the command, then says on stderr what it has loaded.
PROGRAM = f"""
import sys
from flows.cli import app
try:
    app(sys.argv[1:])
finally:
    print("loaded:", *({NOT_FOR_A_QUERY!r} & set(sys.modules)), file=sys.stderr)
"""


def write_release(folder, rows, version="1.0.0"):
    release = folder / "releases" / version
    write_staged(rows, release)
    checks = table_named("checks")
    write_parquet(checks, to_arrow(checks, []), release / "checks.parquet")
    build_database(release, release / "dateline.duckdb")
    (release / "manifest.json").write_text(json.dumps({"version": version}), encoding="utf-8")
    (folder / "current").unlink(missing_ok=True)
    (folder / "current").symlink_to(release)
    return folder


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("explained"), sound_rows())


def explain(warehouse, *given):
    command = [sys.executable, "-c", PROGRAM, "explain", *given, "--warehouse", str(warehouse)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)


def printed(warehouse, *given):
    ran = explain(warehouse, *given)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def told(warehouse, *given):
    return json.loads(printed(warehouse, *given, "--json"))


def test_an_event_is_shown_with_its_parts_marked_and_its_source(warehouse):
    shown = printed(warehouse, SHELLING)
    assert f"event {SHELLING} of release 1.0.0" in shown
    assert "“Envoys meet in Velmora as shelling goes on”" in shown
    assert f"The Velmora Ledger, 2021-03-04, document {TALKS_ID}" in shown
    assert "talks.txt" in shown
    assert (
        "At least 12 people were killed when [trigger: shells] hit [recipient: the market of [place: Velmora]] "
        "on [date: 2 March]. The [again: shells fell] at noon, Brandt said."
    ) in " ".join(shown.split())


def test_each_value_of_an_event_has_what_it_rests_on(warehouse):
    values = told(warehouse, SHELLING)["values"]
    because = {one["name"]: (one["value"], one["because"]) for one in values}
    assert because["plover"] == ("ASSAULT", "lexicon: NOUN shell -> ASSAULT heavy-weapons")
    assert because["recipient"] == ("the market of Velmora (XKX)", "named: “the market of Velmora”")
    assert because["date"] == ("2021-03-02 (day)", "“2 March”; in the trigger's own clause")
    assert because["place"] == ("Velmora", "“Velmora”")
    assert because["place_entity"] == ("Velmora (XKX)", "latitude, longitude 41.500, 20.250; GeoNames 1")
    costs = [(one["value"], one["because"]) for one in values if one["name"] == "casualties"]
    assert ("12 or more killed", f"“At least 12 people were killed”: {KILLED}") in costs
    assert [value for value, _ in costs] == ["12 or more killed", "15 killed", "2 wounded"]


def test_each_value_of_a_figure_has_what_it_rests_on(warehouse):
    because = {one["name"]: (one["value"], one["because"]) for one in told(warehouse, KILLED)["values"]}
    assert because["kind"] == ("killed", "“killed”; passive_verb: it was done to them (12 were killed)")
    assert because["low, high"] == ("12 or more", "“12”")
    assert because["qualifier"] == ("at_least", "“At least”")
    assert because["attributed_to"] == ("none", "the text states it as its own")
    assert because["event"] == ("ASSAULT", f"“shells hit the market”: {SHELLING}")
    assert "[hedge: At least] [count: 12] [victims: people] were [trigger: killed]" in printed(warehouse, KILLED)


@pytest.mark.parametrize("row_id", [SHELLING, MARCHING, KILLED])
def test_parts_for_machines_are_where_they_say(row_id, warehouse):
    found = told(warehouse, row_id)
    texts = {row["document_id"]: row.get("text") for row in SOUND["documents"]}
    assert found["parts"]
    for part in (*found["parts"], *found["sentences"]):
        assert texts[part["document_id"]][part["start_char"] : part["end_char"]] == part["text"]


def test_what_is_printed_fits_eighty_columns(warehouse):
    for row_id in (SHELLING, MARCHING, KILLED):
        assert max(cell_len(line) for line in printed(warehouse, row_id).splitlines()) <= 80


def test_the_beginning_of_an_id_does_if_it_is_the_only_one(warehouse):
    assert told(warehouse, SHELLING[:6].upper())["row"]["event_id"] == SHELLING


def test_the_beginning_of_several_ids_is_refused(tmp_path):
    rows = sound_rows()
    second = rows["events"][0] | {"event_id": SHELLING[:8] + "0" * 8, "plover": "COERCE"}
    rows["events"].append(second)
    ran = explain(write_release(tmp_path, rows), SHELLING[:8])
    assert ran.returncode == 2
    assert f"{SHELLING[:8]} begins 2 ids" in ran.stderr
    assert second["event_id"] in ran.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("f" * 16, "no event and no casualty figure of release 1.0.0 has the id", id="nobody-has-it"),
        pytest.param("abc", "abc is no id", id="too-short"),
        pytest.param("'; drop table events", "is no id", id="no-id-at-all"),
        pytest.param(SOUND["quotes"][0]["quote_id"], "is a row of quotes", id="another-table's"),
    ],
)
def test_an_id_that_cannot_be_explained_says_what_to_do(given, said, warehouse):
    ran = explain(warehouse, given)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert "dateline query" in ran.stderr or "dateline show" in ran.stderr


def test_a_date_of_the_report_says_so(tmp_path):
    rows = sound_rows()
    rows["events"][0] |= {"timex_id": None, "date_basis": "report"}
    because = {one["name"]: one["because"] for one in told(write_release(tmp_path, rows), SHELLING)["values"]}
    assert because["date"] == "the day of the report (“4 March 2021”)"


def test_a_place_of_another_sentence_is_told_as_the_reports(tmp_path):
    rows = sound_rows()
    start = TALKS.index("Velmora on Thursday")
    rows["events"][0] |= {"place_start_char": start, "place_end_char": start + len("Velmora")}
    because = {one["name"]: one["because"] for one in told(write_release(tmp_path, rows), SHELLING)["values"]}
    assert because["place"] == "“Velmora”; where the report is at that point"


def test_a_page_without_a_day_says_why_weekdays_stay_open(tmp_path):
    rows = sound_rows()
    rows["events"][0] |= dict.fromkeys(("timex_id", "date_start", "date_end", "date_precision", "date_basis"))
    rows["articles"][0] |= {"published_on": None, "published_basis": None}
    warehouse = write_release(tmp_path, rows)
    assert "day of publication unknown" in printed(warehouse, SHELLING)
    because = {one["name"]: one["because"] for one in told(warehouse, SHELLING)["values"]}
    assert because["date"].startswith("no words date it; weekdays and the like stay open")


def test_who_is_implied_and_who_is_resolved_are_told_from_who_is_named(tmp_path):
    rows = sound_rows()
    party = rows["event_actors"][0]
    rows["event_actors"] += [
        party | {"event_actor_id": "1" * 16, "role": "actor", "name": "Ostmark", "start_char": None, "end_char": None},
        party
        | {"event_actor_id": "2" * 16, "role": "actor", "name": "Ada Brandt", "start_char": TALKS.index("shells")}
        | {"end_char": TALKS.index("shells") + 6},
    ]
    values = told(write_release(tmp_path, rows), SHELLING)["values"]
    assert [one["because"].partition(":")[0] for one in values if one["name"] in ("actor", "recipient")] == [
        "resolved",
        "implied",
        "named",
    ]


def test_a_release_from_before_the_evidence_columns_is_explained_as_far_as_it_goes(tmp_path):
    import duckdb

    folder = write_release(tmp_path, sound_rows())
    with duckdb.connect(str(folder / "current" / "dateline.duckdb")) as connection:
        for table, columns in (
            ("events", ("trigger_start_char", "trigger_end_char", "rule", "date_basis")),
            ("casualties", ("trigger_start_char", "trigger_end_char", "count_start_char", "hedge_start_char", "rule")),
        ):
            for column in columns:
                connection.execute(f"alter table {table} drop column {column}")
    for row_id in (SHELLING, KILLED):
        assert "not on record" in printed(folder, row_id)


def test_text_from_a_page_is_harmless_on_a_terminal(tmp_path):
    rows = sound_rows()
    rows["event_actors"][0]["name"] = "[bold]\x1b[31mthe \u202emarket"
    rows["articles"][0]["headline"] = "Envoys\x1b]0;owned\x07 meet"
    shown = printed(write_release(tmp_path, rows), SHELLING)
    assert not set(shown) & {"\x1b", "\u202e", "\x07"}
    assert r"[bold]\x1b[31mthe" in shown


def test_explaining_loads_no_pipeline(warehouse):
    ran = explain(warehouse, SHELLING)
    assert "loaded:\n" in ran.stderr


@pytest.mark.parametrize(
    ("told_in_words", "known"),
    [
        (CASUALTY_RULES, codes.CASUALTY_RULES),
        (STATUS, codes.EVENT_STATUS),
        ({**DATE_BASIS, "report": ""}, codes.DATE_BASIS),
    ],
)
def test_every_code_is_told_in_words(told_in_words, known):
    assert set(told_in_words) == set(known)


def test_what_a_person_corrected_is_told_with_what_was_read_why_and_who(warehouse):
    (injured,) = (row["casualty_id"] for row in SOUND["casualties"] if row.get("corrected"))
    told = " ".join(printed(warehouse, injured).split())
    assert "corrected high: 3 → 2 A. Reader, 2021-05-01: the surgeon counted 2" in told
    found = json.loads(printed(warehouse, injured, "--json"))
    assert {(one["column_name"], one["expected"], one["new"]) for one in found["corrections"]} == {
        ("low", "3", "2"),
        ("high", "3", "2"),
    }
    assert json.loads(printed(warehouse, KILLED, "--json"))["corrections"] == []


def test_show_says_what_was_corrected(warehouse):
    (injured,) = (row["casualty_id"] for row in SOUND["casualties"] if row.get("corrected"))
    shown = CliRunner().invoke(app, ["show", injured, "--warehouse", str(warehouse)], terminal_width=200).output
    assert "corrected by hand low, read as 3: the surgeon counted 2 (A. Reader, 2021-05-01)" in " ".join(shown.split())


def test_a_release_from_before_corrections_is_explained_without(tmp_path):
    folder = write_release(tmp_path, sound_rows())
    with duckdb.connect(str(folder / "current" / "dateline.duckdb")) as connection:
        connection.execute("drop table corrections")
        connection.execute("alter table casualties drop column corrected")
    assert "corrected" not in printed(folder, KILLED)
