"""What stands around a time expression: whether its words tell a time here, what else belongs to it, the clause's tense."""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, Literal

from spacy.tokens import Doc, Token

from flows.extract.timex_grammar import PARTS, UNITS, WEEKDAYS, Expression, tokens_of, word_list
from flows.text.dates import MONTHS

Direction = Literal["past", "future"] | None

_PREPOSITIONS: Final = frozenset(
    word_list(
        "in since until till by from to of between and during after before early late mid around circa through "
        "throughout about over into for on this last next"
    )
)
_NUMBERED: Final = frozenset(
    word_list("$ € £ # no number resolution article flight route page section unit chapter paragraph")
)
_COUNTED: Final = frozenset(
    word_list("% percent per km kg m miles meters metres hours people troops soldiers men women")
)
# What may be old and is no person: "the two-year-old war". Ages ("a 34-year-old") are no times: TimeBank marks none.
_LASTING: Final = frozenset(
    word_list(
        "war wars conflict conflicts crisis dispute feud fighting unrest violence uprising revolt rebellion insurgency "
        "siege blockade embargo boycott standoff stalemate deadlock truce ceasefire offensive campaign occupation protest "
        "protests strike rule regime government slump recession"
    )
)
_PAPERS: Final = frozenset(
    word_list("treasury treasurys bond bonds note notes bill bills mortgage mortgages gilt gilts bund bunds")
)
PAPER_REACH: Final = 2  # tokens from "30-year" to what is
OLD_REACH: Final = 4  # tokens from "old" to what is: "the two-week-old gulf crisis"
_HYPHENATED_TO_YEARS: Final = frozenset({"mid", "post", "pre", "early", "late", "since"})
_AFTER_A_RATE: Final = frozenset({"NN", "NNS", "CD"})
SURE_YEARS: Final = range(1900, 2030)  # four digits that are rarely a count; others need a word that leads to a year
POSSIBLE_YEARS: Final = range(1000, 2100)
NEAR_YEARS: Final = 100  # or a narrative of the same century
# Months that are no other word and no common name. "August", "April" and "June" are, but rarely in lower politics.
_SURE_MONTHS: Final = frozenset(
    word_list("january february april june july august september october november december")
)
_BEFORE_SEASONS: Final = frozenset(word_list("in the this last next that since until by during over early late mid of"))
_OPENING: Final = frozenset({".", "“", '"', "•", ":", "‘", "—"})
ENDED: Final = frozenset({"ended", "ending"})  # "the year ended Sept. 30"
_CODE: Final = re.compile(r"[12]\d{3}[-–]\d\d[-–][A-Z]{1,4}[-–]\d{1,4}\W?")
_STREETS: Final = frozenset(
    word_list(
        "street st avenue ave road rd drive dr lane ln boulevard blvd court place way highway parkway pike terrace circle"
    )
)
# "a black 2001 Chrysler": the year of a model
_MAKES: Final = frozenset(
    word_list(
        "acura audi bmw buick cadillac chevrolet chevy chrysler dodge ford gmc honda hyundai infiniti jeep kia lexus mazda "
        "mercedes mercury mitsubishi nissan oldsmobile plymouth pontiac porsche saturn subaru suzuki toyota volkswagen volvo "
        "harley kawasaki yamaha"
    )
)
STREET_REACH: Final = 4  # tokens from a house's number to its street's last word: "1709 North Gordon Smith Boulevard"
CODE_TOKENS: Final = 9  # of the number with its hyphens and a mark behind it
_HYPHENS: Final = frozenset({"-", "‐", "‑"})  # "the third-quarter loss": the article is the loss's
_STAGES: Final = frozenset({"early", "mid", "late", "to", "-", "–"})
_CLOSING: Final = frozenset({",", ".", ";", ":", ")", "”", '"', "and", "—", "when"})


