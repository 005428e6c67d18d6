"""dateline beside the extractors that people use, on the same web pages, in one run: `make peers`.

python -m tests.gold.peers [--pages FOLDER] [--python PEERS_PYTHON] [--print]

Writes seeds/reference/peers.csv with its description, README's table, and floors that rose; with --print only stdout.
The pages are other people's and no part of this project: FOLDER has input.jsonl.gz (id, url, html) and gold.jsonl (id,
body, published, title). The peers live in an environment of their own, so that a run of dateline needs none of them.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.ingest.html import read_html
from tests.gold.extractors import cleaned, dateline_html
from tests.gold.labels import body_statements, calibration_table
from tests.gold.measure import CLEAN_README, README, ROOT, raise_floors, with_table, write_reference
from tests.gold.pages import (
    Answer,
    Page,
    Scored,
    body_f1,
    body_figures,
    interval,
    load_pages,
    score,
    share_right,
    site_groups,
)

PAGES = ROOT.parent / "shared" / "bench" / "pages"
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
PEERS_CSV = ROOT / "seeds" / "reference" / "peers.csv"
MARK, CALIBRATION_MARK = "peers", "calibration"

OURS, RIVAL = "dateline", "trafilatura"
# (input, extractor), in the order in which they are shown
SHOWN = (
    ("html", "dateline"),
    ("html", "trafilatura"),
    ("html", "trafilatura, fast"),
    ("html", "trafilatura, metadata"),
    ("html", "newspaper4k"),
    ("html", "readability-lxml"),
    ("html", "resiliparse"),
    ("html", "htmldate"),
    ("text", "dateline, text"),
    ("text", "dateline, text stripped by resiliparse"),
    ("text", "jusText, lines as paragraphs"),
    ("text", "trafilatura, lines as paragraphs"),
    ("text", "sentence lines"),
    ("text", "whole text"),
)
# A page's reference is met if one of the others finds it with this F1: else it mostly stops early. Kind to the others.
MET = 0.9
FLOOR_MARGIN = 0.3  # points: no model has a part in it, but another build of the HTML parser may
# Timed this often in turn, each time in a new process; the least counts, for what else the machine does only adds
TIMED, TURNS = ("dateline", "trafilatura", "trafilatura, fast"), 3
EXTRACTION_LIMIT_SECONDS = 600

COLUMNS = (
    "input",
    "extractor",
    "version",
    "pages",
    "body_f1",
    "body_f1_low",
    "body_f1_high",
    "body_precision",
    "body_recall",
    "headline",
    "published",
    "ahead",
    "ahead_low",
    "ahead_high",
    "sites_a_f1",
    "sites_b_f1",
    "met_pages",
    "met_body_f1",
    "cpu_seconds",
    "times_trafilatura",
)
# What the columns mean stands in flows/release/scorecard.py, with the table that goes out with each release.
META = """\
title: "dateline and other extractors of articles, on the same web pages"
producer: "dateline"
source: "tests/gold/peers.py over {pages} news pages of newspaper4k's evaluation set, which are no part of this project"
licence: "Apache-2.0"
date: {date}
sha256: {sha256}
notes: "Figures in per cent: body F1 of four-word shingles (mean precision, mean recall, F1 of the two) with the bootstrap's 95 % interval over pages; ahead is dateline on the same input less this extractor, in points, paired over pages; sites_a and sites_b are two halves of the sites by the hash of their host; met_body_f1 is of the met_pages whose reference one of the others reaches with an F1 of 90. cpu_seconds is processor time for all pages on one core. The reference stops early or leaves a list out on some pages. dateline's rules were written with these pages in view."
"""


@dataclass(frozen=True)
class Run:
    """What one process of an extractor gave: an answer for each page, the processor seconds, the package's version."""

    answers: Mapping[str, Answer]
    cpu_seconds: float
    version: str


