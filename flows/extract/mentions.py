"""mentions: where names stand, and the fullest name that the document gives each.

Three voices. The model (en_core_web_md) proposes; the reference tables correct what they know better (countries, peoples,
contested regions, bodies); then the document decides: all mentions of one wording vote on its type with the words around
them, and a surname is a person's everywhere once the full name was met.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from flows.extract.credits import credit_span
from flows.extract.names import (
    Wording,
    full_names,
    head_types,
    is_acronym,
    known_entry,
    name_words,
    title_words,
    without_titles,
)
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import Entry, Match, Word, find_wordings, fold, folded_key, skeleton, type_group, words_of


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
    parts = [_part(paragraph, reading.page.text) for paragraph in reading.paragraphs]
    terms = {term for part in parts for term in _terms(part)}
    found = [[s for s in _spans(part) if part.text_of(s) not in terms] for part in parts]
    surnames = _surnames(parts, found, _settled_types(parts, found, {}))
    found = [_with_persons(part, spans, surnames) for part, spans in zip(parts, found, strict=True)]
    types = _settled_types(parts, found, surnames)
    settled = [
        [_settled(part, span, types, surnames) for span in spans] for part, spans in zip(parts, found, strict=True)
    ]
    words = _one_word_names(parts, settled)
    wordings: list[Wording] = []
    for part, spans in zip(parts, settled, strict=True):
        for span in _with_bodies_of_states(part, _with_one_word_names(part, spans, words)):
            text = part.text_of(span)
            start = part.start + part.words[span.first].start
            entry = span.entry or known_entry(text, span.entity_type)
            wordings.append(Wording(start, start + len(text), text, span.entity_type, entry, span.full))
    names = full_names(wordings)
    return [Mention(w.start, w.end, w.entity_type, name) for w, name in zip(wordings, names, strict=True)]


@dataclass(frozen=True)
class _Span:
    """words[first:last] of a part.

    Attributes:
        first: index of the first word.
        last: index after the last.
        entity_type: OntoNotes label.
        entry: what the reference tables vouch for; such a span keeps its type.
        full: the wording with its country, for bodies of states.
    """

    first: int
    last: int
    entity_type: str
    entry: Entry | None = None
    full: str | None = None


@dataclass(frozen=True)
class _Part:
    """A paragraph as words of our own, with the model's proposals and whether its capitals tell nothing."""

    start: int
    text: str
    words: tuple[Word, ...]
    proposals: tuple[_Span, ...]
    is_title_case: bool
    is_dateline: bool

    def text_of(self, span: _Span) -> str:
        return self.text[self.words[span.first].start : self.words[span.last - 1].end]

    def folded(self, at: int) -> str:
        """The folded word at this place; empty outside the part."""
        return self.words[at].folded if 0 <= at < len(self.words) else ""

    def is_capital(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.words[at].text[0].isupper()


def _part(paragraph: Paragraph, page: str) -> _Part:
    text = page[paragraph.start_char : paragraph.end_char]
    words = tuple(words_of(text))
    is_title_case = _is_title_case(words)
    credit = credit_span(text) if paragraph.label == "caption" else None
    if credit:
        words = tuple(word for word in words if not credit[0] <= word.start < credit[1])
    starts = {word.start: i for i, word in enumerate(words)}
    ends = {word.end: i + 1 for i, word in enumerate(words)}
    proposals = [
        _Span(starts[ent.start_char], ends[ent.end_char], ent.label_)
        for ent in paragraph.doc.ents
        if ent.label_ in KEPT_TYPES and ent.start_char in starts and ent.end_char in ends
    ]
    return _Part(
        paragraph.start_char,
        text,
        words,
        tuple(proposals),
        is_title_case,
        paragraph.label not in ("headline", "subhead", "caption", "body"),
    )


# Share of capitalised words from which capitals tell nothing of names; headlines in sentence case stay below 0.5.
TITLE_CASE_SHARE = 0.65
TITLE_CASE_WORDS = 4
SMALL_WORDS = frozenset(
    """a an and as at by for from in into is its nor of off on or over the to up vs with after amid who has have
    s""".split()
)


def _is_title_case(words: Sequence[Word]) -> bool:
    letters = [word for word in words if word.text[0].isalpha() and word.folded not in SMALL_WORDS]
    if len(letters) < TITLE_CASE_WORDS:
        return False
    return sum(word.text[0].isupper() for word in letters) >= TITLE_CASE_SHARE * len(letters)


# ---------------------------------------------------------------- the model's proposals and the tables' matches


def _spans(part: _Part) -> list[_Span]:
    """The model's proposals and the reference tables' matches, made one: none overlaps another."""
    if part.is_dateline:
        return [_Span(0, len(part.words), "GPE", known_entry(part.text, "GPE"))] if part.words else []
    matches = find_wordings(part.words)
    sure = [match for match in matches if match.entries[0].is_sure]
    spans: list[_Span] = []
    taken: set[int] = set()

    def add(span: _Span) -> None:
        if taken.isdisjoint(range(span.first, span.last)):
            spans.append(span)
            taken.update(range(span.first, span.last))

    for proposal in part.proposals:
        trimmed = _trimmed(part, proposal)
        if trimmed and _is_larger_name(
            part, trimmed, [m for m in sure if m.first < trimmed.last and trimmed.first < m.last]
        ):
            add(trimmed)
    for match in sure:
        if part.folded(match.last) == "$":  # "US $5" is money
            continue
        add(_Span(match.first, match.last, match.entries[0].entity_type, match.entries[0]))
    for match in matches:
        # A town's name is found without the model only where the words before it speak of a place, an office-holder's
        # surname where it is no word.
        entry = match.entries[0]
        if entry.is_sure or not part.is_capital(match.first):
            continue
        span = _Span(match.first, match.last, entry.entity_type)
        if entry.entity_type == "PERSON":
            is_told = match.last - match.first == 1 and len(part.text_of(span)) >= TRANSLITERATED_LETTERS
        else:
            is_told = not part.is_title_case and part.folded(match.first - 1) in PLACE_PREPOSITIONS
        if is_told:
            add(span)
    for span in _bodies(part, taken):
        add(span)
    for span in tuple(spans):
        if span.entity_type == "ORG" and _is_bracketed_acronym(part, span.last + 1):
            add(_Span(span.last + 1, span.last + 2, "ORG"))
    return sorted(spans, key=lambda span: span.first)


def _is_bracketed_acronym(part: _Part, at: int) -> bool:
    """Whether this word stands in brackets and is of capitals: "(VRC)", "(BoG)"."""
    if part.folded(at - 1) != "(" or part.folded(at + 1) != ")":
        return False
    return sum(c.isupper() for c in part.words[at].text) > 1


# Bodies that one capitalised word names inside a sentence.
ONE_WORD_BODIES = frozenset(["parliament", "congress", "senate", "cabinet"])
MAX_BODY_WORDS = 6


def _bodies(part: _Part, taken: AbstractSet[int]) -> Iterator[_Span]:
    """Capitalised words inside a sentence that end in the word of a body ("High Court", "Interior Ministry"), left by the model."""
    if part.is_title_case:
        return
    for last, word in enumerate(part.words):
        if last in taken or not word.text[0].isupper() or word.text.isupper() or head_types().get(word.folded) != "ORG":
            continue
        first = last
        while (
            last - first < MAX_BODY_WORDS
            and part.is_capital(first - 1)
            and first - 1 not in taken
            and _is_next(part, first)
            and part.folded(first - 1) != "the"
        ):
            first -= 1
        is_inside = first > 0 and part.words[first - 1].text[0].islower()
        if is_inside and (first < last or word.folded in ONE_WORD_BODIES):
            yield _Span(first, last + 1, "ORG")


def _terms(part: _Part) -> Iterator[str]:
    """Acronyms that the text explains in small letters, "ceasefire monitoring team (CMT)": terms, not names."""
    for at, word in enumerate(part.words):
        if not (
            word.text.isupper() and len(word.text) > 1 and part.folded(at - 1) == "(" and part.folded(at + 1) == ")"
        ):
            continue
        before = [w.text for w in part.words[max(0, at - 1 - 2 * len(word.text)) : at - 1] if w.text[0].isalnum()]
        explained = before[-len(word.text) :]
        if [w[0].lower() for w in explained] == list(word.folded) and sum(w[0].islower() for w in explained) > len(
            explained
        ) / 2:
            yield word.text


# Words that stand alone in capitals without being names, as the model often takes them.
NOT_NAMES = frozenset(
    """north south east west northern southern eastern western central strip covid covid-19 coronavirus internet english
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december god allah islam hijab ramadan eid christmas easter mps mp ceo pm phd gdp n/a video watch photo photos
    live update updated breaking exclusive opinion analysis read related more image caption story advertisement""".split()
)


def _trimmed(part: _Part, span: _Span) -> _Span | None:
    """The proposal without article, possessive, quotes, titles and nationality; None if nothing of a name remains."""
    words = list(part.words[span.first : span.last])
    first, last = span.first, span.last
    while words and (not words[0].text[0].isalnum() or words[0].folded in ("the", "a", "an")):
        words.pop(0)
        first += 1
    while words and not words[-1].text[0].isalnum() and not _is_abbreviated(words):
        words.pop()
        last -= 1
    if [fold(word.text) for word in words[-2:]] == ["'", "s"]:
        words = words[:-2]
        last -= 2
    if span.entity_type == "PERSON" and words:
        named = without_titles(words)
        first += len(words) - len(named)
        words = list(named)
    if not words or not any(word.text[0].isupper() for word in words):
        return None
    if len(words) == 1 and (words[0].folded in NOT_NAMES or words[0].folded in title_words()):
        return None
    if span.entity_type == "ORG" and words[0].folded in title_words() and head_types().get(words[-1].folded) != "ORG":
        return None  # "Minister of Foreign Affairs" is an office, held by a person
    return replace(span, first=first, last=last)


def _is_abbreviated(words: Sequence[Word]) -> bool:
    """Whether the point at the end belongs to the name: "Acme Ltd.", "Corp."."""
    return words[-1].text == "." and len(words) > 1 and words[-2].folded in ("ltd", "inc", "co", "corp", "jr", "sr")


def _is_larger_name(part: _Part, proposal: _Span, inside: Sequence[Match]) -> bool:
    """Whether names known to the tables are at most a part of the proposed one: "Bank of Ghana", "University of Damascus"."""
    if not inside:
        return True
    if any(m.first < proposal.first or m.last > proposal.last for m in inside):
        return False
    covered = {i for m in inside for i in range(m.first, m.last)}
    rest = [part.words[i] for i in range(proposal.first, proposal.last) if i not in covered]
    if not any(word.text[0].isupper() and word.folded not in title_words() for word in rest):
        return False
    if proposal.entity_type in ("ORG", "FAC", "EVENT"):
        return True
    return proposal.entity_type in ("PERSON", "GPE", "LOC") and all(m.entries[0].entity_type != "ORG" for m in inside)


# ---------------------------------------------------------------- persons by surname


def _surnames(parts: Sequence[_Part], found: Sequence[Sequence[_Span]], types: dict[str, str]) -> dict[str, int]:
    """Folded words of full names that the document gives to persons: 2 for a last word, 1 for a first one."""
    words_of_names: dict[str, int] = {}
    for part, spans in zip(parts, found, strict=True):
        for span in spans:
            if _settled(part, span, types, {}).entity_type != "PERSON" or (part.is_title_case and not span.entry):
                continue
            words = name_words(part.text_of(span))
            if len(words) > 1:
                words_of_names[words[-1]] = LAST_WORD
                if len(words[-1]) >= TRANSLITERATED_LETTERS:
                    words_of_names[skeleton(words[-1])] = LAST_WORD
                words_of_names.setdefault(words[0], FIRST_WORD)
    return words_of_names


LAST_WORD, FIRST_WORD = 2, 1
# Surnames shorter than this are also words ("So", "An"): they are not looked for where the model proposes nothing.
SURNAME_LETTERS = 3
# From so many letters another spelling of a surname is the surname ("Pashinian"), not another word.
TRANSLITERATED_LETTERS = 6


def _with_persons(part: _Part, spans: Sequence[_Span], surnames: dict[str, int]) -> list[_Span]:
    """The spans, joined surnames taken apart ("Aliyev-Sarkisian"), with every further place where a surname stands alone."""
    kept: list[_Span] = []
    begun = {span.first for span in spans}
    for span in spans:
        words = part.words[span.first : span.last]
        names = [i for i in range(span.first, span.last) if part.words[i].text[0].isalnum()]
        is_pair = len(names) > 1 and any(word.text in "-–—/" for word in words)
        if not span.entry and is_pair and all(surnames.get(part.words[i].folded) == LAST_WORD for i in names):
            kept += [_Span(i, i + 1, "PERSON") for i in names]
        else:
            kept.append(_extended(part, span, begun))
    taken = {i for span in kept for i in range(span.first, span.last)}
    for i, word in enumerate(part.words):
        if i in taken or not word.text[0].isupper():
            continue
        if len(word.text) >= SURNAME_LETTERS and _name_rank(word, surnames) == LAST_WORD:
            kept.append(_Span(i, i + 1, "PERSON"))
        elif _follows_title(part, i) and not part.is_title_case and word.folded not in title_words():
            last = i + 1
            while part.is_capital(last) and last not in taken and last - i < MAX_NAME_WORDS and _is_next(part, last):
                last += 1
            if last - i > 1:
                kept.append(_Span(i, last, "PERSON"))
                taken.update(range(i, last))
    return sorted(kept, key=lambda span: span.first)


def _name_rank(word: Word, surnames: dict[str, int]) -> int | None:
    """Whether the word is a known person's last or first one, in this or another spelling."""
    if word.folded in surnames:
        return surnames[word.folded]
    return surnames.get(skeleton(word.folded)) if len(word.text) >= TRANSLITERATED_LETTERS else None


MAX_NAME_WORDS = 4
NOT_IN_NAMES = NOT_NAMES | {"the", "a", "and", "of", "in", "on"}


def _is_next(part: _Part, at: int) -> bool:
    """Whether only a blank stands before this word."""
    return 0 < at < len(part.words) and part.text[part.words[at - 1].end : part.words[at].start] == " "


def _extended(part: _Part, span: _Span, begun: AbstractSet[int]) -> _Span:
    """A person's name with the capitalised words after it: the model cuts second surnames off.

    The same to the left was tried on a quarter of the newswire benchmark and refused (persons F1 83.4 to 82.8): it takes
    in titles.
    """
    last = span.last
    if span.entity_type != "PERSON" or span.entry or part.is_title_case or last - span.first < 2:  # noqa: PLR2004 - a full name
        return span
    while (
        part.is_capital(last)
        and last not in begun
        and _is_next(part, last)
        and part.folded(last) not in NOT_IN_NAMES
        and part.folded(last) not in title_words()
        and last - span.first < MAX_NAME_WORDS
    ):
        last += 1
    return replace(span, last=last)


# ---------------------------------------------------------------- one type for each wording

PLACE_NOUNS = frozenset(
    """town city village province district region county camp state island peninsula neighbourhood neighborhood suburb
    governorate oblast area municipality township district hamlet port""".split()
)
PLURAL_PLACE_NOUNS = frozenset(
    """towns cities villages provinces districts regions counties camps states islands neighbourhoods neighborhoods suburbs
    governorates areas municipalities ports places""".split()
)
PLACE_PREPOSITIONS = frozenset(
    ["in", "near", "at", "around", "outside", "towards", "toward", "neighboring", "neighbouring"]
)
SPEECH_WORDS = frozenset(["said", "says", "told", "added", "tweeted", "wrote", "insisted", "warned", "replied"])

# Weights of the voices, in mentions of the model's. Swept on half of the public newswire benchmark (strict F1 73.2): from
# half to twice of each changes it by 0.4 at most, so they are round numbers.
CONTEXT_VOTE = 2.0
PREPOSITION_VOTE = 1.5
FROM_VOTE = 0.8
SPEECH_VOTE = 1.0
REFERENCE_VOTE = 1.5
HEAD_VOTE = 3.0
MODEL_VOTE = 1.0
# The model calls foreign places persons: its single words weigh less than one preposition.
SINGLE_PERSON_VOTE = 0.7
TITLE_CASE_VOTE = 0.25
ACRONYM_LETTERS = 3


def _follows_title(part: _Part, at: int) -> bool:
    before = at - 2 if part.folded(at - 1) == "." else at - 1
    return part.folded(before) in title_words()


def _place_vote(part: _Part, span: _Span) -> float:
    """How strongly the neighbouring words speak of a place."""
    before, second = part.folded(span.first - 1), part.folded(span.first - 2)
    if before == "the":
        before, second = second, part.folded(span.first - 3)
    after = part.folded(span.last)
    is_possessive = after == "'" and part.folded(span.last + 1) == "s"
    if before == "of" and (second in PLACE_NOUNS or second in PLURAL_PLACE_NOUNS):
        return CONTEXT_VOTE
    if after in PLACE_NOUNS or after in PLURAL_PLACE_NOUNS:
        return CONTEXT_VOTE
    if after == "-" and part.folded(span.last + 1) == "based":
        return CONTEXT_VOTE
    if before in PLACE_PREPOSITIONS and not is_possessive:
        return PREPOSITION_VOTE
    if before in ("from", "like") and not is_possessive:
        return FROM_VOTE
    return 0.0


def _head_type(part: _Part, span: _Span) -> str | None:
    """The type that the last word of a name of several words tells, or its first before "of", "de" and the like."""
    names = [word for word in part.words[span.first : span.last] if word.text[0].isalnum()]
    if len(names) < 2:  # noqa: PLR2004 - a name of several words
        return None
    if names[1].folded in ("of", "de", "del", "for", "und", "du"):
        return head_types().get(names[0].folded)
    return head_types().get(names[-1].folded)


def _votes(part: _Part, span: _Span) -> Iterator[tuple[str, float]]:
    """What one mention says of its wording's type: the model, the name's own words, its neighbours, the tables."""
    is_single = span.last - span.first == 1
    vote = SINGLE_PERSON_VOTE if is_single and span.entity_type == "PERSON" else MODEL_VOTE
    yield span.entity_type, TITLE_CASE_VOTE if part.is_title_case else vote
    text = part.text_of(span)
    if head := _head_type(part, span):
        yield head, HEAD_VOTE
    if place := _place_vote(part, span):
        yield "GPE" if type_group(span.entity_type) != "PLACE" else span.entity_type, place
    if not part.is_title_case and _follows_title(part, span.first) and part.is_capital(span.first):
        yield "PERSON", CONTEXT_VOTE
    if part.folded(span.last) in SPEECH_WORDS and span.entity_type == "PERSON":
        yield "PERSON", SPEECH_VOTE
    if (
        is_single
        and span.entity_type == "PERSON"
        and is_acronym(text)
        and len(text) >= ACRONYM_LETTERS
        and not part.is_title_case
    ):
        yield "ORG", CONTEXT_VOTE
    for entity_type in ("GPE", "ORG", "PERSON"):
        if entry := known_entry(text, entity_type):
            yield entry.entity_type, REFERENCE_VOTE


def _settled_types(
    parts: Sequence[_Part], found: Sequence[Sequence[_Span]], surnames: dict[str, int]
) -> dict[str, str]:
    """Folded wording to the type that most of its mentions and their neighbours speak for."""
    weights: dict[str, dict[str, float]] = {}
    for part, spans in zip(parts, found, strict=True):
        listed = _listed_with_places(part, spans, surnames)
        for span in spans:
            if span.entry:
                continue
            count = weights.setdefault(folded_key(part.text_of(span)), {})
            for entity_type, vote in _votes(part, span):
                count[entity_type] = count.get(entity_type, 0.0) + vote
            if span.first in listed:
                count["GPE"] = count.get("GPE", 0.0) + listed[span.first]
    return {key: min(count, key=lambda t: (-count[t], KEPT_TYPES.index(t))) for key, count in weights.items()}


def _listed_with_places(part: _Part, spans: Sequence[_Span], surnames: dict[str, int]) -> dict[int, float]:
    """First word of each member of a list to the vote for a place that its first member's neighbours give.

    "taken from Asra, Bel Koma and Tir": what holds for the first holds for all. A list is left where a person is known in it.
    """
    found: dict[int, float] = {}
    at = 0
    while at < len(spans):
        end = at
        while end + 1 < len(spans) and _joins(part, spans[end].last, spans[end + 1].first):
            end += 1
        run = spans[at : end + 1]
        vote = _place_vote(part, run[0])
        is_open = not any(
            (span.entry and type_group(span.entry.entity_type) != "PLACE")
            or (vote < CONTEXT_VOTE and surnames.get(part.folded(span.last - 1)) == LAST_WORD)
            or _follows_title(part, span.first)
            for span in run
        )
        if len(run) > 1 and vote and is_open:
            for span in run[1:]:
                found[span.first] = vote
        at = end + 1
    return found


def _joins(part: _Part, last: int, first: int) -> bool:
    """Whether only commas, "and", "or", "the" stand between."""
    between = [part.folded(i) for i in range(last, first)]
    return 0 < len(between) <= 3 and all(word in (",", "and", "or", "the", "&") for word in between)  # noqa: PLR2004 - ", and the"


def _settled(part: _Part, span: _Span, types: dict[str, str], surnames: dict[str, int]) -> _Span:
    """The span with the type that the document settled on."""
    if span.entry:
        return span
    words = part.words[span.first : span.last]
    rank = _name_rank(words[0], surnames) if len(words) == 1 else None
    if rank == LAST_WORD or (rank == FIRST_WORD and type_group(span.entity_type) != "PLACE"):
        return replace(span, entity_type="PERSON")
    settled = types.get(folded_key(part.text_of(span)), span.entity_type)
    if type_group(settled) == type_group(span.entity_type):
        return span
    return replace(span, entity_type=settled)


def _one_word_names(parts: Sequence[_Part], settled: Sequence[Sequence[_Span]]) -> dict[str, str]:
    """Words as written that are names of bodies or places somewhere in the document, to their types."""
    found: dict[str, str] = {}
    for part, spans in zip(parts, settled, strict=True):
        for span in spans:
            text = part.text_of(span)
            is_name = span.last - span.first == 1 and not part.is_title_case and not span.entry
            if (
                is_name
                and span.entity_type in ("ORG", "GPE")
                and (is_acronym(text) or len(text) >= TRANSLITERATED_LETTERS)
            ):
                found.setdefault(text, span.entity_type)
    return found


def _with_one_word_names(part: _Part, spans: Sequence[_Span], names: dict[str, str]) -> list[_Span]:
    """The spans and every further place where such a word stands: the model finds a name in one paragraph and not in the next."""
    taken = {i for span in spans for i in range(span.first, span.last)}
    further = [
        _Span(i, i + 1, names[word.text]) for i, word in enumerate(part.words) if i not in taken and word.text in names
    ]
    return sorted([*spans, *further], key=lambda span: span.first)


# ---------------------------------------------------------------- ministries and the like with their countries

STATE_BODIES = frozenset(["ministry", "parliament", "department", "army", "military", "police", "cabinet", "office"])
# What a ministry or office is for: these words before it make it a name even in small letters.
TOPICS = frozenset(
    """defence defense foreign interior health justice finance emergency emergencies culture education energy economy
    public security internal external affairs defender's prosecutor's prosecutor general attorney information transport
    agriculture trade religious endowments civil human rights and of""".split()
)
LOWER_CASE_BODIES = frozenset(["ministry", "parliament"])


def _with_bodies_of_states(part: _Part, spans: Sequence[_Span]) -> list[_Span]:
    """Two mentions for "Armenia's defense ministry": the country, and a body whose full name holds the country's.

    The country stays a mention, so that facts can point at it; a body named without its country is the same body.
    """
    kept: list[_Span] = []
    for span in spans:
        cut = _country_words(part, span) if span.entity_type == "ORG" and not span.entry else 0
        if cut and part.folded(span.last - 1) in STATE_BODIES:
            country = [m for m in find_wordings(part.words[span.first : span.first + cut]) if m.entries[0].country_code]
            for m in country[:1]:
                kept.append(_Span(span.first + m.first, span.first + m.last, m.entries[0].entity_type, m.entries[0]))
            kept.append(replace(span, first=span.first + cut, full=part.text_of(span)))
        else:
            kept.append(span)
    taken = {i for span in kept for i in range(span.first, span.last)}
    for span in list(kept):
        if not (span.entry and span.entry.kind in ("country", "demonym") and span.entry.country_code):
            continue
        first = span.last
        if part.folded(first) == "'" and part.folded(first + 1) == "s":
            first += 2
        last = first
        while last < len(part.words) and last - first <= MAX_TOPIC_WORDS and part.folded(last) in TOPICS:
            last += 1
        if part.folded(last) in LOWER_CASE_BODIES and (last > first or part.folded(last) == "parliament"):
            body = range(first, last + 1)
            if taken.isdisjoint(body):
                full = part.text[part.words[span.first].start : part.words[last].end]
                kept.append(_Span(first, last + 1, "ORG", None, full))
                taken.update(body)
    return sorted(kept, key=lambda span: span.first)


MAX_TOPIC_WORDS = 4


def _country_words(part: _Part, span: _Span) -> int:
    """How many words of a body's name are its country: 1 in "Russian Foreign Ministry", 3 in "Turkey's Defence Ministry"."""
    found = find_wordings(part.words[span.first : span.last])
    if not found or found[0].first != 0 or found[0].entries[0].kind not in ("country", "demonym"):
        return 0
    cut = found[0].last
    if part.folded(span.first + cut) == "'" and part.folded(span.first + cut + 1) == "s":
        cut += 2
    return cut if cut < span.last - span.first else 0
