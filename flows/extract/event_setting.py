"""When an event was, and whether it is history that the report recalls."""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import islice

from flows.extract.circumstances import when
from flows.extract.event_roles import SAYABLE
from flows.extract.reading import Paragraph, Reading
from flows.extract.timexes import Timex

LEAD_PARAGRAPHS = 2  # body paragraphs that tell the news itself
NEWS_DAYS = 14  # what lies farther back than that is history that the report recalls


def leads(reading: Reading, paragraph: Paragraph) -> bool:
    """Whether the paragraph is one of the first of the body."""
    bodies = [p.start_char for p in islice((p for p in reading.paragraphs if p.label == "body"), LEAD_PARAGRAPHS)]
    return paragraph.start_char in bodies


def timex_of(reading: Reading, plover: str, start: int, end: int) -> Timex | None:
    """The time expression that dates the words from `start` to `end`, which state an event with root `plover`."""
    found = when(reading, start, end)
    if found is None and plover in SAYABLE:
        # the day of the statement is the day of what is done by stating it
        at = bisect_right(reading.sentences, start, key=lambda s: s.start_char) - 1
        if at >= 0:
            sentence = reading.sentences[at]
            inside = [
                t for t in reading.timexes if t.date_start and sentence.start_char <= t.start_char < sentence.end_char
            ]
            if len(inside) == 1:
                return inside[0]
    return found


def is_background(reading: Reading, last: date | None, precision: str | None) -> bool:
    """Whether an event whose last day and precision these are is history to the report."""
    if last is None:
        return False
    published = reading.page.published_on
    if published is None:
        return precision in ("year", "decade")
    return last < published - timedelta(days=NEWS_DAYS)
