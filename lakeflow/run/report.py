"""What is said at the end of a run: for people, and as the JSON document that `lakeflow run --help` describes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lakeflow.run.findings import Finding
from lakeflow.run.following import Ended, Followed
from lakeflow.run.states import State, TaskRun
from lakeflow.run.words import one_line
from lakeflow.words import spoken

Line = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A run that was started, how following it ended, and what did not succeed."""

    job: str
    environment: str
    job_id: int
    name: str
    run_id: int
    followed: Followed
    cancel_requested: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 for a success or a run that nobody waits for, 1 for everything else, 130 after Ctrl-C.

        SUCCESS_WITH_FAILURES is 0: Databricks counts it as a success and notifies `on_success`, since every task at the
        end of the graph succeeded. What failed on the way is told all the same.
        """
        if self.followed.ended is Ended.NOT_WAITED:
            return 0
        if self.followed.ended is Ended.INTERRUPTED:
            return 130
        run = self.followed.run
        over = self.followed.ended is Ended.FINISHED and run is not None and run.state.succeeded
        return 0 if over else 1

    @property
    def url(self) -> str | None:
        """The page of the run, once the workspace has told it."""
        return self.followed.run.url if self.followed.run else None


def document(report: Report) -> dict[str, object]:
    """Return the JSON document of a run."""
    run = report.followed.run
    told = {finding.task.task_key: finding for finding in report.findings}
    tasks = run.tasks() if run else {}
    return {
        "job": report.job,
        "environment": report.environment,
        "job_id": report.job_id,
        "name": report.name,
        "run_id": report.run_id,
        "url": report.url,
        "ended": report.followed.ended.value,
        "cancel_requested": report.cancel_requested,
        **_state(run.state if run else State(phase="UNKNOWN")),
        "duration_seconds": _seconds(run.duration if run else None),
        "tasks": [_task(attempts, told.get(key)) for key, attempts in tasks.items()],
    }


def lines(report: Report) -> Iterator[Line]:
    """Say how the run ended, as lines with their style."""
    run = report.followed.run
    after = f" after {spoken(run.duration)}" if run and run.duration is not None else ""
    match report.followed.ended:
        case Ended.NOT_WAITED:
            yield f"{report.job}: run {report.run_id} is started", "bold"
        case Ended.TIMEOUT:
            yield (
                f"{report.job}: the time to wait is over; run {report.run_id} goes on ({_phase(report)})",
                "bold yellow",
            )
        case Ended.UNANSWERED:
            yield f"{report.job}: the workspace has stopped answering; run {report.run_id} goes on", "bold yellow"
        case Ended.INTERRUPTED:
            goes = "is being canceled" if report.cancel_requested else "goes on"
            yield f"{report.job}: interrupted; run {report.run_id} {goes} ({_phase(report)})", "bold yellow"
        case Ended.FINISHED:
            state = run.state if run else State(phase="UNKNOWN")
            style = "green" if state.result == "SUCCESS" else "yellow" if state.succeeded else "red"
            yield f"{report.job}: {state}{after}", f"bold {style}"
            if not state.succeeded:
                yield from ((f"  {line}", "") for line in _details(state))
    yield f"  {report.url or f'run {report.run_id}'}", ""
    for finding in report.findings:
        yield from _finding(finding)
    yield from _next_step(report)


def _finding(finding: Finding) -> Iterator[Line]:
    task = finding.task
    colour = "red" if task.state.failed else "yellow"
    reason = f": {finding.reason}" if finding.reason else ""
    yield f"{task.task_key}: {task.state}{reason}", colour
    if not task.state.failed:
        return
    yield from ((f"  {line}", "") for line in _details(task.state))
    for number, attempt in enumerate(finding.attempts[:-1], start=1):
        told = " ".join(_details(attempt.state))
        yield f"  attempt {number} of {len(finding.attempts)}: {attempt.state} {told}".rstrip(), "dim"
    yield from ((f"  {note}", "") for note in finding.notes)
    if finding.error:
        yield f"  {finding.error}", "bold"
    yield from ((f"    {line}", "dim") for line in finding.trace)
    if task.url:
        yield f"  {task.url}", "dim"


def _next_step(report: Report) -> Iterator[Line]:
    run = report.followed.run
    if report.cancel_requested:
        return
    if report.followed.ended in {Ended.TIMEOUT, Ended.UNANSWERED, Ended.INTERRUPTED}:
        yield f"to cancel it: databricks jobs cancel-run {report.run_id}", ""
    elif run and run.state.result == "MAXIMUM_CONCURRENT_RUNS_REACHED":
        yield "another run of this job is active and its queue is off: wait for that run, or switch the queue on", ""
    elif run and run.state.ended and any(finding.task.state.failed for finding in report.findings):
        command = f"databricks jobs repair-run {report.run_id} --rerun-all-failed-tasks"
        yield f"to run again only what did not succeed: {command}", ""


def _details(state: State) -> Iterator[str]:
    kind = " ".join(word for word in (state.code, f"({state.type})" if state.type else None) if word)
    if kind:
        yield one_line(kind)
    if state.message:
        yield one_line(state.message)


def _phase(report: Report) -> str:
    return str(report.followed.run.state) if report.followed.run else "not seen yet"


def _task(attempts: tuple[TaskRun, ...], finding: Finding | None) -> dict[str, object]:
    task = attempts[-1]
    return {
        "task_key": task.task_key,
        "run_id": task.run_id,
        "url": task.url,
        **_state(task.state),
        "duration_seconds": _seconds(task.duration),
        "attempts": len(attempts),
        "reason": finding.reason if finding else None,
        "error": finding.error if finding else None,
        "trace": list(finding.trace) if finding else [],
        "notes": list(finding.notes) if finding else [],
    }


def _state(state: State) -> dict[str, object]:
    return {
        "phase": state.phase,
        "result": state.result,
        "code": state.code,
        "type": state.type,
        "message": one_line(state.message) if state.message else None,
    }


def _seconds(duration: timedelta | None) -> float | None:
    return duration.total_seconds() if duration is not None else None
