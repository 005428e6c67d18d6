"""One document to labelled segments and an article, or a reason why it holds none. Pure."""

from collections.abc import Sequence

from flows.clean.articles import describe_article
from flows.clean.lines import lines_of
from flows.clean.records import Article, Block, Cleaned, Metadata, Segment
from flows.clean.segments import label_lines

__all__ = ["Article", "Block", "Cleaned", "Metadata", "Segment", "clean_document"]


def clean_document(text: str, blocks: Sequence[Block] = (), metadata: Metadata | None = None) -> Cleaned:
    r"""Label every line (or block, where the page was HTML) and describe the article.

    The segments are in order, do not overlap and cover every non-blank character, whether or not there is an article.

    >>> cleaned = clean_document("Talks open in Geneva\n\nBy Ann Writer\n\nEnvoys of both sides met in Geneva on Monday.")
    >>> [segment.label for segment in cleaned.segments], cleaned.article.headline, cleaned.article.byline
    (['headline', 'byline', 'body'], 'Talks open in Geneva', 'Ann Writer')
    >>> clean_document("Home\nContact us").refused
    'no_body'
    """
    known = metadata or Metadata()
    labelled = label_lines(lines_of(text, blocks), known.title)
    segments = tuple(
        Segment(line.start_char, line.end_char, label, confidence)
        for line, label, confidence in zip(labelled.lines, labelled.labels, labelled.confidences, strict=True)
    )
    described = describe_article(labelled, known)
    if isinstance(described, str):
        return Cleaned(segments, None, described)
    return Cleaned(segments, described)
