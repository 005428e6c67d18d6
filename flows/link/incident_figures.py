"""What an incident cost: low, best and high from all claims linked to its events, in the manner of UCDP GED."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.link.happenings import Place, count_of, side_codes

Row = Mapping[str, Any]

# Heads of victims' words that stand for all of them.
EVERYBODY = frozenset(
    {"", "people", "person", "persons", "individuals", "life", "lives", "dead", "victims", "victim", "bodies", "body"}
    | {"casualties", "fatalities", "deaths", "humans", "souls", "killed"}
)
# Words of a claim that say it counts some of a number told beside it.
PARTITIVE = (" including ", " of them ", " of whom ", " of those ", " among them ")
OF = " of "  # behind the number itself: "a dozen of the wounded"
ABOUT_SHARE = 0.1  # by which "about" may be off either way


@dataclass(frozen=True, slots=True)
class Claim:
    """One document's figure as it is weighed against others.

    Attributes:
        casualty_id: the claim.
        document_id: who makes it.
        source_id: the original that the document copies, or itself.
        published_on: when; None unknown.
        kind: what befell them.
        figure: the number that the words give.
        low: the fewest that they leave possible; None open.
        high: the most; None open.
        qualifier: how the words hedge.
        is_part: whether it counts only some: one side, children, one person, "including".
        is_counted: whether a number is written; "a policeman was shot dead" has none.
        group: whom it counts, as a key: sides and the head of the victims' words.
        sides: country codes, else the words, of the sides that they belong to.
        attributed_to: who is quoted for it; None the document itself.
        first: its own date, as an ordinal; None without.
        last: its end.
        place: where, if it says.
    """

    casualty_id: str
    document_id: str
    source_id: str
    published_on: date | None
    kind: str
    figure: int
    low: int | None
    high: int | None
    qualifier: str
    is_part: bool
    is_counted: bool
    group: tuple[str, str]
    sides: frozenset[str]
    attributed_to: str | None
    first: int | None
    last: int | None
    place: Place | None


def claim_of(row: Row, source_id: str, published_on: date | None, place: Place | None) -> Claim | None:
    """A row of casualties as a claim to be weighed; None where its words give no number (dozens)."""
    figure = count_of(row)
    if figure is None:
        return None
    sides = side_codes(row["side"]) or frozenset({row["side"].lower()} if row["side"] else ())
    head = victims_head(row["victims"])
    is_counted = row["count_start_char"] is not None
    is_all = len(sides) > 1 or (not sides and head in EVERYBODY)
    low, high = _bounds(row, figure)
    return Claim(
        casualty_id=row["casualty_id"],
        document_id=row["document_id"],
        source_id=source_id,
        published_on=published_on,
        kind=row["kind"],
        figure=figure,
        low=low,
        high=high,
        qualifier=row["qualifier"],
        is_part=not (is_all and is_counted) or row["rule"] == "list" or _is_some(row),
        is_counted=is_counted,
        group=(" ".join(sorted(sides)), head),
        sides=sides,
        attributed_to=row["attributed_to"],
        first=row["date_start"].toordinal() if row["date_start"] else None,
        last=row["date_end"].toordinal() if row["date_end"] else None,
        place=place,
    )


def _is_some(row: Row) -> bool:
    """Whether the words say that they count some of a number."""
    text = row["text"].lower()
    behind = text[row["count_end_char"] - row["start_char"] :] if row["count_end_char"] is not None else ""
    return behind.startswith(OF) or any(words in f" {text} " for words in PARTITIVE)


def _bounds(row: Row, figure: int) -> tuple[int | None, int | None]:
    """What the hedge leaves possible. What is feared is not confirmed: it bounds from above alone."""
    if row["qualifier"] == "about":
        return round(figure * (1 - ABOUT_SHARE)), round(figure * (1 + ABOUT_SHARE))
    if row["qualifier"] == "feared":
        return None, figure
    return row["low"], row["high"]


def victims_head(victims: str | None) -> str:
    """The noun of the victims' words, in the singular as far as an s tells; empty for all and for others.

    >>> victims_head("Armenian soldiers"), victims_head("people from both sides"), victims_head("of them")
    ('soldier', 'people', '')
    """
    words = (victims or "").lower().split()
    for stop, word in enumerate(words):
        if stop and word in ("of", "from", "in", "at", "who", "on", "with"):
            words = words[:stop]
            break
    head = words[-1] if words else ""
    if head in ("them", "those", "others", "other", "whom"):
        return ""
    if head in EVERYBODY or head.endswith("ss"):
        return head
    return head.removesuffix("s")


@dataclass(frozen=True, slots=True)
class Figure:
    """Low, best and high of one kind in one incident; None open or unknown."""

    low: int | None
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one document says of one kind in all. `is_part` where its words count only some."""

    claims: tuple[Claim, ...]
    figure: int
    low: int | None
    high: int | None
    is_part: bool

    @property
    def made(self) -> tuple[date, str]:
        """When, then by whom: undated first."""
        return self.claims[0].published_on or date.min, self.claims[0].document_id


