"""What moves between two releases shows up by itself: and what does not move, does not."""

import pytest

from flows.release.moved import LEAST_OPEN_ROWS, LEAST_ROWS, Moved, what_moved
from schemas.registry import table_named
from tests.contracts.sound import Rows, sound_rows, write_staged


def moved(tmp_path, old: Rows, new: Rows) -> dict[tuple[str, str | None, str], Moved]:
    write_staged(old, tmp_path / "old")
    write_staged(new, tmp_path / "new")
    return {(found.table, found.column, found.kind): found for found in what_moved(tmp_path / "old", tmp_path / "new")}


def with_claims(kinds: list[str], **columns: list[object]) -> Rows:
    """Sound rows whose casualties are so many copies of the first, of these kinds and with these values."""
    rows = sound_rows()
    (first, *_) = rows["casualties"]
    rows["casualties"] = [
        first
        | {"casualty_id": f"{number:016x}", "kind": kind}
        | {name: values[number] for name, values in columns.items()}
        for number, kind in enumerate(kinds)
    ]
    return rows


def test_a_category_that_empties_and_one_that_appears_are_told_however_few_rows_they_have(tmp_path):
    found = moved(tmp_path, with_claims(["killed", "missing"]), with_claims(["killed", "wounded"]))
    assert [one.sentence for one in found.values()] == [
        "casualties.kind: no row is missing any more (1 before).",
        "casualties.kind: wounded is new, in 1 row.",
    ]


def test_a_table_that_empties_is_told_once_and_not_for_each_of_its_columns(tmp_path):
    old, new = sound_rows(), sound_rows()
    new["quotes"] = []
    found = moved(tmp_path, old, new)
    assert [one.sentence for one in found.values()] == ["quotes has no row any more (2 before, 0 now)."]


@pytest.mark.parametrize(
    ("wounded_before", "wounded_now", "is_told"),
    [
        pytest.param(100, 140, True, id="by-more-than-the-threshold"),
        pytest.param(100, 135, False, id="by-less"),
    ],
)
def test_shares_that_move_are_told_with_the_value_that_moved_most(tmp_path, wounded_before, wounded_now, is_told):
    killed = 100
    old = with_claims(["killed"] * killed + ["wounded"] * wounded_before)
    new = with_claims(["killed"] * killed + ["wounded"] * wounded_now)
    found = moved(tmp_path, old, new).get(("casualties", "kind", "shares"))
    assert (found is not None) is is_told
    if found:
        share = [wounded / (killed + wounded) for wounded in (wounded_before, wounded_now)]
        assert found.value == "wounded"
        assert found.distance == pytest.approx(share[1] - share[0])


def test_few_rows_have_no_shares(tmp_path):
    few = LEAST_ROWS - 1
    old, new = with_claims(["killed"] * few + ["missing"]), with_claims(["killed"] + ["missing"] * (few - 1))
    assert ("casualties", "kind", "shares") not in moved(tmp_path, old, new)


def test_numbers_that_move_are_told_with_their_medians(tmp_path):
    kinds = ["killed"] * 100
    old = with_claims(kinds, low=[number % 10 for number in range(100)])
    new = with_claims(kinds, low=[number % 10 + 3 for number in range(100)])
    found = moved(tmp_path, old, new)
    numbers = found.pop(("casualties", "low", "numbers"))
    assert (numbers.before, numbers.now) == (4.5, 7.5)
    assert numbers.distance == pytest.approx(0.3)
    assert found == {}


def test_numbers_that_only_widen_are_told_though_their_median_stays(tmp_path):
    kinds = ["killed"] * 101
    old = with_claims(kinds, low=[100 + number // 10 for number in range(101)])
    new = with_claims(kinds, low=[50 + number for number in range(101)])
    numbers = moved(tmp_path, old, new)["casualties", "low", "numbers"]
    assert numbers.distance > 0.3


def test_offsets_are_no_numbers_that_can_move(tmp_path):
    kinds = ["killed"] * 100
    old, new = (with_claims(kinds, start_char=[shift + number for number in range(100)]) for shift in (0, 500))
    assert moved(tmp_path, old, new) == {}


def test_a_column_that_loses_its_values_is_told(tmp_path):
    kinds = ["killed"] * 100
    old = with_claims(kinds, attributed_to=["surgeon"] * 100)
    new = with_claims(kinds, attributed_to=["surgeon"] * 60 + [None] * 40)
    (nulls,) = moved(tmp_path, old, new).values()
    assert nulls.sentence == "casualties.attributed_to: 0.0 % of the rows were null and 40.0 % are."


def test_an_outlet_that_vanishes_is_told_if_it_had_some_articles(tmp_path):
    def with_outlets(names: list[str]) -> Rows:
        rows = sound_rows()
        rows["articles"] = [
            rows["articles"][1] | {"article_id": f"{number:016x}", "publisher": name}
            for number, name in enumerate(names)
        ]
        return rows

    big, small = ["The Ledger"] * LEAST_OPEN_ROWS, ["The Leaf"] * (LEAST_OPEN_ROWS - 1)
    found = moved(tmp_path, with_outlets(big + small), with_outlets(["The Courier"]))
    assert [(one.column, one.kind, one.value) for one in found.values()] == [("publisher", "emptied", "The Ledger")]


def test_a_column_that_only_one_release_has_is_left_to_the_contract(tmp_path):
    import pyarrow.parquet as pq

    write_staged(with_claims(["killed"]), tmp_path / "old")
    write_staged(with_claims(["wounded"]), tmp_path / "new")
    file = tmp_path / "old" / "casualties.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["kind"]), file)
    assert what_moved(tmp_path / "old", tmp_path / "new", [table_named("casualties")]) == []
