"""Raw bytes to characters, or why they are none. Nothing is changed but for a byte-order mark and repaired mojibake."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

import ftfy
from charset_normalizer import from_bytes

# Longest marks first: UTF-32's little-endian mark begins with UTF-16's.
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What files begin with that are no text, whatever their name says: PDF, PNG, JPEG, GIF, ZIP (and Office documents),
# gzip, bzip2, xz, zstd, 7z, RAR, ELF, SQLite, old Office documents, Ogg, RIFF (WebP, WAV), Parquet, RTF's look-alike
# PostScript. Marks that a text could begin with ("BM", "ID3", "MZ") are left to the test for control characters.
MAGIC_NUMBERS: Final = (
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x7fELF",
    b"SQLite format 3\x00",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"OggS\x00",
    b"PAR1",
    b"%!PS-Adobe",
)

SAMPLE_BYTES = 1 << 16

# UTF-16 without a mark: English has a NUL in nearly every second byte, on one side only. A table of figures or a text with
# names in another script still has more than these shares; binary files have NULs on both sides.
UTF16_MIN_NUL_SHARE = 0.4
UTF16_MAX_OTHER_SHARE = 0.05

# Control characters among all: 0.5 % where a wire brief ends in an end-of-text mark, 6.3 % in the worst of 39,605 real
# articles (a table in 207 characters), about 10 % in random bytes.
MAX_CONTROL_SHARE = 0.08
# One stray control character in a text of ten words is no binary file.
MIN_CONTROLS = 3

# Damaged UTF-8: bytes that cannot be decoded, per byte. A page cut off in mid-character has 1 to 3; text in another
# encoding breaks at nearly every letter beyond ASCII, so it also fails the test that most such letters are whole.
MAX_DAMAGED_SHARE = 0.001
MAX_DAMAGED_MULTIBYTE_SHARE = 0.1
MIN_ALLOWED_DAMAGE = 1
# UTF-8 and Windows-1252 in one page (a template and a wire, a story and its comments): so many whole characters of UTF-8 make
# it sure, and the others may be so many times as many. Beyond that it is Windows-1252 with some UTF-8 in it, which ftfy puts right.
MIN_MIXED_WHOLE = 3
MAX_MIXED_FOREIGN = 4
MAX_ALONE = 3  # bytes of Windows-1252 in a stretch of what is no ASCII
_ASCII_OR_NOT = bytes(0x80) + b"\x01" * 0x80
# ASCII, and the marks of Windows-1252 of which two may stand together; not what is left where UTF-8 lost its first byte.
_MAY_STAND_BESIDE = bytes(range(0x80)) + b"\x85\x91\x92\x93\x94\x96\x97\xa0"
_FIRST_LEAD = 0xC2
_USUAL_LEADS = frozenset((0xC2, 0xC3, 0xE2))  # of accented letters, quotation marks and dashes

# A declaration is wrong where most letters of another script that it makes stand in words of Latin ones.
MAX_MIXED_SHARE = 0.5
_OTHER_SCRIPT = re.compile("[\u0370-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+")
_MIXED_WORD = re.compile(
    "(?<=[A-Za-z])[\u0370-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+"
    "|[\u0370-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+(?=[A-Za-z])"
)

# Windows-1252 in a text of a Western language: its letters beyond ASCII are few (example sentences in French and Spanish: 3 to 4 %), and beside
# punctuation marks most are lower-case letters.
CP1252_MAX_HIGH_SHARE = 0.15
CP1252_ALWAYS_FEW = 3

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE
)
_XML_ENCODING = re.compile(rb"""^\s{0,100}<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_:.\-]{2,40})""")
META_BYTES = 4096  # HTML wants the declaration within 1,024 bytes; real pages put scripts before it

_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\x0c\r\x1b")
_NO_CP1252 = re.compile(b"[\x81\x8d\x8f\x90\x9d]")
_UTF8_CHARACTER = re.compile(b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CP1252_TYPICAL = re.compile(
    "[\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u20ac\u00a0£§©«®°·»½éèêëàáâäãåæçíìîïñóòôöõøßúùûüýÿÉÖÜÄÇ]"
)

# What Windows-1252 or Latin-1 makes of UTF-8: a lead byte read as a letter, then a continuation byte read as a sign; or
# a C1 control. Only a gate: ftfy decides. It keeps ftfy away from 97 % of 39,605 articles.
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3\u00c4\u00c5\u00c6\u00ce\u00cf\u00d0\u00d1\u00d8\u00d9\u00e2\u00e3\u00ef\u00f0]"
    "[\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
    "|[\u0080-\u009f]"
)

# Only the encoding is repaired: quotation marks, width, ligatures, line ends and entities are the text's own.
_REPAIRS = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_encoding=True,
    restore_byte_a0=True,
    replace_lossy_sequences=True,
    decode_inconsistent_utf8=True,
    fix_c1_controls=True,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)


@dataclass(frozen=True)
class Decoded:
    """Characters and how they were read, or (text None) why there are none.

    `damaged` tells that a few bytes fit no character: they stand as U+FFFD, or as what they are in Windows-1252.
    """

    text: str | None
    encoding: str | None
    refused: str | None = None
    damaged: bool = False


def decode(raw: bytes, *, html: bool = False, charset: str | None = None) -> Decoded:
    """Read bytes as text, or refuse them as `empty`, `binary`, `nul_bytes` or `undecodable`.

    In this order: by their mark, as UTF-16 by its pattern, as UTF-8 (also with a few bytes of Windows-1252 in it), as declared, as Windows-1252, as
    charset-normalizer finds. UTF-8 goes before any declaration: a text that is no UTF-8 hardly ever passes for it, while declarations
    are often wrong, and a page saved by a scraper is mostly UTF-8 whatever it declares.

    Args:
        raw: the bytes.
        html: whether they are a page, which may declare its encoding.
        charset: the encoding that the server declared.

    >>> decode("caf\u00e9".encode("cp1252"))
    Decoded(text='caf\u00e9', encoding='cp1252', refused=None, damaged=False)
    >>> decode(b"%PDF-1.7 ...").refused
    'binary'
    """
    if not raw or raw.isspace():
        return Decoded(raw.decode("ascii"), "ascii" if raw else None, "empty")
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            marked = raw[len(mark) :]
            return (
                _strict(marked, encoding)
                or _cut_off(marked, encoding)
                or (_undeclared(marked) if encoding == "utf-8" else Decoded(None, None, "undecodable"))
            )
    if raw.startswith(MAGIC_NUMBERS):
        return Decoded(None, None, "binary")
    if b"\x00" in raw:
        encoding_16 = _utf16_by_pattern(raw)
        if encoding_16 is None:
            return Decoded(None, None, "binary" if _looks_binary(raw.decode("latin-1")) else "nul_bytes")
        return _strict(raw, encoding_16) or Decoded(None, None, "undecodable")
    if decoded := _strict(raw, "utf-8"):
        return decoded
    for declared in _declared_encodings(raw if html else b"", charset):
        decoded = _strict(raw, declared)
        if decoded is not None and not (decoded.text and _scripts_mixed_in_words(decoded.text)):
            return decoded
    return _undeclared(raw)


def _undeclared(raw: bytes) -> Decoded:
    return _damaged_utf8(raw) or _cp1252(raw) or _detected(raw)


def repair(text: str) -> tuple[str, bool]:
    r"""Undo mojibake; whether anything was changed. Clean text, curly quotes and ligatures stay as they are.

    >>> repair("the town\u00e2\u20ac\u2122s mayor")
    ('the town\u2019s mayor', True)
    >>> repair("the town\u2019s \ufb01rst mayor\r\n")
    ('the town\u2019s \ufb01rst mayor\r\n', False)
    """
    as_bytes = text.encode("utf-8", "surrogatepass")
    # What the expression looks for is written with one of these two in UTF-8; curly quotes and dashes are not. It takes 60 µs a text.
    if (b"\xc3" not in as_bytes and b"\xc2" not in as_bytes) or not _MOJIBAKE.search(text):
        return text, False
    # ftfy takes each stretch up to a line end by itself; so do we, to leave lines that need nothing out of it.
    lines = text.split("\n")
    repaired = "\n".join(ftfy.fix_text(line, _REPAIRS) if _MOJIBAKE.search(line) else line for line in lines)
    return repaired, repaired != text


def _strict(raw: bytes, encoding: str) -> Decoded | None:
    """The text if every byte fits and it looks like text; a refusal if it is binary or blank; None if a byte does not fit."""
    try:
        text = raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    if "\x00" in text:
        return Decoded(None, None, "binary" if _looks_binary(text) else "nul_bytes")
    if _looks_binary(text):
        return Decoded(None, None, "binary")
    if not text.strip():
        return Decoded(text, encoding, "empty")
    return Decoded(text, encoding)


def _looks_binary(text: str) -> bool:
    sampled = text[:SAMPLE_BYTES]
    as_bytes = sampled.encode("utf-8", "surrogatepass")
    controls = len(as_bytes) - len(as_bytes.translate(None, _CONTROLS))
    return controls >= MIN_CONTROLS and controls > MAX_CONTROL_SHARE * len(sampled)


def _utf16_by_pattern(raw: bytes) -> str | None:
    """The byte order, if nearly every second byte is NUL."""
    if len(raw) % 2:
        return None
    sampled = raw[:SAMPLE_BYTES]
    half = len(sampled) / 2
    even, odd = sampled[::2].count(0) / half, sampled[1::2].count(0) / half
    if odd >= UTF16_MIN_NUL_SHARE and even <= UTF16_MAX_OTHER_SHARE:
        return "utf-16-le"
    if even >= UTF16_MIN_NUL_SHARE and odd <= UTF16_MAX_OTHER_SHARE:
        return "utf-16-be"
    return None


def _declared_encodings(page: bytes, charset: str | None) -> list[str]:
    """The encodings that a server and its page declare, if Python knows them, in the order in which they are tried.

    The server's goes before the page's, as in browsers. But what declares Latin-1, ASCII or Windows-1252 comes last: these are what servers
    say of all pages if nobody told them otherwise, and every byte fits them. All three mean Windows-1252, as in browsers.
    """
    head = page[:META_BYTES]
    inside = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    names: dict[str, None] = {}
    for said in (charset, inside[1].decode("ascii") if inside else None):
        try:
            name = codecs.lookup(said).name if said else None
        except (LookupError, ValueError):  # ValueError: a NUL in the name
            continue
        if name is None or name.startswith(("utf-8", "utf-16", "utf-32")):
            continue  # these could have been read if they were true
        names["cp1252" if name in {"iso8859-1", "ascii"} else name] = None
    return sorted(names, key=lambda name: name == "cp1252")


def _scripts_mixed_in_words(text: str) -> bool:
    """Whether most letters of another script stand beside Latin ones in a word ("don\u6297t"): the declaration is wrong."""
    sampled = text[:SAMPLE_BYTES]
    other = len(_OTHER_SCRIPT.findall(sampled))
    return other > 0 and len(_MIXED_WORD.findall(sampled)) > MAX_MIXED_SHARE * other


def _cut_off(raw: bytes, encoding: str) -> Decoded | None:
    """A text in UTF-16 or UTF-32 that ends in mid-character."""
    unit = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}.get(encoding)
    if unit is None or not len(raw) % unit:
        return None
    decoded = _strict(raw[: -(len(raw) % unit)], encoding)
    if decoded is None or decoded.text is None or decoded.refused:
        return decoded
    return Decoded(decoded.text + "\ufffd", encoding, damaged=True)


def _damaged_utf8(raw: bytes) -> Decoded | None:
    """UTF-8 in which a few bytes are broken (a text cut off in mid-character, a stray byte), or that has Windows-1252 in it.

    Broken bytes become U+FFFD. A byte that stands alone between ASCII and is a quotation mark, a dash or a letter in
    Windows-1252 was put into the page from another source, and is read so.
    """
    replaced = raw.decode("utf-8", "replace")
    genuine = raw.count("\ufffd".encode())
    damaged = replaced.count("\ufffd") - genuine
    whole = len(replaced) - len(replaced.encode("ascii", "ignore")) - damaged
    may_be_lost = max(MIN_ALLOWED_DAMAGE, MAX_DAMAGED_SHARE * len(raw))
    few = damaged <= MAX_DAMAGED_MULTIBYTE_SHARE * (whole + damaged) + MIN_ALLOWED_DAMAGE
    mixed = whole >= MIN_MIXED_WHOLE and damaged <= MAX_MIXED_FOREIGN * whole + may_be_lost
    if whole <= 0 or not (few or (mixed and damaged <= MAX_ALONE * _stretches_beyond_ascii(raw) + may_be_lost)):
        return None  # before each broken byte is looked at, which takes microseconds
    text = raw.decode("utf-8", _ALONE_AS_CP1252)
    lost = text.count("\ufffd") - genuine
    if lost > may_be_lost:
        return None
    # "\u00c9\u201d" of Windows-1252 is a letter of phonetics in UTF-8: what is whole must be such as Western texts have.
    if not few and (len(text) - len(_CP1252_TYPICAL.sub("", text)) - (damaged - lost)) * 2 < whole:
        return None
    return None if _looks_binary(text) else Decoded(text, "utf-8", damaged=True)


def _stretches_beyond_ascii(raw: bytes) -> int:
    kinds = raw.translate(_ASCII_OR_NOT)
    return kinds.count(b"\x00\x01") + kinds.startswith(b"\x01")


def _alone_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are no UTF-8: see _damaged_utf8."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw, start, end = error.object, error.start, error.end
    alone = end == start + 1 and not raw[max(start - 1, 0) : start].translate(None, _MAY_STAND_BESIDE)
    alone = alone and not raw[end : end + 1].translate(None, _MAY_STAND_BESIDE)
    # What begins a character of UTF-8 is the head of one that was cut off: at the text's end, and of the usual ones anywhere.
    head_of_one = raw[start] in _USUAL_LEADS or (end == len(raw) and raw[start] >= _FIRST_LEAD)
    char = raw[start:end].decode("cp1252", "replace")
    return (char if alone and not head_of_one and _CP1252_TYPICAL.fullmatch(char) else "\ufffd"), end


_ALONE_AS_CP1252: Final = "dateline_alone_as_cp1252"
codecs.register_error(_ALONE_AS_CP1252, _alone_as_cp1252)


def _cp1252(raw: bytes) -> Decoded | None:
    """Windows-1252, if its letters beyond ASCII are few and such as Western texts have.

    UTF-8 in it is mojibake, which is repaired later on; those of its bytes that Windows-1252 has not stand for themselves until then.
    """
    exact = _strict(raw, "cp1252")
    decoded = exact or _strict(raw, "sloppy-windows-1252")
    if decoded is None or decoded.text is None:
        return decoded
    high = [char for char in decoded.text[:SAMPLE_BYTES] if char > "\x7f"]
    typical = sum(1 for char in high if _CP1252_TYPICAL.match(char))
    few = max(CP1252_ALWAYS_FEW, CP1252_MAX_HIGH_SHARE * min(len(decoded.text), SAMPLE_BYTES))
    if len(high) > few or typical * 2 < len(high):
        return None
    if exact is None and _NO_CP1252.search(_UTF8_CHARACTER.sub(b"", raw)):
        return None
    return replace(decoded, encoding="cp1252")


def _detected(raw: bytes) -> Decoded:
    """What charset-normalizer makes of a sample, if the whole can be read so."""
    best = from_bytes(raw[:SAMPLE_BYTES]).best()
    if best is None or best.encoding.startswith(("utf_16", "utf_32")):
        # Without NULs nothing speaks for UTF-16: it was a guess at random bytes.
        return Decoded(None, None, "undecodable")
    decoded = _strict(raw, best.encoding)
    return decoded or Decoded(None, None, "undecodable")
