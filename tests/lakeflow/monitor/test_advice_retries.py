"""R1 and R2: another attempt where it helps, none where it does not."""

from typing import Any

import pytest

from tests.lakeflow.monitor.advising import advised, only, words
from tests.support.facts import durations, job, on_cluster, settings, stats, task


def test_r1_failures_that_pass() -> None:
    found = only("R1", None, job(tasks=(task(failed=2, transient_failures=2),)))
    assert words(found) == (
        "no retries, and failures that pass",
        "2 of 30 executions in 30 days failed for the cloud's or a cluster's sake",
        "Retry it once, a minute apart, if it can run twice without harm.",
    )
    assert (found.task, found.setting, found.before, found.after) == ("load", "max_retries", 0, 1)
    assert found.evidence.confidence == "medium"


def test_r1_is_sure_where_repairs_helped_and_retries_twice_where_it_is_frequent() -> None:
    repaired = job(current=stats(repaired=3, saved_by_repair=3), tasks=(task(failed=4, transient_failures=4),))
    found = only("R1", None, repaired)
    assert found.evidence.text.endswith("; 3 runs succeeded when repaired")
    assert (found.after, found.evidence.confidence) == (2, "high")


@pytest.mark.parametrize(
    "body",
    [
        {"task_key": "load", "notebook_task": {"notebook_path": "a"}},
        {"task_key": "load", "pipeline_task": {"pipeline_id": "1"}},
        {"task_key": "load", "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}},
        {"task_key": "load", "run_job_task": {"job_id": 1}},
        on_cluster(max_retries=1),
        on_cluster(disabled=True),
    ],
    ids=["serverless", "pipeline", "condition", "job", "retried already", "disabled"],
)
def test_r1_is_silent_where_nothing_is_to_be_retried(body: dict[str, Any]) -> None:
    assert not advised("R1", settings(body), job(tasks=(task(failed=3, transient_failures=3),)))


def test_r1_serverless_compute_that_is_told_not_to_retry_is_advised() -> None:
    body = {"task_key": "load", "notebook_task": {"notebook_path": "a"}, "disable_auto_optimization": True}
    found = only("R1", settings(body), job(tasks=(task(failed=3, transient_failures=3),)))
    assert (found.before, found.after) == (None, 1)


def test_r1_is_silent_on_one_failure_on_failures_of_the_code_on_few_runs_and_on_other_tasks() -> None:
    assert not advised("R1", None, job(tasks=(task(failed=1, transient_failures=1),)))
    assert not advised("R1", None, job(tasks=(task(failed=6, transient_failures=2, code_failures=4),)))
    assert not advised("R1", None, job(tasks=(task(n=5, failed=4, transient_failures=4),)))
    assert not advised("R1", None, job(tasks=(task("gone", failed=3, transient_failures=3),)))


def test_r2_retries_in_vain() -> None:
    wasted = job(tasks=(task(failed=4, extra_attempts=8, wasted_retries=8, code_failures=12),))
    found = only("R2", settings(on_cluster(max_retries=2)), wasted)
    assert words(found) == (
        "retries that never helped",
        "8 retries in 32 executions in 30 days, every one failed again in the task's own code",
        "Do not retry it: its code fails again, later and at double the cost.",
    )
    assert (found.task, found.before, found.after) == ("load", 2, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"wasted_retries": 8, "code_failures": 12, "saved_by_retry": 1},
        {"wasted_retries": 8, "code_failures": 12, "transient_failures": 1},
        {"wasted_retries": 8, "code_failures": 2, "timed_out_attempts": 10},
        {"wasted_retries": 2, "code_failures": 4},
    ],
    ids=["one helped", "some were for the cloud", "not the code", "two only"],
)
def test_r2_is_silent_where_retries_may_help(said: dict[str, Any]) -> None:
    assert not advised("R2", settings(on_cluster(max_retries=2)), job(tasks=(task(failed=4, **said),)))


def test_r2_is_silent_without_retries_and_on_few_runs() -> None:
    wasted = task(failed=4, wasted_retries=8, code_failures=12)
    assert not advised("R2", settings(on_cluster(max_retries=0)), job(tasks=(wasted,)))
    few = task(n=3, failed=4, wasted_retries=8, code_failures=12)
    assert not advised("R2", settings(on_cluster(max_retries=2)), job(current=stats(durations(n=3)), tasks=(few,)))
