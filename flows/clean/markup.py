"""What the markup of an HTML page says of its blocks: elements, ids and classes that name what they hold."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from flows.clean.lines import Line
from flows.clean.wording import Known

# Words of ids and classes, and elements, that news sites and their content systems use for parts of a page. The first
# label that fits the innermost telling element wins.
_NAMED = (
    ("caption", "caption captions figcaption credit credits photocredit imagecredit photographer copyrightholder"),
    ("comment", "comment comments commentlist disqus respond replies livefyre coral"),
    (
        "related",
        "related recirc recirculation recommended recommendations trending popular mostread mostpopular readmore readnext morestories teaser teasers outbrain taboola upnext alsoread interlink seealso zergnet onward collection-list",
    ),
    (
        "promo",
        "newsletter newsletters subscribe subscription signup share sharing sharebar social socials donate donation advert advertisement ads sponsor sponsored promo promos promotion follow affiliate cta membership banner marketing app-download",
    ),
    (
        "nav",
        "nav navigation menu breadcrumb breadcrumbs footer masthead skip cookie cookies consent gdpr modal popup sidebar toolbar pagination pager login offscreen",
    ),
    (
        "meta",
        "tags taglist topics keywords copyright disclaimer bio authorbio aboutauthor contributor methodology corrections disclosure",
    ),
    ("byline", "byline bylines author authors"),
    ("date", "date dateline datetime timestamp published pubdate updated posted"),
)
_TOKENS = {token: label for label, tokens in reversed(_NAMED) for token in tokens.split()}
_ELEMENTS = {
    "nav": "nav",
    "footer": "nav",
    "aside": "related",
    "figcaption": "caption",
    "button": "promo",
    "form": "promo",
    "label": "nav",
    "legend": "nav",
    "menu": "nav",
}
_VAGUE_ELEMENTS = frozenset({"footer", "aside"})  # of a comment or a newsletter, too: their class says more
_SPLIT = re.compile(r"[#.:_/-]+|(?<=[a-z])(?=[A-Z])")
TWEET_CLASSES = ("twitter-tweet", "instagram-media", "tiktok-embed", "fb-post")
MAX_BYLINE_WORDS = 12  # what an author's element holds beyond this is his life, not his name
PROSE = 0.5  # as in segments.py: from here on a line counts as prose
OWN_PARTS = 8  # innermost elements that are asked


def hints(lines: Sequence[Line], prose: Sequence[float]) -> list[Known | None]:
    """What the markup says each line is, or None. Elements that hold the story itself say nothing about its parts."""
    story = frozenset(story_path(lines, prose))
    found: list[Known | None] = []
    for line in lines:
        found.append(_hint(line, story) if line.block is not None else None)
    return found


def story_path(lines: Sequence[Line], prose: Sequence[float]) -> tuple[str, ...]:
    """The elements that hold most of the page's prose directly, outermost first.

    What an extractor of main content keeps counts double: readers' comments may be longer than the story.
    """
    held: Counter[str] = Counter()
    for line, score in zip(lines, prose, strict=True):
        if line.block is not None and score >= PROSE:
            held[_parent(line.block.path)] += len(line.tokens) * (2 if line.block.main_content else 1)
    if not held:
        return ()
    best = max(held, key=lambda path: (held[path], path))
    return tuple(best.split())


def in_story(lines: Sequence[Line], prose: Sequence[float]) -> list[bool]:
    """Whether each line stands directly in the elements that hold most of the prose."""
    story = " ".join(story_path(lines, prose))
    return [bool(story) and line.block is not None and _parent(line.block.path) == story for line in lines]


def _parent(path: str) -> str:
    return path.rpartition(" ")[0]


def _hint(line: Line, story: frozenset[str]) -> Known | None:
    block = line.block
    if block is None:
        return None
    for part in reversed(block.path.split()[-OWN_PARTS:]):
        if part in story or part.startswith(("body", "html")):
            continue
        if any(name in part for name in TWEET_CLASSES):
            return Known("other", firm=True)
        label = _label_of(part)
        if label is None:
            continue
        if label == "byline" and len(line.tokens) > MAX_BYLINE_WORDS:
            label = "meta"
        if label == "date" and not any(c.isdigit() for c in line.head):
            continue
        return Known(label, firm=True)
    return None


@cache
def _label_of(part: str) -> str | None:
    tag = re.split(r"[#.]", part, maxsplit=1)[0]
    if tag in _ELEMENTS and tag not in _VAGUE_ELEMENTS:
        return _ELEMENTS[tag]
    for token in _SPLIT.split(part[len(tag) :]):
        label = _TOKENS.get(token.casefold())
        if label:
            return label
    return _ELEMENTS.get(tag)
