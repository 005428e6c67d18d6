"""Great Expectations' pages of a verdict, rendered with its own renderers but with one template engine for all of them.

The index is ours: GX's is a script that fetches its table's library from the network.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

INDEX = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>What the gate found</title></head>
<body>
<h1>What the gate found</h1>
<table>
<tr><th>suite</th><th>checks</th><th>held</th><th>did not hold</th></tr>
{rows}
</table>
</body>
</html>
"""


def write_data_docs(results: Sequence[Any], folder: Path) -> None:
    """index.html and a page a suite.

    Args:
        results: ExpectationSuiteValidationResult, one a suite.
        folder: where to write; made if it is not there.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    renderer = ValidationResultsPageRenderer(run_info_at_end=True)
    view: Any = DefaultJinjaPageView()  # it has no types
    rows = []
    for result in sorted(results, key=lambda result: str(result.suite_name)):
        page = page_of(result.suite_name)
        path = folder / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(view.render(renderer.render(result), show_how_to_buttons=False), encoding="utf-8")
        counted = result.statistics
        link = f'<a href="{escape(page.as_posix())}">{escape(result.suite_name)}</a>'
        counts = (counted[f"{kind}_expectations"] for kind in ("evaluated", "successful", "unsuccessful"))
        rows.append(f"<tr><td>{link}</td>{''.join(f'<td>{count}</td>' for count in counts)}</tr>")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(INDEX.format(rows="\n".join(rows)), encoding="utf-8")


def page_of(suite: str) -> Path:
    """Where a suite's page lies. Its way back to the index is in GX's template, which counts on four folders.

    >>> page_of("relations.quotes").as_posix()
    'validations/relations/quotes/gate/staged/checks.html'
    """
    return Path("validations", *suite.split("."), "gate", "staged", "checks.html")
