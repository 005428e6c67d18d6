"""Edited copies planted among the articles of a corpus: how many are found, and what else is taken for them.

python -m tests.gold.near_duplicates [--planted N] [--seed N] [--among N ...]

The corpus lies beside the checkout and is no part of this project. A copy is an article with 1 to 30 % of its words replaced,
cut or put elsewhere, in one of the ways of KINDS. Only pairs with a copy are judged. Right is a pair with its source, and
with what is the source's text: articles of the same words, and other copies of it. Articles that are copies of the source by
themselves, by a measure of its own (COPIED), are counted apart: a reader would call such a pair right, a strict judge none.
"""

import argparse
import gzip
import json
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rensa import RMinHashDeduplicator

from flows.link.articles import Article
from flows.link.duplicates import find_duplicates

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "bench" / "corpus.jsonl.gz"
LEAST_WORDS = 20  # of a source: of fewer, a fifth is a handful
SHARES = (0.01, 0.30)  # of the words
BANDS = (0.10, 0.20, 0.30)  # upper ends by which recall is told
COPIED = (
    0.5  # of the five-word shingles of either text that the other has: articles that copy each other without our doing
)
VOCABULARY_FROM = 2_000  # articles whose words replace others

Words = list[str]
Edit = Callable[[Words, int, random.Random, Sequence[str]], Words]


@dataclass(frozen=True)
class Planted:
    """A copy: index of its source, the way and the share of the words edited, and its text."""

    source: int
    kind: str
    share: float
    text: str


@dataclass(frozen=True)
class Judged:
    """What was found of the copies.

    Attributes:
        found: (kind, upper end of the share) → (sources found, copies).
        right, copied, wrong: pairs with a copy: with its source's text, with an article that copies the source, with others.
        wrong_pairs: indices of both texts of the wrong ones, and of the copied.
    """

    found: Mapping[tuple[str, float], tuple[int, int]]
    right: int
    copied: int
    wrong: int
    wrong_pairs: Sequence[tuple[int, int]]
    copied_pairs: Sequence[tuple[int, int]]

    def recall(self, kind: str | None, up_to: float) -> float:
        """Sources found in per cent, of one kind or all, of copies with edits up to a share."""
        counted = [pair for (of, share), pair in self.found.items() if kind in {None, of} and share <= up_to]
        return 100 * sum(found for found, _ in counted) / max(1, sum(copies for _, copies in counted))

    @property
    def precision(self) -> float:
        """Right pairs in per cent of those with a copy; with articles that copy the source it is right."""
        return 100 * (self.right + self.copied) / max(1, self.right + self.copied + self.wrong)

    @property
    def precision_strict(self) -> float:
        """The same, where only the source's own text is right."""
        return 100 * self.right / max(1, self.right + self.copied + self.wrong)


def _replaced(words: Words, count: int, rng: random.Random, vocabulary: Sequence[str]) -> Words:
    edited = list(words)
    for at in rng.sample(range(len(words)), count):
        edited[at] = rng.choice(vocabulary)
    return edited


