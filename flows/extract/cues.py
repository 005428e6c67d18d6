"""Words of saying and the phrases that name who speaks: "said Lotfi", "according to the ministry", "the statement added"."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from flows.extract.genders import FEMALE, MALE, genders_of
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.extract.references import HUMAN_NOUNS, INDEFINITE, Reference
from flows.text.reference import reference_rows
from flows.text.spans import QuotedSpan

SAY, BESIDE, JUDGE = "say", "beside", "judge"

SUBJECTS = frozenset({"nsubj"})
# "she was told by the judge that": the speaker is who tells, not who is told
TOLD = frozenset({"tell", "ask", "inform", "notify", "remind", "warn", "advise", "assure"})
# "he was quoted as saying"
QUOTED_AS = frozenset({"quote", "cite", "hear", "record", "film", "report"})
CITING = frozenset({"quote", "cite"})
# Texts that somebody issues: the speaker is who issues or signs them (GUIDELINES: never "the statement")
WRITTEN = frozenset(
    {
        "statement",
        "communique",
        "communiqué",
        "declaration",
        "release",
        "letter",
        "tweet",
        "post",
        "message",
        "memo",
        "note",
        "announcement",
        "bulletin",
        "blog",
        "e-mail",
        "email",
        "telegram",
    }
)
# Texts that stand for themselves if the page does not say who wrote them
DOCUMENTS = frozenset(
    {
        "report",
        "resolution",
        "text",
        "document",
        "article",
        "editorial",
        "study",
        "paper",
        "order",
        "ruling",
        "complaint",
        "lawsuit",
        "brief",
    }
)
# nouns whose owner speaks: "the minister's words", "his remarks"
UTTERANCES = (
    WRITTEN
    | DOCUMENTS
    | frozenset({"word", "comment", "remark", "speech", "address", "interview", "reply", "answer", "warning"})
)
# "a ministry statement", but not "a campaign message"
BODIES = frozenset(
    {
        "ministry",
        "government",
        "army",
        "military",
        "police",
        "presidency",
        "palace",
        "party",
        "company",
        "court",
        "cabinet",
        "embassy",
        "council",
        "union",
        "department",
        "office",
        "rebel",
        "group",
        "navy",
        "coalition",
        "alliance",
        "bank",
    }
)
ISSUER_TYPES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
ISSUING = frozenset({"issue", "release", "publish", "post", "sign", "send", "write", "distribute", "circulate"})
AUTHORED_BY = frozenset({"by", "from", "of"})
RELATIVES = frozenset({"who", "which", "that"})
PERSON_PRONOUNS = frozenset({"he", "she"})
OTHER_PRONOUNS = frozenset({"they", "it"})
# a description goes on through "of", "for", "at the scene", and ends at the first of these dependencies
DESCRIPTION_PREPOSITIONS = frozenset({"of", "for", "at", "in", "on", "from", "with", "to", "against"})
FURTHEST_CONJUNCT = 14  # tokens between two who speak as one
LONGEST_DESCRIPTION = 14  # tokens; longer ones are parses gone wrong (read on the development pages)


@cache
def cue_verbs() -> dict[str, str]:
    """Lemma to kind: say, beside or judge (seeds/reference/cue_verbs.csv)."""
    return {row["lemma"]: row["kind"] for row in reference_rows("cue_verbs.csv")}


@dataclass(frozen=True)
class Speaker:
    """Who speaks, as the page's words name them.

    Attributes:
        name: fullest name or description; None where the words are there but cannot be resolved.
        start_char: where the words that name them begin.
        end_char: where they end, exclusive.
        is_person: whether the name is a person's.
    """

    name: str | None
    start_char: int
    end_char: int
    is_person: bool = False


@dataclass(frozen=True)
class Unit:
    """A sentence of the writer's with the quotations in it: tokens first..last (exclusive), quotations by index."""

    first: int
    last: int
    quotes: tuple[int, ...]


