"""Who may do what with a job, and how often somebody may ask."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import PermissionDenied
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel
from databricks.sdk.service.jobs import JobSettings

from lakeflow.workspace.access import Access
from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.exchange import RefusedError, Request
from lakeflow.workspace.state import State
from lakeflow.workspace.users import User
from tests.lakeflow.workspace.conftest import AT, notebook
from tests.support.loopback import Server

SOMEBODY = User("guest@example.com", admin=False, groups=frozenset({"readers"}))
PEOPLE: dict[str, User | str] = {"token-of-jd": "jd@example.com", "token-of-guest": SOMEBODY}


@pytest.fixture
def host() -> Iterator[str]:
    """A workspace with an administrator and a guest."""
    with Server(Core(PEOPLE, every_service(State())).answer, clock=lambda: AT) as server:
        yield server.host


@pytest.fixture
def admin(host: str) -> WorkspaceClient:
    return WorkspaceClient(host=host, token="token-of-jd")


@pytest.fixture
def guest(host: str) -> WorkspaceClient:
    return WorkspaceClient(host=host, token="token-of-guest")


@pytest.fixture
def job(admin: WorkspaceClient) -> int:
    return admin.jobs.create(name="j", tasks=[notebook("a")]).job_id or 0


def let(admin: WorkspaceClient, job: int, level: PermissionLevel, **who: str) -> None:
    """Give somebody a level on a job."""
    entry = AccessControlRequest(permission_level=level, **who)
    admin.permissions.update("jobs", str(job), access_control_list=[entry])


GUEST = "User guest@example.com does not have"


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (lambda guest, job: guest.jobs.get(job), "View or Admin or Manage Run or Owner permissions on job"),
        (lambda guest, job: guest.jobs.update(job, new_settings=JobSettings(name="x")), "Admin or Owner permissions"),
        (lambda guest, job: guest.jobs.reset(job, JobSettings(name="x")), "Admin or Owner permissions on job"),
        (lambda guest, job: guest.jobs.delete(job), "Admin or Owner permissions on job"),
    ],
)
def test_a_guest_is_denied_whether_the_job_exists_or_not(
    guest: WorkspaceClient, job: int, does: Callable[[WorkspaceClient, int], Any], words: str
) -> None:
    for number in (job, 7):
        with pytest.raises(PermissionDenied, match=f"^{GUEST} {words}"):
            does(guest, number)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("POST /jobs/run-now", {"job_id": 7}),
        ("POST /jobs/runs/cancel-all", {"job_id": 7}),
        ("POST /jobs/runs/cancel", {"run_id": 12}),
        ("POST /jobs/runs/repair", {"run_id": 11}),
    ],
)
def test_runs_are_for_who_manages_runs(route: str, body: dict[str, int]) -> None:
    state = State()
    state.tables["runs"]["11"] = {"run_id": 11, "job_id": 7, "tasks": [{"run_id": 12}]}
    request = Request(method="POST", path="", content=json.dumps(body).encode(), user=SOMEBODY)
    with pytest.raises(RefusedError) as raised:
        Access(state).admit(route, request)
    assert raised.value.message == f"{GUEST} Manage Run or Admin or Owner permissions on job 7"
    state.tables["permissions"]["jobs/7"] = [{"group_name": "readers", "permission_level": "CAN_MANAGE_RUN"}]
    Access(state).admit(route, request)


def test_permissions_are_for_who_manages(guest: WorkspaceClient, job: int) -> None:
    with pytest.raises(PermissionDenied) as raised:
        guest.permissions.get("jobs", str(job))
    assert str(raised.value).startswith(
        f"guest@example.com does not have Manage permissions on Job with ID: ElasticJobId({job})."
        " Please contact the owner or an administrator for access."
    )


def test_a_level_allows_what_it_says(admin: WorkspaceClient, guest: WorkspaceClient, job: int) -> None:
    assert list(guest.jobs.list()) == []
    let(admin, job, PermissionLevel.CAN_VIEW, group_name="readers")
    assert guest.jobs.get(job).job_id == job
    assert [each.job_id for each in guest.jobs.list()] == [job]
    with pytest.raises(PermissionDenied):
        guest.jobs.delete(job)
    let(admin, job, PermissionLevel.CAN_MANAGE, user_name="guest@example.com")
    guest.jobs.update(job, new_settings=JobSettings(name="changed"))
    assert len(guest.permissions.get("jobs", str(job)).access_control_list or []) == 4
    guest.jobs.delete(job)
    assert list(admin.jobs.list()) == []


def test_everybody_is_in_the_group_users(admin: WorkspaceClient, guest: WorkspaceClient, job: int) -> None:
    let(admin, job, PermissionLevel.CAN_VIEW, group_name="users")
    assert guest.jobs.get(job).job_id == job


def test_who_creates_a_job_owns_it(guest: WorkspaceClient) -> None:
    job = guest.jobs.create(name="own", tasks=[notebook("a")]).job_id or 0
    guest.jobs.update(job, new_settings=JobSettings(name="changed"))
    guest.jobs.delete(job)


def test_a_client_that_asks_too_often_waits_and_gets_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = [AT], []

    def sleep(seconds: float) -> None:
        waited.append(int(seconds))
        now[0] += int(seconds * 1000)

    monkeypatch.setattr("time.sleep", sleep)
    core = Core(PEOPLE, every_service(State()), most_per_second=2)
    with Server(core.answer, clock=lambda: now[0]) as server:
        client = WorkspaceClient(host=server.host, token="token-of-jd")
        names = [client.current_user.me().user_name for _ in range(5)]
    assert names == ["jd@example.com"] * 5
    assert waited == [1, 1]


def test_the_limit_is_each_users_own_and_for_a_second() -> None:
    core = Core(PEOPLE, every_service(State()), most_per_second=1)

    def ask(token: str, at: int) -> tuple[int, str | None]:
        headers = {"authorization": f"Bearer {token}"}
        answer = core.answer(Request(method="GET", path="/api/2.2/jobs/list", headers=headers, at=at))
        if answer.status == 429:
            assert json.loads(answer.body)["error_code"] == "REQUEST_LIMIT_EXCEEDED"
        return answer.status, answer.headers.get("Retry-After")

    asked = [("token-of-jd", AT), ("token-of-guest", AT), ("token-of-jd", AT + 999), ("token-of-jd", AT + 1000)]
    assert [ask(*each) for each in asked] == [(200, None), (200, None), (429, "1"), (200, None)]
