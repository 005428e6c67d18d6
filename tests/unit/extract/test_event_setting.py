"""When an event was: by its own words, by those beside it, by the report."""

from datetime import date

import pytest

from flows.extract.document import read_page
from flows.extract.reading import Page

PUBLISHED = date(2021, 5, 20)  # a Thursday
MONDAY, TUESDAY, WEDNESDAY = date(2021, 5, 17), date(2021, 5, 18), date(2021, 5, 19)


def events(text, published=PUBLISHED):
    segments, at = [], 0
    for line in text.split("\n"):
        segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    return read_page(Page("0" * 16, text, published, tuple(segments)))[1]


def one(text, trigger, published=PUBLISHED):
    found = [event for event in events(text, published) if event.trigger == trigger]
    assert len(found) == 1, [(event.plover, event.trigger) for event in events(text, published)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "trigger", "day", "basis"),
    [
        pytest.param("Rebels shelled Kandahar on Monday.", "shelled", MONDAY, "clause", id="its-own-clause"),
        pytest.param(
            "Rebels shelled Kandahar. It happened on Monday, police said.",
            "shelled",
            MONDAY,
            "story",
            id="the-scene-behind",
        ),
        pytest.param(
            "Snow fell on the valley on Monday.\nThe rebels shelled Kandahar.",
            "shelled",
            MONDAY,
            "story",
            id="told-last",
        ),
        pytest.param("Rebels shelled Kandahar.", "shelled", PUBLISHED, "report", id="news-without-a-day"),
        pytest.param(
            "Police said on Wednesday that rebels shelled Kandahar. It happened on Monday.",
            "shelled",
            MONDAY,
            "story",
            id="not-the-day-of-the-statement",
        ),
        pytest.param(
            "Rebels shelled Kandahar. Snow fell on Wednesday. Shops closed. The attack was reported about noon on Monday.",
            "shelled",
            MONDAY,
            "story",
            id="the-day-it-was-reported",
        ),
        pytest.param(
            "Rebels shelled Kandahar. Snow fell. Shops closed. It was cold. Relatives wept after the May 8 attack.",
            "shelled",
            date(2021, 5, 8),
            "story",
            id="called-by-its-day",
        ),
        pytest.param(
            "Rebels shelled Kandahar. Shops opened on Wednesday. Three guards were killed there on Monday.",
            "shelled",
            MONDAY,
            "story",
            id="a-day-of-violence-before-another-day",
        ),
        pytest.param(
            "A man was charged on Wednesday after he shot a policeman in Kandahar. The shooting occurred on Monday.",
            "shot",
            MONDAY,
            "mention",
            id="not-the-day-in-court",
        ),
        pytest.param(
            "KABUL, Afghanistan (May 20, 2021) Rebels shelled Kandahar yesterday.",
            "shelled",
            WEDNESDAY,
            "clause",
            id="not-the-datelines",
        ),
        pytest.param(
            "Soldiers, who were hit by the May 17 bombing, shelled Kandahar on Tuesday.",
            "shelled",
            TUESDAY,
            "clause",
            id="not-another-happenings",
        ),
    ],
)
def test_when_an_event_was_and_what_says_so(text, trigger, day, basis):
    event = one(text, trigger)
    assert (event.date_start, event.date_end, event.date_basis) == (day, day, basis)


def test_without_a_day_of_publication_the_report_dates_nothing():
    assert one("Rebels shelled Kandahar.", "shelled", None).date_start is None


def test_what_lies_far_back_is_background_on_its_own_day():
    event = one("Rebels shelled Kandahar on March 3, 2014.", "shelled")
    assert (event.is_background, event.date_start) == (True, date(2014, 3, 3))


OLD = "The guard was shot on June 7, 2020, in the harbour."


def test_the_crime_that_a_court_deals_with_is_no_background_however_old():
    event = one(f"A sailor was sentenced on Wednesday.\n{OLD}", "shot")
    assert (event.is_background, event.date_start) == (False, date(2020, 6, 7))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Snow fell on the harbour on Wednesday.\n{OLD}", id="no-court"),
        pytest.param(
            f"A sailor was sentenced on Wednesday.\nRebels shelled Kandahar on Monday.\n{OLD}", id="newer-attack"
        ),
    ],
)
def test_an_old_crime_is_background_where_it_is_not_the_case(text):
    assert one(text, "shot").is_background


