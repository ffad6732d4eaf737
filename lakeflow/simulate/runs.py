"""A run that was simulated: every attempt at every task, with times from the start of everything.

https://docs.databricks.com/api/workspace/jobs/getrun
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from lakeflow.simulate.states import ACTIVE, SUCCESSES, life_cycle
from lakeflow.simulate.telling import Notice

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt at a task, or that there was none."""

    task_key: str
    number: int
    """0 is the first one."""
    state: str
    started: timedelta | None
    """None where it never ran."""
    ended: timedelta
    reason: str
    """Why it ended so; empty where it succeeded."""
    code: str
    """Databricks' termination code."""
    run_id: str = ""
    setup: timedelta = timedelta()
    """How long it waited for what it runs on."""
    outcome: str | None = None
    """`true` or `false`, of a condition that succeeded."""
    values: Json = field(default_factory=dict)
    """The task values that it set."""
    output: Any = None
    backlog: Json = field(default_factory=dict)
    resolved: Json = field(default_factory=dict)
    """What stands in the block of its kind, with every reference filled in."""
    parameters: Json = field(default_factory=dict)
    """What the task receives: its own parameters, and the job's over them where its kind takes them unasked."""
    run: "Run | None" = None
    """The run of the job that it started."""
    iterations: tuple["TaskRun", ...] = ()
    """Of a for-each task, in the order of the inputs."""
    repair: int = 0
    """0 for the original run, 1 for its first repair."""

    @property
    def duration(self) -> timedelta:
        """How long it took."""
        return timedelta() if self.started is None else self.ended - self.started

    @property
    def ran(self) -> bool:
        """Whether it was started."""
        return self.started is not None


@dataclass(frozen=True, kw_only=True)
class TaskRun:
    """A task in a run, with all attempts at it: the last one counts."""

    key: str
    attempts: tuple[Attempt, ...]
    iteration: int | None = None
    """The place of its input, of a task that a loop repeats."""
    input: Any = None

    @property
    def last(self) -> Attempt:
        """The attempt that counts."""
        return self.attempts[-1]

    @property
    def state(self) -> str:
        """How the task ended, in the words of the API."""
        return self.last.state

    @property
    def reason(self) -> str:
        """Why it ended so, or did not run; empty where it succeeded."""
        return self.last.reason

    @property
    def outcome(self) -> str | None:
        """The outcome of a condition."""
        return self.last.outcome

    @property
    def ran(self) -> bool:
        """Whether it was started."""
        return self.last.ran

    @property
    def started(self) -> timedelta | None:
        """When the first attempt began."""
        return next((attempt.started for attempt in self.attempts if attempt.started is not None), None)

    @property
    def ended(self) -> timedelta:
        """When the last attempt ended, or it was clear that there would be none."""
        return self.last.ended

    @property
    def duration(self) -> timedelta:
        """From the start of the first attempt to the end of the last."""
        return timedelta() if self.started is None else self.ended - self.started

    @property
    def iterations(self) -> tuple["TaskRun", ...]:
        """What a for-each task repeated."""
        return self.last.iterations

    @property
    def run(self) -> "Run | None":
        """The run of the job that it started."""
        return self.last.run

    def phase(self, at: timedelta) -> str:
        """Return the `life_cycle_state` at a time."""
        if at >= self.ended:
            return life_cycle(self.state)
        if self.started is None or at < self.started:
            return "BLOCKED"
        current = [each for each in self.attempts if each.started is not None and each.started <= at < each.ended]
        return "RUNNING" if current else "WAITING_FOR_RETRY"


@dataclass(frozen=True, kw_only=True)
class Repair:
    """One piece of a run: the original, or a repair of it."""

    repair_id: str
    """Empty for the original."""
    started: timedelta
    ended: timedelta
    state: str
    code: str = ""
    """Databricks' termination code."""
    message: str = ""
    """What Databricks says of it."""

    @property
    def kind(self) -> str:
        """What the API calls it."""
        return "REPAIR" if self.repair_id else "ORIGINAL"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a job."""

    job: str
    """The job's name."""
    run_id: str
    state: str
    """The result, in the words of the API; QUEUED or RUNNING of a run that goes on."""
    reason: str
    message: str
    """What Databricks says of it."""
    asked: timedelta
    """When it was asked for."""
    started: timedelta | None
    """None where it never was."""
    ended: timedelta
    trigger: str
    parameters: Mapping[str, str]
    tasks: Mapping[str, TaskRun]
    """By key; each after those that it waits for."""
    notices: tuple[Notice, ...]
    code: str = ""
    """Databricks' termination code; empty while the run goes on."""
    repairs: tuple[Repair, ...] = ()
    caller: str = ""
    """The run of the task that started it."""
    origin: Any = field(default=None, repr=False, compare=False)
    """What it was made of, for a repair."""

    def __getitem__(self, key: str) -> TaskRun:
        """Return a task; an error names the nearest."""
        if key in self.tasks:
            return self.tasks[key]
        near = nearest(key, self.tasks)
        raise LakeflowError(
            f"the run of {self.job} has no task {key!r}",
            fix=f"did you mean {near!r}?" if near else f"it has {listed(self.tasks) or 'none'}",
        )

    def __iter__(self) -> Iterator[TaskRun]:
        """Yield the tasks in the order in which they began, or it was clear that they would not."""
        return iter(sorted(self.tasks.values(), key=lambda task: task.ended if task.started is None else task.started))

    @property
    def ended_already(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ACTIVE

    @property
    def succeeded(self) -> bool:
        """Whether Databricks counts it as a success, also with failures."""
        return self.state in SUCCESSES

    @property
    def queued(self) -> timedelta:
        """How long it waited for a place."""
        return (self.ended if self.started is None else self.started) - self.asked

    @property
    def duration(self) -> timedelta:
        """How long it took, with what happened between its attempts and repairs."""
        return timedelta() if self.started is None else self.ended - self.started

    @property
    def states(self) -> Mapping[str, str]:
        """How every task ended."""
        return {key: task.state for key, task in self.tasks.items()}

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, each an entry of `tasks` as the API has them."""
        return tuple(attempt for task in self for attempt in task.attempts)

    def phase(self, at: timedelta) -> str:
        """Return the `life_cycle_state` at a time."""
        if at >= self.ended:
            return life_cycle(self.state, job=True)
        return "QUEUED" if self.started is None or at < self.started else "RUNNING"
