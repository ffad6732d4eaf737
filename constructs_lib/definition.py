"""A whole job as a value: its six steps, and the one dict that they render to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.compute import Compute
from constructs_lib.errors import listed, nearest
from constructs_lib.goal import Goal
from constructs_lib.handles import Source
from constructs_lib.monitoring import Monitoring
from constructs_lib.notifications import Notifications, Recipient
from constructs_lib.operations import Operations
from constructs_lib.tasks.base import Outcome, Task, WorkTask
from constructs_lib.triggers import Trigger
from constructs_lib.values import Value, Via, attribute, is_empty, merge, plain

_MOST_TASKS = 1000


def byte_order(key: str) -> bytes:
    """Return the order in which the provider keeps lists: upper case before '_' before lower case."""
    return key.encode()


class JobDefinition(Value):
    """A job's six steps. `LakeflowJob` deploys one; tests and tools read it without Terraform."""

    name: str = attribute("name", kw_only=False)
    goal: Goal | None = attribute("description", via=Via(lambda goal: goal.text, Goal.of))
    """None only of a job that was read: one that is written has a goal."""
    tasks: Sequence[Task] = attribute()
    trigger: Trigger = attribute(spread=True)
    compute: Compute | None = attribute(default=None)
    """What tasks run on that do not say it themselves."""
    operations: Operations = attribute(default=Operations())
    monitoring: Monitoring | None = attribute(default=None)

    def check(self) -> None:
        """Refuse two tasks of one key, and a dependency on a task outside the job."""
        if not self.name.strip() or len(self.name.encode()) > 4096:
            raise self.error("a job's name has 1 to 4,096 bytes")
        if len(self.tasks) > _MOST_TASKS:
            raise self.error(
                f"{len(self.tasks)} tasks, and the API takes 1,000", fix="split the job, and use RunJobTask"
            )
        known: dict[str, Task] = {}
        for task in _with_inner(self.tasks):
            other = known.setdefault(task.key, task)
            if other is not task:
                raise self.error(f"two tasks have the key {task.key!r}: {other!r} and {task!r}", fix="rename one")
        if len(known) != sum(1 for _ in _with_inner(self.tasks)):
            raise self.error("a task is listed twice", fix="list each task once")
        top = set(self.tasks)
        for task in self.tasks:
            for dependency in task.depends_on:
                self._check_dependency(task, dependency, top)

    def _check_dependency(self, task: Task, dependency: Task | Outcome, tasks: set[Task]) -> None:
        parent = dependency.task if isinstance(dependency, Outcome) else dependency
        if parent in tasks:
            return
        for loop in tasks:
            if parent in loop.inner():
                raise self.error(
                    f"task {task.key!r} depends on {parent.key!r}, which is inside the loop {loop.key!r}",
                    fix=f"depend on {loop.key!r}",
                )
        keys = [each.key for each in tasks]
        if parent.key in keys:
            raise self.error(
                f"task {task.key!r} depends on another task of the key {parent.key!r} than the one in tasks",
                fix="depend on the same object that is listed",
            )
        hint = nearest(parent.key, keys)
        raise self.error(
            f"task {task.key!r} depends on {parent.key!r}, which is not in tasks=[{listed(keys)}]",
            fix="add it to the list" + (f", or depend on {hint!r}" if hint else ""),
        )

    def render(self) -> dict[str, Any]:
        """Return the attributes of `databricks_job`, every list in a stable order."""
        operations = self._operations()
        body = super().render()
        merge(body, operations.render())
        if self.tasks:
            body["task"] = [
                task.with_defaults(self.compute, operations.retries)
                for task in sorted(self.tasks, key=lambda task: byte_order(task.key))
            ]
        for name, blocks in sorted(self._compute_blocks().items()):
            body[name] = [blocks[key] for key in sorted(blocks, key=byte_order)]
        merge(body, plain(operations.extra))
        self._check_git(body)
        self._check_mails()
        return body

    def _operations(self) -> Operations:
        """Return the operations with what monitoring adds to them."""
        rules = self.monitoring.health_rules(self.trigger) if self.monitoring else ()
        if not rules:
            return self.operations
        said = [rule for rule in self.operations.health if rule.metric == rules[0].metric]
        if said:
            raise self.error(
                f"operations and monitoring both say a threshold for {rules[0].metric}: {said[0]!r} and {rules[0]!r}",
                fix="say it once",
            )
        warned = (self.monitoring.warn if self.monitoring else ()) or self.recipients
        if not warned and not self.operations.notifications.on_duration_warning:
            raise self.error(
                "monitoring warns of late or slow runs and tells nobody",
                fix="give it recipients=, or the operations notifications for failures",
            )
        notifications = self.operations.notifications.telling("on_duration_warning", warned)
        return self.operations.replace(health=(*self.operations.health, *rules), notifications=notifications)

    def _check_git(self, body: dict[str, Any]) -> None:
        if "git_source" in body:
            return
        for task in _with_inner(self.tasks):
            if task.source is Source.GIT:
                raise self.error(
                    f"task {task.key!r} takes its code from Git, and the job has no repository",
                    fix="give its Operations git=GitSource(…)",
                )

    def _check_mails(self) -> None:
        """Refuse addresses of some tasks only: the provider leaves them to the task that comes to stand there next."""
        told = {
            task.key: task.notifications.mailed if task.notifications else frozenset() for task in _working(self.tasks)
        }
        for event in sorted(frozenset().union(*told.values())):
            silent = [key for key, events in told.items() if event not in events]
            if silent or len(told) < len(self.tasks):
                others = listed(silent) if silent else "conditions and loops, which cannot"
                raise self.error(
                    f"some tasks e-mail {event}, but not {others}: the provider cannot clear a task's addresses",
                    fix="tell the whole job, a destination, or an address in every task",
                )

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who the monitoring tells."""
        named = self.monitoring.recipients if self.monitoring else ()
        notifications: Notifications = self.operations.notifications
        return tuple(named or notifications.on_failure)

    def _compute_blocks(self) -> dict[str, dict[str, dict[str, Any]]]:
        blocks: dict[str, dict[str, dict[str, Any]]] = {}
        for task in self.tasks:
            declared = [each for compute in task.computes(self.compute) for each in compute.declared()]
            declared += [("environment_variables", variables.render()) for variables in task.shared()]
            for name, block in declared:
                key = block[f"{name}_key"]
                known = blocks.setdefault(name, {}).setdefault(key, block)
                if known != block:
                    raise self.error(
                        f"two different {name} blocks have the key {key!r}: {_difference(known, block)}",
                        fix="give the same object to the tasks that share it, or another key",
                    )
        return blocks


def _working(tasks: Iterable[Task]) -> Iterator[WorkTask]:
    return (task for task in tasks if isinstance(task, WorkTask))


def _with_inner(tasks: Iterable[Task]) -> Iterable[Task]:
    for task in tasks:
        yield task
        yield from _with_inner(task.inner())


def _difference(one: Mapping[str, Any], other: Mapping[str, Any], path: str = "") -> str:
    """Return the first attribute in which two blocks differ, with both values."""
    for key in [*one, *(key for key in other if key not in one)]:
        mine, theirs = one.get(key), other.get(key)
        if mine == theirs:
            continue
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            return _difference(mine, theirs, f"{path}{key}.")
        shown = ["nothing" if is_empty(side) else repr(side) for side in (mine, theirs)]
        return f"{path}{key} is {shown[0]} and {shown[1]}"
    return "the same"
