"""Laws that hold for every job and whatever its tasks do."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.simulate import Cancelled, Failed, Iterations, Run, Setting, Skipped, Start, Succeeded, play, simulate
from lakeflow.simulate.critical import critical_path
from lakeflow.simulate.outcomes import Does
from lakeflow.simulate.reading import read_job
from lakeflow.simulate.run_if import RULES
from lakeflow.simulate.states import BROKEN, TASK_STATES

pytestmark = pytest.mark.slow

OUTCOMES: list[Does] = [
    Succeeded(),
    Succeeded(duration=timedelta(seconds=7)),
    Failed(),
    Failed(times=1),
    Cancelled(),
    Skipped(),
    Succeeded(duration=timedelta(seconds=200)),
]
Flow = tuple[dict[str, Any], dict[str, Does]]


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """A job of up to seven tasks, and what they do."""
    count = draw(st.integers(1, 7))
    tasks, does = [], {}
    for number in range(count):
        key = f"t{number}"
        parents = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        tasks.append(
            {
                "task_key": key,
                "notebook_task": {"notebook_path": "/n"},
                "depends_on": [{"task_key": f"t{parent}"} for parent in sorted(parents)],
                "run_if": draw(st.sampled_from(RULES)),
                "disabled": draw(st.integers(0, 9)) == 0,
                "max_retries": draw(st.integers(0, 2)),
                "timeout_seconds": draw(st.sampled_from([0, 0, 100])),
            }
        )
        does[key] = draw(st.sampled_from(OUTCOMES))
    return {"name": "flow", "task": tasks}, does


def parents_of(job: dict[str, Any]) -> dict[str, list[str]]:
    return {task["task_key"]: [edge["task_key"] for edge in task["depends_on"]] for task in job["task"]}


def leaves(job: dict[str, Any], run: Run) -> list[str]:
    waited_for = {parent for parents in parents_of(job).values() for parent in parents}
    return [state for key, state in run.states.items() if key not in waited_for]


@given(flows())
def test_every_task_ends_in_exactly_one_way_and_says_why(flow: Flow) -> None:
    run = simulate(*flow)
    assert set(run.tasks) == {task["task_key"] for task in flow[0]["task"]}
    for task in run:
        assert task.state in TASK_STATES
        assert (task.state == "SUCCESS") == (task.reason == "")


@given(flows(), st.randoms())
def test_the_order_of_the_list_does_not_matter(flow: Flow, random: Any) -> None:
    job, does = flow
    shuffled = list(job["task"])
    random.shuffle(shuffled)
    assert simulate({**job, "task": shuffled}, does) == simulate(job, does)


@given(flows(), st.sampled_from(OUTCOMES))
def test_an_independent_task_changes_no_other(flow: Flow, outcome: Does) -> None:
    job, does = flow
    other = {"task_key": "other", "notebook_task": {"notebook_path": "/n"}}
    more = simulate({**job, "task": [*job["task"], other]}, {**does, "other": outcome})
    assert {key: task for key, task in more.tasks.items() if key != "other"} == dict(simulate(job, does).tasks)


@given(flows())
def test_the_same_seed_is_the_same_run(flow: Flow) -> None:
    setting = Setting(seed=7, spread=0.5)
    assert simulate(*flow, setting=setting) == simulate(*flow, setting=setting)


@given(flows())
def test_all_done_runs_unless_all_its_parents_are_excluded(flow: Flow) -> None:
    run = simulate(*flow)
    for task in flow[0]["task"]:
        parents = [run.states[edge["task_key"]] for edge in task["depends_on"]]
        if task["run_if"] == "ALL_DONE" and not task["disabled"]:
            excluded = bool(parents) and all(state in {"EXCLUDED", "SKIPPED"} for state in parents)
            assert run[task["task_key"]].ran is not excluded


@given(flows())
def test_a_run_is_what_its_last_tasks_are(flow: Flow) -> None:
    run = simulate(*flow)
    broken = any(state in BROKEN for state in run.states.values())
    assert (run.state == "SUCCESS") == (not broken)
    assert run.succeeded == (not any(state in BROKEN for state in leaves(flow[0], run)))


@given(flows())
def test_a_task_starts_when_its_last_parent_ends(flow: Flow) -> None:
    run = simulate(*flow)
    for key, parents in parents_of(flow[0]).items():
        if run[key].ran:
            assert run[key].started == max((run[parent].ended for parent in parents), default=timedelta())


@given(flows())
def test_attempts_follow_each_other(flow: Flow) -> None:
    run = simulate(*flow)
    for task in run:
        assert [attempt.number for attempt in task.attempts] == list(range(len(task.attempts)))
        for before, after in pairwise(task.attempts):
            assert after.started is not None
            assert after.started >= before.ended


@given(flows())
def test_the_critical_path_fills_the_run(flow: Flow) -> None:
    run = simulate(*flow)
    path = critical_path(run, read_job(flow[0]))
    assert sum((task.duration for task in path), timedelta()) == run.duration
    assert all(after.started == before.ended for before, after in pairwise(path))


@given(flows(), st.integers(0, 400))
def test_a_canceled_run_is_the_same_until_then(flow: Flow, second: int) -> None:
    at = timedelta(seconds=second)
    whole, cut = simulate(*flow), simulate(*flow, cancel_after=at)
    if whole.ended <= at:
        assert cut == whole
        return
    assert (cut.state, cut.ended) == ("CANCELED", at)
    for key, task in whole.tasks.items():
        if task.ended <= at and task.ran:
            assert cut[key] == task
        elif task.ran:
            assert cut[key].state in {"CANCELED", "UPSTREAM_CANCELED", "FAILED", "TIMEDOUT"}


@given(st.integers(0, 12), st.integers(1, 5), st.sets(st.integers(0, 11)))
def test_a_loop_keeps_to_its_concurrency(count: int, most: int, failing: set[int]) -> None:
    each = {"task_key": "each", "notebook_task": {"notebook_path": "/n"}}
    body = {"inputs": str(list(range(count))), "concurrency": most, "task": each}
    job = {"name": "loop", "task": [{"task_key": "l", "for_each_task": body}]}
    run = simulate(job, {"l": Iterations(by_index={index: Failed() for index in failing})})
    iterations = run["l"].iterations
    assert [task.iteration for task in iterations] == list(range(count))
    for task in iterations:
        assert task.started is not None
        assert sum(o.started is not None and o.started <= task.started < o.ended for o in iterations) <= most
    assert run["l"].duration == timedelta(minutes=-(-count // most))
    assert run.succeeded == (not any(index < count for index in failing))


@settings(max_examples=50)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.integers(1, 3), st.booleans())
def test_runs_keep_to_the_limit(seconds: list[int], most: int, queue: bool) -> None:
    each = {"task_key": "a", "notebook_task": {"notebook_path": "/n"}}
    job = {"name": "job", "task": [each], "max_concurrent_runs": most, "queue": {"enabled": queue}}
    runs = play({"job": job}, [Start(at=timedelta(seconds=second)) for second in seconds])
    started = [run for run in runs if run.started is not None]
    for run in started:
        assert run.started is not None
        assert sum(o.started is not None and o.started <= run.started < o.ended for o in started) <= most
    assert not queue or len(started) == len(runs)
    in_order = sorted(started, key=lambda run: run.asked)
    assert [run.started for run in in_order] == sorted(run.started for run in started if run.started is not None)
