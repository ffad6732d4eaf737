"""Step 4: what tasks run on.

https://docs.databricks.com/aws/en/jobs/compute
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Literal

from constructs_lib.errors import shortened
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute, merge

DEFAULT_SPARK_VERSION = "16.4.x-scala2.12"
"""The Databricks Runtime of a cluster that says none: a long-term support version."""


class Availability(StrEnum):
    """Whether Azure may take the nodes back; the driver is always on demand."""

    ON_DEMAND = "ON_DEMAND_AZURE"
    SPOT_WITH_FALLBACK = "SPOT_WITH_FALLBACK_AZURE"
    SPOT = "SPOT_AZURE"


class AzureAttributes(Value):
    """How a cluster gets its virtual machines on Azure.

    https://docs.databricks.com/api/azure/workspace/jobs/create
    """

    availability: Availability = attribute("availability", default=Availability.ON_DEMAND)
    first_on_demand: int = attribute("first_on_demand", default=1)
    """How many nodes, the driver first, are on demand; at least 1 (the provider does not send 0)."""
    spot_bid_max_price: float = attribute("spot_bid_max_price", default=-1)
    """Dollars per hour for a spot node; -1 is up to the on-demand price."""

    def check(self) -> None:
        """Refuse what the provider drops silently."""
        if self.first_on_demand < 1:
            why = "is no number of nodes" if self.first_on_demand else "is not sent by the provider"
            raise self.error(f"first_on_demand: {self.first_on_demand} {why}", fix="write at least 1: the driver")
        if self.spot_bid_max_price <= 0 and self.spot_bid_max_price != -1:
            raise self.error(
                f"spot_bid_max_price: {self.spot_bid_max_price} is no price",
                fix="write -1 (up to on demand), or a price",
            )


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


_OTHER_CLOUDS = {"aws_attributes", "gcp_attributes"}
_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SINGLE_NODE = {
    "num_workers": 0,
    "spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
    "custom_tags": {"ResourceClass": "SingleNode"},
}


class ClusterSpec(Value):
    """A cluster's size, nodes, runtime and access; for job clusters and new clusters.

    `node_type` (with `driver_node_type` and `azure`) or `pool` says where nodes come from. `workers` is a number, or
    `(least, most)` for autoscaling; 0 is a single node that is driver and worker.
    https://docs.databricks.com/aws/en/jobs/run-classic-jobs
    """

    node_type: Text | None = attribute("node_type_id", default=None)
    driver_node_type: Text | None = attribute("driver_node_type_id", default=None)
    """The same as `node_type` unless said otherwise."""
    azure: AzureAttributes | None = attribute("azure_attributes", default=None)
    """How nodes come; on demand unless said otherwise. A pool has its own."""
    pool: InstancePool | None = attribute(default=None, spread=True)
    workers: int | tuple[int, int] = attribute(default=1)
    spark_version: Text = attribute("spark_version", default=DEFAULT_SPARK_VERSION)
    security_mode: SecurityMode = attribute("data_security_mode", default=SecurityMode.DEDICATED)
    single_user: Text | None = attribute("single_user_name", default=None)
    """The only user of a dedicated cluster; who runs the job when it is not said."""
    runtime_engine: Literal["STANDARD", "PHOTON"] | None = attribute("runtime_engine", default=None)
    policy_id: Text | None = attribute("policy_id", default=None)
    """A cluster policy. Its defaults do not apply by themselves: the provider never converges with them."""
    disk_encryption: bool = attribute("enable_local_disk_encryption", default=False)
    spark_conf: Mapping[str, str] = attribute("spark_conf", default={})
    environment_variables: Mapping[str, Text] = attribute("spark_env_vars", default={})
    custom_tags: Mapping[str, str] = attribute("custom_tags", default={})
    extra: Mapping[str, object] = attribute("extra", default={}, spread=True)
    """Further attributes of the provider's `new_cluster` block, by their names there."""

    def check(self) -> None:
        """Refuse sizes and node sources that the API refuses."""
        if (self.node_type is None) == (self.pool is None):
            raise self.error("a cluster has either a node type or a pool", fix="give exactly one of node_type and pool")
        if self.pool is not None and self.driver_node_type is not None:
            raise self.error(
                "a cluster from a pool has no driver_node_type", fix="write InstancePool(driver_pool_id=…)"
            )
        if self.pool is not None and self.azure is not None:
            raise self.error("a cluster from a pool has the pool's Azure attributes", fix="leave azure out")
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
            if not _OTHER_CLOUDS & self.extra.keys():
                merge(body, {"azure_attributes": AzureAttributes().render()})
        merge(body, super().render())
        return body


