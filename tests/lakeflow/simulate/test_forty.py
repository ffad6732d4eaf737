"""The forty scenarios of what a run does; the ids are the numbers of the table that they come from."""

from datetime import timedelta
from typing import Any

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import (
    Cancelled,
    Failed,
    Iterations,
    Semantics,
    Start,
    Succeeded,
    play,
    repair,
    simulate,
)
from lakeflow.simulate.outcomes import Does
from tests.support.control_flow import condition, job, loop, states

MINUTE = timedelta(minutes=1)
FAILS = Failed()

CASES: list[tuple[str, list[str], dict[str, Does], str, str]] = [
    ("1", ["a", "b(a)"], {}, "a SUCCESS, b SUCCESS", "SUCCESS"),
    ("2", ["a", "b(a)"], {"a": FAILS}, "a FAILED, b UPSTREAM_FAILED", "FAILED"),
    ("3", ["a", "b(a)", "c(b)"], {"a": FAILS}, "a FAILED, b UPSTREAM_FAILED, c UPSTREAM_FAILED", "FAILED"),
    ("4", ["a", "b(a):ALL_DONE"], {"a": FAILS}, "a FAILED, b SUCCESS", "SUCCESS_WITH_FAILURES"),
    ("5", ["a", "b(a):ALL_DONE"], {"a": FAILS, "b": FAILS}, "a FAILED, b FAILED", "FAILED"),
    ("6", ["a", "b(a):AT_LEAST_ONE_FAILED"], {"a": FAILS}, "a FAILED, b SUCCESS", "SUCCESS_WITH_FAILURES"),
    ("7", ["a", "b(a):AT_LEAST_ONE_FAILED"], {}, "a SUCCESS, b EXCLUDED", "SUCCESS"),
    ("8", ["a", "b(a):ALL_FAILED", "c(b)"], {}, "a SUCCESS, b EXCLUDED, c EXCLUDED", "SUCCESS"),
    ("9", ["a", "b(a):ALL_FAILED", "c(b):ALL_DONE"], {}, "a SUCCESS, b EXCLUDED, c EXCLUDED", "SUCCESS"),
    ("10", ["a", "b", "c(a,b)"], {"b": FAILS}, "a SUCCESS, b FAILED, c UPSTREAM_FAILED", "FAILED"),
    (
        "11",
        ["a", "b", "c(a,b):AT_LEAST_ONE_SUCCESS"],
        {"b": FAILS},
        "a SUCCESS, b FAILED, c SUCCESS",
        "SUCCESS_WITH_FAILURES",
    ),
    (
        "12",
        ["a", "b", "c(a,b):AT_LEAST_ONE_SUCCESS"],
        {"a": FAILS, "b": FAILS},
        "a FAILED, b FAILED, c UPSTREAM_FAILED",
        "FAILED",
    ),
    ("13", ["a", "b", "c(a,b):NONE_FAILED"], {"b": FAILS}, "a SUCCESS, b FAILED, c UPSTREAM_FAILED", "FAILED"),
    (
        "14",
        ["a", "b", "c(a,b):ALL_FAILED"],
        {"b": FAILS},
        "a SUCCESS, b FAILED, c EXCLUDED",
        "SUCCESS_WITH_FAILURES",
    ),
    (
        "15",
        ["a", "b", "c(a,b):ALL_FAILED"],
        {"a": FAILS, "b": FAILS},
        "a FAILED, b FAILED, c SUCCESS",
        "SUCCESS_WITH_FAILURES",
    ),
    (
        "16",
        ["a", "b(a)", "h(a):AT_LEAST_ONE_FAILED"],
        {"a": FAILS},
        "a FAILED, b UPSTREAM_FAILED, h SUCCESS",
        "FAILED",
    ),
    (
        "17",
        ["a", "b(a)", "z(b):ALL_DONE"],
        {"a": FAILS},
        "a FAILED, b UPSTREAM_FAILED, z SUCCESS",
        "SUCCESS_WITH_FAILURES",
    ),
    (
        "18",
        ["a", "b(a)", "z(b):ALL_FAILED"],
        {"a": FAILS},
        "a FAILED, b UPSTREAM_FAILED, z SUCCESS",
        "SUCCESS_WITH_FAILURES",
    ),
]


