"""What a part of a run looks like while it goes on."""

from dataclasses import replace
from datetime import datetime

from lakeflow.scenario.runs import Stretch


def going_on(stretch: Stretch, at: datetime) -> Stretch:
    """Return an attempt as it is seen at an instant: what is later has not happened yet."""
    if stretch.ended_at is not None and stretch.ended_at <= at:
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
