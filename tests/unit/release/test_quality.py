"""What travels in quality/: one page that fetches nothing and obeys nothing, the scorecard and the trend as Parquet, the same each time."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq
import pytest

from flows.errors import WarehouseDamaged
from flows.release.candidate import refuse_candidate
from flows.release.quality_page import Sample, quality_page
from flows.release.scorecard import figures
from flows.release.trend import FILE as TREND
from flows.release.trend import LAST_RELEASES, earlier_figures, figures_of, write_trend
from flows.store.parquet import file_sha256
from flows.store.warehouse import Warehouse
from tests.contracts.sound import sound_rows, write_staged
from tests.unit.release.made import CHECK_ROW, make_release, make_warehouse

FETCHING = {
    "script",
    "link",
    "img",
    "iframe",
    "object",
    "embed",
    "video",
    "audio",
    "source",
    "base",
    "form",
    "image",
    "use",
}
HOSTILE = '"><script>alert(1)</script><img src=http://198.51.100.7/x onerror=alert(1)>\x1b[31m\u202e'
WARNED = CHECK_ROW | {
    "check_id": "quotes.mostly_with_speaker",
    "suite": "quotes",
    "severity": "warning",
    "success": False,
    "observed": '{"failing": 3, "judged": 4}',
    "unexpected_count": 3,
    "description": "Most quotes have a speaker.",
    "unit": "share",
    "threshold": 0.5,
    "observed_value": 0.75,
    "headroom": -0.5,
}


class Page(HTMLParser):
    """Tags with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def page_of(**changed: Any) -> str:
    given: dict[str, Any] = {
        "version": "1.1.0",
        "parent": "1.0.0",
        "check_rows": [CHECK_ROW, WARNED],
        "fates": [("accepted", "", 3)],
        "scores": figures(),
        "trend": [
            {"releases_ago": ago, "version": f"1.{1 - ago}.0", "kind": "rows", "name": "quotes", "value": 4.0 - ago}
            for ago in (0, 1)
        ],
        "samples": {},
        "files": (),
    }
    return quality_page(**given | changed)


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    return make_warehouse(tmp_path / "warehouse")


