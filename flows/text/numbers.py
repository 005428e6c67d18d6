"""Numbers as news text writes them: digits, words, and mixtures of both.

Cardinals only. What a number counts (people, years, metres) and how the text hedges it is for the caller to tell;
ordinals, decades, clock times and numbers inside a longer word ("17-year-old", "B52", "1990s") are not read.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import partial


@dataclass(frozen=True)
class NumberSpan:
    """A number in a text.

    Attributes:
        start: offset of its first character.
        end: offset after its last.
        low: the number; the lower end of a range ("20 to 30"); None if vague ("dozens").
        high: the number again; the upper end of a range; None if vague.
    """

    start: int
    end: int
    low: int | None
    high: int | None


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * value for value, word in enumerate(_ROUND.split(), 2)}
_MULTIPLIERS = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "mln": 1_000_000,
    "mn": 1_000_000,
    "crore": 10_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "bln": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_SUFFIXES = _MULTIPLIERS | {"k": 1_000, "m": 1_000_000}  # joined to digits: "1.4m", "30k"
_PAIRS = frozenset({"couple", "pair"})

# Words that count without a figure. "some" hedges a figure more often than it counts, "few" alone says how little.
_VAGUE = frozenset({"several", "many", "numerous", "countless", "multiple"})
_BEFORE_MEASURES = frozenset({"as", "how", "so", "too"})  # "as many as 30", "how many"
_VAGUE_AFTER_A = frozenset({"few", "handful", "number"})
_SIZES = frozenset({"large", "small", "great", "huge", "growing", "significant", "considerable"})  # "a large number of"
_VAGUE_UNITS = frozenset({"tens", "dozens", "scores", "hundreds", "thousands", "millions", "billions"})

# Digits (grouped by commas, points or blanks, or not grouped; a fraction; a joined suffix) or a word.
_PIECE = re.compile(
    r"(?P<digits>[1-9]\d?\d?(?:,\d{2,3})*,\d{3}(?!\d)|[1-9]\d?\d?(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)|[1-9]\d?\d?(?:\.\d{3})+(?!\d)|\d+)"
    r"(?P<fraction>\.\d{1,2}(?!\d))?(?P<suffix>[A-Za-z]+)?"
    r"|(?P<word>[A-Za-z]+)"
)
# Between the words of one number: a hyphen, or blanks with at most one end of line (hard-wrapped text).
_JOINT = re.compile(r"-|[ \t\u00a0\u202f\u2009]+(?:\r?\n[ \t\u00a0]*)?|\r?\n[ \t\u00a0]*")
_RANGE = re.compile(r"\s+(?:to|or)\s+|\s?[-–—]\s?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:and|to)\s+", re.IGNORECASE)
_BEFORE_RANGE = re.compile(r"\b(between|from)\s+$", re.IGNORECASE)
_LOOK_BACK = len("between") + 4  # characters before a number in which "between" can stand


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    word: str  # lower case; empty for digits
    value: Fraction | None  # of digits, suffix and all
    scaled: bool  # a suffix has been applied


@dataclass(frozen=True)
class _Number:
    start: int
    end: int
    value: Fraction | None
    lead: Fraction | None  # what a last multiplier was applied to, None without one: "3 to 4 thousand"


def read_numbers(text: str) -> list[NumberSpan]:
    """Every number in the text, in order, none overlapping another.

    A number that is no integer is left out: nothing that this project counts comes in parts. Digits in groups of three
    are read as such whatever parts them, so "30.000" is thirty thousand. "between 20 and 30", "20 to 30", "20-30" and
    "20 or 30" are ranges; "from 20 to 30" is a rise, hence two numbers.

    >>> [n.low for n in read_numbers("6,500 troops, 1.5 million people and 30 000 others")]
    [6500, 1500000, 30000]
    >>> [n.low for n in read_numbers("two dozen, a couple, half a million, twenty-one, a hundred and four")]
    [24, 2, 500000, 21, 104]
    >>> read_numbers("between 20 and 30 men")
    [NumberSpan(start=0, end=17, low=20, high=30)]
    >>> [(n.low, n.high) for n in read_numbers("12-15 boats, 3 to 4 thousand")]
    [(12, 15), (3000, 4000)]
    >>> read_numbers("tens of thousands of a 17-year-old's 1990s tapes")
    [NumberSpan(start=0, end=17, low=None, high=None)]
    """
    numbers = _simple_numbers(text)
    found: list[NumberSpan] = []
    at = 0
    while at < len(numbers):
        number = numbers[at]
        joined = _interval(text, number, numbers[at + 1]) if at + 1 < len(numbers) else None
        at += 1
        if joined is not None:
            found.append(joined)
            at += 1
        elif number.value is None:
            found.append(NumberSpan(number.start, number.end, None, None))
        elif number.value.denominator == 1:
            found.append(NumberSpan(number.start, number.end, int(number.value), int(number.value)))
    return found


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if match["word"]:
            found.append(_Piece(start, end, match["word"].lower(), None, scaled=False))
            continue
        suffix = (match["suffix"] or "").lower()
        if _is_part(text, start, end) or (suffix and suffix not in _SUFFIXES):
            found.append(_Piece(start, end, "#", None, scaled=False))
            continue
        digits = re.sub(r"\D", "", match["digits"])
        # a run of hundreds of digits is no number, and int() refuses more than 4,300 of them
        if len(digits) > _MOST_DIGITS:
            found.append(_Piece(start, end, "#", None, scaled=False))
            continue
        value = Fraction(int(digits)) + (Fraction("0" + match["fraction"]) if match["fraction"] else 0)
        found.append(_Piece(start, end, "", value * _SUFFIXES.get(suffix, 1), scaled=bool(suffix)))
    return found


_MOST_DIGITS = 12


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether the digits are a part of something longer: "COVID-19", "3.4.5", "12:30", "24/7", "17-year-old"."""
    before, before_that = text[start - 1 : start], text[max(start - 2, 0) : max(start - 1, 0)]
    after, after_that = text[end : end + 1], text[end + 1 : end + 2]
    if before.isalnum() or before in ("_", "#"):
        return True
    if before and before in ".,:/-'’" and before_that.isalnum() and not (before == "-" and before_that.isdigit()):
        return True
    if after and after in ".,:/'" and after_that.isdigit():
        return True
    return after in ("-", "‑") and after_that.isalpha()


