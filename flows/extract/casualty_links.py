"""What befell whom: ties a word that tells of casualties to the words for its victims, by the grammar of the sentence.

Two readings complement each other. The parse ties subjects and objects over any distance; where it errs (headlines,
elided nouns, long coordinations) the plain order of words does: "12 dead, 30 injured", "killing at least 19".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from flows.extract.casualty_counts import Count
from flows.extract.circumstances import words
from flows.text.reference import reference_rows


@dataclass(frozen=True)
class Link:
    """A victim tied to what befell it.

    Attributes:
        kind: killed, wounded, missing, captured or displaced.
        trigger: the word that says so.
        victim: the head of the words for the victims; the number itself where the noun is left out.
        count: the count of them; None for a single victim without a number.
        feared: whether the text only fears it.
    """

    kind: str
    trigger: Token
    victim: Token
    count: Count | None
    feared: bool = False


def _table(use: str) -> dict[str, str]:
    return {row["word"]: row["kind"] for row in reference_rows("casualty_words.csv") if row["use"] == use}


DOES = _table("does")
SUFFERS = _table("suffers")
STATE = _table("state")
VICTIMS = _table("victims")
HAPPENING = _table("happening")
TAKEN = _table("taken")
PERSON = _table("person")
THING = _table("thing")

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
RELATIVE = words("who that which whom")
PARTICIPLES = ("VBN", "VBD")

# "could kill", "will die": what has not happened. With "have" the first three tell of what is feared to have happened.
HYPOTHETICAL = words("could may might would can ca will wo shall should must 'll 'd")
PERHAPS = words("could may might")
FEARING = words("fear believe presume think suspect")
# "was reported killed", "are believed to have died", "remain missing": the subject of these is the sufferer
COPULAS = words(
    "be remain go get report list declare pronounce find confirm fear believe presume think say know lie leave"
)
AFTER_INFINITIVE = words(
    "manage continue go begin start proceed seem appear report say believe fear think know confirm"
)
CONDITIONS = words("if unless lest without until whether")
TAKING = words("take hold seize capture keep grab")
HOMES = words("home house village town city country land area")
EXACTING = words("claim cost take")
BODY_VERBS = words(
    "find recover discover retrieve pull exhume identify bury bring dump receive count unearth see lie collect hand "
    "remove return carry litter"
)
RATES = words("every each per daily hourly weekly monthly yearly")
NEGATIVE = words("no not never none nobody n't without neither nor")
WITH_DOWN = words("gun mow strike shoot")

MAX_STEPS = 40  # up or along the parse; only run-on text without punctuation goes further


def links_of(doc: Doc, counts: list[Count]) -> list[Link]:
    """Every victim phrase with what befell it, counts first by the parse, then by the order of words; in text order."""
    by_token = {count.number.i: count for count in counts}
    found: list[Link] = []
    for trigger, kind, victim in _sufferings(doc):
        feared = _standing(trigger)
        if feared is None:
            continue
        for part in _coordinated(victim):
            if _is_thing(part, kind):
                continue
            own = _counts_in(part, counts, by_token)
            found.extend(Link(kind, trigger, part, count, feared) for count in own)
            if not own and is_single(part, trigger):
                found.append(Link(kind, trigger, part, None, feared))
    found += _by_order(doc, counts, {link.count.first for link in found if link.count})
    found = _without_weaker(found)
    found += _by_company(doc, counts, found)
    return sorted(
        _distinct(found), key=lambda link: (link.count.first if link.count else link.victim.i, link.trigger.i)
    )


def _distinct(links: list[Link]) -> Iterator[Link]:
    seen = set()
    for link in links:
        key = (link.kind, link.count.first if link.count else -link.victim.i - 1)
        if key not in seen:
            seen.add(key)
            yield link


def _without_weaker(links: list[Link]) -> list[Link]:
    """Without what a plainer word on the same count overrules.

    "12 refugees were killed" counts no displaced, "arrested 30 wounded" no wounded: a noun that is a casualty by itself
    yields to a verb. "20 killed or wounded" counts neither kind.
    """
    verbal = {link.count.first for link in links if link.count and link.trigger.i != link.victim.i}
    kept = [
        link for link in links if not link.count or link.trigger.i != link.victim.i or link.count.first not in verbal
    ]
    return [link for link in kept if not _is_mixed(link.trigger)]


def _is_mixed(trigger: Token) -> bool:
    """Whether the word shares its victims with one of another kind: "killed or wounded 40", "killed and injured in"."""
    own = DOES.get(trigger.lemma_)
    for other in [trigger.head] if trigger.dep_ == "conj" else [c for c in trigger.children if c.dep_ == "conj"]:
        theirs = DOES.get(other.lemma_)
        if (
            own in ("killed", "wounded")
            and theirs in ("killed", "wounded")
            and own != theirs
            and abs(other.i - trigger.i) == 2
        ):
            return trigger.lemma_ != "shoot" and other.lemma_ != "shoot"
    return False


# ---------------------------------------------------------------------------------------------- by the parse


def _sufferings(doc: Doc) -> Iterator[tuple[Token, str, Token]]:
    """(trigger, kind, victim) for every tie that the parse shows."""
    for token in doc:
        if token.tag_.startswith("VB"):
            yield from _of_verb(token)
        if token.lower_ in STATE:
            yield from _of_state(token, STATE[token.lower_])
        if token.pos_ in ("NOUN", "PROPN", "ADJ", "VERB"):
            yield from _of_noun(token)


def _of_verb(verb: Token) -> Iterator[tuple[Token, str, Token]]:
    lemma = verb.lemma_.lower()
    kind = _kind_of_doing(verb, lemma)
    if kind:
        for victim in _sufferers(verb):
            yield verb, kind, victim
    elif lemma in SUFFERS and (SUFFERS[lemma] != "displaced" or _flees_home(verb)):
        for victim in _subjects(verb):
            yield verb, SUFFERS[lemma], victim
    elif lemma == "lose":
        for victim in _lost(verb):
            yield verb, "killed", victim
    elif lemma in EXACTING:
        for life in _objects(verb):
            if life.lemma_ == "life":
                yield verb, "killed", _of_which(life) or life
    if lemma in TAKING:
        for victim in _sufferers(verb):
            if victim.lemma_ in TAKEN:
                yield verb, "captured", victim


def _kind_of_doing(verb: Token, lemma: str) -> str | None:
    """What the verb does to its object, by itself or with its particles; None if it does no such thing."""
    children = list(verb.children)
    words = {child.lower_ for child in children}
    if any(c.lower_ == "to" and any(g.lower_ == "death" for g in c.children) for c in children):
        return "killed"
    if "down" in words and lemma in WITH_DOWN:
        return None if lemma in ("shoot", "strike") else "killed"
    if lemma == "shoot":
        after = verb.nbor(1).lower_ if verb.i + 1 < len(verb.doc) else ""
        if words & {"dead", "fatally"} or after == "dead":
            return "killed"
        if "at" in words or any(c.dep_ == "conj" and c.lemma_ in DOES for c in children):
            return None
    if lemma in ("take", "hold", "seize", "keep") and (
        words & {"hostage", "prisoner", "captive"}
        or any(c.lower_ in ("into", "in") and any(g.lower_ == "custody" for g in c.children) for c in children)
    ):
        return "captured"
    if lemma in ("force", "drive") and _from_home(verb):
        return "displaced"
    return DOES.get(lemma)


def _from_home(verb: Token) -> bool:
    for child in verb.children:
        if child.dep_ == "xcomp" and child.lemma_ in ("flee", "leave", "abandon", "evacuate"):
            return True
        if child.lower_ in ("from", "out") and any(t.lemma_ in HOMES for t in child.subtree):
            return True
    return False


def _flees_home(verb: Token) -> bool:
    """Whether who flees leaves a home or a war, not a jail or a battlefield."""
    if any(
        s.lemma_ in ("soldier", "fighter", "inmate", "prisoner", "gunman", "suspect", "attacker")
        for s in _subjects(verb)
    ):
        return False
    return verb.head.lemma_ not in ("force",)


def _sufferers(verb: Token) -> list[Token]:
    """Object of the active, subject of the passive; of a participle the noun it describes."""
    objects = [o for o in _objects(verb) if o.lower_ not in ("hostage", "prisoner", "captive")]
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)
    if passive:
        return _subjects(verb)
    if objects:
        return objects
    if verb.tag_ not in PARTICIPLES:
        return []
    if verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN":
        return [verb.head] if verb.dep_ == "acl" or verb.head.pos_ == "NUM" else []
    return _subjects(verb)


def _objects(verb: Token) -> list[Token]:
    return [_resolved(c, verb) for c in verb.children if c.dep_ in ("dobj", "dative") and c.pos_ != "ADP"]


def _subjects(verb: Token) -> list[Token]:
    """Subjects of the verb; a verb without one shares that of the verb it is joined to or hangs on."""
    for _ in range(MAX_STEPS):
        own = [_resolved(c, verb) for c in verb.children if c.dep_ in SUBJECTS]
        if own:
            return own
        if verb.dep_ == "acl":
            return [verb.head]
        joined = verb.dep_ == "conj" or (
            verb.dep_ in ("xcomp", "oprd", "acomp", "ccomp") and verb.head.lemma_ in COPULAS
        )
        if not joined or verb.head.i == verb.i:
            return []
        if verb.dep_ == "conj" and verb.tag_ == "VBN" and _objects(verb.head) and not _is_passive(verb.head):
            return []
        verb = verb.head
    return []


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def _resolved(token: Token, verb: Token) -> Token:
    """The noun that a relative pronoun stands for."""
    if token.lower_ in RELATIVE and token.tag_ in ("WDT", "WP", "IN"):
        clause = verb
        for _ in range(MAX_STEPS):
            if clause.dep_ == "relcl":
                return clause.head
            if clause.dep_ not in ("conj", "ccomp", "xcomp"):
                break
            clause = clause.head
    return token


def _lost(verb: Token) -> list[Token]:
    objects = _objects(verb)
    lives = [o for o in objects if o.lemma_ == "life"]
    if lives:
        # "lost their lives" tells of the subject, "lost 30 lives" of the lives
        owned = any(c.dep_ == "poss" for c in lives[0].children)
        return _subjects(verb) if owned else [_of_which(lives[0]) or lives[0]]
    if _is_passive(verb):
        return [s for s in _subjects(verb) if is_person(s) or s.lemma_ == "life"]
    return [o for o in objects if is_person(o) and any(c.dep_ == "nummod" for c in o.children)]


def _of_state(word: Token, kind: str) -> Iterator[tuple[Token, str, Token]]:
    """Of "dead" and its like as an adjective: what it is said of."""
    if word.tag_.startswith("VB") and word.lemma_ in DOES:
        return
    own = [c for c in word.children if c.dep_ in SUBJECTS]
    if own:
        for subject in own:
            yield word, kind, _resolved(subject, word)
    elif (
        word.dep_ == "amod"
        and (word.head.pos_ in ("NUM", "NOUN", "PROPN"))
        and (word.head.i < word.i or kind != "missing")
    ):
        yield word, kind, word.head
    elif word.dep_ in ("acomp", "oprd", "xcomp", "advcl", "ccomp", "dep", "conj") and word.head.lemma_ in COPULAS:
        held = _objects(word.head) if word.head.lemma_ in ("leave", "find") and not _is_passive(word.head) else []
        for victim in held or _subjects(word.head):
            yield word, kind, victim


def _of_noun(noun: Token) -> Iterator[tuple[Token, str, Token]]:
    lemma = noun.lemma_.lower()
    if lemma in VICTIMS or noun.lower_ in VICTIMS:
        kind = VICTIMS.get(lemma) or VICTIMS[noun.lower_]
        if noun.dep_ not in ("compound", "amod", "nmod") and not noun.tag_.startswith("VB"):
            yield noun, kind, noun
    if lemma == "body" and (
        noun.head.lemma_ in BODY_VERBS or _of_which(noun) or any(c.lemma_ in BODY_VERBS for c in noun.children)
    ):
        yield noun, "killed", noun
    if noun.pos_ in ("NOUN", "PROPN") and lemma in HAPPENING:
        victim = _of_which(noun)
        if victim is not None:
            yield noun, HAPPENING[lemma], victim


def _of_which(noun: Token) -> Token | None:
    """The object of the noun's own "of"."""
    for child in noun.children:
        if child.lower_ == "of":
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return grandchild
    return None


