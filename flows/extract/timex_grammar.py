"""The words of time expressions: which runs of tokens are one, and what they say. Nothing is dated here.

A paragraph is cut into tokens; each token becomes one letter (a known word has its own, numbers go by their form), so a
paragraph is a string of letters and a rule is a short regular expression over them. Rules have no unbounded
repetition, each letter knows the rules that may begin with it, and most tokens begin none: the time is linear.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flows.text.dates import MONTHS


def word_list(text: str) -> tuple[str, ...]:
    """The words of a line: long vertical lists of short words are harder to read than this."""
    return tuple(text.split())


WEEKDAYS: Final = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), start=1
    )
}
# Written out they stand alone; the short forms are words of their own ("Sun", "sat", "wed") and need a date behind them.
SHORT_WEEKDAYS: Final = {
    word: number
    for number, words in enumerate(("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun"), start=1)
    for word in word_list(words)
}
SEASONS: Final = {"spring": "SP", "springtime": "SP", "summer": "SU", "summertime": "SU"} | {
    "autumn": "FA",
    "fall": "FA",
    "winter": "WI",
    "wintertime": "WI",
}
PARTS: Final = {
    "morning": "MO",
    "dawn": "MO",
    "daybreak": "MO",
    "sunrise": "MO",
    "noon": "12:00",
    "midday": "MI",
    "afternoon": "AF",
    "evening": "EV",
    "dusk": "EV",
    "sunset": "EV",
    "nightfall": "NI",
    "night": "NI",
    "nighttime": "NI",
    "midnight": "24:00",
    "daytime": "DT",
}
DAY_PARTS: Final = ("morning", "afternoon", "evening", "night")
UNITS: Final = {
    word: code
    for code, words in {
        "TS": "second seconds",
        "TM": "minute minutes",
        "TH": "hour hours hrs",
        "D": "day days",
        "N": "night nights",
        "WE": "weekend weekends",
        "W": "week weeks",
        "M": "month months",
        "Q": "quarter quarters",
        "Y": "year years yrs",
        "DE": "decade decades",
        "CE": "century centuries",
    }.items()
    for word in word_list(words)
}
PLURAL_UNITS: Final = tuple(word for word in UNITS if word.endswith("s"))
COUNTS: Final = {
    word: str(number)
    for number, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen twenty"
        )
    )
} | {
    word: str(10 * tens)
    for tens, word in enumerate(word_list("thirty forty fifty sixty seventy eighty ninety hundred"), start=3)
}
ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        word_list(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
}
FREQUENCIES: Final = {
    "hourly": "PT1H",
    "daily": "P1D",
    "nightly": "P1D",
    "weekly": "P1W",
    "fortnightly": "P2W",
    "monthly": "P1M",
    "quarterly": "P3M",
    "annual": "P1Y",
    "annually": "P1Y",
    "yearly": "P1Y",
}
REFERENCES: Final = {
    "last": "last",
    "next": "next",
    "coming": "next",
    "upcoming": "next",
    "this": "this",
    "current": "this",
    "that": "that",
    "same": "that",
    "previous": "previous",
    "preceding": "previous",
    "prior": "previous",
    "following": "following",
    "subsequent": "following",
    "succeeding": "following",
    "ensuing": "following",
    "latest": "last",
}
DAYS: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}
# "ago" and "from now" count from the day of writing, "earlier" and "later" from what the text told last
SHIFTS: Final = {
    "ago": "ago",
    "earlier": "earlier",
    "previously": "earlier",
    "before": "earlier",
    "prior": "earlier",
    "later": "later",
    "afterward": "later",
    "afterwards": "later",
    "after": "later",
    "hence": "from_now",
}
DECADE_WORDS: Final = {
    word: tens
    for tens, word in enumerate(
        word_list("twenties thirties forties fifties sixties seventies eighties nineties"), start=2
    )
}
# Feast days, written without apostrophes: of the same month and day every year; by days from Easter Sunday.
FEASTS: Final = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year day": (1, 1),
    "new year eve": (12, 31),
    "all saints day": (11, 1),
    "valentine day": (2, 14),
    "halloween": (10, 31),
}
# American holidays that move: month, weekday (Monday is 1), and which of these in the month (-1 is the last).
WEEKDAY_FEASTS: Final = {
    "thanksgiving": (11, 4, 4),
    "thanksgiving day": (11, 4, 4),
    "labor day": (9, 1, 1),
    "memorial day": (5, 1, -1),
}
EASTER_FEASTS: Final = {
    "easter": 0,
    "easter sunday": 0,
    "easter monday": 1,
    "good friday": -2,
    "palm sunday": -7,
    "ash wednesday": -46,
}


@dataclass(frozen=True)
class Expression:
    """A run of words that tells a time, undated.

    Attributes:
        start: first token's index.
        stop: index after the last token.
        kind: the rule's kind; says which of `parts` there are.
        parts: group name and the token's text, lower-cased, as the rule names them.
    """

    start: int
    stop: int
    kind: str
    parts: dict[str, str]


@dataclass(frozen=True)
class Tokens:
    """A paragraph's tokens in parallel: words as written, their offsets, and one letter each."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    letters: str

    def end(self, index: int) -> int:
        """Offset after the token."""
        return self.starts[index] + len(self.words[index])


