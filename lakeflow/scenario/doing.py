"""What a run does, by a plan: how each attempt at each task goes, how long it takes, and what has to start before.

It is what `lakeflow.simulate` asks for; the rules of runs are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from constructs_lib.rules.mentions import dynamics
from lakeflow.chance import Chance
from lakeflow.scenario.model import NONE, ComputeKind, Job, Scenario
from lakeflow.scenario.plans import Plan
from lakeflow.simulate.compute import Compute
from lakeflow.simulate.outcomes import Cancelled, Does, Failed, Iterations, Outcome, Succeeded
from lakeflow.simulate.starting import Start

_CANCELS = frozenset({"CANCELED", "USER_CANCELED"})


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What one run does, or one repair of it."""

    does: Mapping[str, Does | Iterations] = field(default_factory=dict)
    durations: Mapping[str, timedelta] = field(default_factory=dict)
    """How long tasks take that `does` does not speak of."""
    compute: Mapping[str, Compute] = field(default_factory=dict)
    cancel_after: timedelta | None = None
    """When somebody cancels the run, counted from its start."""
    skip: str | None = None
    """The termination code for which it never starts."""
    queue: timedelta = NONE
    """How long there is no place for it, whoever else runs."""
    dbus: float = 1.0
    """How many times its compute's DBUs it uses."""
    number: int = 0
    """Which of the job's runs it is."""

    def calling(self, key: str, called: "Doing") -> "Doing":
        """Return what the run does where its task `key` starts a job that does this."""
        return replace(
            self,
            does={**self.does, **{f"{key}/{name}": does for name, does in called.does.items()}},
            durations={**self.durations, **{f"{key}/{name}": takes for name, takes in called.durations.items()}},
            compute={**self.compute, **{f"{key}/{name}": each for name, each in called.compute.items()}},
        )

    def start(self, **options: Any) -> Start:
        """Return the start of a run that does this; options are those of `Start`."""
        return Start(
            does=self.does,
            durations=self.durations,
            compute=self.compute,
            cancel_after_start=self.cancel_after,
            skip=self.skip or "",
            waits=self.queue,
            note={"number": self.number, "dbus": self.dbus},
            **options,
        )


class Deeds:
    """The tasks of one run, or of a repair of it; `stream` names its chance."""

    def __init__(self, scenario: Scenario, job: Job, made: Plan, *stream: object) -> None:
        self._scenario, self._job, self._plan, self._stream = scenario, job, made, stream

    def doing(self, parts: Mapping[str, tuple[str, Any]] | None = None) -> Doing:
        """Return what the run does.

        `parts` are tasks that do what they are made of, a loop's task or another job, where no event speaks of them:
        the name of what takes their time, and what has to be known for it.
        """
        parts = parts or {}
        alone = {
            key: name
            for key, (name, read) in parts.items()
            if key not in self._plan.attempts and self._knows(read) and key in self._job.tasks
        }
        named = {key: alone.get(key, key) for key in self._job.tasks}
        return Doing(
            does={key: self._does(key) for key in self._job.tasks if key not in alone},
            durations={name: self._takes(key, 0) for key, name in alone.items()},
            compute={named[key]: compute for key in self._job.tasks if (compute := self._compute(key)) is not None},
            cancel_after=self._plan.cancel_after,
            skip=self._plan.skip,
            queue=self._plan.queue,
            dbus=self._plan.dbus,
        )

    def _does(self, key: str) -> Does:
        """Return what each attempt at a task does, the last one for all that follow."""
        count = max(self._job.tasks[key].max_retries + 1, len(self._plan.attempts.get(key, ())))
        return [self._attempt(key, number) for number in range(count)]

    def _attempt(self, key: str, number: int) -> Outcome:
        code, takes = self._plan.code(key, number), self._takes(key, number)
        task = self._job.tasks[key]
        if code in _CANCELS:
            return Cancelled(duration=self._part(takes))
        if code != "SUCCESS":
            return Failed(code=code, duration=self._part(takes))
        output = self._plan.output.get(key, task.output)
        return Succeeded(duration=takes, values=self._values(key), output=output, result=self._result(key))

    def _part(self, takes: timedelta) -> timedelta:
        """Return how long an attempt takes that ends before its end; whole seconds."""
        return timedelta(seconds=round((takes * self._plan.fails_at).total_seconds()))

    def _takes(self, key: str, number: int) -> timedelta:
        task = self._job.tasks[key]
        spread = self._job.spread if task.spread is None else task.spread
        takes = Chance(*self._stream, key, number).lasting(task.takes * self._plan.slowness(key), spread)
        return max(NONE, takes)

    def _values(self, key: str) -> Mapping[str, Any]:
        return {**self._job.tasks[key].values, **self._plan.values.get(key, {})}

    def _result(self, key: str) -> bool | None:
        """Return the outcome of a condition that does not decide itself."""
        task = self._job.tasks[key]
        if not task.condition:
            return None
        said = self._plan.outcomes.get(key)
        if said is not None:
            return said == "true"
        decides = task.compares is not None and self._knows([task.compares.left, task.compares.right])
        return None if decides else True

    def _knows(self, value: Any) -> bool:
        """Return whether the scenario says what every reference of texts to tasks asks for."""
        texts = value if isinstance(value, list) else [value]
        return all(self._said(found.parts) for text in texts for found in dynamics(str(text)) if found.parts)

    def _said(self, parts: tuple[str, ...]) -> bool:
        match parts:
            case ("tasks", key, "values", *name):
                return key in self._job.tasks and ".".join(name) in self._values(key)
            case ("tasks", key, "output", *_):
                known = self._job.tasks.get(key)
                return known is not None and self._plan.output.get(key, known.output) is not None
        return True

    def _compute(self, key: str) -> Compute | None:
        used = None if self._job.tasks[key].condition else self._scenario.compute_of(self._job, key)
        if used is None or not used[1].setup:
            return None
        return Compute(key=used[0], setup=used[1].setup, shared=used[1].kind is ComputeKind.JOB_CLUSTER)
