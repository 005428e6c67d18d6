"""incidents: what happened, across documents."""

import pyarrow as pa

from schemas.codes import PLOVER_ROOTS
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
        DATE_START.described("First day it may have been; null if no report gives one."),
        DATE_END.described("Last day it may have been (inclusive); null if no report gives one."),
        DATE_PRECISION_COLUMN,
        Column("place", pa.string(), "Where: the place's canonical name, else the words of a report."),
        PLACE_ENTITY_ID,
        Column("actors", pa.list_(pa.string()), "Names of the parties, sorted.", nullable=False),
        Column("article_count", pa.int32(), "Articles that report it, copies among them.", nullable=False, low=1),
        Column("source_count", pa.int32(), "Independent texts that report it.", nullable=False, low=1),
        _people("killed_low", "Fewest killed, by the claims that stand; null without a claim."),
        _people("killed_best", "The figure that the claims best support."),
        _people("killed_high", "Most killed, by the claims that stand."),
        _people("wounded_low", "Fewest wounded, by the claims that stand; null without a claim."),
        _people("wounded_best", "The figure that the claims best support."),
        _people("wounded_high", "Most wounded, by the claims that stand."),
        Column(
            "sources_disagree",
            pa.bool_(),
            "Whether two claims on it cannot both hold (claim_conflicts).",
            nullable=False,
        ),
    ),
    key=("incident_id",),
    intervals=(
        ("date_start", "date_end"),
        ("source_count", "article_count"),
        ("killed_low", "killed_best"),
        ("killed_best", "killed_high"),
        ("wounded_low", "wounded_best"),
        ("wounded_best", "wounded_high"),
    ),
)
