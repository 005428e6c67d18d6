"""`dateline story` and `dateline incident` on a small release that is written by hand (telling.py)."""

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from flows.explain.happening import NEEDED
from flows.explain.timeline import BASIS, HARM, SHOWN_ROWS
from schemas import codes
from tests.contracts.sound import sound_rows
from tests.unit.explain.telling import (
    ABOUT_SHELLING,
    ABOUT_WAR,
    CLAIMS,
    DAILY,
    FORMER,
    GONE,
    HERALD,
    IDS,
    LEDGER,
    OLD_STORY,
    OTHER_STORY,
    PAGES,
    SECOND,
    SHELLED,
    STORY,
    UNDATED,
    WAR,
    told_rows,
)
from tests.unit.explain.test_explain import PROGRAM, write_release

ROOT = Path(__file__).parents[3]
DOCUMENTED = (ROOT / "flows" / "explain" / "README.md").read_text(encoding="utf-8")
LISTED = ("stories", "incidents")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("told"), told_rows())


def ask(warehouse, *given):
    command = [sys.executable, "-c", PROGRAM, *given, "--warehouse", str(warehouse)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)


def printed(warehouse, *given):
    ran = ask(warehouse, *given)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def told(warehouse, *given):
    return json.loads(printed(warehouse, *given, "--json"))


def in_one_line(shown):
    return " ".join(shown.split())


def test_an_incident_says_what_when_where_who_and_how_many(warehouse):
    shown = printed(warehouse, "incident", ABOUT_SHELLING)
    assert shown.splitlines()[:6] == [
        f"incident {ABOUT_SHELLING} of release 1.0.0",
        "ASSAULT (heavy-weapons), 2021-03-02, Velmora",
        "who: Ostmark, Velmora; to whom: the market of Velmora",
        "5 articles, 4 independent texts",
        "killed: best 15, low 12, high 20",
        "wounded: best 40, low 40, high 40",
    ]
    assert "sources disagree" in shown
    war = printed(warehouse, "incident", ABOUT_WAR)
    assert war.splitlines()[1] == "ASSAULT, 1994-01-01 to 1994-12-31, Velmora, background"
    assert "sources disagree" not in war


def test_an_incident_is_told_by_day_of_the_report_in_each_papers_words(warehouse):
    shown = printed(warehouse, "incident", ABOUT_SHELLING)
    _, _, reports = shown.partition("\nReports\n")
    reports = in_one_line(reports.partition("\nKilled")[0])
    days = re.findall(r"2021-03-\d\d|no day", reports)
    assert days == ["2021-03-03", "2021-03-05", "2021-03-06", "no day"]
    assert "“The shelling of Velmora wounded 40.”" in reports


def test_what_a_copy_repeats_is_shown_once_and_counted(warehouse):
    shown = printed(warehouse, "incident", ABOUT_SHELLING)
    assert shown.count("“killing 12 people”") == 1
    assert shown.count("also in 1 copy") == 1  # beside the figure; in the reports it is wrapped
    assert in_one_line(shown).count("(also in 1 copy)") == 1
    documents = [one["document_id"] for one in told(warehouse, "incident", ABOUT_SHELLING)["claims"]]
    assert documents[:2] == [IDS[LEDGER], IDS[HERALD]]  # machines get both


def test_a_copy_with_another_figure_is_shown_with_it(tmp_path):
    rows = told_rows()
    for row in rows["casualties"]:
        if row["casualty_id"] == CLAIMS[1]["casualty_id"]:
            row.update(low=13, high=13)
    shown = printed(write_release(tmp_path, rows), "incident", ABOUT_SHELLING)
    assert "2 Port Herald" in shown.partition("\nKilled")[2]


def test_each_articles_day_and_text_are_told_apart(warehouse):
    shown = in_one_line(printed(warehouse, "story", STORY).partition("\nWhat happened\n")[0])
    assert f"copy of 1, {IDS[HERALD]}" in shown
    assert f"later take of 1, {IDS[SECOND]}" in shown
    assert f"its own text, {IDS[DAILY]}" in shown
    assert "inferred from 3" in shown
    assert "in metadata" in shown


def test_claims_stand_side_by_side_with_who_claims_them_and_their_conflicts(warehouse):
    shown = printed(warehouse, "incident", ABOUT_SHELLING)
    killed = shown.partition("\nKilled, as claimed\n")[2].partition("\nWounded, as claimed\n")[0]
    first, second, third = re.split(r"\n (?=\d )", killed)[1:]
    assert all(words in in_one_line(first) for words in ("12", "the mayor", "exact", "≠ 2", "“killing 12 people”"))
    assert all(words in in_one_line(second) for words in ("15 or more", "the health", "at_least", "≠ 1, 3"))
    assert all(words in in_one_line(third) for words in ("14", "≠ 2", "4 The Velmora", "2021-03-06"))