class ParagraphWords:
    """A paragraph's tokens beside those of spaCy, and the questions asked of them. Indices are of our tokens."""

    def __init__(self, doc: Doc, *, in_caption: bool = False) -> None:
        self.doc = doc
        self._in_caption = in_caption
        self.tokens = tokens_of(doc.text)

    @cached_property
    def _offsets(self) -> list[int]:
        """Where spaCy's tokens begin. Most paragraphs tell no time that asks for it."""
        return [token.idx for token in self.doc]

    def word(self, index: int) -> str:
        """The token in lower case, empty outside."""
        return self.tokens.words[index].lower() if 0 <= index < len(self.tokens.words) else ""

    def tag(self, index: int) -> str:
        """The Penn tag of spaCy's token that holds this one, empty outside."""
        token = self.parsed(index)
        return token.tag_ if token is not None else ""

    def parsed(self, index: int) -> Token | None:
        """The token of spaCy that holds this one."""
        if not (0 <= index < len(self.tokens.words)) or not self._offsets:
            return None
        return self.doc[max(bisect_right(self._offsets, self.tokens.starts[index]) - 1, 0)]

    def same_sentence(self, index: int, other: int) -> bool:
        """Whether no full stop stands between two tokens. spaCy often ends a sentence at "10:35 a.m."."""
        return "." not in self.tokens.words[min(index, other) : max(index, other)]

    def ends_clause(self, index: int) -> bool:
        """Whether nothing follows that "before" or "after" could lead to, as in "a day before, the army"."""
        return index >= len(self.tokens.words) or self.word(index) in _CLOSING

    def is_rate(self, expression: Expression) -> bool:
        """Whether "a day" says how often: "30 attacks a day"."""
        two_words = expression.stop - expression.start == 2  # noqa: PLR2004 - "a" and the unit
        return two_words and self.tag(expression.start - 1) in _AFTER_A_RATE

    def is_nearest(self, expression: Expression, direction: Direction) -> bool:
        """Whether the clause's tense is no guide to a weekday, and the nearest one is meant.

        So it is with what "will" or "would" be done about "Friday's vote", past or to come, and with deadlines in what was
        said or done: "gave him until Friday", "ahead of Friday's vote".
        """
        before = self.word(expression.start - 1)
        if self.word(expression.stop) in {"'", "’"} and self.word(expression.stop + 1) == "s":
            return direction == "future" or before in {"of", "before", "until", "for"}
        return direction == "past" and before in {"by", "until"}

    def is_any(self, expression: Expression) -> bool:
        """Whether no certain weekday is meant: "on a Sunday in July", "a recent Friday"; "a Sunday vote" is on a certain one."""
        before = self.word(expression.start - 1)
        article = self.word(expression.start - 2) if before == "recent" else before
        return article in {"a", "an", "one"} and not self.tag(expression.stop).startswith("N")

    def direction(self, expression: Expression) -> Direction:
        """Whether the clause tells what was or what is to come; None if its grammar does not say."""
        token = self.parsed(expression.start)
        return _direction(token, in_caption=self._in_caption) if token is not None else None

    def _glued(self, index: int) -> bool:
        """Whether no blank stands between the token and the one before it."""
        return 0 < index < len(self.tokens.words) and self.tokens.end(index - 1) == self.tokens.starts[index]

    def _is_capital(self, index: int) -> bool:
        """Whether the token has a capital that no sentence's beginning explains."""
        word = self.tokens.words[index] if 0 <= index < len(self.tokens.words) else ""
        begins = index == 0 or self.word(index - 1) in _OPENING
        return word[:1].isupper() and not begins

    # --- is it a time? ---

    def tells_time(self, expression: Expression, told_year: int | None) -> bool:
        """Whether the words tell a time here: "resolution 1559", "the Six-Day War" and "Theresa May" do not."""
        kind, parts, start, stop = expression.kind, expression.parts, expression.start, expression.stop
        if "year" in parts and self._in_code(start, stop):
            return False
        if kind == "year" and "year" in parts and "era" not in parts:
            return self._is_year(int(parts["year"]), start, stop, told_year)
        if kind == "month":
            return self._is_month(start, stop)
        if kind == "season":
            return self._is_season(parts, start, stop)
        if kind == "part":  # "Golden Dawn", "the dawn of a new age"
            return not self._is_capital(stop - 1) and not (parts["part"] == "dawn" and self.word(stop) == "of")
        if kind == "dayonly":  # "on the 20th"; not "on the 20th floor", "the 5th Brigade"
            after = self.tag(stop)
            led = self.word(start - 1) in {"on", "by", "from", "until", "since", "of"}
            return "ref" in parts or (
                led and not after.startswith(("N", "J", "CD")) and self.word(stop) not in {"-", "–"}
            )
        if kind == "calendar":
            return self._is_day(parts, start, stop)
        if kind == "feast":  # "Thanksgiving"; not "a prayer of thanksgiving"
            if self.word(start) in {"good", "palm", "ash", "boxing", "all"}:
                return stop - start > 1
            return self.word(start) != "thanksgiving" or self.tokens.words[start][0].isupper()
        if kind in {"duration", "relative", "vague", "shift", "span", "set"} and "unit" in parts:
            is_other = self._is_age(stop) or self._is_ordinal_count(start) or self._is_maturity(stop)
            return self._is_unit(kind, parts, stop) and not is_other
        if kind == "decade":
            return self._is_decade(parts, start)
        if kind == "whole":  # "the full year"; "sales for the year, ..."; not "for the year he served"
            ends = self.ends_clause(stop) or self.word(stop) in ENDED
            return stop - start > 2 or (self.word(start - 1) == "for" and ends)  # noqa: PLR2004 - "the" and the unit
        if kind in {"present", "past", "soon"}:
            return self._is_reference(start, stop)
        # "meets daily"; not "the Daily Star", and not what only says of which kind a thing is: "daily flights", "an annual
        # report". TimeBank marks the former and hardly ever the latter.
        if kind == "set" and "frequency" in parts:
            names_a_kind = self.tag(stop).startswith(("N", "J")) and self.word(stop) != "basis"
            return not (self._is_capital(start) or names_a_kind)
        return True

    def _is_year(self, year: int, start: int, stop: int, told_year: int | None) -> bool:
        before, after = self.word(start - 1), self.word(stop)
        if before in _NUMBERED or after in _COUNTED or year not in POSSIBLE_YEARS or self._is_address(stop):
            return False
        if before == "." and self.word(start - 2) == "no":
            return False
        if after in _MAKES and self._is_capital(stop) and before not in _PREPOSITIONS:
            return False
        if self._glued(start) and before.isalpha():
            return False
        if self._glued(start) and before in {"-", "–"} and self._glued(start - 1) and self.word(start - 2).isalpha():
            return self.word(start - 2) in _HYPHENATED_TO_YEARS
        if self._glued(stop) and after == "-" and self.word(stop + 1) in {"strong", "man", "member"}:
            return False
        led = (
            before in _PREPOSITIONS
            or before in {"(", "-", "–", ""}
            or self.tag(start - 1) in {"DT", "PRP$", "POS", "JJ", "IN"}
        )
        if year in SURE_YEARS:
            return led or not self.tag(stop).startswith("NNS")
        return led or (told_year is not None and abs(told_year - year) < NEAR_YEARS)

    def _is_address(self, stop: int) -> bool:
        """Whether a street follows: "in the 1500 block of", "at 1909 Blake Street"."""
        if self.word(stop) == "block":
            return True
        return self._is_capital(stop) and any(self.word(stop + ahead) in _STREETS for ahead in range(1, STREET_REACH))

    def _in_code(self, start: int, stop: int) -> bool:
        """Whether it is a piece of a release's or file's number: "2010-06-CA-051"."""
        while self._glued(start) and start > stop - CODE_TOKENS:
            start -= 1
        while self._glued(stop) and stop < start + CODE_TOKENS:
            stop += 1
        return _CODE.fullmatch("".join(self.tokens.words[start:stop])) is not None

    def _is_reference(self, start: int, stop: int) -> bool:
        """Whether words without a date tell a time: "the current truce", "recent raids"; not a stream, "the most recent"."""
        word, before = self.word(start), self.word(start - 1)
        if word == "soon":
            return before not in {"as", "how", "too", "so"} and self.word(stop) != "as"
        if word not in {"current", "recent"}:
            return True
        adjective = self.tag(start).startswith("J") and not self._is_capital(start)
        before_noun = adjective and self.tag(stop).startswith(("N", "J", "CD", "VBG"))
        # the balance of payments is the current account
        return before_noun and before not in {"more", "most"} and self.word(stop) not in {"account", "accounts"}

    def _is_decade(self, parts: dict[str, str], start: int) -> bool:
        """Whether two digits and an s are a decade: "the late 90s", "the '90s"; not "in his 20s", "in the low 60s"."""
        if len(parts.get("decade", "1990s")) > len("90s") or not self.word(start)[:1].isdigit():
            return True
        before = [self.word(start - back) for back in range(1, EXTENT + 1)]
        return next((word for word in before if word not in _STAGES), "") == "the"

    def _is_month(self, start: int, stop: int) -> bool:
        word, before = self.word(stop - 1), self.word(start - 1)
        token = self.parsed(stop - 1)
        if token is None or token.tag_ == "MD" or token.ent_type_ == "PERSON":
            return False
        if stop - start > 1:  # "last May"
            return True
        if self._is_capital(start - 1) and before not in _PREPOSITIONS:  # "the Long March", "Judge June"
            return word in _SURE_MONTHS and before in {*MONTHS, *WEEKDAYS}
        if word in _SURE_MONTHS:
            return True
        if before == "the":  # "the March on Rome"; "the May elections"
            return self.tag(stop).startswith("NN")
        return before in _PREPOSITIONS or token.ent_type_ == "DATE"

    def _is_day(self, parts: dict[str, str], start: int, stop: int) -> bool:
        if "month" not in parts:
            return False
        # "on May 4 and 5 soldiers"
        alone = stop == start + 1 and self.word(start - 1) == "and" and parts.keys() == {"day", "month"}
        return not (alone and self.tag(stop).startswith(("N", "J", "CD")))

    def _is_season(self, parts: dict[str, str], start: int, stop: int) -> bool:
        if parts.keys() & {"year", "yref", "ref"}:
            return True
        if self._is_capital(stop - 1) and self._is_capital(start - 1):  # "the Prague Spring"
            return False
        before = self.word(start - 1)
        if parts["season"] == "fall":
            return before == "the" and self.word(start - 2) == "in" and self.word(stop) != "of"
        if parts["season"] == "spring" and self.word(stop) == "of":
            return False
        if parts["season"] != "spring" and not self._is_capital(stop - 1):
            return True
        # a spring may be of water or steel, or a verb
        return before in _BEFORE_SEASONS or self.tag(stop).startswith("NN")

    def _is_unit(self, kind: str, parts: dict[str, str], stop: int) -> bool:
        unit = UNITS[parts["unit"]]
        if unit in {"Q", "N"} and kind in {"duration", "span", "vague"}:  # "three quarters of the city", "a night raid"
            return False
        if parts["unit"] == "second" and not parts.keys() & {"count", "count1"}:  # "a second attack"
            return False
        if kind == "relative" and unit in {"TS", "TM", "TH"}:
            return False
        # "the Six-Day War", "60 Minutes"; a headline in capitals says nothing
        return not self._is_capital(stop - 1) or self.tokens.words[stop - 1].isupper()

    def _is_ordinal_count(self, start: int) -> bool:
        """Whether "many" repeats a number: "the second raid in as many days"."""
        return self.word(start) == "many" and self.word(start - 1) == "as"

    def _is_maturity(self, stop: int) -> bool:
        """Whether the words name a kind of paper: "the 30-year Treasury bond"."""
        hyphenated = self.word(stop - 2) in _HYPHENS
        return hyphenated and any(self.word(stop + ahead) in _PAPERS for ahead in range(PAPER_REACH))

    def _is_age(self, stop: int) -> bool:
        """Whether the words before `stop` say how old somebody is."""
        if self.word(stop - 1) == "old":
            return not any(self.word(stop + ahead) in _LASTING for ahead in range(OLD_REACH))
        return self.word(stop) in {"older", "younger"} or (self.word(stop) == "of" and self.word(stop + 1) == "age")

    # --- what belongs to it ---

    def _has_foreign_article(self, expression: Expression) -> bool:
        """Whether the article is that of a noun to come: "a six-week war", not "a few weeks", "a hundred days"."""
        counted = expression.parts.keys() & {"count", "count1"}
        return (
            bool(counted)
            and self.word(expression.stop - 1) != "period"
            and self.word(expression.start) in {"a", "an"}
            and self.word(expression.start + 1) != "hundred"
        )

    def first_token(self, expression: Expression) -> int:
        """The expression's first token with the words before it that belong to it: "the end of April", "mid-May"."""
        window = " ".join(self.tokens.words[max(0, expression.start - EXTENT) : expression.start]).lower()
        if expression.kind == "duration" and self._has_foreign_article(expression):
            return expression.start + 1
        if expression.kind in _WHOLE_ALONE or self.word(expression.stop - 1) == "period":  # "over a three-year period"
            return expression.start
        pattern = _BEFORE_AMOUNT if expression.kind in _AMOUNTS else _BEFORE_DATE
        if expression.kind == "span":
            pattern = _BEFORE_SPAN
        elif expression.kind == "clock":
            pattern = _BEFORE_CLOCK
        elif expression.kind in {"calendar", "year", "month"} and self.word(expression.start - 1) in {
            "around",
            "circa",
        }:
            return expression.start - 1
        match = pattern.search(f" {window}")
        opens_with_part = self.word(expression.start) in PARTS  # "the morning of 3 May"
        modifies = expression.kind in {"quarter", "yearago"} and self.word(expression.stop - 2) in _HYPHENS
        with_article = (expression.kind in _WITH_ARTICLE and not modifies) or opens_with_part
        if match is None and with_article and self.word(expression.start - 1) == "the":
            return expression.start - 1
        return expression.start - len(match[0].split()) if match else expression.start


