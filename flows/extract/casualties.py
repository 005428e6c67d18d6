"""casualties: counts of people killed, wounded, missing, captured or displaced, as claimed."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Span, Token

from flows.extract.casualty_backdrop import Backdrop
from flows.extract.casualty_claims import claimant_of
from flows.extract.casualty_counts import Count, hedged, offsets_of, read_counts
from flows.extract.casualty_grammar import FATALLY
from flows.extract.casualty_links import Link, links_of
from flows.extract.casualty_sides import is_of_population, population_of, side_of
from flows.extract.casualty_singles import NATURAL, is_at_violence, is_known, is_natural, is_open, lived, needs_violence
from flows.extract.casualty_vocabulary import may_tell
from flows.extract.circumstances import (
    PLACE_TYPES,
    Interval,
    between,
    dated,
    fresh,
    head_of,
    sentence_bounds,
    where,
    words,
)
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading


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
        count_start_char: where the number's own words begin; None for a single victim without a number.
        count_end_char: where they end, exclusive.
        hedge_start_char: where the words that make the qualifier begin ("at least", "feared"); None without any.
        hedge_end_char: where they end, exclusive.
        trigger_start_char: where the word begins that tells what befell them; it may stand before or behind the evidence.
        trigger_end_char: where it ends, exclusive.
        rule: the pattern that tied them to it, one of schemas.codes.CASUALTY_RULES.
    """

    start_char: int
    end_char: int
    kind: str
    low: int | None
    high: int | None
    qualifier: str
    trigger_start_char: int
    trigger_end_char: int
    rule: str
    count_start_char: int | None = None
    count_end_char: int | None = None
    hedge_start_char: int | None = None
    hedge_end_char: int | None = None
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
    """Every claimed count, in order.

    A headline, subhead or caption that only repeats a figure of the body adds no row. A plural without a number
    ("soldiers were killed") is no count; a single victim is ("a policeman was shot dead" is 1).
    """
    found: dict[tuple[int, int, str, int | None, int | None], tuple[str, Casualty]] = {}
    carried: _Carried | None = None
    running: Interval | None = None
    singles: set[str] = set()
    backdrop = Backdrop(reading)
    heading: Mention | None = None
    earlier: tuple[Link, Casualty] | None = None
    for at, paragraph in enumerate(reading.paragraphs):
        heading = _heading(reading, paragraph, heading)
        if carried is None and not may_tell(paragraph.doc):
            continue
        counts = read_counts(paragraph.doc, _barred(reading, paragraph))
        links = links_of(paragraph.doc, counts, _persons(reading, paragraph))
        listed = not links and carried is not None
        if carried is not None and listed:
            links = _listed(paragraph, counts, carried)
        head, carried = carried, _carry(paragraph, links, carried)
        one_died = any(link.count is None and link.trigger.lemma_ in NATURAL for link in links)
        violent = one_died and is_at_violence(reading, at)
        read: Counter[int] = Counter()
        for link in links:
            read[link.victim.sent.start] += 1
            if read[link.victim.sent.start] > MAX_IN_SENTENCE:
                continue
            if link.count is None and (is_natural(link) or (not violent and link.trigger.lemma_ in NATURAL)):
                continue
            if _is_rate(link) or (is_open(link) and not lived(backdrop, at, link)):
                continue
            if needs_violence(link) and (backdrop.is_sport or not is_at_violence(reading, at)):
                continue
            if link.kind in singles and is_known(link):
                continue
            if link.count is None:
                singles.add(link.kind)
            casualty = _casualty(reading, paragraph, link, backdrop)
            if listed and head is not None:
                casualty = _with_head(casualty, head)
            if heading is not None and casualty.place is None:
                casualty = _at_heading(reading, casualty, heading, backdrop)
            if casualty.date_start is None and (listed or _is_running(link)):
                casualty = _with_date(casualty, running)
            elif casualty.date_start is not None and _is_open_since(reading, casualty):
                running = _interval_of(casualty)
            if earlier is not None and casualty.side is None and _shares_side(*earlier, link):
                casualty = replace(casualty, side=earlier[1].side)
            earlier = (link, casualty)
            key = (casualty.start_char, casualty.end_char, casualty.kind, casualty.low, casualty.high)
            found.setdefault(key, (paragraph.label, casualty))
    rows = sorted(found.values(), key=lambda row: (row[1].start_char, row[1].end_char, row[1].kind))
    told = {(row.kind, row.low, row.high) for label, row in rows if label == "body"}
    kept = [row for label, row in rows if label == "body" or (row.kind, row.low, row.high) not in told]
    return _without_totals_shot(reading, kept)


