"""A check on a commit for each environment; its output keeps the fingerprint of the plan that was reviewed.

https://docs.github.com/en/rest/checks/runs
"""

import re
from dataclasses import dataclass

from tools.github.api import GitHub

APP = "github-actions"
"""Whose checks count: those of the jobs of this repository."""
CONCLUSIONS = {"block": "failure", "review": "neutral", "safe": "success", "no changes": "success"}
"""Verdict → conclusion; any other verdict fails."""
FAILURE = "failure"
PASSED = frozenset({"success", "neutral"})
_FINGERPRINT = re.compile(r"^Fingerprint: `(sha256:[0-9a-f]{64}|none)`$", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """What a check says."""

    conclusion: str
    fingerprint: str | None
    """None where the plan changes nothing, or there was none."""


def name_of(environment: str) -> str:
    """Return the name by which people and branch protection see the check."""
    return f"review of {environment}"


def write(github: GitHub, commit: str, environment: str, check: Check, *, title: str, said: str, link: str) -> None:
    """Write a check; `said` is what its page says before the fingerprint."""
    body = {
        "name": name_of(environment),
        "head_sha": commit,
        "status": "completed",
        "conclusion": check.conclusion,
        "details_url": link,
        "output": {"title": title, "summary": f"{said}\n\nFingerprint: `{check.fingerprint or 'none'}`"},
    }
    doing = f"write the check {name_of(environment)!r}"
    github.send("POST", "/check-runs", body, doing=doing, needs="checks: write")


def read(github: GitHub, commit: str, environment: str) -> Check | None:
    """Return the newest check of an environment on a commit; None where no job of this repository has written one."""
    name = name_of(environment)
    found = [
        run
        for run in github.pages(
            f"/commits/{commit}/check-runs",
            doing=f"read the check {name!r} of {commit[:7]}",
            needs="checks: read",
            key="check_runs",
            check_name=name,
            filter="all",
        )
        if run["name"] == name
        and (run.get("app") or {}).get("slug") == APP
        and run["head_sha"] == commit
        and run["status"] == "completed"
    ]
    if not found:
        return None
    newest = max(found, key=lambda run: int(run["id"]))
    kept = _FINGERPRINT.findall(str((newest.get("output") or {}).get("summary")))
    fingerprint = kept[0] if len(kept) == 1 else "none"
    return Check(str(newest["conclusion"]), None if fingerprint == "none" else fingerprint)
