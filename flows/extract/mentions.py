"""mentions: where names stand, and the fullest name that the document gives each.

The model (en_core_web_md) proposes; the reference tables correct what they know better (countries, peoples, contested
regions, bodies); then the document decides: a wording has one type throughout, and a surname is a person's everywhere
once the full name was met.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.extract.names import Wording, full_names, known_entry, name_words, title_words, without_titles
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import Entry, Match, Word, find_wordings, fold, folded_key, type_group, words_of


@dataclass(frozen=True)
class Mention:
    """One named-entity mention.

    Attributes:
        start_char: offset into the document's text.
        end_char: offset, exclusive.
        entity_type: OntoNotes label.
        name: the fullest name that the document gives to the same thing.
    """

    start_char: int
    end_char: int
    entity_type: str
    name: str


KEPT_TYPES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT")


def find_mentions(reading: Reading) -> list[Mention]:
    """Every mention of a kept type, in order, none overlapping another."""
    parts = [_Part.of(paragraph) for paragraph in reading.paragraphs]
    found = [_spans(part) for part in parts]
    types = _settled_types(parts, found)
    surnames = _surnames(parts, found, types)
    wordings: list[Wording] = []
    for part, spans in zip(parts, found, strict=True):
        kept = [s for s in (_settled(part, span, types, surnames) for span in spans) if s]
        kept = _with_surnames(part, kept, surnames)
        for span in kept:
            start, end = part.words[span.first].start, part.words[span.last - 1].end
            text = part.text[start:end]
            entry = span.entry or known_entry(text, span.entity_type)
            wordings.append(Wording(part.start + start, part.start + end, text, span.entity_type, entry))
    names = full_names(wordings)
    return [Mention(w.start, w.end, w.entity_type, name) for w, name in zip(wordings, names, strict=True)]


@dataclass(frozen=True)
class _Part:
    """A paragraph as words of our own, with the model's proposals and whether its capitals tell nothing."""

    start: int
    text: str
    words: tuple[Word, ...]
    proposals: tuple["_Span", ...]
    is_title_case: bool
    is_heading: bool

    @staticmethod
    def of(paragraph: Paragraph) -> "_Part":
        words = tuple(words_of(paragraph.doc.text))
        title = _is_title_case(words)
        credit = _credit_start(paragraph) if paragraph.label == "caption" else None
        if credit is not None:
            words = tuple(word for word in words if not credit[0] <= word.start < credit[1])
        starts = {word.start: i for i, word in enumerate(words)}
        ends = {word.end: i + 1 for i, word in enumerate(words)}
        proposals = []
        for ent in paragraph.doc.ents:
            if ent.label_ in KEPT_TYPES:
                first = starts.get(ent.start_char)
                last = ends.get(ent.end_char)
                if first is not None and last is not None and first < last:
                    proposals.append(_Span(first, last, ent.label_))
        return _Part(
            paragraph.start_char,
            paragraph.doc.text,
            words,
            tuple(proposals),
            title,
            paragraph.label in ("headline", "subhead"),
        )


@dataclass(frozen=True)
class _Span:
    """words[first:last] of a part; the entry if the reference tables vouch for it."""

    first: int
    last: int
    entity_type: str
    entry: Entry | None = None


CREDIT = re.compile(
    r"\((?:[^()]{0,80}(?:AP|AFP|Reuters|REUTERS|Getty|EPA|Photo|photo|Credit)\b[^()]{0,80})\)"
    r"|(?:©|\bPhoto(?:graph)?(?:s)?(?: by|:)|\bCredit:|\bPicture:|\bSource:|\bImage:).{0,200}$"
    r"|\b(?:REUTERS|Reuters|AFP|AP|EPA|Getty Images)\s?/.{0,120}$"
    r"|.{0,60}/\s?(?:REUTERS|Reuters|AFP|AP|EPA|Getty Images)\.?$",
)


def _credit_start(paragraph: Paragraph) -> tuple[int, int] | None:
    """Where a caption names its photographer and agency: those are no mentions of the news."""
    found = CREDIT.search(paragraph.doc.text)
    return found.span() if found else None


