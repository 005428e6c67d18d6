"""Single victims whose fate the word alone leaves open: dead of violence or by nature, shot and alive or dead."""

from spacy.tokens import Span, Token

from flows.extract.casualty_backdrop import DEATH, Backdrop
from flows.extract.casualty_grammar import CARING, CARRYING, HITTING
from flows.extract.casualty_links import Link
from flows.extract.casualty_vocabulary import BEARING
from flows.extract.circumstances import words
from flows.extract.reading import Reading

NATURAL = frozenset({"die", "death", "dead", "perish"})  # a single death by these may be natural
VIOLENCE = words(
    "attack attacker bomb bombing blast explosion explode shooting shoot shot bullet gunshot gunfire gunman gun shell shelling strike airstrike "
    "raid clash fight fighting battle war assault ambush massacre wound injure kill killing murder stab crash fire "
    "earthquake quake flood storm hurricane cyclone landslide collapse violence conflict riot drone missile rocket mortar mine "
    "crackdown protest hostage militant insurgent rebel troop soldier torture execution"
)
ILLNESS = words("heart cancer illness disease cause pneumonia stroke age leukemia leukaemia aids failure complication")

# near "was shot" one of these says that the person lived when it was written
SURVIVAL = words(
    "treat release condition stable recover recovery survive survivor surviving non-life-threatening paralyze "
    "leg arm foot hand thigh calf shoulder buttock ankle knee hip finger toe elbow wrist forearm graze"
)


def is_at_violence(reading: Reading, at: int) -> bool:
    """Whether paragraph `at` or the one before it tells of violence or disaster: a death told there is no natural one."""
    return any(t.lemma_.lower() in VIOLENCE for p in reading.paragraphs[max(at - 1, 0) : at + 1] for t in p.doc)


def is_natural(link: Link) -> bool:
    """Whether the single death is told to be of illness or age."""
    if link.trigger.lemma_ not in ("die", "death"):
        return False
    causes = {t.lemma_.lower() for c in link.trigger.children if c.lower_ in ("of", "from", "after") for t in c.subtree}
    return bool(causes & ILLNESS)


def is_known(link: Link) -> bool:
    """Whether the words take one person up again: "he", "the leader". A name may be another's, "a leader" is."""
    if link.count is not None or link.victim.pos_ == "PROPN":
        return False
    return link.victim.pos_ == "PRON" or any(c.lower_ in ("the", "this", "that") for c in link.victim.children)


def is_open(link: Link) -> bool:
    """Whether the person is said to be shot, hit or in hospital, and no more: who was may live or die."""
    return link.count is None and link.kind == "wounded" and _leaves_open(link.trigger)


def _leaves_open(trigger: Token) -> bool:
    return trigger.lemma_ in OPEN or (trigger.lemma_ == "wound" and trigger.pos_ == "NOUN")


def needs_violence(link: Link) -> bool:
    """Whether the words tell of a casualty only next to violence: people are taken to hospital with fevers, players suffer injuries."""
    return link.kind == "wounded" and link.trigger.lemma_ in OPEN and link.trigger.lemma_ != "shoot"


OPEN = CARRYING | HITTING | BEARING | CARING | {"shoot", "condition"}


def lived(backdrop: Backdrop, at: int, link: Link) -> bool:
    """Whether the page lets the one who was shot in its paragraph `at` live.

    It does where it has no word of death at all, or where the sentence or the two behind it tell of treatment, a wound in a limb
    and the like, and none of death.
    """
    if not backdrop.tells_death:
        return True
    near = _sentences_from(link.trigger.sent)
    following = backdrop.reading.paragraphs[at + 1 : at + 2]
    said = {t.lemma_.lower() for t in near} | (
        {t.lemma_.lower() for t in following[0].doc[:NEXT]} if following else set()
    )
    return bool(said & SURVIVAL) and not said & DEATH


SENTENCES = 3
NEXT = 40  # tokens of the paragraph behind; news writes a paragraph a sentence
MAX_TOKENS = 120


def _sentences_from(sentence: Span) -> Span:
    """The sentence and the two behind it, in reach."""
    end = sentence.end
    for _ in range(SENTENCES - 1):
        if end >= len(sentence.doc):
            break
        end = sentence.doc[end].sent.end
    return sentence.doc[sentence.start : min(end, sentence.start + MAX_TOKENS)]
