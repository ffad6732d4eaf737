"""Which plan was reviewed for what is deployed: the fingerprint of the pull requests that a push has merged."""

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lib.errors import listed
from tools.github import checks
from tools.github.api import GitHub

_NEEDS = "pull-requests: read"


@dataclass(frozen=True)
class Merged:
    """A pull request that was merged."""

    number: int
    head: str


@dataclass(frozen=True)
class Reviewed:
    """What was reviewed of an environment."""

    fingerprint: str | None
    """None where only a plan without changes may pass."""
    why: str


def reviewed(github: GitHub, environment: str, before: str | None, after: str) -> Reviewed:
    """Return what was reviewed of an environment for the commits of a push.

    A push may merge several pull requests, as a merge queue does. Those that change nothing in this environment do not
    count; two that do come as one plan, which nobody has seen.
    """
    pulls = list(_merged(github, before, after))
    if not pulls:
        return Reviewed(None, f"{after[:7]} was pushed without a pull request")
    found: dict[str, str] = {}
    for pull in pulls:
        check = checks.read(github, pull.head, environment)
        name = checks.name_of(environment)
        if check is None:
            return Reviewed(None, f"#{pull.number} has no check {name!r} on {pull.head[:7]}")
        if check.conclusion not in checks.PASSED:
            return Reviewed(None, f"the check {name!r} of #{pull.number} has not passed")
        if check.fingerprint:
            found[f"#{pull.number}"] = check.fingerprint
    if len(found) > 1:
        return Reviewed(None, f"{listed(found)} were merged together, but reviewed one by one")
    if not found:
        return Reviewed(None, f"{listed(f'#{pull.number}' for pull in pulls)} changed nothing in {environment}")
    ((number, fingerprint),) = found.items()
    return Reviewed(fingerprint, f"{number} was reviewed")


def _merged(github: GitHub, before: str | None, after: str) -> Iterator[Merged]:
    """Yield each pull request whose merge is in a push, once."""
    seen: set[int] = set()
    for commit in _first_parents(github, before, after):
        doing = f"find the pull request of {commit[:7]}"
        for pull in github.pages(f"/commits/{commit}/pulls", doing=doing, needs=_NEEDS):
            # GitHub also names those that merely contain the commit.
            if pull.get("merged_at") and pull.get("merge_commit_sha") == commit and pull["number"] not in seen:
                seen.add(pull["number"])
                yield Merged(pull["number"], pull["head"]["sha"])


def _first_parents(github: GitHub, before: str | None, after: str) -> Iterator[str]:
    """Yield the commits that a push has put on the branch, newest first, without those that a merge has brought."""
    if before is None:
        yield after
        return
    parents = {
        commit["sha"]: [parent["sha"] for parent in commit["parents"]]
        for commit in github.pages(
            f"/compare/{before}...{after}",
            doing=f"list the commits from {before[:7]} to {after[:7]}",
            needs="contents: read",
            key="commits",
        )
    }
    at: str | None = after
    while at is not None and (at in parents or at == after):
        yield at
        at = next(iter(parents.get(at, ())), None)