_TOKEN: Final = re.compile(
    r"""
    \d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?(?![\d-])          # 2022-10-31T10:35
  | \d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:\d{4}|\d\d)(?!\.?\d)  # 31/10/2022, 31.10.2022
  | 9/11(?![\d/])
  | \d{1,2}[:.]\d\d(?::\d\d)?(?!\d)                            # 10:35, 10.35
  | \d{1,3}(?:[ -]1/2|[ ]?½)(?![\d/])                           # 2 1/2, 2½
  | \d{1,3}(?:,\d{3})+(?!\d)                                   # 110,000
  | \d+(?:\.\d+)?(?:st|nd|rd|th|s)?(?![^\W_])                  # 8, 2.5, 10th, 1990s
  | \d+
  | Q[1-4](?!\w)
  | [^\W\d_]+
  | [^\w\s] | _
    """,
    re.VERBOSE,
)
# Letters of number forms; words get theirs from _LETTER_OF, beginning where these end.
_OTHER, _SMALL, _TEENS, _PAIR, _YEAR, _HHMM, _NUMBER, _DECIMAL = ".", "1", "2", "9", "Y", "H", "N", "F"
_TIME, _ISO_DAY, _NUMERIC_DAY, _ORD, _DECADE_S, _QUARTER, _NINE_ELEVEN, _MIXED = "C", "I", "E", "O", "S", "Q", "X", "M"
_NUMBER_FORMS: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d.{0,9}"), _ISO_DAY),
    (re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)"), _NUMERIC_DAY),
    (re.compile(r"9/11"), _NINE_ELEVEN),
    (re.compile(r"\d{1,2}:\d\d(?::\d\d)?"), _TIME),
    (re.compile(r"\d{1,3}[ -]?(?:1/2|½)"), _MIXED),
    (re.compile(r"\d{1,2}(?:st|nd|rd|th)"), _ORD),
    (re.compile(r"(?:[12]\d|\d)?\d0s"), _DECADE_S),
    (re.compile(r"\d{1,6}\.\d{1,6}"), _DECIMAL),
    (re.compile(r"\d{1,3}(?:,\d{3}){1,3}"), _NUMBER),
)
_QUARTER_WORDS: Final = frozenset(("Q1", "Q2", "Q3", "Q4"))
_LETTER_OF: dict[str, str] = {}
_FIRST_LETTER: Final = 0xE000

YEARS: Final = range(1000, 2200)  # what four digits may be a year at all
MONTHS_IN_YEAR: Final = 12
LAST_DAY: Final = 31
LONGEST_NUMBER: Final = 9  # digits; longer ones count nothing here, and int() of thousands of digits is slow


def _letter(word: str) -> str:
    return _LETTER_OF.setdefault(word, chr(_FIRST_LETTER + len(_LETTER_OF)))


def _letters(words: Iterable[str]) -> str:
    return "".join(_letter(word) for word in words)


