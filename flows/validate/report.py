"""The verdict for people: a table by suite, a Markdown summary, results.json."""

from collections import defaultdict
from typing import Any

from flows.validate.gate import Verdict

NAMED_CHECKS = 5  # refusing checks that a message explains; the others are named


def verdict_table(verdict: Verdict) -> list[dict[str, Any]]:
    """One row a suite: checks, held, warnings, refusals; and one row for each check that failed."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"checks": 0, "held": 0, "warnings": 0, "refusals": 0})
    for row in verdict.rows:
        count = counts[row["suite"]]
        count["checks"] += 1
        count["held"] += int(row["success"])
        count["warnings"] += int(row["check_id"] in verdict.warning)
        count["refusals"] += int(row["check_id"] in verdict.refusing)
    table: list[dict[str, Any]] = [
        {"suite": suite, **count, "failed check": "", "rows": None} for suite, count in sorted(counts.items())
    ]
    for row in failed_rows(verdict):
        table.append({"suite": row["suite"], "failed check": row["check_id"], "rows": row["unexpected_count"]})
    return table


def failed_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """Checks that did not hold, refusals first."""
    failed = [row for row in verdict.rows if not row["success"]]
    return sorted(failed, key=lambda row: (row["check_id"] not in verdict.refusing, row["check_id"]))


def summary(verdict: Verdict) -> str:
    """Markdown: the verdict in a sentence, then each check that failed with what was seen."""
    held = sum(row["success"] for row in verdict.rows)
    head = "The gate **let the release through**" if verdict.passed else "The gate **refused** the candidate"
    lines = [f"{head}: {held} of {len(verdict.rows)} checks held.", ""]
    for row in failed_rows(verdict):
        word = (
            "refused by"
            if row["check_id"] in verdict.refusing
            else "accepted by hand"
            if row["accepted_reason"]
            else "warning"
        )
        lines.append(
            f"- {word} `{row['check_id']}`: {row['description']} {row['unexpected_count']} rows; seen: {row['observed'] or '-'}"
        )
    return "\n".join(lines) + "\n"


def refusal_message(verdict: Verdict, kept: str) -> str:
    """What a refused run says: which checks, how many rows, where to look, what to do next."""
    rows = [row for row in verdict.rows if row["check_id"] in verdict.refusing]
    shown = " ".join(
        f"{row['check_id']} ({row['unexpected_count']} rows): {row['description']}" for row in rows[:NAMED_CHECKS]
    )
    if len(rows) > NAMED_CHECKS:
        shown += f" And {len(rows) - NAMED_CHECKS} more: {', '.join(row['check_id'] for row in rows[NAMED_CHECKS:])}."
    return (
        f"the gate refused the candidate: {shown} It is kept in {kept}; the failing rows are in {kept}/quality/failing/. "
        "The current release is untouched. If a check is wrong here: --accept CHECK --reason …"
    )
