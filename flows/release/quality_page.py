"""quality/index.html: one page that tells a newcomer how good a release is. Inline style and charts, no script, nothing fetched.

Whatever comes from the data (failing rows, what a check saw, names) is escaped and shortened: a page about hostile input is not to be hostile.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from flows.printable import plain
from flows.release.trend import outcome_of

CELL_CHARS = 80  # of a value from the data; the files hold the whole
CHART_WIDTH, CHART_HEIGHT, CHART_MARGIN = 120, 28, 3  # of a sparkline, in its own units
MANY_RELEASES = 2  # from here on a line can be drawn
FAR = 0.9  # headroom from which a check is listed apart: it is nowhere near
TIGHT = 0.2  # headroom below which a bar is marked: four fifths of what is allowed are used

# What `unexpected_count` counts, by unit.
FAILING = {"difference": "comparison", "columns": "column"}

OUTCOMES = {
    "refusing": "refuses the release",
    "accepted": "accepted by hand",
    "warning": "warns",
    "held": "holds",
}


@dataclass(frozen=True)
class Sample:
    """The first of the rows that failed a check."""

    total: int
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def quality_page(
    *,
    version: str | None,
    parent: str | None,
    check_rows: Sequence[Mapping[str, Any]],
    fates: Sequence[tuple[str, str, int]],
    scores: Sequence[Mapping[str, Any]],
    trend: Sequence[Mapping[str, Any]],
    samples: Mapping[str, Sample],
    files: Iterable[str],
) -> str:
    """The page.

    Args:
        version: None for a candidate that was refused.
        parent: version that it was compared with.
        check_rows: rows of `checks`.
        fates: status, reason and number of documents.
        scores: rows of the scorecard.
        trend: rows of the trend, newest release first.
        samples: check id to rows that failed it.
        files: what lies beside the page, by path.
    """
    beside = frozenset(files)
    title = f"Quality of dateline {version}" if version else "Quality of a refused candidate"
    failed = [row for row in check_rows if not row["success"]]
    parts = (
        _head(title, version, parent, check_rows, fates),
        _failed(failed, samples, beside),
        _documents(fates),
        _headrooms(check_rows),
        _scorecard(scores),
        _trend(trend),
        _suites(check_rows, beside),
        _files(beside),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{''.join(parts)}</body>\n</html>\n"
    )


def _head(
    title: str,
    version: str | None,
    parent: str | None,
    check_rows: Sequence[Mapping[str, Any]],
    fates: Sequence[tuple[str, str, int]],
) -> str:
    counted: dict[str, int] = defaultdict(int)
    for row in check_rows:
        counted[outcome_of(row)] += 1
    refusing, warning, accepted = counted["refusing"], counted["warning"], counted["accepted"]
    if version is None:
        word, tone = f"Refused: {_many(refusing, 'critical check')} did not hold. Nothing was published.", "bad"
    elif warning or accepted:
        told = [_many(warning, "warning")] * bool(warning) + [f"{accepted} accepted by hand"] * bool(accepted)
        word, tone = f"Released, with {' and '.join(told)}.", "fair"
    else:
        word, tone = "Released: every check held.", "good"
    documents = sum(count for *_, count in fates)
    kept = sum(count for status, _, count in fates if status == "accepted")
    compared = f"compared with {_text(parent)}" if parent else "the first release, compared with none"
    tiles = (
        (f"{counted['held']:,} of {len(check_rows):,}", "checks hold"),
        (f"{warning:,}", "warn"),
        (f"{accepted:,}", "accepted by hand"),
        (f"{refusing:,}", "refuse the release"),
        (f"{kept:,} of {documents:,}", "documents accepted"),
    )
    shown = "".join(f"<li><b>{number}</b> {_text(words)}</li>" for number, words in tiles)
    return (
        f'<header><h1>{_text(title)}</h1><p>{compared[0].upper()}{compared[1:]}.</p><p class="verdict {tone}">{word}</p>'
        f'<ul class="tiles">{shown}</ul>'
        "<p>Each release is judged by hundreds of checks before it is published. A <b>critical</b> check that does not hold "
        "refuses it; a <b>warning</b> is published with it. <b>Headroom</b> is how much of a check’s threshold is left: 100 % is "
        "far from failing, 0 % is at the threshold, below 0 it fails.</p></header>\n<main>\n"
    )


def _failed(failed: Sequence[Mapping[str, Any]], samples: Mapping[str, Sample], beside: frozenset[str]) -> str:
    if not failed:
        return _section("What did not hold", "<p>Every check held.</p>")
    order = list(OUTCOMES)
    told = []
    for row in sorted(failed, key=lambda row: (order.index(outcome_of(row)), row["check_id"])):
        outcome = outcome_of(row)
        because = f" Accepted because: {_text(row['accepted_reason'])}." if row["accepted_reason"] else ""
        seen = f" Seen: {_seen(row['observed'])}." if row["observed"] else ""
        told.append(
            f'<article class="{outcome}"><h3><code>{_text(row["check_id"])}</code> {_mark(outcome)}</h3>'
            f"<p>{_text(row['description'], None)} {_many(row['unexpected_count'], FAILING.get(row['unit'], 'row'))} failed.{seen}{because}</p>"
            f"{_sample(row['check_id'], samples.get(row['check_id']), beside)}</article>\n"
        )
    return _section("What did not hold", "".join(told))


def _seen(observed: str) -> str:
    """What a check saw, in words where it is the names and values of a comparison."""
    try:
        told = json.loads(observed)
    except ValueError:  # an error's message, or a list that was cut short
        told = observed
    if not isinstance(told, dict):
        return f"<code>{_text(observed)}</code>"
    return ", ".join(f"{_text(name).replace('_', ' ')} <b>{_text(value)}</b>" for name, value in told.items())


def _sample(check_id: str, sample: Sample | None, beside: frozenset[str]) -> str:
    if sample is None or not sample.rows:
        return ""
    file = f"failing/{check_id}.parquet"
    whole = f", all in {_link(file)}" if file in beside else ""
    rows = [[_text(value) for value in row] for row in sample.rows]
    caption = f"The first {len(rows):,} of {_many(sample.total, 'failing row')}{whole}"
    return _table(caption, [_text(name) for name in sample.columns], rows, wide=True)


def _documents(fates: Sequence[tuple[str, str, int]]) -> str:
    most = max((count for *_, count in fates), default=0)
    rows = [
        [_text(status), _text(reason or "–"), f"{count:,}", _bar(count / most if most else 0, f"{count:,} documents")]
        for status, reason, count in fates
    ]
    return _section(
        "What became of the documents",
        _table("Documents by status and reason", ["status", "reason", "documents#", ""], rows),
    )


def _headrooms(check_rows: Sequence[Mapping[str, Any]]) -> str:
    measured = [row for row in check_rows if row.get("headroom") is not None and row["unit"] in {"share", "difference"}]
    if not measured:
        return _section(
            "How near to failing", "<p>No check that allows for a share or a change had rows enough to judge.</p>"
        )
    rows = {
        row["check_id"]: [
            f"<code>{_text(row['check_id'])}</code>",
            _text(row["severity"]),
            _number(row, "observed_value"),
            _number(row, "threshold"),
            _percent(row["headroom"]),
            _bar(1 - row["headroom"], f"{1 - row['headroom']:.0%} of the threshold used", row["headroom"]),
        ]
        for row in sorted(measured, key=_by_headroom)
    }
    near = [row["check_id"] for row in measured if row["headroom"] < FAR]
    heads = ["check", "severity", "observed#", "threshold#", "headroom#", "used of the threshold"]
    words = "<p>Checks that allow for a share of the rows, or for a change since the parent: those nearest to failing first.</p>"
    nearest = [cells for check, cells in rows.items() if check in near]
    others = [cells for check, cells in rows.items() if check not in near]
    shown = _table(f"Checks with less than {FAR:.0%} headroom", heads, nearest) if nearest else ""
    if others:
        summary = f"{_many(len(others), 'check')} with {FAR:.0%} headroom or more"
        shown += _folded(summary, _table(summary, heads, others), is_open=not nearest)
    return _section("How near to failing", words + shown)


def _scorecard(scores: Sequence[Mapping[str, Any]]) -> str:
    def cell(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}"

    rows = [
        [
            f"<code>{_text(row['table'])}</code>",
            _text(row["what"]),
            cell(row["precision"]),
            cell(row["recall"]),
            cell(row["figure"]),
            _bar(row["figure"] / 100, f"{row['figure']} per cent"),
            "–" if row["of"] is None else f"{row['of']:,}",
        ]
        for row in sorted(scores, key=lambda row: str(row["table"]))
    ]
    words = (
        "<p>Measured on sample pages whose facts people wrote down by reading, not on this release’s own input. <b>Precision</b>: of what "
        "dateline found, how much is right. <b>Recall</b>: of what is there, how much it found. <b>F1</b>, or the share of right "
        "answers, sums them up. In per cent.</p>"
    )
    heads = ["table", "what", "precision#", "recall#", "F1 or share#", "", "of#"]
    return _section("How accurate the extractors are", words + _table("Scorecard by table", heads, rows))


# Kind of figure in the trend → heading, and how one is named.
TREND_KINDS = {
    "documents": ("Documents by status", "documents {}"),
    "checks": ("Checks by outcome", "checks: {}"),
    "rows": ("Rows of each table", "rows of {}"),
    "scorecard": ("Scorecard", "{}"),
    "headroom": ("Headroom of checks, where it moved", "headroom of {}"),
}


def _trend(trend: Sequence[Mapping[str, Any]]) -> str:
    versions = {row["releases_ago"]: row["version"] for row in trend}
    ago = sorted(versions, reverse=True)
    series: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for row in trend:
        series[row["kind"], row["name"]][row["releases_ago"]] = row["value"]
    if len(ago) < MANY_RELEASES:
        return _section("The last releases", "<p>There is no earlier release to compare with yet.</p>")
    groups = []
    for kind, (heading, words) in TREND_KINDS.items():
        rows = []
        for (of, name), values in sorted(series.items()):
            if of != kind or 0 not in values:
                continue
            drawn = [values.get(step) for step in ago]
            if kind == "headroom" and len({value for value in drawn if value is not None}) == 1:
                continue  # hundreds of lines that never moved
            label = words.format(name.replace("_", " ") if kind == "scorecard" else name)
            first = next(value for value in drawn if value is not None)
            rows.append([_text(label), _figure(kind, first), _spark(drawn, label), _figure(kind, values[0])])
        if rows:
            known = f"{versions[ago[0]]} to {versions[0]}"
            heads = ["measure", "first#", "", "now#"]
            groups.append(
                _folded(
                    f"{heading} ({len(rows)})", _table(f"{heading}, {known}", heads, rows), is_open=kind != "headroom"
                )
            )
    words = f"<p>{len(ago)} releases, oldest to newest: {', '.join(_text(versions[step]) for step in ago)}.</p>"
    return _section("The last releases", words + "".join(groups))


def _suites(check_rows: Sequence[Mapping[str, Any]], beside: frozenset[str]) -> str:
    by_suite: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in check_rows:
        by_suite[row["suite"]].append(row)
    parts = []
    for suite, members in sorted(by_suite.items()):
        rows = [
            [
                f"<code>{_text(row['check_id'].removeprefix(f'{suite}.'))}</code><br>{_text(row['description'], None)}",
                _text(row["severity"]),
                _number(row, "observed_value"),
                _number(row, "threshold"),
                _percent(row.get("headroom")),
                _mark(outcome_of(row)),
            ]
            for row in sorted(members, key=_by_headroom)
        ]
        files = [path for path in (f"suites/{suite}.json", *_pages(suite, beside)) if path in beside]
        links = f"<p>{', '.join(map(_link, files))}</p>" if files else ""
        held = sum(row["success"] for row in members)
        heads = ["check", "severity", "observed#", "threshold#", "headroom#", "outcome"]
        parts.append(
            _folded(
                f"<code>{_text(suite)}</code>: {held:,} of {_many(len(members), 'check')} hold",
                links + _table(f"Checks of {_text(suite)}", heads, rows),
                is_open=False,
            )
        )
    words = "<p>A check without a share to allow for permits not one row (threshold 0): it holds or it does not, and has no headroom.</p>"
    return _section("Every check, suite by suite", words + "".join(parts))


def _pages(suite: str, beside: frozenset[str]) -> list[str]:
    start = f"data_docs/validations/{suite}/"
    return sorted(path for path in beside if path.startswith(start) and path.endswith(".html"))


DESCRIBED = {
    "checks.parquet": "every check with threshold, observed value and headroom",
    "results.json": "the same as JSON",
    "scorecard.parquet": "precision, recall and F1 a table",
    "scorecard.json": "the same as JSON, and other extractors on the same pages",
    "trend.parquet": "figures of the last releases, one a row",
    "data_docs/index.html": "Great Expectations’ own pages",
}


def _files(beside: frozenset[str]) -> str:
    rows = [[_link(path), _text(words)] for path, words in DESCRIBED.items() if path in beside]
    rows += [["<code>suites/</code>", "the suites as they were run, as Great Expectations writes them"]] * any(
        path.startswith("suites/") for path in beside
    )
    rows += [["<code>failing/</code>", "every row that failed a check, a file a check"]] * any(
        path.startswith("failing/") for path in beside
    )
    return (
        _section("The files behind this page", _table("Files beside this page", ["file", "what it holds"], rows))
        + "</main>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{_text(title)}</h2>\n{content}</section>\n"


def _folded(summary: str, content: str, *, is_open: bool) -> str:
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>\n{content}</details>\n"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, wide: bool = False) -> str:
    """A table of cells that are HTML already; a head that ends in # is of numbers."""
    numeric = [head.endswith("#") for head in heads]
    top = "".join(
        f'<th scope="col"{" class=n" if right else ""}>{head.removesuffix("#") or "<span class=sr>chart</span>"}</th>'
        for head, right in zip(heads, numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' if right else ''}>{cell}</td>" for cell, right in zip(row, numeric, strict=True))
        + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escape(_words_of(caption))}" tabindex="0"><table{" class=wide" if wide else ""}>'
        f"<caption>{caption}</caption><thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table></div>\n"
    )


