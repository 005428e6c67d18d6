"""The validate stage as a Prefect flow: judge a candidate, and show the verdict in Prefect's UI."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.journal import Event
from flows.validate.gate import Verdict, judge
from flows.validate.report import summary, verdict_table


@task(name="run checks", cache_policy=NO_CACHE, persist_result=False)
def run_gate(candidate: str, parent: str | None, inputs: list[str], accepted: dict[str, str]) -> Verdict:
    """Every suite over the staged files; results.json and failing rows go into the candidate's quality folder."""
    folder = Path(candidate)
    return judge(folder, Path(parent) if parent else None, inputs, accepted, folder / "quality")


@flow(name="validate", validate_parameters=False, persist_result=False)
def validate(candidate: str, parent: str | None, inputs: list[str], accepted: dict[str, str]) -> Verdict:
    """Audit exactly the files that would be released."""
    with journal.stage("validate"):
        verdict = run_gate(candidate, parent, inputs, accepted)
        show_verdict(verdict)
    found = {"checks": len(verdict.rows), "warning": list(verdict.warning), "refusing": list(verdict.refusing)}
    journal.note(Event.GATE_VERDICT, "validate", **found)
    return verdict


def show_verdict(verdict: Verdict) -> None:
    """Two artifacts: the table of checks by suite, and a Markdown summary that names what failed."""
    table: list[dict[str, Any]] = verdict_table(verdict)
    create_table_artifact(key="dateline-gate", table=table, description="The gate's checks by suite")
    create_markdown_artifact(key="dateline-summary", markdown=summary(verdict), description="What the gate said")
