"""Texts that no newspaper prints and scraping makes: how the time of extract grows with them.

python -m tests.benchmarks.pathological CHARS,… [KIND …]

Each kind is a text of any length; extract's cost for each character must not depend on the length. Prints a line of JSON
for each kind and length: processor seconds of each step. The model reads pieces of at most PARSED_CHARS, one after another:
here it reads each distinct piece once, and a repeated text has few.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import count, islice
from unittest.mock import patch

from spacy.tokens import Doc

from flows.extract import document, reading
from flows.extract.parsing import parse
from flows.extract.reading import Page

PUBLISHED = date(2021, 6, 9)
PROSE = (
    "Envoys of Norway and Iceland met in Bergen on Tuesday to talk about the fishing grounds between them. "
    "At least 12 people were killed in February 2019 when two trawlers collided off Faro, the coast guard said. "
    "“We have agreed on a map and not yet on a price,” said Sigrun Aldan, a spokeswoman for the talks. "
    "She told reporters that the harbour would stay closed until the end of the month. "
    "Protesters marched through Porto on 5 March and called for a new vote; police arrested thirty of them. "
    "According to the ministry, 400 families have left their homes since Gen. Tomas Reyes sent in the army. "
)
UNMARKED = (
    "envoys of Norway and Iceland met in Bergen on Tuesday and Sigrun Aldan said that 12 people were killed there "
    "when two trawlers collided and protesters marched through Porto where police arrested thirty of them since "
)
SYLLABLES = ("ba", "der", "kol", "mi", "nar", "os", "ru", "sen", "tav", "ze")

# A short text that is said again and again
REPEATED: Mapping[str, str] = {
    "prose in one paragraph": PROSE,
    "no punctuation": UNMARKED,
    "straight quote marks": '"we go ',
    "nothing but quote marks": '"',
    "opening quote marks": "“we go home now. ",
    "single quote marks": "‘we go’ ",
    "quotations, one after another": "“We go home now,” he said. ",
    "digits": "9",
    "numbers": "1,111 ",
    "number words": "two hundred thousand ",
    "capitals": "MINISTRY OF DEFENCE ",
    "one letter": "a",
    "commas": ",",
    "full stops": ". ",
    "open brackets": "(",
    "hyphens": "Moscow-",
    "days": "Monday ",
    "dates": "on 12 May 2014 and ",
    "one name": "Vladimir Putin ",
    "a name and a pronoun": "Anna Berg left. She said he ",
    "words of saying": "said told ",
    "titles": "President Gen. Mr. ",
    "dead and wounded": "12 killed, 30 wounded, ",
    "the dead of days": "12 killed for days. ",
    "marks and letters": "a,",
    "events": "attacked arrested met protested ",
    "no-break blanks": "a\u00a0b\u00a0",
    "letters that combine": "e\u0301\u200b",
    "empty paragraphs": "a\n\n",
    "short paragraphs": "Anna Berg met them.\n",
    "quotations that stay open": "“We go home, he said.\n",
}


def _names() -> Iterator[str]:
    """Names of persons, none twice."""
    for number in count():
        digits = [SYLLABLES[int(digit)] for digit in f"{number:06}"]
        yield f"{''.join(digits[:3]).title()} {''.join(digits[3:]).title()} met "


def text_of(kind: str, chars: int) -> str:
    """So many characters of a kind.

    >>> text_of("digits", 3), text_of("ever new names", 22)
    ('999', 'Bababa Bababa met Baba')
    """
    if kind == "ever new names":
        words = "".join(islice(_names(), chars // 10 + 1))
    else:
        unit = REPEATED[kind]
        words = unit * (chars // len(unit) + 1)
    return words[:chars]


KINDS = (*REPEATED, "ever new names")


def page_of(text: str) -> Page:
    """A page whose every line is a paragraph of the body."""
    segments, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    return Page("0" * 16, text, PUBLISHED, tuple(segments))


# Names of flows/extract/document.py, in the order in which it calls them
MODEL = "parse_paragraphs"
RULES = (
    "find_sentences",
    "find_mentions",
    "resolve_references",
    "find_timexes",
    "find_quotes",
    "find_casualties",
    "find_events",
)
REST = "extract_page"  # all of it but the model
Parser = Callable[[list[str]], list[Doc]]


def step_seconds(page: Page, parser: Parser = parse) -> dict[str, float]:
    """Processor seconds of each step of extract for a page, and of all but the model; `parser` stands in for the model."""
    spent: dict[str, float] = {}
    with _clocks(spent), patch.object(reading, "parse", parser):
        began = time.process_time()
        document.extract_page(page)
        spent[REST] = time.process_time() - began - spent[MODEL]
    return spent


@contextmanager
def _clocks(spent: dict[str, float]) -> Iterator[None]:
    def timed(name: str, step: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            began = time.process_time()
            try:
                return step(*arguments)
            finally:
                spent[name] = time.process_time() - began

        return run

    with patch.multiple(document, **{name: timed(name, getattr(document, name)) for name in (MODEL, *RULES)}):
        yield


def remembering_parser() -> Parser:
    """The model, asked once for each text: a repeated text is cut into pieces that are the same, so only a few are parsed."""
    known: dict[str, Doc] = {}

    def remembered(texts: list[str]) -> list[Doc]:
        if new := list(dict.fromkeys(text for text in texts if text not in known)):
            known.update(zip(new, parse(new), strict=True))
        return [known[text] for text in texts]

    return remembered


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's garbage collector: in a process of many tests one full collection takes 0.2 s, more than a step."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


SMALL_CHARS, LARGE_CHARS = 4_000, 24_000
GROWTH = 2.5  # times the cost of a character that a longer text may have: caches miss more, reaches fill up
LEAST_SECONDS = 0.02  # less is too short to be measured


def superlinear(kind: str, parser: Parser) -> dict[str, tuple[float, float]]:
    """Steps whose time grew faster than the text, with their seconds for SMALL_CHARS and LARGE_CHARS; the model's left out."""
    with uncollected():
        small, large = (step_seconds(page_of(text_of(kind, chars)), parser) for chars in (SMALL_CHARS, LARGE_CHARS))
    most = GROWTH * LARGE_CHARS / SMALL_CHARS
    return {
        step: (small[step], large[step])
        for step in (*RULES, REST)
        if large[step] > most * max(small[step], LEAST_SECONDS)
    }


def main() -> int:
    """Measure what is asked for."""
    lengths = [int(chars) for chars in sys.argv[1].split(",")]
    kinds = sys.argv[2:] or KINDS
    step_seconds(page_of(PROSE))  # what is loaded once is loaded
    for kind in kinds:
        parser = remembering_parser()
        for chars in lengths:
            spent = step_seconds(page_of(text_of(kind, chars)), parser)
            sys.stdout.write(json.dumps({"kind": kind, "chars": chars, **spent}) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
