"""What a scenario says is what happens, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import of_document
from lakeflow.scenario.runs import Run
from tests.support.scenarios import UNTIL, document, ninety_days, played, results

MINUTE = timedelta(minutes=1)


def on(day: int) -> dict[str, str]:
    return {"on": f"2026-11-{day:02}"}


def at(day: int, hour: int = 4, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def run_of(made: Run) -> list[tuple[str, int, str | None]]:
    """Return the attempts of a run: task, attempt, result."""
    return [(task.task_key, task.attempt, task.result) for task in made.tasks()]


def test_a_schedule_starts_a_run_a_day_and_tasks_wait_for_each_other() -> None:
    made = played()
    assert [run.started_at for run in made.runs] == [at(day) for day in range(13, 23)]
    assert {run.duration for run in made.runs} == {30 * MINUTE}
    load, report = made.runs[0].tasks()
    assert (load.started_at, load.ended_at, report.started_at) == (at(13), at(13, 4, 10), at(13, 4, 10))


def test_a_failure_stops_what_comes_after_it() -> None:
    made = played({"when": on(15), "attempts": {"load": "CLOUD_FAILURE"}})
    assert results(made) == ["SUCCESS"] * 2 + ["FAILED"] + ["SUCCESS"] * 7
    failed = made.runs[2]
    assert failed.code == "CLOUD_FAILURE"
    assert run_of(failed) == [("load", 0, "FAILED"), ("report", 0, "UPSTREAM_FAILED")]
    assert failed.duration == 5 * MINUTE  # half of what it takes


def test_a_retry_helps_or_does_not() -> None:
    tasks = {"load": {"takes": "10m", "max_retries": 2, "min_retry_interval": "7m"}}
    made = played(
        {"when": on(14), "attempts": {"load": ["CLUSTER_ERROR", "SUCCESS"]}},
        {"when": on(16), "attempts": {"load": "RUN_EXECUTION_ERROR"}},
        tasks=tasks,
    )
    saved, wasted = made.runs[1], made.runs[3]
    assert run_of(saved) == [("load", 0, "FAILED"), ("load", 1, "SUCCESS")]
    assert saved.duration == 17 * MINUTE  # the interval is from start to start
    assert run_of(wasted) == [("load", number, "FAILED") for number in range(3)]
    assert (saved.result, wasted.result) == ("SUCCESS", "FAILED")


def test_a_repair_runs_what_did_not_succeed_again() -> None:
    made = played({"when": on(14), "attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "2h"}})
    first, repair = made.runs[1].stretches
    assert [task.task_key for task in first.tasks] == ["load", "report"]
    assert [task.task_key for task in repair.tasks] == ["report"]
    assert (first.result, repair.result) == ("FAILED", "SUCCESS")
    assert repair.started_at == at(14, 6, 20)
    assert made.runs[1].duration == 40 * MINUTE  # twenty and twenty, not the two hours between
    assert made.runs[1].result == "SUCCESS"


def test_a_repair_in_vain_and_another_one() -> None:
    in_vain = {"after": "1h", "attempts": {"report": "RUN_EXECUTION_ERROR"}}
    event = {"when": on(14), "attempts": {"load": "DRIVER_ERROR"}, "repairs": [in_vain, {"after": "1h"}]}
    made = played(event).runs[1]
    assert [stretch.result for stretch in made.stretches] == ["FAILED", "FAILED", "SUCCESS"]
    assert [task.task_key for task in made.stretches[2].tasks] == ["report"]


def test_what_is_too_long_times_out() -> None:
    made = played({"when": on(15), "slow": 5, "tasks": "report"}, timeout="1h")
    assert made.runs[2].result == "TIMEDOUT"
    assert made.runs[2].duration == 60 * MINUTE
    # What the engine calls a task that the job's timeout stops: the switch `stopped_tasks`.
    assert run_of(made.runs[2]) == [("load", 0, "SUCCESS"), ("report", 0, "CANCELED")]


def test_a_task_that_is_too_long_is_not_tried_again() -> None:
    tasks = {"load": {"takes": "10m", "timeout": "15m", "max_retries": 3}}
    made = played({"when": on(15), "slow": 2}, tasks=tasks)
    assert run_of(made.runs[2]) == [("load", 0, "TIMEDOUT")]
    assert made.runs[2].result == "FAILED"


def test_a_cancelled_run_leaves_the_rest_undone() -> None:
    made = played({"when": on(15), "cancel_after": "4m"})
    assert (made.runs[2].result, made.runs[2].code) == ("CANCELED", "USER_CANCELED")
    assert run_of(made.runs[2]) == [("load", 0, "CANCELED"), ("report", 0, "UPSTREAM_CANCELED")]


@pytest.mark.slow
def test_a_run_without_a_place_is_skipped_or_waits() -> None:
    often = {"starts": {"every": "20m"}, "tasks": {"load": {"takes": "30m"}}}
    skipping = results(played(**often, queue_enabled=False))
    assert skipping[:6] == ["SUCCESS", "SKIPPED"] * 3
    waiting = played(**often).runs
    assert [run.queued for run in waiting[:4]] == [0 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE]
    side_by_side = played(**often, max_concurrent_runs=2)
    assert {run.queued for run in side_by_side.runs} == {0 * MINUTE}


def test_a_run_goes_on_at_the_end() -> None:
    made = played(starts={"at": "2026-11-22T05:50:00Z"})
    [run] = made.runs
    assert (run.ended_at, run.result) == (None, None)
    assert [task.task_key for task in run.tasks()] == ["load"]


def test_a_condition_decides_which_branch_runs() -> None:
    tasks = {
        "count": {"takes": "1m"},
        "any": {"takes": "1s", "after": "count", "condition": True},
        "yes": {"takes": "2m", "after": "any=true"},
        "no": {"takes": "3m", "after": "any=false"},
    }
    made = played({"when": on(15), "outcomes": {"any": "false"}}, tasks=tasks)
    ran = [[task.task_key for task in run.tasks() if task.ran] for run in made.runs]
    assert ran == [["count", "any", "yes"]] * 2 + [["count", "any", "no"]] + [["count", "any", "yes"]] * 7
    assert set(results(made)) == {"SUCCESS"}


def test_a_handled_failure_is_a_success_with_failures() -> None:
    tasks = {"load": {"takes": "1m"}, "clean up": {"takes": "1m", "after": "load", "run_if": "AT_LEAST_ONE_FAILED"}}
    made = played({"when": on(15), "attempts": {"load": "RUN_EXECUTION_ERROR"}}, tasks=tasks)
    assert results(made)[1:4] == ["SUCCESS", "SUCCESS_WITH_FAILURES", "SUCCESS"]


def test_the_first_tasks_wait_for_a_shared_cluster_and_later_ones_do_not() -> None:
    tasks = {
        "a": {"takes": "10m", "compute": "etl"},
        "b": {"takes": "1m", "compute": "etl"},
        "c": {"takes": "2m", "compute": "etl", "after": ["a", "b"]},
    }
    compute = {"etl": {"kind": "job_cluster", "setup": "4m"}}
    run = played(tasks=tasks, compute=compute).runs[0]
    assert {task.task_key: task.setup for task in run.tasks()} == {"a": 4 * MINUTE, "b": 4 * MINUTE, "c": 0 * MINUTE}
    assert len({task.cluster_id for task in run.tasks()}) == 1
    assert run.duration == 16 * MINUTE


def test_a_continuous_job_starts_again_half_a_minute_after_its_end() -> None:
    made = played(starts={"continuous": True}, tasks={"stream": {"takes": "23h59m30s"}})
    assert [run.started_at for run in made.runs] == [at(day, 6) for day in range(12, 22)]
    assert results(made)[-1] == "SUCCESS"


def test_a_job_starts_only_while_it_is_there_and_not_paused() -> None:
    changes = {"at": "2026-11-19T12:00:00Z", "paused": True}
    made = played(created_at="2026-11-15T00:00:00Z", changes=changes)
    assert [run.started_at.day for run in made.runs] == [15, 16, 17, 18, 19]
    assert len(played(deleted_at="2026-11-15T00:00:00Z").runs) == 2
    assert played(starts={}).runs == ()


def test_the_same_seed_is_the_same_history_and_another_is_not() -> None:
    said = {**document(spread=0.2), "seed": 1}
    assert history(of_document(said)).runs == history(of_document(said)).runs
    other = history(of_document({**said, "seed": 2})).runs
    assert [run.duration for run in other] != [run.duration for run in history(of_document(said)).runs]


def test_a_longer_history_and_another_job_change_nothing_of_what_was() -> None:
    said = document({"when": {"rate": 0.5}, "attempts": {"load": "CLUSTER_ERROR"}}, spread=0.3)
    runs = history(of_document(said)).runs
    longer = history(of_document({**said, "days": 30})).runs
    assert longer[-len(runs) :] == runs
    more = {**said, "jobs": {"new": {"name": "new"}, **said["jobs"]}}
    assert history(of_document(more)).of("daily") == runs


def test_durations_lie_around_their_median() -> None:
    made = history(of_document({**document(spread=0.5), "days": 400}))
    took = sorted(run.duration / (30 * MINUTE) for run in made.runs)
    assert took[200] == pytest.approx(1, abs=0.05)
    assert took[0] < 0.75
    assert took[-1] > 1.3


def test_the_sample_has_everything_that_happens() -> None:
    made = ninety_days()
    assert made.scenario.until == UNTIL
    daily = made.of("daily-sales")
    assert len(daily) == 90
    repaired = [run for run in daily if len(run.stretches) > 1]
    assert [run.started_at.date().isoformat() for run in repaired] == ["2026-11-03"]
    assert {run.result for run in made.runs} == {
        "SUCCESS",
        "SUCCESS_WITH_FAILURES",
        "FAILED",
        "TIMEDOUT",
        "CANCELED",
        "SKIPPED",
        None,
    }
    assert made.of("campaign-scores") == ()
