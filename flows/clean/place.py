"""Where the story stands on a labelled page: worked out once, used by all that look around it."""

from dataclasses import dataclass

from flows.clean.segments import Labelled


@dataclass(frozen=True)
class Place:
    """A labelled page, and where its body begins and ends.

    Attributes:
        labelled: the lines with their labels.
        first: index of the first line of the body; the number of lines where there is none.
        last: index of the last line of the body; the last line of the page where there is none.
        outside: indices of the lines that are not body, in order. Most texts have but two or three.
    """

    labelled: Labelled
    first: int
    last: int
    outside: tuple[int, ...]


def place_of(labelled: Labelled) -> Place:
    """Where the body stands.

    >>> place_of(Labelled((), ("headline", "body", "promo", "body"), (), 0))
    Place(labelled=Labelled(lines=(), labels=('headline', 'body', 'promo', 'body'), confidences=(), headline=0), first=1, last=3, outside=(0, 2))
    """
    labels = labelled.labels
    outside = tuple([i for i, label in enumerate(labels) if label != "body"])
    if len(outside) == len(labels):
        return Place(labelled, len(labels), len(labels) - 1, outside)
    return Place(labelled, labels.index("body"), len(labels) - 1 - labels[::-1].index("body"), outside)
