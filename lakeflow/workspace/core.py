"""The workspace as one function from request to answer: no socket, no thread, no clock, nothing random.

https://docs.databricks.com/api/workspace/introduction. What is not known here is answered 404 in Databricks' shape.
"""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable
from urllib.parse import unquote

from lakeflow.workspace.alerts import Alerts
from lakeflow.workspace.catalog import Schemas, Volumes
from lakeflow.workspace.clusters import Clusters
from lakeflow.workspace.dashboards import Dashboards
from lakeflow.workspace.destinations import Destinations
from lakeflow.workspace.exchange import Answer, Handler, RefusedError, Request, Routes
from lakeflow.workspace.files import Files
from lakeflow.workspace.grants import Grants
from lakeflow.workspace.identity import Identity
from lakeflow.workspace.jobs import Jobs
from lakeflow.workspace.libraries import ClusterLibraries
from lakeflow.workspace.objects import Objects
from lakeflow.workspace.permissions import Permissions
from lakeflow.workspace.pipelines import Pipelines
from lakeflow.workspace.policies import Policies
from lakeflow.workspace.pools import Pools
from lakeflow.workspace.queries import Queries
from lakeflow.workspace.runs import Runs
from lakeflow.workspace.secrets import Secrets
from lakeflow.workspace.state import State
from lakeflow.workspace.statements import Statements
from lakeflow.workspace.warehouses import Warehouses

WORKSPACE_ID = "1"
VERSION = re.compile(r"^/api/\d\.\d/")
_PART = re.compile(r"\{(\w+)(\.\.\.)?\}")
_FAULT = RefusedError(500, "INTERNAL_ERROR", "An internal error has occurred.")


class Service(Protocol):
    """One concern of the workspace."""

    def routes(self) -> Routes:
        """Return what answers which path."""


@runtime_checkable
class Timed(Protocol):
    """A service for which time passes: things happen there although nobody asks."""

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""


def every_service(state: State) -> list[Service]:
    """Return everything that a workspace can do."""
    return [
        Alerts(state),
        ClusterLibraries(state),
        Clusters(state),
        Dashboards(state),
        Destinations(state),
        Files(state),
        Grants(state),
        Identity(),
        Jobs(state),
        Objects(state),
        Permissions(state),
        Pipelines(state),
        Policies(state),
        Pools(state),
        Queries(state),
        Runs(state),
        Schemas(state),
        Secrets(state),
        Statements(state),
        Volumes(state),
        Warehouses(state),
    ]


class Core:
    """A workspace that knows users by their bearer tokens."""

    def __init__(
        self, users: Mapping[str, str], services: Iterable[Service], *, workspace_id: str = WORKSPACE_ID
    ) -> None:
        self._users = users
        self._headers = {"Content-Type": "application/json", "X-Databricks-Org-Id": workspace_id}
        self.routes: dict[str, Handler] = {}
        self._timed: list[Timed] = []
        for service in services:
            self.routes.update(service.routes())
            if isinstance(service, Timed):
                self._timed.append(service)
        self._patterns = [(_pattern(route), handler) for route, handler in self.routes.items() if "{" in route]

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""
        for service in self._timed:
            service.pass_time(at)

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        try:
            answer = self._handled(request)
        except RefusedError as refusal:
            return Answer(status=refusal.status, body=refusal.body(), headers=self._headers)
        except Exception:
            logging.getLogger(__name__).exception("%s %s", request.method, request.path)
            return Answer(status=500, body=_FAULT.body(), headers=self._headers)
        if isinstance(answer, Answer):
            return replace(answer, headers={**self._headers, **answer.headers})
        return Answer(body=json.dumps(answer).encode(), headers=self._headers)

    def _handled(self, request: Request) -> object:
        if not VERSION.match(request.path):
            raise _unknown(request)
        caller = self._users.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if caller is None:
            raise RefusedError(
                401, "UNAUTHORIZED", "Credential was not sent or was of an unsupported type for this API."
            )
        handler, parts = self._matching(request)
        return handler(replace(request, caller=caller, parts=parts))

    def _matching(self, request: Request) -> tuple[Handler, Mapping[str, str]]:
        route = route_of(request)
        if route in self.routes:
            return self.routes[route], {}
        for pattern, handler in self._patterns:
            match = pattern.fullmatch(route)
            if match:
                return handler, {name: unquote(part) for name, part in match.groupdict().items()}
        raise _unknown(request)


def route_of(request: Request) -> str:
    """Return `GET /jobs/list` for a request to any version of that API."""
    return f"{request.method} {VERSION.sub('/', request.path)}"


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(_PART.sub(lambda part: f"(?P<{part[1]}>{'.+' if part[2] else '[^/]+'})", route))


def _unknown(request: Request) -> RefusedError:
    return RefusedError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{request.method} {request.path}'")
