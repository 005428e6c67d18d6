"""When an event was, and whether it is history that the report recalls."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from spacy.tokens import Token

from flows.extract.circumstances import (
    HAPPENINGS,
    HEAD_PARAGRAPHS,
    JOINED_CLAUSE,
    NEWS_AGE,
    Interval,
    between,
    clause_of,
    goes_with_saying,
    happening_above,
    head_of,
    interval_of,
    is_stamp,
    paragraph_at,
    when_tied,
    words,
)
from flows.extract.event_merging import SURE_ATTACKS, Candidate
from flows.extract.event_roles import SAYABLE
from flows.extract.event_status import PLANNED, is_perfect
from flows.extract.reading import Paragraph, Reading
from flows.extract.timexes import Timex

LEAD_PARAGRAPHS = 2  # body paragraphs that tell the news itself
NEWS_DAYS = 14  # what lies farther back than that is history that the report recalls
NEWS = timedelta(days=NEWS_DAYS)

CLAUSE, MENTION, SENTENCE, STORY, REPORT = "clause", "mention", "sentence", "story", "report"


@dataclass(frozen=True)
class Dating:
    """When an event was, and what says so.

    Attributes:
        days: first and last day, precision, and where the time expression behind them begins.
        basis: clause (its own), mention (of the clause of a further mention), sentence (its sentence's), story (the day
            that the report tells of around it), report (the day of publication).
    """

    days: Interval
    basis: str


@dataclass(frozen=True)
class ToldDay:
    """A day that the report tells of: where, in which sentence, and whether something happened then or came after it."""

    start_char: int
    sentence: int
    days: Interval
    is_scene: bool
    is_aftermath: bool


def leads(reading: Reading, paragraph: Paragraph) -> bool:
    """Whether the paragraph is one of the first of the body."""
    bodies = [p.start_char for p in islice((p for p in reading.paragraphs if p.label == "body"), LEAD_PARAGRAPHS)]
    return paragraph.start_char in bodies


def timex_of(reading: Reading, plover: str, start: int, end: int) -> tuple[Timex | None, bool]:
    """The time expression that dates the words from `start` to `end`, which state an event with root `plover`.

    With it, whether it stands in the clause of those words or in one joined to it.
    """
    found = when_tied(reading, start, end)
    if found is not None:
        return found[0], found[1] <= JOINED_CLAUSE
    if plover in SAYABLE:
        # the day of the statement is the day of what is done by stating it
        at = sentence_at(reading, start)
        if at >= 0:
            sentence = reading.sentences[at]
            inside = [t for t in between(reading.timexes, sentence.start_char, sentence.end_char) if t.date_start]
            if len(inside) == 1:
                return inside[0], True
    return None, False


def is_of_another_clause(paragraph: Paragraph, verb: Token, timex: Timex) -> bool:
    """Whether the time is the clause's that the participle only describes someone of: "a girl shot in Lima was stable on Friday"."""
    head = head_of(paragraph, timex.start_char, timex.end_char)
    if head is None or verb.tag_ not in ("VBN", "VBD"):
        return False
    clause = clause_of(head)
    if clause.lemma_ not in STATES:
        return False
    if verb.dep_ == "acl":
        return all(ancestor.i != verb.i for ancestor in head.ancestors)
    # a parse that takes the participle for the verb, and what she was for an addition to it
    bare = not any(c.dep_ in ("nsubj", "nsubjpass", "mark") for c in clause.children)
    return bare and clause.dep_ == "advcl" and clause.head.i == verb.i


def sentence_at(reading: Reading, offset: int) -> int:
    """Which sentence begins last before the offset; -1 before the first."""
    return bisect_right(reading.sentences, offset, key=lambda s: s.start_char) - 1


# What sets the scene: "It happened about 10 p.m. Saturday", "the shooting was reported at noon", "police were called at 2 a.m."
HAPPENING = words("happen occur unfold erupt begin start break report take come fire ring")
CALLING = words("call respond dispatch send arrive receive")
INCIDENTS = HAPPENINGS | words("it incident accident crime violence operation gunfire shot call that this")
UNNAMED = words("it that this")  # subjects of "was reported" for much else
# "the July 2 shooting", "the Aug. 14 shooting death", "was shot on July 2": what a day of violence is called by
ATTACKS = SURE_ATTACKS | words("attack death slaying homicide murder killing")
ATTACKING = words("shoot kill stab murder slay ambush wound")
# How someone fares afterwards; "a man shot in Lima died on Friday" may have been shot on that day
STATES = words("be remain recover improve undergo")
# What comes after it and has days of its own; what the law does is left out before (circumstances.LEGAL)
AFTERMATH = words(
    "release pronounce bury mourn die discharge schedule expect plan hold search file interview update surrender turn "
    "hearing vigil court trial memorial funeral arraignment"
)
# steps of police and courts
LAW = words(
    "arrest charge arraign indict sentence convict plead acquit extradite trial plea court indictment arraignment warrant jury "
    "juror prosecutor hearing guilty conviction"
)
# Of 206 local reports of shootings the oldest crime before a court lay 636 days back, the next 180; one with a wrong day of publication left out.
CASE = timedelta(days=730)
NEAR_VERB = 8  # tokens before a time in which its verb stands, where the parse has lost it


