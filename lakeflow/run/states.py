"""A run as the Jobs API sees it: https://docs.databricks.com/api/workspace/jobs/getrun.

The words of the API stay what they are, also those that are new to us: a state is text, and what counts as success, as
failure or as never run is said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter

FINAL = frozenset({"TERMINATED", "SKIPPED", "INTERNAL_ERROR"})
ACTIVE = frozenset({"BLOCKED", "PENDING", "QUEUED", "RUNNING", "TERMINATING", "WAITING", "WAITING_FOR_RETRY"})
SUCCESSES = frozenset({"SUCCESS", "SUCCESS_WITH_FAILURES"})
NEVER_RAN = frozenset(
    {"SKIPPED", "EXCLUDED", "DISABLED", "UPSTREAM_FAILED", "UPSTREAM_CANCELED", "MAXIMUM_CONCURRENT_RUNS_REACHED"}
)
LATEST = 253_402_300_800_000  # the year 10000 in milliseconds


@dataclass(frozen=True, kw_only=True)
class State:
    """How far a run is: the phase, and once it has ended its result with the termination code, type and message."""

    phase: str
    result: str | None = None
    code: str | None = None
    type: str | None = None
    message: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.result is not None

    @property
    def succeeded(self) -> bool:
        """Whether Databricks counts the run as a success."""
        return self.result in SUCCESSES

    @property
    def never_ran(self) -> bool:
        """Whether the run ended without having been started."""
        return self.result in NEVER_RAN

    @property
    def failed(self) -> bool:
        """Whether the run was started and did not succeed: also a result that is new to us."""
        return self.ended and not self.succeeded and not self.never_ran

    def __str__(self) -> str:
        """Say the result, or the phase while there is none."""
        return self.result or self.phase


@dataclass(frozen=True, kw_only=True)
class Parent:
    """One task that a task waits for, and the outcome of the condition that it needs, if it needs one."""

    task_key: str
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Iterations:
    """How the iterations of a for-each task went, with its most common error messages."""

    total: int
    completed: int
    failed: int
    messages: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskRun:
    """One attempt at a task. Times are milliseconds since 1970, 0 where it has not started or not ended."""

    task_key: str
    run_id: int
    state: State
    url: str | None = None
    attempt: int = 0
    start_time: int = 0
    end_time: int = 0
    depends_on: tuple[Parent, ...] = ()
    run_if: str = "ALL_SUCCESS"
    outcome: str | None = None
    runs_job: bool = False
    iterations: Iterations | None = None

    @property
    def duration(self) -> timedelta | None:
        """How long the attempt took; None while it runs or where it never ran."""
        return _between(self.start_time, self.end_time)


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a job with every attempt at every task, in no particular order."""

    run_id: int
    state: State
    url: str | None = None
    start_time: int = 0
    end_time: int = 0
    attempts: tuple[TaskRun, ...] = ()

    @property
    def duration(self) -> timedelta | None:
        """How long the run took; None while it goes on."""
        return _between(self.start_time, self.end_time)

    def tasks(self) -> dict[str, tuple[TaskRun, ...]]:
        """Return the attempts of each task, the last one last; tasks in the order in which they can run."""
        by_key: dict[str, list[TaskRun]] = {}
        for attempt in self.attempts:
            by_key.setdefault(attempt.task_key, []).append(attempt)
        depths = _depths({key: {parent.task_key for parent in runs[0].depends_on} for key, runs in by_key.items()})
        return {
            key: tuple(sorted(by_key[key], key=lambda run: (run.start_time or float("inf"), run.attempt)))
            for key in sorted(by_key, key=lambda key: (depths[key], key))
        }


def merged(pages: Sequence[Run]) -> Run:
    """Return one run from the pages of its answer; an attempt that moved from page to page between them counts once."""
    attempts = {
        attempt.run_id or (page, place): attempt
        for page, run in enumerate(pages)
        for place, attempt in enumerate(run.attempts)
    }
    return replace(pages[0], attempts=tuple(attempts.values()))


def _depths(parents: Mapping[str, set[str]]) -> dict[str, int]:
    """Return how many tasks stand before each at most; all 0 where the answer describes a cycle."""
    depths = dict.fromkeys(parents, 0)
    try:
        for key in TopologicalSorter(parents).static_order():
            depths[key] = max((depths[parent] + 1 for parent in parents.get(key, ())), default=0)
    except CycleError:
        return dict.fromkeys(parents, 0)
    return depths


def _between(start: int, end: int) -> timedelta | None:
    return timedelta(milliseconds=end - start) if 0 < start <= end <= LATEST else None
