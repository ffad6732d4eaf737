"""What a pipeline is told besides its code: clusters, notifications, and where its events are logged.

https://docs.databricks.com/aws/en/ldp/configure-pipeline
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from constructs_lib.compute import AwsAttributes, AzureAttributes, GcpAttributes, InitScript, LogDelivery
from constructs_lib.handles import HasPolicyId, HasPoolId, HasSchema
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute, merge

_MOST_SCRIPTS = 10
_EVENTS = {
    "on_update_success": "on-update-success",
    "on_update_failure": "on-update-failure",
    "on_update_fatal_failure": "on-update-fatal-failure",
    "on_flow_failure": "on-flow-failure",
}


class CodeGlob(Value):
    """Code of the workspace that a pipeline finds by itself: a notebook, a file, or a folder that ends in `/**`."""

    include: Text = attribute("include", kw_only=False)

    def check(self) -> None:
        """Refuse what the API refuses: a relative path, and a star in the middle."""
        if isinstance(self.include, str):
            if not self.include.startswith("/"):
                raise self.error("a workspace path is absolute", fix=f"write '/{self.include}'")
            if "*" in self.include.removesuffix("/**"):
                raise self.error("has a star elsewhere than in '/**' at its end")


class EventLog(Value):
    """The table that a pipeline publishes its event log to, in the pipeline's schema unless another is said.

    https://docs.databricks.com/aws/en/ldp/monitor-event-logs
    """

    name: str = attribute("name", kw_only=False)
    schema: HasSchema | None = attribute(default=None)

    def render(self) -> dict[str, Any]:
        """Return the block; the pipeline puts its own catalog and schema into it where it says none."""
        place = {"catalog": self.schema.catalog_name, "schema": self.schema.schema_name} if self.schema else {}
        return {**super().render(), **place}


class PipelineNotifications(Value):
    """Who is told by e-mail what became of a pipeline's updates and flows.

    A fatal failure is one that is not tried again. https://docs.databricks.com/aws/en/ldp/monitoring-ui#notifications
    """

    on_update_success: Sequence[str] = attribute(default=())
    on_update_failure: Sequence[str] = attribute(default=())
    on_update_fatal_failure: Sequence[str] = attribute(default=())
    on_flow_failure: Sequence[str] = attribute(default=())

    def check(self) -> None:
        """Refuse to tell nobody of nothing, and what is no address."""
        told = {event: getattr(self, event) for event in _EVENTS}
        if not any(told.values()):
            raise self.error("tells nobody", fix="give on_update_fatal_failure=[…]")
        for event, addresses in told.items():
            for address in addresses:
                if "@" not in address:
                    raise self.error(f"{event}: {address!r} is not an e-mail address")

    def blocks(self) -> list[dict[str, Any]]:
        """Return the `notification` blocks: one for each group of people, with all that they are told of."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for event, name in _EVENTS.items():
            people = tuple(sorted(set(getattr(self, event))))
            if people:
                groups.setdefault(people, []).append(name)
        return [{"email_recipients": list(people), "alerts": groups[people]} for people in sorted(groups)]


