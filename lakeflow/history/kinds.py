"""What kind of failure a termination code stands for: the one place that says so.

https://docs.databricks.com/api/workspace/jobs/getrun, `status.termination_details.code`; the tables have the same.
"""

from collections.abc import Mapping

from lakeflow.history.facts import FailureKind

UNKNOWN = "UNKNOWN"
"""Stands where no code is given."""

_CODES: Mapping[FailureKind, tuple[str, ...]] = {
    FailureKind.CODE: ("RUN_EXECUTION_ERROR",),
    FailureKind.TRANSIENT: ("CLOUD_FAILURE", "CLUSTER_ERROR", "DRIVER_ERROR", "INTERNAL_ERROR"),
    FailureKind.CONFIGURATION: (
        "BREAKING_CHANGE",
        "FEATURE_DISABLED",
        "INVALID_CLUSTER_REQUEST",
        "INVALID_RUN_CONFIGURATION",
        "LIBRARY_INSTALLATION_ERROR",
        "REPOSITORY_CHECKOUT_FAILED",
        "RESOURCE_NOT_FOUND",
    ),
    FailureKind.PERMISSION: ("STORAGE_ACCESS_ERROR", "UNAUTHORIZED_ERROR"),
    FailureKind.CAPACITY: (
        "BUDGET_POLICY_LIMIT_EXCEEDED",
        "CLUSTER_REQUEST_LIMIT_EXCEEDED",
        "MAX_CONCURRENT_RUNS_EXCEEDED",
        "MAX_JOB_QUEUE_SIZE_EXCEEDED",
        "MAX_SPARK_CONTEXTS_EXCEEDED",
        "WORKSPACE_RUN_LIMIT_EXCEEDED",
    ),
}
_KINDS = {code: kind for kind, codes in _CODES.items() for code in codes}


def kind_of(code: str, outcome: str) -> FailureKind:
    """Return the kind of a failure: a timeout by its outcome, whose code is often that of a cancellation."""
    return FailureKind.TIMEOUT if outcome == "TIMED_OUT" else _KINDS.get(code, FailureKind.OTHER)
