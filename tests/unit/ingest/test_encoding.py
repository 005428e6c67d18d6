"""Bytes to characters, mojibake undone, nothing else changed."""

import random

import pytest

from flows.ingest.encoding import Decoded, decode, repair

ENGLISH = "The envoy said “we won’t sign” on Friday — a café owner in the town agreed.\r\n\tNothing moved.\n"
RUSSIAN = "Делегации встретились в понедельник и договорились о перемирии на три дня."


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
def test_text_comes_back_unchanged_without_its_mark(encoding, mark):
    decoded = decode(mark + ENGLISH.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.refused) == (ENGLISH, encoding, None)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_other_encodings_are_detected(encoding):
    assert decode(RUSSIAN.encode(encoding)).text == RUSSIAN


def test_a_page_is_read_as_it_declares():
    page = '<html><head><meta charset="windows-1251"></head><body>Мир</body>'
    decoded = decode(page.encode("cp1251"), html=True)
    assert (decoded.text, decoded.encoding) == (page, "cp1251")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        "<meta charset=koi8-r>",
        '<?xml version="1.0" encoding="koi8-r"?>',
    ],
)
def test_declarations_of_all_forms_are_understood(declaration):
    page = f"{declaration}<p>{RUSSIAN}</p>"
    assert decode(page.encode("koi8-r"), html=True).text == page


def test_utf_8_goes_before_a_false_declaration():
    page = '<meta charset="iso-8859-1"><p>café</p>'
    assert decode(page.encode(), html=True).text == page


def test_latin_1_means_windows_1252_as_in_browsers():
    page = '<meta charset="iso-8859-1"><p>“so”</p>'
    assert decode(page.encode("cp1252"), html=True).text == page


@pytest.mark.parametrize("declared", ["utf-16", "klingon", "base64", "undefined"])
def test_a_declaration_that_cannot_be_true_is_passed_over(declared):
    page = f'<meta charset="{declared}"><p>café “so”</p>'
    assert decode(page.encode("cp1252"), html=True).text == page


@pytest.mark.parametrize("raw", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0\u3000\n".encode()])
def test_nothing_and_blanks_are_empty(raw):
    assert decode(raw).refused == "empty"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "binary", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary", id="png"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", "binary", id="zip-or-office"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00", "binary", id="program"),
        pytest.param(b"\x1f\x8b\x08\x00abc", "binary", id="gzip-under-another-name"),
        pytest.param(bytes(range(256)) * 20, "binary", id="every-byte"),
        pytest.param(b"\x01\x02\x03\x04 words \x05\x06\x0e\x0f", "binary", id="control-characters"),
        pytest.param(b"The ship sailed at dawn.\x00 It came back at dusk.", "nul_bytes", id="text-with-a-nul"),
        pytest.param(b"\xff\xfe\x00\xd8\x20\x00", "undecodable", id="half-a-surrogate-pair-in-utf-16"),
    ],
)
def test_what_is_no_text_is_refused(raw, reason):
    decoded = decode(raw)
    assert (decoded.refused, decoded.text) == (reason, None)


def test_random_bytes_are_refused():
    source = random.Random(7)  # noqa: S311 # no secret
    for length in (100, 1_000, 50_000):
        assert decode(source.randbytes(length)).refused in ("binary", "undecodable", "nul_bytes")


def test_a_wire_brief_may_end_in_an_end_of_text_mark():
    text = "Shares of the mill rose 3 pct. Reuter\x03"
    assert decode(text.encode()).text == text


def test_utf_8_cut_off_in_mid_character_is_read_and_says_so():
    decoded = decode(
        "The café in the old town closed on Friday. Its owner left for Orléans and a caf\u00e9".encode()[:-1]
    )
    assert decoded.damaged
    assert decoded.text.endswith("a caf\ufffd")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the townâ€™s mayor", "the town’s mayor"),
        ("â€œYes,â€\x9d he said", "“Yes,” he said"),
        ("a cafÃ© in OrlÃ©ans", "a café in Orléans"),
        ("the town\x92s mayor", "the town’s mayor"),
        ("Â£5 million", "£5 million"),
    ],
)
def test_mojibake_is_undone(broken, whole):
    assert repair(broken) == (whole, True)


@pytest.mark.parametrize(
    "text",
    [
        "“curly”, ‘single’ and ´accent` stay",
        "ﬁnd the ﬂag",
        "ＷＩＤＥ letters",
        "line\r\nends\rof\x85all\u2028kinds",
        "&amp; and &#8217; are no business of ours",
        "e\u0301 decomposed, é composed",
        "São Tomé, Ângela, CHÂTEAU, Đà Nẵng, Ålesund, Ærø",
        "\x1b[31mred\x1b[0m",
        "soft\u00adhyphen, zero\u200bwidth, no\u00a0break",
        "Привет, مرحبا, 你好",
        "🙂 flags 🇺🇳",
    ],
)
def test_clean_text_stays_as_it_is(text):
    text = text.replace("\x85", "")  # a C1 control is mojibake by itself
    assert repair(text) == (text, False)


