"""What stands further beside jobs, through databricks-sdk: created, read, changed, listed in pages and deleted."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import (
    Aborted,
    BadRequest,
    InvalidParameterValue,
    NotFound,
    PermissionDenied,
    ResourceAlreadyExists,
    ResourceConflict,
)
from databricks.sdk.service import catalog, dashboards, iam, pipelines, sql, workspace
from databricks.sdk.service.jobs import JobSettings

from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.objects import Objects
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.conftest import AT, USERS
from tests.support.loopback import Server

MINUTE = timedelta(minutes=1) // timedelta(milliseconds=1)


class Clock:
    """The time of a workspace, which a test moves."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> int:
        """Return the time, in milliseconds since 1970."""
        return self.now


def states_of(update: pipelines.UpdateInfo | None) -> str | None:
    return update.state.value if update and update.state else None


def test_an_update_of_a_pipeline_plays_through_by_the_clock(core: Core) -> None:
    clock = Clock()
    with Server(core.answer, clock=clock) as server:
        client = WorkspaceClient(host=server.host, token="token-of-jd")
        key = client.pipelines.create(name="p", catalog="c").pipeline_id or ""
        first = client.pipelines.start_update(key, full_refresh=True).update_id or ""
        seen = []
        for minute in range(10):
            clock.now = AT + minute * MINUTE
            seen.append(states_of(client.pipelines.get_update(key, first).update))
        assert seen == [
            "WAITING_FOR_RESOURCES",
            "WAITING_FOR_RESOURCES",
            "INITIALIZING",
            "SETTING_UP_TABLES",
            *["RUNNING"] * 5,
            "COMPLETED",
        ]
        clock.now = AT + 5 * MINUTE
        assert client.pipelines.get(key).state is pipelines.PipelineState.RUNNING
        with pytest.raises(ResourceConflict, match="An active update"):
            client.pipelines.start_update(key)
        with pytest.raises(ResourceConflict, match="active update"):
            client.pipelines.delete(key)
        clock.now = AT + 20 * MINUTE
        second = client.pipelines.start_update(key).update_id or ""
        clock.now += 3 * MINUTE
        client.pipelines.stop(key)
        clock.now += MINUTE
        listed = client.pipelines.list_updates(key).updates or []
        assert [(update.update_id, states_of(update)) for update in listed] == [
            (second, "CANCELED"),
            (first, "COMPLETED"),
        ]
        told = [event.message for event in client.pipelines.list_pipeline_events(key)]
        assert [words.rsplit(" ", 1)[1] for words in told if words][:3] == [
            "CANCELED.",
            "INITIALIZING.",
            "WAITING_FOR_RESOURCES.",
        ]
        latest = client.pipelines.get(key).latest_updates or []
        assert [update.update_id for update in latest] == [second, first]
        client.pipelines.delete(key)
        with pytest.raises(NotFound):
            client.pipelines.get_update(key, second)


def test_pipelines_are_found_by_their_names_in_pages(client: WorkspaceClient) -> None:
    for number in range(12):
        client.pipelines.create(name=f"orders-{number}" if number % 2 else f"other-{number}", catalog="c")
    found = client.pipelines.list_pipelines(filter="name LIKE 'orders-%'", max_results=4)
    assert [each.name for each in found] == [f"orders-{number}" for number in range(1, 12, 2)]
    with pytest.raises(BadRequest, match="not a valid name"):
        client.pipelines.create(name="p", catalog="c", target="c.s")


