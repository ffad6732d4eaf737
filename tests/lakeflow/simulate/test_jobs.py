"""Jobs in every form that can be simulated, and those that cannot."""

from datetime import timedelta
from typing import Any

import pytest

from constructs_lib import JobDefinition, NotebookTask, Trigger, WorkspacePath
from constructs_lib.errors import LakeflowError
from lakeflow.simulate import Failed, Iterations, Setting, Start, Succeeded, simulate
from lakeflow.simulate.reading import read_job
from tests.support.control_flow import condition, job, loop


def test_the_api_and_terraform_say_the_same() -> None:
    terraform = job("a", "b(a)", parameter=[{"name": "day", "default": "1"}])
    api = {"name": "flow", "tasks": terraform["task"], "parameters": terraform["parameter"]}
    assert simulate(api, {"a": Failed()}) == simulate(terraform, {"a": Failed()})
    assert simulate({"job_id": 5, "settings": api}, {"a": Failed()}).states == {"a": "FAILED", "b": "UPSTREAM_FAILED"}


def test_blocks_in_lists_and_numbers_in_strings() -> None:
    task = {
        "task_key": "l",
        "for_each_task": [
            {
                "inputs": "[1, 2]",
                "concurrency": "2",
                "task": [{"task_key": "e", "notebook_task": [{"notebook_path": "/"}]}],
            }
        ],
    }
    run = simulate({"name": "x", "task": [task], "queue": [{"enabled": "true"}], "timeout_seconds": "300"})
    assert run["l"].duration == timedelta(minutes=1)


def test_escapes_of_terraform_are_undone() -> None:
    flow = job("i", more={"i": condition("EQUAL_TO", "$${x}", "$${x}")})
    assert simulate(flow)["i"].last.resolved["left"] == "${x}"


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        (job("a", "b(c)"), "flow: 'b' depends on 'c', which is no task of it; there is a, b"),
        (job("load", "b(laod)"), "flow: 'b' depends on 'laod', which is no task of it; did you mean 'load'?"),
        (job("a", "a"), "flow: 2 tasks have the key 'a'"),
        (job("a(b)", "b(a)"), "flow: its tasks wait for each other: a → b → a"),
        (job("a(a)"), "flow: its tasks wait for each other: a → a"),
        (job("a", "b(a=true)"), "flow: 'b' waits for an outcome of 'a', which is no condition"),
        (job("a:ALL_SUCESS"), "task 'a': run_if is 'ALL_SUCESS'; did you mean 'ALL_SUCCESS'?"),
        (
            job("a", more={"a": condition("EQUALS", "1", "1")}),
            "task 'a': the operator 'EQUALS' does not exist; did you mean 'EQUAL_TO'?",
        ),
        (job("a", more={"a": {"for_each_task": {"inputs": "[]"}}}), "task 'a' is a loop without a task"),
        (job("a", more={"a": {"max_retries": "many"}}), "a: max_retries is 'many'; it is a number, -1 or more"),
        (job("a", more={"a": {"timeout_seconds": -5}}), "a: timeout_seconds is -5; it is a number, 0 or more"),
        ({"name": "n", "task": [{"notebook_task": {}}]}, "n: a task has no task_key"),
        (5, "int is no job; give a job's definition, or its attributes as an object"),
    ],
)
def test_what_cannot_run(attributes: Any, problem: str) -> None:
    with pytest.raises(LakeflowError) as error:
        simulate(attributes)
    assert str(error.value) == problem


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (lambda: simulate(job("clean"), {"clena": Failed()}), "flow has no task 'clena'; did you mean 'clean'?"),
        (lambda: simulate(job("clean"), only=["clena"]), "flow has no task 'clena'; did you mean 'clean'?"),
        (lambda: simulate(job("clean"))["clena"], "the run of flow has no task 'clena'; did you mean 'clean'?"),
        (lambda: simulate(job("a"), {"a": []}), "a list of attempts is empty; write [Failed(), Succeeded()]"),
        (lambda: Failed(times=-1), "a task fails -1 times; write 0 or more"),
        (lambda: Succeeded(duration=timedelta(-1)), "a duration of -1 day, 0:00:00 is below 0"),
        (lambda: Succeeded(values={"x": "y" * 50_000}), "the task value 'x' has 50002 bytes, and 48 KiB is the most"),
        (lambda: Succeeded(values={"x": {1}}), "the task value 'x' is {1}, which JSON has no word for"),
        (lambda: Start(trigger="CRON"), "there is no trigger 'CRON'; there is CONTINUOUS, CONTINUOUS_RESTART, "
         "FILE_ARRIVAL, ONE_TIME, PERIODIC, RETRY, RUN_JOB_TASK, TABLE"),
        (lambda: Setting(spread=-1), "the spread is -1; it is between 0 and 10"),
    ],
)  # fmt: skip
def test_what_is_asked_for_wrongly(wrong: Any, problem: str) -> None:
    with pytest.raises(LakeflowError) as error:
        wrong()
    assert str(error.value) == problem


def test_a_definition() -> None:
    clean = NotebookTask("clean", WorkspacePath("/Workspace/clean"))
    definition = JobDefinition(
        "sales",
        goal=None,
        tasks=[clean, NotebookTask("report", WorkspacePath("/Workspace/report"), depends_on=[clean])],
        trigger=Trigger.manual(),
    )
    assert simulate(definition, {"clean": Failed()})["report"].state == "UPSTREAM_FAILED"


@pytest.mark.parametrize(
    ("only", "keys"),
    [
        ([], "a b c d"),
        (["b"], "b"),
        (["+c"], "a b c"),
        (["b+"], "b c d"),
        (["+b+"], "a b c d"),
        (["a", "d"], "a d"),
    ],
)
def test_only(only: list[str], keys: str) -> None:
    found = read_job(job("a", "b(a)", "c(b)", "d(c)")).selected(only)
    assert " ".join(found) == keys
    assert all(edge.key in found for task in found.values() for edge in task.parents)


def test_a_disabled_task_is_added_by_its_name_only() -> None:
    flow = read_job(job("a", "b(a)", more={"a": {"disabled": True}}))
    assert list(flow.selected(["+b"])) == ["b"]
    assert not flow.selected(["a", "b"])["a"].disabled


def test_values_of_iterations_are_not_seen_from_outside() -> None:
    flow = job("l", "i(l)", more={"l": loop("[1]"), "i": condition("EQUAL_TO", "{{tasks.each.values.n}}", "1")})
    run = simulate(flow, {"each": Iterations(otherwise=Succeeded(values={"n": 1}))})
    assert run["i"].reason == "failed: {{tasks.each.values.n}} names no task of this run"
