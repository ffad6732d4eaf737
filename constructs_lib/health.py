"""Health rules: what is worth a warning while a run goes on.

https://docs.databricks.com/aws/en/jobs/notifications#configure-thresholds
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from constructs_lib.errors import LakeflowError, caller, shortened
from constructs_lib.values import MINUTES, SECONDS, Value, attribute

Metric = Literal[
    "RUN_DURATION_SECONDS",
    "STREAMING_BACKLOG_BYTES",
    "STREAMING_BACKLOG_RECORDS",
    "STREAMING_BACKLOG_SECONDS",
    "STREAMING_BACKLOG_FILES",
]


class HealthRule(Value):
    """A threshold for a metric of a run; `HealthRule.` names the choices.

    Streaming metrics are averages over ten minutes. Who is told says `Notifications(on_duration_warning=…,
    on_streaming_backlog=…)`: without recipients a rule only marks the run.
    """

    metric: Metric = attribute("metric", kw_only=False)
    threshold: int = attribute("value", kw_only=False)
    op: Literal["GREATER_THAN"] = attribute("op", default="GREATER_THAN")

    def check(self) -> None:
        """Refuse a threshold that every run passes at once."""
        if self.threshold <= 0:
            raise self.error(f"threshold: {self.threshold} is passed at once", fix="write a number above 0")

    @staticmethod
    def runs_longer_than(duration: timedelta) -> "HealthRule":
        """Return a rule for runs (or, on a task, attempts) that take longer than `duration`; whole seconds."""
        return HealthRule("RUN_DURATION_SECONDS", _seconds(duration))

    @staticmethod
    def backlog_older_than(duration: timedelta) -> "HealthRule":
        """Return a rule for streams whose oldest unread data is older than `duration`; at least a minute."""
        seconds = _seconds(duration)
        if duration < MINUTES:
            raise LakeflowError(f"a backlog of {duration} is below a minute", place=caller(), fix="write a longer one")
        return HealthRule("STREAMING_BACKLOG_SECONDS", seconds)

    @staticmethod
    def backlog_records_over(records: int) -> "HealthRule":
        """Return a rule for streams with more than `records` unread records."""
        return HealthRule("STREAMING_BACKLOG_RECORDS", records)

    @staticmethod
    def backlog_bytes_over(count: int) -> "HealthRule":
        """Return a rule for streams with more than `count` unread bytes."""
        return HealthRule("STREAMING_BACKLOG_BYTES", count)

    @staticmethod
    def backlog_files_over(files: int) -> "HealthRule":
        """Return a rule for streams with more than `files` unread files."""
        return HealthRule("STREAMING_BACKLOG_FILES", files)


def in_order(rules: Sequence[HealthRule]) -> list[HealthRule]:
    """Return rules in one order, whichever they were said in: Databricks keeps it, and a plan would show another."""
    return sorted(rules, key=lambda rule: (rule.metric, rule.threshold))


def _seconds(duration: timedelta) -> int:
    if not isinstance(duration, timedelta):
        raise LakeflowError(
            f"expected a timedelta such as timedelta(minutes=30), got {shortened(duration)}", place=caller()
        )
    if duration % SECONDS:
        raise LakeflowError(f"{duration} is not a whole number of seconds", place=caller())
    return duration // SECONDS
