"""What all runs share: the order of events, the jobs, and the places that runs of one job wait for.

Nothing here knows a clock: time goes from one event to the next. Events of one instant have a fixed order, so that
neither the order of tasks in a list nor of anything else makes a difference.
https://docs.databricks.com/aws/en/jobs/configure-job
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Protocol

from constructs_lib.errors import LakeflowError
from lakeflow.chance import Chance
from lakeflow.simulate.job import Job
from lakeflow.simulate.runs import Run
from lakeflow.simulate.semantics import DEFAULT, Semantics

LONGEST_QUEUE = timedelta(hours=48)
"""A run that has found no place until then is skipped."""
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
"""When everything starts unless somebody says so: a Monday."""


class Rank(IntEnum):
    """What comes first of what happens at one instant."""

    END = 0
    TIMEOUT = 1
    JOB_TIMEOUT = 2
    CANCEL = 3
    EXPIRY = 4
    ASK = 5
    RETRY = 6


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What holds for everything that is played."""

    semantics: Semantics = DEFAULT
    began: datetime = BEGAN
    duration: timedelta = timedelta(minutes=1)
    """What a task takes that nobody speaks of; a condition takes no time."""
    durations: Mapping[str, timedelta] = field(default_factory=dict)
    """Task → what it takes; `task/inner` is a task of the job that a task starts."""
    workspace: Mapping[str, str] = field(default_factory=dict)
    """`id` and `url`, for references to them; what is not known fails the task that asks for it."""
    seed: int = 0
    spread: float = 0.0
    """How far durations lie around what they are said to be; 0 is exactly."""
    known_jobs_only: bool = False
    """Whether a task fails that starts a job that nobody has told of; otherwise it is played as any other task."""
    most_attempts: int | None = None
    """After how many attempts a task fails that is retried without end; None is an error."""

    def __post_init__(self) -> None:
        if self.began.tzinfo is None:
            raise LakeflowError(f"{self.began} has no timezone", fix="write datetime(…, tzinfo=UTC)")
        if not 0 <= self.spread <= 10:
            raise LakeflowError(f"the spread is {self.spread}", fix="it is between 0 and 10")

    def takes(self, key: str, *names: object) -> timedelta:
        """Return how long something takes, by the name that its chance has."""
        said = self.durations.get(key, self.duration)
        return Chance(self.seed, *names).lasting(said, self.spread) if self.spread else said


class Waiting(Protocol):
    """A run that asks for a place."""

    job: Job
    queues: bool
    path: tuple[str, ...]
    number: int

    def start(self) -> None:
        """Begin: there is a place."""

    def drop(self, reason: str) -> None:
        """End without having begun."""

    def stop(self, state: str, reason: str) -> None:
        """End it, whatever goes on."""

    def cancel(self, key: str) -> None:
        """Cancel one task."""


class World:
    """The events, the jobs by every name that they have, and who runs."""

    def __init__(self, jobs: Mapping[str, Job], setting: Setting) -> None:
        self.now = timedelta()
        self.setting = setting
        self._jobs = jobs
        self._events: list[tuple[timedelta, int, tuple[str, ...], int, Callable[[], None]]] = []
        self._count = 0
        self._active: dict[str, int] = {}
        self._queues: dict[str, list[Waiting]] = {}
        self.ended: dict[str, Run] = {}
        """The runs that have ended, by their ids, those that tasks started among them, until somebody takes them."""
        self.playing: dict[str, Waiting] = {}
        """The runs that have not ended, by their ids."""
        self.touched: set[str] = set()
        """What something has happened to, by the first part of its name, until somebody takes them."""

    def job(self, reference: str) -> Job | None:
        """Return a job by its id, address, or a reference to it; None where nobody has told of it."""
        bare = reference.strip().removeprefix("${").removesuffix("}").removesuffix(".id")
        return self._jobs.get(bare) or self._jobs.get(reference)

    def later(self, at: timedelta, rank: Rank, name: Sequence[str], do: Callable[[], None]) -> None:
        """Let something happen at a time."""
        self._count += 1
        heapq.heappush(self._events, (at, rank, tuple(name), self._count, do))

    def play(self, until: timedelta | None = None) -> None:
        """Let everything happen that happens until a time, or everything."""
        while self._events and (until is None or self._events[0][0] <= until):
            self.now, _, name, _, do = heapq.heappop(self._events)
            self.touched.add(name[0])
            do()
        self.now = self.now if until is None else max(self.now, until)

    @property
    def next(self) -> timedelta | None:
        """When something happens next; None where nothing is to come."""
        return self._events[0][0] if self._events else None

    def ask(self, run: Waiting) -> None:
        """Give a run a place, or let it wait for one, or drop it."""
        active = self._active.get(run.job.job_id, 0)
        if active < run.job.most:
            self._start(run)
        elif run.queues and run.job.most:
            self._queues.setdefault(run.job.job_id, []).append(run)
            self.later(self.now + LONGEST_QUEUE, Rank.EXPIRY, (run.job.job_id,), lambda: self._expire(run))
        else:
            why = f"{active} of at most {run.job.most} at once" if run.job.most else "max_concurrent_runs is 0"
            run.drop(f"skipped: no place for another run of {run.job.name} ({why}), and its queue is off")

    def leave(self, job: Job) -> None:
        """Take a run's place away; the next one starts."""
        self._active[job.job_id] -= 1
        queue = self._queues.get(job.job_id)
        if queue and self._active[job.job_id] < job.most:
            self._start(queue.pop(0))

    def forget(self, run: Waiting) -> None:
        """Take a run out of the queue."""
        queue = self._queues.get(run.job.job_id, [])
        if run in queue:
            queue.remove(run)

    def _expire(self, run: Waiting) -> None:
        if run in self._queues.get(run.job.job_id, []):
            self.forget(run)
            run.drop(f"skipped: no place for another run of {run.job.name} within 48 hours")

    def _start(self, run: Waiting) -> None:
        self._active[run.job.job_id] = self._active.get(run.job.job_id, 0) + 1
        self.touched.add(run.path[0])
        run.start()
