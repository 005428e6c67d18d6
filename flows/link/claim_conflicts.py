"""claim_conflicts: pairs of claims on one incident that cannot both hold."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from flows.link.happenings import place_points
from flows.link.incident_figures import Claim

# A toll still rises for so long after the first day that it is claimed for; what differs later is not a later count.
COUNTING_DAYS = 30
ROUND_FROM = 1_000  # figures in round thousands are rounded, whether or not a word says so
# Claims of one kind on one incident that are compared pair by pair; of more only one for each figure and group.
MOST_PAIRED = 64

UNCONFIRMED = frozenset({"feared", "vague"})


def conflicting(claims: Sequence[Claim], last_day: date | None) -> list[tuple[str, str]]:
    """The pairs that cannot both hold, smaller id first, sorted.

    Args:
        claims: of one kind, on one incident.
        last_day: of the incident; None unknown.
    """
    compared = sorted((c for c in claims if c.qualifier not in UNCONFIRMED), key=lambda c: c.casualty_id)
    if len(compared) > MOST_PAIRED:
        compared = list(_one_for_each_figure(compared))[:MOST_PAIRED]
    return [
        (one.casualty_id, other.casualty_id)
        for one, other in combinations(compared, 2)
        if cannot_both_hold(one, other, last_day)
    ]


def _one_for_each_figure(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The earliest claim of each figure, group and hedge, the widest held figures first."""
    first: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(claims, key=lambda c: (c.published_on or date.max, c.casualty_id)):
        first.setdefault((claim.figure, claim.group, claim.is_part, claim.qualifier), claim)
    yield from sorted(first.values(), key=lambda c: (c.is_part, c.casualty_id))


def cannot_both_hold(one: Claim, other: Claim, last_day: date | None) -> bool:
    """Whether two claims of one kind on one incident exclude each other."""
    if not (one.is_counted and other.is_counted) or not _may_disagree(one, other) or not _of_one_scope(one, other):
        return False
    (low, high), (other_low, other_high) = held(one), held(other)
    if one.is_part != other.is_part:
        part, whole = (one, other) if one.is_part else (other, one)
        return held(part)[0] > held(whole)[1]
    if high >= other_low and other_high >= low:
        return False
    return not _is_later_count(one, other, last_day)


def _may_disagree(one: Claim, other: Claim) -> bool:
    """Others' words: of other sources, or in one text put to different people. A text does not contradict itself."""
    if one.document_id == other.document_id:
        return one.attributed_to != other.attributed_to and not (one.is_part or other.is_part)
    return one.source_id != other.source_id


def _of_one_scope(one: Claim, other: Claim) -> bool:
    """Whether both count the same people: sides, whom, when and where."""
    if one.is_part and other.is_part and one.group != other.group:
        return False
    if len(one.sides) == 1 == len(other.sides) and one.sides != other.sides:
        return False
    if None not in (one.first, one.last, other.first, other.last) and _days_between(one, other) > 1:
        return False
    return place_points(one.place, other.place) is not None


def _days_between(one: Claim, other: Claim) -> int:
    """Days from the end of the earlier claim's interval to the start of the later one's; 0 or less where they meet."""
    return max(one.first or 0, other.first or 0) - min(one.last or 0, other.last or 0)


def held(claim: Claim) -> tuple[float, float]:
    """The counts that a claim's words can stand for, both ends included.

    A number is as fine as its last digit that is not 0: "at least 110" may be said of 117, "at least 16" of 16 counted.

    """
    figure, fineness = claim.figure, _fineness(claim.figure)
    if claim.qualifier == "at_least":
        return figure, figure + fineness - 1
    if claim.qualifier == "more_than":
        return figure, figure + fineness
    if claim.qualifier == "up_to":
        return 0, figure
    low = figure if claim.low is None else claim.low
    high = figure if claim.high is None else claim.high
    if claim.qualifier != "range" and fineness >= ROUND_FROM:
        return min(low, figure - fineness / 2), max(high, figure + fineness / 2)
    return low, high


def _fineness(figure: int) -> int:
    """The place value of the last digit that is not 0.

    >>> _fineness(110), _fineness(16), _fineness(30_000), _fineness(0)
    (10, 1, 10000, 1)
    """
    fineness = 1
    while figure and figure % (fineness * 10) == 0:
        fineness *= 10
    return fineness


def _is_later_count(one: Claim, other: Claim, last_day: date | None) -> bool:
    """Whether the higher figure is the later one, and the toll was still being counted."""
    if one.published_on is None or other.published_on is None or last_day is None:
        return False
    lower, higher = sorted((one, other), key=lambda c: c.figure)
    if lower.published_on is None or higher.published_on is None:
        return False
    return lower.published_on < higher.published_on and (higher.published_on - last_day).days <= COUNTING_DAYS
