"""What tells of an article which others report the same happening: its words, names, days and figures.

Words weigh by a frozen table of document frequencies (seeds/reference/document_frequencies.csv), never by what is counted on
the input: a profile is a function of its document alone.
"""

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flows.link.articles import Article
from flows.text.gazetteer import fold, folded_key, type_group
from flows.text.reference import reference_rows

Row = Mapping[str, Any]
Weights = Mapping[str, float]

WORD = re.compile(r"[^\W_]+")

# The row of the table that counts the documents themselves.
ALL_DOCUMENTS = ""

# A word in more of the documents than this tells nothing of what happened.
COMMON_SHARE = 0.2

# Words of an article that are kept, heaviest first: an article of 250 words has fewer.
MAX_TERMS = 150

# News tells the happening first: words of the body that are its lead, and those that are its very beginning.
LEAD_WORDS = 100
BEGINNING_WORDS = 60

# A name is one of the chief ones from this share of the weight of the chief one.
CHIEF_SHARE = 0.5

# What a mention counts: as such, more for a person of the headline, more for a name of the beginning.
MENTION, HEADLINE_BONUS, IN_BEGINNING = 2, 4, 1

UNRESOLVED_WEEKDAY = re.compile(r"XXXX-WXX-([1-7])")
UNRESOLVED_DAY = re.compile(r"XXXX-(\d\d)-(\d\d)")
YEAR_PRECISIONS = ("day", "month", "year")
FIGURE_KINDS = ("killed", "wounded")
# A text with more of its words in digits alone is a table: company results, rates, scores. Of 38,532 articles 1,675 are, of 770 of
# ECB+ one, of 2,581 on shootings none.
TABLE_SHARE = 0.25
MAX_DIGITS = 4  # a number of more is an amount of money, a telephone number or the like


@dataclass(frozen=True, slots=True)
class Profile:
    """One article, as stories see it. Weights are of unit length: the product of two is their cosine.

    Attributes:
        document_id: its document.
        published_on: the day of publication, if known.
        word_count: words of the body.
        is_table: whether it is mostly figures, with few words to tell what happened.
        terms: words of headline and body by weight.
        lead: those of headline and lead.
        people: last words of persons' names by weight.
        places: words of the names of places by weight.
        names: words of the names of persons (the last one), places and organisations.
        chief_people: persons named most, the headline and the beginning counting more.
        chief_places: places named most, as keys of whole names.
        place_keys: all places, as keys of whole names.
        days: month and day that time expressions name, of whatever year.
        weekdays: ISO days of the week that are named, resolved or not.
        years: years that dates and the day of publication fall in.
        figures: per kind of casualty, the numbers of people that claims begin at.
        numbers: numbers of two to four digits, anywhere.
        lead_numbers: numbers of up to four digits in headline and beginning.
    """

    document_id: str
    published_on: date | None
    word_count: int
    is_table: bool
    terms: Weights
    lead: Weights
    people: Weights
    places: Weights
    names: frozenset[str]
    chief_people: frozenset[str]
    chief_places: frozenset[str]
    place_keys: frozenset[str]
    days: frozenset[tuple[int, int]]
    weekdays: frozenset[int]
    years: frozenset[int]
    figures: Mapping[str, frozenset[int]]
    numbers: frozenset[str]
    lead_numbers: frozenset[str]


def make_profile(
    article: Article,
    mentions: Iterable[Row],
    timexes: Iterable[Row],
    casualties: Iterable[Row],
) -> Profile:
    """The profile of an article from the rows that extract found in its document.

    Args:
        article: the article.
        mentions: rows with entity_type and name.
        timexes: rows with value, date_start and date_precision.
        casualties: rows with kind and low.
    """
    headline, body = words_of_text(article.headline or ""), words_of_text(article.body)
    names = _Names(frozenset(headline), frozenset((*headline, *body[:BEGINNING_WORDS])))
    for mention in mentions:
        names.add(mention["entity_type"], mention["name"])
    days, weekdays, years = _days(article.published_on, timexes)
    figures: dict[str, set[int]] = {}
    for claim in casualties:
        if claim["low"] and claim["kind"] in FIGURE_KINDS:
            figures.setdefault(claim["kind"], set()).add(claim["low"])
    beginning = (*headline, *body[:BEGINNING_WORDS])
    return Profile(
        document_id=article.document_id,
        published_on=article.published_on,
        word_count=len(body),
        is_table=_is_table((*headline, *body)),
        terms=_weights(Counter((*headline, *body)), MAX_TERMS),
        lead=_weights(Counter((*headline, *body[:LEAD_WORDS]))),
        people=_weights(names.people),
        places=_weights(names.places),
        names=frozenset((*names.people, *names.places, *names.organisations)),
        chief_people=_chief(names.people_scores),
        chief_places=_chief(names.place_scores),
        place_keys=frozenset(names.place_scores),
        days=days,
        weekdays=weekdays,
        years=years,
        figures={kind: frozenset(lows) for kind, lows in figures.items()},
        numbers=frozenset(w for w in (*headline, *body) if w.isdigit() and 1 < len(w) <= MAX_DIGITS),
        lead_numbers=frozenset(w for w in beginning if w.isdigit() and len(w) <= MAX_DIGITS),
    )


