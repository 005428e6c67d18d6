"""The map from facts' names to entities."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flows.extract.document import extract_page
from flows.extract.reading import Page
from flows.link.grouping import group_tables
from flows.link.unit import link_tables
from flows.store import ledger
from flows.store.parquet import to_arrow
from schemas.registry import table_named


def linked(folder: Path, text: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, pa.Table]]:
    """What extract finds in a text, and what link makes of it."""
    rows = extract_page(Page("0" * 16, text, None, ((0, len(text), "body"),)))
    for mention in rows["mentions"]:
        mention["entity_id"] = None
    article = {"article_id": "0" * 16, "page_type": "article", "body": text, "word_count": len(text.split())}

    def entry(stage: str, tables: dict[str, list[dict[str, Any]]]) -> ledger.Entry:
        arrow = {name: to_arrow(table_named(name), found) for name, found in tables.items()}
        return ledger.commit(folder / stage, "00", "key", "f" * 64, arrow, {})

    document = {"document_id": "0" * 16, "uris": ["a.txt"], "media_type": "text/plain", "byte_length": len(text)}
    gathered = entry(
        "gathered", {"documents": [document | {"status": "accepted", "text": text, "text_repaired": False}]}
    )
    cleaned, extracted = entry("clean", {"articles": [article]}), entry("extract", rows)
    grouped = ledger.commit(
        folder / "group", "all", "key", "f" * 64, group_tables([gathered], [cleaned], [extracted]), {}
    )
    return rows, link_tables(grouped, [cleaned], [extracted])


@pytest.mark.parametrize(
    ("sentence", "party", "country_code"),
    [
        ("Peruvian officials condemned the attack.", "Peruvian officials", "PER"),
        ("Peru-backed rebels attacked Kufra.", "Peru-backed rebels", None),
    ],
)
def test_a_described_party_has_the_country_that_describes_it_and_no_entity(
    tmp_path: Path, sentence: str, party: str, country_code: str | None
) -> None:
    rows, found = linked(tmp_path, sentence)
    own = [row["event_actor_id"] for row in rows["event_actors"] if row["name"] == party]
    assert len(own) == 1
    links = [link for link in found["entity_links"].to_pylist() if link["row_id"] == own[0]]
    assert [(link["entity_id"], link["country_code"]) for link in links] == (
        [(None, country_code)] if country_code else []
    )


def test_a_party_that_is_named_has_its_entity_and_its_country(tmp_path: Path) -> None:
    rows, found = linked(tmp_path, "Peru condemned the attack.")
    own = {row["event_actor_id"] for row in rows["event_actors"]}
    links = [link for link in found["entity_links"].to_pylist() if link["row_id"] in own]
    names = {row["entity_id"]: row["name"] for row in found["entities"].to_pylist()}
    assert [(names[link["entity_id"]], link["country_code"]) for link in links] == [("Peru", "PER")]
