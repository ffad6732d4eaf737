"""What the runs of deployed jobs say: what fails, slows and costs, and what to change where.

  lakeflow monitor report --env prod     how each job did, the worst first, and what to change
  lakeflow monitor suggest --env prod    what to change, with the evidence and the place; --patch prints a diff
  lakeflow monitor drift --env prod      what is odd about the workspace: jobs that no code owns, changed by hand, …
  lakeflow monitor record --env prod     the facts as a file, for --source FILE.json and lakeflow review --facts

Facts come from system tables, asked on a SQL warehouse; from the Jobs API, which keeps 60 days and knows no costs; or
from a file that `record` wrote. Without --source: system tables where the stack has a SQL warehouse or --warehouse
names one, and the Jobs API otherwise; standard error says which.

Exit status: 0 nothing found, or less than --fail-on names; 1 suggestions or drift; 2 no facts could be read, or the
arguments are unusable.
"""

import argparse
from pathlib import Path

from lakeflow.clock import add_now

VIEWS = ("report", "suggest", "drift", "record")
FORMATS = ("text", "markdown", "json", "html")
FINDINGS = ("any", "suggestions", "drift", "never")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow monitor`."""
    parser.add_argument("view", choices=VIEWS, metavar="VIEW", help=", ".join(VIEWS))
    parser.add_argument("--env", required=True, metavar="ENV", help="stack whose workspace is asked, such as prod")
    parser.add_argument("--source", metavar="SOURCE", help="system-tables, api, or a file that record wrote")
    parser.add_argument("--warehouse", metavar="ID", help="SQL warehouse that system tables are asked on")
    parser.add_argument(
        "--days", type=int, default=28, metavar="N", help="length of a period; the one before is compared; default: 28"
    )
    parser.add_argument("--job", metavar="KEY", help="only this job, by its key in the code or its id")
    parser.add_argument("--format", choices=FORMATS, help="default: what the name of --output says, or text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there and not to the terminal")
    parser.add_argument("--patch", action="store_true", help="of suggest: a unified diff that git apply takes")
    parser.add_argument(
        "--fail-on",
        choices=FINDINGS,
        default="any",
        help="what of that which is shown makes the exit status 1; default: any",
    )
    parser.add_argument("--folder", type=Path, default=Path("cdktf.out"), help="output of synth; default: cdktf.out")
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the facts and show what was asked for; raise LakeflowError where there are none."""
    from lakeflow.monitor.monitoring import monitor

    return monitor(arguments)