class Passage:
    """A paragraph with its quotations: which token stands in which quotation, and its sentences."""

    def __init__(self, paragraph: Paragraph, quotes: list[QuotedSpan], sentence_starts: list[int]) -> None:
        self.start_char = paragraph.start_char
        self.label = paragraph.label
        self.doc: Doc = paragraph.doc
        self.text = paragraph.doc.text
        self.quotes = quotes
        self.offsets = [paragraph.start_char + token.idx for token in paragraph.doc]
        self.inside = _quote_of_tokens(self)
        self.units = _units(self, sentence_starts)

    def char(self, token: Token) -> int:
        """Where a token begins in the document."""
        return self.start_char + token.idx

    def char_end(self, token: Token) -> int:
        """Where it ends, exclusive."""
        return self.start_char + token.idx + len(token)

    def token_from(self, offset: int) -> int:
        """Index of the first token that begins at `offset` or after it."""
        return bisect_left(self.offsets, offset)

    def writers(self, first: int, last: int) -> list[Token]:
        """The tokens of the writer's own, those in quotations and blanks left out."""
        return [self.doc[i] for i in range(first, last) if self.inside[i] < 0 and not self.doc[i].is_space]


def _quote_of_tokens(passage: Passage) -> list[int]:
    inside = []
    at = 0
    for token in passage.doc:
        start = passage.char(token)
        while at < len(passage.quotes) and passage.quotes[at].closed_at <= start:
            at += 1
        inside.append(at if at < len(passage.quotes) and passage.quotes[at].opened_at < passage.char_end(token) else -1)
    return inside


def _units(passage: Passage, sentence_starts: list[int]) -> list[Unit]:
    """Cut the paragraph into the writer's sentences, none ending inside a quotation or between it and its “…” he asked."""
    doc, inside = passage.doc, passage.inside
    units: list[Unit] = []
    first = 0
    before: Token | None = None  # the last token that is no blank
    for token in doc:
        if token.is_space:
            continue
        if (
            before is not None
            and not inside[before.i] == inside[token.i] >= 0
            and _breaks(passage, before, token, sentence_starts)
        ):
            units.append(_unit(passage, first, token.i))
            first = token.i
        before = token
    units.append(_unit(passage, first, len(doc)))
    return units


def _unit(passage: Passage, first: int, last: int) -> Unit:
    quotes = dict.fromkeys(q for q in passage.inside[first:last] if q >= 0)
    return Unit(first, last, tuple(quotes))


def _breaks(passage: Passage, before: Token, token: Token, sentence_starts: list[int]) -> bool:
    """Whether a new sentence of the writer's begins at `token`."""
    if passage.inside[before.i] < 0:
        at = bisect_right(sentence_starts, passage.char(token)) - 1
        return at >= 0 and sentence_starts[at] >= passage.char_end(before)
    span = passage.quotes[passage.inside[before.i]]
    spoken = passage.text[span.start - passage.start_char : span.end - passage.start_char].rstrip("’”'\"")[-1:]
    if passage.inside[token.i] >= 0:
        return spoken != ","
    if not token.text[:1].isupper():
        return False
    if spoken not in {".", "!", "?", "…"}:
        return False
    return not _short_cue_clause(passage, token.i)


def _short_cue_clause(passage: Passage, at: int) -> bool:
    """Whether a clause of saying without a content of its own begins here: “Never!” the minister told reporters."""
    for i in range(at, min(at + LONGEST_DESCRIPTION, len(passage.doc))):
        token = passage.doc[i]
        if passage.inside[i] >= 0 or token.text in {".", "!", "?"}:
            return False
        if token.pos_ in {"VERB", "AUX"}:
            if cue_kind(token) == JUDGE:
                return i + 1 >= len(passage.doc) or passage.doc[i + 1].is_punct
            if cue_kind(token) is None:
                return False
            return not any(c.dep_ in {"ccomp", "xcomp"} and c.i > i and passage.inside[c.i] < 0 for c in token.children)
    return False


