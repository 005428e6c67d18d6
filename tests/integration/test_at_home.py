"""A release is at home in other tools: each of them opens it, and finds the rows and types that the manifest promises."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import duckdb_extension_httpfs
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.release.export import export_facts
from flows.store.parquet import write_parquet
from flows.store.warehouse import DATABASE, read_manifest
from schemas.export import arrow_schema
from schemas.registry import RELEASED, table_named
from tests.contracts.sound import loose_arrow, sound_rows
from tests.contracts.week import this_week
from tests.integration.seaweed import BUCKET, READER, seaweed
from tests.unit.release.made import make_release, make_warehouse

README = Path(__file__).parents[2] / "README.md"
TABLES = [table.name for table in RELEASED]
EMPTY = "claim_conflicts"  # many a release has none
NULLABLE_INTEGER, DATE_COLUMN, LIST_COLUMN = "killed_low", "date_start", "actors"  # of incidents


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    store = make_warehouse(tmp_path_factory.mktemp("home") / "warehouse")
    rows = sound_rows()
    rows[EMPTY] = []
    make_release(store, rows)
    return store


@pytest.fixture(scope="module")
def release(warehouse):
    return warehouse.release()


@pytest.fixture(scope="module")
def manifest(warehouse):
    return warehouse.manifest()


def rows_of(release, table):
    return pq.read_table(release / f"{table}.parquet").to_pylist()


def fetched(relation):
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def program(name):
    return str(Path(sys.executable).with_name(name))


def copied(release, target):
    """The files of a release, writable."""
    target.mkdir()
    for path in release.glob("*.*"):
        (target / path.name).write_bytes(path.read_bytes())
    return target


# DuckDB


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_a_parquet_file_by_its_path(warehouse, manifest, table):
    with duckdb.connect() as connection:
        found = connection.sql(f"from '{warehouse.current}/{table}.parquet'")
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        assert types == manifest["tables"][table]["schema"]
        assert fetched(found) == rows_of(warehouse.release(), table)


def test_duckdb_opens_the_database_at_its_path(warehouse, release):
    with duckdb.connect(str(warehouse.root / DATABASE), read_only=True) as connection:
        for table in TABLES:
            assert fetched(connection.table(table)) == rows_of(release, table)
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("delete from quotes")


def test_a_session_of_its_own_attaches_the_database_beside_its_own_tables(warehouse, release):
    with duckdb.connect() as mine, duckdb.connect() as another:
        for connection in (mine, another):  # at the same time
            connection.execute(f"attach '{warehouse.root / DATABASE}' as news (read_only)")
        mine.execute("create table watched as select 'Velmora' as place")
        joined = mine.sql("select count(*) from news.casualties join watched using (place)").fetchone()
        assert joined == (sum(row["place"] == "Velmora" for row in rows_of(release, "casualties")),)
        assert joined[0] > 0
        comments = another.sql("select table_name from duckdb_tables() where comment like 'One row is%' order by all")
        assert [name for (name,) in comments.fetchall()] == sorted(TABLES)


# DuckDB, from S3


@pytest.fixture(scope="module")
def bucket(warehouse, tmp_path_factory):
    """A session that knows the bucket that the release is published to, as README.md says; nothing is downloaded for it."""
    with seaweed(tmp_path_factory.mktemp("seaweed")) as server, duckdb.connect() as connection:
        told = CliRunner().invoke(
            app, ["publish", f"s3://{BUCKET}/conflict", "-w", str(warehouse.root)], env=server.environment()
        )
        assert told.exit_code == 0, told.output
        (extension,) = Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension")
        connection.execute(f"load '{extension}'")
        connection.execute(
            f"create secret (type s3, key_id '{READER['AWS_ACCESS_KEY_ID']}', secret '{READER['AWS_SECRET_ACCESS_KEY']}', "
            f"region 'us-east-1', endpoint '{server.endpoint.removeprefix('http://')}', url_style 'path', use_ssl false)"
        )
        yield connection


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_a_published_parquet_file_by_its_s3_url(bucket, release, table):
    found = bucket.sql(f"from 's3://{BUCKET}/conflict/releases/1.0.0/{table}.parquet'")
    assert fetched(found) == rows_of(release, table)


def test_duckdb_attaches_the_published_database_by_its_s3_url(bucket, release):
    bucket.execute(f"attach 's3://{BUCKET}/conflict/releases/1.0.0/{DATABASE}' as published (read_only)")
    assert fetched(bucket.sql("from published.incidents")) == rows_of(release, "incidents")
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        bucket.execute("delete from published.incidents")


# Data frames


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_every_table_with_its_types(release, table):
    frame = pd.read_parquet(release / f"{table}.parquet", dtype_backend="pyarrow")
    assert {name: dtype.pyarrow_dtype for name, dtype in frame.dtypes.items()} == {
        field.name: field.type for field in arrow_schema(table_named(table))
    }
    assert pa.Table.from_pandas(frame, preserve_index=False).to_pylist() == rows_of(release, table)


def test_pandas_as_it_comes_has_days_as_days_and_lists_as_lists(release):
    frame = pd.read_parquet(release / "incidents.parquet")
    first = frame[frame["killed_low"].notna()].iloc[0]
    assert isinstance(first[DATE_COLUMN], date)
    assert list(first[LIST_COLUMN]) == next(
        row[LIST_COLUMN] for row in rows_of(release, "incidents") if row["killed_low"]
    )
    nullable = pd.read_parquet(release / "incidents.parquet", dtype_backend="numpy_nullable")
    assert nullable[NULLABLE_INTEGER].dtype == "Int64"
    assert nullable[NULLABLE_INTEGER].isna().any()


@pytest.mark.parametrize("table", TABLES)
def test_polars_reads_every_table_with_its_types(release, table):
    frame = pl.read_parquet(release / f"{table}.parquet")
    assert frame.schema == pl.from_arrow(arrow_schema(table_named(table)).empty_table()).schema
    assert frame.to_dicts() == rows_of(release, table)


def test_polars_has_days_lists_and_integers_with_nulls(release):
    schema = pl.scan_parquet(release / "incidents.parquet").collect_schema()
    assert (schema[DATE_COLUMN], schema[LIST_COLUMN], schema[NULLABLE_INTEGER]) == (
        pl.Date,
        pl.List(pl.String),
        pl.Int64,
    )


# Hugging Face


@pytest.fixture
def datasets(tmp_path, monkeypatch):
    """The library, without network and with a cache of the test's own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    return datasets


