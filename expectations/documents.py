"""documents: everything that went in is here, and most of it could be read."""

from expectations.check import CRITICAL, WARNING, Check, at_most, never
from expectations.structure import structural
from schemas.documents import DOCUMENTS

MAX_QUARANTINED_SHARE = (
    0.2  # a healthy scrape has a few per cent of empty, binary or foreign pages; a fifth asks for a look
)
MAX_LOST_SHARE = 0.8  # four fifths unread means that the input, or its field map, is wrong
READ_LANGUAGE = "en"  # what the extractors are written for; ingest quarantines the rest
MAX_FAILED_SHARE = 0.01  # documents that our own code tripped over: one in a hundred is a bug to mend, not to publish
MAX_FAILED_SHARE_OF_FEW = 0.1  # the same where one document is more than one in a hundred: one odd page stops no other

CHECKS: tuple[Check, ...] = (
    *structural(DOCUMENTS),
    never(
        DOCUMENTS,
        "id_is_digest",
        "sha256 is not null and document_id <> sha256[1:16]",
        "document_id is the beginning of sha256.",
    ),
    never(
        DOCUMENTS,
        "reason_with_quarantine",
        "(status = 'quarantined') <> (status_reason is not null)",
        "A quarantined document has a reason, and only such a one.",
    ),
    never(
        DOCUMENTS,
        "original_with_duplicate",
        "(status = 'duplicate') <> (duplicate_of is not null)",
        "A duplicate names its original, and only a duplicate does.",
    ),
    never(
        DOCUMENTS,
        "read_has_text",
        "status <> 'quarantined' and (text is null or trim(text) = '')",
        "A document that is not quarantined has text.",
    ),
    never(
        DOCUMENTS,
        "text_is_its_digest",
        # a byte-order mark is in the raw bytes and not in the text; of a page, the text is not the bytes
        "media_type = 'text/plain' and encoding = 'utf-8' and not text_repaired "
        "and sha256 not in (sha256(text), sha256(chr(65279) || text))",
        "The text of a text document is its raw bytes: whole, unchanged and its own.",
        column="text",
    ),
    never(
        DOCUMENTS,
        "language_is_read",
        f"status <> 'quarantined' and language <> '{READ_LANGUAGE}'",
        "What is read is in a language that the extractors read, or in none that could be told.",
        column="language",
    ),
    never(DOCUMENTS, "has_uri", "len(uris) = 0", "A document was met somewhere."),
    never(
        DOCUMENTS,
        "uri_is_relative",
        "len(list_filter(uris, lambda uri: starts_with(uri, '/'))) > 0",
        "Addresses are relative to the input: a path of the machine that ran is nobody's business.",
        column="uris",
    ),
    at_most(
        DOCUMENTS,
        "few_quarantined",
        "status = 'quarantined'",
        MAX_QUARANTINED_SHARE,
        "Few documents are quarantined.",
        severity=WARNING,
    ),
    at_most(
        DOCUMENTS,
        "not_mostly_quarantined",
        "status = 'quarantined'",
        MAX_LOST_SHARE,
        "Most documents can be read.",
        severity=CRITICAL,
    ),
    never(
        DOCUMENTS,
        "code_never_fails",
        "status_reason like '%_failed'",
        "Our own code fails on no document: each is a bug to mend.",
        severity=WARNING,
    ),
    at_most(
        DOCUMENTS,
        "code_rarely_fails",
        "status_reason like '%_failed'",
        MAX_FAILED_SHARE,
        "Our own code fails on almost no document.",
        severity=CRITICAL,
        least_rows=100,
    ),
    at_most(
        DOCUMENTS,
        "code_rarely_fails_on_few",
        "status_reason like '%_failed'",
        MAX_FAILED_SHARE_OF_FEW,
        "Our own code fails on almost no document of a small release.",
        severity=CRITICAL,
        least_rows=10,
    ),
)
