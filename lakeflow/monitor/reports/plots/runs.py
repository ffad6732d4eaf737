"""Runs over time by result: what succeeded stands above the line, what failed hangs below it."""

from collections.abc import Iterator, Sequence
from datetime import date

from lakeflow.history.facts import Day, Outcomes
from lakeflow.html.frame import AXIS, Days, across, bar, down, plot, ticks
from lakeflow.monitor.reports.words import RESULTS, outcome_words
from lakeflow.words import counted

_UP, _DOWN = ("succeeded", "running", "cancelled", "skipped"), ("failed", "timed_out")
_UNIT = 40.0
"""Pixels of one run, at most."""


def runs(identity: str, days: Sequence[Day], calendar: Sequence[date], since: date, height: float = 120) -> str:
    """Return the plot; `since` is the first day of the current period."""
    shown = Days(calendar)
    its = [day for day in days if shown.has(day.day)]
    up = max((_sum(day.outcomes, _UP) for day in its), default=0)
    under = max((_sum(day.outcomes, _DOWN) for day in its), default=0)
    unit = min((height - 8) / max(up + under, 1), _UNIT)
    if under:
        # One failed run among many is seen all the same.
        unit = min(unit, (height - 8 - max(under * unit, 8)) / max(up, 1)) if up else unit
    below = max(under * unit, 8.0) if under else 0.0
    zero = max(up * unit + 6, 20.0)
    body = [*_grid(up, unit, zero), *_bars(its, shown, unit, below / under if under else 0, zero)]
    total = zero + below + 4
    body.append(across(zero, "zero"))
    if since > calendar[0]:
        body.append(down(shown.left(since), total, "edge"))
    body += shown.axis(total)
    return plot(identity, "Runs by day and result", _told(its), total + AXIS, body)


def _grid(up: int, unit: float, zero: float) -> Iterator[str]:
    for value in ticks(up, 2)[1:]:
        if value == int(value) and value <= up:
            yield across(zero - value * unit, "grid")
            yield f'<text class="tick" x="-8" y="{zero - value * unit + 4:.1f}" text-anchor="end">{value:g}</text>'


def _bars(days: Sequence[Day], shown: Days, unit: float, unit_below: float, zero: float) -> Iterator[str]:
    gap = shown.step * 0.14
    for day in days:
        left, width = shown.left(day.day) + gap / 2, shown.step - gap
        said = f"{day.day:%a %d %b}: {outcome_words(day.outcomes)}"
        at = zero
        for name in _UP:
            if count := getattr(day.outcomes, name):
                at -= count * unit
                yield bar(left, width, at, max(count * unit - 0.5, 1), name, said)
        at = zero + 1
        for name in _DOWN:
            if count := getattr(day.outcomes, name):
                yield bar(left, width, at, max(count * unit_below - 0.5, 2), name, said)
                at += count * unit_below


def _sum(outcomes: Outcomes, names: Sequence[str]) -> int:
    return sum(getattr(outcomes, name) for name in names)


def _told(days: Sequence[Day]) -> str:
    if not days:
        return "No runs."
    bad = [day for day in days if _sum(day.outcomes, _DOWN)]
    runs_ = sum(day.outcomes.total for day in days)
    worst = max(bad, key=lambda day: _sum(day.outcomes, _DOWN), default=None)
    said = f"{counted(runs_, 'run')} on {counted(len(days), 'day')}; on {len(bad)} of them a run failed or timed out"
    return f"{said}, most on {worst.day:%d %b}: {outcome_words(worst.outcomes)}." if worst else f"{said}."


def legend(outcomes: Sequence[Outcomes]) -> str:
    """Return what the colours mean, of those that there are."""
    there = [name for name in RESULTS if any(getattr(each, name) for each in outcomes)]
    return "".join(f'<span><i class="key {name}"></i>{RESULTS[name]}</span>' for name in there)