def _without_totals_shot(reading: Reading, rows: list[Casualty]) -> list[Casualty]:
    """Without "five people were shot" where some of the five died: those are neither five wounded nor five killed.

    That is so where the sentence goes on to tell of fewer killed ("one fatally"), or where the page's killed and wounded
    add up to it.
    """
    killed = [row for row in rows if row.kind == "killed" and row.low]
    sums = {
        (dead.low or 0) + (hurt.low or 0)
        for dead in {row.low: row for row in killed}.values()
        for hurt in {row.low: row for row in rows if row.kind == "wounded" and not _is_shot(reading, row)}.values()
    }
    found = []
    for row in rows:
        if row.low is not None and row.low > 1 and _is_shot(reading, row):
            _, end = sentence_bounds(reading, row.start_char, row.end_char)
            part = any(row.end_char <= dead.start_char < end and (dead.low or 0) < row.low for dead in killed)
            if part or row.low in sums:
                continue
        found.append(row)
    return found


def _is_shot(reading: Reading, row: Casualty) -> bool:
    return row.kind == "wounded" and reading.page.text[row.trigger_start_char : row.trigger_end_char].lower() == "shot"


MAX_IN_SENTENCE = 30  # counts read of one sentence by the parse; each is weighed against the whole of it


def _barred(reading: Reading, paragraph: Paragraph) -> list[tuple[int, int]]:
    """Stretches of the paragraph, in its own offsets, whose numbers count no people: times, and names."""
    stretches = [
        (fact.start_char - paragraph.start_char, fact.end_char - paragraph.start_char)
        for facts in (reading.timexes, reading.mentions)
        for fact in between(facts, paragraph.start_char, paragraph.end_char)
        if not isinstance(fact, Mention) or fact.entity_type in NAMES
    ]
    return sorted(stretches)


def _persons(reading: Reading, paragraph: Paragraph) -> frozenset[int]:
    """The paragraph's tokens that names of persons end in or hang on."""
    names = [
        m for m in between(reading.mentions, paragraph.start_char, paragraph.end_char) if m.entity_type == "PERSON"
    ]
    heads = (head_of(paragraph, name.start_char, name.end_char) for name in names)
    return frozenset(head.i for head in heads if head is not None)


NAMES = ("PERSON", "ORG", "FAC", "EVENT")


def _is_rate(link: Link) -> bool:
    """Whether the count is one of so many a day: no happening cost these."""
    if link.count is None:
        return False
    doc = link.victim.doc
    sentence = link.victim.sent
    behind = [t.lower_ for t in doc[link.victim.i + 1 : link.victim.i + 3]]
    ahead = [t.lower_ for t in sentence[:2]]
    return (
        behind[:1] in (["per"], ["every"], ["each"], ["daily"])
        or (len(behind) > 1 and behind[0] in ("a", "an") and behind[1] in UNITS_OF_TIME)
        or (len(ahead) > 1 and ahead[0] in ("every", "each") and ahead[1] in UNITS_OF_TIME)
    )


UNITS_OF_TIME = words("second minute hour day night week month year")


def _is_running(link: Link) -> bool:
    """Whether the figure adds up over time: a toll, a line that names one ("Wounded: 40"), or a figure "so far"."""
    doc, after = link.trigger.doc, link.trigger.i + 1
    colon = after < len(doc) and doc[after].lower_ == ":"
    return colon or link.trigger.lower_ in RUNNING or "so far" in _sentence_near(link.trigger).text


def _is_open_since(reading: Reading, casualty: Casualty) -> bool:
    """Whether the row's dates run from a "since" to the day of publication."""
    return casualty.date_end == reading.page.published_on and casualty.date_start != casualty.date_end


def _interval_of(casualty: Casualty) -> Interval | None:
    if casualty.date_start is None or casualty.date_end is None:
        return None
    precision = casualty.date_precision or "unknown"
    return Interval(casualty.date_start, casualty.date_end, precision, casualty.timex_start_char)


def _with_date(casualty: Casualty, interval: Interval | None) -> Casualty:
    if interval is None:
        return casualty
    return replace(
        casualty,
        date_start=interval.start,
        date_end=interval.end,
        date_precision=interval.precision,
        timex_start_char=interval.timex_start_char,
    )


