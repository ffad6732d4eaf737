"""The report: what is known of the jobs, what the code says of them, and what to make of it, the worst first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from lakeflow.history.facts import Cost, Day, Facts, JobFacts, Outcomes, RunStats, TaskStats
from lakeflow.history.wording import Trend
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.comparison import Verdict
from lakeflow.monitor.critical_path import CriticalPath
from lakeflow.monitor.inventory import Oddity
from lakeflow.stack_map import JobEntry, StackMap
from lakeflow.words import tasks

FAILS_BELOW, WATCHED_BELOW = 0.9, 0.98
"""The shares of runs that succeed, below which a job is failing or to be watched."""
NOT_IN_COST = (
    "List prices, without discounts. Not in them: virtual machines of classic compute on Azure, SQL warehouses, "
    "all-purpose clusters and pipelines."
)


class Standing(StrEnum):
    """How a job does, the worst first."""

    FAILING = "failing"
    """Its last run failed, or fewer than nine in ten finished runs succeed."""
    WATCH = "watch"
    """More than one run in fifty fails, or it became slower, dearer or less reliable by a tenth or more."""
    QUIET = "no runs"
    """Nothing ran in the period."""
    WELL = "well"


@dataclass(frozen=True, kw_only=True)
class TaskReport:
    """A task: its figures, and what the code says of it."""

    stats: TaskStats
    timeout: int | None = None
    """Seconds, as the code has it."""
    retries: int | None = None
    on_path: bool = False
    """Whether the run takes longer when it does."""
    slack: float | None = None
    """Seconds that it could take longer without that."""

    @property
    def key(self) -> str:
        """Its key."""
        return self.stats.task_key

    @property
    def broken(self) -> int:
        """Executions that failed or timed out."""
        return self.stats.outcomes.failed + self.stats.outcomes.timed_out


@dataclass(frozen=True, kw_only=True)
class JobReport:
    """A job: its figures, what the code says of it, and what to change."""

    facts: JobFacts
    entry: JobEntry | None = None
    advice: tuple[Advice, ...] = ()
    path: CriticalPath | None = None
    verdict: Verdict | None = None
    """What its last change did."""

    @property
    def name(self) -> str:
        """Its key in the code, or its name where no code owns it."""
        return self.facts.key or self.facts.name

    @property
    def goal(self) -> str:
        """What the code says it is for."""
        return self.entry.goal if self.entry else ""

    @property
    def source(self) -> str | None:
        """`file:line` of the code that makes it."""
        return self.entry.source if self.entry else None

    @property
    def timeout(self) -> int | None:
        """Seconds after which a run is ended: as the workspace has it, or else the code."""
        if self.facts.deployed.timeout_seconds is not None:
            return self.facts.deployed.timeout_seconds or None
        said = self.entry.settings.get("timeout_seconds") if self.entry else None
        return said if isinstance(said, int) and said > 0 else None

    @cached_property
    def tasks(self) -> tuple[TaskReport, ...]:
        """Its tasks in the order of the code, and then those that the code no longer has."""
        said = {str(task.get("task_key")): task for task in tasks(self.entry.settings)} if self.entry else {}
        order = {key: place for place, key in enumerate(_waiting(said))}
        found = sorted(self.facts.tasks, key=lambda each: (order.get(each.task_key, len(order)), each.task_key))
        return tuple(self._task(each, said.get(each.task_key, {})) for each in found)

    def _task(self, stats: TaskStats, said: Mapping[str, Any]) -> TaskReport:
        path, key = self.path, stats.task_key
        return TaskReport(
            stats=stats,
            timeout=_number(said.get("timeout_seconds")),
            retries=_number(said.get("max_retries")),
            on_path=path is not None and key in path.tasks,
            slack=path.slack.get(key) if path else None,
        )

    @property
    def broken(self) -> int:
        """Runs that failed or timed out."""
        return self.facts.current.outcomes.failed + self.facts.current.outcomes.timed_out

    @cached_property
    def success(self) -> Trend:
        """The share of runs that succeeded."""
        now, before = self.facts.current, self.facts.previous
        return Trend(
            now=now.outcomes.success_rate,
            before=before.outcomes.success_rate if before else None,
            runs=min(now.outcomes.finished, before.outcomes.finished if before else 0),
            more_is_worse=False,
        )

    @cached_property
    def p50(self) -> Trend:
        """How long a run usually takes."""
        return _duration(self.facts.current, self.facts.previous, "p50")

    @cached_property
    def p95(self) -> Trend:
        """How long a slow run takes."""
        return _duration(self.facts.current, self.facts.previous, "p95")

    @cached_property
    def cost_per_run(self) -> Trend:
        """DBUs of a run."""
        now, before = self.facts.cost, self.facts.previous_cost
        return Trend(
            now=now.per_run_mean if now else None,
            before=before.per_run_mean if before else None,
            runs=min(now.runs if now else 0, before.runs if before else 0),
        )

    @cached_property
    def standing(self) -> Standing:
        """How it does."""
        outcomes = self.facts.current.outcomes
        if not outcomes.total:
            return Standing.QUIET
        rate = outcomes.success_rate
        if self.last_failed or (rate is not None and rate < FAILS_BELOW):
            return Standing.FAILING
        worse = any(trend.is_worse for trend in (self.success, self.p50, self.p95, self.cost_per_run))
        return Standing.WATCH if worse or (rate is not None and rate < WATCHED_BELOW) else Standing.WELL

    @property
    def stands_out(self) -> bool:
        """Whether there is more to say of it than a line of a table."""
        return self.standing in {Standing.FAILING, Standing.WATCH} or bool(self.advice)

    @property
    def last_failed(self) -> bool:
        """Whether the last run that ended failed or timed out."""
        return (self.facts.last_outcome or "").lower() in {"failed", "timed_out"}

    @property
    def retries_helped(self) -> int:
        """Executions of tasks that succeeded by another attempt."""
        return sum(task.saved_by_retry for task in self.facts.tasks)

    @property
    def retries_wasted(self) -> int:
        """Attempts that were made again and did not help."""
        return sum(task.wasted_retries for task in self.facts.tasks)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that a report shows of a workspace, in the order in which it is read."""

    facts: Facts
    jobs: tuple[JobReport, ...]
    """The worst first."""
    oddities: tuple[Oddity, ...] = ()
    only: str | None = None
    """The one job that was asked for."""

    @classmethod
    def of(
        cls,
        facts: Facts,
        stack: StackMap | None = None,
        *,
        advice: Iterable[Advice] = (),
        oddities: Iterable[Oddity] = (),
        paths: Mapping[str, CriticalPath] | None = None,
        verdicts: Mapping[str, Verdict] | None = None,
    ) -> "Report":
        """Return the report; `paths` are by the key of a job, `verdicts` by its id."""
        by_job: dict[str, list[Advice]] = {}
        for each in advice:
            by_job.setdefault(each.job, []).append(each)
        found = [
            JobReport(
                facts=job,
                entry=stack.jobs.get(job.key) if stack and job.key else None,
                advice=tuple(by_job.get(job.key or "", ())),
                path=(paths or {}).get(job.key or ""),
                verdict=(verdicts or {}).get(job.job_id),
            )
            for job in facts.jobs
        ]
        return cls(facts=facts, jobs=tuple(sorted(found, key=_worst)), oddities=tuple(oddities))

    def of_job(self, key: str) -> "Report":
        """Return the report of one job, by its key or its id."""
        kept = tuple(job for job in self.jobs if key in {job.facts.key, job.facts.job_id})
        ids = {job.facts.job_id for job in kept}
        about = tuple(each for each in self.oddities if each.job_id in ids or (not each.job_id and each.name == key))
        return replace(self, jobs=kept, oddities=about, only=key)

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What to change, of the worst job first."""
        return tuple(each for job in self.jobs for each in job.advice)

    @cached_property
    def outcomes(self) -> Outcomes:
        """How all runs ended."""
        return total(job.facts.current.outcomes for job in self.jobs)

    @cached_property
    def success(self) -> Trend:
        """The share of all runs that succeeded."""
        before = total(job.facts.previous.outcomes for job in self.jobs if job.facts.previous)
        return Trend(
            now=self.outcomes.success_rate,
            before=before.success_rate,
            runs=min(self.outcomes.finished, before.finished),
            more_is_worse=False,
        )

    @cached_property
    def cost(self) -> Trend:
        """List price of all runs, in the currency of the first; None where no job has one."""
        return Trend(now=_list_cost(job.facts.cost for job in self.jobs), before=self._cost_before)

    @property
    def _cost_before(self) -> float | None:
        return _list_cost(job.facts.previous_cost for job in self.jobs)

    @cached_property
    def dbus(self) -> Trend:
        """DBUs of all runs."""
        return Trend(
            now=_dbus(job.facts.cost for job in self.jobs), before=_dbus(job.facts.previous_cost for job in self.jobs)
        )

    @property
    def currency(self) -> str:
        """The currency of prices."""
        return next((job.facts.cost.currency for job in self.jobs if job.facts.cost), "USD")

    def count(self, standing: Standing) -> int:
        """Return how many jobs do so."""
        return sum(job.standing is standing for job in self.jobs)

    @cached_property
    def calendar(self) -> tuple[date, ...]:
        """The days of both periods, the earliest first."""
        last = self.facts.known_until.date()
        return tuple(last - timedelta(days=ago) for ago in range(2 * self.facts.days, -1, -1))

    @property
    def this_period(self) -> tuple[date, ...]:
        """The days of the current period; the first is partly of the one before."""
        return self.calendar[-self.facts.days - 1 :]

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """All jobs together, by day."""
        found: dict[date, list[Outcomes]] = {}
        for job in self.jobs:
            for day in job.facts.days:
                found.setdefault(day.day, []).append(day.outcomes)
        return tuple(Day(day=day, outcomes=total(found[day])) for day in sorted(found))


def total(outcomes: Iterable[Outcomes]) -> Outcomes:
    """Return outcomes together."""
    found = list(outcomes)
    return Outcomes(
        succeeded=sum(each.succeeded for each in found),
        failed=sum(each.failed for each in found),
        timed_out=sum(each.timed_out for each in found),
        cancelled=sum(each.cancelled for each in found),
        skipped=sum(each.skipped for each in found),
        running=sum(each.running for each in found),
    )


def _worst(job: JobReport) -> tuple[int, float, int, str]:
    standings = tuple(Standing)
    rate = job.facts.current.outcomes.success_rate
    return standings.index(job.standing), 1.0 if rate is None else rate, -job.broken, job.name


def _duration(now: RunStats, before: RunStats | None, name: str) -> Trend:
    one, other = now.durations, before.durations if before else None
    return Trend(
        now=getattr(one, name) if one else None,
        before=getattr(other, name) if other else None,
        runs=min(one.n if one else 0, other.n if other else 0),
    )


def _list_cost(costs: Iterable[Cost | None]) -> float | None:
    found = [cost.list_cost for cost in costs if cost and cost.list_cost is not None]
    return sum(found) if found else None


def _dbus(costs: Iterable[Cost | None]) -> float | None:
    found = [cost.dbus for cost in costs if cost]
    return sum(found) if found else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _waiting(said: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """Return the keys of tasks, each after those that it waits for."""
    found: dict[str, None] = {}
    while len(found) < len(said):
        ready = [
            key
            for key, task in said.items()
            if key not in found
            and all(
                waited in found or waited not in said
                for waited in (str(each.get("task_key")) for each in task.get("depends_on") or ())
            )
        ]
        if not ready:  # a cycle: Databricks refuses it, a report only shows it
            return [*found, *(key for key in said if key not in found)]
        found.update(dict.fromkeys(ready))
    return list(found)
