"""What is odd about the jobs of a workspace beside those of the code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lakeflow.history.facts import Facts, JobFacts
from lakeflow.monitor.drift import drifts
from lakeflow.monitor.rules.rule import day, times
from lakeflow.monitor.schedules import WEEK, Schedule, minutes
from lakeflow.stack_map import StackMap
from lakeflow.words import paused

OddityKind = Literal["unowned", "changed by hand", "never runs", "schedules collide", "not deployed"]

_HEAVY = 600
"""Seconds that a run usually takes, from which on it matters what else starts with it."""
_HEAVY_TOGETHER, _ANY_TOGETHER = 2, 5
_HOURLY = 168
"""Starts in a week; what starts more often collides with everything."""
_FORGOTTEN = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """One thing about one job (or about several, where schedules collide) that somebody should look at."""

    kind: OddityKind
    job_id: str | None
    """None for a job that is not deployed, and for several."""
    name: str
    text: str
    hint: str
    """What to do."""


def inventory(facts: Facts, stack: StackMap, now: datetime) -> tuple[Oddity, ...]:
    """Return what is odd, by kind; what is not known of a job is not odd."""
    jobs = [job for job in facts.jobs if job.deployed.deleted_at is None]
    return (
        *(_not_deployed(key, stack) for key in facts.undeployed),
        *(oddity for job in jobs if job.key in stack.jobs for oddity in _changed(job, stack)),
        *(_unowned(job, facts) for job in jobs if job.key not in stack.jobs),
        *(oddity for job in jobs for oddity in _never_runs(job, facts, stack)),
        *_colliding(jobs, stack, now),
    )


def _not_deployed(key: str, stack: StackMap) -> Oddity:
    return Oddity(
        kind="not deployed",
        job_id=None,
        name=key,
        text=f"the code of {stack.stack} has it, and the workspace does not",
        hint="deploy it",
    )


def _changed(job: JobFacts, stack: StackMap) -> Iterator[Oddity]:
    """Yield a job that is not as the code has it: changed by hand, or in the code and not deployed since."""
    found = list(drifts(stack.jobs[str(job.key)], job.deployed))
    changed = job.deployed.changed_at
    if found:
        what = "; ".join(f"{each.what} is {each.deployed}, in the code {each.code}" for each in found)
        yield Oddity(
            kind="changed by hand",
            job_id=job.job_id,
            name=str(job.key),
            text=f"{what} (last changed on {day(changed)})" if changed else what,
            hint="deploy it again, or write in the code what was meant to stay",
        )


def _unowned(job: JobFacts, facts: Facts) -> Oddity:
    runs = job.current.outcomes.total
    parts = [f"{times(runs, 'run')} in {facts.days} days"]
    if job.last_run_at and not runs:
        parts.append(f"the last on {day(job.last_run_at)}")
    if job.deployed.creator:
        user = "the user " if job.deployed.creator.isdigit() else ""
        parts.append(f"made by {user}{job.deployed.creator}")
    if job.deployed.managed:
        parts.append("deployed by a bundle")
    return Oddity(
        kind="unowned",
        job_id=job.job_id,
        name=job.name,
        text=", ".join(parts),
        hint="leave it to its bundle, or write it in the code"
        if job.deployed.managed
        else "write it in the code, or delete it",
    )


def _never_runs(job: JobFacts, facts: Facts, stack: StackMap) -> Iterator[Oddity]:
    """Yield a live schedule that starts nothing, and a job that nobody has started since it was made."""
    since = facts.known_until - timedelta(days=facts.days)
    made, entry = job.deployed.created_at, stack.jobs.get(job.key or "")
    ran = job.current.outcomes.total or (job.last_run_at and job.last_run_at > since)
    if ran or job.deployed.paused or made is None or made > since or (entry and paused(entry.settings)):
        return
    schedule = Schedule.of(entry.settings) if entry else Schedule.deployed(job.deployed)
    missed = len(schedule.fires(since, facts.known_until)) if schedule else 0
    if schedule and missed:
        last = f"the last run was on {day(job.last_run_at)}" if job.last_run_at else "no run is known"
        text = f"{times(missed, 'start')} scheduled in {facts.days} days and none made; {last}"
    elif not schedule and job.last_run_at is None and made < facts.known_until - _FORGOTTEN:
        text = f"made on {day(made)}, and no run is known"
    else:
        return
    yield Oddity(
        kind="never runs",
        job_id=job.job_id,
        name=job.key or job.name,
        text=text,
        hint="delete it, or find out why nothing starts it",
    )


def _colliding(jobs: list[JobFacts], stack: StackMap, now: datetime) -> Iterator[Oddity]:
    """Yield the jobs that start in the same minute of the coming week: two heavy ones, or many of any kind."""
    names = {job.job_id: job.key or job.name for job in jobs}
    heavy = {job.job_id for job in jobs if job.current.durations and job.current.durations.p50 >= _HEAVY}
    together: dict[frozenset[str], list[datetime]] = {}
    for minute, ids in _starts(jobs, stack, now).items():
        if len(ids & heavy) >= _HEAVY_TOGETHER:
            together.setdefault(frozenset(ids & heavy), []).append(minute)
        elif len(ids) >= _ANY_TOGETHER:
            together.setdefault(frozenset(ids), []).append(minute)
    whole = [ids for ids in together if not any(ids < other for other in together)]
    for crowd in sorted(whole, key=lambda each: sorted((names[id_], id_) for id_ in each)):
        at, first = together[crowd], f"{min(together[crowd]):%A at %H:%M} UTC"
        yield Oddity(
            kind="schedules collide",
            job_id=None,
            name=", ".join(sorted(names[each] for each in crowd)),
            text=f"start in the same minute {times(len(at), 'time')} in the coming week, first on {first}",
            hint="move one of them by some minutes",
        )


def _starts(jobs: list[JobFacts], stack: StackMap, now: datetime) -> Mapping[datetime, set[str]]:
    """Return which jobs start in each minute of the coming week, as far as it is known."""
    found: dict[datetime, set[str]] = {}
    for job in jobs:
        entry = stack.jobs.get(job.key or "")
        schedule = Schedule.of(entry.settings) if entry else Schedule.deployed(job.deployed)
        if not schedule or (entry and job.deployed.paused):
            continue
        fires = schedule.fires(now, now + WEEK)
        for minute in minutes(fires) if len(fires) <= _HOURLY else ():
            found.setdefault(minute, set()).add(job.job_id)
    return found
