"""What a stack deploys to watch its jobs is taken by the workspace and read back as sent: no plan finds a change.

The provider holds what it sent against what it reads.
"""

import json
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service import dashboards, sql

from constructs_lib.sql import names
from tests.stacks import test_products

JOBS = ("daily_sales", "document_intake", "live_orders")


def deployed(environment: str, kind: str) -> dict[str, Any]:
    """Return the bodies of a kind of resource by name, with the ids in them that deploying the jobs would have made."""
    text = json.dumps(test_products.document(environment)["resource"][f"databricks_{kind}"])
    for id_, name in enumerate(JOBS, start=500):
        text = text.replace(f"${{databricks_job.{name}.id}}", str(id_))
    found: dict[str, Any] = json.loads(text.replace("${databricks_sql_endpoint.warehouse.id}", "w1"))
    return found


@pytest.mark.parametrize("environment", ["test", "prod"])
def test_the_dashboard_of_an_environment(client: WorkspaceClient, environment: str) -> None:
    body = deployed(environment, "dashboard")["runs"]
    client.workspace.mkdirs(body["parent_path"])
    sent = dashboards.Dashboard(
        display_name=body["display_name"],
        parent_path=body["parent_path"],
        warehouse_id=body["warehouse_id"],
        serialized_dashboard=body["serialized_dashboard"],
    )
    key = client.lakeview.create(sent).dashboard_id or ""
    client.lakeview.publish(key, embed_credentials=body["embed_credentials"], warehouse_id=body["warehouse_id"])
    read = client.lakeview.get(key)
    assert read.serialized_dashboard == body["serialized_dashboard"]
    assert (read.display_name, read.warehouse_id) == (sent.display_name, "w1")
    assert client.lakeview.get(key).etag == read.etag
    assert client.lakeview.get_published(key).embed_credentials is True
    for dataset in json.loads(read.serialized_dashboard or "")["datasets"]:
        assert dataset["name"] in names()
        assert "".join(dataset["queryLines"]).count("'500,501,502'") == 1


@pytest.mark.parametrize("environment", ["test", "prod"])
def test_who_may_see_jobs_may_read_it(client: WorkspaceClient, environment: str) -> None:
    client.workspace.mkdirs("/Shared/d")
    key = client.lakeview.create(dashboards.Dashboard(display_name="d", parent_path="/Shared/d")).dashboard_id or ""
    sent = deployed(environment, "permissions")["runs"]["access_control"]
    client.api_client.do("PUT", f"/api/2.0/permissions/dashboards/{key}", body={"access_control_list": sent})
    read = client.permissions.get("dashboards", key).access_control_list or []
    given = {
        (entry.group_name, permission.permission_level.value)
        for entry in read
        for permission in entry.all_permissions or []
        if permission.permission_level and not permission.inherited
    }
    assert {(grant["group_name"], grant["permission_level"]) for grant in sent} <= given


@pytest.mark.parametrize("environment", ["test", "prod"])
def test_the_alerts_of_an_environment(client: WorkspaceClient, environment: str) -> None:
    alerts = deployed(environment, "alert_v2")
    assert alerts
    for body in alerts.values():
        sent = sql.AlertV2.from_dict(body)
        key = client.alerts_v2.create_alert(sent).id or ""
        read = client.alerts_v2.get_alert(key).as_dict()
        for name, value in sent.as_dict().items():
            assert read[name] == value, name
