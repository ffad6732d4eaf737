"""What a scenario says; `docs/scenarios.md` is the same for people.

A scenario is plain data: it holds no outcome that is not written in it, except what follows from it (a task after a
failed one, a run that is too long, a run that finds no place). Names are those of the Jobs API where it has one:
https://docs.databricks.com/api/workspace/jobs/create
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

NONE = timedelta(0)


class ComputeKind(StrEnum):
    """What tasks run on, which decides who pays and who waits."""

    JOB_CLUSTER = "job_cluster"
    """One cluster for all tasks of a run that name it: the first of them waits for it."""
    SERVERLESS = "serverless"
    ALL_PURPOSE = "all_purpose"
    """A cluster that is there already; its use is not billed to the job."""
    WAREHOUSE = "warehouse"


@dataclass(frozen=True, kw_only=True)
class Busy:
    """How busy the workers of a cluster are, per cent, while tasks run on it; `idle` workers do nothing."""

    cpu: float = 50.0
    io_wait: float = 2.0
    memory: float = 50.0
    swap: float = 0.0
    idle: int = 0
    every: timedelta = timedelta(minutes=1)
    """The distance of two samples; the table has one for each minute."""


@dataclass(frozen=True, kw_only=True)
class Compute:
    """Something that tasks run on."""

    kind: ComputeKind = ComputeKind.SERVERLESS
    setup: timedelta = NONE
    """How long its start takes."""
    dbus_per_hour: float = 0.0
    sku: str = "PREMIUM_JOBS_SERVERLESS_COMPUTE"
    node_type: str = ""
    workers: int = 0
    name: str = ""
    """The name of an all-purpose cluster."""
    id: str = ""
    """The id of an all-purpose cluster or a warehouse; otherwise it is made of the key."""
    busy: Busy | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a condition compares, as the Jobs API says it."""

    op: str
    left: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task of a job."""

    takes: timedelta
    """The median of its execution, without setup."""
    spread: float | None = None
    """How far executions lie from the median: 0.1 is a tenth up or down at most times; None is that of the job."""
    after: tuple[str, ...] = ()
    """Tasks that it waits for; `enough-rows=true` is the branch of a condition."""
    run_if: str = "ALL_SUCCESS"
    condition: bool = False
    """Whether it is a condition; see `compares`."""
    compares: Comparison | None = None
    """Decides a condition where all that it reads is known; otherwise it is `true`. An event goes before both."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The task values that it sets where it succeeds."""
    output: Any = None
    """The rows that it answers, a list of objects; the state of its alert, a text."""
    compute: str | None = None
    """A key of the compute of the job or of the scenario; None is no compute at all."""
    max_retries: int = 0
    min_retry_interval: timedelta = NONE
    """From the start of an attempt to the start of the next."""
    timeout: timedelta | None = None
    retry_on_timeout: bool = False


@dataclass(frozen=True, kw_only=True)
class Starts:
    """What starts a job: one of `schedule`, `every`, `continuous`, `at`; nothing at all is a job that never runs."""

    schedule: str | None = None
    """A Quartz expression."""
    timezone: str = "UTC"
    every: timedelta | None = None
    continuous: bool = False
    """A run begins half a minute after the one before has ended."""
    at: tuple[datetime, ...] = ()
    file_arrival: str | None = None
    """The folder of a file arrival trigger: files arrive `every` so often, or `at` these instants."""
    paused: bool = False
    """Nothing starts, but the trigger is there."""
    never: bool = False
    """Nothing starts, though the trigger is there and not paused."""


@dataclass(frozen=True, kw_only=True)
class When:
    """Which runs an event meets, by when they start (UTC); all that is said has to hold."""

    on: tuple[date, ...] = ()
    since: date | None = None
    until: date | None = None
    """The last day."""
    weekdays: tuple[int, ...] = ()
    """1 is Monday."""
    every: int | None = None
    """Every so many runs, counted from the first of the history."""
    rate: float | None = None
    """This share of the runs, by the seed."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A repair of a failed run: all tasks that did not succeed run again."""

    after: timedelta
    """How long after the run, or the repair before, has ended."""
    attempts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """As in an event; tasks that are not named succeed."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens to some runs of a job. Several events may meet one run: what a later one says holds."""

    when: When = When()
    attempts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Termination codes of a task's attempts, `SUCCESS` among them; the last is repeated while retries are left."""
    fails_at: float = 0.5
    """After which share of its execution a failed attempt ends."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Outcomes of conditions: `true` or `false`."""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Task values that tasks set, by task and name, over those of the tasks."""
    output: Mapping[str, Any] = field(default_factory=dict)
    """What SQL tasks answer instead."""
    slow: float | None = None
    """Executions take this many times as long."""
    tasks: tuple[str, ...] = ()
    """Which tasks are slow; all where none is named."""
    queue: timedelta | None = None
    """How long the run waits for a place."""
    cancel_after: timedelta | None = None
    """Somebody cancels the run so long after its start."""
    skip: str | None = None
    """The run never starts, for this termination code."""
    repairs: tuple[Repair, ...] = ()
    dbus: float | None = None
    """The run's compute uses this many times its DBUs per hour."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of a job's settings; what is None stays as it was."""

    at: datetime
    timeout: timedelta | None = None
    schedule: str | None = None
    paused: bool | None = None
    run_as: str | None = None


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Billing takes back what it charged a job for one day, and charges `factor` of it instead."""

    on: date
    factor: float


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of the workspace."""

    name: str
    job_id: int | None = None
    """None makes one from the name."""
    tasks: Mapping[str, Task] = field(default_factory=dict)
    compute: Mapping[str, Compute] = field(default_factory=dict)
    starts: Starts = Starts()
    spread: float = 0.0
    queue: timedelta = NONE
    """How long every run waits for a place."""
    timeout: timedelta | None = None
    max_concurrent_runs: int = 1
    queue_enabled: bool = True
    """Whether a run that finds no place waits for it; otherwise it is skipped."""
    created_at: datetime | None = None
    """None is long before the history."""
    deleted_at: datetime | None = None
    creator: str = "data-platform@example.com"
    run_as: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Price:
    """The list price of a DBU from one day on."""

    sku: str
    price: float
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Some months of a workspace. The same scenario is the same history, byte for byte, on any machine."""

    until: datetime
    """The end of the history, and the time that its readers count from."""
    days: int = 90
    seed: int = 0
    workspace_id: str = "1001"
    account_id: str = "0a1b2c3d-1111-2222-3333-444455556666"
    cloud: str = "AZURE"
    currency: str = "USD"
    tables_behind: timedelta = NONE
    """How late the rows of the system tables arrive."""
    jobs: Mapping[str, Job] = field(default_factory=dict)
    compute: Mapping[str, Compute] = field(default_factory=dict)
    """What several jobs run on."""
    prices: tuple[Price, ...] = ()

    @property
    def since(self) -> datetime:
        """The begin of the history."""
        return self.until - timedelta(days=self.days)

    def compute_of(self, job: Job, task_key: str) -> tuple[str, Compute] | None:
        """Return the key and the compute of a task; None where it runs on none."""
        key = job.tasks[task_key].compute
        return None if key is None else (key, self.compute_named(job, key))

    def compute_named(self, job: Job, key: str) -> Compute:
        """Return a compute by its key; a job's own comes first."""
        return job.compute[key] if key in job.compute else self.compute[key]
