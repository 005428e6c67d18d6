"""Who plays which part in an event: actors and recipients that the words around a trigger give, and whether they suffice."""

from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Token

from flows.extract.casualty_vocabulary import is_person
from flows.extract.circumstances import clause_of
from flows.extract.event_codebook import triggers
from flows.extract.event_grammar import agent_of, objects_of, subject_of
from flows.extract.event_parties import LANDS, Named, PartyFinder, agent_kinds, state_names
from flows.extract.event_triggers import SAYING, Match

SAYABLE = frozenset({"REQUEST", "ACCUSE", "SUPPORT", "REJECT", "THREATEN", "CONCEDE", "AGREE"})
# prepositions whose object an act befalls
UPON = frozenset({"against", "on", "upon", "at", "to", "toward", "towards", "over"})
BESIDE = frozenset({"with", "between", "among", "amongst", "including", "involving", "alongside"})
# verbs that only say that a noun's event takes place: their subject is its actor
LIGHT = frozenset(
    {"launch", "carry", "conduct", "stage", "hold", "have", "make", "begin", "start", "continue", "resume", "mount", "wage",
     "host", "perform", "open", "unleash", "step", "escalate", "intensify", "end", "halt", "sign", "reach", "commit", "lead",
     "pay", "undertake", "organize", "organise", "join", "attend", "conclude", "broker", "mediate", "announce", "order", "fight",
     "commence", "offer", "voice", "lift", "deliver", "express"}
)  # fmt: skip
WARLIKE = LIGHT - {
    "mediate",
    "broker",
    "end",
    "halt",
    "announce",
    "host",
    "attend",
    "join",
    "conclude",
    "have",
    "sign",
    "reach",
    "hold",
    "offer",
    "voice",
    "lift",
    "deliver",
    "express",
}
# "the shelling of the town": what these nouns have behind "of" suffers it; with the others it acts
BEFALLS = frozenset(
    {"shelling", "killing", "assassination", "murder", "bombing", "bombardment", "invasion", "abduction", "kidnapping",
     "release", "arrest", "detention", "deportation", "massacre", "siege", "blockade", "criticism", "condemnation", "shooting",
     "rejection", "genocide", "conviction", "boycott", "torture", "rape", "lynching", "execution", "hijacking", "beheading",
     "stabbing", "slaughter", "praise", "endorsement", "denunciation", "investigation", "indictment", "impeachment", "mobilization",
     "mobilisation", "deployment", "expulsion", "refusal", "death"}
)  # fmt: skip
OCCUR = frozenset({"take", "occur", "happen", "go"})  # "that took place", "that went off"
NEARBY = frozenset({"near", "outside"})
# "fighting that broke out there", "clashes that killed 14"
TAKE_PLACE = frozenset(
    {"begin", "start", "restart", "resume", "open", "continue", "end", "collapse", "stall", "break", "take", "fail"}
)
BREAK_OUT = TAKE_PLACE | {"erupt", "flare", "rage", "kill", "leave", "claim", "occur", "intensify", "spread"}
DAMAGING = frozenset(
    {
        "damage",
        "hit",
        "rock",
        "rip",
        "destroy",
        "target",
        "strike",
        "shake",
        "tear",
        "level",
        "devastate",
        "kill",
        "wound",
        "injure",
    }
)
# "her arrest", "Brandt's murder": without an "of" the possessor of these suffers it, as of "the shelling" it acts
SUFFERED = frozenset(
    {"arrest", "detention", "imprisonment", "conviction", "indictment", "extradition", "deportation", "expulsion", "kidnapping",
     "abduction", "assassination", "murder", "killing", "slaying", "shooting", "torture", "beating", "beheading", "execution",
     "capture", "death"}
)  # fmt: skip
OCCASION = frozenset(
    {"attack", "assault", "talk", "meeting", "summit", "visit", "clash", "fighting", "war", "conflict"}
)
CAUSES = frozenset(
    {"process", "effort", "plan", "deal", "agreement", "talk", "proposal", "resolution", "move", "decision", "call", "initiative"}
)  # fmt: skip


