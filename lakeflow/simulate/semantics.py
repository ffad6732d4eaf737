"""What nobody documents about runs, as named switches: what is taken for true unless somebody says otherwise, and why.

A workspace decides in the end; where one shows that a default is wrong, it is changed here and nowhere else.
"""

from dataclasses import dataclass, field, fields
from typing import Any, cast

from constructs_lib.errors import LakeflowError, listed, nearest

_RUN_IF = "https://docs.databricks.com/aws/en/jobs/run-if"
_MONITOR = "https://docs.databricks.com/aws/en/jobs/monitor"
_DISABLED = "https://docs.databricks.com/aws/en/jobs/disabled-tasks"
_IF_ELSE = "https://docs.databricks.com/aws/en/jobs/tasks/if-else"
_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_VALUES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_RUN_JOB = "https://docs.databricks.com/aws/en/jobs/tasks/run-job"
_CONFIGURE = "https://docs.databricks.com/aws/en/jobs/configure-job"
_TASK = "https://docs.databricks.com/aws/en/jobs/configure-task"
_NOTIFY = "https://docs.databricks.com/aws/en/jobs/notifications"
_UPDATES = "https://learn.microsoft.com/azure/databricks/reference/jobs-api-2-2-updates"
_GET_RUN = "https://docs.databricks.com/api/workspace/jobs/getrun"


@dataclass(frozen=True)
class Switch:
    """One thing that is not documented: what can be chosen, what is chosen unless somebody says so, and why."""

    name: str
    default: str | int
    others: tuple[str, ...]
    """What else it can be; empty for a number."""
    why: str
    source: str
    """The page that is nearest to it."""


def _switch(default: str | int, *others: str, why: str, source: str) -> Any:
    return field(default=default, metadata={"others": others, "why": why, "source": source})


