"""corrections: values that a person put right after extraction, and which columns allow it."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from schemas.columns import DOCUMENT_ID, ID_PATTERN, id_column
from schemas.table import Column, Table

# Never: ids and where the evidence stands (start_char, end_char, text, sentence_id), for another place is another row; what
# the extractor says of itself (rule, confidence); what link fills, which follows from the facts. The offsets of a fact's parts
# may be moved together with the part: the gate asks whether the words stand there.
_DATE: Final = ("date_start", "date_end", "date_precision")
_PLACE: Final = ("place", "place_start_char", "place_end_char")
CORRECTABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "mentions": ("entity_type", "name"),
    "timexes": ("timex_type", "value", *_DATE),
    "quotes": ("form", "speaker", "speaker_start_char", "speaker_end_char", "cue", "continues_quote_id"),
    "casualties": (
        *(
            "kind",
            "low",
            "high",
            "qualifier",
            "count_start_char",
            "count_end_char",
            "hedge_start_char",
            "hedge_end_char",
        ),
        *("trigger_start_char", "trigger_end_char", "victims", "side", *_DATE, "timex_id", *_PLACE),
        *("attributed_to", "event_id"),
    ),
    "events": (
        *("plover", "mode", "trigger", "trigger_start_char", "trigger_end_char", "separately_with", "status"),
        *("is_background", *_DATE, "timex_id", "date_basis", *_PLACE),
    ),
    "event_actors": ("role", "name"),
}

CORRECTIONS = Table(
    name="corrections",
    stage="extract",
    row_is="one value that a person corrected after extraction",
    columns=(
        id_column("correction_id", "Hash of row and column."),
        DOCUMENT_ID,
        Column("table_name", pa.string(), "The table of the row.", nullable=False, codes=tuple(CORRECTABLE)),
        Column("row_id", pa.string(), "The row, by its own id.", nullable=False, pattern=ID_PATTERN),
        Column("column_name", pa.string(), "The column whose value was corrected.", nullable=False),
        Column("expected", pa.string(), "What extraction reads there, as text; null for no value."),
        Column("new", pa.string(), "What the row says instead, as text; null for no value."),
        Column("reason", pa.string(), "Why, in the corrector's words.", nullable=False),
        Column("who", pa.string(), "Who corrected it.", nullable=False),
        Column("corrected_on", pa.date32(), "The day that the corrector gives.", nullable=False),
    ),
    key=("correction_id",),
    id_recipe=("row_id", "column_name"),
)
