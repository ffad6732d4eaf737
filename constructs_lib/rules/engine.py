"""Run the rules over one job."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from constructs_lib.provider import Problem, Shape
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


def refusal(problem: Problem, body: Mapping[str, Any]) -> Finding:
    """Return what a schema refuses of a body as a finding."""
    message = f"{problem.place}: {problem.message}"
    return Finding(SCHEMA, Severity.ERROR, _path(problem.path, body), message, problem.fix)


def merged(refused: Iterable[Finding], ruled: Iterable[Finding], shape: Shape) -> list[Finding]:
    """Return findings by their places, each once, and none of a rule at or below what the schema does not know."""
    found = {(each.path, each.code): each for each in refused}
    unknown = {path for path, _ in found if _is_unknown(shape, path)}
    for each in ruled:
        if not unknown or unknown.isdisjoint(each.path[:length] for length in range(len(each.path) + 1)):
            found.setdefault((each.path, each.code), each)
    return sorted(found.values(), key=lambda each: (list(_sortable(each.path)), each.code))


def _is_unknown(shape: Shape | None, path: Path) -> bool:
    for step in path:
        if isinstance(step, str) and shape is not None:
            attribute = shape.attributes.get(step)
            if attribute is None:
                return True
            shape = attribute.shape
    return False


def _sortable(path: Path) -> Iterator[tuple[int, str]]:
    return ((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _path(text: str, value: Any) -> Path:
    """Return the steps of a JSON Pointer, as numbers where they lead into a list."""
    path: list[str | int] = []
    for part in text.split("/")[1:]:
        step: str | int = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            step = int(step)
        path.append(step)
        value = value[step]
    return tuple(path)
