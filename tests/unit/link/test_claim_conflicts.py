"""claim_conflicts: which claims cannot both hold, and which only seem so."""

from datetime import date

import pytest

from flows.link.claim_conflicts import MOST_PAIRED, cannot_both_hold, conflicting
from flows.link.incident_figures import Claim, claim_of
from tests.unit.link.told import at_least, claim

MAY_3, MAY_4, JULY_1 = date(2021, 5, 3), date(2021, 5, 4), date(2021, 7, 1)


def weighed(name, figure=None, source=None, published=MAY_3, **changes) -> Claim:
    found = claim_of(claim(name, "event", source or name, figure, **changes), source or name, published, None)
    assert found is not None
    return found


def test_two_totals_of_one_day_conflict():
    assert cannot_both_hold(weighed("a", 16), weighed("b", 17), MAY_3)


def test_at_least_sixteen_counted_is_not_seventeen():
    assert cannot_both_hold(weighed("a", **at_least(16)), weighed("b", 17), MAY_3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"figure": 16}, {"figure": 16}, id="the-same"),
        pytest.param(at_least(110), {"figure": 117}, id="round-at-least"),
        pytest.param({"low": 6_500, "high": None, "qualifier": "more_than"}, {"figure": 6_540}, id="more-than"),
        pytest.param({"figure": 30, "qualifier": "about"}, {"figure": 32}, id="about"),
        pytest.param({"low": None, "high": 50, "qualifier": "up_to"}, {"figure": 32}, id="up-to"),
        pytest.param({"low": 10, "high": 15, "qualifier": "range"}, {"figure": 12}, id="range"),
        pytest.param({"figure": 20_000}, {"figure": 20_424}, id="round-thousands"),
        pytest.param({"figure": 3, "victims": "civilians"}, {"figure": 16}, id="a-part-of-the-total"),
        pytest.param({"figure": 14, "side": "Azerbaijan"}, {"figure": 5, "side": "Armenia"}, id="other-sides"),
        pytest.param({"figure": 3, "victims": "children"}, {"figure": 2, "victims": "teachers"}, id="other-people"),
        pytest.param(
            {"figure": 1, "count_start_char": None, "count_end_char": None}, {"figure": 2}, id="a-single-victim"
        ),
        pytest.param(
            {"figure": 4, "date_start": MAY_3, "date_end": MAY_3},
            {"figure": 7, "date_start": JULY_1, "date_end": JULY_1},
            id="other-days",
        ),
    ],
)
def test_what_can_both_hold_does_not_conflict(one, other):
    assert not cannot_both_hold(weighed("a", **one), weighed("b", **other), MAY_3)
    assert not cannot_both_hold(weighed("b", **other), weighed("a", **one), MAY_3)


def test_a_part_greater_than_the_total_conflicts():
    assert cannot_both_hold(weighed("a", 20, victims="children"), weighed("b", 16), MAY_3)


def test_one_sides_losses_told_differently_conflict():
    told = {"side": "Armenia", "victims": "soldiers"}
    assert cannot_both_hold(weighed("a", 5, **told), weighed("b", 9, **told), MAY_3)


def test_a_higher_toll_of_a_later_day_is_a_later_count():
    assert not cannot_both_hold(weighed("a", 10), weighed("b", 15, published=MAY_4), MAY_3)


def test_a_lower_toll_of_a_later_day_conflicts():
    assert cannot_both_hold(weighed("a", 15), weighed("b", 10, published=MAY_4), MAY_3)


def test_long_after_it_a_higher_toll_is_another_claim():
    assert cannot_both_hold(weighed("a", 10), weighed("b", 15, published=JULY_1), MAY_3)


def test_copies_and_later_takes_of_one_text_do_not_conflict():
    one, other = weighed("a", 10, source="agency"), weighed("b", 12, source="agency")
    assert not cannot_both_hold(one, other, MAY_3)


def test_two_who_are_quoted_in_one_text_can_conflict():
    police = weighed("a", 10, source="d", attributed_to="police")
    rebels = weighed("b", 25, source="d", attributed_to="rebels")
    assert cannot_both_hold(police, rebels, MAY_3)


def test_a_pair_has_its_smaller_id_first():
    one, other = weighed("a", 16), weighed("b", 17)
    assert conflicting([one, other], MAY_3) == conflicting([other, one], MAY_3)
    ((first, second),) = conflicting([one, other], MAY_3)
    assert first < second


def test_of_very_many_claims_one_stands_for_each_figure():
    told = [weighed(f"claim {n}", 16 + n % 2) for n in range(2 * MOST_PAIRED)]
    assert len(conflicting(told, MAY_3)) == 1
