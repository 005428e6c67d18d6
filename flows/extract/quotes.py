"""quotes: stretches of direct speech, who said them, and the word of saying."""

import re
from dataclasses import dataclass

from spacy.tokens import Token

from flows.extract.cues import (
    BESIDE,
    DOCUMENTS,
    JUDGE,
    OTHER_PRONOUNS,
    PERSON_PRONOUNS,
    SAY,
    UTTERANCES,
    WRITTEN,
    Names,
    Passage,
    Speaker,
    Unit,
    author_of,
    cue_kind,
    phrase_after,
    phrase_before,
    speaker_at,
    subject_of,
)
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
_WORD = re.compile(r"\w[\w'’.-]*")
# what stands before a name, a title or a term in quotation marks
_NAMING = re.compile(
    r"\b(?:so-called|(?:also |otherwise |formerly |better |popularly )?known as|entitled|titled|dubbed|nicknamed|codenamed|code-named|named|headlined"
    r"|(?:film|movie|book|novel|song|album|show|series|magazine|play|programme|program|slogan|operation|term|phrase|word)s?),?\s*$",
    re.IGNORECASE,
)
# small words that titles leave in lower case
_MINOR = frozenset("a an the of and or for to in on at by with from is as vs de la el al".split())
LOOKBACK_UNITS = 6  # sentences back in which a pronoun's or a statement's owner is sought
LOOKBACK_PARAGRAPHS = 12  # for "the statement said": who issued it may be named at the story's head


@dataclass(frozen=True)
class _Said:
    """Who says it, by which word. `speaker` None: nobody that can be told."""

    speaker: Speaker | None
    cue: str | None


