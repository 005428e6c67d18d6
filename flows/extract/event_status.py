"""Whether the words of an event say that it happened, goes on, is to come, is asked for or denied."""

from spacy.tokens import Token

HAPPENED, ONGOING, PLANNED, CALLED_FOR, DENIED = "happened", "ongoing", "planned", "called_for", "denied"

FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo"})
UNREAL = frozenset({"may", "might", "could", "can", "would", "should", "must", "ought", "ca", "'d", "cannot"})
# verbs and adjectives that make the act they rule one to come
PLANNING = frozenset(
    {"plan", "due", "set", "schedule", "expect", "agree", "intend", "prepare", "promise", "pledge", "decide", "going",
     "arrange", "announce", "willing", "ready", "prepared", "propose", "offer", "slate", "vow", "be", "go"}
)  # fmt: skip
# and these leave it real: "began to withdraw", "forced to resign", "managed to seize"
REAL = frozenset(
    {"begin", "start", "continue", "manage", "force", "help", "keep", "resume", "cease", "stop", "proceed", "move", "rush",
     "go", "come", "be", "have", "use", "serve", "seem", "appear", "step", "finish"}
)  # fmt: skip
ASKING = frozenset(
    {"urge", "call", "ask", "demand", "request", "order", "appeal", "press", "beg", "implore", "exhort", "encourage",
     "propose", "suggest", "recommend", "advise", "want", "need", "seek", "insist", "plead", "instruct"}
)  # fmt: skip
ABANDONED = frozenset(
    {"deny", "refuse", "reject", "decline", "fail", "avoid", "prevent", "fear", "threaten", "warn", "vow", "hope", "prohibit",
     "ban", "bar", "block", "rule", "oppose", "wish", "try", "attempt", "accuse", "blame", "suspect", "plot", "aim"}
)  # fmt: skip
TRYING = frozenset({"try", "attempt"})
WISHING = frozenset({"hope", "wish", "want", "fear", "doubt", "believe", "think"})
WILLING = frozenset({"want", "wish", "intend", "agree", "plan", "ready", "willing", "prepared", "go"})
GATHERINGS = frozenset({"talk", "meeting", "summit", "visit", "negotiation", "consultation", "exercise", "drill"})
ANSWERING = frozenset({"responsible", "use", "capable"})  # "for attacks", "in attacks", "of attacks"
RUNNING = frozenset(
    {
        "lead",
        "plan",
        "coordinate",
        "direct",
        "conduct",
        "facilitate",
        "organize",
        "organise",
        "oversee",
        "order",
        "participate",
        "fund",
    }
)
HABIT_CLIMB = 5  # steps from "attacks" to "responsible" in "responsible for planning and conducting attacks"
OFFERING = frozenset({"promise", "pledge", "offer", "willing"})
DENYING = frozenset({"deny", "dispute", "refute"})
COMING = frozenset(
    {"planned", "upcoming", "forthcoming", "scheduled", "expected", "next", "future", "proposed", "possible"}
)
GOING_ON = frozenset({"ongoing", "continuing", "continued", "current", "protracted"})
GO_ON = frozenset({"continue", "rage", "go", "persist", "escalate", "proceed", "intensify", "keep"})
KEEPING_UP = frozenset({"continue", "keep"})
BEGINNING = frozenset({"begin", "start", "erupt", "break"})
SPANS = frozenset({"year", "month", "week", "day", "decade", "much", "most", "long", "hour"})
UNREAL_MARKS = frozenset({"if", "unless", "whether", "lest"})
ANNOUNCING = frozenset({"announce", "plan", "schedule", "propose", "arrange", "prepare", "expect", "promise", "pledge"})
# police announce these when they are done
ANNOUNCED_AFTER = frozenset(
    {"arrest", "capture", "detention", "apprehension", "seizure", "death", "killing", "conviction", "indictment", "extradition"}
)  # fmt: skip
SPEAKING = frozenset({"telephone", "phone", "call", "write", "speak", "tweet", "address"})
MAX_CLIMB = 8  # steps up from an event's word; what rules it from farther off seldom changes whether it happened


