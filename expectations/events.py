"""events: typed, dated where the text dates them, and not from the future."""

from expectations.check import WARNING, Check, at_most, hashed, never
from expectations.structure import structural
from schemas.events import EVENTS

MAX_ONE_ROOT_SHARE = 0.6  # of events of one PLOVER root; on the sample pages the commonest has under a third

CHECKS: tuple[Check, ...] = (
    *structural(EVENTS),
    hashed(EVENTS, "document_id", "start_char", "end_char", "plover", "trigger"),
    never(
        EVENTS,
        "date_is_whole",
        "(date_start is null) <> (date_end is null) or (date_start is null) <> (date_precision is null)",
        "A date has two ends and a precision.",
        column="date_start",
    ),
    never(
        EVENTS,
        "background_is_past",
        "is_background and status = 'planned'",
        "History is rarely told as planned; look at these.",
        column="is_background",
        severity=WARNING,
    ),
    never(
        EVENTS,
        "trigger_is_evidence",
        "len(list_filter(string_split(lower(trigger), ' '), lambda word: not contains(lower(text), word))) > 0",
        "Every word of the trigger stands in the evidence.",
        column="trigger",
    ),
    *(
        at_most(
            EVENTS,
            f"not_all_{root.lower()}",
            f"plover = '{root}'",
            MAX_ONE_ROOT_SHARE,
            f"Not most events are {root}: a root that takes over is a broken rule.",
            least_rows=100,
        )
        for root in ("ASSAULT", "CONSULT", "ACCUSE")
    ),
)
