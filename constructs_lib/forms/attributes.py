"""A job's attributes, by the provider's names, back into its six steps.

What no typed value says is kept in the `extra` of the value around it, so that nothing is lost; why, is told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from constructs_lib.compute import (
    Compute,
    ExistingCluster,
    JobCluster,
    NewCluster,
    ServerlessEnvironment,
    ServerlessGpu,
    ServerlessJobCluster,
)
from constructs_lib.definition import JobDefinition
from constructs_lib.errors import LakeflowError, listed, shortened
from constructs_lib.goal import Goal
from constructs_lib.kinds import kind_of
from constructs_lib.operations import Operations
from constructs_lib.provider.excluded import excluded
from constructs_lib.reading import Doubt, Given, Notes, Path
from constructs_lib.tasks import ComputeTask, ConditionTask, EnvironmentVariables, ForEachTask, Outcome, Task, WorkTask
from constructs_lib.tasks.base import COMPUTE
from constructs_lib.triggers import Manual, Trigger

UNNAMED = "Untitled"
"""What the API calls a job without a name."""

_MAILS = "email_notifications"
_TRIGGERS = ("schedule", "continuous", "trigger", "triggers")
_DECLARED: Mapping[str, type[Any]] = {
    "job_cluster": JobCluster,
    "environment": ServerlessEnvironment,
    "environment_variables": EnvironmentVariables,
}
"""The job's lists of blocks that tasks name by a key, and what stands in them."""


@dataclass(frozen=True)
class JobRead:
    """A job that was read, and what of it is kept in an `extra`."""

    definition: JobDefinition
    rendered: Mapping[str, Any]
    """What it renders to."""
    notes: Notes

    def kept(self) -> Iterator[tuple[Path, str]]:
        """Yield where attributes stand that are kept in an `extra`, each with the reason."""
        for path in self.notes.kept:
            near = [doubt for doubt in self.notes.doubts if _along(doubt.path, path)]
            nearest = max(near, key=lambda doubt: len(doubt.path), default=None)
            left_out = excluded(_dotted(path)) if nearest is None or len(nearest.path) < len(path) else None
            yield path, left_out or (nearest.problem if nearest else "no typed value says it")


def read_job(attributes: Mapping[str, Any]) -> JobRead:
    """Return the job that has these attributes of `databricks_job`; raise LakeflowError where there is no such job.

    Where a task cannot be said at all, all tasks stay as they are.
    """
    try:
        return _JobReading(attributes, Notes()).job()
    except LakeflowError as error:
        notes = Notes([Doubt((name,), error.problem) for name in ("task", *_DECLARED)])
        return _JobReading(attributes, notes).job(with_tasks=False)