def status_of(head: Token, *, of_force: bool = False) -> str | None:
    """The status that the words give to the event under `head`; None if they make it no event at all (negated, if …).

    What is tried is done only `of_force`: who "tried to storm the palace" came at it.
    """
    if of_force and is_tried(head):
        tried = _verb_status(head.head)
        return ONGOING if tried == HAPPENED and _has_lasted(head) else tried
    return _noun_status(head) if head.pos_ in ("NOUN", "PROPN") else _verb_status(head)


def is_tried(verb: Token) -> bool:
    """Whether the words say that someone tries to do it."""
    return verb.dep_ == "xcomp" and verb.head.pos_ == "VERB" and verb.head.lemma_ in TRYING


def is_refused(verb: Token) -> bool:
    """Whether the words say that someone will not do it: "will not lift", "is not going to accept", "never agreed to"."""
    if verb.pos_ == "ADJ":
        # "is not ready to compromise"
        return any(child.dep_ == "neg" for child in verb.head.children)
    negated = any(child.dep_ == "neg" for child in verb.children)
    if is_unwilling(verb):
        return True
    if negated and verb.lemma_ in ("agree", "accept"):
        return True
    return negated and any(child.dep_ == "aux" and child.lower_ in FUTURE | {"wo", "would"} for child in verb.children)


def is_unwilling(verb: Token) -> bool:
    """Whether someone does not want to do it: "does not want to lift", "is not going to accept"."""
    wish = verb.head
    return (
        verb.dep_ == "xcomp" and wish.lemma_ in WILLING and any(child.dep_ == "neg" for child in _willer(wish).children)
    )


def status_of_refusal(verb: Token) -> str:
    """Whether a refusal is a stance that lasts ("does not want to lift") or was made once ("would not lift")."""
    if not is_unwilling(verb):
        return HAPPENED
    wish = _willer(verb.head)
    finite = next((child for child in wish.children if child.dep_ == "aux"), wish)
    return ONGOING if finite.tag_ in ("VBZ", "VBP") else HAPPENED


def is_announced(head: Token, plover: str) -> bool:
    """Whether the words only say that it will be done: "promised arms" (AID), "announced exercises" (MOBILIZE, CONSULT)."""
    if plover == "AID":
        return head.lemma_ in OFFERING
    return plover in ("MOBILIZE", "CONSULT") and head.lemma_ == "announce"


def is_set_in(noun: Token) -> bool:
    """Whether something else is told of as a part of it, and dated: of "will meet on Friday in a deal" the deal is made."""
    return noun.dep_ == "pobj" and noun.head.lower_ == "in" and noun.lemma_ not in GATHERINGS


def _willer(word: Token) -> Token:
    """The verb of "is not ready to", or the word itself where it is a verb."""
    return word.head if word.pos_ == "ADJ" else word


def _verb_status(verb: Token) -> str | None:
    if verb.pos_ == "ADJ":
        return None if any(child.dep_ == "neg" for child in verb.head.children) else HAPPENED
    if any(child.dep_ == "neg" or child.lower_ in ("never", "no", "neither", "nor") for child in verb.children):
        return None
    if any(child.dep_ == "mark" and child.lower_ in UNREAL_MARKS for child in verb.children):
        return None
    own = _own_status(verb)
    if own != HAPPENED:
        wished = verb.dep_ == "ccomp" and verb.head.lemma_ in WISHING
        return None if wished else own
    if any(
        c.dep_ in ("nsubj", "nsubjpass") and any(d.lower_ in ("no", "neither") for d in c.children)
        for c in verb.children
    ):
        return None
    governed = _governed(verb)
    if governed == HAPPENED and (_is_progressive(verb) or _has_lasted(verb) or _is_kept_up(verb)):
        return ONGOING
    return governed


