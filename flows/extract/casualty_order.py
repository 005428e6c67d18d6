"""What befell whom, by the plain order of words: for headlines, elided nouns and coordinations on which the parse errs."""

from itertools import pairwise

from spacy.tokens import Doc, Token

from flows.extract.casualty_counts import Count
from flows.extract.casualty_grammar import FATALLY, Tie, is_passive, kind_of_doing
from flows.extract.casualty_vocabulary import (
    DOES,
    STATE,
    SUFFERS,
    THING,
    VICTIMS,
    is_countable,
    is_people,
    is_person,
    state_of,
)
from flows.extract.circumstances import words

MAX_NOUN_PHRASE = 8  # tokens between a number and the word that tells the fate of what it counts
MAX_BEFORE_NUMBER = 4  # tokens between "killing" and its number: "killing on the spot another 12"
MAX_TOLL = 20  # tokens from "toll" to its figure: "the death toll from the blast in the port of X had risen to 35"
MAX_JOINT = 12  # tokens that join one count to the next: ", most of them civilians, including"

_HELPERS = words(
    "have has had been were was are is be being reportedly also already later now then still so far confirmed reported "
    "feared believed others other more people left got all alone"
)
_PASSIVE = words("been were was are being is")
_IN_NOUN_PHRASE = ("NOUN", "PROPN", "ADJ", "DET", "NUM", "PART")
_AFTER_COLON = (":", "-", "–", "—")
_BEFORE_TOLL = words("to at of is was : as hit reached past near nearing stands stood - – —")
_TOLL_ADJECTIVES = words("the official total latest overall confirmed final its")
_JOINING = words(", and or plus including among them as well along with mostly most of whom ( at least")


def noun_behind(doc: Doc, count: Count) -> Token:
    """The last noun of the run that follows the number; the number itself without one."""
    noun = count.number
    for token in doc[count.last : count.last + MAX_NOUN_PHRASE]:
        if token.is_sent_start or token.lower_ in STATE:
            break
        if token.pos_ not in ("NOUN", "PROPN", "ADJ") and token.lower_ not in ("of", "the", "-", "other", "more"):
            break
        if token.pos_ in ("NOUN", "PROPN") or (noun.i == count.number.i and is_people(token)):
            noun = token
    return noun


def fate_at_once(doc: Doc, count: Count) -> Tie | None:
    """The tie where the fate follows the counted noun without a helping verb: "12 dead", "3 others hurt"."""
    tie = fate_behind(doc, count)
    if tie is None or tie.trigger.lemma_.lower() in SUFFERS:
        return None
    between = {t.lower_ for t in doc[count.last : tie.trigger.i]}
    return None if between & (_PASSIVE | {"have", "has", "had"}) else tie


def fate_behind(doc: Doc, count: Count) -> Tie | None:
    """The tie where the fate follows within a few words: "30 people in all have been wounded"."""
    passive = False
    for token in doc[count.last : count.last + MAX_NOUN_PHRASE]:
        if token.is_sent_start:
            return None
        kind = "killed" if token.lower_ == "fatally" and _ends_there(token) else _fate(token)
        if kind is not None:
            after = doc[token.i + 1] if token.i + 1 < len(doc) and not doc[token.i + 1].is_sent_start else None
            acts = after is not None and (
                after.pos_ in ("NOUN", "PROPN", "NUM", "DET", "PRON", "ADJ") or _counts_people_behind(token)
            )
            if acts and not passive and token.lemma_.lower() not in SUFFERS:
                return None
            noun = noun_behind(doc, count)
            return Tie(kind, token, noun, "fate_behind") if is_countable(noun, kind) else None
        passive = passive or token.lower_ in _PASSIVE
        if (
            token.pos_ not in _IN_NOUN_PHRASE
            and token.lower_ not in _HELPERS
            and token.lower_ not in ("of", "from", "-")
        ):
            return None
    return None


def _counts_people_behind(token: Token) -> bool:
    """Whether a hedged count of people follows: of "3,000 men killed nearly 40 shepherds" the 3,000 did it."""
    for at in range(token.i + 1, min(token.i + MAX_BEFORE_NUMBER, len(token.doc) - 1)):
        if token.doc[at].like_num:
            return is_person(token.doc[at + 1])
        if token.doc[at].lower_ not in _HEDGING:
            return False
    return False


_HEDGING = words("nearly almost about around at least more than over some")


def _ends_there(token: Token) -> bool:
    """Whether the clause ends behind the word: "five were shot, three fatally"."""
    return token.i + 1 >= len(token.doc) or token.nbor(1).pos_ in ("PUNCT", "CCONJ", "ADP")


def _fate(token: Token) -> str | None:
    if token.lower_ in STATE:
        is_fatal = token.i > 0 and token.nbor(-1).lower_ in FATALLY
        return "killed" if is_fatal else STATE[token.lower_]
    if token.tag_ not in ("VBN", "VBD"):
        return None
    lemma = token.lemma_.lower()
    return (kind_of_doing(token) if lemma in DOES else None) or (SUFFERS.get(lemma) if lemma != "flee" else None)


