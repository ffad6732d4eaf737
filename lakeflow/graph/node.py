"""One task as a graph shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lakeflow.graph.compute import Compute, compute_of
from lakeflow.graph.kinds import MISSING, NO_KIND, Kind, kinds_of
from lakeflow.graph.reading import block, raw, said

NAMELESS = "(no task_key)"


@dataclass(frozen=True, slots=True)
class Loop:
    """What a for-each task repeats (https://docs.databricks.com/aws/en/jobs/tasks/for-each).

    `concurrency` is how many iterations run at a time, empty where the settings leave it to Databricks.
    """

    concurrency: str
    task: "TaskNode | None"

    @property
    def pace(self) -> str:
        """The concurrency in words, empty where there is nothing to say."""
        return f"{self.concurrency} at a time" if self.concurrency else ""


@dataclass(frozen=True, slots=True)
class TaskNode:
    """A task: what its key is, what type it has, what it runs and on what.

    `runs` is what it runs in full, `title` the same as short as people say it. `missing` is a task that another one
    depends on and that does not exist.
    """

    key: str
    kind: Kind
    runs: str = ""
    title: str = ""
    compute: Compute | None = None
    run_if: str = "ALL_SUCCESS"
    disabled: bool = False
    description: str = ""
    missing: bool = False
    loop: Loop | None = None

    @classmethod
    def of(cls, task: Mapping[str, Any], clusters: Mapping[str, Compute], odd: Callable[[str], None]) -> "TaskNode":
        """Return the node of a task's settings, and tell `odd` what is strange about them."""
        return cls._read(task, clusters, odd, nested=False)

    @classmethod
    def absent(cls, key: str) -> "TaskNode":
        """Return the node that stands for a task which is depended on and not there."""
        return cls(key, MISSING, missing=True)

    @property
    def label(self) -> str:
        """The key, or words where there is none."""
        return self.key or NAMELESS

    @property
    def is_condition(self) -> bool:
        """Whether its dependants wait for an outcome of it."""
        return self.kind.block == "condition_task"

    @property
    def waits_specially(self) -> bool:
        """Whether it asks something else of the tasks before it than that all succeed."""
        return self.run_if != "ALL_SUCCESS"

    @classmethod
    def _read(
        cls, task: Mapping[str, Any], clusters: Mapping[str, Compute], odd: Callable[[str], None], *, nested: bool
    ) -> "TaskNode":
        key = raw(task.get("task_key"))
        kinds = kinds_of(task)
        if len(kinds) != 1:
            types = " and ".join(kind.block for kind in kinds)
            odd(f"{key or NAMELESS} has more than one type: {types}" if kinds else f"{key or NAMELESS} has no type")
        kind = kinds[0] if kinds else NO_KIND
        runs, title = kind.describe(block(task, kind.block))
        node = cls(
            key,
            kind,
            runs,
            title,
            compute_of(task, kind, clusters),
            raw(task.get("run_if")) or "ALL_SUCCESS",
            task.get("disabled") is True,
            said(task.get("description")),
        )
        if kind.block != "for_each_task":
            return node
        if nested:
            odd(f"{node.label} is a for-each inside a for-each, which Databricks does not run")
            return node
        settings = block(task, kind.block)
        inner = block(settings, "task")
        if not inner:
            odd(f"{node.label} has no task to repeat")
        repeated = cls._read(inner, clusters, odd, nested=True) if inner else None
        return replace(node, loop=Loop(raw(settings.get("concurrency")), repeated))
