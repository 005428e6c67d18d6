"""In how many news articles a word stands: python -m tests.gold.derive_document_frequencies [--write]

Counted once on the corpus beside the checkout (its text stays there), so that what a word weighs does not depend on the input.
The corpus is two thirds old agency news of business: at most MOST_OF_A_SOURCE articles of a source count, chosen by the hash
of their ids. The source that the stories benchmark comes from is left out, and texts that begin like one counted before.

The same corpus gives the same table.
"""

import csv
import gzip
import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flows.link.profiles import ALL_DOCUMENTS, words_of_text

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "bench" / "corpus.jsonl.gz"
TABLE = ROOT / "seeds" / "reference" / "document_frequencies.csv"

LEFT_OUT = frozenset(["ecbplus"])
MOST_OF_A_SOURCE = 2_000
LEAST_DOCUMENTS = 4  # rarer words are misspellings as often as names, and would double the table
BEGINNING_WORDS = 40

META = """\
title: In how many of some 18,000 news articles a word stands
producers: [dateline]
source: counted by tests/gold/derive_document_frequencies.py on articles of the corpus, none of which is part of this project
licence: Apache-2.0; facts only
date: {date}
sha256: {sha256}
notes: >
  word is folded as flows/link/profiles.py words_of_text gives it; the row without a word counts the articles. Words of fewer
  than {least} articles are left out.
"""


def articles() -> Iterator[tuple[str, str, frozenset[str]]]:
    """(source, id, words) of every article that begins like no other of its source before it."""
    begun: set[tuple[str, ...]] = set()
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["source"] in LEFT_OUT:
                continue
            words = words_of_text(f"{row['title'] or ''}\n{row['text']}")
            beginning = tuple(words[:BEGINNING_WORDS])
            if beginning not in begun:
                begun.add(beginning)
                yield row["source"], row["id"], frozenset(words)


def main() -> int:
    """Count, report, write."""
    by_source: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for source, name, words in articles():
        by_source[source].append((hashlib.sha256(name.encode()).hexdigest(), words))
    counts: Counter[str] = Counter()
    total = 0
    for found in by_source.values():
        for _, words in sorted(found, key=lambda pair: pair[0])[:MOST_OF_A_SOURCE]:
            counts.update(words)
            total += 1
    kept = sorted(word for word, count in counts.items() if count >= LEAST_DOCUMENTS)
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["word", "documents"])
    rows.writerow([ALL_DOCUMENTS, total])
    rows.writerows((word, counts[word]) for word in kept)
    sys.stdout.write(f"{total} articles, {len(kept)} of {len(counts)} words, {len(table.getvalue().encode())} bytes\n")
    if "--write" in sys.argv[1:]:
        TABLE.write_text(table.getvalue(), encoding="utf-8")
        sha256 = hashlib.sha256(table.getvalue().encode()).hexdigest()
        meta = META.format(date=datetime.now(UTC).date(), sha256=sha256, least=LEAST_DOCUMENTS)
        TABLE.with_suffix(".meta.yml").write_text(meta, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