def told_days(reading: Reading) -> list[ToldDay]:
    """The days that the report's body tells of, in order; none where its publication is unknown.

    Any day of the last week; back to NEWS, and to CASE in a report of police and courts, only days of violence.
    """
    published = reading.page.published_on
    if published is None:
        return []
    told = []
    oldest = published - (CASE if tells_of_law(reading) else NEWS)
    for timex in reading.timexes:
        if timex.date_precision != "day" or timex.date_start is None or timex.date_end is None:
            continue
        if not oldest <= timex.date_start <= timex.date_end <= published or is_stamp(reading, timex):
            continue
        paragraph = paragraph_at(reading, timex.start_char)
        head = None if paragraph is None else head_of(paragraph, timex.start_char, timex.end_char)
        days = interval_of(reading, timex)
        if paragraph is None or head is None or days is None or paragraph.label != "body":
            continue
        clause = _told_by(head)
        whole = happening_above(head)
        is_scene = _sets_the_scene(clause) or (whole is not None and whole.lemma_.lower() in ATTACKS)
        if goes_with_saying(head) and not _is_reported(clause):
            continue
        if not (is_scene or published - NEWS_AGE <= timex.date_start):
            continue
        told.append(
            ToldDay(
                timex.start_char,
                sentence_at(reading, timex.start_char),
                days,
                is_scene,
                clause.lemma_.lower() in AFTERMATH,
            )
        )
    return told


def _told_by(head: Token) -> Token:
    """The verb that a time goes with: its clause's, else, in a sentence that the parse cut short, the last one before it."""
    clause = clause_of(head)
    if clause.pos_ in ("VERB", "AUX"):
        return clause
    before = head.doc[max(head.i - NEAR_VERB, 0) : head.i]
    return next((token for token in reversed(before) if token.pos_ == "VERB"), clause)


def _is_reported(clause: Token) -> bool:
    """Whether the clause says when something was called in: "the shooting was reported about noon on Sunday"."""
    return clause.lemma_.lower() == "report" and any(
        c.dep_ == "nsubjpass" and c.lemma_.lower() in INCIDENTS - UNNAMED for c in clause.children
    )


def tells_of_law(reading: Reading) -> bool:
    """Whether the report's head tells of steps of police and courts, so that the crime itself may lie long back."""
    return any(
        token.lemma_.lower() in LAW
        for paragraph in reading.paragraphs[:HEAD_PARAGRAPHS]
        if paragraph.label == "headline" or leads(reading, paragraph)
        for token in paragraph.doc
    )