def _adjacent(text: str, left: _Piece, right: _Piece) -> bool:
    return right.start - left.end <= _WIDEST_JOINT and _JOINT.fullmatch(text, left.end, right.start) is not None


_WIDEST_JOINT = 40  # characters; an indented continuation line at most


def _simple_numbers(text: str) -> list[_Number]:
    """The numbers before ranges are joined."""
    pieces = _pieces(text)
    found: list[_Number] = []
    at = 0
    while at < len(pieces):
        number, after = _vague(text, pieces, at)
        if number is None:
            number, after = _cardinal(text, pieces, at)
        if number is not None and not _in_word(text, pieces, at, after):
            found.append(number)
        at = max(after, at + 1)
    return found


def _in_word(text: str, pieces: list[_Piece], first: int, after: int) -> bool:
    """Whether a number in words hangs on a further word by a hyphen: "two-year", "mid-twenty"."""
    start, end = pieces[first].start, pieces[after - 1].end
    return (text[end : end + 1] in ("-", "‑") and text[end + 1 : end + 2].isalpha()) or (
        text[start - 1 : start] in ("-", "‑") and text[max(start - 2, 0) : max(start - 1, 0)].isalpha()
    )


def _vague(text: str, pieces: list[_Piece], at: int) -> tuple[_Number | None, int]:
    """Read "dozens", "tens of thousands", "several hundred", "a few", "a number of" at `at`; and the piece after it."""
    first = pieces[at].word
    end = at + 1

    def follows(*words: str) -> bool:
        return end < len(pieces) and pieces[end].word in words and _adjacent(text, pieces[end - 1], pieces[end])

    if first == "a" and follows(*_SIZES):
        end += 1
        if not follows("number"):
            return None, at
    if first == "a" and follows(*_VAGUE_AFTER_A):
        end += 1
        if pieces[end - 1].word == "number" and not follows("of"):
            return None, at
    elif first in _VAGUE_UNITS:
        while follows("of") and end + 1 < len(pieces) and pieces[end + 1].word in _VAGUE_UNITS:
            end += 2
        return _Number(pieces[at].start, pieces[end - 1].end, None, None), end
    elif first not in _VAGUE or (at and pieces[at - 1].word in _BEFORE_MEASURES):
        return None, at
    while follows(*_MULTIPLIERS, *_VAGUE_UNITS):
        end += 1
    return _Number(pieces[at].start, pieces[end - 1].end, None, None), end


def _cardinal(text: str, pieces: list[_Piece], at: int) -> tuple[_Number | None, int]:
    """The exact number from `at`, and the piece after it."""
    first = pieces[at]
    if first.word in ("a", "an", "half"):
        return _article_number(text, pieces, at)
    halved = _and_a_half(text, pieces, at)
    if halved is not None:
        return halved
    if first.value is not None:
        return _multiplied(text, pieces, at, at + 1, first.value)
    if first.word in _ONES or first.word in _TENS:
        return _spelt(text, pieces, at, at, None)
    return None, at


def _and_a_half(text: str, pieces: list[_Piece], at: int) -> tuple[_Number, int] | None:
    """Read "two and a half million"; None if that is not what stands at `at`."""
    whole = pieces[at].value if pieces[at].value is not None else _ONES.get(pieces[at].word)
    rest = pieces[at + 1 : at + 5]
    if whole is None or len(rest) < 4 or tuple(p.word for p in rest[:3]) != ("and", "a", "half"):  # noqa: PLR2004 - the four words after
        return None
    if rest[3].word not in _MULTIPLIERS or not all(map(partial(_adjacent, text), pieces[at : at + 4], rest)):
        return None
    lead = whole + Fraction(1, 2)
    return _Number(pieces[at].start, rest[3].end, lead * _MULTIPLIERS[rest[3].word], lead), at + 5


