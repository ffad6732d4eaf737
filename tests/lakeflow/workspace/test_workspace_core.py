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


def refused(status: int, code: str, message: str) -> tuple[int, Any]:
    return status, {"error_code": code, "message": message}


def test_who_asks_is_known_by_the_token(core: Core) -> None:
    answer = ask(core, "GET", "/api/2.0/preview/scim/v2/Me")
    assert json.loads(answer.body)["userName"] == "jd@example.com"
    assert answer.headers["X-Databricks-Org-Id"] == "1"
    assert ask(core, "GET", "/api/2.0/preview/scim/v2/Me", token="another").status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/2.2/nothing"), ("PUT", "/api/2.2/jobs/get"), ("GET", "/jobs/list"), ("GET", "/")],
)
def test_what_is_not_known_is_not_found(core: Core, method: str, path: str) -> None:
    message = f"No API found for '{method} {path}'"
    assert told(ask(core, method, path)) == refused(404, "ENDPOINT_NOT_FOUND", message)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_malformed(core: Core, content: bytes) -> None:
    status, body = told(ask(core, "POST", "/api/2.2/jobs/create", content=content))
    assert (status, body["error_code"]) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("value", ["x", "-1", "1" * 30])
def test_a_page_that_is_none_is_refused(core: Core, value: str) -> None:
    message = f"Invalid page_token: {value}"
    answer = ask(core, "GET", "/api/2.2/jobs/list", page_token=value)
    assert told(answer) == refused(400, "INVALID_PARAMETER_VALUE", message)


@pytest.mark.parametrize("content", [b"{}", b'{"job_id": "x"}', b'{"job_id": 1, "new_settings": []}'])
def test_a_field_that_is_missing_or_none_is_refused(core: Core, content: bytes) -> None:
    answer = ask(core, "POST", "/api/2.2/jobs/reset", content=content)
    assert told(answer)[1]["error_code"] == "INVALID_PARAMETER_VALUE"


def test_tasks_that_are_no_tasks_are_refused(core: Core) -> None:
    for tasks in (b"3", b"[3]", b"{}"):
        answer = ask(core, "POST", "/api/2.2/jobs/create", content=b'{"tasks": %s}' % tasks)
        assert told(answer) == refused(400, "INVALID_PARAMETER_VALUE", "tasks: expected a list of objects")


def test_a_fault_is_logged_and_not_shown(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        answer = ask(core, "POST", "/api/2.2/jobs/create", content=b'{"tasks": [{"task_key": "a", "new_cluster": 3}]}')
    assert told(answer) == refused(500, "INTERNAL_ERROR", "An internal error has occurred.")


def test_the_same_requests_give_the_same_answers() -> None:
    cores = [Core(USERS, every_service(State())) for _ in range(2)]
    body = b'{"name": "w", "tasks": [{"task_key": "a"}]}'
    for path in ("/api/2.2/jobs/create", "/api/2.0/sql/warehouses", "/api/2.0/pipelines"):
        first, second = (ask(core, "POST", path, content=body) for core in cores)
        assert first == second


def test_all_that_is_kept_is_plain_data(core: Core, state: State) -> None:
    ask(core, "POST", "/api/2.2/jobs/create", content=b'{"tasks": [{"task_key": "a"}]}')
    again = State(last=state.last)
    for name, rows in state.tables.items():
        again.tables[name].update(json.loads(json.dumps(dict(rows))))
    restarted = Core(USERS, every_service(again))
    listed = "/api/2.2/jobs/list"
    assert ask(restarted, "GET", listed) == ask(core, "GET", listed)


def test_no_two_services_answer_the_same(state: State) -> None:
    routes = [route for service in every_service(state) for route in service.routes()]
    assert len(routes) == len(set(routes))
