"""What a parse says of a verb: its subject, its agent, what hangs on it by prepositions."""

from collections.abc import Iterator

from spacy.tokens import Token

RELATIVE = frozenset({"who", "which", "that", "whom"})
# the object of these does what completes them: "urged them to meet"
CONTROL = frozenset(
    {"urge", "ask", "order", "tell", "force", "press", "allow", "want", "call", "invite", "request", "persuade", "help"}
)
DASHES = frozenset({"-", "--", "–", "—"})
MAX_CLIMB = 12  # steps up a parse; deeper parses are broken


def subject_of(verb: Token) -> tuple[Token | None, bool]:
    """The verb's subject and whether it is what the act befalls (passive).

    Looked for with the verb itself, then with the clause that lends it one: the verb it is coordinated with, the noun
    that its relative or participle clause tells of, the verb that it completes.
    """
    seen: set[int] = set()
    passive = _is_passive(verb)
    while verb.i not in seen and len(seen) < MAX_CLIMB:
        seen.add(verb.i)
        subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "csubj")]
        if subjects:
            # the nearest: a parse takes the place of a dateline for one, too ("LIMA, Peru - The court has charged")
            subject = next((child for child in reversed(subjects) if child.i < verb.i), subjects[0])
            if subject.lower_ in RELATIVE and verb.dep_ == "relcl":
                return verb.head, passive
            return _behind_dateline(subject, verb), passive
        if verb.dep_ in ("relcl", "acl"):
            return verb.head, passive
        if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
            passive = passive or (verb.tag_ == "VBN" and _is_passive(verb.head))  # "were shot and wounded"
            verb = verb.head
        elif verb.dep_ == "xcomp" and verb.head.pos_ in ("VERB", "AUX", "ADJ"):
            # "urged them to meet": the object does it; "agreed to meet": the subject does
            holder = verb.head
            lent = next((c for c in holder.children if c.dep_ == "dobj"), None)
            if lent is not None and holder.lemma_ in CONTROL:
                return lent, passive
            verb = holder
        elif verb.dep_ in ("advcl", "pcomp") and not any(c.dep_ == "mark" for c in verb.children):
            verb = verb.head
            # "a day after killing": up to the clause that the words of time hang on
            while verb.pos_ not in ("VERB", "AUX") and verb.head.i != verb.i and verb.i not in seen:
                seen.add(verb.i)
                verb = verb.head
        elif verb.pos_ == "ADJ" and verb.dep_ == "acomp":
            verb = verb.head
        else:
            break
    return None, passive


def _behind_dateline(subject: Token, verb: Token) -> Token:
    """The subject; of "QUITO, Ecuador -- A court has ruled", where a parse takes the place for it, the court."""
    dashes = [c for c in subject.children if c.text in DASHES and subject.i < c.i < verb.i]
    if len(dashes) != 1 or subject.ent_type_ != "GPE" or subject.left_edge.i != subject.sent.start:
        return subject
    return next((c for c in subject.rights if c.dep_ == "appos" and dashes[0].i < c.i < verb.i), subject)


def agent_of(verb: Token) -> Token | None:
    """Who does what a passive verb tells."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def objects_of(token: Token, prepositions: frozenset[str]) -> Iterator[tuple[str, Token]]:
    """(preposition, its object) for each of the given prepositions that hangs on the token."""
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative") and child.lower_ in prepositions:
            for inner in child.children:
                if inner.dep_ == "pobj":
                    yield child.lower_, inner
                elif inner.dep_ == "prep" and child.lower_ in ("along", "together", "ahead"):
                    yield from objects_of(child, prepositions)


def _is_passive(verb: Token) -> bool:
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    # of "the teenager arrested on Monday is a student" a parse makes a clause for a subject
    bare = verb.dep_ == "csubj" and not any(c.dep_ == "aux" for c in verb.children)
    return verb.tag_ == "VBN" and (verb.dep_ == "acl" or bare)