def test_a_browser_fetches_nothing_for_the_page_and_every_link_leads_to_a_file_beside_it(store: Warehouse) -> None:
    make_release(store, check_rows=[CHECK_ROW, WARNED])
    make_release(store, inputs="others", check_rows=[CHECK_ROW, WARNED])
    quality = store.release() / "quality"
    text = (quality / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert {tag for tag, _ in page.tags} & FETCHING == set()
    links = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
    assert links
    assert [link for link in links if not (quality / unquote(str(link))).is_file()] == []
    for fetched in ("http", "url(", "@import", "src=", "srcset", "//"):
        assert fetched not in text


def test_the_page_says_its_language_and_every_table_has_a_caption_and_heads(store: Warehouse) -> None:
    page = Page(page_of())
    names = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert names.count("table") == names.count("caption") == names.count("thead") > 0
    assert names.count("h1") == 1
    assert all(attributes.get("aria-label") for tag, attributes in page.tags if attributes.get("role") == "img")


def test_nothing_from_the_data_is_markup_or_steers_a_terminal() -> None:
    hostile = WARNED | {"observed": HOSTILE, "description": HOSTILE, "accepted_reason": HOSTILE, "column_name": HOSTILE}
    sample = {WARNED["check_id"]: Sample(9, ("id", HOSTILE), (("1", HOSTILE), ("2", None)))}
    text = page_of(
        check_rows=[hostile],
        fates=[("quarantined", HOSTILE, 1)],
        samples=sample,
        files=[f"failing/{HOSTILE}"],
        parent=HOSTILE,
    )
    page = Page(text)
    assert {tag for tag, _ in page.tags} & FETCHING == set()
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in page.words, "it is shown as what it is"


def test_the_page_tells_what_failed_with_its_rows_and_what_is_nearest_to_failing() -> None:
    near = WARNED | {"check_id": "quotes.few_long", "success": True, "observed_value": 0.4, "headroom": 0.2}
    far = near | {"check_id": "quotes.none", "observed_value": 0.0, "headroom": 1.0}
    sample = {WARNED["check_id"]: Sample(3, ("quote_id",), (("0123456789abcdef",),))}
    page = Page(page_of(check_rows=[far, near, WARNED], samples=sample))
    assert "Released, with 1 warning." in page.words
    assert "0123456789abcdef" in page.words
    listed = page.words[page.words.index("How near to failing") :]
    assert listed.index("mostly_with_speaker") < listed.index("few_long") < listed.index("quotes.none")
    assert "75.0%" in listed
    assert "-50%" in listed


def test_a_check_of_an_older_release_without_threshold_is_shown_without() -> None:
    old = {
        name: value
        for name, value in CHECK_ROW.items()
        if name not in {"unit", "bound", "threshold", "observed_value", "headroom"}
    }
    assert "documents.some_rows".removeprefix("documents.") in page_of(check_rows=[old])


def test_the_scorecard_as_parquet_has_precision_recall_and_f1_of_each_table(store: Warehouse) -> None:
    make_release(store)
    rows = pq.read_table(store.release() / "quality" / "scorecard.parquet").to_pylist()
    assert rows == figures()
    measured = {row["table"] for row in rows if row["precision"] is not None and row["recall"] is not None}
    assert {"articles", "segments", "quotes", "mentions", "timexes", "casualties", "events", "event_actors"} <= measured


def test_the_same_release_has_the_same_quality_to_the_byte(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        other = make_warehouse(tmp_path / name)
        make_release(other)
        made.append(make_release(other, inputs="others")["files"])
    quality = [{name: file for name, file in files.items() if name.startswith("quality/")} for files in made]
    assert quality[0] == quality[1]
    assert {"quality/index.html", "quality/checks.parquet", "quality/scorecard.parquet", TREND} <= set(quality[0])


def test_the_trend_goes_from_parent_to_child(store: Warehouse) -> None:
    make_release(store)
    rows = sound_rows()
    rows["quotes"] = rows["quotes"][:-1]
    make_release(store, rows, check_rows=[CHECK_ROW, WARNED])
    trend = pq.read_table(store.release() / TREND).to_pylist()
    quotes = [row["value"] for row in trend if (row["kind"], row["name"]) == ("rows", "quotes")]
    assert quotes == [len(rows["quotes"]), len(rows["quotes"]) + 1]
    assert [(row["releases_ago"], row["version"]) for row in trend if row["kind"] == "documents"][:1] == [(0, "1.1.0")]
    assert [row["value"] for row in trend if row["name"] == WARNED["check_id"]] == [-0.5]
    assert {row["version"] for row in trend} == {"1.0.0", "1.1.0"}


def test_the_trend_forgets_what_is_too_long_ago_and_begins_anew_after_a_release_without_one(tmp_path: Path) -> None:
    known = [
        row | {"releases_ago": ago}
        for ago in range(LAST_RELEASES)
        for row in figures_of(f"1.{LAST_RELEASES - ago}.0", {"quotes": ago}, {}, [], [])
    ]
    file = tmp_path / TREND
    file.parent.mkdir()
    write_trend(known, file)
    parent = {"version": "9.9.9", "tables": {"quotes": {"rows": 7}}, "files": {TREND: {"sha256": file_sha256(file)}}}
    assert [row["releases_ago"] for row in earlier_figures(parent, tmp_path)] == list(range(1, LAST_RELEASES))
    for without in (parent | {"files": {}}, {name: parent[name] for name in ("version", "tables")}):
        (row,) = earlier_figures(without, tmp_path)
        assert (row["releases_ago"], row["version"], row["name"], row["value"]) == (1, "9.9.9", "quotes", 7)
    file.write_bytes(b"others")
    with pytest.raises(WarehouseDamaged, match="is damaged"):
        earlier_figures(parent, tmp_path)


def test_a_refused_candidate_has_the_page_too(store: Warehouse) -> None:
    make_release(store)
    refusing = WARNED | {"severity": "critical"}
    with store.writing():
        folder = store.staging / "refused"
        write_staged(sound_rows(), folder)
        (folder / "quality").mkdir()
        kept = refuse_candidate(store, folder, [CHECK_ROW, refusing])
    words = Page((kept / "quality" / "index.html").read_text(encoding="utf-8")).words
    assert "Refused: 1 critical check did not hold. Nothing was published." in words
    assert "Compared with 1.0.0" in words
    assert "candidate" in {row["version"] for row in pq.read_table(kept / TREND).to_pylist()}
