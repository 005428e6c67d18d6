"""Who says the words in quotation marks: the clauses of saying around them, then the sentences before."""

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
    is_passive,
    phrase_after,
    phrase_before,
    speaker_at,
    subject_of,
    who_says,
)
from flows.text.spans import QuotedSpan

REACH = 80  # tokens beside a quotation that are read for its cue: longer sentences are lists, or lost their full stops
LOOKBACK_UNITS = 6  # sentences back in which a pronoun's owner is sought
LOOKBACK_ISSUER = 40  # sentences back for "the statement said": its issuer may be named at the story's head
FURTHEST_CLAUSE = 4  # conjuncts between a verb and the clause that it belongs to
LONGEST_SIGNATURE, LONGEST_TITLE = 14, 4  # tokens of a line that signs a quotation; words before the name in it
LONGEST_SAYER = 4  # tokens that name who judges, between the quotation and the verb
_SAYER = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PRON"})
LOOKBACK_QUOTES = 20  # quotations of one sentence that are asked for their speaker

# a piece after a quotation that begins so goes on with the writer's sentence: it does not name the speaker
_NO_CUE_CLAUSE = frozenset({"and", "but", "while", "that", "which", "of", "to", "in", "or", "for"})


# words that begin a clause of the writer's which says when or why, not who spoke
ASIDES = frozenset({"when", "after", "before", "because", "since", "while", "although", "though", "until", "if"})

ASKING = frozenset({"ask", "press", "question", "quiz", "challenge", "interview"})

_LETTERS = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(r"([A-Z][A-Z.'’ -]{2,30}):\s")
_DASHES = frozenset("-–—―~")
_GLUED_CUES = frozenset({"said", "says", "added", "adds", "told", "asked", "replied", "wrote", "declared", "stated"})


@dataclass(frozen=True)
class Said:
    """Who says it, by which word.

    Attributes:
        speaker: who; None if nobody can be told.
        cue: the word of saying as written; None if there is none.
    """

    speaker: Speaker | None
    cue: str | None


NOBODY = Said(None, None)


