"""The history of a team's jobs, as a document of facts: ninety days, the same for the same seed.

It is simulated run by run and then counted, so that its numbers agree with each other as real ones do. It has what a
history has: failures that pass and failures that do not, slow weeks, retries that help, a repaired run, a timeout, a
cost that jumps, a job that never runs and one that no code owns.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

from lakeflow.history.facts import (
    Change,
    Cost,
    Day,
    Deployed,
    Durations,
    Facts,
    Failure,
    FailureKind,
    JobFacts,
    Outcomes,
    RunStats,
    TaskDay,
    TaskStats,
    Usage,
)
from lakeflow.stack_map import JobEntry, StackMap

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOST = "https://adb-3333333333333333.3.azuredatabricks.net"
DBU_PRICE = 0.30
KINDS = {
    "RUN_EXECUTION_ERROR": FailureKind.CODE,
    "CLUSTER_ERROR": FailureKind.TRANSIENT,
    "CLOUD_FAILURE": FailureKind.TRANSIENT,
    "DRIVER_ERROR": FailureKind.TRANSIENT,
    "UNAUTHORIZED_ERROR": FailureKind.PERMISSION,
    "MAX_CONCURRENT_RUNS_EXCEEDED": FailureKind.CAPACITY,
    "RUN_TIMED_OUT": FailureKind.TIMEOUT,
}


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """A task as it behaves."""

    key: str
    seconds: float
    after: tuple[str, ...] = ()
    fails: float = 0.0
    code: str = "RUN_EXECUTION_ERROR"
    retries: int = 0
    recovers: float = 0.0
    """How likely another attempt succeeds."""
    timeout: int | None = None
    kind: str = "notebook_task"


@dataclass(frozen=True, kw_only=True)
class JobPlan:
    """A job as it behaves; `pace` says how much slower it is on a day, counted from the first."""

    key: str | None
    name: str
    number: int
    goal: str = ""
    owner: str = "data-engineering"
    source: str | None = None
    starts: Callable[[date, Random], Iterable[datetime]]
    tasks: tuple[TaskPlan, ...]
    timeout: int | None = None
    quartz: str | None = None
    trigger: str = "CRON"
    setup: float = 0.0
    queue: float = 0.0
    dbus_an_hour: Callable[[int], float] = lambda _: 8.0
    pace: Callable[[int, str], float] = lambda _, __: 1.0
    skipped: float = 0.0
    changed: timedelta | None = None
    usage: Usage | None = None


@dataclass
class Execution:
    """A task in a run."""

    key: str
    seconds: float = 0.0
    failed_attempts: list[str] = field(default_factory=list)
    succeeded: bool = False
    started: bool = True


@dataclass
class PastRun:
    """A run that was."""

    number: int
    started: datetime
    seconds: float
    queue: float
    setup: float
    state: str
    code: str = "SUCCESS"
    repaired: bool = False
    dbus: float = 0.0
    executions: list[Execution] = field(default_factory=list)

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.started + timedelta(seconds=self.seconds)

    @property
    def clean(self) -> bool:
        """Whether it succeeded at the first attempt."""
        return (
            self.state == "succeeded"
            and not self.repaired
            and not any(each.failed_attempts for each in self.executions)
        )


def daily(hour: int, minute: int, weekdays: Sequence[int] = range(7)) -> Callable[[date, Random], Iterable[datetime]]:
    """Return starts at one time of the day."""

    def starts(day: date, _: Random) -> Iterable[datetime]:
        if day.weekday() in weekdays:
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)

    return starts


def busy(least: int, most: int) -> Callable[[date, Random], Iterable[datetime]]:
    """Return starts over the working day, fewer at the weekend."""

    def starts(day: date, chance: Random) -> Iterable[datetime]:
        count = chance.randint(least, most) if day.weekday() < 5 else chance.randint(0, least)
        for _ in range(count):
            yield datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=chance.randint(390, 1170))

    return starts


def never(_: date, __: Random) -> Iterable[datetime]:
    """Return no start."""
    return ()


def _slow_weeks(day: int, task: str) -> float:
    """Return what the sales suffer from: a slow fortnight in the middle, and training that grows all the time."""
    slow = 1.35 if 48 <= day < 60 else 1.0
    return slow * (1 + day / 150) if task == "train" else slow


TEAM = (
    JobPlan(
        key="daily-sales",
        name="daily-sales",
        number=410001,
        goal="Yesterday's sales on the dashboard before 07:00",
        source="stacks/daily_sales.py:91",
        starts=daily(4, 30),
        quartz="0 30 5 * * ?",
        timeout=3600,
        setup=260,
        tasks=(
            TaskPlan(key="ingest", seconds=340, fails=0.13, code="CLUSTER_ERROR", retries=2, recovers=0.9),
            TaskPlan(key="transform", seconds=620, after=("ingest",), fails=0.02, kind="pipeline_task"),
            TaskPlan(key="enough-rows", seconds=2, after=("transform",), kind="condition_task"),
            TaskPlan(key="train", seconds=840, after=("enough-rows",), fails=0.02, retries=1, timeout=1800),
            TaskPlan(key="report", seconds=95, after=("train",), kind="sql_task"),
            TaskPlan(key="publish", seconds=60, after=("report",)),
        ),
        dbus_an_hour=lambda day: 14.0 if day < 66 else 26.0,
        pace=_slow_weeks,
        changed=timedelta(days=24, hours=3),
        usage=Usage(
            runs=42,
            node_type="Standard_E8ds_v5",
            most_workers=12,
            cpu_mean=21.0,
            cpu_p95=38.0,
            io_wait_mean=2.1,
            memory_max=44.0,
            swap_max=0.0,
        ),
    ),
    JobPlan(
        key="document-intake",
        name="document-intake",
        number=410002,
        goal="Every document that arrives is a row within the hour.",
        source="stacks/document_intake.py:74",
        starts=busy(4, 11),
        trigger="FILE_ARRIVAL",
        timeout=3600,
        queue=14,
        tasks=(
            TaskPlan(key="list", seconds=30),
            TaskPlan(key="any-new", seconds=1, after=("list",), kind="condition_task"),
            TaskPlan(key="parse-all", seconds=170, after=("any-new",), fails=0.05, retries=2, recovers=0.0),
            TaskPlan(key="quarantine", seconds=25, after=("parse-all",)),
            TaskPlan(key="summarise", seconds=60, after=("parse-all",), kind="sql_task"),
        ),
        dbus_an_hour=lambda _: 5.0,
        skipped=0.015,
    ),
    JobPlan(
        key="customer-360",
        name="customer-360",
        number=410003,
        goal="One row for each customer, with what every system knows of them",
        owner="crm-data",
        source="stacks/customer_360.py:58",
        starts=daily(1, 0),
        quartz="0 0 2 * * ?",
        timeout=14400,
        setup=310,
        tasks=(
            TaskPlan(key="accounts", seconds=900, fails=0.01),
            TaskPlan(key="contacts", seconds=640),
            TaskPlan(key="web-events", seconds=2700),
            TaskPlan(key="match", seconds=1500, after=("accounts", "contacts", "web-events")),
            TaskPlan(key="serve", seconds=240, after=("match",)),
        ),
        dbus_an_hour=lambda _: 22.0,
        pace=lambda day, task: 1.0 if task != "web-events" or day < 66 else 0.62,
        changed=timedelta(days=23, hours=20),
    ),
    JobPlan(
        key="finance-close",
        name="finance-close",
        number=410004,
        goal="The books of the day before 06:00, for the controllers",
        owner="finance-data",
        source="stacks/finance_close.py:41",
        starts=daily(3, 0, range(5)),
        quartz="0 0 4 ? * MON-FRI",
        timeout=7200,
        setup=240,
        tasks=(
            TaskPlan(key="ledger", seconds=420, fails=0.015, code="UNAUTHORIZED_ERROR"),
            TaskPlan(key="rates", seconds=45),
            TaskPlan(key="balances", seconds=380, after=("ledger", "rates")),
            TaskPlan(key="checks", seconds=130, after=("balances",), fails=0.03),
        ),
        dbus_an_hour=lambda _: 6.0,
    ),
    JobPlan(
        key="marketing-sync",
        name="marketing-sync",
        number=410005,
        goal="Audiences in the advertising accounts, every two hours",
        owner="crm-data",
        source="stacks/marketing_sync.py:37",
        starts=lambda day, _: (
            datetime(day.year, day.month, day.day, hour, 15, tzinfo=UTC) for hour in range(5, 21, 2)
        ),
        quartz="0 15 6/2 * * ?",
        setup=205,
        tasks=(
            TaskPlan(key="audiences", seconds=130),
            TaskPlan(key="push", seconds=75, after=("audiences",), fails=0.02, retries=3, recovers=0.75),
        ),
        dbus_an_hour=lambda _: 4.0,
    ),
    JobPlan(
        key=None,
        name="[jm] backfill orders (copy)",
        number=398877,
        starts=daily(22, 10, (0, 3)),
        quartz="0 10 23 ? * MON,THU",
        tasks=(TaskPlan(key="backfill", seconds=5200, fails=0.18),),
        dbus_an_hour=lambda _: 17.0,
    ),
    JobPlan(
        key=None,
        name="Customer export (do not use)",
        number=120044,
        starts=never,
        quartz="0 0 3 * * ?",
        tasks=(TaskPlan(key="export", seconds=100),),
    ),
)


SAMPLES = tuple(plan for plan in TEAM if plan.key in {"daily-sales", "document-intake"} or plan.number == 398877)
"""Those of the team's jobs that the sample project has too, and one that no code owns."""


