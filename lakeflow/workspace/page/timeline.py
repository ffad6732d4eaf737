"""When each task of a run ran: a row for each, with its attempts, the waits between them, setup and execution."""

from collections.abc import Iterator

from lakeflow.html.frame import bar, down, text as letters, time_ticks
from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.words import counted
from lakeflow.workspace.page.looks import Look, badge, look
from lakeflow.workspace.page.matrix import anchor
from lakeflow.workspace.page.runs import Attempt, RunFacts, Stretch
from lakeflow.workspace.page.shell import section
from lakeflow.workspace.page.words import lasting, name, text, when

_HIGH = 22.0
_THINNEST = 0.35
"""Per cent of the width that the shortest bar has, so that it is seen."""
_FOR_A_LETTER = 5
"""Per cent of the width that a bar needs on a phone to hold the letter of its state."""


class _Scale:
    """Places of a stretch of time, in per cent of the width."""

    def __init__(self, start: int, end: int) -> None:
        self._start = start
        self._long = max(end - start, 1)
        self.ticks = [each for each in time_ticks(self._long / 1000, 5) if each * 1000 <= self._long * 1.001]

    def at(self, moment: int) -> float:
        """Return the place of a moment."""
        return min(max((moment - self._start) / self._long * 100, 0), 100)

    def of(self, seconds: float) -> float:
        """Return the place of a tick."""
        return min(seconds * 1000 / self._long * 100, 100)


def timelines(found: RunFacts, now: int) -> Iterator[Html]:
    """Yield the timeline of a run, and one for each repair."""
    several = len(found.stretches) > 1
    for stretch in found.stretches:
        ran = [each for each in stretch.attempts if each.task.start_time]
        if not ran:
            continue
        title = "Timeline" if not several else f"Repair {stretch.repair}" if stretch.repair else "Original run"
        path = found.critical if stretch is found.stretches[-1] else ()
        aside = joined([badge(stretch.state), f" {when(stretch.start)}"]) if several else None
        yield section(title, _timeline(found, stretch, ran, path, now), _way(path), aside=aside)


def _way(path: tuple[str, ...]) -> Html | None:
    if not path:
        return None
    keys = [tag("code", text(key, 60)) for key in path]
    return tag("p", "Critical path: ", joined(keys, " → "), class_="path")


def _timeline(found: RunFacts, stretch: Stretch, ran: list[Attempt], path: tuple[str, ...], now: int) -> Html:
    start = min([stretch.start or ran[0].task.start_time, *(each.task.start_time for each in ran)])
    scale = _Scale(start, max([stretch.end, *(each.until(now) for each in ran)]))
    by_key = {key: [each for each in attempts if each in set(ran)] for key, attempts in found.tasks.items()}
    shown = {key: its for key, its in by_key.items() if its}
    # The table of tasks has one row for a task, under its last attempt, which a repair may have made.
    rows = [_row(_lead(key, its, found.tasks[key][-1], key in path), its, scale, now) for key, its in shown.items()]
    head = tag(
        "tr",
        tag("th", "task", scope="col"),
        tag("th", _axis(scale), scope="col", class_="axis"),
        tag("th", "took", scope="col", class_="n"),
    )
    return tag(
        "table",
        tag("caption", "When each task ran, and for how long"),
        tag("thead", head),
        tag("tbody", *rows),
        class_="timeline",
    )


def _axis(scale: _Scale) -> Html:
    marks = [
        letters(scale.of(each), 12, f"+{lasting(each * 1000)}" if each else "start", "tick", _anchor(scale.of(each)))
        for each in scale.ticks
    ]
    return Html(
        f'<svg class="plot" width="100%" height="16" role="img" aria-label="time from the start">{"".join(marks)}</svg>'
    )


def _anchor(place: float) -> str:
    return "start" if place < 4 else "end" if place > 92 else "middle"


def _lead(key: str, attempts: list[Attempt], last: Attempt, critical: bool) -> Html:
    more: list[Child] = [tag("small", counted(len(attempts), "attempt"))] if len(attempts) > 1 else []
    more += [tag("small", "◆", title="on the critical path", class_="critical")] if critical else []
    return tag("th", tag("a", name(key, 48), href=f"#{anchor(last)}"), *more, scope="row")


def _row(lead: Html, attempts: list[Attempt], scale: _Scale, now: int) -> Html:
    took = attempts[-1].until(now) - attempts[0].task.start_time
    return tag(
        "tr",
        lead,
        tag("td", _bars(attempts, scale, now)),
        tag("td", lasting(took), class_="n"),
    )


def _bars(attempts: list[Attempt], scale: _Scale, now: int) -> Html:
    body = [down(scale.of(each), _HIGH, "grid") for each in scale.ticks]
    said = []
    before: Attempt | None = None
    for number, attempt in enumerate(attempts, 1):
        if before is not None and attempt.task.start_time > before.until(now):
            left = scale.at(before.until(now))
            waited = attempt.task.start_time - before.until(now)
            body.append(
                bar(left, scale.at(attempt.task.start_time) - left, 10, 2, "waited", f"waited {lasting(waited)}")
            )
        told = _told(attempt, now, number if len(attempts) > 1 else 0)
        said.append(told)
        body += _attempt(attempt, scale, now, told)
        before = attempt
    label = tag("title", "; ".join(said))
    return Html(f'<svg class="plot" role="img" width="100%" height="{_HIGH:g}">{label}{"".join(body)}</svg>')


def _attempt(attempt: Attempt, scale: _Scale, now: int, told: str) -> Iterator[str]:
    start, end = attempt.task.start_time, attempt.until(now)
    colour = look(attempt.task.state).colour
    left, right = scale.at(start), scale.at(end)
    ready = scale.at(min(start + attempt.setup, end))
    if attempt.setup and ready - left > 0:
        yield bar(left, ready - left, 5, 12, f"setup {colour}", told)
    width = max(right - ready, _THINNEST)
    place = min(ready, 100 - width)
    yield bar(place, width, 3, 16, f"work {colour}", told)
    yield _letter(look(attempt.task.state), place, width)


def _letter(found: Look, left: float, width: float) -> str:
    """Return the letter of a state: in its bar, beside one that is too short; a colour is never the only sign."""
    if width >= _FOR_A_LETTER:
        return letters(left + width / 2, 15, found.letter, f"sign in {found.colour}", "middle")
    if left + width > 100 - _FOR_A_LETTER:
        return letters(left - 0.6, 15, found.letter, "sign", "end")
    return letters(left + width + 0.6, 15, found.letter, "sign")


def _told(attempt: Attempt, now: int, number: int) -> str:
    which = f"attempt {number} " if number else ""
    took = attempt.until(now) - attempt.task.start_time
    setup = f", {lasting(attempt.setup)} of it setup" if attempt.setup else ""
    return f"{which}{look(attempt.task.state).word}, from {when(attempt.task.start_time)}, {lasting(took)}{setup}"
