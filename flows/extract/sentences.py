"""sentences: of headlines, subheads, captions and bodies.

Rules over the marks, not the parser's guess: on the development pages the parser cut after "Gen." and "U.S." and within
quotations, and it runs two sentences into one where scraping has lost the blank between them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Sentence:
    """One sentence: half-open offsets into the document's text."""

    start_char: int
    end_char: int


# A stop (or several) with what closes after it: quotation marks and brackets, and the numbers of footnotes. Each part is one
# run of a fixed class, so text without stops costs one scan.
STOP = re.compile(r"[.!?…。！？｡؟۔।]+[\"'”’»)\]]*(?:\[\d{1,3}\])*")
CLOSING = "\"'”’»)]"
OPENING = "\"'“‘«`([—–-•*@#"
DASHES = frozenset("–—-")
QUOTATION_MARKS = frozenset("\"'“‘«`")
ALWAYS_ENDS = frozenset("。！？｡۔।")  # full stops of scripts without capitals, often without a blank after them
# A closing mark that a blank parts from its stop: “It is over. ” said so, or in tokenized text ``It is over. ''
LATE_CLOSING = re.compile(r"[ \u00a0]+(?P<mark>''|[\"”»])(?=\s|$)")
NO_WORDS = re.compile(r"[\s\"'“‘«`(\[*•–—-]*")
# "1. Open the gate.": all that stands before the point
ENUMERATION = re.compile(NO_WORDS.pattern + r"(?:\d{1,3}|[A-Z])")

