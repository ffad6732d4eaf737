"""A run of the engine as `jobs/runs/get` tells it: https://docs.databricks.com/api/workspace/jobs/getrun.

Of a job with several tasks setup and execution are 0, as the API says, and of what goes on there is no duration.
"""

from datetime import timedelta

from lakeflow.simulate import Attempt, Run
from lakeflow.simulate.states import ACTIVE
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.moments import milliseconds
from lakeflow.workspace.runs.spelling import spelled
from lakeflow.workspace.runs.tasks import attempts_of, task_entries

NONE = timedelta()
_OF_THE_JOB = ("job_clusters", "git_source", "schedule", "description")


def page_url(job_id: int, run_id: int) -> str:
    """Return where a run is to be looked at; whoever answers puts the workspace's own address before it."""
    return f"/jobs/{job_id}/runs/{run_id}?o=1"


def shaped(run: Run, about: Json) -> Json:
    """Return the row of a run; `about` is what the engine does not know of it."""
    settings = run.origin.job.source
    run_id, job_id = int(run.run_id), int(run.origin.job.job_id)
    started = run.asked if run.started is None else run.started
    over = run.state not in ACTIVE
    row: Json = {
        "job_id": job_id,
        "run_id": run_id,
        "job_run_id": run_id,
        "number_in_job": run_id,
        "original_attempt_run_id": run_id,
        "run_name": run.job,
        "run_type": about["run_type"],
        "trigger": run.trigger,
        "creator_user_name": about["creator"],
        "run_page_url": page_url(job_id, run_id),
        "format": "MULTI_TASK",
        "effective_performance_target": about.get("performance_target") or settings.get("performance_target"),
        "start_time": milliseconds(started),
        "end_time": milliseconds(run.ended) if over else 0,
        "run_duration": milliseconds(_worked(run)) if over else 0,
        "queue_duration": milliseconds(run.queued) if over or run.started is not None else 0,
        **_single(run, over=over),
        **spelled(run.state, run.code, run.message or _said(run), job=True, most=run.origin.job.most),
        **{name: settings[name] for name in _OF_THE_JOB if settings.get(name)},
        "tasks": task_entries(run),
    }
    if run.caller:
        row["trigger_info"] = {"run_id": int(run.caller)}
    if about.get("overriding_parameters"):
        row["overriding_parameters"] = about["overriding_parameters"]
    parameters = _parameters(run)
    if parameters:
        row["job_parameters"] = parameters
    if len(run.repairs) > 1:
        row["repair_history"] = _history(run)
    return {name: value for name, value in row.items() if value is not None}


def _worked(run: Run) -> timedelta:
    """Return how long a run took with all its repairs, without the time between them."""
    return sum((piece.ended - piece.started for piece in run.repairs), NONE) if run.started is not None else NONE


def _said(run: Run) -> str:
    """Return what is said of a run that ended without a message of the service's own."""
    return "" if run.succeeded or run.state in ACTIVE else run.reason


def _single(run: Run, *, over: bool) -> Json:
    """Return the times of the parts of a run: only of a job with one task that are those of the task."""
    alone = next(iter(run.tasks.values())).last if over and len(run.tasks) == 1 else None
    setup, whole = (alone.setup, alone.duration) if alone else (NONE, NONE)
    return {
        "setup_duration": milliseconds(setup),
        "execution_duration": milliseconds(whole - setup),
        "cleanup_duration": 0,
    }


def _parameters(run: Run) -> list[Json]:
    """Return the job parameters, each with what the job says and what the run was given."""
    declared = run.origin.job.parameters
    given = run.parameters if run.started is not None else {**declared, **run.origin.start.parameters}
    return [
        {"name": name, **({"default": declared[name]} if name in declared else {}), "value": given.get(name, "")}
        for name in sorted({*declared, *given})
    ]


def _history(run: Run) -> list[Json]:
    found = []
    for number, piece in enumerate(run.repairs):
        over = piece.state not in ACTIVE
        item: Json = {
            "type": piece.kind,
            "start_time": milliseconds(piece.started),
            "end_time": milliseconds(piece.ended) if over else 0,
            "task_run_ids": [int(attempt.run_id) for attempt in _of_piece(run, number)],
            **spelled(piece.state, piece.code, piece.message, job=True),
        }
        found.append({**item, "id": int(piece.repair_id)} if piece.repair_id else item)
    return found


def _of_piece(run: Run, number: int) -> list[Attempt]:
    return [attempt for task in run for attempt in task.attempts if attempt.repair == number]


def notes(run: Run) -> Json:
    """Return what the engine says of a run in its own words: why each attempt ended so, and who was told."""
    return {
        "reason": run.reason,
        "reasons": {
            attempt.run_id: attempt.reason for attempt in attempts_of(run.tasks) if attempt.reason and attempt.run_id
        },
        "notices": [
            {
                "at": milliseconds(each.at),
                "event": each.event,
                "to": each.to,
                "by": each.by,
                "about": each.about,
                **({"task_key": each.task_key} if each.task_key else {}),
            }
            for each in run.notices
        ],
    }
