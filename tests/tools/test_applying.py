"""`make apply` applies the plan file that was reviewed, or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.tools.conftest import FINGERPRINT, OTHER, Terraform
from tools import applying


def refused(stack: StackMap, **options: Any) -> str:
    """Return why nothing is applied."""
    with pytest.raises(LakeflowError) as raised:
        applying.apply(stack, **options)
    return str(raised.value)


def test_the_file_that_was_reviewed_is_applied(prod: StackMap, terraform: Terraform) -> None:
    assert applying.apply(prod, expect=FINGERPRINT) == 0
    shown, applied = terraform.asked("show"), terraform.asked("apply")
    assert len(shown) == len(applied) == len(terraform.asked("plan")) == 1
    assert applied[0]["file"] == shown[0]["file"]
    assert applied[0]["options"] == ["-input=false", shown[0]["options"][-1]]
    assert {call["mode"] for call in (*shown, *applied)} == {"0o600"}
    judged = next(words for words in terraform.reviewed() if "--expect" in words)
    assert judged[:3] == ["-", "--env", "prod"]
    assert judged[-6:] == ["--format", "json", "--fail-on", "never", "--expect", FINGERPRINT]


def test_nothing_is_left_behind(prod: StackMap, terraform: Terraform) -> None:
    applying.apply(prod, expect=FINGERPRINT)
    assert not Path(terraform.asked("apply")[0]["options"][-1]).exists()
    assert list(Path("cdktf.out/stacks/prod").iterdir()) == []


def test_another_plan_is_not_applied(prod: StackMap, terraform: Terraform) -> None:
    assert refused(prod, expect=OTHER) == (
        f"prod: the plan is {FINGERPRINT}, reviewed was {OTHER}; read its review, and apply it by that fingerprint "
        "where it is what you want"
    )
    assert not terraform.asked("apply")


def test_without_a_fingerprint_nothing_is_applied(prod: StackMap, terraform: Terraform) -> None:
    assert refused(prod).startswith(f"prod: the plan is {FINGERPRINT}, and none was reviewed; ")
    assert not terraform.asked("apply")


@pytest.mark.parametrize("expect", [None, ""])
def test_a_plan_that_changes_nothing_needs_no_fingerprint(
    prod: StackMap, terraform: Terraform, capsys: pytest.CaptureFixture[str], expect: str | None
) -> None:
    terraform.will({"verdict": "no changes"})
    assert applying.apply(prod, expect=expect) == 0
    assert capsys.readouterr().out.endswith("prod: nothing to apply\n")
    assert not terraform.asked("apply")


def test_a_repeated_deploy_passes(prod: StackMap, terraform: Terraform) -> None:
    terraform.will({"verdict": "no changes"})
    assert applying.apply(prod, expect=FINGERPRINT) == 0


@pytest.mark.parametrize("fingerprint", [None, FINGERPRINT])
@pytest.mark.parametrize("verdict", ["block", "no changes"])
def test_a_plan_that_broke_off_is_never_applied(
    prod: StackMap, terraform: Terraform, verdict: str, fingerprint: str | None
) -> None:
    terraform.will({"verdict": verdict, "fingerprint": fingerprint, "errored": True}, fails="plan")
    assert refused(prod, expect=FINGERPRINT) == "prod: the plan is not complete; see its review"
    assert not terraform.asked("apply")


def test_a_plan_whose_review_says_that_it_broke_off_is_never_applied(prod: StackMap, terraform: Terraform) -> None:
    terraform.will({"verdict": "block", "errored": True})
    assert refused(prod, expect=FINGERPRINT) == "prod: the plan is not complete; see its review"
    assert not terraform.asked("apply")


def test_a_failed_plan_without_a_file(prod: StackMap, terraform: Terraform) -> None:
    terraform.will(None, fails="plan")
    assert refused(prod, expect=FINGERPRINT) == "prod: terraform plan failed; see what it says above"
    assert [call["verb"] for call in terraform.asked()] == ["init", "plan"]


@pytest.mark.parametrize("verb", ["init", "show"])
def test_a_step_before_the_review_fails(prod: StackMap, terraform: Terraform, verb: str) -> None:
    terraform.will({"verdict": "review", "fingerprint": FINGERPRINT}, fails=verb)
    assert refused(prod, expect=FINGERPRINT).endswith("; see what it says above")
    assert not terraform.asked("apply")


@pytest.mark.parametrize("plan", ["not JSON", {"format_version": "9.0"}])
def test_a_plan_that_cannot_be_reviewed_is_not_applied(prod: StackMap, terraform: Terraform, plan: Any) -> None:
    terraform.will(plan)
    assert refused(prod, expect=FINGERPRINT) == "prod: the plan cannot be reviewed; see what is said above"
    assert not terraform.asked("apply")


@pytest.mark.parametrize("expect", ["sha256:abc", "none", FINGERPRINT.upper(), f"{FINGERPRINT} x", "--fail-on"])
def test_what_is_no_fingerprint(prod: StackMap, terraform: Terraform, expect: str) -> None:
    assert "is no fingerprint; write sha256: and 64 digits" in refused(prod, expect=expect)
    assert not terraform.asked()


def test_terraform_s_own_text_is_not_shown(
    prod: StackMap, terraform: Terraform, capfd: pytest.CaptureFixture[str]
) -> None:
    applying.apply(prod, expect=FINGERPRINT)
    told = capfd.readouterr()
    assert "hunter2" not in told.out + told.err
    assert "review prod\n" in told.out


def test_a_failed_apply_fails(prod: StackMap, terraform: Terraform) -> None:
    terraform.will({"verdict": "review", "fingerprint": FINGERPRINT}, fails="apply")
    assert applying.apply(prod, expect=FINGERPRINT) == 1


def test_the_review_of_a_refused_plan_can_be_read(prod: StackMap, terraform: Terraform, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    refused(prod, expect=OTHER, to=summary)
    lines = summary.read_text().splitlines()
    assert lines[:2] == ["before", "> [!CAUTION]"]
    assert lines[2].startswith(f"> Nothing was applied. prod: the plan is {FINGERPRINT}, reviewed was {OTHER};")
    assert lines[4:] == ["<!-- lakeflow-review:v1 env=prod -->", "## review prod"]


def test_the_summary_is_within_what_github_takes(prod: StackMap, terraform: Terraform, tmp_path: Path) -> None:
    terraform.will({"verdict": "review", "fingerprint": FINGERPRINT, "text": "x" * 2**20})
    summary = tmp_path / "summary.md"
    refused(prod, expect=OTHER, to=summary)
    assert summary.stat().st_size == 2**20


def test_somebody_else_s_lock_is_waited_for(prod: StackMap, terraform: Terraform) -> None:
    applying.apply(prod, "-var=x=1", expect=FINGERPRINT)
    assert terraform.asked("plan")[0]["options"][2:] == ["-lock-timeout=5m", "-var=x=1"]
    assert json.loads(terraform.asked("apply")[0]["file"])["plan"]["fingerprint"] == FINGERPRINT
