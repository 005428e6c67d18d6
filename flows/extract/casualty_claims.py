"""Who claims a casualty figure, and which country or group the victims belong to."""

from functools import cache

from spacy.tokens import Token

from flows.extract.circumstances import is_location, paragraph_at, sentence_bounds, words
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.text.reference import reference_rows

# verbs whose subject vouches for the figure that they bring; narrower than words of saying: nobody "condemns" a figure
CLAIMING = words(
    "say tell report announce state confirm claim add note declare write tweet post reveal disclose acknowledge admit "
    "estimate allege put list count record document insist maintain believe"
)
MAX_STEPS = 40  # up the parse; only run-on text goes further
NATIONAL_TYPES = ("NORP", "GPE", "LOC", "ORG")


def claimant_of(reading: Reading, start: int, end: int, trigger: Token) -> str | None:
    """Who, by the text, says what the words from `start` to `end` state; None where the text states it as its own.

    That is the speaker of a quotation around the words, the object of "according to" in their sentence, or the subject
    of a verb of claiming above them. A relative clause under such a verb is the writer's own background, so the climb
    ends at it.
    """
    for quote in reading.quotes:
        if quote.start_char <= start and end <= quote.end_char and quote.speaker:
            return quote.speaker
    paragraph = paragraph_at(reading, start)
    if paragraph is None:
        return None
    token = trigger
    for _ in range(MAX_STEPS):
        source = _according_to(token)
        if source is None and token.lemma_ in CLAIMING and token.i != trigger.i and token.pos_ == "VERB":
            source = next((c for c in token.children if c.dep_ == "nsubj"), None)
        if source is None:
            source = _parenthetical(token)
        if source is not None:
            return name_at(reading, paragraph, source)
        if token.dep_ == "relcl" or token.head.i == token.i:
            break
        token = token.head
    return None


def _according_to(verb: Token) -> Token | None:
    """Z of "according to Z" hung on the verb or next to it."""
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
            for noun in child.children:
                if noun.dep_ == "nsubj":
                    return noun
    return None


def name_at(reading: Reading, paragraph: Paragraph, noun: Token) -> str | None:
    """The fullest name or description of what the noun stands for; None for a pronoun that stands for nothing known."""
    at = paragraph.start_char + noun.idx
    for reference in reading.references:
        if reference.start_char <= at < reference.end_char:
            return " and ".join(reference.names)
    for mention in reading.mentions:
        if mention.start_char <= at < mention.end_char and mention.entity_type in ("PERSON", "ORG", "GPE"):
            return _with_owner(noun, mention, paragraph)
    if noun.pos_ == "PRON":
        return None
    return _phrase(noun)


def _with_owner(noun: Token, mention: Mention, paragraph: Paragraph) -> str:
    """The mention's name; with what stands before it where the mention is only the tail of the phrase."""
    start = paragraph.start_char + noun.doc[noun.left_edge.i].idx
    return mention.name if start >= mention.start_char or mention.entity_type == "PERSON" else _phrase(noun)


def _phrase(noun: Token) -> str:
    """The noun with what stands before it and its own "of" or "in", without article."""
    first = noun.left_edge.i
    last = noun.i + 1
    for child in noun.children:
        if child.i == last and child.lower_ in ("of", "in", "for", "at", "with"):
            last = child.right_edge.i + 1
            for grandchild in child.subtree:
                if grandchild.dep_ in ("relcl", "acl", "appos", "punct"):
                    last = grandchild.left_edge.i
                    break
    doc = noun.doc
    while first < noun.i and doc[first].pos_ in ("DET", "PUNCT", "SCONJ", "CCONJ", "ADP", "ADV"):
        first += 1
    return doc[first : max(last, noun.i + 1)].text.strip()


def side_of(reading: Reading, paragraph: Paragraph, victim: Token, trigger: Token) -> str | None:
    """The country or group that the victims are said to belong to; None where the text does not say.

    Told by the noun itself ("Palestinians"), by a name before it ("Turkish soldiers"), behind it ("from both sides", "on
    the Israeli side"), or by its owner ("one of its soldiers", of the party named before in the sentence).
    """
    whole = _phrase_tokens(victim)
    for token in whole:
        named = _party_at(reading, paragraph, token)
        if named is not None:
            return named
    for token in whole:
        if token.tag_ == "PRP$" and token.lower_ in ("its", "their", "his", "her", "our"):
            return _owner_before(reading, paragraph, token) if token.lower_ in ("its", "their") else None
    for child in [*victim.children, *trigger.children]:
        if child.dep_ != "prep" or child.i < victim.i:
            continue
        if child.lower_ in ("on", "from", "among") and any(
            t.lower_ in ("side", "sides", "both") for t in child.subtree
        ):
            for token in child.subtree:
                named = _party_at(reading, paragraph, token)
                if named is not None:
                    return named
    return None


def _phrase_tokens(victim: Token) -> list[Token]:
    """The victim, what describes it from before, and the objects of its "of" and "from"; the noun first."""
    found = [victim, *(t for t in victim.lefts if t.dep_ in ("amod", "compound", "nmod", "poss", "nummod"))]
    for child in victim.children:
        if child.lower_ in ("of", "from"):
            for noun in child.children:
                if noun.dep_ == "pobj":
                    found += [noun, *noun.lefts]
    return found


def _party_at(reading: Reading, paragraph: Paragraph, token: Token) -> str | None:
    at = paragraph.start_char + token.idx
    for reference in reading.references:
        if reference.start_char <= at < reference.end_char and len(reference.names) > 1:
            return " and ".join(reference.names)
    country = country_of(token.text)
    if country is not None:
        return country
    for mention in reading.mentions:
        if mention.start_char <= at < mention.end_char and mention.entity_type in NATIONAL_TYPES:
            if mention.entity_type == "NORP":
                return country_of(mention.name) or _plural(reading.page.text[mention.start_char : mention.end_char])
            return mention.name
    return None


def _plural(people: str) -> str:
    """Turn "Palestinian" into "Palestinians": the group that an adjective of its name tells of."""
    return people + "s" if people.endswith(("an", "i")) else people


def _owner_before(reading: Reading, paragraph: Paragraph, pronoun: Token) -> str | None:
    at = paragraph.start_char + pronoun.idx
    low, _ = sentence_bounds(reading, at, at + 1)
    for mention in reading.mentions:
        if not (low <= mention.start_char < at and mention.entity_type in NATIONAL_TYPES):
            continue
        if not is_location(paragraph, mention.start_char, mention.end_char):
            return country_of(mention.name) or mention.name
    return None


@cache
def _countries() -> dict[str, str]:
    return {row["word"]: row["country"] for row in reference_rows("country_words.csv") if row["kind"] == "adjective"}


def country_of(word: str) -> str | None:
    """The country that an adjective of nationality belongs to ("Turkish" to Turkey).

    >>> country_of("Turkish"), country_of("soldier")
    ('Turkey', None)
    """
    return _countries().get(word) or (_countries().get(word[:-1]) if word.endswith("s") else None)
