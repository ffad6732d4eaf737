"""The chain of tasks that decides, and how much longer the others could take."""

from typing import Any

from hypothesis import given, settings, strategies as st

from lakeflow.monitor.critical_path import CriticalPath, critical_path
from tests.support.facts import Settings, job, minutes, on_cluster, task


def after(key: str, *keys: str, **said: Any) -> Settings:
    return on_cluster(key, depends_on=[{"task_key": each} for each in keys], **said)


def path(tasks: list[Settings], took: dict[str, float], **runs: int) -> CriticalPath | None:
    history = job(tasks=tuple(task(key, runs.get(key, 28), p50=p50, p95=p50 + 1) for key, p50 in took.items()))
    return critical_path(history, {"task": tasks})


DIAMOND = [after("ingest"), after("train", "ingest"), after("check", "ingest"), after("report", "train", "check")]


def test_the_longest_chain_and_the_slack_beside_it() -> None:
    found = path(DIAMOND, {"ingest": 3, "train": 21, "check": 4, "report": 2})
    assert found == CriticalPath(
        tasks=("ingest", "train", "report"),
        seconds=minutes(26),
        slack={"ingest": 0, "train": 0, "check": minutes(17), "report": 0},
    )


def test_tasks_without_a_history_take_no_time_and_keep_their_place() -> None:
    found = path([after("a"), after("gate", "a", condition_task={}), after("b", "gate")], {"a": 1, "b": 2})
    assert found
    assert (found.tasks, found.seconds) == (("a", "gate", "b"), minutes(3))
    assert path(DIAMOND, {}) is None


def test_a_branch_that_few_runs_take_does_not_decide() -> None:
    tasks = [after("ingest"), after("explain", "ingest"), after("report", "ingest")]
    found = path(tasks, {"ingest": 5, "explain": 60, "report": 4}, explain=3)
    assert found
    assert found.tasks == ("ingest", "report")


def test_a_disabled_task_takes_what_waits_for_it_along() -> None:
    tasks = [
        after("a"),
        after("off", "a", disabled=True),
        after("below", "off"),
        after("end", "off", run_if="ALL_DONE"),
    ]
    found = path(tasks, {"a": 5, "off": 60, "below": 50, "end": 2})
    assert found
    assert found.slack == {"a": 0, "end": minutes(3)}


def test_a_loop_takes_what_it_took_as_a_whole_or_at_least_one_iteration() -> None:
    loop = {**after("all", "list"), "for_each_task": {"inputs": "[]", "task": on_cluster("one")}}
    whole = path([after("list"), loop], {"list": 1, "all": 30, "one": 4})
    least = path([after("list"), loop], {"list": 1, "one": 4})
    assert whole
    assert least
    assert (whole.seconds, least.seconds) == (minutes(31), minutes(5))


def test_a_circle_and_an_unknown_dependency_end_nothing() -> None:
    found = path([after("a", "b"), after("b", "a"), after("c", "gone")], {"a": 1, "b": 2, "c": 1})
    assert found
    assert found.seconds == minutes(3)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Settings], dict[str, float]]:
    """Tasks that wait for any of those before them."""
    count = draw(st.integers(1, 8))
    tasks = [
        after(
            f"t{number}",
            *draw(st.sets(st.sampled_from([f"t{each}" for each in range(number)])) if number else st.just(())),
        )
        for number in range(count)
    ]
    return tasks, {each["task_key"]: draw(st.integers(1, 50)) for each in tasks}


@settings(deadline=None)
@given(graphs())
def test_its_length_is_the_sum_of_its_tasks_and_slack_is_what_may_be_added(
    graph: tuple[list[Settings], dict[str, float]],
) -> None:
    tasks, took = graph
    found = path(tasks, took)
    assert found
    assert found.seconds == minutes(sum(took[key] for key in found.tasks))
    assert all(found.slack[key] == 0 for key in found.tasks)
    for key, slack in found.slack.items():
        same = path(tasks, {**took, key: took[key] + slack / 60})
        longer = path(tasks, {**took, key: took[key] + slack / 60 + 1})
        assert same
        assert longer
        assert same.seconds == found.seconds
        assert longer.seconds == found.seconds + 60