_DASHES: Final = ("-", "–", "‐", "‑")
_CLASSES: Final = {
    "MONTH": _letters(MONTHS),
    "WEEKDAY": _letters(WEEKDAYS),
    "ANYWEEKDAY": _letters(WEEKDAYS) + _letters(SHORT_WEEKDAYS),
    "WEEKDAYS": _letters(f"{name}s" for name in WEEKDAYS),
    "SEASON": _letters(SEASONS),
    "PART": _letters(PARTS),
    "PARTS": _letters(f"{part}s" for part in DAY_PARTS),
    "DAYPART": _letters(DAY_PARTS),
    "NOON": _letters(("noon", "midnight")),
    "UNIT": _letters(UNITS),
    "UNITS": _letters(PLURAL_UNITS),
    "ONE": _letters(word for word in UNITS if word not in PLURAL_UNITS),
    "ORDWORD": _letters(ORDINALS),
    "FREQUENCY": _letters(FREQUENCIES),
    "REF": _letters(word for word in REFERENCES if word != "latest"),
    "DAYWORD": _letters(DAYS),
    "SHIFT": _letters(SHIFTS),
    "DECADEWORD": _letters(DECADE_WORDS),
    "DASH": _letters(_DASHES),
    "JOIN": _letters((*_DASHES, "and", "to", "or", "through", "/")),
    "DAY": _SMALL + _TEENS + _ORD,
    "YEAR": _YEAR,
    "ANYYEAR": _YEAR + _NUMBER + _PAIR + _TEENS + _SMALL,
    "PAIR": _SMALL + _TEENS + _PAIR,
    "HOUR": _SMALL + _TEENS,
    "HHMM": _HHMM + _YEAR,
    "CLOCK": _TIME,
    "ISO": _ISO_DAY,
    "NUMERIC": _NUMERIC_DAY,
    "ORD": _ORD,
    "DECADE": _DECADE_S,
    "QUARTER": _QUARTER,
    "NINEELEVEN": _NINE_ELEVEN,
    "DIGITS": _SMALL + _TEENS + _PAIR + _NUMBER + _DECIMAL + _YEAR + _MIXED,
    "COUNTWORD": _letters(COUNTS),
    "FEW": _letters(word_list("few several many some numerous couple handful dozens scores hundreds thousands")),
    "LASTNEXT": _letters(word_list("last past next coming following previous preceding first final succeeding")),
    "PAST": _letters(("last", "past")),
    "EVERY": _letters(("every", "each")),
    "ERA": _letters(("bc", "bce")),
    "AMPM": _letters(("am", "pm")),
    "AP": _letters(("a", "p")),
    "ZONE": _letters(word_list("gmt utc est edt cst cdt mst mdt pst pdt bst cet cest eet eest msk ist jst kst")),
    "BEFORELONG": _letters(("long", "old")),
    "FULL": _letters(word_list("full long consecutive straight short whole more further additional")),
    "TIMES": _letters(("once", "twice", "times")),
    "HALFOF": _letters(("latter", "first", "second")),
    "EDGE": _letters(word_list("end beginning start middle rest close")),
    "LEADSTOYEAR": _letters(word_list("of in since from until by")),
    "STAGE": _letters(word_list("early late later earlier")),
    "LONG": _letters(("year", "quarter", "month")),
    "WHOLE": _letters(("year", "quarter", "month", "week")),
}

