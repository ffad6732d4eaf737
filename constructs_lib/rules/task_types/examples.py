"""What the rules of task types are documented with: their source, and jobs to show them on."""

from typing import Any

from constructs_lib.rules.examples import job

JOBS_API = "https://docs.databricks.com/api/workspace/jobs/create"
WHEEL = {"package_name": "sales", "entry_point": "train"}
WHEELS = {"environment_key": "default", "spec": {"environment_version": "4", "dependencies": ["sales"]}}


def task_of(kind: str, **block: Any) -> dict[str, Any]:
    """Return a task of a type, with this block."""
    return {"task_key": "a", kind: block}


def wheel(**block: Any) -> dict[str, Any]:
    """Return a job with a wheel task; its environment holds the wheel."""
    task = {**task_of("python_wheel_task", **{**WHEEL, **block}), "environment_key": "default"}
    return job(task, environment=[WHEELS])


def sql(**block: Any) -> dict[str, Any]:
    """Return a job with a SQL task."""
    return job(task_of("sql_task", warehouse_id="abc", **block))


def jar(**block: Any) -> dict[str, Any]:
    """Return a job with a JAR task on an existing cluster."""
    return job(
        {
            **task_of("spark_jar_task", main_class_name="com.acme.Main", **block),
            "existing_cluster_id": "0923-164208-meows279",
            "library": [{"jar": "/Volumes/main/default/jars/main.jar"}],
        }
    )


ALERT = {"alert_id": "123"}
