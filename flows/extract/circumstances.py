"""Where and when something in a clause happened: the place and the time expression that the sentence ties to it.

Both answer from the sentence alone. A fact whose sentence gives neither has none: what the page as a whole implies (its
dateline, its day of publication) is for the caller to weigh.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from spacy.tokens import Token

from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.extract.timexes import Timex


def words(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


PLACE_TYPES = frozenset({"GPE", "LOC", "FAC"})

# prepositions that put what happened at their object; "from", "to" and "into" tell of ways, "of" only after a locality
LOCATIVE = words("in at near outside inside around on off along across within throughout over above beside amid")
PARTITIVE = words("of between toward towards")  # "the streets of the city of Gao", "advanced toward the edge of Gao"
COMPASS = words("north south east west northeast northwest southeast southwest")
LOCALITIES = COMPASS | words(
    "town city village capital province region district state area part parts outskirt outskirts suburb suburbs neighborhood "
    "neighbourhood coast shore border island camp port centre center "
    "streets hub enclave strip gate edge heart resort"
)
BETWEEN = words("border frontier road highway line area")  # which may lie between two places; talks and wars do not
# "the regime in Khartoum" acts elsewhere
RULERS = words("regime government authority administration leadership official ministry")

SITES = words(
    "frontline front jail prison airport airfield hospital museum market square university school mosque church station "
    "embassy hotel crossing neighborhood quarter valley peninsula countryside base checkpoint"
)
# what a name before it places: "a Vienna meeting"; not attacks and raids, before which stands who made them ("U.S. raid")
GATHERINGS = words(
    "meeting talk summit conference attack bombing blast siege massacre shooting clash riot airstrike raid conflict war"
)

# what a day or a place can be a part of, besides the clause's verb
HAPPENINGS = GATHERINGS | words(
    "assault strike ambush explosion offensive battle war coup protest rally demonstration election vote visit ceremony killing "
    "murder kidnapping abduction assassination earthquake crash incident deal agreement truce ceasefire arrest statement resolution campaign insurgency intervention invasion "
    "operation exercise hostility fighting death slaying homicide stabbing rampage withdrawal pullout retreat negotiation dialogue"
)

# a time expression on one of these dates the telling, not what is told
SAYING = words(
    "say tell report announce state confirm claim add note declare write tweet post quote warn reveal disclose "
    "acknowledge admit deny estimate allege condemn"
)

# and on one of these the steps of a court and the police: "was charged on Monday in the shooting"
LEGAL = words(
    "arrest charge arraign appear indict sentence convict plead identify sue acquit investigate book jail remand extradite"
)

STATEMENTS = words("statement interview report speech conference briefing broadcast tweet message letter post")

# How far from its words what happened is tied to a place or a day. A sentence is seldom half as long; text without stops
# would weigh every place of 20,000 characters for each count.
REACH_CHARS = 1_000
REACH_TIMEXES = (
    50  # before a happening without a date of its own, among which the last date that was told is looked for
)
MAX_CLIMB = 60  # steps from a word to its clause; only run-on text without punctuation parses deeper


class _Spanned(Protocol):
    @property
    def start_char(self) -> int: ...
    @property
    def end_char(self) -> int: ...


_S = TypeVar("_S", bound=_Spanned)


def when(reading: Reading, start: int, end: int) -> Timex | None:
    """The dated time expression of what the words from `start` to `end` state: its own clause's, else its sentence's.

    An expression that only dates a word of saying ("said on Monday that ...") is not taken: it dates the statement.
    Durations, repeated times and open dates are not taken either. Of two in one clause the nearer one is.
    """
    found = when_tied(reading, start, end)
    return found[0] if found else None


def when_tied(reading: Reading, start: int, end: int) -> tuple[Timex, int] | None:
    """As `when`, with how near its clause is: OWN_CLAUSE, JOINED_CLAUSE or SAME_SENTENCE."""
    paragraph = paragraph_at(reading, start)
    if paragraph is None:
        return None
    low, high = _within_reach(reading, start, end)
    found = [t for t in between(reading.timexes, low, high) if t.date_start is not None and not is_stamp(reading, t)]
    return _tied(paragraph, found, start, end)


def is_stamp(reading: Reading, timex: Timex) -> bool:
    """Whether the expression dates the page and nothing in it: "KABUL (May 3, 2010) -", "Posted: May 3", "Updated at 5:04 p.m."."""
    text, published = reading.page.text, reading.page.published_on
    if published is None or timex.date_start != published or timex.date_end != published:
        return False
    start, end = timex.start_char, timex.end_char
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return True
    return _STAMPED.search(text, max(0, start - STAMP_CHARS), start) is not None


@dataclass(frozen=True)
class Interval:
    """When something happened: first and last day, how fine that is, and the key of the time expression behind it."""

    start: date
    end: date
    precision: str
    timex_start_char: int | None


def dated(reading: Reading, start: int, end: int) -> Interval | None:
    """The days in which what the words from `start` to `end` state happened; None where the sentence does not tell.

    "since April" runs to the day of publication, "between April and June" and "from April to June" from the one to the
    other; any other expression gives its own days.
    """
    timex = when(reading, start, end)
    return None if timex is None else interval_of(reading, timex)


def interval_of(reading: Reading, timex: Timex, *, until_now: bool = True) -> Interval | None:
    """The days that a time expression gives, with the words around it: see `dated`.

    Without `until_now` what went on "since April" has the days of April, in which it began.
    """
    if timex.date_start is None or timex.date_end is None:
        return None
    first, last, precision = timex.date_start, timex.date_end, timex.date_precision or "unknown"
    text, published = reading.page.text, reading.page.published_on
    low, high = _within_reach(reading, timex.start_char, timex.end_char)
    if (
        until_now
        and _SINCE.search(text, max(low, timex.start_char - _LOOK_BACK), timex.start_char)
        and published
        and published >= first
    ):
        return Interval(first, published, precision, timex.start_char)
    timexes = [t for t in between(reading.timexes, low, high) if t.date_start is not None and t.date_end is not None]
    for one, other in pairwise(timexes):
        if timex not in (one, other):
            continue
        opens = _FROM.search(text, max(low, one.start_char - _LOOK_BACK), one.start_char)
        joins = _TO.fullmatch(text, one.end_char, other.start_char)
        if opens and joins and one.date_start and other.date_end and one.date_start <= other.date_end:
            return Interval(one.date_start, other.date_end, precision, one.start_char)
    return Interval(first, last, precision, timex.start_char)


def fresh(reading: Reading, start: int, end: int) -> Interval | None:
    """The days in which something new happened that its own sentence does not date; None where the page leaves it open.

    A report that gives a happening no date of its own tells of the day it last spoke of: the nearest dated expression
    before, if that lies within a week of publication. A sentence that dates the statement alone tells of that day or the
    one before; so does the head of a report before any date, counted from its publication. Whether the thing is new is
    for the caller to know: history told in passing must not be asked for here.
    """
    published = reading.page.published_on
    if published is None:
        return None
    low, high = _within_reach(reading, start, end)
    at = bisect_left(reading.timexes, end, key=lambda t: t.start_char)
    before = reversed(reading.timexes[max(at - REACH_TIMEXES, 0) : at])
    nearest = next((t for t in before if t.date_start is not None and t.date_end is not None), None)
    for timex in between(reading.timexes, low, high):
        if timex.date_start is not None and timex.date_precision == "day":
            return Interval(timex.date_start - REPORTED_WITHIN, timex.date_start, "day", timex.start_char)
    if nearest is None:
        head = reading.paragraphs[min(HEAD_PARAGRAPHS, len(reading.paragraphs)) - 1].end_char
        return Interval(published - REPORTED_WITHIN, published, "day", None) if start < head else None
    first, last = nearest.date_start, nearest.date_end
    if first is None or last is None or not published - NEWS_AGE <= last <= published:
        return None
    if last - first > NEWS_AGE:
        return None
    return Interval(first, last, nearest.date_precision or "day", nearest.start_char)


# Of 2,604 local news reports of shootings .353 told of the day of publication and .303 of the day before.
REPORTED_WITHIN = timedelta(days=1)
NEWS_AGE = timedelta(days=7)
HEAD_PARAGRAPHS = 6  # headline, subhead and captions before it included

_LOOK_BACK = 12  # characters before a time expression in which "since" or "between" can stand
_SINCE = re.compile(r"\bsince\s+(?:the\s+|last\s+)?$", re.IGNORECASE)
STAMP_CHARS = 24  # before a time expression, in which "Posted on" or "Last updated:" can stand
_STAMPED = re.compile(r"\b(?:posted|published|updated|created|modified)(?: on| at)?\s?:?\s{0,2}$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:and|to|until|till|through|[-–—])\s*", re.IGNORECASE)


def where(reading: Reading, start: int, end: int, *, also: frozenset[str] = frozenset()) -> Mention | None:
    """The place at which the words from `start` to `end` say that something happened: its own clause's, else its sentence's.

    `also` are prepositions that put it at their object besides those that always do: "from" of a retreat.

    Only a place that stands behind a preposition of place counts ("in Idlib", "the town of Saraqeb"), never a party
    ("Turkey said", "U.S. troops"). Of several in one clause the nearest one is taken, which is the narrowest as a rule.
    """
    paragraph = paragraph_at(reading, start)
    if paragraph is None:
        return None
    low, high = _within_reach(reading, start, end)
    places = [
        m
        for m in between(reading.mentions, low, high)
        if m.entity_type in PLACE_TYPES and is_location(paragraph, m.start_char, m.end_char, also)
    ]
    found = _tied(paragraph, places, start, end)
    return found[0] if found else None


def paragraph_at(reading: Reading, offset: int) -> Paragraph | None:
    """The paragraph that holds the character at `offset`, None between paragraphs."""
    at = bisect_right(reading.paragraphs, offset, key=lambda p: p.start_char) - 1
    if at < 0 or offset >= reading.paragraphs[at].end_char:
        return None
    return reading.paragraphs[at]


def sentence_bounds(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence that holds `start`; `(start, end)` where no sentence does."""
    at = bisect_right(reading.sentences, start, key=lambda s: s.start_char) - 1
    if at < 0 or start >= reading.sentences[at].end_char:
        return start, end
    return reading.sentences[at].start_char, max(end, reading.sentences[at].end_char)


