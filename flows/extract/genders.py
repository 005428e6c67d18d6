"""The gender of a page's persons, where its words or a given name tell: whom "she" can mean."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from flows.extract.mentions import Mention
from flows.text.gazetteer import fold, lookup
from flows.text.reference import reference_rows

MALE, FEMALE = "m", "f"

_MALE_WORDS = """mr sir lord king prince father brother son husband widower uncle nephew grandfather grandson stepfather
    imam ayatollah sheikh sultan emir monsignor spokesman chairman congressman councilman alderman assemblyman businessman
    policeman cameraman gunman fisherman serviceman clergyman salesman nobleman fireman actor waiter"""
_FEMALE_WORDS = """mrs ms miss lady dame queen princess baroness duchess countess mother sister daughter wife widow aunt
    niece grandmother granddaughter stepmother spokeswoman chairwoman congresswoman councilwoman alderwoman assemblywoman
    businesswoman policewoman servicewoman saleswoman actress waitress housewife"""
# what stands right before a name, or describes who bears it after a comma
GENDERED_WORDS = dict.fromkeys(_MALE_WORDS.split(), MALE) | dict.fromkeys(_FEMALE_WORDS.split(), FEMALE)

BEFORE_CHARS, AFTER_CHARS = 20, 60  # around a name that are read: a title; a description as in “X, the victim's mother”
_LAST_WORD = re.compile(r"(?:\b(mrs?|ms)\.|([a-z]+))\s+$", re.IGNORECASE)
_DESCRIPTION = re.compile(r",\s([^,.;:]+)")
_WORD = re.compile(r"[A-Za-z]+(?:['’]s)?")
_SELF = re.compile(r"\s(him|her)self\b")
# words after which a description tells of someone else: “X, whose wife …”, “X, who met his son”
_OF_OTHERS = frozenset(
    {"who", "whose", "whom", "which", "and", "with", "his", "her", "said", "told", "of", "to", "for"}
)
# Slavic forms that only women's surnames and patronymics have
_FEMALE_ENDINGS = ("ova", "yeva", "skaya", "ovna", "evna")
_SHORTEST_FEMALE_FORM = 6  # letters: “Nova” is no such form


def genders_of(mentions: Sequence[Mention], text: str) -> dict[str, str]:
    """Name to m or f, for each person of whom it is told; one of whom nothing tells may be either.

    A title or a word of kinship beside the name comes before the tables' persons, these before the given name.

    >>> mention = Mention(9, 17, "PERSON", "Robin Ek")
    >>> genders_of([mention], "“No,” Ms Robin Ek said.")
    {'Robin Ek': 'f'}
    """
    found: dict[str, str] = {}
    persons = [mention for mention in mentions if mention.entity_type == "PERSON"]
    for mention in persons:
        if mention.name not in found:
            told = next(_beside(mention, text), None)
            if told is not None:
                found[mention.name] = told
    for name in {mention.name: None for mention in persons}:
        if name not in found:
            known = _of_name(name)
            if known is not None:
                found[name] = known
    return found


def _beside(mention: Mention, text: str) -> Iterator[str]:
    before = _LAST_WORD.search(text[max(0, mention.start_char - BEFORE_CHARS) : mention.start_char])
    word = (before[1] or before[2]).lower() if before is not None else ""
    if word in GENDERED_WORDS:
        yield GENDERED_WORDS[word]
    after = text[mention.end_char : mention.end_char + AFTER_CHARS]
    reflexive = _SELF.match(after)
    if reflexive is not None:
        yield MALE if reflexive[1] == "him" else FEMALE
    description = _DESCRIPTION.match(after)
    for word in _WORD.findall(description[1]) if description is not None else ():
        if word.lower() in _OF_OTHERS:
            return
        if word.lower() in GENDERED_WORDS:
            yield GENDERED_WORDS[word.lower()]
            return


def _of_name(name: str) -> str | None:
    known = next((entry.gender for entry in lookup(name) if entry.gender), None)
    if known is not None:
        return known
    words = fold(name).split()
    if len(words) > 1:
        for part in words[0].split("-"):
            if part in given_names():
                return given_names()[part]
    if len(words[-1]) >= _SHORTEST_FEMALE_FORM and words[-1].endswith(_FEMALE_ENDINGS):
        return FEMALE
    return None


@cache
def given_names() -> dict[str, str]:
    """Folded given name to m or f, of names that are one gender's (seeds/reference/given_names.csv)."""
    return {row["name"]: row["gender"] for row in reference_rows("given_names.csv")}