def _coordinated(victim: Token) -> list[Token]:
    """The victim and those joined to it, unless what is joined has a fate of its own ("12 dead and 30 wounded")."""
    found: list[Token] = []
    waiting = [victim]
    while waiting and len(found) < MAX_STEPS:
        token = waiting.pop(0)
        found.append(token)
        waiting += [
            c
            for c in token.children
            if c.dep_ == "conj" and c.lower_ not in STATE and c.pos_ != "VERB" and c.lemma_ not in VICTIMS
        ]
    return found


def _standing(trigger: Token) -> bool | None:
    """Whether the text states what the trigger says as feared only; None if it denies it or has not happened."""
    feared = False
    token = trigger
    for step in range(MAX_STEPS):
        lowers = [c for c in token.children if c.dep_ in ("aux", "auxpass", "neg", "mark", "det", "advmod")]
        if any(c.dep_ == "neg" or (c.dep_ == "det" and c.lower_ in ("no", "neither")) for c in lowers):
            return None
        auxiliaries = {c.lower_ for c in lowers if c.dep_ in ("aux", "auxpass")}
        modal = auxiliaries & HYPOTHETICAL
        if modal and not (modal <= PERHAPS and "have" in auxiliaries):
            return None
        feared = feared or bool(modal)
        if any(c.dep_ == "mark" and c.lower_ in CONDITIONS for c in lowers):
            return None
        if (
            token.tag_ == "VB"
            and "to" in auxiliaries
            and "have" not in auxiliaries
            and token.head.lemma_ not in AFTER_INFINITIVE
        ):
            return None
        if token.dep_ == "pcomp" and token.head.lower_ in CONDITIONS:
            return None
        # what a verb is joined to or said of carries over: "could kill or wound", "feared killed"
        if token.dep_ in ("conj", "xcomp", "oprd", "acomp") or (token.dep_ == "ccomp" and step == 0):
            if token.head.lemma_ in FEARING and token.dep_ != "conj":
                feared = True
            if token.dep_ == "ccomp" or not token.head.tag_.startswith("VB"):
                break
            if token.dep_ == "conj" and any(c.dep_ in SUBJECTS for c in token.children):
                break
            token = token.head
            continue
        break
    return feared


