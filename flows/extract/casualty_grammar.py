"""What befell whom, by the parse: words that tell of casualties, and the nouns that the sentence makes their victims."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Doc, Token

from flows.extract.casualty_vocabulary import (
    BEARING,
    BODY_PARTS,
    DOES,
    HAPPENING,
    HOSPITALS,
    INJURIES,
    MISSILES,
    PARTICIPLES,
    QUANTITIES,
    STATE,
    SUFFERS,
    TAKEN,
    VICTIMS,
    counted,
    is_person,
    of_which,
)
from flows.extract.circumstances import words

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
RELATIVE = words("who that which whom")
REFLEXIVE = words("himself herself themselves themself")
REACH_WORDS = 100  # to the verb that a subject is shared with; text without stops joins thousands of verbs to one
MAX_STEPS = 40  # up or along the parse; only run-on text without punctuation goes further

# "was reported killed", "are believed to have died", "remain missing": the subject of these is the sufferer
COPULAS = words(
    "be remain go get report list declare pronounce find confirm fear believe presume think say know lie leave"
)
TAKING = words("take hold seize capture keep grab")
HELD = words("hostage prisoner captive")
EXACTING = words("claim cost take")
HOMES = words("home house village town city country land area")
LEAVING = words("flee leave abandon evacuate")
FUGITIVES = words("soldier fighter inmate prisoner gunman suspect attacker assailant driver")
BODY_VERBS = words(
    "find recover discover retrieve pull exhume identify bury bring dump receive count unearth see lie collect hand "
    "remove return carry litter"
)

# "suffered a gunshot wound", "was struck by a bullet", "was hit in the leg", "was taken to hospital", "is in stable condition"
PIERCING = words("gunshot stab bullet shrapnel knife")
CARING = words("treat recover")  # "is being treated for her injuries", "is recovering in hospital"
FATAL = words("fatal mortal deadly")
FATALLY = words("fatally mortally")
HITTING = words("hit strike graze pierce")
CARRYING = words("take send rush airlift transport fly bring carry drive land put ambulance")
CONDITIONS_OF_HURT = words("critical stable serious fair guarded good grave")

# What has not happened: "could kill", "will die". With "have" the first three tell of what is feared to have happened.
PERHAPS = words("could may might")
HYPOTHETICAL = PERHAPS | words("would can ca will wo shall should must 'll 'd")
FEARING = words("fear believe presume think suspect")
# an infinitive after one of these tells of what did happen
BEFORE_FACTS = words("manage continue go begin start proceed seem appear report say believe fear think know confirm")
PURPOSES = words(
    "plan plot attempt order prevent foil thwart avert avoid threaten demand seek urge oppose ban prohibit risk"
)
UNDONE = words("attempted possible potential planned alleged further future no")
CONDITIONS = words("if unless lest without until whether")


class Tie(NamedTuple):
    """A victim tied to what befell it.

    Attributes:
        kind: killed, wounded, missing, captured or displaced.
        trigger: the word that says so.
        victim: the head of the words for the victims; the number itself where the noun is left out.
        rule: the pattern that shows it, one of schemas.codes.CASUALTY_RULES.
    """

    kind: str
    trigger: Token
    victim: Token
    rule: str


def sufferings(doc: Doc) -> Iterator[Tie]:
    """Every tie that the parse shows, numbers and joined nouns aside."""
    for token in doc:
        if token.tag_.startswith("VB"):
            yield from _of_verb(token)
        if token.lower_ in STATE:
            yield from _of_state(token, STATE[token.lower_])
        if token.pos_ in ("NOUN", "PROPN", "ADJ", "VERB"):
            yield from _of_noun(token)


def _of_verb(verb: Token) -> Iterator[Tie]:
    lemma = verb.lemma_.lower()
    kind = kind_of_doing(verb)
    if kind is not None:
        for victim, rule in _sufferers(verb):
            yield Tie(kind, verb, victim, rule)
    elif lemma in SUFFERS and (SUFFERS[lemma] != "displaced" or _flees_home(verb)):
        for victim in subjects(verb):
            yield Tie(SUFFERS[lemma], verb, victim, "suffering_verb")
    elif lemma == "lose":
        for victim in _lost(verb):
            yield Tie("killed", verb, victim, "loss")
    elif lemma in EXACTING:
        for victim in objects(verb):
            part = of_which(victim)
            if victim.lemma_ == "life":
                yield Tie("killed", verb, part or victim, "loss")
            elif part is not None and part.lemma_ == "life":
                yield Tie("killed", verb, part, "loss")
    yield from _of_hurt(verb, lemma)
    if lemma in TAKING:
        for victim, rule in _sufferers(verb):
            if victim.lemma_ in TAKEN:
                yield Tie("captured", verb, victim, rule)


def _of_hurt(verb: Token, lemma: str) -> Iterator[Tie]:
    """What phrases tell of the hurt: wounds borne, bullets that hit, people taken to hospital."""
    if lemma in BEARING and not is_passive(verb):
        for borne in objects(verb):
            if borne.lemma_ in INJURIES:
                kind = "killed" if any(c.lower_ in FATAL for c in borne.children) else "wounded"
                for victim in subjects(verb):
                    yield Tie(kind, verb, victim, "suffering_verb")
    elif (lemma in HITTING and is_hit(verb)) or (lemma in CARRYING and is_to_hospital(verb)):
        for victim, rule in _sufferers(verb):
            yield Tie("wounded", verb, victim, rule)
    elif lemma in CARING and _is_for_hurt(verb):
        for victim, rule in _cared_for(verb, lemma):
            yield Tie("wounded", verb, victim, rule)
    if lemma in BEARING and any(noun.lemma_ in INJURIES for noun in _behind(verb, "from")):
        for victim in subjects(verb):
            yield Tie("wounded", verb, victim, "suffering_verb")
    if not is_passive(verb):
        for borne in _behind(verb, "with"):
            if _is_pierced(borne):
                for victim in objects(verb) or subjects(verb):  # "found a man with stab wounds"
                    yield Tie("wounded", borne, victim, "suffering_verb")


def _is_for_hurt(verb: Token) -> bool:
    """Whether the care is of injuries, or in a hospital."""
    hurts = [noun for preposition in ("for", "from") for noun in _behind(verb, preposition)]
    houses = [noun for preposition in ("at", "in") for noun in _behind(verb, preposition)]
    return any(n.lemma_ in INJURIES for n in hurts) or any(n.lemma_.lower() in HOSPITALS for n in houses)


def _cared_for(verb: Token, lemma: str) -> list[tuple[Token, str]]:
    """Who is treated or recovers; the subject of "treated them" cares, and bodies "were recovered"."""
    if lemma == "recover":
        return [] if is_passive(verb) or objects(verb) else [(noun, "suffering_verb") for noun in subjects(verb)]
    return _sufferers(verb) if verb.tag_ in PARTICIPLES else []


def _behind(word: Token, preposition: str) -> list[Token]:
    """The objects of the word's own preposition, where it stands behind it."""
    return [
        n for c in word.children if c.lower_ == preposition and c.i > word.i for n in c.children if n.dep_ == "pobj"
    ]


