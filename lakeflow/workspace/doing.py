"""What runs of a workspace do: what its scenario says of the job, or everything succeeds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.chance import number_of
from lakeflow.scenario.doing import Deeds, Doing
from lakeflow.scenario.model import Scenario
from lakeflow.scenario.plans import plan
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.scenario_jobs import NOTHING, job_of


def doing(scenario: Scenario | None, settings: Json, *, at: datetime, number: int, repair: int = 0) -> Doing:
    """Return what a run of a job does that is asked for at an instant.

    `number` counts the job's runs from 0. `repair` 1 is the first repair of that run: what the scenario says of it, or
    everything that runs again succeeds.
    """
    scenario = scenario or NOTHING
    key, job = job_of(scenario, settings)
    at = at.astimezone(UTC)
    made = plan(job, at, number, scenario.seed, key)
    if repair:
        attempts = [each.attempts for each in made.repairs[repair - 1 : repair]] or [{}]
        made = replace(made, attempts=attempts[0], cancel_after=None, skip=None, queue=timedelta())
    run_id = number_of(scenario.seed, scenario.workspace_id, key, at.isoformat())
    said = Deeds(scenario, job, made, scenario.seed, key, run_id, repair).doing(dict(_parts(settings)))
    return replace(said, number=number)


def _parts(settings: Json) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield the loops, each with its task and its inputs, and the tasks that start another job."""
    for task in settings.get("tasks") or ():
        loop = task.get("for_each_task")
        if loop:
            yield task["task_key"], (str((loop.get("task") or {}).get("task_key")), loop.get("inputs", ""))
        elif "run_job_task" in task:
            yield task["task_key"], (task["task_key"], "")
