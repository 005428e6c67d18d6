"""duplicates: which articles are one text: exact copies, near copies, and later takes of the same agency copy.

Three steps; whether two articles are a pair follows from the two alone:

1. Articles of the same words are one text, whatever their bytes.
2. Candidates: MinHash signatures of the distinct word pairs (rensa), cut into bands; texts that agree in a band meet.
3. Verification on the words themselves: how many of the word pairs and of the words both have, and whether what differs is
   anything (one text, edited) or just the names and figures (a form that was filled in again).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from math import comb
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from flows.link.articles import Article

Row = dict[str, Any]
Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.int8]

# A word or figure ("1,200" is one), or a mark after which a word is capitalised without being a name
TOKEN = re.compile(r"\w+(?:[.,/:-]\d+)*|[.!?:\n\"“”]")
# Figures that news writes out. "one" is a pronoun more often; "million" is what is counted in.
WRITTEN_FIGURES = {
    word: str(figure)
    for figure, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty".split(),
        2,
    )
} | {word: str(10 * tens) for tens, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}

# A body of fewer words is a caption or a notice: what two of them share says little
MIN_WORDS = 20

# Whole documents are compared, too, where the body has less than this share of their words: with more, bodies tell it all
MOST_OF_TEXT = 0.8
# and the longer body must stand in the other document: of its word pairs, .64 are left if a fifth of the words was changed;
# a menu that two pages share is not in the body
MIN_BODY_HELD = 0.5

# MinHash. Two texts of which a fifth of the words differs, evenly spread, have .64 / 1.36 = .47 of their word pairs in common:
# in 64 bands of 3 they meet with a chance of .999, texts of one topic (.05) with one of .008. Longer shingles do not survive
# such edits: of five words each, .33 / 1.67 = .2 are left.
BANDS = 64
ROWS_IN_BAND = 3
SEED = 1
# A text meets at most so many of those after it in its band, in the order of the next bands: in a flood of forms from
# one desk all would meet all. The fullest band of 39,605 articles of news had 67.
WINDOW = 64
# Candidates whose signatures agree in less are not verified: three standard errors (.035) under MIN_PAIRS_SHARED
MIN_ESTIMATE = 0.28
# and of each text only so many, best first: in a flood again
MAX_CANDIDATES = 64
# Of a text that so many articles have word by word, each further one is paired with the earliest only
MAX_SAME = 64

# Jaccard similarity of the distinct word pairs, and of the words with their repetitions
MIN_PAIRS_SHARED = 0.42
MIN_WORDS_SHARED = 0.65
# or the share of the shorter text's word pairs that the longer one has: the longer is the shorter and an addition, of a tenth
# at least; one that is more than three times as long is another text, which quotes it
MIN_CONTAINED = 0.85
LEAST_ADDITION = 1.1
MIN_PAIRS_HELD = 0.30

# A form filled in again keeps its plain words and changes the names or figures; an edit changes either alike. It is a form
# where no more than FORM_KEEPS of them are kept, and so few would be kept at the plain words' rate once in 1 / FORM_CHANCE.
# One or two figures are not many enough to tell: a toll that rose is a later take.
FORM_BLANKS = 3
FORM_KEEPS = 0.6
FORM_CHANCE = 0.02

PLAIN, NAME, FIGURE, MARK = range(4)


@dataclass(frozen=True, slots=True)
class _Text:
    """What pairs are judged by.

    Attributes:
        pairs: hashes of the distinct pairs of words that follow each other, ascending.
        words: hashes of the words, each time that they occur (the second "the" is another than the first), ascending.
        kinds: what each of them is: PLAIN, NAME or FIGURE.
    """

    pairs: Hashes
    words: Hashes
    kinds: Kinds


def find_duplicates(articles: Iterable[Article]) -> list[Row]:
    """Pairs of articles with one text.

    Args:
        articles: in any order, each document once.

    Returns:
        Rows of `duplicates`, by id: kind `later_take` where the figures of the two differ or one is the other and an
        addition, else `near`. What `similarity` measures is its `method`: `same_words` (1.0), `word_pairs` (Jaccard
        similarity of the distinct pairs of words that follow each other) or `contained` (the share of the shorter text's
        word pairs that the longer one has).

    >>> day = date(2031, 5, 2)
    >>> text = ("Rescuers in Dorvale pulled {} people from a flooded mine on Friday, the ministry of emergencies said, and "
    ...         "were looking for others along a tunnel that the river Ister had broken into before dawn.")
    >>> found = find_duplicates(
    ...     Article(name * 16, None, text.format(count), day, None, None) for name, count in (("a", 9), ("b", 14))
    ... )
    >>> [(row["kind"], row["method"], round(row["similarity"], 2)) for row in found]
    [('later_take', 'word_pairs', 0.89)]
    """
    readings = [_Reading.of(article) for article in sorted(articles, key=lambda article: article.document_id)]
    rows: dict[tuple[str, str], Row] = {}
    for found in (_pairs_of_bodies(readings), _pairs_of_whole_texts(readings)):
        for row in found:
            rows.setdefault((row["document_id"], row["other_id"]), row)
    return [rows[key] for key in sorted(rows)]


def originals(articles: Iterable[Article], duplicates: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The original of each copy.

    Articles are taken by (published_on, document_id), undated last. One that is a pair with an original is its copy, of
    the earliest if there are several; any other is an original. So each copy is a pair with its original: no chain of pairs
    makes unlike texts one.

    Args:
        articles: in any order.
        duplicates: rows of `duplicates`; pairs of other documents are left out.

    Returns:
        document_id of a copy → document_id of its original. A document that copies nothing is no key.
    """
    place = {
        article.document_id: at
        for at, article in enumerate(
            sorted(articles, key=lambda article: (article.published_on or date.max, article.document_id))
        )
    }
    earlier: dict[str, list[str]] = {}
    for row in duplicates:
        one, other = row["document_id"], row["other_id"]
        if one in place and other in place:
            first, second = sorted((one, other), key=place.__getitem__)
            earlier.setdefault(second, []).append(first)
    found: dict[str, str] = {}
    for document_id in sorted(earlier, key=place.__getitem__):
        sources = [one for one in earlier[document_id] if one not in found]
        if sources:
            found[document_id] = min(sources, key=place.__getitem__)
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """An article and its words: of the body, and of the whole document, which are the same object where they are the same words."""

    holder: "_Holder"
    body: tuple[Hashes, Kinds]
    whole: tuple[Hashes, Kinds]

    @classmethod
    def of(cls, article: Article) -> Self:
        body = _read(article.body)
        whole = body if article.text is None else _read(article.text)
        if len(whole[0]) * MOST_OF_TEXT <= len(body[0]):
            whole = body
        return cls(_Holder(article.published_on or date.max, article.document_id), body, whole)


