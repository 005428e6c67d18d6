"""incidents: figures and dates that hang together; what their events say is checked in relations."""

from expectations.check import Check, never
from expectations.structure import structural
from schemas.incidents import INCIDENTS

CHECKS: tuple[Check, ...] = (
    *structural(INCIDENTS),
    never(
        INCIDENTS,
        "date_is_whole",
        "(date_start is null) <> (date_end is null) or (date_start is null) <> (date_precision is null)",
        "A date has two ends and a precision.",
        column="date_start",
    ),
    *(
        never(
            INCIDENTS,
            "bounds_have_a_best",
            f"{kind}_best is null and coalesce({kind}_low, {kind}_high) is not null",
            f"Where something is known of the {kind}, one figure is best.",
            column=f"{kind}_best",
        )
        for kind in ("killed", "wounded")
    ),
)
