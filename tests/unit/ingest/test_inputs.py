"""Which files a run reads, and under which addresses."""

import os
import socket
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.ingest import inputs
from flows.ingest.inputs import discover


@pytest.fixture
def folder(tmp_path):
    """An input folder, and beside it the warehouse."""
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def found(folder: Path) -> dict[str, str | None]:
    return {file.uri: file.refused for file in discover([folder], warehouse=folder.parent / "warehouse")}


def test_files_of_all_depths_are_found_in_the_order_of_their_uris(folder):
    (folder / "b" / "c").mkdir(parents=True)
    for name in ("z.txt", "b/a.html", "b/c/d.jsonl", "b.txt"):
        (folder / name).write_text("words")
    files = discover([folder], warehouse=folder / "warehouse")
    assert [file.uri for file in files] == ["b.txt", "b/a.html", "b/c/d.jsonl", "z.txt"]
    assert [file.kind for file in files] == ["text", "html", "jsonl", "text"]


def test_content_is_hashed_as_it_lies_on_the_disk(folder):
    (folder / "a.txt").write_bytes(b"abc")
    (file,) = discover([folder], warehouse=folder / "warehouse")
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file.byte_length == 3


def test_a_single_file_has_its_base_name_as_uri(folder):
    (folder / "a.txt").write_text("words")
    assert [file.uri for file in discover([folder / "a.txt"], warehouse=folder / "warehouse")] == ["a.txt"]


def test_several_inputs_put_their_base_names_first(folder, tmp_path):
    (folder / "a.txt").write_text("words")
    (tmp_path / "one.txt").write_text("words")
    files = discover([folder, tmp_path / "one.txt"], warehouse=tmp_path / "warehouse")
    assert [file.uri for file in files] == ["news/a.txt", "one.txt"]


def test_two_inputs_of_the_same_base_name_are_an_error(folder, tmp_path):
    (tmp_path / "other" / "news").mkdir(parents=True)
    with pytest.raises(UsageError, match="'news'"):
        discover([folder, tmp_path / "other" / "news"], warehouse=tmp_path / "warehouse")


def test_an_input_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(UsageError, match=r"There is no input .*absent"):
        discover([tmp_path / "absent"], warehouse=tmp_path / "warehouse")


def test_no_input_at_all_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="No input"):
        discover([], warehouse=tmp_path / "warehouse")


def test_the_warehouse_is_never_read_even_inside_the_input(folder):
    warehouse = folder / "warehouse"
    (warehouse / "releases").mkdir(parents=True)
    (warehouse / "releases" / "a.txt").write_text("words")
    (folder / "b.txt").write_text("words")
    (folder / "link.txt").symlink_to(warehouse / "releases" / "a.txt")
    assert [file.uri for file in discover([folder], warehouse=warehouse)] == ["b.txt"]


@pytest.mark.parametrize("inside", ["", "releases"])
def test_the_warehouse_as_the_input_is_an_error(folder, inside):
    (folder / "warehouse" / "releases").mkdir(parents=True)
    with pytest.raises(UsageError, match="warehouse"):
        discover([folder / "warehouse" / inside], warehouse=folder / "warehouse")


def test_hidden_files_and_folders_are_no_input(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "a.txt").write_text("words")
    (folder / ".hidden.txt").write_text("words")
    (folder / "a.txt").write_text("words")
    assert found(folder) == {"a.txt": None}


@pytest.mark.parametrize("name", ["a.pdf", "gold.json", "README.md", "noextension", "a.gz", "a.zip", "a.txt.bak"])
def test_a_file_of_unknown_extension_is_refused_but_hashed(folder, name):
    (folder / name).write_text("words")
    (file,) = discover([folder], warehouse=folder / "warehouse")
    assert (file.refused, file.byte_length, len(file.sha256)) == ("unknown_extension", 5, 64)


def test_a_link_within_the_input_is_read_under_its_own_name(folder):
    (folder / "a.txt").write_text("words")
    (folder / "b.txt").symlink_to("a.txt")
    assert found(folder) == {"a.txt": None, "b.txt": None}