def _pairs_of_bodies(readings: Sequence[_Reading]) -> Iterator[Row]:
    """Rows of articles whose bodies are one text."""
    texts, groups = _grouped([(reading.holder, reading.body) for reading in readings])
    for group in groups:
        yield from _same(group)
    for left, right in _candidates(texts):
        if (verdict := _compare(texts[left], texts[right])) is not None:
            yield from (_pair(one, other, *verdict) for one, other in _across(groups[left], groups[right]))


def _pairs_of_whole_texts(readings: Sequence[_Reading]) -> Iterator[Row]:
    """Rows of articles whose whole documents are one text, where one of them has much besides the body.

    Clean takes parts of some articles, above all short ones with hard line breaks, for captions or links; a copy without
    those breaks keeps them. A menu that two pages share must not make them one, so the body of one is held by the other.
    """
    if all(reading.whole is reading.body for reading in readings):
        return
    bodies = {reading.holder.document_id: reading.body for reading in readings}
    is_cut = {reading.holder.document_id for reading in readings if reading.whole is not reading.body}
    texts, groups = _grouped([(reading.holder, reading.whole) for reading in readings])
    for group in groups:
        for row in _same(group):
            pair = row["document_id"], row["other_id"]
            if not is_cut.isdisjoint(pair) and max(len(bodies[one][0]) for one in pair) >= MIN_WORDS:
                yield row
    for left, right in _candidates(texts):
        across = [
            (one, other)
            for one, other in _across(groups[left], groups[right])
            if (one.document_id in is_cut or other.document_id in is_cut)
            and _holds_body(texts[right], texts[left], bodies[one.document_id], bodies[other.document_id])
        ]
        if across and (verdict := _compare(texts[left], texts[right])) is not None:
            yield from (_pair(one, other, *verdict) for one, other in across)


def _holds_body(other: _Text, one: _Text, body: tuple[Hashes, Kinds], other_body: tuple[Hashes, Kinds]) -> bool:
    """Whether the longer of two bodies stands for the most part in the document of the other."""
    if len(other_body[0]) > len(body[0]):
        body, other = other_body, one
    if len(body[0]) < MIN_WORDS:
        return False
    pairs = _word_pairs(body[0])
    return len(np.intersect1d(pairs, other.pairs, assume_unique=True)) >= MIN_BODY_HELD * len(pairs)


