"""dateline.lock."""

import pytest

from flows.errors import UsageError
from flows.share.lock import Lock, as_seen_from_here, as_written, read_lock, write_lock

PINNED = Lock("dateline", "1.0.0", "a" * 64, '../published \u00e9 "q"', "data")


def test_a_lock_is_read_as_it_was_written(tmp_path):
    write_lock(tmp_path / "dateline.lock", PINNED)
    assert read_lock(tmp_path / "dateline.lock") == PINNED
    assert [path.name for path in tmp_path.iterdir()] == ["dateline.lock"]


def test_no_lock_is_none(tmp_path):
    assert read_lock(tmp_path / "dateline.lock") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< HEAD",
        "[]",
        '{"name": "dateline"}',
        '{"name": "dateline", "version": "../..", "manifest_sha256": "x", "source": "s", "folder": "f"}',
    ],
)
def test_what_is_no_lock_is_refused_with_what_to_do(text, tmp_path):
    (tmp_path / "dateline.lock").write_text(text)
    with pytest.raises(UsageError, match="version control"):
        read_lock(tmp_path / "dateline.lock")


def test_a_relative_source_is_found_from_wherever_the_lock_is_read(tmp_path, monkeypatch):
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path)
    written = as_written("published", tmp_path / "project" / "dateline.lock")
    assert written == "../published"
    monkeypatch.chdir(tmp_path / "project")
    assert as_seen_from_here(written, tmp_path / "project" / "dateline.lock").endswith("project/../published")