def words_of_text(text: str) -> list[str]:
    """The folded words of a text, as the table of document frequencies counts them.

    >>> words_of_text("Erdoğan’s 2nd visit")
    ['erdogan', 's', '2nd', 'visit']
    """
    return [fold(word) for word in WORD.findall(text)]


def _is_table(words: Sequence[str]) -> bool:
    return sum(map(str.isdigit, words)) > TABLE_SHARE * len(words)


def rarity(word: str) -> float:
    """How much a word tells: the logarithm of how few of the counted documents have it; a word unknown as the rarest known."""
    table = _rarities()
    return table.weights.get(word, table.highest)


def _weights(counts: Mapping[str, int], most: int | None = None) -> Weights:
    """Words by (1 + log count) x rarity, common ones left out, the heaviest `most`, to unit length."""
    common = _rarities().common
    weighed = [(word, (1 + math.log(count)) * rarity(word)) for word, count in counts.items() if word not in common]
    weighed.sort(key=lambda pair: (-pair[1], pair[0]))  # the same sum in whatever order words were counted
    kept = weighed[:most]
    length = math.sqrt(sum(weight * weight for _, weight in kept)) or 1.0
    return {sys.intern(word): weight / length for word, weight in kept}


class _Names:
    """The names of one document by kind, as its mentions are read."""

    def __init__(self, headline: frozenset[str], beginning: frozenset[str]) -> None:
        self._headline, self._beginning = headline, beginning
        self.people: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.organisations: Counter[str] = Counter()
        self.people_scores: Counter[str] = Counter()
        self.place_scores: Counter[str] = Counter()

    def add(self, entity_type: str, name: str) -> None:
        """Count one mention; of types other than person, place and organisation, nothing."""
        key = folded_key(name)
        words = key.split()
        if not words:
            return
        match type_group(entity_type):
            case "PERSON":
                self.people[words[-1]] += 1
                self.people_scores[words[-1]] += self._score(words[-1], HEADLINE_BONUS)
            case "PLACE":
                self.places.update(words)
                self.place_scores[key] += self._score(words[0], 0)
            case "ORG":
                self.organisations.update(words)

    def _score(self, word: str, in_headline: int) -> int:
        return MENTION + in_headline * (word in self._headline) + IN_BEGINNING * (word in self._beginning)


def _chief(scores: Mapping[str, int]) -> frozenset[str]:
    least = CHIEF_SHARE * max(scores.values(), default=0)
    return frozenset(name for name, score in scores.items() if score >= least)


def _days(
    published_on: date | None, timexes: Iterable[Row]
) -> tuple[frozenset[tuple[int, int]], frozenset[int], frozenset[int]]:
    """(month, day)s, ISO weekdays and years of the time expressions; the year of publication among the years."""
    days: set[tuple[int, int]] = set()
    weekdays: set[int] = set()
    years = {published_on.year} if published_on else set()
    for timex in timexes:
        start: date | None = timex["date_start"]
        value = timex["value"] or ""
        if start and timex["date_precision"] in YEAR_PRECISIONS:
            years.add(start.year)
        if start and timex["date_precision"] == "day":
            days.add((start.month, start.day))
            weekdays.add(start.isoweekday())
        elif named := UNRESOLVED_WEEKDAY.match(value):
            weekdays.add(int(named[1]))
        elif named := UNRESOLVED_DAY.match(value):
            days.add((int(named[1]), int(named[2])))
    return frozenset(days), frozenset(weekdays), frozenset(years)


@dataclass(frozen=True)
class _Rarities:
    weights: dict[str, float]
    highest: float
    common: frozenset[str]


@cache
def _rarities() -> _Rarities:
    counts = {row["word"]: int(row["documents"]) for row in reference_rows("document_frequencies.csv")}
    total = counts.pop(ALL_DOCUMENTS)
    weights = {word: math.log(total / count) for word, count in counts.items()}
    common = frozenset(word for word, count in counts.items() if count >= COMMON_SHARE * total)
    return _Rarities(weights, max(weights.values()), common)
