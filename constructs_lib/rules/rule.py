"""What a rule is: a small pure function with its documentation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Cluster, Job, JobTask

Hits = Iterable[Hit]


class Form(StrEnum):
    """How a job was given. What only Terraform's provider does with it is no matter for a REST payload."""

    TERRAFORM = "terraform"
    REST = "rest"
    BUNDLE = "bundle"


EVERYWHERE = frozenset(Form)
IN_TERRAFORM = frozenset({Form.TERRAFORM})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of a valid job.

    It looks at the job as a whole (`job`), at each task (`task`, those inside loops too), or at each new cluster
    (`cluster`). `bad` and `good` are jobs by the provider's names that break and keep it; they are its documentation
    and its first test.
    """

    code: str
    severity: Severity
    title: str
    """What is wrong, in a few words."""
    why: str
    """What happens when nobody notices, in a sentence or two."""
    source: str
    """The page, or the measured behaviour, that it comes from."""
    bad: Mapping[str, Any]
    good: Mapping[str, Any]
    job: Callable[[Job], Hits] | None = None
    task: Callable[[JobTask], Hits] | None = None
    cluster: Callable[[Cluster], Hits] | None = None
    blocks: tuple[str, ...] = ()
    """What must be said for the rule to be asked at all: an attribute of the job, task or cluster that it looks at.
    Nothing means always."""
    forms: frozenset[Form] = field(default=EVERYWHERE)
