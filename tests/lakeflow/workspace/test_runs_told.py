"""What is asked of runs and what is told of them: attempts, repairs, queues, loops, other jobs, outputs, tokens."""

from tests.lakeflow.workspace.runs_support import HOUR, MINUTE, NOTEBOOK, Moved, state_of, states_of, tasks_of

FAILING = {"a": {"max_retries": 1}, "b": {"after": ["a"]}, "h": {"after": ["a"], "run_if": "AT_LEAST_ONE_FAILED"}}
LATEST = "The latest repair ID needs to be provided in order to create a new repair"


def failed() -> tuple[Moved, int]:
    """Return a workspace, and a run whose first task has failed twice."""
    moved = Moved()
    tasks = {
        "a": {"takes": "1m", "max_retries": 1},
        "b": {"takes": "1m", "after": "a"},
        "h": {"takes": "1m", "after": "a"},
    }
    event = {"when": {"every": 1}, "attempts": {"a": "RUN_EXECUTION_ERROR"}}
    moved.says({"jobs": {"daily": {"name": "daily", "tasks": tasks, "events": [event]}}})
    run_id = moved.run_now(moved.job("daily", FAILING))
    moved.pass_by(10 * MINUTE)
    return moved, run_id


def test_a_failed_run_tells_every_attempt_and_why() -> None:
    moved, run_id = failed()
    run = moved.run(run_id)
    assert states_of(run) == ["a FAILED", "a FAILED", "b UPSTREAM_FAILED", "h SUCCESS"]
    assert [task["attempt_number"] for task in run["tasks"]] == [0, 1, 0, 0]
    told = "Task a failed with message: Workload failed, see run output for details."
    assert run["state"]["life_cycle_state"] == "INTERNAL_ERROR"
    assert run["state"]["state_message"].startswith(told)
    assert run["status"]["termination_details"]["code"] == "RUN_EXECUTION_ERROR"
    skipped = run["tasks"][2]
    assert (skipped["start_time"], skipped["state"]["life_cycle_state"]) == (0, "SKIPPED")
    output = moved.get("/jobs/runs/get-output", run_id=run["tasks"][0]["run_id"])
    assert output["error"] == "Workload failed, see run output for details"
    assert output["metadata"]["job_run_id"] == run_id
    assert "multiple tasks is not supported" in moved.get("/jobs/runs/get-output", run_id=run_id)["message"]
    reasons = moved.state.tables["run_notes"][str(run_id)]["reasons"]
    assert reasons[str(skipped["run_id"])] == "skipped: b needs all of a, which failed"


def test_repairs_follow_each_other_also_after_a_restart() -> None:
    moved, run_id = failed()
    first = moved.post("/jobs/runs/repair", run_id=run_id, rerun_all_failed_tasks=True)["repair_id"]
    assert states_of(moved.run(run_id))[2] == "a RUNNING"
    assert moved.post("/jobs/runs/repair", run_id=run_id, rerun_tasks=["b"])["error_code"] == "INVALID_STATE"
    moved.pass_by(10 * MINUTE)
    run = moved.run(run_id, include_history="true")
    assert (state_of(run), run["run_duration"]) == ("SUCCESS", 4 * MINUTE)
    assert [item.get("id") for item in run["repair_history"]] == [None, first]
    assert [len(item["task_run_ids"]) for item in run["repair_history"]] == [4, 2]
    assert moved.post("/jobs/runs/repair", run_id=run_id, rerun_tasks=["b"])["message"] == LATEST
    other = moved.reopened()
    assert "repair_id" in other.post("/jobs/runs/repair", run_id=run_id, rerun_tasks=["b"], latest_repair_id=first)
    other.pass_by(10 * MINUTE)
    tasks = other.run(run_id)["tasks"]
    assert len({task["run_id"] for task in tasks}) == len(tasks) == 7


def test_a_second_run_waits_or_is_skipped() -> None:
    moved = Moved()
    job_id = moved.job("alone", {"a": {}})
    moved.run_now(job_id)
    waits, skipped = moved.run_now(job_id), moved.run_now(job_id, queue={"enabled": False})
    assert moved.run(waits)["status"]["queue_details"] == {
        "code": "MAX_CONCURRENT_RUNS_REACHED",
        "message": "Queued due to reaching maximum concurrent runs of 1.",
    }
    assert state_of(moved.run(skipped)) == "MAXIMUM_CONCURRENT_RUNS_REACHED"
    moved.pass_by(HOUR)
    run = moved.run(waits)
    assert (state_of(run), run["queue_duration"], run["run_duration"]) == ("SUCCESS", MINUTE, MINUTE)