def run_extractor(name: str, pages: Path, python: Path) -> Run:
    """Run tests/gold/extractors.py on a file of pages.

    Raises:
        RuntimeError: it failed as a whole; the message holds the end of what it said.
    """
    command = [str(python), str(Path(__file__).with_name("extractors.py")), name]
    with pages.open("rb") as given:
        done = subprocess.run(  # our own script, with a name out of SHOWN
            command,
            stdin=given,
            env=os.environ | {"PYTHONHASHSEED": "0"},  # newspaper4k's text depends on the order of sets
            capture_output=True,
            text=True,
            timeout=EXTRACTION_LIMIT_SECONDS,
            check=False,
            cwd=ROOT,
        )
    if done.returncode:
        raise RuntimeError(f"{name} failed under {python}: {done.stderr[-500:]}")
    *answers, last = map(json.loads, done.stdout.splitlines())
    return Run({one["id"]: one for one in answers}, last["cpu_seconds"], last["version"])


def write_pages(pages: Sequence[Page], file: Path) -> Path:
    """Pages as run_extractor reads them; `text` is for extractors that are given no markup."""
    with file.open("w", encoding="utf-8") as out:
        for page in pages:
            record = {"id": page.id, "url": page.url, "html": page.html, "text": read_html(page.html).text}
            out.write(json.dumps(record) + "\n")
    return file


def run_all(pages: Sequence[Page], peers_python: Path) -> dict[str, Run]:
    """Every extractor once, the timed ones in turns."""
    with tempfile.TemporaryDirectory() as folder:
        file = write_pages(pages, Path(folder) / "pages.jsonl")

        def run(name: str) -> Run:
            _say(f"{name} …")
            ours = name.startswith(OURS)
            return run_extractor(name, file, Path(sys.executable) if ours else peers_python)

        runs = {name: run(name) for _, name in SHOWN}
        for _ in range(TURNS - 1):
            for name in TIMED:
                again = run(name)
                runs[name] = min(runs[name], again, key=lambda one: one.cpu_seconds)
    return runs


def statements(pages: Sequence[Page]) -> list[tuple[float, bool]]:
    """(confidence, whether right) for each block of the pages that is said to be of the body or not."""
    prepare, _ = dateline_html()
    said = []
    for page in pages:
        document, rows = cleaned(prepare({"id": page.id, "url": page.url, "html": page.html}))
        said += body_statements(page.body, document["text"] or "", rows.get("segments", []))
    return said


def rows_of(pages: Sequence[Page], runs: Mapping[str, Run]) -> list[dict[str, str]]:
    """A row of COLUMNS for each extractor; empty where it does not tell the thing or was not timed in earnest."""
    scored = {name: [score(page, run.answers.get(page.id, {})) for page in pages] for name, run in runs.items()}
    groups = site_groups(pages, 2)
    others = [scored[name] for kind, name in SHOWN if kind == "html" and name != OURS]
    met = [at for at in range(len(pages)) if max(one[at].f1 for one in others) >= MET]
    rows = []
    for kind, name in SHOWN:
        told = {field for answer in runs[name].answers.values() for field in answer}
        ours = scored["dateline" if kind == "html" else "dateline, text"]
        row = {
            "input": kind,
            "extractor": name,
            "version": runs[name].version,
            "pages": str(len(pages)),
            "cpu_seconds": f"{runs[name].cpu_seconds:.1f}",
            "times_trafilatura": f"{runs[name].cpu_seconds / runs[RIVAL].cpu_seconds:.2f}",
        }
        if "body" in told:
            row |= _body_columns(scored[name], ours, groups)
            row |= {"met_pages": str(len(met)), "met_body_f1": _percent(body_f1(scored[name][at] for at in met))}
        for field in ("headline", "published"):
            share = share_right(getattr(one, field) for one in scored[name])
            if field in told and share is not None and kind == "html":
                row[field] = _percent(share)
        rows.append({column: row.get(column, "") for column in COLUMNS})
    return rows


def _body_columns(mine: Sequence[Scored], ours: Sequence[Scored], groups: Sequence[Sequence[int]]) -> dict[str, str]:
    precision, recall, f1 = body_figures(mine)
    low, high = interval(lambda drawn: body_f1(mine[at] for at in drawn), len(mine))
    columns = {
        "body_precision": _percent(precision),
        "body_recall": _percent(recall),
        "body_f1": _percent(f1),
        "body_f1_low": _percent(low),
        "body_f1_high": _percent(high),
    }
    for letter, group in zip("ab", groups, strict=True):
        columns[f"sites_{letter}_f1"] = _percent(body_f1(mine[at] for at in group))
    if mine is not ours:
        low, high = interval(
            lambda drawn: body_f1(ours[at] for at in drawn) - body_f1(mine[at] for at in drawn), len(mine)
        )
        columns |= {
            "ahead": _percent(body_f1(ours) - f1),
            "ahead_low": _percent(low),
            "ahead_high": _percent(high),
        }
    return columns