def cue_kind(token: Token) -> str | None:
    """say, beside or judge; None for a word that reports no speech."""
    kind = cue_verbs().get(token.lemma_.lower())
    if kind is None and token.lower_ in {"put", "puts"} and token.i + 1 < len(token.doc):
        kind = SAY if token.nbor().lower_ == "it" else None  # as X put it
    if kind is None or token.pos_ not in {"VERB", "AUX", "NOUN", "PROPN"}:
        return None
    if token.pos_ in {"NOUN", "PROPN"}:
        # "said" itself is misread as a noun at times; no other word is worth the risk
        return kind if token.lower_ in {"said", "says"} else None
    return kind


_PRONOUNS = {MALE: "he", FEMALE: "she"}


class Names:
    """Look-ups by offset in what earlier extractors found."""

    def __init__(self, reading: Reading) -> None:
        self.mentions: tuple[Mention, ...] = reading.mentions
        self.references: tuple[Reference, ...] = tuple(
            sorted(reading.references, key=lambda r: (r.start_char, r.end_char))
        )
        self._mention_starts = [m.start_char for m in self.mentions]
        # a person's name to "he" or "she", where that is told
        self.pronouns = {name: _PRONOUNS[g] for name, g in genders_of(self.mentions, reading.page.text).items()}
        self._reference_starts = [r.start_char for r in self.references]

    def mention_at(self, start: int, end: int) -> Mention | None:
        """The mention that overlaps, the last if there are several."""
        at = bisect_right(self._mention_starts, end - 1) - 1
        return self.mentions[at] if at >= 0 and self.mentions[at].end_char > start else None

    def reference_at(self, start: int, end: int) -> Reference | None:
        """The reference that overlaps."""
        at = bisect_right(self._reference_starts, end - 1) - 1
        return self.references[at] if at >= 0 and self.references[at].end_char > start else None

    def mentions_between(self, start: int, end: int) -> Iterator[Mention]:
        """Mentions that begin in start..end."""
        for at in range(bisect_right(self._mention_starts, start - 1), len(self.mentions)):
            if self.mentions[at].start_char >= end:
                return
            yield self.mentions[at]


def subject_of(passage: Passage, verb: Token) -> Token | None:
    """The head of the phrase that names who does `verb`; climbs participles, conjuncts and relative clauses."""
    token = verb
    for _ in range(6):  # hops; deeper chains are parses gone wrong
        passive = is_passive(token)
        if passive:
            agent = _agent(token)
            if agent is not None or token.lemma_ in TOLD:
                return agent
        reported = (
            token.dep_ == "ccomp"
            and token is not verb
            and passage.inside[token.head.i] < 0
            and cue_kind(token.head) == SAY
        )
        if reported and verb.tag_ == "VBG":
            # X said the army had withdrawn, adding that …: who adds is who said
            token = token.head
            continue
        for child in token.children:
            if passage.inside[child.i] >= 0:
                continue
            if child.dep_ in SUBJECTS or (child.dep_ == "nsubjpass" and token.lemma_ in QUOTED_AS):
                if child.lower_ in RELATIVES and child.tag_ in {"WDT", "WP"}:
                    return token.head if token.dep_ == "relcl" else None
                return child
        if passive:
            return None
        if token.dep_ == "acl":
            # "issued a statement Tuesday calling it …": no day calls
            names_someone = token.head.pos_ in {"NOUN", "PROPN"} and token.head.ent_type_ not in {"DATE", "TIME"}
            return token.head if names_someone else None
        if (
            token.dep_ not in {"conj", "advcl", "xcomp", "pcomp", "prep", "ccomp", "acomp", "oprd", "dep", "parataxis"}
            or token.head == token
        ):
            return None
        if passage.inside[token.head.i] >= 0:
            return None
        token = token.head
    return None


