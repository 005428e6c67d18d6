"""Pronouns and roles ("he", "the Kremlin spokesman", "the two leaders") resolved to names where the text allows.

Rules over the parse, in the manner of the early coreference sieves (Lee et al. 2013): the subject nearest before a pronoun
is its likeliest antecedent in news, which names its persons as subjects of saying. A reference with two candidates of
equal standing is left out.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from flows.extract.genders import genders_of
from flows.extract.mentions import Mention
from flows.extract.names import title_words
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import fold, lookup


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
# "For his part, X": how far into its sentence a pronoun may stand that the subject after the comma explains.
MAX_OPENING_CHARS = 40
SUBJECTS = ("nsubj", "nsubjpass", "agent")
GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
# Role nouns that name one person of a country or body; "leader" is any of the first row.
HEADS = ("president", "premier", "chancellor", "king", "emir", "sultan", "leader")
ROLE_NOUNS: tuple[str, ...] = (
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
    "congressman",
    "congresswoman",
    "sheriff",
    "judge",
    "professor",
    "bishop",
    "archbishop",
    "cardinal",
    "patriarch",
    "colonel",
    "admiral",
)
ROLES = frozenset(ROLE_NOUNS) | {"counterpart"}
# Nouns for one unnamed person, whom a pronoun after them means.
HUMAN_NOUNS = frozenset(
    """man woman boy girl doctor medic nurse surgeon official source activist resident witness journalist reporter soldier
    policeman officer aide diplomat businessman businesswoman housewife student teacher lawyer analyst expert colonel
    fighter rebel militant gunman attacker suspect victim survivor driver pilot villager farmer shopkeeper worker priest
    imam father mother son daughter wife husband brother sister mediator negotiator critic opponent candidate judge refugee
    spokesman spokeswoman spokesperson commander general minister ambassador envoy senator governor mayor leader
    president adviser advisor director chairman dealer trader broker economist banker investor historian scholar engineer
    lawmaker deputy insider veteran sergeant captain protester demonstrator organiser organizer campaigner volunteer passenger
    tourist neighbour neighbor relative friend cousin uncle aunt nephew niece teenager migrant prisoner inmate detainee hostage
    commentator observer executive manager owner co-owner founder businessperson policewoman someone anyone nobody""".split()
)
INDEFINITE = frozenset({"a", "an", "another", "one"})
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
# "the pair", "the trio": words that are a number of people by themselves
SETS = {"pair": 2, "duo": 2, "trio": 3}
# Words that end a person's own time in a role
FORMER = frozenset({"former", "ex", "ex-", "then", "late"})
OPENING, CLOSING, STRAIGHT = "“«„", "”»", '"'


def resolve_references(reading: Reading) -> list[Reference]:
    """References that can be resolved with fair certainty, in order; the others are left out.

    Words inside quotation marks are left alone: "he" there is someone that the speaker has in mind. No table of its own:
    quotes, casualties and events read them. Offsets are characters of documents.text. Raises nothing.

    >>> from flows.extract.document import read_page
    >>> from flows.extract.reading import Page
    >>> text = "Anna Berg resigned on Monday. She gave no reason."
    >>> reading, _ = read_page(Page("d", text, None, ((0, len(text), "body"),)))
    >>> [(text[found.start_char : found.end_char], found.names) for found in resolve_references(reading)]
    [('She', ('Anna Berg',))]
    """
    told = [(paragraph, _quoted_tokens(paragraph.doc)) for paragraph in reading.paragraphs]
    people = _People(reading, [quoted for _, quoted in told])
    roles: list[Reference] = []
    for paragraph, quoted in told:
        for token in paragraph.doc:
            role = people.of_role(paragraph, token) if token.lower_ in ROLES else None
            # a speaker's "the minister" is anyone, but "the minister of Peru" is whom the writer means by it, too
            if role and (token.i not in quoted or _tells_its_country(paragraph, role)):
                roles.append(role)
                people.add_subject(role, paragraph, token)
    people.sort()
    found = [*roles, *people.of_ages(), *_forces(reading)]
    taken = {reference.start_char for reference in roles}
    for paragraph, quoted in told:
        for token in paragraph.doc:
            if token.i not in quoted and paragraph.start_char + token.idx not in taken:
                found += [r for r in (people.of_pronoun(paragraph, token), people.of_group(paragraph, token)) if r]
    return sorted(found, key=lambda reference: reference.start_char)


def _forces(reading: Reading) -> Iterator[Reference]:
    """Read "the rebels" to the one body that the document calls rebels: "LRA rebels", "the rebel Free Movement"."""
    named: dict[str, set[str]] = {}
    bare: list[tuple[str, int, int]] = []
    at = 0
    for paragraph in reading.paragraphs:
        bodies: dict[int, str] = {}
        while at < len(reading.mentions) and reading.mentions[at].start_char < paragraph.end_char:
            mention = reading.mentions[at]
            at += 1
            start, end = mention.start_char - paragraph.start_char, mention.end_char - paragraph.start_char
            if mention.entity_type == "ORG" and start >= 0:
                span = paragraph.doc.char_span(start, end, alignment_mode="expand")
                bodies |= {token.i: mention.name for token in span or ()}
        for token in paragraph.doc:
            force = FORCES.get(token.lower_)
            if force is None:
                continue
            # "LRA rebels", "rebels of the LRA" are not taken apart: what stands right before or behind the word says it
            beside = {bodies[i] for i in (token.i - 1, token.i + 1) if i in bodies}
            named.setdefault(force, set()).update(beside)
            before = paragraph.doc[token.i - 1] if token.i else None
            if not beside and token.tag_ in ("NNS", "NNPS") and before is not None and before.lower_ == "the":
                start = paragraph.start_char + before.idx
                bare.append((force, start, paragraph.start_char + token.idx + len(token)))
    for force, start, end in bare:
        bodies_of = named[force]
        if len(bodies_of) == 1:
            yield Reference(start, end, tuple(bodies_of))


def countries_of_persons(reading: Reading) -> dict[str, str]:
    """Name of each person to the code of the country that the text, else the gazetteer, gives them an office of.

    A person whom the text ties to several countries is left out. Country codes are those of the gazetteer (ISO 3166-1
    alpha-3 for states). Raises nothing.
    """
    found: dict[str, set[str]] = {}
    at = 0
    for mention in reading.mentions:
        while at < len(reading.paragraphs) and reading.paragraphs[at].end_char <= mention.start_char:
            at += 1
        if mention.entity_type != "PERSON" or at == len(reading.paragraphs):
            continue
        paragraph = reading.paragraphs[at]
        start, end = mention.start_char - paragraph.start_char, mention.end_char - paragraph.start_char
        span = paragraph.doc.char_span(start, end, alignment_mode="expand") if start >= 0 else None
        country = _roles_around(span[0], span[-1])[1] if span is not None else None
        if country is None:
            country = next((e.country_code for e in lookup(mention.name) if e.entity_type == "PERSON"), None)
        if country:
            found.setdefault(mention.name, set()).add(country)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


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
    """One mention of a person with what stands around it; `clause` is where the verb stands whose subject they are."""

    mention: Mention
    sentence: int
    is_subject: bool
    clause: int | None = None


@dataclass(frozen=True)
class _Spoken:
    """A pronoun that is a subject, and whom it meant; None if that could not be told."""

    start: int
    gender: str
    name: str | None
    clause: int


class _People:
    """The document's persons and countries in order, with the roles that the text gives them."""

    def __init__(self, reading: Reading, quoted: list[set[int]]) -> None:
        """Read every mention once. Whom a quotation names is no antecedent of the writer's pronouns."""
        self.text = reading.page.text
        self.sentence_starts = [sentence.start_char for sentence in reading.sentences]
        self.persons: list[_Person] = []
        self.persons_in: dict[int, list[Mention]] = {}
        self.countries_in: dict[int, list[Mention]] = {}
        self.genders = genders_of(reading.mentions, reading.page.text)
        self.roles: dict[str, set[tuple[str, str | None]]] = {}
        self.starts: dict[str, list[int]] = {}
        self.pronouns: dict[int, list[_Spoken]] = {}  # those that are subjects, by sentence
        self.joint: dict[int, dict[int, list[str]]] = {}  # sentence to head of a joint subject to the names in it
        self.plurals: dict[int, list[int]] = {}  # sentence to where its plural subjects stand
        paragraph_starts = [paragraph.start_char for paragraph in reading.paragraphs]
        for mention in reading.mentions:
            at = bisect_right(paragraph_starts, mention.start_char) - 1
            if at < 0:
                continue
            if mention.entity_type == "PERSON":
                self._add_person(reading.paragraphs[at], mention, quoted[at])
            elif any(entry.kind == "country" for entry in lookup(mention.name)[:1]):
                self.countries_in.setdefault(self._sentence(mention.start_char), []).append(mention)
        self.person_starts = [person.mention.start_char for person in self.persons]
        # Sentence to where its subjects stand that are persons without a name.
        self.unnamed: dict[int, list[int]] = {}
        # Role noun to where the text speaks of one who has it without a name: "a spokesman".
        self.unnamed_roles: dict[str, list[int]] = {}
        named = {mention.start_char for mention in reading.mentions if mention.entity_type == "PERSON"}
        for paragraph in reading.paragraphs:
            for token in paragraph.doc:
                if token.dep_ in SUBJECTS:
                    self._add_nameless(paragraph, token, named)
                if token.lower_ in ROLES and any(child.lower_ in INDEFINITE for child in token.lefts):
                    start = paragraph.start_char + token.idx
                    if not _is_apposed(paragraph, token, named):
                        self.unnamed_roles.setdefault(token.lower_, []).append(start)

    def _add_nameless(self, paragraph: Paragraph, token: Token, named: set[int]) -> None:
        start = paragraph.start_char + token.idx
        if token.tag_ in ("NNS", "NNPS"):
            self.plurals.setdefault(self._sentence(start), []).append(start)
        if token.lower_ in HUMAN_NOUNS and not _is_apposed(paragraph, token, named):
            self.unnamed.setdefault(self._sentence(start), []).append(start)

    def _sentence(self, start: int) -> int:
        return max(bisect_right(self.sentence_starts, start) - 1, 0)

    def _add_person(self, paragraph: Paragraph, mention: Mention, quoted: set[int]) -> None:
        span = paragraph.doc.char_span(
            mention.start_char - paragraph.start_char, mention.end_char - paragraph.start_char, alignment_mode="expand"
        )
        if span is None:
            return
        entry = next((entry for entry in lookup(mention.name) if entry.entity_type == "PERSON"), None)
        self.starts.setdefault(mention.name, []).append(mention.start_char)
        roles, country = _roles_around(span[0], span[-1])
        if entry:
            country = country or entry.country_code
            if entry.role:
                roles = (*roles, entry.role)
        for role in roles:
            self.roles.setdefault(mention.name, set()).add((role, country))
        if span.root.i in quoted:
            return
        head = span.root
        if head.dep_ in ("appos", "compound", "flat") and head.head.dep_ in SUBJECTS:
            head = head.head
        sentence = self._sentence(mention.start_char)
        is_subject = head.dep_ in SUBJECTS
        clause = paragraph.start_char + head.head.idx if is_subject else None
        self.persons.append(_Person(mention, sentence, is_subject, clause))
        # "X and Y met": the head of a joint subject is the first of its names
        first = head
        while first.dep_ == "conj" and first.head.i < first.i:
            first = first.head
        if first.dep_ in SUBJECTS:
            self.joint.setdefault(sentence, {}).setdefault(paragraph.start_char + first.idx, []).append(mention.name)

    def add_subject(self, role: Reference, paragraph: Paragraph, token: Token) -> None:
        """A role that was resolved is an antecedent like the name: "The president arrived. He said"."""
        if token.dep_ in SUBJECTS:
            mention = Mention(role.start_char, role.end_char, "PERSON", role.names[0])
            clause = paragraph.start_char + token.head.idx
            self.persons.append(_Person(mention, self._sentence(role.start_char), is_subject=True, clause=clause))

    def sort(self) -> None:
        """Put what was added in its place."""
        self.persons.sort(key=lambda person: person.mention.start_char)
        for person in self.persons:
            self.persons_in.setdefault(person.sentence, []).append(person.mention)
        self.person_starts = [person.mention.start_char for person in self.persons]

    def of_pronoun(self, paragraph: Paragraph, token: Token) -> Reference | None:
        """He, she and their forms; "they" where two or more persons together are the subject before."""
        start = paragraph.start_char + token.idx
        if token.lower_ == "they":
            names = self._together(start) if token.dep_ in SUBJECTS else ()
            return Reference(start, start + len(token.text), names) if names else None
        if token.lower_ not in GENDERS:
            return None
        gender = GENDERS[token.lower_]
        name = self._beside(paragraph, token, gender) or self._antecedent(paragraph, token, gender)
        if token.dep_ in SUBJECTS:
            spoken = _Spoken(start, gender, name, paragraph.start_char + token.head.idx)
            self.pronouns.setdefault(self._sentence(start), []).append(spoken)
        return Reference(start, start + len(token.text), (name,)) if name else None

    def _together(self, start: int) -> tuple[str, ...]:
        """The persons of the joint subject nearest before, in this sentence or the one before; none if other people come between."""
        own = self._sentence(start)
        for sentence in (own, own - 1):
            groups = [
                (at, names)
                for at, names in self.joint.get(sentence, {}).items()
                if at < start and len(dict.fromkeys(names)) > 1
            ]
            plurals = [at for at in self.plurals.get(sentence, ()) if at < start]
            if groups:
                at, names = groups[-1]
                return () if plurals and plurals[-1] > at else tuple(dict.fromkeys(names))
            if plurals:
                return ()
        return ()

    def _beside(self, paragraph: Paragraph, token: Token, gender: str) -> str | None:
        """The person of "X and his counterpart", and the one who follows in "For his part, X"."""
        doc, start = paragraph.doc, paragraph.start_char + token.idx
        at = bisect_right(self.person_starts, start)
        if token.i > 0 and doc[token.i - 1].lower_ == "and" and at > 0:
            person = self.persons[at - 1].mention
            and_start = paragraph.start_char + doc[token.i - 1].idx
            if 0 <= and_start - person.end_char <= 1 and self.genders.get(person.name, gender) == gender:
                return person.name
        if token.dep_ == "poss" and start - self.sentence_starts[self._sentence(start)] < MAX_OPENING_CHARS:
            for following in self.persons[at : at + 1]:
                between = self.text[start : following.mention.start_char]
                if following.sentence == self._sentence(start) and following.is_subject and between.count(",") == 1:
                    return following.mention.name
        return None

    def _antecedent(self, paragraph: Paragraph, token: Token, gender: str) -> str | None:
        """The nearest sentence before (or the same one) with a person of this gender: its subject, or its only person.

        A sentence whose subject is someone unnamed ("a doctor told", "the source said") ends the search: the pronoun is his.
        """
        start = paragraph.start_char + token.idx
        own = self._sentence(start)
        before = bisect_right(self.person_starts, start) - 1
        by_sentence: dict[int, list[_Person]] = {}
        for at in range(before, -1, -1):
            person = self.persons[at]
            if own - person.sentence > MAX_SENTENCES_BACK:
                break
            if self.genders.get(person.mention.name, gender) == gender:
                by_sentence.setdefault(person.sentence, []).insert(0, person)
        # "X hit him": whom a verb's object means is not the verb's subject
        clause = _clause(paragraph, token) if token.lower_ in OBJECTS and token.dep_ != "poss" else None
        barred = {p.mention.name for p in by_sentence.get(own, ()) if clause is not None and p.clause == clause}
        barred |= {s.name for s in self.pronouns.get(own, ()) if s.name and s.clause == clause}
        for sentence in range(own, own - MAX_SENTENCES_BACK - 1, -1):
            people = [p for p in by_sentence.get(sentence, ()) if p.mention.name not in barred]
            subjects: list[tuple[int, str | None]] = [
                (p.mention.start_char, p.mention.name) for p in people if p.is_subject
            ]
            subjects += [
                (spoken.start, spoken.name)
                for spoken in self.pronouns.get(sentence, ())
                if spoken.gender == gender and spoken.clause != clause and spoken.name not in barred
            ]
            subjects.sort(key=lambda subject: subject[0])
            unnamed = [at for at in self.unnamed.get(sentence, ()) if at < start]
            if unnamed and (not subjects or unnamed[-1] > subjects[-1][0]):
                return None
            if subjects:
                return subjects[0 if sentence != own else -1][1]
            # "Forces loyal to X attacked, he said": the one who says is not the one spoken of.
            names = (
                []
                if sentence == own and token.dep_ in SUBJECTS and token.head.lemma_ in SAYING
                else list(dict.fromkeys(p.mention.name for p in people))
            )
            if len(names) > 1:
                return None
            if names:
                return names[0]
        return None

    def of_role(self, paragraph: Paragraph, token: Token) -> Reference | None:
        """Read "the Russian president", "his Azerbaijani counterpart", "the Kremlin spokesman" to the one person who has that role."""
        if token.pos_ not in ("NOUN", "PROPN") or token.dep_ in ("compound", "amod"):
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
        if not modifiers or not (modifiers[0].lower_ in DETERMINERS or any(m.tag_ == "POS" for m in modifiers)):
            return None
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if following is not None and following.ent_type_ == "PERSON":
            return None
        words, country = _role_words(modifiers)
        if words is None:
            return None
        last = token
        if following is not None and following.lower_ == "of":
            last, country = _country_behind(following) if country is None else (token, None)
            if country is None:
                return None
        start = paragraph.start_char + doc[first].idx
        if token.lower_ == "counterpart":
            return self._counterpart(paragraph, doc[first], token, country)
        names = self._with_role(" ".join([*words, token.lower_]), country, start)
        if len(names) != 1 or self._is_another(token.lower_, names[0], start):
            return None
        return Reference(start, paragraph.start_char + last.idx + len(last.text), (names[0],))

    def _is_another(self, role: str, name: str, start: int) -> bool:
        """Whether someone nameless has had the role ("a spokesman") since the person was last spoken of."""
        nameless, named = self.unnamed_roles.get(role, []), self.starts[name]
        last_nameless, last_named = bisect_left(nameless, start) - 1, bisect_left(named, start) - 1
        return last_nameless >= 0 and (last_named < 0 or nameless[last_nameless] > named[last_named])

    def _counterpart(self, paragraph: Paragraph, first: Token, token: Token, country: str | None) -> Reference | None:
        """The person of that country who has a role of the same kind as the one whose counterpart is meant."""
        whose = self.of_pronoun(paragraph, first)
        if whose is None or country is None:
            return None
        kinds = {role.rsplit(" ", 1)[-1] for role, _ in self.roles.get(whose.names[0], ())}
        names = [
            name
            for name, roles in self.roles.items()
            if any(code == country and _same_kind(role.rsplit(" ", 1)[-1], kinds) for role, code in roles)
        ]
        if len(names) != 1:
            return None
        start = paragraph.start_char + first.idx
        return Reference(start, paragraph.start_char + token.idx + len(token.text), (names[0],))

    def _with_role(self, role: str, country: str | None, start: int) -> list[str]:
        """Persons met anywhere in the document who have the role; the text's own words before the tables'."""
        names: list[str] = []
        for fits in (_is_role, _is_bare_role):
            names = names or [
                name
                for name, roles in self.roles.items()
                if any(fits(role, known) and (country is None or code == country) for known, code in roles)
            ]
        return [name for name in names if self.starts[name][0] < start] or names

    def of_ages(self) -> Iterator[Reference]:
        """Read "the 41-year-old" to the one person whose age the text gives so."""
        ages: dict[str, set[str]] = {}
        for person in self.persons:
            mention = person.mention
            after = _AGE_AFTER.match(self.text, mention.end_char, mention.end_char + AGE_CHARS)
            before = _AGE_BEFORE.search(self.text[max(0, mention.start_char - AGE_CHARS) : mention.start_char])
            for found in (after, before):
                if found is not None:
                    ages.setdefault(found[1], set()).add(mention.name)
        for match in _AGED.finditer(self.text) if ages else ():
            names = ages.get(match[1], set())
            if len(names) == 1:
                yield Reference(match.start(), match.end(), tuple(names))

    def of_group(self, paragraph: Paragraph, token: Token) -> Reference | None:
        """Read "the two leaders", "both countries": as many persons or countries as the sentences before name, if just so many."""
        doc = paragraph.doc
        start = paragraph.start_char + token.idx
        if token.lower_ in SETS and token.i > 0 and doc[token.i - 1].lower_ == "the":
            following = doc[token.i + 1].lower_ if token.i + 1 < len(doc) else ""
            names = () if following == "of" else self._nearest(start, SETS[token.lower_], of_persons=True)
            the = paragraph.start_char + doc[token.i - 1].idx
            return Reference(the, start + len(token.text), names) if names else None
        first = token.i
        number = 0
        each = token.i > 0 and doc[token.i - 1].lower_ in EACH and token.lower_ in ONE_OF_TWO
        if each:
            first, number = token.i - 1, 2
        elif token.lower_ not in GROUPS:
            return None
        while not each and first > 0 and token.i - first < MAX_GROUP_WORDS:
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
        names = self._nearest(start, number, self._doers(paragraph, token), of_persons=token.lower_ not in STATES)
        if not names:
            return None
        return Reference(start, paragraph.start_char + token.idx + len(token.text), names)

    def _doers(self, paragraph: Paragraph, token: Token) -> frozenset[str]:
        """Who does what the clause around the token tells: in "X met the two leaders" X is none of the two."""
        if token.dep_ in SUBJECTS:
            return frozenset()
        verb = token
        for _ in range(MAX_GROUP_CLIMB):
            verb = verb.head
            if verb.pos_ in ("VERB", "AUX"):
                break
        own = paragraph.start_char + verb.idx
        low, high = (bisect_left(self.person_starts, at) for at in (paragraph.start_char, paragraph.end_char))
        return frozenset(person.mention.name for person in self.persons[low:high] if person.clause == own)

    def _nearest(
        self, start: int, number: int, besides: frozenset[str] = frozenset(), *, of_persons: bool
    ) -> tuple[str, ...]:
        """As many names as asked for: of persons from as many sentences as it takes, of countries from one sentence."""
        own = self._sentence(start)
        in_sentence = self.persons_in if of_persons else self.countries_in
        names: list[str] = []
        for back in range(MAX_SENTENCES_BACK + 1):
            found = [m.name for m in in_sentence.get(own - back, ()) if m.start_char < start and m.name not in besides]
            names = list(dict.fromkeys([*found, *names])) if of_persons else list(dict.fromkeys(found))
            if len(names) == number:
                return tuple(names)
            if len(names) > number:
                return ()
        return ()


