"""casualties: counts of people killed, wounded, missing, captured or displaced, as claimed."""

from dataclasses import dataclass
from datetime import date

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Casualty:
    """One claimed count.

    Attributes:
        start_char: offset of the words that state it.
        end_char: offset, exclusive.
        kind: killed, wounded, missing, captured or displaced.
        low: fewest; None if open below.
        high: most; None if open above.
        qualifier: exact, at_least, about, more_than, up_to, range, vague or feared.
        victims: who, as worded.
        side: country or group they belong to.
        date_start: first day it may have been.
        date_end: last day, inclusive.
        date_precision: how fine the date is.
        timex_start_char: start of the time expression that dates it (the timex's key in the document).
        place: where, as worded.
        place_start_char: where those words begin.
        place_end_char: where they end, exclusive.
        attributed_to: who claims it.
    """

    start_char: int
    end_char: int
    kind: str
    low: int | None
    high: int | None
    qualifier: str
    victims: str | None = None
    side: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    date_precision: str | None = None
    timex_start_char: int | None = None
    place: str | None = None
    place_start_char: int | None = None
    place_end_char: int | None = None
    attributed_to: str | None = None


def find_casualties(reading: Reading) -> list[Casualty]:
    """Every claimed count, in order."""
    del reading
    return []
