"""croissant.json: a release in MLCommons' Croissant format 1.0, a record set a table. Written from the schemas.

1.0 and not 1.1, as readers of both read it. Two things that Croissant would like are left out:

- `datePublished`: a release holds no clock, and no day in it is that of its publication.
- `references` for foreign keys: mlcroissant 1.1 takes them for an order to join the tables. With them it made 25 events of two,
  and refused three tables whose keys it could not order. So the description names what a column refers to.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from flows.release.datacard import KEYWORDS, LICENCE, SUMMARY
from schemas.export import told_of
from schemas.table import Column, Table

DATA_TYPES: Final[Mapping[pa.DataType, str]] = {
    pa.string(): "sc:Text",
    pa.bool_(): "sc:Boolean",
    pa.int32(): "sc:Integer",
    pa.int64(): "sc:Integer",
    pa.float32(): "sc:Float",
    pa.float64(): "sc:Float",
    pa.date32(): "sc:Date",
}
CONTEXT: Final[Mapping[str, Any]] = {  # as the specification gives it: other readers compare it word by word
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(version: str, tables: Sequence[Table], files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON-LD document. Arguments are those of `data_package`; `files` also has each file's `bytes`.

    >>> from schemas.duplicates import DUPLICATES
    >>> file = {"file": "duplicates.parquet", "sha256": "ab", "bytes": 12}
    >>> field = croissant("1.0.0", [DUPLICATES], {"duplicates": file})["recordSet"][0]["field"][3]
    >>> field["@id"], field["dataType"], field["source"]["extract"]
    ('duplicates/similarity', 'sc:Float', {'column': 'similarity'})
    """
    return {
        "@context": dict(CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "dateline",
        "description": SUMMARY,
        "license": LICENCE,
        "version": version,
        "keywords": list(KEYWORDS),
        "citeAs": f"@misc{{dateline, title = {{dateline}}, version = {{{version}}}}}",
        "distribution": [_file_object(table, files[table.name]) for table in tables],
        "recordSet": [_record_set(table) for table in tables],
    }


def _file_object(table: Table, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file["file"],
        "name": file["file"],
        "description": f"{table.name}: one row is {table.row_is}.",
        "contentUrl": file["file"],
        "contentSize": f"{file['bytes']} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file["sha256"],
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": told_of(table),
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    repeated = pa.types.is_list(column.type)
    refers = f" Refers to {column.references}." if column.references else ""
    field = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": told_of(table, column) + refers,
        "dataType": DATA_TYPES[column.type.value_type if repeated else column.type],
        "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": column.name}},
    }
    return field | {"repeated": True} if repeated else field
