"""claim_conflicts: claims on one incident that cannot both hold."""

import pyarrow as pa

from schemas.codes import CASUALTY_KINDS
from schemas.columns import ID_PATTERN, INCIDENT_ID
from schemas.table import Column, Table


def _claim(name: str, description: str) -> Column:
    return Column(
        name, pa.string(), description, nullable=False, pattern=ID_PATTERN, references="casualties.casualty_id"
    )


CLAIM_CONFLICTS = Table(
    name="claim_conflicts",
    stage="link",
    row_is="one pair of claims on one incident that cannot both hold",
    columns=(
        INCIDENT_ID,
        _claim("casualty_id", "The claim with the smaller id."),
        _claim("other_id", "The other claim."),
        Column("kind", pa.string(), "What both count.", nullable=False, codes=CASUALTY_KINDS),
    ),
    key=("incident_id", "casualty_id", "other_id"),
)
