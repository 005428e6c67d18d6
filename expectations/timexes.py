"""timexes: TIMEX3 values that are values, and intervals that follow from them."""

from expectations.check import CRITICAL, Check, at_most, hashed, never
from expectations.structure import structural
from schemas.timexes import TIMEXES

YEAR = r"\b(1[89]\d\d|20\d\d)\b"
CLOCK = r"(?i)\d{4} ?(gmt|local|hours|hrs|est|edt|utc|z\b)"  # "1800 GMT" is an hour
HAS_YEAR = f"value is not null and regexp_matches(text, '{YEAR}') and not regexp_matches(text, '{CLOCK}')"
NUMBERS = "list_transform(regexp_extract_all(text, '\\d+'), lambda part: try_cast(part as integer))"
# a day of a text with more numbers than the year: "New Year's Eve 2016" has no 31
OTHER_DATE = (
    f"not contains(value, regexp_extract(text, '{YEAR}')) or (regexp_full_match(value, '\\d{{4}}-\\d\\d-\\d\\d') "
    f"and len({NUMBERS}) > 1 and not list_contains({NUMBERS}, day(date_start)))"
)
MAX_OTHER_DATE_SHARE = (
    0.1  # of expressions that name a year; 0 of 1,311 real ones have another year or day in their value
)
MAX_UNVALUED_SHARE = 0.5  # of expressions; vague ones have no value, but most have

CHECKS: tuple[Check, ...] = (
    *structural(TIMEXES),
    hashed(TIMEXES, "document_id", "start_char", "end_char"),
    never(
        TIMEXES,
        "no_interval_of_length",
        "timex_type in ('DURATION', 'SET') and date_start is not null",
        "A duration or set has no place in the calendar.",
        column="date_start",
    ),
    never(
        TIMEXES,
        "no_interval_in_open_year",
        "value like 'XXXX%' and date_start is not null",
        "An open year leaves the interval open.",
        column="date_start",
    ),
    never(
        TIMEXES,
        "interval_has_precision",
        "(date_start is null) <> (date_precision is null) or (date_start is null) <> (date_end is null)",
        "An interval has two ends and a precision.",
        column="date_precision",
    ),
    never(
        TIMEXES,
        "day_matches_value",
        "regexp_full_match(value, '\\d{4}-\\d\\d-\\d\\d') and date_start is distinct from try_cast(value as date)",
        "A day's interval is that day.",
        column="date_start",
    ),
    never(
        TIMEXES,
        "year_matches_value",
        "regexp_full_match(value, '\\d{4}') and year(date_start) is distinct from try_cast(value as integer)",
        "A year's interval begins in that year.",
        column="date_start",
    ),
    at_most(
        TIMEXES,
        "dates_in_words",
        OTHER_DATE,
        MAX_OTHER_DATE_SHARE,
        "The year and day that the words name are in the value.",
        of=HAS_YEAR,
        severity=CRITICAL,
    ),
    at_most(
        TIMEXES, "mostly_valued", "value is null", MAX_UNVALUED_SHARE, "Most expressions have a value.", least_rows=50
    ),
)
