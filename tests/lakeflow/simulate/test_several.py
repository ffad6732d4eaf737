"""Several runs of a job, jobs that start others, and repairs."""

from datetime import timedelta
from typing import Any

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import Cancelled, Failed, Semantics, Start, Succeeded, TimedOut, play, repair, simulate
from tests.support.control_flow import job, states

MINUTE = timedelta(minutes=1)
CHILD = job("x", "y(x)", parameter=[{"name": "day", "default": "today"}, {"name": "own", "default": "1"}])


def calling(**body: Any) -> dict[str, Any]:
    call = {"run_job_task": {"job_id": "42", **body}}
    return job("call", "b(call)", more={"call": call}, parameter=[{"name": "day", "default": "monday"}])


def test_places_are_given_in_the_order_of_asking() -> None:
    flow = job("a", max_concurrent_runs=2)
    runs = play({"flow": flow}, [Start(at=MINUTE * at) for at in (0, 0.1, 0.2, 0.3, 5)])
    assert [run.started for run in runs if run.started is not None] == [MINUTE * at for at in (0, 0.1, 1, 1.1, 5)]


def test_after_48_hours_in_the_queue_a_run_is_skipped() -> None:
    flow = job("a")
    slow = {"a": Succeeded(duration=timedelta(hours=50))}
    _, second, third = play({"flow": flow}, [Start(does=slow), Start(at=MINUTE), Start(at=timedelta(hours=3))])
    assert second.reason == "skipped: no place for another run of flow within 48 hours"
    assert (second.state, second.queued) == ("MAXIMUM_CONCURRENT_RUNS_REACHED", timedelta(hours=48))
    assert (third.state, third.started) == ("SUCCESS", timedelta(hours=50))


def test_no_run_at_all() -> None:
    run = simulate(job("a", max_concurrent_runs=0))
    assert run.reason == "skipped: no place for another run of flow (max_concurrent_runs is 0), and its queue is off"


def test_a_run_may_say_whether_it_waits_and_else_the_job_or_a_switch_does() -> None:
    starts = [Start(), Start(queue=False)]
    assert [run.succeeded for run in play({"flow": job("a")}, starts)] == [True, False]
    off = job("a", queue={"enabled": False})
    assert [run.succeeded for run in play({"flow": off}, [Start(), Start(queue=True)])] == [True, True]


def test_a_canceled_run_leaves_the_queue() -> None:
    runs = play({"flow": job("a")}, [Start(), Start(at=MINUTE / 4, cancel_after=MINUTE / 4), Start(at=MINUTE / 3)])
    assert [run.state for run in runs] == ["SUCCESS", "CANCELED", "SUCCESS"]
    assert (runs[1].started, runs[2].started) == (None, MINUTE)


def test_whether_a_timeout_counts_the_queue_is_a_switch() -> None:
    from lakeflow.simulate import Setting

    flow = job("a", timeout_seconds=90)
    starts = [Start(), Start()]
    assert [run.state for run in play({"flow": flow}, starts)] == ["SUCCESS", "SUCCESS"]
    counting = Setting(semantics=Semantics(timeout_counts_queue="yes"))
    assert [run.state for run in play({"flow": flow}, starts, setting=counting)] == ["SUCCESS", "TIMEDOUT"]


def test_a_child_gets_the_parameters_that_it_declares() -> None:
    run = simulate(calling(job_parameters={"own": "{{job.name}}", "new": "2"}), jobs={"42": CHILD})
    child = run["call"].run
    assert child is not None
    assert child.parameters == {"day": "monday", "own": "flow", "new": "2"}
    assert (child.trigger, child.state) == ("RUN_JOB_TASK", "SUCCESS")
    assert run["call"].duration == MINUTE * 2
    alone = simulate(calling(), jobs={"42": CHILD}, semantics=Semantics(child_gets_parameters="none"))["call"].run
    assert alone is not None
    assert alone.parameters["day"] == "today"


def test_a_retry_of_the_task_is_a_new_run_of_the_child() -> None:
    flow = calling()
    flow["task"][0]["max_retries"] = 1
    run = simulate(flow, {"call/x": Failed()}, jobs={"42": CHILD})
    children = [attempt.run.run_id for attempt in run["call"].attempts if attempt.run]
    assert len(set(children)) == 2
    assert run["call"].reason.startswith("failed: the run of flow is FAILED: x failed; y could not run")


