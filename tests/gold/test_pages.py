"""Web pages are read no worse than the floors, those composed for this project and those beside the checkout; peers are pinned."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.gold.extractors import EXTRACTORS, answers
from tests.gold.labels import LabelledLine, confusions, label_figures, labelled_lines
from tests.gold.measure import FLOORS, README, ROOT, table_in
from tests.gold.messy import MESSY, messy_figures, messy_pages
from tests.gold.pages import (
    Answer,
    Page,
    body_f1,
    body_figures,
    host_of,
    interval,
    load_pages,
    score,
    share_right,
    site_groups,
)
from tests.gold.peers import COLUMNS, MARK, PAGES, PEERS_CSV, SHOWN, readme_table
from tests.gold.scorer import Figures
from tests.supply_chain.lock import pins

FLOORS_OF: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
SHARED_SCORER = ROOT.parent / "shared" / "tools" / "score_bench.py"
PEERS_LOCK = ROOT / "requirements-peers.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def page(
    number: int = 0, body: str = "", url: str = "", published: str | None = None, title: str | None = None
) -> Page:
    return Page(str(number), url, "", body, published, title)


# Composed pages


@pytest.fixture(scope="module")
def messy() -> Figures:
    return messy_figures(messy_pages())


@pytest.mark.parametrize("measure", sorted(FLOORS_OF["messy"]))
def test_the_composed_pages_are_read_no_worse_than_the_floor(messy: Figures, measure: str) -> None:
    figure, of = messy[measure]
    assert of > 0
    assert figure is not None
    assert figure >= FLOORS_OF["messy"][measure], "floors may only rise"


def test_every_composed_page_has_gold_for_each_of_its_blocks() -> None:
    assert {path.stem for path in MESSY.glob("*.html")} == {path.stem for path in MESSY.glob("*.json")}
    for gold, document, _ in messy_pages():
        assert [text for _, text in gold["blocks"]] == document["text"].split("\n"), gold["uri"]


# Pages of others, which lie beside the checkout


def release_of(found: Mapping[str, Answer], folder: Path) -> Path:
    """The two tables that the shared scorer reads of a release of web pages."""
    ids = list(found)
    documents = {
        "document_id": ids,
        "uris": [[f"input.jsonl.gz#{key}"] for key in ids],
        "duplicate_of": [None] * len(ids),
    }
    articles = {
        "article_id": ids,
        "body": [found[key].get("body") for key in ids],
        "headline": [found[key].get("headline") for key in ids],
        "published_on": [date.fromisoformat(day) if (day := found[key].get("published")) else None for key in ids],
    }
    pq.write_table(pa.table(documents), folder / "documents.parquet")
    pq.write_table(pa.table(articles), folder / "articles.parquet")
    return folder


@pytest.mark.shared
@pytest.mark.skipif(not (PAGES / "gold.jsonl").is_file(), reason="the news pages do not lie beside this checkout")
def test_news_pages_are_read_no_worse_than_the_floors_and_the_shared_scorer_finds_the_same(tmp_path: Path) -> None:
    pages = load_pages(PAGES)
    given = [{"id": one.id, "url": one.url, "html": one.html} for one in pages]
    found = {one.id: answer for one, answer in zip(pages, answers("dateline", given)[0], strict=True)}
    scored = [score(one, found[one.id]) for one in pages]
    text = [score(one, answer) for one, answer in zip(pages, answers("dateline, text", given)[0], strict=True)]
    figures = {
        "html_body_f1": body_f1(scored),
        "html_headline": share_right(one.headline for one in scored),
        "html_published": share_right(one.published for one in scored),
        "text_body_f1": body_f1(text),
    }
    shown = {name: round(100 * (share or 0.0), 1) for name, share in figures.items()}
    fallen = {name: (shown[name], floor) for name, floor in FLOORS_OF["pages"].items() if shown[name] < floor}
    assert not fallen, "measure: (figure, floor); floors may only rise"
    done = subprocess.run(
        [sys.executable, str(SHARED_SCORER), str(release_of(found, tmp_path)), str(PAGES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    theirs = dict(line.split() for line in done.stdout.splitlines())
    mine = {"body_f1": "html_body_f1", "headline": "html_headline", "published": "html_published"}
    assert {name: float(theirs[name]) for name in mine} == {name: shown[own] for name, own in mine.items()}


# What is published


def test_the_readme_shows_the_published_comparison() -> None:
    assert table_in(README.read_text(encoding="utf-8"), MARK) == readme_table(PEERS_CSV.read_text(encoding="utf-8"))


def test_the_comparison_has_every_extractor_and_column() -> None:
    head, *rows = PEERS_CSV.read_text(encoding="utf-8").splitlines()
    assert tuple(head.split(",")) == COLUMNS
    assert len(rows) == len(SHOWN)
    assert {name for _, name in SHOWN} == set(EXTRACTORS)


# The peers' lock


def test_peers_are_pinned_with_hashes_and_are_no_part_of_what_a_run_needs() -> None:
    locked = {pin.name: pin for pin in pins(PEERS_LOCK.read_text(encoding="utf-8"))}
    assert all(pin.version and pin.hashes for pin in locked.values())
    for asked in map(Requirement, PROJECT["dependency-groups"]["peers"]):
        assert str(asked.specifier) == f"=={locked[canonicalize_name(asked.name)].version}", "run make lock"
    ours = {pin.name for pin in pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    assert not ours & {"trafilatura", "newspaper4k", "readability-lxml", "htmldate", "justext"}


# The measures themselves


def test_a_page_without_an_answer_counts_against_recall_alone() -> None:
    right, nothing = page(body="one two three four five"), page(body="six seven eight nine ten")
    scored = [score(right, {"body": right.body}), score(nothing, {"body": ""})]
    assert scored[1].precision is None
    assert body_figures(scored) == (1.0, 0.5, 2 / 3)


def test_words_that_come_twice_must_be_found_twice() -> None:
    twice = page(body="a b c d a b c d")
    assert score(twice, {"body": "a b c d"}).recall == 0.2
    assert score(page(body="a b c d"), {"body": "a b c d a b c d"}).precision == 0.2


@pytest.mark.parametrize(
    ("title", "headline", "right"),
    [
        ("Talks, again", "TALKS AGAIN", True),
        ("Zürich votes", "Zurich votes", True),
        ("Talks", "Talks | Site", False),
        (None, "x", None),
    ],
)
def test_a_headline_is_right_if_its_words_are(title: str | None, headline: str, right: bool | None) -> None:
    assert score(page(title=title), {"headline": headline}).headline is right


@pytest.mark.parametrize(
    ("asked", "given", "right"),
    [("2020-01-02", "2020-01-02", True), ("2020-01-02", None, False), (None, "2020-01-02", None)],
)
def test_a_day_is_right_or_wrong_only_where_it_is_known(
    asked: str | None, given: str | None, right: bool | None
) -> None:
    assert score(page(published=asked), {"published": given}).published is right


def test_pages_of_one_site_are_never_in_two_groups() -> None:
    pages = [
        page(number, url=f"https://{'www.' * (number % 2)}site{number // 4}.example/{number}") for number in range(80)
    ]
    groups = site_groups(pages, 3)
    assert sorted(index for group in groups for index in group) == list(range(80))
    hosts = [{host_of(pages[index].url) for index in group} for group in groups]
    assert sum(len(group) for group in hosts) == 20


def test_a_difference_that_every_page_shows_has_an_interval_above_zero() -> None:
    low, high = interval(lambda drawn: sum(0.2 + 0.01 * (at % 3) for at in drawn) / len(drawn), 50)
    assert 0.2 < low < 0.21 < high < 0.22


def test_a_line_is_held_against_the_segment_that_covers_most_of_it() -> None:
    text = "Menu Home\nThey met in Oslo."
    gold = {"line_labels": ["nav", "body"]}
    segments = [
        {"start_char": 0, "end_char": 4, "label": "nav", "confidence": 0.9},
        {"start_char": 5, "end_char": 27, "label": "body", "confidence": 0.7},
    ]
    lines = labelled_lines(gold, text, segments)
    assert lines == [LabelledLine("nav", "nav", 0.9, 8), LabelledLine("body", "body", 0.7, 14)]
    assert labelled_lines(gold, text, segments[:1])[1] == LabelledLine("body", None, 0.0, 14)


def test_a_label_that_is_never_right_has_no_precision_and_is_told_as_a_confusion() -> None:
    lines = [
        LabelledLine("date", "nav", 0.6, 9),
        LabelledLine("nav", "nav", 0.6, 4),
        LabelledLine("date", "nav", 0.6, 9),
    ]
    figures = label_figures(lines)
    assert (figures["date"].precision, figures["date"].recall) == (None, 0.0)
    assert figures["nav"].precision == 1 / 3
    assert confusions(lines) == [("date", "nav", 2)]


def test_an_extractor_that_is_measured_cannot_ask_another_machine() -> None:
    code = (
        "import socket, sys; sys.path.insert(0, sys.argv[1]); import extractors; extractors.stay_alone()\n"
        "try: socket.create_connection(('127.0.0.1', 9), timeout=1)\n"
        "except PermissionError as refused: print(refused)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(MESSY.parent)], capture_output=True, text=True, check=True, timeout=60
    )
    assert "asked for another machine" in done.stdout
