"""README.md's SQL, as it stands there, on the sample documents' release."""

import re
from pathlib import Path

import pytest

from flows.store.query import run_query
from flows.store.warehouse import Warehouse
from tests.unit.explain.telling import told_rows
from tests.unit.explain.test_explain import write_release

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

# The question, or the line that stands before the SQL.
ASKED = re.findall(r"^(\S[^\n]*)\n\n```sql\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)

# No sample document copies another, and no two of their figures are in conflict: asked of a release written by hand.
INVENTED = {
    "Which outlets print whose text?": [("Port Herald", "The Velmora Ledger", 1)],
    "Where do sources disagree?": [("Velmora", low, 15) for low in (12, 12, 14)],
}


def test_ten_questions_are_asked():
    questions = {question for question, _ in ASKED if question.endswith("?")}
    assert len(questions) >= 10
    assert questions >= set(INVENTED)
    assert len(ASKED) == README.count("\n```sql\n")


@pytest.mark.parametrize(("question", "sql"), [one for one in ASKED if one[0] not in INVENTED])
def test_a_question_about_the_sample_documents_is_answered(question, sql, released):
    _, rows = run_query(Warehouse(released), sql)
    assert rows, question


@pytest.mark.parametrize(("question", "sql"), [one for one in ASKED if one[0] in INVENTED])
def test_a_question_that_the_sample_documents_leave_open_is_answered(question, sql, tmp_path):
    names, rows = run_query(Warehouse(write_release(tmp_path, told_rows())), sql)
    if "other_low" in names:
        place, low, other = (names.index(name) for name in ("place", "low", "other_low"))
        rows = [(row[place], *sorted((row[low], row[other]))) for row in rows]
    assert sorted(rows) == INVENTED[question]
