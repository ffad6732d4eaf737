"""Rules of what a cluster says to its cloud: availability, bids, disks."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.rules.clusters.examples import CLUSTERS_API, MEASURED, on
from constructs_lib.rules.clusters.values import has, word_of
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster, number, said, text
from constructs_lib.rules.quoting import choice, shown
from constructs_lib.rules.rule import IN_TERRAFORM, Form, Rule

OUTSIDE_TERRAFORM = frozenset({Form.REST, Form.BUNDLE})
CLOUDS = {
    "aws_attributes": ("ON_DEMAND", "SPOT", "SPOT_WITH_FALLBACK"),
    "azure_attributes": ("ON_DEMAND_AZURE", "SPOT_AZURE", "SPOT_WITH_FALLBACK_AZURE"),
    "gcp_attributes": ("ON_DEMAND_GCP", "PREEMPTIBLE_GCP", "PREEMPTIBLE_WITH_FALLBACK_GCP"),
}


def _several_clouds(cluster: Cluster) -> Iterator[Hit]:
    given = [name for name in cluster.body if name in CLOUDS and said(cluster.body.get(name))]
    if len(given) > 1:
        azure = word_of(cluster, "node_type_id").startswith("Standard_")
        home = "azure_attributes" if azure and "azure_attributes" in given else given[0]
        for name in given:
            if name != home:
                yield cluster.hit(
                    name, message=f"{name} beside {home}", hint="keep the block of the cloud of this workspace"
                )


def _availability(cluster: Cluster) -> Iterator[Hit]:
    for cloud, names in CLOUDS.items():
        word = text(cluster.block(cloud).get("availability"))
        if word and word not in names:
            yield cluster.hit(
                cloud,
                "availability",
                message=f"{cloud}: availability {shown(word)} is none of {', '.join(names)}",
                hint=choice(word, names),
            )


def _spot(body: Mapping[str, Any]) -> bool:
    return (text(body.get("availability")) or "").startswith(("SPOT", "PREEMPTIBLE"))


def _first_on_demand_zero(cluster: Cluster) -> Iterator[Hit]:
    for cloud in CLOUDS:
        if number(cluster.block(cloud).get("first_on_demand")) == 0 and not has(cluster, "instance_pool_id"):
            yield cluster.hit(
                cloud,
                "first_on_demand",
                message=f"{cloud}: first_on_demand 0 is never sent, and shows a difference in every plan",
                hint="write first_on_demand of at least 1, so that the driver is no spot instance; or leave it out",
            )


def _driver_on_spot(cluster: Cluster) -> Iterator[Hit]:
    for cloud in CLOUDS:
        body = cluster.block(cloud)
        if _spot(body) and number(body.get("first_on_demand")) == 0:
            yield cluster.hit(
                cloud,
                "first_on_demand",
                message=f"{cloud}: first_on_demand 0 puts the driver on a spot instance",
                hint="write first_on_demand of at least 1",
            )


def _numbers(cluster: Cluster) -> Iterator[Hit]:
    for cloud in CLOUDS:
        body = cluster.block(cloud)
        if body:
            for name, value in body.items():
                problem = _out_of_range(name, number(value), body)
                if problem:
                    yield cluster.hit(
                        cloud, name, message=f"{cloud}: {name} {shown(value)} {problem}", hint=f"{_RANGES[name]}"
                    )


_RANGES = {
    "first_on_demand": "write a whole number of at least 1",
    "spot_bid_max_price": "write -1 to be evicted for lack of capacity only, or a price greater than 0",
    "spot_bid_price_percent": "write a percentage of the on-demand price, such as 100",
    "ebs_volume_count": "write a number from 1 to 10",
    "ebs_volume_size": "write 100 to 4096 for SSD, 500 to 4096 for throughput optimized HDD (GiB)",
    "boot_disk_size": "write a size in GB",
    "local_ssd_count": "write the number of disks",
}


def _out_of_range(name: str, value: float | None, body: Mapping[str, Any]) -> str | None:
    if value is None or name not in _RANGES or value == 0:
        return None
    if name == "spot_bid_max_price":
        return "is neither -1 nor a price" if value < 0 and value != -1 else None
    if value < 0:
        return "is less than 0"
    if name == "spot_bid_price_percent" and value > 10000:
        return "is more than 10000"
    if name == "ebs_volume_count" and value > 10:
        return "is more than 10"
    if name == "ebs_volume_size":
        least = 500 if body.get("ebs_volume_type") == "THROUGHPUT_OPTIMIZED_HDD" else 100
        return None if least <= value <= 4096 else f"is not within {least} to 4096"
    return None


def _bid_of_nothing(cluster: Cluster) -> Iterator[Hit]:
    for cloud, name in (("azure_attributes", "spot_bid_max_price"), ("aws_attributes", "spot_bid_price_percent")):
        if number(cluster.block(cloud).get(name)) == 0:
            yield cluster.hit(
                cloud,
                name,
                message=f"{cloud}: {name} 0 is no price; Terraform does not send it, and every plan differs",
                hint=_RANGES[name],
            )


def _preemptible(cluster: Cluster) -> Iterator[Hit]:
    if truth(cluster.block("gcp_attributes").get("use_preemptible_executors")):
        yield cluster.hit(
            "gcp_attributes",
            "use_preemptible_executors",
            message="gcp_attributes: use_preemptible_executors is deprecated",
            hint="write availability = PREEMPTIBLE_WITH_FALLBACK_GCP",
        )


def _no_elastic_disk(cluster: Cluster) -> Iterator[Hit]:
    value = cluster.body.get("enable_elastic_disk")
    if value is False or value == "false":
        yield cluster.hit(
            "enable_elastic_disk",
            message="enable_elastic_disk = false is never sent; where the workspace says true, every plan differs",
            hint="write true, or leave it out",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF628",
        severity=Severity.WARNING,
        title="Several clouds",
        why="A workspace is on one cloud; the other block does nothing, or is refused.",
        source="https://github.com/databricks/terraform-provider-databricks/blob/main/clusters/resource_cluster.go",
        bad=on(azure_attributes={"availability": "SPOT_AZURE"}, aws_attributes={"availability": "SPOT"}),
        good=on(azure_attributes={"availability": "SPOT_AZURE"}),
        cluster=_several_clouds,
    ),
    Rule(
        code="LF629",
        severity=Severity.ERROR,
        title="No such availability",
        why="Each cloud has its own words: SPOT_WITH_FALLBACK is SPOT_WITH_FALLBACK_AZURE on Azure.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/729",
        bad=on(azure_attributes={"availability": "SPOT_WITH_FALLBACK"}),
        good=on(azure_attributes={"availability": "SPOT_WITH_FALLBACK_AZURE"}),
        cluster=_availability,
    ),
    Rule(
        code="LF630",
        severity=Severity.WARNING,
        title="first_on_demand 0 differs in every plan",
        why="The provider drops a 0, the workspace answers 1, and the plan never comes to rest.",
        source=MEASURED,
        bad=on(azure_attributes={"availability": "SPOT_AZURE", "first_on_demand": 0}),
        good=on(azure_attributes={"availability": "SPOT_AZURE", "first_on_demand": 1}),
        cluster=_first_on_demand_zero,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF631",
        severity=Severity.INFO,
        title="The driver is a spot instance",
        why="When the driver is taken away, the whole run fails.",
        source=CLUSTERS_API,
        bad=on(azure_attributes={"availability": "SPOT_AZURE", "first_on_demand": 0}),
        good=on(azure_attributes={"availability": "SPOT_AZURE", "first_on_demand": 1}),
        cluster=_driver_on_spot,
        forms=OUTSIDE_TERRAFORM,
    ),
    Rule(
        code="LF632",
        severity=Severity.ERROR,
        title="A number of the cloud's out of range",
        why="Bids, volumes and disks have limits, which the API enforces.",
        source=CLUSTERS_API,
        bad=on(azure_attributes={"spot_bid_max_price": -2}),
        good=on(azure_attributes={"spot_bid_max_price": -1}),
        cluster=_numbers,
    ),
    Rule(
        code="LF633",
        severity=Severity.WARNING,
        title="A bid of nothing",
        why="A bid is -1 or greater than 0. Terraform does not send a 0, and plans it again and again.",
        source=MEASURED,
        bad=on(azure_attributes={"spot_bid_max_price": 0}),
        good=on(azure_attributes={"spot_bid_max_price": -1}),
        cluster=_bid_of_nothing,
    ),
    Rule(
        code="LF634",
        severity=Severity.INFO,
        title="use_preemptible_executors is deprecated",
        why="availability says the same, and more.",
        source=CLUSTERS_API,
        bad=on(node_type_id="n2-highmem-4", gcp_attributes={"use_preemptible_executors": True}),
        good=on(node_type_id="n2-highmem-4", gcp_attributes={"availability": "PREEMPTIBLE_WITH_FALLBACK_GCP"}),
        cluster=_preemptible,
        blocks=("gcp_attributes",),
    ),
    Rule(
        code="LF635",
        severity=Severity.INFO,
        title="enable_elastic_disk = false is not sent",
        why="The provider drops a false; where the workspace answers true, the plan never comes to rest.",
        source=MEASURED,
        bad=on(enable_elastic_disk=False),
        good=on(enable_elastic_disk=True),
        cluster=_no_elastic_disk,
        blocks=("enable_elastic_disk",),
        forms=IN_TERRAFORM,
    ),
)
