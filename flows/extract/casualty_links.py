"""Counts and single victims tied to what befell them: the parse and the order of words, weighed against each other."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Token

from flows.extract.casualty_counts import Count, hedged
from flows.extract.casualty_grammar import Tie, joined_to, standing, sufferings
from flows.extract.casualty_order import fate_at_once, fate_before, fate_behind, fates_by_company, toll
from flows.extract.casualty_vocabulary import DOES, QUANTITIES, is_age, is_countable, is_person, of_which
from flows.extract.circumstances import words


@dataclass(frozen=True)
class Link:
    """Victims tied to what befell them.

    Attributes:
        kind: killed, wounded, missing, captured or displaced.
        trigger: the word that says so.
        victim: the head of the words for the victims; the number itself where the noun is left out.
        count: how many; None for a single victim without a number.
        rule: the pattern that tied them, one of schemas.codes.CASUALTY_RULES.
        fear: the word by which the text only fears it; None where it states it.
    """

    kind: str
    trigger: Token
    victim: Token
    count: Count | None
    rule: str
    fear: Token | None = None


SINGULAR_PRONOUNS = words("he she him her someone somebody another")
NO_ONE_IN_PARTICULAR = words(
    "no any each every either neither both all many several some most these those few what which whose"
)
_NUMBERING = ("nummod", "quantmod", "compound", "amod", "advmod", "det", "nmod", "poss")
_SHARED_HEDGES = ("at_least", "more_than", "about", "up_to")
PARENTS = words("mother father parent mom mum dad widow leader head one")
MAX_BARE = (
    14  # tokens between a number without a noun and its verb: beyond, lists of codes and dates are read as victims
)
MAX_STEPS = 40  # along the parse; only run-on text goes further


def links_of(doc: Doc, counts: list[Count], persons: frozenset[int]) -> list[Link]:
    """Every count and single victim with what befell it, in text order; `persons` are the tokens that name one.

    A fate right behind its count ("30 wounded") is surest. Then comes the parse, then the order of words, and last the
    company of another count. "20 killed or wounded" counts neither kind and is left out.
    """
    counts = _without_wholes(doc, counts)
    sure = [(count, fate_at_once(doc, count)) for count in counts]
    found = [_link(tie, count) for count, tie in sure if tie is not None]
    taken = {link.count.first for link in found if link.count}
    found += [link for link in _by_parse(doc, counts, persons) if link.count is None or link.count.first not in taken]
    taken = {link.count.first for link in found if link.count}
    for count in counts:
        if count.first not in taken:
            tie = toll(doc, count) or fate_behind(doc, count) or fate_before(doc, count)
            found += [_link(tie, count)] if tie is not None else []
    tied = {link.count.first: Tie(link.kind, link.trigger, link.victim, link.rule) for link in found if link.count}
    joined = fates_by_company(doc, counts, tied)
    found += [_link(joined[count.first], count) for count in counts if count.first in joined]
    stated = [_judged(link) for link in found]
    links = sorted(_distinct(link for link in stated if link is not None), key=_position)
    return _with_shared_hedges(doc, links)


def _link(tie: Tie, count: Count) -> Link:
    return Link(tie.kind, tie.trigger, tie.victim, count, tie.rule)


def _judged(link: Link) -> Link | None:
    """The link with its standing; None for what is denied, has not happened or is said of two kinds at once."""
    if link.victim.pos_ == "NUM" and abs(link.victim.i - link.trigger.i) > MAX_BARE:
        return None
    stands = standing(link.trigger)
    if stands is None or _is_mixed(link.trigger):
        return None
    before = link.trigger.nbor(-1) if link.trigger.i else None
    beside = before if before is not None and before.lower_ in ("feared", "believed", "presumed") else None
    return replace(link, fear=stands.fear or beside)


def _position(link: Link) -> tuple[int, int]:
    return (link.count.first if link.count else link.victim.i, link.trigger.i)


def _distinct(links: Iterable[Link]) -> list[Link]:
    found: dict[tuple[str, int, bool], Link] = {}
    for link in links:
        key = (link.kind, link.count.first if link.count else link.victim.i, link.count is None)
        found.setdefault(key, link)
    return list(found.values())


def _without_wholes(doc: Doc, counts: list[Count]) -> list[Count]:
    """Without those of which only a part suffered: 30 in "17 of the 30 hostages were killed", 52 in "of the 52, 31 died"."""
    kept = []
    for count in counts:
        at = count.first - 1
        while at >= 0 and doc[at].lower_ in ("the", "its", "their", "those", "these", "some", "all"):
            at -= 1
        part = (
            at >= 0
            and doc[at].lower_ == "of"
            and (at == 0 or doc[at - 1].pos_ in ("NUM", "PRON", "DET", "PUNCT", "ADJ"))
        )
        # "a mother of two" is one
        parent = at == count.first - 1 and at > 0 and doc[at].lower_ == "of" and doc[at - 1].lemma_.lower() in PARENTS
        if not parent and not (part and (at != count.first - 1 or at == 0)):
            kept.append(count)
    return kept


def _by_parse(doc: Doc, counts: list[Count], persons: frozenset[int]) -> list[Link]:
    by_number = {count.number.i: count for count in counts}
    found = []
    for kind, trigger, victim, rule in sufferings(doc):
        if any(c.lower_ == "neither" for c in victim.children):  # "neither the driver nor a passenger was hurt"
            continue
        for part in joined_to(victim) if victim.i != trigger.i else [victim]:
            if not is_countable(part, kind):
                continue
            count = _count_of(part, counts, by_number)
            if count is not None or (kind != "displaced" and is_single(part, trigger, persons)):
                found.append(Link(kind, trigger, part, count, rule))
    # "12 refugees were killed" counts no displaced: a noun that is a casualty by itself yields to what is said of it
    told = {link.count.first for link in found if link.count and link.trigger.i != link.victim.i}
    return [link for link in found if link.trigger.i != link.victim.i or not link.count or link.count.first not in told]


def _is_mixed(trigger: Token) -> bool:
    """Whether the word shares its victims with one of another kind: "killed or wounded 40"."""
    own = DOES.get(trigger.lemma_)
    others = [trigger.head] if trigger.dep_ == "conj" else [c for c in trigger.children if c.dep_ == "conj"]
    for other in others:
        theirs = DOES.get(other.lemma_)
        beside = abs(other.i - trigger.i) == len(("or", "wounded"))
        if beside and {own, theirs} == {"killed", "wounded"} and "shoot" not in (trigger.lemma_, other.lemma_):
            return True
    return False


def _count_of(victim: Token, counts: list[Count], by_number: dict[int, Count]) -> Count | None:
    """The count that numbers the victim: the victim itself, a number before it, or one of which it is a share."""
    for _ in range(MAX_STEPS):
        if victim.i in by_number:
            return by_number[victim.i]
        left = max(victim.left_edge.i, victim.i - MAX_STEPS)
        first = bisect_left(counts, left, key=_number_at)
        before = counts[first : bisect_left(counts, victim.i, lo=first, key=_number_at)]
        inside = [c for c in before if _numbers(c.number, victim)]
        if inside:
            return inside[-1]
        part = of_which(victim)
        if part is None or victim.lemma_.lower() not in QUANTITIES:
            return None
        victim = part
    return None


def _number_at(count: Count) -> int:
    return count.number.i


def _numbers(number: Token, noun: Token) -> bool:
    """Whether the number belongs to the noun: up the parse by numbering words alone."""
    for _ in range(MAX_STEPS):
        if number.dep_ not in _NUMBERING:
            return False
        if number.head.i == noun.i:
            return True
        number = number.head
    return False


def is_single(victim: Token, trigger: Token, persons: frozenset[int]) -> bool:
    """Whether the words tell of one person: a name, a pronoun, or a singular noun of people ("a policeman")."""
    if trigger.i == victim.i:
        return False
    if victim.lower_ in SINGULAR_PRONOUNS:
        return True
    if any(c.lower_ in NO_ONE_IN_PARTICULAR for c in victim.children if c.dep_ in ("det", "amod", "poss")):
        return False
    if victim.pos_ == "PROPN":
        return victim.i in persons
    singular = (victim.tag_ == "NN" and victim.pos_ == "NOUN") or (victim.lower_ == "old" and is_age(victim))
    if not singular or victim.lemma_.lower() in QUANTITIES or not is_person(victim):
        return False
    # "a lawyer and colleague" is one person: a joined noun is another only with an article of its own
    return victim.dep_ != "conj" or any(c.dep_ in ("det", "poss") for c in victim.children)


def _with_shared_hedges(doc: Doc, links: list[Link]) -> list[Link]:
    """The hedge of the first of two counts joined by "and" holds for both: "at least 14 Azeri and 5 Armenian soldiers"."""
    found = list(links)
    for at, (earlier, later) in enumerate(pairwise(links)):
        one, other = found[at].count, later.count
        if one is None or other is None or other.qualifier != "exact" or one.qualifier not in _SHARED_HEDGES:
            continue
        joint = [t.lower_ for t in doc[one.last : other.first]]
        if (
            earlier.kind == later.kind
            and joint[-1:] == ["and"]
            and len(joint) <= len(("Azeri", "army", "soldiers", "and"))
        ):
            low, high, qualifier = hedged(other.low, other.high, one.qualifier)
            shared = replace(other, low=low, high=high, qualifier=qualifier, hedge=one.hedge)
            found[at + 1] = replace(later, count=shared)
    return found
