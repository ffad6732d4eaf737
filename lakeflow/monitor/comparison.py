"""Whether a job got better or worse when it was changed.

The figures of two periods always differ; they say something only where they differ by more than as many runs differ by
chance. The criterion is 2.5 standard errors: of the median, of the 95th percentile, and of the share that succeeds. The
spread of the runs is taken from their percentiles; a run that hung makes it wider, and the judgement more careful.
https://en.wikipedia.org/wiki/Median#Sampling_distribution
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from lakeflow.history.facts import Change, Durations, RunStats
from lakeflow.monitor.rules.rule import LEAST_RUNS, say

Word = Literal["better", "worse", "no different", "too few runs"]

_ERRORS = 2.5
_LEAST_CHANGE = 0.1
"""Of a duration: less is not worth a word, however sure."""
_LEAST_SHARE = 0.05
_MEDIAN, _TAIL = 1.253, 2.11
"""Standard errors of the median and of the 95th percentile, in standard deviations over the root of n."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The judgement on a change, and the figures that it stands on."""

    word: Word
    text: str


def verdict(change: Change) -> Verdict:
    """Return whether the runs after a change are better or worse than those before it."""
    before, after = change.before, change.after
    counts = f"{before.outcomes.finished} runs before and {after.outcomes.finished} after"
    if min(before.outcomes.finished, after.outcomes.finished) < LEAST_RUNS:
        return Verdict(word="too few runs", text=f"{counts}, and {LEAST_RUNS} on each side say something")
    # A job that succeeds more often is better, even where it takes longer for it.
    reliability, speed = _reliability(before, after), _speed(before.durations, after.durations)
    found = reliability or speed
    word: Word = "no different" if not found else "better" if found > 0 else "worse"
    return Verdict(word=word, text=", ".join([*_figures(before, after), f"over {counts}"]))


def _reliability(before: RunStats, after: RunStats) -> int:
    """Return 1 where more runs succeed, -1 where fewer do, 0 where that may be chance."""
    n = before.outcomes.finished, after.outcomes.finished
    share = before.outcomes.succeeded / n[0], after.outcomes.succeeded / n[1]
    # A success and a failure more than were seen, so that ten of ten are not taken for certainty.
    pooled = (before.outcomes.succeeded + after.outcomes.succeeded + 1) / (sum(n) + 2)
    error = sqrt(pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]))
    return _sign(share[1] - share[0], max(_ERRORS * error, _LEAST_SHARE))


def _speed(before: Durations | None, after: Durations | None) -> int:
    """Return 1 where runs are faster, -1 where they are slower: the usual ones, or else the slowest."""
    if before is None or after is None or min(before.n, after.n) < LEAST_RUNS:
        return 0
    usual = _faster(before, after, lambda each: each.p50, _MEDIAN)
    return usual or _faster(before, after, lambda each: each.p95, _TAIL)


def _faster(before: Durations, after: Durations, figure: Callable[[Durations], float], errors: float) -> int:
    error = errors * sqrt(_spread(before) ** 2 / before.n + _spread(after) ** 2 / after.n)
    return _sign(figure(before) - figure(after), max(_ERRORS * error, _LEAST_CHANGE * figure(before)))


def _spread(durations: Durations) -> float:
    """Return the standard deviation that fits the percentiles, by the longer tail."""
    return max((durations.p95 - durations.p50) / 1.645, (durations.p99 - durations.p50) / 2.326)


def _sign(difference: float, least: float) -> int:
    return 0 if abs(difference) <= least else 1 if difference > 0 else -1


def _figures(before: RunStats, after: RunStats) -> list[str]:
    found = []
    if before.durations and after.durations:
        found.append(f"p50 {say(before.durations.p50)} → {say(after.durations.p50)}")
        found.append(f"p95 {say(before.durations.p95)} → {say(after.durations.p95)}")
    rates = before.outcomes.success_rate, after.outcomes.success_rate
    if rates[0] is not None and rates[1] is not None and rates != (1, 1):
        found.append(f"success {rates[0]:.0%} → {rates[1]:.0%}")
    return found
