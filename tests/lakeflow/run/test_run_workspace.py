"""The workspace of the tests answers databricks-sdk as Databricks does."""

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound, PermissionDenied, ResourceDoesNotExist
from databricks.sdk.service.jobs import JobSettings, NotebookTask, RunLifeCycleState, RunResultState, Task

from tests.support.workspace import Workspace, route_of
from tests.support.workspace_exchange import forbidden, throttled

NOTEBOOK = NotebookTask("/Shared/ingest")


@pytest.fixture
def client(workspace: Workspace) -> WorkspaceClient:
    return WorkspaceClient(host=workspace.host, token=workspace.token)


def test_a_job_is_created_read_changed_and_deleted(client: WorkspaceClient) -> None:
    job_id = client.jobs.create(
        name="daily", tasks=[Task(task_key="b", notebook_task=NOTEBOOK), Task(task_key="a", notebook_task=NOTEBOOK)]
    ).job_id
    assert job_id is not None

    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert (settings.name, settings.max_concurrent_runs) == ("daily", 1)
    assert settings.queue is not None
    assert settings.queue.enabled

    client.jobs.update(job_id, new_settings=JobSettings(max_concurrent_runs=3), fields_to_remove=["tasks/a"])
    client.jobs.reset(job_id, JobSettings(name="nightly"))
    assert [(job.job_id, job.settings and job.settings.name) for job in client.jobs.list()] == [(job_id, "nightly")]

    client.jobs.delete(job_id)
    with pytest.raises(ResourceDoesNotExist):
        client.jobs.get(job_id)
    assert list(client.jobs.list()) == []


def test_long_jobs_and_long_runs_come_in_pages(client: WorkspaceClient) -> None:
    tasks = [Task(task_key=f"t{number}", notebook_task=NOTEBOOK) for number in range(205)]
    job_id = client.jobs.create(name="wide", tasks=tasks).job_id
    assert job_id is not None
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert len(settings.tasks or []) == 205

    run = client.jobs.run_now(job_id)
    assert len(client.jobs.get_run(run.run_id).tasks or []) == 205


def test_a_run_plays_its_script(client: WorkspaceClient, workspace: Workspace) -> None:
    job_id = workspace.jobs.create(
        {"name": "daily", "tasks": [{"task_key": "ingest", "notebook_task": NOTEBOOK.as_dict()}]}
    )
    workspace.will_run("daily", {"ingest": ["PENDING", "FAILED", "RUNNING", "SUCCESS"]})
    run_id = client.jobs.run_now(job_id).run_id

    seen = []
    for _ in range(5):
        run = client.jobs.get_run(run_id)
        assert run.state is not None
        states = [task.state for task in run.tasks or []]
        seen.append((run.state.life_cycle_state, [state.result_state for state in states if state]))
    running, over = RunLifeCycleState.RUNNING, RunLifeCycleState.TERMINATED
    assert seen == [
        (running, [None]),
        (running, [RunResultState.FAILED]),
        (running, [None, RunResultState.FAILED]),
        (over, [RunResultState.SUCCESS, RunResultState.FAILED]),
        (over, [RunResultState.SUCCESS, RunResultState.FAILED]),
    ]


def test_a_run_can_be_canceled(client: WorkspaceClient, workspace: Workspace) -> None:
    job_id = workspace.jobs.create(
        {"name": "daily", "tasks": [{"task_key": "ingest", "notebook_task": NOTEBOOK.as_dict()}]}
    )
    workspace.will_run("daily", {"ingest": ["RUNNING"] * 9})
    run_id = client.jobs.run_now(job_id).run_id
    client.jobs.get_run(run_id)
    client.jobs.cancel_run(run_id)
    state = client.jobs.get_run(run_id).state
    assert state is not None
    assert state.result_state is RunResultState.CANCELED


def test_who_asks_is_told_with_the_number_of_the_workspace(client: WorkspaceClient) -> None:
    assert client.current_user.me().user_name == "jd@example.com"
    assert client.get_workspace_id() == 1


def test_what_is_not_known_is_not_found_and_recorded(client: WorkspaceClient, workspace: Workspace) -> None:
    with pytest.raises(NotFound, match=r"No API found for 'GET /clusters/list'"):
        list(client.clusters.list())
    assert route_of(workspace.requests[-1]) == "GET /clusters/list"


def test_failures_meet_the_requests_they_are_for(
    client: WorkspaceClient, workspace: Workspace, pauses: list[float]
) -> None:
    workspace.fail("GET /jobs/list", throttled(3))
    workspace.fail("GET /jobs/list", forbidden("not yours"))
    with pytest.raises(PermissionDenied, match="not yours"):
        list(client.jobs.list())
    assert 3 <= pauses[0] < 5
    assert list(client.jobs.list()) == []


def test_another_token_is_nobody(workspace: Workspace) -> None:
    with pytest.raises(PermissionDenied, match="Invalid access token"):
        WorkspaceClient(host=workspace.host, token="other").current_user.me()
