"""Showing a run while it goes on: a table on a terminal, one line per change of state elsewhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lakeflow.run.following import Watcher
from lakeflow.run.states import Run, State, TaskRun
from lakeflow.run.words import elapsed, one_line
from lakeflow.words import spoken

LINES_AROUND = 6


class Progress(Watcher, AbstractContextManager["Progress"], Protocol):
    """A watcher with a place on the screen."""


def progress_on(console: Console, since: Callable[[], timedelta]) -> Progress:
    """Return what suits the console; `since` says how long the run is being followed."""
    on_terminal = console.file.isatty() and not console.is_dumb_terminal
    return LiveTable(console, since) if on_terminal else Lines(console, since)


def style_of(state: State) -> str:
    """Return the colour of a state: also of one that is new to us."""
    if not state.ended:
        return "cyan" if state.phase in {"RUNNING", "TERMINATING"} else "dim"
    return "green" if state.succeeded else "red" if state.failed else "yellow"


def remark_on(task: TaskRun) -> str:
    """Say what else is known of a task's run: its attempt, its iterations, the outcome of its condition."""
    remarks = []
    if task.attempt:
        remarks.append(f"attempt {task.attempt + 1}")
    if task.iterations and task.iterations.total:
        remarks.append(f"{task.iterations.completed} of {task.iterations.total} iterations")
        remarks += [f"{task.iterations.failed} failed"] if task.iterations.failed else []
    if task.outcome:
        remarks.append(task.outcome)
    return ", ".join(remarks)


class Lines:
    """One line per change of state, for logs."""

    def __init__(self, console: Console, since: Callable[[], timedelta]) -> None:
        self._console = console
        self._since = since
        self._said: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind."""

    def show(self, run: Run) -> None:
        """Print what has changed since the last time, and at first the page of the run."""
        if not self._said and run.url:
            self._print(one_line(run.url), "")
        if not run.state.ended:
            self._say(("", 0), f"run {run.run_id}", run.state, run.state.message)
        for key, attempts in run.tasks().items():
            for task in attempts:
                if task.state.phase == "BLOCKED":  # nothing has happened yet
                    continue
                remark = remark_on(task) if task.state.ended else None
                self._say((key, task.run_id), f"  {one_line(key)}", task.state, remark)
        if run.state.ended:
            self._say(("", 0), f"run {run.run_id}", run.state, None)

    def note(self, text: str) -> None:
        """Print one sentence."""
        self._print(one_line(text), "yellow")

    def _say(self, who: tuple[str, int], name: str, state: State, remark: str | None) -> None:
        if self._said.get(who) == str(state):
            return
        self._said[who] = str(state)
        self._print(f"{name}: {one_line(str(state))}" + (f" ({one_line(remark)})" if remark else ""), style_of(state))

    def _print(self, text: str, style: str) -> None:
        line = Text(f"{elapsed(self._since())}  ").append(text, style=style)
        self._console.print(line, soft_wrap=True)


class LiveTable:
    """A table of the tasks that follows the run in place; where the screen is too small, what matters most of it."""

    def __init__(self, console: Console, since: Callable[[], timedelta]) -> None:
        self._console = console
        self._since = since
        self._run: Run | None = None
        self._live = Live(self, console=console, refresh_per_second=2)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, run: Run) -> None:
        """Draw the run anew, and at first print its page."""
        if self._run is None and run.url:
            self._console.print(Text(one_line(run.url)), soft_wrap=True)
        self._run = run
        self._live.refresh()

    def note(self, text: str) -> None:
        """Print one sentence above the table."""
        self._console.print(Text(one_line(text), style="yellow"))

    def __rich__(self) -> Group:
        title = Text(elapsed(self._since()))
        if self._run is None:
            return Group(title)
        run = self._run
        message = f"  {one_line(run.state.message)}" if run.state.message and not run.state.ended else ""
        title.append(f"  run {run.run_id}: ").append(f"{run.state}{message}", style=style_of(run.state))
        return Group(title, self._table(run))

    def _table(self, run: Run) -> Table:
        table = Table(box=None, pad_edge=False)
        for heading in ("task", "state", "time", ""):
            table.add_column(heading, no_wrap=True)
        latest = [(key, attempts[-1]) for key, attempts in run.tasks().items()]
        shown = _most_telling(latest, max(self._console.height - LINES_AROUND, 4))
        for key, task in shown:
            took = spoken(task.duration) if task.duration is not None else ""
            state = Text(one_line(str(task.state)), style_of(task.state))
            table.add_row(Text(one_line(key)), state, took, Text(one_line(remark_on(task))))
        if len(shown) < len(latest):
            table.add_row(Text(f"and {len(latest) - len(shown)} more", "dim"))
        return table


def _most_telling(tasks: list[tuple[str, TaskRun]], most: int) -> list[tuple[str, TaskRun]]:
    """Return at most so many tasks in their order: what failed and what runs before what waits and what is done."""
    if len(tasks) <= most:
        return tasks
    rank = {"red": 0, "cyan": 1, "dim": 2, "yellow": 3, "green": 4}
    ranked = sorted(range(len(tasks)), key=lambda place: (rank[style_of(tasks[place][1].state)], place))
    return [tasks[place] for place in sorted(ranked[:most])]
