"""CHANGELOG.md of a release, written from its diff: what differs from the parent, in sentences about data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.release.changes import Changes
from flows.release.moved import Moved
from schemas.codes import CHANGES

# Cause → how rows of it are told.
TOLD_CAUSES: Final[Mapping[str, str]] = {
    "correction": "by corrections by hand",
    "new_input": "of new documents",
    "changed_input": "of changed documents",
    "removed_input": "of documents that are gone",
    "code": "by other code",
    "reference_data": "by other reference data",
    "linking": "by what other documents say",
}
READ_ANEW: Final = ("code", "reference_data")  # causes that change what is read of the same text


@dataclass(frozen=True)
class Compared:
    """Two releases, compared.

    Attributes:
        changes: the diff in numbers.
        moved: what moved by itself.
        blamed: stage to `code` or `reference_data`, where they differ.
        contract: differences of the contract, in sentences without their full stops.
    """

    changes: Changes
    moved: Sequence[Moved] = ()
    blamed: Mapping[str, str] | None = None
    contract: Sequence[str] = ()


def release_notes(
    version: str,
    parent: Mapping[str, Any] | None,
    tables: Mapping[str, Any],
    compared: Compared | None,
    because: Sequence[str] = (),
    announced: Sequence[str] = (),
) -> str:
    """The changelog, in Markdown. Its first line below the heading tells news from the same text read anew.

    Args:
        version: of the release.
        parent: manifest of the release that it follows, None for a first one.
        tables: of the release, each with its rows.
        compared: with the parent; None for a first release.
        because: why the version is this one, in sentences without their full stops.
        announced: lines on what will go, or went without notice (`contract_section`).

    >>> print(release_notes("1.0.0", None, {"documents": {"rows": 3}, "quotes": {"rows": 1}}, None), end="")
    # 1.0.0
    <BLANKLINE>
    The first release of this warehouse, of 3 documents. There is nothing to compare it with, so it has no diff/.
    <BLANKLINE>
    - documents: 3 rows.
    - quotes: 1 row.
    """
    lines = [f"# {version}", ""]
    if parent is None or compared is None:
        read = of("document", tables.get("documents", {}).get("rows", 0))
        lines += [
            f"The first release of this warehouse, of {read}. There is nothing to compare it with, so it has no diff/.",
            "",
            *(f"- {name}: {of('row', table['rows'])}." for name, table in tables.items()),
            *(["", *announced[:-1]] if announced else []),
        ]
        return "\n".join(lines) + "\n"
    lines += [first_line(compared), "", f"Compared with {parent['version']}; diff/ has every row that differs."]
    if because:
        lines += [f"The version is {version} because {'; '.join(because)}."]
    lines += section("The contract", [f"{sentence}." for sentence in compared.contract])
    lines += ["", *announced[:-1]] if announced else []
    lines += section("What moved by itself", [moved.sentence for moved in compared.moved])
    lines += section("Corrected by hand", corrections_told(compared.changes))
    lines += section("Ids", ids_told(compared.changes))
    lines += section("Rows", rows_told(compared.changes, parent["tables"], tables))
    return "\n".join(lines) + "\n"


def first_line(compared: Compared) -> str:
    """Whether there is new text, or the same text was read anew, in one sentence."""
    changes, blamed = compared.changes, set((compared.blamed or {}).values())
    news = _news(changes)
    anew = [cause for cause in READ_ANEW if cause in changes.causes]
    by = " and ".join(TOLD_CAUSES[cause] for cause in anew)
    rows_anew = sum(changes.count(cause=cause) for cause in anew)
    corrected = changes.count(cause="correction") - changes.count("corrections", cause="correction")
    others = changes.count(cause="linking")
    told = []
    if rows_anew:
        whose = "the other documents were" if news else "the same documents were"
        told.append(f"{whose} read {by}, and {of('row', rows_anew)} of theirs {_verb(rows_anew, 'differs', 'differ')}")
    if corrected:
        told.append(f"{of('row', corrected)} {_verb(corrected, 'differs', 'differ')} by corrections by hand")
    if others and not news:
        told.append(f"{of('row', others)} {_verb(others, 'follows', 'follow')} from this")
    if news:
        rest = "the rest is as it was"
        rest += f", but for {of('row', others)} of other documents that this moved" if others else ""
        return f"{', '.join(news)}; {'; '.join(told) or rest}."
    if told:
        return f"No new text: {'; '.join(told)}."
    if blamed:
        by = " and ".join(TOLD_CAUSES[cause] for cause in READ_ANEW if cause in blamed)
        return f"No new text: the same documents were read {by}, and no row differs."
    return "No row differs: at most files around the data do."


def _news(changes: Changes) -> list[str]:
    new = sum(changes.count("documents", change, "new_input") for change in ("added", "revised"))
    changed = max(changes.count("documents", change, "changed_input") for change in ("added", "retracted"))
    gone = sum(
        changes.count("documents", change, "removed_input") for change in ("retracted", "revised")
    )  # or taken down
    told = [
        (new, of("new document", new)),
        (changed, of("changed document", changed)),
        (gone, f"{of('document', gone)} that {_verb(gone, 'is', 'are')} gone"),
        (changes.renamed, f"{of('document', changes.renamed)} under another name or with other metadata"),
    ]
    return [words for count, words in told if count]


def rows_told(changes: Changes, before: Mapping[str, Any], tables: Mapping[str, Any]) -> list[str]:
    """A sentence or more a table whose rows differ, and which tables are as they were.

    Args:
        changes: the diff in numbers.
        before: tables of the parent's manifest.
        tables: the same of the release.
    """
    differing = {table for table, _, _ in changes.rows}
    lines = []
    for table in (name for name in tables if name in differing):
        now, was = tables[table]["rows"], before.get(table, {"rows": 0})["rows"]
        told = [f"{table}: {of('row', now)}{f' ({now - was:+,})' if now != was else ', as many as before'}."]
        told += (_change_told(changes, table, change) for change in CHANGES if changes.count(table, change))
        lines.append(" ".join(told))
    same = [name for name in tables if name in before and name not in {*differing, "checks"}]
    if same:
        lines.append(f"As before: {', '.join(same)}.")
    return lines


def _change_told(changes: Changes, table: str, change: str) -> str:
    causes = {cause: rows for (name, how, cause), rows in changes.rows.items() if (name, how) == (table, change)}
    total = sum(causes.values())
    if len(causes) == 1:
        told = f"{total:,} {change}, {TOLD_CAUSES[next(iter(causes))]}"
    else:
        told = f"{total:,} {change}: " + ", ".join(f"{rows:,} {TOLD_CAUSES[cause]}" for cause, rows in causes.items())
    if change == "revised":
        told += "; in " + ", ".join(f"{name} ({rows:,})" for name, rows in changes.columns[table].items())
    return f"{told}."


def ids_told(changes: Changes) -> Iterator[str]:
    """A sentence a kind of id that is no more."""
    for kind, (with_another, with_none) in changes.replaced.items():
        total = with_another + with_none
        ids = "id of a story" if kind == "story" else "id of an incident"
        ids = (
            ids
            if total == 1
            else ids.replace("id of a story", "ids of stories").replace("id of an incident", "ids of incidents")
        )
        yield (
            f"{total:,} {ids} {_verb(total, 'is', 'are')} no more: id_map names what stands in the place of {with_another:,}; "
            f"of {with_none:,} nothing is left."
        )


def corrections_told(changes: Changes) -> Iterator[str]:
    """A line a correction by hand that is new or no more, with its reason."""
    for old, new in changes.corrections:
        one = new or old or {}
        where = f"{one['table_name']} {one['row_id']}: {one['column_name']}"
        if new is None:
            yield f"{where} is no longer corrected."
        else:
            was, now, why = (" ".join(str(one.get(name, "none")).split()) for name in ("expected", "new", "reason"))
            yield f"{where} is {now} instead of {was}, by {one['who']}: {why}"
    corrections = sum(changes.count("corrections", change) for change in ("added", "retracted"))
    if corrections > len(changes.corrections):
        yield f"diff/corrections.parquet has all {corrections:,}."


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and a list, or nothing if there is nothing to list."""
    listed = [f"- {line}" for line in lines]
    return ["", f"## {title}", "", *listed] if listed else []


def of(noun: str, count: int) -> str:
    """A count and its noun.

    >>> of("row", 1), of("new document", 1200)
    ('1 row', '1,200 new documents')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
