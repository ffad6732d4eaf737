"""Plain choices of a job: modes, formats, duration targets and policies."""

import re

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.names.shortening import shown
from constructs_lib.rules.rule import Form, Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DURATION_TARGETS = ("NO_FLEXIBILITY", "4h", "12h", "24h", "72h")


def _choice(path: Path, value: object, choices: tuple[str, ...], what: str) -> Hits:
    given = text(value)
    if given is not None and given not in choices:
        near = nearest(given, choices) or nearest(given.upper(), choices)
        yield Hit(
            path,
            f"{'.'.join(map(str, path))}: {shown(given)} is no {what}",
            f"did you mean {near!r}?" if near else f"there are {listed(choices)}",
        )


def _duration_target(job: Job) -> Hits:
    return _choice(("duration_target",), job.body.get("duration_target"), _DURATION_TARGETS, "duration target")


def _duration_alone(job: Job) -> Hits:
    body = job.body
    target = body.get("performance_target")
    if body.get("duration_target") is not None and target != "COST_OPTIMIZED" and (target is None or text(target)):
        yield Hit(
            ("duration_target",),
            "duration_target does nothing without performance_target COST_OPTIMIZED",
            "write performance_target: 'COST_OPTIMIZED', or leave it out",
        )


def _edit_mode(job: Job) -> Hits:
    return _choice(("edit_mode",), job.body.get("edit_mode"), ("EDITABLE", "UI_LOCKED"), "edit mode")


def _format(job: Job) -> Hits:
    return _choice(("format",), job.body.get("format"), ("MULTI_TASK", "SINGLE_TASK"), "format of a job")


def _single_task(job: Job) -> Hits:
    if job.body.get("format") == "SINGLE_TASK" and job.top:
        yield Hit(
            ("format",), "format: SINGLE_TASK is ignored, a job with a list of tasks is MULTI_TASK", "leave it out"
        )


def _deployment_kind(job: Job) -> Hits:
    kind = job.block("deployment").get("kind")
    return _choice(("deployment", "kind"), kind, ("BUNDLE", "SYSTEM_MANAGED"), "kind of deployment")


def _policy_id(job: Job) -> Hits:
    for name in ("budget_policy_id", "usage_policy_id"):
        value = text(job.body.get(name))
        if value and not _UUID.fullmatch(value):
            yield Hit((name,), f"{name}: {shown(value)} does not look like an id", "write the policy's id, a UUID")


def _two_policies(job: Job) -> Hits:
    budget, usage = text(job.body.get("budget_policy_id")), text(job.body.get("usage_policy_id"))
    if budget and usage and budget != usage:
        yield Hit(
            ("budget_policy_id",),
            "budget_policy_id and usage_policy_id are two names of one thing, and differ",
            "keep usage_policy_id, the newer one",
        )


_POLICY = "22222222-2222-4333-8444-555555555555"

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF931",
        severity=Severity.ERROR,
        title="An unknown duration target",
        why="The API knows NO_FLEXIBILITY, 4h, 12h, 24h and 72h.",
        source=_API,
        bad=job(performance_target="COST_OPTIMIZED", duration_target="6h"),
        good=job(performance_target="COST_OPTIMIZED", duration_target="4h"),
        job=_duration_target,
        blocks=("duration_target",),
        forms=frozenset({Form.REST, Form.BUNDLE}),
    ),
    Rule(
        code="LF932",
        severity=Severity.WARNING,
        title="A duration target without COST_OPTIMIZED",
        why="The duration target belongs to COST_OPTIMIZED; other runs are not planned by it.",
        source=_API,
        bad=job(performance_target="STANDARD", duration_target="4h"),
        good=job(performance_target="COST_OPTIMIZED", duration_target="4h"),
        job=_duration_alone,
        forms=frozenset({Form.REST, Form.BUNDLE}),
    ),
    Rule(
        code="LF933",
        severity=Severity.ERROR,
        title="An unknown edit mode",
        why="The API knows UI_LOCKED and EDITABLE.",
        source=_API,
        bad=job(edit_mode="LOCKED"),
        good=job(edit_mode="UI_LOCKED"),
        job=_edit_mode,
        blocks=("edit_mode",),
    ),
    Rule(
        code="LF934",
        severity=Severity.ERROR,
        title="An unknown format",
        why="The API knows MULTI_TASK and SINGLE_TASK, and ignores what is written.",
        source=_API,
        bad=job(format="MULTI"),
        good=job(format="MULTI_TASK"),
        job=_format,
        blocks=("format",),
    ),
    Rule(
        code="LF935",
        severity=Severity.INFO,
        title="A job with a list of tasks says SINGLE_TASK",
        why="The format is ignored: a job with a list of tasks is always MULTI_TASK.",
        source=_API,
        bad=job(format="SINGLE_TASK"),
        good=job(format="MULTI_TASK"),
        job=_single_task,
    ),
    Rule(
        code="LF936",
        severity=Severity.ERROR,
        title="An unknown kind of deployment",
        why="The API knows BUNDLE and SYSTEM_MANAGED.",
        source=_API,
        bad=job(deployment={"kind": "TERRAFORM"}),
        good=job(deployment={"kind": "BUNDLE", "metadata_file_path": "/Workspace/Shared/metadata.json"}),
        job=_deployment_kind,
        blocks=("deployment",),
    ),
    Rule(
        code="LF937",
        severity=Severity.INFO,
        title="A policy's id does not look like one",
        why="Budget and usage policies are known by their ids, which are UUIDs; a name is not found.",
        source=_API,
        bad=job(budget_policy_id="sales"),
        good=job(budget_policy_id=_POLICY),
        job=_policy_id,
    ),
    Rule(
        code="LF938",
        severity=Severity.INFO,
        title="A job has two usage policies",
        why="usage_policy_id is the newer name of budget_policy_id; of two different values one does not hold.",
        source=_API,
        bad=job(budget_policy_id=_POLICY, usage_policy_id="33333333-2222-4333-8444-555555555555"),
        good=job(usage_policy_id=_POLICY),
        job=_two_policies,
        blocks=("budget_policy_id", "usage_policy_id"),
    ),
)
