"""The table of a synth: one line for each job of each stack."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lakeflow import words
from lakeflow.stack_map import StackMap

_WIDE = 200
"""Columns where there is no terminal to fit in."""


@dataclass(frozen=True)
class Row:
    """One job."""

    stack: str
    job: str
    tasks: int
    trigger: str
    paused: bool
    next_run: datetime | None
    compute: str
    findings: dict[str, int]
    """Severity → how many; people are shown the warnings."""

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON takes it."""
        return {**asdict(self), "next_run": self.next_run.isoformat() if self.next_run else None}


def rows(stacks: Iterable[StackMap], now: datetime) -> list[Row]:
    """Return a row for each job."""
    return [
        Row(
            stack=stack.stack,
            job=job.key,
            tasks=len(job.settings.get("task", ())),
            trigger=words.trigger_words(job.resolved),
            paused=words.paused(job.settings),
            next_run=words.next_run(job.settings, now),
            compute=words.compute_words(job.settings),
            findings=dict(Counter(str(finding["severity"]) for finding in job.findings)),
        )
        for stack in stacks
        for job in stack.jobs.values()
    ]


def show(found: Sequence[Row]) -> None:
    """Print the rows as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("environment", "job", "tasks", "trigger", "next run", "compute", "findings"):
        wraps = column in {"trigger", "compute"}
        table.add_column(column, justify="right" if column == "tasks" else "left", overflow="fold", no_wrap=not wraps)
    last = ""
    for row in found:
        if last and row.stack != last:
            table.add_row()
        table.add_row(
            Text(row.stack if row.stack != last else "", style="bold"),
            Text(row.job),
            str(row.tasks),
            Text(row.trigger),
            _next_run(row),
            Text(row.compute),
            _findings(row),
        )
        last = row.stack
    console.print(table)


def _next_run(row: Row) -> Any:
    from rich.text import Text

    if row.paused:
        return Text("paused", style="yellow")
    if row.next_run is None:
        return Text("", style="dim")
    return Text(f"{row.next_run:%a %d %b %H:%M}")


def _findings(row: Row) -> Any:
    from rich.text import Text

    warnings = row.findings.get("warning", 0)
    if not warnings:
        return Text("none", style="green")
    return Text(f"{warnings} warning{'s' if warnings > 1 else ''}", style="yellow")
