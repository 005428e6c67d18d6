"""datapackage.json, croissant.json and README.md: what they say is what the schemas and the manifest say."""

import json

import pyarrow.parquet as pq
import pytest
import yaml

from flows.release.huggingface import size_category
from schemas.registry import RELEASED, table_named
from tests.unit.release.made import make_release, make_warehouse

WRITTEN = ("datapackage.json", "croissant.json", "README.md")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    store = make_warehouse(tmp_path_factory.mktemp("metadata") / "warehouse")
    manifest = make_release(store)
    return store.release(), manifest


def read_json(made, name):
    return json.loads((made[0] / name).read_text(encoding="utf-8"))


def front_matter(made):
    _, written, _ = (made[0] / "README.md").read_text(encoding="utf-8").split("---\n", maxsplit=2)
    return yaml.safe_load(written)


def test_the_manifest_lists_them(made):
    assert set(WRITTEN) <= set(made[1]["files"])


def test_the_same_rows_in_another_warehouse_give_the_same_bytes(made, tmp_path):
    other = make_release(make_warehouse(tmp_path / "elsewhere"))
    assert {name: other["files"][name] for name in WRITTEN} == {name: made[1]["files"][name] for name in WRITTEN}


def test_the_data_package_has_every_table_with_its_file_and_digest(made):
    resources = {resource["name"]: resource for resource in read_json(made, "datapackage.json")["resources"]}
    assert list(resources) == [table.name for table in RELEASED]
    for name, table in made[1]["tables"].items():
        assert resources[name]["path"] == table["file"]
        assert resources[name]["hash"] == f"sha256:{table['sha256']}"


@pytest.mark.parametrize("table", RELEASED, ids=lambda table: table.name)
def test_a_resource_says_of_each_column_what_the_schema_says(made, table):
    (schema,) = [one["schema"] for one in read_json(made, "datapackage.json")["resources"] if one["name"] == table.name]
    assert schema["primaryKey"] == list(table.key)
    assert len(schema["foreignKeys"]) == sum(column.references is not None for column in table.columns)
    for field, column in zip(schema["fields"], table.columns, strict=True):
        constraints = field.get("constraints", {})
        assert field["name"] == column.name
        assert field["description"].startswith(column.description)
        assert constraints.get("required", False) is not column.nullable
        assert constraints.get("enum") == (list(column.codes) if column.codes else None)
        assert (constraints.get("minimum"), constraints.get("maximum")) == (column.low, column.high)


def test_a_key_within_a_table_names_no_other_resource(made):
    (documents,) = [one for one in read_json(made, "datapackage.json")["resources"] if one["name"] == "documents"]
    assert {"fields": ["duplicate_of"], "reference": {"fields": ["document_id"]}} in documents["schema"]["foreignKeys"]


def test_croissant_has_a_record_set_and_a_file_with_its_digest_for_every_table(made):
    described = read_json(made, "croissant.json")
    digests = {file["contentUrl"]: file["sha256"] for file in described["distribution"]}
    assert digests == {table["file"]: table["sha256"] for table in made[1]["tables"].values()}
    for record_set in described["recordSet"]:
        table = table_named(record_set["name"])
        assert [field["name"] for field in record_set["field"]] == list(table.column_names)
        lists = {field["name"] for field in record_set["field"] if field.get("repeated")}
        assert lists == {column.name for column in table.columns if str(column.type).startswith("list")}
    assert described["version"] == made[1]["version"]


def test_the_card_has_a_configuration_a_table_and_the_data_card_below(made):
    matter = front_matter(made)
    files = {one["config_name"]: one["data_files"][0]["path"] for one in matter["configs"]}
    assert files == {name: table["file"] for name, table in made[1]["tables"].items()}
    assert matter["language"] == pq.read_table(made[0] / "articles.parquet")["language"].unique().to_pylist() == ["en"]
    card = (made[0] / "DATACARD.md").read_text(encoding="utf-8")
    assert (made[0] / "README.md").read_text(encoding="utf-8").endswith("---\n\n" + card)


def test_no_licence_is_claimed(made):
    assert front_matter(made)["license"] == "unknown"
    assert "licenses" not in read_json(made, "datapackage.json")
    assert read_json(made, "croissant.json")["license"].startswith("No licence is stated")


@pytest.mark.parametrize(
    ("rows", "category"), [(0, "n<1K"), (99_999, "10K<n<100K"), (10**9, "1B<n<10B"), (10**12, "n>1T")]
)
def test_the_hub_has_a_word_for_every_number_of_rows(rows, category):
    assert size_category(rows) == category
