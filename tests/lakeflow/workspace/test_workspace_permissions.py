"""Permissions have an owner, replace or add, and know their levels."""

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel

from tests.lakeflow.workspace.conftest import notebook

OWNER = AccessControlRequest(user_name="jd@example.com", permission_level=PermissionLevel.IS_OWNER)


def grant(group: str, level: PermissionLevel = PermissionLevel.CAN_VIEW) -> AccessControlRequest:
    return AccessControlRequest(group_name=group, permission_level=level)


def held(client: WorkspaceClient, kind: str, key: str) -> dict[str | None, PermissionLevel | None]:
    """Return the level of everybody who has one of the object itself."""
    entries = client.permissions.get(kind, key).access_control_list or []
    return {
        entry.user_name or entry.group_name or entry.service_principal_name: each.permission_level
        for entry in entries
        for each in entry.all_permissions or []
        if not each.inherited
    }


@pytest.fixture
def job(client: WorkspaceClient) -> str:
    return str(client.jobs.create(tasks=[notebook("a")]).job_id)


def test_a_new_job_belongs_to_its_creator(client: WorkspaceClient, job: str) -> None:
    assert held(client, "jobs", job) == {"jd@example.com": PermissionLevel.IS_OWNER}
    shown = client.permissions.get("jobs", job)
    assert (shown.object_id, shown.object_type) == (f"/jobs/{job}", "job")
    inherited = (shown.access_control_list or [])[-1]
    assert inherited.group_name == "admins"


def test_setting_replaces_and_updating_adds(client: WorkspaceClient, job: str) -> None:
    client.permissions.set("jobs", job, access_control_list=[OWNER, grant("a"), grant("b")])
    client.permissions.set("jobs", job, access_control_list=[OWNER, grant("b", PermissionLevel.CAN_MANAGE_RUN)])
    assert held(client, "jobs", job) == {
        "jd@example.com": PermissionLevel.IS_OWNER,
        "b": PermissionLevel.CAN_MANAGE_RUN,
    }
    principal = AccessControlRequest(service_principal_name="sp", permission_level=PermissionLevel.IS_OWNER)
    client.permissions.update("jobs", job, access_control_list=[principal, grant("c")])
    assert held(client, "jobs", job) == {
        "b": PermissionLevel.CAN_MANAGE_RUN,
        "c": PermissionLevel.CAN_VIEW,
        "sp": PermissionLevel.IS_OWNER,
    }


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([grant("a")], "must have exactly one owner"),
        ([OWNER, AccessControlRequest(user_name="b", permission_level=PermissionLevel.IS_OWNER)], "exactly one owner"),
        ([grant("a", PermissionLevel.IS_OWNER)], "Groups cannot be the owner"),
        ([OWNER, grant("a", PermissionLevel.CAN_USE)], "CAN_USE is not supported for job"),
        ([OWNER, AccessControlRequest(permission_level=PermissionLevel.CAN_VIEW)], "Exactly one of user_name"),
    ],
)
def test_what_cannot_be_is_refused(
    client: WorkspaceClient, job: str, entries: list[AccessControlRequest], message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        client.permissions.set("jobs", job, access_control_list=entries)
    assert held(client, "jobs", job) == {"jd@example.com": PermissionLevel.IS_OWNER}


def test_a_warehouse_keeps_its_owner_when_none_is_said(client: WorkspaceClient) -> None:
    warehouse = client.warehouses.create(name="w").id or ""
    users = grant("users", PermissionLevel.CAN_USE)
    client.permissions.set("sql/warehouses", warehouse, access_control_list=[users])
    expected = {"jd@example.com": PermissionLevel.IS_OWNER, "users": PermissionLevel.CAN_USE}
    assert held(client, "sql/warehouses", warehouse) == expected
    assert held(client, "warehouses", warehouse) == expected


def test_the_levels_of_a_kind_are_told(client: WorkspaceClient, job: str) -> None:
    levels = client.permissions.get_permission_levels("jobs", job).permission_levels or []
    assert {level.permission_level and level.permission_level.value for level in levels} == {
        "CAN_VIEW",
        "CAN_MANAGE_RUN",
        "CAN_MANAGE",
        "IS_OWNER",
    }


def test_what_does_not_exist_has_no_permissions(client: WorkspaceClient) -> None:
    with pytest.raises(NotFound, match="Job 7 does not exist"):
        client.permissions.get("jobs", "7")
