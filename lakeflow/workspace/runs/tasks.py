"""The attempts at the tasks of a run, each an entry of `tasks`: https://docs.databricks.com/api/workspace/jobs/getrun.

What only some answers have stands beside: `iterations`, `resolved_values`, `output`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from lakeflow.chance import hex_of
from lakeflow.simulate import Attempt, Run, TaskRun
from lakeflow.simulate.job import Task
from lakeflow.simulate.states import ACTIVE, FAILED, SKIPPED, SUCCESS
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.moments import EPOCH, milliseconds
from lakeflow.workspace.runs.spelling import FAILED_CODE, MESSAGES, spelled

BESIDE = ("iterations", "resolved_values", "output")
"""What an entry has that the answer for a run leaves out."""
_WENT_WELL = frozenset({SUCCESS, SKIPPED})
_MOST_MESSAGES = 3


def attempts_of(tasks: Mapping[str, TaskRun]) -> Iterator[Attempt]:
    """Yield every attempt, and after a loop's those of its iterations."""
    for task in tasks.values():
        for attempt in task.attempts:
            yield attempt
            for iteration in attempt.iterations:
                yield from iteration.attempts


def task_entries(run: Run) -> list[Json]:
    """Return the entries of `tasks`, in the order in which tasks began or it was clear that they would not."""
    settings = {task["task_key"]: task for task in run.origin.job.source.get("tasks", [])}
    known = run.origin.job.by_key
    return [
        _entry(run, attempt, settings.get(task.key) or {"task_key": task.key}, known.get(task.key))
        for task in run
        for attempt in task.attempts
    ]


def _entry(run: Run, attempt: Attempt, settings: Json, task: Task | None) -> Json:
    ran, over = attempt.started is not None, attempt.state not in ACTIVE
    length = attempt.ended - attempt.started if attempt.started is not None else None
    run_id, job_id = int(attempt.run_id), int(run.origin.job.job_id)
    entry: Json = {
        **settings,
        "run_id": run_id,
        "attempt_number": attempt.number,
        "run_page_url": f"/jobs/{job_id}/runs/{run.run_id}?o=1#task/{run_id}",
        "start_time": milliseconds(attempt.started),
        "end_time": milliseconds(attempt.ended) if over else 0,
        "setup_duration": milliseconds(attempt.setup) if over and ran else 0,
        "execution_duration": milliseconds(length - attempt.setup) if over and length is not None else 0,
        "cleanup_duration": 0,
        **spelled(attempt.state, attempt.code, _message(attempt)),
    }
    cluster = _cluster(run, attempt, settings) if ran else None
    if cluster:
        entry["cluster_instance"] = {"cluster_id": cluster, "spark_context_id": attempt.run_id}
    if attempt.resolved and task and not task.loop:
        entry["resolved_values"] = {task.block: _resolved(task.block, attempt)}
    if attempt.outcome is not None:
        entry["condition_task"] = {**settings["condition_task"], "outcome": attempt.outcome}
    if attempt.run is not None:
        entry["run_job_output"] = {"run_id": int(attempt.run.run_id)}
    if task and task.loop:
        entry["for_each_task"] = {**settings["for_each_task"], "stats": _stats(attempt)}
        inner = settings["for_each_task"]["task"]
        entry["iterations"] = [
            _entry(run, each, inner, task.loop.task) for iteration in attempt.iterations for each in iteration.attempts
        ]
    output = _output(attempt, task.block if task else "")
    if output:
        entry["output"] = output
    return entry


def _message(attempt: Attempt) -> str | None:
    if attempt.state == FAILED and attempt.code != FAILED_CODE:
        return attempt.reason
    return None if attempt.state in MESSAGES or attempt.state == SUCCESS else attempt.reason


def _cluster(run: Run, attempt: Attempt, settings: Json) -> str | None:
    """Return the id of the cluster that an attempt ran on: a shared one is the same for all of a run or a repair."""
    if settings.get("existing_cluster_id"):
        return str(settings["existing_cluster_id"])
    shared = settings.get("job_cluster_key")
    if not shared and not settings.get("new_cluster"):
        return None
    names = (run.run_id, attempt.repair, shared) if shared else (attempt.run_id,)
    began = run.repairs[attempt.repair].started if shared else attempt.started
    return f"{_clock(began)}-{hex_of(*names)}"


def _clock(time: timedelta | None) -> str:
    return f"{EPOCH + (time or timedelta()):%m%d-%H%M%S}"


def _resolved(kind: str, attempt: Attempt) -> Json:
    """Return what the API shows of the block of a task once its references were filled in."""
    resolved, received = attempt.resolved, dict(attempt.parameters)
    match kind:
        case "condition_task":
            return {side: resolved[side] for side in ("left", "right") if side in resolved}
        case "notebook_task":
            return {"base_parameters": received}
        case "run_job_task":
            return {"job_parameters": received, "parameters": received}
        case "sql_task" | "pipeline_task":
            return {"parameters": received}
        case "python_wheel_task":
            return {"named_parameters": received, "parameters": resolved.get("parameters") or []}
        case "dbt_task":
            return {"commands": resolved.get("commands") or []}
    return {"parameters": resolved.get("parameters") or []}


def _stats(attempt: Attempt) -> Json:
    """Return how far the iterations of a loop are: of each, its last attempt counts."""
    last = [iteration.last for iteration in attempt.iterations]
    ended = [each for each in last if each.state not in ACTIVE]
    failed = [each for each in ended if each.state not in _WENT_WELL]
    inputs = attempt.resolved.get("inputs")
    stats: Json = {
        "task_run_stats": {
            "active_iterations": len(last) - len(ended),
            "completed_iterations": len(ended),
            "failed_iterations": len(failed),
            "scheduled_iterations": len(last),
            "succeeded_iterations": len(ended) - len(failed),
            "total_iterations": max(len(last), _length(inputs)),
        }
    }
    told = Counter(_message(each) or MESSAGES.get(each.state, "") for each in failed)
    if told:
        stats["error_message_stats"] = [
            {"count": count, "error_message": message, "termination_category": FAILED_CODE}
            for message, count in told.most_common(_MOST_MESSAGES)
        ]
    return stats


def _length(inputs: object) -> int:
    try:
        read = json.loads(inputs) if isinstance(inputs, str) else None
    except ValueError:
        return 0
    return len(read) if isinstance(read, list) else 0


def _output(attempt: Attempt, kind: str) -> Json:
    """Return what a task left behind: what a job names is never executed, so it is what the scenario says."""
    output: Json = {}
    if attempt.state in ACTIVE or not attempt.ran:
        return output
    if kind == "notebook_task":
        text = attempt.output if isinstance(attempt.output, str) else None
        output["notebook_output"] = {"truncated": False} if text is None else {"result": text, "truncated": False}
    if attempt.run is not None:
        output["run_job_output"] = {"run_id": int(attempt.run.run_id)}
    if attempt.state not in _WENT_WELL:
        problem = attempt.reason.removeprefix("failed").lstrip(": ")
        output["error"] = problem or MESSAGES[FAILED]
        output["error_trace"] = ""
    return output