def parts(finder: PartyFinder, match: Match) -> tuple[list[Named], list[Named]]:
    """(actors, recipients) of what a match tells, each named once and none on both sides."""
    trigger = match.trigger
    noun = match.head.pos_ in ("NOUN", "PROPN")
    actors, recipients = (_noun_parties if noun else _verb_parties)(finder, match)
    if trigger.frame == "suffer":
        actors, recipients = [], [*actors, *recipients]
    if trigger.frame == "receive":
        givers = [
            p for word in match.words for _, o in objects_of(word, frozenset({"from"})) for p in finder.parties(o)
        ]
        actors, recipients = givers, actors
    if trigger.frame == "meet":
        actors, recipients = _distinct([*actors, *recipients]), []
    names = {actor.name for actor in actors}
    return _distinct(actors), [r for r in _distinct(recipients) if r.name not in names]


def _verb_parties(finder: PartyFinder, match: Match) -> tuple[list[Named], list[Named]]:
    verb, trigger = match.head, match.trigger
    subject, passive = subject_of(verb)
    subjects = finder.parties(subject) if subject is not None else []
    if not subjects and trigger.plover in SAYABLE:
        sayer = _sayer(verb, subject)
        subjects, passive = (finder.parties(sayer), False) if sayer is not None else (subjects, passive)
    if not subjects and not passive and subject is not None and verb.dep_ in ("acl", "relcl") and verb.head == subject:
        subjects = _who_has(finder, subject, verb, trigger.plover)
    actors, recipients = ([], subjects) if passive else (subjects, [])
    if passive:
        agent = agent_of(verb)
        actors = finder.parties(agent) if agent is not None else []
    for child in verb.children:
        # a parse often takes the second name of "called the king" for what he was called
        whom = ("dobj", "dative", "oprd") if trigger.needs == "called" else ("dobj", "dative")
        if child.dep_ in whom and child.i > verb.i:
            named = agent_kinds().get(child.lemma_.lower(), "weapon") != "weapon"
            if child in match.words and (not named or _is_the_act(match, child)):
                continue
            befallen = _befallen(finder, child, actors)
            if not befallen and trigger.plover == "ASSAULT" and child.lemma_.lower() in LANDS:
                befallen = finder.matters(child)
            # "host talks with Chad": the word for the meeting is a trigger of its own; "returned Iraqi art to Iraq": what is given
            is_thing = any(party.kind == "thing" for party in befallen)
            if is_thing and (trigger.frame == "visit" or trigger.needs in ("handed", "gift")):
                continue
            if _is_means(match, child, befallen):
                continue
            recipients += befallen
    # what the words of a longer trigger bring along: "launched an attack on", "held talks with", "accused of"
    for word in match.words:
        recipients += [
            p
            for _, o in objects_of(word, UPON)
            for p in finder.parties(o)
            if p.kind != "thing" or trigger.plover == "ASSAULT"
        ]
        beside = [p for _, o in objects_of(word, BESIDE) for p in finder.parties(o)]
        (actors if trigger.frame == "meet" else recipients).extend(p for p in beside if p.kind != "thing")
        if word is not verb:
            if trigger.frame == "meet" and word.pos_ in ("NOUN", "PROPN"):
                actors += [*finder.coupled(word), *finder.modifiers(word)]
            if word.pos_ == "ADP":
                for inner in word.children:
                    if inner.dep_ == "pobj":
                        recipients += finder.parties(inner)
    if trigger.plover in SAYABLE:
        recipients += _told(finder, verb)
    if trigger.plover == "AID":
        recipients += [
            p for _, o in objects_of(verb, frozenset({"for"})) for p in finder.parties(o) if p.kind != "thing"
        ]
    if trigger.frame == "visit":
        recipients += [
            p
            for _, o in objects_of(verb, frozenset({"with", "in", "to", "for"}))
            for p in finder.parties(o)
            if p.kind != "thing"
        ]
    return actors, recipients


def _sayer(verb: Token, subject: Token | None) -> Token | None:
    """Who says what a verb of speech is joined to by a parse: "the envoy said that the deaths were many and called for help"."""
    if subject is not None and (subject.pos_ != "NOUN" or is_person(subject) or subject.lemma_ in agent_kinds()):
        return None
    clause = verb.head
    if verb.dep_ != "conj" or verb.tag_ not in ("VBD", "VBZ") or clause.dep_ != "ccomp":
        return None
    if clause.head.lemma_ not in SAYING or any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
        return None
    return subject_of(clause.head)[0]


SPEAKERS = frozenset({"we", "i"})


