"""The real provider agrees with every stack; skipped, and saying so, where terraform finds no such provider."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import Project
from tests.support.workspace import Workspace
from tools.terraform import main

pytestmark = pytest.mark.provider

STACKS = ("dev", "test", "prod")
_NEEDED = {
    "terraform": {"required_providers": {"databricks": {"source": "databricks/databricks", "version": ">= 1.128"}}}
}


def terraform(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run terraform in a folder."""
    binary = os.environ.get("TERRAFORM_BINARY_NAME", "terraform")
    return subprocess.run(
        [binary, f"-chdir={folder}", *words],
        env={**os.environ, "TF_IN_AUTOMATION": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where terraform does not find the provider."""
    if shutil.which(os.environ.get("TERRAFORM_BINARY_NAME", "terraform")) is None:
        pytest.skip("terraform is not installed")
    folder = tmp_path_factory.mktemp("provider")
    (folder / "main.tf.json").write_text(json.dumps(_NEEDED))
    ended = terraform(folder, "init", "-input=false", "-no-color")
    if ended.returncode:
        pytest.skip("terraform finds no databricks/databricks in a registry or a mirror (TF_CLI_CONFIG_FILE)")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace on the loopback."""
    with Workspace(token="secret-of-the-test") as running:
        yield running


@pytest.fixture
def local(project: Project, workspace: Workspace) -> Project:
    """The sample project, its environments in the loopback workspace."""
    for number, stack in enumerate(STACKS, start=1):
        host = f"https://adb-{str(number) * 16}.{number}.azuredatabricks.net"
        project.edit(f"environments/{stack}.yaml", f"host: {host}", f'host: {workspace.host}\n  id: "{number}"')
    return project


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("stack", STACKS)
def test_validate_and_plan(local: Project, workspace: Workspace, stack: str) -> None:
    ended = local.synth(stack)
    assert ended.returncode == 0, ended.stderr
    folder = local.root / "cdktf.out" / "stacks" / stack
    (folder / "backend_override.tf.json").write_text('{"terraform": {"backend": {"local": {}}}}')
    environ = {
        "DATABRICKS_TOKEN": workspace.token,
        "TF_VAR_SLACK_DATA_PLATFORM_URL": "https://hooks.example.com/x",
    }
    for step in (["init", "-input=false"], ["validate"], ["plan", "-input=false", "-out=plan"]):
        ended = terraform(folder, *step, "-no-color", **environ)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    plan = json.loads(terraform(folder, "show", "-json", "plan").stdout)
    planned = {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}
    document = local.document(stack)["resource"]
    assert planned == {
        f"{resource_type}.{name}": ["create"] for resource_type, bodies in document.items() for name in bodies
    }


@pytest.mark.usefixtures("provider")
def test_make_plan_leaves_the_plan_and_its_json(
    local: Project, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(local.root)
    monkeypatch.setenv("DATABRICKS_TOKEN", workspace.token)
    monkeypatch.setenv("LAKEFLOW_DEVELOPER", "jd")
    assert main(["plan", "dev"]) == 0
    plan: Any = json.loads((local.root / "cdktf.out" / "stacks" / "dev-jd" / "plan.json").read_text())
    assert plan["format_version"].startswith("1.")
    assert not plan.get("errored")
