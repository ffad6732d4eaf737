"""A job of a workflow, on GitHub as it stands in the test."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.github import REPOSITORY, GitHubServer
from tools.github.api import GitHub

HEAD = "c" * 40


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    """GitHub on the loopback."""
    with GitHubServer() as running:
        yield running


class Pauses:
    """Pauses that are noted instead of made."""

    def __init__(self) -> None:
        self.made: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.made.append(seconds)


@pytest.fixture
def github(server: GitHubServer) -> GitHub:
    """The repository."""
    return GitHub(REPOSITORY, server.token, endpoint=server.url, wait=Pauses())


@pytest.fixture
def job(server: GitHubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A function that lets this process be the job that an event has started."""

    def start(event: dict[str, Any], **environ: str) -> None:
        path = tmp_path / "event.json"
        path.write_text(json.dumps(event))
        for name, value in {
            "GITHUB_API_URL": server.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": server.token,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "7",
            "GITHUB_SHA": "d" * 40,
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            **environ,
        }.items():
            monkeypatch.setenv(name, value)

    return start


def pull_request(repository: str | None = REPOSITORY) -> dict[str, Any]:
    """Return the event of a pull request, from this repository or a fork; a deleted fork has none."""
    origin = {"full_name": repository} if repository else None
    return {"pull_request": {"number": 12, "head": {"sha": HEAD, "repo": origin}}}
