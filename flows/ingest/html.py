"""blocks: a web page to the text of its block elements, one line each, and what the markup says of them. Pure."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import ELEMENT, TEXT, DocumentNode, DOMContext, HTMLParserException, HTMLTree, traverse_dom

from flows.ingest.encoding import repair
from flows.ingest.page_metadata import PageMetadata, read_metadata

# Elements that begin a line of their own in a browser's default style sheet (HTML standard, "Rendering"), and a few
# that stand apart on the page although they are inline (button, summary's marker, caption).
BLOCK_ELEMENTS: Final = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
    )
)
# What is never shown as text. Menus of a form (select) are, but hold no sentence.
UNSEEN_ELEMENTS: Final = frozenset(
    (
        "applet",
        "area",
        "audio",
        "base",
        "canvas",
        "datalist",
        "embed",
        "frame",
        "frameset",
        "head",
        "iframe",
        "input",
        "link",
        "map",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "option",
        "param",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
    )
)
PREFORMATTED: Final = frozenset(("pre", "listing", "plaintext", "xmp"))
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_UNSEEN_STYLE = re.compile(r"(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

# Bounds of `path`. 145 news pages nest 10 to 33 deep; the innermost elements say most. Class names of some frameworks run
# to hundreds of characters.
MAX_PATH_PARTS = 24
MAX_PATH_PART_CHARS = 120

# resiliparse looks for main content in time quadratic in the depth (1,000 deep: 0.015 s; 50,000 deep: 114 s). News pages
# nest 10 to 33 deep; a page beyond this bound goes without the vote.
MAX_VOTE_DEPTH = 1_000

# Nodes cost time and memory by themselves (10 MB of `x<br>`: over a minute; this many: 9 s and 300 MB), and tags that
# are closed in the wrong order are opened anew again and again. The most in 145 pages: 7,075.
MAX_TAGS = 250_000
_TAG = re.compile("</?[A-Za-z]")

# lexbor compares each attribute with all before it on the element (50,000: 5 to 8 s; 20,000: 1 s), and gives those of a
# second <html> or <body> to the first. So many comparisons are allowed to a page. The most attributes of an element in 145
# pages: 69; of what only looks like one, such as "i<n" in a script: 943.
MAX_COMPARISONS = 20_000**2
# A value in quotes may hold ">" and whole tags, and a tag may stand in a comment: so each "<" is looked at by itself, and what
# is looked at in all is bounded. Pages are looked at less than once.
MAX_LOOKS = 20
# A tag that is soon over; in these words there is no way to begin or end a quotation unseen.
_SHORT_TAG = (
    r"""[A-Za-z][^\s/>"'=<]{0,100}+"""
    r"""(?:[\s/]++[^\s/>"'=<]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'=<>`]*+(?=[\s>])))?+){0,100}+[\s/]*+>"""
)
_LONG_TAG = re.compile(rf"<(?=[A-Za-z])(?:(?=(?:html|body)[\s/])|(?!{_SHORT_TAG}))", re.IGNORECASE)
# A start tag as the HTML standard reads it (13.2.5.6 to 13.2.5.40).
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
_TAG_NAME = re.compile(r"[A-Za-z][^\s/>]*+")


class UnreadableHtml(Exception):
    """The parser cannot make a tree of it in reasonable time; the document is quarantined as `html_unreadable`."""


@dataclass(frozen=True)
class Block:
    """A block element of an HTML page (schemas/blocks.py).

    Attributes:
        start_char: into the page's text.
        end_char: exclusive.
        tag: the nearest block element.
        path: the elements that hold all of the block's text, outermost first and itself included, as `tag#id.class`
            separated by spaces; so an inline element shows if it spans the whole block (`div.meta span.author`).
        link_share: share of its characters (blanks not counted) inside links.
        main_content: whether resiliparse's extractor of main content keeps it.
        datetime: the first <time datetime> in it, as given.
    """

    start_char: int
    end_char: int
    tag: str
    path: str
    link_share: float
    main_content: bool
    datetime: str | None = None