@pytest.mark.parametrize(
    ("tasks", "does", "expected", "result"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_tasks_and_run_if(tasks: list[str], does: dict[str, Does], expected: str, result: str) -> None:
    run = simulate(job(*tasks), does)
    assert states(run) == expected
    assert run.state == result
    assert all(task.reason for task in run if task.state != "SUCCESS")


BRANCHES = [
    pytest.param([], "f EXCLUDED, i SUCCESS, t SUCCESS", id="19"),
    pytest.param(["g(f)"], "f EXCLUDED, g EXCLUDED, i SUCCESS, t SUCCESS", id="20"),
    pytest.param(["j(t,f):NONE_FAILED"], "f EXCLUDED, i SUCCESS, j SUCCESS, t SUCCESS", id="21"),
    pytest.param(["j(t,f)"], "f EXCLUDED, i SUCCESS, j SUCCESS, t SUCCESS", id="22"),
]


def branching(*more: str, left: str = "1", right: str = "1", operator: str = "EQUAL_TO") -> dict[str, Any]:
    return job("i", "t(i=true)", "f(i=false)", *more, more={"i": condition(operator, left, right)})


@pytest.mark.parametrize(("more", "expected"), BRANCHES)
def test_branches(more: list[str], expected: str) -> None:
    run = simulate(branching(*more))
    assert run["i"].outcome == "true"
    assert states(run) == expected
    assert run.state == "SUCCESS"
    assert run["f"].reason == "excluded: f follows i where it is false, and it was true"


def test_22_is_a_switch() -> None:
    run = simulate(branching("j(t,f)"), semantics=Semantics(join_after_excluded="exclude"))
    assert run["j"].state == "EXCLUDED"


COMPARED = [
    pytest.param("EQUAL_TO", "12.0", "12", "false", id="23"),
    pytest.param("GREATER_THAN_OR_EQUAL", "12.0", "12", "true", id="24-12.0"),
    pytest.param("GREATER_THAN_OR_EQUAL", "10.0", "12", "false", id="24-10.0"),
]


@pytest.mark.parametrize(("operator", "left", "right", "outcome"), COMPARED)
def test_comparisons(operator: str, left: str, right: str, outcome: str) -> None:
    assert simulate(branching(left=left, right=right, operator=operator))["i"].outcome == outcome


def test_25_a_task_value_that_is_true() -> None:
    flow = job("a", "i(a)", more={"i": condition("EQUAL_TO", "{{tasks.a.values.v}}", "true")})
    assert simulate(flow, {"a": Succeeded(values={"v": True})})["i"].outcome == "true"


def test_26_a_list_is_not_compared() -> None:
    flow = job("a", "i(a)", "t(i=true)", "f(i=false)", more={"i": condition("EQUAL_TO", "{{tasks.a.values.v}}", "[1]")})
    run = simulate(flow, {"a": Succeeded(values={"v": [1]})})
    assert states(run) == "a SUCCESS, f UPSTREAM_FAILED, i FAILED, t UPSTREAM_FAILED"
    assert run.state == "FAILED"


OFF: dict[str, dict[str, Any]] = {"a": {"disabled": True}}
DISABLED = [
    pytest.param(["a", "b(a)"], {}, "a DISABLED, b DISABLED", "SUCCESS", id="27"),
    pytest.param(["a", "c", "b(a,c):AT_LEAST_ONE_SUCCESS"], {}, "a DISABLED, b SUCCESS, c SUCCESS", "SUCCESS", id="28"),
    pytest.param(["a", "b(a):ALL_DONE"], {}, "a DISABLED, b SUCCESS", "SUCCESS", id="29"),
    pytest.param(
        ["a", "c", "b(a,c):AT_LEAST_ONE_FAILED"],
        {"c": FAILS},
        "a DISABLED, b SUCCESS, c FAILED",
        "SUCCESS_WITH_FAILURES",
        id="30",
    ),
    pytest.param(["a", "b(a):ALL_FAILED"], {}, "a DISABLED, b DISABLED", "SUCCESS", id="31"),
]


@pytest.mark.parametrize(("tasks", "does", "expected", "result"), DISABLED)
def test_disabled_tasks(tasks: list[str], does: dict[str, Does], expected: str, result: str) -> None:
    run = simulate(job(*tasks, more=OFF), does)
    assert (states(run), run.state) == (expected, result)


def test_32_a_condition_on_a_value_of_a_disabled_task() -> None:
    flow = job("a", "i(a):ALL_DONE", more=OFF | {"i": condition("EQUAL_TO", "{{tasks.a.values.v}}", "1")})
    run = simulate(flow)
    assert (states(run), run.state) == ("a DISABLED, i FAILED", "FAILED")
    assert run["i"].reason == "failed: {{tasks.a.values.v}} was never set: a is DISABLED"


def test_33_a_task_is_canceled() -> None:
    run = simulate(job("a", "b(a)", "h(a):AT_LEAST_ONE_FAILED"), {"a": Cancelled()})
    assert (states(run), run.state) == ("a CANCELED, b UPSTREAM_CANCELED, h SUCCESS", "CANCELED")
    switched = simulate(job("a", "b(a)"), {"a": Cancelled()}, semantics=Semantics(canceled_leaf="FAILED"))
    assert switched.state == "FAILED"


def test_34_retries() -> None:
    flow = job("a", more={"a": {"max_retries": 2}}, email_notifications={"on_failure": ["us@example.com"]})
    run = simulate(flow, {"a": Failed(times=2)})
    assert [(each.number, each.state) for each in run.attempts] == [(0, "FAILED"), (1, "FAILED"), (2, "SUCCESS")]
    assert run.state == "SUCCESS"
    assert run.notices == ()


def test_35_a_timeout_is_not_retried() -> None:
    flow = job("a", more={"a": {"timeout_seconds": 10, "max_retries": 3, "retry_on_timeout": False}})
    run = simulate(flow, {"a": Succeeded(duration=timedelta(seconds=20))})
    assert [(each.state, each.duration.total_seconds()) for each in run.attempts] == [("TIMEDOUT", 10)]
    assert run.state == "FAILED"


@pytest.mark.parametrize("queue", [pytest.param(False, id="36"), pytest.param(True, id="37")])
def test_a_second_run_at_the_limit(queue: bool) -> None:
    flow = job("a", queue={"enabled": queue})
    first, second = play({"flow": flow}, [Start(), Start(at=MINUTE / 2)])
    assert first.state == "SUCCESS"
    if queue:
        assert second.phase(MINUTE * 0.75) == "QUEUED"
        assert (second.state, second.started, second.queued) == ("SUCCESS", first.ended, MINUTE / 2)
    else:
        assert (second.state, second.phase(MINUTE)) == ("MAXIMUM_CONCURRENT_RUNS_REACHED", "SKIPPED")
        assert second.reason == (
            "skipped: no place for another run of flow (1 of at most 1 at once), and its queue is off"
        )


@pytest.mark.parametrize(
    ("child", "expected", "result"),
    [
        pytest.param(job("x", "y(x):ALL_DONE"), "SUCCESS", "SUCCESS", id="38-with-failures"),
        pytest.param(job("x", "y(x)"), "FAILED", "FAILED", id="38-failed"),
    ],
)
def test_a_job_that_starts_another(child: dict[str, Any], expected: str, result: str) -> None:
    parent = job("call", more={"call": {"run_job_task": {"job_id": "${databricks_job.child.id}"}}})
    run = simulate(parent, {"call/x": FAILS}, jobs={"databricks_job.child": child})
    assert (run["call"].state, run.state) == (expected, result)
    assert run["call"].run is not None
    assert run["call"].run["x"].state == "FAILED"


def test_39_and_40_repairs() -> None:
    broken = simulate(job("a", "b(a)"), {"a": FAILS})
    repaired = repair(broken, rerun_all_failed_tasks=True)
    assert repaired.run_id == broken.run_id
    assert (states(repaired), repaired.state) == ("a SUCCESS, b SUCCESS", "SUCCESS")
    assert [(piece.kind, piece.state) for piece in repaired.repairs] == [("ORIGINAL", "FAILED"), ("REPAIR", "SUCCESS")]
    with pytest.raises(LakeflowError, match="The latest repair ID needs to be provided"):
        repair(repaired, rerun_tasks=["a"])
    latest = repaired.repairs[-1].repair_id
    assert repair(repaired, rerun_tasks=["a"], latest_repair_id=latest).state == "SUCCESS"


# The extra ones


def test_only_names_a_task_behind_a_disabled_one() -> None:
    assert states(simulate(job("a", "b(a)", more=OFF), only=["b"])) == "b SUCCESS"
    assert states(simulate(job("a", "b(a)", more=OFF), only=["+b"])) == "b SUCCESS"
    assert states(simulate(job("a", "b(a)", more=OFF), only=["a"])) == "a SUCCESS"


def test_one_of_three_iterations_fails() -> None:
    flow = job("l", more={"l": loop('["x", "y", "z"]')})
    run = simulate(flow, {"l": Iterations(by_index={1: FAILS})})
    assert [each.state for each in run["l"].iterations] == ["SUCCESS", "FAILED", "SUCCESS"]
    assert (run["l"].state, run.state) == ("FAILED", "FAILED")
    assert run["l"].reason == "failed: 1 of 3 iterations did not succeed, the first with input y"


def test_a_repaired_loop_has_as_many_iterations() -> None:
    flow = job("a", "l(a)", more={"l": loop("{{tasks.a.values.list}}")})
    run = simulate(flow, {"a": Succeeded(values={"list": [1, 2]}), "each": FAILS})
    repaired = repair(run, {"a": Succeeded(values={"list": [1, 2, 3]})}, rerun_tasks=["a", "l"])
    assert repaired["l"].reason == (
        "failed: Inputs of a For each task repair must resolve to the same total iterations"
    )
