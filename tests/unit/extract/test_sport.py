"""What reports of sport call attacks and strikes are no events of force."""

from datetime import date

import pytest

from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.extract.sport import is_literal, is_sport

MATCH = (
    "Rovers beat Harland 3-1 in the cup final on Saturday. The striker scored twice in the second half and the coach praised "
    "his team. Harland attacked late in the match, but the goalkeeper saved a penalty. The champions clash with Kestrel in "
    "the league next week."
)


def _force(text: str) -> set[tuple[str, str]]:
    page = Page("0" * 16, text, date(2024, 5, 4), ((0, len(text), "body"),))
    events = extract_page(page)["events"]
    return {(event["plover"], event["trigger"]) for event in events if event["plover"] in ("ASSAULT", "COERCE")}


def test_a_match_report_has_no_events_of_force() -> None:
    assert is_sport(MATCH)
    assert not _force(MATCH)


def test_a_killing_in_a_match_report_is_an_event() -> None:
    told = _force(MATCH + " Before the game gunmen killed the club's president, Anton Brull.")
    assert told == {("ASSAULT", "killed")}


def test_one_word_of_sport_makes_no_report_of_sport() -> None:
    text = "Rebels attacked Harland on Saturday while the town's team was playing in the cup final."
    assert not is_sport(text)
    assert ("ASSAULT", "attacked") in _force(text)


@pytest.mark.parametrize(("lemma", "literal"), [("bomb", True), ("arrest", True), ("strike", False), ("clash", False)])
def test_words_with_one_sense_are_told_from_words_that_sport_borrows(lemma: str, literal: bool) -> None:
    assert is_literal(lemma) == literal
