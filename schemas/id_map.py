"""id_map: ids of stories and incidents that a later release replaced."""

import pyarrow as pa

from schemas.codes import MAPPED_KINDS
from schemas.columns import ID_PATTERN, id_column
from schemas.table import Column, Table

ID_MAP = Table(
    name="id_map",
    stage="release",
    row_is="one id of an earlier release that this one no longer has, and what stands in its place",
    columns=(
        id_column("old_id", "The id that is no more."),
        Column(
            "new_id",
            pa.string(),
            "The story or incident of this release that holds most of what it held; null if nothing is left of it.",
            pattern=ID_PATTERN,
        ),
        Column("kind", pa.string(), "What it was the id of.", nullable=False, codes=MAPPED_KINDS),
        Column(
            "since_version",
            pa.string(),
            "The first release without it.",
            nullable=False,
            pattern="[0-9]+[.][0-9]+[.][0-9]+",
        ),
    ),
    key=("old_id",),
)
