"""A job held against the schema of its form, the rules, and an environment's policies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from constructs_lib.provider import Problem, Shape, problems, schema
from constructs_lib.provider.check import _body as shape_problems
from constructs_lib.provider.problem import Place
from constructs_lib.rules import RULES, SCHEMA, Finding, Form, Path, Policies, Severity
from constructs_lib.rules.engine import RuleSet
from lakeflow.check.jobs import RESOURCE, FoundJob
from lakeflow.check.names import normalised, origin
from lakeflow.check.rest import beside, rest_shape


def judged(job: FoundJob, policies: Policies) -> list[Finding]:
    """Return what is wrong with a job, by where it stands in the document."""
    shape, refused = _refused(job)
    body = normalised(job.body, job.form)
    ruled = [*_rules(job.form).findings(body), *policies.findings(body)]
    found = _merged(refused, [replace(each, path=origin(job.body, job.form, each.path)) for each in ruled], shape)
    return [replace(each, path=(*job.path, *each.path)) for each in policies.judged(found)]


@cache
def _rules(form: Form) -> RuleSet:
    return RuleSet.of(RULES, form)


def _refused(job: FoundJob) -> tuple[Shape, list[Finding]]:
    """Return the schema of a job, and what it refuses."""
    if job.form is Form.TERRAFORM:
        return schema(RESOURCE).body, [_finding(problem, job.body) for problem in problems(RESOURCE, job.body)]
    settings = {name: value for name, value in job.body.items() if not beside(name)}
    shape = rest_shape(single_task="tasks" not in settings)
    found = shape_problems(settings, Place("", "job"), (("job", shape),))
    return shape, [_finding(problem, settings) for problem in found]


def _finding(problem: Problem, body: Mapping[str, Any]) -> Finding:
    message = f"{problem.place}: {problem.message}"
    return Finding(SCHEMA, Severity.ERROR, _path(problem.path, body), message, problem.fix)


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


def _merged(refused: Iterable[Finding], ruled: Iterable[Finding], shape: Shape) -> list[Finding]:
    """Return findings in order, each once, and none of a rule at or below what the schema does not know."""
    found = {(each.path, each.code): each for each in refused}
    unknown = {path for path, _ in found if _is_unknown(shape, path)}
    for each in ruled:
        if unknown.isdisjoint(each.path[:length] for length in range(len(each.path) + 1)):
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
