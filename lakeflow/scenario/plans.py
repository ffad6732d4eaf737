"""What shall happen to one run: the events that meet it, folded into one plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.chance import Chance
from lakeflow.scenario.model import Event, Job, Repair, When


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What shall happen to one run."""

    attempts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fails_at: float = 0.5
    outcomes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    output: Mapping[str, Any] = field(default_factory=dict)
    slow: Mapping[str, float] = field(default_factory=dict)
    """Per task, and below the empty key for all others."""
    queue: timedelta
    cancel_after: timedelta | None = None
    skip: str | None = None
    repairs: tuple[Repair, ...] = ()
    dbus: float = 1.0

    def slowness(self, task_key: str) -> float:
        """Return how many times as long a task takes."""
        return self.slow.get(task_key, self.slow.get("", 1.0))

    def code(self, task_key: str, attempt: int) -> str:
        """Return the termination code that an attempt shall end with."""
        codes = self.attempts.get(task_key) or ("SUCCESS",)
        return codes[min(attempt, len(codes) - 1)]


def plan(job: Job, at: datetime, number: int, *stream: object) -> Plan:
    """Return what shall happen to the run of a job that is to start at an instant, the first being number 0."""
    made = Plan(queue=job.queue)
    for place, event in enumerate(job.events):
        if _meets(event.when, at, number, Chance(*stream, at.isoformat(), "event", place)):
            made = _with(made, event)
    return made


def _meets(when: When, at: datetime, number: int, chance: Chance) -> bool:
    day = at.astimezone(UTC).date()
    return (
        (not when.on or day in when.on)
        and (when.since is None or day >= when.since)
        and (when.until is None or day <= when.until)
        and (not when.weekdays or day.isoweekday() in when.weekdays)
        and (when.every is None or (number + 1) % when.every == 0)
        and (when.rate is None or chance.happens(when.rate))
    )


def _with(made: Plan, event: Event) -> Plan:
    slow = dict.fromkeys(event.tasks or ("",), event.slow) if event.slow is not None else {}
    return Plan(
        attempts={**made.attempts, **event.attempts},
        fails_at=event.fails_at if event.attempts else made.fails_at,
        outcomes={**made.outcomes, **event.outcomes},
        values={**made.values, **{key: {**made.values.get(key, {}), **said} for key, said in event.values.items()}},
        output={**made.output, **event.output},
        slow={**made.slow, **slow},
        queue=made.queue if event.queue is None else event.queue,
        cancel_after=event.cancel_after or made.cancel_after,
        skip=event.skip or made.skip,
        repairs=event.repairs or made.repairs,
        dbus=made.dbus if event.dbus is None else event.dbus,
    )
