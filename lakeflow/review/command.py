"""Review a Terraform plan as what happens to the jobs: `terraform show -json tfplan | lakeflow review -`.

Exit status: 0 nothing at or above --fail-on, 1 findings, a plan that failed, or one that is not the expected one, 2 the
plan could not be read.
"""

import argparse
import re
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from constructs_lib.errors import LakeflowError, nearest
from constructs_lib.rules import Severity
from constructs_lib.synthesis import MAP_NAME
from lakeflow.check.policies import policies
from lakeflow.clock import add_now, now
from lakeflow.documents.texts import encodable
from lakeflow.review.fingerprint import does_nothing
from lakeflow.review.history import History
from lakeflow.review.jobs import job_changes
from lakeflow.review.plan import Plan
from lakeflow.review.reading import MOST_MEGABYTES, STANDARD_INPUT, document
from lakeflow.review.review import Review, reviewed
from lakeflow.review.risks import RISKS, Context
from lakeflow.stack_map import OUTPUT, StackMap

_FORMATS = ("text", "markdown", "json", "html")
_LINK = re.compile(r"https?://[\w.~:/?#\[\]@!$&'*+,;=%-]{1,500}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow review`."""
    parser.add_argument("plan", metavar="PLAN", help="output of terraform show -json; - is standard input")
    parser.add_argument("--env", metavar="ENV", help="environment, for its policies and the places in the code")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=(*(severity.value for severity in Severity), "never"),
        default="error",
        help="least severity of a finding that fails; default: error",
    )
    parser.add_argument("--accept", action="append", metavar="CODES", help="findings that a person accepts: LR101")
    parser.add_argument("--expect", metavar="FINGERPRINT", help="fail unless the plan is the one with this fingerprint")
    parser.add_argument(
        "--within", type=int, default=65_536, metavar="BYTES", help="most bytes of Markdown; default: a GitHub comment"
    )
    parser.add_argument(
        "--facts", type=Path, metavar="FILE", help="what lakeflow monitor record wrote: how earlier runs did"
    )
    parser.add_argument("--commit", metavar="SHA", help="commit of the plan, for the report")
    parser.add_argument("--link", metavar="URL", help="run that made the plan, for the report")
    parser.add_argument(
        "--most-megabytes",
        type=int,
        default=MOST_MEGABYTES,
        metavar="MB",
        help=f"largest plan that is read; default: {MOST_MEGABYTES}",
    )
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Review and report; raise LakeflowError where the plan or an argument is unusable."""
    try:
        return _run(arguments)
    except RecursionError:
        raise LakeflowError("is nested too deeply", place=arguments.plan) from None


def _run(arguments: argparse.Namespace) -> int:
    accept = _codes(arguments.accept or ())
    _matches("--expect", arguments.expect, _FINGERPRINT, "write the whole fingerprint: sha256: and 64 digits")
    _matches("--link", arguments.link, _LINK, "write an http or https URL")
    _matches("--commit", arguments.commit, _COMMIT, "write 7 to 64 hexadecimal digits")
    house = policies(arguments.env)
    label = "standard input" if arguments.plan == STANDARD_INPUT else arguments.plan
    plan = Plan.of(document(arguments.plan, arguments.most_megabytes), label)
    stack = _map_beside(arguments.plan, arguments.env, plan)
    environment = stack.stack if stack else arguments.env
    known = History.read(arguments.facts, environment) if arguments.facts else History()
    moment = now(arguments.now) if arguments.now else plan.time or datetime.now(UTC)
    review = reviewed(
        Context(plan, job_changes(plan, stack), moment, known, house),
        environment=environment or "",
        accept=accept,
        commit=arguments.commit or "",
        link=arguments.link or "",
    )
    _write(review, arguments)
    unexpected = _unexpected(review, arguments.expect)
    if unexpected:
        sys.stderr.write(f"error: {unexpected}\n")
        return 1
    return int(review.reaches(None if arguments.fail_on == "never" else Severity(arguments.fail_on)))


def _write(review: Review, arguments: argparse.Namespace) -> None:
    report = import_module(f"lakeflow.review.reports.{arguments.format}")
    if arguments.format == "text":
        report.show(review)
        return
    text = report.render(review, arguments.within) if arguments.format == "markdown" else report.render(review)
    # Reports are UTF-8 wherever they go; a terminal that cannot show a letter gets an escape.
    if sys.stdout.isatty():
        sys.stdout.write(encodable(text, sys.stdout.encoding))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()


def _unexpected(review: Review, expected: str | None) -> str:
    """Return why the plan must not be applied as the one that was reviewed, nothing where it may."""
    if expected is None:
        return ""
    if review.fingerprint is None:
        return "the plan is not whole, and so not the one that was reviewed; plan again"
    if review.fingerprint != expected and not does_nothing(review.plan):
        return (
            f"this is not the plan that was reviewed: its fingerprint is {review.fingerprint}, not {expected}; "
            "review it anew"
        )
    return ""


def _codes(given: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    known = {risk.code: risk for risk in RISKS}
    codes = tuple(code.strip().upper() for words in given for code in words.split(",") if code.strip())
    for code in codes:
        if code not in known:
            near = nearest(code, known)
            raise LakeflowError(
                f"--accept: there is no risk {code!r}",
                fix=f"did you mean {near!r}?" if near else f"write one of {', '.join(known)}",
            )
        if known[code].fixed:
            raise LakeflowError(f"--accept: {code} cannot be accepted", fix="plan again, so that the plan is whole")
    return codes


def _matches(option: str, value: str | None, pattern: re.Pattern[str], fix: str) -> None:
    if value is not None and not pattern.fullmatch(value):
        raise LakeflowError(f"{option}: not as expected", fix=fix)


def _map_beside(name: str, environment: str | None, plan: Plan) -> StackMap | None:
    """Return the map beside a plan in a stack's folder, or that of an environment whose jobs the plan has."""
    beside = Path(name).parent if name != STANDARD_INPUT else None
    for folder in (beside, OUTPUT / "stacks" / environment if environment else None):
        if folder is None or folder.parent.name != "stacks" or not (folder / MAP_NAME).is_file():
            continue
        if folder == beside or StackMap.has(folder / MAP_NAME, {each.address for each in plan.resources}):
            return StackMap.read(folder.name, folder.parent.parent)
    return None
