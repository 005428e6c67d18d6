"""quality/ of a release or a refused candidate: what the gate saw and how accurate the extractors are, to travel with the data.

The gate itself writes results.json, suites/, failing/ and data_docs/; this adds checks.parquet, the scorecard, the trend and one page.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from flows.release.quality_page import Sample, quality_page
from flows.release.scorecard import MEASURES, figures, published_scorecard
from flows.release.trend import FILE as TREND
from flows.release.trend import earlier_figures, figures_of, outcome_of, write_trend
from flows.store.durable import dump_json
from flows.store.warehouse import read_manifest

QUALITY = "quality"
PAGE = f"{QUALITY}/index.html"
CANDIDATE = "candidate"  # stands where a version would: a refused candidate never had one
SAMPLE_ROWS = 5  # failing rows that the page shows of a check; failing/<check>.parquet has all
SAMPLED_COLUMNS = 8
SCORECARD_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("measure", "what", "table")),
        *((name, pa.float64()) for name in ("figure", "precision", "recall")),
        *((name, pa.int64()) for name in ("right", "found", "of")),
    ]
)


def write_quality(
    folder: Path,
    version: str | None,
    parent: Mapping[str, Any] | None,
    parent_folder: Path | None,
    check_rows: Sequence[Mapping[str, Any]],
) -> None:
    """Write what surrounds the gate's own files. It holds no clock and no path: the same release, the same bytes.

    Args:
        folder: of the candidate, with its Parquet files, checks.parquet among them.
        version: None for a candidate that was refused.
        parent: manifest of the release that it was compared with.
        parent_folder: where that lies; its trend is carried on.
        check_rows: rows of `checks`.
    """
    quality = folder / QUALITY
    quality.mkdir(exist_ok=True)
    scores = figures()
    fates, table_rows = _fates(folder), _table_rows(folder)
    by_status: dict[str, int] = {}
    for status, _reason, count in fates:
        by_status[status] = by_status.get(status, 0) + count
    trend = [
        *figures_of(version or CANDIDATE, table_rows, by_status, check_rows, scores),
        *earlier_figures(parent, parent_folder),
    ]
    (quality / "checks.parquet").write_bytes((folder / "checks.parquet").read_bytes())
    (quality / "scorecard.json").write_text(dump_json(published_scorecard()), encoding="utf-8")
    pq.write_table(
        pa.Table.from_pylist(scores, schema=SCORECARD_SCHEMA), quality / "scorecard.parquet", compression="zstd"
    )
    write_trend(trend, folder / TREND)
    page = quality_page(
        version=version,
        parent=parent["version"] if parent else None,
        check_rows=check_rows,
        fates=fates,
        scores=scores,
        trend=trend,
        samples=samples(quality / "failing", check_rows),
        files=[path.relative_to(quality).as_posix() for path in sorted(quality.rglob("*")) if path.is_file()],
    )
    (folder / PAGE).write_text(page, encoding="utf-8")


def read_quality(release: Path) -> dict[str, Any]:
    """What `dateline quality` tells: {version, parent, outcomes, checks, scorecard, trend, page}, from the files of a release.

    Releases made before these files were lack some: their checks have no threshold, their scorecard no precision, they have no trend and
    no page (None).
    """
    manifest = read_manifest(release)
    checks = pq.read_table(release / "checks.parquet").to_pylist()
    card, trend, page = release / QUALITY / "scorecard.json", release / TREND, release / PAGE
    scores = json.loads(card.read_text(encoding="utf-8"))["figures"] if card.is_file() else {}
    return {
        "version": manifest["version"],
        "parent": manifest["parent"],
        "outcomes": dict(sorted(Counter(map(outcome_of, checks)).items())),
        "checks": checks,
        "scorecard": [{"measure": name, **scores[name]} for name in sorted(scores, key=_published_order)],
        "trend": pq.read_table(trend).to_pylist() if trend.is_file() else [],
        "page": str(page) if page.is_file() else None,
    }


def _published_order(measure: str) -> tuple[bool, int, str]:
    """As in MEASURES: JSON has them by the alphabet. One that is no longer measured comes last."""
    known = list(MEASURES)
    return (False, known.index(measure), "") if measure in known else (True, 0, measure)


def samples(failing: Path, check_rows: Sequence[Mapping[str, Any]]) -> dict[str, Sample]:
    """Check id to the first of the rows that failed it: the id, the check's own column, then others.

    The gate's queries select no article text.
    """
    found = {}
    for check in check_rows:
        file = failing / f"{check['check_id']}.parquet"
        if file.is_file():
            rows = pq.read_table(file)
            order = dict.fromkeys((*rows.column_names[:1], check["column_name"], *rows.column_names))
            columns = tuple(name for name in order if name in rows.column_names)[:SAMPLED_COLUMNS]
            first = rows.select(columns).slice(0, SAMPLE_ROWS).to_pylist()
            found[check["check_id"]] = Sample(rows.num_rows, columns, tuple(tuple(row.values()) for row in first))
    return found


def _fates(folder: Path) -> list[tuple[str, str, int]]:
    """Status, reason and number of documents."""
    query = "select status, coalesce(status_reason, ''), count(*) from read_parquet(?) group by all order by all"
    with duckdb.connect() as connection:
        return connection.execute(query, [str(folder / "documents.parquet")]).fetchall()


def _table_rows(folder: Path) -> dict[str, int]:
    """Rows of every table of the candidate."""
    return {file.stem: pq.ParquetFile(file).metadata.num_rows for file in sorted(folder.glob("*.parquet"))}