# Never the last word of a sentence: what they shorten follows.
BEFORE_NAMES = frozenset(
    """adm amb apt atty ave brig capt cdr cmdr col comdr cpl dept det dr drs est ex flt fr ft gen gov govt hon insp jr lt ltd
    maj messrs mgr mlle mme mr mrs ms mt no nos pfc pl pres prof pvt rep reps rev sen sens sgt sr st ste supt univ viz vol vs
    spc sgt-maj fig figs pp cf al ca""".split()
)
# May end a sentence: they do when a capital follows that is not a name's.
MAY_END = frozenset("co corp inc ltd etc bros plc e.g i.e approx st ave blvd dept govt univ ft mt".split())
CLOCK = frozenset("am pm a.m p.m".split())
# "5 p.m. Monday", "5 p.m. EST", "5 p.m. Moscow time" go on; with another capital the next sentence begins
AFTER_CLOCK = re.compile(
    r"(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|(?:local|eastern|central|pacific)\b)"
    r"|\d|(?:[A-Z]{1,3}T|UTC)\b|(?:[^\W_]+\s){1,2}time\b"
)
# A name goes on after them with a bracket or a dash ("Tampa, Fla. (AP)", "R-Ariz. –"), with a capital the next sentence begins.
BEFORE_BRACKETS = frozenset(
    """ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va
    vt wash wis wyo jr sr""".split()
)
# "Luther King Jr. Boulevard": what else follows "Jr." and a blank in capitals is the next sentence
NAMED_AFTER = frozenset(
    """avenue ave blvd boulevard bridge center centre children's children’s college day dr drive elementary expressway foundation freeway hall high
    highway hospital library memorial middle park parkway plaza prize road school square st street university way""".split()
)
BEFORE_NUMBERS = frozenset("no nos vol fig figs pp ca p c b d rs dlr dlrs".split())
SMALL_LETTERS = frozenset("pcbd")  # "p. 5", "c. 1950", but "Plan B. The" and "J. B. Haar"
MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
# Words that open sentences and no names: after "U.S." or "Inc." they tell a new sentence from a name that goes on.
OPENERS = frozenset(
    """a after all also although an and another any as at both but by despite during each earlier even every few for from he her here his
    how however i if in instead it its last later many meanwhile more most my no nor not now of officials on once one only other others
    our over people several she since so some still such that the their then there these they this those though three thus to two under until we what
    when where whether which while who why with without yet you your according""".split()
)
SPEECH = frozenset("said says asked asks told wondered shouted cried added replied wrote chanted".split())
# How many words after a question in quotation marks may name its speaker before the word of saying.
SPEAKER_WORDS = 5
NEXT_QUOTATION = re.compile(r"[!?:\"“”„«»]")
SHORTEST_WORD = 3  # letters before a point without a blank: "St.Petersburg", "Lt.Haar" have fewer
WINDOW = 80  # characters looked at on each side of a stop: a longer word is no abbreviation
INITIAL = re.compile(r"(?:^|[\s.(\"“‘'’-])[^\W\d_]$")
INITIAL_FIRST = re.compile(r"[^\W\d_]\.")
ACRONYM = re.compile(r"(?:^|[^\w.])(?:[^\W\d_]\.)+[^\W\d_]$")
LAST_WORD = re.compile(r"[^\s(\[\"“‘:/–—]*$")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def find_sentences(reading: Reading) -> list[Sentence]:
    r"""The sentences of every paragraph, in order, without surrounding blanks; none crosses a paragraph.

    One row for each, none overlapping another: every word of a headline, subhead, caption or body is in one. Offsets are
    characters of documents.text. Raises nothing.

    >>> from flows.extract.document import read_page
    >>> from flows.extract.reading import Page
    >>> text = "Talks go on\nGen. Haar left. Why?"
    >>> reading, _ = read_page(Page("d", text, None, ((0, 11, "headline"), (12, 32, "body"))))
    >>> [text[found.start_char : found.end_char] for found in find_sentences(reading)]
    ['Talks go on', 'Gen. Haar left.', 'Why?']
    """
    return [
        Sentence(paragraph.start_char + start, paragraph.start_char + end)
        for paragraph in reading.paragraphs
        for start, end in sentence_spans(reading.page.text[paragraph.start_char : paragraph.end_char])
    ]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence of one paragraph, without surrounding blanks.

    >>> text = 'The U.S. envoy met Gen. Haar. "Why now?" she asked. It took 2.5 hours...'
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['The U.S. envoy met Gen. Haar.', '"Why now?" she asked.', 'It took 2.5 hours...']
    """
    start = counted = marks = 0
    cased = any(character.isupper() for character in text)
    for stop in STOP.finditer(text):
        marks += text.count('"', counted, stop.start())
        counted = stop.start()
        end = _end_of(text, start, stop, is_quoted=marks % 2 == 1, cased=cased)
        if end is not None:
            yield _stripped(text, start, end)
            start = end
    if text[start:].strip():
        yield _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end


def _end_of(text: str, start: int, stop: re.Match[str], *, is_quoted: bool, cased: bool) -> int | None:
    """Where the sentence from `start` ends that this stop closes; None if it closes none.

    Args:
        text: the paragraph.
        start: where its last sentence ended.
        stop: the stop with what closes after it.
        is_quoted: whether an odd number of straight quotation marks stands before the stop.
        cased: whether the paragraph has a capital at all; without, a small letter may begin a sentence.
    """
    end = stop.end()
    marks = stop.group().rstrip("0123456789[]").rstrip(CLOSING)
    before = text[max(start, stop.start() - WINDOW) : stop.start()]
    is_near = stop.start() - start < WINDOW
    if is_near and NO_WORDS.fullmatch(text, start, stop.start()):
        return None  # “... and we stay”
    if marks[0] in ALWAYS_ENDS:
        return end
    late = LATE_CLOSING.match(text, end)
    if late is not None and (late["mark"] != '"' or is_quoted):
        end = late.end()
    closes_quotation = end > stop.start() + len(marks)
    if end < len(text) and not text[end].isspace():
        return _end_without_blank(text, stop, before, marks, is_quoted=is_quoted)
    after = text[end : end + WINDOW].lstrip()
    if not after:
        return None
    opening = after.lstrip(OPENING + (" …." if after[0] in QUOTATION_MARKS else " "))
    first = WORD.match(opening)
    if first is None or (opening[0].islower() and (cased or closes_quotation)):
        return None
    word = first.group()
    if marks[0] in "!?":
        return None if _goes_on_after_question(opening, word, closes_quotation=closes_quotation) else end
    if marks != "." or (closes_quotation and stop.group() != ".)"):
        return end
    if is_near and ENUMERATION.fullmatch(text, start, stop.start()):
        return None
    return None if _is_abbreviation(before, after, word, is_bracketed=closes_quotation) else end


def _end_without_blank(text: str, stop: re.Match[str], before: str, marks: str, *, is_quoted: bool) -> int | None:
    """Scraped text loses blanks: "the region.Meanwhile" are two sentences, "example.com", "3.5" and "U.S.A" are not."""
    end = stop.end()
    if stop.group() == marks + '"' and not is_quoted:
        end -= 1  # the town."We stay," she said: the mark opens the next sentence
    is_opened = text[end] in QUOTATION_MARKS
    following = text[end : end + 3].lstrip('"“‘«')[:2]
    begins = following[:1].isupper() and (is_opened or following[1:].islower() or following in {"A ", "I "})
    found = LAST_WORD.search(before)
    word = found.group() if found else ""
    is_word = len(word) >= SHORTEST_WORD and word[-1].islower() and "." not in word and word.lower() not in BEFORE_NAMES
    return end if is_word and begins and len(marks) == 1 else None


def _goes_on_after_question(opening: str, word: str, *, closes_quotation: bool) -> bool:
    """“Why?” Mr Haar asked · Yahoo! Inc."""
    return _is_spoken_by(opening) if closes_quotation else word.lower() in MAY_END


def _is_spoken_by(opening: str) -> bool:
    """Whether what follows a quoted question is its speaker and a word of saying, as in "Mr Haar asked"."""
    next_mark = NEXT_QUOTATION.search(opening)
    if next_mark is not None and next_mark.group() == ":":
        return False  # “Why?” They said: “No.”
    clause = opening[: next_mark.start()] if next_mark else opening
    words = [word.group().lower() for word in WORD.finditer(clause)][:SPEAKER_WORDS]
    return any(word in SPEECH for word in words) and words[0] not in OPENERS - {"he", "she", "they", "one"}


def _is_abbreviation(before: str, after: str, following: str, *, is_bracketed: bool) -> bool:
    """Whether the point belongs to an abbreviation that `after`, whose first word is `following`, continues.

    `is_bracketed`: whether a bracket closes after the point, as in "The Joplin (Mo.) Globe".
    """
    found = LAST_WORD.search(before)
    written = found.group().lstrip("'’") if found else ""
    last = written.lower()
    title = last.rpartition("-")[2]  # then-Sen. Velin, R-Ariz.
    is_aside = after[0] == "(" or after[0] in DASHES
    # "N.J. — It rained" is one sentence, "5 p.m. (It rained.)" are two
    opens = after[0] in QUOTATION_MARKS or (
        following.lower() in OPENERS and after[0] not in DASHES and not INITIAL_FIRST.match(after)
    )
    if title in BEFORE_BRACKETS:
        if is_aside or is_bracketed:
            return written[0].isupper() and not (opens and not is_aside)
        return last in {"jr", "sr"} and following.lower() in NAMED_AFTER
    if written == "v":
        return True  # Haar v. State
    if last in BEFORE_NUMBERS and (len(last) > 1 or written in SMALL_LETTERS):
        return following[0].isdigit()  # "No. 5" but "He said no."
    if title in BEFORE_NAMES and title not in MAY_END:
        return True
    if last in MONTHS:
        return following[0].isdigit()
    if last in CLOCK:
        return not opens and (is_aside or AFTER_CLOCK.match(after) is not None)
    if ACRONYM.search(before) or title in MAY_END:
        return not opens
    if INITIAL.search(before) and (before[-1].isupper() or following[0].islower()):
        return not opens  # "J. Haar", but "plan B. The"
    return False
