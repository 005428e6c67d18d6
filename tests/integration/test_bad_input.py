"""Pages and texts as bad as they come, through ingest and clean: each ends accepted or quarantined with a reason, in bounded time and memory.

Each is read in a process of its own that is killed if it takes more CPU time, and says by how much it grew.
"""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter

STORY = (
    "OSLO, March 5 (Reuters) - Envoys of Norway and Iceland met in Oslo on Tuesday to talk about the fishing grounds between them.\n"
    "“We have a map and not yet a price,” said Sigrun Aldan, a spokeswoman for the talks.\n"
    "The two sides will meet again in Bergen next week, the foreign ministry of Norway said.\n"
)
HEAD = "Envoys meet over fishing grounds\nBy Ann Writer\n5 March 2019\n"
ARTICLE = HEAD + STORY
WORDS = "the envoys met and talked of fish and of the sea while nobody wrote a full stop "
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in ARTICLE.splitlines())
MAX_CPU_SECONDS = 60
MAX_MEMORY_BYTES = (
    1_000_000_000  # beyond what the libraries take; the most when this was written: 770 MB, of a million lines
)

READ = """
import json, os, resource, sys
from pathlib import Path
import pyarrow.parquet
from flows.clean.document import Block, clean_document
from flows.ingest.inputs import discover
from flows.ingest.language import main_language
from flows.ingest.rows import iter_rows
main_language("12"), main_language("Die Seiten trafen sich am Montag in der Stadt."), clean_document("Talks open.")
names = ("start_char", "end_char", "tag", "path", "link_share", "main_content", "datetime")
for path in map(Path, sys.argv[2:]):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
    (file,) = discover([path], warehouse=path.parent / "warehouse")
    fates = []
    for document, record, blocks in iter_rows(file):
        text = document["text"]
        fate = {"reason": document["status_reason"], "segments": 0}
        if document["status"] == "accepted":
            cleaned = clean_document(text, [Block(**{name: row[name] for name in names}) for row in blocks])
            end = 0
            for segment in cleaned.segments:
                assert end <= segment.start_char < segment.end_char and not text[end : segment.start_char].strip()
                end = segment.end_char
            assert not text[end:].strip()
            article = cleaned.article
            fate = {"reason": cleaned.refused, "segments": len(cleaned.segments)}
            fate |= {"headline": article.headline, "body": article.body[:2_000]} if article else {}
        fates.append(fate)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds, grown = used.ru_utime + used.ru_stime, used.ru_maxrss * unit - before
    Path(f"{path}.json").write_text(json.dumps({"fates": fates, "grown": grown, "seconds": seconds}))
    os._exit(0)
"""


def page(body: str, head: str = "") -> bytes:
    return (
        f"<html><head><title>Envoys meet over fishing grounds</title>{head}</head><body>{body}</body></html>".encode()
    )


