"""CHANGELOG.md: its first line tells news from the same text read anew, and its sentences say what differs and why."""

import pytest

from flows.release.changelog import Compared, first_line
from flows.release.changes import Changes
from tests.contracts.sound import COPY_ID, MARCH_ID, TALKS_ID, sound_rows
from tests.unit.release.made import CODE, make_release, make_warehouse
from tests.unit.release.test_diff import with_uri, without


def changes(rows: dict[tuple[str, str, str], int], renamed: int = 0) -> Changes:
    return Changes(rows, {}, {}, (), renamed)


NEW = {("documents", "added", "new_input"): 3, ("quotes", "added", "new_input"): 7}
CHANGED = {("documents", "added", "changed_input"): 1, ("documents", "retracted", "changed_input"): 1}
GONE = {("documents", "retracted", "removed_input"): 2}
READ = {("casualties", "revised", "code"): 12}
REFERENCE = {("entities", "revised", "reference_data"): 1}
MOVED = {("articles", "revised", "linking"): 4}
CORRECTED = {("casualties", "revised", "correction"): 2}


@pytest.mark.parametrize(
    ("rows", "blamed", "line"),
    [
        pytest.param(NEW, {}, "3 new documents; the rest is as it was.", id="news"),
        pytest.param(
            NEW | CHANGED | GONE,
            {},
            "3 new documents, 1 changed document, 2 documents that are gone; the rest is as it was.",
            id="news-of-all-kinds",
        ),
        pytest.param(
            NEW | MOVED,
            {},
            "3 new documents; the rest is as it was, but for 4 rows of other documents that this moved.",
            id="news-that-move-others",
        ),
        pytest.param(
            READ,
            {"extract": "code"},
            "No new text: the same documents were read by other code, and 12 rows of theirs differ.",
            id="read-anew",
        ),
        pytest.param(
            READ | REFERENCE,
            {"extract": "code", "link": "reference_data"},
            "No new text: the same documents were read by other code and by other reference data, and 13 rows of theirs differ.",
            id="read-anew-with-other-tables",
        ),
        pytest.param(
            NEW | REFERENCE,
            {"link": "reference_data"},
            "3 new documents; the other documents were read by other reference data, and 1 row of theirs differs.",
            id="news-and-read-anew",
        ),
        pytest.param(NEW, {"link": "code"}, "3 new documents; the rest is as it was.", id="news-and-code-without-effect"),
        pytest.param(CORRECTED, {}, "No new text: 2 rows differ by corrections by hand.", id="corrected"),
        pytest.param(
            {},
            {"extract": "code"},
            "No new text: the same documents were read by other code, and no row differs.",
            id="read-anew-to-the-same",
        ),
        pytest.param({}, {}, "No row differs: at most files around the data do.", id="nothing"),
    ],
)  # fmt: skip
def test_the_first_line_tells_news_from_the_same_text_read_anew(rows, blamed, line):
    assert first_line(Compared(changes(rows), blamed=blamed)) == line


def test_a_renamed_file_is_news_of_its_kind():
    found = Compared(changes({("documents", "revised", "changed_input"): 1}, renamed=1))
    assert first_line(found) == "1 document under another name or with other metadata; the rest is as it was."


def notes(store) -> list[str]:
    return (store.release() / "CHANGELOG.md").read_text().splitlines()


def test_a_release_with_a_new_and_a_changed_document_says_so(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store, without(without(sound_rows(), COPY_ID), TALKS_ID))
    make_release(store, without(with_uri(sound_rows(), COPY_ID, "march.jsonl#7"), MARCH_ID))
    lines = notes(store)
    assert lines[2] == "1 new document, 1 changed document; the rest is as it was."
    assert (
        "- documents: 3 rows (+1). 2 added: 1 of new documents, 1 of changed documents. 1 retracted, of changed documents."
        in lines
    )


def test_revised_columns_are_named_with_the_most_frequent_first(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    rows = sound_rows()
    for claim in rows["casualties"][:2]:
        claim["high"] = 99
    rows["casualties"][0]["attributed_to"] = "an officer"
    make_release(store, rows, code=CODE | {"extract": "other"})
    lines = notes(store)
    assert lines[2] == "No new text: the same documents were read by other code, and 2 rows of theirs differ."
    assert "- casualties: 3 rows, as many as before. 2 revised, by other code; in high (2), attributed_to (1)." in lines
    assert any(line.startswith("- As before: documents, segments, ") for line in lines)
    assert not any("checks" in line for line in lines)


def test_ids_that_are_no_more_are_told(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    rows = sound_rows()
    rows["id_map"] = []
    make_release(store, rows)
    lost = {"old_id": "00000000000000aa", "new_id": None, "kind": "incident", "since_version": "1.1.0"}
    make_release(store, sound_rows() | {"id_map": [*sound_rows()["id_map"], lost]})
    lines = notes(store)
    assert "- 1 id of a story is no more: id_map names what stands in the place of 1; of 0 nothing is left." in lines
    assert (
        "- 1 id of an incident is no more: id_map names what stands in the place of 0; of 1 nothing is left." in lines
    )


def test_what_moved_by_itself_is_in_it(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    rows = sound_rows()
    rows["casualties"].pop()  # the only one of its kind
    make_release(store, rows)
    lines = notes(store)
    assert (
        lines[lines.index("## What moved by itself") + 2] == "- casualties.kind: no row is wounded any more (1 before)."
    )


def test_corrections_are_listed_with_their_reason_and_so_are_those_that_went(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    plain, corrected = sound_rows(), sound_rows()
    plain["corrections"] = []
    plain["casualties"][2] |= {"low": 3, "high": 3}
    make_release(store, plain)
    make_release(store, corrected)
    lines, claim = notes(store), corrected["casualties"][2]["casualty_id"]
    assert lines[2] == "No new text: 1 row differs by corrections by hand."
    assert f"- casualties {claim}: high is 2 instead of 3, by A. Reader: the surgeon counted 2" in lines
    make_release(store, plain)
    assert f"- casualties {claim}: low is no longer corrected." in notes(store)


def test_the_same_release_has_the_same_changelog(tmp_path):
    written = []
    for name in ("one", "two"):
        store = make_warehouse(tmp_path / name)
        make_release(store, without(sound_rows(), COPY_ID))
        make_release(store)
        written.append(notes(store))
    assert written[0] == written[1]
    assert str(tmp_path) not in "\n".join(written[0])