def test_links_that_leave_the_input_are_refused(folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("words")
    (folder / "file.txt").symlink_to(tmp_path / "outside" / "a.txt")
    (folder / "folder").symlink_to(tmp_path / "outside")
    assert found(folder) == {"file.txt": "symlink_outside_input", "folder": "symlink_outside_input"}


def test_a_broken_link_is_refused(folder):
    (folder / "a.txt").symlink_to("absent.txt")
    assert found(folder) == {"a.txt": "unreadable_file"}


def test_links_that_lead_in_circles_end(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("words")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    assert found(folder) == {"sub/a.txt": None, "self.txt": "unreadable_file"}


def test_a_link_as_the_input_itself_is_followed(folder, tmp_path):
    (folder / "a.txt").write_text("words")
    (tmp_path / "latest").symlink_to(folder)
    files = discover([tmp_path / "latest"], warehouse=tmp_path / "warehouse")
    assert [(file.uri, file.refused) for file in files] == [("a.txt", None)]


def test_pipes_and_sockets_are_refused_without_waiting_for_a_writer(folder, monkeypatch):
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket is limited to about 100 characters
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        assert found(folder) == {"pipe.txt": "not_a_regular_file", "socket.txt": "not_a_regular_file"}


def refuse_to_open(path, *args, **kwargs):
    raise PermissionError(13, "Permission denied", str(path))


def test_a_file_that_may_not_be_read_is_refused(folder, monkeypatch):
    (folder / "a.txt").write_text("words")
    monkeypatch.setattr(Path, "open", refuse_to_open)  # root may read everything
    assert found(folder) == {"a.txt": "no_read_permission"}


def test_a_folder_that_may_not_be_listed_is_refused(folder, monkeypatch):
    (folder / "closed").mkdir()
    (folder / "a.txt").write_text("words")
    scandir = os.scandir
    monkeypatch.setattr(
        inputs.os, "scandir", lambda path: refuse_to_open(path) if Path(path).name == "closed" else scandir(path)
    )
    assert found(folder) == {"a.txt": None, "closed": "no_read_permission"}


def test_a_failing_disk_refuses_the_file_alone(folder, monkeypatch):
    def fail(path, *args, **kwargs):
        raise OSError(5, "Input/output error", str(path))

    (folder / "a.txt").write_text("words")
    monkeypatch.setattr(Path, "open", fail)
    assert found(folder) == {"a.txt": "unreadable_file"}


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        pytest.param(b"two\nlines.txt", "two\nlines.txt", id="newline"),
        pytest.param(b'it\'s "quoted".txt', 'it\'s "quoted".txt', id="quotes"),
        pytest.param(b"caf\xe9.txt", "caf\\xe9.txt", id="bytes-that-are-no-utf-8"),
        pytest.param("пресса.txt".encode(), "пресса.txt", id="cyrillic"),
        pytest.param(b"a#b?c%20;d|e.txt", "a#b?c%20;d|e.txt", id="signs-of-addresses"),
    ],
)
def test_odd_names_survive_as_valid_unicode(folder, name, uri):
    (folder / os.fsdecode(name)).write_text("words")
    (file,) = discover([folder], warehouse=folder / "warehouse")
    assert (file.uri, file.refused, file.kind) == (uri, None, "text")
    file.uri.encode("utf-8")


def test_deeply_nested_folders_are_walked(tmp_path):
    deep = tmp_path / "news"
    deep.mkdir()
    for _ in range(150):  # the system limits a path to 4,096 bytes
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.txt").write_text("words")
    (file,) = discover([tmp_path / "news"], warehouse=tmp_path / "warehouse")
    assert file.uri == "d/" * 150 + "a.txt"