def test_all_runs_of_a_job_are_canceled_and_none_starts_in_their_place() -> None:
    moved = Moved()
    job_id = moved.job("alone", {"a": {}})
    first, second = moved.run_now(job_id), moved.run_now(job_id)
    assert moved.post("/jobs/runs/cancel-all", job_id=job_id) == {}
    assert [state_of(moved.run(run_id)) for run_id in (first, second)] == ["CANCELED", "CANCELED"]
    assert moved.run(second)["run_duration"] == 0
    assert moved.post("/jobs/runs/cancel", run_id=first) == {}


def test_loops_conditions_and_other_jobs() -> None:
    moved = Moved()
    inner = moved.job("inner", {"x": {}}, parameters=[{"name": "day", "default": "1"}])
    each = {"task_key": "each", "notebook_task": {**NOTEBOOK, "base_parameters": {"n": "{{input}}"}}}
    outer = moved.job(
        "outer",
        {
            "c": {"condition_task": {"op": "EQUAL_TO", "left": "{{job.parameters.day}}", "right": "2"}},
            "call": {"run_job_task": {"job_id": inner}},
            "f": {"after": ["c=false"]},
            "loop": {"for_each_task": {"inputs": "[1,2,3]", "concurrency": 2, "task": each}},
        },
        parameters=[{"name": "day", "default": "0"}],
    )
    run_id = moved.run_now(outer, job_parameters={"day": "2"})
    tasks = {task["task_key"]: task for task in moved.run(run_id)["tasks"]}
    assert tasks["c"]["condition_task"]["outcome"] == "true"
    assert state_of(tasks["f"]) == "EXCLUDED"
    counts = tasks["loop"]["for_each_task"]["stats"]["task_run_stats"]
    assert (counts["active_iterations"], counts["total_iterations"]) == (2, 3)
    assert len(moved.run(tasks["loop"]["run_id"])["iterations"]) == 2
    [child] = moved.runs(inner)
    assert (child["trigger"], child["trigger_info"]) == ("RUN_JOB_TASK", {"run_id": tasks["call"]["run_id"]})
    assert tasks["call"]["run_job_output"] == {"run_id": child["run_id"]}
    assert child["job_parameters"] == [{"name": "day", "default": "1", "value": "2"}]
    moved.pass_by(HOUR)
    run = moved.run(run_id, include_resolved_values="true")
    assert state_of(run) == "SUCCESS"
    resolved = {task["task_key"]: task.get("resolved_values") for task in run["tasks"]}
    assert resolved["c"] == {"condition_task": {"left": "2", "right": "2"}}


def test_a_token_starts_one_run_and_none_once_that_is_deleted() -> None:
    moved = Moved()
    said = {"tasks": tasks_of({"s": {}}), "idempotency_token": "x"}
    run_id = moved.post("/jobs/runs/submit", **said)["run_id"]
    assert moved.post("/jobs/runs/submit", **said)["run_id"] == run_id
    assert moved.run(run_id)["run_type"] == "SUBMIT_RUN"
    assert moved.post("/jobs/runs/delete", run_id=run_id)["error_code"] == "INVALID_STATE"
    moved.pass_by(HOUR)
    assert moved.post("/jobs/runs/delete", run_id=run_id) == {}
    assert "was deleted" in moved.post("/jobs/runs/submit", **said)["message"]
    assert "64" in moved.post("/jobs/runs/submit", **{**said, "idempotency_token": "x" * 65})["message"]


def test_older_parameters_have_their_rules() -> None:
    moved = Moved()
    plain, declares = (
        moved.job("plain", {"a": {}}),
        moved.job("declares", {"a": {}}, parameters=[{"name": "d", "default": ""}]),
    )
    run_id = moved.run_now(plain, notebook_params={"n": "1"})
    run = moved.run(run_id, include_resolved_values="true")
    assert run["overriding_parameters"] == {"notebook_params": {"n": "1"}}
    assert run["tasks"][0]["resolved_values"] == {"notebook_task": {"base_parameters": {"n": "1"}}}
    for job_id, said in (
        (declares, {"notebook_params": {"n": "1"}}),
        (plain, {"notebook_params": {"n": "1"}, "jar_params": ["x"]}),
    ):
        assert moved.post("/jobs/run-now", job_id=job_id, **said)["error_code"] == "INVALID_PARAMETER_VALUE"