def team(
    *,
    days: int = 45,
    seed: int = 7,
    now: datetime = NOW,
    jobs: Sequence[JobPlan] = TEAM,
    undeployed: tuple[str, ...] = ("churn-scores",),
) -> Facts:
    """Return what is known of the team's jobs; a period has `days` days, and there are two of them."""
    known = now - timedelta(hours=2)
    return Facts(
        source="system-tables",
        environment="prod",
        host=HOST,
        workspace_id="3333333333333333",
        asked_at=now,
        known_until=known,
        days=days,
        jobs=tuple(_facts(plan, days, known, Random(f"{seed} {plan.name}")) for plan in jobs),
        undeployed=undeployed,
        not_known=("Notifications of the jobs: system tables do not have them.",),
    )


@cache
def of_samples() -> Facts:
    """Return what is known of the sample project's jobs, as the pages of the documentation have it."""
    return team(days=28, jobs=SAMPLES, undeployed=("live-orders",))


def stack(jobs: Sequence[JobPlan] = TEAM) -> StackMap:
    """Return the map of the team's stack."""
    entries = {plan.key: _entry(plan) for plan in jobs if plan.key}
    gone = replace(
        next(iter(entries.values())),
        key="churn-scores",
        name="churn-scores",
        address="databricks_job.churn_scores",
        source="stacks/churn_scores.py:29",
    )
    return StackMap(
        stack="prod",
        order=2,
        environment="prod",
        host=HOST,
        sources="sha256:0",
        variables=(),
        jobs={**entries, "churn-scores": gone},
    )


