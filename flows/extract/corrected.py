"""The pass that puts corrections in: rows that a person corrected get the new values, all other rows stay as extraction made them.

It runs twice: before articles are grouped, so that stories follow from what is right, and on what is linked and released, after
some articles were extracted anew with their story's day. Only shards with a corrected row are written again; one that was
not extracted anew is found in the ledger the second time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa

from flows.extract.corrections import Placed, correct_rows, correction_of, correction_rows
from flows.extract.shard import TABLES
from flows.store import ledger
from flows.store.parquet import to_arrow
from flows.store.units import Done, Unit, finished
from schemas.corrections import CORRECTABLE, CORRECTIONS


def by_shard(placed: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Shard to the corrections that stand in it."""
    found: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        if one.stands:
            found[one.shard].append(one)
    return dict(found)


def options_of(placed: Sequence[Placed]) -> str:
    """A shard's corrections as `correct_unit` reads them; wherever in their file they stand, they are the same. "" for none."""
    rows = sorted(correction_rows(placed), key=lambda row: str(row["correction_id"]))
    return json.dumps(rows, sort_keys=True, default=date.isoformat) if rows else ""


def correct_unit(unit: Unit) -> Done:
    """Put corrections into one shard; the unit's input is the shard as extract left it, its options are from `options_of`."""
    if done := finished(unit):
        return done
    (extracted,) = unit.inputs
    placed = _placed(unit)
    tables: dict[str, pa.Table] = {name: extracted.table(name) for name in (*TABLES, "refusals")}
    for name in CORRECTABLE:
        tables[name] = correct_rows(name, tables[name], [one for one in placed if one.table == name])
    tables[CORRECTIONS.name] = to_arrow(CORRECTIONS, correction_rows(placed))
    entry = ledger.commit(unit.stage_folder, unit.name, unit.key, unit.fingerprint, tables, extracted.documents)
    touched = len({one.document_id for one in placed})
    return Done(entry, touched, len(extracted.documents) - touched)


def _placed(unit: Unit) -> list[Placed]:
    rows = [row | {"corrected_on": date.fromisoformat(row["corrected_on"])} for row in json.loads(unit.options)]
    return [
        Placed(correction_of(row), unit.name, row["table_name"], row["document_id"], row["expected"]) for row in rows
    ]
