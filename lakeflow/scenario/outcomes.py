"""What follows from what: whether a task runs after its parents, and how a job ends by its tasks.

https://docs.databricks.com/aws/en/jobs/run-if and https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from lakeflow.scenario.runs import TaskRun

_FAILED = frozenset({"FAILED", "TIMEDOUT", "UPSTREAM_FAILED", "CANCELED", "UPSTREAM_CANCELED"})
_CANCELED = frozenset({"CANCELED", "UPSTREAM_CANCELED"})
_RULES: Mapping[str, Callable[[Counter[str]], bool]] = {
    "ALL_SUCCESS": lambda parents: not _failed(parents),
    "NONE_FAILED": lambda parents: not _failed(parents),
    "AT_LEAST_ONE_SUCCESS": lambda parents: bool(parents["SUCCESS"]),
    "ALL_DONE": bool,
    "AT_LEAST_ONE_FAILED": lambda parents: bool(_failed(parents)),
    "ALL_FAILED": lambda parents: _failed(parents) == parents.total(),
}
RULES = frozenset(_RULES)
"""The values of `run_if`."""
_EXCLUDE = frozenset({"AT_LEAST_ONE_FAILED", "ALL_FAILED"})
CANCELS = frozenset({"CANCELED", "USER_CANCELED"})


def never_runs(run_if: str, parents: Sequence[str]) -> str | None:
    """Return the result of a task that does not run for the results of its parents; None where it runs."""
    if not parents:
        return None
    if all(parent == "EXCLUDED" for parent in parents):
        return "EXCLUDED"
    if _RULES[run_if](Counter(parents)):
        return None
    if run_if in _EXCLUDE:
        return "EXCLUDED"
    failed = _FAILED.intersection(parents)
    return "UPSTREAM_CANCELED" if failed and failed <= _CANCELED else "UPSTREAM_FAILED"


def _failed(parents: Counter[str]) -> int:
    return sum(count for result, count in parents.items() if result in _FAILED)


def result_of(code: str) -> str:
    """Return the result of an attempt that ended with a termination code."""
    return "SUCCESS" if code == "SUCCESS" else "CANCELED" if code in CANCELS else "FAILED"


def job_ends(last: Mapping[str, TaskRun], parents: frozenset[str]) -> tuple[str, str, str]:
    """Return result, code and message of a job by the last attempts at its tasks; `parents` have tasks after them."""
    failed = sorted(
        (run for run in last.values() if run.result in _FAILED and run.ran),
        key=lambda run: (run.ended_at or run.started_at, run.task_key),
    )
    leaves = [run.result for key, run in last.items() if key not in parents]
    broken = [result for result in leaves if result in _FAILED]
    if not broken:
        result = "SUCCESS_WITH_FAILURES" if failed else "SUCCESS"
        return result, result, ""
    if all(result in _CANCELED for result in broken):
        return "CANCELED", "USER_CANCELED", "Run cancelled by user"
    first = failed[0]
    below = " This caused all downstream tasks to get skipped." if "UPSTREAM_FAILED" in broken else ""
    told = f"Task {first.task_key} failed with message: Workload failed, see run output for details.{below}"
    return "FAILED", first.code or "RUN_EXECUTION_ERROR", told
