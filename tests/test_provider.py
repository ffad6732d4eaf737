"""The real provider deploys every sample stack; skipped, and saying so, where terraform finds no such provider."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import LakeflowStack, Resource, concat
from tests.support.project import ROOT, Project
from tests.support.workspace_terraform import LocalWorkspace, Terraform, need_provider
from tools.terraform import main

pytestmark = pytest.mark.provider

STACKS = ("dev", "test", "prod")


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    """A workspace on the loopback; the test is skipped where there is no provider to talk to it."""
    need_provider()
    with LocalWorkspace() as running:
        yield running


@pytest.fixture
def local(project: Project, workspace: LocalWorkspace) -> Project:
    """The sample project, its environments in the loopback workspace."""
    for number, stack in enumerate(STACKS, start=1):
        host = f"https://adb-{str(number) * 16}.{number}.azuredatabricks.net"
        project.edit(f"environments/{stack}.yaml", f"host: {host}", f'host: {workspace.host}\n  id: "{number}"')
    return project


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_deployed_stays_as_it_is_and_leaves_nothing(
    local: Project, workspace: LocalWorkspace, stack: str
) -> None:
    ended = local.synth(stack)
    assert ended.returncode == 0, ended.stderr
    terraform = Terraform(local.root / "cdktf.out" / "stacks" / stack, workspace)
    terraform.init()
    terraform("validate")
    addresses = {
        f"{resource_type}.{name}"
        for resource_type, bodies in local.document(stack)["resource"].items()
        for name in bodies
    }
    assert terraform.plan() == {address: ["create"] for address in addresses}

    terraform("apply", "-input=false", "plan")
    assert set(workspace.jobs()) == {
        job["name"] for job in local.document(stack)["resource"]["databricks_job"].values()
    }
    assert terraform.plan() == {}

    local.edit("environments/base.yaml", 'cost_center: "4711"', 'cost_center: "4712"')
    assert local.synth(stack).returncode == 0
    (terraform.folder / "backend_override.tf.json").write_text('{"terraform": {"backend": {"local": {}}}}')
    changed = terraform.plan()
    assert set(changed) >= {address for address in addresses if address.startswith("databricks_job.")}
    assert {tuple(actions) for actions in changed.values()} == {("update",)}
    terraform.apply()
    assert terraform.plan() == {}
    assert {job["tags"]["cost_center"] for job in workspace.jobs().values()} == {"4712"}

    terraform.destroy()
    assert workspace.left() == {}
    assert workspace.unknown == set()


def test_make_deploy_to_this_machine_deploys_runs_and_shows_the_result(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    need_provider()
    monkeypatch.chdir(project.root)
    Path("node_modules").symlink_to(ROOT / "node_modules")
    Path(".venv").symlink_to(sys.prefix)
    deploy = ["deploy", "dev", "--workspace", "local", "--skip-provider-lock"]
    assert main(deploy) == 0
    said = capfd.readouterr().out
    assert "Apply complete! Resources: 29 added, 0 changed, 0 destroyed." in said
    assert "daily-sales: SUCCESS after " in said

    # It has kept everything: another deploy finds what this one has left.
    assert main([*deploy, "--run", "document-intake"]) == 0
    said = capfd.readouterr().out
    assert "Apply complete! Resources: 0 added, 0 changed, 0 destroyed." in said
    assert "document-intake: SUCCESS after " in said


def companions(stack: LakeflowStack, size: str) -> None:
    """Add one of each resource that a workflow may need, with permissions; `size` is what changes later."""
    policy = Resource(stack, "policy", "databricks_cluster_policy", name="p", definition=json.dumps({"size": size}))
    pool = Resource(
        stack,
        "pool",
        "databricks_instance_pool",
        instance_pool_name=f"pool {size}",
        node_type_id="Standard_D4ds_v5",
        idle_instance_autotermination_minutes=10,
    )
    cluster = Resource(
        stack,
        "cluster",
        "databricks_cluster",
        cluster_name=f"cluster {size}",
        spark_version="16.4.x-scala2.12",
        instance_pool_id=pool.attribute("id"),
        policy_id=policy.attribute("id"),
        num_workers=1,
        autotermination_minutes=20,
        data_security_mode="SINGLE_USER",
        library=[{"pypi": {"package": "a==1"}}],
    )
    warehouse = Resource(
        stack, "warehouse", "databricks_sql_endpoint", name="w", cluster_size=size, warehouse_type="PRO"
    )
    folder = Resource(stack, "folder", "databricks_directory", path="/Shared/all/of/it")
    query = Resource(
        stack,
        "query",
        "databricks_query",
        display_name=f"q {size}",
        warehouse_id=warehouse.attribute("id"),
        query_text="SELECT 1",
        parent_path=folder.attribute("path"),
    )
    dashboard = Resource(
        stack,
        "dashboard",
        "databricks_dashboard",
        display_name=f"d {size}",
        warehouse_id=warehouse.attribute("id"),
        serialized_dashboard="{}",
        parent_path=folder.attribute("path"),
    )
    scope = Resource(stack, "scope", "databricks_secret_scope", name="s")
    Resource(stack, "acl", "databricks_secret_acl", scope=scope.attribute("name"), principal="users", permission="READ")
    schema = Resource(stack, "schema", "databricks_schema", catalog_name="c", name="s", comment=size)
    volume = Resource(
        stack,
        "volume",
        "databricks_volume",
        catalog_name="c",
        schema_name=schema.attribute("name"),
        name="v",
        volume_type="MANAGED",
    )
    Resource(
        stack,
        "file",
        "databricks_file",
        path=concat(volume.attribute("volume_path"), "/a.txt"),
        content_base64="YQ==",
    )
    for what, owner, level in (
        ("cluster_policy_id", policy, "CAN_USE"),
        ("instance_pool_id", pool, "CAN_ATTACH_TO"),
        ("cluster_id", cluster, "CAN_RESTART"),
        ("sql_endpoint_id", warehouse, "CAN_USE"),
        ("sql_query_id", query, "CAN_RUN"),
        ("dashboard_id", dashboard, "CAN_READ"),
        ("directory_path", folder, "CAN_READ"),
    ):
        Resource(
            stack,
            f"may-{what.replace('_', '-')}",
            "databricks_permissions",
            access_control=[{"group_name": "users", "permission_level": level}],
            **{what: owner.attribute("path" if what == "directory_path" else "id")},
        )


def test_companions_are_deployed_changed_and_deleted(tmp_path: Path, workspace: LocalWorkspace) -> None:
    terraform = Terraform(tmp_path / "stack", workspace)
    terraform.write(lambda stack: companions(stack, "Small"))
    terraform.init()
    terraform.apply()
    assert terraform.plan() == {}

    terraform.write(lambda stack: companions(stack, "Large"))
    changed = {address.partition(".")[0] for address, actions in terraform.plan().items() if actions == ["update"]}
    assert {"databricks_cluster", "databricks_dashboard", "databricks_query", "databricks_schema"} <= changed
    terraform.apply()
    assert terraform.plan() == {}

    terraform.destroy()
    assert workspace.left() == {}
    assert workspace.unknown == set()


def test_make_plan_leaves_the_plan_and_its_json(
    local: Project, workspace: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(local.root)
    monkeypatch.setenv("DATABRICKS_TOKEN", workspace.token)
    monkeypatch.setenv("LAKEFLOW_DEVELOPER", "jd")
    assert main(["plan", "dev"]) == 0
    plan: Any = json.loads((local.root / "cdktf.out" / "stacks" / "dev-jd" / "plan.json").read_text())
    assert plan["format_version"].startswith("1.")
    assert not plan.get("errored")
