"""A Databricks workspace on this machine, for Terraform, databricks-sdk, the Databricks CLI and lakeflow to talk to.

  lakeflow workspace                     start it; Ctrl-C stops it, and nothing is lost
  lakeflow workspace env                 how to talk to it, for a shell: eval "$(lakeflow workspace env)"
  lakeflow workspace clock               what time it is there
  lakeflow workspace clock --advance 90d let ninety days go by: schedules start runs, runs end

It keeps everything in one file, and starts again with all that it has acknowledged, however it ended. It listens on
127.0.0.1 unless told otherwise, asks for the bearer token that it prints, and never executes what a job names: what
tasks do, and how long they take, is said by a scenario (docs/scenarios.md); without one they succeed after a minute.
The page at / shows jobs and runs.

Exit status: 0 it was stopped; 2 it cannot start, such as on a port or a file that is in use.
"""

import argparse
from pathlib import Path

PORT = 8765
STATE = Path(".lakeflow") / "workspace.db"
ACTIONS = ("start", "env", "clock")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow workspace`."""
    parser.add_argument(
        "action", nargs="?", choices=ACTIONS, default="start", metavar="ACTION", help="start (default), env, clock"
    )
    parser.add_argument(
        "--state", type=Path, default=STATE, metavar="FILE", help="what it keeps; default: .lakeflow/workspace.db"
    )
    starting = parser.add_argument_group("start")
    starting.add_argument("--port", type=int, default=PORT, metavar="N", help="default: 8765; 0 is any free one")
    starting.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1, this machine only"
    )
    starting.add_argument("--scenario", metavar="FILE", help="what runs do: a file, or the name of a sample")
    starting.add_argument(
        "--past", action="store_true", help="with the runs that the scenario has had; a new state only"
    )
    starting.add_argument(
        "--user", default="me@example.com", metavar="NAME", help="who the token is; default: me@example.com"
    )
    starting.add_argument("--throttle", type=int, metavar="N", help="requests a second; more are told to wait")
    starting.add_argument("--verbose", action="store_true", help="a line on standard error for each request")
    starting.add_argument("--format", choices=("text", "json"), default="text", help="json: one line once it listens")
    moving = parser.add_argument_group("clock")
    moving.add_argument("--advance", metavar="DURATION", help="let this much time go by: 90d, 2h, 45m")
    moving.add_argument("--to", metavar="TIME", help="let time go by until then, ISO 8601")
    both = parser.add_argument_group("start and clock")
    both.add_argument("--speed", type=float, metavar="N", help="seconds that go by there in one second here")


def run(arguments: argparse.Namespace) -> int:
    """Start the workspace, or talk to the one that runs; raise LakeflowError where it cannot start."""
    if arguments.action == "start":
        from lakeflow.workspace.starting import start

        return start(arguments)
    from lakeflow.workspace.asking import ask

    return ask(arguments)
