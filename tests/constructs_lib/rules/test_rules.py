"""Every rule: its documentation is its first test, and the engine around them never fails."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.provider import schema
from constructs_lib.rules import RULES, Form, Rule, Severity, findings
from tests.support.project import ROOT


def form_of(rule: Rule) -> Form:
    """Return a form that the rule applies to."""
    return Form.TERRAFORM if Form.TERRAFORM in rule.forms else sorted(rule.forms)[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_breaks_the_rule_and_the_good_one_keeps_it(rule: Rule) -> None:
    assert rule.code in {found.code for found in findings(rule.bad, form_of(rule))}
    good = [found for found in findings(rule.good, form_of(rule)) if found.severity is not Severity.INFO]
    assert good == []
    assert rule.code not in {found.code for found in findings(rule.good, form_of(rule))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_and_whence(rule: Rule) -> None:
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.why.endswith((".", "?", "`", ")", '"', "'"))
    assert rule.source
    looks_at = [rule.job, rule.task, rule.cluster]
    assert sum(check is not None for check in looks_at) == 1


def test_codes_are_in_order_and_unique() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


def test_the_page_is_what_the_rules_say() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tools.rules_page", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


JOB = schema("databricks_job").body.attributes
TASK = JOB["task"].shape
assert TASK is not None
NAMES = st.sampled_from([*JOB, *TASK.attributes])
STRINGS = st.sampled_from(
    [
        "",
        "a",
        "b",
        "{{",
        "}}",
        "{{job.id}}",
        "{{tasks.a.values.x}}",
        "{{input}}",
        "${x}",
        "0 0 * * * ?",
        "GIT",
        "-1",
        "PAUSED",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | STRINGS | st.text(max_size=5)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | STRINGS, inner, max_size=5),
    max_leaves=20,
)
TASKS = st.lists(st.dictionaries(NAMES, ANYTHING, max_size=6), max_size=4)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.fixed_dictionaries(
        {"task": TASKS},
        optional={"job_cluster": ANYTHING, "schedule": ANYTHING, "trigger": ANYTHING, "git_source": ANYTHING},
    )
    | st.dictionaries(NAMES, ANYTHING)
)
def test_no_job_is_too_strange(body: dict[str, Any]) -> None:
    for form in Form:
        for found in findings(body, form):
            assert found.message
            at: Any = body
            for part in found.path:
                if isinstance(part, str) and isinstance(at, list):
                    (at,) = at  # a block in a list of one is one block
                at = at[part]  # what is missing is said of the block that lacks it, so that every path leads somewhere