class Compute(Value):
    """What a task runs on; `Compute.` names the choices. Give one object to several tasks and they share it."""

    blocks: ClassVar[str | None] = None
    """The job's list of blocks that this compute is declared in, where it is declared with the job."""

    @staticmethod
    def job_cluster(key: str, spec: ClusterSpec) -> "JobCluster":
        """Return a cluster that this job's tasks share and that ends with the run."""
        return JobCluster(key, spec)

    @staticmethod
    def new_cluster(spec: ClusterSpec) -> "NewCluster":
        """Return a cluster of a task's own, started for it and ended after it."""
        return NewCluster(spec)

    @staticmethod
    def existing_cluster(cluster_id: Text) -> "ExistingCluster":
        """Return an all-purpose cluster that exists, by its id."""
        return ExistingCluster(cluster_id)

    @staticmethod
    def serverless(
        key: str = "default", *, dependencies: Sequence[Text] = (), environment_version: str = "4"
    ) -> "ServerlessEnvironment":
        """Return serverless jobs compute with an environment: its version, and pip requirement lines."""
        return ServerlessEnvironment(key, dependencies=dependencies, environment_version=environment_version)

    def task_fields(self) -> dict[str, Any]:
        """Return the attributes that a task on this compute has."""
        raise NotImplementedError

    @property
    def is_serverless(self) -> bool:
        """Whether tasks on it are serverless, and so have no libraries of their own."""
        return False


def _check_key(compute: Compute, key: str) -> None:
    if not _KEY.fullmatch(key):
        raise compute.error(f"{shortened(key)} is not a key", fix="use letters, digits, '-' and '_', at most 100")


class JobCluster(Compute):
    """A cluster that tasks of one job share.

    https://docs.databricks.com/aws/en/jobs/run-classic-jobs
    """

    blocks: ClassVar[str | None] = "job_cluster"

    key: str = attribute("job_cluster_key", kw_only=False)
    spec: ClusterSpec = attribute("new_cluster", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the cluster's key."""
        return {"job_cluster_key": self.key}

    def check(self) -> None:
        """Refuse a key that the API refuses."""
        _check_key(self, self.key)

    def __repr__(self) -> str:
        return f"JobCluster({shortened(self.key)})"


class NewCluster(Compute):
    """A cluster of a task's own."""

    spec: ClusterSpec = attribute("new_cluster", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the whole cluster."""
        return self.render()


class ExistingCluster(Compute):
    """An all-purpose cluster; it costs more than a job's own, and its cost is not attributed to the job."""

    cluster_id: Text = attribute("existing_cluster_id", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the cluster's id."""
        return self.render()


class ServerlessEnvironment(Compute):
    """Serverless jobs compute with an environment that tasks share.

    https://docs.databricks.com/aws/en/jobs/run-serverless-jobs
    """

    blocks: ClassVar[str | None] = "environment"

    key: str = attribute("environment_key", kw_only=False)
    dependencies: Sequence[Text] = attribute("spec.dependencies", default=())
    """pip requirement lines, workspace or volume paths of wheels."""
    environment_version: str = attribute("spec.environment_version", default="4")
    """The serverless environment's version: https://docs.databricks.com/aws/en/release-notes/serverless/environment-version"""

    def check(self) -> None:
        """Refuse a key that the API refuses."""
        _check_key(self, self.key)

    def task_fields(self) -> dict[str, Any]:
        """Return the environment's key."""
        return {"environment_key": self.key}

    @property
    def is_serverless(self) -> bool:
        """True."""
        return True
