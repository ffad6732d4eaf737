"""SQL warehouses.

https://docs.databricks.com/aws/en/compute/sql-warehouse/
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.principals import Identity, SqlWarehouseGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.permissions import permit

WarehouseSize = Literal[
    "2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large"
]
_MOST_CLUSTERS = 40
_LEAST_STOP = 10


class SqlWarehouse(DatabricksResource):
    """A serverless (or pro, or classic) SQL warehouse that stops by itself.

    `auto_stop_minutes` is how long it idles, 0 for ever; it scales out from `min_clusters` to `max_clusters`.
    Whoever deploys it owns it unless `owner` is said. The provider cannot take its last tag away.
    https://docs.databricks.com/aws/en/compute/sql-warehouse/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str | None = None,
        size: WarehouseSize = "2X-Small",
        min_clusters: int = 1,
        max_clusters: int = 1,
        auto_stop_minutes: int = 10,
        serverless: bool = True,
        warehouse_type: Literal["PRO", "CLASSIC"] = "PRO",
        photon: bool = True,
        spot_policy: Literal["COST_OPTIMIZED", "RELIABILITY_OPTIMIZED"] = "COST_OPTIMIZED",
        channel: Literal["CURRENT", "PREVIEW"] = "CURRENT",
        instance_profile: Text | None = None,
        no_wait: bool = False,
        tags: Mapping[str, str] | None = None,
        owner: Identity | None = None,
        permissions: Sequence[SqlWarehouseGrant] = (),
    ) -> None:
        arguments = Arguments(SqlWarehouse, locals())
        if serverless and warehouse_type == "CLASSIC":
            raise arguments.error("a serverless warehouse is PRO", fix="write serverless=False")
        if not 1 <= min_clusters <= max_clusters <= _MOST_CLUSTERS:
            raise arguments.error(
                f"it scales from {min_clusters} to {max_clusters} clusters",
                fix=f"write 1 ≤ min_clusters ≤ max_clusters ≤ {_MOST_CLUSTERS}",
            )
        least = 1 if serverless else _LEAST_STOP
        if auto_stop_minutes != 0 and auto_stop_minutes < least:
            raise arguments.error(
                f"auto_stop_minutes: {auto_stop_minutes} is below {least}",
                fix="write 0 for a warehouse that never stops",
            )
        body = said(
            {
                "name": lakeflow_stack(scope).name_prefix + (name or id_),
                "cluster_size": size,
                "min_num_clusters": min_clusters,
                "max_num_clusters": max_clusters,
                "auto_stop_mins": auto_stop_minutes,
                "warehouse_type": warehouse_type,
                "enable_serverless_compute": serverless,
                "enable_photon": photon,
                "spot_instance_policy": spot_policy,
                "channel": {"name": f"CHANNEL_NAME_{channel}"},
                "instance_profile_arn": instance_profile,
                "no_wait": no_wait,
                "tags": {"custom_tags": [{"key": key, "value": tags[key]} for key in sorted(tags)]} if tags else None,
            }
        )
        super().__init__(scope, id_, "databricks_sql_endpoint", body, kind="warehouse")
        permit(self, "sql_endpoint_id", self.warehouse_id, permissions, owner)

    @property
    def warehouse_id(self) -> Reference:
        """The warehouse's id."""
        return self.attribute("id")
