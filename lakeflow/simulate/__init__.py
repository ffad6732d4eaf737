"""What a run of a job does: which tasks run, which are skipped or excluded, and why.

The rules of runs live here and nowhere else: no clock, no network, the same run for the same seed.

https://docs.databricks.com/aws/en/jobs/control-flow
"""

from lakeflow.simulate.outcomes import Cancelled, Disabled, Failed, Iterations, Skipped, Succeeded, TimedOut
from lakeflow.simulate.playback import Simulation, play, repair, simulate
from lakeflow.simulate.runs import Attempt, Run, TaskRun
from lakeflow.simulate.semantics import Semantics
from lakeflow.simulate.starting import Start
from lakeflow.simulate.telling import Notice
from lakeflow.simulate.world import Setting

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