# Share of capitalised words from which capitals tell nothing of names; headlines in sentence case stay below 0.5.
TITLE_CASE_SHARE = 0.65
TITLE_CASE_WORDS = 4
SMALL_WORDS = frozenset(
    "a an and as at by for from in into is its nor of off on or over the to up vs with after amid who has have".split()
)


def _is_title_case(words: Sequence[Word]) -> bool:
    letters = [
        word for word in words if word.text[0].isalpha() and word.folded not in SMALL_WORDS and word.folded != "s"
    ]
    if len(letters) < TITLE_CASE_WORDS:
        return False
    return sum(word.text[0].isupper() for word in letters) >= TITLE_CASE_SHARE * len(letters)


def _spans(part: _Part) -> list[_Span]:
    """The model's proposals and the reference tables' matches, made one: none overlaps another."""
    matches = [match for match in find_wordings(part.words) if match.entries[0].is_sure]
    proposals = [span for span in (_trimmed(part, proposal) for proposal in part.proposals) if span]
    spans: list[_Span] = []
    taken: set[int] = set()
    for proposal in proposals:
        inside = [m for m in matches if m.first < proposal.last and proposal.first < m.last]
        if not inside:
            spans.append(proposal)
            taken.update(range(proposal.first, proposal.last))
        elif _is_larger_name(part, proposal, inside):
            spans.append(proposal)
            taken.update(range(proposal.first, proposal.last))
        else:
            continue
    for match in matches:
        if taken.isdisjoint(range(match.first, match.last)):
            entry = _fitting(part, match)
            spans.append(_Span(match.first, match.last, entry.entity_type, entry))
            taken.update(range(match.first, match.last))
    return sorted(spans, key=lambda span: span.first)


def _fitting(part: _Part, match: Match) -> Entry:
    return match.entries[0]


def _is_larger_name(part: _Part, proposal: _Span, inside: Sequence[Match]) -> bool:
    """Whether a name known to the tables is only a part of the proposed one: "Bank of Ghana", "University of Damascus"."""
    if any(m.first < proposal.first or m.last > proposal.last for m in inside):
        return False
    if any(m.last - m.first == proposal.last - proposal.first for m in inside):
        return False
    rest = [
        w
        for i, w in enumerate(part.words[proposal.first : proposal.last], proposal.first)
        if not any(m.first <= i < m.last for m in inside)
    ]
    rest_names = [w for w in rest if w.text[0].isupper()]
    if proposal.entity_type in ("ORG", "FAC", "EVENT"):
        return bool(rest_names)
    if proposal.entity_type == "PERSON":
        return bool(rest_names) and all(m.entries[0].entity_type not in ("ORG",) for m in inside)
    if proposal.entity_type in ("GPE", "LOC"):
        return bool(rest_names) and all(m.entries[0].entity_type != "ORG" for m in inside)
    return False


def _trimmed(part: _Part, span: _Span) -> _Span | None:
    """The proposal without article, possessive, quotes, and for persons titles; None if nothing of a name remains."""
    words = list(part.words[span.first : span.last])
    first, last = span.first, span.last
    while words and (not words[0].text[0].isalnum() or words[0].folded in ("the", "a", "an")):
        words.pop(0)
        first += 1
    while (
        words
        and not words[-1].text[0].isalnum()
        and not (words[-1].text == "." and len(words) > 1 and len(words[-2].text) <= 3)
    ):
        words.pop()
        last -= 1
    if len(words) >= 2 and words[-1].folded == "s" and fold(words[-2].text) == "'":
        last -= 2
        words = words[:-2]
    if span.entity_type == "PERSON" and words:
        named = without_titles(words)
        first += len(words) - len(named)
        words = list(named)
    if not words or not any(word.text[0].isupper() for word in words):
        return None
    return _Span(first, last, span.entity_type, span.entry)


def _key(part: _Part, span: _Span) -> str:
    return folded_key(part.text[part.words[span.first].start : part.words[span.last - 1].end])


