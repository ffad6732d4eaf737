"""The review of a pull request's plan for one environment: as its comment, in the job's summary, and as a check."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.errors import LakeflowError
from tools import plans, reviews
from tools.github import checks, comments
from tools.github.api import GitHub
from tools.github.event import PullRequest, run_link
from tools.terraform import synthesised

_ACCEPTED = re.compile(r"accept-([A-Z]{2}[0-9]{3})")
"""A label such as accept-LR101 says that somebody accepts that finding."""


@dataclass(frozen=True)
class _Shown:
    """What people see of a review."""

    comment: str
    check: checks.Check
    title: str
    said: str


def publish(environment: str) -> int:
    """Plan without taking the lock, review, and show it; 0 whatever the verdict is, for that is the check's to say."""
    github, pull, link = GitHub.of_this_job(), PullRequest.of_this_job(), run_link()
    if pull.fork:
        raise LakeflowError(
            f"#{pull.number} comes from a fork, which gets no plan", fix="push its branch to this repository"
        )
    failure: LakeflowError | None = None
    try:
        shown = _review(github, pull, environment, link)
    except LakeflowError as error:
        # What an earlier commit has shown is no longer so.
        failure, shown = error, _no_plan(environment, link)
    comments.keep_one(github, pull.number, environment, shown.comment)
    checks.write(github, pull.head, environment, shown.check, title=shown.title, said=shown.said, link=link)
    if failure:
        raise failure
    return 0


def _review(github: GitHub, pull: PullRequest, environment: str, link: str) -> _Shown:
    stack = synthesised(environment)
    # The identity of a pull request may read the state; taking the lock would be writing.
    plan = plans.planned(stack, plans.folder_of(stack) / "plan.tfplan", "-lock=false", quiet=True)
    accepted = _accepted(github, pull)
    verdict = reviews.judged(stack, plan, accept=accepted)
    options = ["--commit", pull.head, "--link", link, *reviews.accepting(accepted)]
    summary = reviews.report(stack, plan, "markdown", "--within", str(reviews.SUMMARY - 1), *options)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
            file.write(f"{summary.rstrip()}\n")
    conclusion = checks.FAILURE if verdict.refused else checks.CONCLUSIONS.get(verdict.word, checks.FAILURE)
    # A plan that is not complete is none that could be expected again.
    fingerprint = None if verdict.refused or verdict.word == reviews.NO_CHANGES else verdict.fingerprint
    return _Shown(
        comment=reviews.report(stack, plan, "markdown", "--within", str(reviews.COMMENT), *options),
        check=checks.Check(conclusion, fingerprint),
        title=verdict.word,
        said=f"The review is a comment on #{pull.number}, and whole in the [summary of the run]({link}).",
    )


def _accepted(github: GitHub, pull: PullRequest) -> list[str]:
    """Return the codes that labels accept; read now, for a run that is repeated still has the labels of its event."""
    doing = f"read the labels of #{pull.number}"
    labels = github.pages(f"/issues/{pull.number}/labels", doing=doing, needs="pull-requests: read")
    return sorted(found[1] for label in labels if (found := _ACCEPTED.fullmatch(str(label["name"]))))


def _no_plan(environment: str, link: str) -> _Shown:
    said = f"There is no plan for {environment}: [the run]({link}) says why."
    return _Shown(
        comment=f"{comments.marker(environment)}\n## 🔴 {environment}\n\n{said}\n",
        check=checks.Check(checks.FAILURE, None),
        title="no plan",
        said=said,
    )