def quoted_sayer(finder: PartyFinder, verb: Token) -> list[Named]:
    """Who speaks where "I" or "we" does what is done by saying it: "we will strike again, the envoy said"."""
    subject, passive = subject_of(verb)
    if subject is None or passive or subject.lower_ not in SPEAKERS:
        return []
    clause = clause_of(verb)
    while clause.dep_ in ("xcomp", "conj") and clause.head.pos_ in ("VERB", "AUX"):
        clause = clause.head
    if clause.dep_ != "ccomp" or clause.head.lemma_ not in SAYING:
        return []
    sayer, _ = subject_of(clause.head)
    return finder.parties(sayer) if sayer is not None else []


def _who_has(finder: PartyFinder, noun: Token, verb: Token, root: str) -> list[Named]:
    """Who does what hangs on a thing: "issued a report accusing Peru", "took up positions to storm the town"."""
    said = verb.dep_ == "acl" and root in SAYABLE
    if noun.dep_ != "dobj" or noun.head.pos_ != "VERB" or not (said or _is_infinitive(verb)):
        return []
    if any(c.lower_ == "no" for c in noun.children):
        return []
    holder, passive = subject_of(noun.head)
    return [] if holder is None or passive else finder.parties(holder)


REFLEXIVE = frozenset({"himself", "herself", "themselves", "itself", "self", "oneself"})


def hurts_itself(verb: Token) -> bool:
    """Whether who acts is who suffers it: "shot himself"."""
    return any(c.dep_ in ("dobj", "oprd", "npadvmod") and c.lower_ in REFLEXIVE for c in verb.children)


def unnamed_victims(finder: PartyFinder, match: Match) -> list[Named]:
    """Whom a shooting or stabbing hit, where the words make no party of them: "a man", "one person", "the 19-year-old".

    None where somebody hurt himself, which is no assault, and where the trigger asks for more than a victim.
    """
    head, trigger = match.head, match.trigger
    if trigger.plover == "ASSAULT" and head.lemma_ == "death":
        objects = [inner for _, inner in objects_of(head, frozenset({"of"}))]
    elif trigger.needs == "harm" and head.pos_ == "VERB" and not hurts_itself(head):
        subject, passive = subject_of(head)
        objects = [c for c in head.children if c.dep_ == "dobj"]
        objects = [subject] if passive and subject is not None else objects
    else:
        return []
    return [
        Named(*finder.words_of(noun), "group", "people")
        for noun in objects
        if noun.pos_ in ("NOUN", "NUM", "ADJ") and is_person(noun)
    ]


RECIPROCAL = frozenset({"other", "another"})  # what "each other" and "one another" end in


def _befallen(finder: PartyFinder, noun: Token, actors: Sequence[Named]) -> list[Named]:
    """The parties of an object: "the rebels", "rebel positions", "each other"."""
    if noun.lower_ in RECIPROCAL and actors:
        return list(actors)
    return finder.parties(noun)


def _told(finder: PartyFinder, verb: Token) -> list[Named]:
    """Whom a demand or a charge is put to: the subject of what is demanded ("urged that both sides disarm")."""
    found: list[Named] = []
    for child in verb.children:
        if child.dep_ in ("ccomp", "xcomp", "advcl") and not _is_circumstance(child):
            for inner in child.children:
                if inner.dep_ in ("nsubj", "nsubjpass") and inner.i > verb.i:
                    found += [p for p in finder.parties(inner) if p.kind != "thing"]
        if child.dep_ == "dobj":
            for _, inner in objects_of(child, frozenset({"for", "of", "by"})):
                found += [p for p in finder.parties(inner) if p.kind != "thing"]
    return found


