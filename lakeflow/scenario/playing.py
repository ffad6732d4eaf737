"""One attempt at a run, played: every task when its parents are done, attempt after attempt.

`play` is a `Player`; another one may decide outcomes in another way, and everything that is made of runs stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lakeflow.chance import Chance, hex_of, number_of
from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import NONE, ComputeKind, Job, Scenario
from lakeflow.scenario.outcomes import job_ends, never_runs, result_of
from lakeflow.scenario.plans import Plan
from lakeflow.scenario.runs import SUCCESSES, Stretch, TaskRun


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is to be played: a job, from an instant on, and what is left of earlier attempts."""

    scenario: Scenario
    job_key: str
    job: Job
    plan: Plan
    run_id: int
    number: int
    """0 is the first attempt, others are repairs."""
    at: datetime
    kept: Mapping[str, TaskRun] = field(default_factory=dict)
    """Tasks that do not run again."""


Player = Callable[[Attempt], Stretch]


def play(attempt: Attempt) -> Stretch:
    """Play an attempt to its end, whenever that is."""
    return _Play(attempt).stretch()


class _Play:
    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._job = attempt.job
        self._last: dict[str, TaskRun] = dict(attempt.kept)
        self._runs: list[TaskRun] = []
        self._clusters: dict[str, tuple[str, datetime]] = {}
        """Shared clusters by key: the id, and when it is ready."""

    def stretch(self) -> Stretch:
        parents = {key: [parent.partition("=")[::2] for parent in task.after] for key, task in self._job.tasks.items()}
        waiting = {key for key in self._job.tasks if key not in self._last}
        while waiting:
            # The earliest first: who comes first to a shared cluster waits for it.
            at, key = min(
                (self._ready([parent for parent, _ in parents[key]]), key)
                for key in waiting
                if all(parent in self._last for parent, _ in parents[key])
            )
            waiting.remove(key)
            results = [self._seen(parent, outcome) for parent, outcome in parents[key]]
            never = never_runs(self._job.tasks[key].run_if, results)
            if never:
                self._add(replace(self._task_run(key, 0, at), ended_at=at, result=never, code="SKIPPED"))
            else:
                self._run(key, at)
        waited_for = frozenset(parent for edges in parents.values() for parent, _ in edges)
        result, code, message = job_ends(self._last, waited_for)
        ended = max((run.ended_at for run in self._runs if run.ended_at), default=self._attempt.at)
        return Stretch(
            started_at=self._attempt.at,
            ended_at=ended,
            result=result,
            code=code,
            message=message,
            tasks=tuple(self._runs),
        )

    def _ready(self, parents: list[str]) -> datetime:
        ended = [self._last[parent].ended_at for parent in parents]
        return max([self._attempt.at, *(at for at in ended if at)])

    def _seen(self, parent: str, outcome: str) -> str:
        """Return how a parent counts: a branch that was not taken is excluded."""
        run = self._last[parent]
        return "EXCLUDED" if outcome and run.result == "SUCCESS" and run.outcome != outcome else str(run.result)

    def _run(self, key: str, at: datetime) -> None:
        task, plan = self._job.tasks[key], self._attempt.plan
        for number in range(task.max_retries + 1):
            code = plan.code(key, number)
            setup, cluster_id = self._compute(key, at)
            takes = self._takes(key, number) * (1 if code == "SUCCESS" else plan.fails_at)
            ended = at + setup + timedelta(seconds=round(takes.total_seconds()))
            result = result_of(code)
            if task.timeout and ended - at > task.timeout:
                ended, setup, result, code = at + task.timeout, min(setup, task.timeout), "TIMEDOUT", "CANCELED"
            run = replace(self._task_run(key, number, at), ended_at=ended, result=result, code=code)
            outcome = plan.outcomes.get(key, "true") if task.condition and result == "SUCCESS" else None
            self._add(replace(run, setup=setup, cluster_id=cluster_id, compute=task.compute, outcome=outcome))
            if result != "FAILED":
                return
            at = max(ended, at + task.min_retry_interval)

    def _takes(self, key: str, number: int) -> timedelta:
        task, attempt = self._job.tasks[key], self._attempt
        stream = Chance(attempt.scenario.seed, attempt.job_key, attempt.run_id, attempt.number, key, number)
        spread = self._job.spread if task.spread is None else task.spread
        return stream.lasting(task.takes * attempt.plan.slowness(key), spread)

    def _compute(self, key: str, at: datetime) -> tuple[timedelta, str | None]:
        """Return how long a task waits for what it runs on, and the id of that."""
        used = self._attempt.scenario.compute_of(self._job, key)
        if used is None:
            return NONE, None
        name, compute = used
        if compute.kind is not ComputeKind.JOB_CLUSTER:
            return compute.setup, fixed_id(self._attempt.scenario, name, compute)
        if name not in self._clusters:
            cluster_id = f"{at:%m%d-%H%M%S}-{hex_of(self._attempt.run_id, self._attempt.number, name)}"
            self._clusters[name] = (cluster_id, at + compute.setup)
        cluster_id, ready = self._clusters[name]
        return max(NONE, ready - at), cluster_id

    def _task_run(self, key: str, number: int, at: datetime) -> TaskRun:
        """Return an attempt that has just begun."""
        run_id = number_of(self._attempt.run_id, self._attempt.number, key, number)
        return TaskRun(
            task_key=key, run_id=run_id, attempt=number, started_at=at, ended_at=None, result=None, code=None
        )

    def _add(self, run: TaskRun) -> None:
        self._runs.append(run)
        self._last[run.task_key] = run


def to_repair(stretches: tuple[Stretch, ...]) -> Mapping[str, TaskRun] | None:
    """Return what a repair keeps: the last attempts that succeeded or were excluded; None where nothing is broken."""
    last = {run.task_key: run for stretch in stretches for run in stretch.tasks}
    kept = {key: run for key, run in last.items() if run.result in SUCCESSES or run.result == "EXCLUDED"}
    return kept if len(kept) < len(last) else None
