"""A risk: what it looks for in a job, and how severe it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from constructs_lib.rules import Policies, Severity
from lakeflow.review.history import History
from lakeflow.review.jobs import JobChange
from lakeflow.review.phrases import Phrase, Value, strong
from lakeflow.review.plan import Plan


@dataclass(frozen=True)
class Context:
    """What a risk may know besides a job."""

    plan: Plan
    jobs: tuple[JobChange, ...]
    now: datetime
    history: History = field(default_factory=History)
    policies: Policies = field(default_factory=Policies)


@dataclass(frozen=True)
class Seen:
    """One occurrence of a risk: what happens, why it matters, and how severe it is where that depends."""

    what: Phrase
    why: Phrase
    severity: Severity | None = None
    subject: str = ""
    """The address, where it is not the job's."""


@dataclass(frozen=True)
class Risk:
    """A risk; `job` looks at each job, `plan` once at the whole plan."""

    code: str
    severity: Severity
    title: str
    why: str
    job: Callable[[JobChange, Context], Iterable[Seen]] | None = None
    plan: Callable[[Context], Iterable[Seen]] | None = None
    fixed: bool = False
    """Whether no environment can make it less severe, and nobody can accept it."""


@dataclass(frozen=True)
class Concern:
    """An occurrence of a risk in a plan."""

    code: str
    severity: Severity
    address: str
    what: Phrase
    why: Phrase
    source: str | None = None
    """`file:line` of the code."""
    job: Value | None = None
    """The job's name, as `what` has it."""


def concerns(risks: Iterable[Risk], context: Context) -> Iterator[Concern]:
    """Yield what the risks see, as severe as the environment says; what it turns off is left out."""
    for risk in risks:
        for job in context.jobs if risk.job else ():
            for seen in risk.job(job, context) if risk.job else ():
                yield from _judged(risk, seen, context, job)
        for seen in risk.plan(context) if risk.plan else ():
            yield from _judged(risk, seen, context)


def _judged(risk: Risk, seen: Seen, context: Context, job: JobChange | None = None) -> Iterator[Concern]:
    default = seen.severity or risk.severity
    severity = default if risk.fixed else context.policies.severity(risk.code, default)
    if severity is not None:
        address = seen.subject or (job.address if job else "")
        source, name = (job.source, named(job)) if job else (None, None)
        yield Concern(risk.code, severity, address, seen.what, seen.why, source, name)


def named(job: JobChange) -> Value:
    """Return the name of a job as a sentence has it."""
    return strong(job.name)
