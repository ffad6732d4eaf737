"""A run that is asked for: of which job, when, with what, and what its tasks will do.

https://docs.databricks.com/api/workspace/jobs/runnow
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.simulate.compute import Compute
from lakeflow.simulate.job import Job, unknown
from lakeflow.simulate.outcomes import Does, Iterations
from lakeflow.simulate.references import Context, UnresolvedError
from lakeflow.simulate.world import Setting

TRIGGERS = (
    "ONE_TIME",
    "PERIODIC",
    "FILE_ARRIVAL",
    "TABLE",
    "CONTINUOUS",
    "CONTINUOUS_RESTART",
    "RETRY",
    "RUN_JOB_TASK",
)
"""What starts a run, in the words of the API."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A run that is asked for."""

    job: str = ""
    """Which job, where there are several: its id, address or name."""
    at: timedelta = timedelta()
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Job parameters; one that the job does not declare is added."""
    only: Sequence[str] = ()
    """`task`, `+task`, `task+`, `+task+`; nothing for all."""
    does: Mapping[str, Does | Iterations] = field(default_factory=dict)
    """Task → what it does; `task/inner` is a task of the job that a task starts."""
    trigger: str = "ONE_TIME"
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the trigger tells, as references name it: `{"file_arrival.location": "/Volumes/…"}`."""
    time: datetime | None = None
    """When the trigger meant to start it; None for when it starts."""
    backfill: datetime | None = None
    """The slice that a backfill is of."""
    queue: bool | None = None
    """Whether it waits for a place; None for what the job says."""
    cancel_after: timedelta | None = None
    """When somebody cancels the run, counted from when it was asked for."""
    cancel_after_start: timedelta | None = None
    """When somebody cancels the run, counted from its start."""
    durations: Mapping[str, timedelta] = field(default_factory=dict)
    """Task → what it takes in this run, as in `Setting`."""
    compute: Mapping[str, Compute] = field(default_factory=dict)
    """Task → what it runs on, where that has to start first."""
    waits: timedelta = timedelta()
    """How long there is no place for the run, whoever else runs."""
    skip: str = ""
    """The termination code for which the run never starts."""
    note: Mapping[str, Any] = field(default_factory=dict)
    """What who asks wants to find again in the run's origin; it changes nothing."""

    def __post_init__(self) -> None:
        if self.trigger not in TRIGGERS:
            raise unknown(f"there is no trigger {self.trigger!r}", self.trigger, TRIGGERS)
        times = (self.at, self.waits, self.cancel_after, self.cancel_after_start)
        if any(time < timedelta() for time in times if time is not None):
            raise LakeflowError("a time is before the beginning")

    def check(self, job: Job, jobs: Mapping[str, Job]) -> None:
        """Refuse tasks that the job does not have."""
        job.selected(self.only)
        known = set(names(job, jobs))
        for key in self.does:
            if key not in known:
                raise unknown(f"{job.name} has no task {key!r}", key, known)


def names(job: Job, jobs: Mapping[str, Job], above: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what tasks can be spoken of: a job's own, those in its loops, and those of the jobs that it starts."""
    if job.job_id in above:
        ring = " → ".join([*above[above.index(job.job_id) :], job.job_id])
        raise LakeflowError(f"jobs start each other without end: {ring}")
    for task in job.tasks:
        for each in (task, task.loop.task) if task.loop else (task,):
            yield each.key
            called = _called(each.body.get("job_id"), jobs) if each.is_call else None
            if called:
                yield from (f"{each.key}/{name}" for name in names(called, jobs, (*above, job.job_id)))


def _called(reference: Any, jobs: Mapping[str, Job]) -> Job | None:
    text = str(reference)
    bare = text.removeprefix("${").removesuffix("}").removesuffix(".id")
    return jobs.get(bare) or jobs.get(text)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a run was made of."""

    start: Start
    job: Job
    jobs: Mapping[str, Job]
    setting: Setting
    number: int


def resolved(context: Context, start: Start, job: Job) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the parameters of a run with their references filled in, and what is wrong with those that cannot be."""
    good, bad = {}, {}
    for name, value in {**job.parameters, **start.parameters}.items():
        try:
            good[name] = context.text(value).text
        except UnresolvedError as error:
            bad[name] = str(error)
    return good, bad


def trigger_facts(start: Start) -> Mapping[str, Any]:
    """Return what `{{job.trigger.…}}` can ask for."""
    return {"type": start.trigger.lower(), **({"time": start.time} if start.time else {}), **start.facts}