def readme_table(peers: str) -> str:
    """The CSV as Markdown: a table for pages with their markup, one for text."""
    rows = list(csv.DictReader(io.StringIO(peers)))
    met = rows[0]["met_pages"]
    lines = [
        f"{rows[0]['pages']} pages as HTML:",
        "",
        f"| | body F1 | dateline is ahead by | body F1, {met} pages | headline | day | time |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        if row["input"] == "html":
            time = f"{row['cpu_seconds']} s, {row['times_trafilatura']} ×"
            others = [row[name] or "–" for name in ("met_body_f1", "headline", "published")]
            shown = [_named(row), _body(row), _ahead(row), *others, time]
            lines.append(f"| {' | '.join(shown)} |")
    lines += [
        "",
        "The same pages as text, one block a line, without markup, metadata and address:",
        "",
        f"| | body F1 | dateline is ahead by | body F1, {met} pages |",
        "| --- | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {_named(row)} | {_body(row)} | {_ahead(row)} | {row['met_body_f1']} |"
        for row in rows
        if row["input"] == "text"
    ]
    return "\n".join(lines)


def _named(row: Mapping[str, str]) -> str:
    name, _, how = row["extractor"].partition(", ")
    if name == OURS:
        return f"**dateline**, {how}" if how and how != "text" else "**dateline**"
    return f"{name} {row['version']}".strip() + (f", {how}" if how else "")


def _body(row: Mapping[str, str]) -> str:
    return f"{row['body_f1']} ({row['body_f1_low']}–{row['body_f1_high']})" if row["body_f1"] else "–"


def _ahead(row: Mapping[str, str]) -> str:
    return f"{row['ahead']} ({row['ahead_low']} to {row['ahead_high']})" if row["ahead"] else "–"


def floors_of(rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Floors for dateline's own figures, by their names in floors.json."""
    html, text = (next(row for row in rows if row["extractor"] == name) for name in ("dateline", "dateline, text"))
    figures = {
        "html_body_f1": html["body_f1"],
        "html_headline": html["headline"],
        "html_published": html["published"],
        "text_body_f1": text["body_f1"],
    }
    return {name: round(float(figure) - FLOOR_MARGIN, 1) for name, figure in figures.items()}


def to_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows of COLUMNS as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def main() -> int:
    """Measure, print, and write what is published."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=PAGES, help="folder with input.jsonl.gz and gold.jsonl")
    parser.add_argument("--python", type=Path, default=PEERS_PYTHON, help="the Python that has the peers installed")
    parser.add_argument("--print", action="store_true", help="write nothing")
    given = parser.parse_args()
    if not (given.pages / "gold.jsonl").is_file():
        parser.error(f"no pages to measure on: {given.pages} has no gold.jsonl; name a folder with --pages")
    if not given.python.is_file():
        parser.error(f"no Python of the peers at {given.python}; `make peers` installs them, or name one with --python")
    pages = load_pages(given.pages)
    calibration = calibration_table(statements(pages))
    rows = rows_of(pages, run_all(pages, given.python))
    table = to_csv(rows)
    _say(readme_table(table))
    _say(f"\nConfidence, held against the bodies:\n\n{calibration}")
    if not given.print:
        date = datetime.now(UTC).date()
        write_reference(PEERS_CSV, table, lambda sha256: META.format(date=date, sha256=sha256, pages=len(pages)))
        README.write_text(with_table(README.read_text(encoding="utf-8"), readme_table(table), MARK), encoding="utf-8")
        clean_readme = with_table(CLEAN_README.read_text(encoding="utf-8"), calibration, CALIBRATION_MARK)
        CLEAN_README.write_text(clean_readme, encoding="utf-8")
        raise_floors("pages", floors_of(rows))
    return 0


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
