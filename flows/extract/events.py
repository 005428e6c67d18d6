"""events: who did what to whom, when and where; event_actors and event_mentions come with them."""

from dataclasses import dataclass
from datetime import date

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Party:
    """A party to an event.

    Attributes:
        role: actor or recipient.
        name: fullest name or description that the document gives.
        start_char: where the words that name it begin; None if it is only implied.
        end_char: where they end, exclusive.
    """

    role: str
    name: str
    start_char: int | None = None
    end_char: int | None = None


@dataclass(frozen=True)
class Event:
    """One event that a document reports.

    Attributes:
        start_char: offset of the words that state it.
        end_char: offset, exclusive.
        plover: PLOVER root.
        mode: PLOVER mode, where the words tell it.
        trigger: the word that states it, as written.
        status: happened, ongoing, planned, called_for or denied.
        is_background: whether it is history that the report recalls.
        confidence: estimated chance that the row is right, 0 to 1.
        parties: actors and recipients.
        further_mentions: (start_char, end_char) of where the document tells of it again.
        date_start: first day it may have been.
        date_end: last day, inclusive.
        date_precision: how fine the date is.
        timex_start_char: start of the time expression that dates it.
        place: where, as worded.
        place_start_char: where those words begin.
        place_end_char: where they end, exclusive.
    """

    start_char: int
    end_char: int
    plover: str
    mode: str | None
    trigger: str
    status: str
    is_background: bool
    confidence: float
    parties: tuple[Party, ...] = ()
    further_mentions: tuple[tuple[int, int], ...] = ()
    date_start: date | None = None
    date_end: date | None = None
    date_precision: str | None = None
    timex_start_char: int | None = None
    place: str | None = None
    place_start_char: int | None = None
    place_end_char: int | None = None


def find_events(reading: Reading) -> list[Event]:
    """Every reported event, in order; two mentions of one event are one row."""
    del reading
    return []


def event_of_each_casualty(reading: Reading, events: list[Event]) -> list[Event | None]:
    """For each of reading.casualties, the event that cost those people, None if the text ties it to none."""
    del events
    return [None] * len(reading.casualties)
