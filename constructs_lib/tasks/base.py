"""What tasks have in common.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self

from constructs_lib.compute import Compute
from constructs_lib.compute.choices import KEY, check_key
from constructs_lib.errors import LakeflowError, caller
from constructs_lib.handles import HasCodePath, Source, code_at
from constructs_lib.health import HealthRule, in_order
from constructs_lib.libraries import Library
from constructs_lib.notifications import TaskNotifications
from constructs_lib.reading import MISSING, Given
from constructs_lib.references import DynamicValue, Text, dynamic
from constructs_lib.values import MILLISECONDS, Value, Via, attribute, merge, plain

NOT = Via(lambda on: not on, lambda off: not off)
"""For what the API says the other way round."""


class RunIf(StrEnum):
    """When a task runs, by how what it depends on ended.

    https://docs.databricks.com/aws/en/jobs/run-if
    """

    ALL_SUCCESS = "ALL_SUCCESS"
    AT_LEAST_ONE_SUCCESS = "AT_LEAST_ONE_SUCCESS"
    NONE_FAILED = "NONE_FAILED"
    ALL_DONE = "ALL_DONE"
    AT_LEAST_ONE_FAILED = "AT_LEAST_ONE_FAILED"
    ALL_FAILED = "ALL_FAILED"


_OF_WORK = ("timeout_seconds", "min_retry_interval_millis", "retry_on_timeout", "notification_settings")
"""What only a task that does work has."""


def _nothing(value: object) -> bool:
    """Return whether a value, or everything in a block, says no."""
    return not any(value.values()) if isinstance(value, dict) else not value


def code_in(given: Given, *block: str, name: str) -> HasCodePath:
    """Return the code that a block names, taken out of it: by a path, and by where that is looked for."""
    source, path = given.take(*block, "source"), given.take(*block, name)
    if path is MISSING:
        raise LakeflowError(f"has no {name}")
    return code_at(path, source or Source.WORKSPACE)


class Retries(Value):
    """How often a task is tried again after it failed.

    https://docs.databricks.com/aws/en/jobs/configure-task#set-a-retry-policy
    """

    count: int = attribute("max_retries", kw_only=False)
    """How many further attempts; -1 is without end."""
    wait: timedelta = attribute("min_retry_interval_millis", default=timedelta(0), unit=MILLISECONDS)
    """The least time between the starts of two attempts."""
    on_timeout: bool = attribute("retry_on_timeout", default=False)
    """Whether an attempt that ran into the task's timeout is tried again too."""

    def check(self) -> None:
        """Refuse a count that means nothing."""
        if self.count < -1:
            raise self.error(f"count: {self.count} is no number of retries", fix="write 0 or more, or -1 for no end")

    def render(self) -> dict[str, Any]:
        """Return the retry attributes; a wait of nothing is silent."""
        body = super().render()
        if not self.wait:
            del body["min_retry_interval_millis"]
        return body