def test_conflicts_for_machines_are_told_of_both_claims(warehouse):
    claims = {one["casualty_id"]: one["conflicts"] for one in told(warehouse, "incident", ABOUT_SHELLING)["claims"]}
    twelve, _, fifteen, fourteen = (one["casualty_id"] for one in CLAIMS[:4])
    assert claims[twelve] == claims[fourteen] == [{"other_id": fifteen, "kind": "killed"}]
    assert {one["other_id"] for one in claims[fifteen]} > {twelve, fourteen}
    assert claims[CLAIMS[4]["casualty_id"]] == []


def test_a_story_tells_its_span_its_incidents_by_day_and_its_figures(warehouse):
    shown = printed(warehouse, "story", STORY)
    assert shown.splitlines()[1:3] == [
        "“Shells hit Velmora”",
        "2021-03-03 to 2021-03-06: 4 articles, 3 outlets, 3 independent texts",
    ]
    happened = in_one_line(shown.partition("\nWhat happened\n")[2].partition("\nKilled")[0])
    assert happened.index("1994-01-01 to") < happened.index("2021-03-02")
    assert "(background)" in happened.partition("2021-03-02")[0]
    assert ABOUT_SHELLING in happened
    assert "1 event in no incident" in happened
    assert shown.index("Killed, as claimed, ASSAULT (heavy-weapons) 2021-03-02, Velmora") < shown.index(
        "ASSAULT 1994-01-01 to 1994-12-31"
    )


def test_a_story_without_headline_day_and_claims_is_told_as_far_as_it_goes(tmp_path):
    rows = told_rows()
    rows["casualties"] = [one for one in rows["casualties"] if one["document_id"] != IDS[UNDATED]]
    shown = printed(write_release(tmp_path, rows), "story", OTHER_STORY)
    assert "no day: 1 article, 0 outlets, 1 independent text" in shown
    assert "as claimed" not in shown


@pytest.mark.parametrize(("kind", "row_id"), [("story", STORY), ("incident", ABOUT_SHELLING), ("incident", ABOUT_WAR)])
def test_words_for_machines_are_where_they_say(kind, row_id, warehouse):
    texts = {IDS[text]: text for text in PAGES}
    found = told(warehouse, kind, row_id)
    assert found["events"]
    assert found["claims"]
    for one in (*found["events"], *found["claims"]):
        text, start = texts[one["document_id"]], one["sentence_start_char"]
        assert text[one["start_char"] : one["end_char"]] == one["text"]
        assert text[start : start + len(one["sentence"])] == one["sentence"]


def test_the_parties_of_an_event_are_told_with_their_roles(warehouse):
    event = next(
        one
        for one in told(warehouse, "incident", ABOUT_SHELLING)["events"]
        if one["event_id"] == SHELLED[0]["event_id"]
    )
    assert event["parties"] == [{"role": "recipient", "name": "the market of Velmora", "country_code": None}]


@pytest.mark.parametrize(("kind", "row_id"), [("story", STORY), ("incident", ABOUT_SHELLING)])
def test_json_has_the_keys_that_the_readme_describes(kind, row_id, warehouse):
    found = told(warehouse, kind, row_id)
    documented = {}
    for line in re.findall(r"^\| `(.+?)` \| (.*) \|$", DOCUMENTED, flags=re.MULTILINE):
        documented[line[0]] = set(re.findall(r"`(\w+)`", line[1]))
    assert set(found) == set(documented)
    for name in ("articles", "events", "claims"):
        assert all(set(one) == documented[name] for one in found[name]), name


def test_what_is_printed_fits_eighty_columns(warehouse):
    for given in (("story", STORY), ("incident", ABOUT_SHELLING), ("story",), ("incident",)):
        assert max(cell_len(line) for line in printed(warehouse, *given).splitlines()) <= 80


def test_the_beginning_of_an_id_does_if_it_is_the_only_one(warehouse):
    assert told(warehouse, "incident", ABOUT_SHELLING[:4].upper())["id"] == ABOUT_SHELLING
    ran = ask(warehouse, "story", "bbb")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_the_beginning_of_several_ids_is_refused(tmp_path):
    rows = told_rows()
    rows["incidents"].append(rows["incidents"][0] | {"incident_id": ABOUT_SHELLING[:8] + "f" * 8})
    ran = ask(write_release(tmp_path, rows), "incident", ABOUT_SHELLING[:8])
    assert ran.returncode == 2
    assert f"{ABOUT_SHELLING[:8]} begins 2 ids" in ran.stderr


