"""Pronouns and roles ("he", "the Kremlin spokesman", "the two leaders") resolved to names where the text allows.

Rules over the parse, in the manner of the early coreference sieves (Lee et al. 2013): the subject nearest before a pronoun
is its likeliest antecedent in news, which names its persons as subjects of saying. A reference with two candidates of
equal standing is left out.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from flows.extract.mentions import Mention
from flows.extract.names import title_words
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import Entry, fold, lookup


@dataclass(frozen=True)
class Reference:
    """A pronoun or role description that stands for one or more named persons or bodies.

    Attributes:
        start_char: offset into the document's text.
        end_char: offset, exclusive.
        names: the fullest names it stands for, sorted by first appearance ("the two leaders" has two).
    """

    start_char: int
    end_char: int
    names: tuple[str, ...]


# How many sentences back a pronoun's antecedent may stand. News writes a paragraph a sentence, with quotations between.
MAX_SENTENCES_BACK = 4
SUBJECTS = ("nsubj", "nsubjpass", "agent")
GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
GENDERED_TITLES = {
    "mr": "m",
    "sir": "m",
    "lord": "m",
    "king": "m",
    "prince": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "lady": "f",
}
GENDERED_TITLES |= {
    "queen": "f",
    "princess": "f",
    "baroness": "f",
    "spokesman": "m",
    "spokeswoman": "f",
    "chairman": "m",
}
GENDERED_TITLES |= {
    "chairwoman": "f",
    "congressman": "m",
    "congresswoman": "f",
    "father": "m",
    "imam": "m",
    "ayatollah": "m",
}
# Role nouns that name one person of a country or body; "leader" is any of the first row.
HEADS = ("president", "premier", "chancellor", "king", "emir", "sultan", "leader")
ROLE_NOUNS = (
    *HEADS,
    "minister",
    "secretary",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "ambassador",
    "envoy",
    "governor",
    "mayor",
    "pope",
)
ROLE_NOUNS += (
    "general",
    "commander",
    "chairman",
    "director",
    "chief",
    "senator",
    "speaker",
    "prosecutor",
    "adviser",
    "advisor",
    "ombudsman",
)
GROUP_NOUNS = (
    "leaders",
    "presidents",
    "ministers",
    "men",
    "officials",
    "politicians",
    "diplomats",
    "generals",
    "heads",
)
SIDE_NOUNS = ("countries", "nations", "states", "neighbours", "neighbors", "sides")
NUMBERS = {"two": 2, "three": 3, "four": 4, "both": 2}
OPENING, CLOSING, STRAIGHT = "“«„", "”»", '"'


def resolve_references(reading: Reading) -> list[Reference]:
    """References that can be resolved with fair certainty, in order; the others are left out.

    Words inside quotation marks are left alone: "he" there is someone that the speaker has in mind.
    """
    found: list[Reference] = []
    people = _People(reading)
    for paragraph in reading.paragraphs:
        quoted = _quoted_tokens(paragraph.doc)
        taken = -1
        for token in paragraph.doc:
            if token.i in quoted or token.i <= taken:
                continue
            resolved = (
                people.of_pronoun(paragraph, token)
                or people.of_role(paragraph, token)
                or people.of_group(paragraph, token)
            )
            if resolved:
                found.append(resolved[0])
                taken = resolved[1]
    return sorted(found, key=lambda reference: reference.start_char)


def _quoted_tokens(doc: Doc) -> set[int]:
    """Tokens between quotation marks; a mark that is never closed opens to the paragraph's end."""
    quoted: set[int] = set()
    is_open = False
    for token in doc:
        if token.text in OPENING:
            is_open = True
        elif token.text in CLOSING:
            is_open = False
        elif token.text in (STRAIGHT, "''", "``"):
            is_open = not is_open
        elif is_open:
            quoted.add(token.i)
    return quoted


@dataclass(frozen=True)
class _Person:
    """One mention of a person with what stands around it."""

    mention: Mention
    sentence: int
    is_subject: bool
    roles: tuple[str, ...]
    country: str | None
    entry: Entry | None


