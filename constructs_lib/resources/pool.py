"""Instance pools.

https://docs.databricks.com/aws/en/compute/pools
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.compute.clouds import check_spot_bid, check_spot_price
from constructs_lib.principals import PoolGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit
from constructs_lib.values import Value, attribute

_MOST_TAGS = 43


class PoolNodes(Value):
    """How a pool gets its machines from its cloud; `PoolNodes.` names the clouds. Changing it replaces the pool."""

    @staticmethod
    def azure(
        *,
        availability: Literal["ON_DEMAND_AZURE", "SPOT_AZURE"] = "ON_DEMAND_AZURE",
        spot_bid_max_price: float | None = None,
    ) -> "PoolNodes":
        """Return Azure's machines; the price of a spot node is up to the on-demand price unless said otherwise."""
        return _AzureNodes(availability=availability, spot_bid_max_price=spot_bid_max_price)

    @staticmethod
    def aws(
        *,
        availability: Literal["ON_DEMAND", "SPOT"] = "ON_DEMAND",
        zone: str | None = None,
        spot_bid_price_percent: int = 100,
        instance_profile: Text | None = None,
    ) -> "PoolNodes":
        """Return AWS's instances, in one zone; the price of a spot instance is in per cent of the on-demand price."""
        return _AwsNodes(
            availability=availability,
            zone=zone,
            spot_bid_price_percent=spot_bid_price_percent,
            instance_profile=instance_profile,
        )

    @staticmethod
    def gcp(
        *,
        availability: Literal["ON_DEMAND_GCP", "PREEMPTIBLE_GCP", "PREEMPTIBLE_WITH_FALLBACK_GCP"] = "ON_DEMAND_GCP",
        zone: str | None = None,
        local_ssd_count: int | None = None,
    ) -> "PoolNodes":
        """Return Google Cloud's machines."""
        return _GcpNodes(availability=availability, zone=zone, local_ssd_count=local_ssd_count)


class _AzureNodes(PoolNodes, block="azure_attributes"):
    availability: Literal["ON_DEMAND_AZURE", "SPOT_AZURE"] = attribute("availability", default="ON_DEMAND_AZURE")
    spot_bid_max_price: float | None = attribute("spot_bid_max_price", default=None)

    def check(self) -> None:
        price = self.spot_bid_max_price
        if price is not None and self.availability != "SPOT_AZURE":
            raise self.error("on-demand nodes have no spot price", fix='write availability="SPOT_AZURE"')
        if price is not None:
            check_spot_price(self, price)

    def render(self) -> dict[str, Any]:
        body = super().render()
        if self.availability == "SPOT_AZURE":
            body["azure_attributes"].setdefault("spot_bid_max_price", -1)
        return body


class _AwsNodes(PoolNodes, block="aws_attributes"):
    availability: Literal["ON_DEMAND", "SPOT"] = attribute("availability", default="ON_DEMAND")
    zone: str | None = attribute("zone_id", default=None)
    spot_bid_price_percent: int = attribute("spot_bid_price_percent", default=100)
    instance_profile: Text | None = attribute("instance_profile_arn", default=None)

    def check(self) -> None:
        check_spot_bid(self, self.spot_bid_price_percent)


class _GcpNodes(PoolNodes, block="gcp_attributes"):
    availability: Literal["ON_DEMAND_GCP", "PREEMPTIBLE_GCP", "PREEMPTIBLE_WITH_FALLBACK_GCP"] = attribute(
        "gcp_availability", default="ON_DEMAND_GCP"
    )
    zone: str | None = attribute("zone_id", default=None)
    local_ssd_count: int | None = attribute("local_ssd_count", default=None)


class Pool(DatabricksResource):
    """An instance pool: machines that stand by, so that clusters start sooner.

    `max_capacity` counts idle and used machines; it is always said, because the provider cannot take it away.
    `idle_timeout` is how long those beyond `min_idle` wait for work. A cluster with the `preloaded_spark_version`
    starts fastest. Changing the machines or the preloaded version replaces the pool.
    https://docs.databricks.com/aws/en/compute/pools
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        node_type: Text,
        max_capacity: int,
        min_idle: int = 0,
        idle_timeout: timedelta = timedelta(minutes=15),
        nodes: PoolNodes | None = None,
        alternative_node_types: Sequence[str] = (),
        preloaded_spark_version: Text | None = None,
        elastic_disk: bool = True,
        name: str | None = None,
        tags: Mapping[str, str] | None = None,
        permissions: Sequence[PoolGrant] = (),
    ) -> None:
        arguments = Arguments(Pool, locals())
        if not 0 <= min_idle <= max_capacity:
            raise arguments.error(
                f"min_idle: {min_idle} machines stand by in a pool of {max_capacity}",
                fix="write a number from 0 to max_capacity",
            )
        if max_capacity < 1:
            raise arguments.error(f"max_capacity: {max_capacity} is below 1")
        if len(tags or {}) > _MOST_TAGS:
            raise arguments.error(f"tags: {len(tags or {})}, and the API takes {_MOST_TAGS}")
        body = said(
            {
                "instance_pool_name": shown_name(scope, id_, "pool", name),
                "node_type_id": node_type,
                "node_type_flexibility": {"alternate_node_type_ids": alternative_node_types}
                if alternative_node_types
                else None,
                "min_idle_instances": min_idle,
                "max_capacity": max_capacity,
                "idle_instance_autotermination_minutes": arguments.minutes("idle_timeout", idle_timeout, least=0),
                "enable_elastic_disk": elastic_disk,
                "preloaded_spark_versions": [preloaded_spark_version] if preloaded_spark_version is not None else None,
                "custom_tags": tags,
                **(nodes or PoolNodes.azure()).render(),
            }
        )
        super().__init__(scope, id_, "databricks_instance_pool", body, kind="pool")
        permit(self, "instance_pool_id", self.pool_id, permissions)

    @property
    def pool_id(self) -> Reference:
        """The pool's id."""
        return self.attribute("id")
