"""Raw records to documents: decoded, hashed, or quarantined."""

import hashlib

import pytest

from flows.ingest import documents
from flows.ingest.documents import read_document
from flows.ingest.html import UnreadableHtml
from flows.ingest.readers import RawRecord

STORY = "The army said on Friday that its troops had left the town.\r\n\r\n  Nobody was hurt.\n"


def text_record(raw: bytes) -> RawRecord:
    return RawRecord("a.txt", "text/plain", raw)


def html_record(html: str) -> RawRecord:
    return RawRecord("a.html", "text/html", html.encode())


def test_a_text_is_accepted_unchanged():
    document = read_document(text_record(STORY.encode()))
    assert (document.status, document.status_reason, document.text) == ("accepted", None, STORY)
    assert (document.media_type, document.encoding, document.language) == ("text/plain", "utf-8", "en")
    assert document.text_repaired is False


def test_the_id_is_of_the_raw_bytes():
    raw = STORY.encode("utf-16")
    document = read_document(text_record(raw))
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert document.document_id == document.sha256[:16]
    assert document.byte_length == len(raw)
    assert document.text == STORY


def test_a_byte_order_mark_is_dropped_from_the_text_alone():
    with_mark, without = (
        read_document(text_record(b"\xef\xbb\xbf" + STORY.encode())),
        read_document(text_record(STORY.encode())),
    )
    assert with_mark.text == without.text
    assert with_mark.document_id != without.document_id


def test_repaired_mojibake_is_told():
    document = read_document(text_record("The townâ€™s mayor left on Friday with his staff.".encode()))
    assert (document.text, document.text_repaired) == ("The town’s mayor left on Friday with his staff.", True)


def test_text_without_punctuation_is_accepted():
    assert read_document(text_record(b"the army left the town and nobody was hurt " * 500)).status == "accepted"


@pytest.mark.parametrize(
    ("raw", "reason", "text", "language"),
    [
        pytest.param(b"", "empty", "", None, id="empty"),
        pytest.param(b" \n\t\r\n", "empty", " \n\t\r\n", None, id="blank"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00", "binary", None, None, id="picture"),
        pytest.param(b"The army\x00 left.", "nul_bytes", None, None, id="nul"),
        pytest.param(b"\xff\xfe\x00\xd8\x20\x00", "undecodable", None, None, id="undecodable"),
        pytest.param(
            b"Die Truppen haben die Stadt am Freitag verlassen, sagte der Sprecher.",
            "language_not_read",
            "Die Truppen haben die Stadt am Freitag verlassen, sagte der Sprecher.",
            "de",
            id="german",
        ),
    ],
)
def test_quarantined_documents_keep_what_is_known(raw, reason, text, language):
    document = read_document(text_record(raw))
    assert (document.status, document.status_reason) == ("quarantined", reason)
    assert (document.text, document.language) == (text, language)
    assert (document.sha256, document.byte_length) == (hashlib.sha256(raw).hexdigest(), len(raw))


def test_a_page_is_its_lines():
    document = read_document(
        html_record("<title>T</title><h1>Troops leave</h1><p>The army left the town on Friday.</p>")
    )
    assert document.text == "Troops leave\nThe army left the town on Friday."
    assert [block.tag for block in document.blocks] == ["h1", "p"]
    assert document.metadata.title == "T"
    assert document.status == "accepted"


@pytest.mark.parametrize("html", ["<p></p>", "<script>x</script>", "<div hidden>The army left.</div>", "<html>"])
def test_a_page_that_shows_nothing_is_empty(html):
    document = read_document(html_record(html))
    assert (document.status_reason, document.text, document.blocks) == ("empty", "", ())


def test_the_language_of_a_page_is_that_of_its_main_content():
    story = "".join(
        f"<p>The army said on Friday that its troops had left village {i} near the river.</p>" for i in range(8)
    )
    menu = "".join(f"<li><a href=/{i}>Nachrichten aus Wirtschaft und Gesellschaft</a>" for i in range(60))
    document = read_document(html_record(f"<body><nav><ul>{menu}</ul></nav><main><article>{story}</article></main>"))
    assert document.language == "en"


def test_a_page_that_the_parser_refuses_is_quarantined(monkeypatch):
    def refuse(html):
        raise UnreadableHtml(html)

    monkeypatch.setattr(documents, "read_html", refuse)
    document = read_document(html_record("<p>words</p>"))
    assert (document.status_reason, document.encoding, document.text) == ("html_unreadable", "utf-8", None)


def test_a_refused_record_with_known_bytes_has_their_hash_as_id():
    record = RawRecord(
        "a.pdf", "application/octet-stream", None, refused="unknown_extension", sha256="ab" * 32, byte_length=9
    )
    document = read_document(record)
    assert (document.document_id, document.byte_length) == ("ab" * 8, 9)
    assert (document.status_reason, document.media_type) == ("unknown_extension", "application/octet-stream")


def test_refused_records_without_bytes_have_ids_of_their_own():
    ids = {
        read_document(RawRecord(uri, "text/plain", None, refused="unreadable_file")).document_id
        for uri in ("a.txt", "b.txt")
    }
    assert len(ids) == 2
