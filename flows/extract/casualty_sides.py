"""Which country or group the victims of a casualty figure belong to, as far as the text says."""

import re
from itertools import pairwise

from spacy.tokens import Token

from flows.extract.casualty_backdrop import STRIFE, Backdrop, country_of
from flows.extract.casualty_grammar import SUBJECTS, is_passive
from flows.extract.casualty_links import Link
from flows.extract.circumstances import between, fact_at, is_location, sentence_bounds, words
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import lookup

NATIONAL_TYPES = ("NORP", "GPE", "LOC", "ORG")
MAX_STEPS = 40  # up the parse; only run-on text goes further

OF_A_SIDE = words(
    "militant fighter member soldier troop commander leader insurgent rebel gunman terrorist supporter follower activist "
    "peacekeeper combatant guerrilla militiaman chief serviceman servicemember personnel officer"
)
# of bodies, these can have victims on their side; a paper's or firm's people are of none
SIDED_KINDS = words("party peacekeeping military police") | {"armed group", "government body"}


def side_of(reading: Reading, paragraph: Paragraph, link: Link) -> str | None:
    """The country or group that the victims are said to belong to; None where the text does not say.

    Told by the noun itself ("Palestinians"), by a name before it ("Turkish soldiers"), behind it ("from both sides", "on
    the Israeli side"), by its owner ("one of its soldiers", of the party named before in the sentence), or by who lost
    them ("Chad lost 12 soldiers"). A town or province is no side: "a Boston man" has none.
    """
    victim, trigger = link.victim, link.trigger
    described = _phrase_tokens(link)
    for token in described:
        named = _party_at(reading, paragraph, token, victim)
        if named is not None:
            return named
    for token in described:
        if token.tag_ == "PRP$":
            return _owner_before(reading, paragraph, token) if token.lower_ in ("its", "their", "our") else None
    beside = [victim.nbor(1)] if victim.i + 1 < len(victim.doc) else []
    for child in [*beside, *victim.children, *trigger.children]:
        if child.dep_ != "prep" or child.i < victim.i or child.lower_ not in ("on", "from", "among"):
            continue
        sides = [t for t in child.subtree if t.lower_ in ("side", "sides")]
        for token in child.subtree if sides else ():
            named = _party_at(reading, paragraph, token, victim)
            if named is not None:
                return named
        if any(c.lower_ in ("both", "two") for side in sides for c in side.children):
            return _pair_before(reading, paragraph.start_char + child.idx)
    if trigger.lemma_ == "lose" and not is_passive(trigger):
        return _loser(reading, paragraph, trigger, victim)
    return None


def _loser(reading: Reading, paragraph: Paragraph, verb: Token, victim: Token) -> str | None:
    """Who lost them: the party that the verb's subject names."""
    for subject in verb.children:
        if subject.dep_ in SUBJECTS and subject.i != victim.i:
            for token in (subject, *(c for c in subject.lefts if c.dep_ in ("poss", "amod", "compound"))):
                named = _party_at(reading, paragraph, token, victim)
                if named is not None:
                    return named
    return None


def _pair_before(reading: Reading, at: int) -> str | None:
    """What "both sides" are: the two countries or peoples that the page last joined by "and", before offset `at`."""
    text = reading.page.text
    near = between(reading.mentions, at - PAIR_WITHIN, at)
    earlier = [m for m in near if m.entity_type in ("GPE", "NORP")]
    for one, other in reversed(list(pairwise(earlier))):
        if _JOINED.fullmatch(text, one.end_char, other.start_char):
            names = [country_of(text[m.start_char : m.end_char]) or m.name for m in (one, other)]
            return " and ".join(names)
    return None


PAIR_WITHIN = 3000  # characters back; what "both sides" are was said a few paragraphs ago at most
_JOINED = re.compile(r"\s+and\s+|\s*[-–]\s*")


def _phrase_tokens(link: Link) -> list[Token]:
    """The victim, what describes it from before, nearest first, and the objects of its "of" and "from"; the noun first."""
    victim, count = link.victim, link.count
    # "two British and two American hostages": what stands before the number is another's
    first = count.last if count is not None and count.first < victim.i else 0
    before = [t for t in victim.lefts if t.dep_ in ("amod", "compound", "nmod", "poss", "nummod")]
    owners = [t for t in before if t.dep_ == "poss"]
    found = [victim, *reversed([t for t in before if t.i >= first and t.dep_ != "poss"]), *owners]
    for child in victim.children:
        if child.lower_ in ("of", "from"):
            for noun in child.children:
                if noun.dep_ == "pobj":
                    found += [noun, *noun.lefts]
    return found


def _party_at(reading: Reading, paragraph: Paragraph, token: Token, victim: Token) -> str | None:
    at = paragraph.start_char + token.idx
    reference = fact_at(reading.references, at)
    if reference is not None and len(reference.names) > 1 and all(_is_party(name) for name in reference.names):
        return " and ".join(reference.names)
    country = country_of(token.text)
    if country is not None:
        return country
    mention = fact_at(reading.mentions, at)
    return None if mention is None else _party_of(reading, mention, victim)


