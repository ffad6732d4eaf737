"""Git folders and Git credentials: https://docs.databricks.com/api/workspace/repos, …/gitcredentials.

A Git folder is kept with its branch; nothing is cloned. A credential's token is not kept.
"""

from lakeflow.workspace.exchange import Json, Request, Route, Routes, exists, invalid
from lakeflow.workspace.fields import document, fields, text, truth
from lakeflow.workspace.objects import without_prefix
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_REPO = fields(url=text, provider=text, path=text, branch=text, tag=text, sparse_checkout=document)
_CREDENTIAL = fields(
    git_provider=text,
    git_username=text,
    git_email=text,
    name=text,
    personal_access_token=text,
    is_default_for_provider=truth,
)
_SHOWN = ("git_provider", "git_username", "git_email", "name", "is_default_for_provider")
_MAIN = "main"


class Repos:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._repos = Table(state, "repos", "Repo", kind="repos")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /repos": Route("keep a Git folder, without cloning it", self._create, _REPO),
            "GET /repos": Route("list Git folders, those below `path_prefix`", self._list),
            "GET /repos/{id}": Route("read a Git folder", lambda request: self._repos[request.parts["id"]]),
            "PATCH /repos/{id}": Route("check out another branch or tag", self._update, _REPO),
            "DELETE /repos/{id}": Route("delete a Git folder", self._delete),
        }

    def _create(self, request: Request) -> Json:
        url = request.text("url")
        name = url.rstrip("/").rpartition("/")[2].removesuffix(".git")
        path = without_prefix(request.body.get("path", f"/Repos/{request.caller}/{name}"))
        if self._repos.taken("path", path):
            raise exists(f"Repo with path {path} already exists.")
        number = self._state.next_number()
        self._repos[str(number)] = {
            "id": number,
            "url": url,
            "provider": request.text("provider"),
            "path": path,
            "branch": _MAIN,
            "head_commit_id": self._state.next_hex(40),
            **{name: request.body[name] for name in ("sparse_checkout",) if name in request.body},
            "creator_user_name": request.caller,
        }
        return self._repos[str(number)]

    def _list(self, request: Request) -> Json:
        prefix = request.query.get("path_prefix", "")
        below = without_prefix(prefix) if prefix else "/"
        return page((row for row in self._repos.rows() if row["path"].startswith(below)), request, "repos", most=20)

    def _update(self, request: Request) -> Json:
        repo = self._repos[request.parts["id"]]
        if "branch" in request.body and "tag" in request.body:
            raise invalid("Only one of branch and tag can be checked out.")
        repo["branch"] = request.body.get("branch") or (None if "tag" in request.body else repo.get("branch"))
        repo["head_commit_id"] = self._state.next_hex(40)
        if "sparse_checkout" in request.body:
            repo["sparse_checkout"] = request.body["sparse_checkout"]
        return {}

    def _delete(self, request: Request) -> Json:
        del self._repos[request.parts["id"]]
        return {}


class GitCredentials:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._credentials = Table(state, "credentials", "Git credential")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/git-credentials"
        return {
            f"POST {path}": Route("keep who is known to a Git provider, without the token", self._create, _CREDENTIAL),
            f"GET {path}": Route("list Git credentials", lambda _: {"credentials": self._credentials.rows()}),
            f"GET {path}/{{id}}": Route(
                "read a Git credential", lambda request: self._credentials[request.parts["id"]]
            ),
            f"PATCH {path}/{{id}}": Route("change a Git credential", self._update, _CREDENTIAL),
            f"DELETE {path}/{{id}}": Route("delete a Git credential", self._delete),
        }

    def _create(self, request: Request) -> Json:
        provider = request.text("git_provider")
        number = self._state.next_number()
        self._credentials[str(number)] = {**_said(request), "credential_id": number, "git_provider": provider}
        return self._credentials[str(number)]

    def _update(self, request: Request) -> Json:
        self._credentials[request.parts["id"]].update(_said(request))
        return {}

    def _delete(self, request: Request) -> Json:
        del self._credentials[request.parts["id"]]
        return {}


def _said(request: Request) -> Json:
    return {name: request.body[name] for name in _SHOWN if name in request.body}