_TAIL: Final = "( ,? of? fiscal? year:YEAR | of? the? yref:REF year )"
_AMOUNT: Final = "( a | an )? ( count:DIGITS | count1:COUNTWORD ( DASH? count2:COUNTWORD )? | few:FEW of? )"
# Kind and pattern. Words in capitals are the classes above, `name:` makes a part; the longest match wins, then the first.
_RULES: Final = (
    ("calendar", f"( weekday:ANYWEEKDAY .? ,? the? )? month:MONTH .? ( the )? day:DAY {_TAIL}?"),
    ("calendar", f"( weekday:ANYWEEKDAY .? ,? )? the? day:DAY of? month:MONTH .? {_TAIL}?"),
    ("calendar", f"( weekday:ANYWEEKDAY .? ,? )? the ordday:ORDWORD of month:MONTH {_TAIL}?"),
    ("calendar", f"month:july ordday:fourth {_TAIL}?"),
    ("calendar", f"month:MONTH .? {_TAIL}"),
    ("calendar", "month:MONTH .? of? year:ANYYEAR era:ERA"),
    ("month", "ref:REF? month:MONTH"),
    ("calendar", "day:DAY (?= JOIN the? DAY of? MONTH )"),
    ("calendar", "(?<= MONTH DAY JOIN ) day:DAY ( ,? year:YEAR )?"),
    ("calendar", "(?<= MONTH . DAY JOIN ) day:DAY ( ,? year:YEAR )?"),
    ("dayonly", "the day:ORD (?! DASH | century )"),
    ("dayonly", "the day:ORD of ref:REF month"),
    ("iso", "iso:ISO"),
    ("numeric", "numeric:NUMERIC"),
    ("year", "year:YEAR"),
    ("year", "( fiscal year? | fy ) year:YEAR"),
    ("year", "year:ANYYEAR era:ERA"),
    ("year", "year:ANYYEAR era:b . c .?"),
    ("year", "(?<= YEAR DASH ) pair:PAIR"),
    ("year", "(?<= YEAR / ) pair:PAIR"),
    ("shortyear", "(?<= LEADSTOYEAR ) ( ' | ’ ) short:PAIR (?! UNIT | ' | ’ )"),
    ("year", "year:ANYYEAR (?= JOIN ANYYEAR era:ERA )"),
    ("decade", "( ' | ’ | ‘ )? decade:DECADE era:ERA?"),
    ("decade", "the decadeword:DECADEWORD"),
    ("century", "century:ORD DASH? century era:ERA?"),
    ("century", "centuryword:ORDWORD DASH? century era:ERA?"),
    ("season", f"season:SEASON {_TAIL}"),
    ("season", "season:SEASON of? year:ANYYEAR era:ERA"),
    ("season", "year:YEAR season:SEASON"),
    ("season", "season:SEASON of ( ' | ’ ) short:PAIR (?! UNIT | ' | ’ )"),
    ("season", "ref:REF? season:SEASON"),
    ("quarter", f"quarter:QUARTER {_TAIL}?"),
    ("quarter", f"quarterword:ORDWORD DASH? quarter {_TAIL}"),
    ("quarter", "quarterword:ORDWORD DASH? quarter (?! DASH | of )"),
    ("quarter", "year:YEAR ( ( ' | ’ ) s )? quarterword:ORDWORD DASH? quarter (?! DASH )"),
    ("quarter", "yref:REF year ( ' | ’ ) s quarterword:ORDWORD DASH? quarter (?! DASH )"),
    ("yearago", "year DASH ( ago | earlier ) ( quarter | period )"),
    ("half", f"half:HALFOF half {_TAIL}"),
    ("feast", f"( christmas | boxing ) ( day | eve )? {_TAIL}?"),
    ("feast", f"( new year | all saints | valentine ) ( ' | ’ ) s? ( day | eve ) {_TAIL}?"),
    ("feast", f"( halloween | thanksgiving day? | labor day | memorial day ) {_TAIL}?"),
    ("feast", f"( easter | good | palm | ash ) ( sunday | monday | friday | wednesday )? {_TAIL}?"),
    ("feast", "NINEELEVEN"),
    ("weekend", "the weekend"),
    ("relative", "ref:REF unit:ONE"),
    ("relative", "ref:latest unit:quarter"),
    ("relative", "that same unit:ONE"),
    ("relative", "ref:REF part:PART"),
    ("relative", "( that | this ) same part:PART"),
    ("unitof", "EDGE of the unit:ONE"),
    ("unitof", "STAGE in the unit:ONE"),
    ("unitof", "unit:LONG ( DASH | ( ' | ’ ) s ) end"),
    ("whole", "the full? unit:WHOLE (?! DASH )"),
    (
        "unitof",
        "( latter | early | later | first | last | second ) ( part | half | months | weeks | days ) of the unit:ONE",
    ),
    ("adjacent", "the unit:ONE adjacent:SHIFT"),
    ("adjacent", "the unit:ONE following"),
    ("weekday", "ref:REF? weekday:WEEKDAY part:PART?"),
    ("weekday", "weekday:WEEKDAY ( of | , )? wref:REF week"),
    ("today", "dayword:DAYWORD ( DASH? part:PART )?"),
    ("tonight", "tonight"),
    ("overnight", "overnight"),
    ("part", "part:PART"),
    ("part", "part:PART hours"),
    ("part", "HOUR part:NOON"),
    ("clock", "clock:CLOCK ( ampm:AMPM | ap:AP . m .? )? ( zone:ZONE | local time )?"),
    ("clock", "clock:HOUR ( ampm:AMPM | ap:AP . m .? ) ( zone:ZONE | local time )?"),
    ("clock", "hhmm:HHMM ( zone:ZONE | local time | hours )"),
    ("clock", "clock:HOUR ( ' | ’ )? zone:ZONE"),
    ("clock", "clock:HOUR o ( ' | ’ ) clock ( in the daypart:DAYPART | at atnight:night )?"),
    ("clock", "clock:COUNTWORD o ( ' | ’ ) clock ( in the daypart:DAYPART | at atnight:night )?"),
    ("clock", "clock:CLOCK ( in the daypart:DAYPART | at atnight:night )"),
    ("duration", f"{_AMOUNT} DASH? FULL? unit:UNIT ( DASH? BEFORELONG | or so | period )?"),
    ("duration", f"{_AMOUNT} and a? half unit:UNIT ( DASH? BEFORELONG )?"),
    ("duration", "( a | an ) FULL? unit:UNIT"),
    ("duration", "( a | an )? half ( a | an )? DASH? unit:UNIT"),
    ("duration", "( a | an ) unit:UNIT and a half"),
    ("duration", "unit:UNIT DASH long"),
    ("duration", "( count:DIGITS | count1:COUNTWORD ) (?= JOIN ( DIGITS | COUNTWORD ) DASH? unit:UNIT )"),
    ("span", f"LASTNEXT {_AMOUNT}? FULL? unit:UNITS ( or so )?"),
    ("span", f"{_AMOUNT} LASTNEXT unit:UNITS"),
    ("span", "past unit:UNIT"),
    ("span", "the PAST unit:UNIT"),
    ("recent", "recent unit:UNITS"),
    ("shift", f"{_AMOUNT} DASH? FULL? unit:UNIT shift:SHIFT"),
    ("shift", "( a | an ) unit:UNIT shift:SHIFT"),
    ("shift", "half a unit:UNIT shift:SHIFT"),
    ("shift", "unit:UNITS shift:SHIFT"),
    ("shift", f"{_AMOUNT} DASH? FULL? unit:UNIT shift:from now"),
    ("vague", "unit:UNITS"),
    ("vague", "unit:UNITS or UNITS"),
    ("set", "frequency:FREQUENCY"),
    ("set", "EVERY ( count:DIGITS | count1:COUNTWORD | few:FEW | other:other )? unit:UNIT"),
    ("set", "EVERY weekday:WEEKDAY part:PART?"),
    ("set", "EVERY month:MONTH"),
    ("set", "EVERY season:SEASON"),
    ("set", "EVERY part:PART"),
    ("set", "weekday:WEEKDAYS"),
    ("set", "weekday:WEEKDAY parts:PARTS"),
    ("set", "EVERY other:other weekday:WEEKDAY part:PART?"),
    ("set", "per unit:UNIT"),
    ("set", "/ unit:UNIT"),
    ("set", "TIMES ( a | per | each | every ) unit:UNIT"),
    ("present", "now"),
    ("present", "right now"),
    ("present", "currently"),
    ("present", "current"),
    ("present", "presently"),
    ("present", "nowadays"),
    ("present", "these days"),
    ("present", "at present"),
    ("present", "present DASH? day"),
    ("present", "modern DASH? day"),
    ("present", "( at | for ) the moment"),
    ("present", "the time being"),
    ("present", "to this day"),
    ("past", "recently"),
    ("past", "recent"),
    ("past", "lately"),
    ("past", "the past (?! DIGITS | COUNTWORD | FEW | UNIT | FULL )"),
    ("future", "the future"),
    ("future", "near future"),
    ("soon", "soon"),
)


