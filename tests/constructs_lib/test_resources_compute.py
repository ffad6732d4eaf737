"""Cluster policies, instance pools, all-purpose clusters and SQL warehouses."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from constructs_lib import (
    AllPurposeCluster,
    ClusterGrant,
    ClusterPolicy,
    ClusterPolicyGrant,
    ClusterSpec,
    Compute,
    LakeflowStack,
    Library,
    NotebookTask,
    Pool,
    PoolGrant,
    PoolNodes,
    Principal,
    SecurityMode,
    SqlWarehouse,
    SqlWarehouseGrant,
    WorkspacePath,
)
from tests.support.refusal import refusal
from tests.support.resources import granted, only, unsaid

Synth = Callable[[Any], dict[str, Any]]
ANALYSTS = Principal.group("analysts")
ROBOT = Principal.service_principal("c3e85b09-d4a1-4672-8f1b-96d07a2ce58f")
untyped_policy: Any = ClusterPolicy
untyped_pool: Any = Pool
untyped_cluster: Any = AllPurposeCluster
untyped_warehouse: Any = SqlWarehouse
SHARED = ClusterSpec(node_type="Standard_D4ds_v5", security_mode=SecurityMode.STANDARD)


# Cluster policies


def test_a_policy(stack: LakeflowStack, synth: Synth) -> None:
    policy = ClusterPolicy(stack, "etl", definition={"spark_version": {"type": "fixed", "value": "16.4.x-scala2.12"}})
    assert only(synth(stack), "databricks_cluster_policy") == {
        "name": "etl",
        "definition": '{"spark_version":{"type":"fixed","value":"16.4.x-scala2.12"}}',
    }
    assert policy.policy_id.terraform == "${databricks_cluster_policy.etl.id}"


def test_a_policy_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    pool = Pool(stack, "pool", node_type="Standard_D4ds_v5", max_capacity=4)
    ClusterPolicy(
        stack,
        "policy",
        name="for etl",
        description="What the nightly jobs may have.",
        definition={
            "instance_pool_id": {"type": "fixed", "value": pool.pool_id, "hidden": True},
            "autoscale.max_workers": {"type": "range", "maxValue": 8, "defaultValue": 2.5},
            "spark_version": {"type": "allowlist", "values": ["a", "b"], "isOptional": None},
            "cluster_log_conf": {"type": "forbidden"},
            "custom_tags.team": {"type": "regex", "pattern": '[a-z"ä]+'},
            "x": {"type": "blocklist", "values": []},
            "y": {"type": "unlimited", "defaultValue": {}},
        },
        libraries=[Library.pypi("scikit-learn==1.5.2"), Library.wheel("/Volumes/main/x/y/z.whl")],
        max_clusters_per_user=2,
        permissions=[ClusterPolicyGrant(ANALYSTS), ClusterPolicyGrant(ROBOT, "CAN_USE")],
    )
    document = synth(stack)
    body = only(document, "databricks_cluster_policy")
    assert body["name"] == "[dev] for etl"
    assert body["description"] == "What the nightly jobs may have."
    assert body["libraries"] == [
        {"pypi": {"package": "scikit-learn==1.5.2"}},
        {"whl": "/Volumes/main/x/y/z.whl"},
    ]
    assert body["max_clusters_per_user"] == 2
    definition = json.loads(body["definition"])
    assert list(definition) == sorted(definition)
    assert definition["instance_pool_id"] == {
        "type": "fixed",
        "value": "${databricks_instance_pool.pool.id}",
        "hidden": True,
    }
    assert definition["autoscale.max_workers"] == {"type": "range", "maxValue": 8, "defaultValue": 2.5}
    assert definition["spark_version"] == {"type": "allowlist", "values": ["a", "b"], "isOptional": None}
    assert definition["custom_tags.team"]["pattern"] == '[a-z"ä]+'
    assert definition["x"]["values"] == []
    assert definition["y"]["defaultValue"] == {}
    # A definition and a family exclude each other: the next test.
    assert unsaid("databricks_cluster_policy", body) == {"policy_family_id", "policy_family_definition_overrides"}
    assert granted(document, "cluster_policy_id") == (
        "${databricks_cluster_policy.policy.id}",
        [
            {"group_name": "analysts", "permission_level": "CAN_USE"},
            {"service_principal_name": ROBOT.application_id, "permission_level": "CAN_USE"},
        ],
    )


def test_a_policy_of_a_family(stack: LakeflowStack, synth: Synth) -> None:
    ClusterPolicy(
        stack, "jobs", family_id="job-cluster", overrides={"node_type_id": {"type": "fixed", "value": "${x}"}}
    )
    assert only(synth(stack), "databricks_cluster_policy") == {
        "name": "jobs",
        "policy_family_id": "job-cluster",
        "policy_family_definition_overrides": '{"node_type_id":{"type":"fixed","value":"$${x}"}}',
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a policy has either a definition or a family; give one of definition and family_id"),
        (
            {"definition": {}, "family_id": "job-cluster"},
            "a policy has either a definition or a family; give one of definition and family_id",
        ),
        ({"definition": {}, "overrides": {}}, "overrides change a policy family's rules; write them in definition"),
        (
            {"definition": {}, "max_clusters_per_user": 0},
            "max_clusters_per_user: 0 is below 1; leave it out for no limit",
        ),
        (
            {"definition": {"x": {"type": "fix", "value": 1}}},
            "definition: the rule of 'x' has the type 'fix'; did you mean 'fixed'?",
        ),
        (
            {"family_id": "job-cluster", "overrides": {"x": {"value": 1}}},
            "overrides: the rule of 'x' has the type None; "
            "write one of allowlist, blocklist, fixed, forbidden, range, regex, unlimited",
        ),
        ({"definition": {"x": {"type": "fixed"}}}, "definition: the rule of 'x' lacks 'value'"),
        ({"definition": {"x": {"type": "range"}}}, "definition: the rule of 'x' lacks 'minValue' or 'maxValue'"),
        (
            {"definition": {"x": {"type": "allowlist", "values": ["a", timedelta(1)]}}},
            "definition.x.values[1]: datetime.timedelta(days=1) has no place in JSON",
        ),
        (
            {"definition": {"x": {"type": "fixed", "value": float("nan")}}},
            "definition.x.value: nan has no place in JSON",
        ),
        (
            {"definition": {}, "permissions": [PoolGrant(ANALYSTS, "CAN_ATTACH_TO")]},
            "permissions: expected a list of ClusterPolicyGrant, "
            "got list [PoolGrant(Group('analysts'), 'CAN_ATTACH_TO')]",
        ),
    ],
)
def test_what_is_no_policy(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_policy(stack, "x", **arguments)) == message


# Instance pools


def test_a_pool(stack: LakeflowStack, synth: Synth) -> None:
    pool = Pool(stack, "small", node_type="Standard_D4ds_v5", max_capacity=10)
    assert only(synth(stack), "databricks_instance_pool") == {
        "instance_pool_name": "small",
        "node_type_id": "Standard_D4ds_v5",
        "min_idle_instances": 0,
        "max_capacity": 10,
        "idle_instance_autotermination_minutes": 15,
        "enable_elastic_disk": True,
        "azure_attributes": {"availability": "ON_DEMAND_AZURE"},
    }
    assert pool.pool_id.terraform == "${databricks_instance_pool.small.id}"


def test_a_pool_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    Pool(
        stack,
        "pool",
        name="etl",
        node_type="Standard_D4ds_v5",
        max_capacity=10,
        min_idle=2,
        idle_timeout=timedelta(0),
        nodes=PoolNodes.azure(availability="SPOT_AZURE", spot_bid_max_price=0.2),
        alternative_node_types=["Standard_D4s_v5"],
        preloaded_spark_version="16.4.x-scala2.12",
        elastic_disk=False,
        tags={"team": "data"},
        permissions=[PoolGrant(ANALYSTS, "CAN_ATTACH_TO"), PoolGrant(ROBOT, "CAN_MANAGE")],
    )
    document = synth(stack)
    body = only(document, "databricks_instance_pool")
    assert body == {
        "instance_pool_name": "[dev] etl",
        "node_type_id": "Standard_D4ds_v5",
        "node_type_flexibility": {"alternate_node_type_ids": ["Standard_D4s_v5"]},
        "min_idle_instances": 2,
        "max_capacity": 10,
        "idle_instance_autotermination_minutes": 0,
        "enable_elastic_disk": False,
        "preloaded_spark_versions": ["16.4.x-scala2.12"],
        "azure_attributes": {"availability": "SPOT_AZURE", "spot_bid_max_price": 0.2},
        "custom_tags": {"team": "data"},
    }
    assert unsaid("databricks_instance_pool", body) == {
        "aws_attributes",
        "gcp_attributes",
        "instance_pool_id",  # the provider's own
        "disk_spec",  # by add_override, as are fleets and images
        "instance_pool_fleet_attributes",
        "preloaded_docker_image",
    }
    assert granted(document, "instance_pool_id")[1] == [
        {"group_name": "analysts", "permission_level": "CAN_ATTACH_TO"},
        {"service_principal_name": ROBOT.application_id, "permission_level": "CAN_MANAGE"},
    ]


@pytest.mark.parametrize(
    ("nodes", "attributes"),
    [
        (
            PoolNodes.azure(availability="SPOT_AZURE"),
            {"azure_attributes": {"availability": "SPOT_AZURE", "spot_bid_max_price": -1}},
        ),
        (PoolNodes.aws(), {"aws_attributes": {"availability": "ON_DEMAND", "spot_bid_price_percent": 100}}),
        (
            PoolNodes.aws(availability="SPOT", zone="eu-west-1a", spot_bid_price_percent=80, instance_profile="arn:x"),
            {
                "aws_attributes": {
                    "availability": "SPOT",
                    "zone_id": "eu-west-1a",
                    "spot_bid_price_percent": 80,
                    "instance_profile_arn": "arn:x",
                }
            },
        ),
        (PoolNodes.gcp(), {"gcp_attributes": {"gcp_availability": "ON_DEMAND_GCP"}}),
        (
            PoolNodes.gcp(availability="PREEMPTIBLE_GCP", zone="europe-west1-b", local_ssd_count=0),
            {
                "gcp_attributes": {
                    "gcp_availability": "PREEMPTIBLE_GCP",
                    "zone_id": "europe-west1-b",
                    "local_ssd_count": 0,
                }
            },
        ),
    ],
)
def test_the_nodes_of_a_pool(stack: LakeflowStack, synth: Synth, nodes: PoolNodes, attributes: dict[str, Any]) -> None:
    Pool(stack, "x", node_type="n", max_capacity=1, nodes=nodes)
    body = only(synth(stack), "databricks_instance_pool")
    assert {name: value for name, value in body.items() if name.endswith("_attributes")} == attributes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"min_idle": 5},
            "min_idle: 5 machines stand by in a pool of 4; write a number from 0 to max_capacity",
        ),
        ({"max_capacity": 0}, "max_capacity: 0 is below 1"),
        ({"idle_timeout": timedelta(seconds=90)}, "idle_timeout: 0:01:30 is not a whole number of minutes"),
        ({"idle_timeout": timedelta(days=7)}, "idle_timeout: 10080 minutes, and the API takes 0 to 10,000"),
        ({"tags": {str(number): "" for number in range(44)}}, "tags: 44, and the API takes 43"),
        ({"max_capacity": "4"}, "max_capacity: expected a whole number, got str '4'"),
        ({"node_type": None}, "node_type: expected a string or Reference, got NoneType None"),
    ],
)
def test_what_is_no_pool(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_pool(stack, "x", **{"node_type": "n", "max_capacity": 4} | arguments)) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: PoolNodes.azure(spot_bid_max_price=1),
            'on-demand nodes have no spot price; write availability="SPOT_AZURE"',
        ),
        (
            lambda: PoolNodes.azure(availability="SPOT_AZURE", spot_bid_max_price=0),
            "spot_bid_max_price: 0 is no price; write -1 (up to on demand), or a price",
        ),
        (
            lambda: PoolNodes.aws(spot_bid_price_percent=0),
            "spot_bid_price_percent: 0 is no bid; write 1 to 10,000; 100 is usual",
        ),
    ],
)
def test_what_are_no_nodes(make: Callable[[], object], message: str) -> None:
    assert refusal(make).endswith(message)


# All-purpose clusters


def test_a_cluster(stack: LakeflowStack, synth: Synth) -> None:
    cluster = AllPurposeCluster(stack, "shared", spec=SHARED)
    assert only(synth(stack), "databricks_cluster") == {
        "cluster_name": "shared",
        **SHARED.render(),
        "autotermination_minutes": 30,
        "is_pinned": False,
        "no_wait": False,
    }
    assert cluster.cluster_id.terraform == "${databricks_cluster.shared.id}"
    task = NotebookTask("x", WorkspacePath("/x"), compute=Compute.existing_cluster(cluster))
    assert task.render()


def test_a_cluster_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    AllPurposeCluster(
        stack,
        "cluster",
        name="for one",
        spec=ClusterSpec(node_type="Standard_D4ds_v5", workers=0, single_user="a@example.com"),
        autotermination=None,
        pinned=True,
        libraries=[Library.pypi("a==1"), Library.requirements("/Volumes/main/x/y/requirements.txt")],
        no_wait=True,
        permissions=[
            ClusterGrant(ANALYSTS, "CAN_ATTACH_TO"),
            ClusterGrant(Principal.user("a@example.com"), "CAN_RESTART"),
            ClusterGrant(ROBOT, "CAN_MANAGE"),
        ],
    )
    document = synth(stack)
    body = only(document, "databricks_cluster")
    assert body["cluster_name"] == "[dev] for one"
    assert (body["autotermination_minutes"], body["is_pinned"], body["no_wait"]) == (0, True, True)
    assert body["library"] == [
        {"pypi": {"package": "a==1"}},
        {"requirements": "/Volumes/main/x/y/requirements.txt"},
    ]
    assert (body["num_workers"], body["data_security_mode"]) == (0, "SINGLE_USER")
    assert [grant["permission_level"] for grant in granted(document, "cluster_id")[1]] == [
        "CAN_ATTACH_TO",
        "CAN_RESTART",
        "CAN_MANAGE",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"spec": ClusterSpec(node_type="n")},
            "a dedicated cluster that names nobody is for whoever deploys it; "
            "give its spec a single_user, or security_mode=SecurityMode.STANDARD",
        ),
        (
            {"autotermination": timedelta(minutes=5)},
            "autotermination: 5 minutes, and the API takes 10 to 10,000",
        ),
        (
            {"libraries": [Library.requirements("/Volumes/a/b/c/1.txt"), Library.requirements("/Volumes/a/b/c/2.txt")]},
            "libraries: the provider keeps one requirements.txt of several; put them into one file",
        ),
        ({"spec": {"node_type": "n"}}, "spec: expected ClusterSpec, got dict {'node_type': 'n'}"),
    ],
)
def test_what_is_no_cluster(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_cluster(stack, "x", **{"spec": SHARED} | arguments)) == message


# SQL warehouses


def test_a_warehouse(stack: LakeflowStack, synth: Synth) -> None:
    warehouse = SqlWarehouse(stack, "warehouse")
    assert only(synth(stack), "databricks_sql_endpoint") == {
        "name": "warehouse",
        "cluster_size": "2X-Small",
        "min_num_clusters": 1,
        "max_num_clusters": 1,
        "auto_stop_mins": 10,
        "warehouse_type": "PRO",
        "enable_serverless_compute": True,
        "enable_photon": True,
        "spot_instance_policy": "COST_OPTIMIZED",
        "channel": {"name": "CHANNEL_NAME_CURRENT"},
        "no_wait": False,
    }
    assert warehouse.warehouse_id.terraform == "${databricks_sql_endpoint.warehouse.id}"


def test_a_warehouse_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    SqlWarehouse(
        stack,
        "warehouse",
        name="reports",
        size="Small",
        min_clusters=2,
        max_clusters=4,
        auto_stop_minutes=45,
        serverless=False,
        warehouse_type="CLASSIC",
        photon=False,
        spot_policy="RELIABILITY_OPTIMIZED",
        channel="PREVIEW",
        instance_profile="arn:aws:iam::1:instance-profile/x",
        no_wait=True,
        tags={"b": "2", "a": "1"},
        owner=ROBOT,
        permissions=[SqlWarehouseGrant(ANALYSTS, "CAN_USE"), SqlWarehouseGrant(Principal.group("ops"), "CAN_MONITOR")],
    )
    document = synth(stack)
    body = only(document, "databricks_sql_endpoint")
    assert body == {
        "name": "[dev] reports",
        "cluster_size": "Small",
        "min_num_clusters": 2,
        "max_num_clusters": 4,
        "auto_stop_mins": 45,
        "warehouse_type": "CLASSIC",
        "enable_serverless_compute": False,
        "enable_photon": False,
        "spot_instance_policy": "RELIABILITY_OPTIMIZED",
        "channel": {"name": "CHANNEL_NAME_PREVIEW"},
        "instance_profile_arn": "arn:aws:iam::1:instance-profile/x",
        "no_wait": True,
        "tags": {"custom_tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
    }
    assert unsaid("databricks_sql_endpoint", body) == {"data_source_id"}  # the provider's own
    assert granted(document, "sql_endpoint_id") == (
        "${databricks_sql_endpoint.warehouse.id}",
        [
            {"service_principal_name": ROBOT.application_id, "permission_level": "IS_OWNER"},
            {"group_name": "analysts", "permission_level": "CAN_USE"},
            {"group_name": "ops", "permission_level": "CAN_MONITOR"},
        ],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"warehouse_type": "CLASSIC"}, "a serverless warehouse is PRO; write serverless=False"),
        (
            {"min_clusters": 3, "max_clusters": 2},
            "it scales from 3 to 2 clusters; write 1 ≤ min_clusters ≤ max_clusters ≤ 40",
        ),
        (
            {"max_clusters": 41},
            "it scales from 1 to 41 clusters; write 1 ≤ min_clusters ≤ max_clusters ≤ 40",
        ),
        ({"auto_stop_minutes": -1}, "auto_stop_minutes: -1 is below 1; write 0 for a warehouse that never stops"),
        (
            {"auto_stop_minutes": 5, "serverless": False},
            "auto_stop_minutes: 5 is below 10; write 0 for a warehouse that never stops",
        ),
        (
            {"size": "Tiny"},
            "size: expected one of '2X-Small', 'X-Small', 'Small', 'Medium', 'Large', 'X-Large', '2X-Large', "
            "'3X-Large', '4X-Large', '5X-Large', got str 'Tiny'",
        ),
        ({"owner": ANALYSTS}, "owner: expected Identity, got Group Group('analysts')"),
    ],
)
def test_what_is_no_warehouse(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_warehouse(stack, "x", **arguments)) == message


def test_a_serverless_warehouse_may_stop_sooner(stack: LakeflowStack, synth: Synth) -> None:
    SqlWarehouse(stack, "x", auto_stop_minutes=1)
    assert only(synth(stack), "databricks_sql_endpoint")["auto_stop_mins"] == 1