def fate_before(doc: Doc, count: Count) -> Tie | None:
    """The tie where the fate stands right before: "killing at least 19", "Wounded: 40"."""
    noun = noun_behind(doc, count)
    if noun.i == count.number.i and count.last < len(doc) and doc[count.last].lemma_.lower() in THING:
        return None
    for at in range(count.first - 1, max(count.first - 1 - MAX_BEFORE_NUMBER, -1), -1):
        token = doc[at]
        lemma = token.lemma_.lower()
        colon = doc[at + 1].lower_ in _AFTER_COLON
        kind = kind_of_doing(token) if token.tag_.startswith("VB") and not colon else None
        if colon:
            kind = STATE.get(token.lower_) or VICTIMS.get(lemma)
        if kind is not None:
            acts = colon or not (is_passive(token) or token.lower_ in ("dead", "missing", "homeless"))
            return Tie(kind, token, noun, "fate_before") if acts and is_countable(noun, kind) else None
        if token.pos_ not in ("ADV", "PUNCT", "DET", "ADJ", "SYM") or token.lower_ in (".", ",", ";"):
            return None
    return None


def toll(doc: Doc, count: Count) -> Tie | None:
    """The tie of a toll's figure: "the death toll rose to 35", "the number of people killed passed 3,000".

    Of "from 12 to 35" the second is the figure, the first is superseded.
    """
    if count.first == 0 or (doc[count.first - 1].lower_ not in _BEFORE_TOLL and count.qualifier != "more_than"):
        return None
    if doc[count.first - 1].lower_ == "from":
        return None
    for at in range(count.first - 1, max(count.first - MAX_TOLL, -1), -1):
        token = doc[at]
        kind = _kind_of_toll(token, count.first)
        if kind is not None:
            noun = noun_behind(doc, count)
            return Tie(kind, token, noun, "toll") if is_countable(noun, kind) else None
        if token.is_sent_start or token.lower_ == ";":
            return None
    return None


def _kind_of_toll(token: Token, end: int) -> str | None:
    doc = token.doc
    if token.lower_ in ("toll", "tally"):
        before = doc[token.i - 1].lower_ if token.i else ""
        return "wounded" if before == "injury" else "killed" if before in _TOLL_ADJECTIVES | {"death"} else None
    if token.lower_ == "number" and token.i + 1 < end and doc[token.i + 1].lower_ == "of":
        for other in doc[token.i + 2 : min(token.i + 2 + MAX_BEFORE_NUMBER, end)]:
            kind = state_of(other) or VICTIMS.get(other.lemma_.lower())
            if kind is not None:
                return kind
    return None


def fates_by_company(doc: Doc, counts: list[Count], ties: dict[int, Tie]) -> dict[int, Tie]:
    """Ties, by the count's first token, for counts joined to one that has a tie.

    Forwards over joining words and "including" ("19 people, including 17 tourists"), then backwards over "and" alone
    ("left 14 Azeri and 5 Armenian soldiers dead").
    """
    found: dict[int, Tie] = {}
    for earlier, later in pairwise(counts):
        tie = found.get(earlier.first) or ties.get(earlier.first)
        noun = noun_behind(doc, later)
        if tie is None or later.first in ties or not is_person(noun) or not is_countable(noun, tie.kind):
            continue
        if _joins(doc, earlier, tie, later):
            found[later.first] = Tie(tie.kind, tie.trigger, noun, "joined")
    for earlier, later in reversed(list(pairwise(counts))):
        tie = found.get(later.first) or ties.get(later.first)
        if tie is None or earlier.first in ties or earlier.first in found:
            continue
        noun = noun_behind(doc, earlier)
        joint = [t.lower_ for t in doc[max(noun.i + 1, earlier.last) : later.first]]
        if joint in (["and"], ["or"]) and is_countable(noun, tie.kind) and tie.trigger.i > later.first:
            found[earlier.first] = Tie(tie.kind, tie.trigger, noun, "joined")
    return found


def _joins(doc: Doc, earlier: Count, tie: Tie, later: Count) -> bool:
    """Whether the words from the end of the earlier phrase to the later count only join the two."""
    trigger, victim = tie.trigger, tie.victim
    end = max(earlier.last, victim.i + 1)
    if end <= trigger.i < later.first:
        end = trigger.i + 1
    between = doc[end : later.first]
    if not 0 < len(between) <= MAX_JOINT or any(t.is_sent_start for t in doc[end : later.first + 1]):
        return False
    said = [t.lower_ for t in between]
    for opener in ("including", "among"):
        if opener in said:
            at = said.index(opener)
            return all(w in _JOINING for w in said[at:]) and all(t.pos_ not in ("VERB", "AUX") for t in between[:at])
    # "two died, and three others may have escaped": what has a verb of its own is not joined
    noun = noun_behind(doc, later)
    after = doc[noun.i + 1] if noun.i + 1 < len(doc) else None
    own = after is not None and not after.is_sent_start and after.pos_ in ("VERB", "AUX")
    return all(w in _JOINING for w in said) and trigger.i < later.first and not own
