"""What is published of the measured accuracy is what the reference tables hold, as numbers."""

from flows.release.datacard import _peer_lines
from flows.release.scorecard import MEASURES, PEER_WORDS, beside_others, published_scorecard
from schemas.registry import RELEASED


def test_every_measure_is_published_with_what_it_is_of():
    figures = published_scorecard()["figures"]
    assert set(figures) == set(MEASURES)
    assert all(0 <= one["figure"] <= 100 and one["of"] > 0 and one["what"] for one in figures.values())
    tables = {table.name for table in RELEASED}
    assert {one["table"] for one in figures.values()} <= tables
    pooled = [one for name, one in figures.items() if name.endswith("_f1")]
    assert all(one["precision"] is not None and one["recall"] is not None for one in pooled)


def test_dateline_stands_first_among_the_others_on_each_kind_of_input():
    rows = beside_others()
    assert published_scorecard()["beside_others"]["extractors"] == rows
    for kind in ("html", "text"):
        first = next(row for row in rows if row["input"] == kind)
        assert str(first["extractor"]).startswith("dateline")
        assert first["ahead"] is None
        assert all(
            row["ahead"] is not None for row in rows if row["input"] == kind and row["body_f1"] and row is not first
        )


def test_figures_are_numbers_or_null_and_bounds_enclose_them():
    for row in beside_others():
        assert all(isinstance(value, float) or value is None for name, value in row.items() if name not in PEER_WORDS)
        if row["body_f1"] is not None:
            assert row["body_f1_low"] <= row["body_f1"] <= row["body_f1_high"]


def test_the_data_card_has_a_line_for_each_extractor_and_a_dash_where_it_tells_nothing():
    lines = _peer_lines()
    assert len(lines) == len(beside_others())
    (days_alone,) = [line for line in lines if line.startswith("| html | htmldate |")]
    assert days_alone.startswith("| html | htmldate | – | – | ")