class PipelineCluster(Value):
    """The cluster that a pipeline's updates run on (`default`), or its maintenance.

    `workers` is a number, or `(least, most)` for autoscaling; 0 is a single node. `pool` or `node_type` says where
    nodes come from; without either, Databricks chooses. https://docs.databricks.com/aws/en/ldp/configure-compute
    """

    label: Literal["default", "maintenance"] = attribute("label", default="default")
    workers: int | tuple[int, int] | None = attribute(default=None)
    """As many as Databricks takes when it is not said: for updates 1 to 5."""
    scaling: Literal["ENHANCED", "LEGACY"] | None = attribute(default=None)
    """How it scales between `(least, most)`: by the data that waits, which is usual for updates, or as others do."""
    node_type: Text | None = attribute("node_type_id", default=None)
    driver_node_type: Text | None = attribute("driver_node_type_id", default=None)
    """The same as `node_type` unless said otherwise."""
    pool: HasPoolId | None = attribute("instance_pool_id", default=None, via=lambda pool: pool.pool_id)
    driver_pool: HasPoolId | None = attribute("driver_instance_pool_id", default=None, via=lambda pool: pool.pool_id)
    """The same as `pool` unless said otherwise."""
    policy: HasPolicyId | None = attribute("policy_id", default=None, via=lambda policy: policy.policy_id)
    apply_policy_defaults: bool = attribute("apply_policy_default_values", default=False, omit=False)
    """Whether what the policy has a default for, and the cluster does not say, comes from there."""
    azure: AzureAttributes | None = attribute("azure_attributes", default=None)
    aws: AwsAttributes | None = attribute("aws_attributes", default=None)
    gcp: GcpAttributes | None = attribute("gcp_attributes", default=None)
    disk_encryption: bool = attribute("enable_local_disk_encryption", default=False)
    init_scripts: Sequence[InitScript] = attribute("init_scripts", default=())
    log_delivery: LogDelivery | None = attribute("cluster_log_conf", default=None)
    spark_conf: Mapping[str, str] = attribute("spark_conf", default={})
    environment_variables: Mapping[str, Text] = attribute("spark_env_vars", default={})
    custom_tags: Mapping[str, str] = attribute("custom_tags", default={})
    extra: Mapping[str, object] = attribute("extra", default={}, spread=True)
    """Further attributes of the provider's `cluster` block, by their names there."""

    def check(self) -> None:
        """Refuse sizes and node sources that the API refuses."""
        if self.pool is not None and (self.node_type is not None or self.driver_node_type is not None):
            raise self.error("a cluster from a pool has the pool's node type", fix="leave the node types out")
        if self.driver_pool is not None and self.pool is None:
            raise self.error("has a pool for its driver only", fix="give pool=")
        clouds = [name for name in ("azure", "aws", "gcp") if getattr(self, name) is not None]
        if self.pool is not None and clouds:
            raise self.error(
                f"a cluster from a pool has the pool's {clouds[0]} attributes", fix=f"leave {clouds[0]} out"
            )
        if len(clouds) > 1:
            raise self.error(f"has attributes of {' and '.join(clouds)}", fix="keep those of the workspace's cloud")
        if len(self.init_scripts) > _MOST_SCRIPTS:
            raise self.error(f"init_scripts: {len(self.init_scripts)}, and the API takes {_MOST_SCRIPTS}")
        if self.scaling is not None and not isinstance(self.workers, tuple):
            raise self.error("scales, but its workers do not", fix="write workers=(least, most)")
        if self.scaling == "ENHANCED" and self.label == "maintenance":
            raise self.error("maintenance does not scale by the data that waits", fix="leave scaling out")
        if isinstance(self.workers, int) and self.workers < 0:
            raise self.error(f"workers: {self.workers} is negative", fix="write 0 for a single node")
        if isinstance(self.workers, tuple) and not 0 <= self.workers[0] < self.workers[1]:
            raise self.error(f"workers: {self.workers} does not grow", fix="write (least, most) with least < most")

    def render(self) -> dict[str, Any]:
        """Return the `cluster` block; drivers and encryption are said, or the provider keeps what they were."""
        body: dict[str, Any] = {}
        if isinstance(self.workers, tuple):
            least, most = self.workers
            usual = "ENHANCED" if self.label == "default" else "LEGACY"
            body["autoscale"] = {"min_workers": least, "max_workers": most, "mode": self.scaling or usual}
        elif self.workers is not None:
            body["num_workers"] = self.workers
        if self.workers == 0:
            body["spark_conf"] = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
        if self.pool is not None:
            body["driver_instance_pool_id"] = self.pool.pool_id
        elif self.node_type is not None:
            body["driver_node_type_id"] = self.node_type
        merge(body, super().render())
        return body
