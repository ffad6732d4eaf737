"""What a task runs on (https://docs.databricks.com/aws/en/jobs/compute)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lakeflow.graph.kinds import Kind
from lakeflow.graph.reading import block, entries, said


class ComputeKind(StrEnum):
    """The kinds of compute that a task can name."""

    JOB_CLUSTER = "job_cluster"
    NEW_CLUSTER = "new_cluster"
    EXISTING_CLUSTER = "existing_cluster"
    WAREHOUSE = "warehouse"
    SERVERLESS = "serverless"


@dataclass(frozen=True, slots=True)
class Compute:
    """Where a task runs: two tasks with equal `kind` and `name` share it, but for a cluster of one's own."""

    kind: ComputeKind
    name: str = ""
    size: str = ""

    @property
    def label(self) -> str:
        """What a reader calls it."""
        words = {
            ComputeKind.JOB_CLUSTER: self.name,
            ComputeKind.NEW_CLUSTER: "own cluster",
            ComputeKind.EXISTING_CLUSTER: self._called("cluster"),
            ComputeKind.WAREHOUSE: self._called("warehouse"),
            ComputeKind.SERVERLESS: self._called("serverless"),
        }
        return words[self.kind]

    @property
    def described(self) -> str:
        """What a reader calls it, with its size where that is known."""
        return f"{self.label} ({self.size})" if self.size else self.label

    def _called(self, what: str) -> str:
        # `sales_warehouse` says already what it is.
        return self.name if what in self.name.lower() else f"{what} {self.name}".strip()

    @property
    def is_shared(self) -> bool:
        """Whether other tasks can run on the very same compute."""
        return self.kind not in {ComputeKind.NEW_CLUSTER, ComputeKind.SERVERLESS}


def clusters_of(settings: Mapping[str, Any]) -> dict[str, Compute]:
    """Return the job clusters that settings define, by key."""
    found = (cluster for _, cluster in entries(settings, "job_cluster", "job_clusters") if isinstance(cluster, Mapping))
    return {
        said(cluster.get("job_cluster_key")): Compute(
            ComputeKind.JOB_CLUSTER, said(cluster.get("job_cluster_key")), _size(block(cluster, "new_cluster"))
        )
        for cluster in found
    }


def compute_of(task: Mapping[str, Any], kind: Kind, clusters: Mapping[str, Compute]) -> Compute | None:
    """Return what a task runs on, or None where its type brings its own (a pipeline, another job, a branch)."""
    if key := said(task.get("job_cluster_key")):
        return clusters.get(key) or Compute(ComputeKind.JOB_CLUSTER, key)
    if cluster := block(task, "new_cluster"):
        return Compute(ComputeKind.NEW_CLUSTER, size=_size(cluster))
    if cluster_id := said(task.get("existing_cluster_id")):
        return Compute(ComputeKind.EXISTING_CLUSTER, cluster_id)
    if warehouse := said(block(task, kind.block).get("warehouse_id")):
        return Compute(ComputeKind.WAREHOUSE, warehouse)
    accelerator = said(block(task, "compute").get("hardware_accelerator"))
    environment = said(task.get("environment_key"))
    if kind.serverless or environment or accelerator:
        return Compute(ComputeKind.SERVERLESS, accelerator or ("" if environment.lower() == "default" else environment))
    return None


def _size(cluster: Mapping[str, Any]) -> str:
    scale = block(cluster, "autoscale")
    workers = (
        f"{said(scale.get('min_workers'))}\N{EN DASH}{said(scale.get('max_workers'))}"
        if scale
        else said(cluster.get("num_workers"))
    )
    node = said(cluster.get("node_type_id") or cluster.get("instance_pool_id"))
    if cluster.get("is_single_node") is True or workers in {"", "0"}:
        sized = f"single {node or 'node'}" if workers == "0" or cluster.get("is_single_node") else node
    else:
        sized = f"{workers} \N{MULTIPLICATION SIGN} {node or 'worker'}"
    return ", ".join(filter(None, (sized, said(cluster.get("spark_version")))))