def _own_status(verb: Token) -> str | None:
    auxiliaries = [child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if not auxiliaries and verb.dep_ == "conj":
        # "will meet the king and visit the mosque" shares its auxiliary
        inherited = [c.lower_ for c in verb.head.children if c.dep_ == "aux" and c.lower_ in FUTURE | UNREAL]
        if inherited and verb.tag_ == "VB":
            auxiliaries = inherited
    if any(word in FUTURE for word in auxiliaries):
        return PLANNED
    if any(word in UNREAL for word in auxiliaries):
        # "said it would keep hitting": what was to come when it was said
        return PLANNED if "would" in auxiliaries and verb.dep_ == "ccomp" else None
    return HAPPENED


def _is_progressive(verb: Token) -> bool:
    if verb.lemma_ in GO_ON and verb.lemma_ != "go":
        return True
    return verb.tag_ == "VBG" and any(c.dep_ == "aux" and c.lemma_ == "be" for c in verb.children)


def _governed(token: Token) -> str | None:
    """What the verbs above make of the act: "agreed to", "urged them to", "denied -ing"."""
    for _ in range(MAX_CLIMB):
        head = token.head
        if head.i == token.i:
            return HAPPENED
        infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)
        if token.dep_ in ("xcomp", "ccomp", "pcomp", "acl", "advcl", "prep", "pobj", "dobj", "conj"):
            lemma = head.lemma_.lower()
            if token.dep_ == "conj":
                token = head
                continue
            if lemma in DENYING and token.dep_ in ("xcomp", "ccomp", "pcomp", "dobj"):
                return DENIED
            if infinitive:
                if lemma in PLANNING and token.dep_ in ("xcomp", "ccomp", "acl"):
                    return PLANNED if _own_status(head) is not None else None
                if lemma in REAL:
                    if _own_status(head) != HAPPENED:
                        return _own_status(head)
                    token = head
                    continue
                if lemma in ASKING:
                    return CALLED_FOR
                if lemma in SPEAKING and token.dep_ in ("xcomp", "advcl"):
                    # "telephoned them to call for": what one speaks for is done by speaking
                    return _own_status(head)
                return None
            if lemma in ASKING and token.dep_ in ("ccomp", "pcomp", "dobj", "pobj"):
                return CALLED_FOR if lemma != "need" else None
            if lemma in ABANDONED and token.dep_ in ("xcomp", "pcomp"):
                return None
            if token.dep_ in ("xcomp", "pcomp") and head.pos_ in ("VERB", "AUX") and _own_status(head) != HAPPENED:
                return _own_status(head)
        if token.dep_ in ("relcl", "appos", "nsubj", "nsubjpass", "ROOT", "ccomp", "parataxis"):
            return HAPPENED
        token = head
    return HAPPENED


