"""What speaks for one happening: python -m tests.gold.train_stories RELEASE GOLD [RELEASE GOLD …] RELEASE PAIRS [--write]

Fits the logit of flows/link/story_pairs.py to the pairs of each release's articles that are candidates: do both belong to one
story of the gold (as tests/gold/stories.py reads it)? Every gold weighs the same, however many pairs it has. The last is
tests/gold/story_pairs.csv: pairs of articles of the corpus (their document ids), drawn by score and source, that one annotator
read the beginnings of; RELEASE is made of these records. Real news has what the benchmarks lack: many happenings of one topic.

Prints B-cubed F1 of the stories made with weights that saw nothing of the story's topic (five folds), and with weights
fitted to the other golds only; with --write, fits to all and writes seeds/reference/story_weights.csv.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from flows.link.profiles import Profile
from flows.link.story_clusters import THRESHOLD, clusters
from flows.link.story_pairs import Pair, by_date, candidate_pairs, compare
from tests.gold.stories import b_cubed, read_gold, read_profiles, topic_of

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "seeds" / "reference" / "story_weights.csv"
FOLDS = 5
RIDGE = 3.0
STEPS = 40
LEAST_STEP = 1e-6
# However many pairs it has, each benchmark weighs this; pairs judged by hand, a few score, less, or they would be learnt by heart.
WEIGHT_OF_A_GOLD, WEIGHT_OF_JUDGED_PAIRS = 10_000.0, 3_000.0

META = """\
title: What speaks for and against that two articles tell of one happening
producers: [dateline]
source: >
  fitted by tests/gold/train_stories.py to the development halves of two public benchmarks of stories, and to pairs of articles of the
  corpus judged by hand (tests/gold/story_pairs.csv), none of which is part of this project; holds no text of theirs
licence: Apache-2.0
date: {date}
sha256: {sha256}
notes: >
  evidence as flows/link/story_pairs.py names it; weight of a logit.
