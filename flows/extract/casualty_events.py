"""Which event cost the people that a casualty counts."""

from bisect import bisect_left
from collections.abc import Sequence

from flows.extract.casualties import Casualty
from flows.extract.circumstances import sentence_bounds
from flows.extract.event_status import DENIED, HAPPENED, ONGOING
from flows.extract.events import Event
from flows.extract.reading import Reading

# A sentence or two. Of 22 ties to an attack told further off, read on news of all kinds, 6 were right: earthquakes and other days'
# killings were tied to the one attack that the page names.
BESIDE_CHARS = 250
COSTLY = frozenset({"ASSAULT", "COERCE", "PROTEST", "RETREAT", "MOBILIZE"})


def event_of_each_casualty(reading: Reading, events: list[Event]) -> list[Event | None]:
    """For each of reading.casualties, the event that cost those people, None if the text ties it to none.

    The event told of nearest to the count in its sentence; else the only attack of the whole document, if it is told of right
    before or behind that sentence; else None.
    Killed and wounded of one clause thus share their event. Only events that can cost people count.
    """
    costly = [event for event in events if event.plover in COSTLY and event.status in (HAPPENED, ONGOING, DENIED)]
    spans = sorted(
        (start, end, at)
        for at, event in enumerate(costly)
        for start, end in ((event.start_char, event.end_char), *event.further_mentions)
    )
    attacks = [event for event in costly if event.plover == "ASSAULT"]
    longest = max((end - start for start, end, _ in spans), default=0)
    found: list[Event | None] = []
    for casualty in reading.casualties:
        low, high = sentence_bounds(reading, casualty.start_char, casualty.end_char)
        near = [
            (costly[at].plover != "ASSAULT", max(start - casualty.end_char, casualty.start_char - end, 0), at)
            for start, end, at in spans[bisect_left(spans, (low - longest,)) : bisect_left(spans, (high,))]
            if low < end and (casualty.kind != "captured" or costly[at].plover in ("COERCE", "ASSAULT"))
        ]
        if near:
            found.append(costly[min(near)[2]])
        else:
            found.append(_only_one(attacks, casualty))
    return found


def _only_one(attacks: Sequence[Event], casualty: Casualty) -> Event | None:
    """The document's single attack, if the count's dates allow it and it is a count of dead or wounded."""
    if len(attacks) != 1 or casualty.kind not in ("killed", "wounded"):
        return None
    told = ((attacks[0].start_char, attacks[0].end_char), *attacks[0].further_mentions)
    if all(max(start - casualty.end_char, casualty.start_char - end) > BESIDE_CHARS for start, end in told):
        return None
    start, end = attacks[0].date_start, attacks[0].date_end or attacks[0].date_start
    if casualty.date_start and start and end:
        apart = end < casualty.date_start or (casualty.date_end or casualty.date_start) < start
        return None if apart else attacks[0]
    return attacks[0]
