"""What `query` prints is what a shell and a program read."""

from typer.testing import CliRunner

from flows.cli import app
from flows.commands import common
from flows.store.query import run_query
from tests.unit.release.made import make_release, make_warehouse


def test_csv_on_a_pipe_has_the_line_ends_of_a_csv_file(tmp_path):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    asked = [
        "query",
        "select document_id from documents order by all limit 2",
        "-w",
        str(store.root),
        "--format",
        "csv",
    ]
    printed = CliRunner().invoke(app, asked).stdout_bytes
    CliRunner().invoke(app, [*asked, "--output", str(tmp_path / "documents.csv")])
    assert printed == (tmp_path / "documents.csv").read_bytes()
    assert len(printed.splitlines()) == 3  # the header and two rows


def test_rows_that_do_not_fit_the_terminal_are_told_column_below_column_and_no_word_is_cut(tmp_path, monkeypatch):
    store = make_warehouse(tmp_path / "warehouse")
    make_release(store)
    monkeypatch.setattr(common.out, "width", 80)
    columns = ", ".join(f"event_id as id_{number}" for number in range(9))
    few = CliRunner().invoke(app, ["query", "select event_id, plover from events", "-w", str(store.root)]).stdout
    many = CliRunner().invoke(app, ["query", f"select {columns} from events", "-w", str(store.root)]).stdout
    wanted = run_query(store, "select event_id from events")[1][0][0]
    assert few.count(wanted) == 1
    assert many.count(wanted) == 9
    assert "id_8" in many
    assert max(len(line) for line in (few + many).splitlines()) <= 80