@dataclass(frozen=True)
class HtmlPage:
    """What a page shows, what it is made of, what it says of itself; `repaired` if mojibake was undone."""

    text: str
    blocks: tuple[Block, ...]
    metadata: PageMetadata
    repaired: bool


@dataclass
class _Line:
    """A block while it is collected.

    Attributes:
        pieces: of text, in order.
        chars: of them, blanks not counted.
        link_chars: those in links.
        holders: the innermost elements around its first text, outermost first.
        outside: how many elements there are around those.
        common: how many elements, from the document down, hold all of its text so far.
        left_to: the fewest elements that were open at one time since its last text.
        datetime: of its first <time>.
    """

    pieces: list[str] = field(default_factory=list)
    chars: int = 0
    link_chars: int = 0
    holders: "list[_Element]" = field(default_factory=list)
    outside: int = 0
    common: int = 0
    left_to: int = 0
    datetime: str | None = None


@dataclass
class _Element:
    """An open element."""

    tag: str
    part: str
    depth: int
    block: bool


def read_html(html: str) -> HtmlPage:
    """Text and blocks of a page. The text is one line per block; no two blocks overlap, and nothing stands outside one.

    White space inside a block collapses to single spaces. A <br> ends the block, but in a heading it is a space; a
    preformatted text is split at its blank lines, for there its line ends are but the margin's.

    Raises:
        UnreadableHtml: the parser refuses it, or it has absurdly many tags, or an element absurdly many attributes.
    """
    if sum(1 for _ in islice(_TAG.finditer(html), MAX_TAGS + 1)) > MAX_TAGS:
        raise UnreadableHtml("the page has more tags than can be read in reasonable time")
    if _comparisons(html) > MAX_COMPARISONS:
        raise UnreadableHtml("elements have more attributes than can be parsed in reasonable time")
    try:
        tree = HTMLTree.parse(html)
    except (HTMLParserException, ValueError) as error:
        raise UnreadableHtml(str(error)) from error
    if tree.document is None:
        raise UnreadableHtml("the parser made no document of it")
    lines, depth = _visible_lines(tree.document)
    kept = _main_content(tree) if depth <= MAX_VOTE_DEPTH else frozenset()
    blocks: list[Block] = []
    texts: list[str] = []
    start, any_repaired = 0, False
    for line, tag, path in lines:
        plain = " ".join("".join(line.pieces).split())
        text, repaired = repair(plain)
        any_repaired |= repaired
        share = line.link_chars / line.chars
        blocks.append(Block(start, start + len(text), tag, path, share, _squeezed(plain) in kept, line.datetime))
        texts.append(text)
        start += len(text) + 1
    return HtmlPage("\n".join(texts), tuple(blocks), read_metadata(tree.document), any_repaired)


def _comparisons(html: str) -> int:
    """How many attributes the parser will compare, at most; one more than is allowed where that is hard to tell."""
    comparisons = merged = looked_at = 0
    for start in _LONG_TAG.finditer(html):
        name = _TAG_NAME.match(html, start.end())
        end, attributes = name.end() if name else start.end(), 0
        while attributes**2 <= MAX_COMPARISONS and (attribute := _ATTRIBUTE.match(html, end)):
            end, attributes = attribute.end(), attributes + 1
        looked_at += end - start.start()
        if name and name[0].lower() in {"html", "body"}:
            comparisons += 2 * merged * attributes
            merged += attributes
        comparisons += attributes**2
        if comparisons > MAX_COMPARISONS or looked_at > MAX_LOOKS * len(html):
            return MAX_COMPARISONS + 1
    return comparisons


