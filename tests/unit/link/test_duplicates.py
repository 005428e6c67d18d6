"""duplicates: which texts are one, which only look alike, and whose copy each is."""

from datetime import date

import pytest

from flows.link.articles import Article
from flows.link.duplicates import MAX_SAME, find_duplicates, originals

MINE = """\
Rescuers in Dorvale pulled nine people from a flooded mine on Friday, the ministry of emergencies said, and were looking
for others along a tunnel that the river Ister had broken into before dawn. The owner of the mine, Calder Works, said that
pumps had been running since Thursday night. Families waited at the gate in heavy rain while the army brought boats.

"We heard the water before we saw it," said Tomas Arren, a foreman who climbed out by a ventilation shaft. He said that
the warning lamps had not come on. The ministry promised an inquiry and told other mines in the valley to stop work."""
HARBOUR = """\
Talks over the harbour of Port Selwyn ended without a paper on Monday, diplomats from both sides said, and no day was set
for another round. The envoy of Velmora left by the evening train. A spokesman for the shipping union asked the parties to
keep the pilots at work through the winter, when the northern passage freezes and grain can only leave by the south."""


def article(name: str, body: str, day: date | None = None, headline: str | None = None) -> Article:
    return Article((name * 16)[:16], headline, body, day, None, None)


def pair(one: str, other: str) -> tuple[str, str] | None:
    """Kind and method of the two texts as a pair, None if they are none."""
    found = find_duplicates([article("a", one), article("b", other)])
    return (found[0]["kind"], found[0]["method"]) if found else None


def replaced(text: str, every: int) -> str:
    """The text with one in so many words another."""
    return " ".join(f"un{word}" if at % every == 2 else word for at, word in enumerate(text.split()))


def test_the_same_words_in_other_bytes_are_one_text():
    assert pair(MINE, " ".join(MINE.upper().split()).replace(",", "")) == ("near", "same_words")


@pytest.mark.parametrize("every", [20, 10, 5])
def test_words_edited_here_and_there_leave_a_near_copy(every):
    assert pair(MINE, replaced(MINE, every)) == ("near", "word_pairs")


def test_half_of_the_words_edited_is_another_text():
    assert pair(MINE, replaced(replaced(MINE, 4), 3)) is None


def test_a_changed_toll_is_a_later_take():
    assert pair(MINE, MINE.replace("nine", "fourteen")) == ("later_take", "word_pairs")


def test_a_figure_in_words_and_in_digits_is_the_same():
    assert pair(MINE, MINE.replace("nine people", "9 persons")) == ("near", "word_pairs")


def test_a_text_that_quotes_a_short_one_is_no_copy_of_it():
    short = MINE.split("\n\n", maxsplit=1)[0]
    assert pair(short, "\n\n".join([HARBOUR, short, RESULTS, HARBOUR.upper()[::-1]] * 2)) is None


def test_a_paragraph_added_is_a_later_take():
    assert pair(MINE, f"{MINE}\n\n{HARBOUR}") == ("later_take", "contained")


def test_paragraphs_in_another_order_are_a_near_copy():
    first, second = MINE.split("\n\n")
    assert pair(MINE, f"{second}\n\n{first}") == ("near", "word_pairs")


def test_other_texts_of_one_topic_are_no_pair():
    other = (
        "Seven miners were brought out alive in Dorvale, where water from the river Ister filled a tunnel. The army has sent "
        "boats, and an inquiry will follow, according to the ministry. Calder Works owns the mine."
    )
    assert pair(MINE, other) is None


