"""How long runs took: p50 and p95 of each day, the band between them of each period, and the timeout as a line."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from lakeflow.history.facts import Day, RunStats
from lakeflow.history.wording import duration
from lakeflow.html.frame import (
    AXIS,
    Days,
    across,
    bar,
    curve,
    down,
    number,
    plot,
    scale,
    stretched,
    text,
    time_ticks,
)
from lakeflow.monitor.report import JobReport

_HEIGHT = 150.0
_FAR = 1.8
"""A timeout this much above everything else is only named: its line would press the rest flat."""


def durations(identity: str, job: JobReport, calendar: Sequence[date], since: date) -> str:
    """Return the plot; nothing where no run succeeded."""
    shown = Days(calendar)
    its = [day for day in job.facts.days if shown.has(day.day) and day.p50 is not None]
    if not its:
        return ""
    bands = [stats.durations.p95 for stats in (job.facts.current, job.facts.previous) if stats and stats.durations]
    highest = max(1.0, *(max(day.p95 or 0, day.p50 or 0) for day in its), *bands)
    timeout = job.timeout
    reaches = timeout is not None and timeout <= highest * _FAR
    marks = time_ticks(max(highest, timeout or 0) if reaches else highest)
    y = scale(max(marks[-1], highest * 1.02, (timeout or 0) * 1.02 if reaches else 0), _HEIGHT, 16)
    body = [*_grid(marks, y), *_bands(job, shown, since, y), *_days(its, shown, y)]
    if since > calendar[0]:
        body.append(down(shown.left(since), _HEIGHT, "edge"))
    change = job.facts.change
    if change and shown.has(change.changed_at.date()):
        at = shown.middle(change.changed_at.date())
        body += [down(at, _HEIGHT, "changed"), text(at + 0.6, _HEIGHT - 5, "changed", "mark")]
    if timeout is not None and reaches:
        body += [
            across(y(timeout), "timeout"),
            text(100, y(timeout) - 5, f"timeout {duration(timeout)}", "mark bad", "end"),
        ]
    elif timeout is not None:
        body.append(text(100, 11, f"timeout {duration(timeout)}, far above ↑", "mark", "end"))
    body += [across(_HEIGHT, "zero"), *shown.axis(_HEIGHT)]
    return plot(identity, "Duration of successful runs by day", _told(job), _HEIGHT + AXIS, body)


def _grid(marks: Sequence[float], y: Callable[[float], float]) -> Iterator[str]:
    for value in marks[1:]:
        at = y(value)
        if at >= 0:
            yield across(at, "grid")
            yield f'<text class="tick" x="-8" y="{number(at + 4)}" text-anchor="end">{duration(value)}</text>'


def _bands(job: JobReport, shown: Days, since: date, y: Callable[[float], float]) -> Iterator[str]:
    edge = shown.left(since) if shown.has(since) else 0.0
    for stats, left, width, look in (
        (job.facts.previous, 0.0, edge, "band before"),
        (job.facts.current, edge, 100 - edge, "band"),
    ):
        if stats and stats.durations and width > 0:
            top, bottom = y(stats.durations.p95), y(stats.durations.p50)
            yield bar(left, width, top, max(bottom - top, 1), look, _band_words(stats))


def _band_words(stats: RunStats) -> str:
    found = stats.durations
    return f"p50 {duration(found.p50)}, p95 {duration(found.p95)} of {found.n} runs" if found else ""


def _days(days: Sequence[Day], shown: Days, y: Callable[[float], float]) -> Iterator[str]:
    points = [(shown.middle(day.day), y(day.p50 or 0)) for day in days]
    yield stretched([curve(points, "line")], _HEIGHT)
    for day, (x, at) in zip(days, points, strict=True):
        said = f"{day.day:%a %d %b}: p50 {duration(day.p50)}, p95 {duration(day.p95)}"
        if day.p95 is not None and day.p50 is not None and day.p95 > day.p50:
            top = y(day.p95)
            yield (
                f'<line class="spread" x1="{number(x)}%" x2="{number(x)}%" y1="{number(top)}" y2="{number(at)}">'
                f"<title>{said}</title></line>"
            )
        yield f'<circle class="dot" cx="{number(x)}%" cy="{number(at)}" r="2.4"><title>{said}</title></circle>'


def _told(job: JobReport) -> str:
    said = []
    for stats, when in ((job.facts.current, "This period"), (job.facts.previous, "the period before")):
        if stats and stats.durations:
            said.append(f"{when}: {_band_words(stats)}, longest {duration(stats.durations.max)}")
    if job.timeout:
        said.append(f"the timeout is {duration(job.timeout)}")
    return "; ".join(said) + "."