class _People:
    """The document's persons and countries in order, with the roles that the text gives them."""

    def __init__(self, reading: Reading) -> None:
        """Read every mention once."""
        self.sentence_starts = [sentence.start_char for sentence in reading.sentences]
        self.persons: list[_Person] = []
        self.countries: list[tuple[Mention, int]] = []
        self.genders: dict[str, str] = {}
        self.roles: dict[str, set[tuple[str, str | None]]] = {}
        paragraph_starts = [paragraph.start_char for paragraph in reading.paragraphs]
        for mention in reading.mentions:
            at = bisect_right(paragraph_starts, mention.start_char) - 1
            if at < 0:
                continue
            if mention.entity_type == "PERSON":
                self._add_person(reading.paragraphs[at], mention)
            elif mention.entity_type == "GPE":
                self.countries.append((mention, self._sentence(mention.start_char)))
        self.person_starts = [person.mention.start_char for person in self.persons]

    def _sentence(self, start: int) -> int:
        return max(bisect_right(self.sentence_starts, start) - 1, 0)

    def _add_person(self, paragraph: Paragraph, mention: Mention) -> None:
        span = paragraph.doc.char_span(
            mention.start_char - paragraph.start_char, mention.end_char - paragraph.start_char, alignment_mode="expand"
        )
        if span is None:
            return
        entry = next((entry for entry in lookup(mention.name) if entry.entity_type == "PERSON"), None)
        roles, country = _roles_around(span[0], span[-1])
        if entry:
            country = country or entry.country_code
            if entry.role:
                roles = (*roles, entry.role)
            if entry.gender:
                self.genders.setdefault(mention.name, entry.gender)
        for role in roles:
            self.roles.setdefault(mention.name, set()).add((role, country))
            for word in role.split():
                if word in GENDERED_TITLES:
                    self.genders.setdefault(mention.name, GENDERED_TITLES[word])
        is_subject = span.root.dep_ in SUBJECTS or (
            span.root.dep_ in ("appos", "compound", "flat") and span.root.head.dep_ in SUBJECTS
        )
        self.persons.append(_Person(mention, self._sentence(mention.start_char), is_subject, roles, country, entry))

    def of_pronoun(self, paragraph: Paragraph, token: Token) -> tuple[Reference, int] | None:
        """He, she and their forms; "they" where two or more persons together are the subject before."""
        folded = token.lower_
        start = paragraph.start_char + token.idx
        if folded in GENDERS:
            name = self._antecedent(start, GENDERS[folded])
            return (Reference(start, start + len(token.text), (name,)), token.i) if name else None
        return None

    def _antecedent(self, start: int, gender: str) -> str | None:
        """The nearest sentence before (or the same one) with a person of this gender: its subject, or its only person."""
        own = self._sentence(start)
        before = bisect_right(self.person_starts, start) - 1
        by_sentence: dict[int, list[_Person]] = {}
        for at in range(before, -1, -1):
            person = self.persons[at]
            if own - person.sentence > MAX_SENTENCES_BACK:
                break
            if self.genders.get(person.mention.name, gender) == gender:
                by_sentence.setdefault(person.sentence, []).insert(0, person)
        for sentence in sorted(by_sentence, reverse=True):
            subjects = list(dict.fromkeys(p.mention.name for p in by_sentence[sentence] if p.is_subject))
            names = list(dict.fromkeys(p.mention.name for p in by_sentence[sentence]))
            if subjects:
                return subjects[0] if sentence != own or len(subjects) == 1 else subjects[-1]
            if len(names) == 1:
                return names[0]
            if len(names) > 1:
                return None
        return None

    def of_role(self, paragraph: Paragraph, token: Token) -> tuple[Reference, int] | None:
        """ "the Russian president", "his Azerbaijani counterpart", "the Kremlin spokesman" to the one person who has that role."""
        if token.lower_ not in ROLE_NOUNS or token.pos_ not in ("NOUN", "PROPN") or token.dep_ in ("compound", "amod"):
            return None
        doc = paragraph.doc
        first = token.i
        while (
            first > 0
            and (doc[first - 1].head == token or doc[first - 1].head.head == token)
            and doc[first - 1].dep_ in MODIFIERS
        ):
            first -= 1
        modifiers = [doc[i] for i in range(first, token.i)]
        if (
            not modifiers
            or modifiers[0].lower_ not in ("the", "his", "her", "its", "their")
            and not any(m.tag_ == "POS" for m in modifiers)
        ):
            return None
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if following is not None and (following.ent_type_ == "PERSON" or following.lower_ == "of"):
            return None
        role = " ".join([m.lower_ for m in modifiers if m.lower_ in QUALIFIERS] + [token.lower_])
        country = next((code for code in (_country(m) for m in modifiers) if code), None)
        start = paragraph.start_char + doc[first].idx
        names = self._with_role(role, country, start, needs_country=any(_country(m) for m in modifiers))
        if len(names) != 1:
            return None
        return Reference(start, paragraph.start_char + token.idx + len(token.text), (names[0],)), token.i

    def _with_role(self, role: str, country: str | None, start: int, *, needs_country: bool) -> list[str]:
        """Persons met anywhere in the document who have the role; the text's own words before the tables'."""
        names: list[str] = []
        for person in self.persons:
            name = person.mention.name
            if name in names:
                continue
            if any(
                _is_role(role, known) and (not needs_country or code == country)
                for known, code in self.roles.get(name, ())
            ):
                names.append(name)
        before = [n for n in names if any(p.mention.name == n and p.mention.start_char < start for p in self.persons)]
        return before if before else names

    def of_group(self, paragraph: Paragraph, token: Token) -> tuple[Reference, int] | None:
        """ "the two leaders", "both countries": as many persons or countries as the sentences before name, if just so many."""
        doc = paragraph.doc
        if token.lower_ not in (*GROUP_NOUNS, *SIDE_NOUNS):
            return None
        first = token.i
        number = 0
        while first > 0 and token.i - first < MAX_GROUP_WORDS:
            first -= 1
            word = doc[first].lower_
            if word in NUMBERS:
                number = NUMBERS[word]
                if first > 0 and doc[first - 1].lower_ == "the":
                    first -= 1
                break
            if doc[first].pos_ not in ("ADJ", "NOUN", "PROPN"):
                return None
        if not number:
            return None
        start = paragraph.start_char + doc[first].idx
        names = self._nearest(start, number, of_persons=token.lower_ in GROUP_NOUNS)
        if not names:
            return None
        return Reference(start, paragraph.start_char + token.idx + len(token.text), names), token.i

    def _nearest(self, start: int, number: int, *, of_persons: bool) -> tuple[str, ...]:
        """The names in the nearest sentences before, going back until there are enough; empty if a sentence brings too many."""
        own = self._sentence(start)
        known: Sequence[tuple[Mention, int]] = (
            [(p.mention, p.sentence) for p in self.persons] if of_persons else self.countries
        )
        names: list[str] = []
        for back in range(MAX_SENTENCES_BACK + 1):
            found = [m.name for m, sentence in known if sentence == own - back and m.start_char < start]
            names = list(dict.fromkeys([*found, *names]))
            if len(names) == number:
                return tuple(names)
            if len(names) > number:
                return ()
        return ()


