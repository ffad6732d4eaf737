"""Retries, timeouts and cancels of tasks and of the whole run."""

from datetime import timedelta

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import (
    Cancelled,
    Disabled,
    Failed,
    Semantics,
    Setting,
    Skipped,
    Succeeded,
    TimedOut,
    simulate,
)
from tests.support.control_flow import job, states


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


@pytest.mark.parametrize(
    ("interval", "starts"),
    [(0, [0, 60, 120]), (30_000, [0, 60, 120]), (90_000, [0, 90, 180])],
)
def test_a_wait_counts_from_start_to_start(interval: int, starts: list[int]) -> None:
    flow = job("a", more={"a": {"max_retries": 2, "min_retry_interval_millis": interval}})
    run = simulate(flow, {"a": Failed()})
    assert [attempt.started for attempt in run.attempts] == [seconds(start) for start in starts]
    assert [attempt.number for attempt in run.attempts] == [0, 1, 2]


def test_between_attempts_it_waits() -> None:
    flow = job("a", "b(a)", more={"a": {"max_retries": 1, "min_retry_interval_millis": 90_000}})
    run = simulate(flow, {"a": Failed(times=1)})
    phases = [run["a"].phase(seconds(at)) for at in (0, 70, 100, 150)]
    assert phases == ["RUNNING", "WAITING_FOR_RETRY", "RUNNING", "TERMINATED"]
    assert run["b"].phase(seconds(100)) == "BLOCKED"
    assert (run.phase(seconds(100)), run.phase(run.ended)) == ("RUNNING", "TERMINATED")


def test_a_failed_job_and_a_failed_task_are_spelled_differently() -> None:
    run = simulate(job("a"), {"a": Failed(code="CLUSTER_ERROR", message="no machines", duration=seconds(5))})
    assert (run.phase(run.ended), run["a"].phase(run.ended)) == ("INTERNAL_ERROR", "TERMINATED")
    assert (run["a"].last.code, run["a"].reason) == ("CLUSTER_ERROR", "failed (CLUSTER_ERROR): no machines")
    assert run.message == "Task a failed with message: Workload failed, see run output for details."


def test_attempts_one_by_one() -> None:
    flow = job("a", more={"a": {"max_retries": 3}})
    run = simulate(flow, {"a": [Failed(code="A"), Failed(code="B"), Succeeded(values={"n": 1})]})
    assert [attempt.code for attempt in run.attempts] == ["A", "B", "SUCCESS"]
    assert run["a"].last.values == {"n": 1}


def test_a_cancel_is_not_retried() -> None:
    assert len(simulate(job("a", more={"a": {"max_retries": 3}}), {"a": Cancelled()}).attempts) == 1


def test_retry_on_timeout() -> None:
    body = {"timeout_seconds": 10, "max_retries": 2, "retry_on_timeout": True}
    run = simulate(job("a", more={"a": body}), {"a": TimedOut()})
    assert [(attempt.state, attempt.duration) for attempt in run.attempts] == [("TIMEDOUT", seconds(10))] * 3
    assert run["a"].reason == "timed out after 10s"
    assert run.state == "FAILED"
    switched = simulate(job("a", more={"a": body}), {"a": TimedOut()}, semantics=Semantics(timed_out_leaf="TIMEDOUT"))
    assert switched.state == "TIMEDOUT"


def test_an_attempt_that_ends_with_its_timeout_has_not_timed_out() -> None:
    run = simulate(job("a", more={"a": {"timeout_seconds": 60}}), {"a": Succeeded(duration=seconds(60))})
    assert run["a"].state == "SUCCESS"


def test_unlimited_retries_end_with_the_job() -> None:
    flow = job("a", more={"a": {"max_retries": -1}}, timeout_seconds=150)
    run = simulate(flow, {"a": Failed()})
    assert [attempt.state for attempt in run.attempts] == ["FAILED", "FAILED", "CANCELED"]
    assert (run.state, run.ended) == ("TIMEDOUT", seconds(150))


