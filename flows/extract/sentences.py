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


# A stop (or several) with the quotation marks and brackets that close after it. Each part is one run of a fixed class, so
# text without stops costs one scan.
STOP = re.compile(r"[.!?…。؟]+[\"'”’»)\]]*")
OPENING = "\"'“‘«([—–-•*"

# Never the last word of a sentence: what they shorten follows.
BEFORE_NAMES = frozenset(
    """adm amb apt atty ave brig capt cdr cmdr col comdr cpl dept det dr drs est ex flt fr ft gen gov govt hon insp jr lt ltd
    maj messrs mgr mlle mme mr mrs ms mt no nos pfc pl pres prof pvt rep reps rev sen sens sgt sr st ste supt univ viz vol vs
    spc sgt-maj fig figs pp cf al""".split()
)
# May end a sentence: they do when a capital follows that is not a name's.
MAY_END = frozenset("co corp inc ltd jr sr etc bros plc pm am p.m a.m e.g i.e approx".split())
MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
# Words that open sentences and no names: after "U.S." or "Inc." they tell a new sentence from a name that goes on.
OPENERS = frozenset(
    """a after all also although an and another any as at both but by despite during each earlier even every few for from he her here his
    how however i if in instead it its last later many meanwhile more most my no nor not now of officials on once one only other others
    our over people several she since so some such that the their then there these they this those though three thus to two under until we what
    when where whether which while who why with without yet you your according""".split()
)
SPEECH = frozenset("said says asked asks told wondered shouted cried added replied wrote chanted".split())
# How many words after a question in quotation marks may name its speaker before the word of saying.
SPEAKER_WORDS = 5
WINDOW = 80  # characters looked at on each side of a stop: a longer word is no abbreviation
INITIAL = re.compile(r"(?:^|[\s.(\"“‘'’-])[^\W\d_]$")
ACRONYM = re.compile(r"(?:^|[^\w.])(?:[^\W\d_]\.)+[^\W\d_]$")
LAST_WORD = re.compile(r"[^\s(\[\"“‘]*$")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def find_sentences(reading: Reading) -> list[Sentence]:
    """The sentences of every paragraph, in order, without surrounding blanks; none crosses a paragraph."""
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
    start = 0
    for stop in STOP.finditer(text):
        end = _end_of(text, stop)
        if end is None or not text[start:end].strip():
            continue
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


def _end_of(text: str, stop: re.Match[str]) -> int | None:
    """Where the sentence ends that this stop closes; None if it closes none."""
    end = stop.end()
    marks = stop.group().rstrip("\"'”’»)]")
    before = text[max(0, stop.start() - WINDOW) : stop.start()]
    if end < len(text) and not text[end].isspace():
        return _end_without_blank(text, stop, before, marks)
    after = text[end : end + WINDOW].lstrip()
    if not after:
        return None
    opening = after.lstrip(OPENING + " ")
    first = WORD.match(opening)
    if first is None or opening[0].islower():
        return None
    word = first.group()
    closes_quotation = stop.group() != marks
    if marks[0] in "!?":
        return None if closes_quotation and _is_spoken_by(opening) else end
    if marks == "." and not closes_quotation:
        return None if _is_abbreviation(before, word, is_opened=opening != after) else end
    return end


def _end_without_blank(text: str, stop: re.Match[str], before: str, marks: str) -> int | None:
    """Scraped text loses blanks: "the region.Meanwhile" are two sentences, "example.com", "3.5" and "U.S.A" are not."""
    following = text[stop.end() : stop.end() + 2]
    word = LAST_WORD.search(before)
    is_word = word is not None and len(word.group()) > 2 and word.group()[-1].islower() and "." not in word.group()  # noqa: PLR2004 - "St", "Lt" are shorter
    starts = following[0].isupper() and following[1:].islower()
    return (
        stop.end()
        if is_word and starts and len(marks) == 1 and word is not None and word.group().lower() not in BEFORE_NAMES
        else None
    )


def _is_spoken_by(opening: str) -> bool:
    """Whether what follows a quoted question is its speaker and a word of saying, as in "Mr Haar asked"."""
    words = [word.group().lower() for word in WORD.finditer(opening)][:SPEAKER_WORDS]
    return any(word in SPEECH for word in words) and words[0] not in OPENERS - {"he", "she", "they", "one"}


def _is_abbreviation(before: str, following: str, *, is_opened: bool) -> bool:
    """Whether the point after `before` belongs to an abbreviation that `following` continues."""
    found = LAST_WORD.search(before)
    last = found.group().lower() if found else ""
    opens = following.lower() in OPENERS or is_opened
    if last in BEFORE_NAMES and last not in MAY_END:
        # "No. 5" but "He said no."
        return following[0].isdigit() if last in ("no", "nos", "vol", "fig", "figs", "pp") else True
    if last in MONTHS:
        return following[0].isdigit()
    if ACRONYM.search(before) or last in MAY_END:
        return not opens
    if INITIAL.search(before) and before[-1].isupper():
        # "J. Haar", but "plan B. The"
        return not opens
    return False
