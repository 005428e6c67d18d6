"""Measure accuracy on the sample documents and publish it: `make scorecard`.

python tests/gold/measure.py           writes seeds/reference/scorecard.csv, README's table, and floors that rose
python tests/gold/measure.py --check   writes nothing; exits 1 if the CSV or the README's table is out of date
"""

import argparse
import csv
import hashlib
import io
import json
import math
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from flows.release.scorecard import MEASURES
from tests.gold.scorer import Figures, score
from tests.gold.stages import input_files, write_release

ROOT = Path(__file__).parents[2]
DOCUMENTS, GOLD = ROOT / "seeds" / "documents", ROOT / "seeds" / "gold"
SCORECARD = ROOT / "seeds" / "reference" / "scorecard.csv"
README = ROOT / "README.md"
FLOORS = Path(__file__).with_name("floors.json")

BEGIN, END = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
# Below the figure rounded down: another build of the model or of a library may move a fact or two.
FLOOR_MARGIN = 0.5

META = """\
title: "Accuracy of the extractors on the sample documents"
producer: "dateline"
source: "tests/gold/measure.py over seeds/documents and seeds/gold"
licence: "Apache-2.0"
date: {date}
sha256: {sha256}
notes: "figure is in per cent, of is the number of documents or facts that it is of; body_f1 is the mean over documents, other F1 figures pool all facts. The pages are composed for this project and are tidier than scraped ones. Their gold was written by reading, then revised once after the extractors' output had been seen: the figures are slightly kind."
"""


def measure_seeds(folder: Path) -> Figures:
    """Run the stages on the sample documents, with their tables written to a folder, and score them."""
    write_release(input_files(DOCUMENTS), folder)
    return score(folder, GOLD, DOCUMENTS)


def scorecard_csv(figures: Figures) -> str:
    r"""The scorecard as CSV, in the order in which it is published.

    >>> scorecard_csv({name: (97.6, 30) for name in MEASURES}).splitlines()[:2]
    ['measure,figure,of', 'body_f1,97.6,30']
    """
    lines = ["measure,figure,of"]
    for name in MEASURES:
        figure, of = figures[name]
        lines.append(f"{name},{'' if figure is None else figure},{of}")
    return "\n".join(lines) + "\n"


def readme_table(scorecard: str) -> str:
    """The scorecard's CSV as a Markdown table in words."""
    lines = ["| what | figure | of |", "| --- | ---: | ---: |"]
    for row in csv.DictReader(io.StringIO(scorecard)):
        lines.append(f"| {MEASURES[row['measure']]} | {row['figure'] or '–'} | {row['of']} |")
    return "\n".join(lines)


def table_in(readme: str) -> str | None:
    """What stands between the markers; None without them."""
    if BEGIN not in readme or END not in readme:
        return None
    return readme.split(BEGIN, 1)[1].split(END, 1)[0].strip()


def with_table(readme: str, table: str) -> str:
    r"""The text with another table between its markers.

    >>> table_in(with_table(f"before\n{BEGIN}\nold\n{END}\nafter", "new"))
    'new'
    """
    head, rest = readme.split(BEGIN, 1)
    return f"{head}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}"


def raised(floors: dict[str, float], figures: Figures) -> dict[str, float]:
    """Floors that the figures allow, none lower than before.

    >>> raised({"a": 80.5, "b": 60.0}, {"a": (79.9, 5), "b": (72.3, 5), "c": (None, 0)})
    {'a': 80.5, 'b': 71.5}
    """
    reached = {name: math.floor(figure) - FLOOR_MARGIN for name, (figure, _) in figures.items() if figure is not None}
    return {name: max(floors.get(name, 0.0), reached.get(name, 0.0)) for name in [*floors, *reached]}


def main() -> int:
    """Measure, then compare or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is out of date")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure_seeds(Path(folder))
    scorecard = scorecard_csv(figures)
    readme = README.read_text(encoding="utf-8")
    table, published = readme_table(scorecard), table_in(readme)
    _say(scorecard)
    if published is None:
        _say(f"README.md has no {BEGIN} … {END}: its table is neither compared nor written")
    if arguments.check:
        stale = [SCORECARD.name] if SCORECARD.read_text(encoding="utf-8") != scorecard else []
        stale += ["README.md"] if published not in {None, table} else []
        if stale:
            _say(f"out of date: {', '.join(stale)}; run make scorecard")
        return 1 if stale else 0
    _write_scorecard(scorecard)
    if published is not None:
        README.write_text(with_table(readme, table), encoding="utf-8")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    floors["seeds"] = raised(floors["seeds"], {name: figures[name] for name in MEASURES})
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


def _write_scorecard(scorecard: str) -> None:
    """The CSV and its description; the description's date changes only with the figures."""
    meta = SCORECARD.with_suffix(".meta.yml")
    sha256 = hashlib.sha256(scorecard.encode()).hexdigest()
    if meta.exists() and f"sha256: {sha256}" in meta.read_text(encoding="utf-8"):
        return
    SCORECARD.write_text(scorecard, encoding="utf-8")
    meta.write_text(META.format(date=datetime.now(UTC).date(), sha256=sha256), encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(line.rstrip("\n") + "\n")


if __name__ == "__main__":
    sys.exit(main())