def figure_of(claims: Sequence[Claim]) -> Figure:
    """Low, best and high of claims of one kind on one incident."""
    statements = standing_statements(claims)
    if not statements:
        return Figure(None, None, None)
    ranked = _ranked(statements)
    confirmed = [s for s in ranked if s.claims[0].qualifier != "feared"] or ranked
    latest = max(s.made[0] for s in confirmed)
    newest = [s for s in confirmed if s.made[0] == latest]
    votes = Counter(s.figure for s in newest)
    best = max(votes, key=lambda figure: (votes[figure], figure))
    current = [s for s in confirmed if not _is_superseded(s, confirmed)]
    lows = [s.low for s in current]
    low = None if any(bound is None for bound in lows) else min([best, *(b for b in lows if b is not None)])
    highs = [s.high for s in statements if s.high is not None and s.high >= best]
    return Figure(low, best, max(highs) if highs else None)


def _ranked(statements: Sequence[Statement]) -> list[Statement]:
    """The statements that can be the total: those of all victims, and of some if they are more than any such.

    Where none is of all, the largest that is counted, else a single victim.
    """
    totals = [s for s in statements if not s.is_part]
    most = max((s.figure for s in totals), default=0)
    parts = [s for s in statements if s.is_part and s.claims[0].is_counted and s.figure > most]
    if totals:
        return totals + parts
    parts = parts or list(statements)
    largest = max(s.figure for s in parts)
    return [s for s in parts if s.figure == largest]


def _is_superseded(statement: Statement, others: Iterable[Statement]) -> bool:
    """Whether a later document counts more: tolls rise while they are counted."""
    return any(o.made[0] > statement.made[0] and o.figure > statement.figure for o in others)


def standing_statements(claims: Sequence[Claim]) -> list[Statement]:
    """One statement for each independent source: of its copies and later takes the latest document's."""
    by_document: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        by_document.setdefault((claim.source_id, claim.document_id), []).append(claim)
    latest: dict[str, Statement] = {}
    for (source_id, _), told in by_document.items():
        statement = statement_of(told)
        known = latest.get(source_id)
        if known is None or statement.made > known.made:
            latest[source_id] = statement
    return sorted(latest.values(), key=lambda s: s.made)


def statement_of(claims: Sequence[Claim]) -> Statement:
    """What the claims of one document (at least one) come to.

    Its largest count of all victims; else counts of different sides together; else its largest count of some, or as many
    as it names one by one.
    """
    ordered = sorted(claims, key=lambda c: c.casualty_id)
    totals = [c for c in ordered if not c.is_part]
    if totals:
        return _single(max(totals, key=lambda c: c.figure), is_part=False)
    sides: dict[str, Claim] = {}
    for claim in ordered:
        if len(claim.sides) == 1 and claim.is_counted:
            side = claim.group[0]
            if side not in sides or claim.figure > sides[side].figure:
                sides[side] = claim
    largest = max(ordered, key=lambda c: (c.is_counted, c.figure))
    summed = list(sides.values())
    if len(summed) > 1 and sum(c.figure for c in summed) > largest.figure:
        return Statement(
            tuple(summed),
            sum(c.figure for c in summed),
            _sum([c.low for c in summed]),
            _sum([c.high for c in summed]),
            is_part=False,
        )
    return _single(largest, is_part=True)


def _single(claim: Claim, *, is_part: bool) -> Statement:
    return Statement((claim,), claim.figure, claim.low, claim.high, is_part)


def _sum(bounds: Sequence[int | None]) -> int | None:
    return None if any(bound is None for bound in bounds) else sum(bound for bound in bounds if bound is not None)