def _misspelt(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    edited = list(words)
    for at in rng.sample(range(len(words)), count):
        edited[at] = f"{words[at][:2]}x{words[at][2:]}"
    return edited


def _dropped(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    gone = set(rng.sample(range(len(words)), count))
    return [word for at, word in enumerate(words) if at not in gone]


def _inserted(words: Words, count: int, rng: random.Random, vocabulary: Sequence[str]) -> Words:
    edited = list(words)
    for _ in range(count):
        edited.insert(rng.randrange(len(edited) + 1), rng.choice(vocabulary))
    return edited


def _block(words: Words, count: int, rng: random.Random) -> tuple[Words, Words, Words]:
    """What stands before, in and after a stretch of so many words."""
    start = rng.randrange(len(words) - count + 1)
    return words[:start], words[start : start + count], words[start + count :]


def _block_cut(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    before, _cut, after = _block(words, count, rng)
    return before + after


def _end_cut(words: Words, count: int, _: random.Random, __: Sequence[str]) -> Words:
    return words[: len(words) - count]


def _block_moved(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    before, moved, after = _block(words, count, rng)
    rest = before + after
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + moved + rest[at:]


def _block_shuffled(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    before, shuffled, after = _block(words, count, rng)
    rng.shuffle(shuffled)
    return before + shuffled + after


def _block_rewritten(words: Words, count: int, rng: random.Random, vocabulary: Sequence[str]) -> Words:
    before, gone, after = _block(words, count, rng)
    return before + [rng.choice(vocabulary) for _ in gone] + after


def _permuted(values: Words, count: int, rng: random.Random) -> Words:
    """So many values change places."""
    places = sorted(rng.sample(range(len(values)), min(len(values), max(2, count))))
    chosen = [values[at] for at in places]
    rng.shuffle(chosen)
    edited = list(values)
    for at, value in zip(places, chosen, strict=True):
        edited[at] = value
    return edited


def _scattered(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    return _permuted(words, count, rng)


def _windows_shuffled(words: Words, count: int, rng: random.Random, _: Sequence[str], width: int = 8) -> Words:
    edited = list(words)
    for start in rng.sample(range(0, len(words), width), -(-count // width)):
        window = edited[start : start + width]
        rng.shuffle(window)
        edited[start : start + width] = window
    return edited


def _sentences_moved(words: Words, count: int, rng: random.Random, _: Sequence[str]) -> Words:
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(words))
    return " ".join(_permuted(sentences, round(len(sentences) * count / len(words)), rng)).split()


def _mixed(words: Words, count: int, rng: random.Random, vocabulary: Sequence[str]) -> Words:
    for edit in (_replaced, _dropped, _block_shuffled):
        words = edit(words, count // 3, rng, vocabulary)
    return words


KINDS: Mapping[str, Edit] = {
    "words replaced": _replaced,
    "words misspelt": _misspelt,
    "words dropped": _dropped,
    "words inserted": _inserted,
    "words scattered": _scattered,
    "windows shuffled": _windows_shuffled,
    "block cut": _block_cut,
    "end cut": _end_cut,
    "block moved": _block_moved,
    "block shuffled": _block_shuffled,
    "block rewritten": _block_rewritten,
    "sentences moved": _sentences_moved,
    "mixed": _mixed,
}


def plant(texts: Sequence[str], count: int, seed: int) -> list[Planted]:
    """So many edited copies of different texts, the ways of editing in turn, the shares evenly spread."""
    rng = random.Random(seed)  # noqa: S311  # seeded, to plant the same copies again
    sampled = rng.sample(range(len(texts)), min(VOCABULARY_FROM, len(texts)))
    vocabulary = [word for at in sampled for word in texts[at].split()]
    sources = rng.sample([at for at, text in enumerate(texts) if len(text.split()) >= LEAST_WORDS], count)
    kinds = list(KINDS)
    planted = []
    for at, source in enumerate(sources):
        kind, share = kinds[at % len(kinds)], rng.uniform(*SHARES)
        words = texts[source].split()
        edited = KINDS[kind](words, max(1, round(share * len(words))), rng, vocabulary)
        planted.append(Planted(source, kind, share, " ".join(edited)))
    return planted


def judge(texts: Sequence[str], planted: Sequence[Planted], pairs: Iterable[tuple[int, int]]) -> Judged:
    """Pairs of indices, those of copies following those of the texts, against what was planted."""
    words = [" ".join(re.findall(r"\w+", text.casefold())) for text in texts]
    source = {len(texts) + at: one.source for at, one in enumerate(planted)}
    judged: Counter[str] = Counter()
    wrong, copied, with_source = [], [], set()
    for one, other in pairs:
        if one not in source and other not in source:
            continue
        left, right = source.get(one, one), source.get(other, other)
        if words[left] == words[right]:
            judged["right"] += 1
            with_source |= {(copy, base) for copy, base in ((one, right), (other, left)) if copy in source}
        elif _copied(words[left], words[right]):
            copied.append((one, other))
        else:
            wrong.append((one, other))
    found: dict[tuple[str, float], tuple[int, int]] = {}
    for copy, one in enumerate(planted, len(texts)):
        band = next(end for end in BANDS if one.share <= end)
        hits, copies = found.get((one.kind, band), (0, 0))
        found[one.kind, band] = (hits + ((copy, one.source) in with_source), copies + 1)
    return Judged(found, judged["right"], len(copied), len(wrong), wrong, copied)


def _copied(one: str, other: str) -> bool:
    """Whether two texts copy each other without our doing."""
    left, right = (
        {tuple(words[at : at + 5]) for at in range(len(words) - 4)} for words in (one.split(), other.split())
    )
    return len(left & right) >= COPIED * max(1, min(len(left), len(right)))


def found_pairs(texts: Iterable[str]) -> list[tuple[int, int]]:
    """The pairs of `find_duplicates`, as indices of the texts."""
    articles = [Article(f"{at:016x}", None, text, None, None, None) for at, text in enumerate(texts)]
    return [(int(row["document_id"], 16), int(row["other_id"], 16)) for row in find_duplicates(articles)]


def peer_pairs(texts: Sequence[str], threshold: float = 0.5) -> list[tuple[int, int]]:
    """Pairs by rensa's own deduplicator, from shingles of five words, which is how it is mostly used."""
    shingles = []
    for text in texts:
        words = text.casefold().split()
        shingles.append([" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))])
    index = RMinHashDeduplicator(threshold, 128, True, 32)  # noqa: FBT003  # its signature has no keywords here
    pairs = []
    for at, one in enumerate(shingles):
        pairs.extend((int(key), at) for key in index.get_duplicate_sets([one])[0])
        index.add_pairs([(str(at), one)])
    return pairs


def read_corpus() -> list[str]:
    """The texts of the corpus beside the checkout."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def report(judged: Judged) -> str:
    """Recall by kind and share of edits, and precision."""
    lines = ["recall by share of words edited: " + " ".join(f"{end:>7.0%}" for end in BANDS) + "   up to 20%"]
    for kind in [*KINDS, None]:
        cells = []
        for end in BANDS:
            counted = [pair for (of, band), pair in judged.found.items() if band == end and kind in {None, of}]
            cells.append(100 * sum(hits for hits, _ in counted) / max(1, sum(copies for _, copies in counted)))
        cells.append(judged.recall(kind, 0.20))
        lines.append(f"{kind or 'all':<32} " + " ".join(f"{cell:7.2f}" for cell in cells))
    lines.append(
        f"pairs with a copy: {judged.right} right, {judged.copied} with what copies the source, {judged.wrong} wrong; "
        f"precision {judged.precision:.2f}, strict {judged.precision_strict:.2f}"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Plant, find, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planted", type=int, default=2_000, help="copies")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--among", type=int, nargs="*", default=[], help="articles to plant among; all if left out")
    parser.add_argument("--peer", action="store_true", help="measure rensa's own deduplicator beside")
    parser.add_argument("--wrong", type=int, default=0, help="wrong pairs to print")
    asked = parser.parse_args(arguments)
    corpus = read_corpus()
    rng = random.Random(asked.seed)  # noqa: S311  # seeded, to draw the same sample again
    for size in asked.among or [len(corpus)]:
        texts = rng.sample(corpus, size) if size < len(corpus) else corpus
        planted = plant(texts, asked.planted * len(texts) // len(corpus), asked.seed)
        everything = [*texts, *(one.text for one in planted)]
        for name, find in [("ours", found_pairs), *([("rensa", peer_pairs)] if asked.peer else [])]:
            began = time.process_time()
            pairs = find(everything)
            seconds = time.process_time() - began
            judged = judge(texts, planted, pairs)
            lines = [
                f"{name}: {len(texts)} articles, {len(planted)} copies: {len(pairs)} pairs, {seconds:.1f} s of CPU"
            ]
            lines.append(report(judged))
            for one, other in rng.sample(judged.wrong_pairs, min(asked.wrong, judged.wrong)):
                lines.append(f"- {everything[one][:300]!r}\n  {everything[other][:300]!r}")
            sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most, with the corpus itself\n"
    )


if __name__ == "__main__":
    sys.exit(main())
