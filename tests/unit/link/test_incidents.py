"""incidents: which events of many documents are one happening, and what an incident's row says of it."""

from datetime import date

import pytest

from tests.unit.link.told import (
    at_least,
    casualty_id,
    claim,
    contexts,
    entity_id,
    event,
    event_id,
    events_named,
    party,
    tables,
    together,
)

MAY_3, MAY_5 = date(2021, 5, 3), date(2021, 5, 5)
WAR = {"date_precision": "decade", "is_background": True, "trigger": "war"}


def sides(name, *parties):
    return [party(name, each) for each in parties]


def test_a_strike_told_by_two_documents_of_a_story_is_one_incident():
    found = tables(
        [event("one", "a", day=MAY_3, place="Oakmoor"), event("two", "b", day=MAY_3, place="Oakmoor")],
        contexts(("a", "s", MAY_3), ("b", "s", date(2021, 5, 4))),
    )
    assert together(found) == {events_named("one", "two")}
    (row,) = found["incidents"]
    assert (row["article_count"], row["source_count"], row["event_count"]) == (2, 2, 2)
    assert (row["date_start"], row["date_end"], row["date_precision"]) == (MAY_3, MAY_3, "day")
    assert (row["place"], row["place_entity_id"]) == ("Oakmoor", entity_id("Oakmoor"))


def test_two_strikes_on_different_days_stay_apart_even_in_one_story():
    found = tables(
        [event("one", "a", day=MAY_3, place="Oakmoor"), event("two", "b", day=MAY_5, place="Oakmoor")],
        contexts(("a", "s", MAY_3), ("b", "s", MAY_5)),
    )
    assert together(found) == {events_named("one"), events_named("two")}


def test_a_strike_whose_day_is_left_open_to_both_does_not_bring_two_strikes_together():
    week = event("week", "c", day=MAY_3, end=date(2021, 5, 9), place="Oakmoor", date_precision="week")
    found = tables(
        [event("one", "a", day=MAY_3, place="Oakmoor"), event("two", "b", day=MAY_5, place="Oakmoor"), week],
        contexts(("a", "s", MAY_3), ("b", "s", MAY_5), ("c", "s", MAY_5)),
    )
    assert not any(group >= events_named("one", "two") for group in together(found))


def test_meetings_of_the_same_people_in_two_towns_stay_apart():
    guests = ("Ivan Sokolov", "Armenia", "Azerbaijan")
    found = tables(
        [
            event("sochi", "a", "CONSULT", place="Sochi", status="planned"),
            event("petersburg", "b", "CONSULT", date(2016, 6, 20), place="Saint Petersburg", status="planned"),
        ],
        contexts(("a", "s", None), ("b", "t", date(2016, 6, 20))),
        [*sides("sochi", *guests), *sides("petersburg", *guests)],
    )
    assert together(found) == {events_named("sochi"), events_named("petersburg")}


def test_a_war_recalled_by_three_documents_is_one_background_incident():
    found = tables(
        [
            event("decade", "a", day=date(1990, 1, 1), end=date(1999, 12, 31), place="Nagorno-Karabakh", **WAR),
            event("years", "b", day=date(1988, 1, 1), end=date(1994, 12, 31), place="Nagorno-Karabakh", **WAR),
            event("half", "c", day=date(1990, 1, 1), end=date(1994, 12, 31), place="Azerbaijan", **WAR),
        ],
        contexts(("a", "s", date(2016, 6, 20)), ("b", "t", date(2020, 7, 17)), ("c", "u", date(2022, 10, 31))),
        [line for name in ("decade", "years", "half") for line in sides(name, "Armenia", "Azerbaijan")],
    )
    assert together(found) == {events_named("decade", "years", "half")}
    (row,) = found["incidents"]
    assert row["is_background"]
    assert row["actors"] == ["Armenia", "Azerbaijan"]


