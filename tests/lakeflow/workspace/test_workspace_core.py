"""The core answers one request after the other, and refuses in Databricks' own shape."""

import json
import logging
from typing import Any

import pytest

from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.conftest import USERS


def ask(
    core: Core, method: str, path: str, *, token: str = "token-of-jd", content: bytes = b"", **query: str
) -> Answer:
    headers = {"authorization": f"Bearer {token}"}
    return core.answer(Request(method=method, path=path, query=query, content=content, headers=headers))


def told(answer: Answer) -> tuple[int, Any]:
    return answer.status, json.loads(answer.body)


def refused(status: int, code: str | int, message: str) -> tuple[int, Any]:
    return status, {"error_code": code, "message": message}


def test_who_asks_is_known_by_the_token(core: Core) -> None:
    answer = ask(core, "GET", "/api/2.0/preview/scim/v2/Me")
    assert json.loads(answer.body)["userName"] == "jd@example.com"
    assert answer.headers["X-Databricks-Org-Id"] == "1"
    assert told(ask(core, "GET", "/api/2.0/preview/scim/v2/Me", token="another")) == refused(
        403, 403, "Invalid access token."
    )
    nobody = core.answer(Request(method="GET", path="/api/2.0/preview/scim/v2/Me"))
    words = "Credential was not sent or was of an unsupported type for this API."
    assert told(nobody) == refused(401, "UNAUTHORIZED", words)


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("GET", "/api/2.2/nothing", "/nothing"),
        ("PUT", "/api/2.2/jobs/get", "/jobs/get"),  # a known path, but not with this method
        ("GET", "/api/3.0/jobs/list", "/api/3.0/jobs/list"),
        ("GET", "/jobs/list", "/jobs/list"),
        ("GET", "/", "/"),
    ],
)
def test_what_is_not_known_is_not_found(core: Core, method: str, path: str, named: str) -> None:
    message = f"No API found for '{method} {named}'"
    assert told(ask(core, method, path)) == refused(404, "ENDPOINT_NOT_FOUND", message)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "failed to parse given JSON"),
        (b"\xff", "failed to parse given JSON"),
        (b'{"max_concurrent_runs": NaN}', "failed to parse given JSON"),
        (b"[]", "expected a map"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_a_body_that_is_no_object_is_malformed(core: Core, content: bytes, problem: str) -> None:
    message = f"Invalid JSON given in the body of the request - {problem}"
    answer = ask(core, "POST", "/api/2.2/jobs/create", content=content)
    assert told(answer) == refused(400, "MALFORMED_REQUEST", message)


@pytest.mark.parametrize("value", ["x", "-1", "1" * 30])
def test_a_page_that_is_none_is_refused(core: Core, value: str) -> None:
    message = f"Invalid page_token: {value}"
    answer = ask(core, "GET", "/api/2.2/jobs/list", page_token=value)
    assert told(answer) == refused(400, "INVALID_PARAMETER_VALUE", message)


def test_a_field_that_is_missing_is_refused(core: Core) -> None:
    answer = ask(core, "POST", "/api/2.2/jobs/reset", content=b"{}")
    assert told(answer) == refused(400, "INVALID_PARAMETER_VALUE", "Missing required field: job_id")


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("/jobs/reset", b'{"job_id": "x"}', "a whole number for field 'job_id'"),
        ("/jobs/reset", b'{"job_id": 1, "new_settings": []}', "an object for field 'new_settings'"),
        ("/jobs/create", b'{"tasks": 3}', "a list for field 'settings.tasks'"),
        ("/jobs/create", b'{"tasks": [3]}', "an object for field 'settings.tasks[0]'"),
        (
            "/jobs/create",
            b'{"tasks": [{"task_key": "a", "new_cluster": 3}]}',
            "an object for field 'settings.tasks[0].new_cluster'",
        ),
        ("/sql/warehouses", b'{"name": {}}', "a string for field 'name'"),
        ("/secrets/acls/put", b'{"scope": ["s"]}', "a string for field 'scope'"),
    ],
)
def test_a_field_of_a_wrong_kind_is_refused(core: Core, path: str, content: bytes, expected: str) -> None:
    answer = ask(core, "POST", f"/api/2.2{path}", content=content)
    message = f"Could not parse request object: Expected {expected}"
    assert told(answer) == refused(400, "MALFORMED_REQUEST", message)


def test_what_is_written_as_text_is_taken_as_the_service_takes_it(core: Core) -> None:
    tasks = b'[{"task_key": "a", "timeout_seconds": "60", "notebook_task": {"notebook_path": "/n"}, "libraries": null}]'
    answer = ask(core, "POST", "/api/2.2/jobs/create", content=b'{"max_concurrent_runs": 2.0, "tasks": %s}' % tasks)
    _, job = told(ask(core, "GET", "/api/2.2/jobs/get", job_id=str(told(answer)[1]["job_id"])))
    assert (job["settings"]["max_concurrent_runs"], job["settings"]["tasks"][0]["timeout_seconds"]) == (2, 60)
    assert "libraries" not in job["settings"]["tasks"][0]


def test_a_fault_is_logged_and_not_shown(state: State, caplog: pytest.LogCaptureFixture) -> None:
    core = Core(USERS, every_service(state))
    state.tables["jobs"]["1"] = {}  # which no request makes
    with caplog.at_level(logging.CRITICAL):
        answer = ask(core, "GET", "/api/2.2/jobs/get", job_id="1")
    assert told(answer) == refused(500, "INTERNAL_ERROR", "An internal error has occurred.")


def test_an_answer_has_the_id_of_its_request(core: Core) -> None:
    first, again = (ask(core, "GET", "/api/2.2/jobs/list") for _ in range(2))
    other = ask(core, "GET", "/api/2.2/jobs/get", job_id="7")
    assert first.headers["X-Request-Id"] == again.headers["X-Request-Id"] != other.headers["X-Request-Id"]


def test_what_the_host_is_is_told_to_everybody(core: Core) -> None:
    answer = core.answer(Request(method="GET", path="/.well-known/databricks-config", headers={"host": "here:1"}))
    said = {"workspace_id": "1", "cloud": "Azure", "oidc_endpoint": "http://here:1/oidc"}
    assert told(answer) == (200, said)


def test_the_same_requests_give_the_same_answers() -> None:
    cores = [Core(USERS, every_service(State())) for _ in range(2)]
    body = b'{"name": "w", "tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "/n"}}]}'
    for path in ("/api/2.2/jobs/create", "/api/2.0/sql/warehouses", "/api/2.0/pipelines"):
        first, second = (ask(core, "POST", path, content=body) for core in cores)
        assert first == second


def test_all_that_is_kept_is_plain_data(core: Core, state: State) -> None:
    tasks = b'[{"task_key": "a", "notebook_task": {"notebook_path": "/n"}}]'
    assert ask(core, "POST", "/api/2.2/jobs/create", content=b'{"tasks": %s}' % tasks).status == 200
    again = State(last=state.last)
    for name, rows in state.tables.items():
        again.tables[name].update(json.loads(json.dumps(dict(rows))))
    restarted = Core(USERS, every_service(again))
    listed = "/api/2.2/jobs/list"
    assert ask(restarted, "GET", listed) == ask(core, "GET", listed)


def test_no_two_services_answer_the_same(state: State) -> None:
    routes = [route for service in every_service(state) for route in service.routes()]
    assert len(routes) == len(set(routes))