def _entry(plan: JobPlan) -> JobEntry:
    tasks = [
        {
            "task_key": task.key,
            task.kind: {},
            **({"max_retries": task.retries} if task.retries else {}),
            **({"timeout_seconds": task.timeout} if task.timeout else {}),
            **({"depends_on": [{"task_key": key} for key in task.after]} if task.after else {}),
            **({"job_cluster_key": "etl"} if plan.setup and task.kind == "notebook_task" else {}),
        }
        for task in plan.tasks
    ]
    schedule = {"quartz_cron_expression": plan.quartz, "timezone_id": "Europe/Berlin", "pause_status": "UNPAUSED"}
    arrival = {"file_arrival": {"url": "/Volumes/sales_prod/document_intake/landing/"}, "pause_status": "UNPAUSED"}
    cluster = {"node_type_id": "Standard_E8ds_v5", "autoscale": {"min_workers": 1, "max_workers": 12}}
    return JobEntry(
        key=str(plan.key),
        address=f"databricks_job.{str(plan.key).replace('-', '_')}",
        path=f"prod/{plan.key}/job",
        name=plan.name,
        goal=plan.goal,
        owner=plan.owner,
        source=plan.source,
        settings={
            "name": plan.name,
            "task": tasks,
            **({"timeout_seconds": plan.timeout} if plan.timeout else {}),
            **({"schedule": schedule} if plan.quartz else {"trigger": arrival}),
            **({"job_cluster": [{"job_cluster_key": "etl", "new_cluster": cluster}]} if plan.setup else {}),
        },
        known={},
        accepted={},
        findings=(),
    )


# Simulated