def _noun_parties(finder: PartyFinder, match: Match) -> tuple[list[Named], list[Named]]:
    noun, trigger = match.head, match.trigger
    owners = _distinct([p for word in match.words for p in (*finder.coupled(word), *finder.modifiers(word))])
    actors: list[Named] = []
    recipients: list[Named] = []
    if noun.lemma_ in SUFFERED and trigger.frame == "act" and not any(objects_of(noun, frozenset({"of"}))):
        recipients += [p for child in noun.children if child.dep_ == "poss" for p in finder.parties(child)]
        owners = [owner for owner in owners if all(owner.name != hit.name for hit in recipients)]
    upon = frozenset({"against"}) if trigger.frame == "meet" else UPON
    for preposition, inner in objects_of(noun, upon | BESIDE | {"by", "of", "from"}):
        parties = finder.parties(inner)
        if (
            preposition == "by"
            or (preposition == "from" and trigger.plover in SAYABLE)
            or preposition in BESIDE
            or (preposition == "of" and (noun.lemma_ not in BEFALLS))
        ):
            actors += parties
        elif preposition != "to" or trigger.frame == "visit" or trigger.plover in SAYABLE:
            recipients += parties
    verb = noun.head
    if noun.dep_ == "pobj" and verb.lower_ in ("in", "at", "during", "after") and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
        # "agreed at a meeting with", "told him in a call": who does so is there
        light = trigger.plover == "CONSULT" and bool(actors)
    else:
        making = WARLIKE if trigger.plover == "ASSAULT" else LIGHT
        light = verb.pos_ in ("VERB", "AUX") and verb.lemma_ in making and noun.dep_ in ("dobj", "nsubjpass")
    if light:
        subject, passive = subject_of(verb)
        if noun.dep_ == "nsubjpass":
            subject = agent_of(verb)
        elif passive:
            subject = None
        if subject is not None and subject.i != noun.i:
            actors += finder.parties(subject)
        for _, inner in objects_of(verb, UPON | BESIDE):
            (actors if trigger.frame == "meet" else recipients).extend(
                p for p in finder.parties(inner) if p.kind != "thing"
            )
    if trigger.frame == "meet" and noun.dep_ == "nsubj" and verb.lemma_ in BREAK_OUT:
        # "clashes erupted between": what a parse ties to the verb
        actors += [p for _, o in objects_of(verb, BESIDE) for p in finder.parties(o)]
    if trigger.mode == "explosives":
        # "a blast near the Greek embassy", "an explosion that occurred outside a mosque"
        told = [noun, *(c for c in noun.children if c.dep_ == "relcl" and c.lemma_ in OCCUR)]
        recipients += [p for word in told for _, o in objects_of(word, NEARBY) for p in finder.parties(o)]
    if trigger.plover == "ASSAULT" and noun.dep_ == "nsubj" and verb.lemma_ in DAMAGING:
        # "a blast tore through the Greek embassy"
        recipients += [p for c in verb.children if c.dep_ == "dobj" for p in finder.parties(c)]
        recipients += [
            p for _, o in objects_of(verb, frozenset({"through", "near", "outside", "at"})) for p in finder.parties(o)
        ]
    for child in noun.children:
        if child.dep_ == "acl" and child.tag_ == "VBN":
            agent = agent_of(child)
            if agent is not None:
                actors += finder.parties(agent)
    if trigger.frame == "meet" and len(owners) == 1 and not actors and not _is_brokered(noun):
        # one name before "war" or "talks" is a place or a label as often as a side
        abroad = [p for _, o in objects_of(noun, frozenset({"in", "on", "against"})) for p in finder.parties(o)]
        return (owners, abroad) if abroad and noun.lemma_ in OCCASION else ([], [])
    return [*owners, *actors], recipients


def _is_brokered(noun: Token) -> bool:
    return any(
        c.dep_ == "amod" and c.lower_.endswith(("brokered", "mediated", "sponsored", "led")) for c in noun.children
    )


def affected(
    finder: PartyFinder, match: Match, actors: Sequence[Named], recipients: Sequence[Named]
) -> tuple[Named, ...]:
    """Whom or what an act reaches where its own words name no recipient; not what makes them an event.

    First what the rest of its clause says: "agreed to lend Peru money", "lifted the curbs that it had put on Peru", "rejected the
    tariff". Then, if no name is among them, where it takes effect: "killed three people in Peru".
    """
    if (match.trigger.frame == "meet" and len(actors) > 1) or any(r.kind in ("name", "person") for r in recipients):
        return ()
    if any(c.dep_ == "dobj" and c.lower_ in RECIPROCAL for c in match.head.children) and len(actors) > 1:
        return ()  # "blamed each other for the raid"
    known = {actor.name for actor in actors}
    found: list[Named] = []
    places: list[Named] = []
    clause = _clause(match)
    if match.trigger.plover == "ASSAULT" and match.head.dep_ == "nsubj" and match.head.head.lemma_ in DAMAGING:
        clause.append(match.head.head)
    for word in clause:
        for target, is_given in _targets(word, match):
            parties = finder.parties(target)
            if not is_given or not (match.trigger.plover == "AID" or _is_means(match, target, parties)):
                found += parties or ([] if _is_the_act(match, target) else finder.matters(target))
            elif agent_kinds().get(target.lemma_.lower()) is None:
                found += parties
            if all(party.kind == "group" for party in parties):
                places += finder.places(target)
        for _, inner in objects_of(word, WHERE):
            places += finder.places(inner)
    found = [p for p in _distinct(found) if p.name not in known and not recipients]
    about = not any(p.kind in NAMING for p in found) and not any(p.kind in (*NAMING, "group") for p in recipients)
    if about and match.trigger.frame != "meet" and match.head.pos_ not in ("NOUN", "PROPN"):
        found += _further(finder, match, known)
    if not any(p.kind in NAMING for p in found):
        # a state as a coded dyad has it; a town is where it was, unless nobody is known to have suffered it
        told = recipients or found
        found += [p for p in _distinct(places) if p.name not in known and (p.name in state_names() or not told)]
    return tuple(_distinct(found)[:MAX_AFFECTED])


