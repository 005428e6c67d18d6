"""Ingest and clean alone, on one core, beside the least that reading can be.

python -m tests.benchmarks.one_core stages INPUT WORK   the two stages' own functions, without Prefect
python -m tests.benchmarks.one_core reading INPUT       read, parse the JSON, hash each text

Prints the processor seconds and documents as a line of JSON.
"""

import hashlib
import json
import sys
import time
from pathlib import Path


def stages(file: Path, work: Path) -> int:
    """Documents that ingest and clean made of the file."""
    from flows.clean.flow import ROOTS as CLEAN
    from flows.clean.shard import clean_unit
    from flows.ingest.flow import ROOTS as INGEST
    from flows.ingest.inputs import discover
    from flows.ingest.unit import gather, group_files, ingest_group
    from flows.store.fingerprint import fingerprint
    from flows.store.units import Unit

    files = list(discover([file], warehouse=work))
    groups = group_files(work / "ingest", fingerprint(*INGEST), files, {})
    ingested = [ingest_group(group).entry for group in groups]
    gathered = gather(work / "gathered", fingerprint(*INGEST), ingested)
    return sum(
        clean_unit(Unit(work / "clean", entry.unit, fingerprint(*CLEAN), (entry,))).computed for entry in gathered
    )


def reading(file: Path) -> int:
    """Documents in the file, each parsed and hashed."""
    with file.open("rb") as lines:
        return len({hashlib.sha256(json.loads(line)["text"].encode()).digest() for line in lines})


def main() -> int:
    """Time what is asked for; imports are not counted, since a run pays for them once."""
    if sys.argv[1] == "stages":
        import flows.clean.flow
        import flows.ingest.flow  # noqa: F401  # so that its import is not timed

    began = time.process_time()
    documents = reading(Path(sys.argv[2])) if sys.argv[1] == "reading" else stages(Path(sys.argv[2]), Path(sys.argv[3]))
    sys.stdout.write(json.dumps({"cpu_seconds": time.process_time() - began, "documents": documents}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
