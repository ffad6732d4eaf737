"""What `lakeflow simulate` is asked for, read and checked: every name that does not exist is one line.

https://docs.databricks.com/aws/en/jobs/run-now
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from lakeflow.run.words import duration_of
from lakeflow.simulate.job import Job, Task, unknown
from lakeflow.simulate.outcomes import (
    Cancelled,
    Disabled,
    Does,
    Failed,
    Iterations,
    Outcome,
    Skipped,
    Succeeded,
    TimedOut,
)
from lakeflow.simulate.references import values_read
from lakeflow.simulate.runs import Run
from lakeflow.simulate.semantics import Semantics, switches
from lakeflow.simulate.starting import TRIGGERS, names

SET = "--set"
_ITEM = re.compile(r"(?P<task>[^\[\].=]+)(?:\[(?P<index>\d{1,6})\])?(?:\.(?P<name>.+))?")
_TIMES = re.compile(r"failed:(\d{1,4})")
STATES: Mapping[str, Outcome] = {
    "succeeded": Succeeded(),
    "failed": Failed(),
    "cancelled": Cancelled(),
    "timedout": TimedOut(),
    "skipped": Skipped(),
    "disabled": Disabled(),
    "true": Succeeded(result=True),
    "false": Succeeded(result=False),
}
"""What a task can be set to; `failed:2` fails two attempts."""
_SAME = {"success": "succeeded", "canceled": "cancelled", "timed_out": "timedout", "timeout": "timedout"}


@dataclass
class _Said:
    """What is said of one task."""

    state: Outcome | None = None
    values: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    iterations: dict[int, Outcome] = field(default_factory=dict)

    @property
    def does(self) -> Does | Iterations:
        """What the task does."""
        if self.iterations:
            return Iterations(by_index=self.iterations, otherwise=self.state or Succeeded())
        done = replace(self.state or Succeeded(), values=self.values)
        return replace(done, output=self.output) if isinstance(done, Succeeded) and self.output is not None else done


def outcomes(given: Sequence[str], job: Job, jobs: Mapping[str, Job]) -> dict[str, Does | Iterations]:
    """Read every `TASK=STATE`, `TASK[2]=STATE` and `TASK.NAME=VALUE`."""
    tasks, said = _tasks(job, jobs), dict[str, _Said]()
    for text in given:
        left, equals, value = text.partition("=")
        match = _ITEM.fullmatch(left.strip())
        if not equals or match is None:
            raise LakeflowError(
                f"{text!r} is not TASK=STATE or TASK.NAME=VALUE", place=SET, fix="write --set clean=failed"
            )
        key, name = match["task"], match["name"]
        task = _known(key, tasks)
        of = said.setdefault(key, _Said())
        if name:
            _set_value(of, task or Task(key=key), name, value, job)
        elif match["index"] is not None:
            if not _repeats(key, job):
                raise LakeflowError(f"{key!r} is no loop, and has no iteration {match['index']}", place=SET)
            of.iterations[int(match["index"])] = _state(value, task)
        else:
            of.state = _state(value, task)
    return {key: each.does for key, each in said.items()}


def durations(given: Sequence[str], job: Job, jobs: Mapping[str, Job]) -> dict[str, timedelta]:
    """Read every `TASK=10m`."""
    tasks, found = _tasks(job, jobs), dict[str, timedelta]()
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise LakeflowError(f"{text!r} is not TASK=DURATION", place="--duration", fix="write --duration clean=10m")
        _known(key, tasks, "--duration")
        found[key] = duration_of(value, place="--duration")
    return found


def facts_durations(path: Path, stack: str, address: str, job: Job) -> dict[str, timedelta]:
    """Return how long tasks took at the median, of a file of `lakeflow monitor record`."""
    from lakeflow.history.recorded import read

    facts = read(path)
    if facts.environment != stack:
        raise LakeflowError(
            f"holds facts of {facts.environment}, not of {stack}", place=str(path), fix=f"record those of {stack}"
        )
    known = next((each for each in facts.jobs if each.address == address), None)
    stats = {each.task_key: each.durations.p50 for each in known.tasks if each.durations} if known else {}
    if not stats:
        raise LakeflowError(f"knows no run of {job.name}", place=str(path), fix="leave out --facts")
    mine = {key for task in job.tasks for key in ([task.key, task.loop.task.key] if task.loop else [task.key])}
    return {key: timedelta(seconds=round(p50)) for key, p50 in stats.items() if key in mine}


def semantics(given: Sequence[str]) -> Semantics:
    """Read every `SWITCH=VALUE`."""
    known = {each.name: each for each in switches()}
    chosen: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            raise _unknown(f"there is no switch {name!r}", name, known, "--switch")
        number = not known[name].others and value.isdecimal()
        chosen[name] = int(value) if number else value
    try:
        return Semantics(**chosen)
    except LakeflowError as error:
        raise error.at("--switch") from None


def trigger(given: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Read what started the run: `type=FILE_ARRIVAL`, and what it tells by the names of references."""
    kind, facts = "ONE_TIME", dict[str, Any]()
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise LakeflowError(f"{text!r} is not NAME=VALUE", place="--trigger", fix="write type=FILE_ARRIVAL")
        if name != "type":
            facts[name] = value
        elif value.upper() in TRIGGERS:
            kind = value.upper()
        else:
            raise _unknown(f"there is no trigger {value!r}", value.upper(), TRIGGERS, "--trigger")
    return kind, facts


