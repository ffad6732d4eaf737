"""A job as a run sees it: read once from its attributes, by the provider's names or the Jobs API's.

https://docs.databricks.com/api/workspace/jobs/create
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.references import read_text, terraform_json
from lakeflow.graph.reading import block, entries, raw
from lakeflow.simulate.conditions import OPERATORS
from lakeflow.simulate.run_if import RULES, statically_disabled
from lakeflow.simulate.telling import NOBODY, Recipients, Rule, recipients, rules

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

    @classmethod
    def of(cls, attributes: Any, job_id: str = "") -> "Job":
        """Return the job of attributes, or of a JobDefinition; raise LakeflowError where no such job can run."""
        settings = _settings(attributes)
        name = raw(settings.get("name")) or "Untitled"
        tasks = [_task(body) for _, body in entries(settings, "task", "tasks") if isinstance(body, Mapping)]
        _check(name, tasks)
        queue = block(settings, "queue").get("enabled")
        return cls(
            name=name,
            job_id=job_id or name,
            tasks=tuple(sorted(tasks, key=lambda task: task.key)),
            parameters={
                raw(each.get("name")): raw(each.get("default"))
                for _, each in entries(settings, "parameter", "parameters")
                if isinstance(each, Mapping)
            },
            most=_whole(settings, "max_concurrent_runs", name) if "max_concurrent_runs" in settings else 1,
            queue=None if queue is None else _is_true(queue),
            timeout=_seconds(settings, name),
            recipients=recipients(settings),
            rules=rules(settings),
        )

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


def _settings(attributes: Any) -> Json:
    attributes = getattr(attributes, "definition", attributes)  # a construct passes what it deploys
    rendered = attributes.render() if hasattr(attributes, "render") else attributes
    rendered = rendered.get("settings", rendered) if isinstance(rendered, Mapping) else rendered
    if not isinstance(rendered, Mapping):
        raise LakeflowError(
            f"{type(attributes).__name__} is no job", fix="give a job's definition, or its attributes as an object"
        )
    said: Json = _said(terraform_json(dict(rendered)) if hasattr(attributes, "render") else rendered)
    return said


def _said(value: Any) -> Any:
    """Return what a value of Terraform JSON says: its escapes undone, references as they are."""
    if isinstance(value, str):
        meant = read_text(value)
        return meant if isinstance(meant, str) else value
    if isinstance(value, Mapping):
        return {key: _said(entry) for key, entry in value.items()}
    return [_said(entry) for entry in value] if isinstance(value, list | tuple) else value


def _task(body: Json) -> Task:
    key = raw(body.get("task_key"))
    kinds = [name for name in body if name.endswith("_task")]
    kind = kinds[0] if kinds else ""
    run_if = raw(body.get("run_if")) or "ALL_SUCCESS"
    if run_if not in RULES:
        near = nearest(run_if, RULES)
        raise LakeflowError(
            f"task {key!r}: run_if is {run_if!r}", fix=f"did you mean {near!r}?" if near else f"it is {listed(RULES)}"
        )
    content = block(body, kind)
    loop = None
    if kind == "condition_task" and content.get("op") not in OPERATORS:
        op = raw(content.get("op"))
        raise unknown(f"task {key!r}: the operator {op!r} does not exist", op, OPERATORS)
    if kind == "for_each_task":
        inner = block(content, "task")
        if not inner:
            raise LakeflowError(f"task {key!r} is a loop without a task")
        concurrency = _whole(content, "concurrency", key) if content.get("concurrency") is not None else None
        loop = Loop(inputs=raw(content.get("inputs")), concurrency=concurrency, task=_task(inner))
    retries = body.get("max_retries")
    return Task(
        key=key,
        parents=tuple(
            Edge(key=raw(each.get("task_key")), outcome=raw(each.get("outcome")).lower() or None)
            for _, each in entries(body, "depends_on")
            if isinstance(each, Mapping)
        ),
        run_if=run_if,
        disabled=_is_true(body.get("disabled")),
        block=kind,
        body=content,
        max_retries=None if retries is None else _whole(body, "max_retries", key, least=-1),
        wait=timedelta(milliseconds=max(0, _whole(body, "min_retry_interval_millis", key))),
        retry_on_timeout=_is_true(body.get("retry_on_timeout")),
        timeout=_seconds(body, key),
        serverless=kind in _SERVERLESS
        and not any(body.get(name) for name in _COMPUTE)
        and not _is_true(body.get("disable_auto_optimization")),
        loop=loop,
        recipients=recipients(body),
        rules=rules(body),
    )


def _check(name: str, tasks: Sequence[Task]) -> None:
    keys = [task.key for task in tasks]
    if "" in keys:
        raise LakeflowError(f"{name}: a task has no task_key")
    for key, count in Counter(keys).items():
        if count > 1:
            raise LakeflowError(f"{name}: {count} tasks have the key {key!r}")
    outcomes = {task.key: task.is_condition for task in tasks}
    for task in tasks:
        for edge in task.parents:
            if edge.key not in outcomes:
                raise unknown(f"{name}: {task.key!r} depends on {edge.key!r}, which is no task of it", edge.key, keys)
            if edge.outcome and not outcomes[edge.key]:
                raise LakeflowError(f"{name}: {task.key!r} waits for an outcome of {edge.key!r}, which is no condition")
    try:
        TopologicalSorter({task.key: {edge.key for edge in task.parents} for task in tasks}).prepare()
    except CycleError as error:
        raise LakeflowError(f"{name}: its tasks wait for each other: {' → '.join(reversed(error.args[1]))}") from None


def _replaced(task: Task, parents: tuple[Edge, ...], *, enabled: bool) -> Task:
    return replace(task, parents=parents, disabled=task.disabled and not enabled)


def _is_true(value: object) -> bool:
    return value is True or value == "true"


def _whole(body: Json, name: str, key: str, least: int = 0) -> int:
    value = body.get(name)
    if value is None:
        return 0
    try:
        number = int(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    if number is None or number < least or number > 2**53:
        raise LakeflowError(f"{key}: {name} is {value!r}", fix=f"it is a number, {least} or more")
    return number


def _seconds(body: Json, key: str) -> timedelta | None:
    seconds = _whole(body, "timeout_seconds", key)
    return timedelta(seconds=min(seconds, 10**9)) if seconds else None