def test_datasets_loads_every_table_of_the_folder_by_its_card(datasets, release, manifest):
    filled = [name for name in TABLES if manifest["tables"][name]["rows"]]
    assert datasets.get_dataset_config_names(str(release)) == filled
    for table in filled:
        loaded = datasets.load_dataset(str(release), table, split="train")
        assert loaded.num_rows == manifest["tables"][table]["rows"]
        assert loaded.to_list() == rows_of(release, table)
        assert loaded.features.arrow_schema.types == arrow_schema(table_named(table)).types


def test_datasets_names_the_tables_that_there_are(datasets, release):
    with pytest.raises(ValueError, match=r"pick one among the available configs.*incidents"):
        datasets.load_dataset(str(release))
    with pytest.raises(ValueError, match=rf"'{EMPTY}' not found. Available.*incidents"):
        datasets.load_dataset(str(release), EMPTY)


# Frictionless


def test_the_data_package_passes_frictionless(release, manifest):
    told = subprocess.run(
        [program("frictionless"), "validate", "datapackage.json", "--json"],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(told.stdout)
    assert (told.returncode, report["valid"], report["errors"], report["warnings"]) == (0, True, [], [])
    read = {task["name"]: (task["type"], task["stats"].get("rows", 0)) for task in report["tasks"]}
    assert read == {name: ("table", table["rows"]) for name, table in manifest["tables"].items()}


@pytest.mark.parametrize(
    ("table", "column", "value", "error"),
    [
        pytest.param("quotes", "form", "shouting", "constraint-error", id="a-word-that-is-no-code"),
        pytest.param("quotes", "text", None, "constraint-error", id="a-null-that-may-not-be"),
        pytest.param("casualties", "low", -1, "constraint-error", id="fewer-than-none"),
        pytest.param("casualties", "casualty_id", "x", "constraint-error", id="an-id-of-another-shape"),
        pytest.param("casualties", "event_id", "0" * 16, "foreign-key", id="an-event-that-is-not-there"),
    ],
)
def test_frictionless_finds_a_planted_fault(release, tmp_path, table, column, value, error):
    from frictionless import Package

    folder = copied(release, tmp_path / "copy")
    rows = rows_of(release, table)
    rows[0][column] = value
    pq.write_table(loose_arrow(table, rows), folder / f"{table}.parquet")
    package = Package(str(folder / "datapackage.json"))
    package.resources = [
        resource
        for resource in package.resources
        if resource.name in {table, "documents", "events", "sentences", "entities", "timexes", "quotes"}
    ]
    report = package.validate()
    assert {found.type for task in report.tasks if task.name == table for found in task.errors} == {error}


# Croissant


def test_croissant_passes_mlcroissant_with_one_recommendation_left(release):
    told = subprocess.run(
        [program("mlcroissant"), "validate", "--jsonld", str(release / "croissant.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0
    advice = [line for line in told.stderr.splitlines() if line.startswith("  -")]
    assert [line.partition("] ")[2] for line in advice] == [
        'Property "https://schema.org/datePublished" is recommended, but does not exist.'  # a release holds no clock
    ]


def as_written(value):
    """A value of mlcroissant's as Parquet has it: its texts are bytes, its days timestamps."""
    if isinstance(value, list):
        return [as_written(one) for one in value]
    if isinstance(value, bytes):
        return value.decode()
    return value.date() if isinstance(value, pd.Timestamp) else value


def test_mlcroissant_loads_the_records_of_every_table(release):
    import mlcroissant

    described = mlcroissant.Dataset(release / "croissant.json")
    assert [record_set.name for record_set in described.metadata.record_sets] == TABLES
    for table in TABLES:
        records = [
            {name.removeprefix(f"{table}/"): as_written(value) for name, value in record.items()}
            for record in described.records(table)
        ]
        assert records == rows_of(release, table)


def test_mlcroissant_refuses_a_file_with_other_bytes(release, tmp_path):
    import mlcroissant

    folder = copied(release, tmp_path / "copy")
    write_parquet(table_named("quotes"), pq.read_table(folder / "quotes.parquet").slice(1), folder / "quotes.parquet")
    with pytest.raises(mlcroissant.GenerationError, match="quotes") as refused:
        list(mlcroissant.Dataset(folder / "croissant.json").records("quotes"))
    assert "is not identical with the reference" in str(refused.value.__cause__)


# A copy without article text


@pytest.fixture(scope="module")
def facts(warehouse, tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts") / "facts"
    export_facts(warehouse.release(), warehouse.manifest(), folder)
    return folder


def test_a_copy_without_text_describes_itself_to_others(facts, datasets):
    import mlcroissant
    from frictionless import Package

    manifest = read_manifest(facts)
    for name, described in manifest["tables"].items():
        assert described["sha256"] == manifest["files"][f"{name}.parquet"]["sha256"]
        assert set(described["schema"]) == set(pq.read_schema(facts / f"{name}.parquet").names)
    assert Package(str(facts / "datapackage.json")).get_resource("quotes").validate().valid
    (record, *_) = mlcroissant.Dataset(facts / "croissant.json").records("quotes")
    assert record["quotes/text"] is None
    assert re.fullmatch("[0-9a-f]{64}", record["quotes/text_sha256"].decode())
    loaded = datasets.load_dataset(str(facts), "quotes", split="train")
    assert loaded.to_list() == rows_of(facts, "quotes")


# README


@pytest.mark.parametrize(
    "code", re.findall(r"^```python\n(.*?)^```$", README.read_text(), flags=re.DOTALL | re.MULTILINE)
)
def test_python_in_the_readme_runs(warehouse, datasets, monkeypatch, ged, code):
    monkeypatch.chdir(warehouse.root.parent)
    Path("ged.csv").write_bytes(ged.read_bytes())
    exec(code, {})  # noqa: S102  # our own examples, as a reader would run them


# UCDP GED


@pytest.fixture(scope="module")
def ged(tmp_path_factory):
    """A week of invented news, exported; the CSV."""
    folder = tmp_path_factory.mktemp("ged")
    store = make_warehouse(folder / "warehouse")
    make_release(store, this_week())
    arguments = ["export", "1.0.0", "--as", "ucdp-ged", "--to", str(folder / "ged.csv"), "-w", str(store.root)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return folder / "ged.csv"


def test_a_script_for_ucdp_ged_runs_on_the_export(ged):
    """What scripts for GED do: read, parse days, filter by precision, sum deaths by state and year, count in cells, map."""
    frame = pd.read_csv(ged, parse_dates=["date_start", "date_end"], low_memory=False)
    for column in ("id", "year", "best", "date_prec", "where_prec", "event_clarity", "number_of_sources"):
        assert pd.api.types.is_integer_dtype(frame[column]), column
    for column in ("latitude", "longitude"):
        assert pd.api.types.is_float_dtype(frame[column]), column
    assert frame["id"].is_unique
    assert (frame["date_start"] <= frame["date_end"]).all()
    assert (frame["date_start"].dt.year == frame["year"]).all()
    precise = frame[(frame["date_prec"] < 4) & (frame["where_prec"] < 3) & (frame["event_clarity"] == 1)]
    assert len(precise) == len(frame) > 50
    yearly = frame.groupby(["country_id", "year"], dropna=False)["best"].sum()
    assert yearly.sum() == frame["best"].sum() > 0
    assert (frame[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1) == frame["best"]).all()
    assert (frame["low"].fillna(0) <= frame["best"]).all()
    cells = frame.groupby("priogrid_gid").agg(events=("id", "count"), deaths=("best", "sum"))
    assert cells["events"].sum() == len(frame)
    assert frame["geom_wkt"].str.fullmatch(r"POINT \(-?[0-9.]+ -?[0-9.]+\)").all()
    sources = frame["source_article"].str.split(";").str.len()
    assert (sources == frame["source_office"].str.split(";").str.len()).all()


def test_the_export_adds_up_to_the_incidents_that_it_is_of(ged):
    incidents = ged.parent / "warehouse" / "current" / "incidents.parquet"
    wanted = duckdb.sql(
        f"select count(*), sum(killed_best) from '{incidents}' where plover = 'ASSAULT' and killed_best > 0"
    ).fetchone()
    assert duckdb.sql(f"select count(*), sum(best) from read_csv('{ged}')").fetchone() == wanted