STATES = frozenset({*SIDE_NOUNS, "country", "nation", "state", "side"})
GROUPS = frozenset({*GROUP_NOUNS, *SIDE_NOUNS})
# "each leader", "either country" is of two, unless it is told otherwise
EACH = frozenset({"each", "either"})
ONE_OF_TWO = frozenset({"leader", "president", "minister", "premier", "country", "nation", "state"})
OBJECTS = frozenset({"him", "her"})
SAYING = frozenset(
    {"say", "tell", "add", "claim", "note", "explain", "argue", "insist", "warn", "write", "ask", "recall"}
)
# Words that make another role of a role: a deputy minister is no minister
DISTINGUISHING = frozenset(
    """prime foreign defence defense interior finance justice health energy security home deputy vice assistant associate
    majority minority opposition shadow party police army union rebel group team first second last next previous other
    local regional municipal provincial national federal state public general special executive managing""".split()
)
MAX_GROUP_WORDS = 4
MAX_GROUP_CLIMB = 4  # from "leader" by "with" and "talks" to "held"
MAX_COUNTRY_WORDS = 3  # of a country's name or adjective before a role: "the North Korean leader"
AGE_CHARS = 16  # around a name in which an age stands: “, 41,”, “41-year-old ”
_AGE_AFTER = re.compile(r",?\s\(?(\d{1,3})[,.)]")
_AGE_BEFORE = re.compile(r"\b(\d{1,3})-year-old\s+$")
_AGED = re.compile(r"\b[Tt]he (\d{1,3})-year-old\b(?!\s+[a-z]+\s+[A-Z])")
MODIFIERS = ("det", "amod", "compound", "poss", "case", "nmod", "punct")
DETERMINERS = ("the", "his", "her", "its", "their")


