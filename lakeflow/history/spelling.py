"""How the Jobs API and the system tables spell the same thing: said once, for everybody who turns one into the other.

https://docs.databricks.com/api/workspace/jobs/getrun and
https://docs.databricks.com/aws/en/admin/system-tables/jobs#result-states
"""

_STATES = {
    "SUCCESS": "SUCCEEDED",
    "SUCCESS_WITH_FAILURES": "SUCCEEDED",
    "CANCELED": "CANCELLED",
    "TIMEDOUT": "TIMED_OUT",
    "UPSTREAM_FAILED": "BLOCKED",
    "UPSTREAM_CANCELED": "BLOCKED",
    "EXCLUDED": "SKIPPED",
    "DISABLED": "SKIPPED",
    "MAXIMUM_CONCURRENT_RUNS_REACHED": "SKIPPED",
}
_TRIGGERS = {
    "ONE_TIME": "ONETIME",
    "RETRY": "ONETIME_RETRY",
    "CONTINUOUS_RESTART": "CONTINUOUS",
}


def table_state(result: str) -> str:
    """Return a result of the API as `result_state` says it; a new one stays as it is."""
    return _STATES.get(result, result)


def table_code(code: str) -> str:
    """Return a termination code of the API as `termination_code` says it."""
    return "CANCELLED" if code == "CANCELED" else code


def table_trigger(trigger: str, *, scheduled: bool) -> str:
    """Return a trigger of the API as `trigger_type` says it: the API has one word for schedules and periods."""
    return "CRON" if trigger == "PERIODIC" and scheduled else _TRIGGERS.get(trigger, trigger)
