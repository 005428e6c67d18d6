"""Measure accuracy on the sample documents and publish it: `make scorecard`.

python tests/gold/measure.py           writes seeds/reference/scorecard.csv, the tables of accuracy in README.md and of
                                       labels in flows/clean/README.md, and floors that rose
python tests/gold/measure.py --check   writes nothing; exits 1 if the CSV or the README's table is out of date
"""

import argparse
import csv
import hashlib
import io
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flows.release.scorecard import MEASURES
from tests.gold.labels import (
    LabelledLine,
    calibration_table,
    confusions,
    label_figures,
    labelled_lines,
    labels_table,
)
from tests.gold.messy import messy_figures, messy_lines, messy_pages
from tests.gold.scorer import Figures, Row, scorecard
from tests.gold.stages import clean_files, input_files, write_release

ROOT = Path(__file__).parents[2]
DOCUMENTS, GOLD = ROOT / "seeds" / "documents", ROOT / "seeds" / "gold"
SCORECARD = ROOT / "seeds" / "reference" / "scorecard.csv"
README = ROOT / "README.md"
EXTRACT_README = ROOT / "flows" / "extract" / "README.md"
CLEAN_README = ROOT / "flows" / "clean" / "README.md"
FLOORS = Path(__file__).with_name("floors.json")
# Pages that others wrote, which lie beside the checkout or not at all
DEVELOPMENT = ROOT.parent / "shared" / "gold" / "dev"
SHARED_SCORER = ROOT.parent / "shared" / "tools" / "score.py"
SHARED_SCORER_SECONDS = 120
HEAD_MEASURES = (
    "headline",
    "published",
    "published_left_null",
    "byline",
)  # the shared scorer has others that are no shares
# What a casualty or an event says beside being there; the sample documents have too few of them for a figure
FACT_MEASURES = {
    "casualty_date": "casualties, date",
    "casualty_side": "casualties, side",
    "casualty_attributed": "casualties, who claims it",
    "casualty_attributed_left_null": "casualties, no claimant invented",
    "event_focus_recall": "events that the report is about, recall",
    "event_date": "events, date",
    "event_place": "events, place",
    "event_place_left_null": "events, no place invented",
    "event_status": "events, status",
    "event_background": "events, told from background",
}
SHOWN_CONFUSIONS = 8

MARK = "accuracy"
# Below the figure rounded down: another build of the model or of a library may move a fact or two.
FLOOR_MARGIN = 0.5

META = """\
title: "Accuracy of the extractors on the sample documents"
producer: "dateline"
source: "tests/gold/measure.py over seeds/documents and seeds/gold"
licence: "Apache-2.0"
date: {date}
sha256: {sha256}
notes: "figure, precision and recall are in per cent; of is the number of documents or facts of the gold, found of ours, right of those that are the same; table is the table that the measure is of; body_f1 is the mean over documents, other F1 figures pool all facts. The pages are composed for this project and are tidier than scraped ones. Their gold was written by reading, then revised once after the extractors' output had been seen: the figures are slightly kind."
"""


def measure_seeds(folder: Path) -> dict[str, Row]:
    """Run the stages on the sample documents, with their tables written to a folder, and score them: rows of `scorecard`."""
    write_release(input_files(DOCUMENTS), folder)
    return scorecard(folder, GOLD, DOCUMENTS)


def measure_development(folder: Path) -> Figures:
    """The same for the development pages, by the scorer that lies beside them."""
    write_release(input_files(DEVELOPMENT, [".txt"]), folder)
    done = subprocess.run(
        [sys.executable, str(SHARED_SCORER), str(folder), str(DEVELOPMENT), "--json"],
        capture_output=True,
        text=True,
        timeout=SHARED_SCORER_SECONDS,
        check=True,
    )
    told = json.loads(done.stdout)
    return {
        name: (figure, int(told.get(f"{name}_of") or told.get(f"{name.removesuffix('_f1')}_gold") or 0))
        for name, figure in told.items()
        if isinstance(figure, int | float)
    }