def _along(one: Path, other: Path) -> bool:
    """Return whether one of two paths leads to the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


def _dotted(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))


class _JobReading:
    """One job on its way back."""

    def __init__(self, attributes: Mapping[str, Any], notes: Notes) -> None:
        self._given = Given(deepcopy(dict(attributes)), notes=notes)
        self._shared: dict[tuple[str, str], Any] = {}
        self._keys: frozenset[str] = frozenset()

    def job(self, *, with_tasks: bool = True) -> JobRead:
        """Return the job; raise LakeflowError where its tasks are none."""
        given = self._given
        name, description = self._text("name") or UNNAMED, self._text("description")
        for kind in _DECLARED if with_tasks else ():
            self._declared(kind)
        tasks = self._tasks() if with_tasks else []
        trigger = self._trigger()
        goal = self._goal(description) if description else None
        operations = self._with_unused(Operations.read(given), tasks)
        definition = JobDefinition(name, goal=goal, tasks=tasks, trigger=trigger, operations=operations)
        return JobRead(definition, definition.render(), given.notes)

    def _text(self, name: str) -> str:
        """Return a text, taken out of the block; "" where there is none, and what is not one stays."""
        value = self._given.body.get(name)
        if isinstance(value, str):
            self._given.take(name)
            return value
        if value is not None:
            kind = kind_of(str)
            self._given.doubt((name,), f"expected {kind.words}, got {kind.describe(value)}")
        return ""

    def _trigger(self) -> Trigger:
        """Return what starts the job; nothing where no trigger says it, and then it stays as it is."""
        given = self._given
        mark = given.mark
        try:
            trigger = Trigger.of(given)
            trigger.render()
        except LakeflowError as error:
            given.back_to(mark)
            for name in _TRIGGERS:
                given.doubt((name,), error.problem)
            return Manual()
        return trigger

    def _goal(self, description: str) -> Goal | None:
        """Return the goal that a description says; None where it says none, and then it stays as it is."""
        try:
            return Goal.of(description)
        except LakeflowError as error:
            self._given.body["description"] = description
            self._given.doubt(("description",), error.problem)
            return None

    def _declared(self, kind: str) -> None:
        """Read the blocks of a list that tasks share; all stay as they are where one of them cannot be said."""
        mark = self._given.mark
        blocks = self._given.take(kind)
        try:
            found = [self._block(kind, index, block) for index, block in enumerate(_list(blocks))]
            _expect_different([block.key for block in found], kind)
        except LakeflowError as error:
            self._given.back_to(mark)
            self._given.doubt((kind,), error.problem)
        else:
            self._shared.update({(kind, block.key): block for block in found})

    def _block(self, kind: str, index: int, body: object) -> Any:
        """Return what an entry of such a list says; raise LakeflowError where some of it stays unsaid."""
        if not isinstance(body, dict):
            raise LakeflowError(f"{shortened(body)} is no block")
        given = Given(deepcopy(body), (kind, index), self._given.notes)
        class_ = ServerlessJobCluster if "serverless_compute_id" in body else _DECLARED[kind]
        block = class_.read(given)
        if given.left():
            raise LakeflowError(f"{block!r} does not say {listed(given.left())}")
        return block

    def _with_unused(self, operations: Operations, tasks: Sequence[Task]) -> Operations:
        """Return the operations with the lists of blocks of which no task uses one: a job declares what tasks use."""
        computes = [compute for task in tasks for compute in task.computes(None)]
        used = {id(each.environment if isinstance(each, ServerlessGpu) else each) for each in computes}
        used |= {id(variables) for task in tasks for variables in task.shared()}
        kinds = {kind for (kind, _), block in self._shared.items() if id(block) not in used}
        lists = {
            kind: [block.render() for (known, _), block in self._shared.items() if known == kind]
            for kind in sorted(kinds)
        }
        return operations.replace(extra={**operations.extra, **lists}) if lists else operations

    def _tasks(self) -> list[Task]:
        bodies = _list(self._given.take("task"))
        if not all(isinstance(body, dict) for body in bodies):
            raise LakeflowError("a task is no block")
        keys = [str(body.get("task_key")) for body in bodies]
        _expect_different(keys, "task")
        self._keys = frozenset(keys)
        mailing = _mail_alike(bodies)
        tasks: dict[str, Task] = {}
        for index in _parents_first(bodies):
            given = Given(bodies[index], ("task", index), self._given.notes)
            tasks[keys[index]] = self._task(given, tasks, mailing=mailing)
        return [tasks[key] for key in keys]

    def _task(self, given: Given, known: Mapping[str, Task], *, mailing: bool) -> Task:
        mails = given.take(_MAILS) if not mailing else None
        edges = self._edges(given, known)
        problem = ""
        for class_ in _classes(given.body):
            trial, mark = Given(deepcopy(given.body), given.path, given.notes), given.mark
            try:
                task = self._as(class_, trial, edges)
                if mails:
                    task = task.replace(extra={**task.extra, _MAILS: mails})
                task.with_defaults(None, None)
            except LakeflowError as error:
                given.back_to(mark)
                problem = problem or error.problem
                continue
            if problem:
                given.doubt((), problem)
            if mails:
                given.notes.kept.append((*given.path, _MAILS))
                given.doubt((_MAILS,), "not every task mails for it, and the provider cannot clear a task's addresses")
            return task
        raise LakeflowError(problem)

    def _as(self, class_: type[Task], given: Given, edges: Sequence[Task | Outcome]) -> Task:
        said: dict[str, Any] = {"depends_on": edges}
        if issubclass(class_, ForEachTask):
            inner = given.take("for_each_task", "task")
            if not isinstance(inner, dict):
                raise LakeflowError("has no task inside")
            if str(inner.get("task_key")) in self._keys:
                raise LakeflowError(f"its inner task has the key {inner['task_key']!r}, which another task has too")
            path = (*given.path, "for_each_task", "task")
            said["task"] = self._task(Given(inner, path, given.notes), {}, mailing=True)
        if issubclass(class_, ComputeTask):
            said["compute"] = self._compute(given)
            said["environment_variables"] = self._of(given, "environment_variables")
        return class_.read(given, **said)

    def _edges(self, given: Given, known: Mapping[str, Task]) -> list[Task | Outcome]:
        """Return what a task waits for, taken out of its block; nothing where it waits for what is not there."""
        mark = given.mark
        edges: list[Task | Outcome] = []
        blocks = given.take("depends_on")
        for block in blocks if isinstance(blocks, list) else [blocks] if blocks else ():
            edge = _edge(block, known)
            if edge is None or edge.edge["task_key"] in {other.edge["task_key"] for other in edges}:
                given.back_to(mark)
                given.doubt(("depends_on",), f"{shortened(block)} is no task of the job that could come before")
                return []
            edges.append(edge)
        return edges

    def _compute(self, given: Given) -> Compute | None:
        cluster = self._of(given, "job_cluster")
        if cluster is not None:
            return cluster  # type: ignore[no-any-return]  # it was declared as one
        if given.has(("existing_cluster_id",)):
            return ExistingCluster(given.take("existing_cluster_id"))
        if given.at("new_cluster") is not None:
            return self._or_nothing(NewCluster, given)
        environment = self._of(given, "environment")
        if given.has(("compute", "hardware_accelerator")):
            return self._or_nothing(ServerlessGpu, given, environment=environment)
        return environment  # type: ignore[no-any-return]  # the same

    @staticmethod
    def _or_nothing(class_: type[Compute], given: Given, **said: Any) -> Compute | None:
        """Return the compute that a block says, None where no value says it: it stays there."""
        try:
            return class_.read(given, **said)
        except LakeflowError:
            return None

    def _of(self, given: Given, kind: str) -> Any:
        """Return the declared block that a task names, None where it names none that could be said."""
        name = f"{kind}_key"
        found = self._shared.get((kind, str(given.body.get(name))))
        if found is not None:
            given.take(name)
        elif given.has((name,)):
            given.doubt((name,), f"names no {kind} that a value says")
        return found


def _list(blocks: Any) -> list[Any]:
    """Return a list of blocks that may not be there; raise LakeflowError where something else is."""
    if blocks and not isinstance(blocks, list):
        raise LakeflowError(f"{shortened(blocks)} is no list of blocks")
    return blocks or []


def _expect_different(keys: Sequence[str], kind: str) -> None:
    for key, count in Counter(keys).items():
        if count > 1:
            raise LakeflowError(f"two {kind} blocks have the key {key!r}")


def _edge(block: object, known: Mapping[str, Task]) -> Task | Outcome | None:
    """Return the edge of a `depends_on` block; None where it names no task, or an outcome that there is not."""
    said = dict(block) if isinstance(block, dict) else {}
    parent, outcome = known.get(str(said.pop("task_key", None))), said.pop("outcome", None)
    if parent is None or said:
        return None
    if outcome is None:
        return parent
    outcomes = {"true": parent.when_true, "false": parent.when_false} if isinstance(parent, ConditionTask) else {}
    return outcomes.get(str(outcome))


def _classes(body: Mapping[str, Any]) -> Iterator[type[Task]]:
    """Yield the classes that a task may be of, the one that says most first."""
    yield from (class_ for class_ in _kinds(Task) if _stands(body, class_.prefix))
    if not COMPUTE.isdisjoint(body):
        yield ComputeTask
    yield from (WorkTask, Task)


def _kinds(class_: type[Task]) -> Iterator[type[Task]]:
    """Yield the classes of one task type, those of a deeper block first."""
    found = [kind for each in class_.__subclasses__() for kind in _kinds(each)]
    if class_.prefix:
        found.append(class_)
    yield from sorted(found, key=lambda kind: -len(kind.prefix))


def _stands(body: Any, prefix: Sequence[str]) -> bool:
    for name in prefix:
        body = body.get(name) if isinstance(body, dict) else None
    return isinstance(body, dict)


def _parents_first(bodies: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the order in which every task comes after those it waits for; in a cycle as they stand."""
    places = {str(body.get("task_key")): index for index, body in enumerate(bodies)}
    ordered: list[int] = []
    seen: set[int] = set()
    for start in range(len(bodies)):
        stack = [(start, False)]
        while stack:
            index, done = stack.pop()
            if done:
                ordered.append(index)
            elif index not in seen:
                seen.add(index)
                stack.append((index, True))
                edges = bodies[index].get("depends_on")
                named = [edge for edge in edges if isinstance(edge, dict)] if isinstance(edges, list) else []
                parents = [places.get(str(edge.get("task_key"))) for edge in named]
                stack.extend((parent, False) for parent in reversed(parents) if parent is not None)
    return ordered


def _mail_alike(bodies: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether every task mails for the same events, as only then its values say them: the provider's trap."""
    told = []
    for body in bodies:
        mails = body.get(_MAILS)
        events = mails.items() if isinstance(mails, dict) else ()
        told.append({event for event, addresses in events if addresses})
    return all(events == told[0] for events in told)