def _counts_in(victim: Token, counts: list[Count], by_token: dict[int, Count]) -> list[Count]:
    """The counts that number the victim: it is one, one stands in its phrase, or it is a share of ("a total of 17")."""
    if victim.i in by_token:
        return [by_token[victim.i]]
    left = max(victim.left_edge.i, victim.i - MAX_STEPS)
    inside = [c for c in counts if left <= c.number.i < victim.i and _numbers(c.number, victim)]
    if inside:
        return inside[-1:]
    part = _of_which(victim)
    if part is not None and victim.lemma_ in (
        "total",
        "group",
        "number",
        "toll",
        "average",
        "body",
        "life",
        "some",
        "crowd",
        "convoy",
        "crew",
        "team",
        "series",
    ):
        return _counts_in(part, counts, by_token) if part.i != victim.i else []
    return []


def _numbers(number: Token, noun: Token) -> bool:
    """Whether the number belongs to the noun: from it up the parse by words of number alone."""
    for _ in range(MAX_STEPS):
        if number.head.i == noun.i and number.dep_ in (
            "nummod",
            "quantmod",
            "compound",
            "amod",
            "advmod",
            "det",
            "nmod",
            "npadvmod",
            "poss",
        ):
            return number.dep_ != "npadvmod"
        if number.dep_ not in ("nummod", "quantmod", "compound", "amod", "advmod", "nmod"):
            return False
        number = number.head
    return False