def _clause(paragraph: Paragraph, token: Token) -> int | None:
    """Where the verb stands whose object a pronoun is, through a preposition; None if it is none."""
    head = token.head
    if token.dep_ == "pobj":
        head = head.head
    return paragraph.start_char + head.idx if head.pos_ in ("VERB", "AUX") else None


def _tells_its_country(paragraph: Paragraph, role: Reference) -> bool:
    """Whether a role's words say of which country it is: "the president of Mali", "the Malian president"."""
    words = paragraph.doc.char_span(
        role.start_char - paragraph.start_char, role.end_char - paragraph.start_char, alignment_mode="expand"
    )
    return words is not None and any(_country_of([word]) for word in words)


def _role_words(modifiers: list[Token]) -> tuple[list[str] | None, str | None]:
    """What modifiers tell of a role ("prime", "Senate majority"), and its country; (None, None) if of an owner without a name."""
    words: list[str] = []
    country: str | None = None
    at = 0
    while at < len(modifiers):
        for size in range(min(MAX_COUNTRY_WORDS, len(modifiers) - at), 0, -1):
            code = _country_of(modifiers[at : at + size])
            if code:
                country = code
                at += size
                break
        else:
            token = modifiers[at]
            at += 1
            if token.dep_ == "poss" and token.lower_ not in DETERMINERS:
                return None, None
            if token.lower_ in DETERMINERS or token.is_punct or token.tag_ in ("POS", "HYPH"):
                continue
            if token.lower_ in FORMER:
                words.insert(0, "former")
            elif token.pos_ != "ADJ" or not token.is_lower or token.lower_ in DISTINGUISHING:
                # "the embattled leader": other adjectives tell nothing of which role is meant
                words.append(token.lower_)
    return words, country


