"""What is known of the jobs of a workspace and their runs, as numbers with their periods; no judgement in it.

Every way to find facts out (system tables, the Jobs API, a file) ends here, so that what is made of them (reports,
recommendations, reviews) does not know which way it was. What a way cannot tell is None, never 0, and named in
`not_known`. Durations are seconds, instants are aware and UTC, shares are between 0 and 1.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

FORMAT = 2


class FailureKind(StrEnum):
    """What kind of thing went wrong, by Databricks' termination code."""

    CODE = "code"
    """The job's own code or its data."""
    TRANSIENT = "transient"
    """The cloud, a cluster or a driver: another attempt may do."""
    CONFIGURATION = "configuration"
    """What the job asks for does not exist or is refused."""
    PERMISSION = "permission"
    CAPACITY = "capacity"
    """Too many runs at once, or a limit of the workspace."""
    TIMEOUT = "timeout"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How many runs ended how; a repaired run counts once, by its last state."""

    succeeded: int = 0
    """Those that succeeded with failures too."""
    failed: int = 0
    timed_out: int = 0
    cancelled: int = 0
    skipped: int = 0
    """Never started: no place, upstream failed, excluded, disabled."""
    running: int = 0

    @property
    def finished(self) -> int:
        """Runs that were started and ended by themselves."""
        return self.succeeded + self.failed + self.timed_out

    @property
    def total(self) -> int:
        """All runs, also those that were skipped, cancelled, or go on."""
        return self.finished + self.cancelled + self.skipped + self.running

    @property
    def success_rate(self) -> float | None:
        """The share of finished runs that succeeded; None where none finished."""
        return self.succeeded / self.finished if self.finished else None


@dataclass(frozen=True, kw_only=True)
class Durations:
    """How long successful runs took; those that succeeded at the first attempt only. Percentiles interpolate."""

    n: int
    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, kw_only=True)
class RunStats:
    """A job's runs that ended within a period (and those that go on at its end)."""

    since: datetime
    until: datetime
    outcomes: Outcomes
    durations: Durations | None = None
    queue_mean: float | None = None
    """Seconds that a run waited for a place."""
    queue_p95: float | None = None
    setup_share: float | None = None
    """The share of the runs' time in which compute was set up."""
    repaired: int = 0
    """Runs that were repaired at least once."""
    saved_by_repair: int = 0
    """Those of them that succeeded in the end."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A job's runs that ended on one day, UTC."""

    day: date
    outcomes: Outcomes
    p50: float | None = None
    p95: float | None = None
    dbus: float | None = None
    list_cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One reason for which runs of a job failed, timed out or were skipped."""

    code: str
    """Databricks' termination code; `UNKNOWN` where none was given."""
    kind: FailureKind
    runs: int
    last_at: datetime
    last_run_id: str


@dataclass(frozen=True, kw_only=True)
class TaskDay:
    """A task's executions on one day, UTC: the last attempt of each run counts."""

    day: date
    runs: int
    failed: int
    p50: float | None = None


@dataclass(frozen=True, kw_only=True)
class TaskStats:
    """A task in the runs of the current period; an execution is one task in one run, with all its attempts."""

    task_key: str
    outcomes: Outcomes
    """By the last attempt."""
    durations: Durations | None = None
    """Execution without setup, of attempts that succeeded."""
    attempts: int = 0
    extra_attempts: int = 0
    """Attempts after the first of an execution."""
    saved_by_retry: int = 0
    """Executions that succeeded after at least one failed attempt."""
    wasted_retries: int = 0
    """Extra attempts of executions that failed all the same."""
    transient_failures: int = 0
    """Failed attempts whose code says that another attempt may do."""
    code_failures: int = 0
    """Failed attempts of the job's own code."""
    timed_out_attempts: int = 0
    setup_mean: float | None = None
    days: tuple[TaskDay, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the runs of a period used, by list price: no discounts, and no virtual machines of classic compute on Azure.

    SQL warehouses, all-purpose clusters and pipelines are billed elsewhere and not in it.
    """

    dbus: float
    list_cost: float | None = None
    currency: str = "USD"
    runs: int = 0
    per_run_mean: float | None = None
    """DBUs of a run, as the next two."""
    per_run_p90: float | None = None
    per_run_max: float | None = None
    serverless_share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How busy the workers of a job's own clusters were while its tasks ran, of runs with at least three samples."""

    runs: int
    node_type: str
    most_workers: int
    cpu_mean: float
    """Per cent."""
    cpu_p95: float
    io_wait_mean: float
    memory_max: float
    swap_max: float


@dataclass(frozen=True, kw_only=True)
class AllPurposeCluster:
    """An all-purpose cluster that a job's tasks ran on."""

    cluster_id: str
    name: str
    runs: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """The last change of a job's settings, with its runs before and after."""

    changed_at: datetime
    before: RunStats
    after: RunStats


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A job's settings as the workspace has them; None is not known, which is not the same as none."""

    created_at: datetime | None = None
    changed_at: datetime | None = None
    deleted_at: datetime | None = None
    creator: str | None = None
    run_as: str | None = None
    trigger_type: str | None = None
    paused: bool | None = None
    quartz: str | None = None
    timezone: str | None = None
    timeout_seconds: int | None = None
    max_concurrent_runs: int | None = None
    managed: bool | None = None
    """Whether a bundle deploys it."""


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """One job of the workspace."""

    job_id: str
    name: str
    key: str | None = None
    """Its key in the stack, such as `daily-sales`; None where no code owns it."""
    address: str | None = None
    """Its Terraform address."""
    deployed: Deployed = Deployed()
    current: RunStats
    previous: RunStats | None = None
    """The period of the same length before."""
    last_run_at: datetime | None = None
    last_outcome: str | None = None
    days: tuple[Day, ...] = ()
    """Those of the current and the previous period with runs or costs, the earliest first."""
    failures: tuple[Failure, ...] = ()
    """Of the current period, the most frequent first."""
    tasks: tuple[TaskStats, ...] = ()
    """By key."""
    cost: Cost | None = None
    previous_cost: Cost | None = None
    usage: Usage | None = None
    all_purpose: tuple[AllPurposeCluster, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that was found out at one time."""

    source: str
    """`system-tables` or `api`; a recorded file keeps that of what it recorded."""
    environment: str
    """The stack, such as `prod`."""
    host: str
    workspace_id: str | None = None
    asked_at: datetime
    known_until: datetime
    """What is later is not known yet: system tables are hours behind."""
    days: int
    """Length of a period."""
    jobs: tuple[JobFacts, ...]
    """Jobs of the code first, each group by name."""
    undeployed: tuple[str, ...] = ()
    """Keys of jobs of the code that the workspace does not have."""
    not_known: tuple[str, ...] = ()
    """A sentence for each thing that this way of asking cannot tell."""
    format: int = FORMAT
