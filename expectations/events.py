"""events: typed, dated where the text dates them, and not from the future."""

from expectations.check import WARNING, Check, at_most, hashed, never
from expectations.structure import structural
from schemas.events import EVENTS

MAX_ONE_ROOT_SHARE = 0.6  # of events of one PLOVER root; on the sample pages the commonest has under a third

# The words from the trigger's first to its last.
STATED = "substring(text, trigger_start_char - start_char + 1, trigger_end_char - trigger_start_char)"

CHECKS: tuple[Check, ...] = (
    *structural(EVENTS),
    hashed(EVENTS, "document_id", "start_char", "end_char", "plover", "trigger", "separately_with"),
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
    never(
        EVENTS,
        "trigger_stands_there",
        "trigger_start_char < start_char or trigger_end_char > end_char "
        f"or not starts_with({STATED}, string_split(trigger, ' ')[1]) or not ends_with({STATED}, string_split(trigger, ' ')[-1])",
        "The trigger's offsets lie in the evidence, from its first word to its last.",
        column="trigger_start_char",
    ),
    never(EVENTS, "rule_is_named", "trim(rule) = ''", "A row says what made it.", column="rule"),
    never(
        EVENTS,
        "date_has_basis",
        "(date_start is null) <> (date_basis is null)",
        "A date says whose words give it.",
        column="date_basis",
    ),
    never(
        EVENTS,
        "basis_has_words",
        "date_basis <> 'report' and timex_id is null",
        "A date that words give names the time expression.",
        column="timex_id",
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