def test_a_dashboard_is_scheduled_and_sent(client: WorkspaceClient, state: State) -> None:
    key = client.lakeview.create(dashboards.Dashboard(display_name="d")).dashboard_id or ""
    cron = dashboards.CronSchedule(quartz_cron_expression="0 0 6 * * ?", timezone_id="UTC")
    made = client.lakeview.create_schedule(key, dashboards.Schedule(cron_schedule=cron, display_name="daily"))
    schedule = made.schedule_id or ""
    someone = dashboards.Subscriber(user_subscriber=dashboards.SubscriptionSubscriberUser(user_id=7))
    subscription = client.lakeview.create_subscription(key, schedule, dashboards.Subscription(subscriber=someone))
    read = client.lakeview.get_subscription(key, schedule, subscription.subscription_id or "")
    assert read.subscriber == someone
    paused = dashboards.Schedule(cron_schedule=cron, pause_status=dashboards.SchedulePauseStatus.PAUSED, etag=made.etag)
    changed = client.lakeview.update_schedule(key, schedule, paused)
    assert (changed.display_name, changed.pause_status) == ("daily", dashboards.SchedulePauseStatus.PAUSED)
    with pytest.raises(Aborted, match="changed since"):
        client.lakeview.update_schedule(key, schedule, paused)
    assert [each.schedule_id for each in client.lakeview.list_schedules(key)] == [schedule]
    assert len(list(client.lakeview.list_subscriptions(key, schedule))) == 1
    client.lakeview.delete_subscription(key, schedule, subscription.subscription_id or "")
    client.lakeview.delete_schedule(key, schedule)
    with pytest.raises(NotFound):
        client.lakeview.get_schedule(key, schedule)
    assert state.tables["dashboard_schedules"] == {}


def test_dashboards_in_the_trash_are_listed_only_for_who_asks(client: WorkspaceClient) -> None:
    keys = [client.lakeview.create(dashboards.Dashboard(display_name=name)).dashboard_id or "" for name in "abc"]
    client.lakeview.trash(keys[1])
    assert [each.display_name for each in client.lakeview.list(page_size=1)] == ["a", "c"]
    assert [each.display_name for each in client.lakeview.list(show_trashed=True)] == ["a", "b", "c"]


def test_a_legacy_alert_is_over_a_saved_query(client: WorkspaceClient) -> None:
    query = client.queries.create(query=sql.CreateQueryRequestQuery(display_name="q", query_text="SELECT 1")).id
    said = sql.CreateAlertRequestAlert(display_name="a", query_id=query, custom_subject="s")
    key = client.alerts.create(alert=said).id or ""
    client.alerts.update(key, "display_name", alert=sql.UpdateAlertRequestAlert(display_name="b"))
    read = client.alerts.get(key)
    assert (read.display_name, read.custom_subject, read.owner_user_name) == ("b", "s", "jd@example.com")
    assert [alert.id for alert in client.alerts.list()] == [key]
    client.alerts.delete(key)
    with pytest.raises(NotFound):
        client.alerts.get(key)
    with pytest.raises(NotFound, match="Query none"):
        client.alerts.create(alert=sql.CreateAlertRequestAlert(display_name="a", query_id="none"))


def test_a_catalog_is_there_when_it_was_created_or_is_used(client: WorkspaceClient, state: State) -> None:
    with pytest.raises(NotFound, match="Catalog 'sales' does not exist"):
        client.catalogs.get("sales")
    client.schemas.create("s", "used")
    client.catalogs.create("sales", comment="old")
    client.catalogs.update("sales", comment="new")
    read = client.catalogs.get("sales")
    assert (read.comment, read.owner) == ("new", "jd@example.com")
    names = [each.name for each in client.catalogs.list()]
    assert names == ["main", "sales", "samples", "system", "used"]
    client.schemas.create("s", "sales")
    client.volumes.create("sales", "s", "v", catalog.VolumeType.MANAGED)
    client.files.upload("/Volumes/sales/s/v/f", io.BytesIO(b"x"))
    with pytest.raises(BadRequest, match="is not empty"):
        client.catalogs.delete("sales")
    client.catalogs.delete("sales", force=True)
    client.schemas.delete("used.s")
    assert {name: rows for name, rows in state.tables.items() if rows} == {}
    assert client.metastores.current().metastore_id == client.metastores.summary().metastore_id


def test_groups_users_and_principals_are_found_and_made(client: WorkspaceClient, state: State) -> None:
    assert [user.user_name for user in client.users.list(filter='userName eq "jd@example.com"')] == ["jd@example.com"]
    principals = [each.application_id for each in client.service_principals.list()]
    assert principals == ["5a0c6d1e-3f27-4b8a-9c54-70e2d18b6f31"]
    assert {group.display_name for group in client.groups.list()} == {"admins", "users"}

    group = client.groups.create(display_name="readers").id or ""
    with pytest.raises(ResourceConflict):
        client.groups.create(display_name="readers")
    user = client.users.create(user_name="x@example.com", display_name="X").id or ""
    member = iam.Patch(op=iam.PatchOp.ADD, path="members", value=[{"value": user}])
    client.groups.patch(
        group, operations=[member], schemas=[iam.PatchSchema.URN_IETF_PARAMS_SCIM_API_MESSAGES_2_0_PATCH_OP]
    )
    assert [each.value for each in client.groups.get(group).members or []] == [user]
    client.users.update(user, user_name="x@example.com", display_name="Y")
    assert client.users.get(user).display_name == "Y"
    principal = client.service_principals.create(display_name="sp")
    assert len(principal.application_id or "") == 36
    me = client.current_user.me()
    assert {each.display for each in me.groups or []} == {"admins", "users"}
    with pytest.raises(PermissionDenied, match="belongs to this workspace's server"):
        client.users.delete(me.id or "")
    client.groups.delete(group)
    client.users.delete(user)
    client.service_principals.delete(principal.id or "")
    assert state.tables["principals"] == {}