def _is_borne(noun: Token) -> bool:
    """Whether injuries are what someone has, not those hurt: "suffered two injuries", "died from multiple injuries"."""
    if noun.lemma_ not in INJURIES:
        return False
    is_had = noun.dep_ == "dobj" and noun.head.lemma_ in BEARING
    return is_had or (noun.dep_ == "pobj" and noun.head.lower_ in ("from", "for", "with"))


def _is_pierced(noun: Token) -> bool:
    """Whether the word is for wounds of bullets, blades and the like."""
    return noun.lemma_ == "wound" and any(c.lower_ in PIERCING for c in noun.children)


def is_hit(verb: Token) -> bool:
    """Whether what hits is a bullet or the like, or a part of the body is hit: no car, no ball, no market."""
    for child in verb.children:
        if child.dep_ == "nsubj" and (of_which(child) or child).lemma_ in MISSILES:
            return True
        wanted = MISSILES if child.lower_ == "by" else BODY_PARTS if child.lower_ == "in" else None
        if wanted is not None and any(noun.lemma_ in wanted for noun in child.children):
            return True
    return False


def is_to_hospital(verb: Token) -> bool:
    """Whether the verb takes or sends someone to a hospital: "sent four people to the hospital"."""
    return any(
        child.lower_ in ("to", "in")
        and any(noun.dep_ == "pobj" and noun.lemma_.lower() in HOSPITALS for noun in child.children)
        for child in verb.children
    )


