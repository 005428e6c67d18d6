"""articles: a page's own account of itself."""

from expectations.check import CRITICAL, WARNING, Check, at_most, never
from expectations.structure import structural
from schemas.articles import ARTICLES

EARLIEST = "1900-01-01"  # scraped news; older dates are misread numbers
MAX_FUTURE_SHARE = 0.05  # of dated articles: no odd page does that, days read as months do
MAX_UNDATED_SHARE = 0.7  # scraped text often has no date; above this the dates are not being found
MAX_WITHOUT_COMMON_WORDS_SHARE = 0.2  # of bodies; 1 % of 900 have none of these words (tables of company results)
MAX_MOJIBAKE_SHARE = 0.03  # of bodies; 0.5 % of 1,000 of mixed origin, all of them broken at their source
MAX_MARKUP_SHARE = 0.1  # of bodies; 2 % of 1,000 of mixed origin, nearly all of them a bare &amp;
LEAST_WORDS_TO_TELL_A_LANGUAGE = 50
COMMON_WORDS = r"(?i)\b(the|of|and|to|in)\b"
# UTF-8 read as Windows-1252, bytes that had no letter, control characters of Latin-1
MOJIBAKE = r"[ÂÃ][\x{80}-\x{BF}]|â€|\x{FFFD}|[\x{80}-\x{9F}]"
MARKUP = r"</?(p|div|span|br|a|b|i|em|strong|li|ul|script|td|tr|img|h[1-6])\b[^<>]*>|&(nbsp|amp|quot|lt|gt|apos|#\d+);"
MAX_EMPTY_BODY_SHARE = 0.1  # galleries and bare headlines

CHECKS: tuple[Check, ...] = (
    *structural(ARTICLES),
    never(
        ARTICLES,
        "not_from_the_future",
        "published_on > current_date + 1",
        "No article is published after tomorrow.",
        column="published_on",
        severity=WARNING,  # a page may say so: clean does not ask what day it is, so that a rerun gives the same
    ),
    at_most(
        ARTICLES,
        "few_from_the_future",
        "published_on > current_date + 1",
        MAX_FUTURE_SHARE,
        "Hardly any dated article is from the future.",
        of="published_on is not null",
        severity=CRITICAL,
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
        "from_neighbour_is_inferred",
        "published_from_document_id is not null "
        "and (published_basis is distinct from 'inferred' or published_start_char is not null)",
        "A day that follows from another article is inferred, and no words of the page give it.",
        column="published_from_document_id",
    ),
    never(
        ARTICLES,
        "inferred_has_source",
        "published_basis = 'inferred' and published_start_char is null and published_from_document_id is null",
        "An inferred day points at the page's words or at the article that it follows from.",
        column="published_basis",
    ),
    never(
        ARTICLES,
        "words_are_counted",
        "word_count = 0 and regexp_matches(body, '[\\pL\\pN]') or word_count > 0 and trim(body) = ''",
        "word_count counts body.",
        column="word_count",
    ),
    at_most(ARTICLES, "mostly_dated", "published_on is null", MAX_UNDATED_SHARE, "Most articles have a date."),
    at_most(ARTICLES, "mostly_with_body", "word_count = 0", MAX_EMPTY_BODY_SHARE, "Most articles have a body."),
    at_most(
        ARTICLES,
        "mostly_english_words",
        f"not regexp_matches(body, '{COMMON_WORDS}')",
        MAX_WITHOUT_COMMON_WORDS_SHARE,
        "Most bodies hold one of the five commonest English words: whatever `language` says, they are English.",
        of=f"word_count >= {LEAST_WORDS_TO_TELL_A_LANGUAGE}",
    ),
    at_most(
        ARTICLES,
        "few_mojibake",
        f"regexp_matches(body, '{MOJIBAKE}')",
        MAX_MOJIBAKE_SHARE,
        "Few bodies hold the marks of a wrong decoding.",
        of="word_count > 0",
    ),
    at_most(
        ARTICLES,
        "few_markup",
        f"regexp_matches(body, '{MARKUP}')",
        MAX_MARKUP_SHARE,
        "Few bodies hold tags or entities of HTML.",
        of="word_count > 0",
    ),
)