def _is_thing(victim: Token, kind: str) -> bool:
    noun = victim
    part = _of_which(victim)
    if victim.pos_ == "NUM" or victim.lemma_ in ("dozen", "score", "hundred", "thousand", "million", "total", "number"):
        noun = part if part is not None else victim
    if noun.lemma_.lower() in THING:
        return True
    if kind in ("captured", "missing") and noun.pos_ == "NOUN" and noun.i != victim.i:
        return not is_person(noun)
    return kind in ("captured", "missing") and noun.pos_ == "NOUN" and not is_person(noun)


def is_person(token: Token) -> bool:
    """Whether the noun is one of people, by the reference table or by its ending."""
    lemma = token.lemma_.lower()
    return (
        lemma in PERSON
        or lemma in TAKEN
        or token.ent_type_ in ("PERSON", "NORP")
        or lemma.rsplit("-", 1)[-1] in PERSON
        or lemma.endswith(("man", "men", "woman", "women"))
        or token.pos_ in ("PRON", "NUM")
        or token.lower_ in ("others", "dozens", "scores", "hundreds", "thousands", "civilians", "troops")
    )


SINGULAR_PRONOUNS = words("he she him her someone somebody")
NO_ONE_IN_PARTICULAR = words(
    "no any each every either neither both all many several some most these those few what which whose"
)


