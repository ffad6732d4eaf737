"""Tasks that steer: a branch and a loop.

https://docs.databricks.com/aws/en/jobs/control-flow
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from constructs_lib.compute import Compute
from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.references import Text
from constructs_lib.tasks.base import EnvironmentVariables, Outcome, Retries, Task
from constructs_lib.values import Via, attribute, plain

Operator = Literal["==", "!=", ">", ">=", "<", "<="]

_OPERATORS: dict[str, str] = {
    "==": "EQUAL_TO",
    "!=": "NOT_EQUAL",
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
}


def _operator(name: str) -> str:
    """Return the operator that the API calls so."""
    for operator, known in _OPERATORS.items():
        if known == name:
            return operator
    raise LakeflowError(f"{shortened(name)} is no operator")


def _listed(inputs: Text) -> Text | list[object]:
    """Return the list that a text is the JSON of; the text itself where it is written in another way."""
    try:
        found = json.loads(inputs) if isinstance(inputs, str) else None
    except ValueError:
        found = None
    return found if isinstance(found, list) and json.dumps(found) == inputs else inputs


class ConditionTask(Task, block="condition_task"):
    """Compares two values; tasks depend on `.when_true` or `.when_false`.

    `==` and `!=` compare strings ("12.0" is not "12"), the others numbers.
    https://docs.databricks.com/aws/en/jobs/if-else
    """

    has_outcomes: ClassVar[bool] = True

    left: Text = attribute("left", kw_only=False)
    op: Operator = attribute("op", kw_only=False, via=Via(_OPERATORS.__getitem__, _operator))
    right: Text = attribute("right", kw_only=False)

    @property
    def when_true(self) -> Outcome:
        """The edge to what runs when the comparison holds."""
        return Outcome(self, "true")

    @property
    def when_false(self) -> Outcome:
        """The edge to what runs when the comparison does not hold."""
        return Outcome(self, "false")


class ForEachTask(Task, block="for_each_task"):
    """Runs its inner task once for each element of a list.

    The inner task reads the element with `loop_input()`, or a field of it with `loop_input("path")`; retries, timeout
    and compute are the inner task's. https://docs.databricks.com/aws/en/jobs/for-each
    """

    inputs: Text | Sequence[object] = attribute(
        "inputs",
        kw_only=False,
        via=Via(lambda inputs: json.dumps(plain(inputs)) if isinstance(inputs, tuple) else inputs, _listed),
    )
    """A list of Python values, or a reference to one: `listing.value("documents")`."""
    task: Task = attribute(kw_only=False)
    concurrency: int = attribute("concurrency", default=1)
    """How many iterations run at once, 1 to 100."""

    def check(self) -> None:
        """Refuse an inner task that a loop cannot have."""
        super().check()
        self._check_inputs()
        if self.task.inner():
            raise self.error(
                f"holds {self.task!r}, which is a loop itself",
                fix="let the inner loop be a job of its own and run it with RunJobTask",
            )
        if self.task.depends_on:
            raise self.error(
                f"its inner task {self.task!r} depends on others", fix="give depends_on to the for-each task"
            )
        if not 1 <= self.concurrency <= 100:
            raise self.error(f"concurrency: {self.concurrency} is not between 1 and 100")

    def inner(self) -> tuple[Task, ...]:
        """Return the inner task."""
        return (self.task,)

    def shared(self) -> tuple[EnvironmentVariables, ...]:
        """Return the environment variables of the inner task."""
        return self.task.shared()

    def computes(self, default: Compute | None) -> tuple[Compute, ...]:
        """Return what the inner task runs on."""
        return self.task.computes(default)

    def defaulted(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the body with the inner task; empty webhooks are said, or the provider plans them away for ever."""
        body = self.body()
        inner = {"webhook_notifications": {}, **self.task.with_defaults(compute, retries)}
        if inner.get("new_cluster", {}).get("num_workers") == 0:
            raise self.error(
                f"its inner task {self.task!r} has a single node of its own, whose size the provider does not send",
                fix="share it: Compute.job_cluster(key, spec)",
            )
        body["for_each_task"]["task"] = inner
        return body

    def _check_inputs(self) -> None:
        fix = "write a list of plain values, or a reference to one such as listing.value('documents')"
        if isinstance(self.inputs, str):
            if self.inputs.startswith("{{"):
                return
            try:
                listed = isinstance(json.loads(self.inputs), list)
            except ValueError:
                listed = False
            if not listed:
                raise self.error(f"inputs: {shortened(self.inputs)} is no list", fix=fix)
        elif isinstance(self.inputs, tuple):
            try:
                json.dumps(plain(self.inputs), allow_nan=False)
            except (TypeError, ValueError) as error:
                raise self.error(f"inputs: an element is no JSON value: {error}", fix=fix) from None