def kind_of_doing(verb: Token) -> str | None:
    """What the verb does to its object, by itself or with its particles; None if it is no such verb."""
    lemma = verb.lemma_.lower()
    children = list(verb.children)
    said = {child.lower_ for child in children}
    if any(c.lower_ == "to" and any(g.lower_ == "death" for g in c.children) for c in children):
        return "killed"
    if "down" in said and lemma in ("gun", "mow"):
        return "killed"
    if lemma == "shoot":
        return _kind_of_shooting(verb, said)
    if lemma in TAKING and (
        said & HELD
        or any(c.lower_ in ("into", "in") and any(g.lower_ == "custody" for g in c.children) for c in children)
    ):
        return "captured"
    if lemma in ("force", "drive") and _from_home(verb):
        return "displaced"
    kind = DOES.get(lemma)
    return "killed" if kind == "wounded" and said & FATALLY else kind


def _kind_of_shooting(verb: Token, said: set[str]) -> str | None:
    """Shot dead is killed, shot is wounded, shot and wounded or killed is told by the second verb; planes are shot down."""
    beside = {t.lower_ for t in verb.doc[max(verb.i - 1, 0) : verb.i + 2]}
    if "dead" in said or beside & {"dead", "fatally"}:
        return "killed"
    told_behind = any(
        c.dep_ == "conj" and c.lemma_ in DOES and not any(g.dep_ in SUBJECTS for g in c.children) for c in verb.children
    )
    if "down" in said or _is_shot_at(verb) or told_behind:
        return None
    return DOES.get("shoot")


def _is_shot_at(verb: Token) -> bool:
    """Whether the "at" tells the target: of the passive only where nothing follows it ("were shot at a party" are hit)."""
    at = next((c for c in verb.children if c.lower_ == "at"), None)
    if at is None:
        return False
    if verb.tag_ == "VBN":
        return at.i == verb.i + 1 and not any(c.dep_ == "pobj" for c in at.children)
    return at.i == verb.i + 1


def _from_home(verb: Token) -> bool:
    return any(
        (child.dep_ == "xcomp" and child.lemma_ in LEAVING)
        or (child.lower_ in ("from", "out") and any(t.lemma_ in HOMES for t in child.subtree))
        for child in verb.children
    )


def _flees_home(verb: Token) -> bool:
    """Whether who flees leaves a home or a war, not a jail or a battlefield; those forced to are told by "force"."""
    return verb.head.lemma_ != "force" and not any(s.lemma_ in FUGITIVES for s in subjects(verb))


def _sufferers(verb: Token) -> list[tuple[Token, str]]:
    """Object of the active, subject of the passive, of a participle the noun that it describes; each with its rule."""
    acted_on = [] if is_passive(verb) else [o for o in objects(verb) if o.lower_ not in HELD]
    if acted_on:
        return [(noun, "active_verb") for noun in acted_on]
    if is_passive(verb):
        suffering = subjects(verb)
    elif verb.tag_ not in PARTICIPLES or any(c.lower_ in REFLEXIVE and c.dep_ == "dobj" for c in verb.children):
        suffering = []
    elif verb.dep_ == "acl":
        left = verb.head.dep_ == "dobj" and verb.head.head.lemma_ == "leave"  # "left a boy wounded"
        suffering = [verb.head] if verb.tag_ == "VBN" or left else []
    elif verb.head.lemma_ == "be" and verb.i < verb.head.i:
        # "also killed were two guards"
        suffering = [c for c in verb.head.children if c.dep_ in ("attr", "nsubj") and c.i > verb.head.i]
    elif verb.dep_ == "amod":
        suffering = [verb.head] if verb.head.pos_ == "NUM" else []
    else:
        suffering = subjects(verb)
    return [(noun, "passive_verb") for noun in suffering]


def objects(verb: Token) -> list[Token]:
    """What the verb acts on."""
    found = [_resolved(c, verb) for c in verb.children if c.dep_ in ("dobj", "dative") and c.pos_ != "ADP"]
    hurt = [c for c in found if c.lower_ in REFLEXIVE]
    if not hurt:
        return found
    # who shot himself is who was shot, and who else with him; who killed himself is no casualty
    others = [noun for c in hurt for noun in joined_to(c)[1:]]
    return [c for c in found if c not in hurt] + others + (subjects(verb) if verb.lemma_ == "shoot" else [])


