"""A cluster: its size, nodes, runtime and access.

https://docs.databricks.com/aws/en/jobs/run-classic-jobs
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal, Self

from constructs_lib.compute.clouds import AwsAttributes, AzureAttributes, GcpAttributes
from constructs_lib.compute.machines import ClusterMount, DockerImage
from constructs_lib.compute.nodes import SINGLE_NODE_CONF, ClusterNodes
from constructs_lib.errors import LakeflowError
from constructs_lib.machine_types import cloud_of
from constructs_lib.reading import MISSING, Given
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute, merge

DEFAULT_SPARK_VERSION = "16.4.x-scala2.12"
"""The Databricks Runtime of a cluster that says none: a long-term support version."""


class SecurityMode(StrEnum):
    """Who may use a cluster and whether it speaks to Unity Catalog.

    https://docs.databricks.com/aws/en/compute/access-mode-limitations
    """

    DEDICATED = "SINGLE_USER"
    STANDARD = "USER_ISOLATION"
    NONE = "NONE"


_MOST_KEYS = 10
_CLOUDS: dict[str, type[AzureAttributes | AwsAttributes | GcpAttributes]] = {
    "azure": AzureAttributes,
    "aws": AwsAttributes,
    "gcp": GcpAttributes,
}
_SINGLE_NODE_TAGS = {"ResourceClass": "SingleNode"}
_SINGLE_NODE = {"num_workers": 0, "spark_conf": SINGLE_NODE_CONF, "custom_tags": _SINGLE_NODE_TAGS}


class NodeTypeFlexibility(Value):
    """Other machines that may stand in where the cloud has none of the wanted type, in order of preference.

    https://docs.databricks.com/aws/en/compute/flexible-node-types
    """

    alternatives: Sequence[str] = attribute("alternate_node_type_ids", kw_only=False)
    aws_context_id: str | None = attribute("aws_context_id", default=None)


class ClusterSpec(ClusterNodes):
    """A cluster's size, nodes, runtime and access; for job clusters and new clusters.

    `node_type` (with `driver_node_type` and its cloud's attributes) or `pool` says where nodes come from; they are on
    demand unless said otherwise. `workers` is a number, or `(least, most)` for autoscaling; 0 is a single node that is
    driver and worker. A policy's defaults do not apply by themselves: the provider never converges with them.
    https://docs.databricks.com/aws/en/jobs/run-classic-jobs
    """

    node_type_flexibility: NodeTypeFlexibility | None = attribute("worker_node_type_flexibility", default=None)
    driver_node_type_flexibility: NodeTypeFlexibility | None = attribute("driver_node_type_flexibility", default=None)
    workers: int | tuple[int, int] = attribute(default=1)
    spark_version: Text = attribute("spark_version", default=DEFAULT_SPARK_VERSION)
    security_mode: SecurityMode = attribute("data_security_mode", default=SecurityMode.DEDICATED)
    single_user: Text | None = attribute("single_user_name", default=None)
    """The only user of a dedicated cluster; who runs the job when it is not said."""
    runtime_engine: Literal["STANDARD", "PHOTON"] | None = attribute("runtime_engine", default=None)
    kind: Literal["CLASSIC_PREVIEW"] | None = attribute("kind", default=None)
    """The simplified form of clusters, which `is_single_node` and `use_ml_runtime` need."""
    is_single_node: bool | None = attribute("is_single_node", default=None)
    """Whether a cluster of the simplified form is a single node; elsewhere write `workers=0`."""
    use_ml_runtime: bool | None = attribute("use_ml_runtime", default=None)
    """Whether a cluster of the simplified form has the machine learning runtime."""
    dependency_mode: str | None = attribute("dependency_mode", default=None)
    """How libraries are isolated in standard access mode: `DEPENDENCY_MODE_ENVIRONMENTS`, from runtime 19 on."""
    remote_disk_throughput: int | None = attribute("remote_disk_throughput", default=None)
    """MB a second of the nodes' remote disks, on Google Cloud."""
    remote_disk_size: int | None = attribute("total_initial_remote_disk_size", default=None)
    """GB of the nodes' remote disks when they start, on Google Cloud."""
    docker_image: DockerImage | None = attribute("docker_image", default=None)
    mounts: Sequence[ClusterMount] = attribute("cluster_mount_info", default=())
    ssh_public_keys: Sequence[str] = attribute("ssh_public_keys", default=())
    """Who may log in to the nodes as `ubuntu` on port 2200; at most ten."""
    extra: Mapping[str, object] = attribute(default={}, spread=True)
    """Further attributes of the provider's `new_cluster` block, by their names there."""

    def check(self) -> None:
        """Refuse sizes and node sources that the API refuses."""
        if (self.node_type is None) == (self.pool is None):
            raise self.error("a cluster has either a node type or a pool", fix="give exactly one of node_type and pool")
        super().check()
        if (self.is_single_node is not None or self.use_ml_runtime is not None) and self.kind is None:
            raise self.error("is_single_node and use_ml_runtime need a kind", fix='give kind="CLASSIC_PREVIEW"')
        if len(self.ssh_public_keys) > _MOST_KEYS:
            raise self.error(f"ssh_public_keys: {len(self.ssh_public_keys)}, and the API takes {_MOST_KEYS}")
        self.check_workers(self.workers)

    def render(self) -> dict[str, Any]:
        """Return the `new_cluster` block with everything in it that would leak from a neighbour if it were silent."""
        body: dict[str, Any] = {}
        if isinstance(self.workers, tuple):
            body["autoscale"] = {"min_workers": self.workers[0], "max_workers": self.workers[1]}
        else:
            merge(body, _SINGLE_NODE if self.workers == 0 else {"num_workers": self.workers})
        if self.pool is None:
            body["enable_elastic_disk"] = True
            if not any(getattr(self, name) or f"{name}_attributes" in self.extra for name in _CLOUDS):
                cloud = cloud_of(self.node_type) if isinstance(self.node_type, str) else None
                body[f"{cloud or 'azure'}_attributes"] = _CLOUDS[cloud or "azure"]().render()
        merge(body, super().render())
        return body

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the cluster of a `new_cluster` block; refuse one whose runtime something else must say."""
        if not given.has(("spark_version",)):
            raise LakeflowError("has no spark_version")
        node_type = given.body.get("node_type_id")
        if given.has(("instance_pool_id",)):
            # The pool counts; a state has node types of former clusters beside it.
            for name, written in (("node_type", "node_type_id"), ("driver_node_type", "driver_node_type_id")):
                said[name] = None
                given.doubt((written,), "a cluster from a pool has the pool's node type")
        elif given.body.get("driver_node_type_id") == node_type:
            given.take("driver_node_type_id")
        if given.body.get("driver_instance_pool_id") == given.body.get("instance_pool_id"):
            given.take("driver_instance_pool_id")
        if given.has(("enable_elastic_disk",)):
            pool = "a cluster from a pool has the pool's disks" if given.has(("instance_pool_id",)) else None
            given.doubt(("enable_elastic_disk",), pool or "the provider does not send false")
        for name in _CLOUDS:
            if given.body.get(f"{name}_attributes") == {}:
                given.take(f"{name}_attributes")
        # Silent clusters of AWS are made of spot instances.
        silent = not any(given.has((f"{name}_attributes",)) for name in _CLOUDS)
        if silent and isinstance(node_type, str) and cloud_of(node_type) == "aws":
            said["aws"] = AwsAttributes(availability="SPOT_WITH_FALLBACK")
        return super().read(given, **said, **_workers(given))


def _workers(given: Given) -> dict[str, int | tuple[int, int]]:
    """Return the size of a cluster, taken out of its block where it is one that `workers` can say."""
    size = given.at("autoscale")
    if size is not None:
        mark = given.mark
        least, most = size.take("min_workers"), size.take("max_workers")
        if isinstance(least, int) and isinstance(most, int) and least < most:
            return {"workers": (least, most)}
        given.back_to(mark)
        return {}
    count = given.take("num_workers")
    if isinstance(count, int) and count > 0:
        return {"workers": count}
    conf, tags = given.at("spark_conf"), given.at("custom_tags")
    if not count and conf and tags and SINGLE_NODE_CONF.keys() <= conf.body.keys() and "ResourceClass" in tags.body:
        for block, usual in ((conf, SINGLE_NODE_CONF), (tags, _SINGLE_NODE_TAGS)):
            for name in [name for name, value in usual.items() if block.body.get(name) == value]:
                block.take(name)
        return {"workers": 0}
    # A cluster without workers that is no single node by itself: the provider's own default.
    given.doubt(("num_workers",), "without workers, and yet no single node")
    given.body["num_workers"] = 0 if count is MISSING else count
    return {}
