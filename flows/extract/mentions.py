"""mentions: where names stand, and the fullest name that the document gives each.

Three voices. The model (en_core_web_md) proposes; the reference tables correct what they know better (countries, peoples,
contested regions, bodies); then the document decides: all mentions of one wording vote on its type with the words around
them, and a surname is a person's everywhere once the full name was met.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from flows.extract.credits import credit_span
from flows.extract.names import (
    Wording,
    first_types,
    full_names,
    head_types,
    is_acronym,
    known_entry,
    name_words,
    title_words,
    without_titles,
)
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import (
    PLACE_TYPES,
    Entry,
    Match,
    Word,
    find_wordings,
    folded_key,
    lookup,
    skeleton,
    type_group,
    words_of,
)


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
    """Every mention of a kept type, in order, none overlapping another.

    One row for each name as it stands, without title, article and possessive: PERSON, ORG, GPE, LOC, FAC, NORP or EVENT as
    OntoNotes 5 has them. Offsets are characters of documents.text. Raises nothing; without reference tables what the
    model and the document say is left.

    >>> from flows.extract.document import read_page
    >>> from flows.extract.reading import Page
    >>> text = "Ilir Dushku met Chad's army in Gao. Dushku left."
    >>> reading, _ = read_page(Page("d", text, None, ((0, len(text), "body"),)))
    >>> [(text[found.start_char : found.end_char], found.entity_type, found.name) for found in find_mentions(reading)][1:]
    [('Chad', 'GPE', 'Chad'), ('Gao', 'GPE', 'Gao'), ('Dushku', 'PERSON', 'Ilir Dushku')]
    """
    parts = [_part(paragraph, reading.page.text) for paragraph in reading.paragraphs]
    terms = {term for part in parts for term in _terms(part)}
    found = [[s for s in _spans(part) if part.text_of(s) not in terms] for part in parts]
    surnames = _surnames(parts, found, _settled_types(parts, found, {}))
    found = [_with_persons(part, spans, surnames) for part, spans in zip(parts, found, strict=True)]
    types = _settled_types(parts, found, surnames)
    settled = [
        [_settled(part, span, types, surnames) for span in spans] for part, spans in zip(parts, found, strict=True)
    ]
    carried = _carried_names(parts, settled)
    spelled = {part.text_of(s): s.full for part, spans in zip(parts, settled, strict=True) for s in spans if s.full}
    wordings: list[Wording] = []
    for part, spans in zip(parts, settled, strict=True):
        for span in _with_bodies_of_states(part, _with_carried_names(part, spans, carried)):
            text = part.text_of(span)
            start = part.start + part.words[span.first].start
            entry = span.entry or known_entry(text, span.entity_type)
            full = span.full or (spelled.get(text) if span.entity_type == "ORG" else None)
            wordings.append(Wording(start, start + len(text), text, span.entity_type, entry, full))
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
        full: the wording with its country, for bodies of states; for a short form in brackets, the name before it.
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
        _whole(words, _Span(starts[ent.start_char], ends[ent.end_char], ent.label_))
        for ent in paragraph.doc.ents
        if ent.label_ in KEPT_TYPES and ent.start_char in starts and ent.end_char in ends
    ]
    proposals = _largest(proposals)
    return _Part(
        paragraph.start_char,
        text,
        words,
        tuple(proposals),
        is_title_case,
        paragraph.label not in ("headline", "subhead", "caption", "body"),
    )


# Words that a body's name does not end with.
LOOSE_ENDS = frozenset(["of", "for", "and", "the"])


def _whole(words: Sequence[Word], span: _Span) -> _Span:
    """A body's proposal with the capitals after its last "of", or without that, and with the bracket that it closes opened."""
    first, last = span.first, span.last
    if span.entity_type != "ORG":
        return span
    if words[last - 1].folded in LOOSE_ENDS:
        reach = range(last, min(last + MAX_HEADED_WORDS, len(words)))
        last = next((i for i in reach if not words[i].text[0].isupper()), reach.stop)
        while last > first and words[last - 1].folded in LOOSE_ENDS:
            last -= 1
    marks = [word.text for word in words[first:last]]
    if ")" in marks and "(" not in marks and first > 0 and words[first - 1].text == "(":
        reach = range(first - 2, max(first - 2 - MAX_HEADED_WORDS, -1), -1)
        first = next((i + 1 for i in reach if not words[i].text[0].isupper()), reach.stop + 1)
    return replace(span, first=first, last=last) if first < last else span


