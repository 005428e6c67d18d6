"""quotes: stretches of direct speech, who said them, and the word of saying."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from flows.extract.attribution import NOBODY, Attribution, Said
from flows.extract.cues import Names, Passage
from flows.extract.reading import Reading
from flows.text.spans import QuotedSpan, quoted_spans


@dataclass(frozen=True)
class Quote:
    """One stretch of quoted speech.

    Attributes:
        start_char: offset of the first character inside the marks.
        end_char: offset of the closing mark.
        form: speech or fragment.
        speaker: fullest name or description; None rather than a guess.
        speaker_start_char: where the words that name the speaker begin.
        speaker_end_char: where they end, exclusive.
        cue: the word of saying, as written.
        continues: whether it goes on with the utterance of the quotation before it: “A,” he said. “B”, or the next
            paragraph of one speech.
    """

    start_char: int
    end_char: int
    form: str
    speaker: str | None = None
    speaker_start_char: int | None = None
    speaker_end_char: int | None = None
    cue: str | None = None
    continues: bool = False


SPEECH, FRAGMENT = "speech", "fragment"

MIN_WORDS = 3  # shorter ones are scare quotes and terms (GUIDELINES)
MOST_REPEATS = 50  # headings whose quotation is sought in the body: a page has a few, each search reads all of it
FORM_REACH = 30  # characters before the mark that tell whether a sentence begins there
HEADING_WORDS = 5  # a line of its own in marks, without a verb: up to so many are a heading
CUE_REACH = 8  # tokens after the mark in which the word of saying stands, where the page lacks the comma before it
INTERRUPTION_CHARS = 200  # the longest clause of saying between two parts of one utterance, with the speaker's titles
NAMING_REACH = 40  # characters before the mark in which words of naming stand
_WORD = re.compile(r"\w[\w'’.-]*")
_FIRST_LETTER = re.compile(r"[^\W_]")
_STOPS = ".!?…"
# what a quotation ends in when the writer lets it be a sentence: the comma is American style, others put it after the mark
_PAUSES = _STOPS + ",;:—–-"
# a word after the closing mark that goes on with the writer's sentence and names nobody
_WRITERS_NEXT = frozenset({"ADP", "SCONJ", "CCONJ", "AUX", "PART", "VERB"})
# “the recognition that we lack the means”: a clause that hangs on a noun makes no sentence
_DEPENDENT = frozenset({"relcl", "acl", "advcl", "pcomp"})
# what stands before a name, a title or a term in quotation marks
_NAMING = re.compile(
    r"\b(?:so-called|known as|entitled|titled|dubbed|nicknamed|code-?named|named|headlined"
    r"|(?:film|movie|book|novel|song|album|show|series|magazine|play|programme|program|slogan|operation|term|phrase|word)s?)"
    r",?\s*$",
    re.IGNORECASE,
)
# small words that titles leave in lower case
_MINOR = frozenset(
    [
        "a",
        "an",
        "the",
        "that",
        "of",
        "and",
        "or",
        "for",
        "to",
        "in",
        "on",
        "at",
        "by",
        "with",
        "from",
        "is",
        "as",
        "vs",
        "de",
        "la",
    ]
)


def find_quotes(reading: Reading) -> list[Quote]:
    """Every quotation of three words or more, in order, none overlapping another.

    A speech of several paragraphs is one quotation a paragraph, each with the same speaker. Names of works and things
    in quotation marks are left out where their capitals or the words before them tell. Offsets are characters of
    documents.text, without the marks. Raises nothing.

    >>> from flows.extract.document import read_page
    >>> from flows.extract.reading import Page
    >>> text = 'The "truce" holds. "We go home now," said Anna Berg.'
    >>> reading, _ = read_page(Page("d", text, None, ((0, len(text), "body"),)))
    >>> [(text[found.start_char : found.end_char], found.speaker, found.cue) for found in find_quotes(reading)]
    [('We go home now,', 'Anna Berg', 'said')]
    """
    text = reading.page.text
    spans = quoted_spans(text, [(p.start_char, p.end_char) for p in reading.paragraphs])
    if not any(spans):
        return []
    sentence_starts = [sentence.start_char for sentence in reading.sentences]
    passages = [Passage(p, s, sentence_starts) for p, s in zip(reading.paragraphs, spans, strict=True)]
    said_by = Attribution(passages, Names(reading)).said
    found: list[Quote] = []
    kept: tuple[int, int] | None = None  # passage and quotation of the row before
    for p, passage in enumerate(passages):
        for q, span in enumerate(passage.quotes):
            said = said_by.get((p, q), NOBODY)
            before = (p, q - 1) if q else (p - 1, len(passages[p - 1].quotes) - 1)
            continues = (
                kept == before
                and _name(said) == found[-1].speaker
                and (
                    _is_interrupted(text, passage, passage.quotes[q - 1], span, said_by.get(before, NOBODY), said)
                    if q
                    else span.continues
                )
            )
            form = SPEECH if continues and found[-1].form == SPEECH else _form(text, passage, span, said)
            if not _is_quotation(text, passage, span, said, form):
                continue
            kept = (p, q)
            # a parse takes a quote mark or a bullet for who speaks, too
            speaker = said.speaker if said.speaker and any(map(str.isalpha, said.speaker.name or "")) else None
            found.append(
                Quote(
                    start_char=span.start,
                    end_char=span.end,
                    form=form,
                    speaker=speaker.name if speaker else None,
                    speaker_start_char=speaker.start_char if speaker else None,
                    speaker_end_char=speaker.end_char if speaker else None,
                    cue=said.cue,
                    continues=continues,
                )
            )
    bodies = [(p.start_char, p.end_char) for p in reading.paragraphs if p.label == "body"]
    return _with_speakers_of_repeats(text, found, bodies)


def _with_speakers_of_repeats(text: str, quotes: list[Quote], bodies: list[tuple[int, int]]) -> list[Quote]:
    """Give a headline's or caption's quotation the speaker of the body's quotation that has the same words."""
    starts = [start for start, _ in bodies]

    def in_body(quote: Quote) -> bool:
        at = bisect_right(starts, quote.start_char) - 1
        return at >= 0 and quote.end_char <= bodies[at][1]

    nameless = [q for q in quotes if q.speaker is None and not in_body(q)][:MOST_REPEATS]
    told = [q for q in quotes if q.speaker is not None and in_body(q)] if nameless else []
    spoken = [(_folded(text[q.start_char : q.end_char]), q) for q in told]
    repeated: dict[Quote, Quote] = {}
    for quote in nameless:
        words = _folded(text[quote.start_char : quote.end_char])
        original = next((q for body_words, q in spoken if words in body_words), None)
        if original is not None:
            repeated[quote] = replace(
                quote,
                speaker=original.speaker,
                speaker_start_char=original.speaker_start_char,
                speaker_end_char=original.speaker_end_char,
            )
    told_again = [repeated.get(quote, quote) for quote in quotes]
    # a part that got a speaker goes on with no part that got none
    return [
        replace(quote, continues=False) if quote.continues and quote.speaker != told_again[i - 1].speaker else quote
        for i, quote in enumerate(told_again)
    ]


