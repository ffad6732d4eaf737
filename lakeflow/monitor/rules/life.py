"""Jobs that are not what the code says: never started though they should be, or changed in the workspace."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lakeflow.monitor.drift import drifts
from lakeflow.monitor.rules.rule import Found, Rule, Subject, day, times
from lakeflow.monitor.schedules import Schedule, period
from lakeflow.words import block

_LEAST_DAYS = 28
_MISSED = 4


def _unused(subject: Subject) -> Iterator[Found]:
    """Yield a live schedule without runs. Who waits for files, or for people, may wait for long."""
    job, days = subject.job, subject.facts.days
    since = subject.facts.known_until - timedelta(days=days)
    made = job.deployed.created_at or job.last_run_at
    if days < _LEAST_DAYS or job.deployed.paused or job.current.outcomes.total or made is None or made > since:
        return
    if job.last_run_at and job.last_run_at > since:
        return
    # It may have been paused until it was changed.
    missed = _starts(subject, max(since, job.deployed.changed_at or since))
    if missed < _MISSED:
        return
    last = f"the last was on {day(job.last_run_at)}" if job.last_run_at else "none is known"
    place = "schedule" if block(subject.settings.get("schedule")) else "trigger"
    yield Found(
        title="never runs",
        evidence=subject.evidence(
            0, f"no run in {days} days, at least {times(missed, 'start')} scheduled; {last}", confidence="medium"
        ),
        change="Pause it or delete it in the code; if it should run, find out why its schedule starts nothing.",
        setting=f"{place}.pause_status",
        before=block(subject.settings[place]).get("pause_status"),
        after="PAUSED",
    )


def _starts(subject: Subject, since: datetime) -> int:
    """Return how many starts the clock should have made."""
    schedule, interval = Schedule.of(subject.settings), period(subject.settings)
    until = subject.facts.known_until
    if schedule:
        return len(schedule.fires(since, until))
    return (until - since) // interval if interval else 0


def _drift(subject: Subject) -> Iterator[Found]:
    changed = subject.job.deployed.changed_at
    since = f", last changed on {day(changed)} at {changed:%H:%M} UTC" if changed else ""
    for each in drifts(subject.entry, subject.job.deployed):
        yield Found(
            title=f"{each.what} in the workspace is not the code's",
            evidence=subject.evidence(
                subject.job.current.outcomes.total,
                f"{each.deployed} in the workspace, {each.code} in the code{since}",
                confidence="high",
            ),
            change=f"Deploy it again; if {each.deployed} was meant, write it in the code first.",
            setting=each.setting,
            before=each.value,
        )


RULES = (
    Rule("U1", "jobs that never run", "https://docs.databricks.com/aws/en/admin/system-tables/jobs", _unused),
    Rule("D1", "jobs changed in the workspace", "https://docs.databricks.com/aws/en/admin/system-tables/jobs", _drift),
)
