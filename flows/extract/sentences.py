"""sentences: of headlines, subheads, captions and bodies."""

from dataclasses import dataclass

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Sentence:
    """One sentence: half-open offsets into the document's text."""

    start_char: int
    end_char: int


def find_sentences(reading: Reading) -> list[Sentence]:
    """The sentences of every paragraph, in order, without surrounding blanks; none crosses a paragraph."""
    found: list[Sentence] = []
    for paragraph in reading.paragraphs:
        for sent in paragraph.doc.sents:
            words = sent.text.strip()
            if words:
                start = paragraph.start_char + sent.start_char + sent.text.index(words[0])
                found.append(Sentence(start, start + len(words)))
    return found