@pytest.mark.parametrize(("kind", "old", "new"), [("incident", FORMER, ABOUT_SHELLING), ("story", OLD_STORY, STORY)])
def test_an_id_that_was_replaced_shows_its_successor_and_says_so(kind, old, new, warehouse):
    for given in (old, old[:5]):
        shown = printed(warehouse, kind, given)
        assert f"{kind} {new} of release 1.0.0" in shown
        assert f"asked for as {old}" in shown
        found = told(warehouse, kind, given)
        assert (found["id"], found["replaced"]["old_id"], found["replaced"]["new_id"]) == (new, old, new)
    assert told(warehouse, kind, new)["replaced"] is None


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        pytest.param("incident", "f" * 16, "no incident of release 1.0.0 has the id", id="nobody-has-it"),
        pytest.param("story", "abc", "abc is no id", id="too-short"),
        pytest.param("story", "'; drop table stories", "is no id", id="no-id-at-all"),
        pytest.param("incident", GONE, f"incident {GONE} is gone: release 1.1.0 and later", id="gone"),
        pytest.param(
            "incident", STORY, f"{STORY} is a row of stories, no incident. See it: dateline story", id="a-story"
        ),
        pytest.param("story", WAR["event_id"], "is a row of events, no story. See it: dateline show", id="an-event"),
        pytest.param("story", FORMER, "is a row of id_map, no story", id="an-older-incident"),
    ],
)
def test_an_id_that_leads_nowhere_says_what_to_do(kind, given, said, warehouse):
    ran = ask(warehouse, kind, given)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert "dateline " in ran.stderr


@pytest.mark.parametrize("kind", ["story", "incident"])
def test_without_an_id_the_most_told_or_disputed_are_listed(kind, warehouse):
    listed = told(warehouse, kind)
    assert [one[f"{kind}_id"] for one in listed] == {
        "story": [STORY, OTHER_STORY],
        "incident": [ABOUT_SHELLING, ABOUT_WAR],
    }[kind]
    assert len(told(warehouse, kind, "--top", "1")) == 1
    assert f"One of them: dateline {kind} {listed[0][f'{kind}_id']}" in printed(warehouse, kind)


def test_a_list_of_none_says_so(tmp_path):
    rows = told_rows() | {name: [] for name in ("incidents", "incident_events", "claim_conflicts")}
    warehouse = write_release(tmp_path, rows)
    assert "Release 1.0.0 has none." in printed(warehouse, "incident")
    assert "6 events in no incident" in printed(warehouse, "story", STORY)


@pytest.mark.parametrize("given", [(), (ABOUT_SHELLING,)])
def test_a_release_from_before_there_were_stories_and_incidents_says_so(given, tmp_path):
    folder = write_release(tmp_path, told_rows())
    with duckdb.connect(str(folder / "current" / "dateline.duckdb")) as connection:
        for table in NEEDED:
            connection.execute(f"drop table {table}")
    for kind in ("story", "incident"):
        ran = ask(folder, kind, *given)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "release 1.0.0 has no table" in ran.stderr
    assert ask(folder, "show", SHELLED[0]["event_id"]).returncode == 0
    assert "no row of release" in ask(folder, "show", "f" * 16).stderr


def test_an_older_release_is_told_by_its_version(tmp_path):
    folder = write_release(tmp_path, told_rows())
    write_release(tmp_path, sound_rows(), "2.0.0")
    assert f"incident {ABOUT_SHELLING} of release 1.0.0" in printed(
        folder, "incident", ABOUT_SHELLING, "--version", "1.0.0"
    )
    assert ask(folder, "incident", ABOUT_SHELLING).returncode == 2


@pytest.mark.parametrize("row_id", [STORY, ABOUT_SHELLING, FORMER])
def test_show_knows_stories_incidents_and_older_ids(row_id, warehouse):
    assert told(warehouse, "show", row_id)["table"] in {*LISTED, "id_map"}


def test_a_long_story_is_cut_on_the_terminal_and_whole_for_machines(tmp_path):
    rows = told_rows()
    first = CLAIMS[0]
    rows["casualties"] += [
        {**first, "casualty_id": f"{at:016x}", "low": at, "high": at} for at in range(100, 100 + SHOWN_ROWS)
    ]
    warehouse = write_release(tmp_path, rows)
    assert "3 more; all: --json" in printed(warehouse, "incident", ABOUT_SHELLING)
    assert len(told(warehouse, "incident", ABOUT_SHELLING)["claims"]) == SHOWN_ROWS + 5


def test_text_from_a_page_is_harmless_on_a_terminal(tmp_path):
    rows = told_rows()
    rows["stories"][0]["headline"] = rows["articles"][0]["headline"] = "[bold]\x1b[31mShells\u202e hit\x07"
    rows["casualties"][0]["attributed_to"] = "the\x1b]0;owned mayor"
    warehouse = write_release(tmp_path, rows)
    for given in (("story",), ("story", STORY), ("incident", ABOUT_SHELLING)):
        shown = printed(warehouse, *given)
        assert not set(shown) & {"\x1b", "\u202e", "\x07"}
    assert r"[bold]\x1b[31m" in printed(warehouse, "story", STORY)


@pytest.mark.parametrize("given", [("story", STORY), ("incident", ABOUT_SHELLING), ("story",), ("incident", "--json")])
def test_telling_loads_no_pipeline(given, warehouse):
    assert "loaded:\n" in ask(warehouse, *given).stderr


def test_every_code_is_told():
    assert set(BASIS) == set(codes.PUBLISHED_BASIS)
    assert set(HARM) == set(codes.CASUALTY_KINDS)
