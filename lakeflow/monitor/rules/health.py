"""The warning of runs that take longer than usual: none, one that cannot come, or one that always does."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.history.facts import Durations
from lakeflow.monitor.rules.rule import Found, Rule, Subject, minutes_up, number, say
from lakeflow.words import block

_METRIC = "RUN_DURATION_SECONDS"
_WORTH = 300
"""Runs shorter than this are over before somebody has read a warning."""


def threshold(settings: Mapping[str, Any]) -> int | None:
    """Return the duration in seconds after which a run is warned of; None where nothing is."""
    rules = block(settings.get("health")).get("rules") or ()
    return next((number(rule["value"]) for rule in rules if rule.get("metric") == _METRIC), None)


def _warning(subject: Subject) -> Iterator[Found]:
    durations = subject.durations
    if subject.continuous or not durations:
        return
    now, usual, timeout = threshold(subject.settings), minutes_up(1.3 * durations.p95), subject.timeout
    if timeout and usual >= timeout:  # T2 first: there is no room for a warning
        return
    if now is None:
        # Who starts a run by hand watches it.
        if not subject.starts_by_itself or durations.p50 < _WORTH:
            return
        title, change = "no warning of slow runs", f"Warn of runs longer than {say(usual)}"
    elif timeout and now >= timeout:
        title = f"the warning after {say(now)} never comes: runs end at {say(timeout)}"
        change = f"Warn of runs longer than {say(usual)}"
    elif now < durations.p50:
        title = f"the warning after {say(now)} comes for most runs"
        change = f"Warn of runs longer than {say(usual)}, or make the job faster"
    else:
        return
    yield Found(
        title=title,
        evidence=subject.evidence(
            durations.n, f"p50 {say(durations.p50)}, p95 {say(durations.p95)} {subject.over(durations.n)}", "p95"
        ),
        change=f"{change}; {_replayed(durations, usual)}.",
        setting="health.rules",
        before=now,
        after=usual,
    )


def _replayed(durations: Durations, after: int) -> str:
    """Return how often a warning would have come, as far as percentiles say it."""
    if durations.max <= after:
        return "none of these runs would have been warned of"
    share = "1 in 100" if durations.p99 <= after else "1 in 20"
    return f"about {share} of these runs would have been warned of, at most"


RULES = (
    Rule(
        "H1",
        "no warning of slow runs, or a useless one",
        "https://docs.databricks.com/aws/en/jobs/notifications#configure-thresholds",
        _warning,
    ),
)
