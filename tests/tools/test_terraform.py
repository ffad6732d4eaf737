"""`make plan` and `make deploy` say in one line what is missing."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.support.workspace import Workspace
from tools import terraform


@pytest.fixture
def stack() -> StackMap:
    return StackMap(
        stack="prod",
        order=0,
        environment="prod",
        host="https://adb-3.3.azuredatabricks.net",
        sources="",
        variables=("SLACK_URL",),
        jobs={},
    )


@pytest.fixture
def binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A terraform that writes down how it was called and shows a plan."""
    script = tmp_path / "tofu"
    script.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ncase "$*" in *show*) echo \'{{"format_version": "1.2"}}\';; esac\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu")
    return script


def test_without_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu-that-is-not-there")
    with pytest.raises(LakeflowError) as raised:
        terraform.main(["plan", "dev"])
    assert str(raised.value) == (
        "tofu-that-is-not-there is not installed; install Terraform, or name OpenTofu: TERRAFORM_BINARY_NAME=tofu"
    )


def test_without_an_environment() -> None:
    with pytest.raises(LakeflowError, match="no environment is named; write make deploy ENV=dev"):
        terraform.main(["deploy", ""])


def test_without_a_secret(stack: StackMap, binary: Path) -> None:
    with pytest.raises(LakeflowError, match="secrets that are not given: SLACK_URL; set TF_VAR_SLACK_URL"):
        terraform.plan(stack)


def test_without_credentials(stack: StackMap, binary: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_VAR_SLACK_URL", "x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with Workspace(token="x") as workspace, pytest.raises(LakeflowError) as raised:
        terraform.plan(replace(stack, host=workspace.host))
    assert str(raised.value).startswith(f"no credentials for {workspace.host}; set DATABRICKS_TOKEN, or ")


def test_a_plan_goes_through_the_binary_that_is_named(
    stack: StackMap, binary: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_VAR_SLACK_URL", "x")
    monkeypatch.setenv("DATABRICKS_TOKEN", "x")
    workspace = Workspace(token="x")
    folder = tmp_path / "cdktf.out" / "stacks" / "prod"
    folder.mkdir(parents=True)
    with workspace:
        assert terraform.plan(replace(stack, host=workspace.host)) == 0
    assert (tmp_path / "calls").read_text().splitlines() == [
        "-chdir=cdktf.out/stacks/prod init -input=false",
        "-chdir=cdktf.out/stacks/prod plan -input=false -out=plan.tfplan",
        "-chdir=cdktf.out/stacks/prod show -json plan.tfplan",
    ]
    assert json.loads((folder / "plan.json").read_text()) == {"format_version": "1.2"}
