"""What the parts of a run see of each other: a task of its run, and what a task does of the task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from lakeflow.simulate.job import Job, Task
from lakeflow.simulate.outcomes import Does, Iterations
from lakeflow.simulate.references import Context
from lakeflow.simulate.runs import Attempt, Run, TaskRun
from lakeflow.simulate.world import Rank, World


@dataclass(frozen=True)
class Item:
    """The input of an iteration."""

    index: int
    value: Any


class Playing(Protocol):
    """A run that plays."""

    def stop(self, state: str, reason: str) -> None:
        """End everything that goes on; the run has this state."""

    def as_it_is(self) -> Run:
        """Return the run as it is now."""


class AtWork(Protocol):
    """A task at work, as its run and what it does see it."""

    host: "Host"
    task: Task
    item: Item | None

    def end(self, state: str, reason: str = "", code: str | None = None, *, outcome: str | None = None) -> None:
        """End the attempt."""

    def later(self, wait: timedelta, rank: Rank, do: Callable[[], None]) -> None:
        """Let something happen, unless the attempt is over by then."""

    def takes(self) -> timedelta:
        """Return how long the attempt takes where nobody says it."""

    def set_up(self) -> timedelta:
        """Return how long the attempt waits for what it runs on."""


class Host(Protocol):
    """The run that a task is part of, as the task sees it."""

    world: World
    run_id: str
    path: tuple[str, ...]

    def context(self, own: Mapping[str, Any], item: Item | None) -> Context:
        """Return what references can ask for now."""

    def does(self, key: str) -> Does | Iterations | None:
        """Return what somebody has said that a task does."""

    def takes(self, key: str, *names: object) -> timedelta:
        """Return how long a task takes."""

    def setup(self, key: str) -> timedelta:
        """Return how long a task that begins now waits for what it runs on."""

    def call(
        self, key: str, run_id: str, job: Job, parameters: Mapping[str, str], done: Callable[[Run], None]
    ) -> Playing:
        """Start a run of another job, for an attempt at a task that has this run id."""

    def begun(self, work: AtWork, retry: bool) -> None:
        """Take note that an attempt begins."""

    def over(self, work: AtWork, attempt: Attempt, retried: bool) -> None:
        """Take note that an attempt is over."""

    def previous(self, key: str) -> TaskRun | None:
        """Return what a repair repeats."""