def _within_reach(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence that holds `start`, or of so much of it as lies within REACH_CHARS of the words."""
    low, high = sentence_bounds(reading, start, end)
    return max(low, start - REACH_CHARS), min(high, end + REACH_CHARS)


def clause_of(token: Token) -> Token:
    """The verb that the token's clause turns on; in a text without verbs, the sentence's root."""
    for _ in range(MAX_CLIMB):
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "amod"):
            return token
        if token.head.i == token.i:
            return token
        token = token.head
    return token


def head_of(paragraph: Paragraph, start: int, end: int) -> Token | None:
    """The word from `start` to `end` that the others in there hang on; None if no word lies there."""
    span = paragraph.doc.char_span(start - paragraph.start_char, end - paragraph.start_char, alignment_mode="expand")
    return None if span is None or not len(span) else span.root


def is_location(paragraph: Paragraph, start: int, end: int, also: frozenset[str] = frozenset()) -> bool:
    """Whether the name from `start` to `end` tells where something is, by the preposition that it stands behind."""
    head = head_of(paragraph, start, end)
    for _ in range(MAX_CLIMB):
        # "Homs and Hama": the second stands where the first does
        if head is None or head.dep_ not in ("conj", "appos"):
            break
        head = head.head
    if head is None:
        return False
    if head.dep_ in ("compound", "nmod", "poss"):
        # "the Idlib region", "in Aleppo's jail", "the Vienna talks", but not "Turkey's army"
        whole = head.head
        if whole.lemma_ in GATHERINGS and head.dep_ != "poss":
            return True
        if whole.lemma_.lower() not in LOCALITIES | SITES:
            return False
        if any(child.lower_ == "of" for child in whole.children):
            return False  # "the Black Sea resort of Sochi"
        head = whole
    if head.dep_ != "pobj":
        return False
    preposition = head.head
    if preposition.lower_ == "between":
        # "on the border between", not "the border between Gaza and Egypt opened as"
        return preposition.head.lemma_ in BETWEEN and preposition.head.dep_ == "pobj"
    if preposition.lower_ != "of":
        return preposition.lower_ in LOCATIVE | also and preposition.head.lemma_ not in RULERS
    # "in the north of Mali" is in Mali, "40 km north of Gao" is not in Gao
    part = preposition.head
    if part.lemma_.lower() not in LOCALITIES:
        return False
    if part.dep_ != "pobj":
        return part.lower_ not in COMPASS
    return part.head.lower_ in LOCATIVE | PARTITIVE | also  # "withdrew from parts of Mali" is a way


def fact_at(facts: Sequence[_S], offset: int) -> _S | None:
    """The one of the sorted facts, none overlapping another, that holds the character at `offset`."""
    at = bisect_right(facts, offset, key=lambda fact: fact.start_char) - 1
    return facts[at] if at >= 0 and offset < facts[at].end_char else None


def between(facts: Sequence[_S], low: int, high: int) -> Sequence[_S]:
    """Those of the sorted facts that begin from `low` up to `high`."""
    first = bisect_left(facts, low, key=lambda fact: fact.start_char)
    return facts[first : bisect_left(facts, high, lo=first, key=lambda fact: fact.start_char)]


_F = TypeVar("_F", Timex, Mention)


def _tied(paragraph: Paragraph, facts: Sequence[_F], start: int, end: int) -> tuple[_F, int] | None:
    """The fact of lowest rank to the clause of `start`..`end`, the nearest of those, the first of these; and its rank."""
    head = head_of(paragraph, start, end)
    if head is None:
        return None
    clause = clause_of(head)
    ranked: list[tuple[int, int, int, int, _F]] = []
    for fact in facts:
        tie: tuple[int, int] | None = _rank(paragraph, fact, head, clause)
        if tie is not None:
            distance = max(start - fact.end_char, fact.start_char - end, 0)
            ranked.append((tie[0], tie[1], distance, fact.start_char, fact))
    if not ranked:
        return None
    best = min(ranked, key=lambda entry: entry[:4])
    return best[4], best[0]


def _rank(paragraph: Paragraph, fact: Timex | Mention, told: Token, clause: Token) -> tuple[int, int] | None:
    """How near the fact's clause is to `clause`, and whether it goes with the word told of (0) or another happening (2).

    None for a fact that goes with a word of saying or of law, unless that is what is told of: "confirmed on Monday the arrest".
    """
    head = head_of(paragraph, fact.start_char, fact.end_char)
    if head is None:
        return None
    tier = _kinship(clause_of(head), clause)
    if (tier or told.i != clause.i) and goes_with_saying(head):
        return None
    whole = happening_above(head)
    return tier, 1 if whole is None else 0 if whole.i == told.i else 2


def happening_above(head: Token) -> Token | None:
    """The noun of a happening that the words are a part of: "the July 2 attack", "an attack on Monday"."""
    for _ in range(MAX_CLIMB):
        if head.head.i == head.i or head.dep_ not in (
            "compound",
            "nmod",
            "npadvmod",
            "pobj",
            "prep",
            "poss",
            "amod",
            "nummod",
        ):
            return None
        head = head.head
        if head.pos_ == "NOUN" and head.lemma_ in HAPPENINGS:
            return head
        if head.pos_ == "VERB":
            return None
    return None


def goes_with_saying(head: Token) -> bool:
    """Whether the words hang on a word of saying by prepositions and its own nouns alone: "said in a speech on Monday"."""
    for _ in range(MAX_CLIMB):
        if head.head.i == head.i:
            return False
        head = head.head
        if head.pos_ == "VERB" and head.lemma_ in SAYING | LEGAL:
            return True
        if head.pos_ != "ADP" and head.lemma_ not in STATEMENTS:
            return False
    return False


# the same clause, the one a part of the other, only the sentence shared
OWN_CLAUSE, JOINED_CLAUSE, SAME_SENTENCE = 0, 1, 2


def _kinship(theirs: Token, clause: Token) -> int:
    if theirs.i == clause.i:
        return OWN_CLAUSE
    if _hangs_on(theirs, clause) or _hangs_on(clause, theirs):
        return JOINED_CLAUSE
    return SAME_SENTENCE


def _hangs_on(token: Token, other: Token) -> bool:
    for _ in range(MAX_CLIMB):
        if token.i == other.i:
            return True
        if token.head.i == token.i:
            return False
        token = token.head
    return False
