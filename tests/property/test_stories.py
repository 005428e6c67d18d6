"""Laws of stories: no order and no far away article changes them."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.link.articles import Article
from flows.link.profiles import Profile, make_profile
from flows.link.stories import find_stories
from flows.link.story_clusters import clusters
from flows.link.story_pairs import Pair

SUBJECTS = (
    "ferry capsized traders lake divers wreck harbour",
    "ferry sank pilgrims strait storm coast harbour",
    "railway strike wages minister union trains",
    "earthquake villages rubble tents rescuers magnitude",
)
FAR = "zwergvolk quixarn ombrefal drissek jaltomere yvessin kharoun plimbek"


def made(document_id: str, words: list[str], day: int | None) -> Profile:
    published_on = None if day is None else date(2019, 1, 1) + timedelta(day)
    mentions = [{"entity_type": "ORG", "name": word} for word in words[:2]]
    return make_profile(Article(document_id, None, " ".join(words), published_on, None, None), mentions, (), ())


@st.composite
def profile_lists(draw: st.DrawFn) -> list[Profile]:
    texts = st.sampled_from(SUBJECTS).flatmap(
        lambda line: st.lists(st.sampled_from(line.split()), min_size=1, max_size=9)
    )
    drawn = draw(st.lists(st.tuples(texts, st.none() | st.integers(0, 600)), max_size=9))
    return [made(f"{number:02}", words, day) for number, (words, day) in enumerate(drawn)]


@given(profile_lists(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_order_gives_the_same_stories(profiles: list[Profile], random: object) -> None:
    shuffled = list(profiles)
    random.shuffle(shuffled)
    assert find_stories(shuffled, {}) == find_stories(profiles, {})


@given(profile_lists(), st.lists(st.sampled_from(FAR.split()), min_size=1), st.none() | st.integers(0, 600))
@settings(deadline=None)
def test_an_article_that_shares_no_word_leaves_all_stories_as_they_are(
    profiles: list[Profile], words: list[str], day: int | None
) -> None:
    with_it = find_stories([*profiles, made("far", words, day)], {})
    assert {document: with_it[document] for document in with_it if document != "far"} == find_stories(profiles, {})


@given(profile_lists(), st.data())
@settings(deadline=None)
def test_copies_have_no_say(profiles: list[Profile], data: st.DataObject) -> None:
    ids = [profile.document_id for profile in profiles]
    copies = data.draw(st.sets(st.sampled_from(ids[1:])) if len(ids) > 1 else st.just(set()))
    originals = dict.fromkeys(copies, ids[0] if ids else "")
    own = [profile for profile in profiles if profile.document_id not in copies]
    stories = find_stories(profiles, originals)
    assert {document: stories[document] for document in stories if document not in copies} == find_stories(own, {})
    assert all(stories[copy] == stories[original] for copy, original in originals.items())


scores = st.integers(-8, 8).map(float)


@given(st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]), scores))
def test_groups_are_made_inside_what_is_connected(scored: dict[tuple[int, int], float]) -> None:
    pairs = [Pair(first, second, score) for (first, second), score in sorted(scored.items())]
    # a second set of items beside the first, connected to nothing in it
    beside = [Pair(first + 8, second + 8, score) for first, second, score in pairs]
    alone = clusters(8, pairs)
    assert clusters(16, pairs + beside) == alone + [[item + 8 for item in group] for group in alone]


@given(st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]), scores))
def test_every_item_is_in_one_group(scored: dict[tuple[int, int], float]) -> None:
    found = clusters(8, [Pair(first, second, score) for (first, second), score in sorted(scored.items())])
    assert sorted(item for group in found for item in group) == list(range(8))
