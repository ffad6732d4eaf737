"""Rules of a cluster's nodes: their types, or the pool that they come from."""

from collections.abc import Iterator

from constructs_lib.rules.clusters.clouds import CLOUDS
from constructs_lib.rules.clusters.examples import AS_DEPLOYED, GOOD, MEASURED, job_on, new_cluster, on
from constructs_lib.rules.clusters.values import filled, has
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Cluster, Job, number, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Rule


def _no_nodes(cluster: Cluster) -> Iterator[Hit]:
    known = ("node_type_id", "instance_pool_id", "driver_instance_pool_id", "policy_id", "kind")
    if any(has(cluster, name) for name in known):
        return
    if has(cluster, "driver_node_type_id") and number(cluster.body.get("num_workers")) == 0:
        return
    at = () if cluster.body.get("node_type_id") is None else ("node_type_id",)
    yield cluster.hit(
        *at, message="neither node_type_id nor instance_pool_id", hint="write node_type_id, or instance_pool_id"
    )


def _pool_and_nodes(cluster: Cluster) -> Iterator[Hit]:
    if has(cluster, "instance_pool_id"):
        for name in ("node_type_id", "driver_node_type_id"):
            if has(cluster, name):
                yield cluster.hit(
                    name,
                    message=f"{name} {shown(cluster.body[name])} cannot stand with instance_pool_id",
                    hint=f"leave {name} out: the pool says what its nodes are",
                )


def _driver_pool(cluster: Cluster) -> Iterator[Hit]:
    if has(cluster, "driver_instance_pool_id") and not (has(cluster, "instance_pool_id") or has(cluster, "policy_id")):
        yield cluster.hit(
            "driver_instance_pool_id",
            message="driver_instance_pool_id without instance_pool_id: workers must use a pool if the driver does",
            hint="write instance_pool_id too, or leave driver_instance_pool_id out",
        )


def _spot_of_pool(cluster: Cluster) -> Iterator[Hit]:
    if has(cluster, "instance_pool_id"):
        for cloud in CLOUDS:
            availability = text(cluster.block(cloud).get("availability")) or ""
            if availability.startswith(("SPOT", "PREEMPTIBLE")):
                yield cluster.hit(
                    cloud,
                    "availability",
                    message=f"{cloud}: availability {shown(availability)} does nothing with instance_pool_id",
                    hint="leave it out: the pool says how its nodes are bought",
                )


_KEPT_WITH_POOL = {"aws_attributes": "instance_profile_arn", "gcp_attributes": "google_service_account"}


def _stripped_with_pool(cluster: Cluster) -> Iterator[Hit]:
    if not has(cluster, "instance_pool_id"):
        return
    for cloud in CLOUDS:
        for name, value in cluster.block(cloud).items():
            spot = name == "availability" and isinstance(value, str) and value.startswith(("SPOT", "PREEMPTIBLE"))
            if filled(value) and value != 0 and not spot and name != _KEPT_WITH_POOL.get(cloud):
                yield cluster.hit(
                    cloud,
                    name,
                    message=f"{cloud}: {name} is not sent with instance_pool_id, and shows a difference in every plan",
                    hint="leave it out",
                )


def _mixed_shapes(job: Job) -> Iterator[Hit]:
    first: tuple[bool, Cluster] | None = None
    for cluster in job.clusters:
        pooled = has(cluster, "instance_pool_id")
        if not pooled and not has(cluster, "node_type_id"):
            continue
        if first is None:
            first = (pooled, cluster)
        elif first[0] != pooled:
            kinds = ("a pool", "node types") if pooled else ("node types", "a pool")
            yield cluster.hit(
                "instance_pool_id" if pooled else "node_type_id",
                message=f"uses {kinds[0]}, and {first[1].name} uses {kinds[1]}",
                hint="take pools for all clusters of the job, or for none",
            )
            return


_POOL = on(node_type_id=None, instance_pool_id="pool-1")

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF622",
        severity=Severity.ERROR,
        title="A cluster without nodes",
        why="The API refuses a cluster with neither a node type nor a pool, unless a policy says it: "
        "Missing required field 'node_type_id'.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/2521",
        bad=on(node_type_id=None),
        good=GOOD,
        cluster=_no_nodes,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF623",
        severity=Severity.ERROR,
        title="A pool and node types",
        why="\"The field 'node_type_id' cannot be supplied when an instance pool ID is provided.\" Terraform drops the "
        "types silently, and plans them again and again.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/2141",
        bad=on(instance_pool_id="pool-1"),
        good=_POOL,
        cluster=_pool_and_nodes,
    ),
    Rule(
        code="LF624",
        severity=Severity.ERROR,
        title="A pool for the driver only",
        why="Workers must use a pool if the driver uses one. Terraform drops the driver's pool silently.",
        source="https://github.com/databricks/terraform-provider-databricks/pull/2549",
        bad=on(driver_instance_pool_id="pool-1"),
        good=on(node_type_id=None, instance_pool_id="pool-1", driver_instance_pool_id="pool-2"),
        cluster=_driver_pool,
    ),
    Rule(
        code="LF625",
        severity=Severity.WARNING,
        title="Spot with a pool",
        why="Whether nodes are spot instances is the pool's business; what the cluster says is not looked at.",
        source="https://github.com/databricks/terraform-provider-databricks/blob/main/clusters/resource_cluster.go",
        bad=on(node_type_id=None, instance_pool_id="pool-1", azure_attributes={"availability": "SPOT_AZURE"}),
        good=_POOL,
        cluster=_spot_of_pool,
    ),
    Rule(
        code="LF626",
        severity=Severity.WARNING,
        title="The cloud's attributes with a pool",
        why="The provider does not send them with a pool, and plans them again and again.",
        source=MEASURED,
        bad=on(node_type_id=None, instance_pool_id="pool-1", azure_attributes={"first_on_demand": 1}),
        good=_POOL,
        cluster=_stripped_with_pool,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF627",
        severity=Severity.INFO,
        title="Pools and node types in one job",
        why="The provider compares clusters by position: where one is inserted, values of a neighbour with another "
        "shape cannot be cleared.",
        source=MEASURED,
        bad=job_on(new_cluster(), new_cluster(node_type_id=None, instance_pool_id="pool-1")),
        good=job_on(new_cluster(), new_cluster()),
        job=_mixed_shapes,
        forms=IN_TERRAFORM,
    ),
)
