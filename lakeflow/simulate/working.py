"""One task at work: attempt after attempt, the iterations of a loop, the run of another job.

Retries count from start to start: https://docs.databricks.com/aws/en/jobs/configure-task; iterations:
https://docs.databricks.com/aws/en/jobs/tasks/for-each; other jobs: https://docs.databricks.com/aws/en/jobs/tasks/run-job
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from constructs_lib.errors import LakeflowError
from lakeflow.scenario.chance import number_of
from lakeflow.simulate import states
from lakeflow.simulate.conditions import NoComparisonError, compare
from lakeflow.simulate.job import Job, Task
from lakeflow.simulate.outcomes import (
    Cancelled,
    Disabled,
    Does,
    Failed,
    Iterations,
    Outcome,
    Skipped,
    Succeeded,
    TimedOut,
    at_attempt,
)
from lakeflow.simulate.references import Context, UnresolvedError, as_text
from lakeflow.simulate.runs import Attempt, Run, TaskRun
from lakeflow.simulate.states import CANCELED, FAILED, SKIPPED, SUCCESS, SUCCESSES, TIMEDOUT
from lakeflow.simulate.world import Rank, World
from lakeflow.words import spoken

MOST_ATTEMPTS = 1000
_CONFIGURATION = "INVALID_RUN_CONFIGURATION"
_SAME_LENGTH = "Inputs of a For each task repair must resolve to the same total iterations"
_OWN_PARAMETERS = {
    "notebook_task": "base_parameters",
    "sql_task": "parameters",
    "python_wheel_task": "named_parameters",
    "pipeline_task": "parameters",
}
"""Kinds of tasks that receive the job's parameters unasked, and where they say their own."""


class Playing(Protocol):
    """A run that plays."""

    def stop(self, state: str, reason: str) -> None:
        """End everything that goes on; the run has this state."""


class Host(Protocol):
    """The run that a task is part of, as the task sees it."""

    world: World
    job: Job
    run_id: str
    path: tuple[str, ...]

    def context(self, own: Mapping[str, Any], item: "Item | None") -> Context:
        """Return what references can ask for now."""

    def does(self, key: str) -> "Does | Iterations | None":
        """Return what somebody has said that a task does."""

    def takes(self, key: str, *names: object) -> timedelta:
        """Return how long a task takes."""

    def call(
        self, key: str, run_id: str, job: Job, parameters: Mapping[str, str], done: Callable[[Run], None]
    ) -> Playing:
        """Start a run of another job, for an attempt at a task that has this run id."""

    def begun(self, work: "Work", retry: bool) -> None:
        """Take note that an attempt begins."""

    def over(self, work: "Work", attempt: Attempt, retried: bool) -> None:
        """Take note that an attempt is over."""

    def previous(self, key: str) -> TaskRun | None:
        """Return what a repair repeats."""


@dataclass(frozen=True)
class Item:
    """The input of an iteration."""

    index: int
    value: Any