class Outcome(Value):
    """The edge from a condition task to what runs when it is true, or false; `gate.when_true`."""

    task: "Task" = attribute(kw_only=False)
    outcome: Literal["true", "false"] = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse the outcome of a task that has none."""
        if not self.task.has_outcomes:
            raise LakeflowError(
                f"{self.task!r} has no outcome: only a condition task has",
                place=caller(),
                fix="depend on the task itself",
            )

    def __repr__(self) -> str:
        return f"{self.task!r}.when_{self.outcome}"

    @property
    def edge(self) -> dict[str, str]:
        """The `depends_on` block."""
        return {**self.task.edge, "outcome": self.outcome}


class Task(Value):
    """A unit of work of a job; use one of its subclasses."""

    has_outcomes: ClassVar[bool] = False
    """Whether tasks can depend on how it came out: a condition task."""

    key: str = attribute("task_key", kw_only=False)
    """Unique in the job; letters, digits, '-' and '_', at most 100."""
    depends_on: "Sequence[Task | Outcome]" = attribute(default=())
    """The tasks, or outcomes of condition tasks, that this one waits for."""
    run_if: RunIf = attribute("run_if", default=RunIf.ALL_SUCCESS)
    """What it takes of `depends_on` to run."""
    description: str | None = attribute("description", default=None)
    disabled: bool = attribute("disabled", default=False, omit=False)
    """Whether the task is skipped; https://docs.databricks.com/aws/en/jobs/control-flow#disable"""
    extra: Mapping[str, object] = attribute(default={})
    """Further attributes of the provider's `task` block by their names there, merged last."""

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the task of a block, without what the API answers of every task and means nothing for this one."""
        if not issubclass(cls, WorkTask):
            for name in [name for name in _OF_WORK if _nothing(given.body.get(name))]:
                given.take(name)
        elif not given.has(("max_retries",)) and given.body.get("min_retry_interval_millis") == 0:
            given.take("min_retry_interval_millis")
        return super().read(given, **said)

    def check(self) -> None:
        """Refuse a key that the API refuses, and edges that exclude or repeat each other."""
        if not KEY.fullmatch(self.key):
            raise self.error(
                f"{self.key!r} is not a task key",
                fix=f"write {re.sub(r'[^A-Za-z0-9_-]+', '-', self.key)[:100].strip('-') or 'a name'!r}: "
                "letters, digits, '-' and '_', at most 100",
            )
        outcomes: dict[str, Task | Outcome] = {}
        for dependency in self.depends_on:
            key = dependency.edge["task_key"]
            if key not in outcomes:
                outcomes[key] = dependency
                continue
            known = outcomes[key]
            if known.edge == dependency.edge:
                raise self.error(f"depends_on names {dependency!r} twice", fix="name it once")
            if isinstance(known, Outcome) and isinstance(dependency, Outcome):
                raise self.error(
                    f"depends_on names {known!r} and {dependency!r}, which never both hold",
                    fix="depend on one of them, or on the tasks of both branches with run_if=RunIf.NONE_FAILED",
                )
            raise self.error(f"depends_on names {known!r} and {dependency!r}", fix="name the outcome alone")

    @property
    def edge(self) -> dict[str, str]:
        """The `depends_on` block of a task that waits for this one."""
        return {"task_key": self.key}

    def value(self, name: str) -> DynamicValue:
        """Return a value that this task sets with `dbutils.jobs.taskValues.set(name, …)`, for tasks after it.

        https://docs.databricks.com/aws/en/jobs/task-values
        """
        return dynamic("tasks", self.key, "values", name)

    @property
    def result_state(self) -> DynamicValue:
        """How this task ended (`success`, `failed`, `excluded`, …), for tasks after it."""
        return dynamic("tasks", self.key, "result_state")

    def body(self) -> dict[str, Any]:
        """Return the block as this task says it, before defaults of the job and `extra`."""
        edges = sorted((dependency.edge for dependency in self.depends_on), key=lambda edge: edge["task_key"])
        body = {"retry_on_timeout": False, **super().render()}
        if edges:
            body["depends_on"] = edges
        return body

    def render(self) -> dict[str, Any]:
        """Return the provider's `task` block, with what must always be said."""
        return self._with_extra(self.body())

    def with_defaults(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the block where the job's own compute and retries stand in for what the task leaves unsaid."""
        return self._with_extra(self.defaulted(compute, retries))

    def defaulted(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the body with the job's defaults, for subclasses that have some."""
        return self.body()

    def _with_extra(self, body: dict[str, Any]) -> dict[str, Any]:
        merge(body, plain(self.extra))
        return body

    def computes(self, default: Compute | None) -> tuple[Compute, ...]:
        """Return what this task runs on, to be declared with the job."""
        return ()

    @property
    def source(self) -> Source | None:
        """Where its code comes from, where it has some."""
        return None

    def inner(self) -> "tuple[Task, ...]":
        """Return the tasks inside this one: the body of a loop."""
        return ()

    def shared(self) -> "tuple[EnvironmentVariables, ...]":
        """Return the environment variables that it has, to be declared with the job."""
        return ()


class EnvironmentVariables(Value):
    """Environment variables that tasks of a job share, by a key (preview).

    https://docs.databricks.com/api/workspace/jobs/create
    """

    key: str = attribute("environment_variables_key", kw_only=False)
    variables: Mapping[str, Text] = attribute("spec.variables", default={})
    files: Sequence[Text] = attribute("spec.files", default=())
    """Paths of files with variables."""

    def check(self) -> None:
        """Refuse a key that the API refuses, and no variables."""
        check_key(self, self.key)
        if not self.variables and not self.files:
            raise self.error("has no variables", fix="give variables={…}, or files=[…]")


class WorkTask(Task):
    """A task that does work, and so can fail, be tried again and take too long."""

    retries: Retries | None = attribute(default=None, spread=True)
    """How often it is tried again; the job's `Operations(retries=…)` when it is not said."""
    timeout: timedelta | None = attribute("timeout_seconds", default=None)
    """How long one attempt may take; without end when it is not said."""
    health: Sequence[HealthRule] = attribute("health.rules", default=(), via=in_order)
    """What is worth a warning while it runs."""
    notifications: TaskNotifications | None = attribute(default=None, spread=True)
    """Who is told of its runs."""

    def defaulted(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the body, with the job's retries where the task has none."""
        body = self.body()
        if self.retries is None and retries is not None:
            body = {**body, **retries.render()}
        return body


COMPUTE = frozenset({"compute", "environment_key", "existing_cluster_id", "job_cluster_key", "new_cluster"})
"""The attributes of a task that say what it runs on."""


class ComputeTask(WorkTask):
    """A task that runs code on compute of the job's choosing."""

    needs_environment: ClassVar[bool] = True
    """Whether serverless needs an environment for it; a notebook brings its own."""

    compute: Compute | None = attribute(default=None)
    """What it runs on; the job's `compute` when it is not said."""
    libraries: Sequence[Library] = attribute("library", default=())
    """What is installed on its cluster; on serverless say `Compute.serverless(dependencies=…)` instead."""
    environment_variables: EnvironmentVariables | None = attribute(
        "environment_variables_key", default=None, via=lambda variables: variables.key
    )
    """Variables of the process, which tasks of a job share."""
    auto_optimization: bool = attribute("disable_auto_optimization", default=True, omit=True, via=NOT)
    """Whether serverless compute may try a failed task again by itself, and on larger machines."""

    def defaulted(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the body with its compute."""
        chosen = self._chosen(compute)
        body = super().defaulted(compute, retries)
        return {**body, **chosen.task_fields()} if chosen else body

    def computes(self, default: Compute | None) -> tuple[Compute, ...]:
        """Return the one compute that it runs on."""
        chosen = self._chosen(default)
        return (chosen,) if chosen else ()

    def _chosen(self, default: Compute | None) -> Compute | None:
        chosen = self.compute or default
        said = not COMPUTE.isdisjoint(self.extra)
        if chosen is None and self.needs_environment and not said:
            raise LakeflowError(
                f"{self!r} has no compute",
                fix="give it compute=, or the job a compute= for all its tasks; Compute.serverless() is the simplest",
            )
        if self.libraries and not said and (chosen is None or chosen.is_serverless):
            raise LakeflowError(
                f"{self!r} has libraries, which serverless compute does not install",
                fix="write compute=Compute.serverless(dependencies=[…])",
            )
        return chosen

    def shared(self) -> tuple[EnvironmentVariables, ...]:
        """Return its environment variables."""
        return (self.environment_variables,) if self.environment_variables else ()

    def on(self, compute: Compute) -> Self:
        """Return a copy of this task on other compute."""
        return self.replace(compute=compute)
