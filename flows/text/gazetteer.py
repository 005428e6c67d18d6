"""What the reference tables know by name: countries, peoples, places, bodies and office-holders, matched word by word."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from flows.text.reference import reference_rows

# Letters and digits in one word; every other mark stands alone, so "U.S.", "U. S." and "Nagorno - Karabakh" match alike.
WORD = re.compile(r"[^\W_]+|[^\w\s]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
# Letters that decomposition leaves alone.
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ə": "a", "ß": "ss", "æ": "ae", "œ": "oe"})
# An acronym of so few letters is matched in capitals only: "us", "who" and "is" are words.
ACRONYM_LETTERS = 5


@dataclass(frozen=True)
class Entry:
    """A thing that the reference tables know.

    Attributes:
        name: the usual name.
        entity_type: OntoNotes label.
        kind: country, demonym, contested region, city, capital, region, area, water, …; organisation kinds; or person.
        country_code: ISO 3166-1 alpha-3 of the country it is or belongs to, or that a disputed region is filed under.
        is_sure: whether its wording alone tells: false for towns, whose names are also words and surnames.
        latitude: WGS 84, places only.
        longitude: WGS 84, places only.
        geonames_id: places only.
        population: places only.
        gender: m or f, persons only.
        role: office, persons only; of several the first that the table lists.
        neutral_code: code of the user-assigned kind (X..) for a place in dispute, in the stead of a claimant's.
        claimed_by: ISO 3166-1 alpha-3 of the states between which a place is in dispute.
        wikidata_id: persons only, where known for certain.
    """

    name: str
    entity_type: str
    kind: str
    country_code: str | None = None
    is_sure: bool = True
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    population: int = 0
    gender: str | None = None
    role: str | None = None
    neutral_code: str | None = None
    claimed_by: tuple[str, ...] = ()
    wikidata_id: str | None = None


class Word(NamedTuple):
    """One word or mark of a text: offsets into it, as written, and folded.

    A tuple, not a dataclass: a run makes one for each word of each page, and a tuple is made in a third of the time.
    """

    start: int
    end: int
    text: str
    folded: str


@dataclass(frozen=True)
class Match:
    """A wording found: words[first:last] of the text, and what it may stand for, likeliest first."""

    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Gazetteer:
    """Wordings by their folded words; `longest` bounds how many words a wording with that first word has."""

    entries: dict[tuple[str, ...], tuple[Entry, ...]]
    spellings: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: dict[str, int]


# Wordings whose folding and meaning are remembered: a page repeats its names, and pages of a time share them.
REMEMBERED = 20_000


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """Lower case without accents, apostrophes and dashes made plain.

    >>> fold("Nagorno–Karabakh"), fold("Erdoğan"), fold("Côte d’Ivoire")
    ('nagorno-karabakh', 'erdogan', "cote d'ivoire")
    """
    text = text.translate(_APOSTROPHES).lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(text: str) -> list[Word]:
    """The words and marks of a text.

    >>> [word.folded for word in words_of("Russia’s U.S. envoy")]
    ['russia', "'", 's', 'u', '.', 's', '.', 'envoy']
    """
    return [Word(m.start(), m.end(), m.group(), fold(m.group())) for m in WORD.finditer(text)]


@lru_cache(maxsize=REMEMBERED)
def folded_key(name: str) -> str:
    """A name as a key: folded words without marks, "the" in front left out.

    >>> folded_key("The U.S."), folded_key("Nagorno-Karabakh")
    ('us', 'nagorno karabakh')
    """
    words = [
        word for word in re.sub(r"(?<=\b[a-z])\.", "", fold(name)).replace("'", "").replace("-", " ").split() if word
    ]
    cleaned = ["".join(c for c in word if c.isalnum()) for word in words]
    if len(cleaned) > 1 and cleaned[0] == "the":
        cleaned = cleaned[1:]
    return " ".join(word for word in cleaned if word)


def skeleton(word: str) -> str:
    """A spelling that transliterations of one name share: doubled letters once, y, j and i alike, kh as h, ou as u.

    >>> skeleton("pashinyan") == skeleton("pashinian"), skeleton("mohammed") == skeleton("mohamad")
    (True, True)
    """
    for written, common in _SPELLINGS:
        word = word.replace(written, common)
    return "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1])


_SPELLINGS = tuple(pair.split(">") for pair in "kh>h gh>g ou>u oo>u ee>i y>i j>i q>k w>v mad>med muh>moh".split())


def type_group(entity_type: str) -> str:
    """GPE, LOC and FAC are one group: where a place ends and a building begins is not what tells names apart.

    >>> type_group("GPE"), type_group("PERSON")
    ('PLACE', 'PERSON')
    """
    return "PLACE" if entity_type in PLACE_TYPES else entity_type


PLACE_TYPES = ("GPE", "LOC", "FAC")


def _number(text: str) -> float | None:
    return float(text) if text else None


def _wordings() -> Iterator[tuple[str, Entry]]:
    """Every wording with what it stands for, the likelier things first."""
    for row in reference_rows("countries.csv"):
        code = row["country_code"]
        country = Entry(
            row["name"],
            "GPE",
            "country",
            code,
            latitude=_number(row["latitude"]),
            longitude=_number(row["longitude"]),
            geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
            claimed_by=tuple(_listed(row["claimed_by"])),
        )
        for name in (row["name"], *_listed(row["aliases"])):
            yield name, country
        for adjective in _listed(row["demonyms"]):
            yield from _people(adjective, code)
    for row in reference_rows("demonyms.csv"):
        yield from _people(row["adjective"], row["country_code"] or None)
    for row in reference_rows("organisations.csv"):
        body = Entry(row["name"], "ORG", row["kind"], row["country_code"] or None)
        for name in (row["name"], *_listed(row["aliases"])):
            yield name, body
    met: set[str] = set()
    for row in reference_rows("actors.csv"):
        if row["name"] in met:  # a further office of the same person
            continue
        met.add(row["name"])
        person = Entry(
            row["name"],
            "PERSON",
            "person",
            row["country_code"] or None,
            gender=row["gender"] or None,
            role=row["role"] or None,
            wikidata_id=row["wikidata_id"] or None,
        )
        for name in (row["name"], *_listed(row["aliases"])):
            # A surname alone may be anyone's: it is looked up only after the model or the document calls it a person.
            yield name, person if " " in name else _unsure(person)
    for row in reference_rows("places.csv"):
        sure = row["source"].startswith("own list") or row["kind"] == "capital"
        place = Entry(
            row["name"],
            _PLACE_TYPES.get(row["kind"], "GPE"),
            row["kind"],
            row["country_code"] or None,
            is_sure=sure,
            latitude=_number(row["latitude"]),
            longitude=_number(row["longitude"]),
            geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
            population=int(row["population"] or 0),
            neutral_code=row["neutral_code"] or None,
            claimed_by=tuple(_listed(row["claimed_by"])),
        )
        yield row["name"], place
        for name in _listed(row["aliases"]):
            # GeoNames' further spellings are of many languages: they confirm, they do not find.
            yield name, place if row["source"].startswith("own list") else _unsure(place)


_PLACE_TYPES = {
    "area": "LOC",
    "water": "LOC",
    "continent": "LOC",
    "border": "LOC",
    "site": "FAC",
    "crossing": "FAC",
}


def _listed(cell: str) -> list[str]:
    return [name for name in cell.split(";") if name]


def _people(adjective: str, code: str | None) -> Iterator[tuple[str, Entry]]:
    people = Entry(adjective, "NORP", "demonym", code)
    yield adjective, people
    if not adjective.endswith(("s", "ese", "ish", "ch", "i's")):
        yield adjective + "s", people


def _unsure(entry: Entry) -> Entry:
    return replace(entry, is_sure=False)


@cache
def gazetteer() -> Gazetteer:
    """All reference tables in one lookup; empty tables give an empty one."""
    entries: dict[tuple[str, ...], list[Entry]] = {}
    spellings: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    longest: dict[str, int] = {}
    for wording, entry in _wordings():
        words = words_of(wording)
        if not words:
            continue
        key = tuple(word.folded for word in words)
        known = entries.setdefault(key, [])
        if entry not in known:
            known.append(entry)
        spelled = tuple(word.text for word in words)
        if spelled not in spellings.setdefault(key, []):
            spellings[key].append(spelled)
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Gazetteer(
        {key: tuple(known) for key, known in entries.items()},
        {key: tuple(spelled) for key, spelled in spellings.items()},
        longest,
    )


def _is_written_so(words: Sequence[Word], spellings: Sequence[tuple[str, ...]]) -> bool:
    """Whether the capitals are where some spelling has them; a short acronym is in capitals throughout."""
    return any(
        all(_same_case(word.text, part, spelled) for word, part in zip(words, spelled, strict=True))
        for spelled in spellings
    )


def _same_case(text: str, part: str, spelled: tuple[str, ...]) -> bool:
    if not part[0].isupper():
        return True
    if part.isupper() and len(part) > 1 and sum(map(len, spelled)) <= ACRONYM_LETTERS:
        return text.isupper()
    return text[0].isupper()


@lru_cache(maxsize=REMEMBERED)
def lookup(wording: str) -> tuple[Entry, ...]:
    """What a wording may stand for, whatever its case; empty if nothing.

    >>> [entry.name for entry in lookup("U.S.")]
    ['United States']
    """
    return gazetteer().entries.get(tuple(word.folded for word in words_of(wording)), ())


def find_wordings(words: Sequence[Word]) -> list[Match]:
    """The known wordings in a text, longest first from the left, none overlapping another.

    >>> words = words_of("the OSCE Minsk Group met in Nagorno-Karabakh")
    >>> [match.entries[0].name for match in find_wordings(words)]
    ['OSCE Minsk Group', 'Nagorno-Karabakh']
    """
    known = gazetteer()
    folded = [word.folded for word in words]
    found: list[Match] = []
    done = 0
    for at in [i for i, word in enumerate(folded) if word in known.longest]:
        if at < done:
            continue
        for size in range(min(known.longest[folded[at]], len(words) - at), 0, -1):
            key = tuple(folded[at : at + size])
            entries = known.entries.get(key)
            if entries and _is_written_so(words[at : at + size], known.spellings[key]):
                found.append(Match(at, at + size, entries))
                done = at + size
                break
    return found
