"""A cluster: its size, nodes, runtime and access.

https://docs.databricks.com/aws/en/jobs/run-classic-jobs
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Literal

from constructs_lib.compute.clouds import AwsAttributes, AzureAttributes, GcpAttributes
from constructs_lib.compute.machines import ClusterMount, DockerImage, InitScript, LogDelivery
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute, merge

DEFAULT_SPARK_VERSION = "16.4.x-scala2.12"
"""The Databricks Runtime of a cluster that says none: a long-term support version."""


class InstancePool(Value):
    """An instance pool that exists, for a cluster's nodes; the driver comes from `driver_pool_id`, or the same pool.

    https://docs.databricks.com/aws/en/compute/pool-index
    """

    pool_id: Text = attribute("instance_pool_id", kw_only=False)
    driver_pool_id: Text | None = attribute("driver_instance_pool_id", default=None)

    def render(self) -> dict[str, Any]:
        """Return both pools: a driver pool that is silent would be its neighbour's."""
        return {"driver_instance_pool_id": self.pool_id, **super().render()}


class SecurityMode(StrEnum):
    """Who may use a cluster and whether it speaks to Unity Catalog.

    https://docs.databricks.com/aws/en/compute/access-mode-limitations
    """

    DEDICATED = "SINGLE_USER"
    STANDARD = "USER_ISOLATION"
    NONE = "NONE"


_MOST_EACH = 10
_CLOUDS = {"azure": "Azure", "aws": "AWS", "gcp": "Google Cloud"}
_OTHER_CLOUDS = {"aws_attributes", "gcp_attributes"}
_SINGLE_NODE = {
    "num_workers": 0,
    "spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
    "custom_tags": {"ResourceClass": "SingleNode"},
}


class NodeTypeFlexibility(Value):
    """Other machines that may stand in where the cloud has none of the wanted type, in order of preference.

    https://docs.databricks.com/aws/en/compute/flexible-node-types
    """

    alternatives: Sequence[str] = attribute("alternate_node_type_ids", kw_only=False)
    aws_context_id: str | None = attribute("aws_context_id", default=None)


