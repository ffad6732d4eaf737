"""Code, folders, destinations, and what lies in Unity Catalog and in secret scopes."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import (
    AllPurposeCluster,
    Channel,
    ClusterPolicy,
    ClusterSpec,
    Dashboard,
    DatabricksResource,
    Directory,
    ExistingSchema,
    ExistingVolume,
    HasClusterId,
    HasDashboardId,
    HasPolicyId,
    HasPoolId,
    HasQueryId,
    HasSchema,
    HasVolumePath,
    KeyVault,
    LakeflowError,
    LakeflowStack,
    Library,
    Notebook,
    NotificationDestination,
    Pool,
    Principal,
    Query,
    Reference,
    Schema,
    SecretScope,
    SecretScopeGrant,
    SqlWarehouse,
    Volume,
    VolumeFile,
    WorkspaceFile,
    WorkspaceGrant,
    concat,
)
from tests.support.refusal import refusal
from tests.support.resources import only, unsaid

Synth = Callable[[Any], dict[str, Any]]
SCRIPT = "assets/daily-sales/train.py"
INGEST = "assets/daily-sales/ingest.py"
ANALYSTS = Principal.group("analysts")
ROBOT = Principal.service_principal("c3e85b09-d4a1-4672-8f1b-96d07a2ce58f")
VAULT = "/subscriptions/1/resourceGroups/data/providers/Microsoft.KeyVault/vaults/etl"
untyped_notebook: Any = Notebook
untyped_scope: Any = SecretScope


# Notebooks, files and folders of the workspace


def test_a_notebook_and_a_file_ship_beside_the_document(stack: LakeflowStack, synth: Synth) -> None:
    notebook = Notebook(stack, "ingest", file=INGEST, path="/Shared/x/ingest")
    script = WorkspaceFile(stack, "train", file=SCRIPT, path="/Shared/x/train.py")
    document = synth(stack)
    assert only(document, "databricks_notebook") == {"path": "/Shared/x/ingest", "source": INGEST}
    assert only(document, "databricks_workspace_file") == {"path": "/Shared/x/train.py", "source": SCRIPT}
    assert sorted(stack.record.assets) == [INGEST, SCRIPT]
    assert notebook.code_path.terraform == "/Workspace${databricks_notebook.ingest.path}"
    assert script.code_path.terraform == "/Workspace${databricks_workspace_file.train.path}"


def test_code_in_a_folder_with_permissions(stack: LakeflowStack, synth: Synth) -> None:
    read, run = WorkspaceGrant(ANALYSTS, "CAN_READ"), WorkspaceGrant(ROBOT, "CAN_RUN")
    folder = Directory(stack, "code", path="/Shared/x", delete_recursive=True, permissions=[read, run])
    Notebook(stack, "ingest", file=INGEST, path=concat(folder.path, "/ingest"), permissions=[read])
    WorkspaceFile(stack, "train", file=SCRIPT, path=concat(folder.path, "/train.py"), permissions=[read])
    document = synth(stack)
    assert only(document, "databricks_directory") == {"path": "/Shared/x", "delete_recursive": True}
    assert only(document, "databricks_notebook")["path"] == "${databricks_directory.code.path}/ingest"
    analysts = [{"group_name": "analysts", "permission_level": "CAN_READ"}]
    assert document["resource"]["databricks_permissions"] == {
        "code": {
            "directory_path": "${databricks_directory.code.path}",
            "access_control": [
                *analysts,
                {"service_principal_name": ROBOT.application_id, "permission_level": "CAN_RUN"},
            ],
        },
        "ingest": {"notebook_path": "${databricks_notebook.ingest.path}", "access_control": analysts},
        "train": {"workspace_file_path": "${databricks_workspace_file.train.path}", "access_control": analysts},
    }


def test_a_folder(stack: LakeflowStack, synth: Synth) -> None:
    Directory(stack, "code", path="/Shared/x")
    body = only(synth(stack), "databricks_directory")
    assert body == {"path": "/Shared/x", "delete_recursive": False}
    assert unsaid("databricks_directory", body) == {"object_id"}  # the provider's own


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("assets/none.py", "there is no file assets/none.py; write its path relative to the project's root"),
        ("assets", "there is no file assets; write its path relative to the project's root"),
        ("/etc/hostname", "/etc/hostname lies outside the project; put it under assets/"),
        ("../shared.py", "there is no file ../shared.py; write its path relative to the project's root"),
    ],
)
def test_a_missing_asset_is_an_error(stack: LakeflowStack, file: str, message: str) -> None:
    with pytest.raises(LakeflowError) as raised:
        Notebook(stack, "x", file=file, path="/Shared/x")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"file": "README.md"},
            "file: README.md is no notebook; give one of .dbc, .ipynb, .py, .r, .scala, .sql",
        ),
        ({"path": "Shared/x"}, "path: 'Shared/x' is not absolute; write '/Shared/x'"),
        ({"path": "/Shared/x/"}, "path: '/Shared/x/' ends with a slash; write '/Shared/x'"),
        (
            {"path": "/Workspace/Shared/x"},
            "path: '/Workspace/Shared/x' begins with /Workspace; write '/Shared/x'",
        ),
        ({"file": 1}, "file: expected a string or Path, got int 1"),
    ],
)
def test_what_is_no_notebook(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_notebook(stack, "x", **{"file": INGEST, "path": "/Shared/x"} | arguments)) == message


# Notification destinations


@pytest.mark.parametrize(
    ("channel", "config"),
    [
        (Channel.email("a@example.com"), {"email": {"addresses": ["a@example.com"]}}),
        (Channel.webhook("https://hooks.example.com/x"), {"generic_webhook": {"url": "https://hooks.example.com/x"}}),
        (
            Channel.webhook("https://hooks.example.com/x", username="etl", password=Reference.to("var.secret")),
            {
                "generic_webhook": {
                    "url": "https://hooks.example.com/x",
                    "username": "etl",
                    "password": "${var.secret}",
                }
            },
        ),
    ],
)
def test_a_destination(stack: LakeflowStack, synth: Synth, channel: Channel, config: dict[str, Any]) -> None:
    stack.secret_variable("secret")
    made = NotificationDestination(stack, "on-call", name="on call", channel=channel)
    assert only(synth(stack), "databricks_notification_destination") == {"display_name": "on call", "config": config}
    assert made.destination_id.terraform == "${databricks_notification_destination.on_call.id}"


@pytest.mark.parametrize(
    ("make", "config"),
    [
        (Channel.slack, {"slack": {"url": "${var.secret}"}}),
        (Channel.teams, {"microsoft_teams": {"url": "${var.secret}"}}),
        (Channel.pagerduty, {"pagerduty": {"integration_key": "${var.secret}"}}),
    ],
)
def test_a_destination_with_a_secret(
    stack: LakeflowStack, synth: Synth, make: Callable[[Any], Channel], config: dict[str, Any]
) -> None:
    NotificationDestination(stack, "on-call", channel=make(stack.secret_variable("secret")))
    assert only(synth(stack), "databricks_notification_destination")["config"] == config


untyped_webhook: Any = Channel.webhook


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Channel.email, "_Email(): has no address"),
        (lambda: Channel.email("ops"), "_Email(): 'ops' is not an e-mail address"),
        (
            lambda: Channel.webhook("http://hooks.example.com/hidden"),
            "Channel.webhook(…): a webhook is an HTTPS endpoint; write https://…",
        ),
        (
            lambda: Channel.webhook("https://hooks.example.com/x", password=Reference.to("var.secret")),
            "Channel.webhook(…): has a password and no user; give a username",
        ),
    ],
)
def test_what_is_no_channel(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


@pytest.mark.parametrize("make", [Channel.slack, Channel.teams, Channel.pagerduty])
def test_a_secret_is_no_literal_and_not_repeated(make: Any) -> None:
    message = refusal(lambda: make("https://hooks.example.com/hidden"))
    assert message.endswith(": a secret is not written in code; write stack.secret_variable('NAME')")
    assert "hidden" not in message
    message = refusal(lambda: untyped_webhook("https://hooks.example.com/x", username="etl", password="hidden"))
    assert message == "password: a secret is not written in code; write stack.secret_variable('NAME')"


# Unity Catalog


def test_a_schema_a_volume_and_a_file_in_it(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    schema = Schema(stack, "schema", catalog="main", name="intake")
    volume = Volume(stack, "landing", schema=schema, name="landing")
    file = VolumeFile(stack, "code", file=SCRIPT, volume=volume)
    document = synth(stack)
    assert only(document, "databricks_schema") == {"catalog_name": "main", "name": "intake", "force_destroy": False}
    assert only(document, "databricks_volume") == {
        "catalog_name": "${databricks_schema.schema.catalog_name}",
        "schema_name": "${databricks_schema.schema.name}",
        "name": "landing",
        "volume_type": "MANAGED",
    }
    folder = (
        "/Volumes/${databricks_volume.landing.catalog_name}/${databricks_volume.landing.schema_name}"
        "/${databricks_volume.landing.name}"
    )
    assert volume.volume_path.terraform == folder
    assert only(document, "databricks_file") == {"path": f"{folder}/train.py", "source": SCRIPT}
    assert Library.jar(file.file_path).render() == {"jar": Reference.to("databricks_file.code.path")}
    assert SCRIPT in stack.record.assets


def test_all_of_unity_catalog_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    Schema(
        stack,
        "schema",
        catalog="main",
        name="intake",
        comment="What came in.",
        properties={"team": "data"},
        storage_root="abfss://x@y.dfs.core.windows.net/z",
        predictive_optimization="ENABLE",
        owner=ANALYSTS,
        force_destroy=True,
    )
    Volume(
        stack,
        "landing",
        schema=ExistingSchema("main", "intake"),
        name="landing",
        storage_location="abfss://x@y.dfs.core.windows.net/landing",
        comment="Files.",
        owner=ROBOT,
    )
    VolumeFile(stack, "code", file=SCRIPT, volume=ExistingVolume("/Volumes/main/intake/landing"), path="code/train.py")
    document = synth(stack)
    schema = only(document, "databricks_schema")
    assert schema == {
        "catalog_name": "main",
        "name": "intake",
        "comment": "What came in.",
        "properties": {"team": "data"},
        "storage_root": "abfss://x@y.dfs.core.windows.net/z",
        "enable_predictive_optimization": "ENABLE",
        "owner": "analysts",
        "force_destroy": True,
    }
    assert unsaid("databricks_schema", schema) == {"metastore_id"}  # the provider's own
    volume = only(document, "databricks_volume")
    assert volume == {
        "catalog_name": "main",
        "schema_name": "intake",
        "name": "landing",
        "volume_type": "EXTERNAL",
        "storage_location": "abfss://x@y.dfs.core.windows.net/landing",
        "comment": "Files.",
        "owner": ROBOT.application_id,
    }
    assert unsaid("databricks_volume", volume) == set()
    assert only(document, "databricks_file")["path"] == "/Volumes/main/intake/landing/code/train.py"


def test_a_file_lies_below_its_volume(stack: LakeflowStack) -> None:
    volume = ExistingVolume("/Volumes/main/intake/landing")
    with pytest.raises(LakeflowError, match=r"dev/x: path: '/train.py' is no file below the volume; write 'train.py'"):
        VolumeFile(stack, "x", file=SCRIPT, volume=volume, path="/train.py")


# Secret scopes


def test_a_scope(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    scope = SecretScope(stack, "etl", name="etl-dev")
    document = synth(stack)
    assert only(document, "databricks_secret_scope") == {"name": "etl-dev"}
    assert "databricks_secret_acl" not in document["resource"]
    assert scope.secret("jdbc-password") == "{{secrets/etl-dev/jdbc-password}}"


def test_a_scope_in_a_key_vault_with_grants(stack: LakeflowStack, synth: Synth) -> None:
    SecretScope(
        stack,
        "etl",
        name="etl",
        key_vault=KeyVault(VAULT, "https://etl.vault.azure.net/"),
        permissions=[
            SecretScopeGrant(ROBOT, "READ"),
            SecretScopeGrant(Principal.user("a@example.com"), "WRITE"),
            SecretScopeGrant(Principal.group(Reference.to("databricks_group.ops.display_name")), "MANAGE"),
        ],
    )
    document = synth(stack)
    body = only(document, "databricks_secret_scope")
    assert body == {
        "name": "etl",
        "keyvault_metadata": {"resource_id": VAULT, "dns_name": "https://etl.vault.azure.net/"},
    }
    # The one is the provider's own, the other would let everybody manage the secrets.
    assert unsaid("databricks_secret_scope", body) == {"backend_type", "initial_manage_principal"}
    scope = "${databricks_secret_scope.etl.name}"
    assert document["resource"]["databricks_secret_acl"] == {
        f"etl_{ROBOT.application_id}".replace("-", "_"): {
            "scope": scope,
            "principal": ROBOT.application_id,
            "permission": "READ",
        },
        "etl_a_example_com": {"scope": scope, "principal": "a@example.com", "permission": "WRITE"},
        "etl_databricks_group_ops_display_name": {
            "scope": scope,
            "principal": "${databricks_group.ops.display_name}",
            "permission": "MANAGE",
        },
    }


def test_a_scope_takes_no_secret(stack: LakeflowStack) -> None:
    for name in ("value", "string_value", "secrets"):
        with pytest.raises(TypeError, match=name):
            untyped_scope(stack, "x", name="etl", **{name: "hunter2"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"name": "[dev] etl"},
            "name: '[dev] etl' is no name of a scope; use letters, digits, '-', '_', '@' and '.', at most 128",
        ),
        (
            {"permissions": [SecretScopeGrant(ANALYSTS, "READ"), SecretScopeGrant(ANALYSTS, "WRITE")]},
            "permissions: Group('analysts') is granted twice; keep the higher one",
        ),
    ],
)
def test_what_is_no_scope(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: untyped_scope(stack, "x", **{"name": "etl"} | arguments)) == message


@pytest.mark.parametrize(
    ("resource_id", "uri", "message"),
    [
        ("etl", "https://etl.vault.azure.net/", "its id is no Key Vault's"),
        (VAULT, "etl.vault.azure.net", "'etl.vault.azure.net' is no URI"),
    ],
)
def test_what_is_no_key_vault(resource_id: str, uri: str, message: str) -> None:
    assert message in refusal(lambda: KeyVault(resource_id, uri))


# What is taken for what


def test_a_construct_stands_for_the_thing_that_it_deploys(stack: LakeflowStack) -> None:
    schema = Schema(stack, "schema", catalog="main", name="intake")
    warehouse = SqlWarehouse(stack, "warehouse")
    spec = ClusterSpec(node_type="n", single_user="a@example.com")
    made: list[tuple[object, type]] = [
        (AllPurposeCluster(stack, "cluster", spec=spec), HasClusterId),
        (ClusterPolicy(stack, "policy", definition={}), HasPolicyId),
        (Pool(stack, "pool", node_type="n", max_capacity=1), HasPoolId),
        (Dashboard(stack, "board", definition={"pages": []}, folder="/x", warehouse=warehouse), HasDashboardId),
        (Query(stack, "query", text="SELECT 1", warehouse=warehouse), HasQueryId),
        (schema, HasSchema),
        (Volume(stack, "volume", schema=schema, name="landing"), HasVolumePath),
    ]
    for construct, protocol in made:
        assert isinstance(construct, protocol)
        assert isinstance(construct, DatabricksResource)
