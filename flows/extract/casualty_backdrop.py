"""What a page as a whole tells of the people in its figures: its war, its countries, its deaths, and whether it is of sport."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from spacy.attrs import LEMMA, LOWER
from spacy.tokens import Doc

from flows.extract.circumstances import words
from flows.extract.reading import Reading
from flows.extract.topics import is_sport
from flows.text.gazetteer import lookup
from flows.text.reference import reference_rows

STRIFE = words(
    "war conflict fighting clash battle insurgency insurrection uprising rebellion revolt unrest protest demonstration "
    "crackdown riot mutiny violence offensive shelling bombardment airstrike massacre genocide coup junta regime "
    "rebel insurgent guerrilla separatist truce ceasefire"
)
# a page with one of these may tell later that who was shot has died
DEATH = words(
    "die dead death kill killing fatal fatally fatality homicide murder manslaughter slay slain slaying deceased coroner funeral "
    "autopsy mourn suicide perish lifeless"
)


@dataclass(frozen=True)
class Backdrop:
    """What the page as a whole tells; each is read when it is first asked for."""

    reading: Reading

    @cached_property
    def at_war(self) -> bool:
        """Whether the page's head tells of war or unrest, not of a single attack, accident or crime."""
        return any(t.lemma_.lower() in STRIFE for p in self.reading.paragraphs[:HEAD_PARAGRAPHS] for t in p.doc)

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that the page names, as such or by an adjective of theirs."""
        names = {(m.entity_type, m.name) for m in self.reading.mentions if m.entity_type in ("GPE", "NORP")}
        adjectives = {country_of(name) for kind, name in names if kind == "NORP"}
        countries = {e.name for kind, name in names if kind == "GPE" for e in lookup(name) if e.kind == "country"}
        return frozenset(countries | {country for country in adjectives if country is not None})

    @cached_property
    def tells_death(self) -> bool:
        """Whether the page has a word of death anywhere."""
        return any(not lemmas_of(p.doc).isdisjoint(DEATH) for p in self.reading.paragraphs)

    @cached_property
    def is_sport(self) -> bool:
        """Whether the page reports sport."""
        return is_sport("\n".join(self.reading.page.text[p.start_char : p.end_char] for p in self.reading.paragraphs))

    def people_at(self, place: str) -> str | None:
        """The people of a place whose country the page names too: a town's name is often another town's as well."""
        people = people_of(place)
        return people if people in self.countries or people in TERRITORIES.values() else None


HEAD_PARAGRAPHS = 2


def lemmas_of(doc: Doc) -> frozenset[str]:
    """The lemmas and forms of the text's words, in lower case."""
    strings = doc.vocab.strings
    return frozenset(
        strings[form].lower() for attribute in (LOWER, LEMMA) for form in set(doc.to_array(attribute).tolist())
    )


@cache
def people_of(place: str) -> str | None:
    """The country of the people who live in a place, None of a contested region or where several places share the name.

    >>> people_of("Idlib"), people_of("northern Uganda"), people_of("Gaza"), people_of("Nagorno-Karabakh")
    ('Syria', 'Uganda', 'Palestinians', None)
    """
    known = lookup(place) or lookup(_COMPASS.sub("", place))
    codes = {entry.country_code for entry in known if entry.entity_type in ("GPE", "LOC")}
    if len(codes) != 1:
        return None
    code = codes.pop()
    if code in TERRITORIES:
        return TERRITORIES[code]
    if code is None or any(entry.kind == "contested region" for entry in known):
        return None
    return _country_names().get(code)


_COMPASS = re.compile(
    r"^(?:the\s+)?(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|central)(?:ern)?)\s+",
    re.IGNORECASE,
)
TERRITORIES = {"PSE": "Palestinians"}  # territories, contested as land, whose people are one


@cache
def _country_names() -> dict[str, str]:
    return {row["country_code"]: row["name"] for row in reference_rows("countries.csv")}


@cache
def _countries() -> dict[str, str]:
    return {row["word"]: row["country"] for row in reference_rows("country_words.csv") if row["kind"] == "adjective"}


def country_of(word: str) -> str | None:
    """The country that an adjective of nationality belongs to ("Turkish" to Turkey).

    >>> country_of("Turkish"), country_of("soldier")
    ('Turkey', None)
    """
    return _countries().get(word) or (_countries().get(word[:-1]) if word.endswith("s") else None)
