"""mentions: where names stand, and the fullest name that the document gives each."""

from dataclasses import dataclass

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Mention:
    """One named-entity mention.

    Attributes:
        start_char: offset into the document's text.
        end_char: offset, exclusive.
        entity_type: OntoNotes label.
        name: the fullest name that the document gives to the same thing.
    """

    start_char: int
    end_char: int
    entity_type: str
    name: str


KEPT_TYPES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT")


def find_mentions(reading: Reading) -> list[Mention]:
    """Every mention of a kept type, in order, none overlapping another."""
    return [
        Mention(p.start_char + ent.start_char, p.start_char + ent.end_char, ent.label_, ent.text)
        for p in reading.paragraphs
        for ent in p.doc.ents
        if ent.label_ in KEPT_TYPES
    ]
