"""Learn the headline's weights from labelled pages: python -m tests.gold.train_headline [--write]

Reads the development pages beside the checkout (their text stays there): those of the page benchmark, once as HTML and
once as text, the labelled plain pages, and articles whose title is known. Prints how often the headline is right on sites
that were left out of the fit, then the weights; with --write these become seeds/reference/headline_weights.csv.

A multinomial logit over a page's candidates and "none of them": Newton's method with a ridge penalty, no chance in it.
"""

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from flows.clean.headline import candidate_features
from flows.clean.lines import lines_of
from flows.clean.prose import read_lines
from flows.clean.records import Block
from flows.clean.shard import BLOCK_FIELDS
from flows.clean.story import body_extent, core_of, with_housed
from flows.ingest.html import read_html

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
WEIGHTS = ROOT / "seeds" / "reference" / "headline_weights.csv"
FOLDS = 10  # of sites
RIDGE = 1.0  # swept over 0.25, 0.5, 1, 2, 4 on left-out sites: flat
STEPS = 60
SAME = 0.75  # of the words of two headlines together, in both
ARTICLES = 120  # of the corpus: enough that a text of headline and story alone is known, too few to be all that counts
PAGE_ONLY = frozenset({"h1", "h2_or_h3", "linked"})

META = """\
title: Weights of what is seen of a line that may be the headline
producers: [dateline]
source: fitted by tests/gold/train_headline.py to labelled development pages; holds no text of theirs
licence: Apache-2.0
date: {date}
sha256: {sha256}
notes: >
  feature as flows/clean/headline.py names it; weights of a multinomial logit, for plain text and for blocks of a web page.
"""


@dataclass(frozen=True)
class Page:
    """Candidates' features (row by row) and which of them are the headline; the last row is "none"."""

    site: str
    features: npt.NDArray[np.float64]
    right: tuple[int, ...]


def _words(text: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (text or "").casefold()))


def _alike(one: str, other: str | None) -> bool:
    ours, theirs = _words(one), _words(other)
    return bool(ours | theirs) and len(ours & theirs) / len(ours | theirs) >= SAME


def read_page(
    site: str, text: str, blocks: tuple[Block, ...], title: str | None, headline: str | None
) -> tuple[Page, list[str]] | None:
    """One page's candidates; None where nothing on it reads like a story."""
    reading = read_lines(lines_of(text, blocks))
    first, past = with_housed(reading, *body_extent(reading))
    if first >= past:
        return None
    found = candidate_features(reading, core_of(reading, first, past), past, title)
    names = sorted(found[0][1]) if found else []
    rows = [[seen[name] for name in names] for _, seen in found]
    right = tuple(at for at, (i, _) in enumerate(found) if _alike(reading.lines[i].text, headline))
    features = np.array([*rows, [0.0] * len(names)]) if rows else np.zeros((1, 0))
    return Page(site, features, right or (len(found),)), names


def _pages() -> Iterator[tuple[str, str, str, tuple[Block, ...], str | None, str | None]]:
    """(kind, site, text, blocks, title that metadata give, headline) of every labelled page."""
    folder = SHARED / "bench" / "pages"
    gold = {row["id"]: row for row in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8"))}
    with gzip.open(folder / "input.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, record in enumerate(map(json.loads, lines)):
            page = read_html(record["html"])
            blocks = tuple(Block(**{name: getattr(block, name) for name in BLOCK_FIELDS}) for block in page.blocks)
            site, headline = urlsplit(record["url"]).hostname or "", gold[record["id"]].get("title")
            if headline:
                yield "page", site, page.text, blocks, page.metadata.title, headline
                # records of plain text come with a title as often as without
                yield "text", site, page.text, (), page.metadata.title if number % 2 else None, headline
    for described in sorted((SHARED / "gold" / "dev").glob("*.json")):
        labels = json.loads(described.read_text(encoding="utf-8"))
        text = described.with_suffix(".txt").read_bytes().decode("utf-8", "replace")
        yield "text", described.stem, text, (), None, labels.get("headline")
    with gzip.open(SHARED / "bench" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        titled = [row for row in map(json.loads, lines) if row["title"]]
    for row in titled[:: len(titled) // ARTICLES]:
        yield "text", str(row["id"]), f"{row['title']}\n\n{row['text']}", (), None, row["title"]


def fit(pages: list[Page], width: int) -> npt.NDArray[np.float64]:
    """The weights under which what is right is likeliest."""
    weights = np.zeros(width)
    for _ in range(STEPS):
        slope, bend = -RIDGE * weights, RIDGE * np.eye(width)
        for page in pages:
            scores = page.features @ weights
            shares = np.exp(scores - scores.max())
            among = np.zeros_like(shares)
            among[list(page.right)] = shares[list(page.right)]
            shares, among = shares / shares.sum(), among / among.sum()
            expected = shares @ page.features
            slope += among @ page.features - expected
            bend += (page.features * shares[:, None]).T @ page.features - np.outer(expected, expected)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def left_out(pages: list[Page], width: int) -> tuple[int, int]:
    """(right, of) when each page's site is kept out of the fit."""
    right = 0
    for fold in range(FOLDS):
        held = [hashlib.sha256(page.site.encode()).digest()[0] % FOLDS == fold for page in pages]
        weights = fit([page for page, out in zip(pages, held, strict=True) if not out], width)
        right += sum(
            int(np.argmax(page.features @ weights)) in page.right for page, out in zip(pages, held, strict=True) if out
        )
    return right, len(pages)


def main() -> int:
    """Fit, report, write."""
    pages: dict[str, list[Page]] = {"text": [], "page": []}
    names: list[str] = []
    for kind, site, text, blocks, title, headline in _pages():
        made = read_page(site, text, blocks, title, headline)
        if made and made[1]:
            pages[kind].append(made[0])
            names = made[1]
    weights = {}
    for kind, found in pages.items():
        right, of = left_out(found, len(names))
        sys.stdout.write(f"{kind}: right on sites left out: {right} of {of}\n")
        weights[kind] = fit(found, len(names))
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["feature", "text_weight", "page_weight"])
    for at, name in enumerate(names):
        rows.writerow([name, 0.0 if name in PAGE_ONLY else f"{weights['text'][at]:.3f}", f"{weights['page'][at]:.3f}"])
    sys.stdout.write(table.getvalue())
    if "--write" in sys.argv[1:]:
        WEIGHTS.write_text(table.getvalue(), encoding="utf-8")
        sha256 = hashlib.sha256(table.getvalue().encode()).hexdigest()
        WEIGHTS.with_suffix(".meta.yml").write_text(
            META.format(date=datetime.now(UTC).date(), sha256=sha256), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
