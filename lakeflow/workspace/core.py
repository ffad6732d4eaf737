"""The workspace as one function from request to answer: no socket, no thread, no clock, nothing random.

https://docs.databricks.com/api/workspace/introduction. What is not known here is answered 404 in Databricks' shape, and
so is a known path with another method, as there: https://github.com/databricks/databricks-cli/issues/383.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable
from urllib.parse import unquote

from lakeflow.workspace.exchange import Answer, Handler, RefusedError, Request, Routes
from lakeflow.workspace.services import every_service
from lakeflow.workspace.state import WORKSPACE_ID
from lakeflow.workspace.throttle import Throttle
from lakeflow.workspace.users import User

__all__ = ["Core", "every_service", "route_of"]

VERSION = re.compile(r"^/api/(?:1\.2|2\.[0-2])/")
WELL_KNOWN = "/.well-known/databricks-config"
_PART = re.compile(r"\{(\w+)(\.\.\.)?\}")
FAULT = RefusedError(500, "INTERNAL_ERROR", "An internal error has occurred.")


class Service(Protocol):
    """One concern of the workspace."""

    def routes(self) -> Routes:
        """Return what answers which path."""


@runtime_checkable
class Timed(Protocol):
    """A service for which time passes: things happen there although nobody asks."""

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""


@runtime_checkable
class Guarding(Protocol):
    """A service that says who may ask for what."""

    def admit(self, route: str, request: Request) -> None:
        """Refuse a request that its caller may not make."""


class Core:
    """A workspace that knows users by their bearer tokens; a plain name is an administrator's.

    `most_per_second` is how many requests one user may make in a second of the workspace's time; None is no limit.
    """

    def __init__(
        self,
        users: Mapping[str, User | str],
        services: Iterable[Service],
        *,
        workspace_id: str = WORKSPACE_ID,
        most_per_second: int | None = None,
    ) -> None:
        self._users = {token: User(user) if isinstance(user, str) else user for token, user in users.items()}
        self._everybody = tuple(dict.fromkeys(self._users.values()))
        self._workspace_id = workspace_id
        self._headers = {"Content-Type": "application/json", "X-Databricks-Org-Id": workspace_id}
        self._throttle = Throttle(most_per_second)
        self.routes: dict[str, Handler] = {}
        self._timed: list[Timed] = []
        self._guards: list[Guarding] = []
        for service in services:
            self.routes.update(service.routes())
            if isinstance(service, Timed):
                self._timed.append(service)
            if isinstance(service, Guarding):
                self._guards.append(service)
        self._patterns = [(_pattern(route), route) for route in self.routes if "{" in route]

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""
        for service in self._timed:
            service.pass_time(at)

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        headers = {**self._headers, "X-Request-Id": _request_id(request)}
        try:
            answer = self._handled(request)
        except RefusedError as refusal:
            answer = refusal.answer()
        except Exception:
            logging.getLogger(__name__).exception("%s %s", request.method, request.path)
            answer = FAULT.answer()
        if isinstance(answer, Answer):
            return replace(answer, headers={**headers, **answer.headers})
        return Answer(body=json.dumps(answer).encode(), headers=headers)

    def _handled(self, request: Request) -> object:
        if request.path == WELL_KNOWN and request.method == "GET":
            # Asked before anybody has said who he is.
            oidc = f"http://{request.headers.get('host', 'localhost')}/oidc"
            return {"workspace_id": self._workspace_id, "cloud": "Azure", "oidc_endpoint": oidc}
        if not VERSION.match(request.path):
            raise _unknown(request)
        user = self._user(request)
        self._throttle.count(user.name, request.at)
        request = replace(request, caller=user.name, user=user, users=self._everybody)
        route, request = self._matching(request)
        for guard in self._guards:
            guard.admit(route, request)
        return self.routes[route](request)

    def _user(self, request: Request) -> User:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            words = "Credential was not sent or was of an unsupported type for this API."
            raise RefusedError(401, "UNAUTHORIZED", words)
        if token not in self._users:
            # The service says the status in place of a code: https://github.com/databricks/databricks-sdk-go/issues/917
            raise RefusedError(403, 403, "Invalid access token.")
        return self._users[token]

    def _matching(self, request: Request) -> tuple[str, Request]:
        """Return the route of a request, and the request with what the route names of its path."""
        route = route_of(request)
        if route in self.routes:
            return route, request
        for pattern, known in self._patterns:
            match = pattern.fullmatch(route)
            if match:
                parts = {name: unquote(part) for name, part in match.groupdict().items()}
                return known, replace(request, parts=parts)
        raise _unknown(request)


def route_of(request: Request) -> str:
    """Return `GET /jobs/list` for a request to any version of that API."""
    return f"{request.method} {VERSION.sub('/', request.path)}"


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(_PART.sub(lambda part: f"(?P<{part[1]}>{'.+' if part[2] else '[^/]+'})", route), re.DOTALL)


def _unknown(request: Request) -> RefusedError:
    return RefusedError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{route_of(request)}'")


def _request_id(request: Request) -> str:
    """Return what names a request in its answer: the same for the same request at the same time."""
    said = f"{request.at} {request.method} {request.path} {sorted(request.query.items())}"
    digits = hashlib.sha256(said.encode(errors="replace") + request.content[:4096]).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"
