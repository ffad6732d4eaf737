"""A pull request shows the review of its plan: in a comment, in the summary of the job and as a check."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.support.github import GitHubServer
from tests.tools.conftest import FINGERPRINT, Terraform
from tests.tools.github.conftest import HEAD, pull_request
from tools.github import __main__ as command, publishing

LINK = "https://github.com/example/lakeflow-jobs/actions/runs/7"


@pytest.fixture
def review(prod: StackMap, terraform: Terraform, job: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that reviews in the job of a pull request."""
    monkeypatch.setattr(publishing, "synthesised", lambda name: replace(prod, stack=name))
    job(pull_request())
    return lambda: command.main(["review", "prod"])


@pytest.mark.parametrize(
    ("verdict", "conclusion"),
    [
        ("block", "failure"),
        ("review", "neutral"),
        ("safe", "success"),
        ("no changes", "success"),
        ("something new", "failure"),
    ],
)
def test_a_review(server: GitHubServer, terraform: Terraform, review: Any, verdict: str, conclusion: str) -> None:
    terraform.will({"verdict": verdict, "fingerprint": FINGERPRINT})
    assert review() == 0
    assert [comment["body"] for comment in server.comments] == [
        f"<!-- lakeflow-review:v1 env=prod -->\n## {verdict} prod\n\n"
    ]
    (check,) = server.checks
    assert (check["name"], check["head_sha"]) == ("review of prod", HEAD)
    assert (check["status"], check["conclusion"], check["details_url"]) == ("completed", conclusion, LINK)
    assert check["output"] == {
        "title": verdict,
        "summary": f"The review is a comment on #12, and whole in the [summary of the run]({LINK}).\n\n"
        f"Fingerprint: `{'none' if verdict == 'no changes' else FINGERPRINT}`",
    }


def test_the_lock_is_not_taken(terraform: Terraform, review: Any) -> None:
    review()
    assert terraform.asked("plan")[0]["options"] == ["-input=false", "-out=plan.tfplan", "-lock=false"]


def test_the_whole_review_is_in_the_summary(
    server: GitHubServer, terraform: Terraform, review: Any, tmp_path: Path
) -> None:
    terraform.will({"verdict": "review", "fingerprint": FINGERPRINT, "text": "x" * 2**20})
    review()
    assert len(server.comments[0]["body"]) == 65_536
    assert 2**20 - 8 < (tmp_path / "summary.md").stat().st_size <= 2**20


def test_what_labels_accept(server: GitHubServer, terraform: Terraform, review: Any) -> None:
    server.labels = ["accept-LR101", "bug", "accept-everything", "accept-LR205", "accept-LR1; rm", "Xaccept-LR102"]
    review()
    for words in terraform.reviewed():
        assert words[words.index("--accept") + 1] == "LR101,LR205"


def test_where_a_review_comes_from(terraform: Terraform, review: Any) -> None:
    review()
    shown = [words for words in terraform.reviewed() if "markdown" in words]
    assert [words[-4:] for words in shown] == [["--commit", HEAD, "--link", LINK]] * 2
    assert [words[words.index("--within") + 1] for words in shown] == ["1048575", "65536"]


def test_nothing_of_a_plan_is_in_the_log(review: Any, capfd: pytest.CaptureFixture[str]) -> None:
    review()
    assert capfd.readouterr().out == ""


def test_a_fork_gets_no_plan(server: GitHubServer, terraform: Terraform, review: Any, job: Any) -> None:
    for origin in ("somebody/lakeflow-jobs", None):
        job(pull_request(origin))
        with pytest.raises(LakeflowError, match="#12 comes from a fork, which gets no plan; push its branch to"):
            review()
    assert not terraform.asked()
    assert not server.asked


def test_a_failed_plan_is_told(server: GitHubServer, terraform: Terraform, review: Any) -> None:
    review()
    terraform.will(None, fails="plan")
    with pytest.raises(LakeflowError, match="prod: terraform plan failed"):
        review()
    (comment,) = server.comments
    said = f"There is no plan for prod: [the run]({LINK}) says why."
    assert comment["body"] == f"<!-- lakeflow-review:v1 env=prod -->\n## 🔴 prod\n\n{said}\n"
    assert server.checks[-1]["conclusion"] == "failure"
    assert server.checks[-1]["output"] == {"title": "no plan", "summary": f"{said}\n\nFingerprint: `none`"}


def test_a_failed_synth_is_told(server: GitHubServer, review: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> StackMap:
        raise LakeflowError("the synth failed", place=name)

    monkeypatch.setattr(publishing, "synthesised", refuse)
    with pytest.raises(LakeflowError, match="prod: the synth failed"):
        review()
    assert server.checks[-1]["output"]["title"] == "no plan"


def test_a_plan_that_broke_off_can_be_expected_by_nobody(
    server: GitHubServer, terraform: Terraform, review: Any
) -> None:
    terraform.will({"verdict": "safe", "fingerprint": FINGERPRINT, "errored": True}, fails="plan")
    assert review() == 0
    assert server.checks[0]["conclusion"] == "failure"
    assert server.checks[0]["output"]["summary"].endswith("Fingerprint: `none`")


def test_a_comment_that_is_refused_leaves_no_check(server: GitHubServer, review: Any) -> None:
    server.troubles = [("POST", 422, {})]
    with pytest.raises(LakeflowError, match="cannot write the review of prod to #12: GitHub says 422 trouble"):
        review()
    assert not server.checks


def test_outside_of_a_pull_request(review: Any, job: Any) -> None:
    job({"before": HEAD})
    with pytest.raises(LakeflowError, match="the job does not run for a pull request; start it on: pull_request"):
        review()


def test_an_event_that_cannot_be_read(review: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text("{")
    with pytest.raises(LakeflowError, match=r"event.json: cannot be read as an event"):
        review()


@pytest.mark.parametrize("words", [[], ["review"], ["review", ""], ["reviews", "prod"], ["review", "prod", "test"]])
def test_unusable_arguments(words: list[str]) -> None:
    with pytest.raises(LakeflowError, match=r"unusable arguments; write python -m tools\.github review"):
        command.main(words)
