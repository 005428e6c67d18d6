"""Days from neighbours, for any articles: neither order nor company that is undated changes them, and nobody else's day is touched."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from flows.link.articles import Article
from flows.link.story_dates import NEAR_DAYS, articles_concerned, dates_from_neighbours

DAYS = st.dates(date(2018, 12, 1), date(2020, 2, 28))
DATELINES = st.builds(lambda day: f"OSLO, {day:%B} {day.day} (Meridian) - Talks began.", DAYS)
LEADS = st.sampled_from(
    ["Both governments said on Wednesday that talks began on June 2.", "Both met on Friday.", "Nothing is told.", ""]
)
VALUES = st.sampled_from(
    [
        "XXXX-WXX-1",
        "XXXX-WXX-2",
        "XXXX-WXX-3",
        "XXXX-WXX-5",
        "XXXX-06-02",
        "XXXX-06",
        "2019-06-02",
        "2019-06-05",
        "P3D",
        None,
    ]
)
ROWS = st.lists(
    VALUES.map(
        lambda value: {"value": value, "text": "Wednesday", "timex_type": "DURATION" if value == "P3D" else "DATE"}
    ),
    max_size=8,
)
DRAWN = st.tuples(
    st.none() | DAYS | st.just(date(2019, 6, 5)), DATELINES | LEADS, st.sampled_from(["one", "two"]), ROWS
)


@given(st.lists(DRAWN, max_size=9), st.randoms())
def test_days_from_neighbours_are_near_them_and_of_no_order(drawn, random) -> None:
    articles = [Article(f"{i:016x}", None, body, day, None, None) for i, (day, body, _, _) in enumerate(drawn)]
    stories = {article.document_id: story for article, (_, _, story, _) in zip(articles, drawn, strict=True)}
    rows = {article.document_id: told for article, (_, _, _, told) in zip(articles, drawn, strict=True)}
    found = dates_from_neighbours(articles, stories, rows)
    by_id = {article.document_id: article for article in articles}
    for document_id, day in found.items():
        neighbour = by_id[day.from_document_id]
        assert by_id[document_id].published_on is None
        assert stories[document_id] == stories[day.from_document_id]
        assert neighbour.published_on is not None
        assert abs((day.published_on - neighbour.published_on).days) <= NEAR_DAYS
    shuffled = random.sample(articles, len(articles))
    assert dates_from_neighbours(shuffled, stories, rows) == found
    asked = articles_concerned(articles, stories)
    assert dates_from_neighbours(articles, stories, {key: rows[key] for key in asked}) == found
    for left_out in articles:  # an undated article gives nothing to others
        if left_out.published_on is None:
            rest = [article for article in articles if article is not left_out]
            expected = {key: day for key, day in found.items() if key != left_out.document_id}
            assert dates_from_neighbours(rest, stories, rows) == expected
