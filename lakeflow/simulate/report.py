"""A run for people: what every task did and why, when, what decided the duration, who is told, and the result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lakeflow.graph.letters import columns, printable, shortened
from lakeflow.simulate.critical import critical_path
from lakeflow.simulate.job import Job
from lakeflow.simulate.references import as_text
from lakeflow.simulate.runs import Attempt, Run, TaskRun
from lakeflow.simulate.states import BROKEN, SUCCESS, SUCCESSES
from lakeflow.simulate.telling import Notice
from lakeflow.words import spoken

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with its style in the words of rich."""
_WIDEST = 40
_BARS = 48


@dataclass(frozen=True)
class Marks:
    """What bars are drawn with."""

    good: str = "█"
    bad: str = "▒"
    waits: str = "░"
    instant: str = "│"
    then: str = "→"


BLOCKS = Marks()
PLAIN = Marks("#", "x", ".", "|", "->")
"""For terminals that have ASCII only."""


def lines(run: Run, job: Job, key: str, notes: Sequence[str] = (), marks: Marks = Marks()) -> Iterator[Line]:
    """Yield the lines of a report."""
    yield (
        (key, "bold"),
        (f"  {run.state}", _style(run.state)),
        (f"  {len(run.tasks)} tasks, {spoken(run.duration)}", "dim"),
    )
    yield ((run.reason, ""),)
    yield ()
    rows = [row for task in run for row in _rows(task)]
    yield from _table(("task", "state", "start", "took", "why"), rows)
    ran = [task for task in run if task.ran]
    if run.duration and ran:
        yield ()
        yield from _timeline(ran, run, marks)
    path = critical_path(run, job)
    if path:
        yield ()
        steps = f" {marks.then} ".join(f"{task.key} {spoken(task.duration)}" for task in path)
        yield (("critical path  ", "dim"), (printable(steps), ""))
    yield ()
    yield from _notices(run.notices)
    for note in notes:
        yield ()
        yield ((f"note: {note}", "yellow"),)


def _rows(task: TaskRun) -> Iterator[tuple[tuple[str, str], ...]]:
    yield _row(task.key, task.state, task.started, task.duration, _why(task))
    for each in task.iterations:
        name = f"  [{each.iteration}] {shortened(printable(as_text(each.input)), 24)}"
        yield _row(name, each.state, each.started, each.duration, _why(each))
    if task.run:
        for inner in task.run:
            yield _row(f"  {task.key}/{inner.key}", inner.state, inner.started, inner.duration, _why(inner))


def _why(task: TaskRun) -> str:
    tries = f"{len(task.attempts)} attempts" if len(task.attempts) > 1 else ""
    said = f"the outcome is {task.outcome}" if task.outcome else task.reason
    return "; ".join(part for part in (tries, said) if part)


def _row(name: str, state: str, started: timedelta | None, took: timedelta, why: str) -> tuple[tuple[str, str], ...]:
    times = ("", "") if started is None else (spoken(started), spoken(took))
    return (name, "bold"), (state, _style(state)), (times[0], ""), (times[1], ""), (why, "")


def _table(head: tuple[str, ...], rows: Sequence[tuple[tuple[str, str], ...]]) -> Iterator[Line]:
    """Yield rows in columns, the last one as long as it is."""
    said = [tuple((shortened(printable(text), 400), style) for text, style in row) for row in rows]
    widths = [
        max(columns(name), *(min(_WIDEST, columns(row[place][0])) for row in said)) if said else columns(name)
        for place, name in enumerate(head)
    ]
    for row in [tuple((name, "dim") for name in head), *said]:
        yield tuple((_padded(text, widths[place]), style) for place, (text, style) in enumerate(row))


def _padded(text: str, width: int) -> str:
    return text + " " * (max(0, width - columns(text)) + 2)


def _timeline(tasks: Sequence[TaskRun], run: Run, marks: Marks) -> Iterator[Line]:
    """Yield a bar for each task, with the attempts that failed and the waits between them."""
    width = min(_WIDEST, max(columns(printable(task.key)) for task in tasks))
    for task in tasks:
        bar = [" "] * (_BARS + 1)
        for before, attempt in zip((None, *task.attempts), task.attempts, strict=False):
            if before is not None:
                _draw(bar, before.ended, attempt.ended - attempt.duration, run, marks.waits)
            _draw(bar, attempt.ended - attempt.duration, attempt.ended, run, _mark(attempt, marks))
        name = _padded(shortened(printable(task.key), width), width)
        yield (name, "bold"), ("".join(bar).rstrip(), _style(task.state))
    end = spoken(run.duration)
    yield ((" " * (width + 2) + "0s" + end.rjust(_BARS - 2), "dim"),)


def _draw(bar: list[str], start: timedelta, end: timedelta, run: Run, mark: str) -> None:
    begin = run.started or timedelta()
    first, last = (round((at - begin) / run.duration * _BARS) for at in (start, end))
    for place in range(first, min(max(last, first + 1), len(bar))):
        bar[place] = mark


def _mark(attempt: Attempt, marks: Marks) -> str:
    if attempt.state in BROKEN:
        return marks.bad
    return marks.good if attempt.duration else marks.instant


def _notices(notices: Iterable[Notice]) -> Iterator[Line]:
    rows = [
        (
            (spoken(each.at), ""),
            (each.event, ""),
            (_of(each), ""),
            (f"{each.to} ({each.by})", ""),
            (each.about if each.about != SUCCESS else "", ""),
        )
        for each in notices
    ]
    if rows:
        yield from _table(("at", "event", "of", "who is told", ""), rows)
    else:
        yield (("no notification is sent", "dim"),)


def _of(notice: Notice) -> str:
    if notice.task_key is None:
        return "the job"
    return notice.task_key if notice.iteration is None else f"{notice.task_key}[{notice.iteration}]"


def _style(state: str) -> str:
    return "green" if state in SUCCESSES else "red" if state in BROKEN else "yellow"
