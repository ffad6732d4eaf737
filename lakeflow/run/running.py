"""One run, from the map of the stack to the report."""

import argparse
import json
import sys
import time
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from rich.console import Console
from rich.text import Text

from constructs_lib.errors import LakeflowError
from lakeflow.run.connection import connect
from lakeflow.run.findings import findings_of
from lakeflow.run.following import Ended, Followed, Patience, follow
from lakeflow.run.jobs import Jobs, the_one
from lakeflow.run.progress import progress_on
from lakeflow.run.report import Report, document, lines
from lakeflow.run.selection import deployed_name, parameters, tasks
from lakeflow.run.words import duration_of, plain
from lakeflow.stack_map import JobEntry, StackMap

LONGEST_TOKEN = 64  # of run-now


@dataclass(frozen=True)
class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be run, checked."""

    stack: StackMap
    job: JobEntry
    parameters: dict[str, str]
    only: list[str]
    patience: Patience
    token: str


def run_job(arguments: argparse.Namespace) -> int:
    """Start a run, follow it, report, and return the exit status; raise LakeflowError where nothing can be started."""
    screen = Console(stderr=arguments.format == "json")
    order = _order(arguments)
    jobs = Jobs(connect(order.stack.host, order.stack.stack))
    report = _carried_out(order, arguments, jobs, screen)
    if report.followed.run and report.followed.ended in {Ended.FINISHED, Ended.TIMEOUT}:
        report = replace(report, findings=findings_of(report.followed.run, jobs))
    if arguments.format == "json":
        sys.stdout.write(json.dumps(document(report), indent=2) + "\n")
    else:
        for line, style in lines(report):
            screen.print(Text(plain(line), style), soft_wrap=True)
    return report.status


def _order(arguments: argparse.Namespace) -> Order:
    stack = StackMap.read(arguments.env, arguments.folder)
    job = stack.job(arguments.job)
    token = arguments.idempotency_token if arguments.idempotency_token is not None else uuid.uuid4().hex
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise LakeflowError(
            f"{len(token)} characters are not possible", place="--idempotency-token", fix=f"give 1 to {LONGEST_TOKEN}"
        )
    return Order(
        stack=stack,
        job=job,
        parameters=parameters(arguments.param, job),
        only=tasks(arguments.only, job),
        patience=Patience(
            interval=duration_of(arguments.interval, place="--interval") if arguments.interval else None,
            timeout=duration_of(arguments.timeout, place="--timeout") if arguments.timeout else None,
        ),
        token=token,
    )


def _carried_out(order: Order, arguments: argparse.Namespace, jobs: Jobs, screen: Console) -> Report:
    name, stack = deployed_name(order.job), order.stack.stack
    job_id = the_one(jobs.deployed(name), name, stack=stack, wanted=arguments.job_id)
    clock = SystemClock()
    try:
        run_id = jobs.start(job_id, token=order.token, parameters=order.parameters, only=order.only, pause=clock.pause)
    except KeyboardInterrupt:
        told = f"if the run was started, the same command with --idempotency-token {order.token} follows it"
        screen.print(Text(told, "yellow"), soft_wrap=True)
        raise
    followed = _once(jobs, run_id) if arguments.no_wait else _to_the_end(order, jobs, run_id, clock, screen)
    interrupted = followed.ended is Ended.INTERRUPTED
    return Report(
        job=order.job.key,
        environment=order.stack.environment,
        job_id=job_id,
        name=name,
        run_id=run_id,
        followed=followed,
        cancel_requested=arguments.cancel_on_interrupt and interrupted and _canceled(jobs, run_id, screen),
    )


def _to_the_end(order: Order, jobs: Jobs, run_id: int, clock: SystemClock, screen: Console) -> Followed:
    begun = clock.now()
    with progress_on(screen, lambda: timedelta(seconds=clock.now() - begun)) as progress:
        try:
            return follow(lambda: jobs.run(run_id), progress, patience=order.patience, clock=clock)
        except LakeflowError as error:
            raise LakeflowError(f"{error.problem}; run {run_id} goes on", fix=error.fix) from error


def _once(jobs: Jobs, run_id: int) -> Followed:
    """Look once, for the page of the run: that it was started is known without."""
    try:
        return Followed(ended=Ended.NOT_WAITED, run=jobs.run(run_id))
    except LakeflowError:
        return Followed(ended=Ended.NOT_WAITED, run=None)


def _canceled(jobs: Jobs, run_id: int, screen: Console) -> bool:
    try:
        jobs.cancel(run_id)
    except LakeflowError as error:
        screen.print(Text(str(error), "red"), soft_wrap=True)
        return False
    return True
