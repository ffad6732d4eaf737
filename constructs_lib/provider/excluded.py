"""What of `databricks_job` the values of this library leave out, and why; all else can be said.

`extra={…}` on a value and `add_override` on the construct reach these too.
"""

from collections.abc import Mapping

EXCLUDED: Mapping[str, str] = {
    "always_running": "deprecated: a continuous trigger does the same",
    "control_run_state": "the provider would start and cancel runs itself: a deploy changes settings only",
    "email_notifications.no_alert_for_skipped_runs": "deprecated: notification_settings has it",
    "environment.spec.client": "deprecated: environment_version has it",
    "existing_cluster_id": "of a job without tasks, which is deprecated",
    "format": "the provider fills it in",
    "git_source.git_snapshot": "of a run: it can only be read",
    "id": "the provider fills it in",
    "library": "of a job without tasks, which is deprecated",
    "max_retries": "of a job without tasks; with tasks it does nothing",
    "min_retry_interval_millis": "of a job without tasks; with tasks it does nothing",
    "new_cluster": "of a job without tasks, which is deprecated",
    "new_cluster.__apply_policy_default_values_allow_list": "the provider never converges with it",
    "new_cluster.apply_policy_default_values": "the provider never converges with it",
    "new_cluster.cluster_id": "of a cluster that exists: nothing for one that a run makes",
    "new_cluster.cluster_name": "of a cluster that exists: a run's cluster is named by the run",
    "new_cluster.gcp_attributes.use_preemptible_executors": "deprecated: availability has it",
    "new_cluster.idempotency_token": "of the Clusters API: a job has no use for it",
    "new_cluster.init_scripts.dbfs": "deprecated: a workspace file or volume does the same",
    "new_cluster.library": "not installed by the API, and the provider breaks on it: libraries are a task's",
    "new_cluster.provider_config": "which workspace it is says the stack's provider",
    "new_cluster.workload_type": "of an all-purpose cluster: a run's cluster runs jobs only",
    "notebook_task": "of a job without tasks, which is deprecated",
    "dbt_task": "of a job without tasks, which is deprecated",
    "library.egg": "deprecated: wheels replace eggs",
    "library.provider_config": "which workspace it is says the stack's provider",
    "pipeline_task": "of a job without tasks, which is deprecated",
    "provider_config": "which workspace it is says the stack's provider",
    "python_wheel_task": "of a job without tasks, which is deprecated",
    "retry_on_timeout": "of a job without tasks, which is deprecated",
    "run_as.group_name": "refused by the provider",
    "run_job_task": "of a job without tasks, which is deprecated",
    "spark_jar_task": "of a job without tasks, which is deprecated",
    "spark_python_task": "of a job without tasks, which is deprecated",
    "spark_submit_task": "of a job without tasks, which is deprecated",
    "task.dbt_cloud_task": "deprecated: dbt_platform_task has it",
    "task.gen_ai_compute_task": "deprecated: ai_runtime_task has it",
    "task.run_job_task.dbt_commands": "deprecated: job_parameters have it",
    "task.run_job_task.jar_params": "deprecated: job_parameters have it",
    "task.run_job_task.notebook_params": "deprecated: job_parameters have it",
    "task.run_job_task.python_named_params": "deprecated: job_parameters have it",
    "task.run_job_task.python_params": "deprecated: job_parameters have it",
    "task.run_job_task.spark_submit_params": "deprecated: job_parameters have it",
    "task.run_job_task.sql_params": "deprecated: job_parameters have it",
    "task.spark_jar_task.jar_uri": "deprecated: a library has it",
    "task.spark_jar_task.run_as_repl": "deprecated: it is always true",
    "timeouts": "of control_run_state and always_running",
    "trigger.model": "refused by the provider there: Trigger.any_of(Trigger.model_update(…)) has it",
    "url": "it can only be read",
}
"""Path → why; what is below it is left out too. Those of clusters, libraries and e-mails count wherever one stands.

https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job
"""

_INNER = "task.for_each_task."
_ANYWHERE = ("new_cluster.", "library.", "email_notifications.")


def excluded(path: str) -> str | None:
    """Return why a path of `databricks_job` is left out; None where it is not."""
    # A looped task is one as any other.
    path = path.removeprefix(_INNER) if path.startswith(f"{_INNER}task.") else path
    for known, why in EXCLUDED.items():
        if path == known or path.startswith(f"{known}."):
            return why
        if known.startswith(_ANYWHERE) and (f".{path}.").find(f".{known}.") >= 0:
            return why
    return None
