"""The measured accuracy that is published with the data: read from seeds/reference.

`make scorecard` writes scorecard.csv, `make peers` writes peers.csv.
"""

from typing import Any, Final

from flows.text.reference import reference_rows

MEASURES: Final[dict[str, str]] = {
    "segments_f1": "lines with their label, F1",
    "body_f1": "body text found, character F1",
    "headline": "headline right, % of articles that have one",
    "published": "publication day right, % of dated articles",
    "published_left_null": "no day invented, % of undated articles",
    "byline": "byline right, %",
    "quotes_f1": "quotes, F1",
    "quote_speaker": "speaker right, % of quotes found",
    "persons_f1": "persons, F1",
    "organisations_f1": "organisations, F1",
    "places_f1": "places, F1",
    "timexes_f1": "dates with their value, F1",
    "casualties_f1": "casualty figures with kind and bounds, F1",
    "events_f1": "events with type, place in the text and a party, F1",
    "event_actors_f1": "parties of the events found, F1",
    "text_kept_whole": "documents whose text is kept whole, %",
}


# Columns of peers.csv that hold words; all others hold numbers, or nothing where an extractor does not tell the thing.
PEER_WORDS: Final = ("input", "extractor", "version")


def published_scorecard() -> dict[str, Any]:
    """{measured_on, figures: {measure: {what, table, figure, precision, recall, right, found, of}}, beside_others}, figures in per cent.

    `of` is what the gold has, `found` what dateline found there, `right` what is the same in both; null where a figure
    has none (an answer is right or not; body text is a mean over documents).

    `figures` are of the sample documents that ship with the source, whose labels were written by reading;
    `beside_others` is of web pages that do not: see `beside_others`.
    """
    return {
        "measured_on": "seeds/documents with seeds/gold, by `make scorecard`",
        "figures": {row.pop("measure"): row for row in figures()},
        "beside_others": {"measured_on": "the same web pages, by `make peers`", "extractors": beside_others()},
    }


def figures() -> list[dict[str, Any]]:
    """The rows of seeds/reference/scorecard.csv with a figure, in its order, each with `what` it measures in words."""
    return [
        {
            "measure": row["measure"],
            "what": MEASURES[row["measure"]],
            "table": row["table"],
            **{name: float(row[name]) if row[name] else None for name in ("figure", "precision", "recall")},
            **{name: int(row[name]) if row[name] else None for name in ("right", "found", "of")},
        }
        for row in reference_rows("scorecard.csv")
        if row["figure"]
    ]


def beside_others() -> list[dict[str, str | float | None]]:
    """What dateline and other extractors find of the articles of the same web pages, one entry an extractor and kind of input.

    `body_f1`, `body_precision` and `body_recall` are of runs of four words; `_low` and `_high` are bounds of the 95 %
    bootstrap interval over pages; `ahead` is dateline's body F1 on the same kind of input less this extractor's, in
    points; `sites_a_f1` and `sites_b_f1` are of two halves of the sites; `met_body_f1` is of the `met_pages` on which one of the
    others reaches 90, so that the reference can be trusted; `headline` and `published` are shares of pages;
    `cpu_seconds` is processor time for all `pages` on one core.
    """
    return [
        {name: value if name in PEER_WORDS else float(value) if value else None for name, value in row.items()}
        for row in reference_rows("peers.csv")
    ]