def test_retries_without_end_are_refused() -> None:
    with pytest.raises(LakeflowError, match="'a' is retried without end"):
        simulate(job("a", more={"a": {"max_retries": -1}}), {"a": Failed()})


def test_what_never_ends_is_refused() -> None:
    with pytest.raises(LakeflowError, match="a run never ends"):
        simulate(job("a"), {"a": TimedOut()})


def test_serverless_retries_are_a_switch() -> None:
    by_itself = Semantics(serverless_retries=3)
    assert len(simulate(job("a"), {"a": Failed()}).attempts) == 1
    assert len(simulate(job("a"), {"a": Failed()}, semantics=by_itself).attempts) == 4
    for body in ({"max_retries": 0}, {"existing_cluster_id": "x"}, {"disable_auto_optimization": True}):
        assert len(simulate(job("a", more={"a": body}), {"a": Failed()}, semantics=by_itself).attempts) == 1


def test_the_timeout_of_a_job() -> None:
    run = simulate(job("a", "b", "c(a)", "d(c)", timeout_seconds=70), {"b": TimedOut()})
    assert states(run) == "a SUCCESS, b CANCELED, c CANCELED, d UPSTREAM_CANCELED"
    assert (run.state, run.reason, run.ended) == ("TIMEDOUT", "timed out after 1m 10s", seconds(70))
    assert run["d"].reason == "did not run: the run was timed out after 1m 10s"


def test_what_a_timeout_calls_tasks_is_a_switch() -> None:
    chosen = Semantics(stopped_tasks="TIMEDOUT", waiting_tasks="CANCELED")
    run = simulate(job("a", "b(a)", timeout_seconds=30), semantics=chosen)
    assert states(run) == "a TIMEDOUT, b CANCELED"


def test_a_run_that_is_canceled() -> None:
    run = simulate(job("a", "b(a)", "h(b):ALL_DONE"), cancel_after=seconds(90))
    assert states(run) == "a SUCCESS, b CANCELED, h UPSTREAM_CANCELED"
    assert (run.state, run.message, run.ended) == ("CANCELED", "Run cancelled by user", seconds(90))


def test_a_cancel_after_the_end_changes_nothing() -> None:
    assert simulate(job("a"), cancel_after=seconds(600)) == simulate(job("a"))


def test_what_finds_nothing_to_do_is_neither_success_nor_failure() -> None:
    run = simulate(job("a", "b(a)", "c", "d(a,c)"), {"a": Skipped()})
    assert states(run) == "a SKIPPED, b EXCLUDED, c SUCCESS, d SUCCESS"
    assert run.state == "SUCCESS"


def test_a_task_can_be_disabled_for_one_run() -> None:
    run = simulate(job("a", "b(a)", "c(b):ALL_DONE"), {"a": Disabled()})
    assert states(run) == "a DISABLED, b DISABLED, c SUCCESS"
    assert run["b"].reason == "disabled: b (ALL_SUCCESS) waits for a; disabled: a"
    assert simulate(job("a"), {"a": Disabled()}, semantics=Semantics(nothing_ran="SKIPPED")).state == "SKIPPED"


def test_when_a_disabled_task_is_over_is_a_switch() -> None:
    flow = job("a", "b(a)", "c(b):ALL_DONE")
    assert simulate(flow, {"b": Disabled()})["c"].started == seconds(0)
    in_order = Semantics(disabled_at="in-order")
    assert simulate(flow, {"b": Disabled()}, semantics=in_order)["c"].started == seconds(60)


def test_durations_by_a_seed() -> None:
    flow = job("a", "b(a)")
    fixed = simulate(flow, setting=Setting(duration=seconds(10), durations={"b": seconds(100)}))
    assert [task.duration for task in fixed] == [seconds(10), seconds(100)]
    one, other = (simulate(flow, setting=Setting(seed=seed, spread=0.5)) for seed in (1, 2))
    assert one["a"].duration != other["a"].duration


def test_a_job_without_tasks_has_nothing_to_fail() -> None:
    assert (simulate(job()).state, simulate(job()).duration) == ("SUCCESS", seconds(0))