def subjects(verb: Token) -> list[Token]:
    """Subjects of the verb; a verb without one shares that of the verb it is joined to or hangs on."""
    for _ in range(MAX_STEPS):
        own = [_resolved(c, verb) for c in verb.children if c.dep_ in SUBJECTS]
        if own:
            return own
        if verb.dep_ == "acl":
            return [verb.head]
        if abs(verb.i - verb.head.i) > REACH_WORDS:
            return []
        if verb.dep_ == "conj":
            # "police arrested one man and wounded": a participle joined to an active verb has no subject to share
            if verb.tag_ == "VBN" and objects(verb.head) and not is_passive(verb.head):
                return []
        elif verb.dep_ not in ("xcomp", "oprd", "acomp", "ccomp") or verb.head.lemma_ not in COPULAS:
            return []
        verb = verb.head
    return []


def is_passive(verb: Token) -> bool:
    """Whether the verb is passive by its own words, so that its subject suffers and what stands behind it does not."""
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def _resolved(token: Token, verb: Token) -> Token:
    """The noun that a relative pronoun stands for; any other word is itself."""
    if token.lower_ not in RELATIVE or token.tag_ not in ("WDT", "WP", "IN"):
        return token
    for _ in range(MAX_STEPS):
        if verb.dep_ == "relcl":
            return verb.head
        if verb.dep_ not in ("conj", "ccomp", "xcomp"):
            break
        verb = verb.head
    return token


def _lost(verb: Token) -> list[Token]:
    acted_on = objects(verb)
    lives = [o for o in acted_on if o.lemma_ == "life"]
    if lives:
        # "lost their lives" tells of the subject, "lost 30 lives" of the lives
        owned = any(c.dep_ == "poss" for c in lives[0].children)
        return subjects(verb) if owned else [of_which(lives[0]) or lives[0]]
    if is_passive(verb):
        # "he's lost his bearings" may be parsed as "he is lost"
        return [] if acted_on else [s for s in subjects(verb) if is_person(s) or s.lemma_ == "life"]
    return [o for o in acted_on if is_person(o) and any(c.dep_ == "nummod" for c in o.children)]


def _of_state(word: Token, kind: str) -> Iterator[Tie]:
    """What "dead" and its like are said of."""
    if word.tag_.startswith("VB") and word.lemma_ in DOES:
        return
    own = [c for c in word.children if c.dep_ in SUBJECTS]
    if own:
        for subject in own:
            yield Tie(kind, word, _resolved(subject, word), "state")
    elif word.dep_ == "amod" and word.head.pos_ in ("NUM", "NOUN", "PROPN"):
        yield Tie(kind, word, word.head, "state")
    elif word.dep_ in ("acomp", "oprd", "xcomp", "advcl", "ccomp", "dep", "conj") and word.head.lemma_ in COPULAS:
        verb = word.head
        held = objects(verb) if verb.lemma_ in ("leave", "find") and not is_passive(verb) else []
        for victim in held or subjects(verb):
            yield Tie(kind, word, victim, "state")


def _of_noun(noun: Token) -> Iterator[Tie]:
    lemma = noun.lemma_.lower()
    if lemma == "condition" and noun.head.lower_ == "in" and noun.head.head.lemma_ in COPULAS:
        if any(c.lower_ in CONDITIONS_OF_HURT for c in noun.children):
            for victim in subjects(noun.head.head):
                yield Tie("wounded", noun, victim, "state")
        return
    if any(c.lower_ in UNDONE for c in noun.children):
        return
    for borne in _behind(noun, "with"):
        if _is_pierced(borne) and is_person(noun):
            yield Tie("wounded", borne, noun, "suffering_verb")
        elif _is_pierced(borne) and lemma in HOSPITALS and noun.head.head.lemma_ in COPULAS:
            for victim in subjects(noun.head.head):  # "three are in a clinic with stab wounds"
                yield Tie("wounded", borne, victim, "suffering_verb")
    kind = VICTIMS.get(lemma) or VICTIMS.get(noun.lower_)
    if (
        kind
        and noun.dep_ not in ("compound", "amod", "nmod")
        and not noun.tag_.startswith("VB")
        and not _is_borne(noun)
    ):
        yield Tie(kind, noun, noun, "casualty_noun")
    if lemma == "body" and (noun.head.lemma_ in BODY_VERBS or any(c.lemma_ in BODY_VERBS for c in noun.children)):
        yield Tie("killed", noun, noun, "casualty_noun")
    if noun.pos_ in ("NOUN", "PROPN") and lemma in HAPPENING:
        whose = of_which(noun) or _owner_of(noun)
        if whose is not None and (lemma != "loss" or _is_of_people(whose)):
            yield Tie(HAPPENING[lemma], noun, whose, "nominal")
    if lemma in ("shooting", "stabbing", "beating") and any(c.lower_ in FATAL for c in noun.children):
        whose = of_which(noun)
        if whose is not None:
            yield Tie("killed", noun, whose, "nominal")


