"""Everything that the provider's job can say can be said here, and nothing is said that it does not know."""

import re

import pytest

from constructs_lib import JobDefinition
from constructs_lib.provider import paths, problems
from constructs_lib.provider.excluded import EXCLUDED, excluded
from constructs_lib.references import terraform_json
from constructs_lib.rules import Form, Severity, findings
from constructs_lib.values import Value
from tests.support.coverage import JOB, PAGE, missing, page, rendered
from tests.support.everything import every_value, everything

ROOMS = ("compute", "goal", "health", "libraries", "notifications", "operations", "tasks", "triggers")
"""Where the values of a job are."""


def test_every_attribute_is_reachable_or_left_out_for_a_reason() -> None:
    assert missing() == []


def test_nothing_is_written_that_the_provider_does_not_know() -> None:
    known = {each.path for each in paths(JOB)}
    # Keys of free maps are no attributes.
    free = {each.path for each in paths(JOB) if each.attribute.type.kind == "map"}
    assert {path for path in rendered() if not path.startswith(tuple(f"{each}." for each in free))} <= known


def test_what_is_left_out_is_there_and_is_not_written() -> None:
    known = [each.path for each in paths(JOB)]
    for path in EXCLUDED:
        assert any(excluded(each) and (each == path or each.endswith(f".{path}")) for each in known), path
    assert not [path for path in rendered() if excluded(path)]


@pytest.mark.parametrize("definition", everything(), ids=lambda definition: definition.name)
def test_the_jobs_with_everything_are_what_the_provider_takes(definition: JobDefinition) -> None:
    body = terraform_json(definition.render())
    assert list(problems(JOB, body)) == []
    errors = [each for each in findings(body, Form.TERRAFORM) if each.severity is Severity.ERROR]
    assert errors == []


def test_every_value_of_a_job_is_among_them() -> None:
    used: set[type] = set()
    for definition in everything():
        used |= set(map(type, every_value(definition)))
    kinds = [Value]
    for kind in kinds:
        kinds += kind.__subclasses__()
    ours = {
        kind
        for kind in kinds
        if kind.__module__.startswith(tuple(f"constructs_lib.{room}" for room in ROOMS)) and not kind.__subclasses__()
    }
    assert {kind.__name__ for kind in ours - used} == set()


def test_the_documentation_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.support.coverage writes it anew"
    assert re.search(r", 0 cannot", page())
