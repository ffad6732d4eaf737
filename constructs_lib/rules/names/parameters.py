"""Names of job parameters."""

import re

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.names.shortening import shown
from constructs_lib.rules.rule import Hits, Rule

_PARAMETERS = "https://docs.databricks.com/aws/en/jobs/job-parameters"
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]+")


def _parameter_name(job: Job) -> Hits:
    for index, block in job.blocks("parameter"):
        name = text(block.get("name"))
        if name is not None and not _PARAMETER.fullmatch(name):
            yield Hit(
                ("parameter", index, "name"),
                f"the parameter {shown(name)} has a character that names of parameters do not take"
                if name
                else "a parameter has an empty name",
                "keep to letters, digits, '_', '-' and '.'",
            )


def _parameter_twice(job: Job) -> Hits:
    seen: set[str] = set()
    for index, block in job.blocks("parameter"):
        name = text(block.get("name"))
        if name and name in seen:
            yield Hit(("parameter", index, "name"), f"the parameter {shown(name)} is there already", "keep one")
        seen.add(name or "")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF921",
        severity=Severity.ERROR,
        title="A job parameter's name has a character that names do not take",
        why="The API takes letters, digits, `_`, `-` and `.`.",
        source=_PARAMETERS,
        bad=job(parameter=[{"name": "my day", "default": "x"}]),
        good=job(parameter=[{"name": "my_day", "default": "x"}]),
        job=_parameter_name,
        blocks=("parameter",),
    ),
    Rule(
        code="LF922",
        severity=Severity.ERROR,
        title="A job parameter is there twice",
        why="The names of a job's parameters are keys; two of one name are refused.",
        source=_PARAMETERS,
        bad=job(parameter=[{"name": "day", "default": "x"}, {"name": "day", "default": "y"}]),
        good=job(parameter=[{"name": "day", "default": "x"}, {"name": "Day", "default": "y"}]),
        job=_parameter_twice,
        blocks=("parameter",),
    ),
)
