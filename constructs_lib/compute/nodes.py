"""What the clusters of jobs and of pipelines have in common: where their nodes come from and what these start with."""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lib.compute.clouds import AwsAttributes, AzureAttributes, GcpAttributes
from constructs_lib.compute.machines import InitScript, LogDelivery
from constructs_lib.handles import POLICY, POOL, HasPolicyId, HasPoolId
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute

_CLOUDS = {"azure": "Azure", "aws": "AWS", "gcp": "Google Cloud"}
_MOST_SCRIPTS = 10
SINGLE_NODE_CONF = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
"""What tells Spark that its driver is the only node."""


class ClusterNodes(Value):
    """A cluster's nodes; `ClusterSpec` and `PipelineCluster` are made of it.

    https://docs.databricks.com/aws/en/compute/configure
    """

    node_type: Text | None = attribute("node_type_id", default=None)
    driver_node_type: Text | None = attribute("driver_node_type_id", default=None)
    """The same as `node_type` unless said otherwise."""
    azure: AzureAttributes | None = attribute("azure_attributes", default=None)
    """How virtual machines come on Azure. A pool has its own."""
    aws: AwsAttributes | None = attribute("aws_attributes", default=None)
    """How instances come on AWS."""
    gcp: GcpAttributes | None = attribute("gcp_attributes", default=None)
    """How machines come on Google Cloud."""
    pool: HasPoolId | None = attribute("instance_pool_id", default=None, via=POOL)
    """The pool that nodes come from, instead of a node type."""
    driver_pool: HasPoolId | None = attribute("driver_instance_pool_id", default=None, via=POOL)
    """The same as `pool` unless said otherwise."""
    policy: HasPolicyId | None = attribute("policy_id", default=None, via=POLICY)
    """A cluster policy to obey."""
    disk_encryption: bool = attribute("enable_local_disk_encryption", default=False)
    init_scripts: Sequence[InitScript] = attribute("init_scripts", default=())
    """What every node runs before Spark starts, in this order; at most ten."""
    log_delivery: LogDelivery | None = attribute("cluster_log_conf", default=None)
    spark_conf: Mapping[str, str] = attribute("spark_conf", default={})
    environment_variables: Mapping[str, Text] = attribute("spark_env_vars", default={})
    custom_tags: Mapping[str, str] = attribute("custom_tags", default={})

    def check(self) -> None:
        """Refuse node sources that exclude each other, and more scripts than the API takes."""
        if self.pool is not None and (self.node_type is not None or self.driver_node_type is not None):
            raise self.error("a cluster from a pool has the pool's node type", fix="leave the node types out")
        if self.driver_pool is not None and self.pool is None:
            raise self.error("has a pool for its driver only", fix="give pool=")
        clouds = [name for name in _CLOUDS if getattr(self, name) is not None]
        if self.pool is not None and clouds:
            raise self.error(
                f"a cluster from a pool has the pool's {_CLOUDS[clouds[0]]} attributes", fix=f"leave {clouds[0]} out"
            )
        if len(clouds) > 1:
            raise self.error(f"has attributes of {' and '.join(clouds)}", fix="keep those of the workspace's cloud")
        if len(self.init_scripts) > _MOST_SCRIPTS:
            raise self.error(f"init_scripts: {len(self.init_scripts)}, and the API takes {_MOST_SCRIPTS}")

    def check_workers(self, workers: int | tuple[int, int]) -> None:
        """Refuse a size that the API refuses."""
        least, most = (workers, None) if isinstance(workers, int) else workers
        if least < 0:
            raise self.error(f"workers: {least} is negative", fix="write 0 for a single node")
        if most is not None and most <= least:
            raise self.error(f"workers: {workers} does not grow", fix="write (least, most) with least < most")

    def render(self) -> dict[str, Any]:
        """Return the block with its driver said, which would be its neighbour's if it were silent."""
        if self.pool is not None:
            return {"driver_instance_pool_id": self.pool.pool_id, **super().render()}
        if self.node_type is not None:
            return {"driver_node_type_id": self.node_type, **super().render()}
        return super().render()
