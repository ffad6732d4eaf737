"""What is odd about the jobs of a workspace beside those of the code."""

from dataclasses import dataclass
from typing import Literal

OddityKind = Literal["unowned", "changed by hand", "never runs", "schedules collide", "not deployed"]


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """One thing about one job (or about several, where schedules collide) that somebody should look at."""

    kind: OddityKind
    job_id: str | None
    """None for a job that is not deployed, and for several."""
    name: str
    text: str
    hint: str
    """What to do."""
