"""What a run of a job does: which tasks run, which are skipped or excluded, and why.

The rules of runs live here and nowhere else: no clock, no network, the same run for the same seed.

https://docs.databricks.com/aws/en/jobs/control-flow
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakeflow.simulate.outcomes import Cancelled, Disabled, Failed, Iterations, Skipped, Succeeded, TimedOut
    from lakeflow.simulate.playback import Simulation, play, repair, simulate
    from lakeflow.simulate.runs import Attempt, Run, TaskRun
    from lakeflow.simulate.semantics import Semantics
    from lakeflow.simulate.starting import Start
    from lakeflow.simulate.telling import Notice
    from lakeflow.simulate.world import Setting

_HOME = {
    "Attempt": "runs",
    "Cancelled": "outcomes",
    "Disabled": "outcomes",
    "Failed": "outcomes",
    "Iterations": "outcomes",
    "Notice": "telling",
    "Run": "runs",
    "Semantics": "semantics",
    "Setting": "world",
    "Simulation": "playback",
    "Skipped": "outcomes",
    "Start": "starting",
    "Succeeded": "outcomes",
    "TaskRun": "runs",
    "TimedOut": "outcomes",
    "play": "playback",
    "repair": "playback",
    "simulate": "playback",
}
"""Public name → its module, loaded when the name is first used: the verb's help needs none of them."""

__all__ = [
    "Attempt",
    "Cancelled",
    "Disabled",
    "Failed",
    "Iterations",
    "Notice",
    "Run",
    "Semantics",
    "Setting",
    "Simulation",
    "Skipped",
    "Start",
    "Succeeded",
    "TaskRun",
    "TimedOut",
    "play",
    "repair",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
