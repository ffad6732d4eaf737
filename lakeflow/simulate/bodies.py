"""What an attempt does: it runs code, compares, or starts another job.

Conditions: https://docs.databricks.com/aws/en/jobs/tasks/if-else; other jobs:
https://docs.databricks.com/aws/en/jobs/tasks/run-job
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lakeflow.graph.reading import block
from lakeflow.simulate import states
from lakeflow.simulate.conditions import NoComparisonError, compare
from lakeflow.simulate.hosts import AtWork, Playing
from lakeflow.simulate.job import Job
from lakeflow.simulate.outcomes import Cancelled, Disabled, Failed, Outcome, Skipped, Succeeded, TimedOut
from lakeflow.simulate.references import Context, UnresolvedError, as_text
from lakeflow.simulate.runs import Run, TaskRun
from lakeflow.simulate.states import CANCELED, FAILED, SKIPPED, SUCCESS, SUCCESSES
from lakeflow.simulate.world import Rank

_OWN_PARAMETERS = {
    "notebook_task": "base_parameters",
    "sql_task": "parameters",
    "python_wheel_task": "named_parameters",
    "pipeline_task": "parameters",
}
"""Kinds of tasks that receive the job's parameters unasked, and where they say their own."""


class Body:
    """What an attempt does, until it is over."""

    def __init__(self, work: AtWork, context: Context) -> None:
        self.work, self.context = work, context
        self.resolved: Mapping[str, Any] = {}
        self.parameters: Mapping[str, Any] = {}

    @property
    def run(self) -> Run | None:
        """The run that it has started, as it is now."""
        return None

    @property
    def iterations(self) -> tuple[TaskRun, ...]:
        """What it has repeated."""
        return ()

    def begin(self) -> None:
        """Begin; raise UnresolvedError or NoComparisonError where it cannot."""

    def halt(self, state: str, reason: str) -> None:
        """Stop what goes on within it."""


class Code(Body):
    """It runs what the task names, which does what somebody said."""

    def __init__(self, work: AtWork, context: Context, outcome: Outcome) -> None:
        super().__init__(work, context)
        self.outcome = outcome

    def begin(self) -> None:
        """Receive the parameters, and be over in time."""
        task = self.work.task
        if not task.loop:
            self.resolved = self.context.fill(task.body)
        if task.block in _OWN_PARAMETERS:
            given = block(self.resolved, _OWN_PARAMETERS[task.block])
            positional = task.block == "python_wheel_task" and not given
            self.parameters = {} if positional else {**given, **self.context.parameters}
        self._over(None if not isinstance(self.outcome, Skipped) else timedelta())

    def _over(self, otherwise: timedelta | None, result: str | None = None) -> None:
        """Be over after what was said, or what the task takes, once what it runs on has started."""
        setup = self.work.set_up()
        if isinstance(self.outcome, TimedOut):
            return
        takes = self.outcome.duration
        if takes is None:
            takes = self.work.takes() if otherwise is None else otherwise
        self.work.later(setup + takes, Rank.END, lambda: self._end(result))

    def _end(self, result: str | None) -> None:
        match self.outcome:
            case Failed(code=code, message=message):
                known = "" if code == states.code(FAILED) else f" ({code})"
                self.work.end(FAILED, f"failed{known}{f': {message}' if message else ''}", code)
            case Cancelled():
                self.work.end(CANCELED, "canceled by a user")
            case Skipped() | Disabled():
                self.work.end(SKIPPED, f"skipped: {self.work.task.key} found nothing to do")
            case _:
                self.work.end(SUCCESS, outcome=result)


class Condition(Code):
    """It compares, which takes no time."""

    def begin(self) -> None:
        """Compare, unless somebody said what comes of it."""
        self._over(timedelta(), self._result() if isinstance(self.outcome, Succeeded) else None)

    def _result(self) -> str:
        said = self.outcome.result if isinstance(self.outcome, Succeeded) else None
        return str(self._compared() if said is None else said).lower()

    def _compared(self) -> bool:
        body, sides = self.work.task.body, {}
        for side in ("left", "right"):
            text = self.context.text(as_text(body.get(side, "")))
            if text.structured:
                raise NoComparisonError(f"{side} is a list or an object, {text.text}, and is not compared")
            sides[side] = text.text
        self.resolved = {"op": body["op"], **sides}
        return compare(str(body["op"]), sides["left"], sides["right"], self.context.semantics)


class Call(Body):
    """It starts another job, and waits for its run."""

    def __init__(self, work: AtWork, context: Context, job: Job, run_id: str) -> None:
        super().__init__(work, context)
        self._job, self._run_id = job, run_id
        self._playing: Playing | None = None
        self._run: Run | None = None
        self._halted = False

    @property
    def run(self) -> Run | None:
        """The run of the other job, as it is now."""
        return self._playing.as_it_is() if self._playing else self._run

    def begin(self) -> None:
        """Start the job, with the task's parameters over those of this job that it declares."""
        self.resolved = self.context.fill(self.work.task.body)
        pushed: Mapping[str, str] = {}
        if self.context.semantics.child_gets_parameters == "declared":
            pushed = {name: value for name, value in self.context.parameters.items() if name in self._job.parameters}
        self.parameters = {**pushed, **block(self.resolved, "job_parameters")}
        given = {name: as_text(value) for name, value in self.parameters.items()}
        self._playing = self.work.host.call(self.work.task.key, self._run_id, self._job, given, self._returned)

    def halt(self, state: str, reason: str) -> None:
        """Cancel the run of the other job."""
        self._halted = True
        if self._playing:
            self._playing.stop(CANCELED, f"canceled: {self.work.task.key} was stopped")

    def _returned(self, run: Run) -> None:
        self._run, self._playing = run, None
        if self._halted:
            return
        if run.state in SUCCESSES:
            self.work.end(SUCCESS)
        else:
            self.work.end(FAILED, f"failed: the run of {run.job} is {run.state}: {run.reason}")


class Nowhere(Body):
    """It starts a job that does not exist."""

    def begin(self) -> None:
        """Fail."""
        self.resolved = self.context.fill(self.work.task.body)
        raise UnresolvedError(f"job {as_text(self.resolved.get('job_id', ''))} does not exist")
