"""What a job needs beside it is created, read, changed and deleted through databricks-sdk."""

import base64
import io

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, PermissionDenied, ResourceAlreadyExists, ResourceConflict
from databricks.sdk.service import catalog, compute, dashboards, pipelines, settings, sql, workspace

from lakeflow.workspace.state import State


def test_a_warehouse(client: WorkspaceClient) -> None:
    key = client.warehouses.create(name="w", cluster_size="Small").result().id or ""
    assert [source.warehouse_id for source in client.data_sources.list()] == [key]
    client.warehouses.edit(key, name="w", cluster_size="Large").result()
    client.warehouses.stop(key).result()
    read = client.warehouses.get(key)
    assert (read.cluster_size, read.state, read.auto_stop_mins) == ("Large", sql.State.STOPPED, 120)
    with pytest.raises(BadRequest, match="already exists"):
        client.warehouses.create(name="w")
    client.warehouses.delete(key)
    assert list(client.warehouses.list()) == []


def test_a_query(client: WorkspaceClient) -> None:
    said = sql.CreateQueryRequestQuery(display_name="q", query_text="SELECT 1")
    key = client.queries.create(query=said).id or ""
    client.queries.update(key, "query_text", query=sql.UpdateQueryRequestQuery(display_name="x", query_text="SELECT 2"))
    read = client.queries.get(key)
    assert (read.display_name, read.query_text) == ("q", "SELECT 2")
    assert read.parent_path == "/Workspace/Users/jd@example.com"
    client.queries.delete(key)
    with pytest.raises(NotFound):
        client.queries.get(key)
    with pytest.raises(NotFound, match="/Shared/none"):
        client.queries.create(query=sql.CreateQueryRequestQuery(display_name="q", parent_path="/Shared/none"))


def test_an_alert(client: WorkspaceClient) -> None:
    said = sql.AlertV2(
        display_name="a",
        query_text="SELECT 1",
        warehouse_id="w",
        schedule=sql.CronSchedule(quartz_cron_schedule="0 0 5 * * ?", timezone_id="UTC"),
        evaluation=sql.AlertV2Evaluation(
            comparison_operator=sql.ComparisonOperator.GREATER_THAN, source=sql.AlertV2OperandColumn(name="n")
        ),
    )
    key = client.alerts_v2.create_alert(said).id or ""
    said.display_name = "b"
    client.alerts_v2.update_alert(key, said, "display_name")
    read = client.alerts_v2.get_alert(key)
    assert (read.display_name, read.query_text, read.owner_user_name) == ("b", "SELECT 1", "jd@example.com")
    client.alerts_v2.trash_alert(key)
    assert list(client.alerts_v2.list_alerts()) == []


def test_a_dashboard(client: WorkspaceClient) -> None:
    client.workspace.mkdirs("/Shared/d")
    key = client.lakeview.create(dashboards.Dashboard(display_name="d", parent_path="/Shared/d")).dashboard_id or ""
    first = client.lakeview.get(key)
    client.lakeview.publish(key, embed_credentials=True, warehouse_id="w")
    assert client.lakeview.get_published(key).warehouse_id == "w"
    client.lakeview.unpublish(key)
    with pytest.raises(NotFound, match="not published"):
        client.lakeview.get_published(key)
    changed = client.lakeview.update(key, dashboards.Dashboard(display_name="e"))
    assert (changed.display_name, changed.etag != first.etag) == ("e", True)
    client.lakeview.trash(key)
    assert client.lakeview.get(key).lifecycle_state is dashboards.LifecycleState.TRASHED
    with pytest.raises(PermissionDenied):
        client.lakeview.trash(key)


