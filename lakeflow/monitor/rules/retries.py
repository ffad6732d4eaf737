"""Retries: missing where another attempt helps, in vain where it does not."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.monitor.rules.rule import Found, Rule, Subject, times

_WORTH = 2
_IN_VAIN = 3
_NEVER_RETRIED = ("condition_task", "for_each_task", "run_job_task", "pipeline_task")
"""Nothing to retry, retried by their own tasks, or by themselves."""
_CODE = ("notebook_task", "spark_python_task", "python_wheel_task", "dbt_task")
_CLUSTERS = ("job_cluster_key", "new_cluster", "existing_cluster_id")
_PAGE = "https://docs.databricks.com/aws/en/jobs/configure-task#set-a-retry-policy"


def retries_by_itself(task: Mapping[str, Any]) -> bool:
    """Return whether a task runs on serverless compute, which retries it unless it is told not to."""
    on_cluster = any(name in task for name in _CLUSTERS)
    return not on_cluster and any(name in task for name in _CODE) and not task.get("disable_auto_optimization")


def _missing(subject: Subject) -> Iterator[Found]:
    for stats, task in subject.task_stats:
        if subject.continuous or task.get("max_retries") or task.get("disabled"):
            continue
        if any(name in task for name in _NEVER_RETRIED) or retries_by_itself(task):
            continue
        if stats.transient_failures < _WORTH or stats.transient_failures <= stats.code_failures:
            continue
        n, failed, repaired = stats.outcomes.finished, stats.transient_failures, subject.job.current.saved_by_repair
        count = 2 if failed * 10 >= n else 1
        saved = f"; {times(repaired, 'run')} succeeded when repaired" if repaired else ""
        yield Found(
            title="no retries, and failures that pass",
            evidence=subject.evidence(
                n,
                f"{failed} of {times(n, 'execution')} in {subject.facts.days} days failed for the cloud's "
                f"or a cluster's sake{saved}",
                confidence=None if repaired else "medium",
            ),
            change=f"Retry it {'once' if count == 1 else 'twice'}, a minute apart, if it can run twice without harm.",
            setting="max_retries",
            before=task.get("max_retries"),
            after=count,
            task=stats.task_key,
        )


def _wasted(subject: Subject) -> Iterator[Found]:
    for stats, task in subject.task_stats:
        if subject.continuous or not task.get("max_retries") or stats.saved_by_retry or stats.transient_failures:
            continue
        wasted = stats.wasted_retries
        if wasted < _IN_VAIN or stats.code_failures < wasted:
            continue
        n = stats.outcomes.finished
        yield Found(
            title="retries that never helped",
            evidence=subject.evidence(
                n,
                f"{times(wasted, 'retry', 'retries')} in {times(n, 'execution')} in {subject.facts.days} days, "
                "every one failed again in the task's own code",
            ),
            change="Do not retry it: its code fails again, later and at double the cost.",
            setting="max_retries",
            before=task["max_retries"],
            after=0,
            task=stats.task_key,
        )


RULES = (
    Rule("R1", "failures that a retry would pass over", _PAGE, _missing),
    Rule("R2", "retries that never help", _PAGE, _wasted),
)
