"""How the link stage grows: `python -m tests.benchmarks.link_scale WAREHOUSE [ARTICLES ...]`.

Reads what clean and extract left in a warehouse's ledger, as many shards as hold about so many articles, and runs grouping
and linking on them, each size in a process of its own. Prints CPU seconds, their ratio to n log n of the smallest size,
and the most memory. Nothing is written.
"""

import argparse
import math
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import NamedTuple

SIZES = (5_000, 10_000, 20_000, 10**9)


class Cost(NamedTuple):
    """Of one size: articles, events, CPU seconds of the two halves of the stage, and the most bytes held."""

    articles: int
    events: int
    grouping_seconds: float
    linking_seconds: float
    peak_bytes: int


def cost(warehouse: Path, articles: int) -> Cost:
    """Group and link the first shards that hold about so many articles."""
    from tempfile import TemporaryDirectory

    from flows.link.grouping import group_tables
    from flows.link.unit import link_tables
    from flows.store import ledger
    from flows.store.jobs import peak_memory_bytes

    gathered, cleaned, extracted = (
        {entry.unit: entry for entry in ledger.read_entries(sorted((warehouse / "work" / stage).glob("*-*")))}
        for stage in ("gathered", "clean", "extract")
    )
    chosen: list[str] = []
    held = 0
    for unit in sorted(extracted):
        if held >= articles:
            break
        chosen.append(unit)
        held += cleaned[unit].rows["articles"]
    gather, clean, extract = ([made[unit] for unit in chosen] for made in (gathered, cleaned, extracted))
    began = process_time()
    grouped = group_tables(gather, clean, extract)
    middle = process_time()
    with TemporaryDirectory() as folder:
        entry = ledger.commit(Path(folder) / "group", "all", "0" * 24, "0" * 64, grouped, {})
        between = process_time()
        link_tables(entry, clean, extract)
    return Cost(
        held,
        sum(entry.rows.get("events", 0) for entry in extract),
        middle - began,
        process_time() - between,
        peak_memory_bytes(),
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("articles", type=int, nargs="*", default=SIZES)
    given = parser.parse_args()
    first: Cost | None = None
    print("articles   events  grouping s  linking s  of n log n  peak GB")  # noqa: T201  # a command's output
    for size in given.articles:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            one = pool.submit(cost, given.warehouse, size).result()
        first = first or one
        seconds, at_first = (sum(c[2:4]) for c in (one, first))
        grown = one.articles * math.log(one.articles) / (first.articles * math.log(first.articles))
        print(  # noqa: T201  # as above
            f"{one.articles:8,} {one.events:8,} {one.grouping_seconds:11.1f} {one.linking_seconds:10.1f} "
            f"{seconds / at_first / grown:11.2f} {one.peak_bytes / 1e9:8.2f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
