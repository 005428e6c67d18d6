"""Counts that might be of people: a number in a sentence with the words that hedge it. What befell them is not asked here."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from flows.extract.casualty_vocabulary import UNITS
from flows.text.numbers import NumberSpan, read_numbers


@dataclass(frozen=True)
class Count:
    """A hedged number; token indices count in the paragraph's doc.

    Attributes:
        first: first token, hedge and all.
        last: token after the last one.
        number: the token that the number's other tokens hang on.
        low: fewest; None if open below or vague.
        high: most; None if open above or vague.
        qualifier: exact, at_least, about, more_than, up_to, range or vague.
        figure: where the number's words begin and end in the doc's text.
        hedge: where the words that hedge it begin and end; None without any.
    """

    first: int
    last: int
    number: Token
    low: int | None
    high: int | None
    qualifier: str
    figure: tuple[int, int]
    hedge: tuple[int, int] | None = None


_HEDGES_BEFORE = (
    # the longest first: "no more than" is not "more than"
    (("no", "fewer", "than"), "at_least"),
    (("no", "less", "than"), "at_least"),
    (("not", "less", "than"), "at_least"),
    (("a", "minimum", "of"), "at_least"),
    (("at", "least"), "at_least"),
    (("atleast",), "at_least"),
    (("no", "more", "than"), "up_to"),
    (("not", "more", "than"), "up_to"),
    (("a", "maximum", "of"), "up_to"),
    (("as", "many", "as"), "up_to"),
    (("at", "most"), "up_to"),
    (("up", "to"), "up_to"),
    (("upto",), "up_to"),
    (("fewer", "than"), "up_to"),
    (("less", "than"), "up_to"),
    (("just", "under"), "up_to"),
    (("under",), "up_to"),
    (("in", "excess", "of"), "more_than"),
    (("more", "than"), "more_than"),
    (("greater", "than"), "more_than"),
    (("upwards", "of"), "more_than"),
    (("upward", "of"), "more_than"),
    (("north", "of"), "more_than"),
    (("exceeding",), "more_than"),
    (("exceeded",), "more_than"),
    (("exceeds",), "more_than"),
    (("surpassed",), "more_than"),
    (("topped",), "more_than"),
    (("passed",), "more_than"),
    (("over",), "more_than"),
    (("above",), "more_than"),
    (("an", "estimated"), "about"),
    (("close", "to"), "about"),
    (("estimated",), "about"),
    (("approximately",), "about"),
    (("roughly",), "about"),
    (("nearly",), "about"),
    (("almost",), "about"),
    (("around",), "about"),
    (("about",), "about"),
    (("circa",), "about"),
    (("some",), "about"),
)
_LONGEST_HEDGE = max(len(hedge) for hedge, _ in _HEDGES_BEFORE)
_HEDGES_AFTER = (
    (("or", "more"), "at_least"),
    (("at", "least"), "at_least"),
    (("+",), "at_least"),
    (("at", "most"), "up_to"),
    (("or", "fewer"), "up_to"),
    (("or", "less"), "up_to"),
    (("or", "so"), "about"),
)
# between a hedge and the number: "at least another 12", "more than a further 30", "at least - 12"
_TRANSPARENT = frozenset(
    {"another", "other", "further", "an", "additional", "the", "reportedly", "well", "just", "a", "total", "of"}
)
_MOST_TRANSPARENT = 3

_MONEY = re.compile(r"(?:[$€£¥₹₽]|\b(?:US|A|C)\$|\b(?:USD|EUR|GBP|Rs\.?|rupees))\s?$")
_LOOK_BACK = 8  # characters before a number in which a sign of money can stand
_UNIT_AFTER = re.compile(
    r"\s?(?:%|per\s?cent\b|°|percentage\b)|(?:-|\s)(?:year|month|week|day|hour|minute)s?[-\s]old\b|\s?(?:am|pm|a\.m|p\.m|km|kg|mph|cm|mm|kph|ft|sq)\b",
    re.IGNORECASE,
)
# "2.99 billion francs", "80 million Swiss francs", "40 New Zealand dollars", "hundreds of millions of euros". In lower case:
# "pounds" is money, "Pounds" may be a family.
_AMOUNT_AFTER = re.compile(r"[\s-](?:of\s)?(?:(?:[A-Z][\w.]*|new)\s){0,2}(?:" + "|".join(sorted(UNITS)) + r")\b")
_AGE_BEFORE = re.compile(r"\b(?:aged|ages|age)\s+(?:[\d, ]+(?:and\s+)?)?$", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?:\b(?:No\.?|Nos\.?|number|article|section|chapter|page|flight|unit|resolution|room|route|highway|channel|area|phase|version|level|category|grade|day|week|year|act|title|ward|sector|zone|district|battalion|brigade|covid|apollo|news|fox|abc|cbs|nbc|boeing|airbus|mi|su|mig|type|model)|#)\s?-?$",
    re.IGNORECASE,
)
_LOOK_BACK_WORDS = 30
# "Boy, 16, dies", "Ada Brandt, 41, was": an age between commas behind a name or a person
_NAMED_BEFORE = re.compile(
    r"(?:[A-Z][\w.’'-]*|\b(?:man|woman|boy|girl|teen|teenager|father|mother|son|daughter|brother|sister)),\s+$"
)
_COMMA_AFTER = re.compile(r"\s*[,.;)]")
OLDEST = 110
# "32-14 106th St.", "the 4800 block of Nottingham": houses, "35 News": a channel
_ADDRESS_AFTER = re.compile(r"(?:-\d+)?\s(?:\d+(?:st|nd|rd|th)\b|News\b|block\b)")

FIRST_YEAR, LAST_YEAR = 1000, 2100

# The deadliest happening on record, the Second World War, cost 70 to 85 million lives, and India's partition drove out some
# 15 million: a figure above this is a misread number. (The displaced of the whole world, over 100 million since 2022, are no
# happening's.)
MOST_PEOPLE = 100_000_000


def hedged(low: int | None, high: int | None, qualifier: str) -> tuple[int | None, int | None, str]:
    """The bounds that a hedge leaves of a number: "at least" and "more than" leave it open above, "up to" below."""
    if low is None and high is None:
        return None, None, "vague"
    if qualifier in ("at_least", "more_than"):
        return low, None, qualifier
    if qualifier == "up_to":
        return None, high, qualifier
    if low != high:
        return low, high, "range"
    return low, high, qualifier


def read_counts(doc: Doc, barred: Sequence[tuple[int, int]]) -> list[Count]:
    """Every number of the doc that may count people, in order; "both" is two.

    Left out: numbers that touch a barred stretch (names, dates: sorted offsets into the doc's text), amounts of money and
    other measures, shares, ages, years, numbers that stand behind a noun they number ("Flight 17") and any above MOST_PEOPLE.
    """
    text = doc.text
    starts = [start for start, _ in barred]
    found: list[Count] = []
    for number in read_numbers(text):
        at = bisect_right(starts, number.end - 1) - 1
        if at >= 0 and barred[at][1] > number.start:
            continue
        if _is_no_count(text, number):
            continue
        span = doc.char_span(number.start, number.end, alignment_mode="expand")
        if span is not None and len(span) and not _is_no_one(doc, span):
            found.append(_count(doc, span, number))
    found += [
        Count(token.i, token.i + 1, token, 2, 2, "exact", offsets_of(token))
        for token in doc[:-1]
        if token.lower_ == "both" and token.dep_ == "det" and token.nbor(1).tag_ == "NNS"
    ]
    found += [
        Count(token.i, token.i + 1, token, MULTIPLES[token.lower_], MULTIPLES[token.lower_], "exact", offsets_of(token))
        for token in doc[:-1]
        if token.lower_ in MULTIPLES and token.nbor(1).lemma_.lower() in ("homicide", "murder", "killing", "slaying")
    ]
    return sorted(found, key=lambda count: count.first)


MULTIPLES = {"double": 2, "triple": 3, "quadruple": 4}  # "a double murder" is two killed


def _is_no_one(doc: Doc, span: Span) -> bool:
    """Whether "one" is no number here: "no one", "the one", "one another"."""
    before = doc[span.start - 1].lower_ if span.start else ""
    after = doc[span.end].lower_ if span.end < len(doc) else ""
    return span.text.lower() == "one" and (before in _BEFORE_PRONOUN or after == "another")


_BEFORE_PRONOUN = frozenset({"no", "any", "every", "each", "this", "that", "the", "which"})


def _is_no_count(text: str, number: NumberSpan) -> bool:
    before = text[max(number.start - _LOOK_BACK_WORDS, 0) : number.start]
    if _MONEY.search(before[-_LOOK_BACK:]) or _AGE_BEFORE.search(before) or _NAME_BEFORE.search(before):
        return True
    if (number.high or 0) <= OLDEST and _COMMA_AFTER.match(text, number.end) and _NAMED_BEFORE.search(before):
        return True
    if _ADDRESS_AFTER.match(text, number.end):
        return True
    if _UNIT_AFTER.match(text, number.end) or _AMOUNT_AFTER.match(text, number.end):
        return True
    if max(number.low or 0, number.high or 0) > MOST_PEOPLE:
        return True
    words = text[number.start : number.end]
    if text[number.start - 1 : number.start] == "[" and text[number.end : number.end + 1] == "]":
        return True  # a footnote's mark
    return (
        number.low is not None
        and words.isdigit()
        and len(words) == len(str(LAST_YEAR))
        and FIRST_YEAR <= number.low < LAST_YEAR
        and _YEAR_BEFORE.search(before) is not None
    )


_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|of|from|by|until|till|to|during|early|late|mid|and|between|before|after|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|spring|summer|autumn|fall|winter)\.?[ ,]+$",
    re.IGNORECASE,
)


def _count(doc: Doc, span: Span, number: NumberSpan) -> Count:
    first, last = span.start, span.end
    qualifier, words = "exact", None
    if number.low == number.high:
        found = _hedge_before(doc, first) or _hedge_after(doc, last)
        if found is not None:
            hedge, qualifier = found
            first, last = min(first, hedge.start), max(last, hedge.end)
            words = (hedge.start_char, hedge.end_char) if number.low is not None else None
    low, high, qualifier = hedged(number.low, number.high, qualifier)
    return Count(first, last, _root_of(span), low, high, qualifier, (number.start, number.end), words)


def offsets_of(token: Token) -> tuple[int, int]:
    """Where the token begins and ends in its doc's text."""
    return token.idx, token.idx + len(token)


def _hedge_before(doc: Doc, at: int) -> tuple[Span, str] | None:
    """(its words, qualifier) of the hedge that ends before `at`, over words that change nothing."""
    for end in range(at, max(at - _MOST_TRANSPARENT, 0) - 1, -1):
        if end < at and doc[end].lower_ not in _TRANSPARENT:
            return None
        said = {size: _words(doc, end - size, end) for size in range(1, min(_LONGEST_HEDGE, end) + 1)}
        for hedge, name in _HEDGES_BEFORE:
            start = end - len(hedge)
            if said.get(len(hedge)) == hedge and not any(t.is_sent_start for t in doc[start + 1 : at + 1]):
                return doc[start:end], name
    return None


def _hedge_after(doc: Doc, at: int) -> tuple[Span, str] | None:
    for hedge, name in _HEDGES_AFTER:
        if _words(doc, at, at + len(hedge)) == hedge:
            return doc[at : at + len(hedge)], name
    return None


def _words(doc: Doc, start: int, end: int) -> tuple[str, ...]:
    return tuple(token.lower_ for token in doc[max(start, 0) : min(end, len(doc))])


def _root_of(span: Span) -> Token:
    """The number word that carries the number: of "more than 20 to 30" and "1.4 million" the one that others hang on."""
    inside = [
        token for token in span if token.head.i < span.start or token.head.i >= span.end or token.head.i == token.i
    ]
    numeric = [token for token in inside if token.pos_ in ("NUM", "NOUN", "ADJ", "PRON")]
    return (numeric or inside or list(span))[-1]
