"""`dateline export` as a user types it: what it makes, what it says, and what it refuses."""

import csv
import json

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.release.ucdp_ged import COLUMNS, mapping_table
from tests.unit.release.made import make_release, make_warehouse


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A release in the working folder's warehouse."""
    monkeypatch.chdir(tmp_path)
    make_release(make_warehouse(tmp_path / "warehouse"))
    return tmp_path


def dateline(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def test_a_table_is_written_and_what_its_columns_mean_beside_it(folder):
    result = dateline("export", "1.0.0", "--as", "ucdp-ged", "--to", "ged.csv")
    assert result.exit_code == 0, result.stderr
    assert "Written: ged.csv, 1 rows; what its columns mean: ged.mapping.md." in result.stdout
    with (folder / "ged.csv").open(newline="") as stream:
        header, *rows = csv.reader(stream)
    assert (header, len(rows)) == ([column.name for column in COLUMNS], 1)
    said = (folder / "ged.mapping.md").read_text()
    assert said.startswith("# dateline 1.0.0 in the form of UCDP GED\n\n1 rows.")
    assert said.endswith(mapping_table())


def test_it_is_told_to_machines():
    result = dateline("export", "1.0.0", "--as", "ucdp-ged", "--to", "ged.csv", "--json")
    told = json.loads(result.stdout)
    assert (told["version"], told["written"], told["rows"]) == ("1.0.0", "ged.csv", 1)
    assert set(told["left_out"].values()) == {0}


def test_what_the_columns_mean_is_printed_without_a_release(folder):
    result = dateline("export", "--as", "ucdp-ged", "--mapping", "-w", "nowhere")
    assert (result.exit_code, result.stdout) == (0, mapping_table())
    told = json.loads(dateline("export", "--as", "ucdp-ged", "--mapping", "--json").stdout)
    assert [one["column"] for one in told] == [column.name for column in COLUMNS]
    assert [path.name for path in folder.iterdir()] == ["warehouse"]


def test_a_copy_without_article_text_is_made_as_before(folder):
    result = dateline("export", "1.0.0", "--facts", "--to", "facts")
    assert result.exit_code == 0, result.stderr
    assert "dateline verify --folder facts --against ORIGINALS" in result.stdout
    assert (folder / "facts" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param("1.0.0 --to x", "name what to make: --facts", id="neither-form"),
        pytest.param("1.0.0 --facts --as ucdp-ged --to x", "ask for one of them", id="both-forms"),
        pytest.param("1.0.0 --as acled --to x", "there is no form acled. Forms: ucdp-ged", id="unknown-form"),
        pytest.param("1.0.0 --as ucdp-ged", "name where to write: --to PATH", id="no-target"),
        pytest.param("--as ucdp-ged --to x.csv", "name the version to export", id="no-version"),
        pytest.param("1.0.0 --facts --mapping --to x", "--mapping needs a form", id="mapping-of-nothing"),
        pytest.param("2.0.0 --as ucdp-ged --to x.csv", "has no release 2.0.0. It has: 1.0.0.", id="unknown-version"),
        pytest.param("1.0.0 --as ucdp-ged --to no/x.csv", "no is no folder", id="no-folder"),
        pytest.param("1.0.0 --as ucdp-ged --to warehouse", "warehouse exists already", id="a-folder"),
    ],
)
def test_bad_use_is_named_and_writes_nothing(folder, arguments, message):
    result = dateline("export", *arguments.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert [path.name for path in folder.iterdir()] == ["warehouse"]
