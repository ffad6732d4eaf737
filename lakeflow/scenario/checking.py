"""What a scenario has to be so that it can be played: everything that it names is there, and can happen."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.quartz import Quartz, timezone
from lakeflow.scenario.model import NONE, Event, Job, Scenario
from lakeflow.simulate.run_if import RULES


def check(scenario: Scenario, place: str) -> None:
    """Raise LakeflowError for the first thing in a scenario that cannot be."""
    if not 1 <= scenario.days <= 400:
        raise LakeflowError(f"{scenario.days} days are no history", place=f"{place}.days", fix="write 1 to 400")
    for key, job in scenario.jobs.items():
        at = f"{place}.jobs.{key}"
        _check_tasks(scenario, job, at)
        _check_starts(job, f"{at}.starts")
        if job.max_concurrent_runs < 1:
            raise LakeflowError("no run would ever start", place=f"{at}.max_concurrent_runs", fix="write 1 or more")
        for number, event in enumerate(job.events):
            _check_event(job, event, f"{at}.events[{number}]")


def _check_tasks(scenario: Scenario, job: Job, place: str) -> None:
    edges = {}
    for key, task in job.tasks.items():
        at = f"{place}.tasks.{key}"
        edges[key] = [parent.partition("=")[0] for parent in task.after]
        for parent in edges[key]:
            _known(parent, job.tasks, "task", f"{at}.after")
        if task.run_if not in RULES:
            raise LakeflowError(f"there is no run_if {task.run_if!r}", place=at, fix=f"there are {listed(RULES)}")
        if task.compute is not None:
            _known(task.compute, {**scenario.compute, **job.compute}, "compute", f"{at}.compute")
        if task.max_retries < 0 or task.takes < NONE:
            raise LakeflowError("less than nothing", place=at, fix="write 0 or more")
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        raise LakeflowError(f"its tasks wait for each other: {' → '.join(error.args[1])}", place=place) from None


def _check_starts(job: Job, place: str) -> None:
    starts = job.starts
    ways = [name for name in ("schedule", "every", "continuous", "at") if getattr(starts, name)]
    if len(ways) > 1:
        raise LakeflowError(f"a job starts in one way, not by {' and '.join(ways)}", place=place, fix="keep one")
    if starts.every is not None and starts.every <= NONE:
        raise LakeflowError("a period is longer than nothing", place=f"{place}.every")
    for said in (starts.schedule, *(change.schedule for change in job.changes)):
        if said is not None:
            _quartz(said, starts.timezone, place)


def _quartz(expression: str, zone: str, place: str) -> None:
    try:
        Quartz.parse(expression)
        timezone(zone)
    except LakeflowError as error:
        raise error.at(place) from None


def _check_event(job: Job, event: Event, place: str) -> None:
    for key in event.tasks:
        _known(key, job.tasks, "task", f"{place}.tasks")
    for name, keys in (("outcomes", event.outcomes), ("values", event.values), ("output", event.output)):
        for key in keys:
            _known(key, job.tasks, "task", f"{place}.{name}")
    for said in (event.attempts, *(repair.attempts for repair in event.repairs)):
        for key, codes in said.items():
            _known(key, job.tasks, "task", f"{place}.attempts")
            most = job.tasks[key].max_retries + 1
            if len(codes) > most:
                raise LakeflowError(
                    f"{key!r} has {len(codes)} attempts here, and {most} by its retries",
                    place=f"{place}.attempts.{key}",
                    fix=f"name at most {most}, or give the task more max_retries",
                )
    if event.when.rate is not None and not 0 <= event.when.rate <= 1:
        raise LakeflowError(f"{event.when.rate} is no rate", place=f"{place}.when.rate", fix="write 0 to 1")
    if event.when.every is not None and event.when.every < 1:
        raise LakeflowError(f"{event.when.every} is no number of runs", place=f"{place}.when.every")


def _known(name: str, names: Iterable[str], noun: str, place: str) -> None:
    known = list(names)
    if name not in known:
        hint = nearest(name, known)
        fix = f"did you mean {hint!r}?" if hint else f"there are {listed(known)}" if known else "there is none"
        raise LakeflowError(f"there is no {noun} {name!r}", place=place, fix=fix)
