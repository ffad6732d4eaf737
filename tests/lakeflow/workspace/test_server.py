"""The workspace on the network: who may call it and how, many at once, and nothing of a fault in an answer."""

import http.client
import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.jobs import NotebookTask, Task

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.app import MOST_BYTES
from lakeflow.workspace.server import listening, running
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace

TOKEN = "local-of-the-test"


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Store(":memory:") as store:
        yield Workspace(store, {TOKEN: "jd@example.com"})


@pytest.fixture(scope="module")
def host(workspace: Workspace) -> Iterator[str]:
    with running(workspace, [TOKEN]) as host:
        yield host


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield session


def refused(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_code"]


def test_a_client_of_databricks_finds_a_workspace(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", os.devnull)
    client = WorkspaceClient(host=host, token=TOKEN)
    task = Task(task_key="load", notebook_task=NotebookTask(notebook_path="/Shared/load"))
    job_id = client.jobs.create(name="daily", tasks=[task]).job_id
    assert [job.job_id for job in client.jobs.list(name="daily")] == [job_id]
    assert client.current_user.me().user_name == "jd@example.com"


def test_without_the_token_nothing_is_answered(host: str, session: requests.Session) -> None:
    session.headers.pop("Authorization")
    assert session.get(f"{host}/api/2.2/jobs/list").status_code == 401
    page = session.get(f"{host}/")
    assert page.status_code == 401
    assert "lakeflow workspace" in page.text


def test_the_page_opens_once_by_the_token_and_keeps_it_out_of_the_address(host: str, session: requests.Session) -> None:
    session.headers.pop("Authorization")
    page = session.get(f"{host}/?token={TOKEN}")
    assert (page.status_code, urlsplit(page.url).query) == (200, "")
    assert session.get(f"{host}/").status_code == 200
    assert session.post(f"{host}/").status_code == 405
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_page_of_the_web_cannot_call_it_by_another_name(host: str, session: requests.Session) -> None:
    answer = session.get(f"{host}/api/2.2/jobs/list", headers={"Host": "rebound.example.com"})
    assert answer.status_code == 421
    port = urlsplit(host).port
    assert session.get(f"{host}/api/2.2/jobs/list", headers={"Host": f"localhost:{port}"}).status_code == 200


def test_bad_requests_are_refused_in_databricks_shape(host: str, session: requests.Session) -> None:
    create = f"{host}/api/2.2/jobs/create"
    assert refused(session.post(create, data="{")) == (400, "MALFORMED_REQUEST")
    assert refused(session.post(create, data="[]")) == (400, "MALFORMED_REQUEST")
    assert refused(session.get(f"{host}/api/2.2/jobs/nothing")) == (404, "ENDPOINT_NOT_FOUND")
    assert refused(session.get(f"{host}/api/2.2/jobs/get?job_id=7"))[0] in {400, 404}


def test_a_request_that_is_too_large_is_refused_and_the_next_one_answered(host: str, session: requests.Session) -> None:
    too_large = b" " * (MOST_BYTES + 1)
    assert refused(session.post(f"{host}/api/2.2/jobs/create", data=too_large)) == (413, "MAX_REQUEST_SIZE_EXCEEDED")
    assert session.get(f"{host}/api/2.2/jobs/list").status_code == 200


def test_a_broken_connection_and_strange_bytes_hurt_nobody(host: str, session: requests.Session) -> None:
    parts = urlsplit(host)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.putrequest("POST", "/api/2.2/jobs/create")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b'{"name": ')
    connection.close()
    for path in ("/api/2.2/jobs/%ff%fe", "/api/../../etc/passwd", "/%2e%2e/x", "/api/2.2/jobs/list?page_token=%00"):
        strange = http.client.HTTPConnection(parts.hostname or "", parts.port)
        strange.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        assert strange.getresponse().status in {200, 400, 401, 404}
        strange.close()
    assert session.get(f"{host}/api/2.2/jobs/list").status_code == 200


def test_a_fault_is_logged_and_not_shown(
    host: str,
    session: requests.Session,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_: object) -> dict[str, object]:
        raise ZeroDivisionError("of the test")

    monkeypatch.setitem(workspace.core.routes, "GET /jobs/list", fails)
    with caplog.at_level(logging.CRITICAL):
        answer = session.get(f"{host}/api/2.2/jobs/list")
    assert (answer.status_code, answer.json()["error_code"]) == (500, "INTERNAL_ERROR")
    assert "ZeroDivision" not in answer.text
    assert session.get(f"{host}/api/2.2/jobs/list").status_code == 200


def test_two_hundred_requests_at_once_are_answered_and_none_is_lost(host: str, workspace: Workspace) -> None:
    before = len(workspace.state.tables["jobs"])

    def create(number: int) -> int:
        body = json.dumps(
            {"name": f"job {number}", "tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "/Shared/a"}}]}
        )
        headers = {"Authorization": f"Bearer {TOKEN}"}
        made = requests.post(f"{host}/api/2.2/jobs/create", data=body, headers=headers, timeout=60)
        assert made.status_code == 200, made.text
        job_id: int = made.json()["job_id"]
        return job_id

    with ThreadPoolExecutor(200) as pool:
        made = list(pool.map(create, range(200)))
    assert len(set(made)) == 200
    assert len(workspace.state.tables["jobs"]) == before + 200


def test_a_port_in_use_is_one_line() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LakeflowError, match=f"cannot listen on 127.0.0.1:{port}: address already in use") as told:
            listening("127.0.0.1", port)
    assert "\n" not in str(told.value)


def test_an_address_of_another_machine_is_one_line() -> None:
    with pytest.raises(LakeflowError, match=r"cannot listen on 192\.0\.2\.1:0"):
        listening("192.0.2.1", 0)