def _largest(proposals: Sequence[_Span]) -> list[_Span]:
    """The proposals that no other one covers, in order."""
    kept: list[_Span] = []
    for span in sorted(proposals, key=lambda span: (span.first, -span.last)):
        if not kept or span.last > kept[-1].last:
            kept.append(span)
    return kept


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


def _is_in_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(character.isupper() for character in letters) >= CAPITALS_SHARE * len(letters)


CAPITALS_SHARE = 0.9  # of letters; a name in small letters may stand in a bracket


# ---------------------------------------------------------------- the model's proposals and the tables' matches


def _spans(part: _Part) -> list[_Span]:
    """The model's proposals and the reference tables' matches, made one: none overlaps another."""
    if part.is_dateline:
        return [_Span(0, len(part.words), "GPE", known_entry(part.text, "GPE"))] if part.words else []
    matches = find_wordings(part.words)
    sure = [match for match in matches if match.entries[0].is_sure]
    firsts, lasts = [match.first for match in sure], [match.last for match in sure]  # both rise: none overlaps another
    spans: list[_Span] = []
    taken: set[int] = set()

    def add(span: _Span) -> None:
        if taken.isdisjoint(range(span.first, span.last)):
            spans.append(span)
            taken.update(range(span.first, span.last))

    for proposal in part.proposals:
        for owned in _owned_apart(part, proposal):
            trimmed = _trimmed(part, owned)
            if trimmed is None:
                continue
            inside = sure[bisect_right(lasts, trimmed.first) : bisect_left(firsts, trimmed.last)]
            if _is_larger_name(part, trimmed, inside):
                add(trimmed)
    for match in sure:
        if part.folded(match.last) == "$":  # "US $5" is money
            continue
        # "THE MEN WHO DID IT": in texts in capitals all of a dozen read were the pronoun, none the World Health Organization
        if match.last - match.first == 1 and part.folded(match.first) in SMALL_WORDS and _is_in_capitals(part.text):
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
    for span in _headed(part, taken):
        add(span)
    for span in tuple(spans):
        if span.entity_type == "ORG" and _is_short_name(part, span):
            short = _Span(span.last + 1, span.last + 2, "ORG", span.entry, part.text_of(span))
            spans = [
                short if (other.first, other.last, other.entry) == (short.first, short.last, None) else other
                for other in spans
            ]
            add(short)
    return [span for span in sorted(spans, key=lambda span: span.first) if not _is_no_name(part, span)]


def _is_short_name(part: _Part, span: _Span) -> bool:
    """Whether a name of several words is followed by its short form in brackets: "(VRC)", "(BoG)", "(Velmin)"."""
    if part.folded(span.last) != "(" or part.folded(span.last + 2) != ")":
        return False
    short = part.words[span.last + 1].text
    if sum(c.isupper() for c in short) > 1:
        return True
    return span.last - span.first > 1 and short[0].isupper() and len(short) > SURNAME_LETTERS and not lookup(short)


def _is_no_name(part: _Part, span: _Span) -> bool:
    """Whether its last word tells that the name is a law's, a prize's or the like, of no type that is kept."""
    return not span.entry and span.entity_type != "PERSON" and (_head_type(part, span) or "ORG") not in KEPT_TYPES


# Bodies that one capitalised word names inside a sentence.
ONE_WORD_BODIES = frozenset(["parliament", "congress", "senate", "cabinet"])
MAX_HEADED_WORDS = 6


def _headed(part: _Part, taken: AbstractSet[int]) -> Iterator[_Span]:
    """Capitalised words inside a sentence that end in the word of a body, place or event, left by the model.

    "High Court", "Velmo Bridge", "Six-Day War".
    """
    if part.is_title_case:
        return
    yield from _begun(part, taken)
    heads = head_types()
    for last in [i for i, word in enumerate(part.words) if word.folded in heads]:
        word, entity_type = part.words[last], heads[part.words[last].folded]
        if last in taken or entity_type not in KEPT_TYPES or not word.text[0].isupper() or word.text.isupper():
            continue
        is_numbered = entity_type == "EVENT" and part.folded(last + 1) in NUMERALS and _is_next(part, last + 1)
        if part.is_capital(last + 1) and _is_next(part, last + 1) and not is_numbered:
            continue  # "Velmo County Museum": the name goes on
        first = last
        while last - first < MAX_HEADED_WORDS and (before := _joined_before(part, first, taken)) is not None:
            first = before
        is_inside = first > 0 and (part.words[first - 1].text[0].islower() or part.folded(first - 1) == "the")
        if is_numbered and first < last and last + 1 not in taken:
            yield _Span(first, last + 2, entity_type)
        elif is_inside and (first < last or word.folded in ONE_WORD_BODIES):
            yield _Span(first, last + 1, entity_type)