def _folded(words: str) -> str:
    return " " + " ".join(re.findall(r"\w+", words.casefold())) + " "


def _name(said: Said) -> str | None:
    return said.speaker.name if said.speaker else None


def _is_interrupted(
    text: str, passage: Passage, before: QuotedSpan, span: QuotedSpan, said_before: Said, said: Said
) -> bool:
    """Whether only a clause of saying parts two quotations, as in “A,” he said. “B” and in “A,” she said, “b”.

    The clause ends in a mark or in its word of saying: with more before the next quotation the writer leads on to that one.
    """
    between = text[before.closed_at : span.opened_at].strip()
    if not between or len(between) > INTERRUPTION_CHARS or said_before.cue is None:
        return False
    first = passage.token_from(before.closed_at)
    inner = passage.doc[first : passage.token_from(span.opened_at)]
    cue = said_before.cue.split()[0]
    if cue not in {token.text for token in inner} or _is_grafted_on(text, passage, before, said_before):
        return False
    if between[-1] not in _PAUSES and not between.endswith(cue):
        return False
    if next((t.pos_ for t in inner if t.is_alpha), "CCONJ") in {"CCONJ", "SCONJ"}:
        return False  # “A,” and she said “B” are two
    if any(token.text in _STOPS and token.is_sent_end for token in inner[:-1]):
        return False
    # a sentence of its own with a clause of saying of its own is another utterance: “A,” he said. “B,” he added.
    return between[-1] not in _STOPS or said.cue is None


