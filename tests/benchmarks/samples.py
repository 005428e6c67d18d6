"""What is measured on: articles of a corpus that lies beside the checkout, or, without it, generated ones."""

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
BESIDE = ROOT.parent / "shared" / "bench" / "corpus.jsonl.gz"

Article = dict[str, str]

# Words of the generated articles; a name, a number, a date and a quotation in every few sentences, as in news
PLACES = ("Lisbon", "Oslo", "Porto", "Bergen", "Faro", "Vigo", "Tromsø", "Cork")
PEOPLE = ("Sigrun Aldan", "Tomas Reyes", "Mira Holt", "Jon Abel", "Edda Lund", "Paul Serra")
SENTENCES = (
    "Envoys of Norway and Iceland met in {place} on Tuesday to talk about the fishing grounds between them.",
    "At least {number} people were killed in February when two trawlers collided off {place}, the coast guard said.",
    '"We have agreed on a map and not yet on a price," said {person}, a spokesperson for the talks.',
    "The ministry in {place} said that {number} families had left their homes since {year}.",
    "{person} told reporters that the harbour would stay closed until the end of the month.",
    "Protesters marched through {place} on 5 March {year} and called for a new vote.",
)


def generated(count: int) -> Iterator[Article]:
    """Articles that are made up from a few sentences: for a look at how things go, not for comparison with news.

    >>> [one["id"] for one in generated(2)]
    ['generated-0', 'generated-1']
    """
    for index in range(count):
        chance = random.Random(index)  # noqa: S311  # not for secrets: the same articles each time
        filled = [
            chance.choice(SENTENCES).format(
                place=chance.choice(PLACES),
                person=chance.choice(PEOPLE),
                number=chance.randint(2, 400),
                year=chance.randint(1990, 2020),
            )
            for _ in range(chance.randint(8, 24))
        ]
        paragraphs = [" ".join(filled[start : start + 3]) for start in range(0, len(filled), 3)]
        headline = f"Talks in {chance.choice(PLACES)} go into day {index}"
        yield {"id": f"generated-{index}", "text": "\n\n".join([headline, *paragraphs])}


def drawn(corpus: Path, count: int) -> list[Article]:
    """Articles drawn from a corpus by the hash of their id: a smaller draw is part of a larger one.

    Raises:
        ValueError: the corpus has fewer.
    """
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as lines:
        found = [
            {"id": str(record["id"]), "text": record["text"]} for record in map(json.loads, lines) if record.get("text")
        ]
    if len(found) < count:
        raise ValueError(f"{corpus} has {len(found)} articles with text; {count} are wanted")
    found.sort(key=lambda article: hashlib.sha256(article["id"].encode()).digest())
    return found[:count]


def articles(corpus: Path | None, count: int) -> tuple[list[Article], str]:
    """Articles, and where they are from in words."""
    if corpus is None:
        return list(generated(count)), "generated text (no corpus: figures are no measure of news)"
    return drawn(corpus, count), f"articles drawn from {corpus.name}"


def write_jsonl(path: Path, found: list[Article]) -> Path:
    """JSON Lines that `dateline run` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), encoding="utf-8")
    return path