def _country_behind(of: Token) -> tuple[Token, str | None]:
    """The last word of the country that an "of" leads to, and its code: "the president of Sierra Leone"; none if more follows."""
    doc = of.doc
    first = of.i + 1 + (of.i + 1 < len(doc) and doc[of.i + 1].lower_ == "the")
    for end in range(min(first + MAX_COUNTRY_WORDS, len(doc)), first, -1):
        code = _country_of(list(doc[first:end]))
        if code and doc[end - 1].dep_ == "pobj" and doc[end - 1].head.i == of.i:
            return doc[end - 1], code
    return of, None


def _country_of(tokens: list[Token]) -> str | None:
    """The country or body that modifiers name: "Russian", "Russia", "Kremlin", "North Korean"."""
    if not tokens[0].text[0].isupper():
        return None
    entries = lookup(" ".join(token.text for token in tokens))
    return entries[0].country_code if entries and entries[0].entity_type in ("NORP", "GPE", "ORG") else None


def _country(token: Token) -> str | None:
    return _country_of([token])


def _same_kind(role: str, kinds: set[str]) -> bool:
    """Whether a role matches one of these: heads of state and government are of one kind."""
    return role in kinds or (role in HEADS and not kinds.isdisjoint(HEADS))


def _is_role(asked: str, known: str) -> bool:
    """Whether a person known as `known` may be called `asked`: the last words agree; a head of state is a leader.

    >>> _is_role("minister", "foreign minister"), _is_role("foreign minister", "minister")
    (True, False)
    >>> _is_role("president", "former president"), _is_role("leader", "prime minister")
    (False, True)
    """
    if asked.startswith("former ") != known.startswith("former "):
        return False
    if asked == known or known.endswith(" " + asked):
        return True
    if asked.startswith("former "):
        return known.endswith(" " + asked.removeprefix("former "))
    return asked == "leader" and (known.rsplit(" ", 1)[-1] in HEADS or known == "prime minister")


