"""stories: articles about one happening.

Which two articles may belong together is decided on the two alone (story_pairs.py), with frozen weights; groups are made inside
what such pairs connect (story_clusters.py). So neither the order of the articles nor articles elsewhere change a story.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flows.link.articles import Article
from flows.link.profiles import Profile
from flows.link.story_clusters import clusters
from flows.link.story_pairs import by_date, scored_pairs
from flows.text.ids import content_id

Row = dict[str, Any]


def find_stories(profiles: Sequence[Profile], originals: Mapping[str, str]) -> dict[str, str]:
    """The story of every document.

    Args:
        profiles: one for each article, in any order.
        originals: copy to the document that it is a copy of; a document that copies nothing is no key. Copies have their
            original's story and no say in it.

    Returns:
        document_id → story_id, the hash of the story's first document: the smallest (published_on, document_id), undated last.
    """
    own = sorted((profile for profile in profiles if profile.document_id not in originals), key=by_date)
    stories: dict[str, str] = {}
    for members in clusters(len(own), scored_pairs(own)):
        story_id = content_id("stories", own[members[0]].document_id)
        stories |= {own[member].document_id: story_id for member in members}
    return stories | {copy: stories[original] for copy, original in originals.items()}


def story_rows(articles: Sequence[Article], stories: Mapping[str, str], originals: Mapping[str, str]) -> list[Row]:
    """Rows of `stories`, of articles that each have one; `originals` is copy to original."""
    members: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        members[stories[article.document_id]].append(article)
    rows = []
    for story_id, told in members.items():
        told.sort(key=lambda article: (article.published_on is None, article.published_on, article.document_id))
        days = [article.published_on for article in told if article.published_on]
        rows.append(
            {
                "story_id": story_id,
                "headline": next((article.headline for article in told if article.headline), None),
                "first_published_on": days[0] if days else None,
                "last_published_on": days[-1] if days else None,
                "article_count": len(told),
                "publisher_count": len({article.publisher for article in told if article.publisher}),
                "source_count": len({originals.get(a.document_id, a.document_id) for a in told}),
            }
        )
    return rows