def _article_number(text: str, pieces: list[_Piece], at: int) -> tuple[_Number | None, int]:
    """Read "a hundred and four", "a dozen", "a couple", "half a million", "half a dozen"."""

    def word(index: int) -> str:
        joined = index < len(pieces) and _adjacent(text, pieces[index - 1], pieces[index])
        return pieces[index].word if joined else ""

    if pieces[at].word == "half":
        unit = at + 2 if word(at + 1) in ("a", "an") else at + 1
        if word(unit) in _MULTIPLIERS:
            value = Fraction(_MULTIPLIERS[word(unit)], 2)
            return _Number(pieces[at].start, pieces[unit].end, value, Fraction(1, 2)), unit + 1
        return None, at
    if word(at + 1) in _PAIRS:
        return _Number(pieces[at].start, pieces[at + 1].end, Fraction(2), None), at + 2
    if word(at + 1) in _MULTIPLIERS:
        return _spelt(text, pieces, at, at + 1, Fraction(1))
    return None, at


def _multiplied(text: str, pieces: list[_Piece], first: int, at: int, value: Fraction) -> tuple[_Number | None, int]:
    """Digits, and the multipliers that follow them: "1.2 million", "22 thousand", "2 dozen"."""
    # "20 to 30,000" means thousands at both ends
    lead = value / 1000 if value >= _SUFFIXES["k"] and value % 1000 == 0 else None
    if (
        not pieces[first].scaled
        and at < len(pieces)
        and pieces[at].word in _MULTIPLIERS
        and _adjacent(text, pieces[at - 1], pieces[at])
    ):
        lead, value = value, value * _MULTIPLIERS[pieces[at].word]
        at += 1
    return _Number(pieces[first].start, pieces[at - 1].end, value, lead), at


def _spelt(
    text: str, pieces: list[_Piece], first: int, at: int, current: Fraction | None
) -> tuple[_Number | None, int]:
    """A number in words, from the piece `at`; `current` is 1 if "a" came before.

    Words join as English has them: tens and ones, then "hundred" (and what is below a hundred, "and" or not), then a
    smaller multiplier than the last. "twenty five six" is two numbers.
    """
    total, ceiling, end = Fraction(0), None, at
    room = 100  # the next word must be below this; after "twenty" ones alone fit
    lead: Fraction | None = None
    while at < len(pieces) and (at == first or _adjacent(text, pieces[at - 1], pieces[at])):
        word = pieces[at].word
        small = _ONES.get(word, _TENS.get(word))
        if small is not None:
            if small >= room or (small == 0 and at != first):
                break
            current = (current or 0) + Fraction(small)
            room = 10 if word in _TENS else 0
        elif word == "hundred" and current is not None and 0 < current < 100:  # noqa: PLR2004 - what a hundred multiplies
            current *= 100
            room = 100
        elif (
            word in _MULTIPLIERS and word != "hundred" and current and (ceiling is None or _MULTIPLIERS[word] < ceiling)
        ):
            lead, ceiling = current, _MULTIPLIERS[word]
            total, current, room = total + current * ceiling, None, 100
        elif word == "and" and _takes_and(text, pieces, at, room, current, ceiling):
            at += 1
            continue
        else:
            break
        at += 1
        end = at
    if end == first or (total == 0 and current is None):
        return None, first
    value = total + (current or 0)
    return _Number(pieces[first].start, pieces[end - 1].end, value, lead if current is None else None), end


def _takes_and(
    text: str, pieces: list[_Piece], at: int, room: int, current: Fraction | None, ceiling: int | None
) -> bool:
    """Whether the "and" at `at` goes on with the number: after a hundred or a multiplier, before something smaller."""
    if room != 100 or (current is None and ceiling is None) or at + 1 >= len(pieces):  # noqa: PLR2004 - room of a hundred
        return False
    after = pieces[at + 1].word
    return (after in _ONES or after in _TENS) and _adjacent(text, pieces[at], pieces[at + 1])


def _interval(text: str, first: _Number, second: _Number) -> NumberSpan | None:
    """The range that two numbers make with what stands between them and before; None if they make none."""
    if second.start - first.end > _WIDEST_JOINT or first.value is None or second.value is None:
        return None
    ahead = _BEFORE_RANGE.search(text, max(first.start - _LOOK_BACK, 0), first.start)
    opening = ahead[1].lower() if ahead else ""
    between = opening == "between" and _BETWEEN.fullmatch(text, first.end, second.start)
    if not between and (opening == "from" or not _RANGE.fullmatch(text, first.end, second.start)):
        return None
    low, high = first.value, second.value
    if second.lead is not None and first.lead is None and low < second.lead:
        low *= high / second.lead
    if not low < high or low.denominator != 1 or high.denominator != 1:
        return None
    start = ahead.start() if between and ahead else first.start
    return NumberSpan(start, second.end, int(low), int(high))
