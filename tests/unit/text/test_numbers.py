"""Numbers in digits, in words, in both; and what only looks like one."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.text.numbers import read_numbers

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]]


def spell(number, *, joint="-", conjunction=" and "):
    """English for 0 <= number < 10**9, written here so as not to share a mistake with the reader."""
    for size, name in ((10**6, "million"), (1000, "thousand")):
        if number >= size:
            rest = number % size
            words = f"{spell(number // size, joint=joint, conjunction=conjunction)} {name}"
            if not rest:
                return words
            return words + (conjunction if rest < 100 else " ") + spell(rest, joint=joint, conjunction=conjunction)
    if number >= 100:
        rest = number % 100
        words = f"{ONES[number // 100]} hundred"
        return words + (conjunction + spell(rest, joint=joint) if rest else "")
    if number >= 20:
        return TENS[number // 10] + (joint + ONES[number % 10] if number % 10 else "")
    return ONES[number]


@given(st.integers(0, 10**9 - 1), st.sampled_from(["-", " "]), st.sampled_from([" and ", " "]))
def test_a_spelt_integer_reads_back_as_itself(number, joint, conjunction):
    words = spell(number, joint=joint, conjunction=conjunction)
    assert [(n.low, n.high, n.start, n.end) for n in read_numbers(words)] == [(number, number, 0, len(words))]


@given(st.integers(0, 10**9 - 1), st.sampled_from([",", "", "\u202f"]))
def test_digits_read_back_as_themselves_however_grouped(number, mark):
    digits = f"{number:,}".replace(",", mark)
    assert [(n.low, n.high) for n in read_numbers(f"({digits})")] == [(number, number)]


@given(st.text(alphabet="0123456789,.-– ao", max_size=40) | st.text(max_size=60))
def test_spans_are_in_order_apart_and_hold_low_below_high(text):
    numbers = read_numbers(text)
    assert all(0 <= n.start < n.end <= len(text) for n in numbers)
    assert all(a.end <= b.start for a, b in pairwise(numbers))
    assert all((n.low is None) == (n.high is None) for n in numbers)
    assert all(n.low <= n.high for n in numbers if n.low is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.2 million", [(1_200_000, 1_200_000)], id="a-decimal-before-a-unit"),
        pytest.param("22 thousand", [(22_000, 22_000)], id="digits-before-a-unit"),
        pytest.param("two dozen", [(24, 24)], id="dozens-are-multiplied"),
        pytest.param("half a million", [(500_000, 500_000)], id="half-of-a-unit"),
        pytest.param("two and a half million", [(2_500_000, 2_500_000)], id="and-a-half"),
        pytest.param("a couple", [(2, 2)], id="a-couple-is-two"),
        pytest.param("a hundred", [(100, 100)], id="an-article-is-one"),
        pytest.param("30.000", [(30_000, 30_000)], id="points-group-thousands"),
        pytest.param("1,00,000", [(100_000, 100_000)], id="indian-groups"),
        pytest.param("20-30", [(20, 30)], id="a-dash-makes-a-range"),
        pytest.param("between 20 and 30", [(20, 30)], id="between-makes-a-range"),
        pytest.param("from 12 to 35", [(12, 12), (35, 35)], id="a-rise-is-two-numbers"),
        pytest.param("20 to 30,000", [(20_000, 30_000)], id="thousands-count-for-both-ends"),
        pytest.param("5 to 3", [(5, 5), (3, 3)], id="a-range-goes-up"),
        pytest.param("twenty five six", [(25, 25), (6, 6)], id="words-that-do-not-join"),
        pytest.param("tens of thousands", [(None, None)], id="tens-of-thousands-are-vague"),
        pytest.param("several hundred", [(None, None)], id="several-hundred-is-vague"),
        pytest.param("the number of men", [], id="the-number-is-none"),
        pytest.param("17-year-old", [], id="an-age-in-a-compound"),
        pytest.param("two-year", [], id="a-spelt-compound"),
        pytest.param("the 1990s and the 19th", [], id="decades-and-ordinals"),
        pytest.param("F-16, COVID-19, G7", [], id="names"),
        pytest.param("12:30 on 12/24/2023", [], id="clock-and-calendar"),
        pytest.param("3.75", [], id="parts-of-one"),
        pytest.param("9" * 5000, [], id="endless-digits"),
    ],
)
def test_reads(text, expected):
    assert [(n.low, n.high) for n in read_numbers(text)] == expected


@pytest.mark.parametrize("unit", ["one ", "9", "1,", "a ", "tens of ", "hundred and ", "1 ", "-", "between 1 and "])
def test_repetition_takes_about_linear_time(unit):
    def seconds(times):
        began = time.process_time()
        read_numbers(unit * times)
        return time.process_time() - began

    seconds(1000)
    assert seconds(40_000) < 20 * seconds(10_000) + 0.5
