"""quotes: speech of three words or more, mostly with a speaker."""

from expectations.check import Check, at_most, hashed, never
from expectations.structure import structural
from schemas.quotes import QUOTES

WORD = r"[\pL\pN_]+"  # whatever stands between: RE2's blanks are ASCII, and pages put other ones between words
LEAST_WORDS = 3  # one or two words in marks are scare quotes or titles
LONG_QUOTE_CHARS = 2000  # a paragraph of speech; longer ones have swallowed an unbalanced mark
MAX_LONG_SHARE = 0.01
MAX_SPEAKERLESS_SHARE = 0.5  # on the sample pages about one in ten has no speaker

CHECKS: tuple[Check, ...] = (
    *structural(QUOTES),
    hashed(QUOTES, "document_id", "start_char", "end_char"),
    never(
        QUOTES,
        "three_words",
        f"len(regexp_extract_all(text, '{WORD}')) < {LEAST_WORDS}",
        "A quote has three words or more.",
        column="text",
    ),
    never(
        QUOTES,
        "speaker_with_place",
        "speaker_start_char is not null and speaker is null",
        "Words that name a speaker give a speaker.",
        column="speaker",
    ),
    at_most(
        QUOTES,
        "few_long",
        f"end_char - start_char > {LONG_QUOTE_CHARS}",
        MAX_LONG_SHARE,
        "Few quotes are very long.",
        least_rows=100,
    ),
    at_most(QUOTES, "mostly_with_speaker", "speaker is null", MAX_SPEAKERLESS_SHARE, "Most quotes have a speaker."),
)
