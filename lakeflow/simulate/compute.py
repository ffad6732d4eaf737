"""What tasks run on, as far as a run sees it: it has to start before they do.

Tasks that share a job cluster wait for it once: https://docs.databricks.com/aws/en/jobs/compute
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Compute:
    """What a task runs on."""

    key: str
    """What it is called in the job."""
    setup: timedelta = timedelta()
    """How long it takes to start."""
    shared: bool = False
    """Whether all tasks of a run that name it run on one: who comes later waits for what is left of its start."""


class Starting:
    """The compute of one run, or of one repair, which has compute of its own."""

    def __init__(self, of_tasks: Mapping[str, Compute]) -> None:
        self._of_tasks = of_tasks
        self._ready: dict[str, timedelta] = {}

    def wait(self, key: str, now: timedelta) -> timedelta:
        """Return how long a task that begins now waits for what it runs on."""
        compute = self._of_tasks.get(key)
        if compute is None:
            return timedelta()
        if not compute.shared:
            return compute.setup
        return max(timedelta(), self._ready.setdefault(compute.key, now + compute.setup) - now)