def _is_of_people(lost: Token) -> bool:
    """Whether what is lost is told to be people or lives: a number alone is of money as a rule ("a loss of 72.8 million")."""
    what = counted(lost)
    is_number = what.pos_ == "NUM" or what.lemma_.lower() in QUANTITIES
    return what.lemma_ == "life" or (not is_number and is_person(what))


def _owner_of(noun: Token) -> Token | None:
    """X of "X's death": who died; of an act done to others the owner may be who did it."""
    if noun.lemma_.lower() not in OWNED:
        return None
    # "Mao's death" takes up what the reader knows
    return next((c for c in noun.children if c.dep_ == "poss" and c.pos_ == "NOUN"), None)


OWNED = words("death murder assassination execution lynching")


def joined_to(victim: Token) -> list[Token]:
    """The victim and the nouns joined to it, but for those with a fate of their own ("12 dead and 30 wounded")."""
    found: list[Token] = []
    waiting = [victim]
    while waiting and len(found) < MAX_STEPS:
        token = waiting.pop(0)
        found.append(token)
        waiting += [
            c
            for c in token.children
            if c.dep_ == "conj"
            and c.pos_ != "VERB"
            and c.lower_ not in STATE
            and c.lemma_.lower() not in VICTIMS
            and not any(g.dep_ == "acl" and g.lemma_ in DOES for g in c.children)
        ]
        waiting += [
            noun
            for along in (*token.children, *(token.head.children if token.i == victim.i else ()))
            if along.lower_ in ("along", "together") and along.i > token.i
            for preposition in (along, *along.children)
            for noun in preposition.children
            if noun.dep_ == "pobj"
        ]
    return found


@dataclass(frozen=True)
class Standing:
    """How the text stands to what a word tells: `fear` is the word by which it only fears it, None where it states it."""

    fear: Token | None = None


def standing(trigger: Token) -> Standing | None:
    """How the text stands to what the word tells; None if it denies it or it has not happened."""
    fear: Token | None = None
    token = trigger
    if trigger.pos_ == "NOUN" and trigger.dep_ == "dobj" and trigger.head.lemma_ in PURPOSES:
        return None
    for _ in range(MAX_STEPS):
        helpers = [c for c in token.children if c.dep_ in ("aux", "auxpass", "neg", "mark", "det", "preconj")]
        if any(c.dep_ == "neg" or (c.dep_ in ("det", "preconj") and c.lower_ in ("no", "neither")) for c in helpers):
            return None
        if any(c.dep_ == "mark" and c.lower_ in CONDITIONS for c in helpers):
            return None
        auxiliaries = {c.lower_ for c in helpers if c.dep_ in ("aux", "auxpass")}
        modals = [c for c in helpers if c.dep_ in ("aux", "auxpass") and c.lower_ in HYPOTHETICAL]
        if modals and not ({c.lower_ for c in modals} <= PERHAPS and "have" in auxiliaries):
            return None
        if modals:
            fear = modals[0]
        if (
            token.tag_ == "VB"
            and "to" in auxiliaries
            and "have" not in auxiliaries
            and token.head.lemma_ not in BEFORE_FACTS
        ):
            return None
        if token.dep_ == "pcomp" and token.head.lower_ in CONDITIONS:
            return None
        # what a verb is joined to, or said of, holds for it: "could kill or wound", "are feared to have died"
        carries = token.dep_ in ("xcomp", "oprd", "acomp", "ccomp") and token.head.lemma_ in COPULAS | FEARING
        if token.dep_ == "conj":
            carries = not any(c.dep_ in SUBJECTS for c in token.children)
        if not carries or not token.head.tag_.startswith("VB"):
            break
        # "officials believe 30 died" is a claim, "30 are believed dead" a fear
        if token.head.lemma_ in FEARING and is_passive(token.head):
            fear = token.head
        if token.dep_ == "ccomp":
            break
        token = token.head
    return Standing(fear)
