"""What was reviewed of a push: the fingerprint in the checks of the pull requests that it has merged."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.github import GitHubServer
from tests.tools.conftest import FINGERPRINT, OTHER
from tools.github import __main__ as command, checks
from tools.github.api import GitHub
from tools.github.merged import Reviewed, reviewed

BEFORE, AFTER = "b" * 40, "a" * 40
ONE, TWO = "1" * 40, "2" * 40


def checked(github: GitHub, head: str, fingerprint: str | None = FINGERPRINT, conclusion: str = "neutral") -> None:
    """Write the check of a pull request."""
    made = checks.Check(conclusion, fingerprint)
    checks.write(github, head, "prod", made, title="review", said="See the comment.", link="https://github.com/run")


def found(github: GitHub) -> Reviewed:
    """Return what was reviewed of the push."""
    return reviewed(github, "prod", BEFORE, AFTER)


def test_a_merge_commit(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    server.push(TWO, BEFORE)
    server.push(ONE, TWO)
    server.merge(12, ONE, AFTER, BEFORE, ONE, contained=(TWO, ONE))
    assert found(github) == Reviewed(FINGERPRINT, "#12 was reviewed")
    # What a merge has brought is not asked for one by one.
    assert [asked.path.split("/")[-2] for asked in server.asked if asked.path.endswith("/pulls")] == [AFTER]


def test_a_squash(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github).fingerprint == FINGERPRINT


def test_a_rebase(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    server.push("e" * 40, BEFORE)
    server.push("f" * 40, "e" * 40)
    server.merge(12, ONE, AFTER, "f" * 40, contained=("e" * 40, "f" * 40))
    assert found(github).fingerprint == FINGERPRINT


def test_a_merge_queue_of_which_one_changes_the_environment(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    checked(github, TWO, None, "success")
    server.merge(12, ONE, "e" * 40, BEFORE)
    server.merge(13, TWO, AFTER, "e" * 40)
    assert found(github) == Reviewed(FINGERPRINT, "#12 was reviewed")


def test_a_merge_queue_of_which_two_do(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    checked(github, TWO, OTHER)
    server.merge(12, ONE, "e" * 40, BEFORE)
    server.merge(13, TWO, AFTER, "e" * 40)
    assert found(github) == Reviewed(None, "#12, #13 were merged together, but reviewed one by one")


def test_a_long_push(server: GitHubServer, github: GitHub) -> None:
    """The comparison has pages too."""
    checked(github, ONE)
    line = [BEFORE, *(f"{number:040}" for number in range(9))]
    server.merge(12, ONE, line[1], BEFORE)
    for parent, commit in pairwise(line[1:]):
        server.push(commit, parent)
    server.push(AFTER, line[-1])
    assert found(github).fingerprint == FINGERPRINT


def test_a_direct_push(server: GitHubServer, github: GitHub) -> None:
    server.push(AFTER, BEFORE)
    assert found(github) == Reviewed(None, "aaaaaaa was pushed without a pull request")


def test_a_pull_request_that_merely_has_the_commit(server: GitHubServer, github: GitHub) -> None:
    """An open one, and one into another branch."""
    checked(github, ONE)
    server.push(AFTER, BEFORE)
    server.pulls[AFTER] = [
        {"number": 12, "head": {"sha": ONE}, "merge_commit_sha": AFTER, "merged_at": None},
        {"number": 13, "head": {"sha": ONE}, "merge_commit_sha": TWO, "merged_at": "2026-11-22T10:00:00Z"},
    ]
    assert found(github).fingerprint is None


def test_without_a_check(server: GitHubServer, github: GitHub) -> None:
    checked(github, TWO)
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github) == Reviewed(None, "#12 has no check 'review of prod' on 1111111")


def test_a_check_of_another_app_does_not_count(server: GitHubServer, github: GitHub) -> None:
    server.app = "some-app"
    checked(github, ONE)
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github).fingerprint is None


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "action_required"])
def test_a_check_that_has_not_passed(server: GitHubServer, github: GitHub, conclusion: str) -> None:
    checked(github, ONE, conclusion=conclusion)
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github) == Reviewed(None, "the check 'review of prod' of #12 has not passed")


def test_the_newest_check_counts(server: GitHubServer, github: GitHub) -> None:
    for fingerprint in (OTHER, None, OTHER, FINGERPRINT):
        checked(github, ONE, fingerprint)
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github).fingerprint == FINGERPRINT


def test_a_check_with_two_fingerprints_has_none(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE)
    server.checks[0]["output"]["summary"] += f"\nFingerprint: `{OTHER}`"
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github).fingerprint is None


def test_nothing_changed_here(server: GitHubServer, github: GitHub) -> None:
    checked(github, ONE, None, "success")
    server.merge(12, ONE, AFTER, BEFORE)
    assert found(github) == Reviewed(None, "#12 changed nothing in prod")


@pytest.mark.parametrize(
    "event", [{"before": BEFORE}, {"before": "0" * 40}, {"inputs": {}}], ids=["push", "new branch", "by hand"]
)
def test_the_step_of_a_deploy(
    server: GitHubServer, github: GitHub, job: Any, tmp_path: Path, event: dict[str, Any]
) -> None:
    checked(github, ONE)
    server.merge(12, ONE, AFTER, BEFORE)
    server.asked.clear()
    job(event, GITHUB_SHA=AFTER)
    assert command.main(["expected", "prod"]) == 0
    assert (tmp_path / "output").read_text() == f"fingerprint={FINGERPRINT}\n"
    assert ("/compare/" in server.asked[0].path) is (event.get("before") == BEFORE)


def test_the_step_says_why_there_is_none(
    server: GitHubServer, job: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.push(AFTER, BEFORE)
    job({"before": BEFORE}, GITHUB_SHA=AFTER)
    assert command.main(["expected", "prod"]) == 0
    assert (tmp_path / "output").read_text() == "fingerprint=\n"
    assert capsys.readouterr().out == (
        "aaaaaaa was pushed without a pull request: only a plan without changes passes\n"
    )