def lines_of(documents: Path, gold_folder: Path, suffixes: Sequence[str] = ()) -> list[LabelledLine]:
    """Every line that the gold of a folder of documents has a label for, with ours. A gold without `uri` is of NAME.txt."""
    golds = {}
    for path in sorted(gold_folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        golds[gold.get("uri", f"{path.stem}.txt")] = gold
    return [
        line
        for document, rows in clean_files(input_files(documents, suffixes))
        for uri in document["uris"]
        if uri in golds
        for line in labelled_lines(golds[uri], document["text"] or "", rows.get("segments", []))
    ]


def labels_report(lines: Sequence[LabelledLine]) -> str:
    """Figures label by label, what is taken for what, and what confidence is worth, as Markdown."""
    wrong = sum(not line.right for line in lines)
    said = [(line.confidence, line.right) for line in lines if line.ours]
    return "\n".join(
        [
            labels_table(label_figures(lines)),
            "",
            f"{wrong} of {len(lines):,} lines are labelled otherwise than in the gold. Most often (gold's label, ours, lines): "
            + "; ".join(
                f"{gold} → {ours or 'nothing'} {count}" for gold, ours, count in confusions(lines)[:SHOWN_CONFUSIONS]
            )
            + ".",
            "",
            calibration_table(said),
        ]
    )


def scorecard_csv(rows: Mapping[str, Row]) -> str:
    r"""The scorecard as CSV, in the order in which it is published.

    >>> row = {"table": "articles", "figure": 97.6, "precision": 98.0, "recall": 97.2, "right": None, "found": None, "of": 30}
    >>> scorecard_csv(dict.fromkeys(MEASURES, row)).splitlines()[:2]
    ['measure,table,figure,precision,recall,right,found,of', 'segments_f1,articles,97.6,98.0,97.2,,,30']
    """
    columns = ("table", "figure", "precision", "recall", "right", "found", "of")
    lines = [",".join(("measure", *columns))]
    for name in MEASURES:
        cells = (rows[name][column] for column in columns)
        lines.append(",".join([name, *("" if cell is None else str(cell) for cell in cells)]))
    return "\n".join(lines) + "\n"


def readme_table(scorecard: str) -> str:
    """The scorecard's CSV as a Markdown table in words."""
    lines = ["| what | figure | of |", "| --- | ---: | ---: |"]
    for row in csv.DictReader(io.StringIO(scorecard)):
        lines.append(f"| {MEASURES[row['measure']]} | {row['figure'] or '–'} | {row['of']} |")
    return "\n".join(lines)


def facts_table(development: Figures) -> str:
    r"""What casualties and events of the development pages say, as a Markdown table.

    >>> print(facts_table({"casualty_side": (81.25, 45)}))
    | development pages | figure | of |
    | --- | ---: | ---: |
    | casualties, side | 81.2 | 45 |
    """
    measures = {"casualties_f1": MEASURES["casualties_f1"], "events_f1": MEASURES["events_f1"]} | FACT_MEASURES
    lines = ["| development pages | figure | of |", "| --- | ---: | ---: |"]
    lines += [
        f"| {words} | {development[m][0]:.1f} | {development[m][1]} |"
        for m, words in measures.items()
        if m in development
    ]
    return "\n".join(lines)


def marks(name: str) -> tuple[str, str]:
    """Between which comments of a Markdown file something generated stands."""
    return f"<!-- {name}:begin -->", f"<!-- {name}:end -->"


def table_in(readme: str, name: str = MARK) -> str | None:
    """What stands between the marks; None without them."""
    begin, end = marks(name)
    if begin not in readme or end not in readme:
        return None
    return readme.split(begin, 1)[1].split(end, 1)[0].strip()


def with_table(readme: str, table: str, name: str = MARK) -> str:
    r"""The text with another table between its marks; as it was if it has none.

    >>> old = "before\n<!-- peers:begin -->\nold\n<!-- peers:end -->\nafter"
    >>> table_in(with_table(old, "new", "peers"), "peers"), with_table(old, "new") == old
    ('new', True)
    """
    begin, end = marks(name)
    if table_in(readme, name) is None:
        return readme
    head, rest = readme.split(begin, 1)
    return f"{head}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}"


def allowed(figures: Figures) -> dict[str, float]:
    """Floors that figures which a model has a part in can keep.

    >>> allowed({"b": (72.3, 5), "c": (None, 0)})
    {'b': 71.5}
    """
    return {name: math.floor(figure) - FLOOR_MARGIN for name, (figure, _) in figures.items() if figure is not None}


def raised(floors: dict[str, float], reached: dict[str, float]) -> dict[str, float]:
    """The higher of each two floors.

    >>> raised({"a": 80.5, "b": 60.0}, {"a": 79.5, "b": 71.5, "c": 1.0})
    {'a': 80.5, 'b': 71.5, 'c': 1.0}
    """
    return {name: max(floors.get(name, 0.0), reached.get(name, 0.0)) for name in [*floors, *reached]}


def main() -> int:
    """Measure, then compare or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is out of date")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure_seeds(Path(folder))
    published_csv = scorecard_csv(measured)
    readme = README.read_text(encoding="utf-8")
    table, published = readme_table(published_csv), table_in(readme)
    _say(published_csv)
    messy = messy_pages()
    reports = {"labels": labels_report(lines_of(DOCUMENTS, GOLD) + messy_lines(messy))}
    if DEVELOPMENT.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            development = measure_development(Path(folder))
        reports["labels-development"] = labels_report(lines_of(DEVELOPMENT, DEVELOPMENT, [".txt"]))
    for name, report in reports.items():
        _say(f"{name}:\n{report}\n")
    if published is None:
        _say(f"README.md has no {' … '.join(marks(MARK))}: its table is neither compared nor written")
    if arguments.check:
        stale = [SCORECARD.name] if SCORECARD.read_text(encoding="utf-8") != published_csv else []
        stale += ["README.md"] if published not in {None, table} else []
        if stale:
            _say(f"out of date: {', '.join(stale)}; run make scorecard")
        return 1 if stale else 0
    write_reference(SCORECARD, published_csv, lambda sha256: META.format(date=datetime.now(UTC).date(), sha256=sha256))
    README.write_text(with_table(readme, table), encoding="utf-8")
    if DEVELOPMENT.is_dir():
        known = set(json.loads(FLOORS.read_text(encoding="utf-8"))["development"])
        raise_floors(
            "development", allowed({name: development[name] for name in known | {*HEAD_MEASURES, *FACT_MEASURES}})
        )
    raise_floors("messy", allowed(messy_figures(messy)))
    clean_readme = CLEAN_README.read_text(encoding="utf-8")
    for name, report in reports.items():
        clean_readme = with_table(clean_readme, report, name)
    CLEAN_README.write_text(clean_readme, encoding="utf-8")
    if DEVELOPMENT.is_dir():
        extract_readme = EXTRACT_README.read_text(encoding="utf-8")
        EXTRACT_README.write_text(with_table(extract_readme, facts_table(development), "facts"), encoding="utf-8")
    raise_floors("seeds", allowed({name: (measured[name]["figure"], measured[name]["of"]) for name in MEASURES}))
    return 0


def write_reference(path: Path, content: str, described: Callable[[str], str]) -> None:
    """A CSV of seeds/reference and its description, given the content's hash; the date changes only with the figures."""
    meta = path.with_suffix(".meta.yml")
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    if meta.exists() and f"sha256: {sha256}" in meta.read_text(encoding="utf-8"):
        return
    path.write_text(content, encoding="utf-8")
    meta.write_text(described(sha256), encoding="utf-8")


def raise_floors(of: str, reached: dict[str, float]) -> None:
    """Write floors.json with these floors where they are higher."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    floors[of] = raised(floors.get(of, {}), reached)
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(line.rstrip("\n") + "\n")


if __name__ == "__main__":
    sys.exit(main())