def _is_quotation(text: str, passage: Passage, span: QuotedSpan, said: Said, form: str) -> bool:
    words = _WORD.findall(text[span.start : span.end])
    if len(words) < MIN_WORDS:
        return False
    if _NAMING.search(text[max(passage.start_char, span.opened_at - NAMING_REACH) : span.opened_at]):
        return False
    if passage.label == "headline":
        return True
    if form == FRAGMENT and said.speaker is None and said.cue is None and not _has_verb(passage, span):
        return False  # “rules of the road”: a term that nobody is said to have used
    # a speech ends in a comma or a full stop inside its marks; a title may too (American style), so capitals decide
    return (form == SPEECH and said.cue is not None) or not _is_title(words)


def _has_verb(passage: Passage, span: QuotedSpan) -> bool:
    return any(_is_finite(token) for token in _tokens(passage, span))


def _has_clause(passage: Passage, span: QuotedSpan) -> bool:
    """Whether there is a subject's verb that is neither the first word nor in a clause that hangs on another word."""
    return any(_is_finite(token) and token.dep_ not in _DEPENDENT for token in _tokens(passage, span)[1:])


def _tokens(passage: Passage, span: QuotedSpan) -> Span:
    return passage.doc[passage.token_from(span.start) : passage.token_from(span.end)]


def _is_finite(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"} and token.morph.get("VerbForm", []) == ["Fin"]


def _is_title(words: list[str]) -> bool:
    return words[0][:1].isupper() and all(w[:1].isupper() or w[:1].isdigit() or w.lower() in _MINOR for w in words)


def _form(text: str, passage: Passage, span: QuotedSpan, said: Said) -> str:
    """speech: a sentence or more. fragment: words quoted inside the writer's sentence, however many."""
    if span.continues or span.continued:
        return SPEECH
    if _is_grafted_on(text, passage, span, said):
        return FRAGMENT
    has_verb = _has_verb(passage, span)
    if said.cue is None and not has_verb and _is_heading(passage, span):
        return FRAGMENT
    before = text[max(passage.start_char, span.opened_at - FORM_REACH) : span.opened_at].rstrip()
    words = text[span.start : span.end]
    # “[W]e go”, “(He) goes”, “… they go”: the first letter tells; at a paragraph's head so does the place
    letter = _FIRST_LETTER.search(words)
    begins = letter is not None and not letter[0].islower()
    own_start = not before or before[-1] in ".!?:…,—–-”\"’'" or before.endswith((" said", " says"))
    if own_start and (begins or (not before and has_verb)) and (has_verb or words[-1] in ".!?,"):
        return SPEECH
    # X said “it is over” is a sentence of X's; X said that “it is over” is the writer's
    if said.cue is not None and before.rstrip(",: ").endswith(said.cue) and _has_clause(passage, span):
        return SPEECH
    return FRAGMENT


def _is_heading(passage: Passage, span: QuotedSpan) -> bool:
    """Whether a few words in marks are a line of their own: ‘A healthy town’ between two paragraphs."""
    own = passage.text.strip().strip("\"“”'‘’.")
    words = passage.text[span.start - passage.start_char : span.end - passage.start_char]
    return own == words.strip("\"“”'‘’.") and len(words.split()) <= HEADING_WORDS


def _is_grafted_on(text: str, passage: Passage, span: QuotedSpan, said: Said) -> bool:
    """Whether the writer's sentence goes on where the quotation ends: “We are happy” about the vote, she said.

    “We are happy” she said lacks only its comma: the word of saying follows before any other mark.
    """
    words = text[span.start : span.end].rstrip("\"”’'»)]")
    if not words or words[-1] in _PAUSES:
        return False
    first = passage.token_from(span.closed_at)
    if first >= len(passage.doc) or not passage.doc[first].text[0].islower():
        return False
    cue = said.cue.split()[0] if said.cue else None
    follower = passage.doc[first]
    if follower.text == cue:
        return False
    if follower.pos_ in _WRITERS_NEXT:
        return True
    for token in passage.doc[first : first + CUE_REACH]:
        if token.text == cue:
            return False
        if token.is_punct:
            break
    return True
