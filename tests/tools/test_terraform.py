"""`make plan`, `make review`, `make apply` and `make deploy` say in one line what is missing."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.support.workspace import Workspace
from tests.tools.conftest import FINGERPRINT, Terraform
from tools import terraform as tool

FOLDER = Path("cdktf.out/stacks/prod")


def test_without_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu-that-is-not-there")
    with pytest.raises(LakeflowError) as raised:
        tool.main(["plan", "dev"])
    assert str(raised.value) == (
        "tofu-that-is-not-there is not installed; install Terraform, or name OpenTofu: TERRAFORM_BINARY_NAME=tofu"
    )


@pytest.mark.parametrize("verb", tool.VERBS)
def test_without_an_environment(verb: str) -> None:
    with pytest.raises(LakeflowError, match=f"no environment is named; write make {verb} ENV=dev"):
        tool.main([verb, ""])


def test_without_a_secret(prod: StackMap, terraform: Terraform) -> None:
    with pytest.raises(LakeflowError, match="secrets that are not given: SLACK_URL; set TF_VAR_SLACK_URL"):
        tool.plan(replace(prod, variables=("SLACK_URL",)))


def test_without_credentials(prod: StackMap, terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("HOME", str(terraform.folder))
    monkeypatch.setenv("PATH", str(terraform.folder))
    with Workspace(token="x") as workspace, pytest.raises(LakeflowError) as raised:
        tool.plan(replace(prod, host=workspace.host))
    assert str(raised.value).startswith(f"no credentials for {workspace.host}; set DATABRICKS_TOKEN, or ")


def test_a_plan_goes_through_the_binary_that_is_named(
    prod: StackMap, terraform: Terraform, capfd: pytest.CaptureFixture[str]
) -> None:
    assert tool.plan(prod, "-var=x=1") == 0
    assert [(call["verb"], call["options"]) for call in terraform.asked()] == [
        ("init", ["-input=false"]),
        ("plan", ["-input=false", "-out=plan.tfplan", "-var=x=1"]),
        ("show", ["-json", "plan.tfplan"]),
    ]
    assert json.loads((FOLDER / "plan.json").read_text())["verdict"] == "review"
    # Who plans at a terminal sees terraform's own text.
    assert capfd.readouterr().out.splitlines()[0] == "SECRET=hunter2"


def test_nobody_else_can_read_a_plan(prod: StackMap, terraform: Terraform) -> None:
    for name in ("plan.json", "plan.tfplan"):
        (FOLDER / name).touch(mode=0o644)
    tool.plan(prod)
    assert {stat.S_IMODE((FOLDER / name).stat().st_mode) for name in ("plan.json", "plan.tfplan")} == {0o600}


def test_a_plan_that_fails_leaves_none_of_before(prod: StackMap, terraform: Terraform) -> None:
    tool.plan(prod)
    terraform.will(None, fails="plan")
    with pytest.raises(LakeflowError, match="prod: terraform plan failed; see what it says above"):
        tool.plan(prod)
    assert not list(FOLDER.iterdir())


def test_a_plan_that_broke_off_can_be_looked_at(prod: StackMap, terraform: Terraform) -> None:
    terraform.will({"verdict": "block", "errored": True}, fails="plan")
    assert tool.plan(prod) == 1
    assert json.loads((FOLDER / "plan.json").read_text())["errored"]


@pytest.mark.parametrize(("verdict", "status"), [("block", 1), ("review", 0), ("safe", 0), ("no changes", 0)])
def test_a_review_is_shown_in_place_of_terraform_s_text(
    prod: StackMap, terraform: Terraform, capfd: pytest.CaptureFixture[str], verdict: str, status: int
) -> None:
    terraform.will({"verdict": verdict, "fingerprint": FINGERPRINT})
    assert tool.review(prod) == status
    assert capfd.readouterr().out == f"{verdict} prod\n"
    assert (FOLDER / "plan.json").is_file()
    assert not terraform.asked("apply")


def test_a_review_can_go_to_a_file(
    prod: StackMap, terraform: Terraform, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tool.review(prod, to=tmp_path / "review.md")
    assert (tmp_path / "review.md").read_text().startswith("<!-- lakeflow-review:v1 env=prod -->\n")
    assert not capfd.readouterr().out


def test_arguments(prod: StackMap, terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options that are not ours are terraform's."""
    monkeypatch.setattr(tool, "synthesised", lambda name: replace(prod, stack=name))
    assert tool.main(["review", "prod", "--to", os.devnull, "-var=x=1"]) == 0
    assert tool.main(["apply", "prod", "--expect", FINGERPRINT, "-refresh=false"]) == 0
    assert [call["options"][2:] for call in terraform.asked("plan")] == [
        ["-var=x=1"],
        ["-lock-timeout=5m", "-refresh=false"],
    ]
    assert len(terraform.asked("apply")) == 1


def test_a_stack_that_is_refused(terraform: Terraform) -> None:
    with pytest.raises(LakeflowError, match="nowhere: the synth failed; see what it says above"):
        tool.main(["plan", "nowhere"])
