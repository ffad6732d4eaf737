"""How a cluster gets its machines from its cloud.

A member that is silent keeps the value of the cluster that stood at its place before, so those that have a neutral
value are always written.
"""

from enum import StrEnum
from typing import Any, Literal, Self

from constructs_lib.reading import Given
from constructs_lib.references import Secret, Text
from constructs_lib.values import Value, attribute


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
    capacity_reservation_group: Text | None = attribute("capacity_reservation_group", default=None)
    """The resource id of a capacity reservation group that nodes come from."""
    log_analytics_workspace: Text | None = attribute("log_analytics_info.log_analytics_workspace_id", default=None)
    """The id of the Log Analytics workspace that the nodes report to."""
    log_analytics_key: Secret | None = attribute("log_analytics_info.log_analytics_primary_key", default=None)
    """Never the key itself: a `secret_variable` of the stack, or `secret(scope, key)`."""

    def check(self) -> None:
        """Refuse what the provider drops silently."""
        _check_first_on_demand(self, self.first_on_demand)
        check_spot_price(self, self.spot_bid_max_price)
        if (self.log_analytics_workspace is None) != (self.log_analytics_key is None):
            raise self.error("Log Analytics has a workspace and a key", fix="give both, or neither")


class AwsAttributes(Value):
    """How a cluster gets its instances on AWS.

    https://docs.databricks.com/api/workspace/jobs/create
    """

    availability: Literal["ON_DEMAND", "SPOT_WITH_FALLBACK", "SPOT"] = attribute("availability", default="ON_DEMAND")
    first_on_demand: int = attribute("first_on_demand", default=1)
    """How many nodes, the driver first, are on demand; at least 1 (the provider does not send 0)."""
    zone: str = attribute("zone_id", default="auto")
    """An availability zone, or `auto` for the one with the most free addresses."""
    spot_bid_price_percent: int = attribute("spot_bid_price_percent", default=100)
    """The most for a spot instance, in per cent of its on-demand price; at most 10,000."""
    instance_profile: Text | None = attribute("instance_profile_arn", default=None)
    """The ARN of an instance profile that is added to the workspace."""
    ebs_volume_type: Literal["GENERAL_PURPOSE_SSD", "THROUGHPUT_OPTIMIZED_HDD"] | None = attribute(
        "ebs_volume_type", default=None
    )
    ebs_volume_count: int | None = attribute("ebs_volume_count", default=None)
    """EBS volumes of each instance, at most 10."""
    ebs_volume_size: int | None = attribute("ebs_volume_size", default=None)
    """GiB of each volume."""
    ebs_volume_iops: int | None = attribute("ebs_volume_iops", default=None)
    ebs_volume_throughput: int | None = attribute("ebs_volume_throughput", default=None)
    """MiB a second of each volume."""

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the attributes of a block; where it is silent, AWS takes spot instances."""
        spot = {} if given.has(("availability",)) else {"availability": "SPOT_WITH_FALLBACK"}
        return super().read(given, **spot, **said)

    def check(self) -> None:
        """Refuse what the provider drops silently, and bids that are none."""
        _check_first_on_demand(self, self.first_on_demand)
        check_spot_bid(self, self.spot_bid_price_percent)
        if self.ebs_volume_count is None and (self.ebs_volume_type or self.ebs_volume_size is not None):
            raise self.error("EBS volumes have no count", fix="give ebs_volume_count")


class GcpAttributes(Value):
    """How a cluster gets its machines on Google Cloud.

    https://docs.databricks.com/api/gcp/workspace/jobs/create
    """

    availability: Literal["ON_DEMAND_GCP", "PREEMPTIBLE_WITH_FALLBACK_GCP", "PREEMPTIBLE_GCP"] = attribute(
        "availability", default="ON_DEMAND_GCP"
    )
    first_on_demand: int = attribute("first_on_demand", default=1)
    """How many nodes, the driver first, are on demand; at least 1 (the provider does not send 0)."""
    zone: str = attribute("zone_id", default="HA")
    """A zone, `AUTO`, or `HA` for any of the region."""
    service_account: Text | None = attribute("google_service_account", default=None)
    """The e-mail address of the service account that the nodes run as."""
    boot_disk_size: int | None = attribute("boot_disk_size", default=None)
    """GB of the boot disk."""
    local_ssd_count: int | None = attribute("local_ssd_count", default=None)
    confidential_compute_type: Literal["CONFIDENTIAL_COMPUTE_TYPE_NONE", "SEV_SNP"] | None = attribute(
        "confidential_compute_type", default=None
    )

    def check(self) -> None:
        """Refuse what the provider drops silently."""
        _check_first_on_demand(self, self.first_on_demand)


def check_spot_price(owner: Value, price: float) -> None:
    """Refuse what is no price of a spot node on Azure."""
    if price <= 0 and price != -1:
        raise owner.error(f"spot_bid_max_price: {price} is no price", fix="write -1 (up to on demand), or a price")


def check_spot_bid(owner: Value, percent: int) -> None:
    """Refuse what is no bid for a spot instance on AWS."""
    if not 1 <= percent <= 10_000:
        raise owner.error(f"spot_bid_price_percent: {percent} is no bid", fix="write 1 to 10,000; 100 is usual")


def _check_first_on_demand(owner: Value, nodes: int) -> None:
    if nodes < 1:
        why = "is no number of nodes" if nodes else "is not sent by the provider"
        raise owner.error(f"first_on_demand: {nodes} {why}", fix="write at least 1: the driver")
