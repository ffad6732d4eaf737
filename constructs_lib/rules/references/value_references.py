"""The value references of a job, sorted by what rules have to say about them.

https://docs.databricks.com/aws/en/jobs/dynamic-value-references
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.finding import Hit, Path
from constructs_lib.rules.job import Job, JobTask, Mention
from constructs_lib.rules.mentions import Dynamic, dynamics
from constructs_lib.rules.rule import Hits

TIMES = (
    "iso_date",
    "iso_datetime",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "timestamp_ms",
    "iso_weekday",
    "is_weekday",
)
NAMES = {
    "job": ("id", "name", "run_id", "repair_count", "start_time", "parameters", "trigger"),
    "task": ("name", "run_id", "execution_count", "notebook_path"),
    "tasks": ("values", "output", "result_state", "error_code", "execution_count", "run_id", "notebook_path"),
    "workspace": ("id", "url"),
    "input": (),
    "backfill": TIMES,
}
NAMESPACES = tuple(NAMES)
LEGACY = {
    "job_id": "job.id",
    "run_id": "task.run_id",
    "start_date": "job.start_time.iso_date",
    "start_time": "job.start_time.timestamp_ms",
    "task_key": "task.name",
    "task_retry_count": "task.execution_count",
    "parent_run_id": "job.run_id",
}
_NOT_REPLACED = frozenset(
    (
        "task_key",
        "description",
        "depends_on",
        "new_cluster",
        "library",
        "health",
        "email_notifications",
        "webhook_notifications",
        "notification_settings",
    )
)
_PLAIN = re.compile(r"[A-Za-z0-9_]+")


class Sort(StrEnum):
    """What a mention is; a well-formed reference in a known namespace is sorted under the namespace."""

    BROKEN = "broken"
    """Its braces or backticks do not match."""
    ODD = "odd"
    """In a known namespace, with a name that is neither plain nor in backticks."""
    OTHER = "other"
    """In no known namespace."""
    TEXT = "text"
    """Where nothing is replaced."""


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """One mention, looked at."""

    job: Job
    task: JobTask | None
    """The task that it stands in, the inner one of a loop."""
    path: Path
    string: str
    dynamic: Dynamic
    said: tuple[str, ...]
    """The names of the reference, `[name]` (once written so in the documentation) as `name`."""
    odd: str | None
    """A name that is neither plain nor in backticks."""

    @property
    def text(self) -> str:
        """The reference as written."""
        return self.dynamic.text

    def hit(self, message: str, hint: str) -> Hit:
        """Return a hit at the string; the message gets its task or parameter in front."""
        where = f"task {self.task.key!r}: " if self.task else ""
        if self.path[0] == "parameter":
            name = next((name for name, path in self.job.parameters.items() if path == self.path[:2]), "?")
            where = f"parameter {name!r}: "
        return Hit(self.path, f"{where}{message}", hint)


def each(*sorts: str, check: Callable[[Seen], Hits]) -> Callable[[Job], Hits]:
    """Return a check of whole jobs that asks about each mention of some sorts."""

    def of_job(job: Job) -> Iterator[Hit]:
        sorted_mentions = _sorted(job)
        for sort in sorts:
            for seen in sorted_mentions.get(sort, ()):
                yield from check(seen)

    return of_job


@lru_cache(maxsize=4)  # every rule asks for the same job before the next one comes
def _sorted(job: Job) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = {}
    for mention in job.mentions:
        dynamic = mention.dynamic
        if "${" not in dynamic.text:
            seen = _seen(mention, dynamic)
            found.setdefault(_sort(seen), []).append(seen)
    return found


def _sort(seen: Seen) -> str:
    if not _is_replaced(seen.path):
        return Sort.TEXT
    if seen.dynamic.problem is not None:
        return Sort.BROKEN
    if seen.said[0] not in NAMES:
        return Sort.OTHER
    if len(seen.said) == 1 and seen.said[0] != "input":
        return Sort.OTHER
    return Sort.ODD if seen.odd is not None else seen.said[0]


def _seen(mention: Mention, dynamic: Dynamic) -> Seen:
    said, odd = dynamic.parts, dynamic.needs_backticks
    if odd is not None and dynamic.text.startswith("{{{"):  # a brace of JSON before a reference
        inner = next(dynamics("{{" + dynamic.text.lstrip("{")))
        said, odd = inner.parts or said, inner.needs_backticks
    if odd is not None and odd.startswith("[") and odd.endswith("]"):
        said, odd = tuple(part[1:-1] if part[:1] == "[" and part[-1:] == "]" else part for part in said), None
    return Seen(mention.job, _task(mention), mention.path, mention.string, dynamic, said, odd)


def _names(path: Path) -> list[str]:
    return [name for name in path[2:] if isinstance(name, str)]


def _task(mention: Mention) -> JobTask | None:
    """Return the task that a mention stands in, the inner one of a loop also where blocks are lists of one."""
    task, path = mention.task, mention.path
    if task and task.loop is None and len(path) > 4 and path[2] == "for_each_task" and _names(path)[1:2] == ["task"]:
        return next((inner for inner in mention.job.tasks if inner.loop is task), task)
    return task


def _is_replaced(path: Path) -> bool:
    """Return whether Databricks looks for references in an attribute."""
    if path[0] == "parameter":
        return path[-1] == "default"
    if path[0] != "task" or len(path) < 3:
        return False
    name = path[2]
    if name == "for_each_task":
        names = _names(path)
        name = names[2] if names[1:2] == ["task"] and len(names) > 2 else name
    return name not in _NOT_REPLACED and path[-1] != "custom_subject"


def reference(*names: str) -> str:
    """Return a reference as it is written; `<name>` stands for what is to be chosen."""
    return "{{" + ".".join(name if _PLAIN.fullmatch(name) or name == "<name>" else f"`{name}`" for name in names) + "}}"


def choice(wrong: str, names: tuple[str, ...], *before: str) -> str:
    """Return what to write instead of a wrong name."""
    near = nearest(wrong.lower(), names)
    return f"write {reference(*before, near or '<name>')}" + ("" if near else f" with one of {listed(names, 12)}")