PLACE_NOUNS = frozenset(
    "town city village province district region county camp state island peninsula neighbourhood neighborhood suburb governorate oblast".split()
)
PLACE_PREPOSITIONS = frozenset("in near at around outside towards toward".split())
SPEECH_WORDS = frozenset("said says told added tweeted wrote insisted warned replied".split())
CONTEXT_VOTE = 2.0


def _context_votes(part: _Part, span: _Span) -> Iterator[tuple[str, float]]:
    """What the neighbouring words say of a name's type."""
    before = part.words[span.first - 1].folded if span.first else ""
    second = part.words[span.first - 2].folded if span.first > 1 else ""
    after = part.words[span.last].folded if span.last < len(part.words) else ""
    if before in PLACE_PREPOSITIONS or (before == "of" and second in PLACE_NOUNS):
        yield "GPE", CONTEXT_VOTE if before == "of" else CONTEXT_VOTE / 2
    if after in PLACE_NOUNS:
        yield "GPE", CONTEXT_VOTE
    if before in title_words() and not part.is_title_case and span.last - span.first <= 4:
        yield "PERSON", CONTEXT_VOTE
    if after in SPEECH_WORDS and span.entity_type == "PERSON":
        yield "PERSON", CONTEXT_VOTE / 2


def _settled_types(parts: Sequence[_Part], found: Sequence[Sequence[_Span]]) -> dict[str, str]:
    """Folded wording to the type that most of its mentions and their neighbours speak for."""
    votes: dict[str, Counter[str]] = {}
    for part, spans in zip(parts, found, strict=True):
        for span in spans:
            if span.entry:
                continue
            count = votes.setdefault(_key(part, span), Counter())
            count[span.entity_type] += 0.25 if part.is_title_case else 1
            for entity_type, vote in _context_votes(part, span):
                count[entity_type] += vote
            text = part.text[part.words[span.first].start : part.words[span.last - 1].end]
            for entity_type in ("GPE", "ORG", "PERSON"):
                entry = known_entry(text, entity_type)
                if entry and span.entity_type in KEPT_TYPES:
                    count[entry.entity_type] += 1.0
    return {key: min(count, key=lambda t: (-count[t], KEPT_TYPES.index(t))) for key, count in votes.items()}


def _surnames(parts: Sequence[_Part], found: Sequence[Sequence[_Span]], types: dict[str, str]) -> dict[str, str]:
    """Folded surname to the folded full name, of persons whose full name the document gives."""
    surnames: dict[str, str] = {}
    for part, spans in zip(parts, found, strict=True):
        for span in spans:
            if part.is_title_case and not span.entry:
                continue
            if (span.entry.entity_type if span.entry else types.get(_key(part, span))) == "PERSON":
                text = part.text[part.words[span.first].start : part.words[span.last - 1].end]
                words = name_words(text)
                if len(words) > 1 and len(words[-1]) > 1:
                    surnames.setdefault(words[-1], folded_key(text))
    return surnames


def _settled(part: _Part, span: _Span, types: dict[str, str], surnames: dict[str, str]) -> _Span | None:
    """The span with the type that the document settled on; None where only the capitals of a headline speak for it."""
    if span.entry:
        return span
    key = _key(part, span)
    words = part.words[span.first : span.last]
    if len(words) == 1 and words[0].folded in surnames:
        return _Span(span.first, span.last, "PERSON")
    settled = types.get(key, span.entity_type)
    if type_group(settled) == type_group(span.entity_type):
        settled = span.entity_type
    return _Span(span.first, span.last, settled)


def _with_surnames(part: _Part, spans: Sequence[_Span], surnames: dict[str, str]) -> list[_Span]:
    """The spans and every further place where a known surname stands alone."""
    taken = {i for span in spans for i in range(span.first, span.last)}
    added = [
        _Span(i, i + 1, "PERSON")
        for i, word in enumerate(part.words)
        if i not in taken and word.folded in surnames and word.text[0].isupper()
    ]
    return sorted([*spans, *added], key=lambda span: span.first)
