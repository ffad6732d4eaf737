"""What the rules of compute are documented with: their sources, and jobs to show them on."""

from typing import Any

from constructs_lib.rules.examples import job, notebook

JOBS_API = "https://docs.databricks.com/api/workspace/jobs/create"
SERVERLESS_PAGE = "https://docs.databricks.com/aws/en/jobs/run-serverless-jobs"
CLUSTER = {
    "spark_version": "16.4.x-scala2.12",
    "node_type_id": "Standard_D4ds_v5",
    "num_workers": 1,
    "data_security_mode": "SINGLE_USER",
}
ETL = {"job_cluster_key": "etl", "new_cluster": CLUSTER}
DEFAULT = {"environment_key": "default", "spec": {"environment_version": "4"}}
SCRIPT = {"task_key": "a", "spark_python_task": {"python_file": "/Workspace/a.py", "source": "WORKSPACE"}}
EXISTING = "0923-164208-meows279"
PYPI = [{"pypi": {"package": "requests"}}]


def with_spec(**spec: Any) -> dict[str, Any]:
    """Return a job with a notebook in an environment of this spec."""
    return job(notebook("a", environment_key="default"), environment=[{"environment_key": "default", "spec": spec}])


def on_etl(*libraries: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Return a job with a notebook on the job cluster `etl`, and with these libraries."""
    extra = {"library": list(libraries)} if libraries else {}
    return job(notebook("a", job_cluster_key="etl", **extra, **attributes), job_cluster=[ETL])


def sql(**attributes: Any) -> dict[str, Any]:
    """Return a SQL task."""
    return {"task_key": "a", "sql_task": {"warehouse_id": "abc", "query": {"query_id": "123"}}, **attributes}
