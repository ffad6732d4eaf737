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
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lakeflow.clock import add_now, now
from lakeflow.simulate.document import document
from lakeflow.simulate.playback import play
from lakeflow.simulate.reading import read_job
from lakeflow.simulate.report import PLAIN, Line, Marks, lines
from lakeflow.simulate.request import durations, facts_durations, missing, outcomes, semantics, trigger
from lakeflow.simulate.starting import Start
from lakeflow.simulate.world import BEGAN, Setting
from lakeflow.stack_map import OUTPUT, StackMap


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
    from lakeflow.run.selection import parameters, tasks

    stack = StackMap.read(arguments.env, arguments.folder)
    entry = stack.job(arguments.job)
    jobs = {each.address: read_job({"name": each.name, **each.resolved}, each.address) for each in stack.jobs.values()}
    job = jobs[entry.address]
    does = outcomes(arguments.set, job, jobs)
    kind, told = trigger(arguments.trigger)
    known = facts_durations(arguments.facts, stack.stack, entry.address, job) if arguments.facts else {}
    setting = Setting(
        semantics=semantics(arguments.switch),
        began=now(arguments.now) if arguments.now else BEGAN,
        workspace=_workspace(stack.host),
        durations={**known, **durations(arguments.duration, job, jobs)},
    )
    start = Start(
        job=entry.address,
        parameters=parameters(arguments.param, entry),
        only=tasks(arguments.only, entry),
        does=does,
        trigger=kind,
        facts=told,
    )
    played = play(jobs, [start], setting=setting)[0]
    if arguments.format == "json":
        found = document(played, job, entry.key, stack.stack, setting.semantics)
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        notes = [f"give the run a value: --set {each}=…" for each in missing(played, job)]
        _show(lines(played, job, entry.key, notes, _marks()))
    return 0 if played.succeeded else 1


def _workspace(host: str) -> dict[str, str]:
    """Return what references can ask of a workspace; Azure has its id in the host."""
    found = re.match(r"https://adb-(\d+)\.", host)
    return {"url": host} | ({"id": found[1]} if found else {})


def _marks() -> Marks:
    try:
        "█▒░│".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return PLAIN
    return Marks()


def _show(found: Iterator[Line]) -> None:
    """Print lines: in colour on a terminal, plain into a file or pipe."""
    from rich.console import Console
    from rich.text import Text

    encoding = sys.stdout.encoding or "utf-8"
    console = Console(highlight=False)
    for line in found:
        pieces = [(text.encode(encoding, "replace").decode(encoding), style) for text, style in line]
        if console.is_terminal:
            console.print(Text.assemble(*pieces), soft_wrap=True)
        else:
            sys.stdout.write("".join(text for text, _ in pieces).rstrip() + "\n")
