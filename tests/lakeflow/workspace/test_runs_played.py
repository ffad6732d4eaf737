"""Runs are asked for, go on while time passes, and end: as databricks-sdk sees them."""

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue
from databricks.sdk.service.jobs import NotebookTask, RunLifecycleStateV2State, Task, TaskDependency

from tests.lakeflow.workspace.conftest import AT
from tests.lakeflow.workspace.runs_support import MINUTE, Moved
from tests.support.loopback import Server


@pytest.fixture
def moved() -> Moved:
    """A workspace whose clock stands until it is moved."""
    return Moved()


@pytest.fixture
def client(moved: Moved) -> Iterator[WorkspaceClient]:
    """A client of it."""
    with Server(moved.answer, clock=lambda: moved.at) as server:
        yield WorkspaceClient(host=server.host, token="token-of-jd")


@pytest.fixture
def job_id(client: WorkspaceClient) -> int:
    """A job of two tasks, one after the other."""
    code = NotebookTask(notebook_path="/Shared/n")
    job_id = client.jobs.create(
        name="daily",
        tasks=[
            Task(task_key="ingest", notebook_task=code),
            Task(task_key="report", notebook_task=code, depends_on=[TaskDependency(task_key="ingest")]),
        ],
    ).job_id
    assert job_id
    return job_id


def test_a_run_goes_on_and_ends(client: WorkspaceClient, moved: Moved, job_id: int) -> None:
    run_id = client.jobs.run_now(job_id).run_id
    seen = []
    for _ in range(3):
        run = client.jobs.get_run(run_id)
        assert run.status
        assert run.status.state
        seen.append((run.status.state, [task.status and task.status.state for task in run.tasks or ()]))
        moved.pass_by(MINUTE)
    blocked, running, over = (
        RunLifecycleStateV2State.BLOCKED,
        RunLifecycleStateV2State.RUNNING,
        RunLifecycleStateV2State.TERMINATED,
    )
    assert seen == [(running, [running, blocked]), (running, [over, running]), (over, [over, over])]
    run = client.jobs.get_run(run_id)
    assert (run.start_time, run.end_time, run.run_duration) == (AT, AT + 2 * MINUTE, 2 * MINUTE)
    assert (run.creator_user_name, run.run_name, run.number_in_job) == ("jd@example.com", "daily", run_id)
    assert run.run_page_url == f"{client.config.host}/jobs/{job_id}/runs/{run_id}?o=1"
    assert [each.run_id for each in client.jobs.list_runs(job_id=job_id)] == [run_id]


def test_the_sdk_waits_for_the_end(client: WorkspaceClient, moved: Moved, job_id: int) -> None:
    wait = client.jobs.run_now(job_id)
    moved.pass_by(5 * MINUTE)
    run = wait.result()
    assert run.state
    assert run.state.result_state
    assert run.state.result_state.value == "SUCCESS"


def test_what_does_not_exist_is_refused(client: WorkspaceClient) -> None:
    with pytest.raises(InvalidParameterValue, match="Job 77 does not exist"):
        client.jobs.run_now(77)
    with pytest.raises(InvalidParameterValue, match="Run 77 does not exist"):
        client.jobs.cancel_run(77)
