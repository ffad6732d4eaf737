"""Requests to GitHub end: with what was asked for, or with one line."""

import pytest

from constructs_lib import LakeflowError
from tests.support.github import REPOSITORY, GitHubServer
from tests.tools.github.conftest import Pauses
from tools.github.api import GitHub

LABELS = "/issues/12/labels"


def labels(github: GitHub) -> list[str]:
    """Return the labels of a pull request."""
    found = github.pages(LABELS, doing="read the labels of #12", needs="pull-requests: read")
    return [label["name"] for label in found]


def pauses(github: GitHub) -> list[float]:
    """Return the pauses that were made."""
    waited = github._client.wait
    assert isinstance(waited, Pauses)
    return waited.made


def test_every_page_is_read(server: GitHubServer, github: GitHub) -> None:
    server.labels = [f"label-{number}" for number in range(10)]
    assert labels(github) == server.labels
    assert [asked.query.get("page") for asked in server.asked] == [None, "2", "3", "4"]
    assert {asked.query["per_page"] for asked in server.asked} == {"100"}


@pytest.mark.parametrize(
    ("status", "told", "pause"),
    [(502, None, 2), (500, "7", 7), (429, "3600", 60), (403, "5", 5), (503, "Wed, 21 Oct 2026 07:28:00 GMT", 2)],
)
def test_a_passing_trouble_is_waited_for(
    github: GitHub, server: GitHubServer, status: int, told: str | None, pause: float
) -> None:
    server.labels = ["one"]
    server.troubles = [("GET", status, {"Retry-After": told} if told else {})]
    assert labels(github) == ["one"]
    assert pauses(github) == [pause]


def test_a_lasting_trouble_ends(server: GitHubServer, github: GitHub) -> None:
    server.troubles = [("GET", 502, {})] * 10
    with pytest.raises(LakeflowError, match=r"^cannot read the labels of #12: GitHub says 502 trouble$"):
        labels(github)
    assert pauses(github) == [2, 4, 8]


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        (401, "; give the job's GITHUB_TOKEN to this step"),
        (403, "; give the job the permission pull-requests: read"),
        (404, "; give the job the permission pull-requests: read, and look at GITHUB_REPOSITORY"),
        (422, ""),
        (302, ""),
    ],
)
def test_a_refusal_is_one_line(server: GitHubServer, github: GitHub, status: int, fix: str) -> None:
    server.troubles = [("GET", status, {"Location": "https://elsewhere.example.com/"})]
    with pytest.raises(LakeflowError) as raised:
        labels(github)
    assert str(raised.value) == f"cannot read the labels of #12: GitHub says {status} trouble{fix}"
    assert pauses(github) == []
    assert len(server.asked) == 1


def test_a_wrong_token(server: GitHubServer) -> None:
    with pytest.raises(LakeflowError, match="GitHub says 401 Bad credentials; give the job's GITHUB_TOKEN"):
        labels(GitHub(REPOSITORY, "other", endpoint=server.url))


def test_nobody_answers() -> None:
    waited = Pauses()
    with GitHubServer() as server:
        pass
    with pytest.raises(LakeflowError, match=r"cannot read the labels of #12: 127.0.0.1:\d+ does not answer \(.+\)"):
        labels(GitHub(REPOSITORY, "x", endpoint=server.url, wait=waited))
    assert len(waited.made) == 3


def test_the_token_goes_to_no_other_server(server: GitHubServer, github: GitHub) -> None:
    server.labels = ["a", "b", "c", "d"]
    server.url = "http://127.0.0.1:1"
    with pytest.raises(LakeflowError, match="the next page is on another server"):
        labels(github)


def test_the_token_is_not_sent_unencrypted() -> None:
    with pytest.raises(LakeflowError, match="would receive the credentials unencrypted; write https://"):
        labels(GitHub(REPOSITORY, "x", endpoint="http://github.example.com"))


def test_another_api(server: GitHubServer, github: GitHub) -> None:
    server.troubles = [("GET", 200, {})]
    with pytest.raises(LakeflowError, match=r"what answers at http://127.0.0.1:\d+ is not GitHub's API"):
        labels(github)


def test_outside_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with pytest.raises(LakeflowError, match="GITHUB_REPOSITORY is not set; run this in a job of GitHub Actions"):
        GitHub.of_this_job()