def _lasts(noun: Token) -> bool:
    """Whether it is said to go on: "talks (led by Oslo) since 1994", "shelling that has continued", "months into the siege"."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "since":
            return True
        if child.dep_ == "acl" and any(c.dep_ == "prep" and c.lower_ == "since" for c in child.children):
            return True
        if child.dep_ == "relcl" and child.lemma_ in GO_ON and is_perfect(child):
            return True
    into = noun.head if noun.dep_ == "pobj" else None
    return into is not None and into.lower_ == "into" and _is_led_by_span(into)


def _is_led_by_span(preposition: Token) -> bool:
    """Whether a span of time stands before the preposition: "eight months into"."""
    return preposition.i > 0 and preposition.nbor(-1).lemma_ in SPANS


def is_perfect(verb: Token) -> bool:
    """Whether the verb is in the present perfect: "has shelled"."""
    return any(child.dep_ == "aux" and child.lower_ in ("has", "have", "'ve", "’ve") for child in verb.children)


def _has_lasted(verb: Token) -> bool:
    """Whether it has been done all along: "has backed them for years", "have fought since May", "have tried to enter over the last days"."""
    tried = [verb.head] if verb.dep_ == "xcomp" and verb.head.lemma_ in TRYING else []
    words = [verb, *tried]
    if not any(is_perfect(word) for word in words):
        return False
    for child in (child for word in words for child in word.children if child.dep_ == "prep"):
        if child.lower_ == "since":
            return True
        # "has killed nine over the last year" is done, what is only tried goes on
        if (child.lower_ == "for" or (child.lower_ == "over" and tried)) and any(
            c.lemma_ in SPANS for c in child.children
        ):
            return True
    return False


def _is_kept_up(verb: Token) -> bool:
    """Whether it is done still: "continue to advance", "have kept shelling"; "continued to advance on Monday" is told as done."""
    rules = verb.head
    return (
        verb.dep_ == "xcomp"
        and rules.lemma_ in KEEPING_UP
        and (rules.tag_ in ("VBZ", "VBP", "VBG") or is_perfect(rules))
    )


def _is_habit(noun: Token) -> bool:
    """Whether the plural tells what somebody does or did for a living: "he leads attacks", "responsible for attacks on patrols"."""
    if any(child.dep_ in ("det", "poss", "nummod") for child in noun.children):
        return False
    token = noun
    for _ in range(HABIT_CLIMB):
        head = token.head
        if head.i == token.i or token.dep_ not in ("pobj", "dobj", "prep", "pcomp", "conj"):
            return False
        if head.lemma_ in ANSWERING:
            return True
        if head.pos_ == "VERB" and head.tag_ in ("VBZ", "VBP") and token.dep_ in ("dobj", "prep"):
            return head.lemma_ in RUNNING
        token = head
    return False


def _noun_status(noun: Token) -> str | None:
    words = [child.lower_ for child in noun.children if child.dep_ in ("amod", "compound", "det", "neg", "nmod")]
    if "no" in words or "any" in words:
        return None
    if noun.tag_ == "NNS" and _is_habit(noun):
        return None
    verb = noun.head
    if noun.dep_ == "pobj":
        if verb.head.lemma_ in ASKING and verb.lower_ == "for":
            return CALLED_FOR
        # "are due in Oslo for talks" is to come; of "combed the town after the clash" the clash is not
        coming = noun.lemma_ in GATHERINGS and (
            verb.lower_ in ("for", "to") and verb.head.pos_ in ("VERB", "AUX") and _own_status(verb.head) == PLANNED
        )
        if coming or any(word in COMING for word in words):
            return PLANNED
        return ONGOING if any(word in GOING_ON for word in words) or _lasts(noun) else HAPPENED
    if noun.dep_ == "dobj" and any(child.dep_ == "neg" for child in verb.children):
        return None
    if any(word in COMING for word in words):
        return PLANNED
    if any(word in GOING_ON for word in words) or _lasts(noun):
        return ONGOING
    if verb.pos_ not in ("VERB", "AUX"):
        return HAPPENED
    lemma = verb.lemma_.lower()
    if lemma in DENYING and noun.dep_ in ("dobj", "pobj"):
        return DENIED
    if lemma in ASKING and noun.dep_ in ("dobj", "pobj"):
        return CALLED_FOR
    if lemma in ABANDONED and noun.dep_ == "dobj":
        return None
    if lemma == "announce" and noun.lemma_ in ANNOUNCED_AFTER:
        return _verb_status(verb)
    if lemma in ANNOUNCING and noun.dep_ in ("dobj", "nsubjpass"):
        return PLANNED
    status = _verb_status(verb)
    if status == HAPPENED and noun.dep_ in ("nsubj", "nsubjpass"):
        # "nine have died since the war began"; "since a war broke out" may be of long ago
        since = "the" in words and any(child.dep_ == "mark" and child.lower_ == "since" for child in verb.children)
        if lemma in GO_ON or _is_progressive(verb) or (since and lemma in BEGINNING):
            return ONGOING
    return status
