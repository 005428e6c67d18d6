"""datapackage.json: a release as a Frictionless Data Package, version 2. Written from the schemas.

Some of it is shaped by the only reader that can judge it, frictionless-py 5.21, which turns a Parquet file into pandas first:

- A list column is `any` with `itemType`. It should be `list`, but pandas hands over an array of numpy, which `list` refuses.
- Numbers that may be null have `nan` as their missing value: that is what pandas makes of a null. No other column has a missing
  value, as Parquet knows null itself: the empty string and the name “nan” stay what they are.
- There is no `bytes`: it counts none in a Parquet file, and would find every count wrong. Nor does it look at `hash`. Both are
  in manifest.json, and `dateline verify` checks them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from flows.release.datacard import KEYWORDS, LICENCE, SUMMARY
from schemas.export import told_of
from schemas.table import Column, Table

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"  # a name: nothing is fetched from there
FIELD_TYPES: Final[Mapping[pa.DataType, str]] = {
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float32(): "number",
    pa.float64(): "number",
    pa.date32(): "date",
    pa.list_(pa.string()): "any",
}
NUMBERS: Final = ("integer", "number")
NULL_NUMBER: Final = "nan"  # how pandas, and so frictionless, writes the null of an integer or float column


def data_package(version: str, tables: Sequence[Table], files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The descriptor: a resource a table, with types, constraints and keys.

    Args:
        version: of the release.
        tables: what the release holds, in order.
        files: for each table's name its `file` and `sha256`, as in the manifest.

    >>> from schemas.duplicates import DUPLICATES
    >>> package = data_package("1.0.0", [DUPLICATES], {"duplicates": {"file": "duplicates.parquet", "sha256": "ab"}})
    >>> resource = package["resources"][0]
    >>> resource["path"], resource["hash"], resource["schema"]["fields"][2]["constraints"]
    ('duplicates.parquet', 'sha256:ab', {'required': True, 'enum': ['near', 'later_take']})
    """
    return {
        "$schema": PROFILE,
        "name": "dateline",
        "title": f"dateline {version}",
        "description": f"{SUMMARY} {LICENCE}",
        "version": version,
        "keywords": list(KEYWORDS),
        "resources": [_resource(table, files[table.name]) for table in tables],
    }


def _resource(table: Table, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": file["file"],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": told_of(table),
        "hash": f"sha256:{file['sha256']}",
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "missingValues": [],
            "primaryKey": list(table.key),
            "foreignKeys": [_foreign_key(table, column) for column in table.columns if column.references],
        },
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    kind = FIELD_TYPES[column.type]
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": told_of(table, column)}
    if pa.types.is_list(column.type):
        field["itemType"] = FIELD_TYPES[column.type.value_type]
    if kind in NUMBERS and column.nullable:
        field["missingValues"] = [NULL_NUMBER]
    if constraints := _constraints(column, kind):
        field["constraints"] = constraints
    return field


def _constraints(column: Column, kind: str) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "required": None if column.nullable else True,
        "enum": list(column.codes) if column.codes else None,
        "minimum": column.low,
        "maximum": column.high,
        "pattern": f"({column.pattern})" if column.pattern and kind == "string" else None,  # it may hold alternatives
    }
    return {name: value for name, value in stated.items() if value is not None}


def _foreign_key(table: Table, column: Column) -> dict[str, Any]:
    owner, _, key = str(column.references).partition(".")
    reference = {"fields": [key]} if owner == table.name else {"resource": owner, "fields": [key]}
    return {"fields": [column.name], "reference": reference}
