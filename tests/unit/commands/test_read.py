"""What `query` prints is what a shell and a program read."""

from typer.testing import CliRunner

from flows.cli import app
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
