"""The verb: a job of a stack, simulated and shown."""

import argparse
import json
import re
import sys
from collections.abc import Iterator

from lakeflow.clock import now
from lakeflow.simulate.document import document
from lakeflow.simulate.playback import play
from lakeflow.simulate.reading import read_job
from lakeflow.simulate.report import PLAIN, Line, Marks, lines
from lakeflow.simulate.request import durations, facts_durations, missing, outcomes, semantics, trigger
from lakeflow.simulate.starting import Start
from lakeflow.simulate.world import BEGAN, Setting
from lakeflow.stack_map import StackMap


def simulated(arguments: argparse.Namespace) -> int:
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
