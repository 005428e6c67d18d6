"""casualties: figures that hang together."""

from expectations.check import CRITICAL, WARNING, Check, at_most, hashed, never
from expectations.structure import structural
from schemas.casualties import CASUALTIES

MOST_PEOPLE = 100_000_000  # more than any war has killed or displaced: a misread number
UNUSUAL_KILLED = 2_000_000  # few conflicts in living memory are said to have cost more: look before it is believed

# A figure in digits is read against its own words. The digits of a claim strung together are never less than a number
# among them, however it groups its thousands; words that multiply are left out. 0 of 129 real claims are above.
MULTIPLIERS = r"(?i)hundred|thousand|million|billion|trillion|dozen|score|lakh|crore|\bml?n\b|\bbn\b|\d\s?[kmb]\b"
DIGITS_ALONE = f"regexp_matches(text, '\\d') and not regexp_matches(text, '{MULTIPLIERS}')"
ABOVE_ITS_DIGITS = f"{DIGITS_ALONE} and coalesce(high, low) > try_cast(regexp_replace(text, '\\D', '', 'g') as hugeint)"
# Words that go with one kind and not the other; a claim that has only the other kind's is filed under the wrong one.
# 0 of 330 real claims are.
DEATH = (
    r"(?i)kill|dead|\bdie|dying|death|slain|murder|massacr|execut|assassin|lives|toll|bod(y|ies)|fatal|corpse|perish"
)
HURT = r"(?i)wound|injur|hurt|maim"
OTHER_KINDS_WORDS = (
    f"case kind when 'killed' then regexp_matches(text, '{HURT}') and not regexp_matches(text, '{DEATH}') "
    f"when 'wounded' then regexp_matches(text, '{DEATH}') and not regexp_matches(text, '{HURT}') end"
)
MAX_AGAINST_WORDS_SHARE = 0.1  # of claims that can be compared: no odd page does that, a broken rule does

CHECKS: tuple[Check, ...] = (
    *structural(CASUALTIES),
    hashed(
        CASUALTIES,
        *("document_id", "start_char", "end_char", "kind"),
        *(f"coalesce(nullif({bound}, 0)::varchar, '')" for bound in ("low", "high")),
    ),
    never(
        CASUALTIES,
        "figure_in_words",
        ABOVE_ITS_DIGITS,
        "A figure is not above all digits of its words: it is one of them.",
        column="low",
        severity=WARNING,
    ),
    at_most(
        CASUALTIES,
        "figures_in_words",
        ABOVE_ITS_DIGITS,
        MAX_AGAINST_WORDS_SHARE,
        "Figures are those of their words.",
        of=DIGITS_ALONE,
        severity=CRITICAL,
    ),
    at_most(
        CASUALTIES,
        "kinds_in_words",
        OTHER_KINDS_WORDS,
        MAX_AGAINST_WORDS_SHARE,
        "Claims of killed and wounded are told in words of that kind.",
        of="kind in ('killed', 'wounded')",
        severity=CRITICAL,
    ),
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
        "hedge_in_words",
        "(hedge_start_char is not null) <> (qualifier in ('at_least', 'more_than', 'up_to', 'about', 'feared'))",
        "A hedge stands in the text; a plain figure, a range and a vague word have none.",
        column="hedge_start_char",
    ),
    never(
        CASUALTIES,
        "number_or_single",
        "count_start_char is null and (low is distinct from 1 or high is distinct from 1)",
        "A figure has a number in the text, but for a single victim, who counts as one.",
        column="count_start_char",
    ),
    never(
        CASUALTIES,
        "victims_in_words",
        "not contains(text, victims)",
        "Victims are worded as the evidence words them.",
        column="victims",
    ),
    never(
        CASUALTIES,
        "date_is_whole",
        "(date_start is null) <> (date_end is null) or (date_start is null) <> (date_precision is null)",
        "A date has two ends and a precision.",
        column="date_start",
    ),
)
