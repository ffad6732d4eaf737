"""What the Jobs API refuses in settings: https://docs.databricks.com/api/workspace/jobs/create."""

from lakeflow.workspace.exchange import Json, invalid
from lakeflow.workspace.job_settings import every_task

_MOST_TASKS = 1000
_MOST_BYTES_OF_A_NAME = 4096


def check(settings: Json) -> None:
    """Refuse settings that contradict themselves."""
    tasks = settings.get("tasks", [])
    if len(tasks) > _MOST_TASKS:
        raise invalid(f"A job can have at most {_MOST_TASKS} tasks, and this one has {len(tasks)}.")
    if len(str(settings["name"]).encode()) > _MOST_BYTES_OF_A_NAME:
        raise invalid(f"The name of a job can have at most {_MOST_BYTES_OF_A_NAME} bytes.")
    if "git_source" in settings and not settings["git_source"].get("git_provider"):
        raise invalid("git_provider must be one of the supported Git providers.")
    _check_keys(settings)
    known = {task["task_key"] for task in tasks}
    for task in tasks:
        for parent in task.get("depends_on", []):
            if parent.get("task_key") not in known:
                raise invalid(f"Task '{task['task_key']}' depends on unknown task '{parent.get('task_key')}'.")


def _check_keys(settings: Json) -> None:
    seen: set[object] = set()
    for task in every_task(settings):
        key = task.get("task_key")
        if not key or not isinstance(key, str):
            raise invalid("Missing required field: task_key")
        if key in seen:
            raise invalid(f"Duplicate task key '{key}'.")
        seen.add(key)
    clusters = {entry.get("job_cluster_key") for entry in settings.get("job_clusters", [])}
    for task in every_task(settings):
        key = task.get("job_cluster_key")
        if key is not None and key not in clusters:
            raise invalid(f"Job cluster '{key}' is not defined in field 'job_clusters'.")
