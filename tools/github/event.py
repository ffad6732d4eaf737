"""What has started the job, as GitHub Actions tells it.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError
from tools.github.api import given


@dataclass(frozen=True)
class PullRequest:
    """The pull request that the job runs for."""

    number: int
    head: str
    """Its newest commit; what the job has checked out is its merge with the target branch."""
    fork: bool
    """It comes from another repository, whose authors may not make this job write or read anything here."""

    @classmethod
    def of_this_job(cls) -> "PullRequest":
        """Read it from the event."""
        pull = _event().get("pull_request")
        if not isinstance(pull, dict):
            raise LakeflowError("the job does not run for a pull request", fix="start it on: pull_request")
        head = pull["head"]
        origin = (head.get("repo") or {}).get("full_name")
        return cls(pull["number"], head["sha"], fork=origin != given("GITHUB_REPOSITORY"))


def pushed() -> tuple[str | None, str]:
    """Return the commits before and after the push that has started the job; no first one where there was no push."""
    before = _event().get("before")
    return (before if isinstance(before, str) and before.strip("0") else None), given("GITHUB_SHA")


def run_link() -> str:
    """Return the address of the run."""
    return f"{given('GITHUB_SERVER_URL')}/{given('GITHUB_REPOSITORY')}/actions/runs/{given('GITHUB_RUN_ID')}"


def _event() -> dict[str, Any]:
    path = given("GITHUB_EVENT_PATH")
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LakeflowError("cannot be read as an event", place=path) from error
    return event if isinstance(event, dict) else {}