def _shares_side(earlier: Link, casualty: Casualty, link: Link) -> bool:
    """Whether victims without a side of their own are of the earlier ones': a part of them, or "another", "30 more"."""
    first = link.count.first if link.count else link.victim.i
    if casualty.side is None:
        return False
    if earlier.victim.doc is not link.victim.doc or earlier.victim.sent.start != link.victim.sent.start:
        # "three people died ... Another 30 people were hurt", a sentence or two on
        alike = is_of_population(earlier.victim) and is_of_population(link.victim)
        return (
            alike
            and link.count is not None
            and any(t.lower_ in FURTHER for t in link.victim.doc[max(first - 1, 0) : link.victim.i + 1])
        )
    between = [t.lower_ for t in link.victim.doc[earlier.victim.i + 1 : first]]
    part = len(between) <= LIST_LINE and ("including" in between or "among" in between)
    elided = link.victim.pos_ == "NUM" or link.victim.lower_ in ("another", "others", "more", "other")
    return part or elided


FURTHER = words("another more further other others")


def _heading(reading: Reading, paragraph: Paragraph, heading: Mention | None) -> Mention | None:
    """The place that a line names by itself, above the lines of figures of that place; a longer text ends its reach."""
    names = between(reading.mentions, paragraph.start_char, paragraph.end_char)
    words_here = sum(not t.is_space for t in paragraph.doc)
    if len(names) == 1 and names[0].entity_type in PLACE_TYPES:
        rest = paragraph.doc.text.replace(reading.page.text[names[0].start_char : names[0].end_char], "", 1)
        if not any(
            c.isalnum() for c in rest.lower().removeprefix("in ").removeprefix("occupied ").removeprefix("the ")
        ):
            return names[0]
    return heading if words_here <= FIGURE_LINE else None


FIGURE_LINE = 14  # words; a longer paragraph is text, no line of figures


def _at_heading(reading: Reading, casualty: Casualty, heading: Mention, backdrop: Backdrop) -> Casualty:
    """The row of a line of figures, with the place that its heading names and the side of the people there."""
    place = reading.page.text[heading.start_char : heading.end_char]
    return replace(
        casualty,
        place=place,
        place_start_char=heading.start_char,
        place_end_char=heading.end_char,
        side=casualty.side or backdrop.people_at(place),
    )


@dataclass(frozen=True)
class _Carried:
    """A kind that a line hands on to the lines of a list behind it: "Killed: at least 20, including:"."""

    kind: str
    qualifier: str
    trigger: tuple[int, int]  # where the word that tells the kind stands on the page
    hedge: tuple[int, int] | None  # where the words of the qualifier stand


def _with_head(casualty: Casualty, head: _Carried) -> Casualty:
    """The row of a list's line, with the words of the list's head that tell its kind and hedge its figure."""
    start, end = head.trigger
    casualty = replace(casualty, trigger_start_char=start, trigger_end_char=end)
    if head.hedge is not None and casualty.hedge_start_char is None and casualty.qualifier == head.qualifier:
        casualty = replace(casualty, hedge_start_char=head.hedge[0], hedge_end_char=head.hedge[1])
    return casualty


def _carry(paragraph: Paragraph, links: list[Link], carried: _Carried | None) -> _Carried | None:
    said = [t.lower_ for t in paragraph.doc if not t.is_space]
    if links and said and said[-1] == ":":
        qualifier = {"at least": "at_least", "more than": "more_than"}.get(" ".join(said[-3:-1]), "exact")
        start = paragraph.start_char
        trigger = offsets_of(links[-1].trigger)
        hedge = None
        if qualifier != "exact":
            first, last = [offsets_of(t) for t in paragraph.doc if not t.is_space][-3:-1]
            hedge = (start + first[0], start + last[1])
        return _Carried(links[-1].kind, qualifier, (start + trigger[0], start + trigger[1]), hedge)
    if carried is not None and links and len(said) <= LIST_LINE:
        return carried
    return None


LIST_LINE = 8  # words; a longer line is no item of a list of counts


def _listed(paragraph: Paragraph, counts: list[Count], carried: _Carried) -> list[Link]:
    """The count that a line of a list begins with, as of the kind that the list's head names."""
    doc = paragraph.doc
    if not counts or counts[0].first != 0 or len(doc) > LIST_LINE:
        return []
    count = counts[0]
    if count.qualifier == "exact":
        low, high, qualifier = hedged(count.low, count.high, carried.qualifier)
        count = replace(count, low=low, high=high, qualifier=qualifier)
    return [Link(carried.kind, doc[len(doc) - 1], doc[len(doc) - 1], count, "list")]


