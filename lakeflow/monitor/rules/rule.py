"""A rule: what it looks for in the history of a job, and what it says about it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from lakeflow.history.facts import Durations, Facts, JobFacts, TaskStats
from lakeflow.monitor.advice import Advice, Confidence, Evidence
from lakeflow.monitor.schedules import Schedule
from lakeflow.stack_map import JobEntry, StackMap
from lakeflow.words import block, paused, spoken, tasks

LEAST_RUNS = 10
"""On fewer runs nothing is recommended."""
SURE_RUNS = 20
"""From so many runs on the confidence is high."""


@dataclass(frozen=True)
class Subject:
    """A job of the code with its history, and what is around it."""

    job: JobFacts
    entry: JobEntry
    facts: Facts
    stack: StackMap
    now: datetime
    timetable: tuple[tuple[str, Schedule], ...]
    """The schedules of all jobs, by key or by id."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its settings as the code has them."""
        return self.entry.settings

    @property
    def durations(self) -> Durations | None:
        """How long its runs took, where enough of them are known."""
        found = self.job.current.durations
        return found if found and found.n >= LEAST_RUNS else None

    @property
    def continuous(self) -> bool:
        """Whether a run of it has no end."""
        return "continuous" in self.settings

    @property
    def starts_by_itself(self) -> bool:
        """Whether a schedule or an event starts it, now."""
        return bool(block(self.settings.get("schedule")) or block(self.settings.get("trigger"))) and not paused(
            self.settings
        )

    @property
    def timeout(self) -> int | None:
        """Its timeout in seconds; None where there is none, or where it is a reference."""
        return number(self.settings.get("timeout_seconds")) or None

    @cached_property
    def tasks(self) -> Mapping[str, Mapping[str, Any]]:
        """Its tasks by key, those inside loops too."""
        return {task["task_key"]: task for task in tasks(self.settings)}

    @property
    def task_stats(self) -> Iterable[tuple[TaskStats, Mapping[str, Any]]]:
        """The history of tasks that the code still has, with their settings, as far as enough runs are known."""
        return [
            (stats, self.tasks[stats.task_key])
            for stats in self.job.tasks
            if stats.task_key in self.tasks and stats.outcomes.finished >= LEAST_RUNS
        ]

    def evidence(
        self, n: int, text: str, percentile: str | None = None, *, confidence: Confidence | None = None
    ) -> Evidence:
        """Return figures of the current period as evidence; how sure they are depends on how many runs there are."""
        sure: Confidence = "high" if n >= SURE_RUNS else "medium"
        return Evidence(n=n, days=self.facts.days, percentile=percentile, text=text, confidence=confidence or sure)

    def over(self, n: int) -> str:
        """Return what figures are over, in words: `over 28 runs in 30 days`."""
        return f"over {n} runs in {self.facts.days} days"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One occurrence of a rule in a job: an advice without its address and its place."""

    title: str
    evidence: Evidence
    change: str
    setting: str
    before: object
    after: object = None
    task: str | None = None


@dataclass(frozen=True)
class Rule:
    """A rule; `find` looks at one job and yields what it finds."""

    id: str
    title: str
    source: str
    """Where it is documented what the rule stands on."""
    find: Callable[[Subject], Iterable[Found]] = field(repr=False)

    def advice(self, subject: Subject) -> list[Advice]:
        """Return what the rule says about a job, those about the job itself first, then by task."""
        entry = subject.entry
        return [
            Advice(
                rule=self.id,
                job=entry.key,
                address=entry.address,
                task=found.task,
                title=found.title,
                evidence=found.evidence,
                change=found.change,
                setting=found.setting,
                before=found.before,
                after=found.after,
                place=None,
                edit=None,
            )
            for found in sorted(self.find(subject), key=lambda each: (each.task or "", each.setting))
        ]


def number(value: object) -> int | None:
    """Return a number of the settings; None for a reference, whose value only Terraform knows."""
    return value if isinstance(value, int) else None


def minutes_up(seconds: float) -> int:
    """Return seconds rounded up to whole minutes."""
    return 60 * math.ceil(seconds / 60)


def say(seconds: float) -> str:
    """Return a duration in words: `1h 5m`."""
    return spoken(timedelta(seconds=seconds))


def day(moment: datetime) -> str:
    """Return a day in words: `3 October 2026`."""
    return f"{moment.day} {moment:%B %Y}"


def times(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: `1 run`, `3 runs`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
