"""A job as a run sees it: its tasks, which of them a run has, and which are disabled before it starts.

https://docs.databricks.com/aws/en/jobs/disabled-tasks and https://docs.databricks.com/aws/en/jobs/run-now
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from lakeflow.simulate.run_if import statically_disabled
from lakeflow.simulate.telling import NOBODY, Recipients, Rule

Json = Mapping[str, Any]

_SERVERLESS = ("notebook_task", "spark_python_task", "python_wheel_task", "dbt_task")
_COMPUTE = ("new_cluster", "existing_cluster_id", "job_cluster_key")


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A task that is waited for, and the outcome that its condition has to have."""

    key: str
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Loop:
    """What a for-each task repeats."""

    inputs: str
    concurrency: int | None
    """How many at once; None where the job does not say."""
    task: "Task"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task."""

    key: str
    parents: tuple[Edge, ...] = ()
    run_if: str = "ALL_SUCCESS"
    disabled: bool = False
    block: str = ""
    """Its kind, such as `notebook_task`."""
    body: Json = field(default_factory=dict)
    """What stands in the block of its kind."""
    max_retries: int | None = None
    """-1 is without end; None where the job does not say."""
    wait: timedelta = timedelta()
    """From the start of an attempt to the start of the next."""
    retry_on_timeout: bool = False
    timeout: timedelta | None = None
    serverless: bool = False
    """Whether it may be retried although nobody said so."""
    loop: Loop | None = None
    recipients: Recipients = NOBODY
    rules: tuple[Rule, ...] = ()

    @property
    def is_condition(self) -> bool:
        """Whether it has an outcome."""
        return self.block == "condition_task"

    @property
    def is_call(self) -> bool:
        """Whether it starts another job."""
        return self.block == "run_job_task"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job's settings."""

    name: str
    job_id: str
    tasks: tuple[Task, ...]
    """In the order of their keys, which is no order of a run."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Name → default."""
    most: int = 1
    """How many runs at once."""
    queue: bool | None = None
    """None where the job does not say."""
    timeout: timedelta | None = None
    recipients: Recipients = NOBODY
    rules: tuple[Rule, ...] = ()
    source: Any = field(default=None, repr=False, compare=False)
    """What it was read from, for who wants to say it again."""

    @cached_property
    def by_key(self) -> Mapping[str, Task]:
        """The tasks by their keys."""
        return {task.key: task for task in self.tasks}

    def task(self, key: str) -> Task:
        """Return a task; an error names the nearest."""
        if key in self.by_key:
            return self.by_key[key]
        raise unknown(f"{self.name} has no task {key!r}", key, self.by_key)

    def selected(self, only: Sequence[str] = ()) -> Mapping[str, Task]:
        """Return the tasks of a run of `only` some (`task`, `+task`, `task+`, `+task+`), without edges to others.

        A disabled task runs where it is named; `+` never adds one. https://docs.databricks.com/aws/en/jobs/run-now
        """
        if not only:
            return self.by_key
        named = {item.removeprefix("+").removesuffix("+") for item in only}
        found = set(named)
        for item in only:
            key = self.task(item.removeprefix("+").removesuffix("+")).key
            found |= set(self._along(key, up=True)) if item.startswith("+") else set()
            found |= set(self._along(key, up=False)) if item.endswith("+") else set()
        kept = {key for key in found if key in named or not self.by_key[key].disabled}
        return {
            key: _replaced(task, tuple(edge for edge in task.parents if edge.key in kept), enabled=key in named)
            for key, task in self.by_key.items()
            if key in kept
        }

    def _along(self, key: str, *, up: bool) -> Iterator[str]:
        """Yield what is before or after a task, at whatever distance."""
        found, new = {key}, [key]
        while new:
            key = new.pop()
            near = (
                [edge.key for edge in self.by_key[key].parents]
                if up
                else [task.key for task in self.tasks if any(edge.key == key for edge in task.parents)]
            )
            new += [each for each in near if each not in found]
            found.update(near)
        yield from found


def disabled_in(tasks: Mapping[str, Task], also: frozenset[str] = frozenset()) -> Mapping[str, tuple[str, ...]]:
    """Return the tasks that are disabled before a run starts, with the disabled parents that make them so."""
    found: dict[str, tuple[str, ...]] = {key: () for key, task in tasks.items() if task.disabled or key in also}
    for key in in_order(tasks):
        parents = [edge.key for edge in tasks[key].parents]
        if key not in found and statically_disabled(tasks[key].run_if, [parent in found for parent in parents]):
            found[key] = tuple(dict.fromkeys(parent for parent in parents if parent in found))
    return found


def in_order(tasks: Mapping[str, Task]) -> tuple[str, ...]:
    """Return the keys of tasks, each after those that it waits for, and else by name."""
    depths: dict[str, int] = {}
    for key in TopologicalSorter(
        {key: {edge.key for edge in task.parents} for key, task in tasks.items()}
    ).static_order():
        depths[key] = max((depths[edge.key] + 1 for edge in tasks[key].parents), default=0)
    return tuple(sorted(depths, key=lambda key: (depths[key], key)))


def unknown(problem: str, name: str, names: Any) -> LakeflowError:
    """Return the error of a name that does not exist, with the nearest one."""
    near = nearest(name, names)
    return LakeflowError(problem, fix=f"did you mean {near!r}?" if near else f"there is {listed(names) or 'none'}")


def _replaced(task: Task, parents: tuple[Edge, ...], *, enabled: bool) -> Task:
    return replace(task, parents=parents, disabled=task.disabled and not enabled)
