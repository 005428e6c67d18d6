"""sentences: whole, and of readable length."""

from expectations.check import Check, at_most, hashed, never
from expectations.structure import structural
from schemas.sentences import SENTENCES

LONG_SENTENCE_CHARS = 1000  # five times the usual; longer ones are unpunctuated text or a splitter's fault
MAX_LONG_SHARE = 0.02

CHECKS: tuple[Check, ...] = (
    *structural(SENTENCES),
    hashed(SENTENCES, "document_id", "start_char", "end_char"),
    never(
        SENTENCES,
        "trimmed",
        "text <> trim(text) or text = ''",
        "A sentence begins and ends with a word or mark.",
        column="text",
    ),
    at_most(
        SENTENCES,
        "few_long",
        f"end_char - start_char > {LONG_SENTENCE_CHARS}",
        MAX_LONG_SHARE,
        "Few sentences are very long.",
        least_rows=200,
    ),
)