RESULTS = """\
Net income of {name} was {a} million crowns in the quarter that ended in June compared with {b} million a year before.
Sales rose to {c} million from {d} million. Earnings for each share were {e} against {f}, the company said in a statement."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            RESULTS.format(name="Calder Works", a=41, b=38, c=700, d=655, e="1.20", f="1.11"),
            RESULTS.format(name="Selwyn Shipping", a=12, b=15, c=210, d=188, e="0.41", f="0.57"),
            id="results-of-two-companies",
        ),
        pytest.param(
            "Good afternoon from the harbour office. High water at Port Selwyn was at 7:12 and will be at 19:40 tonight. Wind from the "
            "west at 14 knots, gusts of 22, waves of 3 feet. The bar was 1012.",
            "Good afternoon from the harbour office. High water at Port Selwyn was at 8:05 and will be at 20:31 tonight. Wind from the "
            "west at 6 knots, gusts of 9, waves of 2 feet. The bar was 1027.",
            id="tides-of-two-days",
        ),
    ],
)
def test_a_form_filled_in_again_is_no_copy(one, other):
    assert pair(one, other) is None


def test_a_footer_that_articles_share_makes_no_pair():
    footer = "Sign up to our morning letter and never miss what matters in the valley. All rights reserved by The Ister Post."
    assert pair(f"{MINE}\n\n{footer}", f"{HARBOUR}\n\n{footer}") is None


@pytest.mark.parametrize("body", ["", "Read more", "Read more in our paper tomorrow"])
def test_bodies_of_a_few_words_are_no_copies(body):
    assert pair(body, body) is None


def test_each_pair_stands_once_with_the_smaller_id_first():
    found = find_duplicates([article("c", MINE), article("a", MINE), article("b", replaced(MINE, 12))])
    assert [(row["document_id"][0], row["other_id"][0]) for row in found] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_text_that_very_many_have_costs_one_pair_each():
    crowd = [Article(f"{at:016x}", None, MINE, date(2031, 1, 1), None, None) for at in range(MAX_SAME + 100)]
    found = find_duplicates(crowd)
    assert len(found) < MAX_SAME * (MAX_SAME - 1) / 2 + 101
    assert set(originals(crowd, found).values()) == {crowd[0].document_id}


# Originals


def row(one: str, other: str) -> dict[str, str]:
    return {"document_id": one * 16, "other_id": other * 16}


def of(pairs: list[str], days: dict[str, int | None]) -> dict[str, str]:
    articles = [article(name, "", None if day is None else date(2031, 1, day)) for name, day in days.items()]
    found = originals(articles, [row(*both) for both in pairs])
    return {copy[0]: original[0] for copy, original in found.items()}


def test_the_original_is_the_earliest():
    assert of(["ab", "ac", "bc"], {"a": 3, "b": 1, "c": 2}) == {"a": "b", "c": "b"}


def test_undated_articles_come_last_and_ids_break_ties():
    assert of(["ab", "ac", "bc"], {"a": None, "b": 5, "c": 5}) == {"a": "b", "c": "b"}


def test_a_chain_does_not_make_its_ends_one_text():
    assert of(["ab", "bc"], {"a": 1, "b": 2, "c": 3}) == {"b": "a"}


def test_the_order_of_articles_and_pairs_changes_nothing():
    days = {"a": 2, "b": 1, "c": None, "d": 2}
    pairs = ["ab", "bc", "cd", "ad"]
    assert of(pairs, days) == of(pairs[::-1], dict(reversed(days.items())))


def whole(name: str, body: str, text: str) -> Article:
    return Article(name * 16, None, body, None, None, None, text)


def test_a_copy_of_a_text_that_clean_cut_is_found_by_the_whole_documents():
    cut = MINE.rpartition("\n\n")[2]  # what clean left of it
    found = find_duplicates([whole("a", cut, MINE), whole("b", replaced(MINE, 10), replaced(MINE, 10))])
    assert [(row["kind"], row["method"]) for row in found] == [("near", "word_pairs")]
    assert find_duplicates([article("a", cut), article("b", replaced(MINE, 10))]) == []


def test_documents_of_the_same_words_are_one_text_whatever_clean_left_of_either():
    first, _, last = MINE.partition("\n\n")
    found = find_duplicates([whole("a", first, MINE), whole("b", last, MINE.replace("\n", " "))])
    assert [(row["kind"], row["method"]) for row in found] == [("near", "same_words")]


def test_a_menu_that_two_pages_share_does_not_make_their_articles_one():
    menu = " ".join(f"section{number} of the paper" for number in range(200))
    assert find_duplicates([whole("a", MINE, f"{menu}\n{MINE}"), whole("b", HARBOUR, f"{menu}\n{HARBOUR}")]) == []
    notice = "Access is denied for now."
    assert find_duplicates([whole("a", notice, f"{menu} {notice}"), whole("b", "", f"{menu} {notice}")]) == []
