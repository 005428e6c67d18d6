"""One extractor over pages, in a process of its own: ours, its peers, and baselines that anything should beat.

python extractors.py NAME < pages.jsonl > answers.jsonl

A page is a line of JSON with `id`, `url`, `html`. For each an answer is printed: `id` and what the extractor tells of
`body`, `headline` and `published`. The last line has `cpu_seconds`, of the extraction alone (no imports, no JSON; the
first page is read once before the clock starts, for what is loaded or compiled at first use), and the `version`.

This file runs in two environments, the project's and the peers': it imports nothing of ours at the top.
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

Page = dict[str, str]
Answer = dict[str, str | None]
# What is made of the page before the clock starts, and what is timed
Extractor = tuple[Callable[[Page], Any], Callable[[Any], Answer]]

SENTENCE_LINE_WORDS = 12  # the baseline's: shorter lines are mostly buttons and links


def dateline_html() -> Extractor:
    """The page as a record of a crawl: everything that ingest and clean do with one."""
    from flows.ingest.readers import RawRecord

    def prepare(page: Page) -> RawRecord:
        return RawRecord(uri=page["id"], media_type="text/html", raw=page["html"].encode(), url=page["url"])

    return prepare, _dateline


def dateline_text() -> Extractor:
    """The page's visible blocks, one a line, and nothing else: no markup, no metadata, no address."""
    return _text_record(_blocks_as_lines)


def dateline_text_of_another() -> Extractor:
    """As dateline_text, but the tags are stripped by another's hand: resiliparse's plain text of the whole page."""
    from resiliparse.extract.html2text import extract_plain_text

    def strip(html: str) -> str:
        return str(extract_plain_text(html, main_content=False, list_bullets=False, alt_texts=False, links=False))

    return _text_record(strip)


def whole_text() -> Extractor:
    """Baseline for text: all of it."""
    return _lines_of_page, lambda lines: {"body": "\n".join(lines)}


def sentence_lines() -> Extractor:
    """Baseline for text: every line of twelve words or more that ends as a sentence does."""

    def extract(lines: Iterable[str]) -> Answer:
        kept = [
            line for line in lines if len(line.split()) >= SENTENCE_LINE_WORDS and re.search(r"[.!?…][\"'”’)]*$", line)
        ]
        return {"body": "\n".join(kept)}

    return _lines_of_page, extract


def trafilatura() -> Extractor:
    """Its default, comments left out."""
    from trafilatura import extract

    return _html, lambda html: {"body": extract(html, include_comments=False)}


def trafilatura_fast() -> Extractor:
    """Without its fallbacks."""
    from trafilatura import extract

    return _html, lambda html: {"body": extract(html, include_comments=False, fast=True)}


def trafilatura_metadata() -> Extractor:
    """Its title and date, which it gets from htmldate."""
    from trafilatura import extract_metadata

    def extract(page: Page) -> Answer:
        found = extract_metadata(page["html"], default_url=page["url"])
        return {"headline": found.title, "published": found.date}

    return _page, extract


def newspaper4k() -> Extractor:
    """Text, title and date of an Article."""
    from newspaper import Article

    def extract(page: Page) -> Answer:
        article = Article(page["url"], language="en", fetch_images=False)
        article.download(input_html=page["html"])
        article.parse()
        day = article.publish_date
        return {"body": article.text, "headline": article.title, "published": str(day)[:10] if day else None}

    return _page, extract


def readability() -> Extractor:
    """The text of its summary, a line a paragraph, and its short title."""
    from lxml.html import fromstring
    from readability import Document

    def extract(html: str) -> Answer:
        document = Document(html)
        return {"body": str(fromstring(document.summary()).text_content()), "headline": document.short_title()}

    return _html, extract


def resiliparse() -> Extractor:
    """Its main content."""
    from resiliparse.extract.html2text import extract_plain_text

    def extract(html: str) -> Answer:
        return {"body": extract_plain_text(html, main_content=True, list_bullets=False, alt_texts=False)}

    return _html, extract


def htmldate() -> Extractor:
    """The day of publication, not of the last change."""
    from htmldate import find_date

    def extract(page: Page) -> Answer:
        return {"published": find_date(page["html"], original_date=True, url=page["url"])}

    return _page, extract


def justext_lines() -> Extractor:
    """For text: jusText reads nothing but HTML, so each line is given to it as a paragraph."""
    from justext import get_stoplist
    from justext import justext as paragraphs_of

    stopwords = get_stoplist("English")

    def extract(html: str) -> Answer:
        kept = [part.text for part in paragraphs_of(html, stopwords) if not part.is_boilerplate]
        return {"body": "\n".join(kept)}

    return _lines_as_paragraphs, extract