def test_lines_beside_the_broken_one_stay_as_they_are():
    assert repair("ﬁne “quotes”\r\ntownâ€™s\n…") == ("ﬁne “quotes”\r\ntown’s\n…", True)


def test_the_server_s_charset_is_tried_before_the_page_s():
    page = f'<meta charset="windows-1251"><p>{RUSSIAN}'
    assert decode(page.encode("koi8-r"), html=True, charset="KOI8-R").text == page
    assert decode(page.encode("cp1251"), html=True, charset="windows-1251").text == page


@pytest.mark.parametrize(
    "said", ["ISO-8859-1", "us-ascii", "windows-1252", "utf-8", "klingon", "utf-16", "base64", "a\x00b", ""]
)
def test_a_server_that_says_what_servers_say_of_all_pages_yields_to_the_page(said):
    page = f'<?xml version="1.0" encoding="koi8-r"?><p>{RUSSIAN}'
    assert decode(page.encode("koi8-r"), html=True, charset=said).text == page


def test_the_server_s_charset_counts_for_a_text_too():
    assert decode(RUSSIAN.encode("iso8859-5"), charset="iso-8859-5").text == RUSSIAN


def test_a_mark_goes_before_all_that_is_declared():
    page = f'<meta charset="windows-1252"><p>{RUSSIAN}'
    decoded = decode(b"\xef\xbb\xbf" + page.encode(), html=True, charset="koi8-r")
    assert (decoded.text, decoded.encoding) == (page, "utf-8")
    assert decode(b"\xff\xfe" + page.encode("utf-16-le"), html=True, charset="koi8-r").text == page


@pytest.mark.parametrize(
    "declared", ["gb2312", "gbk", "big5", "shift_jis", "euc-kr", "windows-1251", "koi8-r", "iso-8859-7"]
)
def test_a_declared_encoding_that_puts_foreign_letters_into_english_words_is_wrong(declared):
    text = "The café’s owner wouldn’t say what she’d paid for the town’s only café, the mayor’s office said. " * 3
    page = f'<meta charset="{declared}"><p>{text}'
    decoded = decode(page.encode("cp1252"), html=True)
    assert (decoded.text, decoded.encoding) == (page, "cp1252")


def test_a_declared_encoding_is_believed_where_its_script_has_words_of_its_own():
    chinese = "本报讯（记者）昨日下午，两国代表在奥斯陆举行会谈，讨论渔业问题。APP下载"
    page = f'<meta charset="gb2312"><title>BBC</title><p>{chinese}'
    assert decode(page.encode("gb2312"), html=True).text == page


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(
            "“We” – “no”: ".encode() + b"won\x92t, caf\xe9 ",
            "“We” – “no”: won’t, café ",
            id="stray-bytes-of-windows-1252-in-utf-8",
        ),
        pytest.param(
            "© The town’s paper — news ".encode()
            + b"The mayor\x92s office \x96 and hers \x93A\x94 was \xa35 \x97 or so ",
            "© The town’s paper — news The mayor’s office – and hers “A” was £5 — or so ",
            id="a-wire-in-windows-1252-in-a-template-in-utf-8",
        ),
        pytest.param(
            "“We” – “no”, caf".encode() + b"\xc3 x", "“We” – “no”, caf\ufffd x", id="the-head-of-a-broken-one"
        ),
    ],
)
def test_windows_1252_in_a_page_of_utf_8_is_read_as_both(raw, text):
    assert decode(raw) == Decoded(text, "utf-8", damaged=True)


def test_utf_8_in_a_page_of_windows_1252_is_put_right_line_by_line():
    wire = "The mayor’s office said the café’s owner wouldn’t pay – “not a penny”.\n" * 9
    raw = wire.encode("cp1252") + "“Comments”\n".encode() + wire.encode("cp1252")
    decoded = decode(raw)
    assert repair(decoded.text)[0] == f"{wire}“Comments”\n{wire}"
    assert decoded.encoding == "cp1252"


def test_a_capital_before_a_curly_quote_is_no_utf_8():
    text = (
        "Le patron du “CAFÉ” de la gare est parti dimanche dernier pour Lyon avec toute sa famille, dit un voisin." * 3
    )
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_encoding_cut_off_in_mid_character_is_read_and_says_so(encoding):
    mark = "\ufeff".encode(encoding)
    decoded = decode(mark + ENGLISH.encode(encoding)[:-1])
    assert (decoded.text, decoded.damaged, decoded.refused) == (f"{ENGLISH[:-1]}\ufffd", True, None)


def test_a_mark_of_utf_8_before_something_else_is_passed_over():
    assert decode(b"\xef\xbb\xbf" + ENGLISH.encode("cp1252")).text == ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "Procter &amp; Gamble and AT&amp;T",
        "the town&#8217;s mayor, the town&amp;#8217;s mayor",
        "&amp;amp;amp;nbsp;",
        "R\u200bEAD MORE, By\u00a0Ann Writer, co\u00adoperation, \u200fright\u200e, \ufeffmark",
    ],
)
def test_a_sound_text_is_what_it_is_entities_and_invisible_characters_included(text):
    assert decode(text.encode()).text == text.removeprefix("\ufeff")
    assert repair(text) == (text, False)
