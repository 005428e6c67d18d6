"""The stages after ingest one after another in this process: what pipeline.py does, without Prefect, gate and release."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.clean.shard import clean_unit
from flows.extract import corrected
from flows.extract.corrections import Correction, place
from flows.extract.dated import date_unit, days_by_shard, options_of
from flows.extract.shard import extract_unit
from flows.link.grouping import group_unit
from flows.link.unit import link_unit
from flows.plan import STAGE_ROOTS
from flows.release.assemble import assemble
from flows.store.fingerprint import fingerprint
from flows.store.ledger import Entry
from flows.store.units import Done, Unit
from schemas.table import Table


def released_tables(
    shards: Sequence[Entry], work: Path, corrections: Sequence[Correction] = ()
) -> Iterator[tuple[Table, pa.Table]]:
    """Every table that is staged, with its rows, of the shards that ingest gathered; `work` keeps the ledger.

    Corrections that do not stand are passed over.
    """

    def made(stage: str, function: Callable[[Unit], Done], name: str, *inputs: Entry, options: str = "") -> Entry:
        return function(Unit(work / stage, name, code[stage], inputs, options)).entry

    def put_right(entries: Sequence[Entry]) -> list[Entry]:
        standing = corrected.by_shard(place(corrections, entries))
        return [
            made(
                "corrected",
                corrected.correct_unit,
                entry.unit,
                entry,
                options=corrected.options_of(standing[entry.unit]),
            )
            if entry.unit in standing
            else entry
            for entry in entries
        ]

    code = {stage: fingerprint(*roots) for stage, roots in STAGE_ROOTS.items()}
    cleaned = [made("clean", clean_unit, shard.unit, shard) for shard in shards]
    extracted = [made("extract", extract_unit, *_named(pair)) for pair in zip(shards, cleaned, strict=True)]
    grouped = made("group", group_unit, "all", *shards, *cleaned, *put_right(extracted))
    days = days_by_shard(grouped)
    dated = [
        made("dated", date_unit, *_named(entries), options=options_of(days[entries[0].unit]))
        if entries[0].unit in days
        else entries[-1]
        for entries in zip(shards, cleaned, extracted, strict=True)
    ]
    released = put_right(dated)
    linked = made("link", link_unit, "all", grouped, *cleaned, *released)
    return assemble(shards, cleaned, released, linked)


def _named(entries: Sequence[Entry]) -> tuple[Any, ...]:
    """The entries of one shard behind the shard's name."""
    return entries[0].unit, *entries
