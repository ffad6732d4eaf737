"""The same history as the Jobs API tells it: another vocabulary, milliseconds, and its own zeros."""

from typing import Any

from databricks.sdk.service.jobs import BaseRun, Run, RunResultState, TerminationCodeCode

from lakeflow.scenario.answers import job_answers, run_answers
from lakeflow.scenario.playback import History
from tests.support.scenarios import played


def on(made: History, day: int) -> dict[str, Any]:
    return run_answers(made)[day - 13]


def test_a_run_has_both_forms_of_its_state_and_the_sdk_knows_the_words() -> None:
    made = played(
        {"when": {"on": "2026-11-14"}, "cancel_after": "1m"},
        {"when": {"on": "2026-11-15"}, "slow": 9},
        {"when": {"on": "2026-11-16"}, "skip": "MAX_CONCURRENT_RUNS_EXCEEDED"},
        {"when": {"on": "2026-11-17"}, "attempts": {"load": "CLOUD_FAILURE"}},
        timeout="1h",
    )
    read = [BaseRun.from_dict(answer) for answer in run_answers(made)[:5]]
    states = [run.state.result_state for run in read if run.state]
    assert states == [
        RunResultState.SUCCESS,
        RunResultState.CANCELED,
        RunResultState.TIMEDOUT,
        RunResultState.MAXIMUM_CONCURRENT_RUNS_REACHED,
        RunResultState.FAILED,
    ]
    details = [run.status.termination_details for run in read if run.status]
    assert [each.code for each in details if each] == [
        TerminationCodeCode.SUCCESS,
        TerminationCodeCode.USER_CANCELED,
        TerminationCodeCode.CANCELED,
        TerminationCodeCode.MAX_CONCURRENT_RUNS_EXCEEDED,
        TerminationCodeCode.CLOUD_FAILURE,
    ]
    assert on(made, 17)["state"]["life_cycle_state"] == "INTERNAL_ERROR"


def test_times_are_milliseconds_and_zero_where_there_is_none() -> None:
    made = played({"when": {"on": "2026-11-17"}, "attempts": {"load": "CLOUD_FAILURE"}}, queue="2m")
    run = on(made, 13)
    assert (run["run_duration"], run["queue_duration"]) == (1_800_000, 120_000)
    assert run["end_time"] - run["start_time"] == 1_800_000
    assert (run["setup_duration"], run["execution_duration"]) == (0, 0)  # of several tasks
    load, report = on(made, 17)["tasks"]
    assert (load["start_time"] > 0, report["start_time"]) == (True, 0)
    going_on = run_answers(played(starts={"at": "2026-11-22T05:50:00Z"}))[0]
    assert (going_on["end_time"], going_on["status"]) == (0, {"state": "RUNNING"})


def test_a_repaired_run_tells_its_history() -> None:
    event = {"when": {"on": "2026-11-14"}, "attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "2h"}}
    run = Run.from_dict(on(played(event), 14))
    assert run.repair_history
    assert [item.type.value for item in run.repair_history if item.type] == ["ORIGINAL", "REPAIR"]
    assert [len(item.task_run_ids or ()) for item in run.repair_history] == [2, 1]
    assert run.run_duration == 2_400_000
    assert run.end_time == run.repair_history[1].end_time


def test_jobs_have_their_settings() -> None:
    compute = {"etl": {"kind": "job_cluster", "node_type": "D4", "workers": 2}, "mine": {"kind": "all_purpose"}}
    tasks = {
        "load": {"takes": "1m", "compute": "etl", "max_retries": 2},
        "check": {"takes": "1s", "after": "load", "condition": True},
        "report": {"takes": "1m", "after": "check=true", "compute": "mine"},
    }
    changed = {"at": "2026-11-18T12:00:00Z", "timeout": "3h"}
    [job] = job_answers(played(tasks=tasks, compute=compute, changes=changed, timeout="1h"))
    settings = job["settings"]
    assert settings["timeout_seconds"] == 10_800
    assert settings["schedule"]["quartz_cron_expression"] == "0 0 4 * * ?"
    assert [task["task_key"] for task in settings["tasks"]] == ["check", "load", "report"]
    assert settings["tasks"][2]["depends_on"] == [{"task_key": "check", "outcome": "true"}]
    assert settings["tasks"][2]["existing_cluster_id"].startswith("0101-000000-")
    assert settings["job_clusters"][0]["new_cluster"]["num_workers"] == 2


def test_a_deleted_job_is_gone_and_its_runs_are_not() -> None:
    made = played(deleted_at="2026-11-20T00:00:00Z")
    assert job_answers(made) == ()
    assert len(run_answers(made)) == 7
