"""How a job ends by its tasks: by those that nobody waits for.

https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lakeflow.simulate.runs import TaskRun
from lakeflow.simulate.semantics import Semantics
from lakeflow.simulate.states import (
    BROKEN,
    CANCELED,
    CANCELS,
    DISABLED,
    FAILED,
    SUCCESS,
    TIMEDOUT,
    UPSTREAM_FAILED,
    WITH_FAILURES,
    WORDS,
)

_TOLD = "Workload failed, see run output for details."


@dataclass(frozen=True)
class Result:
    """How a run ended, why in a sentence, and what Databricks says."""

    state: str
    reason: str
    message: str = ""
    code: str = ""
    """A termination code that says more than the state."""


def result_of(tasks: Mapping[str, TaskRun], parents: frozenset[str], semantics: Semantics) -> Result:
    """Return the result of a run whose tasks have all ended; `parents` are those that others wait for."""
    broken = _in_order(task for task in tasks.values() if task.state in BROKEN)
    leaves = [task for task in broken if task.key not in parents]
    if not leaves:
        if not broken:
            if tasks and all(task.state == DISABLED for task in tasks.values()):
                return Result(semantics.nothing_ran, "every task is disabled")
            return Result(SUCCESS, "no task failed")
        return Result(WITH_FAILURES, f"{_said(broken)}, and no last task did")
    first = next((task for task in broken if task.ran), broken[0])
    root = "" if first in leaves else f"{first.key} {WORDS[first.state]}; "
    reason = f"{root}{_said(leaves)}: last tasks decide"
    if all(task.state in CANCELS for task in leaves) and semantics.canceled_leaf == CANCELED:
        return Result(CANCELED, reason, "Run cancelled by user")
    states = {task.state for task in leaves} - CANCELS
    state = semantics.timed_out_leaf if states == {TIMEDOUT} else FAILED
    skipped = " This caused all downstream tasks to get skipped." if UPSTREAM_FAILED in states else ""
    return Result(
        state,
        reason,
        f"Task {first.key} failed with message: {_TOLD}{skipped}",
        first.last.code if state == FAILED else "",
    )


def _in_order(tasks: Iterable[TaskRun]) -> list[TaskRun]:
    return sorted(tasks, key=lambda task: (task.ended, task.key))


def _said(tasks: list[TaskRun]) -> str:
    """Say what became of tasks: `clean failed, report and train could not run`."""
    by_state: dict[str, list[str]] = {}
    for task in tasks:
        by_state.setdefault(task.state, []).append(task.key)
    return ", ".join(f"{_and(keys)} {WORDS[state]}" for state, keys in by_state.items())


def _and(keys: list[str], most: int = 3) -> str:
    shown = [*keys[:most], *([f"{len(keys) - most} more"] if len(keys) > most else [])]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
