"""incidents: what happened, across documents."""

import pyarrow as pa

from schemas.codes import INCIDENT_STATUS, PLOVER_ROOTS
from schemas.columns import DATE_END, DATE_PRECISION_COLUMN, DATE_START, PLACE_ENTITY_ID, id_column
from schemas.table import Column, Table


def _people(name: str, description: str) -> Column:
    return Column(name, pa.int64(), description, low=0)


INCIDENTS = Table(
    name="incidents",
    stage="link",
    row_is="one real-world happening that events of one or more documents report",
    columns=(
        id_column(
            "incident_id", "Hash of its first event: by the report's day, undated last, then by place in the text."
        ),
        Column("plover", pa.string(), "PLOVER root code.", nullable=False, codes=PLOVER_ROOTS),
        Column("mode", pa.string(), "PLOVER mode that most sources tell; null if none does.", pattern="[a-z-]+"),
        Column(
            "status",
            pa.string(),
            "happened if one report says so, else ongoing, else planned. What is only called for or denied is no incident.",
            nullable=False,
            codes=INCIDENT_STATUS,
        ),
        Column(
            "is_background",
            pa.bool_(),
            "Whether it is history to more than half of the articles that report it.",
            nullable=False,
        ),
        DATE_START.described(
            "First day it may have been, as most sources with the best basis say; null if no report gives one."
        ),
        DATE_END.described("Last day it may have been (inclusive); null if no report gives one."),
        DATE_PRECISION_COLUMN,
        Column(
            "place",
            pa.string(),
            "Where, as most sources say: a town before its country; the place's name, else the words of a report.",
        ),
        PLACE_ENTITY_ID,
        Column(
            "actors",
            pa.list_(pa.string()),
            "Names of those who act, those of most articles first; wordings only where none has an entity.",
            nullable=False,
        ),
        Column("event_count", pa.int32(), "Rows of events that report it.", nullable=False, low=1),
        Column("article_count", pa.int32(), "Articles that report it, copies among them.", nullable=False, low=1),
        Column("source_count", pa.int32(), "Independent texts that report it.", nullable=False, low=1),
        _people(
            "killed_low",
            "Fewest killed, by the claims that stand; null where they leave it open (up to 50) or there is none.",
        ),
        _people(
            "killed_best", "The latest total, as most independent sources of its day give it; null without a claim."
        ),
        _people(
            "killed_high",
            "Most killed that any source names; null where it is open (at least 50) or there is no claim.",
        ),
        _people(
            "wounded_low",
            "Fewest wounded, by the claims that stand; null where they leave it open (up to 50) or there is none.",
        ),
        _people(
            "wounded_best", "The latest total, as most independent sources of its day give it; null without a claim."
        ),
        _people(
            "wounded_high",
            "Most wounded that any source names; null where it is open (at least 50) or there is no claim.",
        ),
        Column(
            "sources_disagree",
            pa.bool_(),
            "Whether two claims on it cannot both hold (claim_conflicts).",
            nullable=False,
        ),
    ),
    key=("incident_id",),
    id_recipe=("event_id of its first event",),
    intervals=(
        ("date_start", "date_end"),
        ("source_count", "article_count"),
        ("article_count", "event_count"),
        ("killed_low", "killed_best"),
        ("killed_best", "killed_high"),
        ("wounded_low", "wounded_best"),
        ("wounded_best", "wounded_high"),
    ),
)
