"""When a job starts, and with which settings at that time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from constructs_lib.quartz import Quartz, timezone
from lakeflow.scenario.model import Change, Job, Scenario

_LONG_BEFORE = datetime(2025, 10, 1, 8, tzinfo=UTC)
"""Older than the columns that the system tables have since December 2025."""
RESTART = timedelta(seconds=30)
"""Between two runs of a continuous job: Databricks says that it is less than a minute."""


@dataclass(frozen=True)
class Version:
    """A job's settings from one instant to another."""

    since: datetime
    until: datetime | None
    job: Job


def created_at(scenario: Scenario, job: Job) -> datetime:
    """Return when a job was created."""
    return job.created_at or min(_LONG_BEFORE, scenario.since - timedelta(days=30))


def versions(scenario: Scenario, job: Job) -> tuple[Version, ...]:
    """Return a job's settings over time, the first ones first."""
    found = [Version(created_at(scenario, job), job.deleted_at, job)]
    for change in sorted(job.changes, key=lambda change: change.at):
        if change.at < scenario.until:
            last = found[-1]
            found[-1] = Version(last.since, change.at, last.job)
            found.append(Version(change.at, job.deleted_at, _changed(last.job, change)))
    return tuple(found)


def _changed(job: Job, change: Change) -> Job:
    starts = job.starts
    if change.schedule is not None:
        starts = replace(starts, schedule=change.schedule)
    if change.paused is not None:
        starts = replace(starts, paused=change.paused)
    return replace(
        job,
        starts=starts,
        timeout=job.timeout if change.timeout is None else change.timeout,
        run_as=job.run_as if change.run_as is None else change.run_as,
    )


def starts(scenario: Scenario, version: Version) -> Iterator[datetime]:
    """Yield the instants at which settings start their job, within the history; not those of a continuous job."""
    begin = max(scenario.since, version.since)
    end = min(scenario.until, version.until or scenario.until)
    said = version.job.starts
    if said.paused or said.never:
        return
    if said.schedule is not None:
        moments = Quartz.parse(said.schedule).fires(begin - timedelta(seconds=1), timezone(said.timezone))
    elif said.every is not None:
        moments = _every(scenario.since, said.every)
    else:
        moments = iter(sorted(said.at))
    for moment in moments:
        if moment >= end:
            return
        if moment >= begin:
            yield moment.astimezone(UTC)


def _every(since: datetime, period: timedelta) -> Iterator[datetime]:
    moment = since
    while True:
        moment += period
        yield moment


def trigger_type(job: Job) -> str | None:
    """Return what starts a job, as the system tables say it; None where nothing does."""
    said = job.starts
    if said.schedule is not None:
        return "CRON"
    if said.continuous:
        return "CONTINUOUS"
    if said.file_arrival is not None:
        return "FILE_ARRIVAL"
    return "PERIODIC" if said.every is not None else None