def _words_of(caption: str) -> str:
    """A caption without its links."""
    return caption.split(", all in ", maxsplit=1)[0]


def _bar(share: float, label: str, headroom: float | None = None) -> str:
    tone = "" if headroom is None or headroom >= TIGHT else " over" if headroom < 0 else " tight"
    width = round(100 * min(max(share, 0), 1), 1)
    return (
        f'<span class="bar{tone}" role="img" aria-label="{escape(label)}"><span style="width:{width}%"></span></span>'
    )


def _spark(values: Sequence[float | None], label: str) -> str:
    """A line through the values, oldest left; a dot at the newest."""
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    across = (CHART_WIDTH - 2 * CHART_MARGIN) / max(len(values) - 1, 1)
    points = [
        (
            round(CHART_MARGIN + index * across, 1),
            round(
                CHART_HEIGHT / 2
                if high == low
                else CHART_HEIGHT - CHART_MARGIN - (value - low) / (high - low) * (CHART_HEIGHT - 2 * CHART_MARGIN),
                1,
            ),
        )
        for index, value in enumerate(values)
        if value is not None
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    told = f"{label}: {', '.join('none' if value is None else f'{value:g}' for value in values)}"
    return (
        f'<svg viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" width="{CHART_WIDTH}" height="{CHART_HEIGHT}" role="img" aria-label="{escape(plain(told))}">'
        f'<polyline points="{line}"/><circle cx="{points[-1][0]}" cy="{points[-1][1]}" r="2.5"/></svg>'
    )


def _mark(outcome: str) -> str:
    return f'<span class="mark {outcome}">{OUTCOMES[outcome]}</span>'


def _link(path: str) -> str:
    return f'<a href="{escape(quote(path))}">{_text(path)}</a>'


def _text(value: object, limit: int | None = CELL_CHARS) -> str:
    """A value from anywhere as HTML: escaped, without controls, shortened unless it is a text of ours."""
    shown = plain("–" if value is None else str(value), kept="")
    return escape(shown if limit is None or len(shown) <= limit else f"{shown[: limit - 1]}…")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _number(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return "–"
    least = "≥ " if name == "threshold" and row["bound"] == "at_least" else ""
    return least + (f"{value:.1%}" if row["unit"] == "share" else f"{value:,.4g}")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _figure(kind: str, value: float) -> str:
    return _percent(value) if kind == "headroom" else f"{value:.1f}" if kind == "scorecard" else f"{value:,.0f}"


def _by_headroom(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    """What failed first, then what is nearest to it."""
    headroom = row.get("headroom")
    return row["success"], 1.0 if headroom is None else headroom, row["check_id"]


STYLE = """
:root{color-scheme:light dark;--ink:#1c2026;--soft:#596273;--paper:#fff;--panel:#f4f6f8;--line:#d5dae1;--bar:#2f6db5;--track:#e3e8ee;
--good:#1c6b3c;--fair:#875000;--bad:#a8201a;--goodbg:#e5f4ea;--fairbg:#fdf1dd;--badbg:#fce8e6}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#a3adbb;--paper:#14171c;--panel:#1d2229;--line:#363e49;--bar:#6aa5ea;--track:#2b323c;
--good:#84d3a2;--fair:#f0bd6c;--bad:#ff9d95;--goodbg:#17301f;--fairbg:#362810;--badbg:#3d1b19}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.8rem;line-height:1.2;margin:0}h2{font-size:1.3rem;margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
h3{font-size:1rem;margin:0 0 .3rem}p{margin:.4rem 0;max-width:48rem}a{color:var(--bar)}code{font:.88em ui-monospace,monospace;overflow-wrap:anywhere}
.verdict{display:inline-block;font-weight:600;padding:.5rem .9rem;border-radius:.4rem;margin:.8rem 0}
.good,.mark.held{color:var(--good)}.fair,.mark.warning,.mark.accepted{color:var(--fair)}.bad,.mark.refusing{color:var(--bad)}
.verdict.good{background:var(--goodbg)}.verdict.fair{background:var(--fairbg)}.verdict.bad{background:var(--badbg)}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0;margin:.6rem 0 1rem}
.tiles li{background:var(--panel);border-radius:.4rem;padding:.5rem .9rem;color:var(--soft);flex:1 1 8rem}.tiles b{display:block;font-size:1.25rem;color:var(--ink)}
article{border-left:.25rem solid var(--fair);background:var(--panel);padding:.7rem .9rem;margin:.7rem 0;border-radius:0 .4rem .4rem 0}article.refusing{border-color:var(--bad)}
.mark{font-size:.85rem;font-weight:600;white-space:nowrap}
.scroll{overflow-x:auto;margin:.4rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;color:var(--soft);font-size:.85rem;padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}th{color:var(--soft);font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.wide td{overflow-wrap:anywhere;min-width:6rem}
.bar{display:block;min-width:6rem;height:.7rem;margin-top:.4rem;background:var(--track);border-radius:.2rem;overflow:hidden}
.bar span{display:block;height:100%;background:var(--bar)}.bar.tight span{background:var(--fair)}.bar.over span{background:var(--bad)}
svg{display:block}polyline{fill:none;stroke:var(--bar);stroke-width:1.5}circle{fill:var(--bar)}
details{margin:.4rem 0}summary{cursor:pointer;padding:.3rem 0;font-weight:600}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
:focus-visible{outline:2px solid var(--bar);outline-offset:2px}
@media print{body{max-width:none;padding:0;font-size:11px}details::details-content{content-visibility:visible;height:auto}.scroll{overflow:visible}tr,article{break-inside:avoid}
*{print-color-adjust:exact}}
"""