EXTENT: Final = 5  # tokens before an expression that may belong to it: "in the early part of the"
_AMOUNTS: Final = frozenset({"duration", "shift", "vague"})
_WITH_ARTICLE: Final = frozenset(
    {"season", "relative", "decade", "century", "quarter", "yearago", "half", "unitof", "span", "part"}
)
_WHOLE_ALONE: Final = frozenset({"present", "past", "recent", "future", "set", "whole"})
_BEFORE_DATE: Final = re.compile(
    r" (?:(?:the )?(?:very )?(?:end|beginning|start|middle|close|rest|eve|turn) of(?: the)?"
    r"|(?:the )?(?:latter|first|second|early|later|last|final) (?:half|part|hours|days|weeks|months|years) of(?: the)?"
    r"|(?:the )?(?:early|late|mid|earlier|later)(?: [-–]| in| on)?(?: the)?)$"
)
_BEFORE_AMOUNT: Final = re.compile(
    r" (?:(?:more|less|fewer|longer) than|at (?:least|most)|(?:just |only )?(?:about|almost|around|nearly|over|under"
    r"|some|roughly|approximately)|just|only|up to)$"
)

_BEFORE_CLOCK: Final = re.compile(r" (?:about|almost|around|nearly|roughly|approximately)$")
_BEFORE_SPAN: Final = re.compile(
    r" (?:(?:more|less|fewer|longer) than|at (?:least|most)|just|only)(?: the)?$"
)  # not "over the"