def _facts(plan: JobPlan, days: int, until: datetime, chance: Random) -> JobFacts:
    runs = _runs(plan, until - timedelta(days=2 * days), until, chance)
    middle = until - timedelta(days=days)
    now, before = [run for run in runs if run.ended > middle], [run for run in runs if run.ended <= middle]
    changed = until - plan.changed if plan.changed else None
    last = runs[-1] if runs else None
    return JobFacts(
        job_id=str(plan.number),
        name=plan.name,
        key=plan.key,
        address=f"databricks_job.{plan.key.replace('-', '_')}" if plan.key else None,
        deployed=Deployed(
            created_at=datetime(2026, 2, 3, 9, 0, tzinfo=UTC),
            changed_at=changed or datetime(2026, 6, 2, 9, 0, tzinfo=UTC),
            creator="deploy" if plan.key else "jana.meyer@example.com",
            run_as="c3e85b09-d4a1-4672-8f1b-96d07a2ce58f" if plan.key else "jana.meyer@example.com",
            trigger_type=plan.trigger,
            paused=False,
            quartz=plan.quartz,
            timezone="Europe/Berlin" if plan.quartz else None,
            timeout_seconds=plan.timeout,
            max_concurrent_runs=1,
            managed=False,
        ),
        current=_stats(now, middle, until),
        previous=_stats(before, until - timedelta(days=2 * days), middle) if before else None,
        last_run_at=last.started if last else None,
        last_outcome=last.state if last else None,
        days=_days(runs),
        failures=_failures(now),
        tasks=_tasks(plan, now),
        cost=_cost(now) if now else None,
        previous_cost=_cost(before) if before else None,
        usage=plan.usage,
        change=Change(
            changed_at=changed,
            before=_stats([run for run in before + now if run.ended <= changed], until - timedelta(days=days), changed),
            after=_stats([run for run in runs if run.ended > changed], changed, until),
        )
        if changed
        else None,
    )


def _runs(plan: JobPlan, since: datetime, until: datetime, chance: Random) -> list[PastRun]:
    found: list[PastRun] = []
    first = since.date()
    for day in range((until.date() - first).days + 1):
        for start in sorted(plan.starts(first + timedelta(days=day), chance)):
            if not since < start < until:
                continue
            run = _run(plan, day, start, chance, 90_000_000 + plan.number * 1000 + len(found))
            found.append(run if run.ended <= until else replace(run, state="running", seconds=0.0))
    return found


def _run(plan: JobPlan, day: int, start: datetime, chance: Random, number: int) -> PastRun:
    if chance.random() < plan.skipped:
        return PastRun(number, start, 0.0, 0.0, 0.0, "skipped", "MAX_CONCURRENT_RUNS_EXCEEDED")
    queue = chance.expovariate(1 / plan.queue) if plan.queue else 0.0
    setup = max(plan.setup * chance.gauss(1, 0.12), 0.0)
    done: dict[str, float] = {}
    executions: list[Execution] = []
    broken: str | None = None
    for task in plan.tasks:
        each = Execution(task.key, started=broken is None)
        executions.append(each)
        if not each.started:
            continue
        took = max(task.seconds * plan.pace(day, task.key) * chance.lognormvariate(0, 0.14), 1.0)
        each.seconds = took
        spent = took
        if chance.random() < task.fails:
            each.failed_attempts.append(task.code)
            while len(each.failed_attempts) <= task.retries:
                spent += took + 60
                if chance.random() < task.recovers:
                    each.succeeded = True
                    break
                each.failed_attempts.append(task.code)
        elif task.timeout and took > task.timeout:
            each.failed_attempts.append("RUN_TIMED_OUT")
        else:
            each.succeeded = True
        if not each.succeeded:
            broken = each.failed_attempts[-1]
        done[task.key] = max((done.get(key, 0.0) for key in task.after), default=0.0) + spent
    seconds = queue + setup + max(done.values(), default=0.0)
    run = PastRun(number, start, seconds, queue, setup, "succeeded", executions=executions)
    if plan.timeout and seconds > plan.timeout:
        run.state, run.code, run.seconds = "timed_out", "RUN_TIMED_OUT", float(plan.timeout)
    elif broken:
        run.state, run.code = ("timed_out" if broken == "RUN_TIMED_OUT" else "failed"), broken
        if chance.random() < 0.25:
            run.repaired, run.state, run.code, run.seconds = True, "succeeded", "SUCCESS", seconds * 1.4
    run.dbus = run.seconds / 3600 * plan.dbus_an_hour(day) * chance.gauss(1, 0.06)
    return run


# Counted


def _outcomes(states: Iterable[str]) -> Outcomes:
    return Outcomes(**Counter(states))


def _durations(seconds: Sequence[float]) -> Durations | None:
    if not seconds:
        return None
    p50, p95, p99 = (percentile(seconds, share) for share in (0.5, 0.95, 0.99))
    return Durations(n=len(seconds), p50=p50, p95=p95, p99=p99, max=max(seconds))


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile as Databricks does, between two values where it lies there."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 1)