def test_files_of_dbfs_are_written_whole_and_in_blocks(client: WorkspaceClient, state: State) -> None:
    client.dbfs.put("/a/small", contents=base64.b64encode(b"one").decode())
    with client.dbfs.open("/a/large", write=True) as file:
        file.write(b"x" * 1_500_000)
    with client.dbfs.open("/a/large", read=True) as file:
        assert file.read() == b"x" * 1_500_000
    assert [(each.path, each.file_size) for each in client.dbfs.list("/a")] == [
        ("/a/large", 1_500_000),
        ("/a/small", 3),
    ]
    with pytest.raises(ResourceAlreadyExists):
        client.dbfs.put("/a/small", contents="")
    client.dbfs.mkdirs("/a/b")
    with pytest.raises(BadRequest, match="not empty"):
        client.api_client.do("POST", "/api/2.0/dbfs/delete", body={"path": "/a"})
    client.dbfs.delete("/a", recursive=True)
    with pytest.raises(NotFound):
        client.dbfs.get_status("/a")
    assert state.tables["dbfs"] == {}


def test_directories_of_volumes(client: WorkspaceClient) -> None:
    client.files.create_directory("/Volumes/c/s/v/d/e")
    client.files.upload("/Volumes/c/s/v/d/f.txt", io.BytesIO(b"text"))
    listed = list(client.files.list_directory_contents("/Volumes/c/s/v/d", page_size=1))
    assert [(each.name, each.is_directory, each.file_size) for each in listed] == [
        ("e", True, None),
        ("f.txt", False, 4),
    ]
    with pytest.raises(BadRequest, match="not empty"):
        client.files.delete_directory("/Volumes/c/s/v/d")
    client.files.delete("/Volumes/c/s/v/d/f.txt")
    client.files.delete_directory("/Volumes/c/s/v/d/e")
    with pytest.raises(NotFound):
        client.files.get_directory_metadata("/Volumes/c/s/v/d")


def test_git_folders_and_credentials_keep_no_token(client: WorkspaceClient, state: State) -> None:
    credential = client.git_credentials.create("gitHub", git_username="u", personal_access_token="canary").credential_id
    client.git_credentials.update(credential, "gitHub", git_username="v")
    assert [each.git_username for each in client.git_credentials.list()] == ["v"]
    made = client.repos.create("https://example.com/r.git", "gitHub")
    assert made.path == "/Repos/jd@example.com/r"
    client.repos.update(made.id or 0, branch="release")
    assert client.repos.get(made.id or 0).branch == "release"
    assert [each.id for each in client.repos.list(path_prefix="/Repos/jd@example.com")] == [made.id]
    assert "canary" not in str({name: dict(rows) for name, rows in state.tables.items()})
    client.repos.delete(made.id or 0)
    client.git_credentials.delete(credential)
    assert list(client.repos.list()) == []


def test_what_a_workspace_is_set_to(client: WorkspaceClient) -> None:
    client.workspace_conf.set_status({"enableIpAccessLists": "true"})
    assert client.workspace_conf.get_status("enableIpAccessLists,other") == {
        "enableIpAccessLists": "true",
        "other": None,
    }
    pairs = [sql.EndpointConfPair(key="spark.a", value="b")]
    client.warehouses.set_workspace_warehouse_config(data_access_config=pairs)
    assert client.warehouses.get_workspace_warehouse_config().data_access_config == pairs


