"""The chain of tasks that decides how long a job takes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CriticalPath:
    """The longest chain of tasks, by the median of their executions."""

    tasks: tuple[str, ...]
    seconds: float
    slack: Mapping[str, float]
    """Per task, how much longer it could take before the run takes longer; 0 on the path."""
