"""How well an extractor finds the article in web pages, against a text, day and title that people took from them.

The text is compared by shingles of four words, as in the article-extraction benchmark (Zyte): precision and recall are
means over pages, F1 is of these two means. A page without an answer has no precision and a recall of 0.
"""

import gzip
import hashlib
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

Answer = Mapping[str, str | None]
Interval = tuple[float, float]

SHINGLE_WORDS = 4
RESAMPLES = 2000  # of the bootstrap: a bound of the interval then moves by about 0.1 from seed to seed
WITHIN = 0.95  # share of the resamples between the bounds


@dataclass(frozen=True)
class Page:
    """A page with what people read in it; `published` (ISO) and `title` are None where they were not taken."""

    id: str
    url: str
    html: str
    body: str
    published: str | None
    title: str | None


@dataclass(frozen=True)
class Scored:
    """One page's answer, scored. None: not asked, or, for precision, nothing was answered."""

    page: Page
    precision: float | None
    recall: float | None
    published: bool | None
    headline: bool | None

    @property
    def f1(self) -> float:
        """Of this page alone.

        >>> Scored(Page("", "", "", "", None, None), 1.0, 0.5, None, None).f1
        0.6666666666666666
        """
        return _harmonic(self.precision or 0.0, self.recall or 0.0)


def load_pages(folder: Path) -> list[Page]:
    """The pages of a folder with input.jsonl(.gz) (id, url, html) and gold.jsonl (id, body, published, title)."""
    packed = folder / "input.jsonl.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.is_file() else (folder / "input.jsonl").read_bytes()
    records = {record["id"]: record for record in map(json.loads, raw.decode("utf-8").split("\n")[:-1])}
    golds = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Page(
            id=gold["id"],
            url=records[gold["id"]]["url"],
            html=records[gold["id"]]["html"],
            body=gold["body"],
            published=(gold.get("published") or "")[:10] or None,
            title=gold.get("title"),
        )
        for gold in golds
    ]


def shingles(text: str | None) -> Counter[tuple[str, ...]]:
    """Runs of four words, with how often each comes; a shorter text is one run.

    >>> sorted(shingles("They met in Oslo today"))
    [('They', 'met', 'in', 'Oslo'), ('met', 'in', 'Oslo', 'today')]
    >>> shingles("Rain.")
    Counter({('Rain',): 1})
    """
    words = re.findall(r"\w+", text or "")
    length = min(SHINGLE_WORDS, len(words))
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1)) if words else Counter()


def score(page: Page, answer: Answer) -> Scored:
    """Hold one answer against its page."""
    wanted, given = shingles(page.body), shingles(answer.get("body"))
    right = (wanted & given).total()
    return Scored(
        page=page,
        precision=right / given.total() if given else None,
        recall=right / wanted.total() if wanted else None,
        published=(answer.get("published") or "")[:10] == page.published if page.published else None,
        headline=_tokens(answer.get("headline")) == _tokens(page.title) if page.title else None,
    )


def body_figures(scored: Iterable[Scored]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pages, 0 to 1.

    >>> page = Page("", "", "", "a b c d e", None, None)
    >>> body_figures([score(page, {"body": "a b c d e"}), score(page, {"body": "a b c d x"}), score(page, {})])
    (0.75, 0.5, 0.6)
    """
    pages = list(scored)
    precision = _mean([one.precision for one in pages if one.precision is not None])
    recall = _mean([one.recall for one in pages if one.recall is not None])
    return precision, recall, _harmonic(precision, recall)


def body_f1(scored: Iterable[Scored]) -> float:
    """The last of body_figures."""
    return body_figures(scored)[2]


def share_right(answers: Iterable[bool | None]) -> float | None:
    """Right ones among those that were asked; None if none was.

    >>> share_right([True, False, None]), share_right([None])
    (0.5, None)
    """
    asked = [one for one in answers if one is not None]
    return _mean([float(one) for one in asked]) if asked else None


def interval(of: Callable[[Sequence[int]], float], pages: int, seed: int = 0) -> Interval:
    """Bounds of a figure if other pages of the same kind had been drawn: the bootstrap's percentiles.

    `of` computes the figure from indices of pages, some drawn twice. Passed the difference of two extractors over the
    same indices, it is the paired bootstrap.

    >>> interval(lambda drawn: sum(drawn) / len(drawn), pages=2)
    (0.0, 1.0)
    """
    chance = random.Random(seed)  # noqa: S311  # not for secrets: the same draws each time
    figures = sorted(of(chance.choices(range(pages), k=pages)) for _ in range(RESAMPLES))
    outside = round(RESAMPLES * (1 - WITHIN) / 2)
    return figures[outside], figures[-1 - outside]


def host_of(url: str) -> str:
    """The page's site.

    >>> host_of("https://www.example.org/a")
    'example.org'
    """
    return (urlsplit(url).hostname or "").removeprefix("www.")


def site_groups(pages: Sequence[Page], groups: int) -> list[list[int]]:
    """Indices of pages by site, so that no site's pages are in two groups: by the hash of its host, evenly on the whole.

    Whatever is fitted on some groups is to be measured on the others.
    """
    found: list[list[int]] = [[] for _ in range(groups)]
    for index, page in enumerate(pages):
        found[int(hashlib.sha256(host_of(page.url).encode()).hexdigest(), 16) % groups].append(index)
    return found


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _tokens(text: str | None) -> list[str]:
    """Words and numbers of plain Latin letters, without capitals and accents: the shared scorer's reading of a title."""
    plain = unicodedata.normalize("NFKD", text or "")
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)).lower())
