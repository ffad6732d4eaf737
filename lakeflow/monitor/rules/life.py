"""Jobs that are not what the code says: never started though they should be, or changed in the workspace."""

from collections.abc import Iterator
from datetime import timedelta

from lakeflow.monitor.drift import drifts
from lakeflow.monitor.rules.rule import Found, Rule, Subject, times
from lakeflow.monitor.schedules import Schedule, period
from lakeflow.words import block

_LEAST_DAYS = 28
_MISSED = 2


def _unused(subject: Subject) -> Iterator[Found]:
    """Yield a live schedule without runs. Who waits for files, or for people, may wait for long."""
    job, days = subject.job, subject.facts.days
    schedule, interval = Schedule.of(subject.settings), period(subject.settings)
    since = subject.facts.known_until - timedelta(days=days)
    if not (schedule or interval) or job.deployed.paused or days < _LEAST_DAYS or job.current.outcomes.total:
        return
    if job.last_run_at and job.last_run_at > since:
        return
    before = job.deployed.created_at or job.last_run_at
    changed = job.deployed.changed_at
    if before is None or before > since or (changed and changed > since):
        return
    missed = len(schedule.fires(since, subject.facts.known_until)) if schedule else timedelta(days=days) // interval  # type: ignore[operator]
    if missed < _MISSED:
        return
    last = f"the last was on {job.last_run_at:%-d %B %Y}" if job.last_run_at else "none is known"
    place = "schedule" if schedule else "trigger"
    yield Found(
        title="never runs",
        evidence=subject.evidence(
            0, f"no run in {days} days, {times(missed, 'start')} scheduled; {last}", confidence="medium"
        ),
        change="Pause it or delete it in the code; if it should run, find out why its schedule starts nothing.",
        setting=f"{place}.pause_status",
        before=block(subject.settings[place]).get("pause_status"),
        after="PAUSED",
    )


def _drift(subject: Subject) -> Iterator[Found]:
    changed = subject.job.deployed.changed_at
    since = f", last changed on {changed:%-d %B %Y at %H:%M} UTC" if changed else ""
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
