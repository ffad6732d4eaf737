"""`lakeflow simulate JOB --env ENV`: what a run would do, which tasks run, are skipped or excluded, and why.

Nothing is started: the run is played from the map that `lakeflow synth` left. Every task succeeds after a minute unless
something else is said of it:

  --set clean=failed            failed, failed:2 (two attempts), succeeded, cancelled, timedout, skipped, disabled
  --set enough-rows=false       the outcome of a condition, whatever it compares
  --set parse[1]=failed         an iteration of a loop, counted from 0
  --set ingest.rows=10          a task value; JSON, or else a text
  --set report.output='[{…}]'   the rows of a SQL task
  --set call/clean=failed       a task of the job that `call` starts

Exit status: 0 the run succeeds (SUCCESS_WITH_FAILURES is Databricks' success too), 1 it does not, 2 nothing could be
simulated.
"""

import argparse
from pathlib import Path

from lakeflow.clock import add_now
from lakeflow.stack_map import OUTPUT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow simulate`."""
    parser.add_argument("job", metavar="JOB", help="key of the job, such as daily-sales")
    parser.add_argument("--env", required=True, metavar="ENV", help="stack that has the job, such as dev")
    for option, name, told in (
        ("--set", "WHAT", "what a task does, or a value that it sets; repeatable"),
        ("--param", "NAME=VALUE", "value of a job parameter; repeatable"),
        ("--only", "TASKS", "run these tasks: ingest,clean; +clean with what is upstream, clean+ downstream"),
        ("--duration", "TASK=10m", "how long a task takes; repeatable"),
        ("--trigger", "NAME=VALUE", "what starts the run, type=FILE_ARRIVAL, and what it tells; repeatable"),
        ("--switch", "NAME=VALUE", "how something undocumented is taken to be; repeatable"),
    ):
        parser.add_argument(option, action="append", default=[], metavar=name, help=told)
    parser.add_argument(
        "--facts", type=Path, metavar="FILE", help="what lakeflow monitor record wrote: tasks take their median"
    )
    add_now(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--folder", type=Path, default=OUTPUT, help="output of synth; default: cdktf.out")


def run(arguments: argparse.Namespace) -> int:
    """Simulate a run and show it; raise LakeflowError where what is asked for does not exist."""
    # The rules and the engine take a moment to import, and only a simulation needs them.
    from lakeflow.simulate.verb import simulated

    return simulated(arguments)
