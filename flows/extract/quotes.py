"""quotes: stretches of direct speech, who said them, and the word of saying."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

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
    """

    start_char: int
    end_char: int
    form: str
    speaker: str | None = None
    speaker_start_char: int | None = None
    speaker_end_char: int | None = None
    cue: str | None = None


SPEECH, FRAGMENT = "speech", "fragment"

MIN_WORDS = 3  # shorter ones are scare quotes and terms (GUIDELINES)
MOST_REPEATS = 50  # headings whose quotation is sought in the body: a page has a few, each search reads all of it
FORM_REACH = 30  # characters before the mark that tell whether a sentence begins there
NAMING_REACH = 40  # characters before the mark in which words of naming stand
_WORD = re.compile(r"\w[\w'’.-]*")
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
    in quotation marks are left out where their capitals or the words before them tell.
    """
    text = reading.page.text
    spans = quoted_spans(text, [(p.start_char, p.end_char) for p in reading.paragraphs])
    if not any(spans):
        return []
    sentence_starts = [sentence.start_char for sentence in reading.sentences]
    passages = [Passage(p, s, sentence_starts) for p, s in zip(reading.paragraphs, spans, strict=True)]
    said_by = Attribution(passages, Names(reading)).said
    found: list[Quote] = []
    for p, passage in enumerate(passages):
        for q, span in enumerate(passage.quotes):
            said = said_by.get((p, q), NOBODY)
            form = _form(text, passage, span, said)
            if not _is_quotation(text, passage, span, said, form):
                continue
            speaker = said.speaker if said.speaker and said.speaker.name else None
            found.append(
                Quote(
                    start_char=span.start,
                    end_char=span.end,
                    form=form,
                    speaker=speaker.name if speaker else None,
                    speaker_start_char=speaker.start_char if speaker else None,
                    speaker_end_char=speaker.end_char if speaker else None,
                    cue=said.cue,
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
    return [repeated.get(quote, quote) for quote in quotes]


def _folded(words: str) -> str:
    return " " + " ".join(re.findall(r"\w+", words.casefold())) + " "


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
    tokens = passage.doc[passage.token_from(span.start) : passage.token_from(span.end)]
    return any(t.pos_ in {"VERB", "AUX"} and t.morph.get("VerbForm", []) == ["Fin"] for t in tokens)


def _is_title(words: list[str]) -> bool:
    return words[0][:1].isupper() and all(w[:1].isupper() or w[:1].isdigit() or w.lower() in _MINOR for w in words)


def _form(text: str, passage: Passage, span: QuotedSpan, said: Said) -> str:
    """speech: a sentence or more. fragment: words quoted inside the writer's sentence."""
    if span.continues or span.continued:
        return SPEECH
    has_verb = _has_verb(passage, span)
    before = text[max(passage.start_char, span.opened_at - FORM_REACH) : span.opened_at].rstrip()
    words = text[span.start : span.end]
    own_start = not before or before[-1] in ".!?:…,—–-”\"’'" or before.endswith((" said", " says"))
    if own_start and words[:1].isupper() and (has_verb or words[-1] in ".!?,"):
        return SPEECH
    # X said “it is over” is a sentence of X's; X said that “it is over” is the writer's
    if has_verb and said.cue is not None and before.rstrip(",: ").endswith(said.cue):
        return SPEECH
    return FRAGMENT