def _grouped(read: Sequence[tuple["_Holder", tuple[Hashes, Kinds]]]) -> tuple[list[_Text], list[list["_Holder"]]]:
    """The distinct texts of MIN_WORDS or more, in the order of the ids, and the articles that hold each."""
    texts: list[_Text] = []
    holders: list[list[_Holder]] = []
    known: dict[bytes, int] = {}
    for holder, (words, kinds) in read:
        if len(words) < MIN_WORDS:
            continue
        digest = blake2b(words.tobytes(), digest_size=16).digest()
        if digest not in known:
            known[digest] = len(texts)
            texts.append(_text(words, kinds))
            holders.append([])
        holders[known[digest]].append(holder)
    return texts, [sorted(group) for group in holders]


@dataclass(frozen=True, slots=True, order=True)
class _Holder:
    """An article that has a text; by day, then id: undated last."""

    published_on: date
    document_id: str


# Reading


def _read(body: str) -> tuple[Hashes, Kinds]:
    """The words of a text in order, each as a hash that its case does not change, and what each is: PLAIN, NAME or FIGURE."""
    tokens = [_token(token) for token in TOKEN.findall(body)]
    values = np.array([value for value, _ in tokens], np.uint64)
    kinds = np.array([kind for _, kind in tokens], np.int8)
    # a capital says nothing at the start of a sentence
    first = np.concatenate(([True], kinds[:-1] == MARK))[: len(kinds)]
    kinds[first & (kinds == NAME)] = PLAIN
    is_word = kinds != MARK
    return values[is_word], kinds[is_word]


