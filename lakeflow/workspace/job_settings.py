"""How the Jobs API keeps settings: what it adds, drops and sorts, as it was seen on Azure.

https://docs.databricks.com/api/azure/workspace/jobs/get
"""

from collections.abc import Iterator

from lakeflow.workspace.exchange import Json
from lakeflow.workspace.job_fields import job_settings

SINCE_QUEUES = (2, 2)
"""The version of the API from which on runs of a new job are queued unless it says otherwise."""
_JOB = {"name": "Untitled", "timeout_seconds": 0, "max_concurrent_runs": 1}
_AZURE = {"availability": "ON_DEMAND_AZURE", "first_on_demand": 1, "spot_bid_max_price": -1.0}
_CLOUDS = frozenset({"aws_attributes", "gcp_attributes"})
_FROM_FILES = ("notebook_task", "spark_python_task", "dbt_task")
_STARTERS = ("schedule", "trigger", "continuous")
_NOT_KEPT = frozenset({"access_control_list", "idempotency_token", "job_id"})


def as_kept(settings: Json, *, version: tuple[int, int] = SINCE_QUEUES) -> Json:
    """Return settings as they will be read back; what was given stays as it is. Refused is what is of a wrong kind."""
    given = job_settings()({name: value for name, value in settings.items() if name not in _NOT_KEPT}, "")
    kept: Json = {
        **_JOB,
        "email_notifications": {},
        "webhook_notifications": {},
        **({"queue": {"enabled": True}} if version >= SINCE_QUEUES else {}),
        **given,
        "format": "MULTI_TASK",
    }
    kept["max_concurrent_runs"] = kept["max_concurrent_runs"] or 1
    for starter in _STARTERS:
        if starter in kept:
            kept[starter].setdefault("pause_status", "UNPAUSED")
    for task in kept.get("tasks", []):
        _keep_task(task, "GIT" if "git_source" in kept else "WORKSPACE")
    if "tasks" in kept:
        kept["tasks"].sort(key=lambda task: str(task.get("task_key")))
    for cluster in kept.get("job_clusters", []):
        keep_cluster(cluster.get("new_cluster", {}))
    return kept


def every_task(settings: Json) -> Iterator[Json]:
    """Yield the tasks of a job, and after a for-each task the one inside it."""
    for task in settings.get("tasks", []):
        yield task
        if "for_each_task" in task:
            yield task["for_each_task"].get("task", {})


def _keep_task(task: Json, source: str) -> None:
    task.setdefault("run_if", "ALL_SUCCESS")
    task.setdefault("timeout_seconds", 0)
    task.setdefault("email_notifications", {})
    task.setdefault("webhook_notifications", {})
    if "depends_on" in task:
        task["depends_on"].sort(key=lambda parent: str(parent.get("task_key")))
    for name in _FROM_FILES:
        if name in task:
            task[name].setdefault("source", source)
    if "file" in task.get("sql_task", {}):
        task["sql_task"]["file"].setdefault("source", source)
    if "dbt_task" in task and not task["dbt_task"].get("warehouse_id"):
        task["dbt_task"].pop("schema", None)
    if "new_cluster" in task:
        keep_cluster(task["new_cluster"])
    if "task" in task.get("for_each_task", {}):
        _keep_task(task["for_each_task"]["task"], source)


def keep_cluster(cluster: Json) -> None:
    """Make a cluster what it will be read back as."""
    cluster.pop("apply_policy_default_values", None)
    cluster.setdefault("data_security_mode", "SINGLE_USER")
    if cluster.get("instance_pool_id"):
        return
    cluster.setdefault("enable_elastic_disk", True)
    if not _CLOUDS & cluster.keys():
        cluster["azure_attributes"] = {**_AZURE, **cluster.get("azure_attributes", {})}