def test_a_destination_hides_what_is_secret(client: WorkspaceClient) -> None:
    config = settings.Config(slack=settings.SlackConfig(url="https://hooks.example.com/canary"))
    key = client.notification_destinations.create(display_name="s", config=config).id or ""
    read = client.notification_destinations.get(key)
    assert "canary" not in str(read)
    assert read.destination_type is settings.DestinationType.SLACK
    mail = settings.Config(email=settings.EmailConfig(addresses=["a@example.com"]))
    changed = client.notification_destinations.update(key, display_name="t", config=mail)
    assert (changed.display_name, changed.destination_type) == ("t", settings.DestinationType.EMAIL)
    client.notification_destinations.delete(key)
    with pytest.raises(NotFound):
        client.notification_destinations.get(key)
    with pytest.raises(BadRequest, match="exactly one kind"):
        client.notification_destinations.create(display_name="s", config=settings.Config())


def test_a_pipeline(client: WorkspaceClient) -> None:
    principal = pipelines.RunAs(service_principal_name="sp")
    key = client.pipelines.create(name="p", catalog="c", run_as=principal).pipeline_id or ""
    with pytest.raises(ResourceConflict, match="already used by another pipeline"):
        client.pipelines.create(name="p")
    client.pipelines.create(name="p", allow_duplicate_names=True)
    client.pipelines.update(key, name="q", catalog="c")
    read = client.pipelines.get(key)
    assert read.spec is not None
    assert (read.name, read.spec.id, read.run_as_user_name) == ("q", key, "sp")
    client.pipelines.delete(key)
    assert [each.name for each in client.pipelines.list_pipelines()] == ["p"]


def test_clusters_with_their_policies_pools_and_libraries(client: WorkspaceClient, state: State) -> None:
    policy = client.cluster_policies.create(name="p", definition="{}").policy_id or ""
    client.cluster_policies.edit(policy, name="p", definition='{"a": 1}')
    with pytest.raises(BadRequest, match="already exists"):
        client.cluster_policies.create(name="p")
    pool = client.instance_pools.create("i", "Standard_D4ds_v5").instance_pool_id or ""
    client.instance_pools.edit(pool, "j", "Standard_D4ds_v5")
    assert client.instance_pools.get(pool).instance_pool_name == "j"
    version = client.clusters.select_spark_version(long_term_support=True, latest=True)
    node = client.clusters.select_node_type(min_cores=8, min_memory_gb=64)
    cluster = client.clusters.create(version, cluster_name="c", node_type_id=node, num_workers=1).result()
    key = cluster.cluster_id or ""
    client.libraries.install(key, [compute.Library(pypi=compute.PythonPyPiLibrary("a"))])
    client.clusters.pin(key)
    client.clusters.edit(key, version, cluster_name="d", instance_pool_id=pool, num_workers=1).result()
    client.clusters.resize(key, num_workers=3).result()
    read = client.clusters.get(key)
    assert (read.cluster_name, read.num_workers, read.node_type_id) == ("d", 3, None)
    pinned = client.clusters.list(filter_by=compute.ListClustersFilterBy(is_pinned=True))
    assert [each.cluster_id for each in pinned] == [key]
    assert [each.status for each in client.libraries.cluster_status(key)] == [compute.LibraryInstallStatus.INSTALLED]
    client.clusters.delete(key).result()
    client.clusters.permanent_delete(key)
    client.instance_pools.delete(pool)
    client.cluster_policies.delete(policy)
    assert {name: rows for name, rows in state.tables.items() if rows} == {}


def test_schemas_volumes_and_what_may_be_done_with_them(client: WorkspaceClient, state: State) -> None:
    client.schemas.create("s", "c", comment="old")
    with pytest.raises(BadRequest, match="already exists"):
        client.schemas.create("s", "c")
    client.schemas.update("c.s", comment="new")
    assert [schema.comment for schema in client.schemas.list("c")] == ["new"]
    client.volumes.create("c", "s", "v", catalog.VolumeType.MANAGED)
    assert client.volumes.read("c.s.v").full_name == "c.s.v"
    with pytest.raises(NotFound):
        client.volumes.create("c", "none", "v", catalog.VolumeType.MANAGED)

    give = catalog.PermissionsChange(principal="a", add=[catalog.Privilege.USE_SCHEMA, catalog.Privilege.SELECT])
    take = catalog.PermissionsChange(principal="a", remove=[catalog.Privilege.SELECT])
    client.grants.update("schema", "c.s", changes=[give])
    held = client.grants.update("schema", "c.s", changes=[take]).privilege_assignments or []
    assert [(each.principal, each.privileges) for each in held] == [("a", [catalog.Privilege.USE_SCHEMA])]
    effective = client.grants.get_effective("schema", "c.s").privilege_assignments or []
    assert [each.principal for each in effective] == ["a"]

    with pytest.raises(BadRequest, match="not empty"):
        client.schemas.delete("c.s")
    client.volumes.delete("c.s.v")
    client.schemas.delete("c.s")
    assert {name: rows for name, rows in state.tables.items() if rows} == {}