def is_passive(verb: Token) -> bool:
    """Whether something is said to or of the subject: "salesmen were told"."""
    return any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children)


def who_says(passage: Passage, verb: Token, first: int, last: int) -> Token | None:
    """Head of the phrase that names who does `verb`, sought in the tokens first..last by grammar, then by position."""
    before = verb.i - 1
    while (
        before >= 0
        and passage.inside[before] < 0
        and (passage.doc[before].is_space or passage.doc[before].text in {",", "-", "—", "–"})
    ):
        before -= 1
    if before >= 0 and passage.inside[before] >= 0 and verb.tag_ != "VBG":
        # “A,” said X: the parser takes X for the object at times
        head = phrase_after(passage, verb.i + 1, last)
        if head is not None:
            return head
    if (
        verb.tag_ == "VBG"
        and verb.i > first
        and passage.doc[verb.i - 1].pos_ == "PROPN"
        and passage.doc[verb.i - 1].ent_type_ not in {"DATE", "TIME"}
        and passage.inside[verb.i - 1] < 0
    ):
        return passage.doc[verb.i - 1]  # footage of X saying
    cited = _cited(verb)
    if cited is not None and passage.inside[cited.i] < 0:
        return cited
    head = subject_of(passage, verb)
    if head is not None or is_passive(verb) or verb.tag_ == "VBG":
        return head
    return phrase_before(passage, verb.i, first)


def _cited(verb: Token) -> Token | None:
    """Whom somebody quotes: X in "the agency quoted X as saying"."""
    if verb.lemma_ not in CITING or is_passive(verb):
        return None
    return next((c for c in verb.children if c.dep_ == "dobj" and (c.pos_ == "PROPN" or c.lower_ in HUMAN_NOUNS)), None)


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


_PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PART", "X", "CCONJ"})


def phrase_after(passage: Passage, at: int, last: int) -> Token | None:
    """Head of the noun phrase that begins at token `at`: its last noun or name before a preposition or comma."""
    head: Token | None = None
    for i in range(at, min(last, at + LONGEST_DESCRIPTION)):
        token = passage.doc[i]
        if passage.inside[i] >= 0 or (token.pos_ not in _PHRASE and token.text != "-"):
            break
        if token.pos_ == "CCONJ":
            break
        if head is not None and (token.pos_ in {"PRON", "DET"} or head.pos_ == "PRON"):
            break
        if token.pos_ in {"NOUN", "PROPN", "PRON", "X"} and any(c.isalpha() for c in token.text):
            head = token
    return head


def phrase_before(passage: Passage, at: int, first: int) -> Token | None:
    """Head of the noun phrase that ends right before token `at`, adverbs and auxiliaries skipped."""
    i = at - 1
    while i >= first and passage.inside[i] < 0 and passage.doc[i].pos_ in {"ADV", "AUX", "SPACE"}:
        i -= 1
    if i > first and passage.doc[i].text == "," and passage.doc[i - 1].ent_type_ == "PERSON":
        i -= 1  # the shadow secretary, X, said
    if i < first or passage.inside[i] >= 0 or passage.doc[i].pos_ not in {"NOUN", "PROPN", "PRON"}:
        return None
    return passage.doc[i]


def speaker_at(passage: Passage, names: Names, head: Token) -> Speaker | None:
    """The speaker that the noun phrase of `head` names, None if its words name nobody yet (pronouns, "the statement").

    Several who speak as one ("X and Y said in a joint statement") are one speaker with both names.
    """
    speaker = _one_speaker_at(passage, names, head)
    others = [c for c in head.conjuncts if head.i < c.i <= head.i + FURTHEST_CONJUNCT and passage.inside[c.i] < 0]
    if speaker is None or not others or any(t.pos_ in {"VERB", "AUX"} for t in others):
        return speaker
    also = _one_speaker_at(passage, names, others[-1])
    if also is None or also.name is None or also.start_char < speaker.end_char:
        return speaker
    return Speaker(f"{speaker.name} and {also.name}", speaker.start_char, also.end_char)


