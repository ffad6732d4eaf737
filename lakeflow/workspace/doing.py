"""What runs of a workspace do: by the job of the scenario that has the same name, or everything succeeds.

A job that was deployed with a prefix in brackets, `[dev jd] daily-sales`, has the name behind it too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.chance import number_of
from lakeflow.scenario.doing import Deeds, Doing
from lakeflow.scenario.model import Job, Scenario
from lakeflow.scenario.plans import plan
from lakeflow.scenario.settings import with_settings
from lakeflow.simulate import outcomes
from lakeflow.simulate.compute import Compute
from lakeflow.simulate.outcomes import Does, Iterations, Outcome
from lakeflow.workspace.exchange import Json

_PREFIX = re.compile(r"\[[^\[\]]*\] ")
_NOTHING = Scenario(until=datetime(2026, 1, 1, tzinfo=UTC))


def job_named(scenario: Scenario | None, name: str) -> tuple[str, Job] | None:
    """Return the job of a scenario that a job of a workspace is, and its key; None where it knows none."""
    by_name = {job.name: (key, job) for key, job in scenario.jobs.items()} if scenario else {}
    match = _PREFIX.match(name)
    return by_name.get(name) or (by_name.get(name[match.end() :]) if match else None)


def doing(scenario: Scenario | None, settings: Json, *, at: datetime, number: int, repair: int = 0) -> Doing:
    """Return what a run of a job does that is asked for at an instant.

    `number` counts the job's runs from 0. `repair` 1 is the first repair of that run: what the scenario says of it, or
    everything that runs again succeeds.
    """
    key, job = job_named(scenario, str(settings.get("name"))) or ("", Job(name=""))
    scenario = scenario or _NOTHING
    job = with_settings(job, settings)
    at = at.astimezone(UTC)
    made = plan(job, at, number, scenario.seed, key)
    if repair:
        said = made.repairs[repair - 1 : repair]
        made = replace(made, attempts=said[0].attempts if said else {}, cancel_after=None, skip=None, queue=timedelta())
    run_id = number_of(scenario.seed, scenario.workspace_id, key, at.isoformat())
    return Deeds(scenario, job, made, scenario.seed, key, run_id, repair).doing(dict(_parts(settings)))


def _parts(settings: Json) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield the loops, each with its task and its inputs, and the tasks that start another job."""
    for task in settings.get("tasks") or ():
        loop = task.get("for_each_task")
        if loop:
            yield task["task_key"], (str((loop.get("task") or {}).get("task_key")), loop.get("inputs", ""))
        elif "run_job_task" in task:
            yield task["task_key"], (task["task_key"], "")


def document(made: Doing) -> Json:
    """Return what a run does as plain data."""
    return {
        "does": {key: _does(does) for key, does in made.does.items()},
        "durations": {key: takes.total_seconds() for key, takes in made.durations.items()},
        "compute": {key: {**asdict(each), "setup": each.setup.total_seconds()} for key, each in made.compute.items()},
        "cancel_after": None if made.cancel_after is None else made.cancel_after.total_seconds(),
        "skip": made.skip,
        "queue": made.queue.total_seconds(),
    }


def of_document(kept: Mapping[str, Any]) -> Doing:
    """Return what a run does of its plain data."""
    after = kept["cancel_after"]
    return Doing(
        does={key: _read(does) for key, does in kept["does"].items()},
        durations={key: timedelta(seconds=takes) for key, takes in kept["durations"].items()},
        compute={
            key: Compute(**{**each, "setup": timedelta(seconds=each["setup"])}) for key, each in kept["compute"].items()
        },
        cancel_after=None if after is None else timedelta(seconds=after),
        skip=kept["skip"],
        queue=timedelta(seconds=kept["queue"]),
    )


def _does(does: Does | Iterations) -> Any:
    match does:
        case Iterations():
            return {
                "by_index": {str(index): _does(each) for index, each in does.by_index.items()},
                "by_input": {text: _does(each) for text, each in does.by_input.items()},
                "otherwise": _does(does.otherwise),
            }
        case Outcome():
            said = {each.name: getattr(does, each.name) for each in fields(does)}
            duration = None if does.duration is None else does.duration.total_seconds()
            return {"outcome": type(does).__name__, **said, "duration": duration}
        case _:
            return [_does(each) for each in does]


def _read(kept: Any) -> Any:
    if isinstance(kept, list):
        return [_read(each) for each in kept]
    if "otherwise" in kept:
        return Iterations(
            by_index={int(index): _read(each) for index, each in kept["by_index"].items()},
            by_input={text: _read(each) for text, each in kept["by_input"].items()},
            otherwise=_read(kept["otherwise"]),
        )
    said = {name: value for name, value in kept.items() if name != "outcome"}
    if said["duration"] is not None:
        said["duration"] = timedelta(seconds=said["duration"])
    return getattr(outcomes, kept["outcome"])(**said)
