"""`lakeflow run JOB --env ENV`: start a run of a deployed job, follow it, and exit by its result.

Exit status: 0 the run succeeded (SUCCESS_WITH_FAILURES is Databricks' success too), or --no-wait has started it; 1 it
failed, timed out, was canceled or skipped, or goes on after --timeout or a workspace that stopped answering; 2 nothing
could be started, or the workspace refuses to show the run; 130 after Ctrl-C, which leaves the run going unless
--cancel-on-interrupt.

With `--format json` progress goes to standard error, and standard output holds one document at the end. Its fields
stay, others may be added; what is not known is null or empty:

  {"job": "daily-sales", "environment": "dev", "job_id": 1, "name": "[dev] daily-sales",
   "run_id": 2, "url": "https://… the page of the run",
   "ended": "finished" | "not_waited" | "timeout" | "unanswered" | "interrupted", "cancel_requested": false,
   "phase": "TERMINATED", "result": "SUCCESS" | "FAILED" | … as the Jobs API says, null while the run goes on,
   "code": …, "type": …, "message": the termination details, "duration_seconds": 312.5,
   "tasks": [{"task_key": "ingest", "run_id": 3, "url": …, "phase": …, "result": …, "code": …, "type": …, "message": …,
              "duration_seconds": 60.0, "attempts": 1, "reason": "why it never ran",
              "error": "its own error", "trace": ["the last lines of its trace"],
              "notes": ["2 of 3 iterations failed"]}]}
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow run`."""
    parser.add_argument("job", metavar="JOB", help="key of the job, such as daily-sales")
    parser.add_argument("--env", required=True, metavar="ENV", help="stack whose deployed job is run, such as dev")
    parser.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="value of a job parameter; repeatable"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="TASKS",
        help="run exactly these tasks: ingest,clean; +clean with what is upstream, clean+ with what is downstream",
    )
    waiting = parser.add_mutually_exclusive_group()
    waiting.add_argument("--no-wait", action="store_true", help="start the run and leave")
    waiting.add_argument("--timeout", metavar="DURATION", help="stop waiting after 90m, 2h, …; the run goes on")
    parser.add_argument("--interval", metavar="DURATION", help="look this often; otherwise every 2 to 15 seconds")
    parser.add_argument("--cancel-on-interrupt", action="store_true", help="Ctrl-C cancels the run too")
    parser.add_argument("--job-id", type=int, metavar="ID", help="which job, where several have the name")
    parser.add_argument(
        "--idempotency-token", metavar="TOKEN", help="the same token never starts a second run, but follows the first"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--folder", type=Path, default=Path("cdktf.out"), help="output of synth; default: cdktf.out")


def run(arguments: argparse.Namespace) -> int:
    """Start a run and follow it to its end; raise LakeflowError where nothing can be started."""
    # databricks-sdk takes a second to import, and only a run needs it.
    from lakeflow.run.running import run_job

    return run_job(arguments)