def _one_speaker_at(passage: Passage, names: Names, head: Token) -> Speaker | None:
    start, end = passage.char(head), passage.char_end(head)
    mention = names.mention_at(start, end)
    # "one Democrat", "five Israelis": the words beside a people's name say who
    described = mention is not None and mention.entity_type == "NORP" and any(c.dep_ != "punct" for c in head.children)
    if mention is not None and mention.entity_type != "EVENT" and not described:
        return Speaker(mention.name, mention.start_char, mention.end_char, mention.entity_type == "PERSON")
    if head.lower_ in PERSON_PRONOUNS | OTHER_PRONOUNS or head.pos_ == "PRON":
        return _referred(names, start, end)
    first = _phrase_start(passage, head)
    for found in names.mentions_between(passage.char(passage.doc[first]), start):
        if found.entity_type == "PERSON" and not _owns(passage, found):
            return Speaker(found.name, found.start_char, found.end_char, is_person=True)
    beside = _name_right_after(passage, names, head)
    if beside is not None:
        return Speaker(beside.name, beside.start_char, beside.end_char, is_person=True)
    apposed = _apposed_person(passage, names, head)
    if apposed is not None:
        return Speaker(apposed.name, apposed.start_char, apposed.end_char, is_person=True)
    referred = _referred(names, start, end)
    if referred is not None:
        return referred
    if head.dep_ == "appos" and passage.inside[head.head.i] < 0:
        # X, a doctor who called it …
        whose = names.mention_at(passage.char(head.head), passage.char_end(head.head))
        if whose is not None and whose.entity_type == "PERSON":
            return Speaker(whose.name, whose.start_char, whose.end_char, is_person=True)
    if head.lemma_.lower() in UTTERANCES:
        author = author_of(passage, head)
        if author is not None and author.lemma_.lower() not in UTTERANCES:
            return speaker_at(passage, names, author)
        if head.lemma_.lower() not in DOCUMENTS:
            return None
    if head.pos_ not in {"NOUN", "PROPN", "X"}:
        return None
    last = _phrase_end(passage, head)
    named = _named_after_comma(passage, names, last)
    if named is not None and head.pos_ == "NOUN":
        return Speaker(named.name, named.start_char, named.end_char, is_person=True)
    words = passage.doc[first : last + 1]
    # a name that no extractor knew is more often a person's; "a doctor" is someone new, "the doctor" often someone named
    is_new = head.lower_ in HUMAN_NOUNS and any(child.lower_ in INDEFINITE for child in head.lefts)
    is_person = head.pos_ == "PROPN" or is_new
    return Speaker(
        words.text, passage.start_char + words.start_char, passage.start_char + words.end_char, is_person=is_person
    )


def _named_after_comma(passage: Passage, names: Names, last: int) -> Mention | None:
    """The name set between commas after a description, where the parse does not say so: the head of X in Y, Z, said."""
    doc = passage.doc
    if last + 2 >= len(doc) or doc[last + 1].text != "," or passage.inside[last + 2] >= 0:
        return None
    mention = names.mention_at(passage.char(doc[last + 2]), passage.char_end(doc[last + 2]))
    if mention is None or mention.entity_type != "PERSON":
        return None
    after = passage.token_from(mention.end_char)
    ends = after >= len(doc) or (
        passage.inside[after] < 0 and (doc[after].text in {",", "."} or cue_kind(doc[after]) == SAY)
    )
    return mention if ends else None


def _apposed_person(passage: Passage, names: Names, head: Token) -> Mention | None:
    """The person's name in apposition: the chairman, the foreign minister, X."""
    for _ in range(3):  # appositions of appositions
        head_of_next = next((c for c in head.rights if c.dep_ == "appos" and passage.inside[c.i] < 0), None)
        if head_of_next is None:
            return None
        head = head_of_next
        mention = names.mention_at(passage.char(head), passage.char_end(head))
        if mention is not None and mention.entity_type == "PERSON":
            return mention
    return None