_OPENING: Final = {"(": "(?:", "(?=": "(?=", "(?<=": "(?<=", "(?!": "(?!"}


def _compile(pattern: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """The pattern over letters, and the letters that a match may begin with (too many do no harm)."""
    regex: list[str] = []
    first: set[str] = set()
    open_groups: list[str] = []  # what each open bracket is
    begun = False  # a mandatory item has been met: later ones cannot be first
    for item in pattern.split():
        if item in _OPENING:
            open_groups.append(item)
            regex.append(_OPENING[item])
        elif item in {")", ")?"}:
            opening = open_groups.pop()
            begun = begun or (item == ")" and opening == "(" and not open_groups)
            regex.append(item)
        elif item == "|":
            regex.append(item)
        else:
            optional = len(item) > 1 and item.endswith("?")
            name, _, word = item.removesuffix("?" if optional else "").rpartition(":")
            letters = _CLASSES[word] if word in _CLASSES else _letter(word)
            chars = f"[{letters}]"
            regex.append((f"(?P<{name}>{chars})" if name else chars) + ("?" if optional else ""))
            if not begun and not any(group != "(" for group in open_groups):
                first.update(letters)
            begun = begun or not (optional or open_groups)
    return re.compile("".join(regex)), frozenset(first)


def _rules_by_letter() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, pattern in _RULES:
        regex, first = _compile(pattern)
        for letter in first:
            table.setdefault(letter, []).append((kind, regex))
    return {letter: tuple(rules) for letter, rules in table.items()}


_RULES_BY_LETTER: Final = _rules_by_letter()

# Lower-case they are verbs, an adjective and a modal first of all; short forms need their capital too.
_SHORT_MONTHS: Final = frozenset(word_list("jan feb mar apr jun jul aug sept sep oct nov dec"))
_NEEDS_CAPITAL: Final = frozenset({"may", "march", "august", *_SHORT_MONTHS, *SHORT_WEEKDAYS})
_SHORT_FORMS: Final = frozenset({"a", "p", "m", "b", "c", *_SHORT_MONTHS, *SHORT_WEEKDAYS})


def tokens_of(text: str) -> Tokens:
    """Cut a paragraph into tokens.

    >>> tokens_of("On 3 May 2016, 1,200 men").words
    ('On', '3', 'May', '2016', ',', '1,200', 'men')
    """
    words, starts, letters = [], [], []
    last = ""
    for match in _TOKEN.finditer(text):
        word = match[0]
        words.append(word)
        starts.append(match.start())
        # a dot is the end of a sentence, and of every expression, unless it ends a short form
        letters.append(_OTHER if word == "." and last.lower() not in _SHORT_FORMS else _letter_of(word))
        last = word
    return Tokens(tuple(words), tuple(starts), "".join(letters))


def _letter_of(word: str) -> str:
    if not word[0].isdigit():
        if word in _QUARTER_WORDS:
            return _QUARTER
        lower = word.lower()
        if lower in _NEEDS_CAPITAL and word == lower:
            return _OTHER
        return _LETTER_OF.get(lower, _OTHER)
    if not word.isascii() and not word.endswith("½"):
        return _OTHER
    if word.isdigit():
        return _letter_of_digits(word)
    for form, letter in _NUMBER_FORMS:
        if form.fullmatch(word):
            return letter
    return _OTHER


def _letter_of_digits(word: str) -> str:
    if len(word) == 4:  # noqa: PLR2004 - four digits: a year or a clock
        return _HHMM if word.startswith("0") else _YEAR if int(word) in YEARS else _NUMBER
    if len(word) > 4:  # noqa: PLR2004 - as above
        return _NUMBER if len(word) <= LONGEST_NUMBER else _OTHER
    number = int(word)
    if len(word) <= 2:  # noqa: PLR2004 - as above
        return _SMALL if 1 <= number <= MONTHS_IN_YEAR else _TEENS if 1 <= number <= LAST_DAY else _PAIR
    return _NUMBER


def expressions_in(tokens: Tokens) -> list[Expression]:
    """The time expressions among the tokens, left to right, none overlapping another; at each place the longest.

    >>> [e.kind for e in expressions_in(tokens_of("from 8 to 9 August, three days after the late 1990s"))]
    ['calendar', 'calendar', 'shift', 'decade']
    """
    letters, words, found, at = tokens.letters, tokens.words, [], 0
    while at < len(letters):
        best: tuple[str, re.Match[str]] | None = None
        for kind, regex in _RULES_BY_LETTER.get(letters[at], ()):
            match = regex.match(letters, at)
            if match and match.end() > at and (best is None or match.end() > best[1].end()):
                best = kind, match
        if best is None:
            at += 1
            continue
        kind, match = best
        parts = {name: words[match.start(name)].lower() for name, value in match.groupdict().items() if value}
        found.append(Expression(at, match.end(), kind, parts))
        at = match.end()
    return found
