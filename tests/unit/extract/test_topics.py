"""What reports of sport and business call attacks, battles and strikes are no events of force."""

from datetime import date

import pytest

from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.extract.topics import is_business, is_literal, is_sport

MATCH = (
    "Rovers beat Harland 3-1 in the cup final on Saturday. The striker scored twice in the second half and the coach praised "
    "his team. Harland attacked late in the match, but the goalkeeper saved a penalty. The champions clash with Kestrel in "
    "the league next week."
)

MARKETS = (
    "Shares in the retailer Dunmore fell 4% on Tuesday after the company cut its profit forecast. Analysts said sales and margins "
    "would suffer in a weak economy, and investors sold the stock. The group is battling its rival Harcote for market share, and "
    "the chairman attacked the regulator over prices. The Norvik government forced the bank to sell assets. "
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


def test_a_report_of_business_has_no_events_of_force() -> None:
    assert is_business(MARKETS)
    assert not is_sport(MARKETS)
    assert not _force(MARKETS)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Police arrested the company's founder, Ivo Brandt.", ("COERCE", "arrested")),
        ("Oil prices had risen since Russia attacked Ukraine.", ("ASSAULT", "attacked")),
        ("Trade suffered in the war between Chad and Libya.", ("ASSAULT", "war")),
        ("Soldiers attacked the company's refinery in Lagos.", ("ASSAULT", "attacked")),
    ],
)
def test_force_that_is_meant_is_an_event_in_a_report_of_business(sentence: str, told: tuple[str, str]) -> None:
    assert _force(MARKETS + sentence) == {told}


def test_a_robbed_bank_makes_no_report_of_business() -> None:
    text = "Rebels attacked the central bank in Harland on Saturday and burnt the oil that a company had stored."
    assert not is_business(text)
    assert ("ASSAULT", "attacked") in _force(text)


@pytest.mark.parametrize(
    ("lemma", "in_sport", "in_business"),
    [
        ("bomb", True, True),
        ("arrest", True, True),
        ("war", False, True),
        ("strike", False, False),
        ("clash", False, False),
    ],
)
def test_words_with_one_sense_are_told_from_words_that_are_borrowed(
    lemma: str, in_sport: bool, in_business: bool
) -> None:
    assert is_literal(lemma, sport=True) == in_sport
    assert is_literal(lemma, sport=False) == in_business