@pytest.mark.parametrize(("does", "state"), [(Cancelled(), "FAILED"), (Failed(), "FAILED"), (Succeeded(), "SUCCESS")])
def test_how_a_child_ends_is_how_the_task_ends(does: Any, state: str) -> None:
    assert simulate(calling(), {"call/x": does}, jobs={"42": CHILD})["call"].state == state


def test_a_cancel_reaches_the_child() -> None:
    run = simulate(calling(), jobs={"42": CHILD}, cancel_after=MINUTE * 1.5)
    child = run["call"].run
    assert child is not None
    assert (states(run), states(child)) == ("b UPSTREAM_CANCELED, call CANCELED", "x SUCCESS, y CANCELED")


def test_a_timeout_of_the_task_cancels_the_child() -> None:
    flow = calling()
    flow["task"][0]["timeout_seconds"] = 90
    run = simulate(flow, {"call/x": TimedOut()}, jobs={"42": CHILD})
    child = run["call"].run
    assert child is not None
    assert (run["call"].state, child.state) == ("TIMEDOUT", "CANCELED")


def test_a_child_waits_for_its_own_place_or_is_skipped() -> None:
    for enabled, expected in ((True, "SUCCESS"), (False, "FAILED")):
        child = CHILD | {"queue": {"enabled": enabled}}
        parent, _ = play({"p": calling(), "42": child}, [Start(job="p", at=MINUTE / 2), Start(job="42")])
        assert parent["call"].state == expected


def test_a_job_that_nobody_has_told_of_is_a_task_like_others() -> None:
    assert simulate(calling())["call"].duration == MINUTE


def test_jobs_that_start_each_other() -> None:
    one = job("a", more={"a": {"run_job_task": {"job_id": "${databricks_job.two.id}"}}})
    two = job("b", more={"b": {"run_job_task": {"job_id": "${databricks_job.one.id}"}}})
    with pytest.raises(LakeflowError, match="jobs start each other without end"):
        play({"databricks_job.one": one, "databricks_job.two": two}, [Start()])


# Repairs


def test_a_repair_reruns_what_failed_and_keeps_the_rest() -> None:
    flow = job("a", "b(a)", "c", "i(c):ALL_FAILED")
    broken = simulate(flow, {"a": Failed()})
    assert states(broken) == "a FAILED, b UPSTREAM_FAILED, c SUCCESS, i EXCLUDED"
    repaired = repair(broken, rerun_all_failed_tasks=True)
    assert states(repaired) == "a SUCCESS, b SUCCESS, c SUCCESS, i EXCLUDED"
    assert repaired["c"] == broken["c"]
    assert [(attempt.state, attempt.repair) for attempt in repaired["a"].attempts] == [("FAILED", 0), ("SUCCESS", 1)]
    assert repaired["a"].attempts[0].run_id != repaired["a"].attempts[1].run_id
    assert repaired.duration == MINUTE * 3


def test_a_repair_reruns_what_comes_after_where_somebody_wants_it() -> None:
    run = simulate(job("a", "b(a)", "c"))
    again = repair(run, {"b": Failed()}, rerun_tasks=["a"], rerun_dependent_tasks=True)
    assert states(again) == "a SUCCESS, b FAILED, c SUCCESS"


def test_references_know_of_a_repair() -> None:
    body = {
        "spark_python_task": {"python_file": "/a", "parameters": ["{{job.repair_count}}", "{{task.execution_count}}"]}
    }
    run = simulate(job("a", more={"a": body}), {"a": Failed()})
    repaired = repair(run, rerun_all_failed_tasks=True)
    assert [attempt.resolved["parameters"] for attempt in repaired["a"].attempts] == [["0", "1"], ["1", "2"]]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "names tasks, or reruns all"),
        ({"rerun_tasks": ["a"], "rerun_all_failed_tasks": True}, "names tasks, or reruns all"),
        ({"rerun_tasks": ["aa"]}, "has no task 'aa'"),
    ],
)
def test_repairs_that_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(LakeflowError, match=problem):
        repair(simulate(job("a")), **options)
