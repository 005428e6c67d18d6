"""Marked text: brackets that say what is what, in lines that fit, whatever overlaps. All sentences are made up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flows.explain.marking import GAP_CHARS, Part, marked

TALKS = "The envoys of Chile held long talks in Lima on Monday."


def span(text, words, label):
    start = text.index(words)
    return Part(label, start, start + len(words))


def lines(text, parts, columns=80, start=0, end=None):
    found = marked(text, start, len(text) if end is None else end, parts, columns)
    return ["".join(piece for piece, _ in line) for line in found]


def test_each_part_stands_in_brackets_behind_its_label():
    parts = [span(TALKS, "held", "trigger"), span(TALKS, "talks", "trigger"), span(TALKS, "Lima", "place")]
    assert lines(TALKS, parts) == [
        "The envoys of Chile [trigger: held] long [trigger: talks] in [place: Lima] on",
        "Monday.",
    ]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        pytest.param(
            [("envoys of Chile", "actor"), ("Chile", "country")],
            "The [actor: envoys of [country: Chile]] held",
            id="one-in-another",
        ),
        pytest.param(
            [("envoys of", "actor"), (" Chile", "country")],
            "The [actor: envoys of] [country: Chile] held",
            id="side-by-side",
        ),
        pytest.param(
            [("envoys of Chile", "actor"), ("Chile held", "trigger")],
            "The [actor: envoys of [trigger: Chile]] […trigger: held]",
            id="one-that-outlives-another",
        ),
        pytest.param(
            [("Chile", "actor"), ("Chile", "place")], "The envoys of [actor, place: Chile] held", id="the-same-words"
        ),
        pytest.param([("Chile", "actor"), ("Chile", "actor")], "The envoys of [actor: Chile] held", id="told-twice"),
        pytest.param(
            [("The envoys of Chile held", "all"), ("The", "first")],
            "[all: [first: The] envoys of Chile held]",
            id="beginning-together",
        ),
    ],
)
def test_parts_that_touch_or_overlap_are_told_apart(parts, shown):
    text = "The envoys of Chile held"
    (line,) = lines(text, [span(text, words, label) for words, label in parts])
    assert line == shown


def test_only_what_lies_in_the_stretch_is_marked():
    parts = [span(TALKS, "envoys of Chile", "actor"), span(TALKS, "Lima", "place")]
    start, end = TALKS.index("Chile"), TALKS.index(" in Lima")
    assert lines(TALKS, parts, start=start, end=end) == ["[actor: Chile] held long talks"]


def test_a_label_is_never_parted_from_its_first_word():
    found = lines(TALKS, [span(TALKS, "Lima", "place of talks")], columns=40)
    assert found == ["The envoys of Chile held long talks in", "[place of talks: Lima] on Monday."]


def test_a_word_longer_than_a_line_is_cut():
    assert lines("see " + "x" * 25, [], columns=10) == ["see", "x" * 10, "x" * 10, "x" * 5]


def test_wide_letters_count_twice():
    assert all(cell_len(line) <= 20 for line in lines("和平会谈 在 利马 举行 " * 4, [], columns=20))


def test_nothing_is_left_that_a_terminal_would_obey():
    text = "Peru\u202e met \x1b[31mChile\r\nin Lima\u2029."
    (line,) = lines(text, [span(text, "\x1b[31mChile", "actor")])
    assert line == "Peru\\u202e met [actor: \\x1b[31mChile] in Lima ."


def test_letters_of_every_script_and_emoji_stay():
    assert lines("دمشق 💣 café", []) == ["دمشق 💣 café"]


def test_a_long_stretch_without_parts_is_printed_in_its_ends_alone():
    text = "Peru " + "and so on " * 100 + "met Chile."
    shown = " ".join(lines(text, [span(text, "Peru", "actor")]))
    assert shown.startswith("[actor: Peru] and so on")
    assert " … " in shown
    assert shown.endswith("met Chile.")
    assert len(shown) < GAP_CHARS


def test_each_piece_names_the_innermost_part_it_stands_in():
    parts = [span(TALKS, "envoys of Chile", "actor"), span(TALKS, "Chile", "country")]
    labels = {piece.strip(): label for line in marked(TALKS, 0, len(TALKS), parts) for piece, label in line}
    assert (labels["envoys"], labels["Chile"], labels["held"]) == ("actor", "country", "")


WORDS = st.lists(st.sampled_from(["Peru", "met", "the", "envoys", "x" * 30, "平和"]), min_size=1, max_size=30)
PARTS = st.lists(st.tuples(st.sampled_from(["actor", "date"]), st.integers(0, 200), st.integers(0, 200)), max_size=6)


@given(WORDS, PARTS, st.integers(24, 90))
def test_lines_fit_brackets_close_and_no_word_is_lost(words, spans, columns):
    text = " ".join(words)[:GAP_CHARS]  # of more, only the ends are printed
    parts = [Part(label, low, high) for label, low, high in spans]
    found = lines(text, parts, columns)
    assert all(cell_len(line) <= columns for line in found)
    joined = "".join(found)
    assert joined.count("[") == joined.count("]")
    unmarked = re.sub(r"\[…?(?:actor|date)(?:, (?:actor|date))?: ?", "", joined).replace("]", "")
    assert unmarked.replace(" ", "") == text.replace(" ", "")