@dataclass(frozen=True, kw_only=True)
class Semantics:
    """Every switch; the fields are its names."""

    join_after_excluded: str = _switch(
        "run",
        "exclude",
        why="an excluded parent is documented to be evaluated as successful, so a join of both branches of a condition "
        "runs with ALL_SUCCESS; the text of ALL_SUCCESS itself asks that all have run",
        source=_RUN_IF,
    )
    all_done_after_excluded: str = _switch(
        "exclude",
        "run",
        why="the older page says that a task whose parents are all excluded is excluded whatever its run_if; the newer "
        "one speaks of linear chains only",
        source=_RUN_IF,
    )
    at_least_one_success_of_excluded: str = _switch(
        "unless-failed",
        "always",
        "never",
        why="whether an excluded parent is the one success is not said; beside a failed one it is taken for none",
        source=_RUN_IF,
    )
    canceled_beside_failed: str = _switch(
        "UPSTREAM_FAILED",
        "UPSTREAM_CANCELED",
        why="which of the two a task is called that waits for both is not said; a failure is what people look for",
        source=_GET_RUN,
    )
    canceled_leaf: str = _switch(
        "CANCELED",
        "FAILED",
        why="the result of a job whose last task was canceled is not said; where no other last task failed, the job "
        "was canceled rather than wrong",
        source=_MONITOR,
    )
    timed_out_leaf: str = _switch(
        "FAILED",
        "TIMEDOUT",
        why="a task that timed out is unsuccessful, and TIMEDOUT of a job is said of its own timeout only",
        source=_MONITOR,
    )
    nothing_ran: str = _switch(
        "SUCCESS",
        "SKIPPED",
        why="a disabled last task counts as a success; of a job whose tasks are all disabled nothing is said",
        source=_DISABLED,
    )
    stopped_tasks: str = _switch(
        "CANCELED",
        "TIMEDOUT",
        why="what the tasks are called that the job's timeout stops is not said; they are stopped as by a cancel",
        source=_CONFIGURE,
    )
    waiting_tasks: str = _switch(
        "UPSTREAM_CANCELED",
        "CANCELED",
        why="what the tasks are called that had not started when a run was canceled is not said",
        source=_GET_RUN,
    )
    disabled_at: str = _switch(
        "start",
        "in-order",
        why="which tasks are disabled is known when a run is created, so what comes after one waits for its other "
        "parents only; whether it also waits for what is before the disabled one is not said",
        source=_DISABLED,
    )
    not_a_number: str = _switch(
        "fail",
        "false",
        why="an ordered comparison with what is no number is not described; with a list the condition is said to fail",
        source=_IF_ELSE,
    )
    missing_value: str = _switch(
        "fail",
        "literal",
        why="a task value that was never set is not described; the service answers that it cannot find it",
        source=_VALUES,
    )
    retry_unresolved: str = _switch(
        "no",
        "yes",
        why="whether a task is retried whose references cannot be filled in is not said; it would fail again",
        source=_TASK,
    )
    loop_concurrency: int = _switch(
        1,
        why="without `concurrency` the documentation says one iteration at a time, the provider's says 20; say it in "
        "the job",
        source=_FOR_EACH,
    )
    empty_loop: str = _switch(
        "SUCCESS",
        "SKIPPED",
        why="a loop over an empty list is not described; nothing failed",
        source=_FOR_EACH,
    )
    after_failed_iteration: str = _switch(
        "continue",
        "stop",
        why="that the other iterations go on is not said, but runs count failed and succeeded ones beside each other",
        source=_FOR_EACH,
    )
    loop_retries: str = _switch(
        "no",
        "yes",
        why="retries are those of the task inside a loop, for each iteration; whether the loop itself is retried as a "
        "whole is not said",
        source=_FOR_EACH,
    )
    serverless_retries: int = _switch(
        0,
        why="serverless compute retries by itself as often as it thinks fit unless the task says max_retries; a "
        "failure that one asks for is one that retries do not mend",
        source=_NOTIFY,
    )
    queue: str = _switch(
        "on",
        "off",
        why="a job that does not say it has a queue where version 2.2 of the API created it, and none before",
        source=_UPDATES,
    )
    timeout_counts_queue: str = _switch(
        "no",
        "yes",
        why="whether the time in the queue is part of a job's timeout is not said; the run has not started there",
        source=_CONFIGURE,
    )
    child_gets_parameters: str = _switch(
        "declared",
        "none",
        why="a job's parameters are pushed to the job that a task starts; that it takes those that it declares, and "
        "the task's own before them, is the reading that loses nothing",
        source=_RUN_JOB,
    )
    never_run_notifies: str = _switch(
        "yes",
        "no",
        why="a skipped run counts as a failure unless skipped runs are muted; that this holds for a task whose parent "
        "failed is not said",
        source=_NOTIFY,
    )
    iso_datetime: str = _switch(
        "seconds",
        "milliseconds",
        "Z",
        why="the format of iso_datetime is not shown; compare parts of a time and not its text",
        source=_VALUES,
    )

    def __post_init__(self) -> None:
        for switch in switches():
            value = getattr(self, switch.name)
            if not switch.others:
                if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                    raise LakeflowError(f"{switch.name} is {value!r}", fix="it is a number, 0 or more")
                continue
            known = (str(switch.default), *switch.others)
            if value not in known:
                near = nearest(str(value), known)
                raise LakeflowError(
                    f"{switch.name} is {value!r}", fix=f"did you mean {near!r}?" if near else f"it is {listed(known)}"
                )


def switches() -> tuple[Switch, ...]:
    """Return every switch, in the order of the documentation."""
    return tuple(
        Switch(
            each.name,
            cast("str | int", each.default),
            each.metadata["others"],
            each.metadata["why"],
            each.metadata["source"],
        )
        for each in fields(Semantics)
    )


def table() -> str:
    """Return the switches as the table of docs/simulate.md."""
    lines = ["| switch | default | else | why |", "|---|---|---|---|"]
    for each in switches():
        others = ", ".join(f"`{other}`" for other in each.others) or "a number"
        lines.append(f"| `{each.name}` | `{each.default}` | {others} | {each.why} ([page]({each.source})) |")
    return "\n".join(lines) + "\n"


DEFAULT = Semantics()