def test_a_policy_of_a_family(client: WorkspaceClient) -> None:
    families = [family.policy_family_id for family in client.policy_families.list(max_results=2)]
    assert families == ["personal-vm", "job-cluster", "power-user", "shared-compute"]
    key = client.cluster_policies.create(name="p", policy_family_id="job-cluster").policy_id or ""
    expected = client.policy_families.get("job-cluster").definition
    assert client.cluster_policies.get(key).definition == expected
    with pytest.raises(InvalidParameterValue, match="no JSON object"):
        client.cluster_policies.create(name="q", definition="[]")


def test_a_name_that_is_taken(client: WorkspaceClient) -> None:
    client.warehouses.create(name="a")
    other = client.warehouses.create(name="b").id or ""
    with pytest.raises(BadRequest, match="SQL warehouse with name `a` already exists"):
        client.warehouses.edit(other, name="a")
    client.instance_pools.create("i", "Standard_D4ds_v5")
    with pytest.raises(InvalidParameterValue, match="already exists"):
        client.instance_pools.create("i", "Standard_D4ds_v5")


def test_long_lists_come_in_pages(client: WorkspaceClient) -> None:
    for number in range(7):
        client.warehouses.create(name=f"w{number}")
        client.queries.create(query=sql.CreateQueryRequestQuery(display_name=f"q{number}"))
        client.schemas.create(f"s{number}", "c")
    assert [each.name for each in client.warehouses.list(page_size=3)] == [f"w{number}" for number in range(7)]
    assert [each.display_name for each in client.queries.list(page_size=2)] == [f"q{number}" for number in range(7)]
    assert [each.name for each in client.schemas.list("c", max_results=6)] == [f"s{number}" for number in range(7)]


@pytest.mark.parametrize(
    "read",
    [
        lambda client: client.jobs.get(7),
        lambda client: client.clusters.get("none"),
        lambda client: client.warehouses.get("none"),
        lambda client: client.pipelines.get("none"),
        lambda client: client.queries.get("none"),
        lambda client: client.alerts_v2.get_alert("none"),
        lambda client: client.lakeview.get("none"),
        lambda client: client.cluster_policies.get("none"),
        lambda client: client.instance_pools.get("none"),
        lambda client: client.notification_destinations.get("none"),
        lambda client: client.workspace.get_status("/Shared/none"),
        lambda client: client.files.get_metadata("/Volumes/c/s/v/none"),
        lambda client: client.schemas.get("c.none"),
        lambda client: client.volumes.read("c.s.none"),
        lambda client: client.catalogs.get("none"),
        lambda client: client.secrets.list_acls("none").__iter__().__next__(),
        lambda client: client.permissions.get("pipelines", "none"),
        lambda client: client.users.get("none"),
        lambda client: client.repos.get(7),
        lambda client: client.dbfs.get_status("/none"),
    ],
)
def test_what_is_not_there_is_not_found(client: WorkspaceClient, read: Callable[[WorkspaceClient], Any]) -> None:
    with pytest.raises(NotFound):
        read(client)


def test_a_job_that_is_gone_is_refused_as_the_service_refuses_it(client: WorkspaceClient) -> None:
    with pytest.raises(InvalidParameterValue, match=r"^Job 7 does not exist\.$"):
        client.jobs.delete(7)
    with pytest.raises(InvalidParameterValue, match=r"^Job 7 does not exist\.$"):
        client.jobs.reset(7, JobSettings(name="n"))


def test_an_import_makes_its_folder_unless_the_workspace_is_strict(state: State) -> None:
    code = base64.b64encode(b"print()").decode()

    def put(client: WorkspaceClient) -> None:
        client.workspace.import_("/Shared/new/n", content=code, language=workspace.Language.PYTHON)

    strict = Core(USERS, [*every_service(State()), Objects(state, makes_folders=False)])
    with Server(strict.answer, clock=lambda: AT) as server:
        client = WorkspaceClient(host=server.host, token="token-of-jd")
        with pytest.raises(NotFound, match=r"The parent folder \(/Shared/new\) does not exist"):
            put(client)
        client.workspace.mkdirs("/Shared/new")
        client.workspace.mkdirs("/Shared/new")
        put(client)
    usual = State()
    with Server(Core(USERS, every_service(usual)).answer, clock=lambda: AT) as server:
        put(WorkspaceClient(host=server.host, token="token-of-jd"))
    assert list(usual.tables["objects"]) == ["/Shared/new", "/Shared/new/n"]
