"""What takes seconds to load and is needed late, loaded while the run waits for something else.

Nothing here decides anything: a stage that finds its library missing loads it, and meets whatever error there is.
"""

import threading

from flows.store.workers import shared_workers


def read_a_sentence() -> None:
    """Extract one invented sentence: spaCy, its model and the gazetteers are then there. For a worker process."""
    from flows.extract.document import extract_page
    from flows.extract.reading import Page

    text = "At least ten people were killed in Kyiv on Friday, officials said."
    extract_page(Page("0" * 16, text, published_on=None, segments=((0, len(text), "body"),)))


def start_workers(workers: int) -> None:
    """Start the worker processes, and let each make ready while this process imports Prefect."""
    shared_workers(workers).ahead(read_a_sentence)


def load_great_expectations_ahead() -> None:
    """Import Great Expectations, 4 s of processor time, in a thread: workers work meanwhile, and this process waits for them."""
    from flows.validate.suites import load_great_expectations

    # no daemon: a process that ends in the middle of an import waits for it instead of breaking it off
    threading.Thread(target=load_great_expectations, name="import great_expectations").start()
