"""How far a run is, in both forms of the API: `status`, and the older `state` beside it.

https://docs.databricks.com/api/workspace/jobs/getrun
"""

from lakeflow.scenario.rows import termination_type
from lakeflow.simulate import states
from lakeflow.simulate.states import (
    ACTIVE,
    CANCELED,
    FAILED,
    QUEUED,
    SKIPPED,
    SUCCESS,
    TIMEDOUT,
    UPSTREAM_CANCELED,
    UPSTREAM_FAILED,
    WAITING,
)
from lakeflow.workspace.exchange import Json

FAILED_CODE = states.code(FAILED)
MESSAGES = {
    FAILED: "Workload failed, see run output for details",
    CANCELED: "Run cancelled by user",
    UPSTREAM_FAILED: "An upstream task failed.",
    UPSTREAM_CANCELED: "An upstream task was canceled.",
}
"""What the service says of tasks that ended so."""


def going_on(state: str, *, most: int = 1) -> Json:
    """Return the fields of what has not ended; `most` is how many runs of the job go on at once."""
    if state == QUEUED:
        told = f"Queued due to reaching maximum concurrent runs of {most}."
        return {
            "state": {"life_cycle_state": QUEUED, "queue_reason": told, "state_message": told},
            "status": {"state": QUEUED, "queue_details": {"code": "MAX_CONCURRENT_RUNS_REACHED", "message": told}},
        }
    status = "WAITING" if state == WAITING else state
    return {"state": {"life_cycle_state": state, "state_message": ""}, "status": {"state": status}}


def over(state: str, code: str, message: str, *, job: bool = False) -> Json:
    """Return the fields of what has ended."""
    code = code or states.code(state)
    cycle = states.life_cycle(state, job=job)
    if state == FAILED and code != FAILED_CODE:
        cycle = "INTERNAL_ERROR"
    old: Json = {"life_cycle_state": cycle, "state_message": message}
    if state != SKIPPED:
        old["result_state"] = state
    old["user_cancelled_or_timedout"] = state in {CANCELED, TIMEDOUT}
    kind = termination_type(state, code) if state == FAILED else states.kind(state)
    details = {"code": code, "type": kind, "message": message}
    return {"state": old, "status": {"state": "TERMINATED", "termination_details": details}}


def spelled(state: str, code: str = "", message: str | None = None, *, job: bool = False, most: int = 1) -> Json:
    """Return `state` and `status` of a run or of an attempt at a task."""
    if state in ACTIVE:
        return going_on(state, most=most)
    said = ("" if state == SUCCESS else MESSAGES.get(state, "")) if message is None else message
    return over(state, code, said, job=job)
