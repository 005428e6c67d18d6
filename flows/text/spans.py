"""Stretches between quotation marks: which mark opens, which closes, and what to do when one is missing.

Knows marks, not who speaks nor whether it is speech (flows/extract/quotes.py). One pass over the marks of each
paragraph, so a text of nothing but marks costs linear time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class QuotedSpan:
    """What stands between two outer quotation marks of one paragraph.

    Attributes:
        start: offset of the first character inside the marks that is not blank.
        end: offset after the last such character.
        opened_at: offset of the opening mark; `start` if the page lacks it.
        closed_at: offset after the closing mark; `end` if the page lacks it.
        opened: whether the opening mark is there.
        closed: whether the closing mark is there.
        continued: whether the speech goes on in the next paragraph, or what would be one if the page had kept its line breaks.
        continues: whether it goes on with a speech that is `continued`.
    """

    start: int
    end: int
    opened_at: int
    closed_at: int
    opened: bool = True
    closed: bool = True
    continued: bool = False
    continues: bool = False


DOUBLE, ANGLE, SINGLE = "double", "angle", "single"

# A run of the same mark (““text””, ""text"") is one mark: doubled by a CMS or by CSV quoting.
_MARK = re.compile(
    # an apostrophe doubled by CSV or SQL (the mayor''s) is no mark, a mark so doubled is one
    r"""(?P<apostrophe>(?<=\w)''(?=(?:s|t|d|m|re|ve|ll)\b))"""
    r"""|(?P<double>"+|[“‟]+|”+|„+|″+|＂+|``|''''|''|’’|‘‘)"""
    r"""|(?P<angle>[«‹]+|[»›]+)"""
    # apostrophes inside a word are no marks
    r"""|(?P<single>(?<!\w)['‘’‚‛`]|['’‛](?!\w))"""
)
_OPENING = frozenset("“‟„«‹`‘‚")
_CLOSING = frozenset("”»›’")
_STRAIGHT = frozenset("\"″＂'‛")
_BEFORE_OPENING = frozenset("([{—–-/…:;=>|*•~")  # beside blanks and the paragraph's start
_BEFORE_CLOSING = frozenset(".,;:!?)]}—–-/…<|*")  # what may follow a closing mark, beside blanks and the end
_ANY_MARK = frozenset("\"“”„‟″＂«»‹›'‘’‚‛`")
_SENTENCE_END = re.compile(r"[.!?…][)\]]?(?=\s|$)")
# “We stay, said Haar. “We go, he said: where the writer goes on though the mark is lost (all of six in 20,000 articles)
_WRITER_RESUMES = re.compile(
    r",\s(?:(?:said|says|told|added)\s(?:[A-Z]|the\b|an?\b)"
    r"|(?:he|she|they|[A-Z][\w.’'-]{0,30}(?:\s[A-Z][\w.’'-]{0,30}){0,3})\s(?:said|says|told|added)\b)"
)
# ’90s, ’em, rock ’n’ roll: apostrophes at the head of a word
_HEAD_APOSTROPHE = re.compile(r"(?:\d\ds?|em|tis|twas|til|till|cause|cos|n|bout|round|s|t|re|ll|ve)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    kind: str
    char: str
    leads: bool  # what stands before allows an opening mark
    trails: bool  # what stands after allows a closing mark
    head: bool  # nothing but blanks before it in its paragraph


def quoted_spans(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[list[QuotedSpan]]:
    """The outer quoted stretches of each of `paragraphs` (half-open offsets into `text`, in order), never overlapping.

    A speech of several paragraphs (the opening mark repeated at the head of each, one closing mark at its end) gives
    one span a paragraph. Where a closing mark is missing, the paragraph's end or the sentence's closes the span.

    >>> said = "“Not now,” she said. ‘It’s the drivers’ turn.’"
    >>> [said[span.start : span.end] for span in quoted_spans(said, [(0, len(said))])[0]]
    ['Not now,', 'It’s the drivers’ turn.']
    """
    all_marks = [_marks(text, start, end) for start, end in paragraphs]
    found: list[list[QuotedSpan]] = []
    continues = False
    following = [all_marks[i + 1] if i + 1 < len(all_marks) else [] for i in range(len(all_marks))]
    for (start, end), marks, next_marks in zip(paragraphs, all_marks, following, strict=True):
        goes_on = (
            bool(next_marks) and next_marks[0].kind != SINGLE and (_heads(next_marks[0]) or _only_closes(next_marks))
        )
        spans = _spans_of_paragraph(text, start, end, marks, goes_on=goes_on, continues=continues)
        continues = bool(spans) and spans[-1].continued
        found.append(spans)
    return found


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    marks: list[_Mark] = []
    head = True
    for match in _MARK.finditer(text, start, end):
        if match.lastgroup == "apostrophe":
            continue
        a, b = match.span()
        before = text[a - 1] if a > start else " "
        after = text[b] if b < end else " "
        kind = match.lastgroup or DOUBLE
        leads = (
            before.isspace() or before in _BEFORE_OPENING or (before in _ANY_MARK and (not marks or marks[-1].leads))
        )
        trails = after.isspace() or after in _BEFORE_CLOSING or after in _ANY_MARK
        if after in _ANY_MARK and leads:
            trails = False  # “‘ : both open
        head = head and not text[marks[-1].end if marks else start : a].strip()
        if (
            b - a > 1
            and kind == DOUBLE
            and match[0][0] in _STRAIGHT
            and match[0][0] != "'"
            and not leads
            and not trails
        ):
            marks += [
                _Mark(a, a + 1, kind, match[0][0], leads=False, trails=True, head=False),
                _Mark(b - 1, b, kind, match[0][0], leads=True, trails=False, head=False),
            ]
        else:
            marks.append(
                _Mark(
                    a, b, kind, '"' if match[0].startswith("''") else match[0][0], leads=leads, trails=trails, head=head
                )
            )
    return marks


def _heads(mark: _Mark) -> bool:
    return mark.head and mark.leads and not (mark.char in _CLOSING and mark.trails)


def _only_closes(marks: list[_Mark]) -> bool:
    """Whether the first double or angle mark can only be a closing one."""
    first = next((mark for mark in marks if mark.kind != SINGLE), None)
    return first is not None and _is_closing(first)


def _is_closing(mark: _Mark) -> bool:
    return mark.trails and not mark.leads


def _is_opening(mark: _Mark, text: str) -> bool:
    """Whether a mark opens, nothing being open."""
    if mark.char in _OPENING:
        return mark.leads or not mark.trails
    if mark.char in _CLOSING:
        return mark.leads and not mark.trails
    if not mark.leads and text[mark.start - 1].isdigit():
        return False  # 12" guns
    return mark.leads or not mark.trails


def _opens_while_open(mark: _Mark) -> bool:
    if mark.char in _CLOSING:
        return False
    if mark.char in _OPENING:
        return not mark.trails
    return mark.leads and not mark.trails


def _spans_of_paragraph(
    text: str, start: int, end: int, marks: list[_Mark], *, goes_on: bool, continues: bool
) -> list[QuotedSpan]:
    spans: list[QuotedSpan] = []
    opener: _Mark | None = None
    depth = 0
    inside_until = -1  # index of the closing mark of the single-quoted stretch that we are in
    upcoming = _two_next_of_kind(marks)

    def add(
        begin: int,
        stop: int,
        opened_at: int,
        closed_at: int,
        *,
        opened: bool = True,
        closed: bool = True,
        continued: bool = False,
    ) -> None:
        words = text[begin:stop]
        inner = begin + len(words) - len(words.lstrip())
        outer = inner + len(words.strip())
        if outer > inner:
            unclosed, since = (spans[-1].continued, spans[-1].closed_at) if spans else (continues, start)
            carries = unclosed and not text[since:opened_at].strip()
            spans.append(
                QuotedSpan(
                    inner,
                    outer,
                    opened_at if opened else inner,
                    closed_at if closed else outer,
                    opened=opened,
                    closed=closed,
                    continued=continued,
                    continues=carries,
                )
            )

    for i, mark in enumerate(marks):
        if i <= inside_until:
            continue
        if opener is None:
            if mark.kind == SINGLE:
                closer = _single_closer(text, marks, i)
                if closer is not None:
                    add(mark.end, marks[closer].start, mark.start, marks[closer].end)
                    inside_until = closer
            elif continues and not spans and _is_closing(mark):
                add(start, mark.start, start, mark.end, opened=False)
            elif _is_opening(mark, text):
                opener, depth = mark, 0
        elif mark.kind != opener.kind:
            continue
        elif not _opens_while_open(mark):
            if depth:
                depth -= 1
            else:
                add(opener.end, mark.start, opener.start, mark.end)
                opener = None
        elif all(_is_closing(other) for other in upcoming[i]) and upcoming[i]:
            depth = 1  # a quotation in a quotation, in the same marks
        else:
            # the closing mark is missing. “We stay. “We never leave,” he said: a speech of two paragraphs that lost their
            # line break, as the sentence's end before the mark tells; other words are left out
            resumed = _WRITER_RESUMES.search(text, opener.end, mark.start)
            if resumed:
                add(opener.end, resumed.start() + 1, opener.start, mark.start, closed=False)
            elif text[opener.end : mark.start].rstrip().endswith((".", "!", "?")):
                add(opener.end, mark.start, opener.start, mark.start, closed=False, continued=True)
            opener, depth = mark, 0
    if opener is not None:
        if goes_on:
            add(opener.end, end, opener.start, end, closed=False, continued=True)
        else:
            add(opener.end, _recovered_end(text, opener, end), opener.start, end, closed=False)
    return spans


def _two_next_of_kind(marks: list[_Mark]) -> list[tuple[_Mark, ...]]:
    """For each mark the two next of its kind; empty where there are fewer."""
    pairs: list[tuple[_Mark, ...]] = [()] * len(marks)
    of_kind: dict[str, list[int]] = {}
    for i, mark in enumerate(marks):
        of_kind.setdefault(mark.kind, []).append(i)
    for indexes in of_kind.values():
        for i, (a, b) in zip(indexes, pairwise(indexes[1:]), strict=False):
            pairs[i] = (marks[a], marks[b])
    return pairs


def _recovered_end(text: str, opener: _Mark, end: int) -> int:
    """Where a stretch without closing mark ends: before a clause of saying, else with the sentence or its own paragraph."""
    stop = None if opener.head else _SENTENCE_END.search(text, opener.end, end)
    last = stop.end() if stop else end
    resumed = _WRITER_RESUMES.search(text, opener.end, last)
    return resumed.start() + 1 if resumed else last


def _single_closer(text: str, marks: list[_Mark], at: int) -> int | None:
    """Index of the mark that closes the single quotation mark `at`, None if that is an apostrophe.

    A closing mark after "s" and before a blank may be a plural's apostrophe (the drivers’ turn): it counts only if no
    better one comes before the next opening mark. Looking no further than that one keeps the whole linear.
    """
    mark = marks[at]
    if not mark.leads or mark.trails or _HEAD_APOSTROPHE.match(text, mark.end):
        return None
    if mark.char in _CLOSING:
        return None  # ’tis, ’Allo: a closing mark at a word's head is an apostrophe
    doubtful: int | None = None
    for i in range(at + 1, len(marks)):
        other = marks[i]
        if other.kind != SINGLE:
            continue
        if other.leads and not other.trails:
            break
        if other.leads or other.char in _OPENING:
            continue
        before = text[other.start - 1]
        after = text[other.end : other.end + 1]
        if before.lower() != "s" or (after and after in ".,;:!?"):
            return i
        doubtful = i if doubtful is None else doubtful
    return doubtful
