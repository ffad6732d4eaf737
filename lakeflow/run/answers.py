"""Answers of the Jobs API, read so that nothing in them can surprise: https://docs.databricks.com/api/workspace/jobs.

`status` is the present form of a state, `state` the older one that is still sent; either may be missing. The classes of
databricks-sdk turn a state that they do not know into None, so that a run could end unseen: therefore answers are read
here. What is missing, or is not what it should be, is read as absent.
"""

from collections.abc import Mapping

from lakeflow.run.states import ACTIVE, FINAL, Iterations, Parent, Run, State, TaskRun

Json = Mapping[str, object]

MOST = 2**63 - 1
_RESULT_OF_CODE = {
    "SUCCESS": "SUCCESS",
    "SUCCESS_WITH_FAILURES": "SUCCESS_WITH_FAILURES",
    "USER_CANCELED": "CANCELED",
    "CANCELED": "CANCELED",
    "SKIPPED": "SKIPPED",
    "DISABLED": "DISABLED",
    "MAX_CONCURRENT_RUNS_EXCEEDED": "MAXIMUM_CONCURRENT_RUNS_REACHED",
    "MAX_JOB_QUEUE_SIZE_EXCEEDED": "SKIPPED",
    "WORKSPACE_RUN_LIMIT_EXCEEDED": "SKIPPED",
}


def run_of(document: Json) -> Run:
    """Read an answer of `jobs/runs/get`; for-each iterations are read as the attempts of the run."""
    entries = entries_of(document, "iterations") or entries_of(document, "tasks")
    return Run(
        run_id=number_of(document, "run_id"),
        state=_state(document),
        url=text_of(document, "run_page_url"),
        start_time=number_of(document, "start_time"),
        end_time=number_of(document, "end_time"),
        attempts=tuple(_task(entry) for entry in entries),
    )


def _task(entry: Json) -> TaskRun:
    return TaskRun(
        task_key=text_of(entry, "task_key") or "?",
        run_id=number_of(entry, "run_id"),
        state=_state(entry),
        url=text_of(entry, "run_page_url"),
        attempt=number_of(entry, "attempt_number"),
        start_time=number_of(entry, "start_time"),
        end_time=number_of(entry, "end_time"),
        depends_on=tuple(
            Parent(task_key=text_of(parent, "task_key") or "?", outcome=text_of(parent, "outcome"))
            for parent in entries_of(entry, "depends_on")
        ),
        run_if=text_of(entry, "run_if") or "ALL_SUCCESS",
        outcome=text_of(block_of(entry, "condition_task"), "outcome"),
        runs_job=bool(block_of(entry, "run_job_task")),
        iterations=_iterations(block_of(entry, "for_each_task")),
    )


def _iterations(for_each: Json) -> Iterations | None:
    if not for_each:
        return None
    stats = block_of(for_each, "stats")
    counts = block_of(stats, "task_run_stats")
    return Iterations(
        total=number_of(counts, "total_iterations"),
        completed=number_of(counts, "completed_iterations"),
        failed=number_of(counts, "failed_iterations"),
        messages=tuple(
            (number_of(entry, "count"), text_of(entry, "error_message") or "no message")
            for entry in entries_of(stats, "error_message_stats")
        ),
    )


def _state(document: Json) -> State:
    status, older = block_of(document, "status"), block_of(document, "state")
    details = block_of(status, "termination_details")
    cycle = text_of(older, "life_cycle_state")
    phase = text_of(status, "state") or cycle or "UNKNOWN"
    queued = text_of(block_of(status, "queue_details"), "message") or text_of(older, "queue_reason")
    code = text_of(details, "code")
    message = text_of(details, "message") or text_of(older, "state_message")
    result = text_of(older, "result_state") or _RESULT_OF_CODE.get(code or "")
    # A phase that is new to us may be a final one: then only a result or an end time says so.
    new_and_over = phase not in ACTIVE and bool(result or number_of(document, "end_time"))
    if not (phase in FINAL or cycle in FINAL or new_and_over):
        return State(phase=phase, message=queued if phase == "QUEUED" else None)
    if result is None:
        result = "SKIPPED" if cycle == "SKIPPED" else "FAILED" if code or cycle == "INTERNAL_ERROR" else "UNKNOWN"
    return State(phase=phase, result=result, code=code, type=text_of(details, "type"), message=message)


def block_of(document: Json, key: str) -> Json:
    """Return a block of an answer; empty where there is none."""
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}


def entries_of(document: Json, key: str) -> list[Json]:
    """Return the blocks of a list in an answer; empty where there is none."""
    value = document.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def text_of(document: Json, key: str) -> str | None:
    """Return a text of an answer; None where there is none."""
    value = document.get(key)
    return value if isinstance(value, str) and value else None


def number_of(document: Json, key: str) -> int:
    """Return a number of an answer; 0 where there is none."""
    value = document.get(key)
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:  # how some clients write an int64
        return int(value)
    return value if isinstance(value, int) and abs(value) <= MOST else 0
