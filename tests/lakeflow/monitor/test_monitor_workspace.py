"""`lakeflow monitor report` on the workspace as it is served: a job is created, weeks go by, the report has them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient

from lakeflow.workspace.server import running
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace
from tests.lakeflow.monitor.conftest import Monitor, write_map
from tests.support import facts
from tests.support.clean import nothing_of_the_machine

pytestmark = pytest.mark.slow

TOKEN = "local-of-the-test"
SCENARIO = {
    "until": "2027-01-01T00:00:00Z",
    "jobs": {
        "sales": {
            "name": "sales",
            "tasks": {"load": {"takes": "30m"}},
            "events": [{"when": {"every": 4}, "attempts": {"load": "RUN_EXECUTION_ERROR"}}],
        }
    },
}
SETTINGS = {
    "name": "sales",
    "schedule": {"quartz_cron_expression": "0 30 5 * * ?", "timezone_id": "UTC"},
    "tasks": [{"task_key": "load", "notebook_task": {"notebook_path": "/Shared/load"}}],
}


@pytest.fixture(scope="module")
def client() -> Iterator[WorkspaceClient]:
    """A workspace where a job has run for eight weeks."""
    with pytest.MonkeyPatch.context() as patch, Store(":memory:") as store:
        nothing_of_the_machine(patch, token=TOKEN)
        workspace = Workspace(store, {TOKEN: "me@example.com"})
        workspace.state.tables["settings"]["scenario"] = SCENARIO
        with running(workspace, [TOKEN]) as host:
            client = WorkspaceClient(host=host, token=TOKEN)
            client.api_client.do("POST", "/api/2.2/jobs/create", body=SETTINGS)
            client.api_client.do("POST", "/api/2.0/lakeflow/clock", body={"advance": "56d"})
            yield client


@pytest.mark.parametrize("source", ["api", "system-tables"])
def test_the_weeks_are_reported(monitor: Monitor, client: WorkspaceClient, tmp_path: Path, source: str) -> None:
    write_map(replace(facts.stack({"sales": facts.settings()}), host=client.config.host or ""), tmp_path)
    clock: Any = client.api_client.do("GET", "/api/2.0/lakeflow/clock")
    words = ["--env", "prod", "--format", "json", "--now", clock["now"], "--source", source]
    if source == "system-tables":
        words += ["--warehouse", str(client.warehouses.create(name="reports").id)]
    ended = monitor("report", *words)
    assert ended.status in {0, 1}, ended.err
    (job,) = ended.document["jobs"]
    assert job["job"] == "sales"
    assert job["runs"] == {**job["runs"], "total": 28, "failed": 7, "succeeded": 21}
    assert job["runs"]["durations"]["p50"] == 1800
