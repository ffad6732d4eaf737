"""The run history: lists in pages, filters, one run with its repairs; what it refuses."""

import copy

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound
from databricks.sdk.service.jobs import RunType

from lakeflow.scenario.playback import History
from lakeflow.workspace.past import give_past
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.conftest import AT
from tests.support.scenarios import UNTIL, played

REPAIRED = {"when": {"on": "2026-11-14"}, "attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "2h"}}
DAY = 24 * 3600 * 1000


@pytest.fixture
def made(state: State) -> History:
    """Ten days of two runs a day; the workspace's clock stands two months before, where they all begin."""
    made = played(REPAIRED, starts={"schedule": "0 0 4,16 * * ?"})
    give_past(state, made)
    return made


def test_all_runs_come_newest_first_page_after_page(client: WorkspaceClient, made: History) -> None:
    runs = list(client.jobs.list_runs(limit=6))
    assert [run.run_id for run in runs] == [run.run_id for run in reversed(made.runs)]
    assert not runs[0].tasks


def test_pages_lead_forward_and_back(client: WorkspaceClient, made: History) -> None:
    first = client.api_client.do("GET", "/api/2.2/jobs/runs/list", query={"limit": 8})
    assert isinstance(first, dict)
    second = client.api_client.do(
        "GET", "/api/2.2/jobs/runs/list", query={"limit": 8, "page_token": first["next_page_token"]}
    )
    assert isinstance(second, dict)
    assert (first["has_more"], "prev_page_token" in first) == (True, False)
    assert len(second["runs"]) == 8
    back = {"limit": 8, "page_token": second["prev_page_token"]}
    assert client.api_client.do("GET", "/api/2.2/jobs/runs/list", query=back) == first


def test_tasks_come_when_they_are_asked_for(client: WorkspaceClient, made: History) -> None:
    run = next(iter(client.jobs.list_runs(expand_tasks=True)))
    assert [task.task_key for task in run.tasks or ()] == ["load", "report"]
    assert not run.has_more


def test_runs_are_filtered(client: WorkspaceClient, state: State, made: History) -> None:
    [job_id] = made.job_ids().values()
    noon = int(UNTIL.timestamp() * 1000) - 2 * DAY
    assert len(list(client.jobs.list_runs(job_id=job_id))) == len(made.runs)
    assert list(client.jobs.list_runs(job_id=1)) == []
    assert [run.start_time for run in client.jobs.list_runs(start_time_from=noon)] == [
        int(run.started_at.timestamp() * 1000) for run in reversed(made.runs[-4:])
    ]
    assert len(list(client.jobs.list_runs(start_time_to=noon))) == len(made.runs) - 4
    assert list(client.jobs.list_runs(run_type=RunType.SUBMIT_RUN)) == []
    assert list(client.jobs.list_runs(active_only=True)) == []
    give_past(state, played(starts={"at": "2026-11-22T05:50:00Z"}))
    assert len(list(client.jobs.list_runs(active_only=True))) == 1
    assert len(list(client.jobs.list_runs(completed_only=True))) == len(made.runs)


def test_a_run_tells_its_repairs_when_it_is_asked(client: WorkspaceClient, made: History) -> None:
    repaired = next(run for run in made.runs if len(run.stretches) > 1)
    assert not client.jobs.get_run(repaired.run_id).repair_history
    run = client.jobs.get_run(repaired.run_id, include_history=True)
    assert [len(item.task_run_ids or ()) for item in run.repair_history or ()] == [2, 1]
    task = client.jobs.get_run(next(iter(made.runs[0].tasks())).run_id)
    assert [each.task_key for each in task.tasks or ()] == ["load"]


def test_more_than_a_hundred_tasks_come_in_pages(client: WorkspaceClient, state: State, made: History) -> None:
    run = copy.deepcopy(state.tables["runs"][str(made.runs[-1].run_id)])
    run["tasks"] = [{**run["tasks"][0], "task_key": f"task-{number}", "run_id": number} for number in range(250)]
    state.tables["runs"][str(run["run_id"])] = run
    listed = client.api_client.do("GET", "/api/2.2/jobs/runs/list", query={"expand_tasks": "true"})
    assert isinstance(listed, dict)
    assert (len(listed["runs"][0]["tasks"]), listed["runs"][0]["has_more"]) == (100, True)
    assert len(next(iter(client.jobs.list_runs(expand_tasks=True))).tasks or ()) == 250
    assert len(client.jobs.get_run(run["run_id"]).tasks or ()) == 250


def test_a_run_is_forgotten_after_sixty_days(client: WorkspaceClient, state: State) -> None:
    old = played(starts={"at": "2026-11-20T04:00:00Z"})
    give_past(state, old)
    state.tables["runs"][str(old.runs[0].run_id)]["start_time"] = AT - 61 * DAY
    assert list(client.jobs.list_runs()) == []
    with pytest.raises(NotFound, match=r"Run \d+ does not exist"):
        client.jobs.get_run(old.runs[0].run_id)


def test_what_cannot_be_is_refused(client: WorkspaceClient, made: History) -> None:
    with pytest.raises(InvalidParameterValue, match=r"Invalid limit: 25\. The limit must be"):
        list(client.jobs.list_runs(limit=25))
    with pytest.raises(InvalidParameterValue, match="active_only and completed_only cannot both be true"):
        list(client.jobs.list_runs(active_only=True, completed_only=True))
    with pytest.raises(NotFound, match="Run 77 does not exist"):
        client.jobs.get_run(77)


def test_jobs_of_the_past_are_there_as_if_they_had_been_deployed(client: WorkspaceClient, made: History) -> None:
    [job] = client.jobs.list(expand_tasks=True)
    assert job.settings
    assert job.settings.name == "daily sales"
    assert [task.task_key for task in job.settings.tasks or ()] == ["load", "report"]
    assert job.creator_user_name == "data-platform@example.com"
