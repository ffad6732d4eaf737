"""What a for-each task does: the same task for each input, so many at once.

https://docs.databricks.com/aws/en/jobs/tasks/for-each
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from lakeflow.simulate.bodies import Body
from lakeflow.simulate.hosts import AtWork, Item
from lakeflow.simulate.job import Loop
from lakeflow.simulate.references import Context, UnresolvedError, as_text
from lakeflow.simulate.runs import TaskRun
from lakeflow.simulate.states import FAILED, SKIPPED, SUCCESS
from lakeflow.simulate.world import Rank

_SAME_LENGTH = "Inputs of a For each task repair must resolve to the same total iterations"


class Iteration(Protocol):
    """One iteration at work."""

    @property
    def run(self) -> TaskRun:
        """What has become of it."""

    def as_it_is(self) -> TaskRun:
        """Return what has become of it until now."""

    def start(self) -> None:
        """Begin."""

    def stop(self, state: str, reason: str) -> None:
        """End what goes on."""


Make = Callable[[Item, Callable[[Any], None]], Iteration]
"""How an iteration is made of its input, and of who is told when it has ended."""


class Repeating(Body):
    """It repeats a task."""

    def __init__(self, work: AtWork, context: Context, loop: Loop, make: Make) -> None:
        super().__init__(work, context)
        self._loop, self._make = loop, make
        self._inputs: list[Any] = []
        self._begun: list[Iteration] = []
        self._over = 0
        self._failed: list[TaskRun] = []
        self._halted = False

    @property
    def iterations(self) -> tuple[TaskRun, ...]:
        """The iterations that have begun, in the order of the inputs."""
        return tuple(iteration.as_it_is() for iteration in self._begun)

    def begin(self) -> None:
        """Begin the first iterations."""
        text = self.context.text(self._loop.inputs).text
        self.resolved = {"inputs": text}
        self._inputs = _inputs(text)
        before = self.work.host.previous(self.work.task.key)
        if before and before.iterations and len(before.iterations) != len(self._inputs):
            raise UnresolvedError(_SAME_LENGTH)
        if not self._inputs:
            self.work.later(timedelta(), Rank.END, self._nothing)
        most = self._loop.concurrency or self.context.semantics.loop_concurrency or 1
        for _ in range(min(most, len(self._inputs))):
            self._next()

    def halt(self, state: str, reason: str) -> None:
        """Stop the iterations that go on; no other one begins."""
        self._halted = True
        for iteration in self._begun:
            iteration.stop(state, reason)

    def _next(self) -> None:
        index = len(self._begun)
        iteration = self._make(Item(index, self._inputs[index]), self._ended)
        self._begun.append(iteration)
        iteration.start()

    def _ended(self, iteration: Iteration) -> None:
        """Begin the next iteration, or end with the last."""
        if self._halted:
            return
        self._over += 1
        if iteration.run.state not in {SUCCESS, SKIPPED}:
            self._failed.append(iteration.run)
        stops = self._failed and self.context.semantics.after_failed_iteration == "stop"
        if len(self._begun) < len(self._inputs) and not stops:
            self._next()
        elif self._over == len(self._begun):
            self.work.later(timedelta(), Rank.END, self._end)

    def _nothing(self) -> None:
        if self.context.semantics.empty_loop == SKIPPED:
            self.work.end(SKIPPED, "skipped: there is no input")
        else:
            self.work.end(SUCCESS)

    def _end(self) -> None:
        if not self._failed:
            self.work.end(SUCCESS)
            return
        first = min(self._failed, key=lambda run: run.iteration or 0)
        counted = f"{len(self._failed)} of {len(self._inputs)} iterations did not succeed"
        self.work.end(FAILED, f"failed: {counted}, the first with input {as_text(first.input)}")


def _inputs(text: str) -> list[Any]:
    """Return the inputs of a loop; raise UnresolvedError where they are no list."""
    try:
        inputs = json.loads(text)
    except ValueError:
        inputs = None
    if not isinstance(inputs, list):
        raise UnresolvedError(f"the inputs are no JSON list: {text[:60] or 'nothing'}")
    return inputs
