"""What happened, in no system's words yet: runs, their attempts and repairs, and the attempts at their tasks.

Results and codes are spelled as the Jobs API spells them; `rows` and `answers` say them as tables and API do. Instants
are aware, UTC and whole seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

SUCCESSES = frozenset({"SUCCESS", "SUCCESS_WITH_FAILURES"})
NEVER_RAN = frozenset({"UPSTREAM_FAILED", "UPSTREAM_CANCELED", "EXCLUDED", "DISABLED"})


@dataclass(frozen=True, kw_only=True)
class TaskRun:
    """One attempt at a task; one that never ran starts and ends when that was known."""

    task_key: str
    run_id: int
    attempt: int = 0
    started_at: datetime
    ended_at: datetime | None
    """None while it goes on."""
    setup: timedelta = timedelta(0)
    result: str | None
    code: str | None
    compute: str | None = None
    """The key of what it ran on."""
    cluster_id: str | None = None
    outcome: str | None = None
    """`true` or `false` for a condition."""

    @property
    def ran(self) -> bool:
        """Whether it was started."""
        return self.result not in NEVER_RAN

    @property
    def execution(self) -> timedelta:
        """How long it executed; nothing while it goes on."""
        return self.ended_at - self.started_at - self.setup if self.ended_at else timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The first attempt of a run, or a repair of it."""

    started_at: datetime
    ended_at: datetime | None
    result: str | None
    code: str | None
    message: str = ""
    tasks: tuple[TaskRun, ...] = ()
    repair_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a job."""

    job: str
    """The job's key in the scenario."""
    job_id: int
    run_id: int
    trigger: str
    """As the system tables say it: CRON, FILE_ARRIVAL, CONTINUOUS, ONETIME, PERIODIC."""
    scheduled_at: datetime
    queued: timedelta = timedelta(0)
    stretches: tuple[Stretch, ...]
    """The first attempt and its repairs."""
    kind: str = "JOB_RUN"
    """SUBMIT_RUN of one that has no job."""
    dbus: float = 1.0
    """How many times its compute's DBUs it used."""

    @property
    def started_at(self) -> datetime:
        """When it left the queue."""
        return self.stretches[0].started_at

    @property
    def ended_at(self) -> datetime | None:
        """When its last attempt ended; None while it goes on."""
        return self.stretches[-1].ended_at

    @property
    def result(self) -> str | None:
        """The result of its last attempt."""
        return self.stretches[-1].result

    @property
    def code(self) -> str | None:
        """The termination code of its last attempt."""
        return self.stretches[-1].code

    @property
    def skipped(self) -> bool:
        """Whether it never started."""
        return self.result == "SKIPPED"

    @property
    def duration(self) -> timedelta:
        """How long its attempts took together, without the time between them; those that have ended."""
        return sum(
            (each.ended_at - each.started_at for each in self.stretches if each.ended_at is not None), timedelta(0)
        )

    def tasks(self) -> Iterator[TaskRun]:
        """Yield the attempts at its tasks, those of repairs last."""
        for stretch in self.stretches:
            yield from stretch.tasks
