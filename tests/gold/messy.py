"""Composed web pages, each untidy in another way, so that reading HTML is measured wherever the tests run.

tests/gold/messy_pages has NAME.html and NAME.json in the form of seeds/gold, with the page alone (no facts) and `page_type`.
All of it is invented. The labels were written by reading, before clean had seen the pages. They are no documents of
seeds/ so that the released sample stays what it is.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.clean.document import clean_document
from flows.clean.records import Metadata
from tests.gold.labels import LabelledLine, labelled_lines
from tests.gold.scorer import SAME_BYLINE, SAME_HEADLINE, Figures, body_f1, dice, gold_lines, percent, shared_words
from tests.gold.stages import clean_files, input_files

Row = dict[str, Any]

MESSY = Path(__file__).with_name("messy_pages")


def messy_pages() -> list[tuple[Row, Row, dict[str, list[Row]]]]:
    """(gold, row of documents, rows of clean's tables) of each page."""
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(MESSY.glob("*.json"))]
    read = {
        document["uris"][0]: (document, dict(rows)) for document, rows in clean_files(input_files(MESSY, [".html"]))
    }
    return [(gold, *read[gold["uri"]]) for gold in golds]


def messy_lines(pages: Sequence[tuple[Row, Row, dict[str, list[Row]]]]) -> list[LabelledLine]:
    """Every block of the pages with its label and ours."""
    return [line for gold, document, rows in pages for line in labelled_lines(gold, document["text"], rows["segments"])]


def messy_figures(pages: Sequence[tuple[Row, Row, dict[str, list[Row]]]]) -> Figures:
    """Measure → (figure in per cent, number of pages or lines that it is of)."""
    bodies: list[float] = []
    text_bodies: list[float] = []
    right: dict[str, list[bool]] = {name: [] for name in ("headline", "published", "byline", "page_type")}
    for gold, document, rows in pages:
        text, lines = document["text"], gold_lines(gold, document["text"])
        article = (rows.get("articles") or [{}])[0]
        if any(label == "body" for _, label in lines):
            bodies.append(body_f1(lines, rows["segments"], text))
            alone = clean_document(text, (), Metadata(language="en")).segments
            spans = [{"start_char": s.start_char, "end_char": s.end_char, "label": s.label} for s in alone]
            text_bodies.append(body_f1(lines, spans, text))
            right["page_type"].append(article.get("page_type") == gold["page_type"])
        else:
            right["page_type"].append(article.get("page_type", gold["page_type"]) == gold["page_type"])
        if gold["headline"]:
            right["headline"].append(dice(article.get("headline"), gold["headline"]) >= SAME_HEADLINE)
        day = article["published_on"].isoformat() if article.get("published_on") else None
        right["published"].append(day == gold["published"])
        if gold["byline"]:
            credit = f"{article.get('byline') or ''} {article.get('agency') or ''}"
            right["byline"].append(shared_words(credit, gold["byline"]) >= SAME_BYLINE)
    labels = [line.right for line in messy_lines(pages)]
    figures: Figures = {
        "body_f1": (percent(sum(bodies), len(bodies)), len(bodies)),
        "text_body_f1": (percent(sum(text_bodies), len(text_bodies)), len(text_bodies)),
        "labels": (percent(sum(labels), len(labels)), len(labels)),
    }
    return figures | {name: (percent(sum(given), len(given)), len(given)) for name, given in right.items()}
