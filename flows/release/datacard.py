"""DATACARD.md: what a release is, how much, how good, whose, and how to cite it. Written from the release itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import duckdb

from flows.release.scorecard import MEASURES, beside_others, published_scorecard
from schemas.registry import table_named

# What every description of a release says (datapackage.json, croissant.json and README.md too).
SUMMARY: Final = (
    "Facts about conflict and diplomacy, each pointing at the words of the news text that state it: who met whom, who "
    "attacked, how many are said to have died and by whom, who said what."
)
KEYWORDS: Final = ("news", "conflict", "diplomacy", "event data", "casualties", "quotations", "provenance")
LICENCE: Final = (
    "No licence is stated: whoever made the release knows what the texts were that it was made of. "
    "Columns of words hold the words of their publishers."
)
NAME_CHARS = 120  # of a name in a cell


def data_card(
    version: str,
    parent: Mapping[str, Any] | None,
    folder: Path,
    tables: Mapping[str, Any],
    inputs: Mapping[str, Any],
    check_rows: Sequence[Mapping[str, Any]],
    accepted: Mapping[str, str],
    announced: Sequence[str] = (),
) -> str:
    """The card, in Markdown. It holds no clock: the same release has the same card.

    Args:
        version: of the release.
        parent: manifest of the release that it follows.
        folder: of its tables.
        tables: as the manifest describes them.
        inputs: counts and fingerprint of what went in.
        check_rows: what the gate saw.
        accepted: failed critical checks that were accepted by hand, with the reason.
        announced: lines on what will go, or went without notice (`contract_section`).
    """
    documents = folder / "documents.parquet"
    articles = folder / "articles.parquet"
    with duckdb.connect() as connection:

        def rows(query: str, *files: Path) -> list[tuple[Any, ...]]:
            return connection.execute(query, [str(file) for file in files]).fetchall()

        fates = rows(
            "select status, coalesce(status_reason, ''), count(*) from read_parquet(?) group by all order by all",
            documents,
        )
        dated = rows(
            "select min(published_on), max(published_on), count(published_on), count(*) from read_parquet(?)", articles
        )[0]
        outlets = rows(
            "select coalesce(publisher, '(not stated)'), count(*) c from read_parquet(?) group by 1 order by c desc, 1 limit 10",
            articles,
        )
    failed = [row for row in check_rows if not row["success"]]
    hand = tables["corrections"]["rows"]
    kept = f", and {inputs['kept']:,} groups of files as the parent had read them" if inputs.get("kept") else ""
    lines = [
        f"# dateline {version}",
        "",
        *wrap(SUMMARY, 120),
        "",
        f"Parent: {parent['version'] if parent else 'none (first release)'}. Inputs: {inputs['files']:,} files{kept}.",
        "",
        "## What is in it",
        "",
        "| table | one row is | rows |",
        "| --- | --- | ---: |",
        *(f"| {name} | {table_named(name).row_is} | {table['rows']:,} |" for name, table in tables.items()),
        "",
        "## What became of the inputs",
        "",
        "| status | reason | documents |",
        "| --- | --- | ---: |",
        *(f"| {status} | {reason} | {count:,} |" for status, reason, count in fates),
        "",
        f"{dated[2]:,} of {dated[3]:,} articles have a date"
        + (f", from {dated[0]} to {dated[1]}." if dated[2] else "."),
        "",
        "| publisher | articles |",
        "| --- | ---: |",
        *(f"| {_plain(outlet)} | {count:,} |" for outlet, count in outlets),
        "",
        "## How good it is",
        "",
        "Measured on pages labelled by reading, not on this release's own input:",
        "",
        "| what | figure | of |",
        "| --- | ---: | ---: |",
        *_score_lines(),
        "",
        "Finding the article in web pages, beside other extractors on the same pages:",
        "",
        "| input | extractor | body F1 | headline | day |",
        "| --- | --- | ---: | ---: | ---: |",
        *_peer_lines(),
        "",
        f"The gate ran {len(check_rows):,} checks: {len(check_rows) - len(failed):,} held, {len(failed):,} did not.",
        *(f"- {row['severity']}: {row['check_id']} — {row['description']}" for row in failed),
        *(
            [f"- values corrected by hand: {hand:,}. `corrections` has what was read, why, who and when."]
            if hand
            else []
        ),
        *(f"- accepted by hand: {check} — {_plain(reason)}" for check, reason in sorted(accepted.items())),
        "",
        "## What it is not",
        "",
        "- A casualty figure is what one text says, with who claims it; it is not a finding of dateline.",
        "- A null means that the text does not say, or that the extractor did not see it.",
        "- Events are what documents report. Nothing here says that a report is true.",
        "",
        *announced,
        "## Copyright and living persons",
        "",
        "documents.text, sentences, quotes and every text column hold words of their publishers. Share the facts with",
        "`dateline export VERSION --facts`, which leaves article text out and keeps offsets and digests, unless you hold the rights.",
        "The tables name living persons as news reports name them. Correct or withdraw what is wrong before you publish.",
        "",
        "## How to cite",
        "",
        f"dateline {version}, the manifest's SHA-256, and the inputs that you ran it on.",
    ]
    return "\n".join(lines) + "\n"


def contract_section(notes: Sequence[Mapping[str, Any]], forced: Mapping[str, Any] | None) -> list[str]:
    r"""What users must know of the contract: what will go, and what went without notice; nothing if there is neither.

    >>> print("\n".join(contract_section([{"sentence": "quotes.cue will go."}], None)))
    ## What will change
    <BLANKLINE>
    - quotes.cue will go.
    <BLANKLINE>
    """
    lines = []
    if notes:
        lines += ["## What will change", "", *(f"- {_plain(note['sentence'], None)}" for note in notes), ""]
    if forced is not None:
        broken = "; ".join(forced["breaks"]) or "values mean something else"
        lines += [
            "## What changed without notice",
            "",
            f"{_plain(broken, None)}. Why: {_plain(forced['reason'], None)}",
            "",
        ]
    return lines


def _score_lines() -> list[str]:
    card = published_scorecard()
    figures = card["figures"]
    return [
        f"| {MEASURES[name]} | {figures[name]['figure']} | {figures[name]['of']} |"
        for name in MEASURES
        if name in figures
    ]


def _peer_lines() -> list[str]:
    def shown(row: dict[str, str | float | None], name: str) -> str:
        return "–" if row[name] is None else str(row[name])

    return [
        f"| {row['input']} | {row['extractor']} | {shown(row, 'body_f1')} | {shown(row, 'headline')} | {shown(row, 'published')} |"
        for row in beside_others()
    ]


def _plain(text: str, longest: int | None = NAME_CHARS) -> str:
    """A name in a Markdown cell: no markup, no line breaks, no control characters, no more than so many."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    shown = shown[:longest].replace("\\", "\\\\").replace("|", "\\|").replace("[", "\\[")  # no cell, no link
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace("`", "'")
