"""Step 4: machines of other clouds, and what they start with, as the provider gets them; what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import (
    AwsAttributes,
    AzureAttributes,
    ClusterMount,
    ClusterSpec,
    Compute,
    DockerImage,
    ExistingPool,
    GcpAttributes,
    Goal,
    InitScript,
    JobDefinition,
    LogDelivery,
    NodeTypeFlexibility,
    NotebookTask,
    S3Place,
    Task,
    Trigger,
    WorkspacePath,
    secret,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

CODE = WorkspacePath("/a")


def job(*tasks: Task) -> Any:
    """Return a job that the provider takes."""
    definition = JobDefinition("job", goal=Goal("Order."), tasks=tasks, trigger=Trigger.manual())
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return body


def cluster(**said: Any) -> Any:
    """Return the block of a cluster."""
    spec = ClusterSpec(**{"node_type": "n", **said})
    (body,) = job(NotebookTask("a", CODE, compute=Compute.new_cluster(spec)))["task"]
    return body["new_cluster"]


# Clouds


def test_a_cluster_of_aws() -> None:
    body = cluster(
        aws=AwsAttributes(
            availability="SPOT_WITH_FALLBACK",
            instance_profile="arn:aws:iam::1:instance-profile/etl",
            ebs_volume_type="GENERAL_PURPOSE_SSD",
            ebs_volume_count=2,
            ebs_volume_size=100,
        )
    )
    assert "azure_attributes" not in body
    assert body["aws_attributes"] == {
        "availability": "SPOT_WITH_FALLBACK",
        "first_on_demand": 1,
        "zone_id": "auto",
        "spot_bid_price_percent": 100,
        "instance_profile_arn": "arn:aws:iam::1:instance-profile/etl",
        "ebs_volume_type": "GENERAL_PURPOSE_SSD",
        "ebs_volume_count": 2,
        "ebs_volume_size": 100,
    }


def test_a_cluster_of_google_cloud() -> None:
    body = cluster(gcp=GcpAttributes(service_account="etl@p.iam.gserviceaccount.com", local_ssd_count=1))
    assert "azure_attributes" not in body
    assert body["gcp_attributes"] == {
        "availability": "ON_DEMAND_GCP",
        "first_on_demand": 1,
        "zone_id": "HA",
        "google_service_account": "etl@p.iam.gserviceaccount.com",
        "local_ssd_count": 1,
    }


def test_a_cluster_that_reports_to_log_analytics() -> None:
    azure = AzureAttributes(
        capacity_reservation_group="/subscriptions/s/g",
        log_analytics_workspace="logs",
        log_analytics_key=secret("kv", "log-analytics"),
    )
    said = cluster(azure=azure)["azure_attributes"]
    assert said["capacity_reservation_group"] == "/subscriptions/s/g"
    assert said["log_analytics_info"] == {
        "log_analytics_workspace_id": "logs",
        "log_analytics_primary_key": "{{secrets/kv/log-analytics}}",
    }


def test_machines_that_may_stand_in() -> None:
    body = cluster(node_type_flexibility=NodeTypeFlexibility(["Standard_D4s_v5", "Standard_D4as_v5"]))
    assert body["worker_node_type_flexibility"] == {"alternate_node_type_ids": ["Standard_D4s_v5", "Standard_D4as_v5"]}


# What machines start with


@pytest.mark.parametrize(
    ("script", "block"),
    [
        (InitScript.workspace("/Shared/i.sh"), {"workspace": {"destination": "/Shared/i.sh"}}),
        (InitScript.volume("/Volumes/a/b/c/i.sh"), {"volumes": {"destination": "/Volumes/a/b/c/i.sh"}}),
        (InitScript.abfss("abfss://c@a/i.sh"), {"abfss": {"destination": "abfss://c@a/i.sh"}}),
        (
            InitScript.s3(S3Place("s3://b/i.sh", region="eu-west-1")),
            {"s3": {"destination": "s3://b/i.sh", "region": "eu-west-1"}},
        ),
        (InitScript.gcs("gs://b/i.sh"), {"gcs": {"destination": "gs://b/i.sh"}}),
        (InitScript.file("file:/i.sh"), {"file": {"destination": "file:/i.sh"}}),
    ],
    ids=["workspace", "volume", "abfss", "s3", "gcs", "file"],
)
def test_an_init_script(script: InitScript, block: object) -> None:
    assert cluster(init_scripts=[script])["init_scripts"] == [block]


def test_init_scripts_run_in_the_order_in_which_they_are_said() -> None:
    scripts = [InitScript.workspace("/b.sh"), InitScript.workspace("/a.sh")]
    assert [each["workspace"]["destination"] for each in cluster(init_scripts=scripts)["init_scripts"]] == [
        "/b.sh",
        "/a.sh",
    ]


@pytest.mark.parametrize(
    ("logs", "block"),
    [
        (LogDelivery.volume("/Volumes/a/b/logs"), {"volumes": {"destination": "/Volumes/a/b/logs"}}),
        (LogDelivery.dbfs("dbfs:/logs"), {"dbfs": {"destination": "dbfs:/logs"}}),
        (
            LogDelivery.s3(S3Place("s3://b/logs", region="eu-west-1", encryption="sse-kms", kms_key="arn:k")),
            {
                "s3": {
                    "destination": "s3://b/logs",
                    "region": "eu-west-1",
                    "encryption_type": "sse-kms",
                    "kms_key": "arn:k",
                    "enable_encryption": True,
                }
            },
        ),
    ],
    ids=["volume", "dbfs", "s3"],
)
def test_where_logs_go(logs: LogDelivery, block: object) -> None:
    assert cluster(log_delivery=logs)["cluster_log_conf"] == block


def test_an_image_of_a_registry() -> None:
    image = DockerImage("registry.example.com/etl:1", username="etl", password=secret("kv", "registry"))
    assert cluster(docker_image=image)["docker_image"] == {
        "url": "registry.example.com/etl:1",
        "basic_auth": {"username": "etl", "password": "{{secrets/kv/registry}}"},
    }


def test_a_mount() -> None:
    mount = ClusterMount("/mnt/in", server="nfs.example.com", folder="/export", options="ro")
    assert cluster(mounts=[mount])["cluster_mount_info"] == [
        {
            "local_mount_dir_path": "/mnt/in",
            "network_filesystem_info": {"server_address": "nfs.example.com", "mount_options": "ro"},
            "remote_mount_dir_path": "/export",
        }
    ]


# Serverless


def test_serverless_with_a_base_environment_has_no_version() -> None:
    compute = Compute.serverless("base", base_environment="/Workspace/Shared/base.yaml", java_dependencies=["/v/a.jar"])
    assert job(NotebookTask("a", CODE, compute=compute))["environment"] == [
        {
            "environment_key": "base",
            "spec": {"base_environment": "/Workspace/Shared/base.yaml", "java_dependencies": ["/v/a.jar"]},
        }
    ]


def test_serverless_with_gpus() -> None:
    environment = Compute.serverless("train", dependencies=["torch"])
    body = job(NotebookTask("a", CODE, compute=Compute.serverless_gpu("GPU_1xA10", environment=environment)))
    assert body["task"][0]["compute"] == {"hardware_accelerator": "GPU_1xA10"}
    assert body["task"][0]["environment_key"] == "train"
    assert [each["environment_key"] for each in body["environment"]] == ["train"]


def test_a_serverless_job_cluster_that_is_set_up_elsewhere() -> None:
    body = job(NotebookTask("a", CODE, compute=Compute.serverless_job_cluster("main", "c-1")))
    assert body["task"][0]["job_cluster_key"] == "main"
    assert body["job_cluster"] == [{"job_cluster_key": "main", "serverless_compute_id": "c-1"}]


# Refusals

untyped: Any = DockerImage


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (
            lambda: cluster(aws=AwsAttributes(), gcp=GcpAttributes()),
            "has attributes of aws and gcp; keep those of the workspace's cloud",
        ),
        (
            lambda: ClusterSpec(pool=ExistingPool("p"), aws=AwsAttributes()),
            "a cluster from a pool has the pool's AWS attributes; leave aws out",
        ),
        (lambda: AwsAttributes(first_on_demand=0), "first_on_demand: 0 is not sent by the provider"),
        (lambda: GcpAttributes(first_on_demand=0), "first_on_demand: 0 is not sent by the provider"),
        (lambda: AwsAttributes(spot_bid_price_percent=0), "spot_bid_price_percent: 0 is no bid; write 1 to 10,000"),
        (lambda: AwsAttributes(ebs_volume_size=100), "EBS volumes have no count; give ebs_volume_count"),
        (lambda: AzureAttributes(log_analytics_workspace="w"), "Log Analytics has a workspace and a key; give both"),
        (lambda: S3Place("s3://b"), "names no region; give region=, or endpoint="),
        (lambda: S3Place("s3://b", region="r", kms_key="k"), "has a KMS key that it does not use"),
        (lambda: DockerImage("i", username="u"), "a registry takes a user name and a password; give both, or neither"),
        (
            lambda: cluster(init_scripts=[InitScript.workspace("/a")] * 11),
            "init_scripts: 11, and the API takes 10",
        ),
        (lambda: cluster(is_single_node=True), "is_single_node and use_ml_runtime need a kind"),
        (
            lambda: Compute.serverless(environment_version="4", base_environment="/b"),
            "has a version and a base environment, which has one; give one of them",
        ),
    ],
)
def test_what_is_refused(make: Callable[[], object], problem: str) -> None:
    assert problem in refusal(make)


def test_a_password_is_never_said_in_the_code_nor_repeated() -> None:
    assert refusal(lambda: untyped("i", username="u", password="hunter2")) == (
        "DockerImage('i'): password: a secret is not written in code; "
        "write secret(scope, key), or stack.secret_variable('NAME')"
    )
