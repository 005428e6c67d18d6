"""Which two articles may tell of one happening, and how likely they do: decided on the two alone.

Candidates come from an inverted index over the heaviest words; what speaks for and against a candidate is weighed by a logit
whose weights are frozen (seeds/reference/story_weights.csv, fitted by tests/gold/train_stories.py).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple

from flows.link.profiles import Profile, Weights, rarity
from flows.text.reference import reference_rows

# Words of an article that the index holds, heaviest first, and the least that those of two must have in common, as a part of
# their cosine, to be looked at: 99 of 100 pairs of ECB+ and 95 of gun violence that are one story do.
INDEXED_TERMS = 25
LEAST_IN_COMMON = 0.04

# Articles that were published further apart are not of one story. Of pairs about one shooting 98 % are nearer.
WINDOW_DAYS = 400

# In a list of the index that is longer, an article meets only the next so many by date: what so many articles share
# tells little. Undated articles do not meet through such a list: rarer words bring them together.
LONG_LIST = 200
NEIGHBOURS = 100

# Days of the year, counted with months of 31 days, that are further apart are of different happenings.
FAR_DAYS = 15
DAYS_OF_A_YEAR = 372

MUCH_ALIKE = 0.3  # cosine: above, one more tenth tells less

# What an article with a date and one without are taken to be apart. Two without are compared as if of one day: where no
# article has a date, their lack speaks against no story.
UNKNOWN_GAP_DAYS = 7

# What is counted of shared names and numbers is cut at these sums of rarities, and scaled by them.
MOST_NAME_RARITY = 30.0
MOST_NUMBER_RARITY = 20.0
MOST_LEAD_NUMBERS = 3


class Pair(NamedTuple):
    """Two profiles by their places in a sequence, first < second, and the log-odds that they are of one story."""

    first: int
    second: int
    score: float


def scored_pairs(profiles: Sequence[Profile]) -> Iterator[Pair]:
    """The pairs that may be of one story, each with its score, in order of the profiles."""
    for first, second in candidate_pairs(profiles):
        yield Pair(first, second, score(compare(profiles[first], profiles[second])))


def score(evidence: Mapping[str, float]) -> float:
    """The log-odds that a pair with this evidence is of one story."""
    weights = _weights()
    return sum(weights[name] * value for name, value in evidence.items())


def candidate_pairs(profiles: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    """Places of two profiles that share a name and much of their heaviest words and, if both are dated, came out not too far apart.

    Without the name, reports of one form (company results, scores) met that have nothing else in common: of pairs of one story
    in ECB+ and gun violence 1 % share none, of the other candidates a third. Two tables never meet: one form filled in by two companies
    shares all its words. Before, the largest story of 38,532 articles was of 74 companies' results.

    Args:
        profiles: in order of `by_date`. The work is at most LONG_LIST steps for each indexed word of each.

    Yields:
        (first, second), first < second, sorted.
    """
    indexed = [tuple(islice(profile.terms.items(), INDEXED_TERMS)) for profile in profiles]  # terms: heaviest first
    lists: dict[str, list[int]] = defaultdict(list)
    for place, terms in enumerate(indexed):
        for word, _ in terms:
            lists[word].append(place)
    dated = sum(profile.published_on is not None for profile in profiles)
    passed: dict[str, int] = defaultdict(int)
    for place, terms in enumerate(indexed):
        shared: dict[int, float] = defaultdict(float)
        for word, weight in terms:
            members = lists[word]
            passed[word] = after = passed[word] + 1
            if len(members) <= LONG_LIST:
                met = members[after:]
            else:
                met = [other for other in members[after : after + NEIGHBOURS] if other < dated]
            for other in met:
                shared[other] += weight * profiles[other].terms[word]
        one = profiles[place]
        for other in sorted(other for other, common in shared.items() if common >= LEAST_IN_COMMON):
            if one.is_table and profiles[other].is_table:
                continue
            is_near = (_gap_days(one, profiles[other]) or 0) <= WINDOW_DAYS
            if is_near and not one.names.isdisjoint(profiles[other].names):
                yield place, other


def by_date(profile: Profile) -> tuple[bool, date, str]:
    """The order of profiles: by day of publication, then document; undated ones last."""
    return profile.published_on is None, profile.published_on or date.min, profile.document_id


def compare(one: Profile, other: Profile) -> dict[str, float]:
    """What speaks for and against that two articles tell of one happening; names as in story_weights.csv."""
    text, lead = _cosine(one.terms, other.terms), _cosine(one.lead, other.lead)
    people = _cosine(one.people, other.people)
    same_numbers = one.lead_numbers & other.lead_numbers
    shared_names = one.names & other.names
    return {
        "any": 1.0,
        "text": text,
        "text_much": max(0.0, text - MUCH_ALIKE),
        "lead": lead,
        "people": people,
        "no_people": float(not (one.people and other.people)),
        "places": _cosine(one.places, other.places),
        "lead_names": min(
            1.0, _rarity(n for n in shared_names if n in one.lead and n in other.lead) / MOST_NAME_RARITY
        ),
        "text_names": sum(one.terms.get(name, 0.0) * other.terms.get(name, 0.0) for name in sorted(shared_names)),
        "same_chief_person": float(bool(one.chief_people & other.chief_people)),
        "chief_place_missing": _missing(one.chief_places, other.place_keys, other.chief_places, one.place_keys),
        "same_day": float(bool(one.days & other.days)),
        "far_days": _far(one.days, other.days),
        "other_weekdays": _apart(one.weekdays, other.weekdays),
        "other_years": _apart(one.years, other.years),
        **_figures(one.figures, other.figures),
        "numbers": min(1.0, _rarity(one.numbers & other.numbers) / MOST_NUMBER_RARITY),
        "lead_numbers": float(min(MOST_LEAD_NUMBERS, len(same_numbers))),
        "other_lead_numbers": _apart(one.lead_numbers, other.lead_numbers),
        "gap": math.log1p(_assumed_gap_days(one, other)),
    }


def _cosine(one: Weights, other: Weights) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def _apart(one: frozenset[object], other: frozenset[object]) -> float:
    """1 if both tell something and have nothing in common, else 0."""
    return float(bool(one and other and not one & other))


def _far(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> float:
    """1 if both name days of the year, and none of one is within FAR_DAYS of one of the other; else 0."""
    gaps = [abs(_day_of_year(a) - _day_of_year(b)) for a in one for b in other]
    return float(bool(gaps) and all(FAR_DAYS < gap < DAYS_OF_A_YEAR - FAR_DAYS for gap in gaps))


def _day_of_year(day: tuple[int, int]) -> int:
    """About which day of the year a (month, day) is: near enough to tell weeks apart."""
    month, day_of_month = day
    return 31 * month + day_of_month


def _missing(one: frozenset[str], all_other: frozenset[str], other: frozenset[str], all_one: frozenset[str]) -> float:
    """How many of two articles, each with chief names, find none of them in the other: 0, 1 or 2."""
    return float(not one & all_other) + float(not other & all_one) if one and other else 0.0


def _figures(one: Mapping[str, frozenset[int]], other: Mapping[str, frozenset[int]]) -> dict[str, float]:
    """Of killed and wounded, for how many the two articles' highest figures agree, and for how many no figure does."""
    both = [(one[kind], other[kind]) for kind in sorted(one.keys() & other.keys())]
    return {
        "same_figures": float(sum(max(these) == max(those) for these, those in both)),
        "other_figures": float(sum(not these & those for these, those in both)),
    }


def _rarity(words: Iterable[str]) -> float:
    return math.fsum(rarity(word) for word in words)


def _gap_days(one: Profile, other: Profile) -> int | None:
    if one.published_on is None or other.published_on is None:
        return None
    return abs((one.published_on - other.published_on).days)


def _assumed_gap_days(one: Profile, other: Profile) -> int:
    known = _gap_days(one, other)
    if known is not None:
        return known
    return 0 if one.published_on is other.published_on is None else UNKNOWN_GAP_DAYS


@cache
def _weights() -> dict[str, float]:
    return {row["evidence"]: float(row["weight"]) for row in reference_rows("story_weights.csv")}