# Behind the word of an event: "World War II", "Karabakh War One".
NUMERALS = frozenset(["i", "ii", "iii", "iv", "one", "two", "three"])


def _begun(part: _Part, taken: AbstractSet[int]) -> Iterator[_Span]:
    """The word of an event or body and the capitalised words after it: "Operation Iron Tide", "Ministry of Trade"."""
    heads, first_words = head_types(), first_types()
    for first in [i for i, word in enumerate(part.words) if word.folded in first_words or word.folded in heads]:
        entity_type = heads.get(part.folded(first))
        is_of = entity_type in ("EVENT", "ORG") and part.folded(first + 1) == "of"
        if not is_of:
            entity_type = first_words.get(part.folded(first))
        if first in taken or not part.is_capital(first) or not (is_of or entity_type == "EVENT"):
            continue
        begun = last = first + (2 if is_of else 1)
        while last - begun < MAX_HEADED_WORDS and part.is_capital(last) and last not in taken and _is_next(part, last):
            last += 1
        is_inside = first > 0 and (part.words[first - 1].text[0].islower() or part.folded(first - 1) in ("the", "s"))
        if last > begun and entity_type and (not is_of or is_inside or first - 1 in taken):
            yield _Span(first, last, entity_type)


def _joined_before(part: _Part, at: int, taken: AbstractSet[int]) -> int | None:
    """Where the capitalised word before this one begins, over a blank or a hyphen; None if there is none to join."""
    before = at - 1
    if part.folded(before) == "-" and part.words[before].end == part.words[at].start:
        before -= 1
        is_joined = before >= 0 and part.words[before].end == part.words[before + 1].start
    else:
        is_joined = _is_next(part, at)
    is_name = is_joined and part.is_capital(before) and before not in taken and part.folded(before) != "the"
    return before if is_name else None


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
    live update updated breaking exclusive opinion analysis read related more image caption story advertisement
    ngo ngos sms omicron lgbt lgbtq hiv aids ebola pdf gps vip vips farmers cfo coo cto let hindi urdu swahili kiswahili
    pashto farsi marathi gujarati inuktitut mandarin cantonese hebrew latin""".split()
)


def _trimmed(part: _Part, span: _Span) -> _Span | None:
    """The proposal without article, possessive, quotes, brackets, titles and nationality; None if no name remains."""
    first, last = _unmarked(part, span.first, span.last)
    words = list(part.words[first:last])
    if span.entity_type == "PERSON" and words:
        named = without_titles(words)
        first += len(words) - len(named)
        words = list(named)
        while words and words[0].text.islower() and words[0].folded not in NAME_PARTICLES:
            first += 1  # "surnamed Velin"
            words.pop(0)
        while words and words[-1].text[0].isdigit():
            last -= 1  # "Velin 25": his score, his age
            words.pop()
    elif span.entity_type == "ORG":
        while len(words) > 1 and words[-1].folded in title_words() and part.folded(last) in title_words():
            last -= 1  # "Velmar Bank Executive" before "Director"
            words.pop()
    if not words or not any(word.text[0].isupper() for word in words) or _is_in_address(part, first, last):
        return None
    if words[0].folded in NOT_NAMES and (len(words) == 1 or not any(word.text[0].isalpha() for word in words[1:])):
        return None
    if len(words) == 1 and (words[0].folded in title_words() or words[0].folded in GENERIC_BODIES):
        return None
    # "Minister of Foreign Affairs" is an office, held by a person, and "Foreign Affairs" what it is for
    is_body = span.entity_type != "ORG" or head_types().get(words[-1].folded) == "ORG"
    if not is_body and (words[0].folded in title_words() or _is_portfolio(part, first)):
        return None
    return replace(span, first=first, last=last)


def _owned_apart(part: _Part, span: _Span) -> tuple[_Span, ...]:
    """Two proposals for a body and a part of it, "Velmo Police Department's Harbour Unit"; else the one.

    Only where the owner is plainly a body: "Women's Union" and "Lloyd's Bank" are one name.
    """
    if span.entity_type != "ORG" or part.is_title_case:
        return (span,)
    for at in range(span.first + 1, span.last - 2):
        if part.folded(at) == "'" and part.folded(at + 1) == "s":
            owner = part.words[at - 1]
            is_body = head_types().get(owner.folded) == "ORG" or (is_acronym(owner.text) and len(owner.text) > 1)
            return (replace(span, last=at), replace(span, first=at + 2)) if is_body else (span,)
    return (span,)


# What texts call a body after they named it: "the Council", "the Company". Alone they are no names.
GENERIC_BODIES = frozenset(
    """party council college company committee institute bank union university force commission board group authority
    agency ministry department office bureau centre center court foundation association federation organisation
    organization corporation society museum school club""".split()
)
NAME_ARTICLES = ("al", "el")
# Small words that begin a person's name or surname.
NAME_PARTICLES = frozenset(
    """al el ul ad as ar an at bin ben ibn bint abu abd van von der den de da do dos das del della di du la le ter ten
    zu zum af av ould""".split()
)


def _unmarked(part: _Part, first: int, last: int) -> tuple[int, int]:
    """The words without article and marks at the ends, the possessive at either, and all from an opening bracket on."""
    while first < last and (
        not part.words[first].text[0].isalnum()
        or part.folded(first) in ("the", "a", "an")
        or (part.folded(first) == "s" and part.folded(first - 1) == "'")
    ):
        first += 1
    last = _before_bracket(part, first, last)
    while first < last and not part.words[last - 1].text[0].isalnum() and not _is_abbreviated(part.words[first:last]):
        last -= 1
    if last - first > 1 and part.folded(last - 2) == "'" and part.folded(last - 1) == "s":
        last -= 2
    return first, last


def _before_bracket(part: _Part, first: int, last: int) -> int:
    """Where a bracket opens that is left open or holds an acronym; "Velmo (Holdings) Ltd" is one name."""
    for at in range(first + 1, last):
        if part.folded(at) in ("(", "[", "{"):
            inner = part.words[at + 1].text if at + 1 < last else ""
            is_part = any(part.folded(i) in (")", "]", "}") for i in range(at + 1, last - 1)) and not is_acronym(inner)
            return last if is_part else at
    return last


def _is_in_address(part: _Part, first: int, last: int) -> bool:
    """Whether the words belong to the address of a web page or of a mailbox."""
    text = part.text[part.words[first].start : part.words[last - 1].end]
    return "://" in text or "www." in text or "@" in text


# What a minister is for, before a proposal that is a part of it: so many words and marks back.
PORTFOLIO_WORDS = 10
MINISTERS = frozenset(["minister", "ministers", "secretary"])
PORTFOLIO_LINKS = frozenset([",", "and", "&", "of", "for", "the"])


def _is_portfolio(part: _Part, first: int) -> bool:
    """Whether "minister of" or "for" stands before, with capitalised words, commas and "and" at most between."""
    for at in range(first - 1, max(first - 1 - PORTFOLIO_WORDS, 0), -1):
        if part.folded(at) in ("of", "for") and part.folded(at - 1) in MINISTERS:
            return True
        if part.folded(at) not in PORTFOLIO_LINKS and not part.is_capital(at):
            return False
    return False


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
        elif _is_body_and_person(part, span, surnames):
            kept += [replace(span, last=span.first + 1), _Span(names[1], span.last, "PERSON")]
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


def _is_body_and_person(part: _Part, span: _Span, surnames: dict[str, int]) -> bool:
    """Whether an acronym and the person who speaks for it were taken for one name: "VRC Oskar Velin"."""
    if span.entity_type != "ORG" or span.entry or span.last - span.first < 2:  # noqa: PLR2004 - a body and a person
        return False
    words = part.words[span.first : span.last]
    return is_acronym(words[0].text) and len(words[0].text) > 1 and surnames.get(words[-1].folded) == LAST_WORD


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

# What a place has, after its name and "'s".
OF_PLACES = frozenset(
    """mayor governor capital airport suburbs outskirts streets population residents citizens ambassador embassy economy
    border borders coast northern southern eastern western""".split()
)
# Words that say what kind of body a name is, after it ("the Velmin newspaper") or before it ("the lender Velmin").
BODY_NOUNS = frozenset(
    """company companies firm newspaper daily magazine website broadcaster channel airline bank lender insurer retailer
    carmaker automaker startup conglomerate giant subsidiary brewery tabloid militia party""".split()
)
# What is called by a name that tells nothing: "a unit called the Sons of Velmo".
CALLED_BODIES = BODY_NOUNS | frozenset(
    ["unit", "group", "brigade", "movement", "organisation", "organization", "ngo", "charity", "alliance", "coalition"]
)
# Who is of a body: "founder of Velmin", "the CEO of Velmin", "employees at Velmin".
OF_BODIES = frozenset(
    """founder founders co-founder ceo cfo coo shareholder shareholders employee employees subsidiary shares board
    headquarters offices""".split()
)
# Who is a relative's: the name of a person follows.
KIN = frozenset(
    """wife husband son daughter brother sister father mother widow nephew niece uncle aunt grandson granddaughter
    fiancee girlfriend boyfriend""".split()
)

# Weights of the voices, in mentions of the model's. Swept on half of the public newswire benchmark (strict F1 73.2): from
# half to twice of each changes it by 0.4 at most, so they are round numbers.
CONTEXT_VOTE = 2.0
PREPOSITION_VOTE = 1.5
FROM_VOTE = 0.8
SPEECH_VOTE = 1.0
BODY_VOTE = 1.5
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
    if is_possessive and part.folded(span.last + 2) in OF_PLACES:
        return PREPOSITION_VOTE
    if before in PLACE_PREPOSITIONS and not is_possessive:
        return PREPOSITION_VOTE
    if before in ("from", "like") and not is_possessive:
        return FROM_VOTE
    return 0.0


def _is_called_body(part: _Part, span: _Span) -> bool:
    """Whether the neighbouring words say what kind of body it is: "the Velmin newspaper", "founder of Velmin"."""
    for at in (span.first - 1, span.last):
        if part.folded(at) in BODY_NOUNS and not part.is_capital(at):
            return True
    before = span.first - 2 if part.folded(span.first - 1) == "the" else span.first - 1
    if part.folded(before) in ("called", "named"):
        return part.folded(before - 1) in CALLED_BODIES
    return part.folded(span.first - 1) in ("of", "at") and part.folded(span.first - 2) in OF_BODIES


# Nobody is older.
MAX_AGE = 115
AGE_DIGITS = 3


def _is_called_person(part: _Part, span: _Span) -> bool:
    """Whether an age follows ("Dunmo, 32,"), or a relative is named before ("his wife Dunmo")."""
    if part.folded(span.first - 1) in KIN:
        return True
    after = part.folded(span.last + 1)
    is_age = part.folded(span.last) == "," and after.isdecimal() and len(after) <= AGE_DIGITS and int(after) <= MAX_AGE
    return is_age and part.folded(span.last + 2) in (",", ".")


def _head_type(part: _Part, span: _Span) -> str | None:
    """The type that the last word of a name of several words tells, the one before "of" and the like, or "Lake"."""
    names = [word.folded for word in part.words[span.first : span.last] if word.text[0].isalnum()]
    if len(names) < 2:  # noqa: PLR2004 - a name of several words
        return None
    linked = next((i for i, name in enumerate(names) if i and name in ("of", "de", "del", "for", "und", "du")), 0)
    if linked:
        return head_types().get(names[linked - 1]) or first_types().get(names[0])
    return head_types().get(names[-1]) or first_types().get(names[0])


def _votes(part: _Part, span: _Span) -> Iterator[tuple[str, float]]:
    """What one mention says of its wording's type: the model, the name's own words, its neighbours, the tables."""
    is_single = span.last - span.first == 1
    vote = SINGLE_PERSON_VOTE if is_single and span.entity_type == "PERSON" else MODEL_VOTE
    yield span.entity_type, TITLE_CASE_VOTE if part.is_title_case else vote
    text = part.text_of(span)
    if (head := _head_type(part, span)) in KEPT_TYPES:
        yield head, HEAD_VOTE
    if span.full:
        yield "ORG", HEAD_VOTE
    if place := _place_vote(part, span):
        yield "GPE" if type_group(span.entity_type) != "PLACE" else span.entity_type, place
    if not part.is_title_case and _follows_title(part, span.first) and part.is_capital(span.first):
        yield "PERSON", CONTEXT_VOTE
    if part.folded(span.last) in SPEECH_WORDS and span.entity_type == "PERSON":
        yield "PERSON", SPEECH_VOTE
    if _is_called_body(part, span) and not part.is_title_case:
        yield "ORG", BODY_VOTE
    if _is_called_person(part, span) and not part.is_title_case:
        yield "PERSON", CONTEXT_VOTE
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
    words = [w for w in part.words[span.first : span.last] if w.text[0].isalnum() and w.folded not in NAME_ARTICLES]
    rank = _name_rank(words[0], surnames) if len(words) == 1 else None
    if rank == LAST_WORD or (rank == FIRST_WORD and type_group(span.entity_type) != "PLACE"):
        return replace(span, entity_type="PERSON")
    settled = types.get(folded_key(part.text_of(span)), span.entity_type)
    if type_group(settled) != type_group(span.entity_type):
        return replace(span, entity_type=settled)
    head = _head_type(part, span) if settled in PLACE_TYPES else None
    is_told = head in PLACE_TYPES and (span.entity_type != "GPE" or words[-1].folded not in HEADS_OF_TOWNS)
    return replace(span, entity_type=head) if head and is_told else span


# Landforms and works that towns are named after, too ("Velmo Hills"): where the model says town, they do not tell.
HEADS_OF_TOWNS = frozenset(
    """hills heights valley forest bay coast park island lake mountain canal streams border port base station street
    temple palace hotel crossing camp dam tower delta corridor""".split()
)


# A word of fewer letters is carried through the document only if it is an acronym; no name of more words is.
CARRIED_LETTERS = 4
MAX_CARRIED_WORDS = 8


@dataclass(frozen=True)
class _Carried:
    """Names of a document as written: words to type, and the first word to how many words such names have, most first."""

    types: dict[tuple[str, ...], str]
    sizes: dict[str, list[int]]


def _carried_names(parts: Sequence[_Part], settled: Sequence[Sequence[_Span]]) -> _Carried:
    """Names found somewhere in the document.

    A single word that the document has in small letters, too, is left out.
    """
    found: dict[tuple[str, ...], str] = {}
    for part, spans in zip(parts, settled, strict=True):
        for span in spans:
            if (
                part.is_title_case
                or span.entry
                or span.entity_type == "NORP"
                or span.last - span.first > MAX_CARRIED_WORDS
            ):
                continue
            words = tuple(word.text for word in part.words[span.first : span.last])
            if len(words) > 1 or is_acronym(words[0]) or len(words[0]) >= CARRIED_LETTERS:
                found.setdefault(words, span.entity_type)
    small = {words[0].lower() for words in found if len(words) == 1 and not words[0].isupper()}
    common = {word.text for part in parts for word in part.words if word.text in small}
    types = {words: kind for words, kind in found.items() if len(words) > 1 or words[0].lower() not in common}
    sizes: dict[str, set[int]] = {}
    for words in types:
        sizes.setdefault(words[0], set()).add(len(words))
    return _Carried(types, {word: sorted(lengths, reverse=True) for word, lengths in sizes.items()})


def _with_carried_names(part: _Part, spans: Sequence[_Span], carried: _Carried) -> list[_Span]:
    """The spans and every further place where such a name stands: the model finds it in one paragraph and not in the next."""
    taken = {i for span in spans for i in range(span.first, span.last)}
    further: list[_Span] = []
    for first in [i for i, word in enumerate(part.words) if word.text in carried.sizes]:
        for size in carried.sizes[part.words[first].text]:
            words = tuple(word.text for word in part.words[first : first + size])
            place = range(first, first + len(words))
            entity_type = carried.types.get(words)
            if entity_type and taken.isdisjoint(place) and not _is_in_longer_name(part, place, taken):
                further.append(_Span(first, place.stop, entity_type))
                taken.update(place)
                break
    return sorted([*spans, *further], key=lambda span: span.first)


def _is_in_longer_name(part: _Part, place: range, taken: AbstractSet[int]) -> bool:
    """Whether capitalised words that are no name of their own stand right before or after: "New" before "Silk Road"."""
    before, after = place.start - 1, place.stop
    is_led = part.is_capital(before) and before not in taken and part.folded(before) not in NOT_IN_NAMES
    is_followed = part.is_capital(after) and after not in taken and _is_next(part, after)
    return (is_led and part.folded(before) not in title_words() and _is_next(part, place.start)) or is_followed


# ---------------------------------------------------------------- ministries and the like with their countries

# Organs of states and of their parts: last in the name, or first before "of".
STATE_BODIES = frozenset(
    """ministry parliament department army military police cabinet office navy force forces senate congress court courts
    treasury embassy consulate council assembly guard government administration legislature commission agency authority
    bureau service directorate municipality""".split()
)
# What a ministry or office is for: these words before it make it a name even in small letters.
TOPICS = frozenset(
    """defence defense foreign interior health justice finance emergency emergencies culture education energy economy
    public security internal external affairs defender's prosecutor's prosecutor general attorney information transport
    agriculture trade religious endowments civil human rights and of""".split()
)
LOWER_CASE_BODIES = frozenset(["ministry", "parliament"])


def _with_bodies_of_states(part: _Part, spans: Sequence[_Span]) -> list[_Span]:
    """Two mentions for "Armenia's defense ministry": the country, and a body whose full name holds the country's.

    The country stays a mention, so that facts can point at it; a body named without its country is the same body. The same
    for a town or region ("Velmar Police"). Other bodies are whole names: "Bank of Ghana", "Jordan Times".
    """
    kept: list[_Span] = []
    for span in spans:
        owner = _owner(part, span) if span.entity_type == "ORG" and not span.entry else None
        if owner and _is_state_body(part, owner.last, span.last):
            kept.append(replace(owner, last=_before_possessive(part, owner)))
            kept.append(replace(span, first=owner.last, full=part.text_of(span)))
        elif kept and span.entity_type == "ORG" and not span.entry and _is_owned(part, kept[-1], span):
            kept.append(replace(span, full=part.text_of(replace(span, first=kept[-1].first))))
        else:
            kept.append(span)
    taken = {i for span in kept for i in range(span.first, span.last)}
    for span in list(kept):
        if not (span.entry and span.entry.kind in OWNERS_OF_SMALL_BODIES and span.entry.country_code):
            continue
        first = _after_possessive(part, span.last)
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
OWNERS_OF_SMALL_BODIES = ("country", "demonym")
OWNERS = (*OWNERS_OF_SMALL_BODIES, "city", "capital", "region", "contested region")


def _after_possessive(part: _Part, at: int) -> int:
    """The word after "'s" if that stands here."""
    return at + 2 if part.folded(at) == "'" and part.folded(at + 1) == "s" else at


def _before_possessive(part: _Part, span: _Span) -> int:
    return span.last - 2 if span.last - span.first > 2 and part.folded(span.last - 2) == "'" else span.last  # noqa: PLR2004 - a name, "'" and "s"


def _is_state_body(part: _Part, first: int, last: int) -> bool:
    """Whether the words are an organ of a state: "Navy", "Foreign Ministry", "Ministry of Culture"."""
    if first >= last or not part.is_capital(first):
        return False
    return part.folded(last - 1) in STATE_BODIES or (
        part.folded(first) in STATE_BODIES and part.folded(first + 1) in ("of", "for")
    )


def _is_owned(part: _Part, owner: _Span, span: _Span) -> bool:
    """Whether the country, people or town stands right before the organ of state that it owns."""
    if not (owner.entry and owner.entry.kind in OWNERS):
        return False
    return _after_possessive(part, owner.last) == span.first and _is_state_body(part, span.first, span.last)


def _owner(part: _Part, span: _Span) -> _Span | None:
    """The country, people or town that begins a body's name, with its "'s": "Russian" of "Russian Foreign Ministry"."""
    found = find_wordings(part.words[span.first : span.last])
    if not found or found[0].first != 0:
        return None
    entries = [entry for entry in found[0].entries if entry.kind in OWNERS and entry.country_code]
    last = _after_possessive(part, span.first + found[0].last)
    return _Span(span.first, last, entries[0].entity_type, entries[0]) if entries and last < span.last else None
