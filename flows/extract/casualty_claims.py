"""Who claims a casualty figure."""

from spacy.tokens import Token

from flows.extract.circumstances import fact_at, paragraph_at, words
from flows.extract.reading import Paragraph, Reading

# verbs whose subject vouches for the figure that they bring; narrower than words of saying: nobody "condemns" a figure
CLAIMING = words(
    "say tell report announce state confirm claim add note declare write tweet post reveal disclose acknowledge admit "
    "estimate allege put list count record document insist maintain believe"
)
MAX_STEPS = 40  # up the parse; only run-on text goes further


def claimant_of(reading: Reading, start: int, end: int, trigger: Token) -> str | None:
    """Who, by the text, says what the words from `start` to `end` state; None where the text states it as its own.

    That is the speaker of a quotation around the words, the object of "according to" in their sentence, the subject of a
    verb of claiming above them or at the sentence's end, or who sets a toll. A relative clause under such a verb is the
    writer's own background, so the climb ends at it.
    """
    quote = fact_at(reading.quotes, start)
    if quote is not None and end <= quote.end_char and quote.speaker:
        return without_article(quote.speaker)
    paragraph = paragraph_at(reading, start)
    if paragraph is None:
        return None
    source = _source_at_end(trigger) or _source_above(trigger)
    name = name_at(reading, paragraph, source) if source is not None else None
    return name if name is not None and any(map(str.isalpha, name)) else None  # no quote mark


def _source_above(trigger: Token) -> Token | None:
    """The claimant by the parse: on the way up from the trigger to the root of its sentence."""
    token = trigger
    for _ in range(MAX_STEPS):
        source = _according_to(token) or _parenthetical(token)
        if source is None and token.i != trigger.i and token.lemma_ in CLAIMING and token.pos_ == "VERB":
            source = _subject(token)
        if source is None and trigger.lower_ in TOLLS and token.lemma_ in SETTING:
            source = _subject(token)
        if source is not None:
            return source
        if token.dep_ == "relcl" or token.head.i == token.i:
            return None
        token = token.head
    return None


def _subject(verb: Token) -> Token | None:
    """The subject of the verb; of a participle the noun it describes, or the subject of the verb it goes with."""
    own = [c for c in verb.children if c.dep_ == "nsubj"]
    if own:
        # of two the nearer one: "fighters broke in, activists said"
        return own[-1]
    if verb.tag_ == "VBG" and verb.i > verb.sent.start + 1:
        # "..., the army denied it, saying ..." is the subject's, "with the army, saying" the army's
        beside = verb.nbor(-2) if verb.nbor(-1).lower_ == "," else verb.nbor(-1)
        if beside.pos_ in ("NOUN", "PROPN") and beside.dep_ == "pobj" and beside.head.lower_ == "with":
            return beside
        return next((c for c in verb.head.children if c.dep_ == "nsubj" and c.i < verb.i), None)
    if verb.dep_ == "conj":
        return next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
    return None


def _according_to(verb: Token) -> Token | None:
    """Z of "according to Z" hung on the verb."""
    for child in verb.children:
        if child.lower_ == "according":
            for to in child.children:
                for noun in to.children:
                    if noun.dep_ == "pobj":
                        return noun
    return None


def _parenthetical(verb: Token) -> Token | None:
    """Z of ", Z said" hung on the verb."""
    for child in verb.children:
        if child.dep_ in ("parataxis", "ccomp") and child.lemma_ in CLAIMING and child.i > verb.i:
            return next((noun for noun in child.children if noun.dep_ == "nsubj"), None)
    return None


def _source_at_end(trigger: Token) -> Token | None:
    """Z of ", Z said." or ", according to Z." at the end of the sentence, where the parse has hung it elsewhere."""
    sentence = trigger.sent
    tail = [t for t in sentence[-MAX_TAIL:] if t.i > trigger.i]
    for token in tail:
        if token.lower_ == "according" and token.nbor(-1).lower_ == ",":
            return next((t for t in tail if t.dep_ == "pobj" and t.i > token.i + 1), None)
    verbs = [t for t in tail if t.pos_ == "VERB" and t.lemma_ in CLAIMING and t.tag_ in ("VBD", "VBZ", "VBP")]
    if not verbs:
        return None
    said = verbs[-1]
    commas = [t for t in tail if t.i < said.i and t.lower_ == ","]
    if not commas or any(t.pos_ in ("VERB", "AUX") for t in sentence.doc[said.i + 1 : sentence.end]):
        return None
    named = sentence.doc[commas[-1].i + 1 : said.i]
    if not len(named) or any(t.pos_ in ("VERB", "AUX") for t in named):
        return None
    return named.root


MAX_TAIL = 25  # tokens at a sentence's end in which its source may stand
TOLLS = words("toll number tally")
SETTING = words("put revise raise lower set estimate update bring place")


def name_at(reading: Reading, paragraph: Paragraph, noun: Token) -> str | None:
    """The fullest name or description of what the noun stands for; None for a pronoun that stands for nothing known."""
    at = paragraph.start_char + noun.idx
    reference = fact_at(reading.references, at)
    if reference is not None:
        return " and ".join(reference.names)
    for named in (*(c for c in noun.children if c.dep_ == "appos"), noun):
        mention = fact_at(reading.mentions, paragraph.start_char + named.idx)
        if mention is None:
            continue
        if mention.entity_type == "PERSON":
            return mention.name
        whole = paragraph.start_char + noun.doc[noun.left_edge.i].idx >= mention.start_char
        if named.i == noun.i and whole and mention.entity_type in ("ORG", "GPE"):
            return mention.name
    return None if noun.pos_ == "PRON" else _phrase(noun)


def _phrase(noun: Token) -> str:
    """The noun with what stands before it and its own "of" or "in", without article."""
    doc = noun.doc
    first, last = noun.left_edge.i, noun.i + 1
    for child in noun.children:
        if child.i == last and child.lower_ in ("of", "in", "for", "at", "with"):
            last = child.right_edge.i + 1
            for token in child.subtree:
                if token.dep_ in ("relcl", "acl", "appos") or token.lower_ in (",", "(", "—", "–"):
                    last = max(token.left_edge.i, noun.i + 1)
                    break
    while first < noun.i and doc[first].pos_ in ("DET", "PUNCT", "SCONJ", "CCONJ", "ADP", "ADV"):
        first += 1
    return doc[first:last].text.strip()


def without_article(phrase: str) -> str:
    """The phrase without its article.

    >>> without_article("the army spokesman")
    'army spokesman'
    """
    head, _, rest = phrase.partition(" ")
    return rest if head.lower() in ("the", "a", "an") and rest else phrase
