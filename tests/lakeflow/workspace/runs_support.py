"""A workspace whose clock a test moves, and short words for jobs and what becomes of their runs."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.state import TABLES, State
from tests.lakeflow.workspace.conftest import AT, USERS

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOTEBOOK = {"notebook_path": "/Shared/n"}


class Moved:
    """A workspace at a time of its own: time passes before each request, as the server has it."""

    def __init__(self, state: State | None = None, at: int = AT) -> None:
        self.state, self.at = state or State(), at
        self.core = Core(USERS, every_service(self.state))

    def answer(self, request: Request) -> Answer:
        """Answer a request of the test's server."""
        self.core.pass_time(self.at)
        return self.core.answer(request)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request without a server, and return what is answered; `error_code` in it says that it was refused."""
        request = Request(
            method=method,
            path=f"/api/2.2{path}",
            query={name: str(value) for name, value in query.items()},
            headers={"authorization": "Bearer token-of-jd", "host": "here"},
            content=b"" if body is None else json.dumps(body).encode(),
            at=self.at,
        )
        return json.loads(self.answer(request).body or b"{}")

    def post(self, path: str, **body: Any) -> Any:
        """Post a body."""
        return self.call("POST", path, body)

    def get(self, path: str, **query: Any) -> Any:
        """Get an answer."""
        return self.call("GET", path, **query)

    def pass_by(self, milliseconds: int) -> None:
        """Let time go on."""
        self.at += milliseconds
        self.core.pass_time(self.at)

    def job(self, name: str, tasks: Mapping[str, Any], **settings: Any) -> int:
        """Create a job of tasks by key: `after` are those that they wait for, the rest is as the API has it."""
        answer = self.post("/jobs/create", name=name, tasks=tasks_of(tasks), **settings)
        assert "job_id" in answer, answer
        return int(answer["job_id"])

    def run_now(self, job_id: int, **said: Any) -> int:
        """Start a run."""
        answer = self.post("/jobs/run-now", job_id=job_id, **said)
        assert "run_id" in answer, answer
        return int(answer["run_id"])

    def run(self, run_id: int, **query: Any) -> Any:
        """Return a run."""
        return self.get("/jobs/runs/get", run_id=run_id, **query)

    def runs(self, job_id: int | None = None, **query: Any) -> list[Any]:
        """Return all runs of a job, the first one first."""
        said = {} if job_id is None else {"job_id": job_id}
        found: list[Any] = []
        while True:
            page = self.get("/jobs/runs/list", limit=24, page_token=len(found), **said, **query)
            found += page.get("runs", [])
            if not page["has_more"]:
                return found[::-1]

    def says(self, scenario: Mapping[str, Any]) -> None:
        """Let a scenario say what runs do."""
        self.state.tables["settings"]["scenario"] = {"until": "2026-11-22T06:00:00Z", **scenario}

    def reopened(self) -> "Moved":
        """Return the workspace that opens what this one has written down."""
        state = State(last=self.state.last)
        for name in TABLES:
            for key, row in self.state.tables[name].items():
                state.tables[name][key] = json.loads(json.dumps(row))
        for name, rows in self.state.system.items():
            state.system.add(name, copy.deepcopy(rows))
        return Moved(state, self.at)


def tasks_of(tasks: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return tasks as the API has them."""
    found = []
    for key, said in tasks.items():
        body = dict(said)
        after = body.pop("after", [])
        if not any(name.endswith("_task") for name in body):
            body["notebook_task"] = NOTEBOOK
        parents = [
            {"task_key": parent, **({"outcome": outcome} if outcome else {})}
            for parent, _, outcome in (each.partition("=") for each in after)
        ]
        found.append({"task_key": key, **body, **({"depends_on": parents} if parents else {})})
    return found


def state_of(entry: Any) -> str:
    """Return how far something is in one word: its result, or its phase."""
    return str(entry["state"].get("result_state") or entry["state"]["life_cycle_state"])


def states_of(run: Any) -> list[str]:
    """Return `task STATE` for each entry of a run, in order."""
    return [f"{task['task_key']} {state_of(task)}" for task in run["tasks"]]