@pytest.mark.parametrize(
    ("text", "trigger", "day", "basis"),
    [
        pytest.param(
            "A man was arrested for the killing of two sailors in March.\nHe shot the sailors on March 10 after a quarrel.",
            "killing",
            date(2021, 3, 10),
            "story",
            id="the-day-within-the-month",
        ),
        pytest.param(
            "Two men were charged with killing a girl.\nRebels fired at the porch on April 12.",
            "killing",
            date(2021, 4, 12),
            "story",
            id="the-day-of-the-crime-that-is-tried",
        ),
        pytest.param(
            "A girl shot in Lima was still in grave condition on Wednesday, police said.\nIt happened on Monday.",
            "shot",
            MONDAY,
            "story",
            id="not-the-day-of-her-condition",
        ),
        pytest.param(
            "A sailor is recovering after being shot in Lima on Friday.",
            "shot",
            date(2021, 5, 14),
            "clause",
            id="what-one-recovers-from-is-past",
        ),
    ],
)
def test_which_day_a_crime_was(text, trigger, day, basis):
    event = one(text, trigger)
    assert (event.date_start, event.date_basis, event.is_background) == (day, basis, False)


def test_of_two_days_in_a_month_none_is_the_crime_s():
    text = "A man was arrested for the killing of two sailors in March.\nHe shot at sailors on March 10 and shot them on March 12."
    assert one(text, "killing").date_start == date(2021, 3, 1)


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("The clerk was hurt in a shooting that took the lives of two sailors.", "The clerk"),
        ("A 20-year-old was injured in a shooting that claimed one life.", "A 20-year-old"),
    ],
)
def test_a_shooting_that_somebody_was_hurt_in_is_an_attack(text, hit):
    found = one(text, "shooting")
    assert (found.plover, [party.name for party in found.parties]) == ("ASSAULT", [hit])


def test_of_later_mentions_only_their_own_clause_dates_an_event():
    text = (
        "Gunmen killed a driver in Kandahar.\nOn Monday evening, shots rang out there.\n"
        "Friends stood by the road, where he was killed, while rain fell on Wednesday."
    )
    assert one(text, "killed").date_start == MONDAY


@pytest.mark.parametrize(
    ("text", "trigger", "status"),
    [
        pytest.param("Kenya has backed the rebels for years.", "backed", "ongoing", id="for-years"),
        pytest.param("Kenya has held talks with Uganda since 2019.", "held talks", "ongoing", id="since"),
        pytest.param("Kenya has backed the rebels in the north.", "backed", "happened", id="perfect-alone"),
        pytest.param(
            "Kenya announced military exercises near the border.", "announced exercises", "planned", id="announced"
        ),
    ],
)
def test_whether_it_goes_on(text, trigger, status):
    assert one(text, trigger).status == status


def test_what_is_told_after_history_is_history():
    text = "Rebels shelled Kandahar on Monday.\nThe army said so.\nKenya fought Uganda in 2014. It condemned Uganda."
    event = one(text, "condemned")
    assert (event.is_background, event.date_start.year, event.date_basis) == (True, 2014, "story")


def test_an_attack_without_a_named_side_is_on_those_whom_the_report_counts():
    text = "Three people died in Springfield.\nThe shooting happened on Monday, police said."
    event = one(text, "shooting")
    assert [(party.role, party.name) for party in event.parties] == [("recipient", "people")]
    assert event.date_start == MONDAY


def test_an_attack_on_nobody_is_no_event():
    assert not [e for e in events("The shooting happened on Monday, police said.") if e.plover == "ASSAULT"]


def test_attacks_that_somebody_leads_by_habit_are_no_events():
    text = "Police arrested a teacher on Monday. He leads attacks on police and sold weapons for use in raids."
    assert [e.plover for e in events(text)] == ["COERCE"]
