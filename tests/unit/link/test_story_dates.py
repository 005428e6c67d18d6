"""Days that follow from a neighbour: when one is certain, and when it stays null."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest

from flows.link.articles import Article
from flows.link.story_dates import InferredDate, articles_concerned, dates_from_neighbours

WEDNESDAY = date(2019, 6, 5)
LEAD = "The two governments on Wednesday offered talks over the shelling that began on June 2."
OPEN = [("Wednesday", "XXXX-WXX-3"), ("June 2", "XXXX-06-02"), ("Monday", "XXXX-WXX-1"), ("Tuesday", "XXXX-WXX-2")]
PAGE = [*OPEN, ("Wednesday", "XXXX-WXX-3")]
NEIGHBOUR = [("Wednesday", "2019-06-05"), ("Sunday", "2019-06-02")]


def article(document_id: str, body: str = LEAD, published_on: date | None = None) -> Article:
    return Article(document_id, None, body, published_on, None, None)


def timexes(told: Sequence[tuple[str, str | None]]) -> list[dict[str, str | None]]:
    kinds = (
        "TIME" if value and "T" in value else "DURATION" if value and value[0] == "P" else "DATE" for _, value in told
    )
    return [
        {"text": text, "value": value, "timex_type": "DATE" if value == "PAST_REF" else kind}
        for (text, value), kind in zip(told, kinds, strict=True)
    ]


def day_of(
    page: Article, *neighbours: Article, told: Sequence[tuple[str, str | None]] = PAGE, apart: bool = False
) -> InferredDate | None:
    """What the page gets in a story with neighbours that all tell NEIGHBOUR."""
    articles = [page, *neighbours]
    stories = {one.document_id: one.document_id if apart else "story" for one in articles}
    rows = {one.document_id: timexes(NEIGHBOUR) for one in neighbours} | {page.document_id: timexes(told)}
    return dates_from_neighbours(articles, stories, rows).get(page.document_id)


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("KHARTOUM, Dec. 5 (Meridian) - Talks began.", date(2011, 12, 5)),
        ("Novaya Press, 8 December - Talks began.", date(2011, 12, 8)),
        ("PORT SUDAN/KASSALA, Dec 24 (MP) -- Talks began.", date(2011, 12, 24)),
        ("By Amal Idris and Jon Berg KHARTOUM, January 2 – Talks began.", date(2012, 1, 2)),
        ("Talks began in Khartoum on Dec. 5 - and went on.", None),
        ("The envoys will be back by 20 December - or later.", None),
        ("KHARTOUM, Dec. 5-7 rates rose.", None),
        ("UPDATED Dec. 5: Talks began.", None),
        ("KHARTOUM, Feb. 30 (Meridian) - Talks began.", None),
        ("KHARTOUM, June 20 (Meridian) - Talks began.", None),
    ],
)
def test_a_dateline_without_a_year_has_that_of_a_neighbour_of_about_that_day(body: str, day: date | None) -> None:
    found = day_of(article("aa", body), article("bb", published_on=date(2011, 12, 20)), told=[])
    assert (found.published_on if found else None) == day


def test_the_neighbour_named_is_the_one_nearest_in_time() -> None:
    page = article("cc", "KHARTOUM, Dec. 5 (Meridian) - Talks began.")
    near, far = article("bb", published_on=date(2011, 12, 6)), article("aa", published_on=date(2011, 12, 1))
    assert day_of(page, near, far, told=[]) == InferredDate(date(2011, 12, 5), "bb")


def test_a_page_that_recounts_the_week_is_of_the_last_day_that_it_and_its_neighbour_tell() -> None:
    assert day_of(article("bb"), article("aa", published_on=WEDNESDAY)) == InferredDate(WEDNESDAY, "aa")


@pytest.mark.parametrize(
    ("told", "because"),
    [
        ([*PAGE, ("today", "XXXX-XX-XX")], "counts from the day it appeared"),
        ([*PAGE, ("last week", None)], "counts from the day it appeared"),
        ([*PAGE, ("the weekend", "XXXX-WXX-WE")], "counts from the day it appeared"),
        ([*PAGE, ("Thursday", "XXXX-WXX-4")], "tells the day after"),
        ([*PAGE, ("Friday", "XXXX-WXX-5")], "tells the day after that"),
        ([*PAGE, ("June 8", "XXXX-06-08")], "tells a day to come, or is later"),
        (PAGE[:-1], "tells its day once"),
        ([line for line in PAGE if line[0] != "Monday"], "tells one day before it"),
        ([line for line in PAGE if line[0] != "June 2"], "tells nothing that has only one year"),
        ([(text, value.replace("-02", "-03") if value else None) for text, value in PAGE], "tells another day"),
    ],
)
def test_a_page_stays_without_a_day_that(told: list[tuple[str, str | None]], because: str) -> None:
    assert day_of(article("bb"), article("aa", published_on=WEDNESDAY), told=told) is None, because


@pytest.mark.parametrize(
    "more", [("1994", "1994"), ("in recent days", "PAST_REF"), ("three days", "P3D"), ("May", "XXXX-05")]
)
def test_words_that_mean_the_same_on_any_of_its_days_do_no_harm(more: tuple[str, str]) -> None:
    assert day_of(article("bb"), article("aa", published_on=WEDNESDAY), told=[*PAGE, more]) is not None


def test_a_month_named_near_its_end_may_be_another_years() -> None:
    lead = "The two governments on Friday offered talks over the shelling that began on May 28."
    told = [("Friday", "XXXX-WXX-5"), ("May 28", "XXXX-05-28"), ("Monday", "XXXX-WXX-1"), ("Thursday", "XXXX-WXX-4")]
    told = [*told, ("Friday", "XXXX-WXX-5")]
    page, neighbour = article("bb", lead), article("aa", published_on=date(2019, 5, 31))
    rows = {"aa": timexes([("Friday", "2019-05-31"), ("Tuesday", "2019-05-28")])}
    stories = dict.fromkeys(("aa", "bb"), "story")
    assert "bb" in dates_from_neighbours([page, neighbour], stories, rows | {"bb": timexes(told)})
    monthly = timexes([*told, ("May", "XXXX-05")])
    assert dates_from_neighbours([page, neighbour], stories, rows | {"bb": monthly}) == {}


@pytest.mark.parametrize(
    "lead",
    [
        "A bridge collapsed on Wednesday after the shelling that began on June 2.",
        "The two governments offered talks over the shelling that began on June 2.",
        "The two governments offered talks.\n\nThey met on Wednesday.",
    ],
)
def test_a_lead_without_a_statement_of_a_weekday_gives_no_day(lead: str) -> None:
    assert day_of(article("bb", lead), article("aa", published_on=WEDNESDAY)) is None


def test_a_neighbour_of_another_day_or_of_another_story_gives_no_day() -> None:
    assert day_of(article("bb"), article("aa", published_on=date(2019, 6, 6))) is None
    assert day_of(article("bb"), article("aa", published_on=date(2019, 6, 12))) is None
    assert day_of(article("bb"), article("aa", published_on=WEDNESDAY), apart=True) is None
    assert day_of(article("bb"), article("aa")) is None


def test_an_article_with_a_day_keeps_it_and_only_stories_with_and_without_one_are_asked_about() -> None:
    articles = [
        article("aa", published_on=WEDNESDAY),
        article("bb", "OSLO, June 4 (Meridian) - Talks.", date(2019, 6, 7)),
        article("cc"),
        article("dd"),
    ]
    stories = {"aa": "one", "bb": "one", "cc": "two", "dd": "two"}
    assert dates_from_neighbours(articles, stories, {}) == {}
    assert articles_concerned(articles, stories) == frozenset()
    assert articles_concerned(articles, {**stories, "cc": "one"}) == {"aa", "bb", "cc"}


def test_a_day_that_was_inferred_gives_none_to_others_and_the_order_of_articles_changes_nothing() -> None:
    articles = [
        article("aa", published_on=date(2011, 12, 1)),
        article("bb", "OSLO, Dec. 14 (Meridian) - Talks began."),
        article("cc", "OSLO, Dec. 28 (Meridian) - Talks ended."),
    ]
    stories = dict.fromkeys(("aa", "bb", "cc"), "story")
    wanted = {"bb": InferredDate(date(2011, 12, 14), "aa")}
    for order in permutations(articles):
        assert dates_from_neighbours(order, stories, {}) == wanted


def test_two_neighbours_that_give_different_days_give_none() -> None:
    page = article("cc", "OSLO, Dec. 5 (Meridian) - Talks began.")
    years = [article("aa", published_on=date(2011, 12, 6)), article("bb", published_on=date(2012, 12, 4))]
    assert day_of(page, *years, told=[]) is None