def missing(run: Run, job: Job) -> list[str]:
    """Return the task values for want of which a task failed: `ingest.rows`."""
    reasons = " ".join(task.reason for task in run if "was never set" in task.reason).replace("`", "")
    return [f"{key}.{name}" for key, name in dict.fromkeys(_read(job)) if f"tasks.{key}.values.{name}}}}}" in reasons]


def _tasks(job: Job, jobs: Mapping[str, Job]) -> dict[str, Task | None]:
    own = {each.key: each for task in job.tasks for each in ((task, task.loop.task) if task.loop else (task,))}
    return {name: own.get(name) for name in names(job, jobs)}


def _known(key: str, tasks: Mapping[str, Task | None], place: str = SET) -> Task | None:
    if key not in tasks:
        raise _unknown(f"there is no task {key!r}", key, tasks, place)
    return tasks[key]


def _repeats(key: str, job: Job) -> bool:
    return any(task.loop and key in {task.key, task.loop.task.key} for task in job.tasks)


def _state(value: str, task: Task | None) -> Outcome:
    word = _SAME.get(value.lower(), value.lower())
    times = _TIMES.fullmatch(word)
    if times:
        return Failed(times=int(times[1]))
    if word not in STATES:
        near = nearest(word, STATES)
        raise LakeflowError(
            f"a task cannot be {value!r}",
            place=SET,
            fix=f"did you mean {near!r}?" if near else f"it is {listed(STATES)}",
        )
    if word in {"true", "false"} and task and not task.is_condition:
        raise LakeflowError(f"{task.key!r} is no condition, and has no outcome {word}", place=SET)
    return STATES[word]


def _set_value(of: _Said, task: Task, name: str, text: str, job: Job) -> None:
    key, value = task.key, _value(text)
    if task.block == "sql_task":
        if name != "output":
            fix = f"write {key}.output=[{{…}}]"
            raise LakeflowError(f"{key!r} is SQL and sets no value {name!r}", place=SET, fix=fix)
        of.output = value
        return
    read = {each for task_key, each in _read(job) if task_key == key}
    if key in job.by_key and name not in read:
        near = nearest(name, read)
        fix = f"did you mean {near!r}?" if near else f"its values are {listed(read)}" if read else ""
        raise LakeflowError(f"no task reads a value {name!r} of {key!r}", place=SET, fix=fix or None)
    of.values[name] = value


def _read(job: Job) -> list[tuple[str, str]]:
    """Return every task value that the job reads."""
    return [pair for task in job.tasks for pair in values_read(task.body)]


def _value(text: str) -> Any:
    """Return a value: JSON where it is some, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unknown(problem: str, name: str, known: Iterable[str], place: str) -> LakeflowError:
    return unknown(problem, name, list(known)).at(place)