# --- which way a clause looks ----------------------------------------------------------------------------------------

CLIMB: Final = 12  # steps from a word to the verb above it
_MODALS: Final = frozenset({"will", "'ll", "’ll", "shall", "would", "could", "may", "might", "can", "must", "should"})
_AHEAD: Final = frozenset(
    word_list(
        "due set expect schedule plan slate prepare intend go hope vow likely ready poise aim want urge call be "
        "upcoming forthcoming planned scheduled expected"
    )
)
_COMING: Final = frozenset({"upcoming", "forthcoming", "planned", "scheduled", "coming", "expected"})
_TIMETABLE: Final = frozenset(  # "talks begin on Thursday"
    word_list(
        "begin start open expire end resume meet vote hear go head travel fly leave return arrive visit appear host plan "
        "expect schedule intend"
    )
)
_PLANNING: Final = frozenset({"schedule", "slate"})  # "has scheduled talks on Thursday"
COPULA_REACH: Final = (
    2  # steps to "is": "the vote is on Thursday"; not "he is in hospital since the attack on Thursday"
)


def _direction(token: Token, *, in_caption: bool) -> Direction:
    node = token
    for steps in range(CLIMB):
        if node.pos_ == "NOUN" and any(child.lower_ in _COMING for child in node.children):
            return "future"
        if node.pos_ == "ADJ" and node.lower_ == "due":
            return "future"
        if node.pos_ in {"VERB", "AUX"}:
            found = _tense(node)
            if found:
                return found
            if not in_caption and _is_timetable(node, steps):
                return "future"
        if node.head is node:
            return None
        node = node.head
    return None


