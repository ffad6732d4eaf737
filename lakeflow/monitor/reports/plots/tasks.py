"""A heat map: a row for each task, a column for each day, stronger the longer it took, crossed where it failed."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from lakeflow.history.wording import duration
from lakeflow.html.frame import AXIS, Days, bar, number, plot, text
from lakeflow.monitor.report import JobReport, TaskReport
from lakeflow.words import counted

_ROW, _NAME = 18.0, 13.0
_SHADES = 5
_SAME = 20.0
"""Seconds that make no difference."""
MOST_TASKS = 40


def tasks(identity: str, job: JobReport, calendar: Sequence[date]) -> str:
    """Return the heat map; nothing where no task ran."""
    shown = Days(calendar)
    found = [task for task in job.tasks if any(shown.has(day.day) for day in task.stats.days)]
    if not found:
        return ""
    # The tasks that failed or took longest, in the order in which they run.
    weighed = sorted(found, key=lambda task: (task.broken, _p50(task)), reverse=True)[:MOST_TASKS]
    kept = [task for task in found if task in weighed]
    body: list[str] = []
    at = 0.0
    for task in kept:
        body.append(_name(task, at + _NAME - 3))
        body += _row(task, shown, at + _NAME)
        at += _NAME + _ROW + 3
    body += shown.axis(at)
    return plot(identity, "Tasks by day", _told(kept, len(found)), at + AXIS, body, "heat")


def _name(task: TaskReport, y: float) -> str:
    said = f"{task.key} · {duration(_p50(task))}" if task.stats.durations else task.key
    if task.broken:
        said += f" · {task.broken} failed"
    return f'<text class="task" x="0" y="{number(y)}">{escape(said)}</text>'


def _row(task: TaskReport, shown: Days, y: float) -> Iterator[str]:
    its = [day for day in task.stats.days if shown.has(day.day)]
    times = [day.p50 for day in its if day.p50 is not None]
    least, most = min(times, default=0.0), max(times, default=0.0)
    yield bar(0, 100, y, _ROW, "empty")
    for day in its:
        left, width = shown.left(day.day), shown.step
        said = f"{task.key}, {day.day:%a %d %b}: {counted(day.runs, 'execution')}"
        if day.p50 is not None:
            said += f", p50 {duration(day.p50)}"
        if day.failed:
            yield bar(left + width * 0.04, width * 0.92, y, _ROW, "failed", f"{said}, {day.failed} failed")
            yield text(left + width / 2, y + _ROW - 5, "×", "cross", "middle")
            continue
        yield bar(left + width * 0.04, width * 0.92, y, _ROW, f"heat{_shade(day.p50, least, most)}", said)


def _shade(value: float | None, least: float, most: float) -> int:
    """Return how dark a duration is; where a task always takes about as long, it is never dark."""
    if value is None or most <= 0:
        return 0
    share = (value - least) / max(most - least, most * 0.4, _SAME)
    return min(int(share * _SHADES), _SHADES - 1)


def _p50(task: TaskReport) -> float:
    return task.stats.durations.p50 if task.stats.durations else 0.0


def _told(kept: Sequence[TaskReport], found: int) -> str:
    bad = [f"{task.key} failed {counted(task.broken, 'time')}" for task in kept if task.broken]
    left_out = f" {found - len(kept)} tasks that fail less and are shorter are left out." if found > len(kept) else ""
    return f"{counted(len(kept), 'task')}; {', '.join(bad) if bad else 'none failed'}.{left_out}"


def legend() -> str:
    """Return what the colours mean."""
    shades = "".join(f'<i class="key heat{n}"></i>' for n in range(_SHADES))
    return f'<span>shorter {shades} longer, each task by itself</span><span><i class="key failed"></i>failed</span>'