def is_single(victim: Token, trigger: Token) -> bool:
    """Whether the words tell of one person: a name, a pronoun, or a singular noun of people ("a policeman")."""
    if trigger.i == victim.i:
        return False
    if victim.lower_ in SINGULAR_PRONOUNS:
        return True
    if victim.lower_ in ("another", "one"):
        return True
    if any(c.lower_ in NO_ONE_IN_PARTICULAR for c in victim.children if c.dep_ in ("det", "amod", "poss")):
        return False
    if victim.pos_ == "PROPN":
        return victim.ent_type_ == "PERSON" and victim.tag_ == "NNP"
    return victim.tag_ == "NN" and victim.lemma_.lower() != "people" and is_person(victim)


# ---------------------------------------------------------------------------------------------- by the order of words

_BETWEEN_NOUN_AND_VERB = words(
    "have has had been were was are is be being reportedly also already later now then still so far confirmed reported "
    "feared believed others more people left got all alone today yesterday and/or"
)
_NOUNISH = ("NOUN", "PROPN", "ADJ", "DET", "NUM", "PART")
MAX_NOUN_PHRASE = 8  # tokens between a number and the verb or adjective that tells the fate of what it counts
MAX_BEFORE_NUMBER = 4


def _by_order(doc: Doc, counts: list[Count], linked: set[int]) -> list[Link]:
    """Ties for counts that the parse left alone, from what stands right before and right behind."""
    found = []
    for count in counts:
        if count.first in linked:
            continue
        link = _toll(doc, count) or _behind(doc, count) or _before(doc, count)
        if link is not None:
            found.append(link)
    return found


def _noun_of(doc: Doc, count: Count) -> Token:
    """The last noun of the run that follows the number, the number itself without one."""
    head = count.number
    for token in doc[count.last : count.last + MAX_NOUN_PHRASE]:
        if token.pos_ not in ("NOUN", "PROPN", "ADJ") and token.lower_ not in ("of", "the", "-", "other", "more"):
            break
        if token.lower_ in STATE or token.is_sent_start:
            break
        if token.pos_ in ("NOUN", "PROPN"):
            head = token
    return head


def _behind(doc: Doc, count: Count) -> Link | None:
    """ "12 dead", "17 others hurt", "30 people have been wounded" """
    at = count.last
    limit = min(at + MAX_NOUN_PHRASE, len(doc))
    while at < limit:
        token = doc[at]
        lower, lemma = token.lower_, token.lemma_.lower()
        if token.is_sent_start and at > count.last:
            return None
        kind = STATE.get(lower)
        if kind is None and token.tag_ in PARTICIPLES:
            kind = DOES.get(lemma) or SUFFERS.get(lemma)
        if kind is not None:
            nxt = doc[at + 1] if at + 1 < len(doc) else None
            helped = any(t.lower_ in ("been", "were", "was", "are", "being", "is") for t in doc[count.last : at])
            if (
                nxt is not None
                and not helped
                and lemma not in SUFFERS
                and nxt.pos_ in ("NOUN", "PROPN", "NUM", "DET", "PRON", "ADJ")
            ):
                return None
            noun = _noun_of(doc, count)
            feared = _standing(token)
            if feared is None or _is_thing(noun, kind):
                return None
            return Link(kind, token, noun, count, feared or doc[at - 1].lower_ in ("feared", "believed", "presumed"))
        if token.pos_ not in _NOUNISH and lower not in _BETWEEN_NOUN_AND_VERB and lower not in ("of", "from", "-"):
            return None
        at += 1
    return None


def _before(doc: Doc, count: Count) -> Link | None:
    """ "killing at least 19", "killed: 40", "wounded another 12" """
    at = count.first - 1
    noun = _noun_of(doc, count)
    for token in (doc[i] for i in range(at, max(at - MAX_BEFORE_NUMBER, -1), -1)):
        lower, lemma = token.lower_, token.lemma_.lower()
        kind = DOES.get(lemma) if token.tag_.startswith("VB") else STATE.get(lower)
        if kind is not None:
            colon = doc[token.i + 1].lower_ in (":", "-", "–", "—")
            if not colon and (lower in ("dead", "missing", "homeless", "captive") or _is_passive(token)):
                return None
            feared = _standing(token)
            if feared is None or _is_thing(noun, kind) or (noun.i == count.number.i and _starts_time(doc, count)):
                return None
            return Link(kind, token, noun, count, feared)
        if VICTIMS.get(lemma) and doc[token.i + 1].lower_ in (":", "-", "–", "—"):
            return Link(VICTIMS[lemma], token, noun, count)
        if token.pos_ not in ("ADV", "PUNCT", "DET", "ADJ", "SYM") or lower in (".", ",", ";"):
            return None
    return None


