"""A job as rules look at it: by the provider's names, indexed once.

Blocks that may stand once are one object here, however they were written. Whatever was given is tolerated: what has the
wrong shape is left out of the index, and is the schema's business.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from constructs_lib.rules.finding import Hit, Path
from constructs_lib.rules.mentions import Dynamic, dynamics

Body = Mapping[str, Any]

TASK_TYPES = (
    "ai_runtime_task",
    "alert_task",
    "clean_rooms_notebook_task",
    "condition_task",
    "dashboard_task",
    "dbt_cloud_task",
    "dbt_platform_task",
    "dbt_task",
    "for_each_task",
    "gen_ai_compute_task",
    "notebook_task",
    "pipeline_task",
    "power_bi_task",
    "python_operator_task",
    "python_wheel_task",
    "run_job_task",
    "spark_jar_task",
    "spark_python_task",
    "spark_submit_task",
    "sql_task",
)


def said(value: object) -> bool:
    """Return whether a value says something: neither None nor an empty container."""
    return value is not None and not (isinstance(value, dict | list) and not value)


def text(value: object) -> str | None:
    """Return a string that is known now; None for anything else, and for a Terraform or bundle expression."""
    return value if isinstance(value, str) and "${" not in value else None


_GREATEST = 2**63


def number(value: object) -> float | None:
    """Return a number, also one written as a string as Terraform takes it; None for anything else.

    What is beyond 64 bits is as good as the greatest number that is not.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float):
        return None
    return min(max(value, -_GREATEST), _GREATEST)


def mapping(value: object) -> Body:
    """Return a mapping, or an empty one for anything else; a block in a list of one is unwrapped."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> Iterator[tuple[int, Body]]:
    """Yield the mappings of a list with their positions."""
    if isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield index, entry


@dataclass(frozen=True, eq=False)
class JobTask:
    """One task, at the top or inside a loop."""

    job: "Job"
    body: Body
    path: Path
    loop: "JobTask | None" = None
    """The for-each task that it is the inner task of."""

    @cached_property
    def key(self) -> str:
        """Its key, or an empty string."""
        key = self.body.get("task_key")
        return key if isinstance(key, str) else ""

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The task types that it says; exactly one in a valid job."""
        return tuple(name for name in TASK_TYPES if self.body.get(name) is not None)

    @property
    def type(self) -> str | None:
        """The one task type, or None."""
        return self.types[0] if len(self.types) == 1 else None

    def block(self, name: str) -> Body:
        """Return a block of the task, or an empty mapping."""
        return mapping(self.body.get(name))

    def at(self, *path: str | int) -> Path:
        """Return the path of something in the task."""
        return (*self.path, *path)

    def hit(self, *path: str | int, message: str, hint: str) -> Hit:
        """Return a hit at a place in the task; the message gets the task's key in front."""
        return Hit(self.at(*path), f"task {self.key!r}: {message}", hint)

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The keys that it depends on."""
        keys = [entry.get("task_key") for _, entry in mappings(self.body.get("depends_on"))]
        return tuple(key for key in keys if isinstance(key, str))

    @cached_property
    def upstream(self) -> frozenset[str]:
        """The keys of all tasks before it; of the loop's, where it is inside one."""
        return self.job.upstream_of(self.loop.key if self.loop else self.key)

    @property
    def cluster_keys(self) -> tuple[str, ...]:
        """The attributes by which it names classic compute."""
        return tuple(
            name for name in ("existing_cluster_id", "new_cluster", "job_cluster_key") if said(self.body.get(name))
        )

    @property
    def on_serverless(self) -> bool:
        """Whether it runs code and names no cluster and no warehouse."""
        runs_code = self.type in _CODE and not said(self.block("notebook_task").get("warehouse_id"))
        return runs_code and not self.cluster_keys


_QUIET = frozenset({bool, int, float, type(None)})
_CODE = {"notebook_task", "spark_python_task", "python_wheel_task", "dbt_task", "spark_jar_task"}


@dataclass(frozen=True, eq=False)
class Cluster:
    """One `new_cluster`, of a job cluster or of a task."""

    job: "Job"
    body: Body
    path: Path
    name: str
    """How a message names it: `job cluster 'etl'`, `the cluster of task 'train'`."""
    task: JobTask | None = None

    def at(self, *path: str | int) -> Path:
        """Return the path of something in the cluster."""
        return (*self.path, *path)

    def hit(self, *path: str | int, message: str, hint: str) -> Hit:
        """Return a hit at a place in the cluster; the message gets its name in front."""
        return Hit(self.at(*path), f"{self.name}: {message}", hint)

    def block(self, name: str) -> Body:
        """Return a block of the cluster, or an empty mapping."""
        return mapping(self.body.get(name))


