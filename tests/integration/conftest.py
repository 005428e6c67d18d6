"""One ephemeral Prefect for the whole session: starting it costs 8–20 s."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.environment import prefect_environment
from tests.integration.many_runs import ManyRuns

CHECKOUT = Path(__file__).parents[2]
SAMPLE = CHECKOUT / "seeds" / "documents"


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    prefect_environment(verbose=False)
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture(scope="session")
def many_runs(prefect_server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManyRuns]:
    from prefect.settings import get_current_settings

    runs = ManyRuns(tmp_path_factory.mktemp("many-runs"), str(get_current_settings().api.url))
    yield runs
    runs.close()


@pytest.fixture(scope="session")
def run_pipeline(prefect_server: None) -> Callable[..., dict[str, Any]]:
    def run(inputs: Path, warehouse: Path, **options: Any) -> dict[str, Any]:
        from flows.pipeline import dateline

        return dateline(inputs=[str(inputs)], warehouse=str(warehouse), **{"workers": 1, **options})

    return run


@pytest.fixture(scope="session")
def released(run_pipeline: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the sample documents' first release."""
    warehouse = tmp_path_factory.mktemp("released")
    assert run_pipeline(SAMPLE, warehouse, workers=2)["result"] == "released"
    return warehouse