def _is_bare_role(asked: str, known: str) -> bool:
    """Whether `asked` only adds to a role without further words what does not make another of it.

    >>> _is_bare_role("extremist leader", "leader"), _is_bare_role("deputy minister", "minister")
    (True, False)
    """
    return asked.endswith(" " + known) and DISTINGUISHING.isdisjoint(asked.removesuffix(known).split())


def _is_apposed(paragraph: Paragraph, token: Token, named: set[int]) -> bool:
    """Whether a noun has a person's name in apposition: "the chairman, X"."""
    return any(
        child.dep_ == "appos" and any(paragraph.start_char + t.idx in named for t in child.subtree)
        for child in token.rights
    )


def _roles_around(first: Token, last: Token) -> tuple[tuple[str, ...], str | None]:
    """The roles that stand before a name ("Russian President") or after it ("X, the Kremlin spokesman,"), and their country."""
    doc = first.doc
    roles: list[str] = []
    country: str | None = None
    words: list[str] = []
    at = first.i - 1
    while at >= 0 and (fold(doc[at].text).strip(".") in title_words() or (words and doc[at].lower_ == "of")):
        words.insert(0, fold(doc[at].text).strip("."))
        at -= 1
    if words:
        # "White House spokesman": what the office is of
        office = 0
        while at >= 0 and office < MAX_OFFICE_WORDS and doc[at].pos_ in ("NOUN", "PROPN") and not _country(doc[at]):
            words.insert(0, doc[at].lower_)
            at -= 1
            office += 1
        if at >= 0:
            country = _country(doc[at])
            if country is None and at > 0 and doc[at].tag_ == "POS":
                at -= 1
                country = _country(doc[at])
            if country is not None:
                at -= 1
        role = " ".join(words).removeprefix("of ")
        roles.append(f"former {role}" if at >= 0 and doc[at].lower_ in FORMER else role)
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
        code = _country(token)
        country = country or code
        if token.lower_ in ROLE_NOUNS:
            if doc[token.i + 1 : token.i + 2].text == "of" and country is None:
                country = next((c for c in (_country(t) for t in doc[token.i + 2 : token.i + 4]) if c), None)
            yield " ".join([*words, token.lower_]), country
            return
        if token.pos_ in ("VERB", "AUX"):
            return
        if token.lower_ in FORMER:
            words.insert(0, "former")
        elif code is None and token.pos_ in ("NOUN", "PROPN", "ADJ"):
            words.append(token.lower_)


# What armed bodies without a state are called, alone or before their name, and the word that is one for both numbers
FORCES = {
    word: lemma
    for lemma in ("rebel", "insurgent", "guerrilla", "militant", "separatist", "militia")
    for word in (lemma, f"{lemma}s")
}
MAX_OFFICE_WORDS = 4  # between a country's name and a title: "Senate majority leader"
MAX_APPOSED_WORDS = 7
