"""README.md of a release: the data card, with the front matter by which Hugging Face's `datasets` and Hub know the tables."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flows.release.datacard import KEYWORDS
from schemas.table import Table

# Upper bounds of the Hub's size_categories, in rows.
SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)
LARGEST: Final = "n>1T"


def hugging_face_card(
    tables: Sequence[Table], files: Mapping[str, Mapping[str, Any]], languages: Sequence[str], card: str
) -> str:
    """Markdown with YAML in front: a configuration a table, each with the one split that `datasets` asks for.

    A table without rows has none: `datasets` 5.2 cannot load one ("corresponds to no data"), with or without an empty row group
    in its file.

    Args:
        tables: what the release holds, in order.
        files: for each table's name its `file` and number of `rows`, as in the manifest.
        languages: ISO 639-1 codes of the articles.
        card: the data card.
    """
    fields: dict[str, Any] = {
        "pretty_name": "dateline",
        "license": "unknown",  # the Hub's own word; whoever publishes the release knows and should state it
        "language": list(languages),
        "size_categories": [size_category(sum(files[table.name]["rows"] for table in tables))],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "source_datasets": ["original"],
        "tags": list(KEYWORDS),
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]  # JSON is YAML
    for table in tables:
        if not files[table.name]["rows"]:
            continue
        data_files = json.dumps([{"split": "train", "path": files[table.name]["file"]}])
        lines += [f"- config_name: {table.name}", f"  data_files: {data_files}"]
    lines.insert(len(fields), "configs:")
    return "\n".join(["---", *lines, "---", "", card])


def size_category(rows: int) -> str:
    """The Hub's word for a number of rows.

    >>> size_category(999), size_category(1_000)
    ('n<1K', '1K<n<10K')
    """
    return next((name for bound, name in SIZES if rows < bound), LARGEST)
