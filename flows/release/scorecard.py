"""The measured accuracy that is published with the data: read from seeds/reference/scorecard.csv, which `make scorecard` writes."""

from typing import Any, Final

from flows.text.reference import reference_rows

MEASURES: Final[dict[str, str]] = {
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
    "text_kept_whole": "documents whose text is kept whole, %",
}


def published_scorecard() -> dict[str, Any]:
    """{measured_on, figures: {measure: {figure, of}}}, figures in per cent.

    Measured on the sample documents that ship with the source, whose labels were written by reading.
    """
    rows = reference_rows("scorecard.csv")
    return {
        "measured_on": "seeds/documents with seeds/gold, by `make scorecard`",
        "figures": {
            row["measure"]: {"figure": float(row["figure"]), "of": int(row["of"])} for row in rows if row["figure"]
        },
    }