@pytest.fixture
def years(folder):
    for name in (
        "a.txt",
        "b.jsonl",
        "2019/a.txt",
        "2019/deep/er/a.jsonl",
        "2020/a.txt",
        "2020/b.jsonl.zst",
        ".hidden/a.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("words")
    return folder


@pytest.mark.parametrize(
    ("patterns", "uris"),
    [
        pytest.param(["*.txt"], ["a.txt"], id="files-of-a-folder"),
        pytest.param(["**/*.txt"], ["2019/a.txt", "2020/a.txt", "a.txt"], id="at-any-depth"),
        pytest.param(["20*/a.txt"], ["2019/a.txt", "2020/a.txt"], id="in-some-folders"),
        pytest.param(["20[01]9"], ["2019/a.txt", "2019/deep/er/a.jsonl"], id="a-folder-is-read-whole"),
        pytest.param(
            ["**"],
            sorted(["a.txt", "b.jsonl", "2019/a.txt", "2019/deep/er/a.jsonl", "2020/a.txt", "2020/b.jsonl.zst"]),
            id="everything",
        ),
        pytest.param(
            ["**/*.jsonl*", "*.txt", "**/a.*"],
            sorted(["a.txt", "b.jsonl", "2019/a.txt", "2019/deep/er/a.jsonl", "2020/a.txt", "2020/b.jsonl.zst"]),
            id="several-patterns-each-file-once",
        ),
        pytest.param(["20?0/?.txt"], ["2020/a.txt"], id="one-sign"),
    ],
)
def test_patterns_that_no_shell_has_expanded_are_read_under_the_addresses_in_their_folder(years, patterns, uris):
    files = discover([years / pattern for pattern in patterns], warehouse=years / "warehouse")
    assert [file.uri for file in files] == uris


def test_a_pattern_beside_another_input_has_its_folder_s_name_first(years, tmp_path):
    (tmp_path / "one.txt").write_text("words")
    files = discover([years / "2019" / "*.txt", tmp_path / "one.txt"], warehouse=tmp_path / "warehouse")
    assert [file.uri for file in files] == ["2019/a.txt", "one.txt"]


def test_a_pattern_in_the_working_folder_needs_no_folder_s_name(years, monkeypatch):
    monkeypatch.chdir(years)
    assert [file.uri for file in discover([Path("*.txt")], warehouse=Path("warehouse"))] == ["a.txt"]


def test_a_file_whose_name_has_a_wildcard_is_that_file(folder):
    for name in ("a[1].txt", "a1.txt"):
        (folder / name).write_text("words")
    assert [file.uri for file in discover([folder / "a[1].txt"], warehouse=folder / "warehouse")] == ["a[1].txt"]


@pytest.mark.parametrize("pattern", ["*.pdf", "absent/*.txt", "a.txt/*", "20*/*/*/*/*.txt"])
def test_a_pattern_that_nothing_matches_is_an_error(years, pattern):
    with pytest.raises(UsageError, match=r"matches|There is no input"):
        discover([years / pattern], warehouse=years / "warehouse")


def test_a_folder_and_a_pattern_in_it_are_two_inputs_of_the_same_base_name(years):
    for order in ([years, years / "*.txt"], [years / "*.txt", years], [years, years]):
        with pytest.raises(UsageError, match="base name"):
            discover(order, warehouse=years / "warehouse")


def test_a_pattern_neither_enters_the_warehouse_nor_follows_links_nor_lists_other_folders(years, tmp_path, monkeypatch):
    (years / "warehouse").mkdir()
    (years / "warehouse" / "a.txt").write_text("words")
    (tmp_path / "outside").mkdir()
    (years / "2019" / "up").symlink_to(years)
    (years / "2019" / "out.txt").symlink_to(tmp_path / "outside")
    listed = []
    scandir = os.scandir
    monkeypatch.setattr(inputs.os, "scandir", lambda path: listed.append(Path(path).name) or scandir(path))
    files = discover([years / "*" / "*.txt"], warehouse=years / "warehouse")
    assert [(file.uri, file.refused) for file in files] == [
        ("2019/a.txt", None),
        ("2019/out.txt", "symlink_outside_input"),
        ("2020/a.txt", None),
    ]
    assert sorted(listed) == ["2019", "2020", "news"]


def test_a_folder_on_a_pattern_s_way_that_may_not_be_listed_is_named(years, monkeypatch):
    scandir = os.scandir
    monkeypatch.setattr(
        inputs.os, "scandir", lambda path: refuse_to_open(path) if Path(path).name == "2020" else scandir(path)
    )
    files = discover([years / "**" / "*.txt"], warehouse=years / "warehouse")
    assert {file.uri: file.refused for file in files}["2020"] == "no_read_permission"
