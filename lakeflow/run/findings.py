"""Why the tasks of a run did not succeed: their own errors, fetched for what failed, and reasons for what never ran."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from constructs_lib.errors import LakeflowError
from lakeflow.run.connection import UnansweredError
from lakeflow.run.jobs import Jobs, Output
from lakeflow.run.reasons import reason_of
from lakeflow.run.states import Iterations, Run, TaskRun
from lakeflow.run.words import last_lines, one_line

TRACE_LINES = 12
MOST_QUESTIONS = 20
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One task that did not succeed: every attempt, why, and what its own code said."""

    attempts: tuple[TaskRun, ...]
    reason: str | None = None
    error: str | None = None
    trace: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def task(self) -> TaskRun:
        """The last attempt, the one that counts."""
        return self.attempts[-1]


def findings_of(run: Run, jobs: Jobs) -> tuple[Finding, ...]:
    """Return what is to be said of every task that did not succeed; asks the workspace up to 20 questions."""
    asking = _Asking(jobs)
    findings = []
    for attempts in run.tasks().values():
        task = attempts[-1]
        if task.state.failed:
            findings.append(asking.explain(attempts))
        elif task.state.ended and not task.state.succeeded:
            findings.append(Finding(attempts=attempts, reason=reason_of(task, run)))
    return tuple(findings)


class _Asking:
    """Asks the workspace why tasks failed, as long as it answers: the result of the run is known without."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._left = MOST_QUESTIONS

    def explain(self, attempts: tuple[TaskRun, ...]) -> Finding:
        """Return the finding of a task that failed."""
        task = attempts[-1]
        if task.iterations is not None:
            return self._of_iterations(attempts, task.iterations)
        output, notes = self._output(task)
        if task.runs_job and output.started_run_id is not None:
            notes = (*notes, self._other_run(output.started_run_id))
        return _finding(attempts, output, notes)

    def _of_iterations(self, attempts: tuple[TaskRun, ...], known: Iterations) -> Finding:
        seen, notes = self._asked(lambda: self._jobs.run(attempts[-1].run_id))
        iterations = [run for run in seen.attempts if run.run_id != attempts[-1].run_id] if seen else []
        failed = [run for run in iterations if run.state.failed]
        total = known.total or len(iterations)
        summary = f"{known.failed or len(failed)} of {total} iterations failed" if total else "no iteration is known"
        common = tuple(f"{times}x {one_line(message)}" for times, message in known.messages)
        output, unread = self._output(failed[0]) if failed else (Output(), ())
        return _finding(attempts, output, (summary, *common, *notes, *unread))

    def _output(self, task: TaskRun) -> tuple[Output, tuple[str, ...]]:
        if task.state.result == "CANCELED":
            return Output(), ()
        output, notes = self._asked(lambda: self._jobs.output(task.run_id))
        return output or Output(), notes

    def _other_run(self, run_id: int) -> str:
        other, _ = self._asked(lambda: self._jobs.run(run_id))
        told = f"it started run {run_id} of another job"
        if other is None:
            return told
        said = f": {one_line(other.state.message)}" if other.state.message else ""
        return f"{told}, {other.state}{said} {other.url or ''}".rstrip()

    def _asked(self, question: Callable[[], T]) -> tuple[T | None, tuple[str, ...]]:
        """Return the answer, or why there is none; nothing more is asked of a workspace that has not answered."""
        if self._left <= 0:
            return None, ()
        self._left -= 1
        try:
            return question(), ()
        except UnansweredError as error:
            self._left = 0
            return None, (one_line(error.problem),)
        except LakeflowError as error:
            return None, (one_line(error.problem),)


def _finding(attempts: tuple[TaskRun, ...], output: Output, notes: tuple[str, ...]) -> Finding:
    return Finding(
        attempts=attempts,
        error=one_line(output.error) if output.error else None,
        trace=last_lines(output.trace or "", TRACE_LINES),
        notes=notes,
    )