def _is_the_act(match: Match, noun: Token) -> bool:
    """Whether the noun is but a word for what is done: "launched its insurgency", "mounted a pair of offensives"."""
    held = [inner for _, inner in objects_of(noun, frozenset({"of"}))]
    return any(word.lemma_.lower() in _words_for(match.trigger.plover) for word in (noun, *held))


@cache
def _words_for(root: str) -> frozenset[str]:
    """The nouns that alone state an event of the root."""
    return frozenset(
        lemma for t in triggers() if t.pos == "NOUN" and t.plover == root and len(t.words) == 1 for lemma in t.words[0]
    )


NAMING = frozenset({"name", "person", "place"})  # kinds of parties that have a name of their own
# what a clause that hangs on these says is when or why something was done, not to whom
CIRCUMSTANCES = frozenset(
    {"after", "before", "as", "when", "while", "because", "since", "although", "though", "once", "whereas"}
)
INWARD = frozenset(
    {"dobj", "dative", "pobj", "prep", "xcomp", "ccomp", "acl", "relcl", "advcl", "pcomp", "conj", "nsubj", "nsubjpass"}
)
GIVING = frozenset(
    {"give", "return", "hand", "send", "provide", "supply", "deliver", "donate", "transfer", "grant", "extend"}
)
# roots that answer what another party did or asked for
ANSWERING = frozenset({"REJECT", "AGREE", "CONCEDE", "ACCUSE"})
MAX_INWARD = 6  # steps into a clause
MAX_READ = 60  # words of it


def _further(finder: PartyFinder, match: Match, known: set[str]) -> list[Named]:
    """The first names inside what an act is about, those of the fewest steps.

    "claims that two soldiers robbed Peru's envoy", "a plan to build roads in Peru", "the ability of tourists to visit Peru": what
    is told of its time and reasons, and relative clauses, are left aside.
    """
    if match.head.lemma_ in GIVING:
        given = next((c for c in match.head.children if c.dep_ == "dobj"), match.head)
        # "returned the skulls that were stolen in 1990 to Peru": a parse often hangs "to" on the words before it
        ends = [tie for tie in given.subtree if tie.dep_ in ("prep", "dative") and tie.lower_ == "to"][-MAX_AFFECTED:]
        for tie in reversed(ends):
            takers = [p for c in tie.children if c.dep_ == "pobj" for p in finder.parties(c)]
            if takers := [p for p in takers if p.kind in NAMING and p.name not in known]:
                return takers
    level = list(match.words)
    read = 0
    if match.trigger.plover in ANSWERING:
        # "rejected Peru's proposal", "agreed to a request from Peru": whose it is
        owners = [p for w in match.words if w.dep_ in ("dobj", "pobj") for p in finder.parties(w) if p.kind == "thing"]
        if owners := [p for p in _distinct(owners) if p.name not in known]:
            return owners
    for _ in range(MAX_INWARD):
        below = [c for word in level for c in word.children if c not in match.words and _leads_inward(match, word, c)]
        read += len(below)
        if not below or read > MAX_READ:
            return []
        found = []
        for token in below:
            if token.dep_ == "pobj" and token.head.lower_ in WHERE:
                found += [p for p in finder.places(token) if p.name in state_names()]
            elif token.dep_ in ("dobj", "dative", "nsubj", "nsubjpass", "pobj") and token.pos_ != "ADP":
                parties = finder.parties(token)
                found += [] if _is_means(match, token, parties) else parties
        named = [p for p in _distinct(found) if p.name not in known and p.kind not in ("thing", "matter")]
        if named:
            return named
        level = below
    return []