@lru_cache(maxsize=2**20)
def _token(token: str) -> tuple[int, int]:
    """A token's hash, the same in every process, and its kind.

    >>> [_token("1,200")[0] == _token("1200")[0], _token("Nine")[0] == _token("9")[0], _token("May")[0] == _token("may")[0]]
    [True, True, True]
    """
    folded = token.casefold()
    kind = NAME if token[0].isupper() else PLAIN
    if not (token[0].isalnum() or token[0] == "_"):
        kind = MARK
    elif folded in WRITTEN_FIGURES or any(letter.isdigit() for letter in token):
        folded, kind = WRITTEN_FIGURES.get(folded, folded.replace(",", "")), FIGURE
    return int.from_bytes(blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"), kind


def _text(words: Hashes, kinds: Kinds) -> _Text:
    order = np.argsort(words, kind="stable")
    ordered = words[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    occurrence = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    counted, at = np.unique(_mixed(_mixed(ordered) + occurrence.astype(np.uint64)), return_index=True)
    return _Text(_word_pairs(words), counted, kinds[order][at])


def _word_pairs(words: Hashes) -> Hashes:
    """Hashes of the distinct pairs of words that follow each other, ascending."""
    return np.unique(_mixed(_mixed(words[:-1]) + words[1:]))


def _mixed(values: Hashes) -> Hashes:
    """64 bits to 64 others, one to one (SplitMix64, Steele, Lea and Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


# Candidates


def _candidates(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Index pairs of texts worth verifying, the smaller first, each pair once."""
    count = len(texts)
    if not count:
        return
    offsets = np.cumsum([0, *(len(text.pairs) for text in texts)]).astype(np.uint64)
    flat = np.concatenate([text.pairs for text in texts])
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, BANDS * ROWS_IN_BAND, SEED)
    signatures = np.array(matrix.to_rows(), np.uint32)
    keys = np.zeros((BANDS, count), np.uint64)
    for row in range(ROWS_IN_BAND):
        keys = _mixed(keys + signatures[:, row::ROWS_IN_BAND].T)
    met = np.empty(0, np.int64)
    for band in range(BANDS):
        order = np.lexsort((np.arange(count), keys[(band + 1) % BANDS], keys[band]))
        met = np.union1d(met, np.concatenate(list(_neighbours(keys[band][order], order))))
    left, right = met // count, met % count
    estimate = _agreement(signatures, left, right)
    keep = estimate >= MIN_ESTIMATE
    left, right, estimate = left[keep], right[keep], estimate[keep]
    keep = _best(left, right, estimate, count)
    yield from zip(left[keep].tolist(), right[keep].tolist(), strict=True)


def _neighbours(ordered_keys: Hashes, order: Indices) -> Iterator[Indices]:
    """Pairs of texts with one key that stand at most WINDOW apart, as left × count + right."""
    count = len(order)
    for step in range(1, min(WINDOW, count - 1) + 1):
        at = np.flatnonzero(ordered_keys[:-step] == ordered_keys[step:])
        if not len(at):
            break
        one, other = order[at], order[at + step]
        yield np.minimum(one, other) * count + np.maximum(one, other)
    yield np.empty(0, np.int64)


def _agreement(signatures: npt.NDArray[np.uint32], left: Indices, right: Indices) -> npt.NDArray[np.float64]:
    """The share of values in which signatures agree, which estimates the Jaccard similarity; in slices that stay small."""
    size = 65_536
    parts = [
        (signatures[left[at : at + size]] == signatures[right[at : at + size]]).mean(axis=1)
        for at in range(0, len(left), size)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _best(left: Indices, right: Indices, estimate: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.bool_]:
    """Which pairs are among the MAX_CANDIDATES best of either text."""
    keep = np.zeros(len(left), bool)
    for one, other in ((left, right), (right, left)):
        order = np.lexsort((other, -estimate, one))
        starts = np.searchsorted(one[order], np.arange(count))
        rank = np.arange(len(order)) - starts[one[order]]
        keep[order[rank < MAX_CANDIDATES]] = True
    return keep


# Verification


def _compare(one: _Text, other: _Text) -> tuple[str, float, str] | None:
    """Kind, similarity and method of a pair; None if the two are no one text."""
    common = len(np.intersect1d(one.pairs, other.pairs, assume_unique=True))
    similarity = common / (len(one.pairs) + len(other.pairs) - common)
    shorter, longer = sorted((len(one.pairs), len(other.pairs)))
    contained = common / shorter
    has_addition = contained >= MIN_CONTAINED and longer >= LEAST_ADDITION * shorter and similarity >= MIN_PAIRS_HELD
    if not has_addition and similarity < MIN_PAIRS_SHARED:
        return None
    shared, of_one, of_other = np.intersect1d(one.words, other.words, assume_unique=True, return_indices=True)
    if not has_addition and len(shared) < MIN_WORDS_SHARED * (len(one.words) + len(other.words) - len(shared)):
        return None
    sides = [_Kept.count(one.kinds, of_one), _Kept.count(other.kinds, of_other)]
    if any(all(side.is_form(kind) for side in sides) for kind in (NAME, FIGURE)):
        return None
    if has_addition:
        return "later_take", contained, "contained"
    same_figures = all(side.kept[FIGURE] == side.of[FIGURE] for side in sides)
    return "near" if same_figures else "later_take", similarity, "word_pairs"


@dataclass(frozen=True, slots=True)
class _Kept:
    """How many words of each kind a text has, and how many of them the other text has too."""

    kept: Sequence[int]
    of: Sequence[int]

    @classmethod
    def count(cls, kinds: Kinds, shared: Indices) -> Self:
        return cls(np.bincount(kinds[shared], minlength=MARK).tolist(), np.bincount(kinds, minlength=MARK).tolist())

    def is_form(self, kind: int) -> bool:
        """Whether names or figures were changed much more than the plain words."""
        kept, of = self.kept[kind], self.of[kind]
        rate = (self.kept[PLAIN] + 1) / (self.of[PLAIN] + 2)  # Laplace's: never 1
        return of >= FORM_BLANKS and kept <= FORM_KEEPS * of and _at_most(kept, of, rate) < FORM_CHANCE


def _at_most(kept: int, of: int, rate: float) -> float:
    """The chance that at most `kept` of so many are kept at this rate (binomial).

    >>> round(_at_most(1, 3, 0.5), 3)
    0.5
    """
    return sum(comb(of, n) * rate**n * (1 - rate) ** (of - n) for n in range(kept + 1))


# Rows


def _same(group: Sequence[_Holder]) -> Iterator[Row]:
    """Pairs of articles with the same words; beyond MAX_SAME each with the earliest."""
    for at, one in enumerate(group):
        for other in group[:at] if at < MAX_SAME else group[:1]:
            yield _pair(one, other, "near", 1.0, "same_words")


def _across(one: Sequence[_Holder], other: Sequence[_Holder]) -> Iterator[tuple[_Holder, _Holder]]:
    """Pairs of articles of two texts; beyond MAX_SAME pairs each with the earliest of the other text."""
    if len(one) * len(other) <= MAX_SAME:
        yield from ((a, b) for a in one for b in other)
    else:
        yield from ((a, other[0]) for a in one)
        yield from ((one[0], b) for b in other[1:])


def _pair(one: _Holder, other: _Holder, kind: str, similarity: float, method: str) -> Row:
    first, second = sorted((one.document_id, other.document_id))
    return {"document_id": first, "other_id": second, "kind": kind, "similarity": similarity, "method": method}