def test_a_battle_of_a_day_is_not_the_war_of_years():
    found = tables(
        [
            event("war", "a", day=date(1988, 1, 1), end=date(1994, 12, 31), place="Nagorno-Karabakh", **WAR),
            event("battle", "a", day=date(1992, 5, 9), place="Nagorno-Karabakh", is_background=True),
        ],
        contexts(("a", "s", date(2016, 6, 20))),
        [*sides("war", "Armenia", "Azerbaijan"), *sides("battle", "Armenia", "Azerbaijan")],
    )
    assert len(together(found)) == 2


def test_a_war_without_a_year_is_known_by_its_toll():
    known = event("known", "a", day=date(1990, 1, 1), end=date(1999, 12, 31), place="Nagorno-Karabakh", **WAR)
    found = tables(
        [known, event("open", "b", place="Nagorno-Karabakh", trigger="conflict")],
        contexts(("a", "s", date(2016, 6, 20)), ("b", "t", date(2022, 10, 31))),
        [*sides("known", "Armenia", "Azerbaijan"), *sides("open", "Armenia", "Azerbaijan")],
        [claim("one", "known", "a", 31_500), claim("two", "open", "b", 31_500)],
    )
    assert together(found) == {events_named("known", "open")}


def test_two_attacks_of_one_day_that_one_document_gives_other_tolls_are_two():
    found = tables(
        [event("prison", "a", day=MAY_3, place="Oakmoor"), event("market", "a", day=MAY_3, place="Oakmoor")],
        contexts(("a", "s", MAY_3)),
        (),
        [claim("c", "prison", "a", 15), claim("d", "market", "a", 20)],
    )
    assert len(together(found)) == 2


def test_demands_of_two_states_on_one_day_are_two():
    found = tables(
        [event("one", "a", "REQUEST", MAY_3), event("two", "b", "REQUEST", MAY_3)],
        contexts(("a", "s", MAY_3), ("b", "s", MAY_3)),
        [party("one", "Russia"), party("two", "Armenia")],
    )
    assert len(together(found)) == 2


def test_meetings_one_after_the_other_told_of_in_one_breath_stay_apart():
    talks = {"status": "planned", "place": "Sochi"}
    found = tables(
        [
            event("first", "a", "CONSULT", MAY_3, separately_with="Anna Petrosyan", **talks),
            event("second", "a", "CONSULT", MAY_3, separately_with="Rauf Guliyev", **talks),
        ],
        contexts(("a", "s", MAY_3)),
        [*sides("first", "Ivan Sokolov", "Anna Petrosyan"), *sides("second", "Ivan Sokolov", "Rauf Guliyev")],
    )
    assert len(together(found)) == 2


def test_a_planned_meeting_that_was_held_is_the_same_and_has_happened():
    found = tables(
        [
            event("plan", "a", "CONSULT", MAY_5, place="Sochi", status="planned"),
            event("held", "b", "CONSULT", MAY_5, place="Sochi"),
        ],
        contexts(("a", "s", MAY_3), ("b", "t", date(2021, 5, 6))),
        [*sides("plan", "Russia", "Armenia"), *sides("held", "Ivan Sokolov", "Anna Petrosyan")],
    )
    assert together(found) == {events_named("plan", "held")}
    assert found["incidents"][0]["status"] == "happened"


def test_a_visit_of_one_month_told_by_two_stories_without_a_place_is_one():
    june = {"day": date(1995, 6, 1), "end": date(1995, 6, 30), "date_precision": "month"}
    found = tables(
        [event("one", "a", "CONSULT", **june), event("two", "b", "CONSULT", **june)],
        contexts(("a", "s", None), ("b", "t", None)),
        [*sides("one", "Ivan Sokolov", "Armenia"), *sides("two", "Ivan Sokolov", "Armenia")],
    )
    assert together(found) == {events_named("one", "two")}


@pytest.mark.parametrize("status", ["denied", "called_for"])
def test_what_is_denied_or_called_for_is_no_incident(status):
    found = tables([event("one", "a", day=MAY_3, status=status)], contexts(("a", "s", MAY_3)))
    assert found == {"incidents": [], "incident_events": [], "claim_conflicts": []}


def test_an_event_without_day_place_or_party_stays_alone():
    found = tables([event("one", "a"), event("two", "b")], contexts(("a", "s", None), ("b", "t", None)))
    assert together(found) == {events_named("one"), events_named("two")}