class Attribution:
    """Goes through the passages of a page in order and keeps who said each quotation."""

    def __init__(self, passages: list[Passage], names: Names) -> None:
        self.passages = passages
        self.names = names
        self.said: dict[tuple[int, int], Said] = {}  # by passage and quotation
        for p, passage in enumerate(passages):
            for u, unit in enumerate(passage.units):
                for q in unit.quotes:
                    if (p, q) not in self.said:
                        self.said[p, q] = self._attribute(p, u, q)

    def _attribute(self, p: int, u: int, q: int) -> Said:
        passage, unit = self.passages[p], self.passages[p].units[u]
        span = passage.quotes[q]
        opened, closed = passage.token_from(span.opened_at), passage.token_from(span.closed_at)
        left = passage.writers(max(unit.first, opened - REACH), opened)
        right = _piece_after(passage, unit, closed)
        end = right[-1].i + 1 if right else unit.last
        ends_unit = end >= unit.last or passage.inside[end] < 0
        spoken = passage.text[span.start - passage.start_char : span.end - passage.start_char]
        # “A,” … : the comma tells that a clause of saying follows
        signalled = spoken.rstrip("’'\"”")[-1:] in {",", "?", "!", "…", "—", "-"}
        first_in_unit = not any(token.is_alpha for token in left)

        def after() -> Said | None:
            return self._after(p, u, right, signalled=signalled) if right else None

        found: Said | None = None
        label = _LABEL.match(spoken)
        if label is not None:
            return self._labelled(span, label)
        if span.continues:
            found = (after() if signalled else None) or self._last_said(p, u)
        if first_in_unit and right:
            found = found or self._signed(p, u, closed, right)
        if first_in_unit or (ends_unit and signalled):
            found = found or after()
        found = found or self._glued(p, u, span) or self._before(p, u, q, left) or after()
        found = found or self._according(p, u, opened) or self._later(p, u, closed)
        if found is None and not any(t.is_alpha for t in [*left, *right]):
            found = self._signed_below(p, u) or self._from_context(p, u, q)
        return found or NOBODY

    def _after(self, p: int, u: int, piece: list[Token], *, signalled: bool) -> Said | None:
        """“A,” said X · “A,” X said · “A,” X, the mayor of Y, told Z · “A,” according to X."""
        passage = self.passages[p]
        first, last = piece[0], piece[-1].i + 1
        if first.lower_ == "according":
            return self._according_at(p, u, first)
        if first.lower_ in _NO_CUE_CLAUSE:
            return None
        for at, token in enumerate(piece):
            kind = cue_kind(token)
            if _is_aside(token):
                continue
            # a verb of judging is a word of saying only right beside the words: “Never,” he mocks; “Never?” the mayor doubts
            beside = signalled and at <= LONGEST_SAYER and all(t.pos_ in _SAYER for t in piece[:at])
            if kind is None or (kind == JUDGE and not beside) or (at == 0 and token.tag_ == "VBG"):
                continue
            head = who_says(passage, token, first.i, last)
            if (head is None or not first.i <= head.i < last) and not is_passive(token) and token.tag_ != "VBG":
                head = phrase_before(passage, token.i, first.i) or phrase_after(passage, first.i, token.i) or head
            if head is not None:
                return Said(self._name(p, u, head), token.text)
        return None

    def _before(self, p: int, u: int, q: int, left: list[Token]) -> Said | None:
        """X said, “A” · X said Y would “do it” · the words of X: “A” · X called it “a thing” · X: “A”."""
        if not left:
            return None
        passage = self.passages[p]
        chain = _governors(passage, q)
        first, last = left[0].i, left[-1].i + 1
        says = [t for t in chain if cue_kind(t) == SAY] + [t for t in reversed(left) if cue_kind(t) in {SAY, BESIDE}]
        found = self._by_verbs(p, u, says, first, last)
        if found is not None:
            return found
        for token in reversed(left):
            if token.lower_ == "according":
                return self._according_at(p, u, token)
        # X said this, while Y called it “…”: the verb that governs the words, if it has a subject of its own
        if chain and cue_kind(chain[0]) == JUDGE and chain[0].dep_ in {"conj", "advcl"}:
            own = next((c for c in chain[0].children if c.dep_ == "nsubj" and passage.inside[c.i] < 0), None)
            if own is not None and own.tag_ not in {"WDT", "WP"}:
                return Said(self._name(p, u, own), chain[0].text)
        judges = [t for t in [*chain, *reversed(left)] if cue_kind(t) == JUDGE]
        if left[-1].text == ":":
            # X rejected the minister's words: “…”
            found = self._author_of_utterance(p, u, left) or self._by_verbs(p, u, judges, first, last)
        else:
            found = self._by_verbs(p, u, judges, first, last) or self._author_of_utterance(p, u, left)
        if found is None and left[-1].text == ":":
            top = next((t for t in left if t.head == t or not first <= t.head.i < last), left[0])
            head = top if top.pos_ in {"NOUN", "PROPN"} else subject_of(passage, top)
            found = Said(self._name(p, u, head), None) if head is not None else None
        return found

    def _signed(self, p: int, u: int, closed: int, piece: list[Token]) -> Said | None:
        """“A.” — X, Y: a dash and a name, and no verb, up to the sentence's end."""
        passage = self.passages[p]
        marks = [t.text for t in passage.doc[closed : piece[0].i] if not t.is_space]
        if not marks or not _DASHES.issuperset(marks[-1]) or any(t.pos_ in {"VERB", "AUX"} for t in piece):
            return None
        head = phrase_after(passage, piece[0].i, piece[-1].i + 1)
        return Said(self._name(p, u, head), None) if head is not None and head.pos_ == "PROPN" else None

    def _signed_below(self, p: int, u: int) -> Said | None:
        """“A.” in a paragraph of its own, and under it a line “— X” or “X, Y”, without a verb."""
        if u + 1 < len(self.passages[p].units) or p + 1 >= len(self.passages):
            return None
        below = self.passages[p + 1]
        words = [t for t in below.doc[: LONGEST_SIGNATURE + 2] if not t.is_space]
        if below.quotes or not 1 < len(words) <= LONGEST_SIGNATURE:
            return None
        dashed = words[0].text in _DASHES
        if any(t.pos_ in {"VERB", "AUX"} for t in words) and not dashed:
            return None
        first = below.char(words[1] if dashed else words[0])
        mention = next(self.names.mentions_between(first, below.char_end(words[-1])), None)
        if mention is None or mention.entity_type != "PERSON":
            return None
        before = below.text[first - below.start_char : mention.start_char - below.start_char]
        after = below.text[mention.end_char - below.start_char :][:1]
        if before.strip() if not dashed else before.count(" ") > LONGEST_TITLE:
            return None
        if not dashed and after != ",":
            return None
        return Said(Speaker(mention.name, mention.start_char, mention.end_char, is_person=True), None)

    def _labelled(self, span: QuotedSpan, label: re.Match[str]) -> Said:
        """A transcript in quotation marks names the speaker itself, as in “SMITH: We never did”."""
        mention = self.names.mention_at(span.start, span.start + label.end(1))
        if mention is None:
            return NOBODY
        return Said(Speaker(mention.name, mention.start_char, mention.end_char, mention.entity_type == "PERSON"), None)

    def _glued(self, p: int, u: int, span: QuotedSpan) -> Said | None:
        """X said,“A”: scraping lost the blank, and the word of saying is one token with the mark."""
        passage = self.passages[p]
        at = passage.token_from(span.opened_at)
        if at == 0 or passage.char_end(passage.doc[at - 1]) <= span.opened_at:
            return None
        glued = passage.doc[at - 1]
        word = _LETTERS.match(glued.text)
        if word is None or word[0].lower() not in _GLUED_CUES:
            return None
        head = phrase_before(passage, glued.i, passage.units[u].first)
        if head is None:
            return None
        mention = self.names.mention_at(passage.char(head), passage.char_end(head))
        if mention is not None and mention.end_char > passage.char(glued):
            # the model read the verb into the name
            start, end = mention.start_char, passage.char_end(head)
            name = passage.text[start - passage.start_char : end - passage.start_char]
            return Said(Speaker(name, start, end, mention.entity_type == "PERSON"), word[0])
        return Said(self._name(p, u, head), word[0])

    def _author_of_utterance(self, p: int, u: int, left: list[Token]) -> Said | None:
        """In the words of X · X's statement · a letter signed by X."""
        for token in reversed(left):
            if token.lemma_.lower() in UTTERANCES:
                author = author_of(self.passages[p], token)
                if author is not None:
                    return Said(self._name(p, u, author), None)
        return None

    def _by_verbs(self, p: int, u: int, verbs: list[Token], first: int, last: int) -> Said | None:
        doubtful: Said | None = None
        for verb in verbs:
            head = who_says(self.passages[p], verb, first, last)
            if head is None:
                continue
            said = Said(self._name(p, u, head), verb.text)
            # "… that Israel had warned them and said he was “glad”": a country is no "he", the parse went wrong
            if said.speaker is not None and not said.speaker.is_person and _says_he(verb):
                doubtful = doubtful or said
            elif doubtful is None:
                return said
            elif said.speaker is not None and said.speaker.is_person:
                return Said(said.speaker, doubtful.cue)
        return doubtful

    def _according(self, p: int, u: int, at: int) -> Said | None:
        """According to X anywhere near token `at` in its sentence."""
        passage, unit = self.passages[p], self.passages[p].units[u]
        for token in passage.writers(max(unit.first, at - REACH), min(unit.last, at + REACH)):
            if token.lower_ == "according":
                return self._according_at(p, u, token)
        return None

    def _according_at(self, p: int, u: int, token: Token) -> Said | None:
        passage, unit = self.passages[p], self.passages[p].units[u]
        at = token.i + 1
        if at >= unit.last or passage.doc[at].lower_ != "to":
            return None
        head = phrase_after(passage, at + 1, unit.last)
        return Said(self._name(p, u, head), f"{token.text} {passage.doc[at].text}") if head is not None else None

    def _later(self, p: int, u: int, closed: int) -> Said | None:
        """A clause of saying later in the sentence: The “way of life” there is gone, X said."""
        passage, unit = self.passages[p], self.passages[p].units[u]
        for token in passage.writers(closed, min(unit.last, closed + REACH)):
            head = who_says(passage, token, closed, unit.last) if cue_kind(token) == SAY else None
            if head is not None:
                return Said(self._name(p, u, head), token.text)
        return None

    def _from_context(self, p: int, u: int, q: int) -> Said | None:
        """A sentence that is all quotation: who spoke just before goes on speaking."""
        if self.passages[p].units[u].quotes[0] != q:
            return Said(self.said[p, q - 1].speaker, None)
        place = self._unit_before(p, u)
        if place is None:
            return None
        unit = self.passages[place[0]].units[place[1]]
        if unit.quotes:
            return Said(self.said[place[0], unit.quotes[-1]].speaker, None)
        return self._reported(*place)

    def _reported(self, p: int, u: int) -> Said | None:
        """Who speaks in a sentence without quotation: X told of the flight."""
        passage, unit = self.passages[p], self.passages[p].units[u]
        tokens = passage.writers(max(unit.first, unit.last - REACH), unit.last)
        for wanted in (SAY, JUDGE):
            for token in tokens:
                head = subject_of(passage, token) if cue_kind(token) == wanted else None
                if head is not None:
                    return Said(self._name(p, u, head), None)
        if tokens and tokens[-1].text == ":":
            # X went on:
            top = next((t for t in tokens if t.head == t), tokens[0])
            head = subject_of(passage, top)
            if head is not None:
                return Said(self._name(p, u, head), None)
        return self._according(p, u, unit.first)

    def _unit_before(self, p: int, u: int) -> tuple[int, int] | None:
        if u > 0:
            return p, u - 1
        # a headline or a caption is not the text that a body goes on from, but “X went on:” may look like a subhead
        if p > 0 and (
            self.passages[p - 1].label == self.passages[p].label or self.passages[p - 1].text.rstrip().endswith(":")
        ):
            return p - 1, len(self.passages[p - 1].units) - 1
        return None

    def _last_said(self, p: int, u: int) -> Said | None:
        """The speaker of the latest quotation in the sentences before."""
        place = self._unit_before(p, u)
        for _ in range(LOOKBACK_UNITS):
            if place is None:
                return None
            unit = self.passages[place[0]].units[place[1]]
            for q in unit.quotes[: -LOOKBACK_QUOTES - 1 : -1]:
                speaker = self.said[place[0], q].speaker
                if speaker is not None:
                    return Said(speaker, None)
            place = self._unit_before(*place)
        return None

    def _name(self, p: int, u: int, head: Token) -> Speaker | None:
        """The speaker that `head` names; for a pronoun or "the statement", whoever stands behind it."""
        passage = self.passages[p]
        start, end = passage.char(head), passage.char_end(head)
        named: Speaker | None = None
        if head.lower_ in PERSON_PRONOUNS | OTHER_PRONOUNS:
            # a general reference takes the nearest subject; beside a quotation who spoke last goes on speaking. Where both
            # answered differently, for 54 pronouns of public newspaper text, this one was right in four of five.
            named = self._antecedent(p, u, head) or speaker_at(passage, self.names, head)
        else:
            speaker = speaker_at(passage, self.names, head)
            if speaker is not None or head.lemma_.lower() not in UTTERANCES:
                return speaker
            named = self._issuer(p, u)
        return Speaker(named.name, start, end, named.is_person) if named else None

    def _antecedent(self, p: int, u: int, head: Token) -> Speaker | None:
        """Whom a pronoun beside a quotation means: the nearest subject or speaker before it that it fits."""
        person = head.lower_ in PERSON_PRONOUNS

        def fits(speaker: Speaker | None) -> bool:
            if speaker is None or speaker.name is None or speaker.is_person < person:
                return False
            return not person or self.names.pronouns.get(speaker.name, head.lower_) == head.lower_

        place: tuple[int, int] | None = (p, u)
        limit = head.i
        for _ in range(LOOKBACK_UNITS):
            if place is None:
                return None
            passage, unit = self.passages[place[0]], self.passages[place[0]].units[place[1]]
            last = min(unit.last, limit)
            for token in reversed(passage.writers(max(unit.first, last - REACH), last)):
                if not _is_main_subject(token) and not _is_asked(token):
                    continue
                # who said something in the sentence before goes on speaking: He said … “…,” he added
                if token.pos_ != "PRON" or (token.lower_ == head.lower_ and cue_kind(token.head) == SAY):
                    speaker = speaker_at(passage, self.names, token)
                    if fits(speaker) and (person or not (speaker and speaker.is_person)):
                        return speaker
            for q in unit.quotes[: -LOOKBACK_QUOTES - 1 : -1]:
                said = self.said.get((place[0], q))
                if said is not None and fits(said.speaker):
                    return said.speaker
            place = self._unit_before(*place)
            limit = len(self.passages[place[0]].doc) if place else 0
        return None

    def _issuer(self, p: int, u: int) -> Speaker | None:
        """Who issued "the statement", sought backwards: X said in a statement; a statement signed by X."""
        place: tuple[int, int] | None = (p, u)
        for _ in range(LOOKBACK_ISSUER):
            if place is None:
                return None
            passage, unit = self.passages[place[0]], self.passages[place[0]].units[place[1]]
            for token in passage.writers(max(unit.first, unit.last - REACH), unit.last):
                if token.lemma_.lower() not in WRITTEN:
                    continue
                author = author_of(passage, token)
                if author is None and token.dep_ == "pobj" and token.head.lower_ == "in":
                    author = subject_of(passage, token.head.head)
                if author is not None and author.lemma_.lower() not in WRITTEN | DOCUMENTS:
                    speaker = speaker_at(passage, self.names, author)
                    if speaker is not None:
                        return speaker
            place = self._unit_before(*place)
        return None


