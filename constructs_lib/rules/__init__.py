"""The rules of a valid job, and how to hold a job against them.

Rules work on a job by the provider's names, whoever wrote it: a stack of this project, a REST payload, a plan, a
bundle.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from constructs_lib.provider import problems, schema
from constructs_lib.rules import (
    clusters,
    code,
    compute,
    conditions,
    graph,
    identity,
    loops,
    names,
    notifications,
    provider_traps,
    references,
    task_types,
    triggers,
)
from constructs_lib.rules.acceptance import unmatched
from constructs_lib.rules.engine import SCHEMA, RuleSet, merged, refusal
from constructs_lib.rules.finding import Finding, Path, Severity, pointer
from constructs_lib.rules.policies import HOUSE_RULES, Policies
from constructs_lib.rules.rule import Form, Rule

__all__ = [
    "FAMILIES",
    "HOUSE_RULES",
    "RULES",
    "SCHEMA",
    "Finding",
    "Form",
    "Path",
    "Policies",
    "Rule",
    "Severity",
    "findings",
    "merged",
    "pointer",
    "refusal",
    "rule_findings",
    "unmatched",
]

FAMILIES = (
    graph,
    conditions,
    loops,
    task_types,
    compute,
    references,
    triggers,
    clusters,
    code,
    identity,
    notifications,
    names,
    provider_traps,
)
"""The modules that hold the rules, in the order of their codes."""

RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.RULES)
"""Every rule, in the order of their codes."""


_JOB = "databricks_job"
_BESIDE = frozenset({"permissions", "access_control_list", "duration_target"})
"""What a payload or a bundle says of a job and the provider's job lacks."""


@cache
def _rules_for(form: Form) -> RuleSet:
    return RuleSet.of(RULES, form)


def rule_findings(body: Mapping[str, Any], form: Form = Form.TERRAFORM) -> list[Finding]:
    """Return what breaks a rule, by the provider's names, without what a schema refuses."""
    return _rules_for(form).findings(body)


def findings(body: Mapping[str, Any], form: Form = Form.TERRAFORM) -> list[Finding]:
    """Return what is wrong with a job, by its places: what the schema refuses, and what breaks a rule."""
    beside = _BESIDE if form is not Form.TERRAFORM else frozenset()
    settings = {name: value for name, value in body.items() if name not in beside}
    refused = [refusal(problem, settings) for problem in problems(_JOB, settings)]
    return merged(refused, rule_findings(body, form), schema(_JOB).body)