class ClusterSpec(Value):
    """A cluster's size, nodes, runtime and access; for job clusters and new clusters.

    `node_type` (with `driver_node_type` and its cloud's attributes) or `pool` says where nodes come from. `workers` is
    a number, or `(least, most)` for autoscaling; 0 is a single node that is driver and worker.
    https://docs.databricks.com/aws/en/jobs/run-classic-jobs
    """

    node_type: Text | None = attribute("node_type_id", default=None)
    driver_node_type: Text | None = attribute("driver_node_type_id", default=None)
    """The same as `node_type` unless said otherwise."""
    azure: AzureAttributes | None = attribute("azure_attributes", default=None)
    """How nodes come; on demand unless said otherwise. A pool has its own."""
    aws: AwsAttributes | None = attribute("aws_attributes", default=None)
    """How instances come on AWS; give it there, or the cluster is one of Azure."""
    gcp: GcpAttributes | None = attribute("gcp_attributes", default=None)
    """How machines come on Google Cloud; give it there, or the cluster is one of Azure."""
    node_type_flexibility: NodeTypeFlexibility | None = attribute("worker_node_type_flexibility", default=None)
    driver_node_type_flexibility: NodeTypeFlexibility | None = attribute("driver_node_type_flexibility", default=None)
    pool: InstancePool | None = attribute(default=None, spread=True)
    workers: int | tuple[int, int] = attribute(
        default=1, renders=("num_workers", "autoscale.min_workers", "autoscale.max_workers")
    )
    spark_version: Text = attribute("spark_version", default=DEFAULT_SPARK_VERSION)
    security_mode: SecurityMode = attribute("data_security_mode", default=SecurityMode.DEDICATED)
    single_user: Text | None = attribute("single_user_name", default=None)
    """The only user of a dedicated cluster; who runs the job when it is not said."""
    runtime_engine: Literal["STANDARD", "PHOTON"] | None = attribute("runtime_engine", default=None)
    policy_id: Text | None = attribute("policy_id", default=None)
    """A cluster policy. Its defaults do not apply by themselves: the provider never converges with them."""
    kind: Literal["CLASSIC_PREVIEW"] | None = attribute("kind", default=None)
    """The simplified form of clusters, which `is_single_node` and `use_ml_runtime` need."""
    is_single_node: bool | None = attribute("is_single_node", default=None)
    """Whether a cluster of the simplified form is a single node; elsewhere write `workers=0`."""
    use_ml_runtime: bool | None = attribute("use_ml_runtime", default=None)
    """Whether a cluster of the simplified form has the machine learning runtime."""
    dependency_mode: str | None = attribute("dependency_mode", default=None)
    """How libraries are isolated in standard access mode: `DEPENDENCY_MODE_ENVIRONMENTS`, from runtime 19 on."""
    disk_encryption: bool = attribute("enable_local_disk_encryption", default=False)
    remote_disk_throughput: int | None = attribute("remote_disk_throughput", default=None)
    """MB a second of the nodes' remote disks, on Google Cloud."""
    remote_disk_size: int | None = attribute("total_initial_remote_disk_size", default=None)
    """GB of the nodes' remote disks when they start, on Google Cloud."""
    init_scripts: Sequence[InitScript] = attribute("init_scripts", default=())
    """What every node runs before Spark starts, in this order; at most ten."""
    log_delivery: LogDelivery | None = attribute("cluster_log_conf", default=None)
    docker_image: DockerImage | None = attribute("docker_image", default=None)
    mounts: Sequence[ClusterMount] = attribute("cluster_mount_info", default=())
    ssh_public_keys: Sequence[str] = attribute("ssh_public_keys", default=())
    """Who may log in to the nodes as `ubuntu` on port 2200; at most ten."""
    spark_conf: Mapping[str, str] = attribute("spark_conf", default={})
    environment_variables: Mapping[str, Text] = attribute("spark_env_vars", default={})
    custom_tags: Mapping[str, str] = attribute("custom_tags", default={})
    extra: Mapping[str, object] = attribute(default={}, spread=True)
    """Further attributes of the provider's `new_cluster` block, by their names there."""

    always: ClassVar[tuple[str, ...]] = ("enable_elastic_disk",)
    """What is written whatever is said."""

    def check(self) -> None:
        """Refuse sizes and node sources that the API refuses."""
        if (self.node_type is None) == (self.pool is None):
            raise self.error("a cluster has either a node type or a pool", fix="give exactly one of node_type and pool")
        if self.pool is not None and self.driver_node_type is not None:
            raise self.error(
                "a cluster from a pool has no driver_node_type", fix="write InstancePool(driver_pool_id=…)"
            )
        clouds = [name for name in _CLOUDS if getattr(self, name) is not None]
        if self.pool is not None and clouds:
            raise self.error(
                f"a cluster from a pool has the pool's {_CLOUDS[clouds[0]]} attributes", fix=f"leave {clouds[0]} out"
            )
        if len(clouds) > 1:
            raise self.error(f"has attributes of {' and '.join(clouds)}", fix="keep those of the workspace's cloud")
        if (self.is_single_node is not None or self.use_ml_runtime is not None) and self.kind is None:
            raise self.error("is_single_node and use_ml_runtime need a kind", fix='give kind="CLASSIC_PREVIEW"')
        for name in ("init_scripts", "ssh_public_keys"):
            if len(getattr(self, name)) > _MOST_EACH:
                raise self.error(f"{name}: {len(getattr(self, name))}, and the API takes {_MOST_EACH}")
        least, most = (self.workers, None) if isinstance(self.workers, int) else self.workers
        if least < 0:
            raise self.error(f"workers: {least} is negative", fix="write 0 for a single node")
        if most is not None and most <= least:
            raise self.error(f"workers: {self.workers} does not grow", fix="write (least, most) with least < most")

    def render(self) -> dict[str, Any]:
        """Return the `new_cluster` block with everything in it that would leak from a neighbour if it were silent."""
        body: dict[str, Any] = {}
        if isinstance(self.workers, tuple):
            body["autoscale"] = {"min_workers": self.workers[0], "max_workers": self.workers[1]}
        else:
            merge(body, _SINGLE_NODE if self.workers == 0 else {"num_workers": self.workers})
        if self.pool is None:
            merge(body, {"driver_node_type_id": self.node_type, "enable_elastic_disk": True})
            if self.aws is None and self.gcp is None and not _OTHER_CLOUDS & self.extra.keys():
                merge(body, {"azure_attributes": AzureAttributes().render()})
        merge(body, super().render())
        return body