def test_news_of_one_day_and_town_in_two_stories_is_two_happenings_unless_more_speaks_for_one():
    events = [event("one", "a", day=MAY_3, place="Oakmoor"), event("two", "b", day=MAY_3, place="Oakmoor")]
    articles = contexts(("a", "s", MAY_3), ("b", "t", MAY_3))
    assert len(together(tables(events, articles))) == 2
    claims = [claim("c", "one", "a", 11), claim("d", "two", "b", 11)]
    assert len(together(tables(events, articles, (), claims))) == 1


def test_an_incident_is_named_by_the_first_published_of_its_events():
    events = [event("late", "a", day=MAY_3, place="Oakmoor"), event("early", "b", day=MAY_3, place="Oakmoor")]
    (row,) = tables(events, contexts(("a", "s", MAY_5), ("b", "s", MAY_3)))["incidents"]
    (alone,) = tables([events[1]], contexts(("b", "s", MAY_3)))["incidents"]
    assert row["incident_id"] == alone["incident_id"]


def test_figures_of_two_pages_stand_side_by_side_and_disagree():
    fighting = {"trigger": "fighting", "status": "ongoing", "place": "Nagorno-Karabakh"}
    found = tables(
        [event("one", "a", day=MAY_3, **fighting), event("two", "b", day=MAY_3, **fighting)],
        contexts(("a", "s", MAY_5), ("b", "s", MAY_5)),
        [*sides("one", "Armenia", "Azerbaijan"), *sides("two", "Armenia", "Azerbaijan")],
        [
            claim("seventeen", "one", "a", 17, victims="lives"),
            claim("sixteen", "two", "b", victims="soldiers", side="Armenia and Azerbaijan", **at_least(16)),
        ],
    )
    (row,) = found["incidents"]
    assert (row["killed_low"], row["killed_best"], row["killed_high"], row["sources_disagree"]) == (16, 17, 17, True)
    (conflict,) = found["claim_conflicts"]
    assert (conflict["casualty_id"], conflict["other_id"]) == tuple(
        sorted((casualty_id("seventeen"), casualty_id("sixteen")))
    )
    assert conflict["kind"] == "killed"


def test_two_states_that_fight_along_their_border_are_placed_on_either_side_of_it():
    fighting = {"trigger": "fighting", "status": "ongoing"}
    found = tables(
        [
            event("one", "a", day=MAY_3, place="Nagorno-Karabakh", **fighting),
            event("two", "b", day=MAY_5, place="Armenia", **fighting),
        ],
        contexts(("a", "s", MAY_5), ("b", "s", MAY_5)),
        [*sides("one", "Armenia", "Azerbaijan"), *sides("two", "Armenia", "Azerbaijan")],
    )
    assert together(found) == {events_named("one", "two")}


def test_copies_of_one_text_count_once():
    found = tables(
        [event("one", "a", day=MAY_3, place="Oakmoor"), event("two", "b", day=MAY_3, place="Oakmoor")],
        contexts(("a", "s", MAY_3), ("b", "s", MAY_3, "a")),
    )
    (row,) = found["incidents"]
    assert (row["article_count"], row["source_count"]) == (2, 1)


def test_a_report_of_weeks_later_that_names_no_day_is_of_its_storys_day():
    late = date(2021, 6, 20)
    found = tables(
        [
            event("one", "a", day=MAY_3, place="Oakmoor"),
            event("two", "b", day=late, place="Oakmoor", date_basis="report"),
        ],
        contexts(("a", "s", MAY_3), ("b", "s", late)),
    )
    assert together(found) == {events_named("one", "two")}
    assert found["incidents"][0]["date_start"] == MAY_3


def test_claims_of_no_event_are_left_out():
    found = tables([event("one", "a", day=MAY_3)], contexts(("a", "s", MAY_3)), (), [claim("c", None, "a", 4)])
    (row,) = found["incidents"]
    assert row["killed_best"] is None
    assert {line["event_id"] for line in found["incident_events"]} == {event_id("one")}