class _Attribution:
    """Goes through the passages in order and remembers who spoke last."""

    def __init__(self, passages: list[Passage], names: Names) -> None:
        self.passages = passages
        self.names = names
        self.said: dict[tuple[int, int], _Said] = {}  # (passage, quotation) to who said it

    def attribute(self) -> None:
        """Fill `said` for every quotation."""
        for p, passage in enumerate(self.passages):
            for u, unit in enumerate(passage.units):
                for q in unit.quotes:
                    if (p, q) not in self.said:
                        self.said[p, q] = self._attribute(p, u, q)

    def _attribute(self, p: int, u: int, q: int) -> _Said:
        passage, unit = self.passages[p], self.passages[p].units[u]
        span = passage.quotes[q]
        if span.continues and q == 0:
            last = self._last_said(p, u, 0)
            if last is not None:
                return last
        left = [t for t in passage.writers(unit.first, unit.last) if passage.char(t) < span.start]
        words_left = [t for t in left if not t.is_punct]
        right = self._piece_after(passage, unit, q)
        at_end = (
            not right
            or right[-1].i + 1 >= unit.last
            or not any(passage.inside[i] >= 0 for i in range(right[-1].i, unit.last))
        )
        signalled = passage.text[: span.end - passage.start_char].rstrip("’'\"”")[-1:] in {",", "?", "!", "…", "—"}
        if right and (not words_left or (at_end and signalled)):
            found = self._after(p, u, right)
            if found is not None:
                return found
        found = self._before(p, u, q, left)
        if found is not None:
            return found
        if right:
            found = self._after(p, u, right)
            if found is not None:
                return found
        found = self._according(p, u)
        if found is not None:
            return found
        found = self._anywhere(p, u, span)
        if found is not None:
            return found
        if not any(t.is_alpha for t in passage.writers(unit.first, unit.last)):
            return self._from_context(p, u, q)
        return _Said(None, None)

    def _piece_after(self, passage: Passage, unit: Unit, q: int) -> list[Token]:
        piece: list[Token] = []
        for i in range(unit.first, unit.last):
            token = passage.doc[i]
            if token.is_space or passage.char(token) < passage.quotes[q].closed_at:
                continue
            if passage.inside[i] >= 0:
                break
            if piece or not (token.is_punct or token.text == "-"):
                piece.append(token)
        return piece

    def _after(self, p: int, u: int, piece: list[Token]) -> _Said | None:
        """“A,” said X · “A,” X said · “A,” X, the mayor of Y, told Z."""
        passage = self.passages[p]
        last = piece[-1].i + 1
        first = piece[0]
        if first.lower_ in {"according", "per"}:
            return self._according_at(p, u, first)
        if cue_kind(first) in {SAY, BESIDE} and first.tag_ not in {"VBG"}:
            head = phrase_after(passage, first.i + 1, last)
            if head is not None:
                return _Said(self._name(p, u, head), first.text)
        if first.lower_ in {"and", "but", "while", "as", "that", "which", "of", "to", "in"} and first.lower_ != "as":
            return None
        for token in piece[:40]:
            kind = cue_kind(token)
            if kind not in {SAY, BESIDE}:
                continue
            head = subject_of(passage, token)
            if head is None or not first.i <= head.i < last:
                head = phrase_before(passage, token.i, first.i) or head
            if head is None:
                continue
            return _Said(self._name(p, u, head), token.text)
        return None

    def _before(self, p: int, u: int, q: int, left: list[Token]) -> _Said | None:
        """X said, “A” · X said Y would “do it” · X: “A”."""
        if not left:
            return None
        passage = self.passages[p]
        chain = self._governors(passage, q, left[0].i)
        ranked = (
            [t for t in chain if cue_kind(t) == SAY]
            + [t for t in reversed(left) if cue_kind(t) in {SAY, BESIDE}]
            + [t for t in chain if cue_kind(t) == JUDGE]
            + [t for t in reversed(left) if cue_kind(t) == JUDGE]
        )
        for verb in ranked:
            head = subject_of(passage, verb)
            if head is None:
                head = phrase_before(passage, verb.i, left[0].i)
            if head is not None:
                return _Said(self._name(p, u, head), verb.text)
        for token in reversed(left):
            if token.lower_ == "according":
                return self._according_at(p, u, token)
        for token in reversed(left):
            if token.lemma_.lower() in UTTERANCES:
                author = author_of(passage, token)
                if author is not None:
                    return _Said(self._name(p, u, author), None)
        if left[-1].text == ":":
            head = next((t for t in left if t.dep_ in {"nsubj", "ROOT"} and t.pos_ in {"NOUN", "PROPN", "PRON"}), None)
            if head is not None:
                return _Said(self._name(p, u, head), None)
        return None

    def _governors(self, passage: Passage, q: int, first: int) -> list[Token]:
        """The writer's words that govern the quotation, nearest first."""
        start, end = passage.quotes[q].start, passage.quotes[q].end
        for i in range(first, len(passage.doc)):
            token = passage.doc[i]
            if passage.char(token) >= end:
                break
            if passage.char(token) < start or token.is_punct:
                continue
            if passage.inside[token.head.i] != q:
                chain = []
                above = token.head
                for _ in range(12):
                    if passage.inside[above.i] < 0:
                        chain.append(above)
                    if above.head is above:
                        break
                    above = above.head
                return chain
        return []

    def _according(self, p: int, u: int) -> _Said | None:
        passage = self.passages[p]
        unit = passage.units[u]
        for token in passage.writers(unit.first, unit.last):
            if token.lower_ == "according":
                return self._according_at(p, u, token)
        return None

    def _according_at(self, p: int, u: int, token: Token) -> _Said | None:
        passage = self.passages[p]
        at = token.i + 1
        if at < len(passage.doc) and passage.doc[at].lower_ == "to":
            at += 1
        head = phrase_after(passage, at, passage.units[u].last)
        if head is None:
            return None
        cue = "according to" if token.lower_ == "according" else token.text
        return _Said(self._name(p, u, head), cue if token.is_lower else passage.doc[token.i : at].text)

    def _anywhere(self, p: int, u: int, span: QuotedSpan) -> _Said | None:
        """A clause of saying later in the sentence: The “way of life” there is gone, X said."""
        passage = self.passages[p]
        unit = passage.units[u]
        for token in passage.writers(unit.first, unit.last):
            if passage.char(token) < span.closed_at or cue_kind(token) != SAY:
                continue
            head = subject_of(passage, token)
            if head is not None:
                return _Said(self._name(p, u, head), token.text)
        return None

    def _from_context(self, p: int, u: int, q: int) -> _Said:
        """A sentence that is all quotation: who spoke just before goes on speaking."""
        passage, unit = self.passages[p], self.passages[p].units[u]
        if unit.quotes and unit.quotes[0] != q:
            said = self.said.get((p, q - 1))
            return _Said(said.speaker, None) if said else _Said(None, None)
        place = self._unit_before(p, u)
        if place is None:
            return _Said(None, None)
        before_p, before_u = place
        before = self.passages[before_p]
        before_unit = before.units[before_u]
        if before_unit.quotes:
            said = self.said.get((before_p, before_unit.quotes[-1]))
            return _Said(said.speaker, None) if said else _Said(None, None)
        return self._reported(before_p, before_u)

    def _reported(self, p: int, u: int) -> _Said:
        """Who speaks in a sentence without quotation: X told of the flight."""
        passage, unit = self.passages[p], self.passages[p].units[u]
        tokens = passage.writers(unit.first, unit.last)
        for wanted in (SAY, JUDGE):
            for token in tokens:
                if cue_kind(token) == wanted:
                    head = subject_of(passage, token)
                    if head is not None:
                        return _Said(self._name(p, u, head), None)
        return self._according(p, u) or _Said(None, None)

    def _unit_before(self, p: int, u: int) -> tuple[int, int] | None:
        if u > 0:
            return p, u - 1
        if p > 0 and self.passages[p - 1].label == "body":
            return p - 1, len(self.passages[p - 1].units) - 1
        return None

    def _last_said(self, p: int, u: int, skip: int) -> _Said | None:
        """The latest quotation's speaker in the sentences before."""
        place: tuple[int, int] | None = (p, u)
        for step in range(LOOKBACK_UNITS):
            place = self._unit_before(*place) if step >= skip and place else place
            if place is None:
                return None
            unit = self.passages[place[0]].units[place[1]]
            for q in reversed(unit.quotes):
                said = self.said.get((place[0], q))
                if said is not None and said.speaker is not None:
                    return _Said(said.speaker, None)
        return None

    def _name(self, p: int, u: int, head: Token) -> Speaker | None:
        passage = self.passages[p]
        speaker = speaker_at(passage, self.names, head)
        if speaker is not None:
            return speaker
        start, end = passage.char(head), passage.char_end(head)
        lower = head.lower_
        if lower in PERSON_PRONOUNS | OTHER_PRONOUNS:
            named = self._antecedent(p, u, head, person=lower in PERSON_PRONOUNS)
        elif head.lemma_.lower() in WRITTEN | UTTERANCES:
            named = self._issuer(p, u)
        else:
            return None
        return Speaker(named.name, start, end, named.is_person) if named else None

    def _antecedent(self, p: int, u: int, head: Token, *, person: bool) -> Speaker | None:
        """Whom a pronoun beside a quotation means: who spoke last, or the last sentence's subject."""
        place: tuple[int, int] | None = (p, u)
        limit = head.i
        for _ in range(LOOKBACK_UNITS):
            if place is None:
                return None
            passage, unit = self.passages[place[0]], self.passages[place[0]].units[place[1]]
            for token in reversed(passage.writers(unit.first, min(unit.last, limit))):
                if token.dep_ not in {"nsubj", "nsubjpass"} or token.pos_ == "PRON":
                    continue
                speaker = speaker_at(passage, self.names, token)
                if speaker is not None and speaker.name and speaker.is_person == person:
                    return speaker
            for q in reversed(unit.quotes):
                said = self.said.get((place[0], q))
                if said is not None and said.speaker is not None and (said.speaker.is_person == person or not person):
                    return said.speaker
            place = self._unit_before(*place)
            limit = len(self.passages[place[0]].doc) if place else 0
        return None

    def _issuer(self, p: int, u: int) -> Speaker | None:
        """Who issued "the statement": sought backwards, "X said in a statement", "a statement by X"."""
        place: tuple[int, int] | None = (p, u)
        while place is not None and place[0] > p - LOOKBACK_PARAGRAPHS:
            passage, unit = self.passages[place[0]], self.passages[place[0]].units[place[1]]
            for token in passage.writers(unit.first, unit.last):
                if token.lemma_.lower() not in WRITTEN:
                    continue
                author = author_of(passage, token)
                if author is None and token.dep_ == "pobj":
                    verb = token.head.head
                    author = subject_of(passage, verb) if verb.pos_ == "VERB" else None
                if author is not None and author.lemma_.lower() not in WRITTEN | DOCUMENTS:
                    speaker = speaker_at(passage, self.names, author)
                    if speaker is not None:
                        return speaker
            place = self._unit_before(*place)
        return None


