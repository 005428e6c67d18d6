"""incidents' figures: which of many claims is best, and how far the others stretch it."""

from datetime import date

import pytest

from flows.link.incident_figures import Claim, Figure, claim_of, figure_of
from tests.unit.link.told import at_least, claim

MAY_3, MAY_4 = date(2021, 5, 3), date(2021, 5, 4)


def weighed(name, figure=None, source=None, published=MAY_3, **changes) -> Claim:
    row = claim(name, "event", source or name, figure, **changes)
    found = claim_of(row, source or name, published, None)
    assert found is not None
    return found


def test_the_latest_claim_outranks_earlier_ones():
    assert figure_of([weighed("a", 10), weighed("b", 15, published=MAY_4)]) == Figure(15, 15, 15)


def test_a_toll_that_is_corrected_downwards_leaves_the_higher_as_high():
    assert figure_of([weighed("a", 15), weighed("b", 10, published=MAY_4)]) == Figure(10, 10, 15)


def test_of_one_day_the_figure_of_more_sources_is_best():
    assert figure_of([weighed("a", 10), weighed("b", 10), weighed("c", 12)]) == Figure(10, 10, 12)


def test_copies_of_one_text_do_not_outvote_two_sources():
    copies = [weighed(f"copy {n}", 10, source="agency") for n in range(5)]
    assert figure_of([*copies, weighed("b", 12), weighed("c", 12)]).best == 12


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"victims": "children"}, id="whom"),
        pytest.param({"side": "Armenia", "victims": "people"}, id="side"),
        pytest.param({"text": "killed 20, including 3 people"}, id="including"),
        pytest.param({"text": "3 of the people killed"}, id="of"),
        pytest.param({"count_start_char": None, "count_end_char": None, "victims": "a policeman"}, id="one-person"),
    ],
)
def test_a_total_outranks_a_part_even_a_later_one(part):
    assert figure_of([weighed("a", 20), weighed("b", 3, published=MAY_4, **part)]) == Figure(20, 20, 20)


def test_some_of_them_are_a_part():
    told = [
        weighed("a", 3, source="d", victims="siblings"),
        weighed("b", 2, source="d", victims=None, text="two of them already dead"),
    ]
    assert figure_of(told).best == 3


def test_a_part_greater_than_every_total_is_the_better_total():
    assert figure_of([weighed("a", 2), weighed("b", 3, published=MAY_4, victims="men")]) == Figure(3, 3, 3)


def test_without_a_total_a_later_single_victim_does_not_outrank_a_count():
    single = weighed("b", 1, published=MAY_4, victims="a teacher", count_start_char=None, count_end_char=None)
    assert figure_of([weighed("a", 2, victims="men"), single]).best == 2


def test_losses_of_two_sides_make_the_total_where_no_total_is_told():
    told = [
        weighed("a", source="d", side="Azerbaijan", victims="soldiers", **at_least(14)),
        weighed("b", source="d", side="Armenia", victims="soldiers", **at_least(5)),
    ]
    assert figure_of(told) == Figure(19, 19, None)


def test_at_least_leaves_the_high_open_unless_another_source_names_one():
    assert figure_of([weighed("a", **at_least(110))]) == Figure(110, 110, None)
    assert figure_of([weighed("a", **at_least(16)), weighed("b", 17)]) == Figure(16, 17, 17)


def test_up_to_leaves_the_low_open():
    assert figure_of([weighed("a", low=None, high=50, qualifier="up_to")]) == Figure(None, 50, 50)


def test_about_widens_both_ways():
    assert figure_of([weighed("a", 30_000, qualifier="about")]) == Figure(27_000, 30_000, 33_000)


def test_what_is_feared_bounds_from_above_and_is_not_best():
    assert figure_of([weighed("a", 9), weighed("b", 40, published=MAY_4, qualifier="feared")]) == Figure(9, 9, 40)


def test_a_claim_in_dozens_has_no_figure():
    row = claim("a", "event", "d", None, qualifier="vague")
    assert claim_of(row, "d", MAY_3, None) is None


def test_without_claims_nothing_is_known():
    assert figure_of([]) == Figure(None, None, None)