def _stats(runs: Sequence[PastRun], since: datetime, until: datetime) -> RunStats:
    ran = [run for run in runs if run.seconds]
    return RunStats(
        since=since,
        until=until,
        outcomes=_outcomes(run.state for run in runs),
        durations=_durations([run.seconds for run in runs if run.clean]),
        queue_mean=round(sum(run.queue for run in ran) / len(ran), 1) if ran else None,
        queue_p95=percentile([run.queue for run in ran], 0.95) if ran else None,
        setup_share=round(sum(run.setup for run in ran) / sum(run.seconds for run in ran), 3) if ran else None,
        repaired=sum(run.repaired for run in runs),
        saved_by_repair=sum(run.repaired and run.state == "succeeded" for run in runs),
    )


def _days(runs: Sequence[PastRun]) -> tuple[Day, ...]:
    by_day: dict[date, list[PastRun]] = defaultdict(list)
    for run in runs:
        by_day[run.ended.date()].append(run)
    found = []
    for day, its in sorted(by_day.items()):
        times = [run.seconds for run in its if run.clean]
        dbus = round(sum(run.dbus for run in its), 2)
        found.append(
            Day(
                day=day,
                outcomes=_outcomes(run.state for run in its),
                p50=percentile(times, 0.5) if times else None,
                p95=percentile(times, 0.95) if times else None,
                dbus=dbus,
                list_cost=round(dbus * DBU_PRICE, 2),
            )
        )
    return tuple(found)


def _failures(runs: Sequence[PastRun]) -> tuple[Failure, ...]:
    by_code: dict[str, list[PastRun]] = defaultdict(list)
    for run in runs:
        if run.state in {"failed", "timed_out", "skipped"}:
            by_code[run.code].append(run)
    return tuple(
        Failure(code=code, kind=KINDS[code], runs=len(its), last_at=its[-1].ended, last_run_id=str(its[-1].number))
        for code, its in sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


def _tasks(plan: JobPlan, runs: Sequence[PastRun]) -> tuple[TaskStats, ...]:
    return tuple(sorted((_task(task, plan, runs) for task in plan.tasks), key=lambda task: task.task_key))


def _task(task: TaskPlan, plan: JobPlan, runs: Sequence[PastRun]) -> TaskStats:
    its = [(run, each) for run in runs for each in run.executions if each.key == task.key]
    begun = [each for _, each in its if each.started]
    codes = [code for each in begun for code in each.failed_attempts]
    extra = [max(len(each.failed_attempts) - (not each.succeeded), 0) for each in begun]
    by_day: dict[date, list[Execution]] = defaultdict(list)
    for run, each in its:
        if each.started:
            by_day[run.ended.date()].append(each)
    return TaskStats(
        task_key=task.key,
        outcomes=_outcomes(_task_state(each) for _, each in its),
        durations=_durations([each.seconds for each in begun if each.succeeded]),
        attempts=len(begun) + sum(extra),
        extra_attempts=sum(extra),
        saved_by_retry=sum(each.succeeded and bool(each.failed_attempts) for each in begun),
        wasted_retries=sum(more for more, each in zip(extra, begun, strict=True) if not each.succeeded),
        transient_failures=sum(KINDS[code] is FailureKind.TRANSIENT for code in codes),
        code_failures=sum(KINDS[code] is FailureKind.CODE for code in codes),
        timed_out_attempts=sum(code == "RUN_TIMED_OUT" for code in codes),
        setup_mean=plan.setup if plan.setup and task.kind == "notebook_task" else None,
        days=tuple(
            TaskDay(
                day=day,
                runs=len(each),
                failed=sum(not one.succeeded for one in each),
                p50=percentile([one.seconds for one in each if one.succeeded], 0.5)
                if any(one.succeeded for one in each)
                else None,
            )
            for day, each in sorted(by_day.items())
        ),
    )


def _task_state(each: Execution) -> str:
    if not each.started:
        return "skipped"
    if each.succeeded:
        return "succeeded"
    return "timed_out" if each.failed_attempts[-1] == "RUN_TIMED_OUT" else "failed"


def _cost(runs: Sequence[PastRun]) -> Cost:
    each = [round(run.dbus, 3) for run in runs if run.dbus]
    total = round(sum(each), 1)
    return Cost(
        dbus=total,
        list_cost=round(total * DBU_PRICE, 2),
        runs=len(each),
        per_run_mean=round(total / len(each), 2) if each else None,
        per_run_p90=percentile(each, 0.9) if each else None,
        per_run_max=max(each) if each else None,
        serverless_share=0.0,
    )