def _party_of(reading: Reading, mention: Mention, victim: Token) -> str | None:
    """The country or group that the name stands for, as the side of these victims."""
    text = reading.page.text[mention.start_char : mention.end_char]
    if mention.entity_type == "NORP":
        return None if text in NO_GROUPS else country_of(mention.name) or _plural(text)
    if mention.entity_type == "ORG":
        # "Hamas fighters" are of Hamas, a bank's director is of no side
        kinds = {entry.kind for entry in lookup(mention.name)}
        sided = victim.lemma_.lower() in OF_A_SIDE and not (kinds and kinds.isdisjoint(SIDED_KINDS))
        return mention.name if sided else None
    if mention.entity_type in ("GPE", "LOC"):
        return next((e.name for e in lookup(mention.name) if e.kind in ("country", "contested region")), None)
    return None


NO_GROUPS = words("Western European African Asian American-led Arab-led Latin")  # adjectives of a part of the world


def _is_party(name: str) -> bool:
    return any(e.kind in ("country", "contested region", *SIDED_KINDS) for e in lookup(name))


def _plural(people: str) -> str:
    """Turn "Palestinian" into "Palestinians": the group that an adjective of its name tells of."""
    return people + "s" if people.endswith(("an", "i")) else people


def _owner_before(reading: Reading, paragraph: Paragraph, pronoun: Token) -> str | None:
    """The country or body that "its" or "their" most likely stands for.

    That is the party in the subject of the pronoun's clause or of one above it, else the first of the sentence that is
    no place.
    """
    token = pronoun
    for _ in range(MAX_STEPS):
        for subject in token.children if token.pos_ in ("VERB", "AUX") else ():
            if subject.dep_ in SUBJECTS and subject.right_edge.i < pronoun.i:
                low = paragraph.start_char + subject.doc[subject.left_edge.i].idx
                named = _first_owner(reading, paragraph, low, paragraph.start_char + subject.idx + len(subject))
                if named is not None:
                    return named
        if token.head.i == token.i:
            break
        token = token.head
    at = paragraph.start_char + pronoun.idx
    low, _ = sentence_bounds(reading, at, at + 1)
    return _first_owner(reading, paragraph, low, at)


def _first_owner(reading: Reading, paragraph: Paragraph, low: int, high: int) -> str | None:
    for mention in between(reading.mentions, low, high):
        if mention.entity_type not in NATIONAL_TYPES or is_location(paragraph, mention.start_char, mention.end_char):
            continue
        country = country_of(mention.name)
        kinds = {entry.kind for entry in lookup(mention.name)}
        if country is not None:
            return country
        if mention.entity_type == "ORG" and (not kinds or not kinds.isdisjoint(SIDED_KINDS)):
            return mention.name
        if not kinds.isdisjoint(("country", "contested region")):
            return mention.name
    return None


def population_of(reading: Reading, link: Link, place: Mention | None, backdrop: Backdrop) -> str | None:
    """The country whose people the victims are, by the place where a war or unrest befell them; None where that is not sure.

    Only for what a population suffers at home: people, civilians, prisoners or protesters without a side of their own,
    displaced or hurt in fighting, unrest or war inside one country ("the war in Peru has cost
    5,000 lives"). A bomb, a crash or a crime strikes whoever is there, and a contested region has people of several sides, so
    these tell nothing; nor do sentences that speak of foreigners.
    """
    if place is None or not _is_of_population(link):
        return None
    sentence = link.trigger.sent
    near = sentence.doc[max(sentence.start, link.trigger.i - NEAR) : min(sentence.end, link.trigger.i + NEAR)]
    said = {t.lemma_.lower() for t in near} | {t.lower_ for t in near}
    if not said.isdisjoint(FOREIGN) or not (link.kind == "displaced" or backdrop.at_war or not said.isdisjoint(STRIFE)):
        return None
    text = reading.page.text
    if not _INSIDE.search(text, max(place.start_char - _LOOK_BACK, 0), place.start_char):
        return None
    return backdrop.people_at(text[place.start_char : place.end_char])


def is_of_population(victim: Token) -> bool:
    """Whether the word is for anyone: people, civilians, prisoners, or a bare number."""
    return victim.pos_ == "NUM" or victim.lemma_.lower() in POPULATION


NEAR = 40  # tokens to either side in which a sentence tells what befell them
POPULATION = words(
    "people person civilian resident villager inhabitant child woman man citizen prisoner inmate detainee protester "
    "protestor demonstrator other life body death fatality casualty corpse student worker"
)
FOREIGN = words(
    "foreigner foreign tourist expatriate expat holidaymaker embassy consulate passenger pilgrim visitor flight plane "
    "airliner ship ferry abroad refugee migrant"
)
_INSIDE = re.compile(
    r"\b(?:in|inside|across|within|throughout|at)\s+(?:the\s+)?(?:\w+\s+(?:city|town|village|region|province|district|state)\s+of\s+)?"
    r"(?:(?:all|most|much|parts?)\s+of\s+)?(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|central)(?:ern)?\s+)?"
    r"(?:\w+[-\s](?:held|occupied|controlled)\s+|besieged\s+|occupied\s+)?$",
    re.IGNORECASE,
)
_LOOK_BACK = 60  # characters before a place in which the words that put something in it can stand


def _is_of_population(link: Link) -> bool:
    victim = link.victim
    return is_of_population(victim) and not any(t.ent_type_ in ("NORP", "GPE", "ORG") for t in victim.lefts)
