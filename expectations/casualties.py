"""casualties: figures that hang together."""

from expectations.check import WARNING, Check, never
from expectations.structure import structural
from schemas.casualties import CASUALTIES

MOST_PEOPLE = 100_000_000  # more than any war has killed or displaced: a misread number
UNUSUAL_KILLED = 2_000_000  # few conflicts in living memory are said to have cost more: look before it is believed

CHECKS: tuple[Check, ...] = (
    *structural(CASUALTIES),
    never(
        CASUALTIES,
        "possible",
        f"coalesce(high, low) > {MOST_PEOPLE}",
        "No figure is above what any war has cost.",
        column="low",
    ),
    never(
        CASUALTIES,
        "usual",
        f"kind in ('killed', 'wounded') and coalesce(high, low) > {UNUSUAL_KILLED}",
        "Very large tolls are read by eye.",
        column="low",
        severity=WARNING,
    ),
    never(
        CASUALTIES,
        "open_above",
        "qualifier in ('at_least', 'more_than') and (low is null or high is not null)",
        "'At least' and 'more than' bound a figure below only.",
        column="high",
    ),
    never(
        CASUALTIES,
        "open_below",
        "qualifier = 'up_to' and (high is null or low is not null)",
        "'Up to' bounds a figure above only.",
        column="low",
    ),
    never(
        CASUALTIES,
        "closed",
        "qualifier in ('exact', 'about') and (low is null or high is null or low <> high)",
        "A plain or rounded figure is one figure.",
        column="low",
    ),
    never(
        CASUALTIES,
        "range_is_closed",
        "qualifier = 'range' and (low is null or high is null)",
        "A range has two ends.",
        column="low",
    ),
    never(
        CASUALTIES,
        "vague_has_no_figure",
        "qualifier = 'vague' and (low is not null or high is not null)",
        "Dozens, scores and several give no figure.",
        column="low",
    ),
    never(
        CASUALTIES,
        "date_is_whole",
        "(date_start is null) <> (date_end is null) or (date_start is null) <> (date_precision is null)",
        "A date has two ends and a precision.",
        column="date_start",
    ),
)