def _tense(verb: Token) -> Direction:
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    if any(child.lower_ in _MODALS for child in helpers):
        return "future"
    if any(child.tag_ == "TO" for child in helpers):
        return "future" if verb.head.lemma_.lower() in _AHEAD else None
    if verb.lemma_ in _PLANNING and not any(child.lower_ == "had" for child in helpers):
        return "future"
    if verb.dep_ == "pcomp" and verb.head.lower_ == "after":
        # "is recovering after being shot on Friday"; "will speak after meeting her on Friday" is to come
        main = verb.head.head
        coming = any(child.lower_ in _MODALS or child.tag_ == "TO" for child in main.children if child.dep_ == "aux")
        return None if coming else "past"
    was = any(child.tag_ == "VBD" for child in helpers)
    if verb.tag_ == "VBD" or was or any(child.lower_ in {"has", "have"} for child in helpers):
        return "past"
    if verb.tag_ == "VBN" and verb.lemma_ not in _AHEAD:
        return "past" if verb.dep_ == "acl" else None  # "the man arrested on Thursday will appear in court"
    if verb.tag_ == "VBN" and verb.lemma_ == "aim":
        return None  # "carried out raids aimed at rebels on Thursday"
    moving = verb.tag_ == "VBG" and any(child.lower_ in {"is", "are", "'s", "’s", "'re", "’re"} for child in helpers)
    return "future" if verb.tag_ == "VBN" or moving else None


def _is_timetable(verb: Token, steps: int) -> bool:
    """Whether the present tense says what is to come: "talks begin on Thursday", "the vote is on Thursday".

    Captions tell in the present tense what was.
    """
    if verb.tag_ not in {"VBZ", "VBP"}:
        return False
    return verb.lemma_ in _TIMETABLE or (verb.lemma_ == "be" and 0 < steps <= COPULA_REACH)
