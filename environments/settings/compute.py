"""What jobs run on.

https://learn.microsoft.com/azure/databricks/compute/configure
https://docs.databricks.com/compute/sql-warehouse/warehouse-behavior
"""

from typing import Annotated, Literal

from pydantic import Field

from environments.settings.base import Settings
from environments.settings.forms import NodeType, PolicyId, PoolId, SparkVersion

Availability = Literal["on_demand", "spot_with_fallback", "spot"]
WarehouseSize = Literal[
    "2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large"
]


class Warehouse(Settings):
    """The SQL warehouse that SQL tasks, dashboards and alerts run on."""

    size: WarehouseSize
    """The size of one of its clusters."""
    max_clusters: Annotated[int, Field(ge=1, le=40)] = 1
    """How many clusters it may grow to when queries queue; 1 to 40."""
    auto_stop_minutes: Annotated[int, Field(ge=1, le=1440)]
    """After how many minutes without a query it stops; 1 to 1440."""


class Compute(Settings):
    """The clusters and the warehouse of the environment."""

    node_type: NodeType
    """The Azure machine of the workers, and of the driver unless it has its own."""
    driver_node_type: NodeType | None = None
    """The Azure machine of the driver, where it is not the one of the workers."""
    max_workers: Annotated[int, Field(ge=1, le=1000)]
    """How many workers a cluster may grow to; 1 to 1000."""
    spark_version: SparkVersion
    """The Databricks runtime of clusters."""
    availability: Availability
    """Whether workers are on-demand machines, spot machines replaced by on-demand ones when evicted, or only spot
    machines; the driver is always on demand."""
    warehouse: Warehouse
    """The SQL warehouse of the environment."""
    policy_id: PolicyId | None = None
    """The cluster policy that clusters have to obey."""
    instance_pool_id: PoolId | None = None
    """The pool that machines come from; it decides on machines and availability instead of the keys above."""
