"""Starts: runs that begin before the one before them is over, and jobs that all start in the same minute."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from lakeflow.history.facts import Facts
from lakeflow.monitor.rules.rule import LEAST_RUNS, Found, Rule, Subject, number, say, times
from lakeflow.monitor.schedules import WEEK, Schedule, minutes, period
from lakeflow.stack_map import StackMap
from lakeflow.words import block

_HERD = 3
_WAIT = 60
_FARTHEST = 30
_REFUSED = "MAX_CONCURRENT_RUNS_EXCEEDED"


def _gap(subject: Subject) -> timedelta | None:
    schedule = Schedule.of(subject.settings)
    return schedule.gap(subject.now) if schedule else period(subject.settings)


def _overlap(subject: Subject) -> Iterator[Found]:
    if subject.continuous:
        return
    if block(subject.settings.get("queue")).get("enabled"):
        yield from _never_drains(subject)
        return
    refused = sum(failure.runs for failure in subject.job.failures if failure.code == _REFUSED)
    outcomes, durations, gap = subject.job.current.outcomes, subject.durations, _gap(subject)
    places = number(subject.settings.get("max_concurrent_runs")) or 1
    n, percentile = outcomes.finished + outcomes.skipped, None
    if refused and n >= LEAST_RUNS:
        text = f"{refused} of {times(n, 'run')} in {subject.facts.days} days found no place and were skipped"
    elif gap and durations and durations.p95 > places * gap.total_seconds():
        n, percentile = durations.n, "p95"
        text = f"p95 {say(durations.p95)} {subject.over(n)}, and a run starts every {say(gap.total_seconds())}"
    else:
        return
    yield Found(
        title="runs overlap and are skipped" if refused else "runs start before the last one is over",
        evidence=subject.evidence(n, text, percentile),
        change="Queue its runs: one that finds no place waits instead of being skipped.",
        setting="queue.enabled",
        before=False,
        after=True,
    )


def _never_drains(subject: Subject) -> Iterator[Found]:
    """Yield a schedule faster than its runs: what waits becomes more and more."""
    durations, schedule = subject.durations, Schedule.of(subject.settings)
    gap = schedule.share(subject.now) if schedule else period(subject.settings)
    places = number(subject.settings.get("max_concurrent_runs")) or 1
    if not gap or not durations or durations.p50 <= places * gap.total_seconds():
        return
    yield Found(
        title="runs take longer than the time between two starts",
        evidence=subject.evidence(
            durations.n,
            f"p50 {say(durations.p50)} {subject.over(durations.n)}, and a run starts every {say(gap.total_seconds())}",
            "p50",
        ),
        change=f"Start it less often than every {say(durations.p50 / places)}, make it faster, or let more runs go on "
        "at once if they do not disturb each other.",
        setting="schedule.quartz_cron_expression" if schedule else "trigger.periodic.interval",
        before=schedule.expression if schedule else block(subject.settings["trigger"]["periodic"]).get("interval"),
    )


def _herd(subject: Subject) -> Iterator[Found]:
    current, durations, schedule = subject.job.current, subject.durations, Schedule.of(subject.settings)
    if not schedule or not durations or current.queue_p95 is None or current.queue_p95 <= _WAIT:
        return
    gap = schedule.gap(subject.now)
    if gap and durations.p95 > gap.total_seconds():  # it waits for itself
        return
    crowds = _crowds(subject.timetable, subject.now)
    own = set(minutes(schedule.fires(subject.now, subject.now + WEEK)))
    crowded = [crowds[minute] for minute in own if len(crowds.get(minute, ())) >= _HERD]
    if not crowded:
        return
    crowd = max(crowded, key=lambda each: (len(each), sorted(each)))
    others = len(crowd) - 1
    moved = _moved(subject, schedule, sorted(crowd & subject.stack.jobs.keys()).index(subject.entry.key), crowds)
    yield Found(
        title=f"starts in the same minute as {others} other jobs, and waits",
        evidence=subject.evidence(
            durations.n, f"p95 of waiting {say(current.queue_p95)} {subject.over(durations.n)}", "p95"
        ),
        change=f"Start it at minute {moved.expression.split()[1]} instead, when fewer jobs start."
        if moved
        else "Start it at a minute when fewer jobs start.",
        setting="schedule.quartz_cron_expression",
        before=schedule.expression,
        after=moved.expression if moved else None,
    )


def _moved(
    subject: Subject, schedule: Schedule, turn: int, crowds: Mapping[datetime, frozenset[str]]
) -> Schedule | None:
    """Return the schedule at the next minute where it is no part of a herd; each job of a herd takes another one."""
    for later in range(1, _FARTHEST):
        moved = schedule.moved(later)
        fires = moved.fires(subject.now, subject.now + WEEK) if moved else ()
        if moved and all(len(crowds.get(minute, ())) < _HERD - 1 for minute in minutes(fires)):
            if turn == 0:
                return moved
            turn -= 1
    return None


@lru_cache(maxsize=8)
def _crowds(schedules: tuple[tuple[str, Schedule], ...], now: datetime) -> Mapping[datetime, frozenset[str]]:
    """Return which jobs start in each minute of the coming week."""
    found: dict[datetime, set[str]] = {}
    for name, schedule in schedules:
        for minute in minutes(schedule.fires(now, now + WEEK)):
            found.setdefault(minute, set()).add(name)
    return {minute: frozenset(names) for minute, names in found.items()}


def timetable(facts: Facts, stack: StackMap) -> tuple[tuple[str, Schedule], ...]:
    """Return when jobs start: those of the code as it has them, and all others as the workspace does."""
    schedules: dict[str, Schedule | None] = {key: Schedule.of(entry.settings) for key, entry in stack.jobs.items()}
    for job in facts.jobs:
        if job.key not in stack.jobs:
            schedules[job.job_id] = Schedule.deployed(job.deployed)
    return tuple((name, each) for name, each in schedules.items() if each)


RULES = (
    Rule("C1", "runs that overlap", "https://docs.databricks.com/aws/en/jobs/advanced#queueing", _overlap),
    Rule("C2", "jobs that start in the same minute", "https://docs.databricks.com/aws/en/jobs/scheduled", _herd),
)
