"""A run on a terminal, and how often it is looked at."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from lakeflow.run.answers import run_of
from lakeflow.run.following import Ended, Patience, follow
from lakeflow.run.progress import Lines, LiveTable, progress_on
from lakeflow.run.states import Run, State, TaskRun

RUNNING = Run(run_id=7, state=State(phase="RUNNING"))
DONE = Run(run_id=7, state=State(phase="TERMINATED", result="SUCCESS"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Passing:
    """A clock that passes only by waiting."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def now(self) -> float:
        return sum(self.pauses)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def lines() -> Lines:
    return Lines(Console(file=io.StringIO()), timedelta)


def drawn(run: Run, height: int = 40) -> list[str]:
    console = Console(file=Terminal(), width=100, height=height, force_terminal=True, color_system=None)
    table = LiveTable(console, lambda: timedelta(minutes=5))
    table.show(run)
    with console.capture() as capture:
        console.print(table)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_log_gets_lines_and_a_terminal_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert isinstance(progress_on(Console(file=io.StringIO()), timedelta), Lines)
    assert isinstance(progress_on(Console(file=Terminal()), timedelta), LiveTable)


def test_the_table_shows_every_task_in_its_order() -> None:
    stats = {"task_run_stats": {"total_iterations": 40, "completed_iterations": 12, "failed_iterations": 1}}
    run = run_of(
        {
            "run_id": 7,
            "status": {"state": "RUNNING"},
            "tasks": [
                {
                    "task_key": "[red]load",
                    "status": {"state": "RUNNING"},
                    "attempt_number": 1,
                    "depends_on": [{"task_key": "ingest"}],
                    "for_each_task": {"stats": stats},
                },
                {
                    "task_key": "ingest",
                    "start_time": 1_000,
                    "end_time": 66_000,
                    "state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
                },
            ],
        }
    )
    assert drawn(run) == [
        "0:05:00  run 7: RUNNING",
        "task       state    time",
        "ingest     SUCCESS  1m 5s",
        "[red]load  RUNNING         attempt 2, 12 of 40 iterations, 1 failed",
    ]


def test_a_small_screen_shows_what_failed_and_what_runs() -> None:
    words = {"bad": State(phase="TERMINATED", result="FAILED"), "busy": State(phase="RUNNING")}
    tasks = [
        TaskRun(task_key=key, run_id=number, state=words.get(key, State(phase="TERMINATED", result="SUCCESS")))
        for number, key in enumerate(["bad", "busy", *(f"a{number}" for number in range(20))])
    ]
    shown = drawn(Run(run_id=7, state=State(phase="RUNNING"), attempts=tuple(tasks)), height=10)
    assert [line.split()[0] for line in shown[2:]] == ["a0", "a1", "bad", "busy", "and"]
    assert shown[-1] == "and 18 more"


def test_looks_become_rarer_while_nothing_happens() -> None:
    clock, looks = Passing(), iter([RUNNING] * 9 + [DONE])
    followed = follow(lambda: next(looks), lines(), patience=Patience(), clock=clock)
    assert followed.ended is Ended.FINISHED
    assert clock.pauses[0] == 2
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[-1] == 15


def test_the_last_look_is_at_the_end_of_the_time() -> None:
    clock = Passing()
    patience = Patience(timeout=timedelta(minutes=1))
    followed = follow(lambda: RUNNING, lines(), patience=patience, clock=clock)
    assert followed.ended is Ended.TIMEOUT
    assert followed.run == RUNNING
    assert sum(clock.pauses) == pytest.approx(60)


def test_a_given_interval_is_kept() -> None:
    clock, looks = Passing(), iter([RUNNING] * 3 + [DONE])
    follow(lambda: next(looks), lines(), patience=Patience(interval=timedelta(seconds=30)), clock=clock)
    assert clock.pauses == [30, 30, 30]
