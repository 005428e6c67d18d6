"""Mentions of one event in a document brought together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from flows.extract.event_parties import Named, state_names
from flows.extract.event_roles import BREAK_OUT, SAYABLE, TAKE_PLACE
from flows.extract.event_status import HAPPENED, ONGOING, PLANNED
from flows.extract.event_triggers import Match
from flows.extract.mentions import Mention
from flows.extract.timexes import Timex
from flows.text.gazetteer import lookup

TWO_SIDED = frozenset({"CONSULT", "AGREE", "COOPERATE"})
STATE_FORCES = frozenset({"troops", "army", "forces", "soldiers", "military", "government", "police"})
STRANGERS = frozenset(
    {"gunmen", "gunman", "attackers", "attacker", "assailants", "assailant", "militants", "terrorists", "shooter"}
)
# nouns of attacks on people that mean nothing else: not "strike", "battle", "attack" (of a paper, of a team)
SURE_ATTACKS = frozenset(
    {
        "shooting",
        "bombing",
        "stabbing",
        "massacre",
        "ambush",
        "shelling",
        "airstrike",
        "gunfight",
        "assassination",
        "shootout",
    }
)


@dataclass(frozen=True)
class Candidate:
    """A match with the parties, status, time and place that its clause gives.

    `apart` names the guest of one of several meetings told of in one breath ("met separately with X and Y"), else "". `score` is
    the chance of the root that the scorer gives, None without one.
    """

    match: Match
    plover: str
    mode: str | None
    label: str
    start_char: int
    end_char: int
    head_char: int
    sentence: int
    trigger_start_char: int
    trigger_end_char: int
    rule: str
    status: str
    actors: tuple[Named, ...]
    recipients: tuple[Named, ...]
    affected: tuple[Named, ...]
    weak: bool
    leads: bool
    timex: Timex | None
    timex_in_clause: bool
    place: Mention | None
    apart: str = ""
    score: float | None = None


def merged(
    candidates: Sequence[Candidate],
    pair: tuple[str, ...],
    countries: Mapping[str, str],
    victims: Sequence[Named] = (),
) -> list[list[Candidate]]:
    """Candidates of one event together, in order of the text; the first of each list is the one that the row is made of.

    `pair` is whom "both sides" means, `countries` the codes of persons' countries, `victims` whom the document counts
    as killed or wounded.
    """
    groups: list[list[Candidate]] = []
    attacked = False
    # first the body, which rows are made of; of it first what names its parties, then counts of victims, which mostly belong
    # to an attack told of elsewhere: in the headline alone it is none, so they count before that
    for found in sorted(candidates, key=lambda c: (c.label != "body", c.weak, c.head_char)):
        candidate = found
        named = bool(candidate.actors or candidate.recipients)
        home = _home(candidate, groups, countries)
        if home is None and pair and not named and _is_told(candidate):
            candidate = replace(candidate, actors=tuple(Named(name, -1, -1, "implied") for name in pair))
            named, home = True, _home(candidate, groups, countries)
        if home is not None:
            home.append(candidate)
        elif named and not (candidate.weak and attacked):
            groups.append([candidate])
            attacked = attacked or (candidate.plover == "ASSAULT" and not candidate.weak)
    if not any(group[0].plover == "ASSAULT" for group in groups):
        groups += _of_victims(candidates, victims)
    return groups


VICTIM_CHARS = 1_500  # from the word for an attack to the count of those it hit: some ten sentences


def _of_victims(candidates: Sequence[Candidate], victims: Sequence[Named]) -> list[list[Candidate]]:
    """The attack that a report tells of without naming a side: its recipients are those whom the report counts.

    "Three people died. The shooting happened on Friday": with it the incident's day was right in 65.6 per cent of 323 local
    reports, without it in 62.5.
    """
    told = [
        c
        for c in candidates
        if c.plover == "ASSAULT"
        and c.label == "body"
        and c.status == HAPPENED
        and (c.match.head.lemma_.lower() in SURE_ATTACKS or c.mode == "firearms")
        and not (c.actors or c.recipients)
        and (c.timex_in_clause or c.match.head.dep_ in ("nsubj", "nsubjpass") or _cost_lives(c.match.head))
    ]
    if not told or not victims:
        return []
    first, *further = sorted(told, key=lambda c: c.head_char)
    hit = min(victims, key=lambda party: (abs(party.start_char - first.head_char), party.start_char))
    if abs(hit.start_char - first.head_char) > VICTIM_CHARS:
        return []
    return [[replace(first, recipients=(hit,)), *further]]


# "was hurt in a shooting"; "was hurt before the shooting" tells of another thing
HURT = frozenset({"hurt", "injure", "wound", "kill", "die", "shoot", "hit", "strike"})


def _cost_lives(noun: Token) -> bool:
    """Whether somebody is said to have been hurt in it or by it: "injured in a shooting", "a shooting that killed a boy"."""
    if any(c.dep_ == "relcl" and c.lemma_ in BREAK_OUT | HURT for c in noun.children):
        return True
    return noun.dep_ == "pobj" and noun.head.lower_ in ("in", "during") and noun.head.head.lemma_ in HURT


def _is_told(candidate: Candidate) -> bool:
    """Whether a fight without named sides is told of as such: it breaks out, it has its own time, it costs lives."""
    head = candidate.match.head
    if candidate.match.trigger.frame != "meet" or head.pos_ not in ("NOUN", "PROPN"):
        return False
    if candidate.plover == "CONSULT":
        return head.dep_ in ("nsubj", "nsubjpass") and head.head.lemma_ in TAKE_PLACE
    breaks_out = any(c.dep_ == "relcl" and c.lemma_ in BREAK_OUT for c in head.children)
    return candidate.plover == "ASSAULT" and (
        candidate.timex is not None or breaks_out or head.dep_ in ("nsubj", "nsubjpass")
    )


MAX_GROUPS_BACK = 60  # events looked back on; with the next constant it keeps very long pages linear
MAX_MENTIONS_BACK = 4  # mentions of each that must fit
NEAR_SENTENCES = 2  # within which words for an event without parties ("the attack") mean the one just told of


def _home(
    candidate: Candidate, groups: Sequence[list[Candidate]], countries: Mapping[str, str]
) -> list[Candidate] | None:
    """The group that the candidate is one more mention of: of those that fit the one nearest in the text."""
    fitting = [
        (abs(group[-1].sentence - candidate.sentence), -at, group)
        for at, group in enumerate(groups[-MAX_GROUPS_BACK:])
        # the first mention is the one that the row is made of, the last ones what the reader has in mind
        if all(_same(candidate, other, countries) for other in (group[0], *group[1:][-MAX_MENTIONS_BACK:]))
    ]
    return min(fitting, key=lambda entry: entry[:2])[2] if fitting else None


def _same(one: Candidate, other: Candidate, countries: Mapping[str, str]) -> bool:
    if (
        one.plover != other.plover
        or (one.status == PLANNED) != (other.status == PLANNED)
        or bool(one.apart) != bool(other.apart)
    ):
        return False
    if one.timex and other.timex and not _meet(one.timex, other.timex):
        return False
    if one.weak or other.weak:
        return True
    mine, theirs = _names(one), _names(other)
    if not mine or not theirs:
        return abs(one.sentence - other.sentence) <= NEAR_SENTENCES
    if "phone" in (one.mode, other.mode) and (one.status == ONGOING) != (other.status == ONGOING):
        return False  # a call is over
    if one.plover in TWO_SIDED:
        fewer, more = sorted((mine, theirs), key=len)
        return all(name in more or any(_stands_for(name, each, countries) for each in more) for name in fewer)
    if _are_of_the_unknown(one, other):
        return True
    if not _same_act(one, other) and (
        one.plover == "ASSAULT" or not (one.recipients and other.recipients) or not _any_alike(one.actors, other.actors)
    ):
        return False
    for a, b in ((one.actors, other.actors), (one.recipients, other.recipients)):
        if a and b and not _any_alike(a, b):
            return False
    if one.plover in SAYABLE and bool(one.actors) != bool(other.actors):
        return False
    return _any_alike((*one.actors, *one.recipients), (*other.actors, *other.recipients))


# what any act of force can be called when it is told of again
ANY_FORCE = frozenset(
    {"attack", "assault", "offensive", "operation", "fighting", "fight", "clash", "war", "conflict", "violence", "battle", "strike",
     "campaign", "kill", "incident", "hostility", "killing"}
)  # fmt: skip


UNKNOWN = frozenset({"gunmen", "gunman", "attackers", "attacker", "assailants", "assailant", "shooter"})


def _are_of_the_unknown(one: Candidate, other: Candidate) -> bool:
    """Whether both are attacks by someone unknown at one place: the gunmen who stormed a museum shot the tourists there."""
    if one.plover != "ASSAULT" or not all(any(a.name.lower() in UNKNOWN for a in c.actors) for c in (one, other)):
        return False
    towns = {c.place.name for c in (one, other) if c.place is not None and c.place.name not in state_names()}
    return len(towns) < 2  # noqa: PLR2004 - the same one, or one of them only


WARS = frozenset({"war", "conflict"})  # of which a raid is a part
# what takes ground is told apart from the fighting for it
TAKING = frozenset({"seize", "capture", "take", "overrun", "recapture", "retake"})


def _same_act(one: Candidate, other: Candidate) -> bool:
    mine, theirs = ({word.lemma_.lower() for word in c.match.words} for c in (one, other))
    if bool(mine & WARS) != bool(theirs & WARS) and "VERB" in (one.match.trigger.pos, other.match.trigger.pos):
        return False
    if bool(mine & TAKING) != bool(theirs & TAKING):
        return False
    return bool(mine & theirs or (one.plover == "ASSAULT" and (mine & ANY_FORCE or theirs & ANY_FORCE)))


def _any_alike(some: Sequence[Named], others: Sequence[Named]) -> bool:
    return any(_alike(a, b) for a in some for b in others)


def _alike(one: Named, other: Named) -> bool:
    """Whether two names may be of one party: equal, or the one a group that the other describes more fully.

    "the troops" may be any state's, "rebels" any rebels; "Iraqi troops" are not "Turkish troops".
    """
    if _key(one) == _key(other):
        return True
    for short, full in ((one, other), (other, one)):
        if short.kind != "group" or " " in short.name:
            continue
        if full.kind == "group" and full.name.lower().endswith(short.name.lower()):
            return True
        if short.name.lower() in STATE_FORCES and full.kind == "name" and full.name in state_names():
            return True
    return False


def _stands_for(one: str, other: str, countries: Mapping[str, str]) -> bool:
    """Whether one name is of a state, the other of its statesman: Armenia's meeting is its president's."""
    return any(
        state in state_names() and _code(state) == countries[person]
        for state, person in ((one, other), (other, one))
        if person in countries
    )


def _code(state: str) -> str | None:
    return next((entry.country_code for entry in lookup(state) if entry.kind == "country"), None)


def with_statesmen(group: Sequence[Candidate], countries: Mapping[str, str]) -> tuple[Named, ...]:
    """The actors of a group's first mention, a state's place taken by the statesman whom another mention names for it.

    "Armenia's leader will meet …" and "the summit with Nikol Pashinyan" are one event, and it is Pashinyan who meets.
    """
    first = group[0]
    known = {actor.name for actor in first.actors}
    others = [p for c in group[1:] for p in c.actors if p.kind == "person" and p.name not in known]
    found: list[Named] = []
    for actor in first.actors:
        stand_in = next((p for p in others if _stands_for(p.name, actor.name, countries)), None)
        if stand_in is None or first.plover != "CONSULT":
            found.append(actor)
        elif stand_in not in found:
            found.append(stand_in)
    return tuple(found)


def _names(candidate: Candidate) -> set[str]:
    return {_key(party) for party in (*candidate.actors, *candidate.recipients)}


def _key(party: Named) -> str:
    """The party's name, but one for all armed strangers: the gunmen of one sentence are the attackers of the next."""
    return "gunmen" if party.name.lower() in STRANGERS else party.name


def _meet(one: Timex, other: Timex) -> bool:
    if one.date_start is None or other.date_start is None:
        return True
    return one.date_start <= (other.date_end or other.date_start) and other.date_start <= (
        one.date_end or one.date_start
    )
