"""Runs are asked for, read and deleted: what the Jobs API answers."""

import pytest

from tests.lakeflow.workspace.runs_support import MINUTE, Moved, state_of, states_of

ONE_PLACE = {"max_concurrent_runs": 1}
RETRIED = {
    "jobs": {
        "job": {
            "name": "job",
            "tasks": {"a": {"takes": "1m", "max_retries": 1}},
            "events": [{"when": {"every": 1}, "attempts": {"a": ["RUN_EXECUTION_ERROR", "SUCCESS"]}}],
        }
    }
}


@pytest.fixture
def moved() -> Moved:
    """A workspace whose clock stands until it is moved."""
    return Moved()


def test_the_same_token_is_the_same_run_until_it_is_deleted(moved: Moved) -> None:
    job_id = moved.job("job", {"a": {}})
    run_id = moved.run_now(job_id, idempotency_token="t")
    assert moved.run_now(job_id, idempotency_token="t") == run_id
    assert moved.post("/jobs/runs/delete", run_id=run_id)["error_code"] == "INVALID_STATE"
    moved.pass_by(MINUTE)
    assert moved.post("/jobs/runs/delete", run_id=run_id) == {}
    gone = moved.post("/jobs/run-now", job_id=job_id, idempotency_token="t")
    assert gone["message"] == f"The run {run_id} of the idempotency token t was deleted."
    assert "64 characters" in moved.post("/jobs/run-now", job_id=job_id, idempotency_token="x" * 65)["message"]


def test_older_parameters_are_refused_where_a_job_has_its_own(moved: Moved) -> None:
    job_id = moved.job("job", {"a": {}}, parameters=[{"name": "day", "default": "1"}])
    assert "job parameters" in moved.post("/jobs/run-now", job_id=job_id, notebook_params={"x": "1"})["message"]
    run = moved.run(moved.run_now(job_id, job_parameters={"day": "2"}))
    assert run["job_parameters"] == [{"name": "day", "default": "1", "value": "2"}]


def test_a_run_waits_for_a_place_or_is_dropped(moved: Moved) -> None:
    job_id = moved.job("job", {"a": {}}, **ONE_PLACE)
    moved.run_now(job_id)
    queued = moved.run(moved.run_now(job_id))
    dropped = moved.run(moved.run_now(job_id, queue={"enabled": False}))
    assert queued["state"]["queue_reason"] == "Queued due to reaching maximum concurrent runs of 1."
    assert (dropped["state"]["life_cycle_state"], state_of(dropped)) == ("SKIPPED", "MAXIMUM_CONCURRENT_RUNS_REACHED")
    assert dropped["status"]["termination_details"]["code"] == "MAX_CONCURRENT_RUNS_EXCEEDED"


def test_the_output_of_a_run_of_one_task_is_that_of_its_last_attempt(moved: Moved) -> None:
    moved.says(RETRIED)
    run_id = moved.run_now(moved.job("job", {"a": {"max_retries": 1}}))
    moved.pass_by(5 * MINUTE)
    run = moved.run(run_id)
    assert states_of(run) == ["a FAILED", "a SUCCESS"]
    output = moved.get("/jobs/runs/get-output", run_id=run_id)
    assert output["metadata"]["run_id"] == run["tasks"][1]["run_id"]
    assert "error" not in output
    failed = moved.get("/jobs/runs/get-output", run_id=run["tasks"][0]["run_id"])
    assert failed["error"]


def test_the_output_of_a_run_of_several_tasks_is_refused(moved: Moved) -> None:
    run_id = moved.run_now(moved.job("job", {"a": {}, "b": {}}))
    assert "multiple tasks is not supported" in moved.get("/jobs/runs/get-output", run_id=run_id)["message"]


def test_the_run_of_a_task_is_found_while_runs_come_and_go(moved: Moved) -> None:
    job_id = moved.job("job", {"a": {}})
    for _ in range(3):
        run_id = moved.run_now(job_id)
        task = moved.run(run_id)["tasks"][0]["run_id"]
        assert moved.run(task)["job_run_id"] == run_id
        moved.pass_by(MINUTE)
        assert state_of(moved.run(task)) == "SUCCESS"
        moved.post("/jobs/runs/delete", run_id=run_id)
        assert moved.run(task)["message"] == f"Run {task} does not exist."


def test_with_a_job_go_its_runs_also_those_that_tasks_have_started(moved: Moved) -> None:
    inner = moved.job("inner", {"a": {}}, **ONE_PLACE)
    outer = moved.job("outer", {"call": {"run_job_task": {"job_id": inner}}})
    parent = moved.run_now(outer)
    moved.run_now(inner)
    assert len(moved.runs(inner, active_only="true")) == 2
    moved.post("/jobs/delete", job_id=inner)
    assert moved.runs(inner) == []
    assert states_of(moved.run(parent)) == ["call FAILED"]


def test_a_canceled_parent_takes_its_child_along(moved: Moved) -> None:
    inner = moved.job("inner", {"a": {}})
    parent = moved.run_now(moved.job("outer", {"call": {"run_job_task": {"job_id": inner}}}))
    [child] = moved.runs(inner)
    assert (child["trigger"], state_of(child)) == ("RUN_JOB_TASK", "RUNNING")
    moved.post("/jobs/runs/cancel", run_id=parent)
    assert [state_of(moved.run(each)) for each in (parent, child["run_id"])] == ["CANCELED", "CANCELED"]
    assert moved.post("/jobs/runs/cancel", run_id=parent) == {}


def test_new_files_start_a_run_however_many_are_replaced(moved: Moved) -> None:
    job_id = moved.job("files", {"x": {}}, trigger={"file_arrival": {"url": "/Volumes/m/s/v/"}})
    for path in ("v/1", "v/below/2", "elsewhere/3"):
        moved.call("PUT", f"/fs/files/Volumes/m/s/{path}", {}, overwrite="true")
        moved.pass_by(2 * MINUTE)
    assert len(moved.runs(job_id)) == 2
    moved.call("PUT", "/fs/files/Volumes/m/s/v/1", {}, overwrite="true")
    moved.pass_by(2 * MINUTE)
    assert len(moved.runs(job_id)) == 2
    moved.call("DELETE", "/fs/files/Volumes/m/s/v/1")
    moved.call("PUT", "/fs/files/Volumes/m/s/v/4", {}, overwrite="true")
    moved.pass_by(2 * MINUTE)
    assert len(moved.runs(job_id)) == 3
