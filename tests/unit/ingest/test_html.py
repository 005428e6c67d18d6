"""Pages to lines of visible text, each with what the markup says of it."""

import time

import pytest

from flows.ingest import html as module
from flows.ingest.html import UnreadableHtml, read_html


def lines(markup: str) -> list[str]:
    page = read_html(markup)
    return [page.text[block.start_char : block.end_char] for block in page.blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<h1>Head</h1><p>One.</p><p>Two.</p>", ["Head", "One.", "Two."], id="blocks-are-lines"),
        pytest.param("<p>a <b>bold</b> <a href='#'>link</a>.</p>", ["a bold link."], id="inline-elements-join"),
        pytest.param("<p>un<i>break</i>able</p>", ["unbreakable"], id="no-blank-is-invented"),
        pytest.param("<p>  much \n\t blank&nbsp;&nbsp; here </p>", ["much blank here"], id="blanks-collapse"),
        pytest.param("<div>before<p>inside</p>after</div>", ["before", "inside", "after"], id="text-around-a-block"),
        pytest.param("<p>first<br>second<br><br>third</p>", ["first", "second", "third"], id="br-ends-a-line"),
        pytest.param("<h1>Long head<br>goes on</h1>", ["Long head goes on"], id="br-in-a-heading-is-a-blank"),
        pytest.param("<ul><li>one<li>two</ul>", ["one", "two"], id="list-items"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", ["a", "b", "c"], id="cells"),
        pytest.param("<pre>wrapped\nline\n\n next</pre>", ["wrapped line", "next"], id="pre-splits-at-blank-lines"),
        pytest.param("<p>&lt;tag&gt; &amp; caf&eacute; &#8220;so&#8221;</p>", ["<tag> & café “so”"], id="entities"),
        pytest.param("<p>&#0; &#xD800; &#x110000;</p>", ["\ufffd \ufffd \ufffd"], id="entities-of-no-character"),
        pytest.param("<p>unclosed <b>bold<p>next</b>", ["unclosed bold", "next"], id="malformed"),
        pytest.param("no markup at all", ["no markup at all"], id="no-markup"),
        pytest.param("<body><input><p>a<link></p><p>b</p>", ["a", "b"], id="elements-without-content-hide-nothing"),
        pytest.param("<p>a</p><svg><text>x</text></svg><p>b</p>", ["a", "b"], id="drawings"),
    ],
)
def test_the_text_is_what_is_shown_a_line_a_block(markup, expected):
    assert lines(markup) == expected


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>var a = '<p>no</p>';</script>",
        "<style>p { color: red }</style>",
        "<template><p>no</p></template>",
        "<noscript><p>no</p></noscript>",
        "<!-- <p>no</p> -->",
        "<div hidden><p>no</p></div>",
        "<div style='color:red; DISPLAY : none'><p>no</p></div>",
        "<span style='visibility:hidden'>no</span>",
        "<dialog>no</dialog>",
        "<select><option>no</select>",
        "<textarea>no</textarea>",
        "<iframe>no</iframe>",
        "<title>no</title>",
    ],
)
def test_what_is_not_shown_is_left_out_and_what_follows_is_not(unseen):
    assert lines(f"<p>before</p>{unseen}<p>after</p>") == ["before", "after"]


def test_path_names_the_elements_that_hold_the_whole_line():
    page = read_html(
        "<body class='a b'><div id=main><div class=meta><span class=author>By Ann</span></div>"
        "<p><b>Bold</b> and <i>not</i></p></div>"
    )
    assert [(block.tag, block.path) for block in page.blocks] == [
        ("div", "html body.a.b div#main div.meta span.author"),
        ("p", "html body.a.b div#main p"),
    ]


def test_path_is_bounded():
    page = read_html("<div class='" + "x" * 10_000 + "'>" + "<div>" * 500 + "text")
    (block,) = page.blocks
    assert len(block.path) < (module.MAX_PATH_PART_CHARS + 1) * module.MAX_PATH_PARTS


def test_link_share_counts_characters_without_blanks():
    page = read_html("<p><a href=x>ab cd</a> efgh</p><p><a href=x>all</a></p><p>none</p>")
    assert [block.link_share for block in page.blocks] == [0.5, 1.0, 0.0]


def test_machine_readable_dates_stay_with_their_line():
    page = read_html("<p>By Ann, <time datetime='2019-03-04T10:00Z'>4 March</time></p><p>Text.</p>")
    assert [block.datetime for block in page.blocks] == ["2019-03-04T10:00Z", None]


def test_main_content_is_told_from_menus():
    story = "".join(
        f"<p>The convoy reached village number {i} on the river late on Friday evening.</p>" for i in range(9)
    )
    page = read_html(
        "<body><nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav>"
        f"<main><article>{story}</article></main><footer>Imprint</footer>"
    )
    kept = {page.text[block.start_char : block.end_char]: block.main_content for block in page.blocks}
    assert kept.pop("Home") is kept.pop("World") is kept.pop("Imprint") is False
    assert all(kept.values())


def test_mojibake_is_repaired_before_offsets_are_taken():
    page = read_html("<p>the townâ€™s</p><p>mayor</p>")
    assert page.repaired
    assert page.text == "the town’s\nmayor"
    assert (page.blocks[1].start_char, page.blocks[1].end_char) == (11, 16)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<div>" * 10_000 + "deep" + "</div>" * 10_000, id="10,000-divs"),
        pytest.param("<div>" * 200_000 + "deep", id="200,000-unclosed-divs"),
        pytest.param("<table><tr><td>" * 3_000 + "deep", id="tables-in-tables"),
        pytest.param("<a><b><div>" * 1_000 + "deep", id="misnested-formatting"),
        pytest.param("<p>deep" + "<p>word" * 50_000, id="50,000-paragraphs"),
        pytest.param("<p>deep" + "<br>x" * 50_000, id="50,000-breaks"),
        pytest.param("<p>deep " + "word " * 1_000_000, id="5-mb-in-a-paragraph"),
        pytest.param("deep" + "<" * 1_000_000, id="a-million-opening-brackets"),
        pytest.param("deep" + "&" * 1_000_000, id="a-million-ampersands"),
        pytest.param("deep" + "<!--" * 100_000, id="unclosed-comments"),
        pytest.param("<p>deep<img src='" + "A" * 5_000_000 + "'>", id="5-mb-picture-in-an-attribute"),
    ],
)
def test_absurd_pages_are_read_in_seconds(markup):
    started = time.perf_counter()
    assert read_html(markup).text.startswith("deep")
    assert time.perf_counter() - started < 20


def test_entities_of_xml_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b;&b;</p>'
    assert len(read_html(bomb).text) < 100


def test_an_element_with_absurdly_many_attributes_is_refused():
    with pytest.raises(UnreadableHtml):
        read_html("<div " + " ".join(f"a{i}=1" for i in range(50_000)) + ">text</div>")


def test_a_page_too_deep_for_the_vote_goes_without(monkeypatch):
    monkeypatch.setattr(module, "_main_content", lambda _: pytest.fail("the vote would take minutes"))
    (block,) = read_html("<div>" * (module.MAX_VOTE_DEPTH + 5) + "deep").blocks
    assert not block.main_content
