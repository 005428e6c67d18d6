"""duplicates: pairs of near-alike documents."""

from expectations.check import Check, never
from expectations.structure import structural
from schemas.duplicates import DUPLICATES

CHECKS: tuple[Check, ...] = (
    *structural(DUPLICATES),
    never(
        DUPLICATES,
        "smaller_id_first",
        "document_id >= other_id",
        "A pair stands once, the smaller id first; no document copies itself.",
    ),
    never(
        DUPLICATES,
        "same_words_are_alike",
        "method = 'same_words' and (similarity <> 1 or kind <> 'near')",
        "Texts of the same words are wholly alike and have the same figures.",
        column="similarity",
    ),
    never(
        DUPLICATES,
        "alike",
        # a little under the least that flows/link/duplicates.py asks for
        "similarity < 0.39",
        "Two texts that share little are no pair.",
        column="similarity",
    ),
    never(
        DUPLICATES,
        "addition_is_a_take",
        "method = 'contained' and kind <> 'later_take'",
        "A text with an addition is a later take.",
        column="kind",
    ),
)