@dataclass(frozen=True, eq=False)
class Mention:
    """One dynamic value reference, or what looks like one, in a string of the job."""

    job: "Job"
    task: JobTask | None
    """The task that it stands in; None for one in the job's own attributes."""
    path: Path
    string: str
    """The whole string."""
    dynamic: Dynamic


@dataclass(frozen=True, eq=False)
class Job:
    """A whole job."""

    body: Body
    _upstream: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def top(self) -> tuple[JobTask, ...]:
        """The tasks of the job, without those inside loops."""
        return tuple(JobTask(self, body, ("task", index)) for index, body in mappings(self.body.get("task")))

    @cached_property
    def tasks(self) -> tuple[JobTask, ...]:
        """All tasks, those inside loops right after their loop."""
        return tuple(each for task in self.top for each in self._with_inner(task))

    def _with_inner(self, task: JobTask) -> Iterator[JobTask]:
        yield task
        loop = task.body.get("for_each_task")
        inner = mapping(mapping(loop).get("task"))
        if inner:
            yield JobTask(self, inner, task.at("for_each_task", "task"), loop=task)

    @cached_property
    def by_key(self) -> Mapping[str, JobTask]:
        """The top-level tasks by their keys; of two with one key the first."""
        found: dict[str, JobTask] = {}
        for task in self.top:
            found.setdefault(task.key, task)
        return found

    def upstream_of(self, key: str) -> frozenset[str]:
        """Return the keys of all tasks before one, through any number of edges; cycles do no harm."""
        if key not in self._upstream:
            seen: set[str] = set()
            todo = list(self.by_key[key].parents) if key in self.by_key else []
            while todo:
                parent = todo.pop()
                if parent not in seen:
                    seen.add(parent)
                    todo.extend(self.by_key[parent].parents if parent in self.by_key else ())
            self._upstream[key] = frozenset(seen)
        return self._upstream[key]

    @cached_property
    def children(self) -> Mapping[str, tuple[JobTask, ...]]:
        """The tasks that depend on each key."""
        found: dict[str, list[JobTask]] = {}
        for task in self.top:
            for parent in dict.fromkeys(task.parents):
                found.setdefault(parent, []).append(task)
        return {key: tuple(tasks) for key, tasks in found.items()}

    def block(self, name: str) -> Body:
        """Return a block of the job, or an empty mapping."""
        return mapping(self.body.get(name))

    def blocks(self, name: str) -> Iterator[tuple[int, Body]]:
        """Yield the blocks of a list of the job with their positions."""
        return mappings(self.body.get(name))

    @cached_property
    def parameters(self) -> Mapping[str, Path]:
        """The names of the job's parameters, and where each stands."""
        return {
            block["name"]: ("parameter", index)
            for index, block in self.blocks("parameter")
            if isinstance(block.get("name"), str)
        }

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """Every new cluster of the job and its tasks."""
        found: list[Cluster] = []
        for index, block in self.blocks("job_cluster"):
            body = mapping(block.get("new_cluster"))
            if body:
                key = block.get("job_cluster_key")
                found.append(Cluster(self, body, ("job_cluster", index, "new_cluster"), f"job cluster {key!r}"))
        for task in self.tasks:
            body = mapping(task.body.get("new_cluster"))
            if body:
                found.append(Cluster(self, body, task.at("new_cluster"), f"the cluster of task {task.key!r}", task))
        return tuple(found)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every dynamic value reference, and what looks like one, in the strings of the job."""
        found: list[Mention] = []
        inner = {task.path: task for task in self.tasks if task.loop}
        todo: list[tuple[JobTask | None, Any, Path]] = [
            (None, value, (name,)) for name, value in self.body.items() if name != "task"
        ]
        todo += [(task, task.body, task.path) for task in self.top]
        while todo:
            task, value, path = todo.pop()
            if isinstance(value, str):
                if "{{" in value or "}}" in value:
                    found += [Mention(self, task, path, value, dynamic) for dynamic in dynamics(value)]
            elif isinstance(value, dict):
                task = inner.get(path, task) if inner else task
                todo += [(task, entry, (*path, name)) for name, entry in value.items() if entry.__class__ not in _QUIET]
            elif isinstance(value, list):
                todo += [(task, entry, (*path, index)) for index, entry in enumerate(value)]
        return tuple(reversed(found))