class Work:
    """A task, or one iteration of a loop, from its first attempt to its last."""

    def __init__(
        self,
        host: Host,
        task: Task,
        done: Callable[["Work"], None],
        *,
        loop: "Work | None" = None,
        item: Item | None = None,
    ) -> None:
        self.host, self.task, self.loop, self.item = host, task, loop, item
        self.attempts: list[Attempt] = []
        self.started: timedelta | None = None
        """When the attempt that goes on began; None between attempts."""
        self._done = done
        self._name = (
            *host.path,
            *((loop.task.key,) if loop else ()),
            task.key,
            *((f"{item.index:09}",) if item else ()),
        )
        self.finished = False
        """Whether nothing more will happen."""
        self._epoch = 0
        self._halted = False
        self._context: Context | None = None
        self._resolved: Mapping[str, Any] = {}
        self._parameters: Mapping[str, Any] = {}
        self._outcome = Outcome()
        self._children: list[Work] = []
        self._failed: list[Work] = []
        self._iterations_over = 0
        self._inputs: list[Any] = []
        self._call: Playing | None = None
        self._called: Run | None = None

    @property
    def run(self) -> TaskRun:
        """What has become of it."""
        item = self.item
        return TaskRun(
            key=self.task.key,
            attempts=tuple(self.attempts),
            iteration=item.index if item else None,
            input=item.value if item else None,
        )

    # Attempts

    def start(self) -> None:
        """Begin an attempt."""
        number = len(self.attempts)
        if number >= MOST_ATTEMPTS:
            raise LakeflowError(
                f"task {self.task.key!r} is retried without end", fix="let it fail some times only: Failed(times=3)"
            )
        self._epoch += 1
        self.started = self.host.world.now
        self._children, self._inputs, self._call, self._called = [], [], None, None
        self._failed, self._iterations_over = [], 0
        self._halted = False
        self.host.begun(self, number > 0)
        said = self._said()
        self._outcome = at_attempt(said, number) if said is not None else Succeeded()
        if self.task.timeout is not None:
            self._later(self.task.timeout, Rank.TIMEOUT, self._timed_out)
        try:
            self._fill(number)
            if said is None and self.task.loop:
                self._repeat()
            elif said is None and self.task.is_call and (called := self._job()):
                self._call_job(called)
            else:
                self._simply(self._outcome, number)
        except (UnresolvedError, NoComparisonError) as error:
            problem = f"failed: {error}"
            self._later(timedelta(), Rank.END, lambda: self._end(FAILED, problem, _CONFIGURATION, unresolved=True))

    def stop(self, state: str, reason: str) -> None:
        """End the attempt that goes on, and let no other one follow."""
        if self.finished:
            return
        self._halt(state, reason)
        if self.started is not None:
            self._end(state, reason, last=True)
        else:
            self._finish()

    def _said(self) -> "Does | None":
        """Return what somebody has said that it does; None where it is left to itself."""
        said = self.host.does(self.task.key)
        if self.loop and self.item:
            of_loop = self.host.does(self.loop.task.key)
            said = of_loop if isinstance(of_loop, Iterations) else said
            text = as_text(self.item.value)
            return said.of(self.item.index, text) if isinstance(said, Iterations) else said
        return None if isinstance(said, Iterations) else said

    def _fill(self, number: int) -> None:
        """Fill in the references of what it runs."""
        task = self.task
        self._resolved = self._parameters = {}
        own = {
            "name": task.key,
            "run_id": self._run_id(number),
            "execution_count": str(number + 1 + self._earlier()),
            "notebook_path": str(task.body.get("notebook_path", "")),
        }
        context = self._context = self.host.context(own, self.item)
        if task.loop or task.is_condition:
            return
        self._resolved = context.fill(task.body)
        if task.block in _OWN_PARAMETERS:
            given = self._resolved.get(_OWN_PARAMETERS[task.block]) or {}
            positional = task.block == "python_wheel_task" and not given
            self._parameters = {} if positional else {**given, **context.parameters}

    def _simply(self, outcome: Outcome, number: int) -> None:
        """Do what was said, or what it says itself."""
        if isinstance(outcome, TimedOut):
            return
        takes = outcome.duration
        if takes is None:
            at_once = self.task.is_condition or isinstance(outcome, Skipped)
            takes = timedelta() if at_once else self.host.takes(self.task.key, *self._name, number)
        result = self._compare(outcome) if self.task.is_condition and isinstance(outcome, Succeeded) else None
        self._later(takes, Rank.END, lambda: self._ends(outcome, result))

    def _ends(self, outcome: Outcome, result: bool | None) -> None:
        match outcome:
            case Failed():
                code = "" if outcome.code == states.code(FAILED) else f" ({outcome.code})"
                self._end(FAILED, f"failed{code}{f': {outcome.message}' if outcome.message else ''}", outcome.code)
            case Cancelled():
                self._end(CANCELED, "canceled by a user")
            case Skipped() | Disabled():
                self._end(SKIPPED, f"skipped: {self.task.key} found nothing to do")
            case _:
                self._end(SUCCESS, outcome=None if result is None else str(result).lower())

    def _compare(self, outcome: Succeeded) -> bool:
        if outcome.result is not None:
            return outcome.result
        context, body = self._context, self.task.body
        if context is None:
            raise UnresolvedError("there is nothing to compare")
        sides = {}
        for side in ("left", "right"):
            text = context.text(as_text(body.get(side, "")))
            if text.structured:
                raise NoComparisonError(f"{side} is a list or an object, {text.text}, and is not compared")
            sides[side] = text.text
        self._resolved = {"op": body["op"], **sides}
        return compare(str(body["op"]), sides["left"], sides["right"], context.semantics)

    def _timed_out(self) -> None:
        self._halt(CANCELED, f"canceled: {self.task.key} timed out")
        self._end(TIMEDOUT, f"timed out after {spoken(self.task.timeout or timedelta())}")

    def _halt(self, state: str, reason: str) -> None:
        """Stop what goes on within it."""
        self._epoch += 1
        self._halted = True
        for child in self._children:
            child.stop(state, reason)
        if self._call:
            self._call.stop(CANCELED, f"canceled: {self.task.key} was stopped")

    def _finish(self) -> None:
        self.finished = True
        self._done(self)

    def _end(
        self,
        state: str,
        reason: str = "",
        code: str | None = None,
        *,
        outcome: str | None = None,
        last: bool = False,
        unresolved: bool = False,
    ) -> None:
        """Put the attempt down, and begin another one where there is to be one."""
        if self.started is None:
            return
        self._epoch += 1
        done = self._outcome if not unresolved else Outcome()
        attempt = Attempt(
            task_key=self.task.key,
            number=len(self.attempts),
            state=state,
            started=self.started,
            ended=self.host.world.now,
            reason=reason,
            code=code or states.code(state),
            run_id=self._run_id(len(self.attempts)),
            outcome=outcome,
            values=done.values if state in {SUCCESS, FAILED} else {},
            output=done.output if isinstance(done, Succeeded) else None,
            backlog=done.backlog,
            resolved=self._resolved,
            parameters=self._parameters,
            run=self._called,
            iterations=tuple(child.run for child in self._children if child.attempts),
        )
        again = not last and self._again(state, unresolved=unresolved)
        began, self.started = self.started, None
        self.attempts.append(attempt)
        self.host.over(self, attempt, again)
        if again:
            wait = max(timedelta(), began + self.task.wait - self.host.world.now)
            self._later(wait, Rank.RETRY, self.start)
        else:
            self._finish()

    def _again(self, state: str, *, unresolved: bool) -> bool:
        task, semantics = self.task, self.host.world.setting.semantics
        if task.is_condition or (task.loop and semantics.loop_retries == "no"):
            return False
        if unresolved and semantics.retry_unresolved == "no":
            return False
        if state != FAILED and not (state == TIMEDOUT and task.retry_on_timeout):
            return False
        most = task.max_retries
        if most is None:
            most = semantics.serverless_retries if task.serverless else 0
        return most == -1 or len(self.attempts) < most

    def _later(self, wait: timedelta, rank: Rank, do: Callable[[], None]) -> None:
        """Let something happen, unless this attempt is over by then."""
        epoch = self._epoch
        self.host.world.later(
            self.host.world.now + wait, rank, self._name, lambda: do() if self._epoch == epoch else None
        )

    def _run_id(self, number: int) -> str:
        return str(number_of(self.host.run_id, *self._name, number + self._earlier()))

    def _earlier(self) -> int:
        before = self.host.previous(self.task.key) if self.item is None else None
        return sum(attempt.ran for attempt in before.attempts) if before else 0

    # Loops

    def _repeat(self) -> None:
        """Begin the iterations, as many at once as may."""
        loop, context = self.task.loop, self._context
        if loop is None or context is None:
            return
        text = context.text(loop.inputs).text
        self._inputs = _inputs(text)
        self._resolved = {"inputs": text}
        before = self.host.previous(self.task.key)
        if before and before.iterations and len(before.iterations) != len(self._inputs):
            raise UnresolvedError(_SAME_LENGTH)
        semantics = context.semantics
        if not self._inputs:
            skipped = semantics.empty_loop == SKIPPED
            self._later(
                timedelta(),
                Rank.END,
                lambda: self._end(SKIPPED if skipped else SUCCESS, "skipped: there is no input" if skipped else ""),
            )
            return
        most = loop.concurrency or semantics.loop_concurrency or 1
        for _ in range(min(most, len(self._inputs))):
            self._next()

    def _next(self) -> None:
        loop = self.task.loop
        index = len(self._children)
        if loop is None or index >= len(self._inputs):
            return
        child = Work(self.host, loop.task, self._iterated, loop=self, item=Item(index, self._inputs[index]))
        self._children.append(child)
        child.start()

    def _iterated(self, child: "Work") -> None:
        """Begin the next iteration, or end with the last."""
        if self._halted:
            return
        self._iterations_over += 1
        if child.run.state not in {SUCCESS, SKIPPED}:
            self._failed.append(child)
        stop = bool(self._failed) and self.host.world.setting.semantics.after_failed_iteration == "stop"
        if not stop and len(self._children) < len(self._inputs):
            self._next()
            return
        if self._iterations_over == len(self._children):
            self._later(timedelta(), Rank.END, self._looped)

    def _looped(self) -> None:
        failed = self._failed
        if not failed:
            self._end(SUCCESS)
            return
        first = min(failed, key=lambda child: child.item.index if child.item else 0).run
        self._end(
            FAILED,
            f"failed: {len(failed)} of {len(self._inputs)} iterations did not succeed, "
            f"the first with input {as_text(first.input)}",
        )

    # Other jobs

    def _job(self) -> Job | None:
        return self.host.world.job(as_text(self._resolved.get("job_id", "")))

    def _call_job(self, job: Job) -> None:
        """Start the other job, with the task's parameters over those of this job that it declares."""
        given = self._resolved.get("job_parameters") or {}
        pushed: Mapping[str, str] = {}
        context = self._context
        if context and context.semantics.child_gets_parameters == "declared":
            pushed = {name: value for name, value in context.parameters.items() if name in job.parameters}
        self._parameters = {**pushed, **given}
        epoch = self._epoch
        self._call = self.host.call(
            self.task.key,
            self._run_id(len(self.attempts)),
            job,
            {name: as_text(value) for name, value in self._parameters.items()},
            lambda run: self._returned(run, epoch),
        )

    def _returned(self, run: Run, epoch: int) -> None:
        self._called, self._call = run, None
        if epoch != self._epoch:
            return
        if run.state in SUCCESSES:
            self._end(SUCCESS)
        else:
            self._end(FAILED, f"failed: the run of {run.job} is {run.state}: {run.reason}")


def _inputs(text: str) -> list[Any]:
    """Return the inputs of a loop; raise UnresolvedError where they are no list."""
    try:
        inputs = json.loads(text)
    except ValueError:
        inputs = None
    if not isinstance(inputs, list):
        raise UnresolvedError(f"the inputs are no JSON list: {text[:60] or 'nothing'}")
    return inputs
