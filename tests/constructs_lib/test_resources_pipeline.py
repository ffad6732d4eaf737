"""Pipelines and their settings."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import (
    AwsAttributes,
    AzureAttributes,
    ClusterPolicy,
    CodeGlob,
    EventLog,
    ExistingPolicy,
    ExistingPool,
    ExistingSchema,
    GitFile,
    InitScript,
    LakeflowStack,
    LogDelivery,
    Notebook,
    Pipeline,
    PipelineCluster,
    PipelineGrant,
    PipelineNotifications,
    Pool,
    Principal,
    Reference,
    Schema,
    WorkspaceFile,
    WorkspacePath,
)
from tests.support.refusal import refusal
from tests.support.resources import granted, only, unsaid

Synth = Callable[[Any], dict[str, Any]]
SQL = WorkspacePath("/Shared/a.sql")
ROBOT = Principal.service_principal("c3e85b09-d4a1-4672-8f1b-96d07a2ce58f")
ANALYSTS = Principal.group("analysts")
untyped_pipeline: Any = Pipeline
untyped_cluster: Any = PipelineCluster


def test_a_pipeline(stack: LakeflowStack, synth: Synth) -> None:
    pipeline = Pipeline(stack, "clean", code=[SQL], catalog="main", schema="sales")
    document = synth(stack)
    assert only(document, "databricks_pipeline") == {
        "name": "clean",
        "catalog": "main",
        "schema": "sales",
        "library": [{"file": {"path": "/Shared/a.sql"}}],
        "continuous": False,
        "development": False,
        "channel": "CURRENT",
        "serverless": True,
        "edition": "ADVANCED",
    }
    assert "databricks_permissions" not in document["resource"]
    assert pipeline.pipeline_id.terraform == "${databricks_pipeline.clean.id}"


def test_a_serverless_pipeline_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    schema = Schema(stack, "schema", catalog="main", name="sales")
    Pipeline(
        stack,
        "pipeline",
        name="clean sales",
        code=[
            WorkspaceFile(stack, "code", file="assets/daily-sales/train.py", path="/Shared/x/train.py"),
            Notebook(stack, "notebook", file="assets/daily-sales/ingest.py", path="/Shared/x/ingest"),
        ],
        schema=schema,
        configuration={"day": "1"},
        root_path="/Workspace/Shared/x",
        continuous=True,
        development=True,
        dependencies=["holidays==0.60"],
        environment_version="4",
        budget_policy_id="9c1d",
        channel="PREVIEW",
        event_log=EventLog("events"),
        notifications=PipelineNotifications(
            on_update_success=["b@example.com"],
            on_update_failure=["b@example.com", "a@example.com"],
            on_update_fatal_failure=["a@example.com", "b@example.com", "a@example.com"],
            on_flow_failure=["c@example.com"],
        ),
        run_as=ROBOT,
        tags={"team": "data"},
        permissions=[PipelineGrant(ANALYSTS, "CAN_VIEW")],
    )
    document = synth(stack)
    body = only(document, "databricks_pipeline")
    names = {"catalog": "${databricks_schema.schema.catalog_name}", "schema": "${databricks_schema.schema.name}"}
    assert body == {
        "name": "[dev] clean sales",
        **names,
        "library": [
            {"file": {"path": "/Workspace${databricks_workspace_file.code.path}"}},
            {"notebook": {"path": "/Workspace${databricks_notebook.notebook.path}"}},
        ],
        "configuration": {"day": "1"},
        "root_path": "/Workspace/Shared/x",
        "continuous": True,
        "development": True,
        "channel": "PREVIEW",
        "serverless": True,
        "environment": {"dependencies": ["holidays==0.60"], "environment_version": "4"},
        "budget_policy_id": "9c1d",
        "edition": "ADVANCED",
        "event_log": {**names, "name": "events"},
        "notification": [
            {
                "email_recipients": ["a@example.com", "b@example.com"],
                "alerts": ["on-update-failure", "on-update-fatal-failure"],
            },
            {"email_recipients": ["b@example.com"], "alerts": ["on-update-success"]},
            {"email_recipients": ["c@example.com"], "alerts": ["on-flow-failure"]},
        ],
        "run_as": {"service_principal_name": ROBOT.application_id},
        "tags": {"team": "data"},
    }
    assert granted(document, "pipeline_id") == (
        "${databricks_pipeline.pipeline.id}",
        [
            {"service_principal_name": ROBOT.application_id, "permission_level": "IS_OWNER"},
            {"group_name": "analysts", "permission_level": "CAN_VIEW"},
        ],
    )


def test_a_classic_pipeline_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    Pipeline(
        stack,
        "clean",
        code=[CodeGlob("/Workspace/Shared/x/**")],
        catalog=Reference.to("databricks_catalog.main.name"),
        schema="sales",
        serverless=False,
        clusters=[PipelineCluster(label="maintenance"), PipelineCluster()],
        edition="PRO",
        photon=True,
        event_log=EventLog("events", schema=ExistingSchema("ops", "logs")),
        owner=ROBOT,
    )
    document = synth(stack)
    body = only(document, "databricks_pipeline")
    assert body["catalog"] == "${databricks_catalog.main.name}"
    assert body["library"] == [{"glob": {"include": "/Workspace/Shared/x/**"}}]
    assert (body["serverless"], body["edition"], body["photon"]) == (False, "PRO", True)
    assert [cluster["label"] for cluster in body["cluster"]] == ["default", "maintenance"]
    assert body["event_log"] == {"name": "events", "catalog": "ops", "schema": "logs"}
    assert granted(document, "pipeline_id")[1] == [
        {"service_principal_name": ROBOT.application_id, "permission_level": "IS_OWNER"}
    ]


def test_what_a_pipeline_leaves_to_the_generic_resource(stack: LakeflowStack, synth: Synth) -> None:
    said = {"configuration", "root_path", "environment", "budget_policy_id", "cluster", "photon", "event_log"}
    said |= {"notification", "run_as", "tags"}
    Pipeline(stack, "clean", code=[SQL], catalog="main", schema="sales")
    assert unsaid("databricks_pipeline", only(synth(stack), "databricks_pipeline")) - said == {
        # Another kind of pipeline: connectors instead of code, the Hive metastore instead of a catalog.
        "gateway_definition",
        "ingestion_definition",
        "storage",
        "target",
        # Rare, preview, deprecated, or of bundles.
        "allow_duplicate_names",
        "deployment",
        "filters",
        "restart_window",
        "serverless_compute_id",
        "trigger",
        "usage_policy_id",
        # The provider's own.
        "cause",
        "cluster_id",
        "creator_user_name",
        "expected_last_modified",
        "health",
        "last_modified",
        "latest_updates",
        "run_as_user_name",
        "state",
        "url",
    }


@pytest.mark.parametrize(
    ("cluster", "block"),
    [
        (PipelineCluster(), {"label": "default", "enable_local_disk_encryption": False}),
        (
            PipelineCluster(workers=0),
            {
                "label": "default",
                "num_workers": 0,
                "spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
                "enable_local_disk_encryption": False,
            },
        ),
        (
            PipelineCluster(
                workers=(1, 4),
                node_type="Standard_D4ds_v5",
                policy=ExistingPolicy("ABC"),
                apply_policy_defaults=True,
                azure=AzureAttributes(),
                disk_encryption=True,
                init_scripts=[InitScript.volume("/Volumes/main/x/y/z.sh")],
                log_delivery=LogDelivery.volume("/Volumes/main/x/logs"),
                spark_conf={"spark.x": "1"},
                environment_variables={"A": "b"},
                custom_tags={"team": "data"},
                extra={"ssh_public_keys": ["ssh-ed25519 AAAA"]},
            ),
            {
                "label": "default",
                "autoscale": {"min_workers": 1, "max_workers": 4, "mode": "ENHANCED"},
                "node_type_id": "Standard_D4ds_v5",
                "driver_node_type_id": "Standard_D4ds_v5",
                "policy_id": "ABC",
                "apply_policy_default_values": True,
                "azure_attributes": AzureAttributes().render(),
                "enable_local_disk_encryption": True,
                "init_scripts": [{"volumes": {"destination": "/Volumes/main/x/y/z.sh"}}],
                "cluster_log_conf": {"volumes": {"destination": "/Volumes/main/x/logs"}},
                "spark_conf": {"spark.x": "1"},
                "spark_env_vars": {"A": "b"},
                "custom_tags": {"team": "data"},
                "ssh_public_keys": ["ssh-ed25519 AAAA"],
            },
        ),
        (
            PipelineCluster(label="maintenance", workers=(1, 2), pool=ExistingPool("p")),
            {
                "label": "maintenance",
                "autoscale": {"min_workers": 1, "max_workers": 2, "mode": "LEGACY"},
                "instance_pool_id": "p",
                "driver_instance_pool_id": "p",
                "enable_local_disk_encryption": False,
            },
        ),
        (
            PipelineCluster(workers=2, scaling=None, pool=ExistingPool("p"), driver_pool=ExistingPool("d")),
            {
                "label": "default",
                "num_workers": 2,
                "instance_pool_id": "p",
                "driver_instance_pool_id": "d",
                "enable_local_disk_encryption": False,
            },
        ),
    ],
)
def test_the_cluster_of_a_pipeline(
    stack: LakeflowStack, synth: Synth, cluster: PipelineCluster, block: dict[str, Any]
) -> None:
    Pipeline(stack, "x", code=[SQL], catalog="main", schema="s", serverless=False, clusters=[cluster])
    assert only(synth(stack), "databricks_pipeline")["cluster"] == [block]


def test_a_cluster_takes_pools_and_policies_that_are_deployed_with_it(stack: LakeflowStack, synth: Synth) -> None:
    pool = Pool(stack, "pool", node_type="n", max_capacity=4)
    policy = ClusterPolicy(stack, "policy", definition={})
    cluster = PipelineCluster(pool=pool, policy=policy)
    Pipeline(stack, "x", code=[SQL], catalog="main", schema="s", serverless=False, clusters=[cluster])
    (block,) = only(synth(stack), "databricks_pipeline")["cluster"]
    assert block["instance_pool_id"] == "${databricks_instance_pool.pool.id}"
    assert block["policy_id"] == "${databricks_cluster_policy.policy.id}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"code": []}, "a pipeline without code does nothing"),
        (
            {"code": [GitFile("a.sql")]},
            "a pipeline takes no code from a job's Git source; deploy it as a WorkspaceFile",
        ),
        (
            {"code": [SQL, CodeGlob("/x/**")]},
            "code: the API takes CodeGlob('/x/**') with no files and notebooks beside it; "
            "write CodeGlob for each of them, or for none",
        ),
        ({"catalog": None}, "a schema's name is in a catalog; give catalog=, or a schema object"),
        ({"schema": ExistingSchema("main", "s")}, "a schema object has its catalog; leave catalog out"),
        (
            {"clusters": [PipelineCluster()]},
            "a serverless pipeline has no clusters; write serverless=False",
        ),
        ({"photon": True}, "a serverless pipeline has no photon; write serverless=False"),
        ({"edition": "CORE"}, "a serverless pipeline has no edition; write serverless=False"),
        (
            {"serverless": False, "dependencies": ["x"]},
            "a serverless pipeline alone has dependencies; write serverless=True",
        ),
        (
            {"serverless": False, "budget_policy_id": "x"},
            "a serverless pipeline alone has budget_policy_id; write serverless=True",
        ),
        (
            {"serverless": False, "clusters": [PipelineCluster(), PipelineCluster()]},
            'clusters: two have one label; label one "default" and one "maintenance"',
        ),
        ({"tags": {str(number): "" for number in range(26)}}, "tags: 26, and the API takes 25"),
        ({"channel": "NEXT"}, "channel: expected one of 'CURRENT', 'PREVIEW', got str 'NEXT'"),
        (
            {"permissions": [PipelineGrant(ROBOT, "CAN_RUN")], "owner": ROBOT},
            f"PipelineGrant(ServicePrincipal('{ROBOT.application_id}'), 'CAN_RUN'): "
            f"ServicePrincipal('{ROBOT.application_id}') is granted twice, or owns it already; "
            "keep the grant with the highest level",
        ),
    ],
)
def test_what_is_no_pipeline(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    given = {"code": [SQL], "catalog": "main", "schema": "s"} | arguments
    assert refusal(lambda: untyped_pipeline(stack, "x", **given)) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CodeGlob("x/**"), "CodeGlob('x/**'): a workspace path is absolute; write '/x/**'"),
        (lambda: CodeGlob("/x/*.sql"), "CodeGlob('/x/*.sql'): has a star elsewhere than in '/**' at its end"),
        (
            PipelineNotifications,
            "PipelineNotifications(): tells nobody; give on_update_fatal_failure=[…]",
        ),
        (
            lambda: PipelineNotifications(on_flow_failure=["ops"]),
            "PipelineNotifications(): on_flow_failure: 'ops' is not an e-mail address",
        ),
        (
            lambda: PipelineCluster(node_type="n", pool=ExistingPool("p")),
            "PipelineCluster(node_type='n'): a cluster from a pool has the pool's node type; leave the node types out",
        ),
        (
            lambda: PipelineCluster(driver_pool=ExistingPool("p")),
            "PipelineCluster(): has a pool for its driver only; give pool=",
        ),
        (
            lambda: PipelineCluster(pool=ExistingPool("p"), azure=AzureAttributes()),
            "PipelineCluster(): a cluster from a pool has the pool's Azure attributes; leave azure out",
        ),
        (
            lambda: PipelineCluster(aws=AwsAttributes(), azure=AzureAttributes()),
            "PipelineCluster(): has attributes of azure and aws; keep those of the workspace's cloud",
        ),
        (
            lambda: PipelineCluster(init_scripts=[InitScript.volume("/Volumes/a/b/c/d")] * 11),
            "PipelineCluster(): init_scripts: 11, and the API takes 10",
        ),
        (
            lambda: PipelineCluster(workers=-1),
            "PipelineCluster(workers=-1): workers: -1 is negative; write 0 for a single node",
        ),
        (
            lambda: PipelineCluster(workers=(2, 2)),
            "PipelineCluster(): workers: (2, 2) does not grow; write (least, most) with least < most",
        ),
        (
            lambda: PipelineCluster(scaling="LEGACY"),
            "PipelineCluster(scaling='LEGACY'): scales, but its workers do not; write workers=(least, most)",
        ),
        (
            lambda: PipelineCluster(label="maintenance", workers=(1, 2), scaling="ENHANCED"),
            "PipelineCluster(label='maintenance', scaling='ENHANCED'): "
            "maintenance does not scale by the data that waits; leave scaling out",
        ),
        (
            lambda: untyped_cluster(pool="p"),
            "PipelineCluster(pool='p'): pool: expected `Pool(…)` or `ExistingPool(id)`, got str 'p'",
        ),
    ],
)
def test_what_are_no_settings(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message
