"""Step 4: what tasks run on, as it is written and as the provider gets it, and what is refused."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from constructs_lib import (
    Availability,
    AzureAttributes,
    ClusterSpec,
    Compute,
    ExistingPolicy,
    ExistingPool,
    ForEachTask,
    Goal,
    JobDefinition,
    Library,
    NotebookTask,
    PythonScriptTask,
    PythonWheelTask,
    SecurityMode,
    Trigger,
    WorkspacePath,
    secret,
)
from constructs_lib.compute.cluster import DEFAULT_SPARK_VERSION
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

CODE = WorkspacePath("/a")
ON_DEMAND = {"availability": "ON_DEMAND_AZURE", "first_on_demand": 1, "spot_bid_max_price": -1}


def job(*tasks: PythonScriptTask | NotebookTask | PythonWheelTask | ForEachTask, **said: Any) -> dict[str, Any]:
    """Return a job that the provider takes."""
    definition = JobDefinition("job", goal=Goal("Order."), tasks=tasks, trigger=Trigger.manual(), **said)
    body: dict[str, Any] = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return body


def cluster(spec: ClusterSpec) -> Any:
    return job(NotebookTask("a", CODE, compute=Compute.new_cluster(spec)))["task"][0]["new_cluster"]


# Clusters


def test_a_cluster_says_everything_that_would_leak_from_its_neighbour() -> None:
    assert cluster(ClusterSpec(node_type="Standard_D4ds_v5")) == {
        "num_workers": 1,
        "node_type_id": "Standard_D4ds_v5",
        "driver_node_type_id": "Standard_D4ds_v5",
        "enable_elastic_disk": True,
        "azure_attributes": ON_DEMAND,
        "spark_version": DEFAULT_SPARK_VERSION,
        "data_security_mode": "SINGLE_USER",
        "enable_local_disk_encryption": False,
    }


def test_everything_that_a_cluster_can_say() -> None:
    spec = ClusterSpec(
        node_type="Standard_D8ds_v5",
        driver_node_type="Standard_D4ds_v5",
        azure=AzureAttributes(availability=Availability.SPOT_WITH_FALLBACK, first_on_demand=2, spot_bid_max_price=0.5),
        workers=(2, 8),
        spark_version="15.4.x-scala2.12",
        security_mode=SecurityMode.STANDARD,
        single_user="etl@example.com",
        runtime_engine="PHOTON",
        policy=ExistingPolicy("p1"),
        disk_encryption=True,
        spark_conf={"spark.sql.shuffle.partitions": "64"},
        environment_variables={"TOKEN": secret("kv", "token")},
        custom_tags={"team": "sales"},
        extra={"init_scripts": [{"volumes": {"destination": "/Volumes/a/b/init.sh"}}]},
    )
    assert cluster(spec) == {
        "autoscale": {"min_workers": 2, "max_workers": 8},
        "node_type_id": "Standard_D8ds_v5",
        "driver_node_type_id": "Standard_D4ds_v5",
        "enable_elastic_disk": True,
        "azure_attributes": {
            "availability": "SPOT_WITH_FALLBACK_AZURE",
            "first_on_demand": 2,
            "spot_bid_max_price": 0.5,
        },
        "spark_version": "15.4.x-scala2.12",
        "data_security_mode": "USER_ISOLATION",
        "single_user_name": "etl@example.com",
        "runtime_engine": "PHOTON",
        "policy_id": "p1",
        "enable_local_disk_encryption": True,
        "spark_conf": {"spark.sql.shuffle.partitions": "64"},
        "spark_env_vars": {"TOKEN": "{{secrets/kv/token}}"},
        "custom_tags": {"team": "sales"},
        "init_scripts": [{"volumes": {"destination": "/Volumes/a/b/init.sh"}}],
    }


def test_a_cluster_from_a_pool_says_both_pools_and_nothing_of_nodes() -> None:
    assert cluster(ClusterSpec(pool=ExistingPool("p1"), workers=2)) == {
        "num_workers": 2,
        "instance_pool_id": "p1",
        "driver_instance_pool_id": "p1",
        "spark_version": DEFAULT_SPARK_VERSION,
        "data_security_mode": "SINGLE_USER",
        "enable_local_disk_encryption": False,
    }
    drivers = ClusterSpec(pool=ExistingPool("p1"), driver_pool=ExistingPool("p2"))
    assert cluster(drivers)["driver_instance_pool_id"] == "p2"


def test_no_workers_are_a_single_node_that_spark_knows_of() -> None:
    spec = ClusterSpec(node_type="n", workers=0, spark_conf={"a": "b"}, custom_tags={"team": "sales"})
    body = cluster(spec)
    assert body["num_workers"] == 0
    assert body["spark_conf"] == {
        "spark.databricks.cluster.profile": "singleNode",
        "spark.master": "local[*]",
        "a": "b",
    }
    assert body["custom_tags"] == {"ResourceClass": "SingleNode", "team": "sales"}


def test_one_single_node_does_not_change_the_next() -> None:
    cluster(ClusterSpec(node_type="n", workers=0, spark_conf={"a": "b"}, extra={"custom_tags": {"c": "d"}}))
    body = cluster(ClusterSpec(node_type="n", workers=0))
    assert body["spark_conf"].keys() == {"spark.databricks.cluster.profile", "spark.master"}
    assert body["custom_tags"] == {"ResourceClass": "SingleNode"}


def test_workers_are_a_number_or_a_least_and_a_most() -> None:
    assert "autoscale" not in cluster(ClusterSpec(node_type="n", workers=3))
    assert "num_workers" not in cluster(ClusterSpec(node_type="n", workers=(1, 3)))
    assert cluster(ClusterSpec(node_type="n", workers=(0, 3)))["autoscale"] == {"min_workers": 0, "max_workers": 3}


def test_a_cluster_of_another_cloud_says_that_cloud_s_attributes_and_not_azure_s() -> None:
    body = cluster(ClusterSpec(node_type="i3.xlarge", extra={"aws_attributes": {"availability": "SPOT_WITH_FALLBACK"}}))
    assert "azure_attributes" not in body


NODES_OR_POOL = "ClusterSpec(): a cluster has either a node type or a pool; give exactly one of node_type and pool"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (ClusterSpec, NODES_OR_POOL),
        (
            lambda: ClusterSpec(node_type="n", pool=ExistingPool("p")),
            NODES_OR_POOL.replace("()", "(node_type='n')"),
        ),
        (
            lambda: ClusterSpec(pool=ExistingPool("p"), driver_node_type="n"),
            "ClusterSpec(driver_node_type='n'): a cluster from a pool has the pool's node type; "
            "leave the node types out",
        ),
        (
            lambda: ClusterSpec(pool=ExistingPool("p"), azure=AzureAttributes()),
            "ClusterSpec(): a cluster from a pool has the pool's Azure attributes; leave azure out",
        ),
        (
            lambda: ClusterSpec(node_type="n", workers=-1),
            "ClusterSpec(node_type='n', workers=-1): workers: -1 is negative; write 0 for a single node",
        ),
        (
            lambda: ClusterSpec(node_type="n", workers=(-1, 3)),
            "ClusterSpec(node_type='n'): workers: -1 is negative; write 0 for a single node",
        ),
        (
            lambda: ClusterSpec(node_type="n", workers=(3, 3)),
            "ClusterSpec(node_type='n'): workers: (3, 3) does not grow; write (least, most) with least < most",
        ),
        (
            lambda: ClusterSpec(node_type="n", workers=(8, 2)),
            "ClusterSpec(node_type='n'): workers: (8, 2) does not grow; write (least, most) with least < most",
        ),
        (
            lambda: AzureAttributes(first_on_demand=0),
            "AzureAttributes(first_on_demand=0): first_on_demand: 0 is not sent by the provider; "
            "write at least 1: the driver",
        ),
        (
            lambda: AzureAttributes(first_on_demand=-2),
            "AzureAttributes(first_on_demand=-2): first_on_demand: -2 is no number of nodes; "
            "write at least 1: the driver",
        ),
        (
            lambda: AzureAttributes(spot_bid_max_price=0),
            "AzureAttributes(spot_bid_max_price=0): spot_bid_max_price: 0 is no price; "
            "write -1 (up to on demand), or a price",
        ),
    ],
)
def test_what_is_no_cluster(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_a_price_is_above_nothing() -> None:
    message = refusal(lambda: AzureAttributes(spot_bid_max_price=-0.5))
    assert message.endswith("spot_bid_max_price: -0.5 is no price; write -1 (up to on demand), or a price")


# Choices


def test_a_job_cluster_is_declared_once_for_all_tasks_on_it() -> None:
    etl = Compute.job_cluster("etl", ClusterSpec(node_type="n"))
    body = job(
        NotebookTask("b", CODE, compute=etl),
        NotebookTask("a", CODE, compute=etl),
        ForEachTask("c", [1], NotebookTask("inner", CODE, compute=etl)),
    )
    assert [task.get("job_cluster_key") for task in body["task"]] == ["etl", "etl", None]
    assert body["task"][2]["for_each_task"]["task"]["job_cluster_key"] == "etl"
    assert body["job_cluster"] == [
        {"job_cluster_key": "etl", "new_cluster": cluster(ClusterSpec(node_type="n"))},
    ]


def test_a_cluster_that_only_a_loop_s_task_uses_is_declared_too() -> None:
    etl = Compute.job_cluster("etl", ClusterSpec(node_type="n"))
    body = job(ForEachTask("c", [1], NotebookTask("inner", CODE, compute=etl)))
    assert [block["job_cluster_key"] for block in body["job_cluster"]] == ["etl"]


def test_an_existing_cluster_is_named() -> None:
    body = job(NotebookTask("a", CODE, compute=Compute.existing_cluster("0101-1")))
    assert body["task"][0]["existing_cluster_id"] == "0101-1"
    assert "job_cluster" not in body


def test_serverless_is_an_environment_with_its_dependencies() -> None:
    quality = Compute.serverless("quality", dependencies=["quality==1.4.0", "/Volumes/main/wheels/x.whl"])
    body = job(PythonScriptTask("a", CODE, compute=quality), PythonScriptTask("b", CODE), compute=Compute.serverless())
    assert [task["environment_key"] for task in body["task"]] == ["quality", "default"]
    assert body["environment"] == [
        {"environment_key": "default", "spec": {"environment_version": "4"}},
        {
            "environment_key": "quality",
            "spec": {"dependencies": ["quality==1.4.0", "/Volumes/main/wheels/x.whl"], "environment_version": "4"},
        },
    ]


def test_clusters_and_environments_stand_in_byte_order_of_their_keys() -> None:
    keys = ("b", "a", "_", "B", "a-", "a_", "a0")
    clusters = [Compute.job_cluster(key, ClusterSpec(node_type="n")) for key in keys]
    environments = [Compute.serverless(key) for key in keys]
    computes = enumerate([*clusters, *environments])
    body = job(*(PythonScriptTask(f"t{number}", CODE, compute=compute) for number, compute in computes))
    ordered = ["B", "_", "a", "a-", "a0", "a_", "b"]
    assert [block["job_cluster_key"] for block in body["job_cluster"]] == ordered
    assert [block["environment_key"] for block in body["environment"]] == ordered


def test_the_same_twice_is_one_block() -> None:
    body = job(
        PythonScriptTask("a", CODE, compute=Compute.serverless(dependencies=["x"])),
        PythonScriptTask("b", CODE, compute=Compute.serverless(dependencies=["x"])),
    )
    assert len(body["environment"]) == 1


TWO = "give the same object to the tasks that share it, or another key"


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        (
            Compute.job_cluster("etl", ClusterSpec(node_type="n")),
            Compute.job_cluster("etl", ClusterSpec(node_type="m")),
            "two different job_cluster blocks have the key 'etl': new_cluster.driver_node_type_id is 'n' and 'm'",
        ),
        (
            Compute.job_cluster("etl", ClusterSpec(node_type="n", workers=(1, 2))),
            Compute.job_cluster("etl", ClusterSpec(node_type="n")),
            "two different job_cluster blocks have the key 'etl': "
            "new_cluster.autoscale is {'min_workers': 1, 'max_workers': 2} and nothing",
        ),
        (
            Compute.serverless(),
            Compute.serverless(dependencies=["x"]),
            "two different environment blocks have the key 'default': spec.dependencies is nothing and ['x']",
        ),
    ],
)
def test_two_of_one_key_are_the_same(one: Compute, other: Compute, difference: str) -> None:
    tasks = (PythonScriptTask("a", CODE, compute=one), PythonScriptTask("b", CODE, compute=other))
    assert refusal(lambda: job(*tasks)) == f"JobDefinition('job'): {difference}; {TWO}"


def test_a_cluster_and_an_environment_may_have_one_key() -> None:
    body = job(
        PythonScriptTask("a", CODE, compute=Compute.serverless("etl")),
        PythonScriptTask("b", CODE, compute=Compute.job_cluster("etl", ClusterSpec(node_type="n"))),
    )
    assert (len(body["environment"]), len(body["job_cluster"])) == (1, 1)


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 101])
def test_a_key_has_letters_digits_and_dashes(key: str) -> None:
    assert "key" in refusal(lambda: Compute.job_cluster(key, ClusterSpec(node_type="n")))
    assert "key" in refusal(lambda: Compute.serverless(key))


untyped: Any = ClusterSpec
serverless: Any = Compute.serverless


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: untyped(node_type="n", workers="3"),
            "ClusterSpec(node_type='n', workers='3'): workers: "
            "expected a whole number or a tuple of a whole number, a whole number, got str '3'",
        ),
        (
            lambda: untyped(node_type="n", security_mode="SINGLE_USER"),
            "ClusterSpec(node_type='n'): security_mode: "
            "expected one of SecurityMode.DEDICATED, SecurityMode.STANDARD, SecurityMode.NONE, got str 'SINGLE_USER'",
        ),
        (
            lambda: untyped(node_type="n", spark_conf={"spark.x": 1}),
            "ClusterSpec(node_type='n'): spark_conf: expected a dict of a string to a string, got 'spark.x': int 1",
        ),
        (
            lambda: serverless(environment_version=4),
            "ServerlessEnvironment('default'): environment_version: expected a string, got int 4",
        ),
        (
            lambda: serverless(dependencies="pandas"),
            "ServerlessEnvironment('default'): dependencies: expected a list of a string or Reference, "
            "got str 'pandas'",
        ),
    ],
)
def test_what_is_of_the_wrong_type(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


# Libraries


@pytest.mark.parametrize(
    ("library", "block"),
    [
        (Library.wheel("/Volumes/w/a.whl"), {"whl": "/Volumes/w/a.whl"}),
        (Library.jar("/Volumes/w/a.jar"), {"jar": "/Volumes/w/a.jar"}),
        (Library.requirements("/Workspace/r.txt"), {"requirements": "/Workspace/r.txt"}),
        (Library.pypi("a==1"), {"pypi": {"package": "a==1"}}),
        (Library.pypi("a", index="https://i"), {"pypi": {"package": "a", "repo": "https://i"}}),
        (Library.maven("g:a:1"), {"maven": {"coordinates": "g:a:1"}}),
        (
            Library.maven("g:a:1", repository="https://m", exclusions=["x:y", "b:c"]),
            {"maven": {"coordinates": "g:a:1", "repo": "https://m", "exclusions": ["x:y", "b:c"]}},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_library(library: Library, block: Mapping[str, object]) -> None:
    task = NotebookTask("a", CODE, compute=Compute.existing_cluster("c"), libraries=[library])
    assert job(task)["task"][0]["library"] == [block]


def test_libraries_keep_their_order_in_which_they_are_installed() -> None:
    libraries = [Library.pypi("b"), Library.wheel("/a.whl"), Library.pypi("a")]
    task = NotebookTask("a", CODE, compute=Compute.existing_cluster("c"), libraries=libraries)
    assert job(task)["task"][0]["library"] == [
        {"pypi": {"package": "b"}},
        {"whl": "/a.whl"},
        {"pypi": {"package": "a"}},
    ]


def test_libraries_stand_at_the_task_and_never_in_a_cluster() -> None:
    """The provider crashes while planning where they do."""
    etl = Compute.job_cluster("etl", ClusterSpec(node_type="n"))
    body = job(NotebookTask("a", CODE, compute=etl, libraries=[Library.pypi("a")], timeout=timedelta(hours=1)))
    assert "library" not in body["job_cluster"][0]["new_cluster"]
    assert body["task"][0]["library"] == [{"pypi": {"package": "a"}}]
