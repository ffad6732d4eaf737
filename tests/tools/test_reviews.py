"""The real `lakeflow review` says of a plan what the tools read from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.tools.conftest import OTHER
from tools import reviews
from tools.github import comments
from tools.plans import Plan

pytestmark = pytest.mark.slow

STACK = StackMap(stack="prod", order=0, environment="prod", host="", sources="", variables=(), jobs={})
JOB = {"name": "orders", "task": [{"task_key": "load", "notebook_task": [{"notebook_path": "/load"}]}]}


def plan(*actions: str, before: Any = None, after: Any = None, **told: Any) -> Plan:
    """Return a plan that does something to a job."""
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "timestamp": "2026-11-22T10:00:00Z",
        "applyable": actions != ("no-op",),
        "complete": True,
        "errored": False,
        "resource_changes": [
            {
                "address": "databricks_job.orders",
                "mode": "managed",
                "type": "databricks_job",
                "name": "orders",
                "provider_name": "registry.terraform.io/databricks/databricks",
                "change": {
                    "actions": list(actions),
                    "before": before,
                    "after": after,
                    "after_unknown": {},
                    "before_sensitive": {},
                    "after_sensitive": {},
                },
            }
        ],
        **told,
    }
    return Plan(Path("plan.tfplan"), json.dumps(document).encode(), 0)


CREATE = plan("create", after=JOB)
DELETE = plan("delete", before=JOB)
NOTHING = plan("no-op", before=JOB, after=JOB)
BROKEN_OFF = plan(errored=True, complete=False, applyable=False, resource_changes=[])


@pytest.mark.parametrize(("made", "word"), [(DELETE, "block"), (NOTHING, "no changes"), (BROKEN_OFF, "block")])
def test_the_verdict(made: Plan, word: str) -> None:
    assert reviews.judged(STACK, made).word == word


def test_a_plan_is_its_own_fingerprint() -> None:
    fingerprint = reviews.judged(STACK, CREATE).fingerprint
    assert fingerprint
    assert not reviews.judged(STACK, CREATE, expect=fingerprint).refused
    assert reviews.judged(STACK, CREATE, expect=OTHER).refused
    assert reviews.judged(STACK, DELETE, expect=fingerprint).refused


def test_a_plan_that_changes_nothing_is_never_refused() -> None:
    assert not reviews.judged(STACK, NOTHING, expect=OTHER).refused


@pytest.mark.parametrize("expect", [None, OTHER])
def test_a_plan_that_broke_off_is_always_refused(expect: str | None) -> None:
    assert reviews.judged(STACK, BROKEN_OFF, expect=expect).refused


def test_what_somebody_accepts_does_not_block() -> None:
    said = json.loads(reviews.report(STACK, DELETE, "json"))
    codes = [finding["code"] for finding in said["findings"]]
    accepted = reviews.judged(STACK, DELETE, accept=codes)
    assert accepted.word != "block"
    assert accepted.fingerprint == said["fingerprint"]


def test_a_comment_begins_with_its_marker() -> None:
    text = reviews.report(STACK, CREATE, "markdown", "--commit", "c" * 40, "--link", "https://github.com/run")
    assert text.splitlines()[0] == comments.marker("prod")


def test_what_cannot_be_read(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LakeflowError, match="prod: the plan cannot be reviewed; see what is said above"):
        reviews.judged(STACK, Plan(Path("plan.tfplan"), b"{", 0))
    assert capfd.readouterr().err.startswith("error: ")
