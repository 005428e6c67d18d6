"""Records of what was withdrawn: written whole, read back, and never lost because a file is torn."""

from pathlib import Path

import pytest

from flows.errors import WarehouseDamaged
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import (
    Takedown,
    Yank,
    forget_yank,
    takedowns_of,
    write_takedown,
    write_yank,
    yank_of,
    yanks_of,
)

YANK = Yank("1.1.0", "dates are a day off", "1.2.0", "2026-03-05")
TAKEDOWN = Takedown("0123456789abcdef", "0123456789abcdef" * 4, "a court's order", "2026-03-05", ("1.0.0", "1.1.0"))


def test_a_warehouse_in_which_nothing_was_withdrawn_has_no_records(tmp_path: Path) -> None:
    assert yanks_of(Warehouse(tmp_path)) == {}
    assert yank_of(Warehouse(tmp_path), "1.0.0") is None
    assert takedowns_of(Warehouse(tmp_path)) == {}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    write_yank(store, YANK)
    write_takedown(store, TAKEDOWN)
    assert yanks_of(store) == {"1.1.0": YANK}
    assert yank_of(store, "1.1.0") == YANK
    assert takedowns_of(store) == {TAKEDOWN.document_id: TAKEDOWN}


def test_a_yank_can_be_taken_back(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    write_yank(store, YANK)
    forget_yank(store, "1.1.0")
    forget_yank(store, "1.1.0")
    assert yanks_of(store) == {}


def test_a_record_that_a_killed_process_left_half_written_does_not_count(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    write_yank(store, YANK)
    (tmp_path / "yanked" / ".1.0.0.json.4711").write_text('{"version"', encoding="utf-8")
    assert list(yanks_of(store)) == ["1.1.0"]


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"version": "1.1.0"}', "\ud800".encode("utf-8", "surrogatepass")])
@pytest.mark.parametrize("folder", ["yanked", "takedowns"])
def test_a_torn_record_is_an_error_and_not_forgotten(tmp_path: Path, folder: str, torn: str | bytes) -> None:
    place = tmp_path / folder
    place.mkdir()
    (place / "1.1.0.json").write_bytes(torn if isinstance(torn, bytes) else torn.encode())
    with pytest.raises(WarehouseDamaged, match="withdrawn"):
        (yanks_of if folder == "yanked" else takedowns_of)(Warehouse(tmp_path))