"""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Gold:
    """One benchmark: its profiles in order of date, their stories (None: not in the gold), and the evidence of its candidates."""

    name: str
    profiles: Sequence[Profile]
    records: dict[str, tuple[str | None, str]]
    places: Sequence[tuple[int, int]]
    evidence: Floats
    same: Floats
    folds: npt.NDArray[np.int64]  # per pair, those of its two stories
    weight: float


def read(release: Path, gold: Path) -> tuple[Gold, list[str]]:
    """A benchmark, and the names of its evidence."""
    records = read_gold(release, gold)
    story = {document: told for document, told in records.values() if document}
    profiles = sorted((p for p in read_profiles(release) if p.document_id in story), key=by_date)
    stories = [story[profile.document_id] for profile in profiles]
    places = list(candidate_pairs(profiles))
    rows = [compare(profiles[first], profiles[second]) for first, second in places]
    names = list(rows[0])
    folds = [[_fold(stories[first]), _fold(stories[second])] for first, second in places]
    same = [float(stories[first] == stories[second]) for first, second in places]
    evidence = np.array([[row[name] for name in names] for row in rows])
    return Gold(
        gold.name, profiles, records, places, evidence, np.array(same), np.array(folds), WEIGHT_OF_A_GOLD
    ), names


def _fold(story: str) -> int:
    return hashlib.sha256(topic_of(story).encode()).digest()[1] % FOLDS


def fit(golds: Iterable[tuple[Floats, Floats, float]]) -> Floats:
    """The weights under which what is so is likeliest, from (evidence, same, weight of all) of each gold.

    How many candidates are of one story differs with the golds and is not evidence: each has its own intercept in the fit. The
    last one's is the first weight.
    """
    parts = list(golds)
    evidence, same = np.concatenate([x for x, _, _ in parts]), np.concatenate([y for _, y, _ in parts])
    counts = np.concatenate([np.full(len(y), weight / len(y)) for _, y, weight in parts])
    of_gold = np.concatenate([np.full(len(y), number) for number, (_, y, _) in enumerate(parts)])
    evidence = np.hstack([of_gold[:, None] == np.arange(len(parts)), evidence[:, 1:]]).astype(float)
    weights = np.zeros(evidence.shape[1])
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-np.clip(evidence @ weights, -30, 30)))
        slope = evidence.T @ (counts * (same - odds)) - RIDGE * weights
        bend = (evidence * (counts * odds * (1 - odds))[:, None]).T @ evidence + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < LEAST_STEP:
            break
    return weights[len(parts) - 1 :]


def read_pairs(release: Path, table: Path) -> Gold:
    """Pairs that were read and judged by hand, as a gold of its own."""
    profiles = sorted(read_profiles(release), key=by_date)
    place = {profile.document_id: at for at, profile in enumerate(profiles)}
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    places = [tuple(sorted((place[row["first"]], place[row["second"]]))) for row in rows]
    chosen = [at for at, (a, b) in enumerate(places) if not profiles[a].names.isdisjoint(profiles[b].names)]
    evidence = [list(compare(*(profiles[at] for at in places[row])).values()) for row in chosen]
    same = [float(rows[row]["same"]) for row in chosen]
    folds = [[_fold(rows[row]["first"])] * 2 for row in chosen]
    kept = [places[row] for row in chosen]
    weight = WEIGHT_OF_JUDGED_PAIRS
    return Gold(table.stem, profiles, {}, kept, np.array(evidence), np.array(same), np.array(folds), weight)


def left_out(gold: Gold, golds: Sequence[Gold]) -> Floats:
    """Scores of the gold's pairs by weights that saw no pair of either article's topic."""
    scores = np.zeros(len(gold.same))
    for fold in range(FOLDS):
        seen = [(g, (g.folds != fold).all(1)) for g in golds]
        weights = fit((g.evidence[rows], g.same[rows], g.weight) for g, rows in seen)
        held = (gold.folds == fold).any(1)
        scores[held] = gold.evidence[held] @ weights
    return scores


def figures(gold: Gold, scores: Floats) -> tuple[float, float, float]:
    """B-cubed of the stories that these scores make."""
    pairs = [Pair(first, second, float(s)) for (first, second), s in zip(gold.places, scores, strict=True)]
    found = {
        gold.profiles[member].document_id: str(number)
        for number, members in enumerate(clusters(len(gold.profiles), pairs))
        for member in members
    }
    by_record = {name: found[document] for name, (document, _) in gold.records.items() if document in found}
    return b_cubed(by_record, {name: told for name, (_, told) in gold.records.items()})


def main(arguments: Sequence[str]) -> int:
    """Fit, report, write."""
    folders = [Path(argument) for argument in arguments if argument != "--write"]
    *releases, judged = zip(folders[::2], folders[1::2], strict=True)
    found = [read(release, gold) for release, gold in releases]
    names = found[0][1]
    pairs = read_pairs(*judged)
    golds = [*(gold for gold, _ in found), pairs]
    for gold in golds[:-1]:
        others = [other for other in golds if other is not gold]
        weights = fit((other.evidence, other.same, other.weight) for other in others)
        for what, scores in (("topics left out", left_out(gold, golds)), ("source left out", gold.evidence @ weights)):
            cells = " ".join(f"{figure:.3f}" for figure in figures(gold, scores))
            sys.stdout.write(f"{gold.name:20} {what:16} {cells}   of {len(gold.places)} pairs\n")
    scores = left_out(pairs, golds)
    for least in (THRESHOLD, 0.0):
        above = scores > least
        precision, recall = pairs.same[above].mean(), above[pairs.same == 1].mean()
        sys.stdout.write(
            f"{pairs.name:20} left out, above {least}: precision {precision:.2f} recall {recall:.2f} of {len(scores)}\n"
        )
    weights = fit((gold.evidence, gold.same, gold.weight) for gold in golds)
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["evidence", "weight"])
    rows.writerows((name, f"{weight:.3f}") for name, weight in zip(names, weights, strict=True))
    sys.stdout.write(table.getvalue())
    if "--write" in arguments:
        WEIGHTS.write_text(table.getvalue(), encoding="utf-8")
        sha256 = hashlib.sha256(table.getvalue().encode()).hexdigest()
        meta = META.format(date=datetime.now(UTC).date(), sha256=sha256)
        WEIGHTS.with_suffix(".meta.yml").write_text(meta, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