def _leads_inward(match: Match, word: Token, child: Token) -> bool:
    """Whether what the child says belongs to what the word is about."""
    if child.dep_ not in INWARD or child.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT"):
        return False
    if child.dep_ in ("nsubj", "nsubjpass"):
        return word not in match.words and word.dep_ in ("ccomp", "acl", "pcomp")
    if child.dep_ == "relcl":
        return _is_infinitive(child)
    if child.dep_ == "advcl":
        return not _is_circumstance(child)
    if child.dep_ == "conj":
        return word.pos_ not in ("VERB", "AUX") and child.pos_ not in ("VERB", "AUX")
    if child.dep_ == "prep":
        return child.lower_ in REACHING | WHERE and child.i > word.i
    return child.i > match.head.i


def _is_circumstance(clause: Token) -> bool:
    return any(c.dep_ in ("mark", "advmod") and c.lower_ in CIRCUMSTANCES for c in clause.children)


# roots whose object may be what is moved or withheld: troops, peacekeepers
MOVING = frozenset({"MOBILIZE", "RETREAT", "SANCTION", "AGREE", "THREATEN"})
# prepositions whose object an act that names no other recipient reaches
REACHING = UPON | {"with", "from", "of", "into", "about", "for", "under", "between", "among"}
WHERE = frozenset(
    {"in", "at", "from", "near", "across", "throughout", "along", "around", "outside", "inside", "off", "within", "on"}
)
MAX_AFFECTED = 6  # parties and things; more are a list
MAX_CLAUSES = 8  # words that complete one another


def _clause(match: Match) -> list[Token]:
    """The match's words and the verbs that complete them: "agreed to let them land", "a promise to help"."""
    found = [match.head, *(word for word in match.words if word is not match.head)]
    for word in found:
        if len(found) > MAX_CLAUSES:
            break
        for child in word.children:
            if child.i <= match.head.i or child in found:
                continue
            if child.dep_ in ("xcomp", "ccomp", "advcl", "acl") and (
                _is_infinitive(child) or child.tag_ in ("VBN", "VBG")
            ):
                found.append(child)
            elif child.dep_ == "prep":
                found += [c for c in child.children if c.dep_ == "pcomp"]
    return found


def _is_infinitive(verb: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)


def _targets(word: Token, match: Match) -> Iterator[tuple[Token, bool]]:
    """(noun that an act reaches by way of the word, whether as its object)."""
    for child in word.children:
        if child in match.words:
            continue
        if child.dep_ in ("dobj", "dative") and child.pos_ != "ADP":
            yield child, child.dep_ == "dobj" and word in match.words
        elif (child.dep_ == "pobj" and word in match.words) or (
            child.dep_ == "nsubj" and word is not match.head and child.i > match.head.i
        ):
            yield child, False
        elif child.dep_ in ("ccomp", "xcomp"):
            # "asked that Peru be let in", "let the airlines land"
            yield from ((c, False) for c in child.children if c.dep_ == "nsubj" and c.i > word.i)
    yield from ((inner, False) for _, inner in objects_of(word, REACHING) if inner not in match.words)


def _is_means(match: Match, noun: Token, parties: Sequence[Named]) -> bool:
    """Whether an object is the actor's own force or arms: "withdrew its troops", "mobilized the army"; not who is set free."""
    if match.trigger.plover not in MOVING or match.trigger.mode == "release":
        return False
    if agent_kinds().get(noun.lemma_.lower()) in ("armed", "weapon"):
        return not any(c.dep_ in ("amod", "nmod", "compound") and c.ent_type_ in ("NORP", "GPE") for c in noun.children)
    return bool(parties) and all(party.agent == "armed" and party.kind == "group" for party in parties)


