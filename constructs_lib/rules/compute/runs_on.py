"""What a task runs on, as far as the job says it."""

from constructs_lib.rules.finding import Path
from constructs_lib.rules.given import each, given, only
from constructs_lib.rules.job import Body, JobTask, mapping, text

CLUSTERS = ("existing_cluster_id", "new_cluster", "job_cluster_key")
SCRIPTS = ("spark_python_task", "python_wheel_task", "dbt_task", "spark_jar_task")
"""Types that run code and have no environment of their own, as a notebook has."""
CODE = frozenset({"notebook_task", *SCRIPTS})
NO_COMPUTE = (
    "alert_task",
    "condition_task",
    "dashboard_task",
    "for_each_task",
    "pipeline_task",
    "power_bi_task",
    "run_job_task",
    "sql_task",
)
"""Types that run elsewhere: on a warehouse, in a pipeline, in another task or nowhere."""
JUDGED = tuple(sorted(set(NO_COMPUTE) - {"condition_task", "for_each_task"}))
"""Those of them that have no rules of their own about compute."""
ELSEWHERE = {
    "pipeline_task": "the pipeline has its own",
    "run_job_task": "the other job has its own",
}


def clusters_of(task: JobTask) -> list[str]:
    """Return which of the attributes that name a cluster a task has."""
    body = task.body
    return [name for name in CLUSTERS if body.get(name)]


def on_warehouse(task: JobTask) -> bool:
    """Return whether a task is a notebook on a SQL warehouse."""
    return task.type == "notebook_task" and given(task.block("notebook_task").get("warehouse_id"))


def cluster_of(task: JobTask) -> Body | None:
    """Return the new cluster that a task runs on; None where there is none, or it is not known."""
    if given(task.body.get("new_cluster")):
        return only(task.body["new_cluster"])
    key = task.body.get("job_cluster_key")
    for _, block in each(task.job.body.get("job_cluster")) if given(key) else ():
        if block.get("job_cluster_key") == key:
            return only(block.get("new_cluster"))
    return None


def environment_of(task: JobTask) -> tuple[Path, Body] | None:
    """Return where the environment of a task is, and its spec; None where there is none, or it is not known."""
    key = task.body.get("environment_key")
    for below, block in each(task.job.body.get("environment")) if given(key) else ():
        if block.get("environment_key") == key:
            return ("environment", *below), mapping(block.get("spec"))
    return None


def runtime_of(cluster: Body) -> int | None:
    """Return the major version of a cluster's runtime: 16 for `16.4.x-scala2.12`."""
    major = (text(cluster.get("spark_version")) or "").partition(".")[0]
    return int(major) if major.isdecimal() and len(major) < 4 else None
