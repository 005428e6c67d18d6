"""Groups of a graph of scored pairs: average linkage that a group's own coherence holds back.

The two nearest groups are joined, again and again, while the mean score between them is high enough. What is joined depends
only on what is connected by pairs above the threshold, so a far away item changes nothing; ties go to the smaller items.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.link.story_pairs import Pair

# Two groups are joined from this mean log-odds. It is below zero since the weights' intercept is that of hard pairs of real news,
# and since many weak pairs of one story speak for each other. B-cubed F1 of ECB+ and of gun violence, topics left out: -3: .924,
# .960; -2.5: .915, .955; -2.25: .897, .953. Lower ones join more of what is only one topic in real news.
THRESHOLD = -2.5

# Two happenings of one kind (two fights of one boxer) are each told by articles that are much closer to one another than to
# the other's. So groups of two and more are joined only if the mean score between them is at least so far up from the
# threshold to the mean score inside the looser of them. Swept 0.2 to 0.5 on ECB+: .909, .915 (0.3), .900, .866.
COHERENCE_SHARE = 0.3

# What a pair counts for that was not scored: it shares too few words to be looked at.
UNSCORED = -6.0


@dataclass
class _Group:
    """Items joined so far. `inside` is the sum of scores of their pairs; `links` the sum and count of scores to others."""

    first_item: int
    items: list[int]
    inside: float = 0.0
    links: dict[int, tuple[float, int]] = field(default_factory=dict)

    @property
    def coherence(self) -> float:
        """Mean score of its pairs."""
        return self.inside / (len(self.items) * (len(self.items) - 1) / 2)


@dataclass(frozen=True)
class Linkage:
    """When two groups are joined. `unscored` is what a pair counts for that was not scored: it shares too few words."""

    threshold: float = THRESHOLD
    coherence_share: float = COHERENCE_SHARE
    unscored: float = UNSCORED


DEFAULT_LINKAGE = Linkage()


def clusters(count: int, pairs: Iterable[Pair], linkage: Linkage = DEFAULT_LINKAGE) -> list[list[int]]:
    """The groups of items 0 … count - 1, each sorted, in order of their first items.

    Items that no pair connects are never compared: time grows as the pairs, and for each join as the groups next to it.

    >>> clusters(4, [Pair(0, 1, 5.0), Pair(1, 2, 4.0), Pair(2, 3, -9.0)])
    [[0, 1, 2], [3]]
    """
    groups = {item: _Group(item, [item]) for item in range(count)}
    heap: list[tuple[float, int, int, int, int]] = []
    for first, second, score in pairs:
        groups[first].links[second] = groups[second].links[first] = (score, 1)
        if score > linkage.threshold:
            heap.append((-score, first, second, first, second))
    heapq.heapify(heap)
    while heap:
        negative, _, _, first, second = heapq.heappop(heap)
        if first not in groups or second not in groups or _mean(groups, first, second, linkage) != -negative:
            continue  # one of them has been joined to another since
        if not _coherent(groups[first], groups[second], -negative, linkage):
            continue
        kept = _join(groups, first, second, -negative)
        for other in groups[kept].links:
            mean = _mean(groups, kept, other, linkage)
            if mean > linkage.threshold:
                one, two = sorted((kept, other), key=lambda key: groups[key].first_item)
                heapq.heappush(heap, (-mean, groups[one].first_item, groups[two].first_item, one, two))
    return sorted(sorted(group.items) for group in groups.values())


def _mean(groups: dict[int, _Group], first: int, second: int, linkage: Linkage) -> float:
    """Mean score between two linked groups; pairs that were not scored count as the linkage says."""
    one, other = groups[first], groups[second]
    total, scored = one.links[second]
    pairs = len(one.items) * len(other.items)
    return (total + (pairs - scored) * linkage.unscored) / pairs


def _coherent(one: _Group, other: _Group, between: float, linkage: Linkage) -> bool:
    if len(one.items) == 1 or len(other.items) == 1:
        return True
    inside = min(one.coherence, other.coherence)
    return between >= linkage.threshold + linkage.coherence_share * (inside - linkage.threshold)


def _join(groups: dict[int, _Group], first: int, second: int, mean: float) -> int:
    """Make one group of two, under the key of the one with more links, which is given back: so few links are rewritten."""
    kept, gone = (first, second) if len(groups[first].links) >= len(groups[second].links) else (second, first)
    one, other = groups[kept], groups.pop(gone)
    one.inside += other.inside + mean * len(one.items) * len(other.items)
    del one.links[gone]
    for third, (total, scored) in other.links.items():
        if third == kept:
            continue
        before, counted = one.links.get(third, (0.0, 0))
        one.links[third] = groups[third].links[kept] = (before + total, counted + scored)
        del groups[third].links[gone]
    one.items += other.items
    one.first_item = min(one.first_item, other.first_item)
    return kept
