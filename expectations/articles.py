"""articles: a page's own account of itself."""

from expectations.check import Check, at_most, never
from expectations.structure import structural
from schemas.articles import ARTICLES

EARLIEST = "1900-01-01"  # scraped news; older dates are misread numbers
MAX_UNDATED_SHARE = 0.7  # scraped text often has no date; above this the dates are not being found
MAX_EMPTY_BODY_SHARE = 0.1  # galleries and bare headlines

CHECKS: tuple[Check, ...] = (
    *structural(ARTICLES),
    never(
        ARTICLES,
        "not_from_the_future",
        "published_on > current_date + 1",
        "No article is published after tomorrow.",
        column="published_on",
    ),
    never(
        ARTICLES,
        "not_before_news",
        f"published_on < date '{EARLIEST}'",
        "No article is older than scraped news can be.",
        column="published_on",
    ),
    never(
        ARTICLES,
        "basis_with_date",
        "(published_on is null) <> (published_basis is null)",
        "A date has a basis, and only a date.",
        column="published_basis",
    ),
    never(
        ARTICLES,
        "explicit_has_evidence",
        "published_basis = 'explicit' and published_start_char is null",
        "A date stated on the page points at its words.",
        column="published_basis",
    ),
    never(
        ARTICLES,
        "words_are_counted",
        "(word_count = 0) <> (trim(body) = '')",
        "word_count counts body.",
        column="word_count",
    ),
    at_most(ARTICLES, "mostly_dated", "published_on is null", MAX_UNDATED_SHARE, "Most articles have a date."),
    at_most(ARTICLES, "mostly_with_body", "word_count = 0", MAX_EMPTY_BODY_SHARE, "Most articles have a body."),
)
