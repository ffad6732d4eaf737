"""What an attempt looks like when it is stopped before its end: cancelled, timed out, or still going on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lakeflow.scenario.runs import Stretch, TaskRun


def stopped(stretch: Stretch, at: datetime, result: str, code: str, message: str) -> Stretch:
    """Return an attempt that was stopped at an instant, or as it is where it had ended before."""
    if stretch.ended_at is None or stretch.ended_at <= at:
        return stretch
    tasks = tuple(_stopped(stretch, at, result, code))
    return replace(stretch, ended_at=at, result=result, code=code, message=message, tasks=tasks)


def _stopped(stretch: Stretch, at: datetime, result: str, code: str) -> Iterator[TaskRun]:
    for run in stretch.tasks:
        if run.ended_at is None or run.ended_at <= at:
            yield run
        elif run.started_at < at:
            yield replace(
                run, ended_at=at, setup=min(run.setup, at - run.started_at), result=result, code=code, outcome=None
            )
        elif run.attempt == 0:
            # Its compute was never asked for.
            never = replace(run, cluster_id=None, compute=None, setup=at - at, outcome=None)
            yield replace(never, started_at=at, ended_at=at, result="UPSTREAM_CANCELED", code="SKIPPED")


def going_on(stretch: Stretch, at: datetime) -> Stretch:
    """Return an attempt as it is seen at an instant: what is later has not happened yet."""
    if stretch.ended_at is None or stretch.ended_at <= at:
        return stretch
    tasks = tuple(
        run
        if run.ended_at is not None and run.ended_at <= at
        else replace(
            run, ended_at=None, setup=min(run.setup, at - run.started_at), result=None, code=None, outcome=None
        )
        for run in stretch.tasks
        if run.started_at < at
    )
    return replace(stretch, ended_at=None, result=None, code=None, message="", tasks=tasks)
