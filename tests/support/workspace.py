"""The workspace of the tests: jobs and who asks from `lakeflow.workspace`, runs that play scripts, and troubles.

    with Workspace() as workspace:
        workspace.jobs.create({"name": "daily", "tasks": [{"task_key": "ingest", …}]})
        workspace.will_run("daily", {"ingest": ["PENDING", "RUNNING", "FAILED"]})
        WorkspaceClient(host=workspace.host, token=workspace.token).jobs.run_now(…)
    assert workspace.asked("POST /jobs/run-now")[0].body["job_parameters"] == {…}

What is not known here is answered 404 in Databricks' own shape and is recorded like everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from lakeflow.workspace.core import Core, route_of
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.identity import Identity
from lakeflow.workspace.jobs import Jobs
from lakeflow.workspace.state import State
from tests.support.loopback import Server
from tests.support.workspace_exchange import Failure
from tests.support.workspace_runs import RunsService, Script
from tests.support.workspace_spelling import Step

__all__ = ["Workspace", "route_of"]

USER = "jd@example.com"
_MOST_EXACT = 2**53  # what a double holds exactly: ids are 64-bit integers, and the first job has one more


@dataclass(kw_only=True)
class _Trouble:
    """A failure that waits for requests."""

    route: str
    failure: Failure
    after: int
    times: int | None


class Workspace:
    """The workspace: start and stop it with `with`."""

    def __init__(self, *, token: str = "of-the-tests") -> None:
        self.token = token
        self.requests: list[Request] = []
        self.jobs = Jobs(State(last=_MOST_EXACT))
        self.runs = RunsService(self.jobs)
        self._troubles: list[_Trouble] = []
        self._core = Core({token: USER}, [Identity(), self.jobs, self.runs])
        self._server = Server(self.answer)
        self.host = self._server.host
        self.runs.host = self.host

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)

    def will_run(
        self, job_name: str, script: Script, *, before: Sequence[str | Step] = (), result: str | None = None
    ) -> None:
        """Let the next run of a job play a script; see RunsService.will_run."""
        self.runs.will_run(job_name, script, before=before, result=result)

    def fail(self, route: str, failure: Failure, *, after: int = 0, times: int | None = 1) -> None:
        """Let requests to a route, such as `GET /jobs/runs/get`, meet a failure so often, or for ever with None.

        `after` is how many requests go well before. Failures of one route come in the order in which they were named.
        """
        self._troubles.append(_Trouble(route=route, failure=failure, after=after, times=times))

    def asked(self, route: str) -> list[Request]:
        """Return the requests to one route, in order."""
        return [request for request in self.requests if route_of(request) == route]

    def answer(self, request: Request) -> Answer | None:
        """Answer one request; None breaks the connection off."""
        self.requests.append(request)
        failure = self._failure(route_of(request))
        if failure and not failure.after_handling:
            return Answer(status=failure.status, body=failure.body, headers=failure.headers)
        answer = self._core.answer(request)
        return None if failure and failure.silent else answer

    def _failure(self, route: str) -> Failure | None:
        for trouble in self._troubles:
            if trouble.route != route or trouble.times == 0:
                continue
            if trouble.after:
                trouble.after -= 1
                continue
            if trouble.times is not None:
                trouble.times -= 1
            return trouble.failure
        return None