def _starts_time(doc: Doc, count: Count) -> bool:
    return count.last < len(doc) and doc[count.last].lemma_ in THING


MAX_TOLL = 20  # tokens from "toll" to its figure; "the death toll from the blast in the port of X had risen to 35"
_AT_TOLL = words(
    "to at of is was : as hit reached passed exceeded topped surpassed stands stood past near nearing - – —"
)


def _toll(doc: Doc, count: Count) -> Link | None:
    """ "the death toll rose to 35", "a toll of 12", "the number of people killed is more than 8,700" """
    head = doc[count.number.i]
    if count.first == 0 or doc[count.first - 1].lower_ not in _AT_TOLL and count.qualifier != "more_than":
        return None
    after = tuple(t.lower_ for t in doc[count.last : count.last + 2])
    if after[:1] == ("to",) and doc[count.first - 1].lower_ == "from":
        return None
    for token in (doc[i] for i in range(count.first - 1, max(count.first - MAX_TOLL, -1), -1)):
        lower = token.lower_
        if lower in (";", ".") or token.is_sent_start and lower not in ("toll", "number", "tally"):
            kind = _kind_of_toll(doc, token, count.first)
            return Link(kind, token, _noun_of(doc, count), count) if kind else None
        kind = _kind_of_toll(doc, token, count.first)
        if kind:
            noun = _noun_of(doc, count)
            return None if _is_thing(noun, kind) else Link(kind, token, noun, count)
    del head
    return None


def _kind_of_toll(doc: Doc, token: Token, end: int) -> str | None:
    if token.lower_ in ("toll", "tally"):
        before = doc[token.i - 1].lower_ if token.i else ""
        return {"death": "killed", "injury": "wounded", "casualty": None}.get(
            before, "killed" if before in ("the", "official", "total", "latest", "overall", "confirmed") else None
        )
    if token.lower_ == "number" and token.i + 1 < end and doc[token.i + 1].lower_ == "of":
        for other in doc[token.i + 2 : min(token.i + 7, end)]:
            kind = (
                DOES.get(other.lemma_)
                if other.tag_.startswith("VB")
                else STATE.get(other.lower_) or VICTIMS.get(other.lemma_)
            )
            if kind:
                return kind
    return None


# ---------------------------------------------------------------------------------------------- by the company kept

_JOINING = words(", and or plus including among them as well along with mostly of whom (")
MAX_JOINING = 5


def _by_company(doc: Doc, counts: list[Count], links: list[Link]) -> list[Link]:
    """Ties for counts joined to one that is tied: "killed 12 soldiers and 5 civilians", "19 people, including 17 tourists"."""
    by_first = {link.count.first: link for link in links if link.count}
    found = []
    for earlier, count in zip(counts, counts[1:], strict=False):
        link = by_first.get(earlier.first)
        if link is None or count.first in by_first:
            continue
        between = _gap(doc, link, count)
        if between is None:
            continue
        noun = _noun_of(doc, count)
        if _is_thing(noun, link.kind) or not (is_person(noun) or noun.i == count.number.i):
            continue
        new = Link(link.kind, link.trigger, noun, count, link.feared)
        by_first[count.first] = new
        found.append(new)
    return found


def _gap(doc: Doc, link: Link, count: Count) -> list[str] | None:
    """The words from the end of the linked phrase to the count if they only join the two."""
    assert link.count is not None  # noqa: S101 - by_first holds counted links alone
    end = max(link.count.last, link.victim.i + 1)
    if link.trigger.i >= end and link.trigger.i < count.first:
        end = link.trigger.i + 1
    words = [t.lower_ for t in doc[end : count.first]]
    if not words or len(words) > 12 or doc[count.first].sent.start > link.count.first:
        return None
    for opener in ("including", "among"):
        if opener in words:
            rest = words[words.index(opener) + 1 :]
            return (
                words
                if all(w in _JOINING or w in ("at", "least") for w in rest)
                and not any(
                    doc[i].pos_ == "VERB" and doc[i].lower_ not in ("including",) for i in range(end, count.first)
                )
                else None
            )
    return (
        words
        if len(words) <= MAX_JOINING and all(w in _JOINING for w in words) and link.trigger.i < count.first
        else None
    )