def find_quotes(reading: Reading) -> list[Quote]:
    """Every quotation of three words or more, in order, none overlapping another.

    A speech of several paragraphs is one quotation a paragraph, each with the same speaker. Names of works and things
    in quotation marks are left out where their capitals or the words before them tell.
    """
    text = reading.page.text
    spans = quoted_spans(text, [(p.start_char, p.end_char) for p in reading.paragraphs])
    if not any(spans):
        return []
    passages = [Passage(p, s) for p, s in zip(reading.paragraphs, spans, strict=True)]
    attribution = _Attribution(passages, Names(reading))
    attribution.attribute()
    found: list[Quote] = []
    for p, passage in enumerate(passages):
        for q, span in enumerate(passage.quotes):
            said = attribution.said.get((p, q), _Said(None, None))
            if not _is_quotation(text, passage, span, said):
                continue
            speaker = said.speaker if said.speaker and said.speaker.name else None
            found.append(
                Quote(
                    span.start,
                    span.end,
                    _form(text, passage, q, said),
                    speaker.name if speaker else None,
                    speaker.start_char if speaker else None,
                    speaker.end_char if speaker else None,
                    said.cue,
                )
            )
    return found


def _is_quotation(text: str, passage: Passage, span: QuotedSpan, said: _Said) -> bool:
    words = _WORD.findall(text[span.start : span.end])
    if len(words) < MIN_WORDS:
        return False
    before = text[passage.start_char : span.opened_at]
    if _NAMING.search(before[-40:]):
        return False
    # a speech ends in a comma or a full stop inside its marks; a title may too (American style), so capitals decide
    return passage.label == "headline" or said.cue is not None or not _is_title(words)


def _is_title(words: list[str]) -> bool:
    return words[0][:1].isupper() and all(w[:1].isupper() or w[:1].isdigit() or w.lower() in _MINOR for w in words)


def _form(text: str, passage: Passage, q: int, said: _Said) -> str:
    """speech: a sentence or more. fragment: words quoted inside the writer's sentence."""
    span = passage.quotes[q]
    tokens = [t for t in passage.doc if span.start <= passage.char(t) < span.end]
    if span.continues or span.continued:
        return SPEECH
    has_verb = any(t.pos_ in {"VERB", "AUX"} and "Fin" in t.morph.get("VerbForm") for t in tokens)
    before = text[passage.start_char : span.opened_at].rstrip()
    words = text[span.start : span.end]
    own_start = not before or before[-1] in ".!?:…,—–-”\"’'" or before.endswith((" said", " says"))
    if own_start and words[:1].isupper() and (has_verb or words[-1] in ".!?,"):
        return SPEECH
    if own_start and has_verb and said.cue is not None:
        return SPEECH
    return FRAGMENT
