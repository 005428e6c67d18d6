"""The words that tell of casualties (seeds/reference/casualty_words.csv), and what a noun can be a count of."""

from spacy.attrs import LEMMA, LOWER
from spacy.tokens import Doc, Token

from flows.extract.circumstances import words
from flows.text.gazetteer import lookup
from flows.text.reference import reference_rows


def _kinds(use: str) -> dict[str, str]:
    return {row["word"]: row["kind"] for row in reference_rows("casualty_words.csv") if row["use"] == use}


DOES = _kinds("does")  # verbs: what befalls their object
SUFFERS = _kinds("suffers")  # verbs: what befalls their subject
STATE = _kinds("state")  # adjectives and participles, as written: what befell whom they are said of
VICTIMS = _kinds("victims")  # nouns that are the casualties themselves: "three fatalities"
HAPPENING = _kinds("happening")  # nouns that tell it of the object of their "of": "the killing of"
TAKEN = _kinds("taken")  # people held, where a verb says that they were taken
BEARING = frozenset(_kinds("bears"))  # verbs: with an injury as object their subject is hurt
INJURIES = frozenset(_kinds("injury"))
MISSILES = frozenset(_kinds("missile"))  # what hits who is hurt by it
BODY_PARTS = frozenset(_kinds("body"))
HOSPITALS = frozenset(_kinds("hospital"))
PERSON = _kinds("person")
THING = _kinds("thing")
UNITS = frozenset(_kinds("unit"))  # forms behind a number that make an amount of it: "dollars", "tonnes"

# One of these stands in every text from which a count is read: in the tables above, or a part of "lost", "30 lives",
# "bodies were found", "gunned down", "beaten to death", "taken into custody", "driven from their homes", "the death toll".
TELLING = frozenset({*DOES, *SUFFERS, *STATE, *VICTIMS, *HAPPENING, *TAKEN, *INJURIES, *HOSPITALS}) | words(
    "lose loss life lives body bodies gun mow death custody force drive toll tally fatal fatally bullet gunfire "
    "shrapnel gunshot critical"
)

PARTICIPLES = ("VBN", "VBD")
# nouns that carry a number for another noun: "a total of 17 lives", "dozens of people"
QUANTITIES = words(
    "total number group dozen score hundred thousand million billion ten handful couple pair average crowd convoy crew "
    "team majority some none half third quarter lot toll body life"
)
_PEOPLE_WITHOUT_LEMMA = words("others civilians troops personnel")


def may_tell(doc: Doc) -> bool:
    """Whether any word of the text can tell of casualties: without one nothing needs to be counted.

    >>> from spacy.lang.en import English
    >>> [may_tell(English()(text)) for text in ("Talks went on for 3 days.", "Three bodies were found.")]
    [False, True]
    """
    strings = doc.vocab.strings
    told = {strings[form] for attribute in (LOWER, LEMMA) for form in set(doc.to_array(attribute).tolist())}
    return not TELLING.isdisjoint(told)


def of_which(noun: Token) -> Token | None:
    """The object of the noun's own "of"."""
    for child in noun.children:
        if child.lower_ == "of":
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return grandchild
    return None


def counted(noun: Token) -> Token:
    """What is counted in the end: the people of "dozens of people"; a number without a noun is itself."""
    if noun.pos_ == "NUM" or noun.lemma_.lower() in QUANTITIES:
        part = of_which(noun)
        if part is not None:
            return part
    return noun


def is_people(word: Token) -> bool:
    """Whether the word names a people or group: to the model, or in the reference tables ("14 Chadian and 5 Libyan soldiers")."""
    return word.ent_type_ == "NORP" or any(entry.entity_type == "NORP" for entry in lookup(word.text))


def is_person(noun: Token) -> bool:
    """Whether the word is for people: by the table, its ending, or as a name of persons or nations."""
    lemma = noun.lemma_.lower()
    return (
        noun.pos_ in ("PRON", "NUM")
        or noun.ent_type_ in ("PERSON", "NORP")
        or noun.lower_ in _PEOPLE_WITHOUT_LEMMA
        or lemma in TAKEN
        or lemma.rsplit("-", 1)[-1] in PERSON
        or lemma.endswith(("man", "men", "woman", "women"))
        or is_age(noun)
    )


def is_age(word: Token) -> bool:
    """Whether the word ends an age that stands for a person: "a 16-year-old", "two 15-month-olds"."""
    return word.lower_ in ("old", "olds") and word.i > 1 and word.nbor(-2).lower_ in ("year", "month", "week", "day")


def is_countable(noun: Token, kind: str) -> bool:
    """Whether a count of the noun can be one of people whom this befell.

    Towns and tanks are captured and planes go missing, so these kinds ask for a noun of people; people are killed and
    hurt under more nouns than a table holds, so those only refuse what is known to be none.
    """
    what = counted(noun)
    if what.lemma_.lower() in THING and what.lemma_.lower() not in QUANTITIES:
        return False
    return kind not in ("captured", "missing") or what.pos_ not in ("NOUN", "PROPN") or is_person(what)


def state_of(token: Token) -> str | None:
    """What the word says of a noun before it, as an adjective or participle: "dead", "missing", "arrested"."""
    return STATE.get(token.lower_) or (DOES.get(token.lemma_.lower()) if token.tag_ in PARTICIPLES else None)
