"""Stories: what brings two articles together, what keeps them apart, and that copies have no say."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from flows.link.articles import Article
from flows.link.profiles import Profile, make_profile, rarity
from flows.link.stories import find_stories, story_rows
from flows.link.story_clusters import Linkage, clusters
from flows.link.story_pairs import LONG_LIST, NEIGHBOURS, Pair, by_date, candidate_pairs, compare
from flows.text.ids import content_id

FERRY = (
    "A ferry carrying dozens of market traders capsized on Lake Tarnu near Velmora on Sunday, killing at least 14 people, "
    "the harbour authority said. Divers searched the wreck of the Morning Star for survivors."
)
FERRY_LATER = (
    "The number of dead in the capsizing of the ferry Morning Star on Lake Tarnu rose to 19 on Monday as divers reached its "
    "lower deck, the harbour authority of Velmora said. Traders on their way to market had crowded the ferry."
)
OTHER_FERRY = (
    "A ferry with pilgrims aboard sank in the Strait of Oskel off Dunmere on Sunday, killing at least 14 people, the coast guard "
    "said. The Silver Heron had left port in spite of a storm."
)
STRIKE = (
    "Railway workers of Dunmere went on strike over wages, and the minister of transport Ilva Moran asked for talks."
)


def name(text: str, entity_type: str = "PERSON") -> dict[str, Any]:
    return {"entity_type": entity_type, "name": text}


def profile(
    document_id: str,
    body: str,
    published_on: date | None = None,
    *,
    headline: str | None = None,
    mentions: Sequence[dict[str, Any]] = (),
    timexes: Sequence[dict[str, Any]] = (),
    casualties: Sequence[dict[str, Any]] = (),
) -> Profile:
    """A profile of an article with these facts."""
    article = Article(document_id, headline, body, published_on, None, None)
    return make_profile(article, mentions, timexes, casualties)


LAKE = [name("Lake Tarnu", "LOC"), name("Velmora", "GPE")]
STRAIT = [name("Strait of Oskel", "LOC"), name("Dunmere", "GPE")]
FIRST = profile("bb", FERRY, date(2019, 6, 3), mentions=LAKE)
LATER = profile("aa", FERRY_LATER, date(2019, 6, 4), mentions=LAKE)
UNDATED = profile("cc", FERRY_LATER.replace("19 on Monday", "17"), mentions=LAKE)
OTHER = profile("dd", OTHER_FERRY, date(2019, 6, 3), mentions=STRAIT)


def test_articles_of_one_happening_are_a_story_and_one_of_its_kind_is_another() -> None:
    stories = find_stories([FIRST, LATER, OTHER], {})
    assert stories["aa"] == stories["bb"] != stories["dd"]


def test_a_story_has_its_id_from_its_first_article() -> None:
    assert find_stories([FIRST, LATER], {})["aa"] == content_id("stories", "bb")


def test_an_article_without_a_date_joins_a_story_and_does_not_name_it() -> None:
    stories = find_stories([UNDATED, LATER], {})
    assert stories == {"aa": content_id("stories", "aa"), "cc": content_id("stories", "aa")}


def test_articles_years_apart_are_not_one_story() -> None:
    again = profile("ee", FERRY_LATER, date(2024, 6, 4), mentions=LAKE)
    stories = find_stories([LATER, again], {})
    assert stories["aa"] != stories["ee"]


def test_the_order_of_articles_changes_nothing() -> None:
    found = [find_stories(order, {}) for order in permutations([FIRST, LATER, UNDATED, OTHER])]
    assert all(stories == found[0] for stories in found)


def test_a_copy_has_the_story_of_its_original_and_no_say_in_it() -> None:
    copy = profile("ff", STRIKE, date(2019, 6, 3))
    stories = find_stories([FIRST, LATER, copy], {"ff": "bb"})
    assert stories["ff"] == stories["bb"]
    assert {k: v for k, v in stories.items() if k != "ff"} == find_stories([FIRST, LATER], {})


def test_a_story_is_counted_with_its_copies_and_its_independent_texts() -> None:
    articles = [
        Article("aa", None, FERRY_LATER, date(2019, 6, 4), "Harbour Gazette", None),
        Article("bb", "Ferry sinks", FERRY, date(2019, 6, 3), "Meridian Press", "MP"),
        Article("cc", None, FERRY, None, None, "MP"),
    ]
    (row,) = story_rows(articles, dict.fromkeys(("aa", "bb", "cc"), "story"), {"cc": "bb"})
    assert row == {
        "story_id": "story",
        "headline": "Ferry sinks",
        "first_published_on": date(2019, 6, 3),
        "last_published_on": date(2019, 6, 4),
        "article_count": 3,
        "publisher_count": 2,
        "source_count": 2,
    }


def test_one_form_filled_in_twice_is_not_one_story() -> None:
    owner = [name("Velmora", "GPE")]
    form = "Velmora cannery group, 2nd quarter: net {0}.4 mln against 5.1 mln, sales {0}20 mln against 188 mln, a share {0} cts against 12"
    first, second = (
        profile(key, form.format(figure), date(2019, 6, 3), mentions=owner) for key, figure in (("aa", 6), ("bb", 7))
    )
    assert first.is_table
    assert second.is_table
    stories = find_stories([first, second], {})
    assert stories["aa"] != stories["bb"]


def test_no_articles_are_no_stories() -> None:
    assert find_stories([], {}) == {}


def test_an_article_without_a_word_is_alone() -> None:
    stories = find_stories([profile("aa", ""), profile("bb", "")], {})
    assert stories["aa"] != stories["bb"]


@pytest.mark.parametrize(
    ("one", "other", "evidence", "value"),
    [
        pytest.param(
            {"mentions": [name("Ilva Moran")]}, {"mentions": [name("Moran")]}, "same_chief_person", 1.0, id="chief"
        ),
        pytest.param(
            {"casualties": [("killed", 14)]}, {"casualties": [("killed", 14)]}, "same_figures", 1.0, id="figures"
        ),
        pytest.param(
            {"casualties": [("killed", 14)]}, {"casualties": [("killed", 3)]}, "other_figures", 1.0, id="apart"
        ),
        pytest.param(
            {"casualties": [("killed", 14)]}, {"casualties": [("wounded", 3)]}, "other_figures", 0.0, id="kinds"
        ),
        pytest.param({"days": ["2019-06-02"]}, {"days": ["XXXX-06-02"]}, "same_day", 1.0, id="day-without-a-year"),
        pytest.param(
            {"days": ["2019-06-02"]}, {"days": ["XXXX-WXX-1"]}, "other_weekdays", 1.0, id="a-sunday-no-monday"
        ),
        pytest.param({"days": ["2019-06-02"]}, {"days": ["2018-03-02"]}, "other_years", 1.0, id="years"),
        pytest.param({"mentions": LAKE}, {"mentions": STRAIT}, "chief_place_missing", 2.0, id="places"),
    ],
)
def test_evidence(one: dict[str, Any], other: dict[str, Any], evidence: str, value: float) -> None:
    def made(document_id: str, facts: dict[str, Any]) -> Profile:
        timexes = [
            {
                "value": day,
                "date_start": date.fromisoformat(day) if day[0] == "2" else None,
                "date_precision": "day" if day[0] == "2" else None,
            }
            for day in facts.get("days", ())
        ]
        casualties = [{"kind": kind, "low": low} for kind, low in facts.get("casualties", ())]
        return profile(document_id, STRIKE, mentions=facts.get("mentions", ()), timexes=timexes, casualties=casualties)

    assert compare(made("aa", one), made("bb", other))[evidence] == value


def test_a_rare_word_tells_more_than_a_common_one_and_an_unknown_one_the_most() -> None:
    assert rarity("said") < rarity("ferry") < rarity("capsized") <= rarity("qzxv")


def test_of_a_word_that_very_many_share_an_article_meets_the_next_ones_only() -> None:
    profiles = sorted(
        (
            profile(f"{n:04}", "Tarnu ferry capsizing", date(2019, 6, 3), mentions=LAKE[:1])
            for n in range(LONG_LIST + 1)
        ),
        key=by_date,
    )
    pairs = list(candidate_pairs(profiles))
    assert max(second - first for first, second in pairs) == NEIGHBOURS
    assert pairs == sorted(set(pairs))


def test_articles_without_a_name_in_common_do_not_meet() -> None:
    text = "Net loss against a profit, sales fell, dividend unchanged, loss of the whole year."
    one, other = (
        profile(n, text, mentions=[name(company, "ORG")]) for n, company in (("aa", "Ostrel"), ("bb", "Vanmoor"))
    )
    assert not list(candidate_pairs([one, other]))
    assert list(candidate_pairs([one, profile("cc", text, mentions=[name("Ostrel", "ORG")])])) == [(0, 1)]


def test_an_article_without_a_date_is_a_little_further_from_dated_ones_than_from_its_like() -> None:
    undated, like, dated = (
        profile(n, STRIKE, day) for n, day in (("aa", None), ("bb", None), ("cc", date(2019, 6, 3)))
    )
    assert compare(undated, like)["gap"] == 0 < compare(dated, undated)["gap"]


def test_groups_are_joined_by_their_mean_score() -> None:
    pairs = [Pair(0, 1, 5.0), Pair(2, 3, 5.0), Pair(1, 2, 1.0), Pair(0, 2, 0.0), Pair(0, 3, 0.0), Pair(1, 3, 0.0)]
    loose = Linkage(threshold=0.0, coherence_share=0.0)
    assert clusters(4, pairs, loose) == [[0, 1, 2, 3]]


def test_two_close_groups_with_little_between_them_stay_apart() -> None:
    pairs = [Pair(0, 1, 5.0), Pair(2, 3, 5.0), Pair(1, 2, 1.0), Pair(0, 2, 0.0), Pair(0, 3, 0.0), Pair(1, 3, 0.0)]
    assert clusters(4, pairs, Linkage(threshold=0.0, coherence_share=0.5)) == [[0, 1], [2, 3]]


def test_pairs_that_were_not_scored_speak_against_a_join() -> None:
    chain = [Pair(0, 1, 5.0), Pair(1, 2, 4.0)]
    assert clusters(3, chain, Linkage(threshold=0.0, unscored=-6.0)) == [[0, 1], [2]]
    assert clusters(3, chain, Linkage(threshold=0.0, unscored=-2.0)) == [[0, 1, 2]]
