"""A workspace in which there is one of everything."""

import base64
import json
from typing import Any

from lakeflow.workspace.core import Core
from lakeflow.workspace.exchange import Request
from tests.lakeflow.workspace.conftest import AT

CODE = base64.b64encode(b"print()").decode()
JOB = {"name": "j", "tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "/Shared/n"}}]}


def ask(core: Core, method: str, path: str, body: dict[str, Any] | None = None, *, content: bytes = b"") -> Any:
    """Return what is answered to a request that is not refused."""
    request = Request(
        method=method,
        path=f"/api/2.2{path}",
        content=json.dumps(body).encode() if body is not None else content,
        headers={"authorization": "Bearer token-of-jd"},
        at=AT,
    )
    answer = core.answer(request)
    assert answer.status < 400, (method, path, answer.body)
    return json.loads(answer.body) if answer.body else None


def fill(core: Core) -> None:
    """Make one of everything."""
    warehouse = ask(core, "POST", "/sql/warehouses", {"name": "w"})["id"]
    query = ask(core, "POST", "/sql/queries", {"query": {"display_name": "q", "query_text": "SELECT 1"}})["id"]
    ask(core, "POST", "/sql/alerts", {"alert": {"display_name": "l", "query_id": query}})
    ask(core, "POST", "/alerts", {"display_name": "a", "warehouse_id": warehouse})
    policy = ask(core, "POST", "/policies/clusters/create", {"name": "p"})["policy_id"]
    pool = ask(core, "POST", "/instance-pools/create", {"instance_pool_name": "i", "node_type_id": "n"})
    cluster = {"cluster_name": "c", "spark_version": "16.4.x-scala2.12", "policy_id": policy, **pool}
    key = ask(core, "POST", "/clusters/create", cluster)["cluster_id"]
    ask(core, "POST", "/libraries/install", {"cluster_id": key, "libraries": [{"pypi": {"package": "a"}}]})
    dashboard = ask(core, "POST", "/lakeview/dashboards", {"display_name": "d"})["dashboard_id"]
    ask(core, "POST", f"/lakeview/dashboards/{dashboard}/published", {"warehouse_id": warehouse})
    when = {"cron_schedule": {"quartz_cron_expression": "0 0 5 * * ?", "timezone_id": "UTC"}}
    schedule = ask(core, "POST", f"/lakeview/dashboards/{dashboard}/schedules", when)["schedule_id"]
    whom = {"subscriber": {"user_subscriber": {"user_id": 1}}}
    ask(core, "POST", f"/lakeview/dashboards/{dashboard}/schedules/{schedule}/subscriptions", whom)
    mail = {"display_name": "m", "config": {"email": {"addresses": ["a@example.com"]}}}
    ask(core, "POST", "/notification-destinations", mail)
    pipeline = ask(core, "POST", "/pipelines", {"name": "p", "catalog": "c"})["pipeline_id"]
    ask(core, "POST", f"/pipelines/{pipeline}/updates", {})
    ask(core, "POST", "/workspace/import", {"path": "/Shared/n", "language": "PYTHON", "content": CODE})
    ask(core, "POST", "/workspace-files/import-file/Shared%2Ff.txt", content=b"text")
    ask(core, "POST", "/unity-catalog/catalogs", {"name": "c"})
    ask(core, "POST", "/unity-catalog/schemas", {"catalog_name": "c", "name": "s"})
    volume = {"catalog_name": "c", "schema_name": "s", "name": "v", "volume_type": "MANAGED"}
    ask(core, "POST", "/unity-catalog/volumes", volume)
    ask(core, "PUT", "/fs/files/Volumes/c/s/v/d/f.txt", content=b"text")
    ask(core, "PUT", "/fs/directories/Volumes/c/s/v/e")
    give = {"changes": [{"principal": "users", "add": ["USE_SCHEMA"]}]}
    ask(core, "PATCH", "/unity-catalog/permissions/schema/c.s", give)
    ask(core, "POST", "/dbfs/put", {"path": "/a/f.txt", "contents": CODE})
    ask(core, "POST", "/secrets/scopes/create", {"scope": "s"})
    ask(core, "POST", "/secrets/put", {"scope": "s", "key": "k", "string_value": "v"})
    ask(core, "POST", "/repos", {"url": "https://example.com/r.git", "provider": "gitHub"})
    ask(core, "POST", "/git-credentials", {"git_provider": "gitHub", "git_username": "u"})
    ask(core, "POST", "/preview/scim/v2/Groups", {"displayName": "readers"})
    ask(core, "PATCH", "/workspace-conf", {"enableIpAccessLists": "false"})
    ask(core, "PUT", "/sql/config/warehouses", {"security_policy": "NONE"})
    job = ask(core, "POST", "/jobs/create", JOB)["job_id"]
    may = {"access_control_list": [{"group_name": "readers", "permission_level": "CAN_VIEW"}]}
    ask(core, "PATCH", f"/permissions/jobs/{job}", may)
