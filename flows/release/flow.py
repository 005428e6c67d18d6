"""The release stage as Prefect flows: build a candidate; after the verdict, publish or refuse it."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows import journal
from flows.journal import Event
from flows.release.candidate import Ingredients, build_candidate, finish_candidate, publish_candidate, refuse_candidate
from flows.release.version import Level
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import takedowns_of, taken_versions


@task(name="assemble tables", cache_policy=NO_CACHE)
def assemble_tables(warehouse: str, ingredients: Ingredients, at_least: Level | None) -> str:
    """The staged folder."""
    return str(build_candidate(Warehouse(Path(warehouse)), ingredients, at_least))


@flow(name="stage", validate_parameters=False)
def stage_candidate(warehouse: str, ingredients: Ingredients, at_least: Level | None = None) -> str:
    """The ledger's entries to staged Parquet files."""
    with journal.stage("stage"):
        return assemble_tables(warehouse, ingredients, at_least)


@task(name="write manifest", cache_policy=NO_CACHE, persist_result=False)
def finish(folder: str, **facts: Any) -> dict[str, Any]:
    """Everything around the tables; the manifest."""
    return finish_candidate(Path(folder), **facts)


@flow(name="publish", validate_parameters=False, persist_result=False)
def publish(warehouse: str, folder: str, facts: dict[str, Any]) -> dict[str, Any]:
    """A judged candidate to the current release; its manifest."""
    store = Warehouse(Path(warehouse))
    with journal.stage("publish") as rows:
        parent_folder = store.release(facts["parent"]["version"]) if facts["parent"] else None
        manifest: dict[str, Any] = finish(
            folder,
            taken=taken_versions(store),
            parent_folder=parent_folder,
            taken_down=sorted(takedowns_of(store)),
            **facts,
        )
        publish_candidate(store, Path(folder), manifest["version"], manifest["parent"])
        rows |= {name: table["rows"] for name, table in manifest["tables"].items()}
    journal.note(Event.RELEASE_PUBLISHED, "publish", version=manifest["version"], parent=manifest["parent"])
    return manifest


@flow(name="refuse", validate_parameters=False, persist_result=False)
def refuse(warehouse: str, folder: str, check_rows: list[dict[str, Any]]) -> str:
    """A refused candidate to rejected/; where it is kept."""
    with journal.stage("refuse"):
        kept = str(refuse_candidate(Warehouse(Path(warehouse)), Path(folder), check_rows))
    journal.note(Event.CANDIDATE_KEPT, "refuse", kept=kept)
    return kept


def show_release(manifest: dict[str, Any], verdict: Any) -> None:
    """A Markdown artifact: the version, its tables and their rows, the warnings."""
    lines = [f"# dateline {manifest['version']}", "", "| table | rows |", "| --- | ---: |"]
    lines += [f"| {name} | {table['rows']:,} |" for name, table in manifest["tables"].items()]
    lines += ["", *(f"- warning: {check}" for check in verdict.warning)]
    create_markdown_artifact(key="dateline-release", markdown="\n".join(lines), description="What was released")
