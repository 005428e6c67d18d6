"""The folders of runs: ids that grow, events that are cut, runs that live and runs that were killed."""

import subprocess
import sys

import pytest

from flows.store import runs
from flows.store.runs import (
    EVENTS,
    is_running,
    new_run,
    read_events,
    read_report,
    run_ids,
    sweep_runs,
    write_report,
)
from flows.store.warehouse import Warehouse


@pytest.fixture
def store(tmp_path):
    store = Warehouse(tmp_path)
    store.prepare()
    return store


def begin(store):
    with new_run(store) as (folder, _):
        return folder.name


class FixedClock:
    """A clock that the test sets."""

    text = "20260301T060000Z"

    @classmethod
    def now(cls, _zone):
        return cls

    @classmethod
    def strftime(cls, _form):
        return cls.text


def test_ids_grow_also_within_a_second_and_when_the_clock_is_set_back(store, monkeypatch):
    monkeypatch.setattr(runs, "datetime", FixedClock)
    found = [begin(store), begin(store)]
    monkeypatch.setattr(FixedClock, "text", "20250101T000000Z")
    found.append(begin(store))
    monkeypatch.setattr(FixedClock, "text", "20270101T000000Z")
    found.append(begin(store))
    assert run_ids(store.runs) == found
    assert found == ["20260301T060000Z-00", "20260301T060000Z-01", "20260301T060000Z-02", "20270101T000000Z-00"]


def test_a_run_whose_process_lives_is_running_and_ends_with_it(store):
    code = (
        "import sys, pathlib\n"
        "from flows.store.runs import new_run\n"
        "from flows.store.warehouse import Warehouse\n"
        "with new_run(Warehouse(pathlib.Path(sys.argv[1]))) as (folder, stream):\n"
        '    stream.write(\'{"event": "run_started"}\\n{"event": "ru\')\n'
        "    stream.flush()\n"
        "    print(folder, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(store.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        folder = store.runs / run_ids(store.runs)[0]
        assert is_running(folder)
        assert is_running(folder), "looking must not end it"
        process.kill()
    assert not is_running(folder)
    assert read_report(folder) is None
    assert read_events(folder) == [{"event": "run_started"}], "a cut last line is passed over"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", b"[1]\n3\nnull\n", b'{"no": "event"}\n'])
def test_lines_that_are_no_events_are_passed_over(tmp_path, content):
    (tmp_path / EVENTS).write_bytes(content + b'{"event": "run_started"}\n')
    assert read_events(tmp_path) == [{"event": "run_started"}]


@pytest.mark.parametrize("content", ["", "[]", '{"run": "a"', '{"run": "a"}'])
def test_a_report_that_is_not_whole_is_none(tmp_path, content):
    (tmp_path / "report.json").write_text(content)
    assert read_report(tmp_path) is None


def test_a_report_reads_back(tmp_path):
    write_report(tmp_path, {"result": "released"})
    assert read_report(tmp_path) == {"result": "released"}


def test_only_the_last_runs_are_kept_and_what_else_lies_there_stays(store):
    found = [begin(store) for _ in range(5)]
    (store.runs / "notes-of-mine").mkdir()
    assert sweep_runs(store, keep=3) == 2
    assert run_ids(store.runs) == found[2:]
    assert (store.runs / "notes-of-mine").is_dir()


def test_two_runs_that_begin_at_once_get_folders_of_their_own(store):
    code = (
        "import sys, pathlib\n"
        "from flows.store.runs import new_run\n"
        "from flows.store.warehouse import Warehouse\n"
        "for _ in range(20):\n"
        "    with new_run(Warehouse(pathlib.Path(sys.argv[1]))):\n"
        "        pass\n"
    )
    command = [sys.executable, "-c", code, str(store.root)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    assert len(run_ids(store.runs)) == 60