def test_secret_scopes_keep_no_value(client: WorkspaceClient, state: State) -> None:
    client.secrets.create_scope("s")
    with pytest.raises(ResourceAlreadyExists):
        client.secrets.create_scope("s")
    client.secrets.put_secret("s", "k", string_value="canary")
    client.secrets.put_acl("s", "users", workspace.AclPermission.READ)
    assert client.secrets.get_acl("s", "users").permission is workspace.AclPermission.READ
    assert [acl.principal for acl in client.secrets.list_acls("s")] == ["jd@example.com", "users"]
    assert [secret.key for secret in client.secrets.list_secrets("s")] == ["k"]
    assert "canary" not in str(state)
    client.secrets.delete_acl("s", "users")
    client.secrets.delete_secret("s", "k")
    with pytest.raises(NotFound):
        client.secrets.get_acl("s", "users")
    with pytest.raises(NotFound):
        client.secrets.delete_secret("s", "k")
    client.secrets.delete_scope("s")
    assert list(client.secrets.list_scopes()) == []


def test_files_of_volumes(client: WorkspaceClient) -> None:
    path = "/Volumes/c/s/v/a b.txt"
    client.files.upload(path, io.BytesIO(b"one"))
    with pytest.raises(ResourceAlreadyExists):
        client.files.upload(path, io.BytesIO(b"two"), overwrite=False)
    client.files.upload(path, io.BytesIO(b"three"), overwrite=True)
    downloaded = client.files.download(path).contents
    assert downloaded is not None
    assert downloaded.read() == b"three"
    assert client.files.get_metadata(path).content_length == 5
    client.files.delete(path)
    with pytest.raises(NotFound):
        client.files.download(path)


def test_objects_of_the_workspace(client: WorkspaceClient, state: State) -> None:
    code = base64.b64encode(b"print()").decode()
    client.workspace.mkdirs("/Workspace/Shared/a/b")
    client.workspace.import_("/Shared/a/b/n", content=code, language=workspace.Language.PYTHON)
    first = client.workspace.get_status("/Workspace/Shared/a/b/n")
    assert (first.object_type, first.language) == (workspace.ObjectType.NOTEBOOK, workspace.Language.PYTHON)
    with pytest.raises(ResourceAlreadyExists):
        client.workspace.import_("/Shared/a/b/n", content=code, language=workspace.Language.PYTHON)
    client.workspace.import_("/Shared/a/b/n", content=code, language=workspace.Language.SQL, overwrite=True)
    second = client.workspace.get_status("/Shared/a/b/n")
    assert (second.object_id, second.language) == (first.object_id, workspace.Language.SQL)

    client.workspace.upload("/Shared/a/f.txt", io.BytesIO(b"text"), format=workspace.ImportFormat.AUTO)
    with client.workspace.download("/Shared/a/f.txt") as file:
        assert file.read() == b"text"
    assert client.workspace.export("/Shared/a/b/n").content == code
    listed = client.workspace.list("/Shared", recursive=True)
    assert [each.path for each in listed] == ["/Shared/a/f.txt", "/Shared/a/b/n"]
    with pytest.raises(BadRequest, match="is not empty"):
        client.workspace.delete("/Shared/a")
    client.workspace.delete("/Shared/a", recursive=True)
    with pytest.raises(NotFound):
        client.workspace.get_status("/Shared/a")
    assert state.tables["objects"] == {}