def trafilatura_lines() -> Extractor:
    """For text: as above."""
    from trafilatura import extract

    return _lines_as_paragraphs, lambda html: {"body": extract(html, include_comments=False)}


EXTRACTORS: dict[str, tuple[Callable[[], Extractor], str]] = {  # name: (extractor, package)
    "dateline": (dateline_html, "dateline"),
    "dateline, text": (dateline_text, "dateline"),
    "dateline, text stripped by resiliparse": (dateline_text_of_another, "dateline"),
    "trafilatura": (trafilatura, "trafilatura"),
    "trafilatura, fast": (trafilatura_fast, "trafilatura"),
    "trafilatura, metadata": (trafilatura_metadata, "trafilatura"),
    "newspaper4k": (newspaper4k, "newspaper4k"),
    "readability-lxml": (readability, "readability-lxml"),
    "resiliparse": (resiliparse, "resiliparse"),
    "htmldate": (htmldate, "htmldate"),
    "jusText, lines as paragraphs": (justext_lines, "jusText"),
    "trafilatura, lines as paragraphs": (trafilatura_lines, "trafilatura"),
    "sentence lines": (sentence_lines, ""),
    "whole text": (whole_text, ""),
}


def _html(page: Page) -> str:
    return page["html"]


def _page(page: Page) -> Page:
    return page


def _lines_of_page(page: Page) -> list[str]:
    return page["text"].split("\n")


def _lines_as_paragraphs(page: Page) -> str:
    from html import escape

    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in _lines_of_page(page))
    return f"<html><head><title></title></head><body>{paragraphs}</body></html>"


def _blocks_as_lines(html: str) -> str:
    from flows.ingest.html import read_html

    return read_html(html).text


def _text_record(strip: Callable[[str], str]) -> Extractor:
    from flows.ingest.readers import RawRecord

    return lambda page: RawRecord(uri=page["id"], media_type="text/plain", raw=strip(page["html"]).encode()), _dateline


def cleaned(record: Any) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """A record's row of `documents` and the rows of clean's tables; no rows if ingest quarantined it."""
    from flows.clean.document import Block
    from flows.clean.shard import BLOCK_FIELDS, Input, agreed_metadata, clean_rows
    from flows.ingest.documents import read_document
    from flows.ingest.merge import rows_of

    document, metadata, blocks = rows_of(record, read_document(record))
    if document["status"] != "accepted":
        return document, {}
    given = Input(
        document["document_id"],
        document["text"],
        tuple(Block(**{name: block[name] for name in BLOCK_FIELDS}) for block in blocks),
        agreed_metadata([metadata], document["language"]),
    )
    return document, dict(clean_rows(given))


def _dateline(record: Any) -> Answer:
    _, rows = cleaned(record)
    for article in rows.get("articles", []):
        day = article["published_on"]
        return {
            "body": article["body"],
            "headline": article["headline"],
            "published": day.isoformat() if day else None,
        }
    return {}


def answers(name: str, pages: list[Page]) -> tuple[list[Answer], float]:
    """What the extractor says of each page, in order, and the seconds of processor time that it took.

    A page on which it fails gets an empty answer, as a user would have it, and a line on stderr.
    """
    prepare, extract = EXTRACTORS[name][0]()

    def attempt(prepared: Any, page: Page) -> Answer:
        try:
            return extract(prepared)
        except Exception as error:  # peers raise what they like; ours must not, and is not excused
            if name.startswith("dateline"):
                raise
            sys.stderr.write(f"{name}: {page['id']}: {type(error).__name__}: {error}\n")
            return {}

    attempt(prepare(pages[0]), pages[0])
    found: list[Answer] = []
    seconds = 0.0
    for page in pages:
        prepared = prepare(page)
        began = time.process_time()
        answer = attempt(prepared, page)
        seconds += time.process_time() - began
        found.append(answer)
    return found, seconds


def stay_alone() -> None:
    """From here on, whatever would ask another machine fails: some peers fetch a page's pictures or lists of domains."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
            raise PermissionError("an extractor under measurement asked for another machine")

    sys.addaudithook(refuse)


def main() -> int:
    """Read pages, print answers."""
    stay_alone()
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # the list that it ships is enough
    name = sys.argv[1]
    pages: list[Page] = [json.loads(line) for line in sys.stdin]
    found, seconds = answers(name, pages)
    for page, answer in zip(pages, found, strict=True):
        sys.stdout.write(json.dumps({"id": page["id"]} | answer) + "\n")
    package = EXTRACTORS[name][1]
    sys.stdout.write(json.dumps({"cpu_seconds": seconds, "version": version(package) if package else ""}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