def _casualty(reading: Reading, paragraph: Paragraph, link: Link, backdrop: Backdrop) -> Casualty:
    doc, offset, count = paragraph.doc, paragraph.start_char, link.count
    phrase = _victim_phrase(link)
    indices = [link.trigger.i, link.victim.i]
    if len(phrase):
        indices += [phrase.start, phrase.end - 1]
    if count is not None:
        indices += [count.first, count.last - 1]
    sentence = (doc[count.first] if count is not None else link.victim).sent
    indices += _completed(link.trigger)
    # a parse that runs over the sentence's end does not widen the evidence
    indices = [i for i in indices if sentence.start <= i < sentence.end]
    evidence = doc[min(indices) : max(indices) + 1]
    start, end = offset + evidence.start_char, offset + evidence.end_char
    low, high, qualifier = (count.low, count.high, count.qualifier) if count else (1, 1, "exact")
    figure, hedge = (count.figure, count.hedge) if count else (None, None)
    if link.fear is not None:
        qualifier, hedge = "feared", offsets_of(link.fear)
    trigger = offsets_of(link.trigger)
    place = where(reading, start, end)
    casualty = Casualty(
        start_char=start,
        end_char=end,
        kind=link.kind,
        low=low,
        high=high,
        qualifier=qualifier,
        trigger_start_char=offset + trigger[0],
        trigger_end_char=offset + trigger[1],
        rule=link.rule,
        count_start_char=offset + figure[0] if figure else None,
        count_end_char=offset + figure[1] if figure else None,
        hedge_start_char=offset + hedge[0] if hedge else None,
        hedge_end_char=offset + hedge[1] if hedge else None,
        victims=phrase.text.strip() or None,
        side=side_of(reading, paragraph, link) or population_of(reading, link, place, backdrop),
        place=reading.page.text[place.start_char : place.end_char] if place else None,
        place_start_char=place.start_char if place else None,
        place_end_char=place.end_char if place else None,
        attributed_to=claimant_of(reading, start, end, link.trigger),
    )
    return _with_date(casualty, _date_of(reading, link, start, end))


def _completed(trigger: Token) -> list[int]:
    """The words that finish what the trigger says: "shot dead", "fatally wounded", "beaten to death", "lost their lives"."""
    doc, after = trigger.doc, trigger.i + 1
    if trigger.i and trigger.nbor(-1).lower_ in FATALLY:
        return [trigger.i - 1]
    said = [t.lower_ for t in doc[after : after + 2]]
    if said[:1] and said[0] in ("dead", "hostage", "prisoner", "captive", "missing", "homeless"):
        return [after]
    if said == ["to", "death"] or (len(said) > 1 and said[1] in ("life", "lives") and trigger.lemma_ == "lose"):
        return [after + 1]
    return []


def _date_of(reading: Reading, link: Link, start: int, end: int) -> Interval | None:
    """The days of the count: its sentence's, else, for what is no running total and no history, those the page implies."""
    own = dated(reading, start, end)
    if own is not None:
        return own
    sentence = _sentence_near(link.trigger)
    if link.trigger.lower_ in RUNNING or any(t.lemma_.lower() in LONG for t in sentence) or "so far" in sentence.text:
        return None
    count = link.count
    if count is not None and (count.low or count.high or 0) >= TOO_MANY_FOR_A_DAY:
        return None
    return fresh(reading, start, end)


def _sentence_near(token: Token) -> Span:
    """The token's sentence; of one that runs on without end, the part around the token."""
    sentence = token.sent
    return token.doc[max(sentence.start, token.i - MAX_SENTENCE) : min(sentence.end, token.i + MAX_SENTENCE)]


MAX_SENTENCE = 80  # tokens to either side; written sentences are shorter, and a page of one sentence stays linear

RUNNING = words("toll number tally refugee refugees")  # figures that add up over time
# a sentence that speaks of one of these counts over a stretch, or tells history
LONG = words(
    "war conflict crisis insurgency insurrection uprising genocide campaign occupation dictatorship regime famine "
    "year decade century history since previous previously ago former late"
)
TOO_MANY_FOR_A_DAY = 5000  # people; an undated larger figure sums up a war or a year as a rule


def _victim_phrase(link: Link) -> Span:
    """The words for the victims without their number: "Turkish soldiers" of "34 Turkish soldiers"."""
    doc, noun, count = link.victim.doc, link.victim, link.count
    if count is None:
        first = max(noun.left_edge.i, noun.i - LIST_LINE)
        return doc[first : noun.i + 1]
    if noun.i >= count.last:
        return doc[count.last : noun.i + 1]
    return doc[count.last : count.last]
