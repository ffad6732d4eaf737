"""A workspace with a past, behind a server whose clock stands still, and a connection to it through databricks-sdk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lakeflow.run.connection import Connection, connect
from lakeflow.scenario.playback import History
from lakeflow.workspace.core import Core, every_service, route_of
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.past import give_past
from lakeflow.workspace.state import State
from tests.support.clean import nothing_of_the_machine
from tests.support.loopback import Server
from tests.support.workspace_exchange import Failure

TOKEN = "of-the-tests"
USER = "jd@example.com"


class Past:
    """The workspace; troubles wait for requests to a route, each for one of them."""

    def __init__(self, history: History) -> None:
        self.state = State()
        self.troubles: list[tuple[str, Failure]] = []
        self.asked: list[str] = []
        self.history = history
        give_past(self.state, history)
        self._core = Core({TOKEN: USER}, every_service(self.state), workspace_id=history.scenario.workspace_id)

    def answer(self, request: Request) -> Answer | None:
        """Answer one request, or let it meet the trouble that waits for it."""
        route = route_of(request)
        self.asked.append(route)
        for trouble in self.troubles:
            if trouble[0] == route:
                self.troubles.remove(trouble)
                return Answer(status=trouble[1].status, body=trouble[1].body, headers=trouble[1].headers)
        return self._core.answer(request)

    @contextmanager
    def served(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
        """Serve it at the end of its history, with its credentials and nothing of the machine's own; yield the host."""
        nothing_of_the_machine(monkeypatch, token=TOKEN)
        at = round(self.history.scenario.until.timestamp() * 1000)
        with Server(self.answer, clock=lambda: at) as server:
            yield server.host

    @contextmanager
    def connected(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
        """Serve it and connect to it."""
        with self.served(monkeypatch) as host:
            yield connect(host, "prod")

    def first_page(self, token: str = "again") -> str:
        """Return the first page of the list of runs, with this token for the next."""
        at = round(self.history.scenario.until.timestamp() * 1000)
        request = Request(
            method="GET",
            path="/api/2.2/jobs/runs/list",
            query={"limit": "24", "expand_tasks": "true"},
            headers={"authorization": f"Bearer {TOKEN}"},
            at=at,
        )
        page = json.loads(self._core.answer(request).body)
        return json.dumps({**page, "has_more": True, "next_page_token": token})
