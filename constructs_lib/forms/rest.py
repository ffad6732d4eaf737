"""The schema of a job as the REST API and bundles write it: the provider's, by the names of the API.

A bundle may say `${var.cluster}` where the API has an object, so that nothing here is a block of Terraform.

https://docs.databricks.com/api/workspace/jobs/create
"""

from collections.abc import Mapping
from functools import cache

from constructs_lib.provider import Attribute, Shape, schema

_OF_TASK = {"library": "libraries"}
RENAMED: Mapping[str, Mapping[str, str]] = {
    "": {
        "task": "tasks",
        "job_cluster": "job_clusters",
        "environment": "environments",
        "parameter": "parameters",
        "library": "libraries",
    },
    "task": _OF_TASK,
    "task.for_each_task.task": _OF_TASK,
    "git_source": {
        "url": "git_url",
        "provider": "git_provider",
        "branch": "git_branch",
        "tag": "git_tag",
        "commit": "git_commit",
    },
}
"""Shape of the provider → what it calls otherwise than the API."""

_OF_CLUSTER = frozenset(
    {
        "__apply_policy_default_values_allow_list",
        "cluster_id",
        "cluster_mount_info",
        "idempotency_token",
        "library",
        "provider_config",
    }
)
_TERRAFORM_ONLY: Mapping[str, frozenset[str]] = {
    "": frozenset({"always_running", "control_run_state", "id", "provider_config", "timeouts", "url"}),
    "job_cluster.new_cluster": _OF_CLUSTER,
    "new_cluster": _OF_CLUSTER,
    "library": frozenset({"provider_config"}),
}
"""Shape → what only the provider has in it."""

_SINGLE_TASK = frozenset(
    {
        "dbt_task",
        "existing_cluster_id",
        "library",
        "max_retries",
        "min_retry_interval_millis",
        "new_cluster",
        "notebook_task",
        "pipeline_task",
        "python_wheel_task",
        "retry_on_timeout",
        "run_job_task",
        "spark_jar_task",
        "spark_python_task",
        "spark_submit_task",
    }
)
"""What a job of the old single-task format says of its one task."""

REST_ONLY: Mapping[str, Mapping[str, str]] = {
    "": {"duration_target": "string"},
    "task.dashboard_task.subscription": {"attachment": "object(attachment)"},
    "attachment": {"data_attachment": "object(data_attachment)", "page_attachment": "object(page_attachment)"},
    "data_attachment": {
        "file_format": "string required",
        "include_applied_filters": "bool",
        "widgets": "list(object(widget)) required",
    },
    "page_attachment": {"page_ids": "list(string)", "page_selection": "string"},
    "widget": {"page_id": "string required", "widget_id": "string required"},
}
"""Shape → what only the API has in it."""

_OPTIONAL = frozenset({("health", "rules")})
"""What the provider requires and the API does not."""

BESIDE = frozenset(
    {
        "access_control_list",
        "created_time",
        "creator_user_name",
        "effective_budget_policy_id",
        "effective_usage_policy_id",
        "has_more",
        "id",
        "idempotency_token",
        "job_id",
        "lifecycle",
        "modified_status",
        "next_page_token",
        "permissions",
        "run_as_user_name",
        "run_name",
        "trigger_details",
        "trigger_history",
        "trigger_state",
        "url",
    }
)
"""What requests, answers and bundles say beside a job's settings. Rules look at the grants, at nothing else of it."""


def beside(name: str) -> bool:
    """Return whether a name stands beside the settings; with an underscore, people keep their anchors of YAML there."""
    return name in BESIDE or name.startswith("_")


@cache
def rest_shape(*, single_task: bool) -> Shape:
    """Return what a job's settings hold in the API; `single_task` is the format of a job that has no `tasks`."""
    shapes = _Shapes(single_task=single_task)
    shapes.originals[""] = schema("databricks_job").body
    return shapes[""]


def names(shape: str, attributes: Mapping[str, Attribute], *, single_task: bool) -> Mapping[str, str]:
    """Return the API's name of each attribute of a shape that it has, by the provider's."""
    gone = _TERRAFORM_ONLY.get(shape, frozenset()) | (_SINGLE_TASK if not shape and not single_task else frozenset())
    renamed = RENAMED.get(shape, {})
    return {
        name: renamed.get(name, name)
        for name, attribute in attributes.items()
        if name not in gone and not attribute.read_only
    }


class _Shapes(dict[str, Shape]):
    """The API's shapes, each made from the provider's when it is first asked for."""

    def __init__(self, *, single_task: bool) -> None:
        super().__init__()
        self.single_task = single_task
        self.originals: dict[str, Shape] = {}

    def __missing__(self, name: str) -> Shape:
        words: dict[str, str] = {}
        if name in self.originals:
            attributes = self.originals[name].attributes
            for provider, rest in names(name, attributes, single_task=self.single_task).items():
                words[rest] = self._words(name, attributes[provider])
        self[name] = Shape({**words, **REST_ONLY.get(name, {})}, self)
        return self[name]

    def _words(self, holder: str, attribute: Attribute) -> str:
        if attribute.type.nested and attribute.shape:
            self.originals.setdefault(attribute.type.nested.shape, attribute.shape)
        required = attribute.required and (holder, attribute.name) not in _OPTIONAL
        return str(attribute.type).replace("block(", "object(") + (" required" if required else "")
