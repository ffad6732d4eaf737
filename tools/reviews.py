"""What `lakeflow review` says of a plan; the plan goes through a pipe."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.errors import LakeflowError
from lakeflow.stack_map import StackMap
from tools.plans import Plan

LAKEFLOW = (sys.executable, "-m", "lakeflow")
COMMENT = 65_536
"""The longest comment that GitHub takes."""
SUMMARY = 1_048_576
"""The longest summary of a step that GitHub takes."""
NO_CHANGES = "no changes"


@dataclass(frozen=True)
class Verdict:
    """What the review comes to."""

    word: str
    """`block`, `review`, `safe` or `no changes`."""
    fingerprint: str | None
    """Of what the plan changes; None where it changes nothing or is not complete."""
    refused: bool
    """The plan is not the one that was expected, or not complete."""


def judged(stack: StackMap, plan: Plan, *, expect: str | None = None, accept: Sequence[str] = ()) -> Verdict:
    """Return the verdict on a plan, and whether it is the expected one."""
    options = ["--format", "json", "--fail-on", "never", *(["--expect", expect] if expect else []), *accepting(accept)]
    status, said = _review(stack, plan, options)
    try:
        document = json.loads(said)
        return Verdict(str(document["verdict"]), document["fingerprint"], refused=bool(status or plan.status))
    except (ValueError, KeyError, TypeError):
        raise _unusable(stack) from None


def report(stack: StackMap, plan: Plan, form: str, *options: str) -> str:
    """Return the review in one of its formats; further options are its own."""
    _, said = _review(stack, plan, ["--format", form, "--fail-on", "never", *options])
    if not said.strip():
        raise _unusable(stack)
    return said.decode()


def accepting(codes: Sequence[str]) -> list[str]:
    """Return the options for what somebody has accepted."""
    return ["--accept", ",".join(codes)] if codes else []


def _review(stack: StackMap, plan: Plan, options: Sequence[str]) -> tuple[int, bytes]:
    # A plan that terraform has just made here may be as large as it is.
    command = [*LAKEFLOW, "review", "-", "--env", stack.stack, "--most-megabytes", "4000", *options]
    ended = subprocess.run(command, check=False, input=plan.document, stdout=subprocess.PIPE)
    if ended.returncode not in {0, 1}:
        raise _unusable(stack)
    return ended.returncode, ended.stdout


def _unusable(stack: StackMap) -> LakeflowError:
    return LakeflowError("the plan cannot be reviewed", place=stack.stack, fix="see what is said above")
