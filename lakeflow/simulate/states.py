"""How tasks and jobs end, in the words of the Jobs API, and what each counts as.

https://docs.databricks.com/api/workspace/jobs/getrun
"""

SUCCESS = "SUCCESS"
WITH_FAILURES = "SUCCESS_WITH_FAILURES"
FAILED = "FAILED"
TIMEDOUT = "TIMEDOUT"
CANCELED = "CANCELED"
UPSTREAM_FAILED = "UPSTREAM_FAILED"
UPSTREAM_CANCELED = "UPSTREAM_CANCELED"
EXCLUDED = "EXCLUDED"
DISABLED = "DISABLED"
SKIPPED = "SKIPPED"
AT_THE_LIMIT = "MAXIMUM_CONCURRENT_RUNS_REACHED"

TASK_STATES = (
    SUCCESS,
    FAILED,
    TIMEDOUT,
    CANCELED,
    UPSTREAM_FAILED,
    UPSTREAM_CANCELED,
    EXCLUDED,
    DISABLED,
    SKIPPED,
)
"""Every way in which a task ends."""
SUCCESSES = frozenset({SUCCESS, WITH_FAILURES})
BROKEN = frozenset({FAILED, TIMEDOUT, UPSTREAM_FAILED, CANCELED, UPSTREAM_CANCELED})
"""What counts as failed for the tasks after it."""
CANCELS = frozenset({CANCELED, UPSTREAM_CANCELED})
NEVER_RAN = frozenset({UPSTREAM_FAILED, UPSTREAM_CANCELED, EXCLUDED, DISABLED, SKIPPED, AT_THE_LIMIT})

QUEUED, PENDING, RUNNING, BLOCKED, WAITING = "QUEUED", "PENDING", "RUNNING", "BLOCKED", "WAITING_FOR_RETRY"
ACTIVE = frozenset({QUEUED, PENDING, RUNNING, BLOCKED, WAITING})
"""What a run or a task is that has not ended."""

WORDS = {
    SUCCESS: "succeeded",
    WITH_FAILURES: "succeeded with failures",
    FAILED: "failed",
    TIMEDOUT: "timed out",
    CANCELED: "was canceled",
    UPSTREAM_FAILED: "could not run",
    UPSTREAM_CANCELED: "was canceled with what is before it",
    EXCLUDED: "was excluded",
    DISABLED: "is disabled",
    SKIPPED: "was skipped",
    AT_THE_LIMIT: "found no place",
}
"""State → what people say of a task that ended so."""

_ENDINGS = {
    SUCCESS: ("TERMINATED", "SUCCESS", "SUCCESS"),
    WITH_FAILURES: ("TERMINATED", "SUCCESS_WITH_FAILURES", "SUCCESS"),
    FAILED: ("TERMINATED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
    TIMEDOUT: ("TERMINATED", "CANCELED", "CLIENT_ERROR"),
    CANCELED: ("TERMINATED", "USER_CANCELED", "SUCCESS"),
    UPSTREAM_FAILED: ("SKIPPED", "SKIPPED", "CLIENT_ERROR"),
    UPSTREAM_CANCELED: ("SKIPPED", "SKIPPED", "CLIENT_ERROR"),
    EXCLUDED: ("SKIPPED", "SKIPPED", "SUCCESS"),
    DISABLED: ("SKIPPED", "DISABLED", "SUCCESS"),
    SKIPPED: ("SKIPPED", "SKIPPED", "SUCCESS"),
    AT_THE_LIMIT: ("SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR"),
}


def life_cycle(state: str, *, job: bool = False) -> str:
    """Return `life_cycle_state`: a failed job is an INTERNAL_ERROR, a failed task is TERMINATED."""
    if state in ACTIVE:
        return state
    return "INTERNAL_ERROR" if job and state == FAILED else _ENDINGS[state][0]


def code(state: str) -> str:
    """Return the termination code of an end that has no other; none of what goes on."""
    return "" if state in ACTIVE else _ENDINGS[state][1]


def kind(state: str) -> str:
    """Return the termination type of an end."""
    return _ENDINGS[state][2]
