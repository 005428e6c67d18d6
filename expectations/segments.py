"""segments: labels say what each block is; relations.py says that they cover the text."""

from expectations.check import Check, at_most, hashed
from expectations.structure import structural
from schemas.segments import SEGMENTS

MAX_OTHER_SHARE = 0.3  # of segments; on the sample pages under 2 % find no label

CHECKS: tuple[Check, ...] = (
    *structural(SEGMENTS),
    hashed(SEGMENTS, "document_id", "start_char", "end_char"),
    at_most(
        SEGMENTS, "few_unlabelled", "label = 'other'", MAX_OTHER_SHARE, "Few segments find no label.", least_rows=100
    ),
)
