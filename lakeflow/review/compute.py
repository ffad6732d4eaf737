"""How large a cluster is, as far as its settings tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakeflow.review.unknown import Later
from lakeflow.words import block, cluster_words

Json = Mapping[str, Any]

_MOST_WORKERS = 100_000
_AZURE = re.compile(r"Standard_[A-Z]+(\d{1,4})(?!\d)")
_AWS = re.compile(r"[a-z0-9-]+\.(?:(\d{1,3})x)?(large|xlarge|metal)")
_GCP = re.compile(r"[a-z0-9]+-[a-z]+-(\d{1,4})")
SAID = frozenset({"autoscale", "driver_node_type_id", "node_type_id", "num_workers", "spark_version"})
"""The attributes that `described` says."""
_RUNTIME = re.compile(r"(\d{1,3})\.(\d{1,3}|x)")
LONG_TERM = frozenset({"7.3", "9.1", "10.4", "11.3", "12.2", "13.3", "14.3", "15.4", "16.4", "17.3"})
"""Runtimes with long-term support (https://learn.microsoft.com/azure/databricks/release-notes/runtime/)."""


@dataclass(frozen=True)
class Size:
    """The most that a cluster can have, its driver included; cores where the machine's name says how many."""

    workers: int
    nodes: int
    cores: int | None

    @classmethod
    def of(cls, cluster: Json) -> "Size | None":
        """Return the size of a cluster, None where its settings leave it open."""
        scale = block(cluster.get("autoscale"))
        workers = scale.get("max_workers") if scale else cluster.get("num_workers", 0)
        if not isinstance(workers, int) or not 0 <= workers <= _MOST_WORKERS:
            return None
        worker = cores(cluster.get("node_type_id"))
        driver = cores(cluster.get("driver_node_type_id")) or worker
        known = worker is not None and driver is not None
        return cls(workers, workers + 1, workers * worker + driver if known and worker and driver else None)

    def times(self, before: "Size") -> float:
        """Return how many times as large it is as another: by cores where both are known, else by nodes."""
        if self.cores and before.cores:
            return self.cores / before.cores
        return self.nodes / before.nodes


def described(cluster: Json) -> str:
    """Return a cluster in words: `1–4 × Standard_D4ds_v5, driver Standard_E8ds_v5, 16.4.x-scala2.12`."""
    driver = cluster.get("driver_node_type_id")
    parts = [cluster_words(cluster)]
    if driver and driver != cluster.get("node_type_id") and not isinstance(driver, Later):
        parts.append(f"driver {driver}")
    if cluster.get("spark_version"):
        parts.append(str(cluster["spark_version"]))
    return ", ".join(parts)


def cores(node_type: object) -> int | None:
    """Return how many cores a machine has by its name on Azure, AWS or GCP; None where the name does not say."""
    if not isinstance(node_type, str):
        return None
    if found := _AZURE.match(node_type):
        return int(found[1])
    if found := _AWS.fullmatch(node_type):
        return 2 if found[2] == "large" else 4 * int(found[1] or 1) if found[2] == "xlarge" else None
    found = _GCP.fullmatch(node_type)
    return int(found[1]) if found else None


def runtime(cluster: Json) -> tuple[int, str] | None:
    """Return the number of the runtime before and after its dot, None where it has none."""
    version = cluster.get("spark_version")
    found = _RUNTIME.match(version) if isinstance(version, str) else None
    return (int(found[1]), f"{found[1]}.{found[2]}") if found else None


def falls_back(cluster: Json) -> bool:
    """Return whether a cluster gets machines on demand where the cloud has no spot ones."""
    said = (block(cluster.get(f"{cloud}_attributes")).get("availability") for cloud in ("azure", "aws", "gcp"))
    return any(isinstance(each, str) and "WITH_FALLBACK" in each for each in said)


def is_spot(cluster: Json) -> bool:
    """Return whether a cluster has machines that the cloud may take back."""
    said = (block(cluster.get(f"{cloud}_attributes")).get("availability") for cloud in ("azure", "aws", "gcp"))
    return any(isinstance(each, str) and ("SPOT" in each or "PREEMPTIBLE" in each) for each in said)
