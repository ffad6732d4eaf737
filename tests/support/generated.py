"""Jobs of every kind, generated: each value of `everything()` with some of its attributes, put together anew."""

from collections.abc import Sequence
from typing import Any

from hypothesis import assume, strategies as st

from constructs_lib import (
    ComputeTask,
    ConditionTask,
    ForEachTask,
    Goal,
    JobDefinition,
    LakeflowError,
    NotebookTask,
    Outcome,
    RunIf,
    Task,
    WorkspacePath,
)
from constructs_lib.compute import Compute
from constructs_lib.values import Value
from tests.support.everything import every_value, everything

_JOBS = everything()
_TASKS = [task for job in _JOBS for task in every_value(job.tasks) if isinstance(task, Task)]
_COMPUTES = [compute for job in _JOBS for compute in every_value(job.tasks) if isinstance(compute, Compute)]
_OPERATIONS = [job.operations for job in _JOBS]
_TRIGGERS = [job.trigger for job in _JOBS]
_GIT = next(operations.git for operations in _OPERATIONS if operations.git)
_APART = {"key", "depends_on", "run_if", "compute", "task", "extra", "notifications"}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(
    ["${var.x}", "$${x}", "%{if}", "{{job.id}}", "{{tasks.a.values.b}}", "a\nOwner: me", "Owner: me", "TfToken[1]"]
)
"""Any text, and those that mean something to Terraform or Databricks."""


@st.composite
def jobs(draw: st.DrawFn) -> JobDefinition:
    """Draw a job."""
    whole = draw(st.sampled_from(_OPERATIONS))
    operations = (draw(_some(whole)) or whole).replace(
        tags=draw(st.dictionaries(TEXT, TEXT, max_size=3)),
        parameters=draw(st.dictionaries(st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True), TEXT, max_size=3)),
        git=whole.git or _GIT,
    )
    goal = draw(st.none() | TEXT.filter(str.strip).map(Goal.of))
    try:
        return JobDefinition(
            draw(TEXT.filter(str.strip)),
            goal=goal,
            tasks=draw(_tasks()),
            trigger=draw(st.sampled_from(_TRIGGERS)),
            operations=operations,
        )
    except LakeflowError:
        assume(False)
        raise


@st.composite
def _tasks(draw: st.DrawFn) -> Sequence[Task]:
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 5))):
        waits = draw(st.lists(st.sampled_from(tasks), unique=True, max_size=3)) if tasks else []
        edges: list[Task | Outcome] = [draw(st.sampled_from(_edges(task))) for task in waits]
        said = {"depends_on": edges, "run_if": draw(st.sampled_from(RunIf))}
        tasks.append(draw(_task(draw(st.sampled_from(_TASKS)), f"{draw(st.sampled_from('aBz_'))}-{number}", said)))
    return tasks


def _edges(task: Task) -> list[Task | Outcome]:
    return [task.when_true, task.when_false, task] if isinstance(task, ConditionTask) else [task]


@st.composite
def _task(draw: st.DrawFn, whole: Task, key: str, said: dict[str, Any]) -> Task:
    said = {"key": key, **said}
    if isinstance(whole, ForEachTask):
        said["task"] = draw(_task(draw(st.sampled_from([t for t in _TASKS if not t.inner()])), f"{key}-inner", {}))
    if isinstance(whole, ComputeTask):
        said["compute"] = draw(st.none() | st.sampled_from(_COMPUTES))
    if isinstance(whole, NotebookTask):
        said["parameters"] = draw(st.dictionaries(TEXT, TEXT, max_size=2))
        said["notebook"] = draw(st.sampled_from([whole.notebook, WorkspacePath(f"/Workspace/{key}")]))
    task = draw(_some(whole, **said))
    if task is not None and _runs(task):
        made: Task = task
        return made
    return NotebookTask(key, WorkspacePath("/Workspace/a"), depends_on=said.get("depends_on", ()))


def _runs(task: Task) -> bool:
    """Return whether a task has all that it needs, its compute too."""
    try:
        task.with_defaults(None, None)
    except LakeflowError:
        return False
    return True


def _some(whole: Any, **said: Any) -> st.SearchStrategy[Any]:
    """Return copies of a value with some of the attributes that it need not have; None where there is no such value."""
    optional = [known.name for known in whole.attributes if not known.required and known.name not in {*said, *_APART}]

    def copy(names: set[str]) -> Value | None:
        present = {
            known.name: getattr(whole, known.name)
            for known in whole.attributes
            if known.name not in _APART and (known.required or known.name in names)
        }
        try:
            made: Value = type(whole)(**{**present, **said})
        except LakeflowError:
            return None
        return made

    return st.sets(st.sampled_from(optional)).map(copy) if optional else st.just(None)
