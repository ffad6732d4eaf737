"""A job's days as letters: a bar as high as its runs took, a cross where one failed, a dot where none ran."""

from collections.abc import Sequence
from datetime import date

from lakeflow.graph.text import Span
from lakeflow.history.facts import Day

_BARS = "▁▂▃▄▅▆▇█"
FAILED, NONE, AGAIN = "✗", "·", "+"
LEGEND = (
    f"days: ▁ to █ how long runs took, {FAILED} one failed, {AGAIN} only another attempt succeeded, {NONE} none ran"
)


def strip(days: Sequence[Day], calendar: Sequence[date]) -> tuple[Span, ...]:
    """Return one letter for each day."""
    by_day = {day.day: day for day in days}
    times = [by_day[day].p50 or 0 for day in calendar if day in by_day]
    most = max(times, default=0)
    return tuple(_letter(by_day.get(day), most) for day in calendar)


def _letter(day: Day | None, most: float) -> Span:
    if day is None or not day.outcomes.total:
        return Span(NONE, "dim")
    if day.outcomes.failed or day.outcomes.timed_out:
        return Span(FAILED, "red")
    if day.p50 is None or most <= 0:
        return Span(AGAIN, "yellow") if day.outcomes.succeeded else Span(NONE, "dim")
    return Span(_BARS[min(int(day.p50 / most * len(_BARS)), len(_BARS) - 1)], "green")
