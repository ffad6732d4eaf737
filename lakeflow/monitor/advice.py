"""What to change about a job, why, and where in the code: the values that the rules make and reports print."""

from dataclasses import dataclass
from typing import Literal

Confidence = Literal["high", "medium"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an advice stands on."""

    n: int
    """Runs that were looked at."""
    days: int
    """Length of the period that they lie in."""
    percentile: str | None
    """Which figure of theirs decides, such as `p95`; None where it is a count."""
    text: str
    """The figures in words."""
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a setting is said in the sources."""

    file: str
    """Relative to the project."""
    line: int
    """From 1."""
    what: str
    """What stands there, or belongs there, such as `timeout=` or `products.daily_sales.timeout_minutes`."""
    write: str | None = None
    """What to write there, such as `timeout=timedelta(minutes=26)`; None where that is for a person to find out."""
    shared: bool = False
    """Whether other jobs, or other environments, take the value from there too."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One scalar of an environment file, and what to write instead; nothing where a key is put in."""

    file: str
    line: int
    """From 1."""
    column: int
    """From 1."""
    old: str
    """As it stands in the file."""
    new: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One thing to change."""

    rule: str
    """Its id, such as `T1`."""
    job: str
    """The job's key, such as `daily-sales`."""
    address: str
    """Its Terraform address."""
    task: str | None
    """The task's key; None where it is about the job."""
    title: str
    """What was found, in a few words."""
    evidence: Evidence
    change: str
    """What to do, in one sentence."""
    setting: str
    """The setting below the job or the task, such as `timeout_seconds`."""
    before: object
    """Its value as deployed, in Terraform's form; None where it is not set."""
    after: object
    """Its value after the change; None where it is to be removed, or where there is no one value."""
    place: Place | None
    """Where it is said, or where to say it; None where the source is not known."""
    edit: Edit | None
    """The edit that makes the change; None where it is made in Python."""
