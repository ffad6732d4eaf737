"""SQL warehouses.

https://docs.databricks.com/aws/en/compute/sql-warehouse/
"""

from collections.abc import Mapping
from typing import Any, Literal

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.references import Reference

WarehouseSize = Literal[
    "2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large"
]


class SqlWarehouse(DatabricksResource):
    """A serverless (or pro) SQL warehouse that stops by itself.

    `auto_stop_minutes` is how long it idles; `max_clusters` how far it scales out.
    https://docs.databricks.com/aws/en/compute/sql-warehouse/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str | None = None,
        size: WarehouseSize = "2X-Small",
        max_clusters: int = 1,
        auto_stop_minutes: int = 10,
        serverless: bool = True,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        body: dict[str, Any] = {
            "name": lakeflow_stack(scope).name_prefix + (name or id_),
            "cluster_size": size,
            "min_num_clusters": 1,
            "max_num_clusters": max_clusters,
            "auto_stop_mins": auto_stop_minutes,
            "warehouse_type": "PRO",
            "enable_serverless_compute": serverless,
        }
        if tags:
            body["tags"] = {"custom_tags": [{"key": key, "value": tags[key]} for key in sorted(tags)]}
        super().__init__(scope, id_, "databricks_sql_endpoint", body, kind="warehouse")

    @property
    def warehouse_id(self) -> Reference:
        """The warehouse's id."""
        return self.attribute("id")