def warc(*bodies: bytes, charset: str = "utf-8") -> list[bytes]:
    parts = []
    for number, body in enumerate(bodies):
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{number}>\r\nContent-Type: application/http\r\n"
        )
        parts.append(f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n")
    return parts


def zstd(content: bytes) -> bytes:
    buffer = io.BytesIO()
    writer = ZstdWriter(buffer)
    writer.write(content)
    writer.close()
    return buffer.getvalue()


def cut(parts: list[bytes]) -> bytes:
    """Two records and half of a third."""
    return b"".join(parts[:2]) + parts[2][: len(parts[2]) // 2]


PAGES = warc(*(page(PARAGRAPHS.replace("Oslo", town)) for town in ("Oslo", "Bergen", "Reykjavik")))
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

# name: bytes, what becomes of each record (None: an article)
BAD = {
    "one-endless-line.txt": (lambda: WORDS * 120_000, [None]),
    "one-endless-line.html": (lambda: page(WORDS * 110_000), [None]),
    "one-endless-line-in-a-paragraph.html": (lambda: page(f"{PARAGRAPHS}<p>{WORDS * 110_000}</p>"), [None]),
    "one-endless-word.txt": (lambda: ARTICLE + "x" * 9_000_000, [None]),
    "ten-thousand-nested-tags.html": (
        lambda: page("<div>" * 10_000 + PARAGRAPHS + "</div>" * 10_000),
        [None],
    ),
    "ten-thousand-nested-inline-tags.html": (lambda: page("<b><i>" * 5_000 + PARAGRAPHS), [None]),
    "ten-thousand-nested-tables.html": (lambda: page("<table><tr><td>" * 3_400 + PARAGRAPHS), [None]),
    "a-million-br.html": (lambda: page(PARAGRAPHS + "<br>" * 1_000_000), ["html_unreadable"]),
    "two-hundred-thousand-br-between-words.html": (lambda: page(PARAGRAPHS + "word<br>" * 200_000), [None]),
    "a-million-lines.txt": (lambda: ARTICLE + "word\n" * 1_000_000, [None]),
    "a-million-blank-lines.txt": (lambda: ARTICLE.replace("\n", "\n" * 150_000), [None]),
    "scripts-only.html": (lambda: page("<script>var a = 'words of a script';</script>" * 5_000), ["empty"]),
    "scripts-only-unclosed.html": (lambda: page("<script>" + WORDS * 1_000), ["empty"]),
    "styles-and-templates-only.html": (
        lambda: page("<style>p {color: red}</style><template><p>words</p></template><noscript>words</noscript>" * 900),
        ["empty"],
    ),
    "server-against-meta-against-xml.warc": (
        lambda: warc(
            b'<?xml version="1.0" encoding="koi8-r"?><meta charset=gb2312>'
            + page(PARAGRAPHS).decode().encode("cp1252"),
            charset="ISO-8859-7",
        )[0],
        [None],
    ),
    "mark-against-meta.html": (
        lambda: b"\xef\xbb\xbf" + page(PARAGRAPHS, '<meta charset="utf-16"><meta charset="shift_jis">'),
        [None],
    ),
    "two-encodings.html": (
        lambda: page(PARAGRAPHS, "<meta charset=utf-8>") + PARAGRAPHS.encode("cp1252"),
        [None],
    ),
    "entities-unescaped-twice.txt": (
        lambda: ARTICLE.replace("“", "&amp;#8220;").replace("”", "&amp;quot;").replace("and", "&amp;amp;"),
        [None],
    ),
    "entities-unescaped-twice.html": (
        lambda: page(PARAGRAPHS.replace("“", "&amp;amp;#8220;").replace("and", "&amp;amp;amp;")),
        [None],
    ),
    "a-million-entities.html": (lambda: page(PARAGRAPHS + "&amp;" * 1_000_000 + "&#8217;" * 300_000), [None]),
    "right-to-left-marks.txt": (
        lambda: "".join(f"\u202b\u200f{line}\u202c\u200e\n" for line in ARTICLE.splitlines()),
        [None],
    ),
    "marks-alone.txt": (lambda: "\u200f\u200e\u202b\u202c" * 500_000, ["no_body"]),
    "soft-hyphens.txt": (lambda: "\u00ad".join(ARTICLE).replace("\u00ad\n\u00ad", "\n"), [None]),
    "no-break-spaces.txt": (lambda: ARTICLE.replace(" ", "\u00a0"), [None]),
    "no-break-spaces-and-lines.html": (
        lambda: page(PARAGRAPHS.replace(" ", "&nbsp;") + "<p>&nbsp;</p>" * 9_000),
        [None],
    ),
    "zero-width-characters.txt": (lambda: ZERO_WIDTH[0].join(ARTICLE), [None]),
    "zero-width-characters-between-words.txt": (lambda: ARTICLE.replace(" ", f" {ZERO_WIDTH}"), [None]),
    "a-million-zero-width-characters.txt": (lambda: ARTICLE + ZERO_WIDTH * 200_000, [None]),
    "combining-marks.txt": (lambda: ARTICLE + "e" + "\u0301" * 3_000_000, [None]),
    "quotation-marks.txt": (lambda: ARTICLE + "“‘" * 900_000, [None]),
    "dates.txt": (lambda: ARTICLE + "5 March 2019, 03/05/2019 " * 200_000, [None]),
    "datelines.txt": (lambda: ARTICLE + "OSLO, March 5 (Reuters) - \n" * 150_000, [None]),
    "bylines.txt": (lambda: HEAD + "By Ann Writer\n" * 200_000 + STORY, [None]),
    "cut.warc": (lambda: cut(PAGES), [None, None, "truncated_record"]),
    "cut.warc.gz": (lambda: cut([gzip.compress(one, mtime=0) for one in PAGES]), [None, None, "truncated_gzip"]),
    "cut.warc.zst": (lambda: cut([zstd(one) for one in PAGES]), [None, None, "truncated_zstd"]),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _) in BAD.items():
        content = make()
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    command = [sys.executable, "-c", READ, str(MAX_CPU_SECONDS), *(str(folder / name) for name in BAD)]
    subprocess.run(command, check=True, timeout=900, cwd=Path(__file__).parents[2])
    return folder


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_a_reason_or_an_article_in_bounded_time_and_memory(read, name):
    found = json.loads((read / f"{name}.json").read_text(encoding="utf-8"))  # not there if its process was killed
    assert [fate["reason"] for fate in found["fates"]] == BAD[name][1]
    assert found["grown"] < MAX_MEMORY_BYTES
