"""GitHub's REST API for one repository, with the token of the job.

https://docs.github.com/en/rest
"""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from constructs_lib.errors import LakeflowError
from tools.web import Answer, Client, Wait

ENDPOINT = "https://api.github.com"
_NEXT = re.compile(r'<([^>]*)>;\s*rel="next"')


class GitHub:
    """One repository. `doing` and `needs` say in an error what failed, and which permission of the job it takes."""

    def __init__(self, repository: str, token: str, *, endpoint: str = ENDPOINT, wait: Wait = time.sleep) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "lakeflow-jobs",
        }
        self._client = Client(endpoint.rstrip("/"), headers, wait)
        self._path = f"/repos/{repository}"

    @classmethod
    def of_this_job(cls) -> "GitHub":
        """Return the repository that the job runs for; an error names what the job does not give."""
        return cls(
            given("GITHUB_REPOSITORY"), given("GITHUB_TOKEN"), endpoint=os.environ.get("GITHUB_API_URL") or ENDPOINT
        )

    def get(self, path: str, *, doing: str, needs: str) -> Any:
        """Return what stands at a path below the repository."""
        return self._ask("GET", self._path + path, doing=doing, needs=needs).json()

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, doing: str, needs: str) -> Any:
        """Change something and return what it became."""
        return self._ask(method, self._path + path, body, doing=doing, needs=needs).json()

    def pages(self, path: str, *, doing: str, needs: str, key: str | None = None, **query: str) -> Iterator[Any]:
        """Yield the entries of a list, page by page; `key` is where they stand in an answer that is an object."""
        url = f"{self._path}{path}?{urlencode({**query, 'per_page': '100'})}"
        while url:
            answer = self._ask("GET", url, doing=doing, needs=needs)
            document = answer.json()
            entries = document.get(key) if key and isinstance(document, dict) else document
            if not isinstance(entries, list):
                raise LakeflowError(f"cannot {doing}: what answers at {self._client.base} is not GitHub's API")
            yield from entries
            following = _NEXT.search(answer.headers.get("link", ""))
            url = following[1] if following else ""
            if url and not url.startswith(f"{self._client.base}/"):
                raise LakeflowError(f"cannot {doing}: the next page is on another server")

    def _ask(self, method: str, url: str, body: Mapping[str, Any] | None = None, *, doing: str, needs: str) -> Answer:
        data = json.dumps(body).encode() if body is not None else None
        answer = self._client.ask(method, url, doing=doing, body=data)
        if answer.status < 300:
            return answer
        document = answer.json()
        said = document.get("message", "") if isinstance(document, dict) else ""
        fix = {
            401: "give the job's GITHUB_TOKEN to this step",
            403: f"give the job the permission {needs}",
            404: f"give the job the permission {needs}, and look at GITHUB_REPOSITORY",
        }.get(answer.status)
        raise LakeflowError(f"cannot {doing}: GitHub says {answer.status} {_one_line(said)}".rstrip(), fix=fix)


def given(name: str) -> str:
    """Return a variable of the job; an error says that it is missing."""
    value = os.environ.get(name)
    if not value:
        raise LakeflowError(f"{name} is not set", fix="run this in a job of GitHub Actions, with GITHUB_TOKEN given")
    return value


def _one_line(said: str) -> str:
    return " ".join(str(said).split())
