"""Run the rules over one job."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from constructs_lib.provider import problems
from constructs_lib.rules.finding import Finding, Hit, Path, Severity
from constructs_lib.rules.job import Cluster, Job, JobTask
from constructs_lib.rules.rule import Form, Rule

T = TypeVar("T")


_Check = tuple[Rule, Callable[[T], Iterable[Hit]]]


@dataclass(frozen=True)
class _Checks(Generic[T]):
    """Checks of one kind of thing: those asked everywhere, and those asked only where something is said."""

    everywhere: tuple[_Check[T], ...]
    where: Mapping[str, tuple[_Check[T], ...]]
    where_any: tuple[tuple[frozenset[str], _Check[T]], ...]

    @classmethod
    def of(cls, rules: Iterable[Rule], hits: Callable[[Rule], Callable[[T], Iterable[Hit]] | None]) -> "_Checks[T]":
        """Return the checks of the rules that look at this kind of thing."""
        everywhere: list[_Check[T]] = []
        where: dict[str, list[_Check[T]]] = {}
        where_any: list[tuple[frozenset[str], _Check[T]]] = []
        for rule in rules:
            looks = hits(rule)
            if looks is None:
                continue
            if not rule.blocks:
                everywhere.append((rule, looks))
            elif len(rule.blocks) == 1:
                where.setdefault(rule.blocks[0], []).append((rule, looks))
            else:
                where_any.append((frozenset(rule.blocks), (rule, looks)))
        return cls(tuple(everywhere), {name: tuple(checks) for name, checks in where.items()}, tuple(where_any))

    def into(self, found: list[Finding], subject: T, said: Mapping[str, Any]) -> None:
        """Add what is found at one thing that says what `said` has."""
        asked = self.everywhere
        for name in said.keys() & self.where.keys():
            asked += self.where[name]
        for names, check in self.where_any:
            if not names.isdisjoint(said):
                asked += (check,)
        for rule, hits in asked:
            for hit in hits(subject):
                found.append(Finding(rule.code, rule.severity, hit.path, hit.message, hit.hint))  # noqa: PERF401


@dataclass(frozen=True)
class RuleSet:
    """Rules, sorted by what they look at, so that a rule is asked only where it can have something to say."""

    job: _Checks[Job]
    task: _Checks[JobTask]
    cluster: _Checks[Cluster]

    @classmethod
    def of(cls, rules: Iterable[Rule], form: Form) -> "RuleSet":
        """Return the rules that apply to jobs given in a form."""
        applying = [rule for rule in rules if form in rule.forms]
        return cls(
            job=_Checks.of(applying, lambda rule: rule.job),
            task=_Checks.of(applying, lambda rule: rule.task),
            cluster=_Checks.of(applying, lambda rule: rule.cluster),
        )

    def findings(self, body: Mapping[str, Any]) -> list[Finding]:
        """Return what breaks a rule."""
        job = Job(body)
        found: list[Finding] = []
        self.job.into(found, job, body)
        for task in job.tasks:
            self.task.into(found, task, task.body)
        for cluster in job.clusters:
            self.cluster.into(found, cluster, cluster.body)
        return found


SCHEMA = "LF001"
"""The code of what the provider's schema refuses: unknown attributes, wrong types, what is missing."""


def schema_findings(body: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the schema of `databricks_job` refuses of a job."""
    for problem in problems("databricks_job", body):
        yield Finding(SCHEMA, Severity.ERROR, _path(problem.path), f"{problem.place}: {problem.message}", problem.fix)


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _path(text: str) -> Path:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]
    return tuple(int(part) if part.isdigit() else part for part in parts)
