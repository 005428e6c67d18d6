"""An explanation on a terminal: colour where there is any, brackets always, 80 columns."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from flows.explain.fact import AGAIN, Fact
from flows.explain.marking import marked
from flows.explain.values import values_of
from flows.printable import plain

COLUMNS = 80  # at most: longer lines are hard to read, shorter ones a narrow terminal's own
INDENT = "  "
VALUE_COLUMNS = 26
SHOWN_AGAIN = 5  # sentences with further mentions alone; --json has all

STYLES = {
    "trigger": "bold yellow",
    "actor": "green",
    "recipient": "cyan",
    "place": "blue",
    "date": "magenta",
    "count": "bold red",
    "hedge": "red",
}


def explanation(fact: Fact, version: str, console: Console) -> RenderableType:
    """Header, source, sentences with their parts in brackets, and a table of values."""
    columns = min(console.width, COLUMNS)
    table = RichTable(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("column", no_wrap=True)
    table.add_column("value", max_width=VALUE_COLUMNS, overflow="fold")
    table.add_column("from", overflow="fold")
    for one in values_of(fact):
        table.add_row(*(safe(cell) for cell in (one.name, one.value, one.because)))
    table.width = columns
    return Group(*_header(fact, version), Text(), *_sentences(fact, columns), table)


def _header(fact: Fact, version: str) -> Iterator[Text]:
    row, article = fact.row, fact.article
    kind = f"event {fact.row_id}" if fact.table == "events" else f"casualty figure {fact.row_id}"
    yield safe(f"{kind} of release {version}", "bold")
    if article.get("headline"):
        yield safe(f"“{article['headline']}”")
    day = article.get("published_on") or "day of publication unknown"
    about = (article.get("publisher"), day, f"document {row['document_id']}")
    yield safe(", ".join(str(one) for one in about if one))
    yield safe((fact.document["uris"] or [""])[0])


def _sentences(fact: Fact, columns: int) -> Iterator[Text]:
    text = str(fact.document["text"])
    before: int | None = None
    for start, end in _shown(fact):
        if before is not None and text[before:start].strip():
            yield Text(f"{INDENT}…")
        for line in marked(text, start, end, fact.parts, columns - len(INDENT)):
            yield Text.assemble(INDENT, *((words, _style(label)) for words, label in line))
        before = end


def _shown(fact: Fact) -> list[tuple[int, int]]:
    """The sentences with parts, but only some of those that do no more than tell of it again."""
    more: list[tuple[int, int]] = []
    for start, end in fact.sentences:
        labels = {part.label for part in fact.parts if start <= part.start_char < end}
        if labels == {AGAIN} and not start <= fact.row["start_char"] < end:
            more.append((start, end))
    return [span for span in fact.sentences if span not in more[SHOWN_AGAIN:]]


def _style(label: str) -> str:
    return STYLES.get(label.partition(",")[0], "underline" if label else "")


def safe(value: str, style: str = "") -> Text:
    """A line of text from anywhere, with nothing in it that a terminal would obey."""
    return Text(plain(value, kept=""), style, overflow="fold")