def _name_right_after(passage: Passage, names: Names, head: Token) -> Mention | None:
    """The person's name that follows a role, titles skipped: the army spokesman Maj. X."""
    for token in passage.doc[head.i + 1 : head.i + 5]:
        if passage.inside[token.i] >= 0 or not (token.pos_ == "PROPN" or token.text == "."):
            return None
        mention = names.mention_at(passage.char(token), passage.char_end(token))
        if mention is None:
            continue
        # the model takes an unknown name for a body's at times; after "Maj." it is a person's
        return mention if mention.entity_type == "PERSON" or token.i > head.i + 1 else None
    return None


def _referred(names: Names, start: int, end: int) -> Speaker | None:
    reference = names.reference_at(start, end)
    if reference is None:
        return None
    return Speaker(" and ".join(reference.names), reference.start_char, reference.end_char, is_person=True)


def _owns(passage: Passage, mention: Mention) -> bool:
    """Whether a name is a possessor: "Putin's office"."""
    after = passage.text[mention.end_char - passage.start_char :][:2]
    inner = passage.text[: mention.end_char - passage.start_char][-2:]
    return after[:1] in {"'", "’"} or inner in {"'s", "’s"}


def _phrase_start(passage: Passage, head: Token) -> int:
    first = head.i
    lowest = max(head.left_edge.i, head.i - LONGEST_DESCRIPTION)
    while first > lowest and passage.inside[first - 1] < 0 and passage.doc[first - 1].text not in {",", ";", ":"}:
        first -= 1
    while first < head.i and passage.doc[first].pos_ in {"CCONJ", "PUNCT", "SPACE", "ADV", "SCONJ"}:
        first += 1
    return first


def _phrase_end(passage: Passage, head: Token) -> int:
    """Last token of the description: through prepositional phrases, to the first comma, verb or quotation."""
    last = head.i
    for child in head.rights:
        if child.dep_ != "prep" or child.lower_ not in DESCRIPTION_PREPOSITIONS or child.i != last + 1:
            break
        i = child.i
        highest = min(child.right_edge.i, head.i + LONGEST_DESCRIPTION)
        while i <= highest and passage.inside[i] < 0 and passage.doc[i].pos_ not in {"PUNCT", "VERB", "AUX"}:
            i += 1
        if passage.doc[i - 1].pos_ in {"NOUN", "PROPN", "NUM"} or passage.doc[i - 1].text.endswith("."):
            last = i - 1
    return last


def author_of(passage: Passage, noun: Token) -> Token | None:
    """Who wrote or issued what `noun` names: its signer, "by X", "from X", or its owner."""
    by: Token | None = None
    for child in noun.children:
        if passage.inside[child.i] >= 0:
            continue
        if child.dep_ == "acl" and child.lemma_ in ISSUING:
            author = _agent(child) or next(
                (g for c in child.children if c.lower_ in {"by", "from"} for g in c.children if g.dep_ == "pobj"), None
            )
            if author is not None:
                return author
        if child.dep_ in {"prep", "agent"} and child.lower_ in AUTHORED_BY:
            by = by or next((c for c in child.children if c.dep_ == "pobj"), None)
        if child.dep_ == "poss":
            by = by or child
    if by is not None:
        return by
    if noun.dep_ == "dobj" and noun.head.lemma_ in ISSUING | {"make", "give", "deliver"}:
        return subject_of(passage, noun.head)
    # "a ministry statement": the noun before it
    before = [
        c for c in noun.lefts if c.dep_ == "compound" and (c.ent_type_ in ISSUER_TYPES or c.lemma_.lower() in BODIES)
    ]
    return before[-1] if before else None
