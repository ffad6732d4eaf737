"""Every job of the sample stacks, deployed to the workspace and run to its end by the sample scenario."""

from typing import Any

import pytest
from databricks.sdk import WorkspaceClient

from lakeflow.scenario.reading import document_of
from lakeflow.workspace.server import running
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace
from tests.lakeflow.workspace.test_api_jobs import in_place
from tests.support.project import Project
from tests.support.rest_form import rest_of

pytestmark = pytest.mark.slow

TOKEN = "local-of-the-test"


def test_every_sample_job_runs_to_its_end(project: Project) -> None:
    ended = project.synth()
    assert ended.returncode == 0, ended.stderr
    ran: dict[str, str | None] = {}
    with Store(":memory:") as store:
        workspace = Workspace(store, {TOKEN: "me@example.com"})
        workspace.state.tables["settings"]["scenario"] = document_of("ninety-days")
        with running(workspace, [TOKEN]) as host:
            client = WorkspaceClient(host=host, token=TOKEN)
            for stack in ("dev", "test", "prod"):
                for body in project.document(stack)["resource"]["databricks_job"].values():
                    said: Any = {**in_place(rest_of(body)), "queue": {"enabled": False}, "max_concurrent_runs": 9}
                    said.pop("continuous", None)  # one run of it, and not one after the other
                    job: Any = client.api_client.do("POST", "/api/2.2/jobs/create", body=said)
                    run = client.jobs.run_now(job["job_id"])
                    client.api_client.do("POST", "/api/2.0/lakeflow/clock", body={"advance": "2d"})
                    found = client.jobs.get_run(run.run_id)
                    assert found.state
                    assert found.tasks
                    ran[said["name"]] = found.state.result_state and found.state.result_state.value
                    assert all(task.state and task.state.result_state for task in found.tasks)
    names = {
        f"{prefix}{name}"
        for prefix in ("[dev] ", "[test] ", "")
        for name in ("daily-sales", "document-intake", "live-orders")
    }
    assert ran == dict.fromkeys(names, "SUCCESS")