def is_met(finder: PartyFinder, match: Match, actors: Sequence[Named], recipients: Sequence[Named]) -> bool:
    """Whether the parties are those that the trigger needs to be an event."""
    needs, head = match.trigger.needs, match.head
    anyone = [*actors, *recipients]
    if not needs:
        return True
    if needs == "both":
        return bool(actors and recipients) or (match.trigger.frame == "meet" and _several(anyone))
    if needs == "two":
        return _several(anyone)
    if needs == "actor":
        return bool(actors) or (bool(recipients) and _is_someone(subject_of(head)))
    if needs == "recipient":
        return bool(recipients)
    if needs == "armed":
        return any(_is_armed(a) for a in actors) or (any(a.kind == "name" for a in actors) and bool(recipients))
    if needs == "harm":
        return bool(recipients) or any(_is_armed(a) for a in actors)
    if needs == "people":
        return any(r.kind == "group" and r.agent == "people" for r in recipients)
    if needs == "captive":
        return bool(recipients) and any(r.kind != "thing" for r in recipients)
    if needs == "weapon":
        subject, _ = subject_of(head)
        return subject is not None and bool(recipients) and agent_kinds().get(subject.lemma_.lower()) == "weapon"
    if needs == "called":
        # "called him a liar", "called for", "called him up" are something else
        named = any(c.dep_ in ("acomp", "ccomp", "prt") or c.lower_ in ("for", "to", "upon") for c in head.children)
        return _several(anyone) and not named and all(p.kind == "person" for p in anyone)
    if needs == "land":
        subject, passive = subject_of(head)
        objects = [c for c in head.children if c.dep_ == "dobj"] or (
            [subject] if passive and subject is not None else []
        )
        return bool(anyone) and any(o.lemma_.lower() in LANDS or finder.is_place(o) for o in objects)
    if needs == "soldiers":
        return any(_is_armed(a) for a in actors)
    if needs == "infinitive":
        asked = [c for c in head.children if c.dep_ in ("xcomp", "ccomp", "advcl") and c.i > head.i]
        known = bool(actors) or (bool(recipients) and _is_someone(subject_of(head)))
        return known and any(g.lower_ == "to" and g.dep_ == "aux" for c in asked for g in c.children)
    if needs == "three":
        return len({p.name for p in anyone}) > 2  # noqa: PLR2004  # the mediator and both sides
    if needs == "cause":
        causes = any(c.dep_ == "dobj" and c.lemma_ in CAUSES for c in head.children)
        return bool(actors) and (bool(recipients) or causes)
    if needs == "claim":
        # who is dismissed lost an office; what is dismissed was rejected
        return bool(actors) and not any(
            c.dep_ == "dobj" and (c.lemma_.lower() in agent_kinds() or finder.parties(c))
            for c in head.children
            if c.pos_ == "PROPN" or c.lemma_.lower() in agent_kinds()
        )
    if needs == "gift":
        given = any(c.dep_ == "dobj" for c in head.children)
        return bool(actors) and given and any(r.kind in ("name", "person", "group") for r in recipients)
    if needs == "handed":
        handed = [c for c in head.children if c.dep_ in ("dobj", "nsubjpass")]
        # a parse often hangs "to the museum" on the words before it
        return bool(handed and actors) and any(c.lower_ == "to" for word in (head, *handed) for c in word.children)
    if needs == "statesman":
        return any(a.kind == "person" or a.agent == "state" for a in actors) and any(
            r.kind == "name" for r in recipients
        )
    if needs == "persons":
        return bool(actors) and any(r.kind in ("person", "group") for r in recipients)
    if needs == "person":
        return any(r.kind in ("person", "group") for r in recipients)
    if needs == "crowd":
        return any(a.kind == "group" and a.agent == "people" for a in actors)
    if needs == "workers":
        return not recipients and any(a.kind == "group" and a.agent == "people" for a in actors)
    if needs == "states":
        return bool(actors) and len({p.name for p in anyone if p.kind in ("name", "person")}) > 1
    if needs == "poss":
        return bool(actors) and any(c.dep_ in ("prep", "acl") for c in head.children)
    raise ValueError(f"event_triggers.csv: unknown need {needs!r}")


def _is_someone(subject: tuple[Token | None, bool]) -> bool:
    """Whether someone acts whose name the text keeps from us: "they urged Chad to disarm"."""
    word, passive = subject
    return word is not None and not passive and word.lower_ in ("he", "she", "they", "we", "it")


def tells(victim: Named) -> bool:
    """Whether who was harmed says something of the sides: "Iraqi soldiers" does, "three people" do not."""
    return victim.kind in ("name", "person", "thing") or victim.agent == "armed"


def _several(parties: Sequence[Named]) -> bool:
    return len({p.name for p in parties}) > 1


def _is_armed(party: Named) -> bool:
    return party.agent == "armed" or agent_kinds().get(party.agent) == "armed"


def _distinct(parties: Sequence[Named]) -> list[Named]:
    found: dict[str, Named] = {}
    for party in parties:
        found.setdefault(party.name, party)
    return list(found.values())
