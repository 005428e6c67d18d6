"""What other tests stand on: a made release is a release."""

from flows.release.verify import verify_release
from tests.contracts.sound import sound_rows
from tests.unit.release.made import make_release, make_warehouse


def test_made_releases_are_whole_and_follow_one_another(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    rows = sound_rows()
    rows["quotes"] = []
    manifest = make_release(store, rows)
    assert store.versions() == ["1.0.0", "1.1.0"]
    assert manifest["parent"] == "1.0.0"
    assert verify_release(store.release(), manifest).findings == ()


def test_the_data_card_says_how_many_values_a_person_corrected(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    assert "- values corrected by hand: 2." in (store.release() / "DATACARD.md").read_text(encoding="utf-8")
    make_release(store, sound_rows() | {"corrections": []})
    assert "by hand" not in (store.release() / "DATACARD.md").read_text(encoding="utf-8")
