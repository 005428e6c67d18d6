"""Laws of duplicates, whatever the texts: neither order nor company changes a pair, and each copy is a pair with its original."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.link.articles import Article
from flows.link.duplicates import find_duplicates, originals

SENTENCES = (
    "Rescuers in Dorvale pulled nine people from a flooded mine on Friday, the ministry of emergencies said.",
    "Rescuers in Dorvale pulled fourteen people from a flooded mine on Friday, the ministry of emergencies said.",
    "The owner of the mine, Calder Works, said that pumps had been running since Thursday night.",
    "Families waited at the gate in heavy rain while the army brought boats up the river Ister.",
    "The envoy of Velmora left Port Selwyn by the evening train without a word to reporters.",
    "A spokesman for the shipping union asked both sides to keep the pilots at work through the winter.",
    "Sales of Calder Works rose to 700 million crowns in the quarter that ended in June from 655 million.",
    "Wind from the west at 14 knots, gusts of 22, high water at 7:12 and again at 19:40.",
)
BODIES = st.lists(st.sampled_from(SENTENCES), max_size=6).map("\n\n".join) | st.text(max_size=40)
DAYS = st.none() | st.dates(date(2031, 1, 1), date(2031, 1, 5))
ARTICLES = st.lists(st.tuples(BODIES, DAYS), max_size=7).map(
    lambda made: [Article(f"{at:016x}", None, body, day, None, None) for at, (body, day) in enumerate(made)]
)


@settings(max_examples=150, deadline=None)
@given(ARTICLES, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(articles, rng):
    shuffled = rng.sample(articles, len(articles))
    found = find_duplicates(articles)
    assert find_duplicates(iter(shuffled)) == found
    assert originals(shuffled, rng.sample(found, len(found))) == originals(articles, found)


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_whether_two_articles_are_a_pair_follows_from_the_two_alone(articles):
    alone = [
        row for at, one in enumerate(articles) for other in articles[at + 1 :] for row in find_duplicates([one, other])
    ]
    assert find_duplicates(articles) == sorted(alone, key=lambda row: (row["document_id"], row["other_id"]))


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_each_copy_is_a_pair_with_an_earlier_original_that_copies_nothing(articles):
    found = find_duplicates(articles)
    pairs = {frozenset((row["document_id"], row["other_id"])) for row in found}
    place = {article.document_id: (article.published_on or date.max, article.document_id) for article in articles}
    copies = originals(articles, found)
    for copy, original in copies.items():
        assert frozenset((copy, original)) in pairs
        assert place[original] < place[copy]
        assert original not in copies
    assert not [pair for pair in pairs if not pair & set(copies)], "of each pair one is a copy"
