"""What a task does when it runs: the part of a run that a job's settings do not decide.

https://docs.databricks.com/aws/en/jobs/task-values
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from constructs_lib.errors import LakeflowError

Json = Mapping[str, Any]
MOST_BYTES = 48 * 1024
"""A task value as JSON has no more."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one attempt at a task goes."""

    duration: timedelta | None = None
    """How long it takes; None is what tasks take that nobody speaks of."""
    values: Json = field(default_factory=dict)
    """The task values that it sets, also where it fails afterwards."""
    backlog: Json = field(default_factory=dict)
    """Streaming metrics, as a health rule names them, all the time while it runs."""

    def __post_init__(self) -> None:
        if self.duration is not None and self.duration < timedelta():
            raise LakeflowError(f"a duration of {self.duration} is below 0")
        for name, value in self.values.items():
            try:
                size = len(json.dumps(value).encode())
            except (TypeError, ValueError):
                raise LakeflowError(f"the task value {name!r} is {value!r}, which JSON has no word for") from None
            if size > MOST_BYTES:
                raise LakeflowError(f"the task value {name!r} has {size} bytes, and 48 KiB is the most")


@dataclass(frozen=True, kw_only=True)
class Succeeded(Outcome):
    """It ends well."""

    output: Any = None
    """The rows of a SQL task, a list of objects; or the state of its alert, a text."""
    result: bool | None = None
    """The outcome of a condition, whatever its operands say."""


@dataclass(frozen=True, kw_only=True)
class Failed(Outcome):
    """It fails, at the first attempts or at all of them."""

    times: int | None = None
    """How many attempts fail before one succeeds; None for all of them."""
    code: str = "RUN_EXECUTION_ERROR"
    """Databricks' termination code."""
    message: str = ""
    """What it says of itself."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.times is not None and self.times < 0:
            raise LakeflowError(f"a task fails {self.times} times", fix="write 0 or more")


@dataclass(frozen=True, kw_only=True)
class Cancelled(Outcome):
    """Somebody cancels the task while it runs."""


@dataclass(frozen=True, kw_only=True)
class TimedOut(Outcome):
    """It goes on until a timeout, its own or the job's, stops it."""


@dataclass(frozen=True, kw_only=True)
class Skipped(Outcome):
    """It finds nothing to do, and neither succeeds nor fails."""


@dataclass(frozen=True, kw_only=True)
class Disabled(Outcome):
    """It is disabled for this run, as it is in the job's page."""


@dataclass(frozen=True, kw_only=True)
class Iterations:
    """What the iterations of a for-each task do, by their place (from 0) or by their input."""

    by_index: Mapping[int, "Does"] = field(default_factory=dict)
    by_input: Mapping[str, "Does"] = field(default_factory=dict)
    """An input as a text; an object as its JSON."""
    otherwise: "Does" = Succeeded()

    def of(self, index: int, text: str) -> "Does":
        """Return what one iteration does."""
        return self.by_index.get(index, self.by_input.get(text, self.otherwise))


Does = Outcome | Sequence[Outcome]
"""What a task does: the same in every attempt, or one for each, the last one for all that follow."""


def at_attempt(does: Does, attempt: int) -> Outcome:
    """Return what an attempt does, counted from 0."""
    if not isinstance(does, Outcome):
        if not does:
            raise LakeflowError("a list of attempts is empty", fix="write [Failed(), Succeeded()]")
        return at_attempt(does[min(attempt, len(does) - 1)], 0)
    if isinstance(does, Failed) and does.times is not None and attempt >= does.times:
        return Succeeded(duration=does.duration, values=does.values, backlog=does.backlog)
    return does