def _says_he(verb: Token) -> bool:
    return any(
        grandchild.dep_ == "nsubj" and grandchild.lower_ in PERSON_PRONOUNS
        for child in verb.children
        if child.dep_ == "ccomp"
        for grandchild in child.children
    )


def _is_aside(verb: Token) -> bool:
    """Whether a verb stands in a clause of the writer's that tells when or why: “…,” when X attacked him for it."""
    return verb.dep_ == "advcl" and any(c.i < verb.i and c.lower_ in ASIDES for c in verb.lefts)


def _is_asked(token: Token) -> bool:
    """Whether a word names who is asked, and so answers: when reporters asked the minister, he said."""
    return token.dep_ == "dobj" and token.head.lemma_ in ASKING and token.head.dep_ == "advcl"


def _is_main_subject(token: Token) -> bool:
    """Whether a word is what its sentence, or a clause of saying in it, is about; "announced by X" is about X.

    Of what X says that Y said, X is what it is about.
    """
    if token.dep_ == "pobj" and token.head.dep_ == "agent":
        return True
    if token.dep_ not in {"nsubj", "nsubjpass"}:
        return False
    verb = token.head
    if verb.dep_ not in {"ROOT", "conj"} and cue_kind(verb) != SAY:
        return False
    for _ in range(FURTHEST_CLAUSE):
        if verb.dep_ == "ccomp" and cue_kind(verb.head) == SAY:
            return False
        if verb.dep_ != "conj":
            return True
        verb = verb.head
    return True


def _piece_after(passage: Passage, unit: Unit, closed: int) -> list[Token]:
    """The writer's words between a quotation and the next one or the sentence's end, leading marks left out."""
    piece: list[Token] = []
    for i in range(closed, min(unit.last, closed + REACH)):
        if passage.inside[i] >= 0:
            break
        token = passage.doc[i]
        if not token.is_space and (piece or not token.is_punct):
            piece.append(token)
    return piece


def _governors(passage: Passage, q: int) -> list[Token]:
    """The writer's words that govern the quotation, nearest first."""
    span = passage.quotes[q]
    for i in range(passage.token_from(span.start), passage.token_from(span.end)):
        token = passage.doc[i]
        if token.is_punct or passage.inside[token.head.i] == q:
            continue
        chain: list[Token] = []
        above = token.head
        for _ in range(12):  # hops; deeper chains are parses gone wrong
            if passage.inside[above.i] < 0:
                chain.append(above)
            if above.head == above:
                break
            above = above.head
        return chain
    return []