def _visible_lines(document: DocumentNode) -> tuple[list[tuple[_Line, str, str]], int]:
    """Blocks that hold text, each with its tag and path, in document order; and how deep the page is nested.

    The parser walks its own tree and calls back, so no depth of nesting touches Python's stack. Only entering is
    listened to: the call on leaving is not made for elements without children (resiliparse 2.0.1), so an element
    counts as left when something at its depth or above is entered.
    """
    lines: list[tuple[_Line, str, str]] = []
    open_elements: list[_Element] = []
    line = _Line()
    unseen_depth: int | None = None  # of the unseen element that we are in
    links = preformatted = headings = 0
    deepest = 0

    def end_line() -> None:
        nonlocal line
        if line.chars:
            # Where the elements of its first text were all left since, the rest of the way up is still open.
            holders = (
                line.holders[: max(line.common - line.outside, 0)] or open_elements[: line.common][-MAX_PATH_PARTS:]
            )
            tag = next((element.tag for element in reversed(holders) if element.block), "body")
            lines.append((line, tag, " ".join(element.part for element in holders)))
        line = _Line()

    def add_text(text: str) -> None:
        chars = sum(map(len, text.split()))
        if chars:
            if line.chars:
                line.common = min(line.common, line.left_to)
            else:
                line.holders = open_elements[-MAX_PATH_PARTS:]
                line.common = len(open_elements)
                line.outside = line.common - len(line.holders)
            line.left_to = len(open_elements)
            line.chars += chars
            line.link_chars += chars if links else 0
        line.pieces.append(text)

    def close_down_to(depth: int) -> None:
        nonlocal links, preformatted, headings
        while open_elements and open_elements[-1].depth >= depth:
            element = open_elements[-1]
            if element.block:
                end_line()
            open_elements.pop()
            line.left_to = min(line.left_to, len(open_elements))
            links -= element.tag == "a"
            preformatted -= element.tag in PREFORMATTED
            headings -= element.tag in HEADINGS

    def enter(context: DOMContext) -> None:
        nonlocal unseen_depth, links, preformatted, headings, deepest
        node: Any = context.node
        depth = context.depth
        if unseen_depth is not None:
            if depth > unseen_depth:
                return
            unseen_depth = None
        close_down_to(depth)
        kind = node.type
        if kind == TEXT:
            first, *others = _BLANK_LINE.split(node.value) if preformatted else (node.value,)
            add_text(first)
            for other in others:
                end_line()
                add_text(other)
            return
        if kind != ELEMENT:
            return
        deepest = max(deepest, depth)
        tag = node.tag
        if tag == "br":
            if headings or preformatted:
                line.pieces.append(" ")
            else:
                end_line()
            return
        if tag in UNSEEN_ELEMENTS or _is_hidden(node, tag):
            unseen_depth = depth
            return
        block = tag in BLOCK_ELEMENTS
        if block:
            end_line()
        open_elements.append(_Element(tag, _path_part(node, tag), depth, block))
        links += tag == "a"
        preformatted += tag in PREFORMATTED
        headings += tag in HEADINGS
        if tag == "time" and line.datetime is None:
            line.datetime = node.getattr("datetime") or None

    traverse_dom(document, enter)
    close_down_to(0)
    end_line()
    return lines, deepest


def _is_hidden(node: Any, tag: str) -> bool:
    """Whether the markup itself hides the element (style sheets and scripts are not read)."""
    if node.hasattr("hidden") or (tag == "dialog" and not node.hasattr("open")):
        return True
    style = node.getattr("style")
    return bool(style) and _UNSEEN_STYLE.search(style) is not None


def _path_part(node: Any, tag: str) -> str:
    part = tag
    if element_id := node.getattr("id"):
        part += "#" + "_".join(element_id.split())
    if classes := node.getattr("class"):
        part += "".join(f".{name}" for name in classes.split())
    return part[:MAX_PATH_PART_CHARS]


def _main_content(tree: HTMLTree) -> frozenset[str]:
    """The lines that resiliparse takes for main content, without blanks: it spaces inline elements in another way."""
    content = extract_plain_text(tree, preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False)
    return frozenset(_squeezed(line) for line in content.split("\n"))


def _squeezed(text: str) -> str:
    return "".join(text.split())