MAX_GROUP_WORDS = 4
MODIFIERS = ("det", "amod", "compound", "poss", "case", "nmod", "punct")
QUALIFIERS = (
    "prime",
    "foreign",
    "defence",
    "defense",
    "interior",
    "finance",
    "deputy",
    "vice",
    "security",
    "army",
    "state",
)


def _country(token: Token) -> str | None:
    """The country or body that a modifier names: "Russian", "Russia", "Kremlin"."""
    entries = lookup(token.text)
    if entries and token.text[0].isupper() and entries[0].entity_type in ("NORP", "GPE", "ORG"):
        return entries[0].country_code
    return None


def _is_role(asked: str, known: str) -> bool:
    """Whether a person known as `known` may be called `asked`: the last words agree; a head of state is a leader."""
    if asked == known or known.endswith(" " + asked):
        return True
    return asked == "leader" and known.rsplit(" ", 1)[-1] in HEADS or (asked == "leader" and known == "prime minister")


def _roles_around(first: Token, last: Token) -> tuple[tuple[str, ...], str | None]:
    """The roles that stand before a name ("Russian President") or after it ("X, the Kremlin spokesman,"), and their country."""
    doc = first.doc
    roles: list[str] = []
    country: str | None = None
    words: list[str] = []
    at = first.i - 1
    while at >= 0 and fold(doc[at].text).strip(".") in title_words():
        words.insert(0, fold(doc[at].text).strip("."))
        at -= 1
    if words:
        roles.append(" ".join(words))
        country = _country(doc[at]) if at >= 0 else None
        if country is None and at > 0 and doc[at].tag_ == "POS":
            country = _country(doc[at - 1])
    for role, code in _apposed(last):
        roles.append(role)
        country = country or code
    return tuple(roles), country


def _apposed(last: Token) -> Iterator[tuple[str, str | None]]:
    """The role in "X, the Kremlin spokesman," and "X, Russia's foreign minister"."""
    doc = last.doc
    if last.i + 2 >= len(doc) or doc[last.i + 1].text != ",":
        return
    country: str | None = None
    words: list[str] = []
    for token in doc[last.i + 2 : last.i + 2 + MAX_APPOSED_WORDS]:
        if token.is_punct and token.tag_ not in ("POS", "HYPH"):
            return
        country = country or _country(token)
        if token.lower_ in QUALIFIERS:
            words.append(token.lower_)
        if token.lower_ in ROLE_NOUNS:
            if doc[token.i + 1 : token.i + 2].text == "of" and country is None:
                country = next((c for c in (_country(t) for t in doc[token.i + 2 : token.i + 4]) if c), None)
            yield " ".join([*words, token.lower_]), country
            return
        if token.pos_ in ("VERB", "AUX"):
            return


MAX_APPOSED_WORDS = 7
