"""Ids that are no more lead to what stands in their place."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flows.release.id_map import carried_ids, replaced_ids

GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123456"))


def _pairs(rows):
    return {row["old_id"]: row["new_id"] for row in rows}


def test_a_group_that_stays_has_no_row():
    assert replaced_ids("story", {"a": "1"}, {"a": "1", "b": "1"}, "1.1.0") == []


def test_a_merged_group_leads_to_the_one_that_took_it_in():
    assert _pairs(replaced_ids("incident", {"a": "1", "b": "2"}, {"a": "1", "b": "1"}, "1.1.0")) == {"2": "1"}


def test_a_split_group_leads_to_its_larger_part_and_of_equal_parts_to_the_smaller_id():
    before = dict.fromkeys("abc", "1")
    assert _pairs(replaced_ids("story", before, {"a": "3", "b": "4", "c": "4"}, "1.1.0")) == {"1": "4"}
    assert _pairs(replaced_ids("story", before, {"a": "4", "b": "3"}, "1.1.0")) == {"1": "3"}


def test_a_group_of_which_nothing_is_left_leads_nowhere_and_later_still_does():
    gone = replaced_ids("story", {"a": "1"}, {}, "1.1.0")
    assert _pairs(gone) == {"1": None}
    assert carried_ids(gone, [], frozenset({"2"})) == gone


def test_an_id_that_is_there_again_is_not_replaced():
    gone = replaced_ids("story", {"a": "1"}, {"a": "2"}, "1.1.0")
    assert carried_ids(gone, replaced_ids("story", {"a": "2"}, {"a": "1"}, "1.2.0"), frozenset({"1"})) == [
        {"old_id": "2", "new_id": "1", "kind": "story", "since_version": "1.2.0"}
    ]


@given(st.lists(GROUPS, min_size=2, max_size=5))
def test_every_id_that_ever_was_lives_or_leads_to_one_that_lives_or_to_nothing(releases):
    rows: list = []
    for number, (before, now) in enumerate(pairwise(releases), 1):
        living = frozenset(now.values())
        rows = carried_ids(rows, replaced_ids("story", before, now, f"1.{number}.0"), living)
        assert {row["old_id"] for row in rows} & living == set()
        assert {row["new_id"] for row in rows} <= living | {None}
    ever = {group for release in releases for group in release.values()}
    assert ever == set(releases[-1].values()) | {row["old_id"] for row in rows}
