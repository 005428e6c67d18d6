"""quotes: stretches of direct speech, who said them, and the word of saying."""

from dataclasses import dataclass

from flows.extract.reading import Reading


@dataclass(frozen=True)
class Quote:
    """One stretch of quoted speech.

    Attributes:
        start_char: offset of the first character inside the marks.
        end_char: offset of the closing mark.
        form: speech or fragment.
        speaker: fullest name or description; None rather than a guess.
        speaker_start_char: where the words that name the speaker begin.
        speaker_end_char: where they end, exclusive.
        cue: the word of saying, as written.
    """

    start_char: int
    end_char: int
    form: str
    speaker: str | None = None
    speaker_start_char: int | None = None
    speaker_end_char: int | None = None
    cue: str | None = None


def find_quotes(reading: Reading) -> list[Quote]:
    """Every quotation of three words or more, in order."""
    del reading
    return []
