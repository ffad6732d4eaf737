"""Timeouts: none, far too long, or so tight that ordinary runs are ended by them."""

from collections.abc import Iterator
from typing import NamedTuple

from lakeflow.history.facts import Durations
from lakeflow.monitor.rules.health import threshold
from lakeflow.monitor.rules.rule import LEAST_RUNS, Found, Rule, Subject, minutes_up, number, say, times

_LEAST = 600
_LOOSE = 4
_TIGHT = 0.8
_NEAR = 0.7


def _needed(subject: Subject, durations: Durations) -> int:
    """Return a timeout that leaves room for half as long again as the longest run, and for one retry of a task."""
    longest = max(durations.p99, durations.max)
    return max(_LEAST, minutes_up(1.5 * longest), minutes_up(longest + _one_retry(subject)))


def _one_retry(subject: Subject) -> float:
    """Return how much longer a run takes in which the slowest task that may be retried is, once."""
    longest = 0.0
    for stats, task in subject.task_stats:
        if task.get("max_retries") and stats.durations:
            longest = max(longest, stats.durations.p95, (number(task.get("min_retry_interval_millis")) or 0) / 1000)
    return longest


def _none_or_loose(subject: Subject) -> Iterator[Found]:
    durations, timeout = subject.durations, subject.timeout
    if subject.continuous or not durations or isinstance(subject.settings.get("timeout_seconds"), str):
        return
    longest = max(durations.p99, durations.max)
    least = _needed(subject, durations)
    # A warning that the job gives by itself comes before the end that a timeout makes.
    needed = max(least, minutes_up(1.2 * (threshold(subject.settings) or 0)))
    if timeout and not (timeout > _LOOSE * longest and timeout >= 2 * least and timeout >= 1.5 * needed):
        return
    figures = f"p99 {say(durations.p99)}, longest {say(durations.max)} {subject.over(durations.n)}"
    yield Found(
        title=f"the timeout of {say(timeout)} is {timeout / max(longest, 1):.0f} times the longest run"
        if timeout
        else "no timeout",
        evidence=subject.evidence(durations.n, figures, "p99"),
        change=f"Lower the timeout to {say(needed)}: a run that hangs is ended sooner."
        if timeout
        else f"Set a timeout of {say(needed)}: a run that hangs is ended.",
        setting="timeout_seconds",
        before=timeout,
        after=needed,
    )


def _tight(subject: Subject) -> Iterator[Found]:
    if subject.continuous:
        return
    outcomes, timeout = subject.job.current.outcomes, subject.timeout
    if subject.durations and timeout:
        needed = _needed(subject, subject.durations)
        yield from _close(subject, _Limit(None, timeout, needed, outcomes.timed_out), subject.durations)
    elif timeout and outcomes.finished >= LEAST_RUNS and 2 * outcomes.timed_out > outcomes.finished:
        yield from _hopeless(subject, timeout)
    for stats, task in subject.task_stats:
        limit, durations = number(task.get("timeout_seconds")), stats.durations
        if limit and durations and durations.n >= LEAST_RUNS:
            needed = max(_LEAST, minutes_up(1.5 * max(durations.p99, durations.max)))
            yield from _close(subject, _Limit(stats.task_key, limit, needed, stats.timed_out_attempts), durations)


class _Limit(NamedTuple):
    task: str | None
    timeout: int
    needed: int
    ended: int
    """How many runs, or attempts of the task, it has ended."""


def _close(subject: Subject, limit: _Limit, durations: Durations) -> Iterator[Found]:
    """Yield a timeout that ordinary runs come close to; where they do not, what it ended was hanging."""
    task, timeout, needed, ended = limit
    near = max(durations.p95, durations.p99 if ended else 0) / timeout
    if needed <= timeout or not (durations.p95 > _TIGHT * timeout or (ended and near > _NEAR)):
        return
    what = "attempt" if task else "run"
    cut = f", {times(ended, what)} ended by it" if ended else ""
    yield Found(
        title=f"the timeout of {say(timeout)} is tight",
        evidence=subject.evidence(
            durations.n,
            f"p95 {say(durations.p95)}, longest {say(durations.max)} {subject.over(durations.n)}{cut}",
            "p95",
        ),
        change=f"Raise the timeout to {say(needed)}, or make the {'task' if task else 'job'} faster.",
        setting="timeout_seconds",
        before=timeout,
        after=needed,
        task=task,
    )


def _hopeless(subject: Subject, timeout: int) -> Iterator[Found]:
    """Yield a timeout that most runs do not meet, if it is the one they ran under."""
    outcomes = subject.job.current.outcomes
    if subject.job.deployed.timeout_seconds == timeout:
        yield Found(
            title=f"the timeout of {say(timeout)} ends most runs",
            evidence=subject.evidence(
                outcomes.finished,
                f"{outcomes.timed_out} of {outcomes.finished} runs in {subject.facts.days} days ended by it",
                confidence="medium",
            ),
            change=f"Raise the timeout to {say(2 * timeout)} and look at it again, or make the job faster.",
            setting="timeout_seconds",
            before=timeout,
            after=2 * timeout,
        )


RULES = (
    Rule("T1", "no timeout, or a loose one", "https://docs.databricks.com/aws/en/jobs/configure-job", _none_or_loose),
    Rule("T2", "a tight timeout", "https://docs.databricks.com/aws/en/jobs/configure-task", _tight),
)