def _sets_the_scene(clause: Token) -> bool:
    lemma = clause.lemma_.lower()
    if lemma in CALLING or lemma in ATTACKING:
        return True
    subjects = [c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")]
    return any(s.lemma_.lower() in INCIDENTS for s in subjects) and lemma in HAPPENING


# Sentences to either side in which the scene may be set, and the day be told. Reports of one incident set it once.
SCENE_REACH = 15
STORY_REACH = 6
DAYS_AROUND = 40  # told days looked at on either side
HISTORY_REACH = 1
HISTORY_TIMEXES = 10  # looked through for the one that was told last
PAST_TAGS = frozenset({"VBD", "VBN", "VB", "NN", "NNS"})
COARSE = frozenset({"month", "season", "quarter", "year"})
STORY_PARAGRAPHS = 6  # of the body, within which what no day is near is of the report's day


def dating_of(reading: Reading, group: Sequence[Candidate], told: Sequence[ToldDay]) -> Dating | None:
    """When the event of these mentions was: by its own words, else by the story around it. None for what is no news."""
    stated = _stated(reading, group)
    if stated is not None:
        return _narrowed(stated, told) if group[0].plover == "ASSAULT" else stated
    if group[0].status == PLANNED and not group[0].leads:
        return None  # what is to come is not of the day of the report, unless that is its news
    return _of_the_story(reading, group[0], told)


def _stated(reading: Reading, group: Sequence[Candidate]) -> Dating | None:
    for in_clause in (True, False):
        for at, candidate in enumerate(group):
            if candidate.timex is None or candidate.timex_in_clause != in_clause:
                continue
            if at and not in_clause:
                continue
            days = interval_of(reading, candidate.timex, until_now=False)
            published = reading.page.published_on
            if days is not None and not (candidate.status == PLANNED and published and days.end < published):
                return Dating(days, SENTENCE if not in_clause else MENTION if at else CLAUSE)
    return None


def _narrowed(stated: Dating, told: Sequence[ToldDay]) -> Dating:
    """The one day of violence that the report tells of in the months or years stated: "killed in May", "on May 10 he shot"."""
    if stated.days.precision not in COARSE:
        return stated
    scenes = {
        (d.days.start, d.days.end): d.days
        for d in told
        if d.is_scene and stated.days.start <= d.days.start and d.days.end <= stated.days.end
    }
    return Dating(next(iter(scenes.values())), STORY) if len(scenes) == 1 else stated


def with_the_crime(reading: Reading, plovers: Sequence[str], dates: Sequence[Dating | None]) -> list[Dating | None]:
    """The dates; in a report of police and courts an attack without a day of its own is of the one day that others are of.

    "Two were charged with killing a girl. ... They fired on July 17": the killing is not of the day of the charge.
    """
    stated = {
        (d.days.start, d.days.end): d.days
        for plover, d in zip(plovers, dates, strict=True)
        if plover == "ASSAULT"
        and d is not None
        and d.basis in (CLAUSE, MENTION, SENTENCE)
        and d.days.precision == "day"
    }
    if len(stated) != 1 or not tells_of_law(reading):
        return list(dates)
    crime = Dating(next(iter(stated.values())), STORY)
    return [
        crime if plover == "ASSAULT" and (d is None or d.basis == REPORT) else d
        for plover, d in zip(plovers, dates, strict=True)
    ]


def _of_the_story(reading: Reading, first: Candidate, told: Sequence[ToldDay]) -> Dating | None:
    published = reading.page.published_on
    if published is None:
        return None
    # those told far off are out of every reach below; on a page of nothing but days they would be weighed for each event
    at = bisect_left(told, first.start_char, key=lambda d: d.start_char)
    told = told[max(at - DAYS_AROUND, 0) : at + DAYS_AROUND]
    history = _history_before(reading, first, published)
    if history is not None:
        return Dating(history, STORY)
    if first.plover == "ASSAULT":
        scenes = [d for d in told if d.is_scene and abs(d.sentence - first.sentence) <= SCENE_REACH]
        if scenes:
            return Dating(min(scenes, key=lambda d: abs(d.sentence - first.sentence)).days, STORY)
        told = [d for d in told if not d.is_aftermath]
    before = [d for d in told if d.start_char < first.start_char and first.sentence - d.sentence <= STORY_REACH]
    if before:
        return Dating(before[-1].days, STORY)
    after = [d for d in told if d.start_char > first.start_char and d.sentence - first.sentence <= STORY_REACH]
    if after:
        return Dating(after[0].days, STORY)
    head = list(islice((p for p in reading.paragraphs if p.label == "body"), STORY_PARAGRAPHS))
    if head and first.start_char < head[-1].end_char:
        return Dating(Interval(published, published, "day", None), REPORT)
    return None


def _history_before(reading: Reading, first: Candidate, published: date) -> Interval | None:
    """The days long past that the report told of last, if it still does: "They fought in 2014. It ended with a truce"."""
    head = first.match.head
    if first.leads or head.tag_ not in PAST_TAGS or is_perfect(head):
        return None
    at = bisect_left(reading.timexes, first.start_char, key=lambda t: t.start_char)
    for timex in reversed(reading.timexes[max(at - HISTORY_TIMEXES, 0) : at]):
        if first.sentence - sentence_at(reading, timex.start_char) > HISTORY_REACH:
            return None
        if timex.date_end is not None:
            return interval_of(reading, timex) if timex.date_end < published - NEWS else None
    return None


def is_background(reading: Reading, last: date | None, precision: str | None) -> bool:
    """Whether an event whose last day and precision these are is history to the report."""
    if last is None:
        return False
    published = reading.page.published_on
    if published is None:
        return precision in ("year", "decade")
    return last < published - NEWS
