"""Stories on public benchmarks, beside TF-IDF: python -m tests.gold.stories RELEASE GOLD [RELEASE GOLD …]

RELEASE is a release's folder, GOLD a benchmark's (gold.jsonl: id, story) or a folder of labelled pages (*.json with story). Prints
B-cubed precision, recall and F1 of the stories that today's rules make of what the release's extractors found, and of a peer
on the same articles: TF-IDF of headline and body, average linkage, with the threshold at which it is best on this very gold.
"""

import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.cluster.hierarchy import fcluster, linkage  # Great Expectations brings it
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform

from flows.link.articles import Article
from flows.link.profiles import Profile, make_profile
from flows.link.stories import find_stories

FACTS = ("mentions", "timexes", "casualties")
PEER_THRESHOLDS = tuple(number / 100 for number in range(10, 42, 2))


def read_articles(release: Path) -> list[Article]:
    """The articles of a release, by document."""
    columns = ["article_id", "headline", "body", "published_on", "publisher", "agency"]
    rows = pq.read_table(release / "articles.parquet", columns=columns).to_pylist()
    return sorted((Article(row.pop("article_id"), **row) for row in rows), key=lambda article: article.document_id)


def read_profiles(release: Path) -> list[Profile]:
    """The profiles of a release's articles, by document."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {name: defaultdict(list) for name in FACTS}
    for name, by_document in found.items():
        for row in pq.read_table(release / f"{name}.parquet").to_pylist():
            by_document[row["document_id"]].append(row)
    return [
        make_profile(article, *(found[name][article.document_id] for name in FACTS))
        for article in read_articles(release)
    ]


def document_of_record(release: Path) -> dict[str, str]:
    """Name of a record or file → its document."""
    rows = pq.read_table(release / "documents.parquet", columns=["document_id", "uris"]).to_pylist()
    names = ((name, row) for row in rows for uri in row["uris"] for name in (uri.rsplit("#", 1)[-1], Path(uri).stem))
    return {name: row["document_id"] for name, row in names}


def read_gold(release: Path, gold: Path) -> dict[str, tuple[str | None, str]]:
    """Record of the gold → (its document, its story)."""
    if (gold / "gold.jsonl").exists():
        lines = map(json.loads, (gold / "gold.jsonl").open(encoding="utf-8"))
        story = {row["id"]: row["story"] for row in lines}
    else:
        pages = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(gold.glob("*.json"))}
        story = {name: page.get("story") or name for name, page in pages.items()}
    document = document_of_record(release)
    return {name: (document.get(name), told) for name, told in story.items()}


def b_cubed(found: Mapping[str, str], true: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the records of `true`; one that was not found is alone."""
    mine, gold = defaultdict(set), defaultdict(set)
    for name, story in true.items():
        mine[found.get(name, name)].add(name)
        gold[story].add(name)
    shared = {name: len(mine[found.get(name, name)] & gold[story]) for name, story in true.items()}
    precision = sum(count / len(mine[found.get(name, name)]) for name, count in shared.items()) / len(true)
    recall = sum(count / len(gold[true[name]]) for name, count in shared.items()) / len(true)
    return precision, recall, 2 * precision * recall / (precision + recall)


def peer_stories(profiles: Sequence[Profile], thresholds: Iterable[float]) -> dict[float, dict[str, str]]:
    """Per threshold, what average linkage over cosines of TF-IDF gives, with the idf of the same frozen table: scipy's."""
    places = {word: at for at, word in enumerate(sorted({word for profile in profiles for word in profile.terms}))}
    cells = [(row, places[w], weight) for row, profile in enumerate(profiles) for w, weight in profile.terms.items()]
    rows, columns, weights = zip(*cells, strict=True)
    terms = csr_matrix((weights, (rows, columns)), shape=(len(profiles), len(places)))
    distances = np.clip(1 - (terms @ terms.T).toarray(), 0, None)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform((distances + distances.T) / 2), "average")
    return {
        threshold: {
            profile.document_id: str(label)
            for profile, label in zip(profiles, fcluster(tree, 1 - threshold, "distance"), strict=True)
        }
        for threshold in thresholds
    }


def measure(release: Path, gold: Path) -> None:
    """Print what ours and the peer reach on one gold."""
    profiles = read_profiles(release)
    records = read_gold(release, gold)
    true = {name: story for name, (_, story) in records.items()}
    halves = {"all": true, **{f"half {half}": {n: s for n, s in true.items() if half_of(s) == half} for half in (1, 2)}}

    def show(what: str, stories: Mapping[str, str]) -> float:
        found = {name: stories[document] for name, (document, _) in records.items() if document in stories}
        figures = {part: b_cubed(found, of) for part, of in halves.items() if of}
        cells = [f"{part}: " + " ".join(f"{value:.3f}" for value in values) for part, values in figures.items()]
        sys.stdout.write(f"{gold.name:20} {what:14} {'   '.join(cells)}\n")
        return figures["all"][2]

    show("ours", find_stories(profiles, {}))
    by_threshold = peer_stories(profiles, PEER_THRESHOLDS)
    best = max(
        by_threshold,
        key=lambda t: b_cubed({n: by_threshold[t].get(d or "", n) for n, (d, _) in records.items()}, true)[2],
    )
    show(f"tf-idf at {best:.2f}", by_threshold[best])


def topic_of(story: str) -> str:
    """Look-alikes of ECB+ share a topic, the number that begins their key; elsewhere a story is its own topic."""
    return re.sub(r"ecb(plus)?$", "", story)


def half_of(story: str) -> int:
    """1 or 2; a topic is in one half."""
    return 1 + hashlib.sha256(topic_of(story).encode()).digest()[0] % 2


def main(arguments: Sequence[str]) -> int:
    """Measure each pair of release and gold."""
    folders = [Path(argument) for argument in arguments]
    if not folders or len(folders) % 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    for release, gold in zip(folders[::2], folders[1::2], strict=True):
        measure(release, gold)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
